//! `galley models fit`, `verify` and `remove`, as a person and a script use them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::program::{Home, Printed};

fn run(home: &Home, arguments: &[&str]) -> Printed {
    home.run(arguments).into()
}

/// A tiny model of the person's own, imported; gives its path and its import.
fn imported(home: &Home) -> (String, PathBuf) {
    let model = home.model();
    let printed = run(home, &["models", "import", &model]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    let line = printed.out.lines().next().expect("a line").to_owned();
    let dir = PathBuf::from(line.strip_prefix("Imported as ").expect("its folder"));
    assert!(dir.is_dir(), "{line}");
    (model, dir)
}

fn plain(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

#[test]
fn fit_adds_up_for_models_that_are_here_and_those_that_are_not() {
    let home = Home::new();
    let (model, _) = imported(&home);
    let printed = run(&home, &["models", "fit", "--json"]);
    let report: Value = serde_json::from_str(&printed.out).expect("JSON");
    let models = report["models"].as_array().expect("models");
    let names: Vec<&str> = models.iter().map(|m| m["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["starter", "llama-3.2-1b", "tiny"]);
    for model in models {
        let parts = model["parts"].as_object().expect("parts");
        let sum: u64 = parts.values().map(|part| part.as_u64().expect("bytes")).sum();
        assert_eq!(model["total"], sum, "{model}");
    }
    assert_eq!(
        (models[0]["is_here"].clone(), models[2]["is_here"].clone()),
        (false.into(), true.into())
    );
    // A tiny model fits wherever the tests run; exit 0 says so.
    assert_eq!((printed.code, models[2]["fits"].clone()), (Some(0), true.into()), "{report}");
    let one = run(&home, &["models", "fit", &model]);
    assert_eq!(one.code, Some(0), "{}", one.err);
    for part in ["tiny fits", "embedding", "kept between prompts", "left to other programs"] {
        assert!(one.out.contains(part), "{}", one.out);
    }
    let unknown = run(&home, &["models", "fit", "no-such"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.err.contains("There is no model \"no-such\""), "{}", unknown.err);
}

/// Changes one byte and nothing else that shows, as a disk does.
fn spoil(file: &str) {
    let mut bytes = fs::read(file).expect("the model");
    let changed = fs::metadata(file).and_then(|info| info.modified()).expect("its time");
    *bytes.last_mut().expect("a byte") ^= 1;
    fs::write(file, bytes).expect("written");
    let opened = fs::File::options().write(true).open(file);
    opened.and_then(|f| f.set_modified(changed)).expect("as before");
}

#[test]
fn verify_finds_one_changed_byte_that_nothing_else_shows_as_often_as_it_is_asked() {
    let home = Home::new();
    let (model, _) = imported(&home);
    let whole = run(&home, &["models", "verify", &model]);
    assert_eq!(whole.code, Some(0), "{}{}", whole.out, whole.err);
    assert!(!whole.out.contains("unrecorded"), "{}", whole.out);
    spoil(&model);
    for spec in [&model, &model, "tiny", &model] {
        let found = run(&home, &["models", "verify", spec]);
        assert_eq!(found.code, Some(3), "{spec}: {}{}", found.out, found.err);
        assert_eq!(found.out.matches("damaged ").count(), 1, "the import is whole: {}", found.out);
        assert!(found.err.contains(&format!("Fetch {model} again")), "{}", found.err);
    }
    // Flipped back it is what it was.
    spoil(&model);
    let whole = run(&home, &["models", "verify", &model]);
    assert_eq!(whole.code, Some(0), "{}{}", whole.out, whole.err);
}

#[test]
fn verify_does_not_vouch_for_a_file_that_it_sees_for_the_first_time() {
    let home = Home::new();
    let model = home.model();
    for _ in 0..2 {
        let seen = run(&home, &["models", "verify", &model]);
        assert_eq!(seen.code, Some(0), "{}", seen.err);
        assert!(seen.out.contains(&format!("unrecorded {model}")), "{}", seen.out);
        assert!(seen.out.contains("no record of what it must be"), "{}", seen.out);
        assert!(!seen.out.contains("  ok"), "{}", seen.out);
    }
    let (_, dir) = imported(&home);
    let models = dir.parent().expect("the models");
    // The import says what its GGUF was, whatever else was lost.
    fs::remove_file(models.join("hashes.json")).expect("forgotten");
    let known = run(&home, &["models", "verify", &model]);
    assert!(known.out.contains(&format!("ok         {model}")), "{}", known.out);
    assert_eq!(known.code, Some(0), "{}", known.err);
}

#[test]
fn a_folder_that_is_no_model_is_not_to_be_removed() {
    let home = Home::new();
    let docs = home.docs();
    let printed = run(&home, &["run", plain(&docs), "--job", "extract", "--model", plain(&docs)]);
    let all = format!("{}{}", printed.out, printed.err).to_lowercase();
    assert!(all.contains("is not a model folder"), "{all}");
    assert!(!all.contains("remove") && !all.contains("delete"), "{all}");
}

#[test]
fn verify_of_everything_names_a_damaged_import_and_a_wrong_fetched_file() {
    let home = Home::new();
    let none = run(&home, &["models", "verify"]);
    assert_eq!(none.code, Some(0), "{}", none.err);
    assert!(none.out.contains("models pull starter"), "{}", none.out);
    let (_, dir) = imported(&home);
    assert_eq!(run(&home, &["models", "verify"]).code, Some(0));
    let tokenizer = dir.join("tokenizer.json");
    let mut bytes = fs::read(&tokenizer).expect("the import");
    *bytes.last_mut().expect("a byte") ^= 1;
    fs::write(&tokenizer, bytes).expect("written");
    let fetched = dir.parent().expect("the models").join("SmolLM2-135M-Instruct.Q4_1.gguf");
    fs::write(&fetched, "GGUF").expect("written");
    let found = run(&home, &["models", "verify"]);
    assert_eq!(found.code, Some(3), "{}{}", found.out, found.err);
    assert!(found.err.contains("models pull starter"), "{}", found.err);
    for file in [&tokenizer, &fetched] {
        let line = format!("damaged    {}", file.display());
        assert!(found.out.contains(&line), "{}", found.out);
    }
    assert_eq!(found.out.matches("damaged ").count(), 2, "the other files are whole");
    let missing = run(&home, &["models", "verify", "llama-3.2-1b"]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.contains("models pull llama-3.2-1b"), "{}", missing.err);
}

#[test]
fn remove_shows_and_asks_first_and_leaves_the_persons_own_file() {
    let home = Home::new();
    let (model, dir) = imported(&home);
    let asked = run(&home, &["models", "remove", &model]);
    assert_eq!(asked.code, Some(2), "nobody agreed");
    assert!(asked.out.contains(plain(&dir)) && asked.err.contains("--yes"), "{}", asked.out);
    assert!(dir.exists());
    let removed = run(&home, &["models", "remove", "tiny", "--yes"]);
    assert_eq!(removed.code, Some(0), "{}", removed.err);
    assert!(removed.out.contains("Your own file stays"), "{}", removed.out);
    assert!(!dir.exists() && Path::new(&model).exists());
    let left = fs::read_dir(dir.parent().expect("the models")).expect("listed").flatten();
    // What is remembered, and the empty files that are locked.
    let is_record = |name: &std::ffi::OsString| {
        name == "hashes.json" || name.as_encoded_bytes().starts_with(b".lock-")
    };
    let left: Vec<_> = left.map(|entry| entry.file_name()).filter(|n| !is_record(n)).collect();
    assert_eq!(left.len(), 0, "{left:?}");
    let again = run(&home, &["models", "remove", &model, "--yes"]);
    assert_eq!((again.code, again.out.contains("nothing to delete")), (Some(0), true));
    let elsewhere = run(&home, &["models", "remove", plain(&home.docs()), "--yes"]);
    assert_eq!(elsewhere.code, Some(1));
    assert!(
        home.docs().is_dir() && elsewhere.err.contains("not kept by galley"),
        "{}",
        elsewhere.err
    );
}
