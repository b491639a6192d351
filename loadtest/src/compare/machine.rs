//! The machine that the figures were taken on.

use std::fs;

/// Describes processor, cores and kernel in one line.
pub fn describe() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':').map(|(_, model)| model.trim()))
        .unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let seen = info.lines().filter(|line| line.starts_with("processor")).count().max(cores);
    let kernel = read("/proc/sys/kernel/osrelease");
    format!("{model}, {seen} cores, Linux {}", kernel.trim())
}

/// Returns today's date, as `2026-11-23`.
pub fn today() -> String {
    let days = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs() / 86_400;
    date(days as i64)
}

/// Returns the date `days` days after 1970-01-01.
fn date(days: i64) -> String {
    // Eras of 400 years that begin on 1 March, so that the leap day is the last day of a year.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let of_month = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{of_month:02}", year + era * 400 + carry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        for (days, text) in
            [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_780, "2026-11-23")]
        {
            assert_eq!(date(days), text);
        }
    }
}
