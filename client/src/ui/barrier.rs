//! Why nothing can be written in a room at present.

use shared::ErrorCode;

use super::reasons::reason;
use super::texts;
use crate::core::room::doors::Barrier;
use crate::i18n::Language;
use crate::i18n::errors::Of;

pub fn words(language: Language, barrier: &Barrier) -> String {
    let (code, seconds) = match barrier {
        Barrier::Archived => (ErrorCode::Archived, None),
        Barrier::Muted(seconds, _) => (ErrorCode::Muted, *seconds),
        Barrier::Slow(seconds) => (ErrorCode::SlowMode, Some(*seconds)),
    };
    let mut words = reason(language, code, seconds.map(|seconds| seconds * 1_000), Of::Request);
    if let Barrier::Muted(_, Some(reason)) = barrier {
        words += &(texts::MUTED_BECAUSE.of(language))(reason.as_str());
    }
    words
}

/// What is read out: without the time, which would be read out whenever it changes.
pub fn told(language: Language, barrier: &Barrier) -> Option<String> {
    let code = match barrier {
        Barrier::Archived => ErrorCode::Archived,
        Barrier::Muted(..) => ErrorCode::Muted,
        Barrier::Slow(_) => return None,
    };
    Some(reason(language, code, None, Of::Request))
}
