//! What is built into the binary: templates, themes and samples, so that an
//! installed galley is whole without its source folder.

use std::fs;
use std::io;
use std::path::Path;

use include_dir::{Dir, include_dir};

static PROMPTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/prompts");
static THEMES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes");
static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/samples");

/// A built-in text file by its stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    pub name: &'static str,
    pub text: &'static str,
}

/// The built-in job templates in the order of their names.
#[must_use]
pub fn prompts() -> Vec<Asset> {
    texts(&PROMPTS)
}

/// The built-in themes in the order of their names.
#[must_use]
pub fn themes() -> Vec<Asset> {
    texts(&THEMES)
}

fn texts(dir: &'static Dir<'static>) -> Vec<Asset> {
    let asset = |file: &'static include_dir::File<'static>| {
        Some(Asset { name: file.path().file_stem()?.to_str()?, text: file.contents_utf8()? })
    };
    let mut all: Vec<Asset> = dir.files().filter_map(asset).collect();
    all.sort_by_key(|asset| asset.name);
    all
}

/// Copies the sample documents into `folder`, leaving files that are there
/// as they are, since the person may have changed them.
///
/// # Errors
/// What the file system says, with the file's name.
pub fn copy_samples(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for file in SAMPLES.files() {
        let Some(name) = file.path().file_name().filter(|name| *name != "README.md") else {
            continue;
        };
        let target = folder.join(name);
        if !target.exists() {
            write_whole(&target, file.contents())?;
        }
    }
    Ok(())
}

/// Writes to a temporary neighbour and renames it, so that nobody ever sees
/// half a file.
///
/// # Errors
/// What the file system says; nothing is left behind then.
pub fn write_whole(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    io::Write::write_all(&mut file, bytes)?;
    file.persist(target).map(|_| ()).map_err(|e| e.error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::template::Template;

    #[test]
    fn every_built_in_template_is_sound_and_named_like_its_file() {
        assert!(prompts().len() >= 3);
        for asset in prompts() {
            let template = Template::parse(asset.text, asset.name, None).expect("a sound template");
            assert_eq!(template.name, asset.name);
        }
    }

    #[test]
    fn samples_that_are_there_are_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let nda = folder.path().join("mutual-nda.md");
        fs::write(&nda, "mine").expect("written");
        copy_samples(folder.path()).expect("copied");
        assert_eq!(fs::read_to_string(&nda).expect("read"), "mine");
        assert!(folder.path().join("services-agreement.pdf").is_file());
        assert!(!folder.path().join("README.md").exists());
    }
}
