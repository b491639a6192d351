//! The texts that clients send: sentences from a chat, alternating Japanese and English.

use anyhow::Result;

const JAPANESE: &str = include_str!("../corpus/japanese.txt");
const ENGLISH: &str = include_str!("../corpus/english.txt");

/// Sentences, already escaped for JSON strings.
#[derive(Debug)]
pub struct Corpus(Vec<String>);

impl Corpus {
    /// Loads the sentences in `corpus/`.
    ///
    /// # Errors
    /// None in practice: any text can be encoded as JSON.
    pub fn load() -> Result<Self> {
        let lines = |text: &'static str| text.lines().filter(|line| !line.is_empty());
        let pairs = lines(JAPANESE).zip(lines(ENGLISH)).flat_map(|(japanese, english)| [japanese, english]);
        let escaped = pairs.map(|line| {
            let quoted = serde_json::to_string(line)?;
            Ok(quoted[1..quoted.len() - 1].to_owned())
        });
        escaped.collect::<Result<_>>().map(Self)
    }

    /// Returns the sentence for a post: the same in every run, varying from post to post.
    pub fn sentence(&self, sender: u32, number: u32) -> &str {
        let mixed = (u64::from(sender) << 32 | u64::from(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
        &self.0[mixed as usize % self.0.len()]
    }

    /// Appends the text of a post: its sentence and, if `bytes` is given, further ones until `out` has that length.
    pub fn write_text(&self, out: &mut Vec<u8>, sender: u32, number: u32, bytes: Option<usize>) {
        out.extend_from_slice(self.sentence(sender, number).as_bytes());
        let bytes = bytes.unwrap_or(0);
        let mut further = 1;
        while out.len() < bytes {
            out.push(b' ');
            let sentence = self.sentence(sender.wrapping_add(further), number);
            further += 1;
            let space = bytes.saturating_sub(out.len());
            if sentence.len() <= space {
                out.extend_from_slice(sentence.as_bytes());
            } else if sentence.contains('\\') {
                // A cut might split an escape.
                out.resize(out.len() + space, b'.');
            } else {
                let cut = sentence.floor_char_boundary(space);
                out.extend_from_slice(&sentence.as_bytes()[..cut]);
                out.resize(out.len() + space - cut, b'.');
            }
        }
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

    #[test]
    fn a_text_is_filled_up_to_its_size() {
        let corpus = Corpus::load().unwrap();
        for number in 0..500 {
            let mut out = b"1.2 ".to_vec();
            corpus.write_text(&mut out, 1, number, Some(200));
            assert!(out.len() >= 200 && out.len() < 260, "{}", out.len());
            let quoted = format!("\"{}\"", String::from_utf8(out).unwrap());
            serde_json::from_str::<String>(&quoted).unwrap();
        }
        let mut out = Vec::new();
        corpus.write_text(&mut out, 1, 1, None);
        assert_eq!(out, corpus.sentence(1, 1).as_bytes());
    }
}
