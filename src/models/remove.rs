//! Deleting what galley keeps of a model, so that a crash on the way leaves
//! nothing that looks whole. Nothing outside of the models folder is touched.

use std::io;
use std::path::Path;

use super::error::ModelError;
use super::kept::Kept;
use super::leftovers::{self, Going};
use super::{hashes, judged, lock, speed};
use crate::paths::Paths;

/// Deletes all pieces, and what is remembered of them. They are first moved into
/// one folder whose name says that it goes; what a crash leaves of that is
/// deleted by the next `list`, `pull`, `import` or `remove`.
///
/// # Errors
/// [`ModelError::Remove`]: the pieces before the one named are gone.
pub fn remove(kept: &Kept, paths: &Paths) -> Result<(), ModelError> {
    let models = paths.models();
    leftovers::remove_abandoned(&models);
    if kept.pieces.is_empty() {
        return Ok(());
    }
    let files: Vec<&Path> = kept.pieces.iter().map(|piece| piece.path.as_path()).collect();
    hashes::forget(&models, &files);
    // Lost with the model, or measured again: no reason to keep the model.
    let _ = speed::forget(&models, &kept.digits);
    let _ = judged::forget(&models, &kept.digits);
    let going = Going::begin(&models).map_err(failed(&models))?;
    {
        let _lock = lock::hold(&models, lock::FOLDERS);
        for file in &files {
            going.take(file).map_err(failed(file))?;
        }
    }
    going.finish().map_err(failed(&models))
}

/// Best effort: deletes what killed processes left among the models.
pub fn remove_leftovers(paths: &Paths) {
    leftovers::remove_abandoned(&paths.models());
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> ModelError + '_ {
    |source| ModelError::Remove { path: path.to_owned(), source }
}
