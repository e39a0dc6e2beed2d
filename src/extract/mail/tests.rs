use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::*;
use crate::domain::document::PageState;
use crate::domain::marks::AsideKind;

/// The page, and the names of the parts.
fn read(reader: &dyn Extractor, source: impl AsRef<[u8]>) -> (PageRecord, Vec<String>) {
    let (mut pages, mut parts) = (Vec::new(), Vec::new());
    let read = reader.read(source.as_ref(), &Options::default(), &mut |piece| {
        match piece {
            Piece::Page(page) => pages.push(page),
            Piece::Part(part) => {
                let bytes = reader.part(source.as_ref(), &part.name).expect("the part is there");
                assert_eq!(part.bytes, bytes.len() as u64, "{}", part.name);
                parts.push(part.name);
            }
            Piece::Markup(_) => panic!("no markup in mails"),
        }
        ControlFlow::Continue(())
    });
    read.expect("a readable mail");
    (pages.pop().expect("one page"), parts)
}

fn text(source: impl AsRef<[u8]>) -> String {
    read(&Eml, source).0.text
}

/// A mail of several parts, each with its headers.
fn mail_of(kind: &str, parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| format!("--b\r\n{part}\r\n")).collect();
    let parts = parts.concat();
    format!("Subject: S\r\nContent-Type: multipart/{kind}; boundary=b\r\n\r\n{parts}--b--\r\n")
}

#[test]
fn a_mail_opens_with_its_head_and_letters_are_decoded() {
    assert_eq!(
        text(
            "Received: by x\r\nTo: =?utf-8?Q?J=C3=BCrgen?= <j@x.de>,\r\n team: a@x.de, b@x.de;\r\n\
             From: \"Doe, Ana\" <ana@x.de>\r\nDate: nonsense\r\nSubject: =?iso-8859-1?B?S/xuZGlndW5n?=\r\n\
             Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
             Sch=F6ne Gr=FC=DFe\r\n  Ana\r\n"
        ),
        "From: Doe, Ana <ana@x.de>\nTo: Jürgen <j@x.de>; team: a@x.de, b@x.de\nDate: nonsense\n\
         Subject: Kündigung\n\nSchöne Grüße\n  Ana"
    );
}

#[test]
fn wrong_or_missing_words_about_the_encoding_do_no_harm() {
    let body = |label: &str, body: &[u8]| {
        let head = format!("Subject: S\nContent-Type: text/plain{label}\n\n");
        text([head.as_bytes(), body].concat())
    };
    for (label, bytes) in [
        ("; charset=us-ascii", "Gemäß § 4".as_bytes()),
        ("; charset=utf-8", b"Gem\xE4\xDF \xA7 4"),
        ("", b"Gem\xE4\xDF \xA7 4"),
        ("; charset=windows-1252", b"Gem\xE4\xDF \xA7 4"),
        ("; charset=utf-7", b"Gem+AOQA3w- +AKc- 4"),
    ] {
        assert_eq!(body(label, bytes), "Subject: S\n\nGemäß § 4", "{label}");
    }
    let wide: Vec<u8> = "Subject: S\n\nGemäß".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(text([b"\xFF\xFE", &wide[..]].concat()), "Subject: S\n\nGemäß");
}

#[test]
fn the_plain_text_is_read_and_else_the_page_with_what_it_hides() {
    let plain = "Content-Type: text/plain\r\n\r\nPlain words.";
    let page = "Content-Type: text/html\r\n\r\n<p>Page <b style='display:none'>secret</b>words.";
    assert_eq!(text(mail_of("alternative", &[plain, page])), "Subject: S\n\nPlain words.");
    let (read, _) =
        read(&Eml, mail_of("alternative", &["Content-Type: text/plain\r\n\r\n \r\n", page]));
    assert_eq!(read.text, "Subject: S\n\nPage words.\n\nsecret");
    assert_eq!(read.marks.asides[0].kind, AsideKind::Invisible);
    let long =
        format!("Content-Type: text/html\r\n\r\n{}", "<p>All the words of the letter.".repeat(9));
    let stub = mail_of("alternative", &["\r\nSee this mail in a browser.", &long]);
    assert!(text(stub).contains("All the words"), "a stub is no body");
}

#[test]
fn lines_broken_for_sending_are_whole_again() {
    assert_eq!(
        text(
            "Content-Type: text/plain; format=flowed\n\nThe fee \nis 90.\n> Is it \n> due?\nYes.\n-- \nAna"
        ),
        "The fee is 90.\n> Is it due?\nYes.\n--\nAna"
    );
}

#[test]
fn attachments_are_parts_under_harmless_names() {
    let attached = |name: &str, body: &str| {
        format!(
            "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n{body}"
        )
    };
    let inner = "Content-Type: message/rfc822\r\n\r\nSubject: Re: Lease\r\n\r\nInner words.";
    let image = "Content-Type: image/png\r\nContent-ID: <a>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA";
    let source = mail_of(
        "mixed",
        &[
            "\r\nBody.",
            &attached("../../a.pdf", "JVBERg=="),
            &attached(".._.._a.pdf", "JVBERg=="),
            inner,
            image,
            "Content-Type: text/csv\r\nContent-Disposition: attachment\r\n\r\nK\u{FC};1",
        ],
    );
    let (page, parts) = read(&Eml, &source);
    let named = "_.._a.pdf; _.._a (2).pdf; Re_ Lease.eml; part 4.csv";
    assert_eq!(page.text, format!("Subject: S\n\nBody.\n\nAttachments: {named}"));
    assert_eq!(parts, ["_.._a.pdf", "_.._a (2).pdf", "Re_ Lease.eml", "part 4.csv"]);
    assert_eq!(Eml.part(source.as_bytes(), "_.._a.pdf").as_deref(), Ok(&b"%PDF"[..]));
    assert_eq!(Eml.part(source.as_bytes(), "part 4.csv").as_deref(), Ok("K\u{FC};1".as_bytes()));
    let inner = Eml.part(source.as_bytes(), "Re_ Lease.eml").expect("the mail inside");
    assert_eq!(text(inner), "Subject: Re: Lease\n\nInner words.");
    assert_eq!(Eml.part(source.as_bytes(), "other"), Err(ReadError::NoPart));
}

#[test]
fn files_from_before_mime_are_parts_and_no_text() {
    let source = "Subject: S\n\nDear Bo,\nbegin 644 ../cat.txt\n#0V%T\n`\nend\nYours\n";
    let (page, parts) = read(&Eml, source);
    assert_eq!(page.text, "Subject: S\n\nDear Bo,\nYours\n\nAttachments: _cat.txt");
    assert_eq!(parts, ["_cat.txt"]);
    assert_eq!(Eml.part(source.as_bytes(), "_cat.txt").as_deref(), Ok(&b"Cat"[..]));
}

#[test]
fn what_cannot_be_unpacked_is_named_in_a_note() {
    let package = "Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx";
    let (page, parts) = read(&Eml, mail_of("mixed", &["\r\nBody.", package]));
    assert_eq!(parts, ["winmail.dat"]);
    assert!(page.note.expect("a note").contains("winmail.dat"));
    let named = [("__attach_version1.0_#00000000/__substg1.0_3707001F", wide("a.pdf"))];
    let (page, parts) = read(&Msg, compound(&named));
    assert_eq!(parts.len(), 0);
    assert!(page.note.expect("a note").starts_with("1 of its attachments"));
}

#[test]
fn mails_inside_mails_without_end_are_read_as_they_stand() {
    for inside in [
        "Content-Type: message/rfc822\n\n",
        "Content-Type: Multipart/Digest; boundary=b\n\n--b\n\n",
    ] {
        let (page, parts) = read(&Eml, format!("Subject: S\n{}words", inside.repeat(3_000)));
        assert!(page.text.starts_with("Subject: S") && parts.len() == 1, "{:.99}", page.text);
        let (page, parts) = read(&Eml, format!("Subject: S\n{}words", inside.repeat(100_000)));
        assert!(page.text.ends_with("words") && parts.is_empty());
        assert!(page.note.expect("a note").contains("as it is in the file"));
    }
}

#[test]
fn broken_mails_give_what_there_is() {
    assert_eq!(
        text("Subject: S\nContent-Type: multipart/mixed; boundary=b\n\nWords"),
        "Subject: S\n\nWords"
    );
    assert_eq!(
        text("Subject: S\nContent-Transfer-Encoding: base64\n\n%%% no base64"),
        "Subject: S\n\n%%% no base64"
    );
    assert!(text("no header at all\n\nwords").contains("words"));
    let (page, parts) = read(&Eml, "Subject: S\n");
    assert_eq!((page.text.as_str(), parts.len()), ("Subject: S", 0));
    assert_eq!(
        Eml.read(b"\n \n", &Options::default(), &mut |_| ControlFlow::Continue(())),
        Err(ReadError::Blank)
    );
    let (page, _) = read(
        &Eml,
        "Subject: S\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nAAAA",
    );
    assert!(page.note.expect("a note").contains("encrypted"));
}

#[test]
fn a_mailbox_is_a_list_of_mails_that_are_parts() {
    let source = "From ana@x.de Wed Jul 16 06:24:10 2008\nFrom: Ana <ana@x.de>\nDate: Wed, 16 Jul 2008\nSubject: A/B\n\n\
                  Dear Bo,\n\nFrom here on we pay.\n>From Monday\n>>From Tuesday\n\n\
                  From MAILER-DAEMON\nFrom: Bo <bo@x.de>\n\nFine.\n\nFrom x Thu Jul 17 06:24 2008\n";
    let (page, parts) = read(&Mbox, source);
    assert_eq!(
        page.text,
        "| 1 | Wed, 16 Jul 2008 | Ana <ana@x.de> | A/B |\n| 2 | | Bo <bo@x.de> | |"
    );
    assert_eq!(parts, ["0001 A_B.eml", "0002 without a subject.eml"]);
    assert_eq!(page.note.as_deref(), Some("1 of its mails are empty and left out."));
    let mail = Mbox.part(source.as_bytes(), "0001 A_B.eml").expect("the first mail");
    assert!(text(mail).ends_with("Dear Bo,\n\nFrom here on we pay.\nFrom Monday\n>From Tuesday"));
    for wrong in ["0001 other.eml", "0009 A_B.eml", "", "x"] {
        assert_eq!(Mbox.part(source.as_bytes(), wrong), Err(ReadError::NoPart), "{wrong}");
    }
    assert_eq!(read(&Mbox, "Subject: no mailbox\n\nWords").0.text, "Subject: no mailbox\n\nWords");
}

/// An Outlook file of these streams; storages are made as paths need them.
fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a file");
    for (path, bytes) in streams {
        let path = std::path::Path::new("/").join(path);
        file.create_storage_all(path.parent().expect("a parent")).expect("a storage");
        file.create_stream(&path).expect("a stream").write_all(bytes).expect("written");
    }
    file.flush().expect("flushed");
    file.into_inner().into_inner()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Short properties after a header: number, kind, value.
fn fixed(header: usize, entries: &[(u16, u16, u64)]) -> Vec<u8> {
    let mut out = vec![0; header];
    for (id, kind, value) in entries {
        out.extend((u32::from(*id) << 16 | u32::from(*kind)).to_le_bytes());
        out.extend([0; 4]);
        out.extend(value.to_le_bytes());
    }
    out
}

#[test]
fn an_outlook_mail_is_read_with_all_that_is_in_it() {
    let inside = "__attach_version1.0_#00000001/__substg1.0_3701000D/";
    let streams: Vec<(String, Vec<u8>)> = [
        // 2024-03-01 09:30 UTC, in steps of 100 ns since 1601.
        ("__properties_version1.0", fixed(32, &[(0x0039, 0x40, 133_537_590_000_000_000)])),
        ("__substg1.0_0037001F", wide("Kündigung")),
        ("__substg1.0_0C1A001F", wide("Ana")),
        ("__substg1.0_0C1F001F", wide("/O=X/CN=ANA")),
        ("__substg1.0_5D01001F", wide("ana@x.de")),
        ("__substg1.0_1000001F", wide("Sehr geehrte\r\nDamen\u{0}")),
        ("__recip_version1.0_#00000000/__properties_version1.0", fixed(8, &[(0x0C15, 3, 1)])),
        ("__recip_version1.0_#00000000/__substg1.0_3001001F", wide("Bo")),
        ("__recip_version1.0_#00000000/__substg1.0_39FE001F", wide("bo@x.de")),
        ("__recip_version1.0_#00000001/__properties_version1.0", fixed(8, &[(0x0C15, 3, 2)])),
        ("__recip_version1.0_#00000001/__substg1.0_3001001F", wide("Cy")),
        ("__attach_version1.0_#00000000/__substg1.0_37010102", b"%PDF".to_vec()),
        ("__attach_version1.0_#00000000/__substg1.0_3707001F", wide("../a.pdf")),
        ("__attach_version1.0_#00000001/__substg1.0_3001001F", wide("Inner")),
        (
            &format!("{inside}__properties_version1.0"),
            fixed(24, &[(0x0039, 0x40, 133_537_590_000_000_000)]),
        ),
        (&format!("{inside}__substg1.0_0037001F"), wide("Inner")),
        (&format!("{inside}__substg1.0_1000001F"), wide("Inner words")),
        (&format!("{inside}__recip_version1.0_#00000000/__substg1.0_3001001F"), wide("Di")),
    ]
    .map(|(path, bytes)| (path.to_owned(), bytes))
    .to_vec();
    let streams: Vec<_> =
        streams.iter().map(|(path, bytes)| (path.as_str(), bytes.clone())).collect();
    let source = compound(&streams);
    let (page, parts) = read(&Msg, &source);
    assert_eq!(
        page.text,
        "From: Ana <ana@x.de>\nTo: Bo <bo@x.de>\nCc: Cy\nDate: 2024-03-01 09:30 UTC\n\
         Subject: Kündigung\n\nSehr geehrte\nDamen\n\nAttachments: _a.pdf; Inner.msg"
    );
    assert_eq!(parts, ["_a.pdf", "Inner.msg"]);
    assert_eq!(Msg.part(&source, "_a.pdf").as_deref(), Ok(&b"%PDF"[..]));
    let inner = Msg.part(&source, "Inner.msg").expect("the mail inside");
    assert_eq!(
        read(&Msg, inner).0.text,
        "To: Di\nDate: 2024-03-01 09:30 UTC\nSubject: Inner\n\nInner words"
    );
    assert_eq!(Msg.part(&source, "other"), Err(ReadError::NoPart));
}

#[test]
fn an_outlook_body_is_found_in_whatever_form_it_has() {
    let with = |id: &str, bytes: &[u8]| {
        let page = fixed(32, &[(0x3FFD, 3, 1251)]);
        let source = compound(&[("__properties_version1.0", page), (id, bytes.to_vec())]);
        read(&Msg, source).0
    };
    assert_eq!(with("__substg1.0_1000001E", b"\xC4\xE0").text, "Да");
    assert_eq!(with("__substg1.0_10130102", b"<meta charset=windows-1251><p>\xC4\xE0").text, "Да");
    assert_eq!(with("__substg1.0_1013001F", &wide("<p>Да")).text, "Да");
    let rich = b"{\\rtf1\\ansi\\ansicpg1251 \\'c4\\'e0\\par}";
    let size = u32::try_from(rich.len()).expect("short");
    let packed =
        [&(size + 12).to_le_bytes()[..], &size.to_le_bytes(), b"MELA", &[0; 4], rich].concat();
    assert_eq!(with("__substg1.0_10090102", &packed).text, "Да");
    assert!(with("__substg1.0_10090102", b"nothing").note.is_some());
    assert_eq!(with("other", b"").state, PageState::Empty);
}

#[test]
fn a_damaged_outlook_file_is_refused_and_says_why() {
    let whole = compound(&[("__substg1.0_1000001F", wide(&"words ".repeat(2_000)))]);
    for cut in [0, 8, 512, 4_096, whole.len() / 2] {
        let read = Msg.read(&whole[..cut], &Options::default(), &mut |_| ControlFlow::Continue(()));
        assert!(matches!(read, Err(ReadError::DamagedDocument { .. }) | Ok(())), "{cut}: {read:?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        source in proptest::collection::vec(any::<u8>(), 0..400),
        head in "(Subject|To|From|Content-Type|Date): [ -~]{0,40}\r\n\r\n",
    ) {
        let source = [head.as_bytes(), &source].concat();
        for reader in [&Eml as &dyn Extractor, &Mbox, &Msg] {
            let mut names = Vec::new();
            let _ = reader.read(&source, &Options::default(), &mut |piece| {
                if let Piece::Part(part) = piece {
                    names.push(part.name);
                }
                ControlFlow::Continue(())
            });
            for name in names {
                prop_assert!(!name.is_empty() && !name.contains(['/', '\\', '\0']) && !name.starts_with('.'));
            }
        }
    }

    #[test]
    fn mail_structure_of_any_shape_is_survived(
        lines in proptest::collection::vec(
            "(--b|--b--|--c|--c--||words|Content-Type: (multipart/(mixed|alternative|digest); boundary=[bc]|message/rfc822|text/html|image/png)|Content-Transfer-Encoding: (base64|quoted-printable)|From a@b 10:10 2008)",
            0..40,
        ),
    ) {
        let source = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", lines.join("\n"));
        for reader in [&Eml as &dyn Extractor, &Mbox] {
            let mut names = Vec::new();
            let _ = reader.read(source.as_bytes(), &Options::default(), &mut |piece| {
                if let Piece::Part(part) = piece {
                    names.push(part);
                }
                ControlFlow::Continue(())
            });
            for part in names {
                let bytes = reader.part(source.as_bytes(), &part.name);
                prop_assert_eq!(bytes.map(|bytes| bytes.len() as u64), Ok(part.bytes));
            }
        }
    }
}
