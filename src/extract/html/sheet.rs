//! The rules of a page's own `<style>` elements: which of them matter, and
//! which of those an element takes. Pages' outside sheets are not fetched.

use std::collections::HashMap;

use cssparser::{ParseError, Parser, ParserInput, Token};
use scraper::{ElementRef, Html, Selector};

use super::declared::{self, Block};

/// More rules that hide or colour something have no honest page.
const MOST_RULES: usize = 5_000;

/// A longer selector is no simple one.
const LONGEST_SELECTOR: usize = 200;

/// Elements that may be looked at in all to hold selectors against elements:
/// `div p` looks at all around an element, `h1 ~ p` at all before it.
const MOST_STEPS: usize = 50_000_000;

struct Rule {
    selector: Selector,
    /// Names of ids, then of classes and attributes, then of elements.
    weight: (usize, usize, usize),
    /// Whether it is about the elements around the one that is matched, and
    /// about those before it.
    around: bool,
    before: bool,
    block: Block,
}

/// The rules of a page that say something of what is seen.
pub struct Sheet {
    rules: Vec<Rule>,
    /// Rules by what an element must have to be matched: `#id`, `.class` or a
    /// name; `*` for all others.
    by_key: HashMap<String, Vec<usize>>,
    steps: usize,
    /// Whether rules were left out, or were no longer applied from some element on.
    cut: bool,
}

impl Sheet {
    /// All rules of the page's `<style>` elements, in order.
    pub fn of(html: &Html) -> Self {
        let mut sheet = Self { rules: Vec::new(), by_key: HashMap::new(), steps: 0, cut: false };
        for node in html.tree.nodes() {
            if let Some(style) = ElementRef::wrap(node).filter(|e| e.value().name() == "style")
                && applies(style.value().attr("media").unwrap_or_default())
            {
                let css: String = style.text().collect();
                let mut input = ParserInput::new(&css);
                sheet.rules_of(&mut Parser::new(&mut input), 0);
            }
        }
        sheet
    }

    /// A sentence where rules were not applied, once all elements were asked for.
    pub fn note(&self) -> Option<String> {
        self.cut.then(|| CUT.to_owned())
    }

    fn rules_of(&mut self, parser: &mut Parser<'_, '_>, depth: usize) {
        let mut start = parser.position();
        while let Ok(token) = parser.next_including_whitespace().cloned() {
            match token {
                Token::Semicolon | Token::CDO | Token::CDC => start = parser.position(),
                Token::CurlyBracketBlock => {
                    let prelude = parser.slice_from(start);
                    let prelude = prelude.trim_end_matches('{').trim().to_owned();
                    let _ = parser.parse_nested_block(|inner| {
                        self.block(&prelude, inner, depth);
                        Ok::<(), ParseError<'_, ()>>(())
                    });
                    start = parser.position();
                }
                _ => {}
            }
        }
    }

    fn block(&mut self, prelude: &str, inner: &mut Parser<'_, '_>, depth: usize) {
        let Some(at_rule) = prelude.strip_prefix('@') else {
            let from = inner.position();
            while inner.next().is_ok() {}
            self.add(prelude, declared::parse(inner.slice_from(from)));
            return;
        };
        let lower = at_rule.to_ascii_lowercase();
        let media = lower.strip_prefix("media");
        let read = media.map_or(lower.starts_with("layer"), applies);
        if read && depth < 4 {
            self.rules_of(inner, depth + 1);
        }
    }

    fn add(&mut self, selectors: &str, block: Block) {
        if block.is_empty() {
            return;
        }
        for text in selectors.split(',').map(without_comments) {
            let text = text.trim();
            // States and places among siblings are not looked at: `a:hover` is
            // not how a page looks, and `:has()` costs too much.
            if text.len() > LONGEST_SELECTOR || text.contains(':') {
                continue;
            }
            if self.rules.len() >= MOST_RULES {
                self.cut = true;
                return;
            }
            let Ok(selector) = Selector::parse(text) else {
                continue;
            };
            self.by_key.entry(key(text)).or_default().push(self.rules.len());
            let before = text.contains('~');
            let around = before || text.contains([' ', '>', '+']);
            self.rules.push(Rule { selector, weight: weight(text), around, before, block });
        }
    }

    /// What the rules say of an element that lies `depth` elements deep, in
    /// order of their weight.
    pub fn of_element(&mut self, element: ElementRef<'_>, depth: usize) -> Vec<Block> {
        if self.rules.is_empty() || self.steps > MOST_STEPS {
            return Vec::new();
        }
        let value = element.value();
        let name = value.name().to_owned();
        let classes = value.classes().map(|class| format!(".{class}"));
        let id = value.id().map(|id| format!("#{id}"));
        let keys = classes.chain(id).chain([name, "*".to_owned()]);
        let mut found: Vec<usize> = Vec::new();
        for key in keys {
            for rule in self.by_key.get(&key).into_iter().flatten() {
                let tried = &self.rules[*rule];
                self.steps += 1;
                if tried.around {
                    self.steps += depth;
                }
                if tried.before {
                    self.steps += element.prev_siblings().take(MOST_STEPS).count();
                }
                if self.steps > MOST_STEPS {
                    self.cut = true;
                    return Vec::new();
                }
                if tried.selector.matches(&element) {
                    found.push(*rule);
                }
            }
        }
        found.sort_by_key(|rule| (self.rules[*rule].weight, *rule));
        found.dedup();
        found.into_iter().map(|rule| self.rules[rule].block).collect()
    }
}

/// What is told of a page of which not all rules were applied.
const CUT: &str = "It has more style rules than are looked at; words that only those hide stand \
                   in the text as if they were seen.";

/// Whether a sheet for these media is one for an ordinary screen. What depends
/// on its width is not: `@media (max-width: 600px)` is for telephones.
fn applies(media: &str) -> bool {
    let mut media = media.split(',').map(|one| one.trim().trim_start_matches("only ").trim());
    media.any(|one| matches!(one, "" | "all" | "screen"))
}

fn without_comments(css: &str) -> String {
    let mut out = String::new();
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}

/// What the element itself must have: the first class or id, else the name,
/// of the part behind the last space, `>`, `+` or `~`.
fn key(selector: &str) -> String {
    if selector.contains('[') || selector.contains('\\') {
        return "*".into();
    }
    let last = selector.rsplit([' ', '>', '+', '~']).next().unwrap_or(selector);
    let Some(at) = last.find(['.', '#']) else {
        return last.to_ascii_lowercase();
    };
    let end = last[at + 1..].find(['.', '#']).map_or(last.len(), |length| at + 1 + length);
    last[at..end].to_owned()
}

fn weight(selector: &str) -> (usize, usize, usize) {
    let ids = selector.matches('#').count();
    let classes = selector.matches(['.', '[']).count();
    let parts = selector.split([' ', '>', '+', '~']);
    let names = parts.filter(|part| part.starts_with(|c: char| c.is_ascii_alphabetic())).count();
    (ids, classes, names)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds of block that the element with the id `x` takes.
    fn gone(css: &str, body: &str) -> Option<bool> {
        let html = Html::parse_document(&format!("<style>{css}</style>{body}"));
        let selector = Selector::parse("#x").expect("a selector");
        let element = html.select(&selector).next().expect("the element");
        let blocks = Sheet::of(&html).of_element(element, 4);
        blocks.into_iter().fold(None, |gone, block| block.normal.gone.or(gone))
    }

    #[test]
    fn rules_are_matched_by_class_id_name_and_place() {
        let body = "<div class=outer><p id=x class='note small'>x</p></div>";
        for css in [
            ".note{display:none}",
            "#x { display : none }",
            "P{display:none}",
            "div.outer > p.small { color: red; display: none }",
            "h1, /* and */ .outer .note { display:none }",
            "@media screen { .note{display:none} }",
            "<!-- @import 'x.css'; p { display:none } -->",
            "[class~=note]{display:none}",
        ] {
            assert_eq!(gone(css, body), Some(true), "{css}");
        }
        for css in [
            ".other{display:none}",
            "h1 > .note{display:none}",
            "@media print { .note{display:none} }",
            "@media (max-width: 600px) { .note{display:none} }",
            ".note:hover{display:none}",
            "@font-face { display:none }",
            ".note{",
        ] {
            assert_eq!(gone(css, body), None, "{css}");
        }
    }

    #[test]
    fn rules_beyond_the_bounds_are_not_left_out_in_silence() {
        let page = |rules: usize| {
            let rules =
                (0..rules).map(|n| format!(".c{n}{{color:red}}")).collect::<Vec<_>>().concat();
            Html::parse_document(&format!("<style>{rules}</style>"))
        };
        assert_eq!(Sheet::of(&page(MOST_RULES)).note(), None);
        assert!(Sheet::of(&page(MOST_RULES + 1)).note().is_some());
        let rows = "<i></i>".repeat(20_000);
        let html = Html::parse_document(&format!("<style>.x ~ i{{color:red}}</style>{rows}"));
        let mut sheet = Sheet::of(&html);
        let elements = html.tree.nodes().filter_map(ElementRef::wrap);
        elements.for_each(|element| drop(sheet.of_element(element, 3)));
        assert!(sheet.note().is_some(), "{} steps", sheet.steps);
    }

    #[test]
    fn the_heavier_rule_wins_and_else_the_later_one() {
        let body = "<p id=x class=note>x</p>";
        assert_eq!(gone("#x{display:block} .note{display:none}", body), Some(false));
        assert_eq!(gone(".note{display:none} .note{display:block}", body), Some(false));
        assert_eq!(gone("p{display:block} .note{display:none}", body), Some(true));
    }
}
