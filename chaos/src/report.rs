//! Prints the outcome of a run as a table.

use std::time::Duration;

use crate::run::Outcome;

/// Prints everything. Returns whether the run was clean.
pub fn print(outcome: &Outcome) -> bool {
    let (numbers, findings) = (&outcome.world.numbers, &outcome.findings);
    let settings = &outcome.world.settings;
    let line = |what: &str, number: u64| println!("  {what:<62} {number:>10}");
    println!(
        "\nChaos, seed {}: {} people with 3 devices in {} public and {} private rooms",
        settings.seed,
        settings.people,
        outcome.world.rooms.len(),
        findings.private_rooms.get()
    );
    line("seconds in which things broke", outcome.storm.as_secs());
    line("seconds until everything was settled", outcome.calm.as_secs());
    println!("\nWhat broke");
    line("kill -9 of the server", numbers.kills.get());
    line("stops of the server by SIGTERM", numbers.stops.get());
    line("times that the disk was full", numbers.full_disks.get());
    line("times that another program held the write lock", numbers.held_locks.get());
    line("leaps of the clock", numbers.clock_leaps.get());
    line("connections made", numbers.connections.get());
    line("  cut by the network between a request and its answer", numbers.cut_before_ack.get());
    line("  cut in the middle of a frame", numbers.cut_midway.get());
    line("  reset", numbers.reset.get());
    line("  closed", numbers.cut.get());
    line("  gone silent", numbers.silenced.get());
    line("  left by the client", numbers.dropped_by_client.get());
    line("stalls of the network", numbers.stalls.get());
    println!("\nWhat happened");
    line("messages stored", findings.messages.get());
    line("changes of messages stored", findings.changes.get());
    line("acknowledged messages", numbers.acked_messages.get());
    line("acknowledged changes", numbers.acked_changes.get());
    line("refused", numbers.refused.get());
    line("errors in the log that a full disk or a held lock explains", numbers.explained.get());
    line("writes sent again", numbers.sent_again.get());
    line("live events received", numbers.events.get());
    line("sessions of accounts refreshed", numbers.refreshes.get());
    line("sessions ended after two lost answers, and signed in anew", numbers.signed_out.get());
    line("accounts renamed", numbers.renamed.get());
    line("new names refused", numbers.renames_refused.get());
    line("passwords changed", numbers.passwords_changed.get());
    line("  sessions that ended with one", numbers.sessions_ended.get());
    line("signed out, and in again", numbers.left.get());
    line("accounts deleted", numbers.deleted.get());
    line("changes of accounts asked for again", numbers.changes_again.get());
    line("private rooms made", findings.private_rooms.get());
    line("  people let in", findings.added.get());
    line("  people removed, or gone by themselves", findings.removed.get());
    line("  changes of roles", findings.roles.get());
    line("  changes of topics", findings.details.get());
    line("  requests about them that were carried out", numbers.doors_acked.get());
    line("  requests about them that were refused", numbers.doors_refused.get());
    line("  requests about them asked again", numbers.doors_again.get());
    line("  times that somebody else found the door shut", numbers.doors_shut.get());
    line("rooms resumed", numbers.resumes.get());
    line("rooms taken from a fresh snapshot", numbers.snapshots.get());
    line("holes (made by throwing events away) healed", numbers.holes.get());
    line("pages of history read", numbers.pages.get());
    line("times that a device asked for a count", numbers.counts_asked.get());
    line("read marks set back by a kill", numbers.marks_set_back.get());
    println!(
        "  {:<62} {:>10}",
        "longest time from a kill until the server listened",
        seconds(numbers.longest_restart.get())
    );
    println!(
        "  {:<62} {:>10}",
        "longest time until a device was back in all rooms",
        seconds(numbers.longest_absence.get())
    );
    println!("\nWhat was checked");
    line("windows of rooms against the store", findings.windows.get());
    line("messages shown in them", findings.shown.get());
    line("acknowledgements", findings.acks.get());
    line("refusals", findings.refusals.get());
    line("accounts, with their names and what is left of deleted ones", findings.accounts.get());
    line("marks and counts of unread messages", findings.unread.get());
    line("answers about private rooms", findings.door_answers.get());
    line("events of private rooms that devices were sent", findings.sightings.get());
    line("other frames about private rooms", numbers.door_frames.get());
    println!("\nWhat was wrong");
    line("missing", findings.missing.get());
    line("double", findings.double.get());
    line("out of order", findings.out_of_order.get());
    line("different", findings.different.get());
    line("answered wrongly", findings.wrong_answers.get());
    line("unread counted wrongly", findings.wrong_unread.get());
    line("accounts that are not as their owners know", findings.wrong_accounts.get());
    line("names shown that are not the present ones", findings.wrong_names.get());
    line("memberships, roles and details that are not those of the log", findings.wrong_doors.get());
    line("seen of private rooms by somebody who was no member", findings.seen.get());
    line("complaints altogether", outcome.world.complaints.count());
    for complaint in outcome.world.complaints.told() {
        println!("    {complaint}");
    }
    let clean = findings.are_clean() && outcome.world.complaints.count() == 0;
    println!("\n{}", if clean { "Nothing was lost, nothing doubled." } else { "THIS RUN FAILED." });
    clean
}

fn seconds(millis: u64) -> String {
    format!("{:.1} s", Duration::from_millis(millis).as_secs_f64())
}
