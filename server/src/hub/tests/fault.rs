//! A panic in the hub's task is detected.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use shared::{Timestamp, UserId, UserName};
use tokio::time::timeout;
use uuid::Uuid;

use crate::critical_tasks::CriticalTasks;
use crate::delivery::{ConnectionHandle, Outbox, TryWrite};
use crate::hub::{Clock, Hub, HubClosed, Identity, State, UserKind};

struct Broken;

impl TryWrite for Broken {
    fn try_write(&mut self, _: &[u8]) -> io::Result<usize> {
        panic!("as the test wants")
    }
}

#[tokio::test]
async fn a_fault_of_the_hub_is_seen_and_nobody_waits_for_it() {
    let tasks = CriticalTasks::default();
    let hub = Hub::start(State::new(0, Timestamp::from_millis(0)), Clock::start(), Arc::default(), &tasks);
    let handle = Arc::new(ConnectionHandle::new(Outbox::new(Box::new(Broken)), None, 0));
    let user = UserId::new(Uuid::from_u128(1));
    let wanted = UserName::new("alice").unwrap();
    let identity = Identity { user, wanted, kind: UserKind::Guest, session: None };
    hub.attach(identity, handle).await.unwrap();
    let _ = hub.close_all().await;
    assert_eq!(timeout(Duration::from_secs(10), tasks.fault()).await, Ok("hub"));
    assert!(matches!(hub.statistics().await, Err(HubClosed)));
}
