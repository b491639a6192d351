//! Where a device of an account is signed in: a refresh token in a cookie, an access token, and answers that were lost.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::dice::Dice;
use crate::person::Person;
use crate::world::World;

/// Timeout of a request.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// The predecessor of an unused refresh token counts for a minute; less what the request takes.
const COUNTS_AGAIN: Duration = Duration::from_secs(50);
/// Answers that the device does not wait for, in per cent.
const LOST: usize = 15;

/// The session of one device.
#[derive(Debug)]
pub struct Login {
    network: SocketAddr,
    /// The address of the server's own pages.
    origin: String,
    cookie: Option<String>,
    token: Option<String>,
    /// Since when refreshes had no answer, and how many.
    in_doubt: Option<(Instant, u32)>,
}

/// The answer to a request.
struct Answer {
    status: u16,
    cookie: Option<String>,
    body: Value,
}

impl Login {
    /// A device that has never signed in.
    pub fn new(network: SocketAddr, server: SocketAddr) -> Self {
        let origin = format!("http://{server}");
        Self { network, origin, cookie: None, token: None, in_doubt: None }
    }

    /// Returns an access token. Refreshes the present one if it was `refused`, and now and then without need; signs in
    /// if there is no session. `None`: there was no answer.
    pub async fn token(
        &mut self,
        world: &World,
        person: &Person,
        dice: &mut Dice,
        refused: bool,
    ) -> Option<String> {
        if refused || dice.percent(50) {
            self.token = None;
        }
        if self.token.is_none() && self.cookie.is_some() {
            self.refresh(world, person, dice).await;
        }
        if self.cookie.is_none() {
            let body = json!({ "name": person.name, "password": person.password()? });
            let answer = self.post("/api/v1/sign-in", Some(&body), false).await?;
            match answer.status {
                200 => self.keep(answer),
                503 => {}
                status => world.complaints.add(format!("{} cannot sign in: {status}", person.name)),
            }
        }
        self.token.clone()
    }

    async fn refresh(&mut self, world: &World, person: &Person, dice: &mut Dice) {
        let lose = world.is_storm() && dice.percent(LOST);
        let Some(answer) = self.post("/api/v1/refresh", None, lose).await else {
            let (since, times) = self.in_doubt.unwrap_or_else(|| (Instant::now(), 0));
            self.in_doubt = Some((since, times + 1));
            return;
        };
        match answer.status {
            200 => {
                world.numbers.refreshes.add();
                self.keep(answer);
            }
            // Nothing was stored.
            503 => {}
            401 => {
                // One lost answer is forgiven if the next request follows soon.
                let is_explained =
                    self.in_doubt.is_some_and(|(since, times)| times > 1 || since.elapsed() > COUNTS_AGAIN);
                if is_explained {
                    world.numbers.signed_out.add();
                } else {
                    world.complaints.add(format!("{} was signed out", person.name));
                }
                (self.cookie, self.in_doubt) = (None, None);
            }
            status => world.complaints.add(format!("{} cannot refresh: {status}", person.name)),
        }
    }

    fn keep(&mut self, answer: Answer) {
        self.cookie = answer.cookie;
        self.token = answer.body["access_token"].as_str().map(str::to_owned);
        self.in_doubt = None;
    }

    /// Posts a request; with `lose`, goes away before the answer.
    async fn post(&self, path: &str, body: Option<&Value>, lose: bool) -> Option<Answer> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let cookie = self.cookie.as_ref().map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: chat\r\nOrigin: {}\r\nContent-Type: application/json\r\n{cookie}\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.origin,
            body.len()
        );
        let asking = async {
            let mut stream = TcpStream::connect(self.network).await.ok()?;
            stream.write_all(request.as_bytes()).await.ok()?;
            if lose {
                return None;
            }
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.ok()?;
            read(&answer)
        };
        timeout(ANSWERS_WITHIN, asking).await.ok().flatten()
    }
}

fn read(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.get(9..12)?.parse().ok()?;
    let cookie = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("set-cookie")
            .then(|| value.split(';').next().unwrap_or_default().to_owned())
    });
    let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body).ok()? };
    Some(Answer { status, cookie, body })
}
