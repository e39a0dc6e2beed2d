//! One field of a template: its type by the kind of its job, its roles and
//! classes. Knows nothing of files and lines.

use serde::Deserialize;

use crate::domain::fact::FactKind;
use crate::domain::finding::Role;
use crate::domain::prompt::MOST_OPTIONS;
use crate::domain::template::{Class, Field, FieldType, JobKind, Rank, Tone};

/// A field as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub name: String,
    title: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    ask: String,
    max: Option<usize>,
    #[serde(default)]
    roles: Vec<Role>,
    #[serde(default)]
    classes: Vec<Class>,
}

/// A field of a job of this kind.
///
/// # Errors
/// A sentence: a type, role or class that does not fit.
pub(super) fn field(job: JobKind, raw: &RawField) -> Result<Field, String> {
    let named = raw.kind.as_deref();
    let kind = match job {
        JobKind::Extract => match named {
            Some("date") => FieldType::Fact(FactKind::Date),
            Some("amount") => FieldType::Fact(FactKind::Amount),
            Some("person") => FieldType::Fact(FactKind::Person),
            Some("organisation") => FieldType::Fact(FactKind::Organisation),
            Some("obligation") => FieldType::Fact(FactKind::Obligation),
            Some("duration") => FieldType::Fact(FactKind::Duration),
            Some("definition") => FieldType::Fact(FactKind::Definition),
            Some("reference") => FieldType::Fact(FactKind::Reference),
            Some("text") | None => FieldType::Text,
            Some(other) => {
                return Err(unknown_type(
                    other,
                    "date, amount, person, organisation, obligation, duration, definition, \
                     reference, text",
                ));
            }
        },
        JobKind::Select => FieldType::Sentence(match named {
            None => Rank::Key,
            Some(name) => *Rank::ALL
                .iter()
                .find(|rank| rank.name() == name)
                .ok_or_else(|| unknown_type(name, &Rank::ALL.map(Rank::name).join(", ")))?,
        }),
        JobKind::Classify => match named {
            Some("class") | None => FieldType::Class,
            Some(other) => return Err(unknown_type(other, "class")),
        },
        JobKind::Rewrite => FieldType::Tone(match named {
            Some("concise") => Some(Tone::Concise),
            Some("warm") => Some(Tone::Warm),
            Some("polished") => Some(Tone::Polished),
            None => None,
            Some(other) => {
                return Err(unknown_type(other, "concise, warm, polished, or none at all"));
            }
        }),
    };
    let max = raw.max.unwrap_or(5);
    if !(1..=50).contains(&max) {
        return Err(format!("max of the field {:?} has to lie between 1 and 50.", raw.name));
    }
    check_roles(kind, raw)?;
    check_classes(kind, raw)?;
    Ok(Field {
        name: raw.name.clone(),
        title: raw.title.clone(),
        kind,
        ask: raw.ask.trim().to_owned(),
        max,
        roles: raw.roles.clone(),
        classes: raw.classes.clone(),
    })
}

fn check_roles(kind: FieldType, raw: &RawField) -> Result<(), String> {
    let fits = |role: &Role| match role {
        Role::AgreementDate | Role::EffectiveDate | Role::ExpirationDate => {
            kind == FieldType::Fact(FactKind::Date)
        }
        Role::Party => {
            kind == FieldType::Fact(FactKind::Person)
                || kind == FieldType::Fact(FactKind::Organisation)
        }
    };
    match raw.roles.iter().find(|role| !fits(role)) {
        None => Ok(()),
        Some(role) => Err(format!(
            "The role {:?} cannot be given in the field {:?}: agreement_date, effective_date and \
             expiration_date are roles of fields of type date, party of person and organisation.",
            role.name(),
            raw.name
        )),
    }
}

fn check_classes(kind: FieldType, raw: &RawField) -> Result<(), String> {
    let count = raw.classes.len();
    if kind != FieldType::Class && count > 0 {
        return Err(format!("The field {:?} has classes, but the job is no classify.", raw.name));
    }
    if kind == FieldType::Class && !(2..=MOST_OPTIONS).contains(&count) {
        return Err(format!(
            "The field {:?} needs 2 to {MOST_OPTIONS} [[fields.classes]], each with a name and \
             signs.",
            raw.name
        ));
    }
    let repeated = raw.classes.iter().enumerate().find(|(at, class)| {
        class.name.trim().is_empty() || raw.classes[..*at].iter().any(|c| c.name == class.name)
    });
    match repeated {
        None => Ok(()),
        Some((_, class)) => {
            Err(format!("The class {:?} has no name of its own in {:?}.", class.name, raw.name))
        }
    }
}

fn unknown_type(given: &str, known: &str) -> String {
    format!("There is no field type {given:?} for this kind of job; it can be {known}.")
}
