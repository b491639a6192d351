//! User names in use.

use std::collections::{HashMap, HashSet};

use shared::{UserId, UserName};

use crate::look::{looks, reserved};

/// User names and their confusable skeletons (UTS #39). A name that looks like another gets a number. Names that
/// mention a whole group are never given out.
#[derive(Debug)]
pub struct Names {
    owners: HashMap<String, UserId>,
    looks: HashMap<String, Claim>,
}

#[derive(Debug)]
struct Claim {
    owner: Option<UserId>,
    /// The number to try first for the next user who wants a look-alike.
    next: u32,
}

impl Default for Names {
    fn default() -> Self {
        let looks = reserved().map(|look| (look, Claim { owner: None, next: 2 })).collect();
        Self { owners: HashMap::new(), looks }
    }
}

impl Names {
    /// Gives `user` the wanted name, or that name with a number appended.
    pub fn claim(&mut self, user: UserId, wanted: &UserName) -> UserName {
        let wished = looks(wanted.as_str());
        let Some(mut number) = wished.iter().filter_map(|look| self.taken(look, user)).max() else {
            return self.give(user, wanted.clone(), wished);
        };
        loop {
            let name = wanted.numbered(number);
            number = number.saturating_add(1);
            let looks = looks(name.as_str());
            if looks.iter().all(|look| self.taken(look, user).is_none()) {
                for look in wished {
                    self.looks.entry(look).and_modify(|claim| claim.next = number);
                }
                return self.give(user, name, looks);
            }
        }
    }

    /// Gives an account its name. Returns the other users whose names look like it: each needs another one.
    pub fn reserve(&mut self, account: UserId, name: &UserName) -> HashSet<UserId> {
        let looks = looks(name.as_str());
        let others =
            looks.iter().filter_map(|look| self.looks.get(look)?.owner).filter(|&owner| owner != account);
        let others = others.collect();
        self.give(account, name.clone(), looks);
        others
    }

    /// Returns the number to try next if the look is taken by another user.
    fn taken(&self, look: &str, user: UserId) -> Option<u32> {
        self.looks.get(look).filter(|claim| claim.owner != Some(user)).map(|claim| claim.next)
    }

    fn give(&mut self, user: UserId, name: UserName, looks: HashSet<String>) -> UserName {
        self.owners.insert(name.key(), user);
        for look in looks {
            self.looks.entry(look).or_insert(Claim { owner: None, next: 2 }).owner = Some(user);
        }
        name
    }

    /// Returns the owner of a name by its [key](UserName::key).
    pub fn owner(&self, key: &str) -> Option<UserId> {
        self.owners.get(key).copied()
    }

    /// Keeps a former name of an account from others. Calls do not mean the account by it any more, unless it is `present`.
    pub fn retire(&mut self, account: UserId, former: &UserName, present: Option<&UserName>) {
        let key = former.key();
        if present.is_none_or(|present| present.key() != key) && self.owner(&key) == Some(account) {
            self.owners.remove(&key);
        }
        for look in looks(former.as_str()) {
            self.looks.entry(look).or_insert(Claim { owner: Some(account), next: 2 });
        }
    }

    /// Frees a former name of an account that is called `present`, if it is still there.
    pub fn free(&mut self, account: UserId, former: &UserName, present: Option<&UserName>) {
        let kept = present.map(|present| looks(present.as_str())).unwrap_or_default();
        for look in looks(former.as_str()).difference(&kept) {
            if self.looks.get(look).is_some_and(|claim| claim.owner == Some(account)) {
                self.looks.remove(look);
            }
        }
    }

    /// Frees a name.
    pub fn release(&mut self, user: UserId, name: &UserName) {
        let key = name.key();
        if self.owner(&key) == Some(user) {
            self.owners.remove(&key);
        }
        for look in looks(name.as_str()) {
            if self.looks.get(&look).is_some_and(|claim| claim.owner == Some(user)) {
                self.looks.remove(&look);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::mention::RESERVED;

    use super::*;

    #[test]
    fn a_taken_name_gets_a_number_and_is_free_after_its_owner_went() {
        let [bob, other, third] = [1, 2, 3].map(|n: u128| UserId::new(uuid::Uuid::from_u128(n)));
        let name = UserName::new("Bob").unwrap();
        let mut names = Names::default();
        assert_eq!(names.claim(bob, &name).as_str(), "Bob");
        assert_eq!(names.claim(bob, &name).as_str(), "Bob");
        assert_eq!(names.claim(other, &UserName::new("bob").unwrap()).as_str(), "bob-2");
        assert_eq!(names.claim(third, &name).as_str(), "Bob-3");
        names.release(bob, &name);
        assert_eq!(names.claim(UserId::new(uuid::Uuid::from_u128(4)), &name).as_str(), "Bob");
    }

    #[test]
    fn nobody_has_a_name_that_calls_many() {
        let mut names = Names::default();
        for (number, call) in RESERVED.iter().chain(&["Ｒｏｏｍ"]).enumerate() {
            let user = UserId::new(uuid::Uuid::from_u128(number as u128));
            let name = names.claim(user, &UserName::new(call).unwrap());
            assert!(name.as_str().ends_with(if number < 4 { "-2" } else { "-3" }), "{name}");
        }
    }

    #[test]
    fn who_looks_like_another_gets_a_number() {
        let user = |number: u128| UserId::new(uuid::Uuid::from_u128(number));
        let mut names = Names::default();
        let mut claim =
            |number, name: &str| names.claim(user(number), &UserName::new(name).unwrap()).to_string();
        assert_eq!(claim(1, "Bill"), "Bill");
        for (number, alike) in ["BiII", "bi11", "Βill", "Bіll", "ＢＩＬＬ"].into_iter().enumerate() {
            assert_eq!(
                claim(2 + number as u128, alike),
                UserName::new(alike).unwrap().numbered(2 + number as u32).to_string()
            );
        }
        assert_eq!(claim(10, "カナ"), "カナ");
        assert_eq!(claim(11, "力ナ"), "力ナ-2", "a character of kanji");
        assert_eq!(claim(12, "می\u{200C}خواهم"), "می\u{200C}خواهم");
        assert_eq!(claim(13, "میخواهم"), "میخواهم-2");
        assert_eq!(claim(14, "rооm"), "rооm-2", "Cyrillic letters");
        assert_eq!(claim(15, "Βob"), "Βob");
        for name in ["花子", "太郎", "はなこ", "Bob-2x", "Jill"] {
            assert_eq!(claim(name.len() as u128 + 100 + u128::from(name.as_bytes()[3]), name), name);
        }
    }

    #[test]
    fn an_account_takes_its_name_from_whoever_looks_like_it() {
        let [account, bob, other] = [1, 2, 3].map(|n: u128| UserId::new(uuid::Uuid::from_u128(n)));
        let name = |text| UserName::new(text).unwrap();
        let mut names = Names::default();
        let had = names.claim(bob, &name("Bоb"));
        assert_eq!(names.reserve(account, &name("Bob")), HashSet::from([bob]));
        names.release(bob, &had);
        assert_eq!(names.claim(bob, &name("Bоb")).as_str(), "Bоb-2", "Cyrillic");
        assert_eq!(names.claim(other, &name("Bob")).as_str(), "Bob-3");
        assert_eq!(names.claim(account, &name("Bob")).as_str(), "Bob");
        assert_eq!(names.owner("bob"), Some(account));
    }

    #[test]
    fn a_former_name_is_nobodys_until_it_is_free() {
        let [account, other] = [1, 2].map(|n: u128| UserId::new(uuid::Uuid::from_u128(n)));
        let name = |text| UserName::new(text).unwrap();
        let mut names = Names::default();
        names.reserve(account, &name("Bob"));
        names.reserve(account, &name("Robert"));
        names.retire(account, &name("Bob"), Some(&name("Robert")));
        assert_eq!((names.owner("bob"), names.owner("robert")), (None, Some(account)));
        assert_eq!(names.claim(other, &name("bоb")).as_str(), "bоb-2");
        names.free(account, &name("Bob"), Some(&name("Robert")));
        assert_eq!(names.claim(other, &name("Bob")).as_str(), "Bob");
        names.retire(account, &name("ROBERT"), Some(&name("Robert")));
        names.free(account, &name("ROBERT"), Some(&name("Robert")));
        assert_eq!(names.claim(other, &name("robert")).as_str(), "robert-2", "it is the present one");
    }

    #[test]
    fn a_look_is_free_again_with_its_name() {
        let [bob, other] = [1, 2].map(|n: u128| UserId::new(uuid::Uuid::from_u128(n)));
        let [latin, greek] = ["Bob", "Βob"].map(|name| UserName::new(name).unwrap());
        let mut names = Names::default();
        assert_eq!(names.claim(bob, &latin), latin);
        assert_eq!(names.owner(&latin.key()), Some(bob));
        assert_eq!(names.owner(&greek.key()), None, "a call means what is written");
        names.release(bob, &latin);
        assert_eq!(names.owner(&latin.key()), None);
        assert_eq!(names.claim(other, &greek), greek);
        assert_eq!(names.claim(bob, &latin).as_str(), "Bob-2");
    }
}
