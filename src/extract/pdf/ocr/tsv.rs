//! What `tesseract` says of a page, a table of words with their boxes, as text
//! with marks.

use crate::domain::marks::{Marks, WordBox};
use crate::domain::span::ByteSpan;

/// A page as it was recognised.
pub struct Recognised {
    pub text: String,
    pub marks: Marks,
    /// Of a character, in percent, on average.
    pub confidence: f32,
}

/// A row of the table.
struct Row<'a> {
    level: u32,
    /// Block, paragraph and line.
    place: [u32; 3],
    /// Left, top, width and height in dots.
    sides: [f32; 4],
    confidence: f32,
    text: &'a str,
}

/// The page that `table` tells. `size`: of the page as it is shown, in points,
/// where the image was all of it.
pub fn page(table: &str, size: Option<(f32, f32)>) -> Recognised {
    const PAGE: u32 = 1;
    const WORD: u32 = 5;
    let mut text = String::new();
    let mut marks = Marks::default();
    let (mut sure, mut letters) = (0.0, 0.0);
    let mut last: Option<[u32; 3]> = None;
    // Tenths of a point for a dot.
    let mut scale: Option<(f32, f32)> = None;
    for row in table.lines().filter_map(row) {
        if row.level == PAGE {
            let [_, _, width, height] = row.sides;
            let shown = size.filter(|_| width > 0.0 && height > 0.0);
            scale = shown.map(|(w, h)| (w * 10.0 / width, h * 10.0 / height));
        }
        if row.level != WORD || row.text.trim().is_empty() {
            continue;
        }
        text.push_str(match last {
            None => "",
            Some(last) if last == row.place => " ",
            Some(last) if last[..2] == row.place[..2] => "\n",
            Some(_) => "\n\n",
        });
        last = Some(row.place);
        let start = text.len();
        text.push_str(row.text.trim());
        if let Some(scale) = scale {
            let span = ByteSpan::new(start, text.len());
            marks.boxes.push(WordBox { span, sides: scaled(row.sides, scale) });
        }
        let weight = f32::from(u16::try_from(row.text.len()).unwrap_or(u16::MAX));
        sure += row.confidence * weight;
        letters += weight;
    }
    Recognised { text, marks, confidence: if letters > 0.0 { sure / letters } else { 0.0 } }
}

#[expect(clippy::cast_possible_truncation, reason = "a page is small")]
fn scaled([left, top, width, height]: [f32; 4], (x, y): (f32, f32)) -> [i32; 4] {
    [left * x, top * y, (left + width) * x, (top + height) * y].map(|side| side.round() as i32)
}

fn row(line: &str) -> Option<Row<'_>> {
    let mut cells = line.splitn(12, '\t');
    let mut cell = || cells.next();
    let level = cell()?.parse().ok()?;
    let mut numbers = [0.0; 10];
    for number in &mut numbers[..10] {
        *number = cell()?.parse::<f32>().ok()?;
    }
    let [_, block, paragraph, line, _, left, top, width, height, confidence] = numbers;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they are counts")]
    let place = [block, paragraph, line].map(|number| number as u32);
    let sides = [left, top, width, height];
    Some(Row { level, place, sides, confidence, text: cell().unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\t\
        width\theight\tconf\ttext\n\
        1\t1\t0\t0\t0\t0\t0\t0\t2000\t4000\t-1\t\n\
        5\t1\t1\t1\t1\t1\t100\t200\t50\t40\t90\tThis\n\
        5\t1\t1\t1\t1\t2\t160\t200\t50\t40\t80\tis a\n\
        5\t1\t1\t1\t2\t1\t100\t250\t50\t40\t100\tline\n\
        5\t1\t2\t1\t1\t1\t100\t400\t50\t40\t100\t \n\
        5\t1\t2\t1\t1\t2\t100\t400\t50\t40\t100\tNew\n";

    #[test]
    fn words_lines_and_blocks_are_told_apart() {
        let page = page(TABLE, None);
        assert_eq!(page.text, "This is a\nline\n\nNew");
        assert!(page.marks.boxes.is_empty());
        assert!((page.confidence - 92.0).abs() < 0.5, "{}", page.confidence);
    }

    #[test]
    fn boxes_are_in_tenths_of_a_point_of_the_page() {
        let page = page(TABLE, Some((500.0, 1000.0)));
        let first = page.marks.boxes[0];
        assert_eq!(first.span.slice(&page.text), Some("This"));
        assert_eq!(first.sides, [250, 500, 375, 600]);
    }

    #[test]
    fn nonsense_is_an_empty_page() {
        assert_eq!(page("5\tx\n\n5\t1\t1", None).text, "");
    }
}
