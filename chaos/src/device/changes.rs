//! What the owner of an account changes on the first device: tried again, and looked up, until the outcome is known.

use serde_json::{Value, json};
use shared::UserName;

use super::login::{Answer, Login};
use crate::account::{Account, Change, Wish};
use crate::dice::Dice;
use crate::person::Person;
use crate::world::World;

impl Person {
    /// Decides on a change now and then; never on two at once.
    pub(super) fn decide(&self, world: &World, account: &Account, dice: &mut Dice) {
        let (draw, other) = (dice.below(1_000), dice.number() as usize);
        let mut known = account.known();
        if known.wish.is_some() || known.deleted.is_some() || !world.is_storm() {
            return;
        }
        let number = known.changes;
        match draw {
            0..90 => {
                if let Ok(name) = UserName::new(&format!("{}.{number}", self.name)) {
                    known.decide(Change::Name(name));
                }
            }
            // A name that it had is its own again.
            90..120 => {
                let former = known.names.iter().nth(other % known.names.len()).cloned();
                if let Some(former) = former {
                    known.decide(Change::Name(former));
                }
            }
            // What somebody else is called, or was, must be refused.
            120..150 => {
                let others = world.names();
                let other =
                    others.get(other % others.len().max(1)).filter(|name| !known.names.contains(name));
                if let Some(other) = other.filter(|name| world.is_of_account(name)) {
                    known.decide(Change::Name(other.clone()));
                }
            }
            150..220 => {
                let password = format!("the password {number} of person {}", self.number);
                known.decide(Change::Password(password));
            }
            220..290 => known.decide(Change::SignOut),
            // The others stay, also in a long run.
            290..320 if self.number.is_multiple_of(6) => {
                // That the last ones go takes a minute after the last kill.
                let messages = world.settings.is_long() && other.is_multiple_of(2);
                known.decide(Change::Delete { messages });
            }
            _ => {}
        }
    }
}

impl Login {
    /// Sends what the owner has decided. Returns whether everything is known and the device may go on.
    pub(super) async fn carry_out(
        &mut self,
        world: &World,
        person: &Person,
        account: &Account,
        dice: &mut Dice,
    ) -> bool {
        let Some(Wish { change, sent }) = account.known().send() else { return true };
        if sent > 1 {
            world.numbers.changes_again.add();
        }
        // Goes away before the answer now and then.
        let lose = world.is_storm() && dice.percent(20);
        let (method, path, body) = match &change {
            Change::Name(name) => ("PATCH", "/api/v1/account", Some(json!({ "name": name }))),
            Change::Password(new) => {
                let password = account.known().password.clone();
                ("POST", "/api/v1/password", Some(json!({ "password": password, "new_password": new })))
            }
            Change::SignOut => ("POST", "/api/v1/sign-out", None),
            Change::Delete { messages } => {
                let password = account.known().password.clone();
                let body = json!({ "password": password, "delete_messages": messages });
                ("POST", "/api/v1/account/delete", Some(body))
            }
        };
        self.leaving |= change == Change::SignOut;
        let Some(Answer { status, body, .. }) = self.request(method, path, body.as_ref(), lose).await else {
            return false;
        };
        let code = body["code"].as_str().unwrap_or_default();
        match (status, code, &change) {
            (200 | 204, ..) => self.carried_out(world, person, account, &change),
            (503, ..) => return false,
            (401, "token_expired" | "not_authenticated", _) => {
                // The session may have ended, with the account perhaps: signing in will tell.
                self.forget_token();
                return false;
            }
            (401, "wrong_credentials", Change::Password(new)) if sent > 1 => {
                return self.look_password(world, person, account, new).await;
            }
            (409, _, Change::Name(name)) => {
                return self.look_name(world, person, account, (name, code), sent).await;
            }
            _ => {
                world.complaints.add(format!("{} is refused {change:?}: {status} {body}", person.name));
                account.known().refused();
            }
        }
        true
    }

    fn carried_out(&mut self, world: &World, person: &Person, account: &Account, change: &Change) {
        let numbers = &world.numbers;
        match change {
            Change::Name(name) => {
                numbers.renamed.add();
                if world.is_anothers(name, person.number) {
                    world.complaints.add(format!("{} got {name}, which is somebody else's", person.name));
                }
                world.add_account_name(name, person.number);
            }
            Change::Password(_) => numbers.passwords_changed.add(),
            Change::SignOut => {
                numbers.left.add();
                self.forget_session();
            }
            Change::Delete { .. } => numbers.deleted.add(),
        }
        account.known().done();
        if matches!(change, Change::Password(_)) {
            // This session stays.
            self.revision = account.known().revision;
        }
    }

    /// The first request may have been carried out: then the new password is the right one.
    async fn look_password(&mut self, world: &World, person: &Person, account: &Account, new: &str) -> bool {
        let body = json!({ "name": account.known().name, "password": new });
        let Some(answer) = self.request("POST", "/api/v1/sign-in", Some(&body), false).await else {
            return false;
        };
        match answer.status {
            200 => {
                let revision = account.known().revision + 1;
                self.keep(answer, revision);
                self.carried_out(world, person, account, &Change::Password(new.to_owned()));
            }
            503 => return false,
            status => {
                world.complaints.add(format!("{} has no password any more: {status}", person.name));
                account.known().refused();
            }
        }
        true
    }

    /// A refusal says nothing of an earlier request that had no answer: the account tells its name.
    async fn look_name(
        &mut self,
        world: &World,
        person: &Person,
        account: &Account,
        (wished, code): (&UserName, &str),
        sent: u32,
    ) -> bool {
        let Some(answer) = self.request("GET", "/api/v1/account", None, false).await else { return false };
        if answer.status != 200 {
            self.forget_token();
            return false;
        }
        let present = &answer.body["name"];
        if *present == json!(wished) {
            world.complaints.add(format!("{} is called {wished} and may not be: {code}", person.name));
            self.carried_out(world, person, account, &Change::Name(wished.clone()));
            return true;
        }
        let expected = account.known().name.clone();
        if *present != json!(expected) {
            world.complaints.add(format!("{} is called {present} instead of {expected}", person.name));
        }
        if code == "name_taken" && !world.is_anothers(wished, person.number) {
            world.complaints.add(format!(
                "{} may not be called {wished}, which nobody else is; sent {sent} times",
                person.name
            ));
        }
        world.numbers.renames_refused.add();
        account.known().refused();
        true
    }
}

/// Reads an answer's body, which is empty where there is none.
pub(super) fn body_of(text: &str) -> Option<Value> {
    if text.is_empty() { Some(Value::Null) } else { serde_json::from_str(text).ok() }
}
