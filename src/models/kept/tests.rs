use super::*;
use crate::models::remove::remove;
use crate::models::{import_gguf, tiny_gguf};

struct Home {
    dir: tempfile::TempDir,
    paths: Paths,
}

fn home() -> Home {
    let dir = tempfile::tempdir().unwrap();
    let paths = Paths::under(&dir.path().join("home"));
    fs::create_dir_all(paths.models()).unwrap();
    Home { dir, paths }
}

impl Home {
    /// A GGUF of the person's own, imported; gives the file and the folder.
    fn own(&self, name: &str, seed: u64) -> (PathBuf, PathBuf) {
        let file = self.dir.path().join(name);
        tiny_gguf::write(&file, seed).unwrap();
        let folder = import_gguf(&file, &self.paths.models(), &mut |_| ()).unwrap();
        (file, folder.dir)
    }

    /// The starter as it was fetched, with folders of two importers.
    fn starter(&self) -> (PathBuf, [PathBuf; 2]) {
        let entry = catalogue::find("starter").unwrap();
        let file = pull::file_of(entry, &self.paths.models());
        fs::write(&file, "GGUF").unwrap();
        hashes::note(&self.paths.models(), &file, entry.sha256);
        let folders = ["v1", "v27"].map(|version| {
            let dir = self.paths.models().join(format!("{}-{version}", &entry.sha256[..16]));
            fs::create_dir(&dir).unwrap();
            fs::write(dir.join("weights"), "12345").unwrap();
            dir
        });
        (file, folders)
    }

    fn find(&self, spec: &str) -> Kept {
        find(spec, &self.paths, &mut |_, _| ()).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.paths.models()).unwrap().flatten();
        let mut names: Vec<String> =
            entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_model_of_the_catalogue_goes_with_its_file_all_imports_and_its_remembered_hash() {
    let home = home();
    let (file, folders) = home.starter();
    let (_, other) = home.own("mine.gguf", 7);
    let kept = home.find("STARTER");
    let paths: Vec<&Path> = kept.pieces.iter().map(|piece| piece.path.as_path()).collect();
    assert_eq!(paths, [&*file, &*folders[0], &*folders[1]]);
    assert_eq!((kept.bytes(), kept.own.as_ref()), (4 + 5 + 5, None));
    assert!(file.exists(), "finding deletes nothing");
    remove(&kept, &home.paths).unwrap();
    let own = other.file_name().unwrap().to_string_lossy();
    let names = home.names();
    let shown: Vec<&String> = names.iter().filter(|name| !name.starts_with(".lock-")).collect();
    assert_eq!(shown, [&*own, "hashes.json"]);
    // The file's hash is forgotten; that of the other model is still known.
    let known = fs::read_to_string(home.paths.models().join("hashes.json")).unwrap();
    assert!(!known.contains("SmolLM2") && known.contains("mine.gguf"), "{known}");
}

#[test]
fn a_file_of_the_persons_own_stays_and_only_its_import_goes() {
    let home = home();
    let (file, folder) = home.own("mine.gguf", 7);
    for spec in [file.to_str().unwrap(), "mine", folder.to_str().unwrap()] {
        let kept = home.find(spec);
        let paths: Vec<&Path> = kept.pieces.iter().map(|piece| piece.path.as_path()).collect();
        assert_eq!(paths, [&*folder], "{spec}");
        assert_eq!(kept.own.as_deref().map(|p| p.file_name()), Some(file.file_name()));
    }
    remove(&home.find("mine"), &home.paths).unwrap();
    assert!(file.exists() && !folder.exists());
    let again = home.find(file.to_str().unwrap());
    assert!(again.pieces.is_empty());
    remove(&again, &home.paths).unwrap();
    assert!(file.exists());
}

#[test]
fn a_file_of_the_persons_own_among_the_models_stays() {
    let home = home();
    let file = home.paths.models().join("other.gguf");
    tiny_gguf::write(&file, 3).unwrap();
    import_gguf(&file, &home.paths.models(), &mut |_| ()).unwrap();
    remove(&home.find("other"), &home.paths).unwrap();
    assert!(file.exists(), "it was not fetched by galley");
}

#[test]
fn folders_from_elsewhere_are_refused() {
    let home = home();
    let elsewhere = home.dir.path().join("0123456789abcdef-v1");
    fs::create_dir(&elsewhere).unwrap();
    for dir in [elsewhere.as_path(), &home.paths.models(), home.dir.path()] {
        let error = find(dir.to_str().unwrap(), &home.paths, &mut |_, _| ()).unwrap_err();
        assert!(matches!(error, ModelError::NotOurs { .. }), "{error}");
    }
    let error = find("no-such", &home.paths, &mut |_, _| ()).unwrap_err();
    assert!(matches!(error, ModelError::Unknown { .. }), "{error}");
}

#[test]
fn a_name_that_two_models_have_removes_neither_and_lists_both() {
    let home = home();
    let (_, first) = home.own("mine.gguf", 7);
    let (_, second) = home.own("mine.gguf", 8);
    assert_ne!(first, second);
    let error = find("Mine", &home.paths, &mut |_, _| ()).unwrap_err();
    assert!(matches!(error, ModelError::Ambiguous { .. }), "{error}");
    let to_run = resolve::resolve("Mine", &home.paths).unwrap_err();
    assert_eq!(to_run.to_string(), error.to_string(), "what is run is what is removed");
    for dir in [&first, &second] {
        let name = dir.file_name().unwrap().to_str().unwrap();
        assert!(error.to_string().contains(name), "{error}");
        let kept = home.find(name);
        assert_eq!(kept.pieces.iter().map(|piece| &piece.path).collect::<Vec<_>>(), [dir]);
        let run = resolve::resolve(name, &home.paths).unwrap();
        assert_eq!(run, resolve::Resolved::Folder(dir.clone()));
    }
}

#[test]
fn finding_a_file_that_was_never_seen_remembers_nothing_of_it() {
    let home = home();
    let file = home.dir.path().join("new.gguf");
    tiny_gguf::write(&file, 7).unwrap();
    let kept = home.find(file.to_str().unwrap());
    assert!(kept.own_sha256.is_some());
    assert_eq!(hashes::remembered(&home.paths.models(), &file), None);
}

#[test]
fn what_was_measured_of_a_model_goes_with_it() {
    use crate::models::speed::{Speed, Speeds, recall, remember};
    let home = home();
    let (file, _) = home.own("mine.gguf", 7);
    let models = home.paths.models();
    let sha256 = hashes::remembered(&models, &file).unwrap();
    let speed = Speed::of(&[(100, 0.1)], 0.01);
    let speeds = Speeds::from([(crate::models::Form::Floats, speed)]);
    for model in [&sha256, "other"] {
        remember(&models, "here", model, &speeds).unwrap();
    }
    remove(&home.find("mine"), &home.paths).unwrap();
    assert!(recall(&models, "here", &sha256).is_empty());
    assert_eq!(recall(&models, "here", "other"), speeds);
}

#[test]
fn damaged_imports_can_be_removed_by_their_folders_names() {
    let home = home();
    let (_, folder) = home.own("mine.gguf", 7);
    for entry in fs::read_dir(&folder).unwrap().flatten() {
        fs::write(entry.path(), "x").unwrap();
    }
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    remove(&home.find(&name), &home.paths).unwrap();
    assert!(!folder.exists());
}

#[test]
fn what_a_crash_left_of_a_removal_goes_with_the_next() {
    let home = home();
    let going = home.paths.models().join(".removing-abc");
    fs::create_dir(&going).unwrap();
    fs::write(going.join("lock"), "").unwrap();
    fs::write(going.join("big.gguf"), "x").unwrap();
    remove(&home.find("starter"), &home.paths).unwrap();
    assert!(!going.exists());
}

#[cfg(unix)]
#[test]
fn a_link_among_the_models_goes_and_what_it_leads_to_stays() {
    let home = home();
    let entry = catalogue::find("starter").unwrap();
    let own = home.dir.path().join("starter.gguf");
    fs::write(&own, "GGUF").unwrap();
    let link = pull::file_of(entry, &home.paths.models());
    std::os::unix::fs::symlink(&own, &link).unwrap();
    let treasure = home.dir.path().join("treasure");
    fs::create_dir(&treasure).unwrap();
    fs::write(treasure.join("will.txt"), "x").unwrap();
    let folder = home.paths.models().join(format!("{}-v1", &entry.sha256[..16]));
    std::os::unix::fs::symlink(&treasure, &folder).unwrap();
    remove(&home.find("starter"), &home.paths).unwrap();
    assert!(link.symlink_metadata().is_err() && folder.symlink_metadata().is_err());
    assert!(own.exists() && treasure.join("will.txt").exists());
}

#[test]
fn everything_kept_is_listed_once() {
    let home = home();
    assert!(all(&home.paths).is_empty());
    home.starter();
    home.own("mine.gguf", 7);
    let kept: Vec<(String, usize)> =
        all(&home.paths).into_iter().map(|kept| (kept.name, kept.pieces.len())).collect();
    assert_eq!(kept, [("starter".to_owned(), 3), ("mine".to_owned(), 1)]);
}
