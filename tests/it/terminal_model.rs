//! The workbench on a real terminal with a model: a tiny one that the test
//! writes itself. What it answers is noise; that it runs, shows itself running,
//! stops when asked and goes on after a kill is what is tested.

use std::fmt::Write as _;

use crate::support::program::Home;
use crate::support::screen::Screen;

const ENTER: &str = "\r";

/// A document of so many sentences, each with its own date.
fn long_text(sentences: usize) -> String {
    let mut text = String::new();
    for n in 0..sentences {
        let (day, year) = (n % 28 + 1, 1990 + n / 28);
        writeln!(text, "On {day} May {year} the Supplier shall deliver lot {n} to the port.\n")
            .expect("a string");
    }
    text
}

/// Asks for `extract` on the selected document.
fn ask_for_extract(screen: &mut Screen) {
    screen.press("r");
    screen.wait_for(&["Extract facts"]);
    screen.press("j");
    screen.press(ENTER);
}

#[test]
fn a_model_at_work_is_seen_and_stops_when_asked() {
    let home = Home::new();
    home.document("long.txt", &long_text(400));
    let model = home.model();
    let mut screen = home.workbench(&model, 140, 40);
    screen.wait_for(&["long.txt", "tiny.gguf, not loaded"]);
    ask_for_extract(&mut screen);
    eprintln!("{}", screen.wait_for(&["tiny.gguf · CPU", "Extract facts, running", "tokens"]));
    eprintln!("{}", screen.wait_for(&["step 3 of"]));
    screen.press("x");
    eprintln!("{}", screen.wait_for(&["extract was stopped on long.txt", "Dates"]));
    screen.press("q");
    let (well, left) = screen.wait_for_end();
    assert!(well && left.is_clean(), "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_queue_goes_on_by_itself_after_a_kill() {
    let home = Home::new();
    home.document("long.txt", &long_text(60));
    let model = home.model();
    let mut screen = home.workbench(&model, 140, 40);
    screen.wait_for(&["long.txt"]);
    ask_for_extract(&mut screen);
    eprintln!("{}", screen.wait_for(&["step 2 of"]));
    screen.kill();
    let mut screen = home.workbench(&model, 140, 40);
    let t = std::time::Instant::now();
    eprintln!("{}", screen.wait_for(&["extract is done on long.txt"]));
    eprintln!("{:?}", t.elapsed());
    screen.press("q");
    let (well, left) = screen.wait_for_end();
    assert!(well && left.is_clean(), "{left:?}");
}
