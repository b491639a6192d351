//! API tests: a real server over real sockets, one file per behaviour.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

mod accounts;
mod answers;
mod backpressure;
mod bad_input;
mod bans;
mod big_room;
mod changes;
mod churn;
mod clock;
mod conformance;
mod crash;
mod cut;
mod data_folder;
mod delivery;
mod demo;
mod departures;
mod devices;
mod direct;
mod doors;
mod download;
mod entrance;
mod fault;
mod full_disk;
mod healthy_readers;
mod held_lock;
mod hidden;
mod history;
mod http;
mod http_api;
mod idle_http;
mod limits;
mod mail;
mod maintenance;
mod mentions;
mod moderation;
mod names;
mod permissions;
mod presence;
mod profiles;
mod resume;
mod rooms;
mod search;
mod settings;
mod stalled_disk;
mod stop;
mod trusted_proxy;
mod typing;
mod unread;
mod upgrade;
mod users;
mod visible;
