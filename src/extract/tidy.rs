//! White space of extracted pages: what layout left behind goes, the lines stay.

/// Trims line ends, drops control characters (the quality gate has counted
/// them by then), lets at most two blank lines stand together and none at the
/// beginning or the end of a page.
pub fn page(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines() {
        let line: String = line.chars().filter(|c| *c == '\t' || !c.is_control()).collect();
        let line = line.trim_end();
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if !out.is_empty() {
            out.extend(std::iter::repeat_n('\n', 1 + blank.min(2)));
        }
        blank = 0;
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_and_layout_space_goes() {
        assert_eq!(
            page("\n\n  1. Term \r\n\u{0}two\n \n\n\n\nthree\n\n"),
            "  1. Term\ntwo\n\n\nthree"
        );
        assert_eq!(page(" \n\n"), "");
    }
}
