//! Property tests of the protocol's guarantees.

mod demo;
mod documents;
mod frames;
mod markdown;
mod mentions;
mod model;
mod names;
mod reducer;
mod requests;
mod search;
mod strategies;
mod unread;
