use super::*;
use crate::models::{import_gguf, tiny_gguf};

fn home() -> (tempfile::TempDir, Paths) {
    let dir = tempfile::tempdir().unwrap();
    let paths = Paths::under(dir.path());
    fs::create_dir_all(paths.models()).unwrap();
    (dir, paths)
}

/// The catalogue entry's file, of the right length and nothing else.
fn sparse(entry: &Entry, models: &Path, bytes: u64) -> PathBuf {
    let file = models.join(entry.file);
    fs::File::create(&file).unwrap().set_len(bytes).unwrap();
    file
}

#[test]
fn a_name_of_the_catalogue_is_there_or_has_to_be_pulled() {
    let (_dir, paths) = home();
    let starter = catalogue::find("Starter").unwrap();
    assert_eq!(resolve("none", &paths).unwrap(), Resolved::None);
    assert_eq!(resolve("starter", &paths).unwrap(), Resolved::NotPulled(starter));
    sparse(starter, &paths.models(), starter.bytes - 1);
    assert_eq!(resolve("starter", &paths).unwrap(), Resolved::NotPulled(starter));
    let file = sparse(starter, &paths.models(), starter.bytes);
    assert_eq!(resolve("starter", &paths).unwrap(), Resolved::Gguf(file));
}

#[test]
fn whatever_looks_like_an_address_is_one_and_is_not_repeated_as_a_name() {
    let (_dir, paths) = home();
    for spec in [
        "http://127.0.0.1:8080",
        " http://me:s3cret@h",
        "http:me:s3cret@h",
        "HTTPS:/me:s3cret@h\n",
        "htp://me:s3cret@h",
    ] {
        let address = spec.trim().to_owned();
        assert_eq!(resolve(spec, &paths).unwrap(), Resolved::Server(address), "{spec}");
    }
}

#[test]
fn an_imported_model_is_found_by_name_hash_folder_and_path() {
    let (dir, paths) = home();
    let gguf = dir.path().join("Letter-1.gguf");
    tiny_gguf::write(&gguf, 7).unwrap();
    let folder = import_gguf(&gguf, &paths.models(), &mut |_| ()).unwrap();
    let found = Resolved::Folder(folder.dir.clone());
    let name = folder.dir.file_name().unwrap().to_str().unwrap();
    let path = folder.dir.to_str().unwrap();
    for spec in ["letter-1", &folder.meta.sha256, &folder.meta.sha256[..10], name, path] {
        assert_eq!(resolve(spec, &paths).unwrap(), found, "{spec}");
    }
    assert_eq!(resolve(gguf.to_str().unwrap(), &paths).unwrap(), Resolved::Gguf(gguf));
}

#[test]
fn what_is_unknown_gets_a_list_of_what_there_is() {
    let (dir, paths) = home();
    let gguf = dir.path().join("mine.gguf");
    tiny_gguf::write(&gguf, 7).unwrap();
    import_gguf(&gguf, &paths.models(), &mut |_| ()).unwrap();
    let message = resolve("strater", &paths).unwrap_err().to_string();
    for part in ["\"strater\"", "starter", "llama-3.2-1b", "mine", "none"] {
        assert!(message.contains(part), "{message}");
    }
    let message = resolve("/no/such.gguf", &paths).unwrap_err().to_string();
    assert!(message.contains("/no/such.gguf could not be read"), "{message}");
    let empty = resolve(dir.path().to_str().unwrap(), &paths).unwrap_err().to_string();
    assert!(empty.contains("no config.json"), "{empty}");
}

#[test]
fn the_list_shows_what_is_pulled_imported_and_neither() {
    let (dir, paths) = home();
    let starter = catalogue::find("starter").unwrap();
    sparse(starter, &paths.models(), starter.bytes);
    let gguf = dir.path().join("mine.gguf");
    tiny_gguf::write(&gguf, 7).unwrap();
    import_gguf(&gguf, &paths.models(), &mut |_| ()).unwrap();
    let lines: Vec<(String, State)> =
        list(&paths).into_iter().map(|line| (line.name, line.state)).collect();
    let expected =
        [("starter", State::Pulled), ("llama-3.2-1b", State::NotPulled), ("mine", State::Imported)];
    assert_eq!(lines, expected.map(|(name, state)| (name.to_owned(), state)));
    assert!(list(&paths)[2].bytes > 100_000);
}

/// Gives an import's folder the name and record of another importer.
fn as_of_version(folder: &ModelFolder, version: u32) -> PathBuf {
    let other = folder.dir.with_file_name(imports::folder_name(&folder.meta.sha256, version));
    fs::rename(&folder.dir, &other).unwrap();
    let meta = other.join(META_FILE);
    let said = fs::read_to_string(&meta).unwrap();
    let number = |n: u32| format!("\"importer_version\": {n}");
    let changed = said.replace(&number(import::IMPORTER_VERSION), &number(version));
    assert_ne!(said, changed);
    fs::write(&meta, changed).unwrap();
    other
}

#[test]
fn an_import_of_an_older_galley_is_made_again_from_its_gguf() {
    let (dir, paths) = home();
    let gguf = dir.path().join("mine.gguf");
    tiny_gguf::write(&gguf, 7).unwrap();
    let folder = import_gguf(&gguf, &paths.models(), &mut |_| ()).unwrap();
    let older = as_of_version(&folder, 1);
    let source = Resolved::Gguf(fs::canonicalize(&gguf).unwrap());
    let by_path = older.to_str().unwrap();
    for spec in ["mine", "MINE", &folder.meta.sha256[..10], by_path] {
        assert_eq!(resolve(spec, &paths).unwrap(), source, "{spec}");
    }
    let listed = list(&paths).into_iter().find(|line| line.name == "mine").unwrap();
    assert_eq!((listed.state, listed.context), (State::Pulled, folder.meta.context));
    let again = import_gguf(&gguf, &paths.models(), &mut |_| ()).unwrap();
    assert_eq!(resolve("mine", &paths).unwrap(), Resolved::Folder(again.dir));
    assert!(!older.exists(), "the older one is of no more use");
    assert_eq!(list(&paths).iter().filter(|line| line.name == "mine").count(), 1);
}

#[test]
fn an_older_import_without_its_gguf_says_what_to_do() {
    let (dir, paths) = home();
    let gguf = dir.path().join("mine.gguf");
    tiny_gguf::write(&gguf, 7).unwrap();
    let folder = import_gguf(&gguf, &paths.models(), &mut |_| ()).unwrap();
    let older = as_of_version(&folder, 1);
    // Another file under its path is not what was imported.
    tiny_gguf::write(&gguf, 8).unwrap();
    let name = older.file_name().unwrap().to_str().unwrap();
    let message = resolve("mine", &paths).unwrap_err().to_string();
    for part in ["\"mine\"", "another version of galley", "models import", name] {
        assert!(message.contains(part), "{message}");
    }
    assert!(!list(&paths).iter().any(|line| line.name == "mine"));
}

#[test]
fn a_damaged_import_is_made_again_from_its_gguf_or_says_what_is_wrong() {
    let (dir, paths) = home();
    let gguf = dir.path().join("mine.gguf");
    tiny_gguf::write(&gguf, 7).unwrap();
    let folder = import_gguf(&gguf, &paths.models(), &mut |_| ()).unwrap();
    fs::remove_file(folder.dir.join("tokenizer.json")).unwrap();
    let source = Resolved::Gguf(fs::canonicalize(&gguf).unwrap());
    assert_eq!(resolve("mine", &paths).unwrap(), source);
    fs::remove_file(&gguf).unwrap();
    let message = resolve("mine", &paths).unwrap_err().to_string();
    assert!(message.contains("tokenizer.json"), "{message}");
    assert!(message.contains("galley models remove"), "{message}");
}
