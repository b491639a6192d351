//! Splits a text where its look changes: mentions, search matches.

use std::ops::Range;

use shared::RoomAddress;

/// The look of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// Plain text.
    Plain,
    /// A mention.
    Call {
        /// Whether it mentions the reader.
        own: bool,
    },
    /// The name of a room.
    Room(RoomAddress),
}

/// A part of a text with one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub look: Look,
    /// Whether it matches the search.
    pub found: bool,
}

/// A text with what stands out in it; the ranges are in bytes, sorted, and do not overlap.
pub struct Runs<'a> {
    pub text: &'a str,
    /// Mentions.
    pub calls: &'a [(Range<usize>, Look)],
    pub found: &'a [Range<usize>],
}

impl Runs<'_> {
    /// Splits a part of the text into runs, in order.
    pub fn of(&self, part: Range<usize>) -> Vec<Run> {
        let mut cuts = vec![part.start, part.end];
        // There are few, so inserting into a sorted list is cheap enough.
        for range in self.calls.iter().map(|(range, _)| range).chain(self.found) {
            for cut in [range.start, range.end] {
                if part.contains(&cut)
                    && self.text.is_char_boundary(cut)
                    && let Err(place) = cuts.binary_search(&cut)
                {
                    cuts.insert(place, cut);
                }
            }
        }
        let look = |at: &usize| {
            let call = self.calls.iter().find(|(range, _)| range.contains(at));
            call.map_or(Look::Plain, |(_, look)| look.clone())
        };
        let run = |(start, end): (&usize, &usize)| Run {
            text: self.text[*start..*end].to_owned(),
            look: look(start),
            found: self.found.iter().any(|range| range.contains(start)),
        };
        cuts.iter().zip(cuts.iter().skip(1)).map(run).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_marked_also_inside_of_a_mention() {
        let text = "**見て** @花子 東京";
        let at = |part: &str| text.find(part).map(|start| start..start + part.len()).unwrap();
        let runs =
            Runs {
                text, calls: &[(at("@花子"), Look::Call { own: true })], found: &[at("花"), at("東京")]
            };
        let shown: Vec<String> = runs
            .of(at(" @花子 東京"))
            .iter()
            .map(|run| {
                let look = if run.look == (Look::Call { own: true }) { "me " } else { "" };
                format!("{look}{}{}", if run.found { "*" } else { "" }, run.text)
            })
            .collect();
        assert_eq!(shown, [" ", "me @", "me *花", "me 子", " ", "*東京"]);
        assert_eq!(runs.of(at("見て")).len(), 1, "other parts are not cut");
    }
}
