//! All clients of a run.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{Member, Poster, Stage};
use crate::client::{Connection, Route};
use crate::dialect::Seat;
use crate::endpoint::Endpoint;
use crate::ledger::Ledger;
use crate::pace::Pace;
use crate::progress::Progress;
use crate::scenario::Refused;

/// Concurrent sign-ins.
const SIGN_INS: usize = 64;
/// Kernel receive buffer of a stalled reader, in bytes: small, so that the server notices soon.
const STALLED_BUFFER: u32 = 4 * 1024;

/// The rooms and clients of a run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The room's name, or the prefix of the names of several.
    pub room: String,
    pub rooms: u32,
    /// Clients per room.
    pub members: u32,
    /// Of these, those that will stop reading; they do not post.
    pub stalled: u32,
    /// Of these, those that post.
    pub posters: u32,
    /// Messages in flight per room, spread over its posters.
    pub in_flight: u32,
    /// Posts per poster in total.
    pub limit: u32,
    /// Whether to stay within the rate limits that the server announces.
    pub paced: bool,
}

impl Plan {
    /// Returns the name of a room by its number.
    fn room(&self, number: u32) -> Rc<str> {
        if self.rooms == 1 { self.room.as_str().into() } else { format!("{}-{number}", self.room).into() }
    }

    /// Returns which poster of the room the client at `place` is. Posters are spread evenly, so that early and late
    /// readers of a message are among them.
    fn poster(&self, place: u32) -> Option<u32> {
        let readers = self.members - self.stalled;
        let posters = self.posters.min(readers);
        (0..posters)
            .find(|&poster| u64::from(poster) * u64::from(readers) / u64::from(posters) == u64::from(place))
    }

    fn posters(&self) -> u32 {
        self.posters.min(self.members - self.stalled)
    }

    fn window(&self, poster: u32) -> u32 {
        let posters = self.posters().max(1);
        self.in_flight / posters + u32::from(poster < self.in_flight % posters)
    }
}

/// All clients of a run, room by room.
#[derive(Debug)]
pub struct Company {
    /// State shared by all clients.
    pub stage: Rc<Stage>,
    /// Ordered by room.
    pub members: Vec<Rc<RefCell<Member>>>,
    per_room: usize,
    /// The members' tasks; they end with the company.
    pub tasks: JoinSet<()>,
}

impl Company {
    /// Connects all clients and joins their rooms; nobody posts yet.
    ///
    /// # Errors
    /// There is no server, it refuses, or it has rate limits that the plan does not keep.
    pub async fn seat(endpoint: &Endpoint, stage: Rc<Stage>, plan: &Plan) -> Result<Self> {
        let seats = connect(endpoint, &stage, plan).await?;
        let pace = pace(&seats, plan)?;
        let head = |room: &[(Connection, Seat)]| room.iter().map(|(_, seat)| seat.head).max().unwrap_or(0);
        let heads: Vec<u64> = seats.chunks(plan.members as usize).map(head).collect();
        let mut members = Vec::with_capacity(seats.len());
        let mut tasks = JoinSet::new();
        for (index, (connection, seat)) in seats.into_iter().enumerate() {
            let (room, place) = (index as u32 / plan.members, index as u32 % plan.members);
            let hashed_from = heads[room as usize];
            let first = room * plan.posters();
            let ledger = Ledger::new(first, plan.posters(), seat.head, hashed_from);
            let poster = plan
                .poster(place)
                .map(|poster| Poster::new(first + poster, plan.window(poster), plan.limit, pace.clone()));
            let mut member = Member::new(connection, plan.room(room), seat, ledger, poster);
            // One per room is enough to see what the server makes of texts; with all, proofreading would dominate the
            // measurement.
            member.proofreads = place == plan.members - plan.stalled - 1;
            let member = Rc::new(RefCell::new(member));
            tasks.spawn_local(attend(stage.clone(), member.clone()));
            members.push(member);
        }
        Ok(Self { stage, members, per_room: plan.members as usize, tasks })
    }

    /// Makes the last `count` clients of each room stop reading.
    pub fn stall(&self, count: u32) {
        for room in self.rooms() {
            for member in room.iter().rev().take(count as usize) {
                member.borrow_mut().stalled = true;
            }
        }
    }

    /// Lets posters fill their windows from now on.
    pub fn open(&self) {
        self.stage.open.set(true);
        for member in &self.members {
            let member = member.borrow();
            if member.poster.is_some() {
                member.wake();
            }
        }
    }

    /// Stops posting.
    pub fn shut(&self) {
        self.stage.open.set(false);
    }

    /// Returns the clients by room.
    pub fn rooms(&self) -> std::slice::Chunks<'_, Rc<RefCell<Member>>> {
        self.members.chunks(self.per_room)
    }

    /// Number of posts of a room that were not refused.
    pub fn due(room: &[Rc<RefCell<Member>>]) -> u64 {
        room.iter().filter_map(|member| member.borrow().poster.as_ref().map(Poster::accepted)).sum()
    }

    /// Whether every listening client has everything, and every post its ack.
    fn is_complete(&self) -> bool {
        let acks = self.stage.dialect.has_order();
        self.rooms().all(|room| {
            let due = Self::due(room);
            room.iter().all(|member| {
                let member = member.borrow();
                let posted_all = member.poster.as_ref().is_none_or(|poster| {
                    let all =
                        poster.limit == u32::MAX || !self.stage.open.get() || poster.posted == poster.limit;
                    all && (!acks || poster.receipts.acks >= poster.accepted())
                });
                !member.listens() || (member.ledger.received >= due && posted_all)
            })
        })
    }

    /// Waits until every client has everything. Gives up, with false, when nothing came for `patience`, or at `end`.
    pub async fn settle(&self, patience: Duration, end: Option<Instant>, progress: &mut Progress) -> bool {
        let (mut last, mut moved) = (0, Instant::now());
        loop {
            if self.is_complete() {
                return true;
            }
            sleep(Duration::from_millis(10)).await;
            progress.show(self.stage.deliveries.get());
            if self.stage.last.get() != last {
                (last, moved) = (self.stage.last.get(), Instant::now());
            } else if moved.elapsed() > patience {
                return false;
            }
            if end.is_some_and(|end| Instant::now() >= end) {
                return false;
            }
        }
    }

    /// Closes all connections. Returns the members and how many there are per room.
    pub async fn close(mut self) -> (Vec<Member>, usize) {
        self.tasks.shutdown().await;
        let mut goodbyes = JoinSet::new();
        for member in &self.members {
            let mut member = member.borrow_mut();
            if member.listens()
                && let Some(connection) = member.connection.take()
            {
                goodbyes.spawn_local(connection.close());
            }
        }
        goodbyes.join_all().await;
        let members = self.members.drain(..).filter_map(Rc::into_inner).map(RefCell::into_inner).collect();
        (members, self.per_room)
    }
}

/// Runs a member until its connection ends.
pub async fn attend(stage: Rc<Stage>, member: Rc<RefCell<Member>>) {
    poll_fn(|context| member.borrow_mut().poll(&stage, context)).await;
}

async fn connect(endpoint: &Endpoint, stage: &Rc<Stage>, plan: &Plan) -> Result<Vec<(Connection, Seat)>> {
    let total = plan.rooms * plan.members;
    let mut progress = Progress::new("clients", u64::from(total));
    let mut signing_in = JoinSet::new();
    let mut seats = Vec::with_capacity(total as usize);
    for index in 0..total {
        // The first one alone: a common error then shows once and not a thousand times.
        while signing_in.len() >= if seats.is_empty() { 1 } else { SIGN_INS }
            && let Some(seat) = signing_in.join_next().await
        {
            seats.push(seat??);
            progress.show(seats.len() as u64);
        }
        let (endpoint, dialect) = (endpoint.clone(), stage.dialect);
        let room = plan.room(index / plan.members);
        let stalls = index % plan.members >= plan.members - plan.stalled;
        signing_in.spawn_local(async move {
            let route =
                Route { receive_buffer: stalls.then_some(STALLED_BUFFER), ..Route::nth(&endpoint, index) };
            let mut connection = Connection::open(&endpoint, dialect.wire(), route).await?;
            let seat = dialect.enter(&mut connection, &format!("load-{index}"), &room).await;
            let seat = seat.with_context(|| format!("client {index} could not join"))?;
            anyhow::Ok((index, connection, seat))
        });
    }
    while let Some(seat) = signing_in.join_next().await {
        seats.push(seat??);
    }
    progress.finish();
    seats.sort_by_key(|(index, ..)| *index);
    Ok(seats.into_iter().map(|(_, connection, seat)| (connection, seat)).collect())
}

fn pace(seats: &[(Connection, Seat)], plan: &Plan) -> Result<Pace> {
    let limits = seats.first().and_then(|(_, seat)| seat.limits.as_ref()).filter(|limits| limits.rate_limits);
    match limits {
        None => Ok(Pace::unlimited()),
        Some(limits) if plan.paced => Ok(Pace::within(limits)),
        Some(limits) => bail!(Refused(format!(
            "this server allows {} messages a second and user: start it with `hiroba --rate-limits off`, or keep \
             within its limits with --paced",
            limits.chat_per_second
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(members: u32, stalled: u32, posters: u32, in_flight: u32) -> Plan {
        Plan { room: "r".into(), rooms: 2, members, stalled, posters, in_flight, limit: 1, paced: false }
    }

    #[test]
    fn posters_are_spread_over_those_who_read() {
        let of =
            |plan: &Plan| (0..plan.members).filter(|&place| plan.poster(place).is_some()).collect::<Vec<_>>();
        assert_eq!(of(&plan(10, 0, 2, 2)), [0, 5]);
        assert_eq!(of(&plan(10, 5, 2, 2)), [0, 2]);
        assert_eq!(of(&plan(3, 0, 16, 16)), [0, 1, 2]);
    }

    #[test]
    fn windows_add_up() {
        for plan in [plan(500, 0, 16, 16), plan(3, 0, 16, 16), plan(10, 0, 3, 7)] {
            let sum: u32 = (0..plan.posters()).map(|poster| plan.window(poster)).sum();
            assert_eq!(sum, plan.in_flight);
        }
    }
}
