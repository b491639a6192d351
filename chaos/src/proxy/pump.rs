//! One direction of a connection.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::time::{Instant, sleep};

use super::{Cut, Fate};
use crate::dice::Dice;
use crate::world::World;

const BUFFER: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the server.
    Up,
    /// To the client.
    Down,
}

/// One direction of a connection.
pub struct Line<'a, 'b> {
    pub from: &'a mut ReadHalf<'b>,
    pub to: &'a mut WriteHalf<'b>,
    pub direction: Direction,
}

/// Forwards bytes until one side closes or the connection is cut; returns the cut then.
pub async fn pump(world: &World, line: Line<'_, '_>, fate: Fate, dice: &mut Dice) -> Option<Cut> {
    let mut buffer = vec![0; BUFFER];
    let mut silent = false;
    loop {
        let read = match line.from.read(&mut buffer).await {
            Ok(read) if read > 0 => read,
            _ => return silent.then_some(Cut::Silence),
        };
        let bytes = &buffer[..read];
        if silent {
            continue;
        }
        if !world.is_storm() {
            line.to.write_all(bytes).await.ok()?;
            continue;
        }
        if Instant::now() >= fate.at {
            match fate.cut {
                Cut::Clean | Cut::Reset => return Some(fate.cut),
                Cut::Midway => {
                    line.to.write_all(&bytes[..read / 2]).await.ok()?;
                    return Some(fate.cut);
                }
                Cut::BeforeAnswer if line.direction == Direction::Up => {
                    line.to.write_all(bytes).await.ok()?;
                    sleep(dice.millis(0, 30)).await;
                    return Some(fate.cut);
                }
                Cut::BeforeAnswer => {}
                Cut::Silence => {
                    silent = true;
                    continue;
                }
            }
        }
        trouble(world, dice).await;
        if dice.percent(10) && read > 1 {
            let (first, rest) = bytes.split_at(1 + dice.below(read - 1));
            line.to.write_all(first).await.ok()?;
            sleep(dice.millis(0, 5)).await;
            line.to.write_all(rest).await.ok()?;
        } else {
            line.to.write_all(bytes).await.ok()?;
        }
    }
}

async fn trouble(world: &World, dice: &mut Dice) {
    match dice.below(1_000) {
        0..3 => {
            world.numbers.stalls.add();
            sleep(dice.around(Duration::from_millis(800))).await;
        }
        3..80 => sleep(dice.millis(1, 40)).await,
        _ => {}
    }
}
