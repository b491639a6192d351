//! What the first visit of Hiroba's web client brings.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::endpoint::Endpoint;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);

/// Bytes of the page and of every file that it names, compressed as a browser asks for them, headers apart. None when
/// the server was built without the client.
///
/// # Errors
/// A file is not served.
pub fn first_load(endpoint: &Endpoint) -> Result<Option<u64>> {
    let page = String::from_utf8(get(endpoint, "/", "identity")?).context("the page is not text")?;
    let files = named(&page);
    if !files.iter().any(|file| Path::new(file).extension().is_some_and(|kind| kind == "wasm")) {
        return Ok(None);
    }
    let mut bytes = 0;
    for path in files.into_iter().chain(["/"]) {
        bytes += get(endpoint, path, "gzip, br")?.len() as u64;
    }
    Ok(Some(bytes))
}

/// The files that a page names in quotes, each once.
fn named(page: &str) -> Vec<&str> {
    let quoted = page.split(['"', '\'']).filter(|text| text.starts_with('/') && text.contains('.'));
    let mut files: Vec<&str> = quoted.collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// The body of an answer, as sent.
fn get(endpoint: &Endpoint, path: &str, encodings: &str) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(endpoint.address)?;
    stream.set_read_timeout(Some(ANSWER))?;
    let host = &endpoint.host;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: {encodings}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).with_context(|| format!("GET {path} was not answered"))?;
    ensure!(answer.starts_with(b"HTTP/1.1 200"), "GET {path} was refused");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("an answer without headers")?;
    Ok(answer.split_off(end + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_of_a_page_counts_once() {
        let page = r#"<script src="/a.js"></script><a href=""></a><svg viewBox="0 0 1 1"/>
            <script>import init from '/b.js'; init('/b.wasm')</script><link href="/b.js"><link href="/c.css">"#;
        assert_eq!(named(page), ["/a.js", "/b.js", "/b.wasm", "/c.css"]);
    }
}
