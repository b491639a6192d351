//! Explains why a search query was rejected.

use shared::limits::{SEARCH_CHARS, SEARCH_STARS, SEARCH_WORDS};
use shared::{ErrorCode, Failure};

use super::texts;
use crate::browser::dates::format_number;
use crate::i18n::Language;

/// What is wrong with a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Problem {
    TooLong,
    TooManyWords,
    TooManyStars,
    Nothing,
    Star,
    Day,
    Has,
    Name,
    Twice,
    Minus,
    Other,
}

/// The explanation; `None` if the query is not the cause.
pub fn words(language: Language, failure: &Failure, tag: &'static str) -> Option<String> {
    let number = |number: usize| format_number(tag, number as u64);
    Some(match problem(failure)? {
        Problem::TooLong => (texts::PROBLEM_TOO_LONG.of(language))(&number(SEARCH_CHARS)),
        Problem::TooManyWords => (texts::PROBLEM_TOO_MANY_WORDS.of(language))(&number(SEARCH_WORDS)),
        Problem::TooManyStars => (texts::PROBLEM_TOO_MANY_STARS.of(language))(&number(SEARCH_STARS)),
        Problem::Nothing => texts::PROBLEM_NOTHING.of(language).to_owned(),
        Problem::Star => texts::PROBLEM_STAR.of(language).to_owned(),
        Problem::Day => texts::PROBLEM_DAY.of(language).to_owned(),
        Problem::Has => texts::PROBLEM_HAS.of(language).to_owned(),
        Problem::Name => texts::PROBLEM_NAME.of(language).to_owned(),
        Problem::Twice => texts::PROBLEM_TWICE.of(language).to_owned(),
        Problem::Minus => texts::PROBLEM_MINUS.of(language).to_owned(),
        Problem::Other => texts::PROBLEM_OTHER.of(language).to_owned(),
    })
}

/// All query problems share one error code; the developer message, the same on both sides, tells them apart.
fn problem(failure: &Failure) -> Option<Problem> {
    if failure.code != ErrorCode::InvalidField {
        return None;
    }
    let says = |part: &str| failure.message.contains(part);
    Some(if says("is longer than 256") {
        Problem::TooLong
    } else if says("\"has:\"") {
        // This message repeats the user's input, so it is checked before the ones below.
        Problem::Has
    } else if says("words with a star") {
        Problem::TooManyStars
    } else if says("words") {
        Problem::TooManyWords
    } else if says("nothing to look for") {
        Problem::Nothing
    } else if says("before the star") {
        Problem::Star
    } else if says("given once") {
        Problem::Twice
    } else if says("have no minus") {
        Problem::Minus
    } else if says("must be a day") {
        Problem::Day
    } else if says("\"from:\"") || says("\"in:\"") {
        Problem::Name
    } else {
        Problem::Other
    })
}

#[cfg(test)]
mod tests {
    use shared::search::Query;

    use super::*;

    #[test]
    fn every_problem_of_a_query_has_its_words() {
        let of = |query: &str| problem(&Query::parse(query).unwrap_err()).unwrap();
        assert_eq!(of(&"あ".repeat(257)), Problem::TooLong);
        assert_eq!(of(&"雨 ".repeat(17)), Problem::TooManyWords);
        assert_eq!(of("to* ky* ky*"), Problem::TooManyStars);
        assert_eq!(of("…"), Problem::Nothing);
        assert_eq!(of("a*"), Problem::Star);
        assert_eq!(of("after:tomorrow"), Problem::Day);
        assert_eq!(of("before:2026-13-01"), Problem::Day);
        assert_eq!(of("has:words"), Problem::Has);
        assert_eq!(of("from:"), Problem::Name);
        assert_eq!(of("in:a in:b"), Problem::Twice);
        assert_eq!(of("-before:2026-11-24"), Problem::Minus);
        assert_eq!(problem(&Failure::new(ErrorCode::Unavailable, "")), None);
    }
}
