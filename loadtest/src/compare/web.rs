//! Measures the first visit of Hiroba's web client.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::endpoint::Endpoint;

/// Read timeout.
const ANSWER: Duration = Duration::from_secs(10);

/// Returns what a browser needs until one can type a name: the bytes of the page and of every file beside it that it
/// names, compressed as for a browser, without headers. The program has a folder of its own. None if the server was built
/// without the client.
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
    let beside = |path: &&str| path.matches('/').count() == 1;
    for path in files.into_iter().filter(beside).chain(["/"]) {
        bytes += get(endpoint, path, "gzip, br")?.len() as u64;
    }
    Ok(Some(bytes))
}

/// Returns the files that a page names in quotes, without duplicates.
fn named(page: &str) -> Vec<&str> {
    // What stands between two quoted texts may begin with a slash as well, but has spaces.
    let is_path =
        |text: &&str| text.starts_with('/') && text.contains('.') && !text.contains(char::is_whitespace);
    let mut files: Vec<&str> = page.split(['"', '\'']).filter(is_path).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// Returns the body of a response, as sent.
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
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;

    use super::*;

    /// Serves these files, one per connection.
    fn serve(files: &'static [(&'static str, &'static str)]) -> Endpoint {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let asked = lines.next().unwrap().unwrap();
                while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
                let path = asked.split(' ').nth(1).unwrap();
                let answer = match files.iter().find(|(name, _)| *name == path) {
                    Some((_, body)) => format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}"),
                    None => "HTTP/1.1 404 Not Found\r\n\r\n".to_owned(),
                };
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Endpoint::resolve(&format!("ws://{address}/ws")).unwrap()
    }

    #[test]
    fn a_first_visit_takes_the_page_and_what_it_names() {
        const PAGE: &str = "<script>init('/1f/b.wasm')</script><link href='/c.css'>";
        let whole = serve(&[("/", PAGE), ("/1f/b.wasm", "1234567"), ("/c.css", "12"), ("/other", "123")]);
        assert_eq!(first_load(&whole).unwrap(), Some(PAGE.len() as u64 + 2));
        let broken = serve(&[("/", PAGE), ("/1f/b.wasm", "1234567")]);
        assert!(first_load(&broken).unwrap_err().to_string().contains("/c.css"));
        let without = serve(&[("/", "<link href='/c.css'>"), ("/c.css", "12")]);
        assert_eq!(first_load(&without).unwrap(), None);
    }

    #[test]
    fn each_file_of_a_page_counts_once() {
        let page = r#"<script src="/a.js"></script><a href=""></a><link href="/c.css"/> <!-- A sentence. --> <svg viewBox="0 0 1 1"/>
            <script>import init from '/b.js'; init('/b.wasm')</script><link href="/b.js"><link href="/c.css">"#;
        assert_eq!(named(page), ["/a.js", "/b.js", "/b.wasm", "/c.css"]);
    }
}
