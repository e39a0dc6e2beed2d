//! The fuzz targets' seeds and what was found from them, through the same checks:
//! every reader gives sound pieces or says why it does not.

use std::fs;
use std::path::{Path, PathBuf};

use galley::domain::document::Format;
use galley::extract::{self, Options};

use crate::support::{package, pieces};

fn seeds(format: Format) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(format.name());
    let files = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<_> = files.map(|file| file.expect("an entry").path()).collect();
    files.sort();
    files
}

/// Markdown has the reader of plain text, and its seeds.
fn formats() -> impl Iterator<Item = Format> {
    Format::ALL.into_iter().filter(|format| *format != Format::Md)
}

fn source(format: Format, seed: &Path) -> Vec<u8> {
    let bytes = fs::read(seed).expect("the seed is read");
    package::packed(format.name(), &bytes).unwrap_or(bytes)
}

#[test]
fn every_reader_gives_sound_pieces_of_its_seeds() {
    for format in formats() {
        let seeds = seeds(format);
        assert!(!seeds.is_empty(), "{} has no seeds", format.name());
        for seed in seeds {
            println!("{}", seed.display());
            let source = source(format, &seed);
            pieces::check(extract::extractor(format), &source, &Options::default());
        }
    }
}

#[test]
fn what_is_whole_among_the_seeds_is_told_by_its_content() {
    for format in formats() {
        let is_whole = |seed: &PathBuf| {
            seed.file_name().is_some_and(|name| !name.to_string_lossy().starts_with("broken"))
        };
        for seed in seeds(format).into_iter().filter(is_whole) {
            let bytes = source(format, &seed);
            assert_eq!(extract::format_of(&seed, &bytes), Ok(format), "{}", seed.display());
        }
    }
}
