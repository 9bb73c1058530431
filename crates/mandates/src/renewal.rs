//! A new mandate for someone whom the structure helps, or helped: to go on, or to change what is allowed. They read and sign anew.
//!
//! Who they are and their address are known, and their phone is the one of their account: nothing of it is typed. What stands stays as it
//! is until the new mandate gives its powers (see `succession`).

use maincourante_identity::{Person, UsagerId, birth_date, find_person, verified_phone};
use maincourante_journal::Event;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::{Failure, Kernel, Tx};

use crate::draft::{Draft, Duration, IdentityCheck, KnownFields, PersonDraft, Problems, Terms};
use crate::entries::{self, About};
use crate::papers::{self, PaperKind};
use crate::store::mandates::{self as store, MandateRow};
use crate::whom::{Account, Whom};
use crate::{MandateId, Mandates, SignedInAidant, State, StructureId, prepare, signature, succession};

/// Why no new mandate can be prepared from the record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotNow {
    /// A dispute holds the mandate: a référent lets it go on first.
    Disputed,
    /// A référent recorded that the person died, or is under tutelle. If it is a mistake, the person shows that the account is theirs.
    Ended,
    /// Their account is closed to everyone for now.
    Disabled,
    /// The structure may propose nothing to someone who has an account.
    NothingToPropose,
}

/// A person for whom a new mandate is wanted.
pub struct Case {
    /// Who.
    pub person: Person,
    /// Whether their account has a phone: the code that signs goes there.
    pub has_phone: bool,
    /// A mandate of theirs is in preparation already.
    pub in_hand: Option<MandateId>,
    /// Why none can be prepared.
    pub not_now: Option<NotNow>,
}

/// What the page that begins one shows: no more than the record, from which one comes, so it leaves no entry.
pub async fn case(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Option<Case>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Some((row, person)) = known(&mut tx, kernel, aidant, usager).await? else { return Ok(None) };
    Ok(Some(Case {
        has_phone: verified_phone(&mut tx, kernel, usager).await?.is_some(),
        in_hand: in_preparation(&mut tx, kernel, usager, aidant.structure().id).await?,
        not_now: not_now(&mut tx, kernel, aidant, &row, &person).await?,
        person,
    }))
}

/// What beginning gave.
pub enum Begin {
    /// It is in preparation; or was already.
    Begun(MandateId),
    /// To correct, field by field.
    Wrong(Problems),
    /// Not now.
    NotNow(NotNow),
    /// The structure never had a mandate of this person.
    Unknown,
}

/// Begins a mandate that comes after the one that the structure has, or had, with this person. `id` is the mark of the form.
pub async fn begin_as(
    context: &Mandates,
    aidant: &SignedInAidant,
    usager: UsagerId,
    id: MandateId,
    fields: &KnownFields,
) -> Result<Begin, Failure> {
    let kernel = &context.identity.kernel;
    let structure = aidant.structure().id;
    let mut tx = kernel.db.write().await?;
    let Some((row, person)) = known(&mut tx, kernel, aidant, usager).await? else { return Ok(Begin::Unknown) };
    if let Some(id) = in_preparation(&mut tx, kernel, usager, structure).await? {
        return Ok(Begin::Begun(id));
    }
    if let Some(why) = not_now(&mut tx, kernel, aidant, &row, &person).await? {
        return Ok(Begin::NotNow(why));
    }
    let check = match fields.parse() {
        Ok(check) => check,
        Err(problems) => return Ok(Begin::Wrong(problems)),
    };
    let mut draft = draft_of(&mut tx, kernel, &person, structure).await?;
    if let Some(known) = &mut draft.person {
        known.identity_check = check;
        draft.unchecked = false;
    }
    draft.terms = Some(terms_of(&mut tx, aidant, &row).await?);
    if !store::insert(&mut tx, id, structure, aidant.id(), &prepare::seal(kernel, id, &draft)?, kernel.now()).await? {
        return Ok(Begin::Unknown);
    }
    let about = About { usager, name: &person.name() };
    entries::preparation(&mut tx, kernel, Event::MandateDrafted, aidant, id, &about).await?;
    tx.commit().await?;
    Ok(Begin::Begun(id))
}

async fn known(tx: &mut Tx, kernel: &Kernel, aidant: &SignedInAidant, usager: UsagerId) -> Result<Option<(MandateRow, Person)>, Failure> {
    let Some(row) = store::find_current(tx, usager, aidant.structure().id, kernel.now()).await? else { return Ok(None) };
    Ok(find_person(tx, usager).await?.map(|person| (row, person)))
}

async fn not_now(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    row: &MandateRow,
    person: &Person,
) -> Result<Option<NotNow>, Failure> {
    if person.disabled_at.is_some() {
        return Ok(Some(NotNow::Disabled));
    }
    if matches!(row.state.parse()?, State::EndedDeath | State::EndedProtection) {
        return Ok(Some(NotNow::Ended));
    }
    if succession::is_disputed(tx, person.id, row.structure, kernel.now()).await? {
        return Ok(Some(NotNow::Disputed));
    }
    Ok(Account::Open.offered(&aidant.structure().offered).is_empty().then_some(NotNow::NothingToPropose))
}

/// A mandate of this person that the structure prepares already: two at once would have them sign twice for the same.
async fn in_preparation(tx: &mut Tx, kernel: &Kernel, usager: UsagerId, structure: StructureId) -> Result<Option<MandateId>, Failure> {
    for row in store::find_unfinished(tx, structure).await? {
        let Some(sealed) = &row.draft else { continue };
        if prepare::unseal(kernel, row.id, sealed)?.whom == Some(Whom::Existing { existing: usager }) {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

/// What is known of someone who has an account, as a draft says it. How their identity was checked is to be said anew.
pub(crate) async fn draft_of(tx: &mut Tx, kernel: &Kernel, person: &Person, structure: StructureId) -> Result<Draft, Failure> {
    let born = birth_date(tx, person.id).await?.ok_or_else(|| Failure::new("an account without a birth date"))?;
    let before = store::find_current(tx, person.id, structure, kernel.now()).await?;
    let birthplace = match before {
        Some(row) => birthplace(tx, kernel, person.id, row.id).await?,
        None => None,
    };
    let phone = verified_phone(tx, kernel, person.id).await?.map(|phone| phone.number.e164().to_owned());
    Ok(Draft {
        whom: Some(Whom::Existing { existing: person.id }),
        person: Some(PersonDraft {
            given_names: person.given_names.clone(),
            family_name: person.family_name.clone(),
            birth_date: born.iso(),
            birthplace,
            phone,
            identity_check: IdentityCheck::KnownPerson,
        }),
        address: Some(person.address.clone()),
        unchecked: true,
        ..Draft::default()
    })
}

/// The birthplace that the person gave to this structure: the account does not keep it.
async fn birthplace(tx: &mut Tx, kernel: &Kernel, usager: UsagerId, mandate: MandateId) -> Result<Option<String>, Failure> {
    let Some(data) = papers::read_for(tx, kernel, usager, mandate, PaperKind::Data).await? else { return Ok(None) };
    Ok(serde_json::from_slice::<maincourante_paper::MandateDocument>(&data)?.person.birthplace)
}

/// What the last mandate still allows, for as long as it did.
async fn terms_of(tx: &mut Tx, aidant: &SignedInAidant, row: &MandateRow) -> Result<Terms, Failure> {
    let offered = Account::Open.offered(&aidant.structure().offered);
    let mut powers = succession::lasting_powers(tx, row.id).await?;
    powers.retain(|power| offered.contains(power));
    let first = Date::at(row.presented_at.unwrap_or(row.begun_at));
    Ok(Terms { powers, duration: Duration::between(first, signature::last_day(row)?) })
}

/// The number of the mandate that a new one comes after, as its document says: the one that counts, unless it was ended by someone.
pub(crate) async fn follows(tx: &mut Tx, kernel: &Kernel, usager: UsagerId, structure: StructureId) -> Result<Option<String>, Failure> {
    let before = store::find_current(tx, usager, structure, kernel.now()).await?;
    let Some(row) = before else { return Ok(None) };
    let goes_on = matches!(row.state.parse()?, State::Active | State::Suspended | State::Expired);
    Ok(row.number.filter(|_| goes_on))
}
