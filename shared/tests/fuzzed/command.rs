//! A request that is read is written in a form that is read as the same request; every other text gets an answer.

use shared::Request;

/// # Panics
/// It does not hold for this input.
pub fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match Request::parse(text) {
        Ok(request) => {
            let written = serde_json::to_string(&request).expect("requests can be written");
            assert_eq!(Request::parse(&written), Ok(request), "{written}");
        }
        Err(failure) => {
            let written = serde_json::to_string(&failure).expect("failures can be written");
            assert_eq!(serde_json::from_str(&written).ok(), Some(failure), "{written}");
        }
    }
}
