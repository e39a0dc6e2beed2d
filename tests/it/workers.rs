//! The worker processes themselves: used again from file to file, replaced when
//! something went wrong, and gone with those who asked them.

use std::io::Write as _;
use std::path::Path;

use galley::extract::{Limits, Options, WorkerCommand, Workers, guard};

use crate::support::broken_files as broken;
use crate::support::reading::{Files, command};

/// As many workers as a test says, of the program itself.
fn own_workers(most: usize, most_memory: u64) -> Workers {
    Workers::bounded(command(), most, most_memory)
}

fn read_by(workers: &Workers, path: &Path) -> Result<String, String> {
    let document = guard::read(path, workers, &Options::default(), &|| false);
    document.map(|doc| doc.text).map_err(|failure| failure.to_string())
}

#[test]
fn one_worker_reads_file_after_file_also_after_one_that_is_refused() {
    let files = Files::new();
    let workers = own_workers(1, u64::MAX);
    assert_eq!(read_by(&workers, &files.with("a.txt", "one")).as_deref(), Ok("one"));
    let first = workers.idle();
    assert_eq!(first.len(), 1, "it waits for the next file");
    assert!(read_by(&workers, &files.with("b.txt", "")).is_err());
    assert_eq!(
        read_by(&workers, &files.with("c.pdf", broken::three_pages())).map(|t| t.len()),
        Ok(35)
    );
    assert_eq!(workers.idle(), first, "the same process read all three");
    assert_eq!(workers.started(), 1);
}

/// A worker that takes every file to hold "hello", and dies of one whose path
/// holds "bad" after its page.
#[cfg(unix)]
const FRAGILE: &str = r#"
n=0
while read -r request; do
  n=$((n + 1))
  printf '[%d,{"source":{"format":"txt","blake3":"HASH","bytes":5}}]\n' $n
  printf '[%d,{"page":{"n":1,"of":2,"state":"text","text":"hello","reader":"text"}}]\n' $n
  case $request in *bad*) kill -9 $$ ;; esac
  printf '[%d,{"end":{"error":null}}]\n' $n
done"#;

#[cfg(unix)]
#[test]
fn after_a_crash_and_after_cancelling_a_new_worker_reads_on() {
    let files = Files::new();
    let script = FRAGILE.replace("HASH", &blake3::hash(b"hello").to_hex());
    let args = vec!["-c".into(), script.into()];
    let workers = Workers::bounded(WorkerCommand { program: "/bin/sh".into(), args }, 1, u64::MAX);
    let (good, bad) = (files.with("good.txt", "hello"), files.with("bad.txt", "hello"));
    let read = |path: &Path| guard::read(path, &workers, &Options::default(), &|| false);
    read(&good).expect("a document");
    let first = workers.idle();
    let doc = read(&bad).expect("the page before the crash");
    assert!(doc.warning.is_some_and(|warning| warning.contains("the reader crashed on it")));
    assert_eq!(workers.idle(), [0; 0], "no worker is kept that crashed");
    assert_eq!(workers.started(), 2, "what a file does is found out by a worker new to it");
    read(&good).expect("a document");
    assert_ne!(workers.idle(), first);
    let cancelled = guard::read(&good, &workers, &Options::default(), &|| true);
    assert!(cancelled.expect_err("cancelled").is_cancelled());
    assert_eq!(workers.idle(), [0; 0], "no worker is kept that was stopped in a file");
    read(&good).expect("a document");
    assert_eq!(workers.started(), 4);
}

#[test]
fn a_worker_that_grew_large_is_not_used_again() {
    let files = Files::new();
    let path = files.with("a.txt", "one");
    let workers = own_workers(1, 1);
    assert_eq!(read_by(&workers, &path).as_deref(), Ok("one"));
    assert_eq!(workers.idle(), [0; 0]);
    assert_eq!(read_by(&workers, &path).as_deref(), Ok("one"));
    assert_eq!(workers.started(), 2);
}

#[cfg(unix)]
#[test]
fn a_worker_that_was_killed_while_it_waited_costs_nobody_their_file() {
    let files = Files::new();
    let path = files.with("a.txt", "one");
    let workers = own_workers(1, u64::MAX);
    assert_eq!(read_by(&workers, &path).as_deref(), Ok("one"));
    let id = workers.idle()[0].to_string();
    let killed = std::process::Command::new("kill").args(["-9", &id]).status().expect("kill runs");
    assert!(killed.success());
    assert_eq!(read_by(&workers, &path).as_deref(), Ok("one"));
    assert_eq!(workers.started(), 2);
}

#[test]
fn no_more_workers_run_at_a_time_than_were_allowed() {
    let files = Files::new();
    let workers = own_workers(2, u64::MAX);
    let paths: Vec<_> = (0..8).map(|n| files.with(&format!("{n}.txt"), n.to_string())).collect();
    std::thread::scope(|scope| {
        for (n, path) in paths.iter().enumerate() {
            let workers = &workers;
            scope.spawn(move || assert_eq!(read_by(workers, path), Ok(n.to_string())));
        }
    });
    assert!(workers.started() <= 2, "{} were started", workers.started());
    assert!(workers.idle().len() <= 2);
}

/// What a person sees of workers that outlive their parent is a busy machine.
#[cfg(target_os = "linux")]
#[test]
fn workers_end_with_those_who_asked_them() {
    let files = Files::new();
    let path = files.with("a.txt", "one");
    let workers = own_workers(1, u64::MAX);
    assert_eq!(read_by(&workers, &path).as_deref(), Ok("one"));
    let process = format!("/proc/{}", workers.idle()[0]);
    assert!(Path::new(&process).exists());
    drop(workers);
    assert!(!Path::new(&process).exists(), "it was ended and reaped");
}

/// A named pipe and what becomes of it: "open" when somebody has opened it to
/// write, "closed" when nobody holds it any more.
#[cfg(unix)]
fn lifeline(files: &Files) -> (std::path::PathBuf, std::sync::mpsc::Receiver<&'static str>) {
    let pipe = files.path().join("lifeline");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
    assert!(made.success());
    let (tell, told) = std::sync::mpsc::channel();
    let path = pipe.clone();
    std::thread::spawn(move || {
        let mut held = std::fs::File::open(path).expect("opened");
        tell.send("open").expect("somebody listens");
        std::io::Read::read_to_end(&mut held, &mut Vec::new()).expect("nothing is written");
        let _ = tell.send("closed");
    });
    (pipe, told)
}

/// Long enough for the slowest machine; where all is well nobody waits.
#[cfg(unix)]
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(1);

/// A program that a reader started, and that hangs, would go on for ever.
#[cfg(unix)]
#[test]
fn what_a_worker_started_ends_with_it_when_it_crashes_and_when_it_is_stopped() {
    let files = Files::new();
    let path = files.with("a.txt", "hello");
    for (n, last) in ["kill -9 $$", "exec tail -f /dev/null"].into_iter().enumerate() {
        let files = Files::new();
        let (pipe, told) = lifeline(&files);
        let script = format!(
            "read -r request; exec 9>'{}'; tail -f /dev/null >/dev/null 2>&1 & {last}",
            pipe.display()
        );
        let args = vec!["-c".into(), script.into()];
        let command = WorkerCommand { program: "/bin/sh".into(), args };
        let workers = Workers::bounded(command, 1, u64::MAX);
        let cancel = || n == 1 && told.try_recv() == Ok("open");
        let failure = guard::read(&path, &workers, &Options::default(), &cancel);
        assert_eq!(failure.expect_err("nothing was read").is_cancelled(), n == 1);
        let ended = std::iter::from_fn(|| told.recv_timeout(PATIENCE).ok());
        assert_eq!(ended.last(), Some("closed"), "{last}");
    }
}

/// What helpers take is taken by the reading.
#[cfg(target_os = "linux")]
#[test]
fn the_memory_of_what_a_worker_started_counts_with_its_own() {
    let files = Files::new();
    let path = files.with("a.txt", "hello");
    // 200 MB that stay: sort has to see all of its input before it says anything.
    let script = "read -r request; \
                  (head -c 200000000 /dev/zero | tr '\\0' '\\n'; tail -f /dev/null) \
                  | sort -S 1G >/dev/null 2>&1 & exec tail -f /dev/null";
    let args = vec!["-c".into(), script.into()];
    let command = WorkerCommand { program: "/bin/sh".into(), args };
    let workers = Workers::bounded(command, 1, u64::MAX);
    let limits = Limits { memory_bytes: 100 << 20, seconds: 60, ..Limits::default() };
    let failure = guard::read(&path, &workers, &Options::within(limits), &|| false);
    let said = failure.expect_err("too much").to_string();
    assert!(said.contains("takes more than 100 MB of memory"), "{said}");
}

/// Nobody but the worker is left then who knows of them.
#[cfg(unix)]
#[test]
fn what_a_worker_started_ends_with_it_when_its_parent_is_gone() {
    use std::os::unix::fs::PermissionsExt as _;
    let files = Files::new();
    let (pipe, told) = lifeline(&files);
    let script =
        format!("#!/bin/sh\nexec 9>'{}'\nexec tail -f /dev/null >/dev/null\n", pipe.display());
    let tool = files.with("pdftotext", script);
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o700)).expect("set");
    let path = files.with("a.pdf", "%PDF-1.7\nnothing that anybody could read");
    let mut folders = vec![files.path().to_owned()];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let command = command();
    let mut worker = std::process::Command::new(command.program)
        .args(command.args)
        .env("PATH", std::env::join_paths(folders).expect("a path"))
        .env("GALLEY_WORKER", format!("test-{}", std::process::id()))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let request =
        serde_json::json!([1, { "path": path, "part": [], "options": Options::default() }]);
    let mut input = worker.stdin.take().expect("a pipe");
    writeln!(input, "{request}").expect("asked");
    assert_eq!(told.recv_timeout(PATIENCE), Ok("open"), "the third reader is asked");
    drop(input);
    assert!(worker.wait().expect("it ends").success());
    assert_eq!(told.recv_timeout(PATIENCE), Ok("closed"));
}

/// The program's standard input is all that a worker knows of its parent.
#[test]
fn a_worker_whose_parent_is_gone_ends_in_the_middle_of_a_file() {
    let files = Files::new();
    let path = files.with("a.pdf", broken::endless_table());
    let command = command();
    let mut worker = std::process::Command::new(command.program)
        .args(command.args)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let limits = Limits { memory_bytes: 1 << 40, ..Limits::default() };
    let request =
        serde_json::json!([1, { "path": path, "part": [], "options": Options::within(limits) }]);
    let mut input = worker.stdin.take().expect("a pipe");
    writeln!(input, "{request}").expect("asked");
    // The source is told before the file is looked into.
    let mut source = [0];
    std::io::Read::read_exact(worker.stdout.as_mut().expect("a pipe"), &mut source)
        .expect("a byte");
    drop(input);
    assert!(worker.wait().expect("it ends").success());
}
