//! Small scenarios in every possible order of their steps.

use hiroba::delivery::outbox::Priority::{Answer, Ephemeral, Live};

use super::world::{BOUNDS, Step, World};

/// The steps of one actor, in order.
type Script = &'static [Step];

/// Plays the scenario in every order and returns the number of orders. The connection's task and those who owe a flush
/// may act at any point; `before` happens first.
fn play_every_order(before: &[Step], scripts: &[Script]) -> usize {
    let mut choices: Vec<(usize, usize)> = Vec::new();
    let mut orders = 0;
    loop {
        play(before, scripts, &mut choices);
        orders += 1;
        // Advance to the next order: another choice at the last point that has one.
        while choices.last().is_some_and(|(choice, of)| choice + 1 == *of) {
            choices.pop();
        }
        match choices.last_mut() {
            Some((choice, _)) => *choice += 1,
            None => {
                eprintln!("{orders} orders");
                return orders;
            }
        }
    }
}

/// Plays one order and records how many choices there were at each point.
fn play(before: &[Step], scripts: &[Script], choices: &mut Vec<(usize, usize)>) {
    let mut world = World::new();
    for step in before {
        world.step(*step);
    }
    let mut places = vec![0; scripts.len()];
    for turn in 0.. {
        let mut possible: Vec<(Option<usize>, Step)> = Vec::new();
        for (number, script) in scripts.iter().enumerate() {
            possible.extend(script.get(places[number]).map(|step| (Some(number), *step)));
        }
        if world.owes_flush() {
            possible.push((None, Step::Flush));
        }
        if world.task_can_go_on() {
            possible.push((None, Step::Task));
        }
        if possible.is_empty() {
            break;
        }
        if turn == choices.len() {
            choices.push((0, possible.len()));
        }
        let (choice, of) = choices[turn];
        assert_eq!(of, possible.len(), "the same choices lead to the same place");
        let (script, step) = possible[choice];
        world.step(step);
        if let Some(number) = script {
            places[number] += 1;
        }
    }
    world.settle();
}

#[test]
fn two_who_append_and_a_socket_that_fills_up() {
    let hub: Script = &[Step::Append(Live, 12), Step::Append(Live, 12)];
    let answers: Script = &[Step::BeginSend(Answer, 12)];
    let network: Script = &[Step::Allow(5), Step::Allow(15)];
    let orders = play_every_order(&[], &[hub, answers, network]);
    assert!(orders > 1_000, "{orders} orders");
}

#[test]
fn a_goodbye_while_others_write() {
    let hub: Script = &[Step::Append(Ephemeral, 12)];
    let answers: Script = &[Step::BeginSend(Answer, 12), Step::Close(1000)];
    let network: Script = &[Step::Allow(5), Step::Allow(30)];
    let orders = play_every_order(&[], &[hub, answers, network]);
    assert!(orders > 1_000, "{orders} orders");
}

#[test]
fn two_goodbyes_at_once() {
    let hub: Script = &[Step::Append(Live, 12), Step::Close(1001)];
    let reader: Script = &[Step::Send(Answer, 12), Step::Close(1000)];
    let network: Script = &[Step::Allow(13), Step::Allow(13)];
    // Only the first close frame is sent; the world records which one that was.
    let orders = play_every_order(&[], &[hub, reader, network]);
    assert!(orders > 500, "{orders} orders");
}

#[test]
fn a_reader_that_gives_up_while_others_write() {
    let hub: Script = &[Step::Append(Live, 12), Step::Append(Live, 12)];
    let reader: Script = &[Step::Reader, Step::BreakOff];
    let network: Script = &[Step::Allow(5), Step::Allow(30)];
    let orders = play_every_order(&[], &[hub, reader, network]);
    assert!(orders > 500, "{orders} orders");
}

#[test]
fn a_peer_that_is_gone_while_others_write() {
    let hub: Script = &[Step::Append(Live, 12)];
    let reader: Script = &[Step::BeginSend(Answer, 12), Step::Reader];
    let network: Script = &[Step::Allow(5), Step::Fail];
    let orders = play_every_order(&[], &[hub, reader, network]);
    assert!(orders > 500, "{orders} orders");
}

/// Frames that fill the live queue to within 100 bytes of its bound.
fn nearly_full() -> Vec<Step> {
    const LENGTH: usize = 32_000;
    let mut steps = vec![Step::Append(Live, LENGTH); BOUNDS.live / LENGTH];
    steps.push(Step::Append(Live, BOUNDS.live % LENGTH - 50));
    steps
}

#[test]
fn an_overflow_while_the_socket_fills_up() {
    let hub: Script = &[Step::Append(Live, 60), Step::Append(Live, 12)];
    let network: Script = &[Step::Allow(5), Step::Allow(32_000)];
    let orders = play_every_order(&nearly_full(), &[hub, network]);
    assert!(orders > 100, "{orders} orders");
}

#[test]
fn a_reader_that_waits_for_its_answers() {
    let before = [Step::Send(Answer, 60_000), Step::BeginSend(Answer, 6_000)];
    let reader: Script = &[Step::Reader, Step::Reader];
    let network: Script = &[Step::Allow(100), Step::Allow(10_000)];
    let orders = play_every_order(&before, &[reader, network]);
    assert!(orders > 100, "{orders} orders");
}
