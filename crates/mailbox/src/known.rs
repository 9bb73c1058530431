//! Whom a person knows: who wrote to them before, and to whom they wrote. What the line above a letter says comes from here.
//!
//! No address is kept: a blind index of it, different for each person, with two dates. Who reads the base learns how many
//! correspondents someone has, not who they are. `docs/decisions/0020-senders.md` says why, and what it is not: a proof.

use std::collections::HashMap;

use maincourante_identity::UsagerId;
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};

use crate::folder::{Folder, Row};
use crate::mine::Mine;
use crate::{Reach, store};

/// What a person knows of the address a letter gives as its sender's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// The person wrote to it, and their letter left.
    Contact,
    /// It never wrote before this letter.
    First,
    /// It wrote before, and the person never wrote to it; or one cannot tell.
    Known,
}

/// A letter that came, as far as it is judged by its sender.
#[derive(Clone, Copy)]
pub struct Came<'a> {
    /// The address that it gives as its sender's.
    pub from: Option<&'a MailAddress>,
    /// When it came.
    pub arrived: Timestamp,
    /// Where it lies.
    pub folder: Folder,
}

impl<'a> From<&'a Row> for Came<'a> {
    fn from(row: &'a Row) -> Self {
        let from = row.heading.from.as_ref().and_then(|sender| sender.address.as_ref());
        Self { from, arrived: row.arrived, folder: row.reference.folder() }
    }
}

impl Mine<'_> {
    /// Where the senders of these letters stand, in the same order. A sender seen for the first time is looked for in the
    /// inbox once; from then on their first letter is known by its hour.
    pub async fn standings(&self, letters: &[Came<'_>]) -> Result<Vec<Standing>, Failure> {
        let (kernel, own) = (&self.mailbox.kernel, self.own);
        let mut known = HashMap::new();
        let mut tx = kernel.db.read().await?;
        for address in letters.iter().filter_map(|letter| letter.from) {
            let index = index(kernel, own.usager(), address);
            if !known.contains_key(&index) {
                known.insert(index.clone(), store::known::find(&mut tx, own.usager(), &index).await?.unwrap_or_default());
            }
        }
        drop(tx);
        // The oldest of a page first: it may be the first one.
        for letter in letters.iter().rev().filter(|letter| letter.folder == Folder::Inbox) {
            let Some(address) = letter.from else { continue };
            let index = index(kernel, own.usager(), address);
            if known.get(&index).is_some_and(|(first, written)| first.is_none() && written.is_none())
                && let Reach::Here(found) = self.first_from(address).await?
            {
                let first = found.map_or(letter.arrived, |found| found.min(letter.arrived));
                let mut tx = kernel.db.write().await?;
                store::known::wrote(&mut tx, own.usager(), &index, first).await?;
                tx.commit().await?;
                known.insert(index, (Some(first), None));
            }
        }
        let standing = |letter: &Came<'_>| match letter.from.and_then(|address| known.get(&index(kernel, own.usager(), address))) {
            Some((_, Some(_))) => Standing::Contact,
            Some((Some(first), None)) if letter.arrived <= *first => Standing::First,
            Some((_, None)) | None => Standing::Known,
        };
        Ok(letters.iter().map(standing).collect())
    }
}

/// A letter left for these people: the person knows them. In the transaction that says that it left.
pub(crate) async fn wrote_to(kernel: &Kernel, tx: &mut Tx, usager: UsagerId, to: &[MailAddress]) -> Result<(), Failure> {
    for address in to {
        store::known::written(tx, usager, &index(kernel, usager, address), kernel.now()).await?;
    }
    Ok(())
}

/// The same address is another index for each person: two who know the same one cannot be told from it.
fn index(kernel: &Kernel, usager: UsagerId, address: &MailAddress) -> Vec<u8> {
    kernel.vault.index("correspondent.address", &format!("{usager} {}", address.folded()))
}

impl Mine<'_> {
    async fn first_from(&self, address: &MailAddress) -> Result<Reach<Option<Timestamp>>, Failure> {
        self.mailbox.source.first_from(self.reader(), address).await
    }
}
