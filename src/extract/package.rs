//! Zip packages that office programs write: the parts inside, by name, unpacked
//! within bounds. Knows zip; knows nothing of what a part holds.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::read::read_zipfile_from_stream;

use super::failure::ReadError;
use super::limits::Limits;

/// More entries than any honest document has; a directory of them costs memory
/// before a single one is unpacked.
const MOST_ENTRIES: usize = 20_000;
/// A part may unpack to this many times the text that may be read: markup takes
/// far more room than the words in it.
const PART_PER_TEXT: u64 = 4;
/// All parts together, each as often as it is asked for.
const ALL_PER_TEXT: u64 = 8;
/// Parts may unpack to this much in any case: styles alone take hundreds of
/// kilobytes.
const LEAST: u64 = 16 * 1024 * 1024;
/// Deflate makes up to 1,032 bytes of one. Markup of real documents stays under
/// 100; a small file may be all blanks, so only large ones are held to it.
const MOST_RATIO: u64 = 400;
const RATIO_FROM: u64 = 32 * 1024 * 1024;

/// Why a part could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartError {
    /// It unpacks to more than this many bytes.
    Swollen(u64),
    /// It is locked with a password.
    Locked,
    /// Its data make no sense.
    Damaged,
}

impl From<PartError> for ReadError {
    fn from(error: PartError) -> Self {
        match error {
            PartError::Swollen(limit) => Self::Swollen { limit },
            PartError::Locked => Self::LockedOffice,
            PartError::Damaged => Self::DamagedDocument {
                what: "the part that holds its text cannot be unpacked".into(),
            },
        }
    }
}

/// What was unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub bytes: Vec<u8>,
    /// Whether the data ended before their end, so that the rest is missing.
    pub cut: bool,
}

/// An open package. Names are compared without regard to case, as Word does.
pub struct Package<'a> {
    entries: Entries<'a>,
    /// Names as they are written, in the package's order.
    names: Vec<String>,
    /// Lower-case name to where it stands in `names`.
    places: HashMap<String, usize>,
    /// How many more bytes may be unpacked.
    left: u64,
    per_part: u64,
    salvaged: bool,
}

enum Entries<'a> {
    Zip(Box<ZipArchive<Cursor<&'a [u8]>>>),
    /// Unpacked already.
    Loose(Vec<Part>),
}

impl<'a> Package<'a> {
    /// Opens a zip file. One whose directory is lost is read from the front for
    /// as long as it makes sense.
    ///
    /// # Errors
    /// [`ReadError::DamagedDocument`] where nothing is to be found,
    /// [`ReadError::Swollen`] where it has too many entries or unpacks to too much.
    pub fn open(source: &'a [u8], limits: &Limits) -> Result<Self, ReadError> {
        if declared_entries(source) > MOST_ENTRIES as u64 {
            return Err(damaged("it says that it holds more parts than any document has"));
        }
        match ZipArchive::new(Cursor::new(source)) {
            Ok(zip) if zip.len() > MOST_ENTRIES => {
                Err(damaged("it holds more parts than any document has"))
            }
            Ok(zip) if !zip.is_empty() => {
                let names =
                    (0..zip.len()).map(|at| zip.name_for_index(at).unwrap_or_default().to_owned());
                let names = names.collect();
                Ok(Self::with(Entries::Zip(Box::new(zip)), names, limits))
            }
            _ => Self::salvage(source, limits),
        }
    }

    /// A package of parts that are there already.
    #[must_use]
    pub fn of_parts(parts: Vec<(String, Vec<u8>)>, limits: &Limits) -> Self {
        let whole = |bytes| Part { bytes, cut: false };
        let (names, parts) = parts.into_iter().map(|(name, bytes)| (name, whole(bytes))).unzip();
        Self::with(Entries::Loose(parts), names, limits)
    }

    fn with(entries: Entries<'a>, names: Vec<String>, limits: &Limits) -> Self {
        let mut places = HashMap::new();
        for (at, name) in names.iter().enumerate() {
            places.entry(plain(name)).or_insert(at);
        }
        let per_part = limits.text_bytes.saturating_mul(PART_PER_TEXT).max(LEAST);
        let left = limits.text_bytes.saturating_mul(ALL_PER_TEXT).max(LEAST);
        Self { entries, names, places, left, per_part, salvaged: false }
    }

    /// Reads entry after entry from the front, as far as that goes.
    fn salvage(source: &[u8], limits: &Limits) -> Result<Self, ReadError> {
        let mut names = Vec::new();
        let mut parts = Vec::new();
        let mut this = Self::with(Entries::Loose(Vec::new()), Vec::new(), limits);
        let mut cursor = Cursor::new(source);
        while names.len() < MOST_ENTRIES {
            let Ok(Some(mut file)) = read_zipfile_from_stream(&mut cursor) else { break };
            let name = file.name().to_owned();
            let packed = file.compressed_size();
            let part = unpack(&mut file, packed, this.per_part.min(this.left))?;
            // Dropping an entry skips to its end, which may not be there.
            drop(file);
            this.left = this.left.saturating_sub(part.bytes.len() as u64);
            let cut = part.cut;
            names.push(name);
            parts.push(part);
            if cut {
                break;
            }
        }
        if names.is_empty() {
            return Err(damaged("it was cut off or overwritten, and no part of it is left whole"));
        }
        this = Self { left: this.left, ..Self::with(Entries::Loose(parts), names, limits) };
        this.salvaged = true;
        Ok(this)
    }

    /// Whether its directory was lost, so that parts may be missing.
    #[must_use]
    pub fn is_salvaged(&self) -> bool {
        self.salvaged
    }

    /// The names of all parts, in the package's order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(&plain(name))
    }

    /// Unpacks the part called `name`; `None` where there is none.
    ///
    /// # Errors
    /// See [`PartError`].
    pub fn part(&mut self, name: &str) -> Result<Option<Part>, PartError> {
        let Some(&at) = self.places.get(&plain(name)) else { return Ok(None) };
        let most = self.per_part.min(self.left);
        let part = match &mut self.entries {
            Entries::Zip(zip) => unzip(zip, at, most)?,
            Entries::Loose(parts) => parts.get(at).cloned().ok_or(PartError::Damaged)?,
        };
        let size = part.bytes.len() as u64;
        if size > most {
            return Err(PartError::Swollen(most));
        }
        self.left -= size;
        Ok(Some(part))
    }
}

fn damaged(what: &str) -> ReadError {
    ReadError::DamagedDocument { what: what.to_owned() }
}

/// A name as it is compared.
fn plain(name: &str) -> String {
    name.trim_start_matches(['/', '\\']).replace('\\', "/").to_lowercase()
}

/// How many entries the directory's end says that there are (APPNOTE 4.3.16 and,
/// for the large form, 4.3.14); zero where there is no such end.
fn declared_entries(source: &[u8]) -> u64 {
    const TAIL: usize = 22 + 65_535 + 20;
    let tail = &source[source.len().saturating_sub(TAIL)..];
    let Some(end) = tail.windows(4).rposition(|w| w == b"PK\x05\x06") else { return 0 };
    let small = tail.get(end + 10..end + 12).and_then(|b| b.try_into().ok());
    let small = u64::from(small.map_or(0, u16::from_le_bytes));
    let locator = end.checked_sub(20).and_then(|at| tail.get(at..end));
    let large = locator.filter(|l| l.starts_with(b"PK\x06\x07")).and_then(|locator| {
        let at = u64::from_le_bytes(locator.get(8..16)?.try_into().ok()?);
        let at = usize::try_from(at).ok()?;
        let count = source.get(at.checked_add(32)?..at.checked_add(40)?)?;
        Some(u64::from_le_bytes(count.try_into().ok()?))
    });
    small.max(large.unwrap_or(0))
}

fn unzip(zip: &mut ZipArchive<Cursor<&[u8]>>, at: usize, most: u64) -> Result<Part, PartError> {
    let mut file = zip.by_index(at).map_err(|error| match error {
        zip::result::ZipError::UnsupportedArchive(what)
            if what == zip::result::ZipError::PASSWORD_REQUIRED =>
        {
            PartError::Locked
        }
        _ => PartError::Damaged,
    })?;
    let packed = file.compressed_size();
    unpack(&mut file, packed, most)
}

/// Reads to the end, or to `most` bytes, or to where the data stop making sense.
fn unpack(file: &mut impl Read, packed: u64, most: u64) -> Result<Part, PartError> {
    const STEP: u64 = 1024 * 1024;
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len();
        let read = file.by_ref().take(STEP).read_to_end(&mut bytes);
        let size = bytes.len() as u64;
        let blown = size > RATIO_FROM && size / packed.max(1) > MOST_RATIO;
        if size > most || blown {
            return Err(PartError::Swollen(most.min(size)));
        }
        match read {
            Ok(_) if bytes.len() == before => return Ok(Part { bytes, cut: false }),
            Ok(_) => {}
            Err(_) if bytes.is_empty() => return Err(PartError::Damaged),
            Err(_) => return Ok(Part { bytes, cut: true }),
        }
    }
}

#[cfg(test)]
pub(super) mod testing {
    //! Packages for the tests of readers.

    use std::io::{Cursor, Write as _};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    /// A zip file of these parts.
    pub fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).expect("a part opens");
            zip.write_all(content.as_bytes()).expect("a part is written");
        }
        zip.finish().expect("the file is whole").into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::testing::zipped;
    use super::*;

    /// A package of which a part may unpack to 4,000 bytes, and all to 8,000.
    fn tight(source: &[u8]) -> Package<'_> {
        let package = Package::open(source, &Limits::default()).expect("a package");
        Package { left: 8_000, per_part: 4_000, ..package }
    }

    fn text(package: &mut Package<'_>, name: &str) -> Result<Option<String>, PartError> {
        let part = package.part(name)?;
        Ok(part.map(|part| String::from_utf8(part.bytes).expect("text")))
    }

    #[test]
    fn a_part_is_found_whatever_the_case_and_slashes_of_its_name() {
        let source = zipped(&[("Word/Document.xml", "words")]);
        let mut package = Package::open(&source, &Limits::default()).expect("a package");
        assert_eq!(text(&mut package, "/word/document.xml"), Ok(Some("words".into())));
        assert_eq!(text(&mut package, "word/styles.xml"), Ok(None));
    }

    #[test]
    fn a_part_that_unpacks_to_too_much_is_refused() {
        let source = zipped(&[("a", &"x".repeat(5_000)), ("b", "y")]);
        let mut package = tight(&source);
        assert_eq!(text(&mut package, "a"), Err(PartError::Swollen(4_000)));
        assert_eq!(text(&mut package, "b"), Ok(Some("y".into())));
    }

    #[test]
    fn asking_for_a_part_again_and_again_is_ended_too() {
        let source = zipped(&[("a", &"x".repeat(3_000))]);
        let mut package = tight(&source);
        assert!(text(&mut package, "a").is_ok());
        assert!(text(&mut package, "a").is_ok());
        assert_eq!(text(&mut package, "a"), Err(PartError::Swollen(2_000)));
    }

    #[test]
    fn a_part_that_is_almost_nothing_but_air_is_refused_before_it_fills_the_room() {
        let source = zipped(&[("a", &" ".repeat(40 << 20))]);
        let mut package = Package::open(&source, &Limits::default()).expect("a package");
        assert!(matches!(package.part("a"), Err(PartError::Swollen(_))));
    }

    #[test]
    fn a_file_without_its_directory_gives_what_is_whole_and_the_piece_after_it() {
        let noise = (0..4_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_string());
        let noise = noise.collect::<Vec<_>>().join(" ");
        let source = zipped(&[("a", "first"), ("b", &noise)]);
        let mut package =
            Package::open(&source[..source.len() / 2], &Limits::default()).expect("a package");
        assert!(package.is_salvaged());
        assert_eq!(text(&mut package, "a"), Ok(Some("first".into())));
        let rest = package.part("b").expect("readable").expect("there");
        assert!(rest.cut && noise.as_bytes().starts_with(&rest.bytes) && rest.bytes.len() > 1_000);
    }

    #[test]
    fn too_many_entries_are_refused_by_what_the_directory_says() {
        let mut source = zipped(&[("a", "x")]);
        let end = source.len() - 22;
        source[end + 10..end + 12].copy_from_slice(&u16::MAX.to_le_bytes());
        assert!(matches!(
            Package::open(&source, &Limits::default()),
            Err(ReadError::DamagedDocument { .. })
        ));
    }

    #[test]
    fn what_is_no_zip_file_is_damaged() {
        for source in [&b""[..], b"PK\x03\x04", b"plain words"] {
            assert!(Package::open(source, &Limits::default()).is_err());
        }
    }
}
