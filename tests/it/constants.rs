//! Facts about the engine that stand in two layers which may not import each
//! other: the planner of memory and the adapter that keeps to the plan.

use std::fs;
use std::path::Path;

/// The value of a constant in a source file, as it is written there.
fn constant(file: &str, name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let source = fs::read_to_string(&path).expect("a source file");
    let of = |line: &str| {
        let (declared, value) = line.trim_start_matches("pub ").split_once(" = ")?;
        let (found, _) = declared.strip_prefix("const ")?.split_once(':')?;
        (found == name).then(|| value.trim_end_matches(';').to_owned())
    };
    source.lines().find_map(of).unwrap_or_else(|| panic!("{file} has no {name}"))
}

#[test]
fn memory_is_planned_by_the_same_facts_by_which_it_is_kept() {
    for name in ["BLOCK", "STEP", "MASKS"] {
        let planned = constant("src/models/fit.rs", name);
        assert_eq!(planned, constant("src/engine/mistral/memory.rs", name), "{name}");
        planned.parse::<u64>().expect("a number");
    }
}
