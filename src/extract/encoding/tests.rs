//! Tests of decoding.

use super::*;
use proptest::prelude::*;

fn text(source: &[u8]) -> String {
    decode(source).expect("it is text").text
}

#[test]
fn utf8_keeps_its_own_bytes_after_the_mark() {
    assert_eq!(text(b"\xEF\xBB\xBFone\r\ntwo\r\n"), "one\r\ntwo\r\n");
    assert_eq!(decode("Österreich\n".as_bytes()), Ok(Decoded::plain("Österreich\n".into())));
}

#[test]
fn utf16_is_read_with_a_mark_and_without() {
    let words = "Überlassung der Räume";
    let little: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(text(&[b"\xFF\xFE", &little[..]].concat()), words);
    assert_eq!(text(&[b"\xFE\xFF", &big[..]].concat()), words);
    assert_eq!(text(&little), words);
    assert_eq!(text(&big), words);
}

#[test]
fn an_old_encoding_is_recognised_and_the_guess_is_said() {
    let decoded = decode(b"Die K\xFCndigung ist gem\xE4\xDF \xA7 4 m\xF6glich.").expect("text");
    assert_eq!(decoded.text, "Die Kündigung ist gemäß § 4 möglich.");
    assert!(decoded.note.expect("a note").contains("windows-1252, which is a guess"));
    let (russian, ..) = encoding_rs::WINDOWS_1251
        .encode("Настоящий договор вступает в силу с момента его подписания сторонами.");
    assert_eq!(
        text(&russian),
        "Настоящий договор вступает в силу с момента его подписания сторонами."
    );
}

#[test]
fn one_torn_character_does_not_spoil_the_others() {
    let torn = ["Ärger über Öl, übrigens größer als möglich".as_bytes(), b"\xC3"].concat();
    let torn = [&torn[..], " und schöner, süßer Äpfel für".as_bytes()].concat();
    let decoded = decode(&torn).expect("text");
    assert!(decoded.text.starts_with("Ärger über Öl"), "{}", decoded.text);
    assert!(decoded.note.expect("a note").contains("not UTF-8"));
}

#[test]
fn a_named_encoding_is_taken_at_its_word_where_it_fits() {
    let decode = |source: &[u8], label| decode_as(source, Some(label)).expect("text");
    assert_eq!(decode(b"\xC4\xEE\xE3\xEE\xE2\xEE\xF0", "windows-1251").text, "Договор");
    assert_eq!(decode(b"\xC4\xEE\xE3\xEE\xE2\xEE\xF0", "windows-1251").note, None);
    assert_eq!(decode("gemäß".as_bytes(), "iso-8859-1").text, "gemäß");
    assert_eq!(decode(b"gem\xE4\xDF der K\xFCndigung", "utf-8").text, "gemäß der Kündigung");
    assert_eq!(decode(b"gem\xE4\xDF der K\xFCndigung", "x-mine").text, "gemäß der Kündigung");
}

#[test]
fn binary_data_is_refused() {
    assert_eq!(decode(b"MZ\x90\0\x03\0\0\0\x04\0"), Err(ReadError::Binary));
    assert_eq!(decode(b"text with a \0 in it, but otherwise fine"), Err(ReadError::Binary));
    let noise: Vec<u8> = (1..=30_u8).cycle().take(2_000).collect();
    assert_eq!(decode(&noise), Err(ReadError::Binary));
}

/// `text` in EBCDIC, as far as it is letters, digits and these signs.
fn ebcdic(text: &str) -> Vec<u8> {
    let byte = |c: u8| match c {
        b'a'..=b'i' => c - b'a' + 0x81,
        b'j'..=b'r' => c - b'j' + 0x91,
        b's'..=b'z' => c - b's' + 0xA2,
        b'A'..=b'I' => c - b'A' + 0xC1,
        b'J'..=b'R' => c - b'J' + 0xD1,
        b'S'..=b'Z' => c - b'S' + 0xE2,
        b'0'..=b'9' => c - b'0' + 0xF0,
        b'.' => 0x4B,
        b'\n' => 0x25,
        _ => 0x40,
    };
    text.bytes().map(byte).collect()
}

#[test]
fn a_mainframes_text_is_read() {
    let said = "The Supplier shall deliver 40 tons\nwithin 30 days.";
    let decoded = decode(&ebcdic(said)).expect("text");
    assert_eq!(decoded.text, said);
    assert!(decoded.note.expect("a note").contains("EBCDIC (code page 500), which is a guess"));
}

#[test]
fn a_mainframes_control_characters_are_said_to_be_no_text() {
    let source = [ebcdic("Deliver the goods within thirty days").as_slice(), b"\x39"].concat();
    let decoded = decode(&source).expect("text");
    assert!(decoded.text.ends_with("days\u{FFFD}"));
    assert!(decoded.note.expect("a note").contains("Some bytes are not EBCDIC"));
}

#[test]
fn a_mainframes_exclamation_mark_tells_its_code_page() {
    let mut source = ebcdic("Deliver the goods within thirty days of now");
    source.push(0x5A);
    assert!(text(&source).ends_with("now!"));
    source.pop();
    source.push(0x4F);
    assert!(text(&source).ends_with("now!"));
}

#[test]
fn text_of_dos_and_of_old_macs_is_not_read_as_that_of_windows() {
    let said = "Der Käufer übernimmt die Räume, prüft sie und zahlt die Gebühr für Öl.";
    let in_dos: Vec<u8> = said
        .chars()
        .map(|c| match c {
            'ä' => 0x84,
            'ü' => 0x81,
            'Ö' => 0x99,
            c => u8::try_from(c).expect("ASCII"),
        })
        .collect();
    let in_mac: Vec<u8> = said
        .chars()
        .map(|c| match c {
            'ä' => 0x8A,
            'ü' => 0x9F,
            'Ö' => 0x85,
            c => u8::try_from(c).expect("ASCII"),
        })
        .collect();
    assert_eq!(text(&in_dos), said);
    assert_eq!(text(&in_mac), said);
    let note = decode(&in_mac).expect("text").note.expect("a note");
    assert!(note.contains("Mac Roman, which is a guess"), "{note}");
}

#[test]
fn utf16_of_any_script_is_read_without_a_mark() {
    for words in [
        "Договор вступает в силу 1 марта.\n本契約は効力を生じる。\n",
        "任何一方可提前三十天书面通知对方解除合同。\n",
        "각 당사자는 삼십일 전에 서면으로 통지하여 계약을 해지할 수 있다.\n",
    ] {
        utf16_is_found(words);
    }
}

fn utf16_is_found(words: &str) {
    let little: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(text(&little), words);
    assert_eq!(text(&big), words);
}

#[test]
fn utf32_is_read_with_a_mark_and_without() {
    let words = "Überlassung 😀";
    let little: Vec<u8> = words.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let big: Vec<u8> = words.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
    assert_eq!(decode(&[b"\xFF\xFE\0\0", &little[..]].concat()), Ok(Decoded::plain(words.into())));
    assert_eq!(decode(&[b"\0\0\xFE\xFF", &big[..]].concat()), Ok(Decoded::plain(words.into())));
    assert_eq!(text(&little), words);
    assert!(decode(&big).expect("text").note.expect("a note").contains("read as UTF-32BE."));
    // A cut file keeps what is there, and it is said.
    let cut = decode(&little[..little.len() - 1]).expect("text");
    assert!(cut.note.expect("a note").contains("Some bytes are not UTF-32LE text"));
}

#[test]
fn the_encodings_of_east_asia_are_recognised() {
    let japanese = "本契約は両当事者が署名した日に効力を生じる。変更は書面による合意を必要とする。";
    let chinese = "本合同自双方签字之日起生效。任何一方可提前三十天书面通知对方解除合同。";
    let taiwanese = "本合約自雙方簽字之日起生效。任何一方可提前三十天書面通知對方解除合約。";
    let korean =
        "본 계약은 양 당사자가 서명한 날에 효력이 발생한다. 변경은 서면 합의를 필요로 한다.";
    for (words, encoding) in [
        (japanese, encoding_rs::SHIFT_JIS),
        (japanese, encoding_rs::EUC_JP),
        (japanese, encoding_rs::ISO_2022_JP),
        (chinese, encoding_rs::GB18030),
        (taiwanese, encoding_rs::BIG5),
        (korean, encoding_rs::EUC_KR),
    ] {
        let decoded = decode(&encoding.encode(words).0).expect("text");
        assert_eq!(decoded.text, words, "{}", encoding.name());
        assert!(decoded.note.is_some(), "{} is said", encoding.name());
    }
}

#[test]
fn old_encodings_of_europe_are_recognised() {
    let russian = "Настоящий договор вступает в силу с момента его подписания сторонами.";
    let polish =
        "Każda ze stron może wypowiedzieć umowę. Wszelkie zmiany wymagają zgody obu stron.";
    let greek = "Η παρούσα σύμβαση τίθεται σε ισχύ την ημέρα της υπογραφής της από τα μέρη.";
    let turkish = "Bu sözleşme imza tarihinde yürürlüğe girer. Değişiklikler yazılı olmalıdır.";
    let lithuanian = "Ši sutartis įsigalioja pasirašymo dieną. Pakeitimai turi būti rašytiniai.";
    for (words, encoding) in [
        (russian, encoding_rs::KOI8_R),
        (russian, encoding_rs::IBM866),
        (russian, encoding_rs::ISO_8859_5),
        (polish, encoding_rs::WINDOWS_1250),
        (polish, encoding_rs::ISO_8859_2),
        (greek, encoding_rs::ISO_8859_7),
        (turkish, encoding_rs::WINDOWS_1254),
        (lithuanian, encoding_rs::WINDOWS_1257),
        (russian, encoding_rs::X_MAC_CYRILLIC),
    ] {
        assert_eq!(text(&encoding.encode(words).0), words, "{}", encoding.name());
    }
}

#[test]
fn what_a_file_says_of_itself_counts_where_it_fits() {
    // The same bytes are good text in both.
    let source = b"\xC0 partir du 1er mars";
    let greek = decode_as(source, Some("iso-8859-7")).expect("text");
    assert_eq!(greek, Decoded::plain("ΐ partir du 1er mars".into()));
    assert_eq!(decode_as(source, Some("latin1")).expect("text").text, "À partir du 1er mars");
    let wrong = decode_as(b"Die K\xFCndigung ist m\xF6glich.", Some("utf-8")).expect("text");
    assert_eq!(wrong.text, "Die Kündigung ist möglich.");
    assert!(wrong.note.is_some());
    let utf8 = decode_as("Kündigung".as_bytes(), Some("windows-1252")).expect("text");
    assert_eq!(utf8, Decoded::plain("Kündigung".into()));
    let unknown = decode_as(b"plain", Some("no-such-charset")).expect("text");
    assert_eq!(unknown, Decoded::plain("plain".into()));
}

#[test]
fn an_encoding_that_nobody_knows_is_refused_and_not_guessed_into_punctuation() {
    // Every letter of it is a sign, and not all of them are ASCII.
    let signs = b"\xA7!#$%&()*+,-./:;<=>?@[]^{}~";
    let words = "The supplier shall deliver the goods within thirty days. ".repeat(20);
    let sign =
        |c: u8| if c == b' ' { c } else { signs[usize::from(c - b'T'.min(c)) % signs.len()] };
    let cipher: Vec<u8> = words.bytes().map(sign).collect();
    assert_eq!(decode(&cipher), Err(ReadError::Encoding));
}

proptest! {
    #[test]
    fn any_bytes_are_decoded_or_refused(source in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(decoded) = decode(&source) {
            prop_assert!(!decoded.text.contains('\0'));
        }
    }

    #[test]
    fn text_in_utf8_is_never_changed(source in "[^\\p{C}\u{FFFD}]{0,200}") {
        prop_assert_eq!(text(source.as_bytes()), source);
    }
}
