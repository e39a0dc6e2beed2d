use std::fs;

use super::*;

/// Measured with the starter on two cores: 311 tokens in 1.07 s, 957 in 6 s.
fn starter() -> Speed {
    Speed::of(&[(311, 1.07), (957, 6.0)], 0.042)
}

#[test]
fn the_curve_goes_through_what_was_measured() {
    let speed = starter();
    assert!((speed.reading(311.0) - 1.07).abs() < 1e-9);
    assert!((speed.reading(957.0) - 6.0).abs() < 1e-9);
    assert!((speed.prefill_rate(957) - 159.5).abs() < 1e-9);
}

#[test]
fn noise_never_makes_a_cost_negative() {
    // 10 ms a token, then 8: no slope, and what is nearest to both.
    let falling = Speed::of(&[(300, 3.0), (1_000, 8.0)], 0.1);
    assert!(falling.per_pair.abs() < 1e-12);
    assert!((falling.per_token - 0.009).abs() < 1e-12);
    // 1 ms at 100 tokens and 9 ms at 300: the line through nothing that is
    // nearest has the slope (100 × 0.001 + 300 × 0.009) / (100² + 300²).
    let steep = Speed::of(&[(100, 0.1), (300, 2.7)], 0.1);
    assert!(steep.per_token.abs() < 1e-12);
    assert!((steep.per_pair - 2.8e-5).abs() < 1e-12);
    let one = Speed::of(&[(100, 0.5)], 0.1);
    assert_eq!((one.per_token, one.per_pair, one.measured), (0.005, 0.0, 100));
}

#[test]
fn three_prompts_give_the_curve_nearest_to_all_of_them() {
    // 1, 3 and 2 ms a token at 100, 200 and 300: by hand, the mean is 2 ms at
    // 200 and the slope (100 × 1 + 100 × 0) / (2 × 100²) ms.
    let speed = Speed::of(&[(100, 0.1), (200, 0.6), (300, 0.6)], 0.1);
    assert!((speed.per_pair - 5e-6).abs() < 1e-12, "{speed:?}");
    assert!((speed.per_token - 1e-3).abs() < 1e-12, "{speed:?}");
    assert_eq!(speed.measured, 300);
}

#[test]
fn steep_attention_asks_for_small_windows_and_flat_attention_for_large_ones() {
    assert_eq!(starter().best_window(8_000), 1_000);
    let flat = Speed { per_pair: 0.0, measured: 1_500, ..starter() };
    assert_eq!(flat.best_window(8_000), 1_000);
    let steep = Speed { per_pair: 1e-4, ..starter() };
    assert_eq!(steep.best_window(8_000), 250);
}

#[test]
fn no_window_is_longer_than_twice_what_was_measured() {
    let flat = |measured| Speed { per_pair: 0.0, measured, ..starter() }.best_window(8_000);
    assert_eq!([1_000, 500, 375, 250, 100].map(flat), [1_000, 1_000, 750, 500, 200]);
    // What was kept before its length was kept had been measured with 500.
    let old = serde_json::json!({"per_token": 0.001, "per_pair": 0.0, "decode": 0.01});
    let old: Speed = serde_json::from_value(old).expect("an entry of an older galley");
    assert_eq!(old.best_window(8_000), 1_000);
}

#[test]
fn the_window_stays_within_what_the_model_holds() {
    assert_eq!(starter().best_window(600), 500);
    assert_eq!(starter().best_window(64), 64);
    assert_eq!(starter().best_window(0), 1);
}

#[test]
fn the_form_that_is_fastest_over_all_wins() {
    let (reads, writes) = (starter(), Speed { decode: 0.02, ..starter() });
    let slow = Speed { per_token: 0.02, decode: 0.01, ..starter() };
    let speeds = Speeds::from([(Form::Floats, reads), (Form::Blocks, slow)]);
    assert_eq!(fastest(&speeds, 8_000), Some(Form::Floats));
    let speeds = Speeds::from([(Form::Floats, reads), (Form::Blocks, writes)]);
    assert_eq!(fastest(&speeds, 8_000), Some(Form::Blocks));
    assert_eq!(fastest(&Speeds::new(), 8_000), None);
}

#[test]
fn what_was_measured_is_there_again_for_this_machine_and_model_only() {
    let dir = tempfile::tempdir().expect("a folder");
    let here = Speeds::from([(Form::Floats, starter())]);
    remember(dir.path(), "this machine", "aa", &here).expect("kept");
    let more = Speeds::from([(Form::Blocks, starter())]);
    remember(dir.path(), "this machine", "aa", &more).expect("kept");
    let both = recall(dir.path(), "this machine", "aa");
    assert_eq!(both.keys().copied().collect::<Vec<_>>().len(), 2);
    assert!(recall(dir.path(), "another", "aa").is_empty());
    assert!(recall(dir.path(), "this machine", "bb").is_empty());
    fs::write(dir.path().join(FILE), "{ damaged").expect("written");
    assert!(recall(dir.path(), "this machine", "aa").is_empty());
}

#[test]
fn an_unknown_form_or_a_damaged_entry_spoils_no_other() {
    let dir = tempfile::tempdir().expect("a folder");
    let here = Speeds::from([(Form::Floats, starter())]);
    remember(dir.path(), "this machine", "aa", &here).expect("kept");
    let file = dir.path().join(FILE);
    let mut book: Value = serde_json::from_slice(&fs::read(&file).expect("there")).expect("JSON");
    book["this machine"]["aa"]["ternary"] = serde_json::json!({"per_token": 1.0});
    book["this machine"]["aa"]["blocks"] = "soon".into();
    book["another"] = 7.into();
    fs::write(&file, book.to_string()).expect("written");
    assert_eq!(recall(dir.path(), "this machine", "aa"), here);
    remember(dir.path(), "another", "bb", &here).expect("kept");
    assert_eq!(recall(dir.path(), "another", "bb"), here);
    let book: Value = serde_json::from_slice(&fs::read(&file).expect("there")).expect("JSON");
    assert_eq!(book["this machine"]["aa"]["ternary"]["per_token"], 1.0, "a newer galley's");
}

#[test]
fn two_that_measure_at_the_same_time_lose_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let here = Speeds::from([(Form::Floats, starter())]);
    std::thread::scope(|scope| {
        for machine in ["one", "two"] {
            let (dir, here) = (dir.path(), &here);
            scope.spawn(move || {
                for n in 0..20 {
                    remember(dir, machine, &format!("{n:04}"), here).expect("kept");
                }
            });
        }
    });
    for machine in ["one", "two"] {
        let kept = (0..20).filter(|n| recall(dir.path(), machine, &format!("{n:04}")) == here);
        assert_eq!(kept.count(), 20, "of {machine}");
    }
}

#[test]
fn a_removed_model_is_forgotten_on_every_machine_and_no_other_is() {
    let dir = tempfile::tempdir().expect("a folder");
    let here = Speeds::from([(Form::Floats, starter())]);
    for (machine, model) in [("one", "aa11"), ("two", "aa11"), ("two", "bb22")] {
        remember(dir.path(), machine, model, &here).expect("kept");
    }
    forget(dir.path(), "aa").expect("written");
    let known = |machine, model| !recall(dir.path(), machine, model).is_empty();
    assert!(!known("one", "aa11") && !known("two", "aa11") && known("two", "bb22"));
}
