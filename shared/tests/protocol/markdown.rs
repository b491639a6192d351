//! Hostile texts: they stay bounded. A browser story shows the same ones.

use std::time::Duration;

use shared::limits::CONTENT_BYTES;
use shared::markdown::{Element, Part, parse};

#[path = "../../src/cpu_time.rs"]
mod cpu_time;

#[derive(serde::Deserialize)]
struct Corpus {
    texts: Vec<String>,
    repeated: Vec<String>,
}

fn corpus() -> Corpus {
    serde_json::from_str(include_str!("../corpus/markdown.json")).expect("the corpus")
}

#[test]
fn hostile_texts_lead_nowhere_but_to_the_web() {
    let Corpus { texts, repeated } = corpus();
    assert!(texts.len() + repeated.len() >= 200);
    for text in texts {
        for part in parse(&text) {
            if let Part::Open(Element::Link(target)) = part {
                let is_known =
                    ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
                assert!(is_known && !target.contains(['<', '>', '"', ' ', '\\']), "{target:?} in {text:?}");
            }
        }
    }
}

/// Debug builds take some ten times as long, so this only rules out anything worse than linear.
#[test]
fn repeated_signs_take_linear_time() {
    for piece in corpus().repeated {
        let time = |length: usize| {
            let text = piece.repeat(length / piece.len());
            cpu_time::of(|| {
                std::hint::black_box(parse(&text));
            })
        };
        let (short, long) = (time(CONTENT_BYTES / 8), time(CONTENT_BYTES));
        assert!(long < 8 * 4 * short + Duration::from_millis(5), "{piece:?}: {short:?}, then {long:?}");
    }
}
