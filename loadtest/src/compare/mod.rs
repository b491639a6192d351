//! Compares Hiroba with other servers on the same machine in the same hour: server on one core, load on the other, each
//! row several times in turn, medians and ratios into docs/performance.md.

pub mod figures;
pub mod goals;
pub mod machine;
pub mod page;
pub mod peers;
pub mod rows;
pub mod serving;
pub mod web;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::compare::figures::{Book, Figures};
use crate::compare::peers::Peer;
use crate::compare::rows::{Lengths, Row};
use crate::compare::serving::Serving;
use crate::cores::Cores;
use crate::report::Verdict;

/// What to compare.
#[derive(Debug, Clone, Args)]
pub struct Compare {
    /// Hiroba's binary [default: `hiroba` beside this program]
    #[arg(long, value_name = "PATH")]
    pub server: Option<PathBuf>,
    /// Only these rows
    #[arg(long, value_enum, value_delimiter = ',', value_name = "ROW")]
    pub only: Vec<Row>,
    /// Only these peers; an empty text for none
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    pub peers: Option<Vec<String>>,
    /// A further peer, for instance `mine:echo-json=./server --port {port}`; may be repeated
    #[arg(long, value_name = "NAME:DIALECT=COMMAND")]
    pub peer: Vec<String>,
    /// Runs of each row
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=25))]
    pub repeats: u32,
    /// Short runs with few clients: tells whether everything works, not how fast
    #[arg(long)]
    pub quick: bool,
    /// Where data folders are made: on a disk, not in memory
    #[arg(long, default_value = "target/compare", value_name = "FOLDER")]
    pub scratch: PathBuf,
    /// The page whose part between the marks is written anew; without it the result is printed only
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// Prints all figures as JSON
    #[arg(long)]
    pub json: bool,
}

impl Compare {
    /// Measures everything and reports it.
    ///
    /// # Errors
    /// Hiroba cannot be started, there are not two cores, or the page has no marks.
    pub fn run(&self) -> Result<Verdict> {
        let cores = Cores::choose()?;
        let page = self.write.as_deref().map(page::Page::open).transpose()?;
        let servers = self.servers()?;
        let rows = if self.only.is_empty() { Row::all() } else { self.only.clone() };
        std::fs::create_dir_all(&self.scratch).context("--scratch")?;
        let lengths = Lengths::new(self.quick);
        let mut book = Book::default();
        let started = Instant::now();
        for repeat in 0..self.repeats {
            for &row in &rows {
                for server in &servers {
                    if book.is_hopeless(server.name(), row) {
                        continue;
                    }
                    eprintln!(
                        "{:>5} s  run {} of {}: {row}, {}",
                        started.elapsed().as_secs(),
                        repeat + 1,
                        self.repeats,
                        server.name()
                    );
                    match measure(server, row, &lengths, cores, &self.scratch) {
                        Ok(figures) => book.enter(server.name(), row, figures),
                        Err(error) => {
                            eprintln!("         {row}, {}: {error:#}", server.name());
                            book.enter(server.name(), row, Figures::default());
                        }
                    }
                }
            }
        }
        let text = page::render(&book, &rows, &servers, self.repeats, self.quick);
        if self.json {
            println!("{}", serde_json::to_string_pretty(&book)?);
        } else {
            println!("{text}");
        }
        if let Some(page) = page {
            page.replace("compare", &text)?;
        }
        let ours = servers.first().map_or("", |server| server.name());
        let failed = rows.iter().any(|&row| !book.is_whole(ours, row));
        Ok(if failed { Verdict::Failed } else { Verdict::Passed })
    }

    /// Returns Hiroba, then the peers that are installed.
    fn servers(&self) -> Result<Vec<Peer>> {
        let beside = |name: &str| std::env::current_exe().ok().map(|own| own.with_file_name(name));
        let hiroba = self.server.clone().or_else(|| beside("hiroba")).unwrap_or_else(|| "hiroba".into());
        ensure!(
            hiroba.exists(),
            "there is no {}: build it with `cargo xtask dist` or `cargo build --release -p server`, or name it with \
             --server",
            hiroba.display()
        );
        let mut servers = vec![Peer::hiroba(&hiroba)?];
        let wanted =
            |name: &str| self.peers.as_ref().is_none_or(|names| names.iter().any(|wanted| wanted == name));
        for known in peers::KNOWN {
            if !wanted(known.name) {
                continue;
            }
            match (known.find)() {
                Ok(peer) => servers.push(peer),
                Err(missing) => eprintln!("without {}: {missing:#}", known.name),
            }
        }
        for text in &self.peer {
            servers.push(Peer::named(text)?);
        }
        Ok(servers)
    }
}

/// Runs one row once, on a server started for it.
fn measure(server: &Peer, row: Row, lengths: &Lengths, cores: Cores, scratch: &Path) -> Result<Figures> {
    let serving = Serving::start(server, cores, scratch)?;
    let figures = rows::play(row, &serving, lengths);
    serving.stop();
    figures
}
