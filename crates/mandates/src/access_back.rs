//! Giving access back: the aidant lends the screen, the person proves their phone and chooses a new secret.
//! The aidant sees neither the code nor the secret, and their own session is locked meanwhile.

use maincourante_identity::{self as identity, HandOverId, Lent, Loan, Purpose, UsagerId, find_person, recovery_sheet, verified_phone};
use maincourante_journal::Event;
use maincourante_kernel::{Failure, Tx, jobs};

use crate::access::{Decision, Refusal, under_mandate};
use crate::alerts::watch::{LOOK, Look};
use crate::entries::{self, About};
use crate::store::mandates as store;
use crate::{MandateId, Mandates, Power, SignedInAidant};

/// What asking for the screen to be lent gave.
pub enum Lending {
    /// The screen is the person's now.
    Lent(Lent),
    /// The mandate does not allow it.
    Refused(Refusal),
    /// The person has neither phone to receive a code, nor recovery sheet.
    NoPhone,
    /// The structure has no mandate of this person.
    Unknown,
    /// The screen is lent already.
    AlreadyLent,
}

/// Lends the screen so that the person chooses a new secret.
pub async fn lend(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Lending, Failure> {
    lend_under(context, aidant, usager, Power::GiveAccessBack).await
}

pub(crate) async fn lend_under(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId, power: Power) -> Result<Lending, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(Lending::Unknown) };
    let about = About { usager, name: &person.name() };
    let access = match under_mandate(&mut tx, context, aidant, usager, power).await? {
        Decision::Granted(access) => access,
        Decision::Refused { mandate, refusal } => {
            let tried = (mandate, power, refusal.as_str());
            entries::power_refused(&mut tx, kernel, aidant, Event::AccessHandoverStarted, &about, tried).await?;
            tx.commit().await?;
            return Ok(Lending::Refused(refusal));
        }
        Decision::Unknown => return Ok(Lending::Unknown),
    };
    // Their phone, or their sheet of paper, or nothing for who has nothing yet: they are there.
    let route = if verified_phone(&mut tx, kernel, access.usager()).await?.is_some() {
        "sms"
    } else if recovery_sheet::has_one(&mut tx, access.usager()).await? {
        "sheet"
    } else if identity::has_nothing_to_prove(&mut tx, kernel, access.usager()).await? {
        "screen"
    } else {
        let tried = (access.mandate(), power, "phone_missing");
        entries::power_refused(&mut tx, kernel, aidant, Event::AccessHandoverStarted, &about, tried).await?;
        tx.commit().await?;
        return Ok(Lending::NoPhone);
    };
    let subject = access.usager().uuid();
    let loan = Loan { purpose: Purpose::ChooseSecret, subject, shown: subject.as_bytes() };
    let Some(lent) = identity::lend(&mut tx, kernel, aidant.staff(), loan).await? else { return Ok(Lending::AlreadyLent) };
    for &closed in &lent.closed {
        note_closed(&mut tx, context, closed, &about).await?;
    }
    store::note_lent(&mut tx, lent.id, access.mandate(), power.as_str(), access.act()).await?;
    entries::hand_over_started(&mut tx, kernel, aidant, &access, &about, route).await?;
    if power == Power::GiveAccessBack {
        // Of all acts the one that can take an account over: what is unusual in it is looked at now.
        jobs::enqueue(&mut tx, LOOK, &Look { structure: access.structure() }, kernel.now(), &kernel.chance).await?;
    }
    tx.commit().await?;
    Ok(Lending::Lent(lent))
}

/// Closes the screens lent under a mandate, or under one power of it: what they were lent under is over.
pub(crate) async fn close_screens(
    tx: &mut Tx,
    context: &Mandates,
    (mandate, power): (MandateId, Option<Power>),
    about: &About<'_>,
) -> Result<(), Failure> {
    for (screen, lent_under) in store::screens(tx, mandate).await? {
        let is_concerned = power.is_none_or(|power| power.as_str() == lent_under);
        if is_concerned && identity::close_screen(tx, &context.identity.kernel, screen).await? {
            note_closed(tx, context, screen, about).await?;
        }
    }
    Ok(())
}

async fn note_closed(tx: &mut Tx, context: &Mandates, screen: HandOverId, about: &About<'_>) -> Result<(), Failure> {
    let Some((mandate, power, act)) = store::find_lent(tx, screen).await? else { return Ok(()) };
    let Some(row) = store::find(tx, mandate).await? else { return Ok(()) };
    entries::screen_closed(tx, context, (&row, power.parse()?, act), about).await
}
