//! A request that parses is serialised so that it parses to the same request; any other text yields a failure that can
//! be serialised.

use shared::Request;

/// # Panics
/// If the property does not hold for this input.
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
