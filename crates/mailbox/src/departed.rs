//! "Le courrier parti": in the demo and in training, letters for people who do not live there go nowhere, and can be seen.
//!
//! Only the local relay writes here. There is no `Own` to ask for: these letters are as gone as if a mail server had them.

use maincourante_kernel::address::MailAddress;
use maincourante_kernel::{Failure, Kernel, Timestamp};

use crate::LetterId;
use crate::letter::{self, SafeView};
use crate::outgoing::Envelope;
use crate::store;

/// A letter that left the demo.
pub struct Departed {
    /// To whom.
    pub to: Vec<MailAddress>,
    /// When.
    pub at: Timestamp,
    /// What it says.
    pub view: SafeView,
}

pub(crate) async fn keep(kernel: &Kernel, id: LetterId, envelope: &Envelope, letter: &[u8]) -> Result<(), Failure> {
    let row = id.uuid();
    let envelope = kernel.vault.seal("departed.envelope", row.as_bytes(), &serde_json::to_vec(envelope)?, &kernel.chance);
    let letter = kernel.vault.seal("departed.letter", row.as_bytes(), letter, &kernel.chance);
    let mut tx = kernel.db.write().await?;
    store::insert_departed(&mut tx, id, &envelope, &letter, kernel.now()).await?;
    tx.commit().await
}

/// The latest letters that left, the newest first.
pub(crate) async fn list(kernel: &Kernel) -> Result<Vec<Departed>, Failure> {
    let mut tx = kernel.db.read().await?;
    let rows = store::departed(&mut tx).await?;
    drop(tx);
    let open = |row: store::DepartedRow| -> Result<Departed, Failure> {
        let place = row.id.uuid();
        let envelope: Envelope = serde_json::from_slice(&kernel.vault.open("departed.envelope", place.as_bytes(), &row.envelope)?)?;
        let bytes = kernel.vault.open("departed.letter", place.as_bytes(), &row.letter)?;
        Ok(Departed { to: envelope.recipients()?, at: row.departed_at, view: letter::read(&bytes) })
    };
    rows.into_iter().map(open).collect()
}
