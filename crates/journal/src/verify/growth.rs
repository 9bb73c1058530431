//! A tree followed as it grows, and compared at each size that was signed.

use crate::tree::{Frontier, Hash};
use crate::verify::Problem;

pub(super) struct Growth {
    log: String,
    pub tree: Frontier,
    /// Sizes and roots that were signed, smallest first.
    signed: Vec<(u64, Hash)>,
    compared: usize,
    /// Up to here, the entries are those that were signed.
    pub good: u64,
    /// Nothing more can be compared: a hash is missing, or the tree is already another one.
    pub broken: bool,
}

impl Growth {
    /// From this frontier on. Gives how many signatures are older than it.
    pub(super) fn new(log: &str, tree: Frontier, mut signed: Vec<(u64, Hash)>) -> (Self, usize) {
        let all = signed.len();
        signed.retain(|(size, _)| *size >= tree.size());
        signed.sort_unstable();
        signed.dedup();
        let too_old = all - signed.len();
        (Self { log: log.to_owned(), tree, signed, compared: 0, good: 0, broken: false }, too_old)
    }

    /// Compares the present size, before the first entry or after one.
    pub(super) fn compare(&mut self, problems: &mut Vec<Problem>) {
        while let Some((size, root)) = self.signed.get(self.compared).filter(|(size, _)| *size == self.tree.size()) {
            self.compared += 1;
            if self.broken {
                continue;
            }
            if *root == self.tree.root() {
                self.good = *size;
            } else {
                // What follows cannot agree either: one sentence is enough.
                self.broken = true;
                problems.push(Problem::Rewritten { log: self.log.clone(), from: self.good, to: *size });
            }
        }
    }

    /// One more entry.
    pub(super) fn push(&mut self, hash: Hash, problems: &mut Vec<Problem>) {
        self.tree.push(hash);
        self.compare(problems);
    }

    /// How many signatures were compared.
    pub(super) fn compared(&self) -> u64 {
        self.compared as u64
    }

    /// The largest size that was signed, when it is more than there is.
    pub(super) fn signed_beyond(&self, entries: u64) -> Option<u64> {
        self.signed.last().map(|(size, _)| *size).filter(|size| *size > entries)
    }
}
