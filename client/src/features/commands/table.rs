//! All commands. A new one adds a line here.

use std::fmt;

use shared::Privilege;

use super::doing::Doing;
use super::{around, own, people, room, talk, texts};
use crate::core::room::doors::Doors;
use crate::i18n::Text;

/// What can be proposed for what follows a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    Person,
    Room,
    Other,
}

/// What decides whether a command is offered.
pub struct Facts {
    pub doors: Doors,
    /// Whether it is the room in which everybody begins, which is always open.
    pub is_first: bool,
    /// Whether the user has an account.
    pub has_account: bool,
    /// Whether the user is an administrator or owner of the installation.
    pub administers: bool,
}

pub struct Command {
    /// What is typed after the slash.
    pub name: &'static str,
    /// What follows it.
    pub usage: Text,
    pub about: Text,
    pub takes: Argument,
    /// Whether the user may use it in the room.
    pub offered: fn(&Facts) -> bool,
    /// Gets what follows the name, without spaces around it.
    pub run: fn(&Doing, &str),
}

impl Command {
    const fn new(name: &'static str, [usage, about]: [Text; 2], run: fn(&Doing, &str)) -> Self {
        Self { name, usage, about, takes: Argument::Other, offered: |_| true, run }
    }

    const fn about_a(self, takes: Argument) -> Self {
        Self { takes, ..self }
    }

    const fn when(self, offered: fn(&Facts) -> bool) -> Self {
        Self { offered, ..self }
    }
}

impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Command {}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// In the order of the list.
pub static ALL: [Command; 22] = [
    Command::new("help", texts::HELP, talk::help),
    Command::new("me", texts::ME, talk::me),
    Command::new("shrug", texts::SHRUG, talk::shrug),
    Command::new("join", texts::JOIN, room::join).about_a(Argument::Room),
    Command::new("leave", texts::LEAVE, room::leave),
    Command::new("invite", texts::INVITE, people::invite)
        .about_a(Argument::Person)
        .when(|facts| facts.doors.may(Privilege::Invite)),
    Command::new("msg", texts::MSG, people::msg).about_a(Argument::Person).when(|facts| facts.has_account),
    Command::new("topic", texts::TOPIC, room::topic).when(|facts| facts.doors.may(Privilege::EditRoom)),
    Command::new("who", texts::WHO, around::who),
    Command::new("stats", texts::STATS, around::stats),
    Command::new("away", texts::AWAY, own::away),
    Command::new("nick", texts::NICK, own::nick),
    Command::new("delete", texts::DELETE, own::delete),
    Command::new("kick", texts::KICK, people::kick)
        .about_a(Argument::Person)
        .when(|facts| facts.doors.may(Privilege::RemoveMember)),
    Command::new("mute", texts::MUTE, people::mute)
        .about_a(Argument::Person)
        .when(|facts| facts.doors.may(Privilege::Restrict)),
    Command::new("unmute", texts::UNMUTE, people::unmute)
        .about_a(Argument::Person)
        .when(|facts| facts.doors.may(Privilege::Restrict)),
    Command::new("ban", texts::BAN, people::ban)
        .about_a(Argument::Person)
        .when(|facts| facts.doors.may(Privilege::Restrict)),
    Command::new("unban", texts::UNBAN, people::unban)
        .about_a(Argument::Person)
        .when(|facts| facts.doors.may(Privilege::Restrict)),
    Command::new("role", texts::ROLE, people::role)
        .about_a(Argument::Person)
        .when(|facts| facts.doors.may(Privilege::SetRoomRole)),
    Command::new("slow", texts::SLOW, room::slow).when(|facts| facts.doors.may(Privilege::SlowMode)),
    Command::new("archive", texts::ARCHIVE, room::archive)
        .when(|facts| facts.doors.may(Privilege::Archive) && !facts.is_first),
    Command::new("announce", texts::ANNOUNCE, around::announce).when(|facts| facts.administers),
];

/// The command of this name, in any case.
pub fn find(name: &str) -> Option<&'static Command> {
    let name = name.to_lowercase();
    ALL.iter().find(|command| command.name == name)
}

/// The commands that begin like this.
pub fn beginning(query: &str, facts: &Facts) -> Vec<&'static Command> {
    let fits = |command: &&Command| command.name.starts_with(query) && (command.offered)(facts);
    ALL.iter().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use shared::RoomRole;

    use super::*;

    fn facts(may: &[Privilege], administers: bool) -> Facts {
        let mut doors = Doors::default();
        doors.stand(RoomRole::Member, may.to_vec(), (None, None), shared::Timestamp::from_millis(0));
        Facts { doors, is_first: false, has_account: administers, administers }
    }

    fn names(query: &str, facts: &Facts) -> Vec<&'static str> {
        beginning(query, facts).iter().map(|command| command.name).collect()
    }

    #[test]
    fn only_what_one_may_do_is_offered() {
        let guest = facts(&[], false);
        assert_eq!(
            names("", &guest),
            ["help", "me", "shrug", "join", "leave", "who", "stats", "away", "nick", "delete"]
        );
        let moderator = facts(&[Privilege::Restrict, Privilege::SlowMode], false);
        assert_eq!(names("un", &moderator), ["unmute", "unban"]);
        assert_eq!(names("sl", &moderator), ["slow"]);
        assert_eq!(names("an", &moderator), [""; 0]);
        assert_eq!(names("an", &facts(&[], true)), ["announce"]);
        assert_eq!(names("ms", &facts(&[], true)), ["msg"], "guests begin no conversation");
    }

    #[test]
    fn every_command_has_a_name_of_its_own_and_is_explained_in_both_languages() {
        for command in &ALL {
            assert_eq!(find(&command.name.to_uppercase()), Some(command));
            assert!(!command.about.en.is_empty() && !command.about.ja.is_empty(), "{command:?}");
            assert_eq!(command.usage.en.is_empty(), command.usage.ja.is_empty(), "{command:?}");
        }
    }
}
