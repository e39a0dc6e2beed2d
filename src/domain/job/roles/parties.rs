//! Which of the names are the parties of the document, as the recognisers read
//! its preamble and signatures. Rules alone say it.

use super::give;
use crate::domain::fact::Value;
use crate::domain::finding::{Finding, Opinion, Role, RoleClaim};
use crate::domain::recognise::Party;
use crate::domain::template::Template;

/// Sets the role of a party on the names that are one.
pub(super) fn claim(template: &Template, parties: &[Party], findings: &mut [Finding]) {
    let fields = template.fields.iter().filter(|field| field.roles.contains(&Role::Party));
    let kinds: Vec<&str> = fields.map(|field| field.name.as_str()).collect();
    for finding in findings.iter_mut().filter(|finding| kinds.contains(&finding.kind.as_str())) {
        if let Some(party) = parties.iter().find(|party| is(party, finding)) {
            give(
                finding,
                RoleClaim {
                    role: Role::Party,
                    opinion: Opinion::Rules,
                    overruled: false,
                    why: why(party),
                },
            );
        }
    }
}

fn is(party: &Party, finding: &Finding) -> bool {
    let same_name = match &finding.value {
        Some(Value::Text(name)) => *name == party.name,
        _ => false,
    };
    same_name || finding.quotes.iter().any(|quote| quote.span.overlaps(party.span))
}

/// "Named in the preamble, called “Licensor”."
fn why(party: &Party) -> String {
    let mut why = party.why.to_owned();
    why[..1].make_ascii_uppercase();
    match &party.alias {
        Some((_, alias)) => format!("{why}, called “{alias}”."),
        None => format!("{why}."),
    }
}
