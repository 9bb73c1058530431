//! The pages of a print, opened by those who may: the aidants of a structure that has, or had, a mandate of the person; the
//! person.

use maincourante_identity::{Own, UsagerId, find_person};
use maincourante_journal::Event;
use maincourante_kernel::{Failure, Kernel, Tx};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{PDF, Page, key, pages, place};
use crate::entries::{self, About};
use crate::evidence::sha256;
use crate::store::mandates::{self as mandates, MandateRow};
use crate::store::scans as store;
use crate::{MandateId, Mandates, SignedInAidant};

/// A page, to be looked at.
pub struct Shown {
    /// Its type, as its bytes say.
    pub media: &'static str,
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// A page of the print of a person, for the aidants of a structure that has, or had, a mandate of theirs.
pub async fn page_for_aidant(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId, page: Uuid) -> Result<Option<Shown>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    for row in mandates::find_all_with(&mut tx, usager, aidant.structure().id).await? {
        if let Some(shown) = shown(&mut tx, &context.identity.kernel, (&row, usager), page).await? {
            return Ok(Some(shown));
        }
    }
    Ok(None)
}

/// The pages of the print of a person, once it is whole, for the aidants. Opening it leaves an entry.
pub async fn read_for_aidant(
    context: &Mandates,
    aidant: &SignedInAidant,
    usager: UsagerId,
) -> Result<Option<(String, Vec<Page>)>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(row) = mandates::find_current(&mut tx, usager, aidant.structure().id, kernel.now()).await? else { return Ok(None) };
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(None) };
    if store::closed_at(&mut tx, row.id).await?.is_none() {
        return Ok(None);
    }
    let name = person.name();
    entries::viewed(&mut tx, kernel, aidant, Event::MandateDocumentViewed, &About { usager, name: &name }, "print").await?;
    let pages = pages(&mut tx, row.id).await?;
    tx.commit().await?;
    Ok(Some((name, pages)))
}

/// The pages of the print that the person signed, once it is whole.
pub async fn read_for_usager(context: &Mandates, own: &Own, mandate: MandateId) -> Result<Option<Vec<Page>>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let row = mandates::find(&mut tx, mandate).await?.filter(|row| row.usager == Some(own.usager()));
    if row.is_none() || store::closed_at(&mut tx, mandate).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(pages(&mut tx, mandate).await?))
}

/// A page of it.
pub async fn page_for_usager(context: &Mandates, own: &Own, mandate: MandateId, page: Uuid) -> Result<Option<Shown>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let Some(row) = mandates::find(&mut tx, mandate).await?.filter(|row| row.usager == Some(own.usager())) else { return Ok(None) };
    if store::closed_at(&mut tx, mandate).await?.is_none() {
        return Ok(None);
    }
    shown(&mut tx, &context.identity.kernel, (&row, own.usager()), page).await
}

async fn shown(tx: &mut Tx, kernel: &Kernel, (row, usager): (&MandateRow, UsagerId), page: Uuid) -> Result<Option<Shown>, Failure> {
    let Some(known) = store::pages(tx, row.id).await?.into_iter().find(|known| known.id == page) else { return Ok(None) };
    let Some(key) = key(tx, kernel, usager).await? else { return Ok(None) };
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(known.size)?));
    for number in 0.. {
        let Some(sealed) = store::find_piece(tx, page, number).await? else { break };
        bytes.extend_from_slice(&key.open(&place(page, number), &sealed)?);
    }
    if known.sha256.as_deref() != Some(sha256(&bytes).as_slice()) {
        return Err(Failure::new("a page of a print lost a piece"));
    }
    let media = match known.media.as_deref() {
        Some("image/jpeg") => "image/jpeg",
        Some("image/png") => "image/png",
        _ => PDF,
    };
    Ok(Some(Shown { media, bytes }))
}
