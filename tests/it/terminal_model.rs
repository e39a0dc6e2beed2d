//! The workbench on a real terminal with a model: a tiny one that the test
//! writes itself. What it answers is noise; that it runs, shows itself running,
//! stops when asked and goes on after a kill is what is tested.

use std::fmt::Write as _;

use crate::support::program::Home;
use crate::support::screen::Screen;

const ENTER: &str = "\r";
const COLUMNS: u16 = 140;

/// Which step the screen shows; some pass between two looks at it.
fn step(shown: &str) -> Option<u32> {
    shown.split("step ").skip(1).find_map(|rest| rest.split_once(" of ")?.0.parse().ok())
}

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

/// Opens the workbench with the tiny model on this one document.
fn workbench(home: &Home) -> Screen {
    let screen = home.workbench(&home.model(), COLUMNS, 40);
    screen.wait_for(&["long.txt"]);
    screen
}

/// Asks for `extract` on the selected document.
fn ask_for_extract(screen: &mut Screen) {
    screen.press("r");
    screen.wait_for(&["Run on"]);
    // All jobs, classify, extract.
    screen.press("j");
    screen.press("j");
    screen.press(ENTER);
}

fn quit(mut screen: Screen) {
    screen.press("q");
    let (well, left) = screen.wait_for_end();
    assert!(well && left.is_clean(), "{left:?}");
}

/// What stands two lines below the heading of the job at work: how much of the
/// prompt was read, and then the answer as it comes.
fn live(screen: &vt100::Screen) -> Option<String> {
    const HEADING: &str = "── Extract facts, running ";
    let rows: Vec<String> = screen.rows(0, COLUMNS).collect();
    let (at, heading) = rows.iter().enumerate().find(|(_, row)| row.contains(HEADING))?;
    // Nothing on this screen is wider than its column.
    let column = heading[..heading.find(HEADING)?].chars().count();
    let below = rows.get(at + 2)?.chars().skip(column).take_while(|c| *c != '│');
    Some(below.collect::<String>().trim().to_owned())
}

#[test]
fn a_model_at_work_is_seen_and_stops_when_asked() {
    let home = Home::new();
    let text = long_text(400);
    home.document("long.txt", &text);
    let mut screen = workbench(&home);
    screen.wait_for(&["tiny, not loaded"]);
    ask_for_extract(&mut screen);
    screen.wait_for(&["tiny · CPU", "step "]);
    screen.wait("how much was read", |s| live(s).is_some_and(|l| l.starts_with("reading: ")));
    // Its answers are copied from the document.
    screen.wait("an answer as it comes", |s| {
        live(s).is_some_and(|l| l.len() > 3 && text.contains(&l))
    });
    screen.press("x");
    screen.wait("a stop", |s| {
        let shown = s.contents();
        shown.contains("extract was stopped on long.txt") && !shown.contains(", running ")
    });
    screen.wait_for(&["Dates", "1990-05-01", "not read"]);
    quit(screen);
}

#[cfg(unix)]
#[test]
fn a_queue_goes_on_by_itself_after_a_kill() {
    let home = Home::new();
    home.document("long.txt", &long_text(300));
    let mut screen = workbench(&home);
    ask_for_extract(&mut screen);
    screen.wait("a step after the first", |s| step(&s.contents()).is_some_and(|n| n > 1));
    screen.kill();
    let screen = workbench(&home);
    screen.wait_for(&["extract is done on long.txt", "read 100 %"]);
    quit(screen);
    // Once it is done it does not begin again.
    let screen = workbench(&home);
    screen.wait_for(&["1990-05-01", "tiny, not loaded"]);
    quit(screen);
}

#[cfg(unix)]
#[test]
fn a_signal_in_the_middle_of_a_job_keeps_it_for_the_next_start() {
    let home = Home::new();
    home.document("long.txt", &long_text(300));
    let mut screen = workbench(&home);
    ask_for_extract(&mut screen);
    screen.wait("a step after the first", |s| step(&s.contents()).is_some_and(|n| n > 1));
    screen.signal("TERM");
    let (_, left) = screen.wait_for_end();
    assert!(left.is_clean(), "{left:?}");
    let screen = workbench(&home);
    screen.wait_for(&["extract is done on long.txt", "read 100 %"]);
    quit(screen);
}
