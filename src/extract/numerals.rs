//! Numbers as the labels of lists write them. Pure; the names are those of Office
//! Open XML (ECMA-376 part 1, 17.18.59).

/// Romans and repeated letters grow without bound; longer ones are written in
/// digits.
const MOST_ROMAN: u32 = 4_999;
const MOST_LETTERS: u32 = 26 * 20;

/// `n` in the format of this name; decimal where the name is not known.
#[must_use]
pub fn written(n: u32, format: &str) -> String {
    match format {
        "none" => String::new(),
        "upperRoman" => roman(n),
        "lowerRoman" => roman(n).to_lowercase(),
        "upperLetter" => letters(n, LATIN),
        "lowerLetter" => letters(n, LATIN).to_lowercase(),
        "russianUpper" => letters(n, RUSSIAN),
        "russianLower" => letters(n, RUSSIAN).to_lowercase(),
        "ordinal" => ordinal(n),
        "cardinalText" => capital(&cardinal(n)),
        "ordinalText" => capital(&ordinal_text(n)),
        "decimalZero" => format!("{n:02}"),
        "decimalZero3" => format!("{n:03}"),
        "decimalZero4" => format!("{n:04}"),
        "decimalZero5" => format!("{n:05}"),
        "hex" => format!("{n:X}"),
        "chicago" => repeated(n, &['*', '†', '‡', '§']),
        "numberInDash" => format!("- {n} -"),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => circled(n),
        "decimalEnclosedParen" => enclosed(n, 0x2474, &format!("({n})")),
        "decimalEnclosedFullstop" => enclosed(n, 0x2488, &format!("{n}.")),
        "decimalFullWidth" | "decimalFullWidth2" => digits(n, '０'),
        "hindiNumbers" => digits(n, '०'),
        "thaiNumbers" => digits(n, '๐'),
        "hebrew1" => hebrew(n),
        "hebrew2" => letters(n, HEBREW),
        "arabicAlpha" => letters(n, ARABIC),
        "arabicAbjad" => letters(n, ABJAD),
        "hindiConsonants" | "hindiVowels" => letters(n, HINDI),
        "thaiLetters" => letters(n, THAI),
        "ganada" => letters(n, GANADA),
        "chosung" => letters(n, CHOSUNG),
        "aiueo" | "aiueoFullWidth" => letters(n, AIUEO),
        "iroha" | "irohaFullWidth" => letters(n, IROHA),
        "ideographTraditional" => letters(n, STEMS),
        "ideographZodiac" => letters(n, BRANCHES),
        "ideographEnclosedCircle" => enclosed(n, 0x3280, &chinese(n, '〇')),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => positional(n),
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand" => chinese(n, '○'),
        "koreanDigital" | "koreanCounting" | "koreanLegal" => korean(n),
        "greekLower" => letters(n, GREEK).to_lowercase(),
        "greekUpper" => letters(n, GREEK),
        _ => n.to_string(),
    }
}

/// The format that Word gives by an example instead of a name ("001, 002, 003, ...").
#[must_use]
pub fn by_example(example: &str) -> &'static str {
    match example.split(',').next().unwrap_or_default().trim() {
        "001" => "decimalZero3",
        "0001" => "decimalZero4",
        "00001" => "decimalZero5",
        "α" => "greekLower",
        "Α" => "greekUpper",
        _ => "decimal",
    }
}

const LATIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const RUSSIAN: &str = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ";
const GREEK: &str = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ";
const HEBREW: &str = "אבגדהוזחטיכלמנסעפצקרשת";
const ARABIC: &str = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي";
const ABJAD: &str = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ";
const HINDI: &str = "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह";
const THAI: &str = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ";
const GANADA: &str = "가나다라마바사아자차카타파하";
const CHOSUNG: &str = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ";
const AIUEO: &str =
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン";
const IROHA: &str = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン";
const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES: &str = "子丑寅卯辰巳午未申酉戌亥";

fn roman(n: u32) -> String {
    const PARTS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if n == 0 || n > MOST_ROMAN {
        return n.to_string();
    }
    let mut rest = n;
    let mut out = String::new();
    for (value, letters) in PARTS {
        while rest >= value {
            out.push_str(letters);
            rest -= value;
        }
    }
    out
}

/// A to Z, then AA, BB: Word repeats the letter.
fn letters(n: u32, alphabet: &str) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    repeated(n, &alphabet)
}

fn repeated(n: u32, signs: &[char]) -> String {
    if n == 0 || n > MOST_LETTERS {
        return n.to_string();
    }
    let (at, count) = ((n as usize - 1) % signs.len(), (n as usize - 1) / signs.len() + 1);
    signs[at].to_string().repeat(count)
}

fn ordinal(n: u32) -> String {
    let ending = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// In English words up to 9,999; in digits beyond.
fn cardinal(n: u32) -> String {
    let at = n as usize;
    match at {
        ..20 => ONES[at].to_owned(),
        20..100 if at.is_multiple_of(10) => TENS[at / 10].to_owned(),
        20..100 => format!("{}-{}", TENS[at / 10], ONES[at % 10]),
        100..10_000 => {
            let (unit, name) = if at < 1_000 { (100, "hundred") } else { (1_000, "thousand") };
            let head = format!("{} {name}", ONES[at / unit]);
            if at.is_multiple_of(unit) {
                return head;
            }
            // Less than a thousand remains.
            let rest = at % unit;
            let rest = if rest < 100 {
                small(rest)
            } else if rest.is_multiple_of(100) {
                format!("{} hundred", ONES[rest / 100])
            } else {
                format!("{} hundred {}", ONES[rest / 100], small(rest % 100))
            };
            format!("{head} {rest}")
        }
        _ => n.to_string(),
    }
}

fn small(n: usize) -> String {
    match n {
        ..20 => ONES[n].to_owned(),
        _ if n.is_multiple_of(10) => TENS[n / 10].to_owned(),
        _ => format!("{}-{}", TENS[n / 10], ONES[n % 10]),
    }
}

fn ordinal_text(n: u32) -> String {
    let words = cardinal(n);
    if words.starts_with(|c: char| c.is_ascii_digit()) {
        return ordinal(n);
    }
    let cut = words.rfind([' ', '-']).map_or(0, |at| at + 1);
    let (head, last) = words.split_at(cut);
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        tens if tens.ends_with('y') => format!("{}ieth", tens.trim_end_matches('y')),
        other => format!("{other}th"),
    };
    format!("{head}{last}")
}

fn capital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map_or_else(String::new, |c| c.to_uppercase().chain(rest).collect())
}

/// ① to ⑳, ㉑ to ㊿.
fn circled(n: u32) -> String {
    let code = match n {
        1..=20 => 0x2460 + n - 1,
        21..=35 => 0x3251 + n - 21,
        36..=50 => 0x32B1 + n - 36,
        _ => return n.to_string(),
    };
    char::from_u32(code).map_or_else(|| n.to_string(), String::from)
}

/// The sign `n` places into a row of signs for 1 to 20 (1 to 10 for ideographs).
fn enclosed(n: u32, first: u32, otherwise: &str) -> String {
    let row = if first == 0x3280 { 10 } else { 20 };
    let sign = (1..=row).contains(&n).then(|| char::from_u32(first + n - 1)).flatten();
    sign.map_or_else(|| otherwise.to_owned(), String::from)
}

/// Decimal digits of another script, which follow its zero in Unicode.
fn digits(n: u32, zero: char) -> String {
    let sign = |d: char| char::from_u32(zero as u32 + d as u32 - '0' as u32).unwrap_or(d);
    n.to_string().chars().map(sign).collect()
}

const HAN: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

fn positional(n: u32) -> String {
    n.to_string().bytes().map(|d| HAN[usize::from(d - b'0')]).collect()
}

/// Counting up to 9,999 with the signs for ten, a hundred and a thousand.
fn chinese(n: u32, zero: char) -> String {
    counted(n, &HAN, ['十', '百', '千'], zero)
}

fn korean(n: u32) -> String {
    let signs = ['영', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구'];
    counted(n, &signs, ['십', '백', '천'], '영')
}

fn counted(n: u32, signs: &[char; 10], units: [char; 3], zero: char) -> String {
    if n == 0 {
        return zero.to_string();
    }
    if n > 9_999 {
        return n.to_string();
    }
    let mut out = String::new();
    for (place, unit) in
        [(1_000, Some(units[2])), (100, Some(units[1])), (10, Some(units[0])), (1, None)]
    {
        let digit = (n / place % 10) as usize;
        // Ten is "ten" and not "one ten".
        if digit > 1 || digit == 1 && (place != 10 || n >= 100) {
            out.push(signs[digit]);
        }
        if digit > 0 {
            out.extend(unit);
        }
    }
    out
}

/// Hebrew numerals up to 999, with 15 and 16 written as nine and six, nine and seven.
fn hebrew(n: u32) -> String {
    const SIGNS: [(u32, char); 22] = [
        (400, 'ת'),
        (300, 'ש'),
        (200, 'ר'),
        (100, 'ק'),
        (90, 'צ'),
        (80, 'פ'),
        (70, 'ע'),
        (60, 'ס'),
        (50, 'נ'),
        (40, 'מ'),
        (30, 'ל'),
        (20, 'כ'),
        (10, 'י'),
        (9, 'ט'),
        (8, 'ח'),
        (7, 'ז'),
        (6, 'ו'),
        (5, 'ה'),
        (4, 'ד'),
        (3, 'ג'),
        (2, 'ב'),
        (1, 'א'),
    ];
    if n == 0 || n > 999 {
        return n.to_string();
    }
    let mut rest = n;
    let mut out = String::new();
    while rest > 0 {
        if let 15 | 16 = rest {
            out.push_str(if rest == 15 { "טו" } else { "טז" });
            break;
        }
        let Some((value, sign)) = SIGNS.iter().find(|(value, _)| *value <= rest) else { break };
        out.push(*sign);
        rest -= value;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn numbers_are_written_as_word_writes_them() {
        for (n, format, expected) in [
            (4, "decimal", "4"),
            (4, "upperRoman", "IV"),
            (1994, "lowerRoman", "mcmxciv"),
            (1, "lowerLetter", "a"),
            (26, "upperLetter", "Z"),
            (27, "lowerLetter", "aa"),
            (28, "lowerLetter", "bb"),
            (11, "ordinal", "11th"),
            (22, "ordinal", "22nd"),
            (21, "cardinalText", "Twenty-one"),
            (1205, "cardinalText", "One thousand two hundred five"),
            (300, "cardinalText", "Three hundred"),
            (12, "ordinalText", "Twelfth"),
            (30, "ordinalText", "Thirtieth"),
            (43, "ordinalText", "Forty-third"),
            (7, "decimalZero", "07"),
            (255, "hex", "FF"),
            (6, "chicago", "††"),
            (3, "numberInDash", "- 3 -"),
            (3, "decimalEnclosedCircle", "③"),
            (3, "decimalEnclosedParen", "⑶"),
            (2, "decimalEnclosedFullstop", "⒉"),
            (12, "decimalFullWidth", "１２"),
            (3, "russianLower", "в"),
            (15, "hebrew1", "טו"),
            (2, "hebrew2", "ב"),
            (12, "japaneseCounting", "十二"),
            (120, "chineseCounting", "一百二十"),
            (10, "ideographDigital", "一〇"),
            (3, "ideographTraditional", "丙"),
            (2, "ganada", "나"),
            (2, "koreanCounting", "이"),
            (3, "aiueo", "ウ"),
            (3, "greekLower", "γ"),
            (9, "none", ""),
            (9, "a name of tomorrow", "9"),
        ] {
            assert_eq!(written(n, format), expected, "{n} as {format}");
        }
    }

    #[test]
    fn no_number_makes_a_label_without_end() {
        for format in ["upperRoman", "lowerLetter", "chicago", "hebrew1", "cardinalText", "ganada"]
        {
            for n in [0, u32::MAX] {
                assert_eq!(
                    written(n, format).to_lowercase(),
                    if n == 0 && format == "cardinalText" { "zero".into() } else { n.to_string() }
                );
            }
        }
    }
}
