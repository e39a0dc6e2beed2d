//! What a TrueType font's program says of its codes: by which tables they lead
//! to glyphs (OpenType, `cmap`). Reads nothing else of it.

/// Whether codes lead to glyphs by a table for the Macintosh alone, so that they
/// are those of its Roman encoding (ISO 32000-1, 9.6.6.4).
pub fn is_for_macintosh(program: &[u8]) -> bool {
    const MACINTOSH: u16 = 1;
    let platforms = platforms(program).unwrap_or_default();
    !platforms.is_empty() && platforms.iter().all(|platform| *platform == MACINTOSH)
}

/// For which platforms the program has tables of codes.
fn platforms(program: &[u8]) -> Option<Vec<u16>> {
    let tables = program.get(12..)?.chunks_exact(16).take(number(program, 4)?.into());
    let codes = tables.clone().find(|table| table.starts_with(b"cmap"))?;
    let start = usize::try_from(u32::from_be_bytes(codes.get(8..12)?.try_into().ok()?)).ok()?;
    let codes = program.get(start..)?;
    let listed = codes.get(4..)?.chunks_exact(8).take(number(codes, 2)?.into());
    listed.map(|table| number(table, 0)).collect()
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A program with nothing but the head of a table of codes.
    pub fn program(platforms: &[u16]) -> Vec<u8> {
        let count = u16::try_from(platforms.len()).expect("few").to_be_bytes();
        let mut program =
            b"\0\x01\0\0\0\x01\0\0\0\0\0\0cmap\0\0\0\0\0\0\0\x1C\0\0\0\0\0\0".to_vec();
        program.extend(count);
        for platform in platforms {
            program.extend([platform.to_be_bytes().as_slice(), &[0; 6]].concat());
        }
        program
    }

    #[test]
    fn a_program_for_the_macintosh_is_told_from_others() {
        assert!(is_for_macintosh(&program(&[1])));
        assert!(!is_for_macintosh(&program(&[1, 3])));
        assert!(!is_for_macintosh(&program(&[])));
    }

    #[test]
    fn a_program_that_is_cut_off_says_nothing() {
        let whole = program(&[1]);
        assert!((0..whole.len()).all(|end| !is_for_macintosh(&whole[..end.min(whole.len() - 7)])));
    }
}
