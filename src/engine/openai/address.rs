//! The address of a server: read, judged and taken apart. Decides whether text
//! may be sent there at all. Asks no network.

use std::net::Ipv6Addr;

use url::Url;

/// A server that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Where the API lies, without a slash at the end: `http://127.0.0.1:8080/v1`.
    api: String,
    /// Host and port as they are shown: `127.0.0.1:8080`.
    pub shown: String,
    /// The model that the address names after `#`.
    pub model: Option<String>,
    /// The host that text is sent to, where it is not this machine.
    pub leaves_machine: Option<String>,
    /// Whether the host is `localhost`, a name that galley resolves by itself.
    pub is_localhost: bool,
    pub port: u16,
    is_https: bool,
}

impl Address {
    /// Reads what the person gave, such as `http://127.0.0.1:8080`,
    /// `http://localhost:11434/v1#llama3.2` or `https://gpu.example.org`.
    ///
    /// This machine is 127.0.0.0/8, `::1` and `localhost`; any other host has to
    /// be in `allow_hosts`, as `gpu.example.org` or `gpu.example.org:8443` for
    /// https, as `http://gpu.example.org` for http without encryption too.
    ///
    /// # Errors
    /// A sentence, which never repeats a password or key.
    pub fn parse(text: &str, allow_hosts: &[String]) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|e| {
            format!("the address of the server cannot be read ({e}); write it like http://127.0.0.1:8080.")
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("the address of a server begins with http:// or https://.".into());
        }
        let has_secret = !url.username().is_empty() || url.password().is_some();
        if has_secret || url.query().is_some() {
            return Err(
                "the address of a server must hold no name, password, key or query: it is \
                 shown and logged. Put the key into the environment as GALLEY_API_KEY."
                    .into(),
            );
        }
        let port = url.port_or_known_default().ok_or("the address of the server has no port.")?;
        let host = url.host().ok_or("the address of the server has no host.")?;
        let is_localhost = matches!(host, url::Host::Domain(name) if bare(name) == "localhost");
        let is_here = is_localhost || is_loopback(&host);
        let name = bare(&host.to_string()).to_owned();
        if !is_here {
            check_allowed(&url, &name, port, allow_hosts)?;
        }
        let path = url.path().trim_end_matches('/');
        let origin = format!("{}://{}:{port}", url.scheme(), host);
        Ok(Self {
            api: format!("{origin}{}", if path.is_empty() { "/v1" } else { path }),
            shown: format!("{name}:{port}"),
            model: url.fragment().filter(|f| !f.is_empty()).map(decoded),
            leaves_machine: (!is_here).then_some(name),
            is_localhost,
            port,
            is_https: url.scheme() == "https",
        })
    }

    pub fn is_encrypted(&self) -> bool {
        self.is_https
    }

    /// An address of the API: `models`, `chat/completions`.
    pub fn api(&self, path: &str) -> String {
        format!("{}/{path}", self.api)
    }

    /// An address beside the API, where servers keep what is theirs alone:
    /// `props`, `tokenize`.
    pub fn beside(&self, path: &str) -> String {
        format!("{}/{path}", self.api.strip_suffix("/v1").unwrap_or(&self.api))
    }
}

/// The host an address that someone wrote would send text to, where it is not
/// this machine; `None` also where the address cannot be read.
#[must_use]
pub fn host_elsewhere(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let host = url.host()?;
    let is_localhost = matches!(host, url::Host::Domain(name) if bare(name) == "localhost");
    (!is_localhost && !is_loopback(&host)).then(|| bare(&host.to_string()).to_owned())
}

/// `Url` has put the host in lower case already; a final dot means the same.
fn bare(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

fn is_loopback(host: &url::Host<&str>) -> bool {
    match host {
        url::Host::Domain(_) => false,
        url::Host::Ipv4(ip) => ip.is_loopback(),
        url::Host::Ipv6(ip) => {
            *ip == Ipv6Addr::LOCALHOST || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback())
        }
    }
}

fn check_allowed(url: &Url, name: &str, port: u16, allow_hosts: &[String]) -> Result<(), String> {
    let (mut named, mut plain) = (false, false);
    for (at, entry) in allow_hosts.iter().enumerate() {
        let allowed = Allowed::parse(entry).ok_or_else(|| no_host(at + 1, entry))?;
        let is_it = allowed.name == name && allowed.port.is_none_or(|p| p == port);
        named |= is_it;
        plain |= is_it && allowed.plain;
    }
    if !named {
        return Err(format!(
            "{name} is not this machine, and documents are not sent elsewhere unless you say so. \
             If that host may read them, put allow_hosts = [\"{name}\"] under [engine] in \
             config.toml."
        ));
    }
    if url.scheme() == "http" && !plain {
        return Err(format!(
            "text would go to {name} without encryption. Use https, or allow it in config.toml: \
             allow_hosts = [\"http://{name}\"] under [engine]."
        ));
    }
    Ok(())
}

/// What an entry with a name, password or key in it may be told by: its number.
fn no_host(number: usize, entry: &str) -> String {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || ".-_:/*[]".contains(c);
    let what = if entry.chars().all(is_sign) {
        format!("{entry:?}")
    } else {
        format!("an entry (number {number}) with signs")
    };
    format!(
        "allow_hosts in config.toml holds {what}, which is no host; write it like \
         \"gpu.example.org\", \"gpu.example.org:8443\" or \"http://gpu.example.org\"."
    )
}

/// One entry of `allow_hosts`.
struct Allowed {
    name: String,
    /// `None` for any port.
    port: Option<u16>,
    /// Whether http without encryption is allowed.
    plain: bool,
}

impl Allowed {
    /// `None` where it is no host.
    fn parse(entry: &str) -> Option<Self> {
        let (plain, rest) = match entry.trim().split_once("://") {
            None => (false, entry.trim()),
            Some(("https", rest)) => (false, rest),
            Some(("http", rest)) => (true, rest),
            Some(_) => return None,
        };
        // A scheme without a port of its own, so that each port written is seen.
        let url = Url::parse(&format!("ftp://{rest}")).ok()?;
        let is_bare = url.username().is_empty()
            && url.password().is_none()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none();
        let host = url.host_str().filter(|h| is_bare && !h.contains('*'))?;
        let is_21 = rest.trim_end_matches('/').ends_with(":21");
        Some(Self {
            name: bare(host).to_owned(),
            port: if is_21 { Some(21) } else { url.port() },
            plain,
        })
    }
}

/// A fragment with its `%20`s read.
fn decoded(fragment: &str) -> String {
    let bytes = fragment.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let hex = fragment.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text, &[]).expect("an address")
    }

    fn refusal(text: &str, allow: &[&str]) -> String {
        let allow: Vec<String> = allow.iter().map(ToString::to_string).collect();
        Address::parse(text, &allow).expect_err(text)
    }

    #[test]
    fn an_address_with_and_without_its_path_and_model_is_read() {
        let plain = address("http://127.0.0.1:8080");
        assert_eq!(plain.api("models"), "http://127.0.0.1:8080/v1/models");
        assert_eq!(plain.beside("props"), "http://127.0.0.1:8080/props");
        assert_eq!((plain.shown.as_str(), plain.model), ("127.0.0.1:8080", None));
        let full = address("http://localhost:11434/v1/#llama3.2%3A1b");
        assert_eq!(full.api("models"), "http://localhost:11434/v1/models");
        assert_eq!(full.model.as_deref(), Some("llama3.2:1b"));
        let below = address("http://[::1]/openai/v1");
        assert_eq!(below.api("models"), "http://[::1]:80/openai/v1/models");
        assert_eq!(below.beside("tokenize"), "http://[::1]:80/openai/tokenize");
    }

    #[test]
    fn every_way_to_write_this_machine_is_this_machine() {
        for text in [
            "http://127.0.0.1:1",
            "http://127.9.9.9:1",
            "http://127.1:1",
            "http://2130706433:1",
            "http://0x7f.0.0.1:1",
            "http://[::1]:1",
            "http://[::ffff:127.0.0.1]:1",
            "http://LOCALHOST:1",
            "http://localhost.:1",
            "https://localhost",
        ] {
            assert_eq!(address(text).leaves_machine, None, "{text}");
            assert_eq!(host_elsewhere(text), None, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_this_machine_is_refused() {
        for text in [
            "http://127.0.0.1.example.org:1",
            "http://localhost.example.org",
            "http://evil.localhost:1",
            "http://128.0.0.1:1",
            "http://0.0.0.0:1",
            "http://[::]:1",
            "http://[::ffff:10.0.0.1]:1",
            "http://[fe80::1]:1",
            "http://example.org/127.0.0.1",
            "http://example.org#localhost",
        ] {
            assert!(refusal(text, &[]).contains("allow_hosts"), "{text}");
            assert!(host_elsewhere(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_key_in_the_address_is_refused_and_not_repeated() {
        for text in [
            "http://s3cret@127.0.0.1:1",
            "http://me:s3cret@127.0.0.1:1",
            " http://me:s3cret@h",
            "http:me:s3cret@h",
            "http://127.0.0.1@example.org",
            "http://127.0.0.1:1/v1?key=s3cret",
        ] {
            let why = refusal(text, &[]);
            assert!(why.contains("GALLEY_API_KEY") && !why.contains("s3cret"), "{text}: {why}");
        }
        assert!(refusal("file:///etc/passwd", &[]).contains("http"));
    }

    #[test]
    fn another_host_is_allowed_by_name_and_encrypted_unless_said_otherwise() {
        let allow = |text: &str, entry: &str| Address::parse(text, &[entry.to_owned()]);
        let there = allow("https://GPU.example.org/v1", "gpu.example.org").expect("allowed");
        assert_eq!(there.leaves_machine.as_deref(), Some("gpu.example.org"));
        assert_eq!(there.shown, "gpu.example.org:443");
        assert!(allow("https://gpu.example.org:8443", "gpu.example.org:8443").is_ok());
        assert!(allow("http://gpu.lan:8000", "http://gpu.lan").is_ok());
        assert!(allow("https://gpu.lan:8000", "http://gpu.lan").is_ok());
        assert!(allow("http://10.0.0.7:8000", "http://10.0.0.7:8000").is_ok());
        let plain = refusal("http://gpu.lan:8000", &["gpu.lan"]);
        assert!(plain.contains("without encryption"), "{plain}");
        for (text, entry) in [
            ("https://gpu.example.org", "gpu.example.org:8443"),
            ("https://gpu.example.org.evil.org", "gpu.example.org"),
            ("https://sub.gpu.example.org", "gpu.example.org"),
            ("https://gpu.example.org", "example.org"),
        ] {
            assert!(refusal(text, &[entry]).contains("is not this machine"), "{text} {entry}");
        }
        for entry in ["*", "*.example.org", "me@gpu.lan", "gpu.lan/v1", "", "ssh://gpu.lan"] {
            let why = refusal("https://gpu.example.org", &[entry]);
            assert!(why.contains("which is no host"), "{entry}: {why}");
        }
        for entry in ["http://me:s3cret@gpu.lan", "https://gpu.lan?key=s3cret", "me:s3cret@gpu"] {
            let why = refusal("https://gpu.lan", &["other.lan", entry]);
            assert!(why.contains("number 2") && !why.contains("s3cret"), "{why}");
        }
    }
}
