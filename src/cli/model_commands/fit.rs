//! `galley models fit`: what models need of this machine's memory.

use serde::Serialize;

use super::super::output::{complain, print_line};
use super::super::{COULD_NOT_RUN, DONE};
use crate::domain::words;
use crate::models::Form;
use crate::models::fit::{self, Known, Machine, Parts, Plan, Refusal, Wish, known};
use crate::paths::Paths;

#[derive(Serialize)]
struct Report<'a> {
    total_memory: u64,
    available_memory: u64,
    cpus: usize,
    models: Vec<Line<'a>>,
    /// The largest that fits.
    best: Option<&'a str>,
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    title: &'a str,
    /// Whether its file is on this machine; otherwise the numbers are estimates.
    is_here: bool,
    fits: bool,
    form: Form,
    /// Bytes, without the headroom.
    total: u64,
    headroom: u64,
    parts: Parts,
    /// Document tokens in one prompt, and most tokens of prompt and answer.
    window: Option<usize>,
    context: Option<usize>,
    /// Why it does not fit.
    why: Option<String>,
}

/// Exit 0 where the model, or any model, fits; 1 where none does.
pub fn main(model: Option<&str>, as_json: bool, paths: &Paths) -> Result<u8, String> {
    let (machine, wish) = (Machine::read(), Wish::default());
    let all = known::all(paths);
    let asked = match model {
        None => None,
        Some(spec) => Some(known::find(spec, paths).map_err(|e| e.to_string())?.ok_or_else(
            || format!("{spec} takes no memory of this machine for a model; name a model that runs here."),
        )?),
    };
    let shown: Vec<&Known> = asked.as_ref().map_or_else(|| all.iter().collect(), |one| vec![one]);
    let plans: Vec<_> =
        shown.iter().map(|model| (*model, model.plan(&all, &machine, &wish))).collect();
    let fits = plans.iter().any(|(_, plan)| plan.is_ok());
    let best = known::best(&all, &machine, &wish);
    if as_json {
        let report = Report {
            total_memory: machine.total,
            available_memory: machine.available,
            cpus: machine.cpus,
            models: plans.iter().map(|(model, plan)| line(model, plan)).collect(),
            best: best.map(|model| model.name.as_str()),
        };
        print_line(&serde_json::to_string(&report).expect("a report is plain data"));
    } else {
        print_line(&format!("{}\n", of_machine(&machine)));
        match (&asked, plans.as_slice()) {
            (Some(_), [(model, Ok(plan))]) => print_plan(model, plan),
            (Some(_), [(model, Err(refusal))]) => print_refusal(model, refusal),
            _ => print_all(&plans, best),
        }
    }
    Ok(if fits { DONE } else { COULD_NOT_RUN })
}

/// The machine's memory in a line.
#[must_use]
pub fn of_machine(machine: &Machine) -> String {
    format!(
        "This machine has {} of memory, {} of it free, and {} cores.",
        words::size(machine.total),
        words::size(machine.available),
        machine.cpus
    )
}

fn line<'a>(model: &'a Known, plan: &Result<Plan, Refusal>) -> Line<'a> {
    let (name, title, is_here) = (model.name.as_str(), model.cost.title.as_str(), model.is_here);
    match plan {
        Ok(plan) => Line {
            name,
            title,
            is_here,
            fits: true,
            form: plan.form,
            total: plan.total,
            headroom: plan.headroom,
            parts: plan.parts,
            window: Some(plan.window),
            context: Some(plan.context),
            why: None,
        },
        Err(refusal) => Line {
            name,
            title,
            is_here,
            fits: false,
            form: refusal.form,
            total: refusal.parts.total(),
            headroom: refusal.headroom,
            parts: refusal.parts,
            window: None,
            context: None,
            why: Some(fit::refusal(title, refusal)),
        },
    }
}

fn print_plan(model: &Known, plan: &Plan) {
    let estimated = if model.is_here { "" } else { " (estimated: it is not on this machine yet)" };
    print_line(&format!("{}{estimated} fits:\n", model.cost.title));
    print_parts(plan.form, &plan.parts, plan.headroom);
    print_line(&format!(
        "\nOne prompt carries {} tokens of a document; prompt and answer together may have {}.",
        words::grouped(plan.window as u64),
        words::grouped(plan.context as u64)
    ));
    if plan.window < Wish::default().window {
        print_line(
            "That is less than usual, so that a document takes more prompts; with more memory free it would be read faster.",
        );
    }
}

fn print_refusal(model: &Known, refusal: &Refusal) {
    print_line(&format!(
        "{} does not fit, not even with the least that works:\n",
        model.cost.title
    ));
    print_parts(refusal.form, &refusal.parts, refusal.headroom);
    print_line("");
    complain(&fit::refusal(&model.cost.title, refusal));
}

fn print_parts(form: Form, parts: &Parts, headroom: u64) {
    let weights = match form {
        Form::Floats => "weights, as floats",
        Form::FloatsWithBlockHead => "weights, floats in part",
        Form::Blocks => "weights, quantized",
    };
    let rows = [
        (weights, parts.weights),
        ("embedding", parts.embedding),
        ("keys and values of a prompt", parts.kv_window),
        ("kept between prompts", parts.prefixes),
        ("working memory", parts.scratch),
        ("program and vocabulary", parts.program),
        ("together", parts.total()),
        ("left to other programs", headroom),
    ];
    for (name, bytes) in rows {
        print_line(&format!("{name:<28} {:>9}", words::size(bytes)));
    }
}

fn print_all(plans: &[(&Known, Result<Plan, Refusal>)], best: Option<&Known>) {
    for (model, plan) in plans {
        print_line(&summary(model, plan));
    }
    match best {
        Some(model) => print_line(&format!(
            "\nThe largest that fits is {}; `galley models fit {}` shows the sum.",
            model.cost.title, model.name
        )),
        None => complain(
            "\nNone fits into the memory that is free. Close other programs, or work with recognisers only (--model none).",
        ),
    }
}

/// A model as one line: its name, what it needs, whether that is there.
#[must_use]
pub fn summary(model: &Known, plan: &Result<Plan, Refusal>) -> String {
    let (needed, verdict) = match plan {
        Ok(plan) => {
            (plan.total, format!("fits, {} tokens a prompt", words::grouped(plan.window as u64)))
        }
        Err(refusal) if refusal.fits_when_alone => {
            (refusal.parts.total(), "fits when other programs are closed".to_owned())
        }
        Err(refusal) => (refusal.parts.total(), "does not fit".to_owned()),
    };
    format!("{:<16} {:>9}  {verdict:<36} {}", model.name, words::size(needed), model.cost.title)
}
