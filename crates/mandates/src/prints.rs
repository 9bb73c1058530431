//! The print that a person signed by hand: photographed page by page, put in order, then said whole by an aidant with a
//! fresh code. A mandate that waited for it is provisional no more, and one that was suspended for want of it resumes.
//!
//! A page is sealed piece by piece as it comes, under the record key of its person; it is never whole in memory, and no
//! transaction is open while the line is slow. What it is, its own bytes say.

mod reading;
mod receiving;

use data_encoding::HEXLOWER;
use maincourante_identity::{Confirmation, FreshAct, StaffId, UsagerId, find_person};
use maincourante_journal::{Log, SubjectKind, record_key};
use maincourante_kernel::clock::{Span, hours};
use maincourante_kernel::{Failure, Kernel, Key, Secret, Timestamp, Tx};
use uuid::Uuid;

pub use self::reading::{Shown, page_for_aidant, page_for_usager, read_for_aidant, read_for_usager};
pub use self::receiving::{Begin, Finish, NotAPage, Receiving, begin};
use crate::confirmed::confirm_about;
use crate::entries::{self, About};
use crate::evidence::{Closed, Confirmed, InJournal, Photograph, Photographs, sha256};
use crate::papers::{self, PaperKind};
use crate::store::mandates::{self as mandates, MandateRow};
use crate::store::scans as store;
use crate::store::teams;
use crate::succession::{self, Newer};
use crate::{Happening, MandateId, Mandates, SignedInAidant, State, StructureId, access_back, ending, transition};

/// The heaviest photograph, in bytes: the finest telephone gives less.
pub const HEAVIEST_PHOTO: usize = 12 * 1024 * 1024;
/// The heaviest scan in PDF, in bytes.
pub const HEAVIEST_PDF: usize = 20 * 1024 * 1024;
/// How many pages a print may have, photographs taken again left out.
pub const MOST_PAGES: usize = 12;
/// What broke on its way, and what was removed, is kept that long.
const USELESS: Span = hours(24);
const COLUMN: &str = "mandate.print";

/// A page of the print.
pub struct Page {
    /// Its identity.
    pub id: Uuid,
    /// Its place, from 1 on.
    pub number: usize,
    /// Whether it is drawn in a page, or opened beside: a photograph, not a PDF.
    pub is_photo: bool,
}

/// The print, for those who put it together.
pub struct Print {
    /// The person's name.
    pub name: String,
    /// Its pages, in order.
    pub pages: Vec<Page>,
    /// Until when the mandate is provisional; a past date when it is suspended for want of the print.
    pub awaited_until: Timestamp,
    /// Whether it is suspended.
    pub is_suspended: bool,
}

/// What is known of the print of a mandate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    /// It waits for nothing.
    Nothing,
    /// It is provisional, or suspended, until a print signed by hand is there.
    Print,
    /// The print is there: so many pages.
    Here,
}

/// Whether a mandate waits for its print.
pub(crate) async fn wait(tx: &mut Tx, row: &MandateRow) -> Result<Wait, Failure> {
    if store::closed_at(tx, row.id).await?.is_some() {
        return Ok(Wait::Here);
    }
    Ok(if is_awaited(row)? { Wait::Print } else { Wait::Nothing })
}

/// Active and provisional, or suspended because it was.
fn is_awaited(row: &MandateRow) -> Result<bool, Failure> {
    let state: State = row.state.parse()?;
    Ok(row.provisional_until.is_some() && matches!(state, State::Active | State::Suspended))
}

/// The newest mandate of a person with a structure that waits for its print. An older one may be in force meanwhile.
pub(crate) async fn waiting(tx: &mut Tx, usager: UsagerId, structure: StructureId) -> Result<Option<MandateRow>, Failure> {
    for row in mandates::find_all_with(tx, usager, structure).await? {
        if is_awaited(&row)? {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// The mandate of a person of the aidant's structure that waits for its print.
async fn awaited(
    tx: &mut Tx,
    aidant: &SignedInAidant,
    usager: UsagerId,
    now: Timestamp,
) -> Result<Option<(MandateRow, Timestamp)>, Failure> {
    let Some(row) = waiting(tx, usager, aidant.structure().id).await? else { return Ok(None) };
    let is_over = row.ends_at.is_some_and(|end| end <= now);
    match row.provisional_until {
        Some(until) if is_awaited(&row)? && !is_over => Ok(Some((row, until))),
        _ => Ok(None),
    }
}

/// The print of a person, while their mandate waits for it.
pub async fn look(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Option<Print>, Failure> {
    let now = context.identity.kernel.now();
    let mut tx = context.identity.kernel.db.read().await?;
    let Some((row, awaited_until)) = awaited(&mut tx, aidant, usager, now).await? else { return Ok(None) };
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(None) };
    Ok(Some(Print { name: person.name(), pages: pages(&mut tx, row.id).await?, is_suspended: awaited_until <= now, awaited_until }))
}

async fn pages(tx: &mut Tx, mandate: MandateId) -> Result<Vec<Page>, Failure> {
    let rows = store::pages(tx, mandate).await?;
    Ok((1..).zip(rows).map(|(number, row)| Page { id: row.id, number, is_photo: row.media.as_deref() != Some(PDF) }).collect())
}

async fn key(tx: &mut Tx, kernel: &Kernel, usager: UsagerId) -> Result<Option<Key>, Failure> {
    record_key(tx, kernel, SubjectKind::Usager, usager.uuid(), COLUMN).await
}

fn place(page: Uuid, number: i64) -> Vec<u8> {
    [page.as_bytes().as_slice(), &number.to_be_bytes()].concat()
}

const PDF: &str = "application/pdf";

/// What is done to a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// Before this one, which it follows. Asked for again, nothing moves any more.
    Before(Uuid),
    /// Away.
    Remove,
    /// Back where it was.
    PutBack,
}

/// Changes a page; false when the print is closed or there is no such page. What is so already stays so.
pub async fn change(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId, page: Uuid, change: Change) -> Result<bool, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some((row, _)) = awaited(&mut tx, aidant, usager, kernel.now()).await? else { return Ok(false) };
    mandates::hold(&mut tx, row.id).await?;
    if store::find_page(&mut tx, page).await?.is_none_or(|(of, _)| of != row.id) {
        return Ok(false);
    }
    let rows = store::pages(&mut tx, row.id).await?;
    match change {
        Change::Remove => drop(store::remove(&mut tx, row.id, page, kernel.now()).await?),
        Change::PutBack if rows.len() < MOST_PAGES => drop(store::put_back(&mut tx, row.id, page).await?),
        Change::PutBack => return Ok(false),
        Change::Before(other) => {
            if let Some([first, second]) = rows.array_windows().find(|[first, second]| first.id == other && second.id == page) {
                store::set_place(&mut tx, page, first.place).await?;
                store::set_place(&mut tx, other, second.place).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(true)
}

/// What saying that the print is whole gave.
pub enum Whole {
    /// The mandate waits for nothing any more.
    Confirmed,
    /// There is no page.
    NoPage,
    /// Not a code of now, or one already used.
    Wrong,
    /// Too many tries.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
    /// The mandate waits for no print.
    Closed,
}

/// The aidant looked at each page and says that the print is whole and signed.
pub async fn close(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId, code: &Secret<String>) -> Result<Whole, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Some((row, _)) = awaited(&mut tx, aidant, usager, kernel.now()).await? else { return Ok(Whole::Closed) };
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(Whole::Closed) };
    if store::pages(&mut tx, row.id).await?.is_empty() {
        return Ok(Whole::NoPage);
    }
    drop(tx);
    let name = person.name();
    let about = About { usager, name: &name };
    let fresh = match confirm_about(context, aidant, (FreshAct::ClosePrint, row.id.uuid()), &about, code).await? {
        Confirmation::Given(fresh) => fresh,
        Confirmation::Wrong => return Ok(Whole::Wrong),
        Confirmation::TooMany { wait } => return Ok(Whole::TooMany { wait }),
    };
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    mandates::hold(&mut tx, row.id).await?;
    let Some((row, _)) = awaited(&mut tx, aidant, usager, now).await? else { return Ok(Whole::Closed) };
    let by = fresh.spend(FreshAct::ClosePrint, row.id.uuid())?;
    let act = kernel.chance.uuid(now);
    let (part, pages) = photographs(&mut tx, kernel, &row, (usager, by, act)).await?;
    if !store::close(&mut tx, row.id, by, &part.sha256, now).await? {
        return Ok(Whole::Closed);
    }
    papers::keep_for(&mut tx, kernel, usager, row.id, PaperKind::Photographs, &part.text).await?;
    store::confirm(&mut tx, row.id).await?;
    let resumed = resume(&mut tx, &row, now).await?;
    entries::print_closed(&mut tx, kernel, aidant, &about, (act, row.id, &part.hex(), pages, resumed)).await?;
    // From now on it gives its powers: the one before it gives way.
    let newer = Newer { act, mandate: row.id, structure: row.structure, ends_at: row.ends_at.unwrap_or(now) };
    let over = succession::replace(&mut tx, context, aidant, &about, newer).await?;
    for older in &over {
        access_back::close_screens(&mut tx, context, (*older, None), &about).await?;
    }
    if !over.is_empty() {
        ending::tell(&mut tx, context, usager, &succession::text(context, aidant)).await?;
    }
    tx.commit().await?;
    Ok(Whole::Confirmed)
}

/// A mandate suspended for want of its print goes on, unless something else holds it too.
async fn resume(tx: &mut Tx, row: &MandateRow, now: Timestamp) -> Result<bool, Failure> {
    if teams::hold_cause(tx, row.id).await?.is_some() {
        return Ok(false);
    }
    let state: State = row.state.parse()?;
    match transition(state, Happening::Resume) {
        Ok(to) => mandates::move_to(tx, row.id, state.as_str(), to.as_str(), now).await,
        Err(_) => Ok(false),
    }
}

async fn photographs(
    tx: &mut Tx,
    kernel: &Kernel,
    row: &MandateRow,
    (usager, by, act): (UsagerId, StaffId, Uuid),
) -> Result<(Closed, i64), Failure> {
    let part_b = papers::read_for(tx, kernel, usager, row.id, PaperKind::Sealing).await?;
    let rows = store::pages(tx, row.id).await?;
    let pages = i64::try_from(rows.len())?;
    let photograph = |page: store::PageRow| Photograph {
        sha256: HEXLOWER.encode(page.sha256.as_deref().unwrap_or_default()),
        media: page.media.unwrap_or_default(),
        bytes: page.size,
    };
    let part = Closed::of(&Photographs {
        v: 1,
        mandate: row.id,
        evidence_a_sha256: HEXLOWER.encode(row.evidence_sha256.as_deref().unwrap_or_default()),
        evidence_b_sha256: part_b.map(|text| HEXLOWER.encode(&sha256(&text))),
        pages: rows.into_iter().map(photograph).collect(),
        original: "structure",
        closed: Confirmed::by_code(by, kernel.now()),
        journal: InJournal { log: Log::Structure(row.structure.uuid()).name(), act },
    })?;
    Ok((part, pages))
}

/// Forgets what broke on its way and what was removed, a day after.
pub(crate) async fn tidy(context: &Mandates) -> Result<(), Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    for (page,) in store::find_useless(&mut tx, kernel.now().minus(USELESS)).await? {
        store::forget(&mut tx, page).await?;
    }
    tx.commit().await
}
