//! Who people are at present: their names, and what they tell of themselves.

use std::sync::Arc;

use leptos::prelude::*;
use shared::account::Profile;
use shared::{Timestamp, UserId, UserName};

use super::Store;

/// Who somebody is at present.
#[derive(Clone)]
pub struct Present {
    pub name: UserName,
    pub profile: Option<Arc<Profile>>,
}

impl Store {
    /// Somebody has this name and this profile from now on.
    pub(super) fn introduced(&self, id: UserId, name: &UserName, profile: Option<Arc<Profile>>) {
        self.with_inner(|inner| inner.present.insert(id, Present { name: name.clone(), profile }));
        self.renamed(id, name);
        self.introductions().update(|count| *count = count.wrapping_add(1));
    }

    /// Changes when somebody tells something else of themselves.
    pub fn introductions(&self) -> RwSignal<usize> {
        self.inner.with_value(|inner| inner.introductions)
    }

    /// What somebody tells of themselves.
    pub fn profile(&self, id: Option<UserId>) -> Option<Arc<Profile>> {
        self.introductions().track();
        self.with_inner(|inner| inner.present.get(&id?)?.profile.clone())
    }

    /// How somebody's name is read.
    pub fn reading(&self, id: UserId) -> Option<String> {
        self.profile(Some(id))?.reading.as_ref().map(ToString::to_string)
    }

    /// Whether the user does not want to be disturbed.
    pub fn is_quiet(&self, now: impl Fn() -> Timestamp) -> bool {
        self.profile(self.me()).is_some_and(|profile| profile.is_quiet(now()))
    }

    /// Whom the dialog about a person shows.
    pub fn person(&self) -> Option<(UserId, UserName)> {
        self.with_inner(|inner| inner.person.clone())
    }

    /// Has the dialog about a person show this one.
    pub fn look_at(&self, id: UserId, name: UserName) {
        self.with_inner(|inner| inner.person = Some((id, name)));
    }
}

#[cfg(test)]
mod tests {
    use shared::{ServerFrame, ShortText};

    use super::super::receive::tests::on_a_page;
    use super::super::room::tests::user;
    use super::*;

    #[test]
    fn a_profile_is_known_until_there_is_none_any_more() {
        on_a_page(|store, _| {
            let told = Profile { status: ShortText::new("lunch").ok(), ..Profile::default() };
            let (name, id) = (UserName::new("Bob").unwrap(), user(5));
            let tell = |profile| {
                store.receive(ServerFrame::UserChanged { user: name.clone(), user_id: id, profile });
            };
            tell(Some(Arc::new(told.clone())));
            assert_eq!(store.profile(Some(id)).as_deref(), Some(&told));
            store.renamed(id, &UserName::new("Rob").unwrap());
            assert_eq!(store.profile(Some(id)).as_deref(), Some(&told), "under another name too");
            tell(None);
            assert_eq!((store.profile(Some(id)), store.profile(None)), (None, None));
        });
    }

    #[test]
    fn one_is_quiet_until_the_time_that_one_told() {
        on_a_page(|store, _| {
            let until = Timestamp::from_millis(1_000);
            let quiet = Profile { do_not_disturb_until: Some(until), ..Profile::default() };
            store.introduced(store.me().unwrap(), &UserName::new("Me").unwrap(), Some(Arc::new(quiet)));
            assert!(store.is_quiet(|| Timestamp::from_millis(999)));
            assert!(!store.is_quiet(|| until));
        });
    }
}
