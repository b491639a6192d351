//! Measures what the kernel alone needs to write a batch to many sockets: the floor of every fan-out on this machine.

use std::cell::RefCell;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use clap::Args;
use nix::time::{ClockId, clock_gettime};
use serde::Serialize;
use tokio::time::sleep;

use super::on_this_thread;
use crate::cores::Cores;
use crate::descriptors;
use crate::progress::grouped;
use crate::report::{Report, Row, Verdict};

/// Polling interval for the end of the writer.
const LOOK: Duration = Duration::from_millis(5);
/// How much longer than requested a run may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes per read.
const SCRATCH: usize = 64 * 1024;

/// What to write.
#[derive(Debug, Clone, Args)]
pub struct Bare {
    /// Numbers of sockets
    #[arg(long, value_delimiter = ',', default_value = "50,200,500,1000,2000",
          value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub sockets: Vec<u32>,
    /// Deliveries in one write
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub batch: u32,
    /// Bytes of a delivery
    #[arg(long, default_value_t = 319, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub bytes: u32,
    /// Seconds for each number of sockets
    #[arg(long, default_value_t = 2.0, value_name = "SECONDS")]
    pub seconds: f64,
    /// Prints JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

impl Bare {
    /// Writes to all sockets in turn, waits until all have read, and repeats; on two cores as in a comparison.
    ///
    /// # Errors
    /// There are too few cores or descriptors.
    pub fn run(&self) -> Result<BareResult> {
        let cores = Cores::choose()?;
        let measured = self.sockets.iter().map(|&sockets| on_this_thread(self.measure(sockets, cores)));
        Ok(BareResult { batch: self.batch, floors: measured.collect::<Result<_>>()? })
    }

    async fn measure(&self, sockets: u32, cores: Cores) -> Result<Floor> {
        descriptors::allow(2 * u64::from(sockets))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let (mut to, received) = (Vec::new(), Arc::new(AtomicU64::new(0)));
        // One buffer for all, as in the clients of the load test.
        let scratch = Rc::new(RefCell::new(vec![0; SCRATCH]));
        for _ in 0..sockets {
            let reader = TcpStream::connect(listener.local_addr()?)?;
            reader.set_nonblocking(true)?;
            tokio::task::spawn_local(read(reader.try_into()?, scratch.clone(), received.clone()));
            let (writer, _) = listener.accept()?;
            writer.set_nodelay(true)?;
            writer.set_write_timeout(Some(PATIENCE))?;
            to.push(writer);
        }
        let lasts = Duration::from_secs_f64(self.seconds.clamp(0.05, 600.0));
        let piece = vec![b'x'; self.batch as usize * self.bytes as usize];
        let writing = Writing { to, piece, lasts, received };
        let thread = cores.on_servers(|| Ok(std::thread::spawn(|| writing.run())))?;
        let (writes, nanos) = finished(thread).await?;
        let micros_per_write = nanos as f64 / 1e3 / writes.max(1) as f64;
        Ok(Floor { sockets, micros_per_write, micros_per_delivery: micros_per_write / f64::from(self.batch) })
    }
}

/// Reads what arrives, as a client of the load test does.
async fn read(stream: tokio::net::TcpStream, scratch: Rc<RefCell<Vec<u8>>>, received: Arc<AtomicU64>) {
    while stream.readable().await.is_ok() {
        match stream.try_read(&mut scratch.borrow_mut()) {
            Ok(0) => return,
            Ok(count) => drop(received.fetch_add(count as u64, Ordering::Release)),
            Err(_) => {}
        }
    }
}

/// Waits for the writer without blocking the readers.
async fn finished(thread: JoinHandle<Result<(u64, u64)>>) -> Result<(u64, u64)> {
    while !thread.is_finished() {
        sleep(LOOK).await;
    }
    thread.join().map_err(|_| anyhow!("the writer panicked"))?
}

/// The writing side.
struct Writing {
    to: Vec<TcpStream>,
    piece: Vec<u8>,
    lasts: Duration,
    received: Arc<AtomicU64>,
}

impl Writing {
    /// Returns the number of writes and the CPU time that they took, in nanoseconds.
    fn run(mut self) -> Result<(u64, u64)> {
        let (mut writes, mut spent, end) = (0, 0, Instant::now() + self.lasts);
        while Instant::now() < end {
            let before = thread_nanos()?;
            for stream in &mut self.to {
                stream.write_all(&self.piece)?;
            }
            spent += thread_nanos()? - before;
            writes += self.to.len() as u64;
            while self.received.load(Ordering::Acquire) < writes * self.piece.len() as u64 {
                ensure!(Instant::now() < end + PATIENCE, "what was written is not read");
                std::thread::yield_now();
            }
        }
        Ok((writes, spent))
    }
}

fn thread_nanos() -> Result<u64> {
    let time = Duration::from(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?);
    Ok(u64::try_from(time.as_nanos())?)
}

/// The result for one number of sockets.
#[derive(Debug, Clone, Serialize)]
struct Floor {
    sockets: u32,
    /// CPU time of the writing thread, user and system.
    micros_per_write: f64,
    micros_per_delivery: f64,
}

/// The results for all numbers of sockets.
#[derive(Debug, Clone, Serialize)]
pub struct BareResult {
    batch: u32,
    floors: Vec<Floor>,
}

impl Report for BareResult {
    fn rows(&self) -> Vec<Row> {
        let row = |floor: &Floor| {
            let text = format!(
                "{:>6}: {:.2} µs CPU a write, {:.3} µs for each of {}",
                grouped(floor.sockets.into()),
                floor.micros_per_write,
                floor.micros_per_delivery,
                self.batch
            );
            ("sockets", text)
        };
        self.floors.iter().map(row).collect()
    }

    fn verdict(&self) -> Verdict {
        Verdict::Passed
    }
}
