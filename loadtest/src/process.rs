//! Resource usage of a process, as Linux reports it under `/proc`.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use nix::time::clock_getcpuclockid;
use nix::unistd::Pid;
use serde::Serialize;

/// A process, by its id.
#[derive(Debug, Clone, Copy)]
pub struct Process(u32);

/// Memory and descriptors of a process at one moment.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Footprint {
    /// Resident memory, in KiB.
    pub rss_kib: u64,
    /// Peak resident memory since the process started, in KiB.
    pub peak_rss_kib: u64,
    /// Open descriptors.
    pub descriptors: u64,
}

impl Process {
    /// This process.
    pub fn own() -> Self {
        Self(std::process::id())
    }

    /// Returns the process with this id, if it is visible.
    pub fn with_id(id: u32) -> Option<Self> {
        Path::new(&format!("/proc/{id}/stat")).exists().then_some(Self(id))
    }

    /// Returns the process that listens on `port` of this machine, if it is visible.
    pub fn listening_on(address: IpAddr, port: u16) -> Option<Self> {
        if !address.is_loopback() {
            return None;
        }
        let sockets: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
            .iter()
            .filter_map(|path| fs::read_to_string(path).ok())
            .flat_map(|table| table.lines().filter_map(|line| listener(line, port)).collect::<Vec<_>>())
            .collect();
        fs::read_dir("/proc").ok()?.flatten().find_map(|entry| {
            let id: u32 = entry.file_name().to_str()?.parse().ok()?;
            let has_one = fs::read_dir(entry.path().join("fd")).ok()?.flatten().any(|descriptor| {
                fs::read_link(descriptor.path())
                    .is_ok_and(|target| sockets.iter().any(|socket| target.as_os_str() == socket.as_str()))
            });
            has_one.then_some(Self(id))
        })
    }

    pub fn id(self) -> u32 {
        self.0
    }

    /// CPU time used so far by all threads, including those that have ended, in nanoseconds.
    pub fn cpu_nanos(self) -> Option<u64> {
        let clock = clock_getcpuclockid(Pid::from_raw(i32::try_from(self.0).ok()?)).ok()?;
        u64::try_from(Duration::from(clock.now().ok()?).as_nanos()).ok()
    }

    /// Resets the peak of the resident memory, where this user may.
    pub fn forget_peak(self) {
        // Without the permission the peak remains that of the whole life, which is on the safe side.
        let _ = fs::write(format!("/proc/{}/clear_refs", self.0), "5");
    }

    /// Returns its current memory and descriptors.
    pub fn footprint(self) -> Option<Footprint> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        let kib = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.parse::<u64>().ok()
        };
        let descriptors = fs::read_dir(format!("/proc/{}/fd", self.0)).map_or(0, |list| list.count() as u64);
        Some(Footprint { rss_kib: kib("VmRSS:")?, peak_rss_kib: kib("VmHWM:")?, descriptors })
    }
}

/// Returns the name under `/proc/*/fd` of the socket in a line of `/proc/net/tcp`, if it listens on `port`.
fn listener(line: &str, port: u16) -> Option<String> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (_, local_port) = fields.get(1)?.rsplit_once(':')?;
    let listens = *fields.get(3)? == "0A" && u16::from_str_radix(local_port, 16) == Ok(port);
    listens.then(|| fields.get(9).map(|inode| format!("socket:[{inode}]"))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listening_socket_is_recognised() {
        let line = "   0: 0100007F:223D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1";
        assert_eq!(listener(line, 0x223D), Some("socket:[4711]".to_owned()));
        assert_eq!(listener(line, 80), None);
        assert_eq!(listener(&line.replace(" 0A ", " 01 "), 0x223D), None);
    }

    #[test]
    fn this_process_is_found_by_its_port() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let found = Process::listening_on(address.ip(), address.port()).unwrap();
        assert_eq!(found.id(), std::process::id());
        assert!(found.cpu_nanos().is_some());
        assert!(found.footprint().unwrap().descriptors > 2);
    }

    #[test]
    fn the_work_of_a_thread_counts_when_it_has_ended() {
        let before = Process::own().cpu_nanos().unwrap();
        let work = || {
            let start = std::time::Instant::now();
            while start.elapsed() < Duration::from_millis(30) {}
            Process::own().cpu_nanos().unwrap()
        };
        let at_its_end = std::thread::spawn(work).join().unwrap();
        assert!(at_its_end > before);
        assert!(Process::own().cpu_nanos().unwrap() >= at_its_end);
    }
}
