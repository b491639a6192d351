//! Reports keep what was said, until it need not be known any more.

use std::sync::Arc;

use hiroba::room::RoomInfo;
use hiroba::store::{
    Act, AuditFilter, NewReport, OpenReports, Outcome, ReportFilter, ResolvedReport, Store, Write,
};
use shared::limits::{REPORTS_PER_PERSON, REPORTS_PER_ROOM};
use shared::report::Report;
use shared::{Action, ErrorCode, Seq, ShortText};

use crate::accounts::{account, create};
use crate::doors::{create as create_den, people, person};
use crate::place::{Place, alice, at, change, commit, edit, one, open_room, post, stored, tick, time, user};

fn new(room: &Arc<RoomInfo>, target: u64, by: u128) -> Write {
    let reason = ShortText::new("spam").ok();
    Write::Report(NewReport {
        room: room.clone(),
        target: Seq(target),
        by: person(by),
        reason,
        timestamp: at(9),
    })
}

fn resolution(room: &Arc<RoomInfo>, id: u64, by: u128) -> ResolvedReport {
    let note = ShortText::new("done").ok();
    let (room, by) = (room.clone(), person(by));
    ResolvedReport { id, room, by, note, also_own: false, timestamp: at(20), at: time(20) }
}

async fn all(store: &dyn Store, open: Option<bool>) -> Vec<Report> {
    store.reports(ReportFilter { open, ..ReportFilter::default() }, None, 1_000).await.unwrap()
}

/// How many reports are open.
fn counted(outcome: &Outcome) -> Option<u32> {
    match outcome {
        Outcome::Reports(open) => Some(open.about.iter().map(|(_, count)| count).sum()),
        _ => None,
    }
}

fn refused(outcome: &Outcome) -> Option<ErrorCode> {
    match outcome {
        Outcome::Refused(code) => Some(*code),
        _ => None,
    }
}

pub async fn a_report_keeps_what_was_said_whatever_becomes_of_the_message(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 2, None, "first"), post(&tea, 2, None, "not nice")]).await;
    let open = OpenReports { room: tea.id, epoch: tea.epoch, about: vec![(user(2), 1)] };
    assert!(matches!(one(&*store, new(&tea, 2, 3)).await, Outcome::Reports(told) if told == open));
    assert!(matches!(one(&*store, new(&tea, 2, 3)).await, Outcome::Done), "the same report again");
    let later =
        vec![change(&tea, 2, None, 2, edit("harmless")), change(&tea, 2, None, 2, Action::DeleteMessage)];
    commit(&*store, later).await;
    let store = place.reopen(store).await;
    let report = all(&*store, Some(true)).await.remove(0);
    assert_eq!(report.content.as_ref().map(shared::MessageText::as_str), Some("not nice"));
    assert_eq!(
        (report.seq, report.author.user_id, &report.author.user),
        (Seq(2), user(2), &alice(2, None).name)
    );
    assert_eq!((report.written_at, report.timestamp, report.by.clone()), (at(5), at(9), person(3)));
    assert_eq!((report.room.as_str(), report.reason.as_ref().map(ShortText::as_str)), ("tea", Some("spam")));
    assert_eq!(store.open_reports().await.unwrap(), [open]);
    assert_eq!(store.reports_by(user(3)).await.unwrap(), [report]);
    // Nobody reports what is gone, what never was, or what they wrote.
    for (target, by, code) in
        [(2, 4, ErrorCode::NoSuchMessage), (9, 4, ErrorCode::NoSuchMessage), (1, 2, ErrorCode::Forbidden)]
    {
        assert_eq!(refused(&one(&*store, new(&tea, target, by)).await), Some(code), "{target} by {by}");
    }
}

pub async fn a_settled_report_says_who_settled_it_and_is_in_the_audit_log(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    stored(&*store, vec![post(&tea, 2, None, "one"), post(&sake, 2, None, "two")]).await;
    commit(&*store, vec![new(&tea, 1, 3), new(&sake, 1, 3), new(&tea, 1, 4)]).await;
    let ids: Vec<u64> = all(&*store, None).await.iter().map(|report| report.id).collect();
    let [third, second, first] = ids[..] else { panic!("{ids:?}") };
    let resolve = async |room: &Arc<RoomInfo>, id, by| {
        one(&*store, Write::ResolveReport(resolution(room, id, by))).await
    };
    assert_eq!(refused(&resolve(&tea, 99, 1).await), Some(ErrorCode::NotFound));
    assert_eq!(refused(&resolve(&sake, first, 1).await), Some(ErrorCode::NotFound), "it is of another room");
    assert_eq!(refused(&resolve(&tea, first, 2).await), Some(ErrorCode::Forbidden), "it is about them");
    assert_eq!(counted(&resolve(&tea, first, 1).await), Some(1));
    assert!(matches!(resolve(&tea, first, 5).await, Outcome::Done), "it is settled");
    let own = Write::ResolveReport(ResolvedReport { also_own: true, ..resolution(&sake, second, 2) });
    assert_eq!(counted(&one(&*store, own).await), Some(0));
    let settled = all(&*store, Some(false)).await;
    assert_eq!(settled.iter().map(|report| report.id).collect::<Vec<_>>(), [second, first]);
    let how = settled[1].resolved.clone().unwrap();
    assert_eq!((how.by, how.timestamp, how.note), (person(1), at(20), ShortText::new("done").ok()));
    let of_tea = ReportFilter { room: Some(tea.id), open: Some(true), not_about: None };
    for (whom, count) in [(user(2), 0), (user(3), 1)] {
        let others = ReportFilter { not_about: Some(whom), ..of_tea };
        assert_eq!(store.reports(others, None, 9).await.unwrap().len(), count);
    }
    let left = store.reports(of_tea, None, 9).await.unwrap();
    assert_eq!(left.iter().map(|report| report.id).collect::<Vec<_>>(), [third]);
    assert!(store.reports(of_tea, Some(third), 9).await.unwrap().is_empty(), "there is none before it");
    assert_eq!(store.report_room(third).await.unwrap(), Some(tea.clone()));
    assert_eq!(store.report_room(99).await.unwrap(), None);
    let of_tea = AuditFilter { room: Some("tea".to_owned()), ..AuditFilter::default() };
    let audit = store.audit(&of_tea, None, 9).await.unwrap();
    let note = ShortText::new("done").ok();
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0].act, Act::ResolveReport { report: first, seq: Seq(1), note });
    assert_eq!(audit[0].member.as_ref().map(|member| member.user_id), Some(user(2)));
    // It can be reported again.
    assert_eq!(counted(&one(&*store, new(&tea, 1, 3)).await), Some(2));
}

pub async fn old_reports_lose_their_texts_and_then_go(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 2, None, "one"), post(&tea, 2, None, "two")]).await;
    commit(&*store, vec![new(&tea, 1, 3), new(&tea, 2, 3)]).await;
    let first = all(&*store, None).await[1].id;
    commit(&*store, vec![Write::ResolveReport(resolution(&tea, first, 1))]).await;
    let expire = async |texts, rows| {
        commit(&*store, vec![Write::ExpireReports { texts: time(texts), rows: time(rows) }]).await;
        let reports = all(&*store, None).await;
        reports.iter().map(|report| (report.id, report.content.is_some())).collect::<Vec<_>>()
    };
    let second = first + 1;
    assert_eq!(expire(19, 1).await, [(second, true), (first, true)]);
    assert_eq!(expire(20, 19).await, [(second, true), (first, false)]);
    assert_eq!(expire(90, 20).await, [(second, true)], "one that is open is kept");
    // A room that is purged takes its reports along: another one may get its number.
    commit(&*store, vec![Write::SetLive { room: tea.id, empty_since: Some(time(1)) }, tick(500)]).await;
    while let Outcome::Removed(removed) = one(&*store, Write::Purge { room: tea.id, before: time(400) }).await
        && removed.more
    {
        assert!(all(&*store, None).await.is_empty(), "from the first piece on");
    }
    assert!(store.open_reports().await.unwrap().is_empty());
}

pub async fn what_somebody_wrote_goes_from_reports_with_their_account(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    create(&*store, 2, "bob", &["bob"]).await.unwrap();
    stored(&*store, vec![post(&tea, 2, None, "not nice"), post(&tea, 3, None, "neither")]).await;
    commit(&*store, vec![new(&tea, 1, 3), new(&tea, 2, 2)]).await;
    let password = account(2, "bob").password;
    store.close_account(user(2), &password, true, time(1_000)).await.unwrap().unwrap();
    let reports = all(&*store, Some(true)).await;
    assert_eq!((&reports[0].reason, reports[0].content.is_some()), (&None, true), "the reason was theirs");
    assert_eq!((reports[1].reason.is_some(), &reports[1].content), (true, &None), "the message was theirs");
    // Before the last of their messages is gone, somebody may still report one.
    commit(&*store, vec![new(&tea, 1, 4)]).await;
    store.messages_deleted(user(2)).await.unwrap();
    assert_eq!(all(&*store, Some(true)).await[0].content, None);
}

pub async fn open_reports_are_bounded_and_of_private_rooms_for_members_only(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let posts = (0..=REPORTS_PER_PERSON).map(|_| post(&tea, 2, None, "x")).collect();
    stored(&*store, posts).await;
    let person = (1..=REPORTS_PER_PERSON as u64).map(|target| new(&tea, target, 3)).collect();
    commit(&*store, person).await;
    let next = REPORTS_PER_PERSON as u64 + 1;
    assert_eq!(refused(&one(&*store, new(&tea, next, 3)).await), Some(ErrorCode::TooMany));
    let others = (0..REPORTS_PER_ROOM - REPORTS_PER_PERSON).map(|other| new(&tea, 1, 100 + other as u128));
    let others = commit(&*store, others.collect()).await;
    assert!(others.iter().all(|outcome| refused(outcome).is_none()));
    assert_eq!(refused(&one(&*store, new(&tea, 1, 9_999)).await), Some(ErrorCode::TooMany));

    people(&*store, &[1, 2, 3]).await;
    let den = create_den(&*store, "~den", 1, &[2]).await;
    stored(&*store, vec![post(&den, 1, None, "between us")]).await;
    let seq = store.extent(den.id).await.unwrap().head.0;
    assert_eq!(refused(&one(&*store, new(&den, seq, 3)).await), Some(ErrorCode::NotAMember));
    assert!(matches!(one(&*store, new(&den, seq, 2)).await, Outcome::Reports(_)));
    assert_eq!(all(&*store, Some(true)).await[0].title, ShortText::new("den").ok());
}
