//! What every page needs, and no page itself but the ones that say "no": the frame, the answers, the form token,
//! the cookies, the fields and their errors, the assets, the headers.
//!
//! A page crate declares its addresses with [`Doors`], takes a [`Shell`] in its handlers, puts it in its template
//! struct, and answers with [`page`], [`refused`] or [`go`]. `docs/adding-a-page.md` walks through it.
//! The server wraps the whole router once, with [`around`].
//!
//! Deliberately knows nothing of any page, nor of what a page may show.

// Templates are compiled into the crate of their page, and name ours by its full name; so do our own.
extern crate self as maincourante_shell;

rust_i18n::i18n!("locales", fallback = "fr");

use maincourante_kernel::clock::Span;

mod answer;
mod around;
mod asset;
mod broken;
mod client;
mod cookies;
mod display;
mod doors;
mod errors;
pub mod file;
mod frame;
mod headers;
mod icon;
mod kept;
mod posted;
mod reference;
mod refusal;
mod session;
mod site;
mod space;
#[cfg(feature = "testing")]
pub mod testing;
mod token;
mod trust;
mod upload;

pub use answer::{Answer, With, forbidden, go, page, refused};
pub use around::{around, doors};
pub use asset::asset;
pub use broken::{Broken, Peer, SignedOut, letters_away, not_found};
pub use client::{Client, Trusted};
pub use cookies::{Cookie, CookieName, Keep};
pub use display::{Colours, Display, TextSize};
pub use doors::{Door, Doors, Verb};
pub use errors::Errors;
pub use frame::Shell;
pub use icon::Icon;
pub use kept::Over;
pub use posted::{At, Nothing, Once, Posted};
pub use session::{AtWork, OnLentScreen, SignedInUsager, StillWriting, WhileLent};
pub use site::{Help, People, Settings, Site};
pub use space::{Audience, MenuEntry, Space};
pub use trust::Trust;
pub use upload::{File, Files, Upload};

/// "10 minutes", "1 minute", "3 heures": never less than what is to be waited.
pub fn wait(span: Span) -> String {
    let (key, count) = match (span.as_seconds().max(1) + 59) / 60 {
        1 => ("wait.one", 1),
        minutes @ ..=60 => ("wait.many", minutes),
        minutes => ("wait.hours", (minutes + 59) / 60),
    };
    rust_i18n::t!(key, count = count).into_owned()
}

/// A sentence of the frame, for the templates that are compiled elsewhere.
pub fn say(key: &str) -> String {
    rust_i18n::t!(key).into_owned()
}

/// "Étape 3 sur 5".
pub fn step_now(at: impl std::fmt::Display, of: usize) -> String {
    rust_i18n::t!("steps.now", at = at, of = of).into_owned()
}

#[cfg(test)]
mod tests {
    use maincourante_kernel::clock::{minutes, seconds};

    use super::*;

    #[test]
    fn a_wait_is_said_in_whole_minutes_and_never_too_short() {
        assert_eq!(wait(minutes(10)), "10\u{a0}minutes");
        assert_eq!(wait(seconds(61)), "2\u{a0}minutes");
        assert_eq!(wait(seconds(0)), "1\u{a0}minute");
        assert_eq!(wait(minutes(60)), "60\u{a0}minutes");
        assert_eq!(wait(minutes(61)), "2\u{a0}heures");
        assert_eq!(wait(minutes(1200)), "20\u{a0}heures");
    }
}
