//! A bad network between clients and server: a TCP proxy that delays, stalls, splits and cuts.

mod pump;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};

use crate::dice::Dice;
use crate::world::{Phase, World};
use pump::{Direction, Line, pump};

/// Mean lifetime of a connection.
const LIFE: Duration = Duration::from_secs(25);
/// How long the server's side of a silenced connection stays open.
const GHOST: Duration = Duration::from_secs(10);
/// Keeps the random sequences of connections apart from those of devices.
const PART: u64 = 1 << 40;

/// How a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// With a FIN.
    Clean,
    /// With a RST.
    Reset,
    /// After half of a read was forwarded.
    Midway,
    /// Right after a request was forwarded, so that its answer is lost.
    BeforeAnswer,
    /// Silently: nothing is forwarded any more, and neither end is told.
    Silence,
}

/// When and how a connection is cut.
#[derive(Debug, Clone, Copy)]
pub struct Fate {
    /// Earliest moment.
    pub at: Instant,
    pub cut: Cut,
}

impl Fate {
    fn draw(dice: &mut Dice) -> Self {
        let cut = match dice.below(100) {
            0..15 => Cut::Clean,
            15..35 => Cut::Reset,
            35..55 => Cut::Midway,
            55..90 => Cut::BeforeAnswer,
            _ => Cut::Silence,
        };
        Self { at: Instant::now() + dice.around(LIFE), cut }
    }
}

/// Starts the proxy. Returns the address that clients connect to.
pub async fn open(world: Arc<World>, server: SocketAddr) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let mut number = PART;
        while let Ok((client, _)) = listener.accept().await {
            number += 1;
            let dice = Dice::new(world.settings.seed, number);
            tokio::spawn(pass(world.clone(), client, server, dice));
        }
    });
    Ok(address)
}

async fn pass(world: Arc<World>, mut client: TcpStream, server: SocketAddr, mut dice: Dice) {
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    // Otherwise the kernel (Nagle's algorithm) would add delays of its own.
    if client.set_nodelay(true).and(server.set_nodelay(true)).is_err() {
        return;
    }
    let fate = Fate::draw(&mut dice);
    let (mut up_dice, mut down_dice) = (dice.clone(), Dice::new(dice.number(), 0));
    let cut = {
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        let up = Line { from: &mut from_client, to: &mut to_server, direction: Direction::Up };
        let down = Line { from: &mut from_server, to: &mut to_client, direction: Direction::Down };
        tokio::select! {
            cut = pump(&world, up, fate, &mut up_dice) => cut,
            cut = pump(&world, down, fate, &mut down_dice) => cut,
        }
    };
    let numbers = &world.numbers;
    match cut {
        None => {}
        Some(Cut::Clean) => numbers.cut.add(),
        Some(Cut::Reset) => numbers.reset.add(),
        Some(Cut::Midway) => numbers.cut_midway.add(),
        Some(Cut::BeforeAnswer) => numbers.cut_before_ack.add(),
        Some(Cut::Silence) => {
            numbers.silenced.add();
            drop(client);
            let mut phase = world.phase.subscribe();
            // Ends early with the storm.
            let _ = timeout(GHOST, phase.wait_for(|phase| *phase > Phase::Storm)).await;
            return;
        }
    }
    if matches!(cut, Some(Cut::Reset | Cut::BeforeAnswer)) {
        // Fails only when the connection is gone.
        let _ = client.set_zero_linger();
        let _ = server.set_zero_linger();
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::world::Settings;

    /// An echo server.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        address
    }

    /// Sends `sent` until the connection is cut or everything has come back. Returns what came back.
    async fn converse(network: SocketAddr, sent: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(network).await.unwrap();
        let mut back = Vec::new();
        for piece in sent.chunks(100) {
            let mut answer = vec![0; piece.len()];
            if stream.write_all(piece).await.is_err() || stream.read_exact(&mut answer).await.is_err() {
                break;
            }
            back.extend(answer);
        }
        back
    }

    fn world() -> Arc<World> {
        Arc::new(World::new(
            Settings { seed: 1, people: 1, rate: 1.0, lifetime: 8, time: Duration::ZERO },
            Vec::new(),
            Vec::new(),
        ))
    }

    #[tokio::test]
    async fn in_calm_everything_comes_through() {
        let world = world();
        let network = open(world.clone(), echo().await).await.unwrap();
        world.phase.send_replace(Phase::Calm);
        let sent: Vec<u8> = (0..100_000_u32).map(|number| number as u8).collect();
        assert_eq!(converse(network, &sent).await, sent);
    }

    #[tokio::test]
    async fn in_a_storm_what_comes_through_is_in_order_until_it_is_cut() {
        let world = world();
        let network = open(world.clone(), echo().await).await.unwrap();
        let sent: Vec<u8> = (0..20_000_u32).map(|number| number as u8).collect();
        let back = converse(network, &sent).await;
        assert!(sent.starts_with(&back));
    }
}
