//! Lists: how their items are counted, and what stands before each.

use scraper::ElementRef;

use super::declared::Counting;
use crate::extract::numerals;

/// An open list.
pub struct List {
    ordered: bool,
    counting: Counting,
    next: i64,
    step: i64,
}

impl List {
    /// The list that `element` opens; `counting` is what styles say of it.
    pub fn of(element: ElementRef<'_>, counting: Option<Counting>) -> Self {
        let value = element.value();
        let ordered = value.name() == "ol";
        let counting = match value.attr("type").map(str::trim) {
            Some("a") => Counting::Alpha { upper: false },
            Some("A") => Counting::Alpha { upper: true },
            Some("i") => Counting::Roman { upper: false },
            Some("I") => Counting::Roman { upper: true },
            _ => counting.unwrap_or(Counting::Decimal),
        };
        let start = value.attr("start").and_then(|start| start.trim().parse().ok());
        let (step, first) = match value.attr("reversed") {
            Some(_) => (-1, i64::try_from(items(element)).unwrap_or(1)),
            None => (1, 1),
        };
        Self { ordered, counting, next: start.unwrap_or(first), step }
    }

    /// What stands before the item that `element` opens, with a space behind it.
    pub fn label(&mut self, element: ElementRef<'_>) -> String {
        let value = element.value().attr("value").and_then(|value| value.trim().parse().ok());
        let number = value.unwrap_or(self.next);
        self.next = number.saturating_add(self.step);
        match (self.ordered, self.counting) {
            (_, Counting::None) => String::new(),
            (false, _) => "• ".to_owned(),
            (true, counting) => format!("{}. ", counted(number, counting)),
        }
    }
}

fn items(list: ElementRef<'_>) -> usize {
    list.child_elements().filter(|child| child.value().name() == "li").count()
}

fn counted(number: i64, counting: Counting) -> String {
    let small = u32::try_from(number).ok().filter(|number| (1..4_000).contains(number));
    match (counting, small) {
        (Counting::Alpha { upper }, Some(number)) => in_case(letters(number), upper),
        (Counting::Roman { upper }, Some(number)) => {
            in_case(numerals::written(number, "lowerRoman"), upper)
        }
        _ => number.to_string(),
    }
}

fn in_case(text: String, upper: bool) -> String {
    if upper { text.to_uppercase() } else { text }
}

/// a … z, aa, ab …, as browsers count.
fn letters(mut number: u32) -> String {
    let mut reversed = Vec::new();
    while number > 0 {
        number -= 1;
        reversed.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or_default()));
        number /= 26;
    }
    reversed.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_letters_and_in_roman() {
        let alpha = |number| counted(number, Counting::Alpha { upper: false });
        assert_eq!([1, 26, 27, 52, 53, 703].map(alpha), ["a", "z", "aa", "az", "ba", "aaa"]);
        let roman = |number| counted(number, Counting::Roman { upper: true });
        assert_eq!([4, 9, 14, 1990, 0, -3].map(roman), ["IV", "IX", "XIV", "MCMXC", "0", "-3"]);
    }
}
