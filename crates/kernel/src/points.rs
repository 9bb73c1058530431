//! Points at which a process may be stopped, so that a test kills it there: just before and just after each transaction
//! that writes is committed. A point is named by where its transaction is begun, so no act can be without one.
//!
//! Only in a development build: a released program has no point, and no way to ask for one.

use std::panic::Location;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

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
    /// The passage of this one of that number, from 1, says `stopped at …` and goes no further, until the process is killed.
    StopAt {
        /// The point, as it says its own name.
        point: String,
        /// Which passage: one act may go through the same place several times.
        passage: u64,
    },
}

impl Wish {
    /// A place to stop at, as one writes it: `server/src/queue.rs:57 after`, or `server/src/queue.rs:57 after 3` for its third passage.
    pub fn stop_at(written: &str) -> Self {
        let (point, passage) = match written.rsplit_once(' ').map(|(point, last)| (point, last.parse())) {
            Some((point, Ok(passage))) => (point, passage),
            Some((_, Err(_))) | None => (written, 1),
        };
        Self::StopAt { point: point.to_owned(), passage }
    }
}

static WISH: OnceLock<Wish> = OnceLock::new();
/// How often the point to stop at was passed.
static PASSAGES: AtomicU64 = AtomicU64::new(0);

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
        Wish::StopAt { point, passage } if *point == name => {
            if PASSAGES.fetch_add(1, Ordering::Relaxed) + 1 == *passage {
                eprintln!("stopped at {name}");
                loop {
                    std::thread::park();
                }
            }
        }
        Wish::StopAt { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_to_stop_at_is_its_first_passage_unless_another_is_asked_for() {
        for (written, expected) in [
            ("mandates/src/activate.rs:88 before", ("mandates/src/activate.rs:88 before", 1)),
            ("server/src/queue.rs:57 after 3", ("server/src/queue.rs:57 after", 3)),
        ] {
            let Wish::StopAt { point, passage } = Wish::stop_at(written) else { panic!("{written}") };
            assert_eq!((point.as_str(), passage), expected);
        }
    }
}
