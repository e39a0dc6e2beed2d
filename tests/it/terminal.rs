//! The workbench on a real terminal, with recognisers only.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::support::program::Home;
use crate::support::screen::Screen;

const LETTER: &str = "Rotterdam, 4 May 2026\n\nHalden Marine Ltd shall pay EUR 48,500.00 to \
    Dr. Anna Keller by 11 May 2026.\n\nThe Supplier may not assign this agreement.\n";

const ENTER: &str = "\r";

fn workbench(home: &Home, columns: u16, rows: u16) -> Screen {
    home.workbench("none", columns, rows)
}

/// Runs `extract` on the selected document and waits for its end.
fn extract(screen: &mut Screen) {
    screen.press("r");
    screen.wait_for(&["Run on"]);
    // All jobs, classify, extract.
    screen.press("j");
    screen.press("j");
    screen.press(ENTER);
    screen.wait_for(&["extract is done"]);
}

fn review_and_restart(columns: u16, rows: u16) {
    let home = Home::new();
    home.document("letter.txt", LETTER);
    let mut screen = workbench(&home, columns, rows);
    screen.wait_for(&["letter.txt"]);
    extract(&mut screen);
    screen.press(ENTER);
    screen.wait_for(&["Dates", "4 May 2026"]);
    screen.press("a");
    screen.wait_for(&["✓"]);
    assert!(screen.is_taken_over(), "keys would be echoed");
    screen.press("q");
    let (well, left) = screen.wait_for_end();
    assert!(well && left.is_clean(), "{left:?}");
    let mut screen = workbench(&home, columns, rows);
    screen.wait_for(&["letter.txt"]);
    screen.press(ENTER);
    screen.wait_for(&["✓", "4 May 2026"]);
    screen.press("u");
    screen.wait("no accepted finding", |s| {
        s.contents().contains("4 May 2026") && !s.contents().contains('✓')
    });
    screen.press("q");
    assert!(screen.wait_for_end().1.is_clean());
}

#[test]
fn a_finding_is_accepted_and_survives_a_restart_on_a_wide_screen() {
    review_and_restart(120, 40);
}

#[test]
fn a_finding_is_accepted_and_survives_a_restart_on_a_narrow_screen() {
    review_and_restart(80, 24);
}

#[test]
fn a_paused_queue_is_still_paused_after_a_restart_and_goes_on_when_asked() {
    let home = Home::new();
    home.document("letter.txt", LETTER);
    let mut screen = workbench(&home, 80, 24);
    screen.wait_for(&["letter.txt", "ready"]);
    screen.press("p");
    screen.wait_for(&["Paused. Press p to go on."]);
    screen.press("r");
    screen.wait_for(&["Run on"]);
    screen.press(ENTER);
    screen.wait_for(&["Paused, 7 jobs wait."]);
    screen.press("q");
    let (well, left) = screen.wait_for_end();
    assert!(well && left.is_clean(), "{left:?}");
    let mut screen = workbench(&home, 80, 24);
    screen.wait_for(&["Paused, 7 jobs wait.", "letter.txt"]);
    screen.press("Q");
    screen.wait_for(&["Paused: no job runs", "Extract facts", "Triage"]);
    screen.press("J");
    screen.press("p");
    screen.wait_for(&["No job runs or waits."]);
    screen.press("Q");
    screen.wait("no list", |s| !s.contents().contains("No job runs"));
    screen.press(ENTER);
    screen.wait_for(&["Dates", "4 May 2026"]);
    screen.press("q");
    assert!(screen.wait_for_end().1.is_clean());
}

#[test]
fn files_that_come_change_and_go_are_shown() {
    let home = Home::new();
    let screen = workbench(&home, 120, 40);
    let first = home.document("first.txt", LETTER);
    screen.wait_for(&["first.txt"]);
    fs::rename(&first, home.docs().join("second.txt")).expect("renamed");
    screen.wait("second.txt alone", |s| {
        s.contents().contains("second.txt") && !s.contents().contains("first.txt")
    });
    fs::remove_file(home.docs().join("second.txt")).expect("removed");
    // The line at the foot may still speak of the file.
    screen.wait_for(&["There is nothing to read"]);
    screen.kill();
}

#[test]
fn a_resize_never_breaks_it() {
    let home = Home::new();
    home.document("letter.txt", LETTER);
    let mut screen = workbench(&home, 120, 40);
    screen.wait_for(&["letter.txt"]);
    for (columns, rows) in [(80, 24), (40, 10), (1, 1), (200, 60)] {
        screen.resize(columns, rows);
    }
    screen.wait_for(&["letter.txt"]);
    screen.press("q");
    let (well, left) = screen.wait_for_end();
    assert!(well && left.is_clean(), "{left:?}");
}

#[test]
fn a_template_is_edited_in_the_persons_editor_and_read_again() {
    let home = Home::new();
    home.document("letter.txt", LETTER);
    let folder = home.docs();
    let editor = "sed -i 's/^title = \"Extract facts\"/title = \"Pull out facts\"/'";
    let environment =
        [("GALLEY_HOME", OsString::from(home.root())), ("VISUAL", OsString::from(editor))];
    let arguments = [folder.to_str().expect("a plain path"), "--model", "none"];
    let program = Path::new(env!("CARGO_BIN_EXE_galley"));
    let mut screen = Screen::start(program, &arguments, &environment, 120, 40);
    screen.wait_for(&["letter.txt"]);
    screen.press("t");
    screen.wait_for(&["Edit a template"]);
    // Classify, extract.
    screen.press("j");
    screen.press(ENTER);
    // The jobs that can be run are listed beside the document.
    screen.wait_for(&["letter.txt", "Pull out facts"]);
    screen.press("r");
    screen.wait_for(&["Run on", "Pull out facts"]);
    screen.press("\x1b");
    // Escape and a key at once would be that key with Alt.
    screen.wait("no menu", |s| !s.contents().contains("Run on"));
    screen.press("q");
    assert!(screen.wait_for_end().1.is_clean());
}

#[test]
fn auto_runs_the_jobs_on_a_document_that_changes() {
    let home = Home::new();
    home.document("letter.txt", LETTER);
    home.document("other.txt", "Nothing was agreed.\n");
    let mut screen = workbench(&home, 120, 40);
    screen.wait_for(&["letter.txt", "Rotterdam"]);
    screen.press("A");
    screen.wait_for(&["Auto is on"]);
    home.document("letter.txt", &LETTER.replace("11 May 2026", "17 June 2027"));
    screen.wait_for(&["triage is done on letter.txt"]);
    screen.press(ENTER);
    screen.wait_for(&["Dates", "2027-06-17"]);
    screen.press("q");
    assert!(screen.wait_for_end().1.is_clean());
}

#[cfg(unix)]
#[test]
fn a_signal_to_end_gives_the_terminal_back() {
    let home = Home::new();
    home.document("letter.txt", LETTER);
    let screen = workbench(&home, 80, 24);
    screen.wait_for(&["letter.txt"]);
    assert!(screen.is_taken_over());
    screen.signal("TERM");
    let (_, left) = screen.wait_for_end();
    assert!(left.is_clean(), "{left:?}");
}

/// Set in the child of the test below, which is this same test once more.
const CHILD: &str = "GALLEY_TEST_PANICS";
const SECRET: &str = "Zanzibar";

#[test]
fn a_panic_gives_the_terminal_back_and_prints_no_document_text() {
    if std::env::var_os(CHILD).is_some() {
        panic_on_a_terminal();
    }
    let home = Home::new();
    let program = std::env::current_exe().expect("this very test program");
    let name = "terminal::a_panic_gives_the_terminal_back_and_prints_no_document_text";
    let environment = [
        (CHILD, OsString::from("1")),
        ("RUST_TEST_NOCAPTURE", OsString::from("1")),
        ("RUST_BACKTRACE", OsString::from("1")),
        ("GALLEY_HOME", OsString::from(home.root())),
    ];
    let screen = Screen::start(&program, &[name], &environment, 80, 24);
    let (well, left) = screen.wait_for_end();
    assert!(!well && left.is_clean(), "{left:?}");
    assert!(left.printed.contains("taken-over"), "{left:?}");
    assert!(left.shows.contains("A fault inside galley at"), "{left:?}");
    assert!(!left.printed.contains(SECRET), "{left:?}");
    let log = fs::read_to_string(home.root().join("data/galley.log")).expect("a log");
    assert_eq!(log.matches("terminal.rs:").count(), 2, "both places: {log}");
    assert!(!log.contains(SECRET), "{log}");
}

/// Panics twice as the program would: on a thread that works, and then on
/// the one that draws. The program's own start sets up what a panic says; it
/// takes the test's name for a folder, which is not there, and comes back.
fn panic_on_a_terminal() {
    // Its exit code is that of a folder that is not there.
    let _ = galley::cli::main();
    let mut screen = galley::runtime::terminal::Screen::open().expect("a terminal");
    screen
        .terminal()
        .draw(|frame| frame.render_widget("taken-over", frame.area()))
        .expect("a terminal");
    let worker = std::thread::spawn(|| panic!("a byte index is not in {SECRET}"));
    assert!(worker.join().is_err());
    panic!("a byte index is not in {SECRET}");
}
