//! What a list of CSS declarations says of whether its element is seen: the
//! few properties that matter, as they were declared. Knows no element.

use cssparser::{Delimiter, ParseError, Parser, ParserInput, Token};

use super::colour::{self, Colour};

/// A length as CSS gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Length {
    /// In CSS pixels, 96 to the inch.
    Px(f32),
    /// As a multiple of the parent's letters.
    Em(f32),
}

impl Length {
    /// In CSS pixels, where an em has `em` of them.
    pub fn px(self, em: f32) -> f32 {
        match self {
            Self::Px(px) => px,
            Self::Em(times) => times * em,
        }
    }
}

/// How the items of an ordered list are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    Decimal,
    Alpha { upper: bool },
    Roman { upper: bool },
    None,
}

/// The properties that matter; `None` where nothing was declared.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Declared {
    /// `display`, where it is `none` or not.
    pub gone: Option<bool>,
    /// `visibility`, where it is `visible` or not.
    pub unseen: Option<bool>,
    pub opacity: Option<f32>,
    pub colour: Option<Colour>,
    pub background: Option<Colour>,
    pub font_size: Option<Length>,
    pub text_indent: Option<Length>,
    /// The farthest of `left`, `top` and `margin-left` to the left or up, and
    /// of `right` and `bottom` beyond the other sides.
    pub shift: Option<Length>,
    /// Whether it is taken out of its place.
    pub positioned: Option<bool>,
    /// The smaller of width and height.
    pub extent: Option<Length>,
    /// Whether what does not fit is cut off.
    pub cut_off: Option<bool>,
    /// Whether `clip` or `clip-path` leaves nothing of it.
    pub clipped: Option<bool>,
    pub counting: Option<Counting>,
    /// Whether line ends and spaces are layout.
    pub literal: Option<bool>,
}

impl Declared {
    /// These declarations with `stronger` ones laid over them.
    pub fn under(self, stronger: Self) -> Self {
        Self {
            gone: stronger.gone.or(self.gone),
            unseen: stronger.unseen.or(self.unseen),
            opacity: stronger.opacity.or(self.opacity),
            colour: stronger.colour.or(self.colour),
            background: stronger.background.or(self.background),
            font_size: stronger.font_size.or(self.font_size),
            text_indent: stronger.text_indent.or(self.text_indent),
            shift: stronger.shift.or(self.shift),
            positioned: stronger.positioned.or(self.positioned),
            extent: stronger.extent.or(self.extent),
            cut_off: stronger.cut_off.or(self.cut_off),
            clipped: stronger.clipped.or(self.clipped),
            counting: stronger.counting.or(self.counting),
            literal: stronger.literal.or(self.literal),
        }
    }
}

/// Declarations, those marked `!important` apart.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Block {
    pub normal: Declared,
    pub important: Declared,
}

impl Block {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A declaration's value, piece by piece.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Word(String),
    Number(f32),
    Length(Length),
    Colour(Colour),
    /// A function that is no colour, with its numbers.
    Function(String, Vec<f32>),
    Important,
}

/// Reads the content of a `style` attribute or of a rule.
pub fn parse(css: &str) -> Block {
    let mut input = ParserInput::new(css);
    let mut parser = Parser::new(&mut input);
    let mut block = Block::default();
    while !parser.is_exhausted() {
        let one = parser.parse_until_after(Delimiter::Semicolon, declaration);
        let Ok((name, mut values)) = one else {
            continue;
        };
        let before = values.len();
        values.retain(|value| *value != Value::Important);
        let layer = if before == values.len() { &mut block.normal } else { &mut block.important };
        apply(layer, &name, &values);
    }
    block
}

fn declaration<'i>(
    parser: &mut Parser<'i, '_>,
) -> Result<(String, Vec<Value>), ParseError<'i, ()>> {
    let name = parser.expect_ident()?.to_ascii_lowercase();
    parser.expect_colon()?;
    let mut values = Vec::new();
    while let Ok(token) = parser.next().cloned() {
        match token {
            Token::Function(name) => values.push(function(&name.to_ascii_lowercase(), parser)),
            Token::UnquotedUrl(_) => values.push(Value::Colour(Colour::Unknown)),
            Token::Delim('!') => values.push(Value::Important),
            token => values.extend(plain(&token)),
        }
    }
    Ok((name, values))
}

fn plain(token: &Token<'_>) -> Option<Value> {
    Some(match token {
        Token::Ident(word) => {
            let word = word.to_ascii_lowercase();
            colour::named(&word).map_or(Value::Word(word), Value::Colour)
        }
        Token::Hash(digits) | Token::IDHash(digits) => Value::Colour(colour::hash(digits)?),
        Token::Number { value, .. } => Value::Number(*value),
        Token::Percentage { unit_value, .. } => Value::Length(Length::Em(*unit_value)),
        Token::Dimension { value, unit, .. } => Value::Length(length(*value, unit)?),
        _ => return None,
    })
}

fn length(value: f32, unit: &str) -> Option<Length> {
    let px = match unit.to_ascii_lowercase().as_str() {
        "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "pc" | "rem" | "vw" | "vh" => 16.0,
        "em" => return Some(Length::Em(value)),
        "ex" | "ch" => return Some(Length::Em(value / 2.0)),
        _ => return None,
    };
    Some(Length::Px(value * px))
}

fn function(name: &str, parser: &mut Parser<'_, '_>) -> Value {
    let mut numbers = Vec::new();
    let mut percent = false;
    let _ = parser.parse_nested_block(|inner| {
        while let Ok(token) = inner.next() {
            match token {
                Token::Number { value, .. } | Token::Dimension { value, .. } => {
                    numbers.push(*value);
                }
                Token::Percentage { unit_value, .. } => {
                    percent = true;
                    numbers.push(*unit_value);
                }
                _ => {}
            }
        }
        Ok::<(), ParseError<'_, ()>>(())
    });
    match name {
        "rgb" | "rgba" | "hsl" | "hsla" => colour::function(name, &numbers, percent)
            .map_or_else(|| Value::Function(name.to_owned(), numbers), Value::Colour),
        "rect" | "inset" | "circle" | "polygon" | "calc" | "scale" => {
            Value::Function(name.to_owned(), numbers)
        }
        // url(), gradients and variables.
        _ => Value::Colour(Colour::Unknown),
    }
}

fn apply(to: &mut Declared, name: &str, values: &[Value]) {
    let word = values.iter().find_map(|value| match value {
        Value::Word(word) => Some(word.as_str()),
        _ => None,
    });
    let length = values.iter().find_map(as_length);
    let colour = values.iter().find_map(|value| match value {
        Value::Colour(colour) => Some(*colour),
        _ => None,
    });
    match name {
        "display" => to.gone = word.map(|word| word == "none").or(to.gone),
        "mso-hide" if word == Some("all") => to.gone = Some(true),
        "visibility" => to.unseen = word.map(|word| word != "visible").or(to.unseen),
        "opacity" => to.opacity = values.iter().find_map(as_number).or(to.opacity),
        "color" => to.colour = colour.or(to.colour),
        "background-color" => to.background = colour.or(to.background),
        "background" | "background-image" => {
            let unknown = values.contains(&Value::Colour(Colour::Unknown));
            let colour = if unknown { Some(Colour::Unknown) } else { colour };
            to.background = colour.or(to.background);
        }
        "font-size" => to.font_size = font_size(word, length).or(to.font_size),
        "font" => to.font_size = shorthand_size(values).or(to.font_size),
        "text-indent" => to.text_indent = length.or(to.text_indent),
        "left" | "top" | "margin-left" | "margin-top" | "right" | "bottom" => {
            to.shift = least(to.shift, length);
        }
        "position" => {
            to.positioned = word.map(|w| matches!(w, "absolute" | "fixed")).or(to.positioned);
        }
        "width" | "height" | "max-height" | "max-width" => {
            to.extent = least(to.extent, length);
        }
        "overflow" | "overflow-x" | "overflow-y" => {
            to.cut_off = word.map(|word| matches!(word, "hidden" | "clip")).or(to.cut_off);
        }
        "clip" | "clip-path" => to.clipped = Some(values.iter().any(leaves_nothing)),
        "list-style" | "list-style-type" => to.counting = word.and_then(counting).or(to.counting),
        "white-space" => {
            to.literal = word.map(|word| word.starts_with("pre")).or(to.literal);
        }
        _ => {}
    }
}

fn as_number(value: &Value) -> Option<f32> {
    match value {
        Value::Number(number) => Some(*number),
        // Only percentages are multiples here.
        Value::Length(Length::Em(share)) => Some(*share),
        _ => None,
    }
}

fn as_length(value: &Value) -> Option<Length> {
    match value {
        Value::Length(length) => Some(*length),
        // Zero needs no unit, and pages written by hand forget it elsewhere.
        Value::Number(number) => Some(Length::Px(*number)),
        _ => None,
    }
}

fn font_size(word: Option<&str>, length: Option<Length>) -> Option<Length> {
    match word {
        Some("small" | "x-small" | "xx-small" | "medium" | "large" | "x-large" | "xx-large") => {
            Some(Length::Px(16.0))
        }
        _ => length,
    }
}

/// In `font: bold 12px/1.5 Arial` the size is the first length; a number
/// before it is the weight.
fn shorthand_size(values: &[Value]) -> Option<Length> {
    values.iter().find_map(|value| match value {
        Value::Length(length) => Some(*length),
        Value::Number(number) if *number < 1.0 => Some(Length::Px(*number)),
        _ => None,
    })
}

/// The lesser of two lengths, an em taken for 16 pixels.
fn least(one: Option<Length>, other: Option<Length>) -> Option<Length> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.px(16.0) < one.px(16.0) { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// `rect(0,0,0,0)`, `rect(1px,1px,1px,1px)`, `inset(50%)` and `inset(100%)`.
fn leaves_nothing(value: &Value) -> bool {
    match value {
        Value::Function(name, numbers) if name == "rect" => {
            numbers.len() >= 4 && (numbers[2] - numbers[0]).abs() <= 1.0
        }
        Value::Function(name, numbers) if name == "inset" => {
            numbers.first().is_some_and(|share| (0.5..=1.0).contains(share))
        }
        _ => false,
    }
}

fn counting(word: &str) -> Option<Counting> {
    Some(match word {
        "decimal" | "decimal-leading-zero" => Counting::Decimal,
        "lower-alpha" | "lower-latin" => Counting::Alpha { upper: false },
        "upper-alpha" | "upper-latin" => Counting::Alpha { upper: true },
        "lower-roman" => Counting::Roman { upper: false },
        "upper-roman" => Counting::Roman { upper: true },
        "none" => Counting::None,
        _ => return None,
    })
}
