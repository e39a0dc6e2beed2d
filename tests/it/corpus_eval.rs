//! What the recognisers alone find of the labels in the corpus that lies beside a
//! developer's checkout. Says so and passes where there is none.

use serde_json::Value;

use crate::support::program::{Home, Printed};
use crate::support::reading::corpus;

/// Least share of role dates that are among all dates, and of parties among all
/// names; points that roles are better told than by the first date.
const DATES: f64 = 0.97;
const PARTIES: f64 = 0.85;
const POINTS: f64 = 0.10;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number, and not {value}"))
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn nothing_is_fabricated_and_dates_parties_and_roles_are_found_by_rules_alone() {
    let (Some(docs), Some(labels)) = (corpus(""), corpus("labels.jsonl")) else { return };
    let home = Home::new();
    let talks = corpus("transcripts_labels.jsonl").expect("it lies beside the others");
    let mut arguments = vec!["eval"];
    let [docs, labels, talks] = [&docs, &labels, &talks].map(|p| p.to_str().expect("a plain path"));
    arguments.extend([labels, talks, "--docs", docs, "--model", "none"]);
    let people: Printed = home.run(&arguments).into();
    println!("{}{}", people.out, people.err);
    arguments.push("--json");
    let programs: Printed = home.run(&arguments).into();
    assert_eq!(programs.code, Some(0), "{}", programs.err);
    let report: Value = serde_json::from_str(&programs.out).expect("JSON");
    let model = &report["models"][0];
    for missed in ["dates", "names"] {
        for one in model[missed]["missed"].as_array().into_iter().flatten() {
            println!("missed among {missed}: {one}");
        }
    }
    assert_eq!(model["evidence"]["fabricated"], 0);
    let dates = number(&model["dates"]["recall"]);
    assert!(dates >= DATES, "of the dates {dates:.3}");
    let parties = number(&model["names"]["recall"]);
    assert!(parties >= PARTIES, "of the parties {parties:.3}");
    let roles = model["roles"].as_array().expect("roles");
    let dates = || roles.iter().filter(|role| role["role"] != "party");
    let sum = |key: &str| dates().map(|role| number(&role[key])).sum::<f64>();
    let (merged, first) = (sum("merged") / sum("labelled"), sum("first_date") / sum("labelled"));
    assert!(merged >= first + POINTS, "roles {merged:.3}, by the first date {first:.3}");
}
