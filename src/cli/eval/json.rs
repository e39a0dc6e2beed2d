//! What was measured, for programs: one object of the schema `galley-eval/1`,
//! which may gain keys and never loses or changes one.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Read;
use crate::domain::finding::Role;
use crate::domain::measure::Measured;
use crate::models::judged::Judged;
use crate::runtime::eval::{Located, Tried};

const SCHEMA: &str = "galley-eval/1";

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    labels: LabelCounts<'a>,
    documents: Documents<'a>,
    models: Vec<Model<'a>>,
}

#[derive(Serialize)]
struct LabelCounts<'a> {
    lines: usize,
    used: usize,
    mistakes: &'a [String],
}

#[derive(Serialize)]
struct Documents<'a> {
    labelled: usize,
    found: usize,
    not_found: &'a [String],
}

#[derive(Serialize)]
struct Model<'a> {
    #[serde(rename = "model")]
    name: &'a str,
    engine: &'a str,
    sha256: &'a str,
    repeat: usize,
    documents: usize,
    failed: Vec<Failed<'a>>,
    seconds: Seconds<'a>,
    #[serde(flatten)]
    measured: &'a Measured,
    /// By role, what jobs go by from now on.
    decides: Vec<Decides>,
}

#[derive(Serialize)]
struct Failed<'a> {
    doc: &'a str,
    why: &'a str,
}

/// Of the wall clock, without loading the model, and of each job's own work.
#[derive(Serialize)]
struct Seconds<'a> {
    wall: f64,
    jobs: &'a BTreeMap<String, f64>,
}

#[derive(Serialize)]
struct Decides {
    role: Role,
    by: &'static str,
    #[serde(flatten)]
    judged: Judged,
}

pub(super) fn report(read: &Read, located: &Located, tried: &[Tried]) -> String {
    let report = Report {
        schema: SCHEMA,
        labels: LabelCounts {
            lines: read.labels.lines,
            used: read.used(),
            mistakes: &read.mistakes,
        },
        documents: Documents {
            labelled: located.found.len() + located.not_found.len(),
            found: located.found.len(),
            not_found: &located.not_found,
        },
        models: tried.iter().map(model).collect(),
    };
    serde_json::to_string(&report).expect("a report is plain data") + "\n"
}

fn model(tried: &Tried) -> Model<'_> {
    Model {
        name: &tried.model,
        engine: &tried.engine,
        sha256: &tried.sha256,
        repeat: tried.rounds,
        documents: tried.read,
        failed: tried.failed.iter().map(|(doc, why)| Failed { doc, why }).collect(),
        seconds: Seconds { wall: tried.wall.as_secs_f64(), jobs: &tried.seconds },
        measured: &tried.measured,
        decides: tried.judged.iter().map(|(role, judged)| decides(*role, *judged)).collect(),
    }
}

fn decides(role: Role, judged: Judged) -> Decides {
    Decides { role, by: if judged.model_decides() { "model" } else { "rules" }, judged }
}
