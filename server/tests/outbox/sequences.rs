//! Long random sequences of steps.

use hiroba::delivery::outbox::Priority;
use proptest::collection::vec;
use proptest::prelude::*;

use super::world::{Step, World};

fn kind() -> impl Strategy<Value = Priority> {
    prop_oneof![3 => Just(Priority::Live), 1 => Just(Priority::Ephemeral), 1 => Just(Priority::Answer)]
}

/// Mostly room-sized frames, some large, so that the bounds are reached.
fn length() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 10_usize..300, 2 => 1_000_usize..8_000, 2 => 16_000_usize..60_000]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (kind(), length()).prop_map(|(priority, length)| Step::Append(priority, length)),
        3 => (kind(), length()).prop_map(|(priority, length)| Step::BeginSend(priority, length)),
        3 => (kind(), length()).prop_map(|(priority, length)| Step::Send(priority, length)),
        6 => Just(Step::Flush),
        8 => Just(Step::Task),
        2 => Just(Step::Reader),
        6 => prop_oneof![1_usize..300, 1_000_usize..70_000].prop_map(Step::Allow),
        1 => prop_oneof![Just(0), 700_usize..70_000].prop_map(Step::Bite),
    ]
}

/// How the connection ends, if it does.
fn end() -> impl Strategy<Value = Option<Step>> {
    prop_oneof![
        4 => Just(None),
        2 => (1000_u16..5000).prop_map(|code| Some(Step::Close(code))),
        1 => Just(Some(Step::BreakOff)),
        1 => Just(Some(Step::Fail)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn whatever_happens_what_was_taken_arrives(
        before in vec(step(), 1..100), end in end(), after in vec(step(), 0..20),
    ) {
        let mut world = World::new();
        for step in before.into_iter().chain(end).chain(after) {
            world.step(step);
        }
        world.settle();
    }

    /// Nobody reads for a while: the bounds are reached again and again.
    #[test]
    fn a_slow_peer_is_cut_off_between_frames(steps in vec(step(), 50..150), seldom in 5_usize..30) {
        let mut world = World::new();
        for (turn, step) in steps.into_iter().enumerate() {
            match step {
                Step::Allow(_) if turn % seldom != 0 => {}
                step => world.step(step),
            }
        }
        world.settle();
    }
}
