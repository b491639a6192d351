//! What the clients say: sentences from a chat, Japanese and English in turn.

use anyhow::Result;

const JAPANESE: &str = include_str!("../corpus/japanese.txt");
const ENGLISH: &str = include_str!("../corpus/english.txt");

/// Sentences, already escaped for a JSON text.
#[derive(Debug)]
pub struct Corpus(Vec<String>);

impl Corpus {
    /// The sentences in `corpus/`.
    ///
    /// # Errors
    /// None in practice: a text is always JSON.
    pub fn load() -> Result<Self> {
        let lines = |text: &'static str| text.lines().filter(|line| !line.is_empty());
        let pairs = lines(JAPANESE).zip(lines(ENGLISH)).flat_map(|(japanese, english)| [japanese, english]);
        let escaped = pairs.map(|line| {
            let quoted = serde_json::to_string(line)?;
            Ok(quoted[1..quoted.len() - 1].to_owned())
        });
        escaped.collect::<Result<_>>().map(Self)
    }

    /// The sentence for one post: the same in every run, another for each.
    pub fn sentence(&self, sender: u32, number: u32) -> &str {
        let mixed = (u64::from(sender) << 32 | u64::from(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
        &self.0[mixed as usize % self.0.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentences_are_many_and_different() {
        let corpus = Corpus::load().unwrap();
        assert!(corpus.0.len() >= 200, "{}", corpus.0.len());
        let different: std::collections::HashSet<_> = corpus.0.iter().collect();
        assert_eq!(different.len(), corpus.0.len());
        let drawn: std::collections::HashSet<_> = (0..1_000).map(|n| corpus.sentence(3, n)).collect();
        assert!(drawn.len() > 150, "{}", drawn.len());
    }

    #[test]
    fn a_sentence_is_short_on_average() {
        let corpus = Corpus::load().unwrap();
        let bytes: usize = corpus.0.iter().map(String::len).sum();
        let mean = bytes as f64 / corpus.0.len() as f64;
        assert!((20.0..35.0).contains(&mean), "{mean} bytes");
    }
}
