//! On the lent screen: a code to the person's phone, then the secret that nobody else sees.
//!
//! The mandate is asked again at each step: stopped from elsewhere meanwhile, the screen is worth nothing.

use maincourante_identity::{
    self as identity, CodeAnswer, CodeSend, HandOver, Person, Purpose, SecretChoice, UsagerId, WeakPassword, find_person, judge,
    recovery_sheet, verified_phone,
};
use maincourante_journal::Event;
use maincourante_kernel::{Failure, Secret, Tx};
use maincourante_sms as sms;
use uuid::Uuid;

use crate::access;
use crate::entries::{self, About, Chosen};
use crate::store::mandates::{self as store, MandateRow};
use crate::{Mandates, Power, aidants, papers};

/// What the lent screen shows.
pub enum Look {
    /// A code is to be asked for or typed.
    Code {
        /// The person's name.
        name: String,
        /// The last two digits of their phone.
        phone_end: String,
    },
    /// Without a phone: a code of their recovery sheet is to be typed.
    Sheet {
        /// The person's name.
        name: String,
    },
    /// They proved who they are, or have nothing to do it with: the secret is to be chosen.
    Secret {
        /// The person's name.
        name: String,
        /// Their address, shown so that they know what they will type later.
        address: String,
    },
    /// The secret is chosen.
    Chosen {
        /// Their address.
        address: String,
    },
    /// Not to be chosen any more: the mandate ended, or the screen was taken back.
    Closed,
}

struct Case {
    person: Person,
    mandate: MandateRow,
    power: Power,
    act: Uuid,
}

/// What the lent screen shows now.
pub async fn look(context: &Mandates, screen: &HandOver) -> Result<Look, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    if screen.completed_at().is_some() {
        return Ok(match find_person(&mut tx, UsagerId::from(screen.subject())).await? {
            Some(person) => Look::Chosen { address: person.address },
            None => Look::Closed,
        });
    }
    let Some(case) = open(&mut tx, context, screen).await? else { return Ok(Look::Closed) };
    if screen.phone_proved_at().is_some() {
        return Ok(Look::Secret { name: case.person.name(), address: case.person.address });
    }
    Ok(match verified_phone(&mut tx, kernel, case.person.id).await? {
        Some(phone) => Look::Code { name: case.person.name(), phone_end: phone.number.last_digits().to_owned() },
        None if recovery_sheet::has_one(&mut tx, case.person.id).await? => Look::Sheet { name: case.person.name() },
        None if identity::has_nothing_to_prove(&mut tx, kernel, case.person.id).await? => {
            Look::Secret { name: case.person.name(), address: case.person.address }
        }
        None => Look::Closed,
    })
}

/// Sends the code; none when the screen is closed.
pub async fn send_code(context: &Mandates, screen: &HandOver) -> Result<Option<CodeSend>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(case) = open(&mut tx, context, screen).await? else { return Ok(None) };
    let Some(phone) = verified_phone(&mut tx, kernel, case.person.id).await? else { return Ok(None) };
    let structure = papers::structure_of(&mut tx, &case.mandate).await?;
    let send = identity::send_code(&mut tx, &context.identity, screen, &phone.number, &structure.name).await?;
    tx.commit().await?;
    Ok(Some(send))
}

/// What proves the person on a lent screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proof {
    /// The code that their phone received.
    Phone,
    /// A code of their recovery sheet, used up by this.
    Sheet,
}

/// Checks the code; none when the screen is closed. A wrong one leaves a line that the person and the structure read.
pub async fn prove(context: &Mandates, screen: &HandOver, code: &Secret<String>, by: Proof) -> Result<Option<CodeAnswer>, Failure> {
    let mut tx = context.identity.kernel.db.write().await?;
    let Some(case) = open(&mut tx, context, screen).await? else { return Ok(None) };
    let answer = match by {
        Proof::Phone => identity::prove_phone(&mut tx, &context.identity, screen, code).await?,
        Proof::Sheet => recovery_sheet::prove(&mut tx, &context.identity, screen, code).await?,
    };
    if !matches!(answer, CodeAnswer::Right { .. }) {
        let structure = papers::structure_of(&mut tx, &case.mandate).await?;
        let about = About { usager: case.person.id, name: &case.person.name() };
        let asked = (structure.id, structure.name.as_str(), case.mandate.id);
        entries::wrong_code(&mut tx, &context.identity.kernel, Event::AccessHandoverCompleted, asked, &about).await?;
    }
    tx.commit().await?;
    Ok(Some(answer))
}

/// What choosing gave.
pub enum Choose {
    /// Chosen: the address with which to sign in.
    Chosen {
        /// Whose.
        address: String,
    },
    /// Too weak.
    Weak(WeakPassword),
    /// The phone was not proved, or the screen is closed.
    Closed,
}

/// The person chooses their secret.
pub async fn choose(context: &Mandates, screen: &HandOver, secret: &Secret<String>) -> Result<Choose, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Some(case) = open(&mut tx, context, screen).await? else { return Ok(Choose::Closed) };
    drop(tx);
    if let Err(weak) = judge(secret, &[&case.person.given_names, &case.person.family_name, &case.person.address]) {
        return Ok(Choose::Weak(weak));
    }
    let phc = context.identity.hasher.hash(secret, &kernel.chance).await?;

    let mut tx = kernel.db.write().await?;
    // Whoever stops the mandate waits for this transaction, or this one sees that it is stopped.
    store::hold(&mut tx, case.mandate.id).await?;
    let Some(case) = open(&mut tx, context, screen).await? else { return Ok(Choose::Closed) };
    let SecretChoice::Chosen { sessions_ended } = identity::choose_secret(&mut tx, kernel, screen, &phc).await? else {
        return Ok(Choose::Closed);
    };
    let structure = papers::structure_of(&mut tx, &case.mandate).await?;
    let chosen = Chosen {
        act: case.act,
        about: About { usager: case.person.id, name: &case.person.name() },
        mandate: case.mandate.id,
        power: case.power.as_str(),
        structure: structure.id,
        structure_name: &structure.name,
        aidant: screen.staff(),
        aidant_name: screen.staff_name(),
        route: match (screen.by_sheet(), screen.phone_proved_at()) {
            (true, _) => "sheet",
            (false, Some(_)) => "sms",
            (false, None) => "screen",
        },
        sessions_ended,
    };
    entries::secret_chosen(&mut tx, kernel, chosen).await?;
    if let Some(phone) = verified_phone(&mut tx, kernel, case.person.id).await? {
        let service = &context.identity.service.name;
        let text = match case.power {
            Power::CreateAccount => sms::Text::SecretChosen { service, phone: &structure.phone },
            Power::GiveAccessBack => {
                sms::Text::AccessGivenBack { service, aidant: screen.staff_name(), structure: &structure.name, phone: &structure.phone }
            }
        };
        sms::queue(&mut tx, kernel, &phone.number, &text, Some(case.person.id.uuid())).await?;
    }
    tx.commit().await?;
    Ok(Choose::Chosen { address: case.person.address })
}

/// A recovery sheet, to be printed on the lent screen and nowhere else.
pub struct RecoverySheet {
    /// Whose.
    pub name: String,
    /// Their address.
    pub address: String,
    /// Its codes: nobody can show them again once the screen is taken back.
    pub codes: recovery_sheet::Codes,
}

/// The sheet of who has just chosen their secret on this screen; the one they had is worth nothing any more. None when the
/// screen is not there for that. `token` is what its cookie holds, `once` the mark of the form.
pub async fn make_sheet(
    context: &Mandates,
    screen: &HandOver,
    token: &Secret<String>,
    once: Uuid,
) -> Result<Option<RecoverySheet>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some((mandate, power, _)) = store::find_lent(&mut tx, screen.id()).await? else { return Ok(None) };
    store::hold(&mut tx, mandate).await?;
    let Some(row) = store::find(&mut tx, mandate).await? else { return Ok(None) };
    if access::standing(&mut tx, &row, power.parse()?, kernel.now()).await?.is_some()
        || !aidants::works_for(&mut tx, screen.staff(), row.structure).await?
    {
        return Ok(None);
    }
    let Some(person) = find_person(&mut tx, UsagerId::from(screen.subject())).await? else { return Ok(None) };
    let Some(made) = recovery_sheet::make(&mut tx, kernel, screen, token, once).await? else { return Ok(None) };
    let name = person.name();
    if made.is_new {
        let structure = papers::structure_of(&mut tx, &row).await?;
        let about = About { usager: person.id, name: &name };
        entries::sheet_printed(&mut tx, kernel, screen, &about, (structure.id, &structure.name)).await?;
    }
    tx.commit().await?;
    Ok(Some(RecoverySheet { name, address: person.address, codes: made.codes }))
}

/// The person and the mandate behind a lent screen, while the mandate still allows it.
async fn open(tx: &mut Tx, context: &Mandates, screen: &HandOver) -> Result<Option<Case>, Failure> {
    if screen.purpose() != Purpose::ChooseSecret || screen.completed_at().is_some() {
        return Ok(None);
    }
    let Some((mandate, power, act)) = store::find_lent(tx, screen.id()).await? else { return Ok(None) };
    let Some(mandate) = store::find(tx, mandate).await? else { return Ok(None) };
    let power: Power = power.parse()?;
    if access::standing(tx, &mandate, power, context.identity.kernel.now()).await?.is_some()
        || !aidants::works_for(tx, screen.staff(), mandate.structure).await?
    {
        return Ok(None);
    }
    let Some(person) = find_person(tx, UsagerId::from(screen.subject())).await? else { return Ok(None) };
    Ok(Some(Case { person, mandate, power, act }))
}
