//! A mail server in the test process: as much of SMTP (RFC 5321) as a client needs, in clear. The crates that offer a whole one
//! are years old or bring a TLS stack of their own, and none can be away, silent or unfriendly when a test wants it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hiroba::mail::MailSettings;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use super::LIMIT;

/// How it treats whoever connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// Hangs up at once.
    Away,
    /// Never says a word.
    Silent,
    /// Knows no recipient, and says so with the address.
    Unfriendly,
}

/// A mail that was taken.
#[derive(Debug, Clone)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// Its headers, as they are.
    pub head: String,
    /// Its decoded text.
    pub text: String,
}

impl Mail {
    /// The secret of the link of this kind that it contains.
    pub fn secret(&self, kind: &str) -> String {
        let (_, after) =
            self.text.split_once(&format!("/#{kind}=")).unwrap_or_else(|| panic!("{}", self.text));
        after.chars().take_while(char::is_ascii_hexdigit).collect()
    }
}

/// A mail server on a free port; ends with the test.
pub struct MailServer {
    pub address: SocketAddr,
    mood: Arc<Mutex<Mood>>,
    connections: watch::Receiver<usize>,
    mails: mpsc::UnboundedReceiver<Mail>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mood = Arc::new(Mutex::new(Mood::Well));
        let (counter, connections) = watch::channel(0);
        let (taken, mails) = mpsc::unbounded_channel();
        let moods = mood.clone();
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                let mood = *moods.lock().unwrap();
                match mood {
                    Mood::Away => drop(stream),
                    Mood::Silent => held.push(stream),
                    Mood::Well | Mood::Unfriendly => {
                        let taken = taken.clone();
                        tokio::spawn(async move { talk(stream, mood, &taken).await });
                    }
                }
                counter.send_modify(|count| *count += 1);
            }
        });
        Self { address, mood, connections, mails }
    }

    /// What a server is told of it.
    pub fn settings(&self) -> MailSettings {
        MailSettings::new(format!("smtp://{}", self.address).parse().unwrap(), "Hiroba <chat@chat.example>")
            .unwrap()
    }

    /// From now on.
    pub fn be(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The next mail.
    pub async fn mail(&mut self) -> Mail {
        tokio::time::timeout(LIMIT, self.mails.recv()).await.expect("a mail comes").unwrap()
    }

    /// Whether all mail that was taken was looked at.
    pub fn is_empty(&mut self) -> bool {
        self.mails.is_empty()
    }

    /// Waits until somebody has connected so many times.
    pub async fn connected(&mut self, times: usize) {
        let wait = self.connections.wait_for(|&count| count >= times);
        tokio::time::timeout(LIMIT, wait).await.expect("somebody connects").unwrap();
    }
}

/// Speaks with one client until it goes.
async fn talk(stream: TcpStream, mood: Mood, taken: &mpsc::UnboundedSender<Mail>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail.example ESMTP\r\n").await.ok()?;
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let line = line(&mut stream).await?;
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let within = |text: &str| text.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let answer = match verb {
            "EHLO" => "250-mail.example\r\n250-AUTH PLAIN\r\n250 8BITMIME".to_owned(),
            "AUTH" => "235 welcome".to_owned(),
            "RCPT" if mood == Mood::Unfriendly => format!("550 nobody reads {}", within(rest)),
            "MAIL" => {
                from = within(rest);
                "250 ok".to_owned()
            }
            "RCPT" => {
                to.push(within(rest));
                "250 ok".to_owned()
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.ok()?;
                let (head, text) = message(&mut stream).await?;
                taken.send(Mail { from: from.clone(), to: std::mem::take(&mut to), head, text }).ok()?;
                "250 taken".to_owned()
            }
            _ => "250 ok".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    if stream.read_line(&mut line).await.ok()? == 0 {
        return None;
    }
    Some(line.trim_end().to_owned())
}

async fn message(stream: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let mut lines = Vec::new();
    loop {
        let line = line(stream).await?;
        if line == "." {
            break;
        }
        lines.push(line.strip_prefix('.').unwrap_or(&line).to_owned());
    }
    let end = lines.iter().position(String::is_empty).unwrap_or(lines.len());
    let (head, body) = (lines[..end].join("\n"), &lines[end..]);
    let text = if head.contains("Content-Transfer-Encoding: base64") {
        String::from_utf8(STANDARD.decode(body.concat()).unwrap()).unwrap()
    } else {
        assert!(head.contains("Content-Transfer-Encoding: 7bit"), "{head}");
        body.join("\n")
    };
    Some((head, text))
}
