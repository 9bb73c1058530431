//! Points at which a process may be stopped, so that a test kills it there: just before and just after each transaction
//! that writes is committed. A point is named by where its transaction is begun, so no act can be without one.
//!
//! Only in a development build: a released program has no point, and no way to ask for one.

use std::panic::Location;
use std::sync::OnceLock;

/// On which side of a commit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    /// Everything was asked of the base, and nothing is kept yet.
    Before,
    /// All of it is kept, and nobody was told.
    After,
}

/// What is asked of the points of this process.
#[derive(Clone, Debug)]
pub enum Wish {
    /// Each point that is passed says its name on standard error: `point mandates/src/activate.rs:88 before`.
    Tell,
    /// The first passage of this one says `stopped at …` and goes no further, until the process is killed.
    StopAt(String),
}

static WISH: OnceLock<Wish> = OnceLock::new();

/// Asks once, when the program starts; what is asked later is not heard.
pub fn wish(wish: Wish) {
    let _ = WISH.set(wish);
}

/// A point is passed.
pub(crate) fn pass(begun: &'static Location<'static>, side: Side) {
    let Some(wish) = WISH.get() else { return };
    let file = begun.file().trim_start_matches("crates/");
    let side = match side {
        Side::Before => "before",
        Side::After => "after",
    };
    let name = format!("{file}:{} {side}", begun.line());
    match wish {
        Wish::Tell => eprintln!("point {name}"),
        Wish::StopAt(wished) if *wished == name => {
            eprintln!("stopped at {name}");
            loop {
                std::thread::park();
            }
        }
        Wish::StopAt(_) => {}
    }
}
