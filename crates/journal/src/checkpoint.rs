//! The scheduled run: signs how far each log has come, and writes it outside the base.
//!
//! It signs what the heads say, not what the entries say now: an entry changed after it was written no longer agrees with what
//! was signed. It signs nothing on a base that is behind the file outside: that would give two histories to one service.

use std::collections::HashMap;
use std::path::Path;

use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};

use crate::entry::Entry;
use crate::head::Head;
use crate::log::SUPER;
use crate::note::{Checkpoint, PublicKey};
use crate::store::{self, CheckpointRow, SuperRow};
use crate::tree::leaf_hash;
use crate::vocabulary::Actor;
use crate::{Event, Log, Payload, Signer, append, outside};

/// What a run gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Signed {
    /// Nothing was written since the last run.
    NothingNew,
    /// These logs were signed, then the tree of checkpoints.
    Logs(Vec<String>),
    /// The file outside has a checkpoint that this base does not have: it is an older base, or another one.
    /// Nothing was signed. After a restoration decided by people, they put the old file aside and give a new one.
    BaseIsBehind {
        /// Checkpoints known to the file.
        outside: u64,
        /// Checkpoints known to the base.
        base: u64,
    },
}

/// Signs every log that grew, and brings the file at `path` up to date.
///
/// # Errors
/// When the database or the file refuses, or when the head of a log was altered.
pub async fn checkpoint(kernel: &Kernel, signer: &Signer, path: &Path) -> Result<Signed, Failure> {
    let known = last_super(path, signer.public()).await?;
    let mut tx = kernel.db.write().await?;
    // Two runs at the same time would sign the same sizes: the second waits here for the first.
    Head::lock(&mut tx, kernel, &Log::Service.name()).await?;
    if let Some(refused) = behind(&mut tx, known.as_ref()).await? {
        return Ok(refused);
    }
    let grown = grown(&mut tx, kernel).await?;
    let signed = if grown.is_empty() {
        Signed::NothingNew
    } else {
        let mut names: Vec<String> = grown.into_iter().map(|head| head.name).collect();
        names.push(Log::Service.name());
        names.sort_unstable();
        names.dedup();
        let announcement = announcement(&mut tx, kernel, names.len()).await?;
        append(&mut tx, kernel, Log::Service, announcement).await?;
        sign(&mut tx, kernel, signer, &names).await?;
        Signed::Logs(names)
    };
    tx.commit().await?;
    write_outside(kernel, signer, path).await?;
    Ok(signed)
}

/// A base that lacks what the file has, or has something else in its place.
async fn behind(tx: &mut Tx, known: Option<&Checkpoint>) -> Result<Option<Signed>, Failure> {
    let Some(known) = known else { return Ok(None) };
    let stored = store::checkpoint(tx, SUPER, i64::try_from(known.size)?).await?;
    if stored.is_some_and(|stored| stored.root == known.root) {
        return Ok(None);
    }
    let base = store::last_checkpoint(tx, SUPER).await?.map_or(0, |last| last.size);
    Ok(Some(Signed::BaseIsBehind { outside: known.size, base: u64::try_from(base)? }))
}

/// The heads of the logs that grew since they were signed. A log that only grew by our own announcement is not there:
/// the announcement is written before the signature, hence under it.
async fn grown(tx: &mut Tx, kernel: &Kernel) -> Result<Vec<Head>, Failure> {
    let signed: HashMap<String, i64> = store::signed_sizes(tx).await?.into_iter().collect();
    let mut grown = Vec::new();
    for row in store::heads(tx).await? {
        if row.name != SUPER && row.size > signed.get(&row.name).copied().unwrap_or(0) {
            grown.push(Head::checked(kernel, &row)?);
        }
    }
    Ok(grown)
}

/// The entry of this run: how many logs, and where the tree of checkpoints stands before it.
async fn announcement(tx: &mut Tx, kernel: &Kernel, logs: usize) -> Result<Entry, Failure> {
    let tree = Head::lock(tx, kernel, SUPER).await?.tree;
    let payload = Payload::new().count("logs", i64::try_from(logs)?).count("size", i64::try_from(tree.size())?).digest("root", tree.root());
    Ok(Entry::new(kernel.chance.uuid(kernel.now()), Event::JournalCheckpoint, Actor::System).with(payload))
}

async fn sign(tx: &mut Tx, kernel: &Kernel, signer: &Signer, names: &[String]) -> Result<(), Failure> {
    let now = kernel.now();
    let mut tree = Head::lock(tx, kernel, SUPER).await?;
    // Read again: the announcement made `service` grow. A log that began to grow since then waits for the next run.
    for head in grown(tx, kernel).await?.into_iter().filter(|head| names.contains(&head.name)) {
        let checkpoint = Checkpoint { log: head.name, size: head.tree.size(), root: head.tree.root() };
        let leaf = checkpoint.text(signer.public().name());
        let hash = leaf_hash(leaf.as_bytes());
        keep(tx, signer, &checkpoint, now).await?;
        let (seq, size) = (tree.next()?, i64::try_from(checkpoint.size)?);
        store::insert_super(tx, &SuperRow { seq, log: checkpoint.log, size, leaf, leaf_hash: hash.to_vec() }).await?;
        let at = now.max(tree.last_at);
        tree.advance(tx, kernel, hash, at).await?;
    }
    let whole = Checkpoint { log: SUPER.to_owned(), size: tree.tree.size(), root: tree.tree.root() };
    keep(tx, signer, &whole, now).await
}

async fn keep(tx: &mut Tx, signer: &Signer, checkpoint: &Checkpoint, at: Timestamp) -> Result<(), Failure> {
    let (size, root, note) = (i64::try_from(checkpoint.size)?, checkpoint.root.to_vec(), signer.sign(checkpoint));
    store::insert_checkpoint(tx, &CheckpointRow { log: checkpoint.log.clone(), size, root, at, note }).await
}

/// Adds to the file what it lacks: this run, and those after which the machine stopped before writing.
async fn write_outside(kernel: &Kernel, signer: &Signer, path: &Path) -> Result<(), Failure> {
    let known = last_super(path, signer.public()).await?.map_or(0, |known| known.size);
    let mut tx = kernel.db.read().await?;
    let notes = store::notes_since(&mut tx, i64::try_from(known)?).await?;
    drop(tx);
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || outside::append(&path, &notes)).await?
}

async fn last_super(path: &Path, key: &PublicKey) -> Result<Option<Checkpoint>, Failure> {
    let (path, name) = (path.to_owned(), key.name().to_owned());
    tokio::task::spawn_blocking(move || outside::last_super(&path, &name)).await?
}
