//! Characters that are written as control words (RTF Specification 1.9.1,
//! "Special characters").

/// Characters that have words of their own.
pub fn special(name: &[u8]) -> Option<char> {
    Some(match name {
        b"tab" => '\t',
        b"emdash" => '—',
        b"endash" => '–',
        b"lquote" => '‘',
        b"rquote" => '’',
        b"ldblquote" => '“',
        b"rdblquote" => '”',
        b"bullet" => '•',
        b"emspace" | b"enspace" | b"qmspace" => ' ',
        b"zwj" => '\u{200D}',
        b"zwnj" => '\u{200C}',
        b"zwbo" => '\u{200B}',
        b"ltrmark" => '\u{200E}',
        b"rtlmark" => '\u{200F}',
        _ => return None,
    })
}
