//! The way through a page's tree, element by element and without recursion:
//! blocks, lists, tables, and what is hidden put aside.

use std::collections::HashSet;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node};

use super::Title;
use super::declared::{self, Declared};
use super::elements::{by_attributes, is_block, is_left_out};
use super::list::List;
use super::look::Look;
use super::sheet::Sheet;
use super::table::{self, Rows};
use super::title;
use crate::domain::marks::AsideKind;
use crate::extract::blocks::READINGS;
use crate::extract::flow::Flow;

/// Adds the page's text to `flow`, and says what was not looked at.
pub fn write(html: &Html, title: Title, flow: &mut Flow) -> Option<String> {
    if title == Title::First {
        title::put(html, flow);
    }
    let mut walk = Walk {
        flow,
        sheet: Sheet::of(html),
        data: table::of_data(html),
        looks: vec![Look::default()],
        lists: Vec::new(),
        tables: Vec::new(),
        label: String::new(),
        hidden: None,
        buffered: 0,
        readings: false,
    };
    walk.all(html);
    let readings = walk.readings.then(|| READINGS.to_owned());
    walk.sheet.note().into_iter().chain(readings).reduce(|all, note| format!("{all} {note}"))
}

/// A table of data that is open, and what is hidden in it.
#[derive(Default)]
struct Table {
    rows: Rows,
    hidden: Vec<(AsideKind, String)>,
}

struct Walk<'a> {
    flow: &'a mut Flow,
    sheet: Sheet,
    data: HashSet<NodeId>,
    /// Of the open elements.
    looks: Vec<Look>,
    lists: Vec<List>,
    tables: Vec<Table>,
    /// What stands before the next words: an item's number.
    label: String,
    /// Hidden words that lie together.
    hidden: Option<(AsideKind, String)>,
    /// Bytes that wait in tables and asides.
    buffered: usize,
    /// Whether readings above words were left out.
    readings: bool,
}

impl Walk<'_> {
    fn all(&mut self, html: &Html) {
        let mut left_out: Option<NodeId> = None;
        for edge in html.tree.root().traverse() {
            if self.flow.is_full() {
                break;
            }
            match edge {
                Edge::Open(_) if left_out.is_some() => {}
                Edge::Open(node) => match node.value() {
                    Node::Text(text) => self.text(text),
                    Node::Element(_) if self.open(node) => {}
                    Node::Element(_) => left_out = Some(node.id()),
                    _ => {}
                },
                Edge::Close(node) if left_out == Some(node.id()) => left_out = None,
                Edge::Close(node) if left_out.is_none() => self.close(node),
                Edge::Close(_) => {}
            }
        }
        self.put_hidden();
        while self.tables.pop().is_some_and(|table| self.put_table(table)) {}
        self.flow.end_block();
    }

    /// `false` where the element is left out with all that is in it.
    fn open(&mut self, node: NodeRef<'_, Node>) -> bool {
        let Some(element) = ElementRef::wrap(node) else {
            return true;
        };
        let name = element.value().name();
        self.readings |= name == "rt";
        if is_left_out(name) || self.is_label_cell(element) || self.is_superscript(element) {
            return false;
        }
        let look = self.look(element);
        match name {
            "br" => self.line_break(),
            "li" => self.item(element),
            "ol" | "ul" | "menu" | "dir" => self.list(element, look),
            "option" => self.end_line(),
            "table" if self.data.contains(&node.id()) => {
                self.end_block();
                self.tables.push(Table::default());
            }
            "tr" if self.data.contains(&node.id()) => {
                self.end_line();
                self.tables.push(Table::default());
            }
            "a" if follows_a_link(node) => self.space(" ", false),
            "tr" if !self.tables.is_empty() => self.rows(Rows::row),
            "td" | "th" if !self.tables.is_empty() => {
                let span = |name| element.value().attr(name).and_then(|n| n.trim().parse().ok());
                let (columns, rows) = (span("colspan"), span("rowspan"));
                self.put_hidden();
                self.rows(|table| table.cell(columns.unwrap_or(1), rows.unwrap_or(1)));
            }
            _ if is_block(name) => self.end_block(),
            _ => {}
        }
        self.looks.push(look);
        true
    }

    fn close(&mut self, node: NodeRef<'_, Node>) {
        let Some(element) = ElementRef::wrap(node) else {
            return;
        };
        self.looks.pop();
        match element.value().name() {
            "li" | "option" => self.end_line(),
            "ol" | "ul" | "menu" | "dir" => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.end_block();
                } else {
                    self.end_line();
                }
            }
            "table" | "tr" if self.data.contains(&node.id()) => {
                self.put_hidden();
                if let Some(table) = self.tables.pop() {
                    self.put_table(table);
                }
                if element.value().name() == "table" {
                    self.end_block();
                }
            }
            "tr" if !self.tables.is_empty() => self.rows(Rows::end_row),
            name if is_block(name) => self.end_block(),
            _ => {}
        }
    }

    fn look(&mut self, element: ElementRef<'_>) -> Look {
        let value = element.value();
        let mut declared = by_attributes(element);
        let mut important = Declared::default();
        for block in self.sheet.of_element(element, self.looks.len()) {
            declared = declared.under(block.normal);
            important = important.under(block.important);
        }
        if let Some(style) = value.attr("style") {
            let block = declared::parse(style);
            declared = declared.under(block.normal);
            important = important.under(block.important);
        }
        let outer = self.looks.last().copied().unwrap_or_default();
        outer.inside(&declared.under(important))
    }

    fn text(&mut self, text: &str) {
        let look = self.looks.last().copied().unwrap_or_default();
        if let Some(kind) = look.hidden() {
            self.hide(kind, text);
            return;
        }
        if text.trim().is_empty() {
            self.space(text, look.literal);
            return;
        }
        self.put_hidden();
        let label = std::mem::take(&mut self.label);
        if let Some(table) = self.tables.last_mut() {
            self.buffered += text.len();
            table.rows.text(&label);
            table.rows.text(text);
            self.flow.expect(self.buffered);
            return;
        }
        self.flow.words(&label);
        if look.literal && label.is_empty() {
            self.flow.literal(text);
        } else {
            self.flow.words(text);
        }
    }

    fn space(&mut self, text: &str, literal: bool) {
        if let Some((_, hidden)) = &mut self.hidden {
            hidden.push(' ');
        }
        match self.tables.last_mut() {
            Some(table) => table.rows.text(" "),
            None if literal => self.flow.literal(text),
            None => self.flow.words(" "),
        }
    }

    fn hide(&mut self, kind: AsideKind, text: &str) {
        if text.trim().is_empty() && self.hidden.is_none() {
            return;
        }
        if self.hidden.as_ref().is_some_and(|(last, _)| *last != kind) {
            self.put_hidden();
        }
        self.buffered += text.len();
        self.flow.expect(self.buffered);
        self.hidden.get_or_insert_with(|| (kind, String::new())).1.push_str(text);
    }

    fn put_hidden(&mut self) {
        let Some((kind, words)) = self.hidden.take() else {
            return;
        };
        match self.tables.last_mut() {
            Some(table) => table.hidden.push((kind, words)),
            None => self.flow.aside(kind, &words),
        }
    }

    fn put_table(&mut self, table: Table) -> bool {
        let rows = table.rows.finish();
        for row in rows {
            let row: Vec<String> = row.iter().map(|cell| cell.trim().to_owned()).collect();
            match self.tables.last_mut() {
                Some(outer) => row.iter().for_each(|cell| {
                    outer.rows.text(" ");
                    outer.rows.text(cell);
                }),
                None => self.flow.row(&row),
            }
        }
        if self.tables.is_empty() {
            self.buffered = 0;
        }
        for (kind, words) in table.hidden {
            match self.tables.last_mut() {
                Some(outer) => outer.hidden.push((kind, words)),
                None => self.flow.aside(kind, &format!(" {words} ")),
            }
        }
        true
    }

    fn rows(&mut self, change: impl FnOnce(&mut Rows)) {
        if let Some(table) = self.tables.last_mut() {
            change(&mut table.rows);
        }
    }

    fn line_break(&mut self) {
        if let Some((_, hidden)) = &mut self.hidden {
            hidden.push(' ');
        }
        match self.tables.last_mut() {
            Some(table) => table.rows.text(" "),
            None => self.flow.line_break(),
        }
    }

    fn end_block(&mut self) {
        self.end(Flow::end_block);
    }

    fn end_line(&mut self) {
        self.end(Flow::end_line);
    }

    fn end(&mut self, end: fn(&mut Flow)) {
        if let Some((_, hidden)) = &mut self.hidden {
            hidden.push(' ');
        }
        match self.tables.last_mut() {
            Some(table) => table.rows.text(" "),
            // Between an item's number and its text nothing ends.
            None if self.label.is_empty() => end(self.flow),
            None => {}
        }
    }

    fn list(&mut self, element: ElementRef<'_>, look: Look) {
        if self.lists.is_empty() {
            self.end_block();
        } else {
            self.end_line();
        }
        self.lists.push(List::of(element, look.counting));
    }

    fn item(&mut self, element: ElementRef<'_>) {
        self.end_line();
        let Some(list) = self.lists.last_mut() else {
            return;
        };
        let label = list.label(element);
        if !self.label.is_empty() {
            self.label.push(' ');
        }
        self.label.push_str(&label);
    }

    /// A cell that holds nothing but "(a)" or "•" is the label of what stands
    /// beside it, where the table is layout.
    fn is_label_cell(&mut self, element: ElementRef<'_>) -> bool {
        if element.value().name() != "td" || !self.tables.is_empty() {
            return false;
        }
        let mut text = String::new();
        for piece in element.text().take(20) {
            text.push_str(piece.trim());
            if text.len() > 32 {
                return false;
            }
        }
        if !table::is_label(&text) {
            return false;
        }
        let beside = element.next_siblings().filter_map(ElementRef::wrap);
        let beside = beside.take(20).any(|cell| cell.text().any(|text| !text.trim().is_empty()));
        let hidden = self.look(element).hidden().is_some();
        if !beside || hidden {
            return false;
        }
        self.end_block();
        self.label.push_str(text.trim());
        self.label.push(' ');
        true
    }

    /// A number set higher is a note's or a power, and no digit of the number
    /// before it: `5<sup>2</sup>` is not 52.
    fn is_superscript(&mut self, element: ElementRef<'_>) -> bool {
        if element.value().name() != "sup" {
            return false;
        }
        let text = element.text().take(8).collect::<String>();
        let digits = text.trim();
        let is_number =
            (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if !is_number || self.look(element).hidden().is_some() {
            return false;
        }
        let children = element.descendants().filter_map(ElementRef::wrap);
        let inside_link = element.ancestors().take(3).filter_map(ElementRef::wrap);
        let linked = children.chain(inside_link).any(|element| element.value().name() == "a");
        if linked {
            self.text(&format!("[{digits}]"));
        } else {
            let raised = digits.chars().map(|digit| SUPERSCRIPT[digit as usize - '0' as usize]);
            self.text(&raised.collect::<String>());
        }
        true
    }
}

/// Links that touch are entries of a menu, which styles set apart.
fn follows_a_link(node: NodeRef<'_, Node>) -> bool {
    let before = node.prev_sibling().and_then(ElementRef::wrap);
    before.is_some_and(|before| before.value().name() == "a")
}

const SUPERSCRIPT: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
