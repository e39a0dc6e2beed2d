//! Names for result files: short where they can be, never the same for two
//! documents of one run.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

/// Longest stem in bytes. File systems allow 255 for a name; this leaves room
/// for the endings.
const LONGEST: usize = 200;

/// The stems given out in one run.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By document; and in small letters, since on some file systems capitals
    /// do not count.
    given: HashMap<PathBuf, String>,
    taken: HashMap<String, PathBuf>,
}

impl Names {
    /// The stem of a document's result files: its file name with the ending,
    /// behind those of the `depth` documents that it is in, one in the other;
    /// where another document has that, its path below `root` with `_` for
    /// separators; where that is taken too, more of its path, then a number.
    pub fn stem(&mut self, file: &Path, root: Option<&Path>, depth: usize) -> String {
        if let Some(stem) = self.given.get(file) {
            return stem.clone();
        }
        let mut parts = parts(file);
        let own = parts.split_off(parts.len().saturating_sub(depth + 1)).join(".");
        parts.push(own);
        let below = root
            .and_then(|root| file.strip_prefix(root).ok())
            .map_or(1, |below| below.components().count().saturating_sub(depth));
        let tails = [1].into_iter().chain(below.max(2)..=parts.len().max(1));
        let by_path = tails.map(|n| parts[parts.len().saturating_sub(n)..].join("_"));
        let whole = parts.join("_");
        let by_number = (2_u32..).map(|n| format!("{whole}-{n}"));
        let stem = by_path
            .chain(by_number)
            .map(shortened)
            .find(|stem| !self.taken.contains_key(&stem.to_lowercase()))
            .expect("numbers do not end before documents do");
        self.taken.insert(stem.to_lowercase(), file.to_owned());
        self.given.insert(file.to_owned(), stem.clone());
        stem
    }
}

/// The names in a path, without its root and dots.
fn parts(path: &Path) -> Vec<String> {
    let named = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(safe(&name.to_string_lossy())),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => {
            None
        }
    });
    named.collect()
}

/// A name that every file system takes: that of an attachment is the sender's.
pub(super) fn safe(name: &str) -> String {
    let is_bad = |c: char| c.is_control() || "<>:\"/\\|?*".contains(c);
    name.chars().map(|c| if is_bad(c) { '_' } else { c }).collect()
}

/// A stem that fits into a file name; the hash keeps long ones apart.
pub(super) fn shortened(stem: String) -> String {
    if stem.len() <= LONGEST {
        return stem;
    }
    let hash = blake3::hash(stem.as_bytes()).to_hex();
    let cut = stem.floor_char_boundary(LONGEST - 9);
    format!("{}-{}", &stem[..cut], &hash[..8])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn given(paths: &[&str], root: &str) -> Vec<String> {
        let mut names = Names::default();
        paths.iter().map(|path| names.stem(Path::new(path), Some(Path::new(root)), 0)).collect()
    }

    #[test]
    fn documents_that_share_a_name_are_told_apart_by_their_folders() {
        let paths = ["/w/lease.pdf", "/w/a/nda.md", "/w/b/NDA.md", "/w/b/c/nda.md"];
        assert_eq!(given(&paths, "/w"), ["lease.pdf", "nda.md", "b_NDA.md", "b_c_nda.md"]);
    }

    #[test]
    fn files_given_one_by_one_are_told_apart_too() {
        let mut names = Names::default();
        let mut stem = |path: &str| names.stem(Path::new(path), Some(Path::new(path)), 0);
        assert_eq!(stem("/x/a/nda.md"), "nda.md");
        assert_eq!(stem("/x/b/nda.md"), "b_nda.md");
        assert_eq!(stem("/y/b/nda.md"), "y_b_nda.md");
        assert_eq!(stem("/x/b/nda.md"), "b_nda.md", "a document keeps its name");
    }

    #[test]
    fn a_document_inside_another_one_is_named_behind_it() {
        let mut names = Names::default();
        let root = Path::new("/w");
        let mut stem = |path: &str, depth| names.stem(Path::new(path), Some(root), depth);
        assert_eq!(stem("/w/mail.eml", 0), "mail.eml");
        assert_eq!(stem("/w/mail.eml/contract.pdf", 1), "mail.eml.contract.pdf");
        assert_eq!(stem("/w/mail.eml/forwarded.eml/a:b.pdf", 2), "mail.eml.forwarded.eml.a_b.pdf");
        assert_eq!(stem("/w/in/mail.eml/contract.pdf", 1), "in_mail.eml.contract.pdf");
        assert_eq!(stem("/w/other/mail.eml.contract.pdf", 0), "other_mail.eml.contract.pdf");
        let mut names = Names::default();
        let mut alone =
            |path: &str, depth| names.stem(Path::new(path), Some(Path::new("/w/mail.eml")), depth);
        assert_eq!(alone("/w/mail.eml/contract.pdf", 1), "mail.eml.contract.pdf");
    }

    #[test]
    fn no_two_documents_share_a_name_whatever_their_paths() {
        let paths = ["/w/a/b_c", "/w/a_b/c", "/w/d/c", "/w/a_b_c", "/w/A/B_C", "/w/c", "/w/w_c"];
        let different: BTreeSet<String> =
            given(&paths, "/w").iter().map(|stem| stem.to_lowercase()).collect();
        assert_eq!(different.len(), paths.len(), "{different:?}");
    }

    #[test]
    fn a_long_name_is_cut_to_what_a_file_system_takes() {
        let long = |end: &str| format!("/w/{}{end}", "ä".repeat(120));
        let (a, b) = (long("a.md"), long("b.md"));
        let stems = given(&[&a, &b], "/w");
        assert!(stems.iter().all(|stem| stem.len() <= LONGEST), "{stems:?}");
        assert_ne!(stems[0], stems[1]);
    }
}
