//! One of a person's devices: connects, applies events, acts, and always reconnects.

mod act;
mod changes;
mod doors;
mod heal;
mod line;
mod login;
mod receive;
mod state;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::account::Account;
use crate::dice::Dice;
use crate::person::Person;
use crate::room::Holds;
use crate::world::{Phase, World, lock};
use line::{End, Line};
pub use login::Login;
pub use state::State;

/// Devices per person.
pub const DEVICES: usize = 3;

/// Initial back-off, before jitter; doubles with each failed attempt.
const FIRST_WAIT: Duration = Duration::from_millis(150);
/// Keeps the random sequences of changes of accounts apart from those of devices.
const CHANGES_PART: u64 = 1 << 34;
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// One of a person's devices.
pub struct Device {
    world: Arc<World>,
    pub person: Arc<Person>,
    /// Index among the person's devices.
    pub number: usize,
    network: SocketAddr,
    login: tokio::sync::Mutex<Login>,
    state: Mutex<State>,
    poke: Notify,
    /// What the owner changes.
    changes: Mutex<Dice>,
}

impl Device {
    /// Creates a device that has never connected.
    pub fn new(
        world: Arc<World>,
        person: Arc<Person>,
        number: usize,
        network: SocketAddr,
        server: SocketAddr,
    ) -> Self {
        let holds = [Holds::All, Holds::Window, Holds::Newest][number % DEVICES];
        let dice = Dice::new(world.settings.seed, (person.number * DEVICES + number) as u64);
        let state = Mutex::new(State::new(world.clone(), person.clone(), number, holds, dice));
        let login = tokio::sync::Mutex::new(Login::new(network, server));
        let changes = Mutex::new(Dice::new(world.settings.seed, CHANGES_PART + person.number as u64));
        Self { world, person, number, network, login, state, poke: Notify::new(), changes }
    }

    /// Calls `look` with the device's state.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut lock(&self.state))
    }

    /// Calls `act` with the state and wakes the connection, which sends the resulting requests.
    pub fn act_outside(&self, act: impl FnOnce(&mut State)) {
        self.with(act);
        self.poke.notify_one();
    }

    /// The device's name in complaints.
    pub fn name(&self) -> String {
        format!("device {} of {}", self.number, self.person.name)
    }

    /// Connects, acts and reconnects until the run ends.
    pub async fn live(self: Arc<Self>) {
        let mut attempt = 0;
        while *self.world.phase.borrow() != Phase::End {
            if self.person.account().is_some_and(Account::is_gone) {
                self.rest().await;
                continue;
            }
            let end = match self.open().await {
                Ok(line) => line.converse(&self.poke).await,
                Err(end) => end,
            };
            let wait = self.with(|state| {
                attempt = if state.disconnected() { 0 } else { attempt + 1 };
                let doubled = FIRST_WAIT * (1 << attempt.min(5));
                let spread = state.dice().millis(30, 100).as_millis() as u32;
                doubled.min(LONGEST_WAIT) * spread / 100
            });
            let away = match end {
                End::Away(time) => time,
                End::Lost => wait,
            };
            self.stay_away(Instant::now() + away).await;
            if matches!(end, End::Away(_)) {
                self.with(State::wakes);
            }
        }
    }

    async fn open(&self) -> Result<Line<'_>, End> {
        let token = match self.person.account() {
            Some(account) => {
                let (mut dice, refused) =
                    self.with(|state| (state.dice().clone(), state.take_token_refused()));
                let token = self.token(account, &mut dice, refused).await;
                self.with(|state| *state.dice() = dice);
                Some(token.ok_or(End::Lost)?)
            }
            None => None,
        };
        Line::open(&self.world, &self.person, &self.state, self.network, self.number == 0, token).await
    }

    /// Returns an access token. On the first device, first carries out what the owner has decided.
    async fn token(&self, account: &Account, dice: &mut Dice, refused: bool) -> Option<String> {
        let mut login = self.login.lock().await;
        let token = login.token(&self.world, &self.person, dice, refused).await?;
        if self.number > 0 {
            return Some(token);
        }
        // Has a sequence of its own, so that it does not change what else people do.
        let mut changes = lock(&self.changes).clone();
        self.person.decide(&self.world, account, &mut changes);
        let known = login.carry_out(&self.world, &self.person, account, &mut changes).await;
        *lock(&self.changes) = changes;
        if !known || account.is_gone() {
            return None;
        }
        let rooms: Vec<_> = self.with(|state| state.sightings.rooms().keys().cloned().collect());
        login.favour(&self.world, &self.person, &rooms).await;
        login.token(&self.world, &self.person, dice, false).await
    }

    /// Stays at home for the rest of the run, because the account is deleted.
    async fn rest(&self) {
        // Cannot fail: the world owns the sender.
        let _ = self.world.phase.subscribe().wait_for(|phase| *phase == Phase::End).await;
    }

    /// Waits until `until` or a change of phase, and keeps writing offline meanwhile.
    async fn stay_away(&self, until: Instant) {
        let mut phase = self.world.phase.subscribe();
        loop {
            let act_at = self.with(|state| state.act_at());
            tokio::select! {
                () = sleep_until(until) => return,
                () = sleep_until(act_at), if self.world.is_storm() => self.with(State::act),
                changed = phase.changed() => if changed.is_ok() { return },
            }
        }
    }
}
