use super::*;

fn lists(levels: &str, nums: &str) -> Numbering {
    let text = format!(
        "<w:numbering><w:abstractNum w:abstractNumId='0'>{levels}</w:abstractNum>{nums}</w:numbering>"
    );
    let (numbering, error) = Numbering::parse(&text);
    assert_eq!(error, None);
    numbering
}

fn lvl(at: usize, format: &str, pattern: &str, more: &str) -> String {
    format!(
        "<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{format}'/>{more}\
         <w:lvlText w:val='{pattern}'/></w:lvl>"
    )
}

const NUM: &str = "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>";

fn labels(numbering: &mut Numbering, asked: &[(&str, usize)]) -> Vec<String> {
    let mut label = |num: &str, level| numbering.next(num, level, &|_| None);
    asked.iter().map(|(n, l)| label(n, *l).map_or_else(String::new, |l| l.text)).collect()
}

#[test]
fn a_clause_is_labelled_with_the_numbers_above_it() {
    let levels = lvl(0, "decimal", "%1.", "")
        + &lvl(1, "decimal", "%1.%2", "")
        + &lvl(2, "lowerLetter", "%1.%2(%3)", "<w:suff w:val='nothing'/>");
    let mut numbering = lists(&levels, NUM);
    let asked = [("1", 0), ("1", 1), ("1", 1), ("1", 2), ("1", 2), ("1", 0), ("1", 1), ("1", 2)];
    assert_eq!(
        labels(&mut numbering, &asked),
        ["1. ", "1.1 ", "1.2 ", "1.2(a)", "1.2(b)", "2. ", "2.1 ", "2.1(a)"]
    );
}

#[test]
fn legal_style_writes_the_numbers_above_in_digits() {
    let levels = lvl(0, "upperRoman", "Article %1", "") + &lvl(1, "decimal", "%1.%2", "<w:isLgl/>");
    let mut numbering = lists(&levels, NUM);
    let asked = [("1", 0), ("1", 0), ("1", 1)];
    assert_eq!(labels(&mut numbering, &asked), ["Article I ", "Article II ", "2.1 "]);
}

#[test]
fn a_second_number_of_a_list_goes_on_unless_it_has_its_own_start() {
    let levels = lvl(0, "decimal", "%1.", "");
    let nums = format!(
        "{NUM}<w:num w:numId='2'><w:abstractNumId w:val='0'/></w:num>\
         <w:num w:numId='3'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'>\
         <w:startOverride w:val='7'/></w:lvlOverride></w:num>"
    );
    let mut numbering = lists(&levels, &nums);
    let asked = [("1", 0), ("2", 0), ("3", 0), ("3", 0), ("1", 0)];
    assert_eq!(labels(&mut numbering, &asked), ["1. ", "2. ", "7. ", "8. ", "9. "]);
}

#[test]
fn a_level_may_go_on_or_restart_after_a_higher_one_only() {
    let levels = lvl(0, "decimal", "%1", "")
        + &lvl(1, "decimal", "n%2", "<w:lvlRestart w:val='0'/>")
        + &lvl(2, "decimal", "h%3", "<w:lvlRestart w:val='1'/>");
    let mut numbering = lists(&levels, NUM);
    let asked = [("1", 0), ("1", 1), ("1", 2), ("1", 1), ("1", 2), ("1", 0), ("1", 1), ("1", 2)];
    assert_eq!(
        labels(&mut numbering, &asked),
        ["1 ", "n1 ", "h1 ", "n2 ", "h2 ", "2 ", "n3 ", "h1 "]
    );
}

#[test]
fn a_number_may_replace_a_level() {
    let over = format!(
        "<w:num w:numId='1'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'>{}</w:lvlOverride></w:num>",
        lvl(0, "upperLetter", "(%1)", "")
    );
    let mut numbering = lists(&lvl(0, "decimal", "%1.", ""), &over);
    assert_eq!(labels(&mut numbering, &[("1", 0), ("1", 0)]), ["(A) ", "(B) "]);
}

#[test]
fn bullets_are_dots_and_numbers_by_example_are_known() {
    let example = "<mc:AlternateContent><mc:Choice><w:numFmt w:val='custom' w:format='001, 002, 003, ...'/>\
                   </mc:Choice><mc:Fallback><w:numFmt w:val='decimal'/></mc:Fallback></mc:AlternateContent>";
    let levels = lvl(0, "bullet", "\u{F0B7}", "") + &lvl(1, "decimal", "%2", example);
    let mut numbering = lists(&levels, NUM);
    assert_eq!(labels(&mut numbering, &[("1", 0), ("1", 1)]), ["• ", "001 "]);
}

#[test]
fn links_that_go_round_and_lists_that_are_missing_give_no_label_and_end() {
    let text = "<w:numbering><w:abstractNum w:abstractNumId='0'><w:numStyleLink w:val='A'/><w:styleLink w:val='B'/>\
                </w:abstractNum><w:abstractNum w:abstractNumId='1'><w:numStyleLink w:val='B'/><w:styleLink w:val='A'/>\
                </w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>\
                <w:num w:numId='2'><w:abstractNumId w:val='5'/></w:num></w:numbering>";
    let (mut numbering, _) = Numbering::parse(text);
    assert_eq!(labels(&mut numbering, &[("1", 0), ("2", 0), ("3", 0)]), ["", "", ""]);
}
