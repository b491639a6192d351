//! Hiroba's server: real-time chat over WebSocket, in one binary with its web client.
//!
//! `chat` holds the use cases; `hub` (live connections), `store` (the log) and `relay` (other nodes) do not know each
//! other; `http` and `ws` are the edges; `app` connects everything.

pub mod accounts;
pub mod app;
pub mod chat;
pub mod config;
pub mod control;
pub mod critical_tasks;
pub mod delivery;
pub mod descriptors;
pub mod edge;
pub mod error;
pub mod http;
pub mod hub;
pub mod listen;
pub mod look;
pub mod mail;
pub mod mail_address;
pub mod maintenance;
pub mod metrics;
pub mod network;
pub mod outage;
pub mod owner_link;
pub mod relay;
pub mod room;
pub mod secret;
pub mod server_time;
pub mod site;
pub mod store;
pub mod telemetry;
pub mod tls;
pub mod ws;
