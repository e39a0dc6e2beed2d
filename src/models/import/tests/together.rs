//! Imports beside other processes, and of files that change under them.

use std::sync::Barrier;

use super::*;

/// Spoils the weights of a finished folder, so that it cannot be opened.
fn damage(folder: &ModelFolder) {
    let file = folder.dir.join(FLOATS_FILE);
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    assert!(ModelFolder::open(&folder.dir).is_err());
}

fn folders_in(models: &Path) -> usize {
    fs::read_dir(models).unwrap().filter(|e| e.as_ref().unwrap().path().is_dir()).count()
}

#[test]
fn of_several_that_replace_a_damaged_folder_none_takes_away_anothers() {
    const WORKERS: usize = 4;
    let (_dir, gguf, models) = workshop(&Options::default());
    let folder = import(&gguf, &models).unwrap();
    let sha256 = &folder.meta.sha256;
    for round in 0..40 {
        let ready: Vec<PathBuf> = (0..WORKERS)
            .map(|n| {
                let copy = models.join(format!(".importing-{n}"));
                fs::create_dir(&copy).unwrap();
                for entry in fs::read_dir(&folder.dir).unwrap().flatten() {
                    fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
                }
                copy
            })
            .collect();
        damage(&folder);
        let start = Barrier::new(WORKERS);
        std::thread::scope(|scope| {
            for copy in &ready {
                scope.spawn(|| {
                    start.wait();
                    put_in_place(copy, &models, sha256).unwrap();
                    let whole = finished(&folder.dir, sha256);
                    assert!(whole.is_some(), "round {round}: it was there and is gone");
                });
            }
        });
        for copy in ready.iter().filter(|copy| copy.exists()) {
            fs::remove_dir_all(copy).unwrap();
        }
        assert_eq!(folders_in(&models), 1, "round {round}: something was left");
    }
}

#[test]
fn several_imports_over_a_damaged_folder_agree_on_one() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let first = import(&gguf, &models).unwrap();
    damage(&first);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let folder = import(&gguf, &models).unwrap();
                assert_eq!(ModelFolder::open(&folder.dir).unwrap(), first);
            });
        }
    });
    assert_eq!(folders_in(&models), 1);
}

#[test]
fn a_file_that_is_written_to_while_it_is_imported_is_refused() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let mut times = 0;
    let result = import_gguf(&gguf, &models, &mut |p| {
        if p.stage == ImportStage::Weights && times == 0 {
            times += 1;
            let file = File::options().append(true).open(&gguf).unwrap();
            std::io::Write::write_all(&mut &file, b"more").unwrap();
        }
    });
    let message = result.unwrap_err().to_string();
    assert!(message.contains("changed while it was imported"), "{message}");
    assert_eq!(times, 1);
    assert_nothing_left(&models);
    // As it is now, it is another file, with its own hash.
    let again = import(&gguf, &models).unwrap();
    assert_eq!(again.meta.sha256, hashes::compute(&gguf, &mut |_, _| ()).unwrap());
}

#[cfg(unix)]
#[test]
fn a_file_that_is_replaced_by_one_of_the_same_size_and_time_is_refused() {
    let (dir, gguf, models) = workshop(&Options::default());
    let other = dir.path().join("other.gguf");
    tiny::write_with(&other, &Options { seed: 99, ..Options::default() }).unwrap();
    let info = fs::metadata(&gguf).unwrap();
    let same_time = info.modified().unwrap();
    File::options().write(true).open(&other).unwrap().set_modified(same_time).unwrap();
    assert_eq!(fs::metadata(&other).unwrap().len(), info.len());
    // The file is open for its weights by now, and read for its hash.
    let result = import_gguf(&gguf, &models, &mut |p| {
        if p.stage == ImportStage::Hash && other.exists() {
            fs::rename(&other, &gguf).unwrap();
        }
    });
    assert!(matches!(result, Err(ModelError::Changed { .. })), "{result:?}");
    assert_nothing_left(&models);
}
