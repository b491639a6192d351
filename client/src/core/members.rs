//! The known members of one room.

use shared::limits::BIG_ROOM_MEMBERS;
use shared::sort::sort_by_key;
use shared::{Change, Member, PresenceStatus, RoomRole, UserId, UserName};

use super::sorted_map::SortedMap;

/// Members by id; a big room is only partly known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    known: SortedMap<UserId, Member>,
    count: u64,
    /// The last id of the last page.
    paged_to: Option<UserId>,
    /// Members may have come and gone unnoticed.
    stale: bool,
    /// Counts changes to known members, so that they are sorted only after a change.
    changes: u64,
    /// The same without status changes.
    naming: u64,
}

impl Members {
    /// Applies the members of a snapshot, `count` in total.
    pub fn snapshot(&mut self, members: Vec<Member>, count: u64) {
        // They are the first page of the list.
        self.paged_to = None;
        self.page(members);
        self.count = count;
    }

    /// Applies a count without members, as after a resume.
    pub fn counted(&mut self, count: u64) {
        self.count = count;
        self.paged_to = None;
        self.stale = true;
    }

    /// Applies a page of the list. The first one replaces the known members, because some may have left meanwhile.
    pub fn page(&mut self, page: Vec<Member>) {
        if self.paged_to.is_none() {
            self.known.clear();
            self.changes += 1;
            self.naming += 1;
        }
        self.stale = false;
        self.paged_to = page.last().map(|member| member.user_id).or(self.paged_to);
        for member in page {
            self.put(member);
        }
        self.count = self.count.max(self.known.len() as u64);
    }

    /// The id after which the next page starts.
    pub const fn paged_to(&self) -> Option<UserId> {
        self.paged_to
    }

    /// Whether the list has to be requested again before it is shown.
    pub const fn is_stale(&self) -> bool {
        self.stale
    }

    /// A member joined.
    pub fn joined(&mut self, user_id: UserId, username: UserName, count: Option<u64>) {
        let role = self.role(user_id);
        let member = Member { user_id, username, status: PresenceStatus::Online, role };
        let new = self.put(member);
        self.count = count.unwrap_or(self.count + u64::from(new));
    }

    /// A member left.
    pub fn left(&mut self, user_id: UserId, count: Option<u64>) {
        let known = self.known.remove(&user_id).is_some();
        self.changes += u64::from(known);
        self.naming += u64::from(known);
        self.count = count.unwrap_or(self.count.saturating_sub(u64::from(known)));
    }

    /// A member's status changed.
    pub fn status(&mut self, user_id: UserId, username: UserName, status: PresenceStatus) {
        let member = Member { user_id, username, status, role: self.role(user_id) };
        if self.put(member) {
            self.count = self.count.max(self.known.len() as u64);
        }
    }

    /// Applies an event of the room's log.
    pub fn follow(&mut self, change: &Change) {
        let (Change::MemberAdded { member, role } | Change::RoleChanged { member, role }) = change else {
            return;
        };
        if let Some(known) = self.known.get(&member.user_id) {
            let member = Member { role: *role, ..known.clone() };
            self.put(member);
        }
    }

    /// What somebody is in the room, as far as it is known.
    pub fn role(&self, user_id: UserId) -> RoomRole {
        self.known.get(&user_id).map_or(RoomRole::Member, |member| member.role)
    }

    /// The presence of somebody, as far as it is known.
    pub fn status_of(&self, user_id: UserId) -> PresenceStatus {
        self.known.get(&user_id).map_or(PresenceStatus::Offline, |member| member.status)
    }

    /// Whether somebody is known to be a member.
    pub fn knows(&self, user_id: UserId) -> bool {
        self.known.contains_key(&user_id)
    }

    /// A user has another name.
    pub fn renamed(&mut self, user_id: UserId, username: &UserName) {
        if let Some(member) = self.known.get(&user_id) {
            let member = Member { username: username.clone(), ..member.clone() };
            self.put(member);
        }
    }

    /// Applies the member count of a big room.
    pub const fn numbers(&mut self, count: u64) {
        self.count = count;
    }

    /// The number of members, known or not.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The number of members whose names are not known.
    pub fn unknown(&self) -> u64 {
        self.count.saturating_sub(self.known.len() as u64)
    }

    /// Whether single changes have to be requested.
    pub const fn is_big(&self) -> bool {
        self.count > BIG_ROOM_MEMBERS as u64
    }

    /// A number that changes when a known member or their status changes.
    pub const fn changes(&self) -> u64 {
        self.changes
    }

    /// A number that changes when a member joins, leaves or gets another name.
    pub const fn naming(&self) -> u64 {
        self.naming
    }

    /// Inserts a member. Returns true if they were unknown.
    fn put(&mut self, member: Member) -> bool {
        let before = self.known.get(&member.user_id);
        let new = before.is_none();
        self.naming += u64::from(before.is_none_or(|before| before.username != member.username));
        if before != Some(&member) {
            self.changes += 1;
            self.known.insert(member.user_id, member);
        }
        new
    }

    /// The known members, not sorted by name.
    pub fn known(&self) -> impl Iterator<Item = &Member> {
        self.known.values()
    }

    /// The known members, by presence, then by name.
    pub fn sorted(&self) -> Vec<Member> {
        let mut members: Vec<Member> = self.known.values().cloned().collect();
        sort_by_key(&mut members, |member| {
            let away = match member.status {
                PresenceStatus::Online => 0,
                PresenceStatus::Away | PresenceStatus::Unknown => 1,
                PresenceStatus::Offline => 2,
            };
            (away, member.username.key(), member.user_id)
        });
        members
    }

    /// The ids of the known members, sorted.
    pub fn ids(&self) -> impl Iterator<Item = UserId> {
        self.known.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: u128, name: &str, status: PresenceStatus) -> Member {
        Member {
            user_id: UserId::new(uuid::Uuid::from_u128(id)),
            username: UserName::new(name).unwrap(),
            status,
            role: RoomRole::Member,
        }
    }

    fn of(list: Vec<Member>, count: u64) -> Members {
        let mut members = Members::default();
        members.snapshot(list, count);
        members
    }

    #[test]
    fn nothing_is_sorted_anew_while_everybody_is_as_before() {
        let anna = member(1, "Anna", PresenceStatus::Online);
        let mut members = of(vec![anna.clone()], 1);
        let at = |members: &Members| (members.changes(), members.naming());
        let before = at(&members);
        members.status(anna.user_id, anna.username.clone(), PresenceStatus::Online);
        members.left(member(2, "Bert", PresenceStatus::Online).user_id, Some(7));
        members.numbers(9);
        assert_eq!(at(&members), before);
        members.status(anna.user_id, anna.username.clone(), PresenceStatus::Away);
        assert_eq!(at(&members), (before.0 + 1, before.1), "names are the same");
        members.joined(anna.user_id, UserName::new("Anne").unwrap(), None);
        assert_eq!(at(&members), (before.0 + 2, before.1 + 1));
        members.snapshot(vec![anna], 1);
        assert!(
            members.changes() > before.0 + 2 && members.naming() > before.1 + 1,
            "never the same number again"
        );
    }

    #[test]
    fn who_is_there_comes_first_then_by_name() {
        let members = vec![
            member(1, "zoe", PresenceStatus::Online),
            member(2, "Anna", PresenceStatus::Offline),
            member(3, "Bert", PresenceStatus::Online),
        ];
        let members = of(members, 3);
        let names: Vec<String> = members.sorted().iter().map(|member| member.username.to_string()).collect();
        assert_eq!(names, ["Bert", "zoe", "Anna"]);
    }

    #[test]
    fn the_number_follows_those_who_come_and_go() {
        let anna = member(1, "Anna", PresenceStatus::Online);
        let mut members = of(vec![anna.clone()], 1);
        members.joined(member(2, "Bert", PresenceStatus::Online).user_id, anna.username.clone(), None);
        assert_eq!(members.count(), 2);
        members.left(anna.user_id, None);
        members.left(anna.user_id, None);
        assert_eq!(members.count(), 1);
        members.left(anna.user_id, Some(900));
        assert_eq!((members.count(), members.unknown()), (900, 899));
    }

    #[test]
    fn the_first_page_after_a_resume_forgets_who_has_left() {
        let mut members = of(vec![member(1, "Anna", PresenceStatus::Online)], 1);
        members.counted(1);
        members.page(vec![member(2, "Bert", PresenceStatus::Online)]);
        let names: Vec<String> = members.sorted().iter().map(|member| member.username.to_string()).collect();
        assert_eq!(names, ["Bert"]);
    }
}
