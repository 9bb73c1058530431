//! The people a structure helps: the list, and the record of one, with what is possible and why not.

use maincourante_identity::{Person, StaffId, UsagerId, find_person, sheet, verified_phone};
use maincourante_journal::Event;
use maincourante_kernel::{Failure, Timestamp, Tx};

use crate::access::{self, Refusal};
use crate::entries::{self, About};
use crate::prints::{self, Wait};
use crate::store::mandates::{self as store, MandateRow};
use crate::{MandateId, Mandates, Power, SignedInAidant, State, prepare};

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
    /// When it was begun.
    pub begun_at: Timestamp,
}

/// What an aidant sees first.
pub struct People {
    /// In preparation.
    pub unfinished: Vec<Unfinished>,
    /// The people of the structure, the latest first.
    pub known: Vec<Known>,
}

/// The people of the aidant's structure, those whose name or address holds `words` when some are given.
pub async fn list(context: &Mandates, aidant: &SignedInAidant, words: &str) -> Result<People, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let wanted = fold(words);
    let mut people = People { unfinished: Vec::new(), known: Vec::new() };
    let mut seen = std::collections::HashSet::new();
    for row in store::find_of_structure(&mut tx, aidant.structure().id).await? {
        match row.usager {
            Some(usager) if seen.insert(usager) => {
                let Some(person) = find_person(&mut tx, usager).await? else { continue };
                if fold(&format!("{} {}", person.name(), person.address)).contains(&wanted) {
                    let standing = standing(&mut tx, &row, kernel.now()).await?;
                    people.known.push(Known { person, standing });
                }
            }
            Some(_) => {}
            None => {
                let name = match &row.draft {
                    Some(sealed) => prepare::unseal(kernel, row.id, sealed)?.person.map(|person| person.name()).unwrap_or_default(),
                    None => String::new(),
                };
                if fold(&name).contains(&wanted) {
                    people.unfinished.push(Unfinished { mandate: row.id, name, state: row.state.parse()?, begun_at: row.begun_at });
                }
            }
        }
    }
    Ok(people)
}

/// Without accents nor capitals, so that "helene" finds "Hélène".
fn fold(text: &str) -> String {
    deunicode::deunicode(text.trim()).to_lowercase()
}

async fn standing(tx: &mut Tx, row: &MandateRow, now: Timestamp) -> Result<Standing, Failure> {
    Ok(match access::standing(tx, row, Power::CreateAccount, now).await? {
        Some(refusal) => Standing::Closed(refusal),
        None => match (row.provisional_until, row.ends_at) {
            (Some(until), _) => Standing::Provisional { until },
            (None, end) => Standing::Valid { until: end.unwrap_or(now) },
        },
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
    /// Whether the mandate waits for a print signed by hand.
    pub print: Wait,
    /// Whether they have a code of their recovery sheet left.
    pub has_sheet: bool,
    /// Each power: usable, or why not.
    pub powers: Vec<(Power, Option<Refusal>)>,
}

/// The name of a person of the aidant's structure: no more than the list says, so it leaves no entry.
pub async fn name(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Option<String>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    if store::find_last_with(&mut tx, usager, aidant.structure().id).await?.is_none() {
        return Ok(None);
    }
    Ok(find_person(&mut tx, usager).await?.map(|person| person.name()))
}

/// Opens the record of a person; it leaves a journal entry that they can read.
pub async fn record(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Option<Record>, Failure> {
    let kernel = &context.identity.kernel;
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let Some(row) = store::find_last_with(&mut tx, usager, aidant.structure().id).await? else { return Ok(None) };
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(None) };
    let mut powers = Vec::new();
    for power in Power::ALL {
        powers.push((power, access::standing(&mut tx, &row, power, now).await?));
    }
    let record = Record {
        phone_end: verified_phone(&mut tx, kernel, usager).await?.map(|phone| phone.number.last_digits().to_owned()),
        standing: standing(&mut tx, &row, now).await?,
        activated_at: row.activated_at.unwrap_or(row.begun_at),
        aidant: row.countersigned_by.unwrap_or(row.aidant),
        print: prints::wait(&mut tx, &row).await?,
        has_sheet: sheet::has_one(&mut tx, usager).await?,
        powers,
        person,
    };
    entries::viewed(&mut tx, kernel, aidant, Event::RecordViewed, &About { usager, name: &record.person.name() }, "record").await?;
    tx.commit().await?;
    Ok(Some(record))
}
