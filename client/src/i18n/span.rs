//! How long something lasts, in words.

use super::Language;

/// In seconds.
const UNITS: [u64; 4] = [1, 60, 3_600, 86_400];
const JAPANESE: [&str; 4] = ["秒", "分", "時間", "日"];
const ENGLISH: [&str; 4] = ["second", "minute", "hour", "day"];

/// A number of seconds in the unit in which it is easily read, rounded to the nearest.
pub fn span(language: Language, seconds: u64) -> String {
    let fits = |unit: &u64| seconds == *unit || seconds >= 2 * unit;
    let at = UNITS.iter().rposition(fits).unwrap_or(0);
    let count = (seconds + UNITS[at] / 2) / UNITS[at];
    match language {
        Language::Japanese => format!("{count}{}", JAPANESE[at]),
        Language::English => format!("{count} {}{}", ENGLISH[at], if count == 1 { "" } else { "s" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_unit_that_is_easily_read() {
        let both = |seconds| [Language::English, Language::Japanese].map(|language| span(language, seconds));
        assert_eq!(both(0), ["0 seconds", "0秒"]);
        assert_eq!(both(1), ["1 second", "1秒"]);
        assert_eq!(both(60), ["1 minute", "1分"]);
        assert_eq!(both(90), ["90 seconds", "90秒"]);
        assert_eq!(both(541), ["9 minutes", "9分"]);
        assert_eq!(both(3_600), ["1 hour", "1時間"]);
        assert_eq!(both(3_601), ["60 minutes", "60分"]);
        assert_eq!(both(86_400), ["1 day", "1日"]);
        assert_eq!(both(7 * 86_400), ["7 days", "7日"]);
    }
}
