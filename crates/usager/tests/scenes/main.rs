//! Scenes: a browser knocks at the pages, over contexts on a throw-away base. No network, no sleep.

mod bin;
mod browser;
mod doors;
mod drafts;
mod joined;
mod letters;
mod outbox;
mod reading;
mod recovery;
mod reporting;
mod search;
mod senders;
mod set_aside;
mod sign_in;
mod who_helped;
mod world;
