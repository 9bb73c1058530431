//! The log of a structure, taken away by its référent: signed, so that anyone may verify it; or as lines, for a table.
//!
//! The signed file ends at a checkpoint: one is signed at that moment, after the entry that tells of the export. Both are written little by
//! little, in short transactions: a slow download holds nothing.

use std::path::PathBuf;
use std::sync::Arc;

use maincourante_journal::{self as journal, Event, ExportFor, Filter, Log, Part, Payload, Record, Signed, Signer, Viewer};
use maincourante_kernel::{Failure, Kernel};
use tokio::io::AsyncWrite;
use uuid::Uuid;

use super::{Wanted, sign};
use crate::entries::{act, by_aidant};
use crate::{Mandates, SignedInReferent};

/// What signs the journal, and where its checkpoints are written outside the base.
#[derive(Clone, Debug)]
pub struct Notary {
    /// The key.
    pub signer: Arc<Signer>,
    /// The file outside.
    pub checkpoints: PathBuf,
}

/// A signed file, ready to be written.
pub struct SignedFile {
    kernel: Kernel,
    signer: Arc<Signer>,
    structure: Uuid,
    part: Part,
}

/// What asking for a signed file gave.
pub enum Asked {
    /// It is there to be written.
    Ready(SignedFile),
    /// Nothing can be signed: the base is behind what is known outside of it. The operator has to look.
    CannotSign,
}

/// A signed file of the days of `wanted`, or of the whole log: names included. Its other parts do not count, a proof leaves nothing out.
pub async fn signed(context: &Mandates, referent: &SignedInReferent<'_>, notary: &Notary, wanted: &Wanted) -> Result<Asked, Failure> {
    let kernel = &context.identity.kernel;
    told(context, referent, "signed").await?;
    if let Signed::BaseIsBehind { .. } = journal::checkpoint(kernel, &notary.signer, &notary.checkpoints).await? {
        return Ok(Asked::CannotSign);
    }
    let structure = referent.aidant().structure().id.uuid();
    let mut tx = kernel.db.read().await?;
    let from = match wanted.from {
        Some(day) => journal::entries_before(&mut tx, structure, day.start()).await?,
        None => 0,
    };
    let until = match wanted.to {
        Some(day) => Some(journal::entries_before(&mut tx, structure, day.end()).await?.max(from)),
        None => None,
    };
    let signer = Arc::clone(&notary.signer);
    Ok(Asked::Ready(SignedFile { kernel: kernel.clone(), signer, structure, part: Part { from, until } }))
}

impl SignedFile {
    /// Writes it.
    ///
    /// # Errors
    /// When the base refuses, or `out` does: whoever downloads went away.
    pub async fn write<W: AsyncWrite + Unpin + Send>(self, out: &mut W) -> Result<(), Failure> {
        let whose = ExportFor::Structure(self.structure);
        journal::export_part(&self.kernel, self.signer.public(), whose, self.part, out).await.map(|_| ())
    }
}

/// Lines for a table, the newest first, as many at a time as a page should hold in memory.
pub struct Lines {
    kernel: Kernel,
    structure: Uuid,
    filter: Filter,
    over: bool,
}

/// The lines that `wanted` keeps.
pub async fn lines(context: &Mandates, referent: &SignedInReferent<'_>, wanted: &Wanted) -> Result<Lines, Failure> {
    let kernel = &context.identity.kernel;
    told(context, referent, "table").await?;
    let structure = referent.aidant().structure().id;
    let mut tx = kernel.db.read().await?;
    let reviewed = sign::last(&mut tx, structure).await?.map_or(-1, |last| last.last_seq);
    Ok(Lines { kernel: kernel.clone(), structure: structure.uuid(), filter: wanted.filter(None, reviewed), over: false })
}

impl Lines {
    /// The next ones; nothing when there are no more.
    ///
    /// # Errors
    /// When the base refuses.
    pub async fn next(&mut self) -> Result<Vec<Record>, Failure> {
        const BATCH: u32 = 200;
        if self.over {
            return Ok(Vec::new());
        }
        let mut tx = self.kernel.db.read().await?;
        let page = journal::read(&mut tx, &self.kernel, Viewer::Structure(self.structure), &self.filter, BATCH).await?;
        self.over = page.next.is_none();
        self.filter.after = page.next;
        Ok(page.records)
    }
}

async fn told(context: &Mandates, referent: &SignedInReferent<'_>, kind: &'static str) -> Result<(), Failure> {
    let kernel = &context.identity.kernel;
    let aidant = referent.aidant();
    let mut tx = kernel.db.write().await?;
    let entry = by_aidant(act(kernel), Event::JournalExported, aidant).with(Payload::new().word("kind", kind));
    journal::append(&mut tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await?;
    tx.commit().await
}
