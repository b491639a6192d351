//! What the switcher offers, best first.

use shared::search::fold;
use shared::sort::sort_by_key;
use shared::{RoomAddress, UserId, UserName, loosely};

/// Maximum number of rows.
const ROWS: usize = 12;

/// Where a row leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    Room {
        room: RoomAddress,
        /// What it is called.
        name: String,
        joined: bool,
        unread: bool,
    },
    /// The conversation with a person.
    Person(UserId, UserName),
    /// The messages of a person.
    Written(UserId, UserName),
}

impl Goal {
    pub fn label(&self) -> &str {
        match self {
            Self::Room { name, .. } => name,
            Self::Person(_, name) | Self::Written(_, name) => name.as_str(),
        }
    }

    /// Whether both lead to the same place.
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Room { room, .. }, Self::Room { room: other, .. }) => room == other,
            (Self::Person(id, _), Self::Person(other, _))
            | (Self::Written(id, _), Self::Written(other, _)) => id == other,
            _ => false,
        }
    }
}

/// A goal with the form of its name that is compared, which is made once.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    form: String,
    /// How the name of a person is read.
    reading: Option<String>,
    goal: Goal,
}

impl Named {
    pub fn all(goals: Vec<Goal>, reading: impl Fn(UserId) -> Option<String>) -> Vec<Self> {
        let named = |goal: Goal| {
            let reading = match &goal {
                Goal::Person(id, _) | Goal::Written(id, _) => reading(*id),
                Goal::Room { .. } => None,
            };
            Self { form: form(goal.label()), reading: reading.as_deref().map(form), goal }
        };
        goals.into_iter().map(named).collect()
    }
}

/// How a name matches; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Beginning,
    /// The beginning of a word in it.
    Word,
    Within,
    /// The characters in this order, with others between them.
    Scattered,
}

/// Chooses the goals that match; better matches come first, and among equal ones the order of `all` stays, which begins
/// with the recent ones. Without a query people are left out.
pub fn best(query: &str, all: &[Named]) -> Vec<Goal> {
    let wanted = form(query);
    let fit = |named: &Named| {
        if wanted.is_empty() {
            return matches!(named.goal, Goal::Room { .. }).then_some(Fit::Whole);
        }
        let by_reading = named.reading.as_deref().and_then(|reading| fit(reading, &wanted));
        fit(&named.form, &wanted).into_iter().chain(by_reading).min()
    };
    let mut fitting: Vec<(Fit, &Named)> = all.iter().filter_map(|named| Some((fit(named)?, named))).collect();
    sort_by_key(&mut fitting, |(fit, _)| *fit);
    fitting.into_iter().map(|(_, named)| named.goal.clone()).take(ROWS).collect()
}

fn fit(name: &str, wanted: &str) -> Option<Fit> {
    let begins_word = |at: usize| name[..at].ends_with([' ', '-', '_', '.', '/']);
    match name.find(wanted) {
        Some(0) if name.len() == wanted.len() => Some(Fit::Whole),
        Some(0) => Some(Fit::Beginning),
        Some(_) if name.match_indices(wanted).any(|(at, _)| begins_word(at)) => Some(Fit::Word),
        Some(_) => Some(Fit::Within),
        None => {
            let mut rest = name.chars();
            let is_scattered = wanted.chars().all(|wanted| rest.any(|c| c == wanted));
            is_scattered.then_some(Fit::Scattered)
        }
    }
}

/// A name without case, width, accents, and the difference of hiragana and katakana.
fn form(name: &str) -> String {
    loosely(fold(name).trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str, names: &[&str]) -> Vec<String> {
        let goal = |name: &&str| Goal::Room {
            room: RoomAddress::new(name).unwrap(),
            name: RoomAddress::new(name).unwrap().to_string(),
            joined: true,
            unread: false,
        };
        best(query, &Named::all(names.iter().map(goal).collect(), |_| None))
            .iter()
            .map(|goal| goal.label().to_owned())
            .collect()
    }

    #[test]
    fn better_matches_come_first_and_recent_ones_among_equals() {
        let names = ["team-design", "redesign", "design", "design-review", "d-e-s-i-g-n"];
        assert_eq!(
            found("design", &names),
            ["design", "design-review", "team-design", "redesign", "d-e-s-i-g-n"]
        );
        assert_eq!(found("", &names), names);
        assert_eq!(found("rd", &["general", "road", "record"]), ["record", "road"]);
    }

    #[test]
    fn people_are_found_by_their_reading() {
        let user = UserId::new(uuid::Uuid::from_u128(1));
        let person = Goal::Person(user, UserName::new("山田花子").unwrap());
        let all = Named::all(vec![person.clone()], |_| Some("やまだ はなこ".to_owned()));
        for query in ["はなこ", "ヤマ", "花子"] {
            assert_eq!(best(query, &all), std::slice::from_ref(&person), "{query}");
        }
        assert_eq!(best("たろう", &all), []);
    }

    #[test]
    fn names_match_whatever_the_kana_the_width_the_case_or_the_accents() {
        assert_eq!(found("てすと", &["ﾃｽﾄ"]), ["テスト"]);
        assert_eq!(found("ザツ", &["ざつだん"]), ["ざつだん"]);
        assert_eq!(found("cafe", &["Café"]), ["Café"]);
        assert_eq!(found("ＧＥＮ", &["general"]), ["general"]);
        assert_eq!(found("雑", &["雑談"]), ["雑談"]);
        assert_eq!(found("x", &["general"]), [""; 0]);
    }
}
