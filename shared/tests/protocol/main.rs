//! The protocol's promises, checked on values that nobody chose.

mod demo;
mod documents;
mod frames;
mod names;
mod reducer;
mod requests;
mod search;
mod strategies;
