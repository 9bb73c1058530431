//! A page of a print on its way: sealed piece by piece as it comes, never whole in memory, with no transaction open while
//! the line is slow.

use maincourante_identity::{StaffId, UsagerId};
use maincourante_kernel::{Failure, Key, raster};
use ring::digest;
use uuid::Uuid;

use super::{HEAVIEST_PDF, HEAVIEST_PHOTO, MOST_PAGES, PDF, USELESS, awaited, is_awaited, key, place};
use crate::store::mandates;
use crate::store::scans as store;
use crate::{MandateId, Mandates, SignedInAidant};

/// How many pages may be begun in a day for one mandate: none fills our disks.
const MOST_BEGUN: i64 = 60;

const PIECE: usize = 256 * 1024;

/// A photograph says what it is within its first pieces, after what the camera says of itself.
const HEAD: usize = 2 * PIECE;

/// A page on its way.
pub struct Receiving {
    page: Uuid,
    mandate: MandateId,
    by: StaffId,
    usager: UsagerId,
    key: Key,
    held: Vec<u8>,
    head: Vec<u8>,
    tail: Vec<u8>,
    sum: digest::Context,
    size: usize,
    pieces: i64,
}

/// What beginning a page gave.
pub enum Begin {
    /// It may come.
    Ready(Box<Receiving>),
    /// The form was posted twice: the page is there.
    AlreadyHere,
    /// There are as many pages as a print may have, or too many were begun today.
    Full,
    /// The mandate waits for no print.
    Closed,
}

/// A page is about to come; `once` is the mark of the form.
pub async fn begin(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId, once: Uuid) -> Result<Begin, Failure> {
    let kernel = &context.identity.kernel;
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let Some((row, _)) = awaited(&mut tx, aidant, usager, now).await? else { return Ok(Begin::Closed) };
    let full = store::pages(&mut tx, row.id).await?.len() >= MOST_PAGES;
    if full || store::count_begun(&mut tx, row.id, now.minus(USELESS)).await? >= MOST_BEGUN {
        return Ok(Begin::Full);
    }
    if !store::begin(&mut tx, once, row.id, aidant.id(), now).await? {
        return Ok(match store::find_page(&mut tx, once).await? {
            Some((mandate, Some(_))) if mandate == row.id => Begin::AlreadyHere,
            _ => Begin::Closed,
        });
    }
    let Some(key) = key(&mut tx, kernel, usager).await? else { return Ok(Begin::Closed) };
    tx.commit().await?;
    Ok(Begin::Ready(Box::new(Receiving {
        page: once,
        mandate: row.id,
        by: aidant.id(),
        usager,
        key,
        held: Vec::with_capacity(PIECE),
        head: Vec::new(),
        tail: Vec::new(),
        sum: digest::Context::new(&digest::SHA256),
        size: 0,
        pieces: 0,
    })))
}

/// What a page is not good for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotAPage {
    /// Nothing was chosen, or an empty file.
    Empty,
    /// Neither a photograph in JPEG or PNG, nor a PDF.
    Unknown,
    /// A photograph heavier than [`HEAVIEST_PHOTO`], or of more points than a camera gives.
    PhotoTooHeavy,
    /// A PDF heavier than [`HEAVIEST_PDF`].
    PdfTooHeavy,
    /// A PDF without its end.
    PdfCut,
}

impl Receiving {
    /// The next bytes. Says at once what can only be wrong: the rest is not kept.
    pub async fn push(&mut self, context: &Mandates, bytes: &[u8]) -> Result<Result<(), NotAPage>, Failure> {
        self.size += bytes.len();
        self.sum.update(bytes);
        let more = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..more]);
        let heaviest = if self.head.starts_with(b"%PDF-") { HEAVIEST_PDF } else { HEAVIEST_PHOTO };
        if self.size > heaviest {
            return Ok(Err(if heaviest == HEAVIEST_PDF { NotAPage::PdfTooHeavy } else { NotAPage::PhotoTooHeavy }));
        }
        self.tail.extend_from_slice(&bytes[bytes.len().saturating_sub(1024)..]);
        let old = self.tail.len().saturating_sub(1024);
        self.tail.drain(..old);
        self.held.extend_from_slice(bytes);
        while self.held.len() >= PIECE {
            let piece: Vec<u8> = self.held.drain(..PIECE).collect();
            self.keep(context, &piece).await?;
        }
        Ok(Ok(()))
    }

    async fn keep(&mut self, context: &Mandates, piece: &[u8]) -> Result<(), Failure> {
        let kernel = &context.identity.kernel;
        let sealed = self.key.seal(&place(self.page, self.pieces), piece, &kernel.chance);
        let mut tx = kernel.db.write().await?;
        store::put_piece(&mut tx, self.page, self.pieces, &sealed).await?;
        tx.commit().await?;
        self.pieces += 1;
        Ok(())
    }

    /// What it is, by its own bytes.
    fn media(&self) -> Result<&'static str, NotAPage> {
        if self.size == 0 {
            return Err(NotAPage::Empty);
        }
        if self.head.starts_with(b"%PDF-1.") || self.head.starts_with(b"%PDF-2.") {
            let ends = self.tail.windows(5).any(|window| window == b"%%EOF");
            return if ends { Ok(PDF) } else { Err(NotAPage::PdfCut) };
        }
        match raster::of(&self.head).map(|raster| raster.media) {
            Some(media @ ("image/jpeg" | "image/png")) => Ok(media),
            _ => Err(NotAPage::Unknown),
        }
    }

    /// Everything came.
    pub async fn finish(mut self, context: &Mandates) -> Result<Finish, Failure> {
        let media = match self.media() {
            Ok(media) => media,
            Err(wrong) => {
                self.forget(context).await?;
                return Ok(Finish::NotAPage(wrong));
            }
        };
        let rest = std::mem::take(&mut self.held);
        if !rest.is_empty() {
            self.keep(context, &rest).await?;
        }
        let kernel = &context.identity.kernel;
        let mut tx = kernel.db.write().await?;
        // Two who add pages at once wait for each other here, and neither takes the place of the other.
        mandates::hold(&mut tx, self.mandate).await?;
        let row = mandates::find(&mut tx, self.mandate).await?;
        let open = match &row {
            Some(row) => is_awaited(row)? && row.ends_at.is_none_or(|end| end > kernel.now()),
            None => false,
        };
        let room = store::pages(&mut tx, self.mandate).await?.len() < MOST_PAGES;
        if !open || !room || key(&mut tx, kernel, self.usager).await?.is_none() {
            store::forget(&mut tx, self.page).await?;
            tx.commit().await?;
            return Ok(if open { Finish::Full } else { Finish::Closed });
        }
        let size = i64::try_from(self.size)?;
        store::complete(&mut tx, (self.page, self.mandate), (media, size, self.sum.finish().as_ref()), kernel.now()).await?;
        tx.commit().await?;
        Ok(Finish::Added)
    }

    /// It is not to be kept.
    pub async fn forget(self, context: &Mandates) -> Result<(), Failure> {
        let mut tx = context.identity.kernel.db.write().await?;
        store::forget(&mut tx, self.page).await?;
        tx.commit().await
    }

    /// Who adds it.
    pub fn by(&self) -> StaffId {
        self.by
    }
}

/// What a page that came whole gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finish {
    /// It is the last one, now.
    Added,
    /// It is none.
    NotAPage(NotAPage),
    /// There are as many as a print may have.
    Full,
    /// The mandate waits for no print any more.
    Closed,
}
