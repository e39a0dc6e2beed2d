//! Word and `OpenDocument` files of the corpus that lies beside a developer's
//! checkout, read by the real worker. Says so and passes where there is none.

use galley::domain::document::{Document, Markup, RevisionView};
use galley::domain::marks::{AsideKind, Cite};
use galley::extract::Options;

use crate::support::reading::{assert_sound, corpus, read, read_with};

/// What a file holds: insertions, deletions, moves, comments, footnotes,
/// endnotes, as counted in its XML by hand; and words that a reader sees.
struct Expected {
    name: &'static str,
    counts: [u32; 6],
    seen: &'static [&'static str],
}

const fn file(name: &'static str, counts: [u32; 6], seen: &'static [&'static str]) -> Expected {
    Expected { name, counts, seen }
}

const WORD: [Expected; 20] = [
    file(
        "bonterms_Playbook-of-Additional-Terms-for-Bonterms-Cloud-Terms-and-SLA.docx",
        [0; 6],
        &[
            "• These are examples only. Have legal counsel review before using.",
            "| CLOUD TERMS |\n",
        ],
    ),
    file("docling_Strict.docx", [0; 6], &["Some text"]),
    file(
        "docling_docx_comments.docx",
        [0, 0, 0, 3, 0, 0],
        &[
            "Comment by Jane Editor (2026-01-04) on “This second paragraph also has a reviewer annotation.”: ",
        ],
    ),
    file(
        "docling_unit_test_headers_numbered.docx",
        [0; 6],
        &["\n\n1.2. Section 1.2\n\n", "\n\n2.1.1. Section 2.1.1\n\n", "\n\n2.1. Section 2.1\n\n"],
    ),
    file(
        "docling_word_tables.docx",
        [0; 6],
        &[
            "| Cell 1.0 | Merged Cell 1.1 1.2 | Cell 1.3 |\n| Cell 2.0 | Merged Cell 2.1 2.2 | Cell 2.3 |",
        ],
    ),
    file(
        "mammoth_footnotes.docx",
        [0, 0, 0, 0, 2, 0],
        &["Ouch[1].[2]\n\nFootnotes\n\n[1] A tachyon walks into a bar.\n[2] Fin."],
    ),
    file(
        "oa_bonterms-mutual-nda.docx",
        [0; 6],
        &["| Purpose | {purpose} |\n| Effective Date | {effective_date} |"],
    ),
    file(
        "oa_common-paper-csa.docx",
        [0; 6],
        &[
            "\n\n1. Service\n\n1.1 Access and Use. During",
            "\n\n2.1 Restrictions on Customer.\n\n(a) Except as",
        ],
    ),
    file("oa_common-paper-mutual-nda.docx", [0; 6], &["| Effective Date | {effective_date} |"]),
    file("oa_offer-letter.docx", [0; 6], &["\n\n8. California-Specific Terms\n\n"]),
    file("tika_footnotes.docx", [0, 0, 0, 0, 1, 0], &["prostoy[1] text", "[1] snoska"]),
    file("tika_testAltChunkHTML.docx", [0; 6], &["Example of a table:\n\n| Col 1 | Col 2 |"]),
    file(
        "tika_testComment.docx",
        [0, 0, 0, 1, 0, 0],
        &["Comment by Michael McCandless (2011-09-17) on “text”: Here is a comment"],
    ),
    file(
        "tika_testWORD_2006ml.docx",
        [2, 23, 1, 1, 1, 1],
        &[
            "over the lazy brown dog.",
            "This should have a footnote[1]",
            "This should point to an endnote [i]",
            "This is text within a shape",
            "| R1c1 | R1c2 |\n| R4c1 | R3c2 |",
        ],
    ),
    file("tika_testWORD_missing_ooxml_bean1.docx", [1, 2, 1, 0, 0, 0], &[]),
    file(
        "tika_testWORD_numbered_list.docx",
        [0, 0, 0, 1, 1, 0],
        &[
            "1) This\n\na) Is\n\ni) A multi\n\nii) Level",
            "6. six\n\n7. seven\n\na. seven a\n\ne. seven e",
            "Some-β-CrazyFormat Greek",
            "I’m a little text box\n\n1. Short\n\n2. Stout",
        ],
    ),
    file("tika_testWORD_text_box.docx", [0; 6], &["This text is inside of a text box in the body"]),
    file("unstructured_docx-hdrftr.docx", [0; 6], &["Main document"]),
    file(
        "unstructured_eng_spa_mult.docx",
        [0; 6],
        &["Todos los seres humanos nacen libres e iguales"],
    ),
    file(
        "unstructured_teams_chat.docx",
        [0; 6],
        &["James Bond\nUmm.", "| saved-by | Dennis Forsythe |"],
    ),
];

fn counts(markup: &Markup) -> [u32; 6] {
    [
        markup.insertions,
        markup.deletions,
        markup.moves,
        markup.comments,
        markup.footnotes,
        markup.endnotes,
    ]
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn word_documents_have_the_counts_and_the_words_that_their_xml_has() {
    let Some(folder) = corpus("docx") else { return };
    for Expected { name, counts: expected, seen } in WORD {
        let doc = read(&folder.join(name)).unwrap_or_else(|e| panic!("{e}"));
        assert_sound(&doc);
        let markup = doc.markup.expect("a Word document has counts");
        assert_eq!(counts(&markup), expected, "{name}");
        for words in seen {
            assert!(doc.text.contains(words), "{name} lacks {words:?}: {}", doc.text);
        }
        if expected[3] > 0 {
            let is_comment = |kind: AsideKind| kind == AsideKind::Comment;
            assert!(doc.marks.asides.iter().any(|a| is_comment(a.kind)), "{name}");
        }
    }
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn every_word_document_is_among_those_that_are_expected() {
    let Some(folder) = corpus("docx") else { return };
    let refused = ["tika_testWORD_protected_passtika.docx", "tika_testWORD_truncated.docx"];
    let known = |name: &str| refused.contains(&name) || WORD.iter().any(|file| file.name == name);
    for entry in std::fs::read_dir(folder).expect("the folder can be read").flatten() {
        let name = entry.file_name().into_string().expect("a plain name");
        assert!(known(&name), "{name} has no expected counts");
    }
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn turns_of_an_exported_meeting_are_cited_by_their_times() {
    let Some(folder) = corpus("docx") else { return };
    let path = folder.join("unstructured_teams_chat.docx");
    let doc = read(&path).unwrap_or_else(|e| panic!("{e}"));
    let cited: Vec<Cite> = doc.marks.landmarks.iter().map(|landmark| landmark.cite).collect();
    assert_eq!(cited, [Cite::Time { seconds: 0 }, Cite::Time { seconds: 3 }]);
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn the_views_of_tracked_changes_differ_where_the_changes_are() {
    let Some(folder) = corpus("docx") else { return };
    let path = folder.join("tika_testWORD_2006ml.docx");
    for (view, fox) in [
        (RevisionView::Accepted, "over the lazy brown dog."),
        (RevisionView::Original, "jumped over the lazy brown frog."),
        (RevisionView::Marked, "over the lazy brown {+dog+}[-frog-]."),
    ] {
        let options = Options { view, ..Options::default() };
        let doc: Document = read_with(&path, &options).unwrap_or_else(|e| panic!("{e}"));
        assert!(doc.text.contains(fox), "{view:?}: {}", doc.text);
        assert_eq!(doc.markup.map(|markup| markup.view), Some(view));
    }
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn locked_and_cut_documents_are_refused_for_their_reason() {
    for (folder_name, name, reason) in [
        ("docx", "tika_testWORD_protected_passtika.docx", "needs a password"),
        ("docx", "tika_testWORD_truncated.docx", "damaged"),
        ("other", "tika_testODTEncrypted.odt", "needs a password"),
    ] {
        let Some(folder) = corpus(folder_name) else { return };
        let failure = read(&folder.join(name)).expect_err(name).to_string();
        assert!(failure.contains(reason), "{failure}");
    }
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn open_documents_are_read() {
    let Some(folder) = corpus("other") else { return };
    for (name, seen) in [
        (
            "docling_text_document_01.odt",
            "2. numbered list 2\n\n• bullet list 2.1\n• bullet list 2.2\n",
        ),
        (
            "unstructured_fake.odt",
            "| Header row | Mon | Wed | Fri |\n| Color | Blue | Red | Green |",
        ),
    ] {
        let doc = read(&folder.join(name)).unwrap_or_else(|e| panic!("{e}"));
        assert_sound(&doc);
        assert_eq!(counts(&doc.markup.expect("it has counts")), [0; 6], "{name}");
        assert!(doc.text.contains(seen), "{name}: {}", doc.text);
    }
}
