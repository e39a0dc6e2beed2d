//! Letters of symbol fonts as the signs that they show. Only what documents of
//! offices hold; the rest is U+FFFD.

/// What `code` of `font` shows. Symbol fonts put their letters at U+F000 and up.
#[must_use]
pub fn shown(font: &str, code: u32) -> char {
    let at = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    let font = font.to_lowercase();
    let known = if font.starts_with("wingdings 2") {
        wingdings2(at)
    } else if font.starts_with("wingdings") {
        wingdings(at)
    } else if font == "symbol" {
        symbol(at)
    } else if at == code {
        char::from_u32(code).filter(|c| !c.is_control())
    } else {
        None
    };
    known.unwrap_or('\u{FFFD}')
}

/// `text` with letters of symbol fonts that were typed as text.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match u32::from(c) {
            code @ 0xF020..=0xF0FF => symbol(code - 0xF000).unwrap_or(c),
            _ => c,
        })
        .collect()
}

fn wingdings(at: u32) -> Option<char> {
    Some(match at {
        0x20 => ' ',
        0x22 => '✂',
        0x28 => '☎',
        0x2A => '✉',
        0x4A => '☺',
        0x6C | 0x9F => '●',
        0x6E | 0xA7 => '■',
        0x6F | 0x71 | 0x72 | 0xA8 => '☐',
        0x75 => '◆',
        0x76 => '❖',
        0x77 => '⬥',
        0x80 => '⓪',
        0x81..=0x8A => char::from_u32(0x2460 + at - 0x81)?,
        0xA1 => '○',
        0xD8 => '➢',
        0xDF => '←',
        0xE0 => '→',
        0xE1 => '↑',
        0xE2 => '↓',
        0xF0 => '⇨',
        0xFB => '✗',
        0xFC => '✓',
        0xFD => '☒',
        0xFE => '☑',
        _ => return None,
    })
}

fn wingdings2(at: u32) -> Option<char> {
    Some(match at {
        0x4F => '✗',
        0x50 => '✓',
        0x51 | 0x53 | 0x54 => '☒',
        0x52 => '☑',
        0x2A | 0xA3 => '☐',
        0x97 => '●',
        _ => return None,
    })
}

/// Adobe's Symbol encoding.
fn symbol(at: u32) -> Option<char> {
    const GREEK_UPPER: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
    const GREEK_LOWER: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
    Some(match at {
        0x22 => '∀',
        0x24 => '∃',
        0x27 => '∋',
        0x2A => '∗',
        0x2D => '−',
        0x40 => '≅',
        0x41..=0x5A => GREEK_UPPER.chars().nth(at as usize - 0x41)?,
        0x5C => '∴',
        0x5E => '⊥',
        0x61..=0x7A => GREEK_LOWER.chars().nth(at as usize - 0x61)?,
        0x7E => '∼',
        0x20..=0x7E => char::from_u32(at)?,
        0xA0 => '€',
        0xA2 => '′',
        0xA3 => '≤',
        0xA5 => '∞',
        0xA7 => '♣',
        0xA8 => '♦',
        0xA9 => '♥',
        0xAA => '♠',
        0xAB => '↔',
        0xAC => '←',
        0xAD => '↑',
        0xAE => '→',
        0xAF => '↓',
        0xB0 => '°',
        0xB1 => '±',
        0xB2 => '″',
        0xB3 => '≥',
        0xB4 => '×',
        0xB6 => '∂',
        0xB7 => '•',
        0xB8 => '÷',
        0xB9 => '≠',
        0xBA => '≡',
        0xBB => '≈',
        0xBC => '…',
        0xC5 => '⊕',
        0xC6 => '∅',
        0xC7 => '∩',
        0xC8 => '∪',
        0xCE => '∈',
        0xCF => '∉',
        0xD2 | 0xE2 => '®',
        0xD3 | 0xE3 => '©',
        0xD4 | 0xE4 => '™',
        0xD5 => '∏',
        0xD6 => '√',
        0xD7 => '⋅',
        0xD8 => '¬',
        0xD9 => '∧',
        0xDA => '∨',
        0xDE => '⇒',
        0xE5 => '∑',
        0xF2 => '∫',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_ticks_and_greek_are_what_a_reader_sees() {
        assert_eq!(shown("Wingdings", 0xF0A8), '☐');
        assert_eq!(shown("Wingdings", 0xFE), '☑');
        assert_eq!(shown("Symbol", 0xF062), 'β');
        assert_eq!(shown("MS Gothic", 0x2610), '☐');
        assert_eq!(shown("Some Font", 0xF041), '\u{FFFD}');
        assert_eq!(plain("a \u{F0B7} b"), "a • b");
    }
}
