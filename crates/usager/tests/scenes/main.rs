//! Scenes: a browser knocks at the pages, over contexts on a throw-away base. No network, no sleep.

mod browser;
mod doors;
mod letters;
mod outbox;
mod reading;
mod recovery;
mod reporting;
mod sign_in;
mod who_helped;
mod world;
