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
    let folder = home.docs();
    let arguments = [folder.to_str().expect("a plain path"), "--model", "none"];
    let environment = [("GALLEY_HOME", OsString::from(home.root()))];
    Screen::start(Path::new(env!("CARGO_BIN_EXE_galley")), &arguments, &environment, columns, rows)
}

/// Runs `extract` on the selected document and waits for its end.
fn extract(screen: &mut Screen) {
    screen.press("r");
    screen.wait_for(&["Extract facts"]);
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
    screen.wait("an empty list", |s| !s.contents().contains("second.txt"));
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
    screen.wait_for(&["Extract facts"]);
    screen.press(ENTER);
    screen.wait("the workbench again", |s| {
        s.contents().contains("letter.txt") && !s.contents().contains("Extract facts")
    });
    screen.press("r");
    screen.wait_for(&["Pull out facts"]);
    screen.press("\x1b");
    screen.press("q");
    assert!(screen.wait_for_end().1.is_clean());
}

#[test]
fn a_panic_gives_the_terminal_back_and_prints_no_document_text() {
    let program = std::env::current_exe().expect("this very test program");
    let arguments = ["--exact", "terminal::panics_on_a_terminal", "--ignored", "--nocapture"];
    let screen = Screen::start(&program, &arguments, &[], 80, 24);
    let (well, left) = screen.wait_for_end();
    assert!(!well);
    assert!(left.is_clean(), "{left:?}");
}

/// The child of the test above: takes the terminal over and panics.
#[test]
#[ignore = "run by the test above, on a terminal of its own"]
fn panics_on_a_terminal() {
    let _screen = galley::runtime::terminal::Screen::open().expect("a terminal");
    panic!("on purpose");
}
