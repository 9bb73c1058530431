//! A référent writes that a mandate is over: the person died, a judge gave them a tutor, or the structure gives it up (French civil code,
//! articles 2003 and 2007).
//!
//! It ends the mandate with this structure and nothing else: the account, its messages, and what other structures do are not theirs to end.

use maincourante_identity::{Confirmation, FreshAct, Person, UsagerId, find_person, verified_phone};
use maincourante_kernel::calendar::Date;
use maincourante_kernel::clock::Span;
use maincourante_kernel::{Failure, Secret, Tx};
use maincourante_sms as sms;

use crate::confirmed::confirm_about;
use crate::entries::{self, About, Ended};
use crate::store::mandates::{self as store, MandateRow};
use crate::{Happening, Mandates, SignedInAidant, SignedInReferent, State, access_back, remark, store::teams, succession, transition};

/// Why a mandate ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The person died.
    Death,
    /// A judge gave them a tutor.
    Protection,
    /// The structure gives it up.
    Renounced,
}

impl End {
    /// Its name in addresses of words and in the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Death => "death",
            Self::Protection => "tutelle",
            Self::Renounced => "renounced",
        }
    }

    /// Whether the day it happened is asked for.
    pub fn asks_for_day(self) -> bool {
        self == Self::Death
    }

    fn happening(self) -> Happening {
        match self {
            Self::Death => Happening::RecordDeath,
            Self::Protection => Happening::RecordProtection,
            Self::Renounced => Happening::Renounce,
        }
    }
}

/// What a référent types.
#[derive(Clone, Default)]
pub struct Typed {
    /// The day of the death.
    pub day: String,
    /// What they know it by, or why.
    pub note: String,
    /// A time-based code of theirs.
    pub code: Secret<String>,
}

/// What is to be corrected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// No day.
    NoDay,
    /// Not a day.
    NotADay,
    /// A day to come, or before the person signed.
    DayOutOfRange,
    /// Nothing is written.
    NoNote,
    /// It is too long.
    TooLong,
}

/// What is to be corrected, field by field.
pub type Problems = Vec<(&'static str, Wrong)>;

/// What recording an end gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It is over: the aidants' next request finds it so.
    Ended,
    /// It was over before.
    AlreadyOver,
    /// To correct, field by field.
    Problems(Problems),
    /// Not a code of now, or one already used.
    WrongCode,
    /// Too many tries.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
    /// The structure never had a mandate of this person.
    Unknown,
}

/// The person, and whether their mandate can still end.
pub struct Case {
    /// `Josette Lambert`.
    pub name: String,
    /// It can: it is in force or held.
    pub lives: bool,
}

/// What the page that asks shows. Nothing more than the list of people says: it leaves no entry.
pub async fn case(context: &Mandates, referent: &SignedInReferent<'_>, usager: UsagerId) -> Result<Option<Case>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let Some((row, person)) = find(&mut tx, context, referent.aidant(), usager).await? else { return Ok(None) };
    Ok(Some(Case { name: person.name(), lives: matches!(row.state.parse()?, State::Active | State::Suspended) }))
}

pub(crate) async fn find(
    tx: &mut Tx,
    context: &Mandates,
    aidant: &SignedInAidant,
    usager: UsagerId,
) -> Result<Option<(MandateRow, Person)>, Failure> {
    let now = context.identity.kernel.now();
    let Some(row) = store::find_current(tx, usager, aidant.structure().id, now).await? else { return Ok(None) };
    Ok(find_person(tx, usager).await?.map(|person| (row, person)))
}

/// What is written of why, or what to correct.
pub(crate) fn note(typed: &str) -> Result<String, Wrong> {
    match remark::parse(typed) {
        Ok(Some(note)) => Ok(note),
        Ok(None) => Err(Wrong::NoNote),
        Err(remark::TooLong) => Err(Wrong::TooLong),
    }
}

fn day(typed: &str, row: &MandateRow, today: Date) -> Result<Date, Wrong> {
    if typed.trim().is_empty() {
        return Err(Wrong::NoDay);
    }
    let day = Date::parse(typed.trim()).ok_or(Wrong::NotADay)?;
    let signed = Date::at(row.activated_at.unwrap_or(row.begun_at));
    if (signed..=today).contains(&day) { Ok(day) } else { Err(Wrong::DayOutOfRange) }
}

fn read(end: End, typed: &Typed, row: &MandateRow, today: Date) -> Result<(Option<Date>, String), Problems> {
    let mut problems = Vec::new();
    let day = end.asks_for_day().then(|| day(&typed.day, row, today)).transpose().map_err(|wrong| problems.push(("day", wrong)));
    let note = note(&typed.note).map_err(|wrong| problems.push(("note", wrong)));
    match (day, note) {
        (Ok(day), Ok(note)) => Ok((day, note)),
        _ => Err(problems),
    }
}

/// Records the end of the mandate of a person with the référent's structure.
pub async fn end(
    context: &Mandates,
    referent: &SignedInReferent<'_>,
    usager: UsagerId,
    end: End,
    typed: &Typed,
) -> Result<Ending, Failure> {
    let (kernel, aidant) = (&context.identity.kernel, referent.aidant());
    let mut tx = kernel.db.read().await?;
    let Some((row, person)) = find(&mut tx, context, aidant, usager).await? else { return Ok(Ending::Unknown) };
    drop(tx);
    if transition(row.state.parse()?, end.happening()).is_err() {
        return Ok(Ending::AlreadyOver);
    }
    let (day, note) = match read(end, typed, &row, Date::at(kernel.now())) {
        Ok(read) => read,
        Err(problems) => return Ok(Ending::Problems(problems)),
    };
    let about = About { usager, name: &person.name() };
    let fresh = match confirm_about(context, aidant, (FreshAct::EndMandate, row.id.uuid()), &about, &typed.code).await? {
        Confirmation::Given(fresh) => fresh,
        Confirmation::Wrong => return Ok(Ending::WrongCode),
        Confirmation::TooMany { wait } => return Ok(Ending::TooMany { wait }),
    };
    let mut tx = kernel.db.write().await?;
    // What was begun under it waits for this, or this for it.
    store::hold(&mut tx, row.id).await?;
    let Some(row) = store::find(&mut tx, row.id).await? else { return Ok(Ending::Unknown) };
    fresh.spend(FreshAct::EndMandate, row.id.uuid())?;
    let day = day.map(Date::iso);
    // One that waits for its print ends with the one that is in force until then.
    let mut ended = false;
    for (row, _) in succession::living(&mut tx, usager, row.structure, kernel.now()).await? {
        let from: State = row.state.parse()?;
        let Ok(to) = transition(from, end.happening()) else { continue };
        if !store::move_to(&mut tx, row.id, from.as_str(), to.as_str(), kernel.now()).await? {
            continue;
        }
        ended = true;
        teams::end_hold(&mut tx, row.id).await?;
        entries::ended(&mut tx, kernel, aidant, &about, Ended { mandate: row.id, end, note: &note, day: day.as_deref() }).await?;
        access_back::close_screens(&mut tx, context, (row.id, None), &about).await?;
    }
    if !ended {
        return Ok(Ending::AlreadyOver);
    }
    if end != End::Death {
        // After a death nobody knows who holds the phone.
        let structure = aidant.structure();
        let text = sms::Text::MandateEnded { service: &context.identity.service.name, structure: &structure.name, phone: &structure.phone };
        tell(&mut tx, context, usager, &text).await?;
    }
    tx.commit().await?;
    Ok(Ending::Ended)
}

/// A text message to the person, if they have a phone.
pub(crate) async fn tell(tx: &mut Tx, context: &Mandates, usager: UsagerId, text: &sms::Text<'_>) -> Result<(), Failure> {
    let kernel = &context.identity.kernel;
    if let Some(phone) = verified_phone(tx, kernel, usager).await? {
        sms::queue(tx, kernel, &phone.number, text, Some(usager.uuid())).await?;
    }
    Ok(())
}
