//! What is proposed for a query, best first.

use shared::mention::EVERYBODY;
use shared::{Emoji, Member, RoomAddress, UserId, UserName, loosely, lowercase};

use crate::core::directory::Directory;
use crate::core::sorted_map::SortedMap;
use crate::features::commands::table::Command;
use crate::features::reactions::emoji_data::show;

/// Maximum number of proposals.
pub const PROPOSALS: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposal {
    Person(UserId, UserName),
    Everybody,
    /// A room, and what it is called.
    Room(RoomAddress, String),
    /// An emoji with its name.
    Emoji(Emoji, String),
    Command(&'static Command),
}

impl Proposal {
    /// What is shown for it.
    pub fn label(&self) -> String {
        match self {
            Self::Person(_, name) => name.to_string(),
            Self::Everybody => EVERYBODY.to_owned(),
            Self::Room(_, name) => name.clone(),
            Self::Emoji(_, name) => name.clone(),
            Self::Command(command) => format!("/{}", command.name),
        }
    }

    /// The text that takes the place of what was typed.
    pub fn text(&self) -> String {
        match self {
            Self::Person(..) | Self::Everybody => format!("@{} ", self.label()),
            Self::Room(_, name) => format!("#{name} "),
            Self::Emoji(emoji, _) => show(emoji),
            Self::Command(_) => format!("{} ", self.label()),
        }
    }
}

/// Proposes members of the room other than the user, and everybody. People are found by the reading of their name too.
pub fn people(
    query: &str,
    members: &[Member],
    me: Option<UserId>,
    reading: impl Fn(UserId) -> Option<String>,
) -> Vec<Proposal> {
    let others = members.iter().filter(|member| Some(member.user_id) != me);
    let people = others.map(|member| Proposal::Person(member.user_id, member.username.clone()));
    best(query, people.chain([Proposal::Everybody]), |proposal| match proposal {
        Proposal::Person(id, _) => reading(*id),
        _ => None,
    })
}

/// Proposes the public rooms and the private ones of the user.
pub fn rooms(query: &str, directory: &Directory, titles: &SortedMap<RoomAddress, String>) -> Vec<Proposal> {
    let public = directory.rooms().map(|room| Proposal::Room(room.clone(), room.to_string()));
    let rooms = titles.iter().filter(|(room, _)| !room.is_direct());
    let private = rooms.map(|(room, title)| Proposal::Room(room.clone(), title.clone()));
    best(query, public.chain(private), |_| None)
}

/// Matches at the beginning of a name come first; within each group the order is kept.
fn best(
    query: &str,
    proposals: impl Iterator<Item = Proposal>,
    reading: impl Fn(&Proposal) -> Option<String>,
) -> Vec<Proposal> {
    let wanted = key(query);
    let (mut beginning, mut within) = (Vec::new(), Vec::new());
    for proposal in proposals {
        let by_name = key(&proposal.label()).find(&wanted);
        let by_reading = || reading(&proposal).and_then(|reading| key(&reading).find(&wanted));
        // At the beginning is best.
        match by_name.filter(|at| *at == 0).or_else(by_reading).or(by_name) {
            Some(0) => beginning.push(proposal),
            Some(_) => within.push(proposal),
            None => {}
        }
    }
    beginning.append(&mut within);
    beginning.truncate(PROPOSALS);
    beginning
}

/// Normalizes for matching: ignores case, width, and the difference of hiragana and katakana. A trailing space is kept,
/// so that only longer names match.
fn key(name: &str) -> String {
    let key = UserName::new(name).map_or_else(|_| lowercase(name), |name| name.key());
    let space = if name.ends_with(char::is_whitespace) { " " } else { "" };
    loosely(&format!("{key}{space}"))
}

#[cfg(test)]
mod tests {
    use shared::{PresenceStatus, RoomRole, RoomSummary};

    use super::*;

    #[test]
    fn people_are_proposed_whatever_the_kana_the_case_or_the_width() {
        let member = |number, name: &str| Member {
            user_id: UserId::new(uuid::Uuid::from_u128(number)),
            username: UserName::new(name).unwrap(),
            status: PresenceStatus::Online,
            role: RoomRole::Member,
        };
        let members = [member(1, "Anna"), member(2, "はなこ"), member(3, "Hanna"), member(9, "Me")];
        let me = Some(members[3].user_id);
        let reading = |id| (id == members[0].user_id).then(|| "あんな".to_owned());
        let names = |query: &str| {
            people(query, &members, me, reading).iter().map(Proposal::label).collect::<Vec<_>>()
        };
        assert_eq!(names("AN"), ["Anna", "Hanna"]);
        assert_eq!(names("ハナ"), ["はなこ"]);
        assert_eq!(names("アン"), ["Anna"], "by the reading");
        assert_eq!(names("ro"), ["room"]);
        assert_eq!(names("me"), [""; 0], "nobody calls themselves");
        assert_eq!(names("Anna "), [""; 0], "the name is whole");
        assert_eq!(names("").len(), 4);
    }

    #[test]
    fn a_proposal_becomes_text() {
        let mut all = Directory::default();
        for name in ["general", "雑談"] {
            all.changed(RoomSummary { room: RoomAddress::new(name).unwrap(), member_count: 1 });
        }
        let own = (RoomAddress::new("~5b0c").unwrap(), "新製品".to_owned());
        let own = SortedMap::from_iter([own]);
        let texts = |query: &str| rooms(query, &all, &own).iter().map(Proposal::text).collect::<Vec<_>>();
        assert_eq!(texts("新"), ["#新製品 "], "by its title");
        assert_eq!(texts("雑"), ["#雑談 "]);
        assert_eq!(texts("GEN"), ["#general "]);
        let sushi = Proposal::Emoji(Emoji::new("🍣").unwrap(), "sushi".to_owned());
        assert_eq!((sushi.label().as_str(), sushi.text().as_str()), ("sushi", "🍣\u{FE0F}"));
    }
}
