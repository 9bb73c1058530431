//! How far the world is, for the page that asks to wait.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How many accounts are open, of how many.
pub(crate) struct Progress {
    opened: AtomicUsize,
    total: usize,
}

impl Progress {
    /// Nothing is done yet.
    pub fn new(total: usize) -> Self {
        Self { opened: AtomicUsize::new(0), total }
    }

    /// One more account is open.
    pub fn account_opened(&self) {
        self.opened.fetch_add(1, Ordering::Relaxed);
    }

    /// How many accounts are open.
    pub fn opened(&self) -> usize {
        self.opened.load(Ordering::Relaxed).min(self.total)
    }

    /// How many there will be.
    pub fn total(&self) -> usize {
        self.total
    }
}
