//! The people a structure helps: the list, and the record of one, with what is possible and why not.

use std::collections::HashMap;

use maincourante_identity::{Person, StaffId, UsagerId, find_people, find_person, recovery_sheet, verified_phone};
use maincourante_journal::Event;
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};

use crate::access::{self, Refusal};
use crate::dispute::DISPUTE;
use crate::entries::{self, About};
use crate::first_secret;
use crate::prints::{self, Wait};
use crate::store::mandates::{self as store, MandateRow};
use crate::store::teams;
use crate::whom::Account;
use crate::{MandateId, Mandates, Power, SignedInAidant, State, StructureId, deletion, prepare};

/// Where the mandate of a person stands, in one word for a sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It gives its powers.
    Valid {
        /// The first instant after its last day.
        until: Timestamp,
    },
    /// It waits for its confirmation: creating the account only.
    Provisional {
        /// Until when.
        until: Timestamp,
    },
    /// It gives nothing: why.
    Closed(Refusal),
}

/// A person in the list.
pub struct Known {
    /// Who.
    pub person: Person,
    /// Their mandate.
    pub standing: Standing,
}

/// A mandate in preparation, in the list.
pub struct Unfinished {
    /// Which.
    pub mandate: MandateId,
    /// The person's name as written so far.
    pub name: String,
    /// Where it stands.
    pub state: State,
    /// Whether it is to open an account.
    pub account: Account,
    /// When it was begun.
    pub begun_at: Timestamp,
}

/// Which of the people of a structure are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Their name or address holds each of these words; everyone when there is none.
    pub words: &'a str,
    /// Which page, from 1.
    pub page: usize,
    /// Those whose mandate ends before this instant are told apart; on the first page of everyone.
    pub ending_before: Timestamp,
}

/// People on one page: what one reads without getting lost, and a page that stays light.
pub const PAGE: usize = 30;

/// What an aidant sees first.
pub struct People {
    /// In preparation; on the first page.
    pub unfinished: Vec<Unfinished>,
    /// A page of the people of the structure, the latest first.
    pub known: Vec<Known>,
    /// How many there are on all pages.
    pub count: usize,
    /// Those whose mandate ends soon, the first to end first.
    pub ending: Vec<Known>,
}

/// A page of the people of the aidant's structure. Looking for words leaves an entry; going on to its other pages does not.
pub async fn list(context: &Mandates, aidant: &SignedInAidant, asked: Asked<'_>) -> Result<People, Failure> {
    let kernel = &context.identity.kernel;
    let structure = aidant.structure().id;
    let wanted = folded_words(asked.words);
    let mut tx = kernel.db.read().await?;
    let all = everyone(&mut tx, structure, kernel.now()).await?;
    let found: Vec<&Last> = all.iter().filter(|last| holds(&last.person, &wanted)).collect();
    let shown: Vec<&Last> = found.iter().copied().skip((asked.page.max(1) - 1) * PAGE).take(PAGE).collect();
    let is_first = asked.page <= 1;
    let mut people = People {
        unfinished: if is_first { unfinished(&mut tx, kernel, structure, &wanted).await? } else { Vec::new() },
        known: standings(&mut tx, kernel.now(), &shown).await?,
        count: found.len(),
        ending: Vec::new(),
    };
    if is_first && wanted.is_empty() {
        let mut ending: Vec<&Last> =
            found.iter().copied().filter(|last| last.ends_at.is_some_and(|end| end <= asked.ending_before)).collect();
        ending.retain(|last| last.ends_at.is_some_and(|end| end > kernel.now()));
        ending.sort_by_key(|last| last.ends_at);
        ending.truncate(PAGE);
        people.ending = standings(&mut tx, kernel.now(), &ending).await?;
        people.ending.retain(|known| matches!(known.standing, Standing::Valid { .. }));
    }
    drop(tx);
    if is_first && !wanted.is_empty() {
        let names: Vec<(UsagerId, String)> = found.iter().map(|last| (last.person.id, last.person.name())).collect();
        // A word that half of the list holds looks for nobody.
        let told: &[(UsagerId, String)] = if names.len() <= LOOKED_FOR { &names } else { &[] };
        let told: Vec<About<'_>> = told.iter().map(|(usager, name)| About { usager: *usager, name }).collect();
        let mut tx = kernel.db.write().await?;
        entries::searched(&mut tx, kernel, aidant, &told).await?;
        tx.commit().await?;
    }
    Ok(people)
}

/// A search that finds at most so many looked for them: homonyms are each told that their name was looked for.
const LOOKED_FOR: usize = 3;

/// The people of a structure whose name or address holds each of these words, at most `most`, and how many there are. It leaves no entry: the
/// page that asks does.
pub async fn matching(context: &Mandates, aidant: &SignedInAidant, words: &str, most: usize) -> Result<(Vec<Person>, usize), Failure> {
    let wanted = folded_words(words);
    let mut tx = context.identity.kernel.db.read().await?;
    let mut found: Vec<Person> =
        everyone(&mut tx, aidant.structure().id, context.identity.kernel.now()).await?.into_iter().map(|last| last.person).collect();
    found.retain(|person| holds(person, &wanted));
    let count = found.len();
    found.truncate(most);
    Ok((found, count))
}

/// A person with the mandate of theirs that counts now.
struct Last {
    person: Person,
    mandate: MandateId,
    ends_at: Option<Timestamp>,
}

/// Two statements, however many they are: names are compared here, where accents can be left out.
async fn everyone(tx: &mut Tx, structure: StructureId, now: Timestamp) -> Result<Vec<Last>, Failure> {
    let rows = store::find_people(tx, structure, now).await?;
    let ids: Vec<UsagerId> = rows.iter().map(|(_, usager, _)| *usager).collect();
    let mut people: HashMap<UsagerId, Person> = find_people(tx, &ids).await?.into_iter().map(|person| (person.id, person)).collect();
    let last = |(mandate, usager, ends_at)| Some(Last { person: people.remove(&usager)?, mandate, ends_at });
    Ok(rows.into_iter().filter_map(last).collect())
}

async fn standings(tx: &mut Tx, now: Timestamp, people: &[&Last]) -> Result<Vec<Known>, Failure> {
    let ids: Vec<_> = people.iter().map(|last| last.mandate.uuid()).collect();
    let ids = serde_json::to_string(&ids)?;
    let rows: HashMap<MandateId, MandateRow> = store::find_these(tx, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let mut known = Vec::new();
    for last in people {
        let Some(row) = rows.get(&last.mandate) else { continue };
        known.push(Known { person: last.person.clone(), standing: standing(row, now)? });
    }
    Ok(known)
}

async fn unfinished(tx: &mut Tx, kernel: &Kernel, structure: StructureId, wanted: &[String]) -> Result<Vec<Unfinished>, Failure> {
    let mut unfinished = Vec::new();
    for row in store::find_unfinished(tx, structure).await? {
        let draft = row.draft.as_deref().map(|sealed| prepare::unseal(kernel, row.id, sealed)).transpose()?.unwrap_or_default();
        let account = draft.account();
        let name = draft.person.map(|person| person.name()).unwrap_or_default();
        let folded = fold(&name);
        if wanted.iter().all(|word| folded.contains(word.as_str())) {
            unfinished.push(Unfinished { mandate: row.id, name, state: row.state.parse()?, account, begun_at: row.begun_at });
        }
    }
    Ok(unfinished)
}

fn folded_words(words: &str) -> Vec<String> {
    words.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect()
}

fn holds(person: &Person, wanted: &[String]) -> bool {
    let folded = fold(&format!("{} {}", person.name(), person.address));
    wanted.iter().all(|word| folded.contains(word.as_str()))
}

/// Without accents nor capitals, so that "helene" finds "Hélène".
fn fold(text: &str) -> String {
    deunicode::deunicode(text.trim()).to_lowercase()
}

fn standing(row: &MandateRow, now: Timestamp) -> Result<Standing, Failure> {
    Ok(match (access::closed(row, now)?, row.provisional_until, row.ends_at) {
        (Some(refusal), _, _) => Standing::Closed(refusal),
        (None, Some(until), _) => Standing::Provisional { until },
        (None, None, end) => Standing::Valid { until: end.unwrap_or(now) },
    })
}

/// The record of a person, for the aidants of a structure that has, or had, a mandate of theirs.
pub struct Record {
    /// Who.
    pub person: Person,
    /// The last two digits of their phone.
    pub phone_end: Option<String>,
    /// Their mandate with this structure.
    pub standing: Standing,
    /// When it was signed and countersigned.
    pub activated_at: Timestamp,
    /// Who countersigned it.
    pub aidant: StaffId,
    /// Whether this mandate waits for a print signed by hand, or a newer one does.
    pub print: Wait,
    /// A newer mandate, which gives nothing before its print is there: until when it waits.
    pub newer_waits_until: Option<Timestamp>,
    /// The older mandates with this structure, the newest first.
    pub older: Vec<Older>,
    /// Whether they have a code of their recovery sheet left.
    pub has_sheet: bool,
    /// Whether it is held because of a dispute.
    pub is_disputed: bool,
    /// The power that choosing a secret demands now.
    pub to_choose: Power,
    /// Until when the account may be deleted, if it was opened by error.
    pub deletable_until: Option<Timestamp>,
    /// Each power: usable, or why not.
    pub powers: Vec<(Power, Option<Refusal>)>,
}

/// A mandate that another one came after.
pub struct Older {
    /// Which.
    pub mandate: MandateId,
    /// Its number.
    pub number: String,
    /// When it was signed by both.
    pub since: Timestamp,
}

async fn older(tx: &mut Tx, row: &MandateRow) -> Result<Vec<Older>, Failure> {
    let Some(usager) = row.usager else { return Ok(Vec::new()) };
    let others = store::find_all_with(tx, usager, row.structure).await?.into_iter().filter(|other| other.activated_at < row.activated_at);
    let told = |other: MandateRow| Older {
        mandate: other.id,
        since: other.activated_at.unwrap_or(other.begun_at),
        number: other.number.unwrap_or_default(),
    };
    Ok(others.map(told).collect())
}

/// The name of a person of the aidant's structure: no more than the list says, so it leaves no entry.
pub async fn name(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Option<String>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    if store::find_current(&mut tx, usager, aidant.structure().id, kernel.now()).await?.is_none() {
        return Ok(None);
    }
    Ok(find_person(&mut tx, usager).await?.map(|person| person.name()))
}

/// Opens the record of a person; it leaves a journal entry that they can read.
pub async fn record(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Option<Record>, Failure> {
    let kernel = &context.identity.kernel;
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let structure = aidant.structure().id;
    let Some(row) = store::find_current(&mut tx, usager, structure, now).await? else { return Ok(None) };
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(None) };
    let mut powers = Vec::new();
    for power in Power::ALL {
        powers.push((power, access::standing(&mut tx, &row, power, now).await?));
    }
    let newer = prints::waiting(&mut tx, usager, structure).await?.filter(|newer| newer.id != row.id);
    let record = Record {
        phone_end: verified_phone(&mut tx, kernel, usager).await?.map(|phone| phone.number.last_digits().to_owned()),
        standing: standing(&row, now)?,
        activated_at: row.activated_at.unwrap_or(row.begun_at),
        aidant: row.countersigned_by.unwrap_or(row.aidant),
        print: if newer.is_some() { Wait::Print } else { prints::wait(&mut tx, &row).await? },
        newer_waits_until: newer.and_then(|newer| newer.provisional_until),
        older: older(&mut tx, &row).await?,
        is_disputed: row.state == State::Suspended.as_str() && teams::hold_cause(&mut tx, row.id).await?.as_deref() == Some(DISPUTE),
        deletable_until: deletion::until(&mut tx, &row, &person, now).await?,
        has_sheet: recovery_sheet::has_one(&mut tx, usager).await?,
        to_choose: first_secret::power(&mut tx, &person, row.id).await?,
        powers,
        person,
    };
    entries::viewed(&mut tx, kernel, aidant, Event::RecordViewed, &About { usager, name: &record.person.name() }, "record").await?;
    tx.commit().await?;
    Ok(Some(record))
}
