//! A run from start to finish.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use shared::{RoomAddress, Seq};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use crate::check::{self, Findings, Truth};
use crate::database::{self, Database};
use crate::device::{DEVICES, Device};
use crate::dice::Dice;
use crate::observer::{self, Observer};
use crate::person::Person;
use crate::proxy;
use crate::server::{self, Server};
use crate::trouble::Troubles;
use crate::world::{Phase, Settings, World};

const ROOMS: [&str; 5] = ["general", "雑談", "Project X", "서울", "quiet"];
/// Interval of the progress lines.
const PROGRESS: Duration = Duration::from_secs(10);
/// How often it is told what is not settled.
const TELLS_EVERY: Duration = Duration::from_secs(10);
/// Polling interval while devices settle.
const LOOK: Duration = Duration::from_millis(200);
/// Time limit for settling.
const SETTLES_WITHIN: Duration = Duration::from_mins(3);
/// What SQLite says when the disk is full; the second one where it cannot extend its shared memory (`SQLITE_IOERR_SHMSIZE`).
const FULL_DISK: [&str; 2] = ["database or disk is full", "(code: 4874)"];
/// Keep the random sequences of these parts apart from those of devices.
const SERVER_PART: u64 = 1 << 32;
const MARKS_PART: u64 = 1 << 33;

/// The result of a run.
pub struct Outcome {
    /// Holds the counters and complaints.
    pub world: Arc<World>,
    pub findings: Findings,
    /// How long faults were injected.
    pub storm: Duration,
    /// How long it took to settle.
    pub calm: Duration,
}

/// Lets people write for `time` on a server whose data is in `folder`, then checks everything.
pub async fn run(
    binary: &Path,
    folder: &Path,
    settings: Settings,
    small_disk: bool,
    time: Duration,
) -> Result<Outcome> {
    let rooms = ROOMS.iter().map(|room| RoomAddress::new(room)).collect::<Result<Vec<_>, _>>()?;
    let people: Vec<Arc<Person>> =
        (0..settings.people).map(|number| Person::new(number).map(Arc::new)).collect::<Result<_>>()?;
    let world = Arc::new(World::new(settings, rooms, people.clone()));
    let troubles = Troubles::prepare(world.clone(), folder, small_disk)?;
    server::add_account(binary, troubles.data(), observer::NAME, observer::PASSWORD).await?;
    for person in &people {
        if let Some(account) = person.account() {
            let password = account.known().password.clone();
            server::add_account(binary, troubles.data(), person.name.as_str(), &password).await?;
            world.add_account_name(&person.name, person.number);
        }
    }
    let server = Server::start(binary, folder, troubles).await?;
    let (address, log, database) = (server.address, server.log_file(), server.database());
    world.doors.set_observer(Observer::enter(address, &[]).await?.user());
    let network = proxy::open(world.clone(), address).await?;
    let mut devices = Vec::new();
    for person in &people {
        devices.extend(
            (0..DEVICES)
                .map(|one| Arc::new(Device::new(world.clone(), person.clone(), one, network, address))),
        );
    }
    let mut lives = JoinSet::new();
    for device in &devices {
        lives.spawn(device.clone().live());
    }
    let dice = Dice::new(world.settings.seed, SERVER_PART);
    let mut torment = tokio::spawn(server.torment(world.clone(), dice));
    let begun = Instant::now();
    let early = timeout(time, storm(&world, &devices, &mut lives, &mut torment)).await;
    if let Ok(wrong) = early {
        wrong?;
    }
    let storm = begun.elapsed();
    world.phase.send_replace(Phase::Calm);
    let mut tormented = torment.await??;
    let begun = Instant::now();
    database::messages_are_gone(&database, SETTLES_WITHIN).await?;
    let mut observer = Observer::enter(address, &world.all_rooms()).await?;
    settle(&world, &devices, &mut observer).await?;
    let calm = begun.elapsed();
    eprintln!("Everything is settled after {} s; reading it all.", calm.as_secs());
    let mut truth = Truth::new();
    for room in &world.all_rooms() {
        truth.insert(room.clone(), observer.read(room).await?);
    }
    let findings = Findings::default();
    check::unread::followed(&devices, &truth, &findings, &world.complaints);
    move_marks(&world, &devices);
    settle(&world, &devices, &mut observer).await?;
    world.phase.send_replace(Phase::End);
    while let Some(ended) = lives.join_next().await {
        ended.context("a device broke down")?;
    }
    tormented.stop().await?;
    complain_of_log(&world, &log)?;
    let mut database = Database::read(&database).await?;
    findings.seen.add_many(world.numbers.trespasses.get());
    check::everything(&devices, &truth, &mut database, &findings, &world.complaints).await?;
    Ok(Outcome { world, findings, storm, calm })
}

/// Prints progress. Returns only if a part ended or failed that must not.
async fn storm(
    world: &World,
    devices: &[Arc<Device>],
    lives: &mut JoinSet<()>,
    torment: &mut tokio::task::JoinHandle<Result<Server>>,
) -> Result<()> {
    let begun = Instant::now();
    let mut ticks = interval(PROGRESS);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    loop {
        tokio::select! {
            _ = ticks.tick() => progress(world, devices, begun.elapsed()),
            ended = lives.join_next() => {
                ended.context("there are no devices")?.context("a device broke down")?;
                bail!("a device went home too early");
            }
            ended = &mut *torment => {
                ended.context("the torment broke down")??;
                bail!("the torment ended too early");
            }
        }
    }
}

fn progress(world: &World, devices: &[Arc<Device>], time: Duration) {
    let numbers = &world.numbers;
    let there = devices.iter().filter(|device| device.with(|state| state.is_everywhere())).count();
    eprintln!(
        "After {}:{:02}: {} messages and {} changes are acknowledged, the server was killed {} times, {} connections \
         were made, {} writes were sent again; {there} of {} devices are in all rooms, {} complaints.",
        time.as_secs() / 60,
        time.as_secs() % 60,
        numbers.acked_messages.get(),
        numbers.acked_changes.get(),
        numbers.kills.get(),
        numbers.connections.get(),
        numbers.sent_again.get(),
        devices.len(),
        world.complaints.count(),
    );
}

/// Waits until every device is up to date and has no pending request. A timeout is a complaint and no error: the checks
/// will show what is wrong.
async fn settle(world: &World, devices: &[Arc<Device>], observer: &mut Observer) -> Result<()> {
    let begun = Instant::now();
    let mut told = begun;
    loop {
        let rooms = world.all_rooms();
        let heads = observer.heads(&rooms).await?;
        let unsettled = devices.iter().find_map(|device| {
            let why = device.with(|state| state.unsettled(&heads))?;
            Some(format!("{} {why}", device.name()))
        });
        // A pending write may have added an event since the heads were read: read them again.
        let Some(unsettled) = unsettled else {
            if observer.heads(&world.all_rooms()).await? == heads {
                return Ok(());
            }
            continue;
        };
        if told.elapsed() > TELLS_EVERY {
            told = Instant::now();
            eprintln!("Not settled yet: {unsettled}.");
        }
        if begun.elapsed() > SETTLES_WITHIN {
            world
                .complaints
                .add(format!("nothing breaks any more, and after {SETTLES_WITHIN:?} {unsettled}"));
            return Ok(());
        }
        sleep(LOOK).await;
    }
}

/// Moves some read marks while nothing else happens, so that the server has to count.
fn move_marks(world: &World, devices: &[Arc<Device>]) {
    let mut dice = Dice::new(world.settings.seed, MARKS_PART);
    for device in devices.iter().filter(|device| device.number == 0) {
        for room in device.with(|state| state.rooms().keys().cloned().collect::<Vec<_>>()) {
            let (forward, back, place) = (dice.percent(30), dice.percent(30), dice.number());
            device.act_outside(|state| {
                let head = state.rooms().get(&room).map_or(Seq::ZERO, |room| room.log.head());
                if forward || back {
                    state.mark(&room, Seq(place % (head.0 + 1)), !forward);
                }
            });
        }
    }
}

/// Complains of panics in the server's log, and of errors that the injected faults do not explain.
fn complain_of_log(world: &World, log: &PathBuf) -> Result<()> {
    let text = std::fs::read_to_string(log).context("there is no log")?;
    let explained = |line: &str| {
        line.contains("the store fail")
            && (world.numbers.full_disks.get() > 0 && FULL_DISK.iter().any(|what| line.contains(what))
                || world.numbers.held_locks.get() > 0 && line.contains("database is locked"))
    };
    for line in text.lines().filter(|line| line.contains("panicked") || line.contains(" ERROR ")) {
        if explained(line) {
            world.numbers.explained.add();
        } else {
            world.complaints.add(format!("the server's log says: {line}"));
        }
    }
    Ok(())
}
