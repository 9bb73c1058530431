//! The head of a log: where the next entry goes, and the frontier of those before.
//!
//! Appending goes through the lock of its row, so numbers have no gap. A MAC binds the head to the vault:
//! who only holds the base can write a head, and it is refused here before anything is built on it.

use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};

use crate::store::{self, HeadRow};
use crate::tree::{Frontier, Hash};

/// The head of a log, locked or read.
pub(crate) struct Head {
    pub name: String,
    pub last_at: Timestamp,
    pub tree: Frontier,
}

impl Head {
    /// Locks the head of this log until the end of the transaction, making it at first use.
    pub(crate) async fn lock(tx: &mut Tx, kernel: &Kernel, name: &str) -> Result<Self, Failure> {
        if let Some(row) = store::lock_head(tx, name).await? {
            return Self::checked(kernel, &row);
        }
        let new = Self { name: name.to_owned(), last_at: Timestamp::from_micros(0), tree: Frontier::default() };
        store::create_head(tx, &new.row(kernel)?).await?;
        let row = store::lock_head(tx, name).await?.ok_or_else(|| Failure::new("the head of a log was written and is not there"))?;
        Self::checked(kernel, &row)
    }

    /// The head in this row, if its MAC is good.
    pub(crate) fn checked(kernel: &Kernel, row: &HeadRow) -> Result<Self, Failure> {
        if !mac_is_good(kernel, row) {
            return Err(Failure::new("the head of a log was altered: run `maincourante journal verify`"));
        }
        Self::read(row).ok_or_else(|| Failure::new("the head of a log cannot be read"))
    }

    /// The head in this row, whatever its MAC.
    pub(crate) fn read(row: &HeadRow) -> Option<Self> {
        let tree = Frontier::from_bytes(u64::try_from(row.size).ok()?, &row.frontier)?;
        Some(Self { name: row.name.clone(), last_at: row.last_at, tree })
    }

    /// The number of the next entry.
    pub(crate) fn next(&self) -> Result<i64, Failure> {
        Ok(i64::try_from(self.tree.size())?)
    }

    /// One more entry, at this time.
    pub(crate) async fn advance(&mut self, tx: &mut Tx, kernel: &Kernel, leaf: Hash, at: Timestamp) -> Result<(), Failure> {
        self.tree.push(leaf);
        self.last_at = at;
        store::write_head(tx, &self.row(kernel)?).await
    }

    fn row(&self, kernel: &Kernel) -> Result<HeadRow, Failure> {
        let (size, frontier) = (self.next()?, self.tree.to_bytes());
        let mac = mac(kernel, &self.name, size, self.last_at, &frontier).to_vec();
        Ok(HeadRow { name: self.name.clone(), size, last_at: self.last_at, frontier, mac })
    }
}

/// Whether this row was written by who holds the vault.
pub(crate) fn mac_is_good(kernel: &Kernel, row: &HeadRow) -> bool {
    let data = message(&row.name, row.size, row.last_at, &row.frontier);
    kernel.vault.column("journal_log.mac").mac_is(&data, &row.mac)
}

fn mac(kernel: &Kernel, name: &str, size: i64, last_at: Timestamp, frontier: &[u8]) -> [u8; 32] {
    kernel.vault.column("journal_log.mac").mac(&message(name, size, last_at, frontier))
}

// The name has no line feed, the numbers have a fixed length: no two heads give the same message.
fn message(name: &str, size: i64, last_at: Timestamp, frontier: &[u8]) -> Vec<u8> {
    [name.as_bytes(), b"\n", &size.to_be_bytes(), &last_at.micros().to_be_bytes(), frontier].concat()
}
