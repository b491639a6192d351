//! `cargo xtask`: builds, runs, checks and packages Hiroba.

mod build;
mod checks;
mod commands;
mod fingerprint;
mod first_load;
mod lockfile;
mod process;
mod tools;
mod trial_server;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask <command>

  run [-- flags]         build the web client and the server, start `hiroba` with these flags
  dev [-- flags]         the same for development: both rebuild and reload when a file changes
  check                  the quick checks: format, clippy, layers, file sizes, unit tests
  test                   everything: check, all tests, browser stories; sets up what they need
  test stories [name…]   only the browser stories, or those whose file name contains a name
  chaos [-- flags]       kill the server and break the network while people write, then look what is there:
                         --minutes N (0.4), --seed S, --people N, --rate N, --lifetime N
  fuzz [target…]         look for inputs that break something, --minutes N (15) each; the corpus stays in fuzz/
  dist                   one stripped binary with the web client inside: target/dist/hiroba
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        bail!("which command?\n\n{HELP}");
    };
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    match (command.as_str(), rest.as_slice()) {
        ("run", flags) => commands::run::run(after_dashes(flags)),
        ("dev", flags) => commands::dev::run(after_dashes(flags)),
        ("check", []) => commands::check::run(),
        ("test", []) => commands::test::everything(),
        ("test", ["stories", names @ ..]) => commands::test::stories(names),
        ("chaos", flags) => commands::chaos::run(after_dashes(flags)),
        ("fuzz", arguments) => commands::fuzz::run(after_dashes(arguments)),
        ("dist", []) => commands::dist::run(),
        ("help" | "--help" | "-h", _) => {
            print!("{HELP}");
            Ok(())
        }
        _ => bail!("`cargo xtask {}` is not a command\n\n{HELP}", arguments.join(" ")),
    }
}

/// Returns the flags for the server. The `--` before them is optional.
fn after_dashes<'a>(flags: &'a [&'a str]) -> &'a [&'a str] {
    flags.strip_prefix(&["--"]).unwrap_or(flags)
}
