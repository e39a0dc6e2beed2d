//! The other side: the process in which `pdf_oxide` runs. It may die of any
//! page; it ends when nobody wants more of it.

use std::io::{self, BufRead as _, Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};
use pdf_oxide::PdfDocument;
use pdf_oxide::layout::TextChar;

use super::super::layout::laid_out;
use super::super::output::Glyphs;
use super::{Answer, Hello};

/// As the worker's own: enough for every honest file.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// The body of the hidden subcommand: reads a [`Hello`], the file and page
/// numbers from standard input, writes an [`Answer`] a line.
///
/// Nothing else may run in the process, and no logger: the parser's own
/// messages hold text of the document.
#[must_use]
pub fn main() -> ExitCode {
    // A panic message quotes the object it stumbled over.
    std::panic::set_hook(Box::new(|_| {}));
    let Some((hello, source)) = greeted() else { return ExitCode::FAILURE };
    let (sender, wanted) = channel();
    let work = move || answer_all(&hello, source, &wanted);
    if thread::Builder::new().stack_size(STACK_BYTES).spawn(work).is_err() {
        return ExitCode::FAILURE;
    }
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let Some(n) = line.parse().ok().filter(|n| sender.send(*n).is_ok()) else { break };
        let _: u32 = n;
    }
    // Whoever asked has gone: what is still being read is for nobody.
    std::process::exit(0);
}

fn greeted() -> Option<(Hello, Vec<u8>)> {
    let mut input = io::stdin().lock();
    let mut line = String::new();
    input.read_line(&mut line).ok()?;
    let hello: Hello = serde_json::from_str(&line).ok()?;
    let mut source = Vec::new();
    input.take(hello.bytes).read_to_end(&mut source).ok()?;
    Some((hello, source))
}

fn answer_all(hello: &Hello, source: Vec<u8>, wanted: &Receiver<u32>) {
    let Some((doc, pages)) = guarded(|| open(source, hello)).flatten() else {
        say(&Answer::Failed);
        return;
    };
    say(&Answer::Opened { pages });
    for n in wanted {
        say(&guarded(|| page(&doc, n, hello.room)).flatten().unwrap_or(Answer::Failed));
    }
}

fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn say(answer: &Answer) {
    let mut out = io::stdout().lock();
    // Where nobody listens, standard input ends and the process with it.
    if serde_json::to_writer(&mut out, answer).is_ok() {
        let _ = out.write_all(b"\n").and_then(|()| out.flush());
    }
}

fn open(source: Vec<u8>, hello: &Hello) -> Option<(PdfDocument, u32)> {
    let doc = PdfDocument::from_bytes(source).ok()?;
    if let Some(password) = &hello.password {
        doc.authenticate(password.reveal().as_bytes()).ok()?;
    }
    let pages = u32::try_from(doc.page_count().ok()?).ok()?;
    (doc.is_authenticated() && pages > 0).then_some((doc, pages))
}

fn page(doc: &PdfDocument, n: u32, room: u64) -> Option<Answer> {
    let index = usize::try_from(n.checked_sub(1)?).ok()?;
    let chars = doc.extract_chars(index).ok()?;
    let (left, bottom, right, top) = doc.get_page_media_box(index).ok()?;
    let turn = doc.get_page_rotation(index).unwrap_or(0).rem_euclid(360) / 90;
    let shown = Shown { sides: [left, bottom, right, top].map(f64::from), turn };
    let mut glyphs = Glyphs::new(room);
    glyphs.begin_page(n, &shown.size(), None).ok()?;
    glyphs.begin_word().ok()?;
    let in_columns = is_in_columns(&chars);
    for (at, char) in chars.iter().enumerate() {
        let way = if in_columns && is_ideograph(char) { None } else { Some(way(&chars, at)) };
        put(&mut glyphs, char, &shown, way).ok()?;
    }
    glyphs.end_word().ok()?;
    glyphs.end_page().ok()?;
    let laid = laid_out(&glyphs);
    Some(Answer::Page { text: laid.text, marks: laid.marks })
}

/// A page as a person sees it, its axes to the right and up.
struct Shown {
    /// Left, bottom, right, top, in points, as the file says them.
    sides: [f64; 4],
    /// Quarters clockwise.
    turn: i32,
}

impl Shown {
    fn size(&self) -> MediaBox {
        let [left, bottom, right, top] = self.sides;
        let (wide, high) = ((right - left).abs(), (top - bottom).abs());
        let (urx, ury) = if self.turn % 2 == 1 { (high, wide) } else { (wide, high) };
        MediaBox { llx: 0.0, lly: 0.0, urx, ury }
    }

    fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let [left, bottom, right, top] = self.sides;
        match self.turn {
            1 => (y - bottom, right - x),
            2 => (right - x, top - y),
            3 => (top - y, x - left),
            _ => (x - left, y - bottom),
        }
    }

    fn way(&self, (x, y): (f64, f64)) -> (f64, f64) {
        match self.turn {
            1 => (y, -x),
            2 => (-x, -y),
            3 => (-y, x),
            _ => (x, y),
        }
    }
}

/// Chinese, Japanese or Korean.
fn is_ideograph(char: &TextChar) -> bool {
    char.char >= '\u{2E80}'
}

/// Whether the page is written from top to bottom: its ideographs have their
/// neighbours below them and not beside them.
fn is_in_columns(chars: &[TextChar]) -> bool {
    /// Ideographs that are looked at, each with all others.
    const SAMPLE: usize = 400;
    let sample: Vec<&TextChar> = chars.iter().filter(|c| is_ideograph(c)).take(SAMPLE).collect();
    let has = |next: &dyn Fn(f32, f32) -> bool| {
        let neighbour = |one: &&&TextChar| {
            let size = one.font_size.max(f32::MIN_POSITIVE);
            let away = |other: &&TextChar| {
                ((other.origin_x - one.origin_x) / size, (one.origin_y - other.origin_y) / size)
            };
            sample.iter().map(away).any(|(right, down)| next(right, down))
        };
        sample.iter().filter(neighbour).count()
    };
    let below = has(&|right, down| right.abs() < 0.2 && (0.7..1.3).contains(&down));
    let beside = has(&|right, down| down.abs() < 0.2 && (0.7..1.3).contains(&right));
    below > 2 * beside
}

/// The way in which the line of a character goes, of length one, the page's
/// axes to the right and up.
///
/// The reader tells it as the commands do, before their plane is turned or
/// turned over to be that of the page. Places it tells in both planes: so two
/// letters of a line show which way it goes on the page.
fn way(chars: &[TextChar], at: usize) -> (f64, f64) {
    /// Lines that go down or up are told letter by letter in turns.
    const NEIGHBOURS: usize = 12;
    let (sin, cos) = f64::from(chars[at].rotation_degrees).to_radians().sin_cos();
    if cos > 0.999 {
        return (cos, sin);
    }
    let shown = |other: usize| {
        let (one, other) = (&chars[at], chars.get(other)?);
        let (from, to) = (one.matrix?.map(f64::from), other.matrix?.map(f64::from));
        let told = (to[4] - from[4], to[5] - from[5]);
        let along = told.0 * from[0] + told.1 * from[1];
        let across = told.0 * from[1] - told.1 * from[0];
        if from[..4] != to[..4] || along == 0.0 || across.abs() > 0.1 * along.abs() {
            return None;
        }
        let step = (other.origin_x - one.origin_x, other.origin_y - one.origin_y);
        let step = (f64::from(step.0), f64::from(step.1));
        let length = step.0.hypot(step.1) * along.signum();
        (length.abs() > 0.01).then(|| (step.0 / length, step.1 / length))
    };
    let before = (at.saturating_sub(NEIGHBOURS)..at).rev();
    let mut others = (at + 1..=at + NEIGHBOURS).chain(before);
    others.find_map(shown).unwrap_or((cos, sin))
}

/// The width, in font sizes, of a letter that the reader says has none: on planes
/// that are turned it measures along the wrong side.
const UNKNOWN_WIDTH: f64 = 0.35;

/// Puts a character down where it stands. `way`: that of its line, none where it
/// stands in a column, which is a line that goes downwards.
fn put(
    glyphs: &mut Glyphs,
    char: &TextChar,
    shown: &Shown,
    way: Option<(f64, f64)>,
) -> Result<(), OutputError> {
    let size = f64::from(char.font_size);
    let (cos, sin) = way.unwrap_or((0.0, -1.0));
    let (along, up) = (shown.way((cos, sin)), shown.way((-sin, cos)));
    let (x, y) = shown.place(char.origin_x.into(), char.origin_y.into());
    let place = Transform::row_major(along.0, along.1, up.0, up.1, x, y);
    let advance = f64::from(char.advance_width);
    let width = match way {
        Some(_) if advance == 0.0 && char.char.is_alphanumeric() => UNKNOWN_WIDTH,
        Some(_) if size > 0.0 => advance / size,
        _ => 1.0,
    };
    let mut buffer = [0; 4];
    glyphs.output_character(&place, width, 0.0, size, char.char.encode_utf8(&mut buffer))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a letter at 30, 40 of a page 100 wide and 200 high is shown, and
    /// which way its line goes.
    fn shown(turn: i32) -> ((f64, f64), (f64, f64)) {
        let shown = Shown { sides: [0.0, 0.0, 100.0, 200.0], turn };
        (shown.place(30.0, 40.0), shown.way((1.0, 0.0)))
    }

    #[test]
    fn columns_of_ideographs_are_told_from_lines_of_them() {
        let at = |char, origin_x, origin_y| TextChar {
            char,
            origin_x,
            origin_y,
            font_size: 10.0,
            ..TextChar::default()
        };
        let columns = [at('日', 50.0, 90.0), at('本', 50.0, 80.0), at('い', 34.0, 90.0)];
        assert!(is_in_columns(&columns));
        let lines = [at('日', 50.0, 90.0), at('本', 60.0, 90.0), at('い', 50.0, 80.0)];
        assert!(!is_in_columns(&lines));
        assert!(!is_in_columns(&[at('a', 50.0, 90.0), at('b', 50.0, 80.0)]));
    }

    #[test]
    fn a_line_on_a_plane_that_is_turned_over_goes_the_way_that_it_is_shown() {
        // The commands draw downwards; on the page the line goes up.
        let at = |told: f32, origin_y: f32| TextChar {
            matrix: Some([0.0, -9.0, 9.0, 0.0, 5.0, told]),
            rotation_degrees: -90.0,
            origin_y,
            ..TextChar::default()
        };
        let turned_over = [at(-300.0, 700.0), at(-280.0, 695.0)];
        for index in 0..2 {
            let (x, y) = way(&turned_over, index);
            assert!(x.abs() < 1e-6 && (y - 1.0).abs() < 1e-6, "{x} {y}");
        }
        let plain = [at(-300.0, 700.0), at(-320.0, 695.0)];
        assert!((way(&plain, 0).1 + 1.0).abs() < 1e-6);
        assert!((way(&plain[..1], 0).1 + 1.0).abs() < 1e-6, "alone it is believed");
    }

    #[test]
    fn a_page_that_is_shown_turned_is_read_turned() {
        assert_eq!(shown(0), ((30.0, 40.0), (1.0, 0.0)));
        assert_eq!(shown(1), ((40.0, 70.0), (0.0, -1.0)));
        assert_eq!(shown(2), ((70.0, 160.0), (-1.0, 0.0)));
        assert_eq!(shown(3), ((160.0, 30.0), (0.0, 1.0)));
    }
}
