//! A mail's head as people read it: who wrote to whom, when, about what.

use mail_parser::{Addr, Address, HeaderForm, HeaderName, HeaderValue, Message};

use crate::extract::flow::Flow;

/// What is shown of a head, in this order.
const SHOWN: [(HeaderName<'static>, &str); 6] = [
    (HeaderName::From, "From"),
    (HeaderName::To, "To"),
    (HeaderName::Cc, "Cc"),
    (HeaderName::Bcc, "Bcc"),
    (HeaderName::Date, "Date"),
    (HeaderName::Subject, "Subject"),
];

/// Adds the head as a block of lines.
pub fn write(mail: &Message<'_>, flow: &mut Flow) {
    for (name, shown) in SHOWN {
        line(shown, &value(mail, &name), flow);
    }
    flow.end_block();
}

/// One line of a head; none where there is nothing to say.
pub fn line(name: &str, value: &str, flow: &mut Flow) {
    if !value.trim().is_empty() {
        flow.words(&format!("{name}: {value}"));
        flow.end_line();
    }
}

/// A header's value, decoded; of several of the same name all, one after the
/// other. Empty where there is none.
pub fn value(mail: &Message<'_>, name: &HeaderName<'static>) -> String {
    let parsed: Vec<_> = mail.header_values(name.clone()).collect();
    let raw = || {
        let texts = mail.header_as(name.clone(), HeaderForm::Text);
        let texts: Vec<_> =
            texts.iter().filter_map(|value| value.as_text().map(str::to_owned)).collect();
        texts.join(", ")
    };
    let addresses: Vec<String> = parsed.iter().filter_map(|value| addresses(value)).collect();
    // A date stays as it was written: also one that makes no sense is said.
    if addresses.len() < parsed.len() || *name == HeaderName::Date {
        raw()
    } else {
        addresses.join(", ")
    }
}

fn addresses(value: &HeaderValue<'_>) -> Option<String> {
    let HeaderValue::Address(address) = value else {
        return None;
    };
    let list = |list: &[Addr<'_>]| list.iter().map(one).collect::<Vec<_>>().join(", ");
    Some(match address {
        Address::List(addresses) => list(addresses),
        Address::Group(groups) => {
            let groups = groups.iter().map(|group| match &group.name {
                Some(name) => format!("{name}: {}", list(&group.addresses)),
                None => list(&group.addresses),
            });
            groups.collect::<Vec<_>>().join("; ")
        }
    })
}

fn one(address: &Addr<'_>) -> String {
    person(
        address.name.as_deref().unwrap_or_default(),
        address.address.as_deref().unwrap_or_default(),
    )
}

/// A name and an address, as far as they are there.
pub fn person(name: &str, address: &str) -> String {
    let (name, address) = (name.trim(), address.trim());
    match (name.is_empty(), address.is_empty()) {
        (false, false) if name != address => format!("{name} <{address}>"),
        (false, _) => name.to_owned(),
        _ => address.to_owned(),
    }
}
