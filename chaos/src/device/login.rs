//! Where a device of an account is signed in: a refresh token in a cookie, an access token, and answers that were lost.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use shared::RoomAddress;
use shared::limits::FAVOURITES;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::changes::body_of;
use crate::account::Account;
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
    /// The revision of the account when the session was opened.
    pub(super) revision: u64,
    /// It was asked to end, and it is not known whether it has.
    pub(super) leaving: bool,
}

/// The answer to a request.
pub(super) struct Answer {
    pub(super) status: u16,
    cookie: Option<String>,
    pub(super) body: Value,
}

impl Login {
    /// A device that has never signed in.
    pub fn new(network: SocketAddr, server: SocketAddr) -> Self {
        let origin = format!("http://{server}");
        Self { network, origin, cookie: None, token: None, in_doubt: None, revision: 0, leaving: false }
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
            self.sign_in(world, person, person.account()?).await?;
        }
        self.token.clone()
    }

    /// Signs in and returns an access token; `None` if that is refused or there is no answer.
    pub async fn sign_in_as(&mut self, name: &str, password: &str) -> Option<String> {
        let body = json!({ "name": name, "password": password });
        let answer = self.request("POST", "/api/v1/sign-in", Some(&body), false).await?;
        self.keep(answer, 0);
        self.token.clone()
    }

    /// Signs in with whatever the name and the password may be.
    async fn sign_in(&mut self, world: &World, person: &Person, account: &Account) -> Option<()> {
        let (passwords, revision) = account.passwords();
        let names = account.known().possible_names();
        let mut tries = Vec::new();
        for name in &names {
            tries.extend(passwords.iter().map(|password| (name.clone(), password.clone())));
        }
        for (name, password) in tries {
            let body = json!({ "name": name, "password": password });
            let answer = self.request("POST", "/api/v1/sign-in", Some(&body), false).await?;
            match answer.status {
                200 => {
                    self.keep(answer, revision);
                    return Some(());
                }
                401 => {}
                503 => return None,
                status => world.complaints.add(format!("{} cannot sign in: {status}", person.name)),
            }
        }
        let mut known = account.known();
        if known.may_be_gone() {
            if known.deleted.is_none() {
                world.numbers.deleted.add();
                known.done();
            }
        } else if (known.revision, known.possible_names()) == (revision, names) {
            world.complaints.add(format!("{} cannot sign in", person.name));
        }
        None
    }

    async fn refresh(&mut self, world: &World, person: &Person, dice: &mut Dice) {
        let lose = world.is_storm() && dice.percent(LOST);
        let Some(answer) = self.request("POST", "/api/v1/refresh", None, lose).await else {
            let (since, times) = self.in_doubt.unwrap_or_else(|| (Instant::now(), 0));
            self.in_doubt = Some((since, times + 1));
            return;
        };
        match answer.status {
            200 => {
                world.numbers.refreshes.add();
                self.keep(answer, self.revision);
            }
            // Nothing was stored.
            503 => {}
            401 => {
                // One lost answer is forgiven if the next request follows soon.
                let is_explained =
                    self.in_doubt.is_some_and(|(since, times)| times > 1 || since.elapsed() > COUNTS_AGAIN);
                let has_ended =
                    person.account().is_some_and(|account| account.known().revision > self.revision);
                if self.leaving {
                    world.numbers.left.add();
                    person.account().into_iter().for_each(|account| account.known().done());
                } else if has_ended {
                    world.numbers.sessions_ended.add();
                } else if is_explained {
                    world.numbers.signed_out.add();
                } else {
                    world.complaints.add(format!("{} was signed out", person.name));
                }
                self.forget_session();
            }
            status => world.complaints.add(format!("{} cannot refresh: {status}", person.name)),
        }
    }

    /// Makes favourites of private rooms, also of those that the user is not in any more: nobody may be told of them.
    pub(super) async fn favour(&self, world: &World, person: &Person, rooms: &[RoomAddress]) {
        let rooms = &rooms[..rooms.len().min(FAVOURITES)];
        let body = json!({ "rooms": rooms });
        let answer = self.request("PUT", "/api/v1/preferences/favourites", Some(&body), false).await;
        match answer.map(|answer| answer.status) {
            // No answer, or the session has ended, or there were too many requests, or nothing was stored.
            None | Some(204 | 401 | 429 | 503) => {}
            Some(status) => world.complaints.add(format!("{} has no favourites: {status}", person.name)),
        }
    }

    /// Keeps a session that was opened or refreshed.
    pub(super) fn keep(&mut self, answer: Answer, revision: u64) {
        self.revision = revision;
        self.cookie = answer.cookie;
        self.token = answer.body["access_token"].as_str().map(str::to_owned);
        self.in_doubt = None;
    }

    /// The access token is worth nothing any more.
    pub(super) fn forget_token(&mut self) {
        self.token = None;
    }

    /// The session has ended.
    pub(super) fn forget_session(&mut self) {
        (self.cookie, self.token, self.in_doubt, self.leaving) = (None, None, None, false);
    }

    /// Sends a request; with `lose`, goes away before the answer.
    pub(super) async fn request(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        lose: bool,
    ) -> Option<Answer> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let cookie = self.cookie.as_ref().map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
        let token = self.token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n"));
        let token = token.unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: chat\r\nOrigin: {}\r\nContent-Type: application/json\r\n{cookie}{token}\
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
    Some(Answer { status, cookie, body: body_of(body)? })
}
