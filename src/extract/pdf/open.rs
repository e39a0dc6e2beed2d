//! From a file's bytes to a document that can be read: loaded, mended where its
//! table of parts is wrong, and unlocked. Knows nothing of pages' content.

use pdf_extract::{Document, LoadOptions, Object};

use super::rebuild::{self, Top};
use super::repair;
use super::{guarded, lock};
use crate::extract::failure::ReadError;
use crate::extract::options::Password;

/// A loaded file.
pub struct Opened {
    pub doc: Document,
    /// Whether it had to be pieced together.
    pub pieced: bool,
    /// Whether it took the person's password.
    pub locked: bool,
}

pub fn damaged(what: &str) -> ReadError {
    ReadError::DamagedPdf { what: what.to_owned() }
}

/// Loads and unlocks, without a password where that is enough. Tries the file
/// as it is, then without what follows its end, then with its parts searched for.
pub fn open(source: &[u8], password: Option<&Password>) -> Result<Opened, ReadError> {
    let fault = match load(source, None) {
        Ok(doc) if is_locked(&doc) => {
            return match lock::set_apart(source, &doc) {
                Some(apart) => unlocked(load(&apart, None)?, &apart, password),
                None => unlocked(doc, source, password),
            };
        }
        Ok(doc) if is_whole(&doc) => return Ok(Opened { doc, pieced: false, locked: false }),
        Ok(_) => ReadError::NoPages,
        Err(ReadError::Password) => return with_password(source, password),
        Err(fault) => fault,
    };
    if let Some(trimmed) = repair::up_to_last_end_mark(source)
        && let Ok(doc) = load(trimmed, None)
    {
        if is_locked(&doc) {
            return unlocked(doc, trimmed, password);
        }
        if is_whole(&doc) {
            return Ok(Opened { doc, pieced: false, locked: false });
        }
    }
    for top in [Top::Own, Top::New] {
        let rebuilt = guarded(|| rebuild::rebuilt(source, top)).flatten();
        if let Some(doc) = rebuilt.and_then(|rebuilt| load(&rebuilt, None).ok()).filter(is_whole) {
            return Ok(Opened { doc, pieced: true, locked: false });
        }
    }
    Err(fault)
}

/// Whether there is a page in it.
fn is_whole(doc: &Document) -> bool {
    guarded(|| doc.page_iter().next().is_some()).unwrap_or(false)
}

fn is_locked(doc: &Document) -> bool {
    doc.trailer.has(b"Encrypt") || doc.was_encrypted()
}

/// A document that takes the empty password as it is, any other one with the
/// person's.
fn unlocked(
    mut doc: Document,
    source: &[u8],
    password: Option<&Password>,
) -> Result<Opened, ReadError> {
    if doc.is_encrypted() {
        match guarded(|| doc.decrypt("")).unwrap_or(Ok(())) {
            Ok(()) => {}
            Err(error) if locked(&error) == ReadError::Password => {
                return with_password(source, password);
            }
            Err(error) => return Err(locked(&error)),
        }
    }
    if doc.is_encrypted() {
        return Err(ReadError::UnknownLock);
    }
    // A file whose key does not fit may load without complaint, but empty.
    if is_whole(&doc) {
        return Ok(Opened { doc, pieced: false, locked: false });
    }
    with_password(source, password)
}

/// Loads with the person's password, which may be the one for readers or the
/// one for owners.
fn with_password(source: &[u8], password: Option<&Password>) -> Result<Opened, ReadError> {
    let password = password.ok_or(ReadError::Password)?.reveal();
    if is_for_owners(source, password) {
        return Err(ReadError::UnknownLock);
    }
    let mut doc = load(source, Some(password)).map_err(|fault| match fault {
        ReadError::Password => ReadError::WrongPassword,
        fault => fault,
    })?;
    if doc.is_encrypted() {
        let opened = guarded(|| doc.decrypt(password)).unwrap_or(Ok(()));
        opened.map_err(|error| match locked(&error) {
            ReadError::Password => ReadError::WrongPassword,
            fault => fault,
        })?;
    }
    if doc.is_encrypted() {
        return Err(ReadError::UnknownLock);
    }
    if !is_whole(&doc) {
        return Err(ReadError::WrongPassword);
    }
    Ok(Opened { doc, pieced: false, locked: true })
}

/// Whether the password is the one for owners in the older kinds of locks, from
/// which the parser makes a key that opens nothing.
fn is_for_owners(source: &[u8], password: &str) -> bool {
    const LAST_OLD: i64 = 4;
    let Ok(doc) = load(source, None) else { return false };
    let lock = doc.trailer.get(b"Encrypt").and_then(|lock| doc.dereference(lock));
    let lock = lock.and_then(|(_, lock)| lock.as_dict());
    let revision = lock.and_then(|lock| lock.get(b"R")).and_then(Object::as_i64);
    let owns = || doc.authenticate_owner_password(password).is_ok();
    let uses = || doc.authenticate_user_password(password).is_ok();
    revision.is_ok_and(|revision| revision <= LAST_OLD)
        && guarded(|| owns() && !uses()).unwrap_or(false)
}

fn load(source: &[u8], password: Option<&str>) -> Result<Document, ReadError> {
    let options = LoadOptions { password: password.map(str::to_owned), ..LoadOptions::default() };
    match guarded(|| Document::load_mem_with_options(source, options)) {
        Some(Ok(doc)) => Ok(doc),
        Some(Err(error)) => Err(load_error(&error)),
        None => Err(damaged("its structure makes no sense")),
    }
}

fn load_error(error: &pdf_extract::Error) -> ReadError {
    use pdf_extract::Error;
    match error {
        Error::Decryption(_) | Error::InvalidPassword | Error::UnsupportedSecurityHandler(_) => {
            locked(error)
        }
        Error::Parse(_) | Error::Xref(_) => damaged("the table of its parts is missing or wrong"),
        _ => damaged("its parts could not be found"),
    }
}

fn locked(error: &pdf_extract::Error) -> ReadError {
    use pdf_extract::Error;
    use pdf_extract::encryption::DecryptionError;
    match error {
        Error::InvalidPassword | Error::Decryption(DecryptionError::IncorrectPassword) => {
            ReadError::Password
        }
        _ => ReadError::UnknownLock,
    }
}
