//! Structures: opened by the operator, with a SIRET that its own key checks.

use maincourante_identity::{StaffId, staff_name};
use maincourante_journal::{self as journal, Actor, Channel, Entry, Event, Log};
use maincourante_kernel::{Failure, Tx};

use crate::aidants::MemberRole;
use crate::store::structures::{self as store, StructureRow};
use crate::{Mandates, Power, StructureId, entries, holds};

/// A structure.
#[derive(Clone)]
pub struct Structure {
    /// Its identity.
    pub id: StructureId,
    /// Its name.
    pub name: String,
    /// Its SIRET, fourteen digits.
    pub siret: String,
    /// Its postal address, on one line.
    pub postal_address: String,
    /// Whom the person calls.
    pub phone: String,
    /// When someone answers.
    pub opening_hours: String,
    /// The powers that its aidants may propose.
    pub offered: Vec<Power>,
}

impl Structure {
    pub(crate) fn from_row(row: StructureRow) -> Result<Self, Failure> {
        let offered = row.powers.split(',').map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self {
            id: row.id,
            name: row.name,
            siret: row.siret,
            postal_address: row.postal_address,
            phone: row.phone,
            opening_hours: row.opening_hours,
            offered,
        })
    }
}

/// A structure to open.
pub struct NewStructure {
    /// Its name.
    pub name: String,
    /// Its SIRET, with or without spaces.
    pub siret: String,
    /// Its postal address, on one line.
    pub postal_address: String,
    /// Whom the person calls.
    pub phone: String,
    /// When someone answers: `du lundi au vendredi, de 9 h à 17 h`.
    pub opening_hours: String,
}

/// What opening gave.
#[derive(Debug)]
pub enum Opening {
    /// It is open.
    Opened(StructureId),
    /// The SIRET's key is wrong, or it has not fourteen digits.
    BadSiret,
    /// This part, printed on every mandate, is empty, too long, or is not what it says.
    Bad(Part),
    /// A structure has this SIRET already.
    AlreadyThere(StructureId),
}

/// What is printed of a structure on its mandates and shown to whoever needs help.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Its name.
    Name,
    /// Its postal address.
    Address,
    /// Whom the person calls.
    Phone,
    /// When someone answers.
    Hours,
}

impl NewStructure {
    fn bad_part(&self) -> Option<Part> {
        const LONGEST: usize = 120;
        let text = |part, text: &str| (text.trim().is_empty() || text.chars().count() > LONGEST || text.contains('\n')).then_some(part);
        // Short numbers and those of services (08…) are called too: digits, and what people put between them.
        let digits = self.phone.chars().filter(char::is_ascii_digit).count();
        let spoken = self.phone.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+.-()".contains(c));
        text(Part::Name, &self.name)
            .or(text(Part::Address, &self.postal_address))
            .or((!spoken || !(4..=15).contains(&digits)).then_some(Part::Phone))
            .or(text(Part::Hours, &self.opening_hours))
    }
}

/// Opens a structure, from the command line of the operator.
pub async fn open(context: &Mandates, new: &NewStructure) -> Result<Opening, Failure> {
    let kernel = &context.identity.kernel;
    let Some(siret) = checked_siret(&new.siret) else { return Ok(Opening::BadSiret) };
    if let Some(part) = new.bad_part() {
        return Ok(Opening::Bad(part));
    }
    let now = kernel.now();
    let row = StructureRow {
        id: StructureId::new(&kernel.chance, now),
        name: new.name.trim().to_owned(),
        siret,
        postal_address: new.postal_address.trim().to_owned(),
        phone: new.phone.trim().to_owned(),
        opening_hours: new.opening_hours.trim().to_owned(),
        powers: Power::ALL.map(Power::as_str).join(","),
    };
    let mut tx = kernel.db.write().await?;
    if !store::insert(&mut tx, &row, now).await? {
        let there = store::find_by_siret(&mut tx, &row.siret).await?.ok_or_else(|| Failure::new("a closed structure has this SIRET"))?;
        return Ok(Opening::AlreadyThere(there.id));
    }
    entries::structure_opened(&mut tx, kernel, row.id, &row.name).await?;
    tx.commit().await?;
    Ok(Opening::Opened(row.id))
}

/// Makes a staff member an aidant or the référent of a structure.
pub async fn add_member(
    tx: &mut Tx,
    context: &Mandates,
    structure: StructureId,
    staff: StaffId,
    role: MemberRole,
    channel: Channel,
) -> Result<(), Failure> {
    give_place(tx, context, structure, staff, role).await?;
    let staff = named(tx, staff).await?;
    entries::aidant_activated(tx, &context.identity.kernel, structure, staff, channel).await
}

async fn named(tx: &mut Tx, staff: StaffId) -> Result<(StaffId, String), Failure> {
    Ok((staff, staff_name(tx, staff).await?.unwrap_or_default()))
}

/// The same, told by the caller.
pub(crate) async fn give_place(
    tx: &mut Tx,
    context: &Mandates,
    structure: StructureId,
    staff: StaffId,
    role: MemberRole,
) -> Result<(), Failure> {
    store::add_member(tx, structure, staff, role.as_str(), context.identity.kernel.now()).await
}

/// Ends a staff member's place in a structure, told by the caller. False when they had none.
pub(crate) async fn end_place(tx: &mut Tx, context: &Mandates, structure: StructureId, staff: StaffId) -> Result<bool, Failure> {
    store::end_member(tx, structure, staff, context.identity.kernel.now()).await
}

/// Ends a staff member's place in a structure: felt at their next request, and by the screens they lent. False when they had none.
pub async fn remove_member(
    tx: &mut Tx,
    context: &Mandates,
    structure: StructureId,
    staff: StaffId,
    channel: Channel,
) -> Result<bool, Failure> {
    if !end_place(tx, context, structure, staff).await? {
        return Ok(false);
    }
    let staff = named(tx, staff).await?;
    entries::aidant_removed(tx, &context.identity.kernel, structure, staff, channel).await?;
    Ok(true)
}

/// What closing something, or opening it again, gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// It is done, and written down.
    Done,
    /// It was so already.
    Already,
    /// There is no such thing.
    Unknown,
}

/// Suspends a structure, from the command line of the operator: at their next request, none of its team acts for it.
/// Its mandates are held, each with its line, until it is resumed.
pub async fn suspend(context: &Mandates, siret: &str) -> Result<Change, Failure> {
    let change =
        change(context, siret, Event::StructureSuspended, async |tx, id| store::suspend(tx, id, context.identity.kernel.now()).await);
    let change = change.await?;
    holds::follow(context).await?;
    Ok(change)
}

/// Opens a suspended structure again, and gives its mandates their powers back.
pub async fn resume(context: &Mandates, siret: &str) -> Result<Change, Failure> {
    let change = change(context, siret, Event::StructureOpened, async |tx, id| store::resume(tx, id).await).await?;
    holds::follow(context).await?;
    Ok(change)
}

async fn change(
    context: &Mandates,
    siret: &str,
    event: Event,
    write: impl AsyncFnOnce(&mut Tx, StructureId) -> Result<bool, Failure>,
) -> Result<Change, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(structure) = find_by_siret(&mut tx, siret).await? else { return Ok(Change::Unknown) };
    if !write(&mut tx, structure.id).await? {
        return Ok(Change::Already);
    }
    let entry = Entry::new(kernel.chance.uuid(kernel.now()), event, Actor::System)
        .through(Channel::Cli)
        .in_structure_named(structure.id, &structure.name);
    journal::append_to(&mut tx, kernel, &[Log::Service, Log::Structure(structure.id.uuid())], entry).await?;
    tx.commit().await?;
    Ok(Change::Done)
}

/// A structure that is not closed.
pub async fn find(tx: &mut Tx, id: StructureId) -> Result<Option<Structure>, Failure> {
    store::find(tx, id).await?.map(Structure::from_row).transpose()
}

/// A structure neither suspended nor closed.
pub(crate) async fn find_open(tx: &mut Tx, id: StructureId) -> Result<Option<Structure>, Failure> {
    if store::is_suspended(tx, id).await? {
        return Ok(None);
    }
    find(tx, id).await
}

/// A structure by its SIRET, with or without spaces.
pub async fn find_by_siret(tx: &mut Tx, siret: &str) -> Result<Option<Structure>, Failure> {
    match checked_siret(siret) {
        Some(siret) => store::find_by_siret(tx, &siret).await?.map(Structure::from_row).transpose(),
        None => Ok(None),
    }
}

/// Fourteen digits whose Luhn sum is a multiple of ten (INSEE). La Poste's establishments are numbered otherwise:
/// the sum of their digits is a multiple of five.
fn checked_siret(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 14 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let values = || digits.bytes().map(|b| u32::from(b - b'0'));
    let luhn: u32 = values().rev().enumerate().map(|(i, d)| if i % 2 == 1 { d * 2 / 10 + d * 2 % 10 } else { d }).sum();
    let la_poste = digits.starts_with("356000000") && values().sum::<u32>().is_multiple_of(5);
    (luhn.is_multiple_of(10) || la_poste).then_some(digits)
}

#[cfg(test)]
mod tests {
    use maincourante_identity::{StaffAt, sessions};
    use maincourante_kernel::Secret;
    use maincourante_kernel::testing::kernels;

    use super::*;
    use crate::acting::{Acting, acting};
    use crate::aidants;
    use crate::testing::World;

    #[tokio::test]
    async fn a_structure_is_printable_before_it_is_open() {
        for kernel in kernels().await {
            let world = World::new(kernel).await;
            let good = || NewStructure {
                name: "Maison France Services".into(),
                siret: "73282932000074".into(),
                postal_address: "1 rue Basse".into(),
                phone: "3939".into(),
                opening_hours: "le mardi".into(),
            };
            for (part, new) in [
                (Part::Name, NewStructure { name: "  ".into(), ..good() }),
                (Part::Address, NewStructure { postal_address: "1 rue Basse\n40000".into(), ..good() }),
                (Part::Phone, NewStructure { phone: "voir l’affiche".into(), ..good() }),
                (Part::Phone, NewStructure { phone: "12".into(), ..good() }),
                (Part::Hours, NewStructure { opening_hours: "x".repeat(121), ..good() }),
            ] {
                assert!(matches!(open(&world.context, &new).await.unwrap(), Opening::Bad(bad) if bad == part), "{part:?}");
            }
            assert!(matches!(open(&world.context, &good()).await.unwrap(), Opening::Opened(_)));
        }
    }

    const CCAS: &str = "264 000 123 00010";

    /// What someone signed in with this cookie is at their next request.
    async fn state(world: &World, cookie: &Secret<String>) -> &'static str {
        match sessions::staff(world.kernel(), cookie).await.unwrap() {
            StaffAt::Here(staff) => match acting(&world.context, staff).await.unwrap() {
                Acting::For(_) => "at work",
                Acting::NoStructure(_) => "for nobody",
                Acting::CharterFirst(_) => "at the charter",
            },
            StaffAt::Lent(_) | StaffAt::Nowhere => "signed out",
        }
    }

    #[tokio::test]
    async fn a_suspended_structure_has_no_aidant_at_work_until_it_is_open_again() {
        for test in kernels().await {
            let world = World::new(test).await;
            let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
            assert_eq!(state(&world, &nadia.cookie).await, "at work");
            assert_eq!(suspend(&world.context, CCAS).await.unwrap(), Change::Done);
            assert_eq!(suspend(&world.context, CCAS).await.unwrap(), Change::Already);
            assert_eq!(state(&world, &nadia.cookie).await, "for nobody", "the session that is open feels it");
            assert_eq!(resume(&world.context, CCAS).await.unwrap(), Change::Done);
            assert_eq!(state(&world, &nadia.cookie).await, "at work");
            assert_eq!(suspend(&world.context, "73282932000074").await.unwrap(), Change::Unknown);
            assert_eq!(suspend(&world.context, "a typo").await.unwrap(), Change::Unknown);
            assert_eq!(told(&world, Event::StructureSuspended).await, 1, "{}", world.engine);
        }
    }

    #[tokio::test]
    async fn an_access_that_is_closed_ends_every_session_and_is_told() {
        for test in kernels().await {
            let world = World::new(test).await;
            let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
            let elsewhere = world.worker("Hélène Vasseur", "helene@ccas-vaudorme.fr", MemberRole::Referent).await;
            assert_eq!(aidants::close_access(&world.context, "nadia@ccas.example").await.unwrap(), Change::Unknown);
            assert_eq!(aidants::close_access(&world.context, " Nadia@ccas-vaudorme.fr").await.unwrap(), Change::Done);
            assert_eq!(state(&world, &nadia.cookie).await, "signed out", "{}", world.engine);
            assert_eq!(state(&world, &elsewhere.cookie).await, "at work", "others are not concerned");
            assert_eq!(aidants::close_access(&world.context, "nadia@ccas-vaudorme.fr").await.unwrap(), Change::Already);
            assert_eq!(told(&world, Event::AidantSuspended).await, 1);

            let before = told(&world, Event::AidantActivated).await;
            assert_eq!(aidants::reopen_access(&world.context, "nadia@ccas-vaudorme.fr").await.unwrap(), Change::Done);
            assert_eq!(aidants::reopen_access(&world.context, "nadia@ccas-vaudorme.fr").await.unwrap(), Change::Already);
            assert_eq!(state(&world, &nadia.cookie).await, "signed out", "an old session does not come back");
            assert_eq!(told(&world, Event::AidantActivated).await, before + 1);
        }
    }

    /// How many times the journal of the structure tells this.
    async fn told(world: &World, event: Event) -> usize {
        world.journal().await.iter().filter(|record| record.event == event).count()
    }

    #[test]
    fn a_siret_is_checked_by_its_key() {
        for good in ["264 000 123 00010", "73282932000074", "35600000000048"] {
            assert!(checked_siret(good).is_some(), "{good}");
        }
        for bad in ["73282932000075", "7328293200007", "", "abcdefghijklmn", "264 000 123 00011"] {
            assert!(checked_siret(bad).is_none(), "{bad}");
        }
    }
}
