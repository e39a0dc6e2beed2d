//! Mails, web pages and Rich Text of the corpus that lies beside a developer's
//! checkout, read by the real worker. Says so and passes where there is none.

use std::path::Path;

use galley::domain::document::{Document, Format};

use crate::support::reading::{assert_sound, corpus, read};

/// A file, what stands in its text, and the documents in it.
type Expected = (&'static str, &'static [&'static str], &'static [&'static str]);

const MAILS: [Expected; 25] = [
    (
        "docling_eml_simple.eml",
        &["From: Alice Example <alice@example.com>\nTo: ", "Hello Bob,"],
        &[],
    ),
    ("spamscope_mail_malformed_1.eml", &["Subject: immagine\n"], &["20160523_916527.jpg_.zip"]),
    ("stalwart_legacy_001.eml", &["Jürgen Schmürgen <", "über ihre mißliche Lage; \"wir"], &[]),
    ("stalwart_legacy_010.eml", &["To: Heinz Müller <", "die Frösche\n\nDie", "daß sie"], &[]),
    ("stalwart_legacy_020.eml", &["To: Jürgen Schmürgen <", "das außerordentliche Getöse"], &[]),
    ("stalwart_malformed_002.eml", &["body"], &[]),
    ("stalwart_malformed_010.eml", &[], &["part 1.eml"]),
    (
        "stalwart_rfc_001.eml",
        &["From: Whomever\nTo: Someone\nDate: Whenever\nSubject: whatever"],
        &["BodyFormats.ps", "_u_nsb_writing_rfcs_RFC-MIME.ps", "part 3.txt"],
    ),
    ("stalwart_rfc_005.eml", &["It does NOT end with a linebreak.\n\nThis is explicitly"], &[]),
    ("stalwart_thirdparty_003.eml", &["black king to queen's", "Move ♚ to ♛'s ♝"], &[]),
    ("stalwart_thirdparty_008.eml", &["Another part"], &["part 1.txt", "submsg.eml"]),
    (
        "tika_complex.mbox",
        &[
            "| 2 | Sun, 31 May 2009 22:30:49 -0700 (PDT) | Jianmin Woo <jianmin_woo@yahoo.com> | Re: ",
        ],
        &[
            "0001 Re_ question about when shuffle_sort start working.eml",
            "0002 Re_ question about when shuffle_sort start working.eml",
            "0003 Re_ question about when shuffle_sort start working.eml",
        ],
    ),
    ("tika_testEML_embedded_xhtml_and_img.eml", &["Using inline content"], &["testimage.jpeg"]),
    ("tika_testMSG.msg", &["Date: 2009-01-29 19:16 UTC", "making the type detection code"], &[]),
    (
        "tika_testMSG_att_msg.msg",
        &["To: Nick Booth <nick.booth@pof.com.au>"],
        &["Test Attachment.msg", "smbprn.00009008.KdcPjl.pdf"],
    ),
    (
        "tika_testRFC822_multipart_attachments.eml",
        &["This is test email for EML1"],
        &["Test TxtA.txt", "Test TxtB.txt"],
    ),
    (
        "unstructured_email-no-utf8-2008-07-16.062410.eml",
        &["Subject: RE: שלום", "אני חושב שזה לא יהיה מקצועי"],
        &[],
    ),
    ("unstructured_email-replace-mime-encodings-error-2.eml", &["Dear Exhibitor,"], &[]),
    ("unstructured_fake-email-attachment.eml", &["- Lots of whitespace"], &["fake-attachment.txt"]),
    ("unstructured_fake-email-utf-16-le.eml", &["Subject: Test Email", "Roses are red"], &[]),
    ("unstructured_family-day.eml", &["a petting zoo, funnel cake"], &[]),
    ("unstructured_mime-different-plain-html.eml", &["This is the text/plain part."], &[]),
    ("unstructured_mime-multi-to-cc-bcc.eml", &["Cc: Tom <tom@example.com>, Alice <"], &[]),
    ("unstructured_mime-word-encoded-subject.eml", &["Simple email with ☸☿ Unicode"], &[]),
    ("unstructured_test-invalid-date.eml", &["Date: INVALID-DATE-FORMAT"], &[]),
];

const PAGES: [Expected; 10] = [
    (
        "docling_table_06.html",
        &["Header\n\nThis is", "| A1 | B1 | C1 |", "| E1 | E2 |\n| E3 | E4 |"],
        &[],
    ),
    ("markitdown_test_blog.html", &["n: The number of responses", "What's New in AutoGen?"], &[]),
    ("tika_boilerplate.html", &["Title\n\n", "This is the real meat of the page, and"], &[]),
    ("tika_testArabicMisleadingCharset.html", &["في قرية من القرى كان هناك رجل حكيم"], &[]),
    ("tika_testBrokenHTMLContainingRFC822.html", &["A heading\n\nSome text\n\nYes"], &[]),
    ("tika_testHTMLNoisyMetaEncoding_1.html", &["وأعرب الاتحاد الجزائري وقتها"], &[]),
    (
        "unstructured_example-10k-1p.html",
        &[
            "☐ TRANSITION REPORT PURSUANT",
            "| Common stock | GLXZ | OTCQB marketplace |",
            "| Item 1A. | Risk Factors | 9 |",
        ],
        &[],
    ),
    (
        "unstructured_example-steelJIS-datasheet-utf-16.html",
        &["| 0.39 - 0.46 | 0.2 - 0.35 | 0.65 - 1.1 |", "成分"],
        &[],
    ),
    ("unstructured_example-with-scripts.html", &["Dec 13, 2022 - Press ISW", "Key Takeaways"], &[]),
    ("unstructured_fake-html-cp1252.html", &["15,50 €.\nL'été", "ñoquis"], &[]),
];

const RICH: [Expected; 4] = [
    ("tika_testRTF.rtf", &["Test d’indexation Word"], &[]),
    (
        "tika_testRTFJapanese.rtf",
        &["ゾルゲと尾崎、淡々と最期", "\n2. 「何等取乱シタル態度無ク」"],
        &[],
    ),
    ("tika_testRTFListMicrosoftWord.rtf", &["1. one\n2. two", "1. a\n- aa\n- ab\n2. b"], &[]),
    ("tika_testRTFWindowsCodepage1250.rtf", &["zażółć gęślą jaźń"], &[]),
];

fn assert_reads(folder: &Path, expected: &[Expected], format: impl Fn(Format) -> bool) {
    for (name, seen, parts) in expected {
        let doc = read(&folder.join(name)).unwrap_or_else(|failure| panic!("{failure}"));
        assert_sound(&doc);
        assert!(format(doc.format), "{name} was taken for {:?}", doc.format);
        for words in *seen {
            assert!(doc.text.contains(words), "{name} has no “{words}”");
        }
        assert!(!doc.text.contains('\u{FFFD}'), "{name} has characters that were not decoded");
        assert_eq!(names(&doc), *parts, "{name}");
    }
}

fn names(doc: &Document) -> Vec<&str> {
    doc.parts.iter().map(|part| part.name.as_str()).collect()
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn every_mail_of_the_corpus_is_read_or_refused_for_a_reason() {
    let Some(folder) = corpus("email") else { return };
    let mail = |format| matches!(format, Format::Eml | Format::Mbox | Format::Msg);
    assert_reads(&folder, &MAILS, mail);
    let empty = read(&folder.join("unstructured_empty.eml")).expect_err("nothing is in it");
    assert!(empty.to_string().contains("nothing but white space"), "{empty}");
    let files = std::fs::read_dir(&folder).expect("the folder").count();
    assert_eq!(files, MAILS.len() + 1, "every file is looked at");
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn every_page_of_the_corpus_is_read() {
    let Some(folder) = corpus("html") else { return };
    assert_reads(&folder, &PAGES, |format| format == Format::Html);
    let files = std::fs::read_dir(&folder).expect("the folder").count();
    assert_eq!(files, PAGES.len(), "every file is looked at");
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn every_rich_text_document_of_the_corpus_is_read() {
    let Some(folder) = corpus("other") else { return };
    assert_reads(&folder, &RICH, |format| format == Format::Rtf);
}
