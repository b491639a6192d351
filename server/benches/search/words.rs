//! Words and texts: sentences of the load test's corpus followed by words of an open-ended vocabulary, some common and
//! most rare, as in a language: the word of rank *n* is drawn about 1/n as often as the first.

use std::fmt::Write as _;

use shared::MessageText;

/// Words per language.
pub const VOCABULARY: u64 = 60_000;

/// Returns the sentences of the load test's corpus.
pub fn corpus() -> Vec<&'static str> {
    let texts = [
        include_str!("../../../loadtest/corpus/japanese.txt"),
        include_str!("../../../loadtest/corpus/english.txt"),
    ];
    texts.into_iter().flat_map(str::lines).filter(|line| !line.is_empty()).collect()
}

/// A pseudo-random number (`SplitMix64`), the same in every run.
pub fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The rank of a word, drawn by Zipf's law.
fn rank(number: u64) -> u64 {
    let share = (mixed(number) >> 11) as f64 / (1_u64 << 53) as f64;
    (VOCABULARY as f64).powf(share) as u64
}

fn spelled(rank: u64, syllables: &[&str], length: u64) -> String {
    (0..length).map(|place| syllables[mixed(rank * 8 + place) as usize % syllables.len()]).collect()
}

pub fn latin(rank: u64) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "con", "der", "el", "fi", "gra", "ho", "in", "jo", "ka", "lo", "men", "nor", "os", "per",
        "qua", "ri", "sta", "tion", "ul", "ver", "wi", "xen", "zo",
    ];
    spelled(rank, &SYLLABLES, 2 + rank % 3)
}

pub fn katakana(rank: u64) -> String {
    const KANA: [&str; 24] = [
        "ア", "イ", "ウ", "カ", "キ", "ク", "コ", "サ", "シ", "ス", "タ", "チ", "テ", "ト", "ナ", "ノ", "ハ",
        "フ", "マ", "ミ", "ラ", "リ", "ン", "ー",
    ];
    spelled(rank + 1_000_000, &KANA, 2 + rank % 3)
}

/// A word of two kanji out of 3,000, common ones first.
pub fn kanji(rank: u64) -> String {
    let sign = |place: u64| {
        let one_of = (rank + 50).min(3_000);
        char::from_u32(0x4E00 + (mixed(mixed(rank * 2 + place) % one_of) % 3_000) as u32).unwrap()
    };
    [sign(0), sign(1)].iter().collect()
}

/// Returns the text of a message.
pub fn content(corpus: &[&str], number: u64) -> MessageText {
    let mut text = corpus[mixed(number) as usize % corpus.len()].to_owned();
    for word in 0..=mixed(number) % 3 {
        let rank = rank(number * 4 + word);
        let word = match (number + word) % 3 {
            0 => latin(rank),
            1 => katakana(rank),
            _ => kanji(rank),
        };
        write!(text, " {word}").unwrap();
    }
    MessageText::new(&text).unwrap()
}
