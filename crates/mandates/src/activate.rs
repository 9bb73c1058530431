//! The aidant countersigns with a fresh code: the mandate is active, and the account exists.
//!
//! One transaction: account, address, phone, mandate, powers, papers, journal, jobs. All or nothing.

mod signed;

use data_encoding::HEXLOWER;
use maincourante_identity::{self as identity, Confirmation, Fresh, FreshAct, StaffId, UsagerId, confirm_as};
use maincourante_kernel::clock::{Span, hours};
use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Failure, Secret, Tx, jobs};
use maincourante_paper::{self as paper};
use maincourante_sms as sms;
use serde::{Deserialize, Serialize};

use zeroize::Zeroizing;

use self::signed::{Opening, Signed};
use crate::confirmed::confirm_about;
use crate::entries::{self, About, Activated};
use crate::evidence::Method;
use crate::papers::{self, PaperKind};
use crate::store::mandates::{self as store, Activation, MandateRow};
use crate::succession::{self, Newer};
use crate::whom::{Account, Whom};
use crate::{Happening, MandateId, Mandates, SignedInAidant, State, access_back, aidants, ending, transition};

/// How long a mandate signed otherwise than by drawing and code waits for its confirmation.
pub const PROVISIONAL: Span = hours(72);

/// The job that prepares the mailbox of a new account: carried out by who knows mailboxes.
pub const ACCOUNT_OPENED: &str = "mandates.account_opened";

/// What [`ACCOUNT_OPENED`] carries.
#[derive(Serialize, Deserialize)]
pub struct AccountOpened {
    /// The person.
    pub usager: UsagerId,
}

/// What countersigning gave.
pub enum Countersignature {
    /// The account is open.
    Active(UsagerId),
    /// Not a code of now, or one already used.
    Wrong,
    /// Too many tries.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
    /// The colleague named as second witness: unknown here, or not a code of theirs of now.
    AttestantWrong,
    /// The colleague tried too often.
    AttestantTooMany {
        /// How long they wait.
        wait: Span,
    },
    /// The second witness is the first: whoever countersigns, or lent the screen.
    AttestantIsFirst,
    /// The person has not signed.
    NotSigned,
    /// The structure may not propose one of these powers any more.
    NotOffered,
    /// The address was given to someone meanwhile.
    AddressTaken,
    /// What stood between the person and the structure changed since they read the document: they are to read a new one.
    Overtaken,
    /// No such mandate.
    Gone,
}

/// A colleague of the same structure who heard the person say yes, as typed in the form of who countersigns.
#[derive(Default)]
pub struct Colleague {
    /// Their professional address.
    pub login: String,
    /// A time-based code of theirs.
    pub code: Secret<String>,
}

/// Countersigns. A colleague's confirmation is heard for a spoken yes only, and makes it final.
pub async fn countersign(
    context: &Mandates,
    aidant: &SignedInAidant,
    id: MandateId,
    code: &Secret<String>,
    colleague: Option<&Colleague>,
) -> Result<Countersignature, Failure> {
    let mut ready = match ready(context, aidant, id).await? {
        Ok(ready) => ready,
        Err(why) => return Ok(why),
    };
    if !ready.signed.may_be_granted(&aidant.structure().offered) {
        return Ok(Countersignature::NotOffered);
    }
    // Said before a code is asked for; looked at again once it is given.
    if is_overtaken(context, &ready.row, &ready.signed.whom).await? {
        return Ok(Countersignature::Overtaken);
    }
    if let Some(colleague) = colleague.filter(|_| ready.signed.evidence.method == Method::SmsOnly) {
        match attest(context, aidant, &ready.row, colleague).await? {
            Attested::By(staff, name) => ready.signed.attestant = Some((staff, name)),
            Attested::Not(why) => return Ok(why),
        }
    }
    let about = About { usager: ready.signed.whom.id(), name: &ready.signed.person.name() };
    let fresh = match confirm_about(context, aidant, (FreshAct::ActivateMandate, id.uuid()), &about, code).await? {
        Confirmation::Given(fresh) => fresh,
        Confirmation::Wrong => return Ok(Countersignature::Wrong),
        Confirmation::TooMany { wait } => return Ok(Countersignature::TooMany { wait }),
    };
    let sheet = ready.signed.render(context, aidant).await?;
    // What waits for a print signed by hand must be able to print it once the draft is gone.
    if ready.signed.provisional_until(context.identity.kernel.now()).is_some() && !ready.has(PaperKind::ToSign) {
        let to_sign = ready.signed.render_to_sign(context, aidant).await?;
        ready.kept.push((PaperKind::ToSign, to_sign.pdf.into()));
    }
    Box::pin(activate(context, aidant, ready, sheet, fresh)).await
}

/// A mandate that the person signed, and the papers kept of it until now under its own key.
struct Ready {
    row: MandateRow,
    signed: Signed,
    kept: Vec<(PaperKind, Zeroizing<Vec<u8>>)>,
}

impl Ready {
    fn has(&self, kind: PaperKind) -> bool {
        self.kept.iter().any(|(kept, _)| *kept == kind)
    }
}

/// The mandate to countersign, or what became of it.
async fn ready(context: &Mandates, aidant: &SignedInAidant, id: MandateId) -> Result<Result<Ready, Countersignature>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Some(row) = store::find(&mut tx, id).await?.filter(|row| row.structure == aidant.structure().id) else {
        return Ok(Err(Countersignature::Gone));
    };
    // A second post of the same form meets the account that the first one opened.
    if let Some(usager) = row.usager {
        return Ok(Err(Countersignature::Active(usager)));
    }
    if row.state.parse::<State>()? != State::Signed {
        return Ok(Err(Countersignature::NotSigned));
    }
    let Some(evidence) = papers::read_before(&mut tx, kernel, id, PaperKind::Evidence).await? else {
        return Ok(Err(Countersignature::NotSigned));
    };
    let signed = Signed::read(context, &row, &evidence)?;
    let mut kept = vec![(PaperKind::Evidence, evidence)];
    for kind in [PaperKind::Presented, PaperKind::Data, PaperKind::ToSign] {
        if let Some(bytes) = papers::read_before(&mut tx, kernel, id, kind).await? {
            kept.push((kind, bytes));
        }
    }
    Ok(Ok(Ready { row, signed, kept }))
}

/// All of it, in one transaction.
async fn activate(
    context: &Mandates,
    aidant: &SignedInAidant,
    ready: Ready,
    sheet: paper::Sheet,
    fresh: Fresh,
) -> Result<Countersignature, Failure> {
    let Ready { row, signed, mut kept } = ready;
    let (kernel, id, usager) = (&context.identity.kernel, row.id, signed.whom.id());
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let to = transition(State::Signed, Happening::Activate)?;
    if !store::move_to(&mut tx, id, State::Signed.as_str(), to.as_str(), now).await? {
        return Ok(Countersignature::Gone);
    }
    let proved = match signed.opens(&mut tx, context, &row).await? {
        Opening::Done { proved } => proved,
        Opening::Not(why) => return Ok(why),
    };
    let countersigned_by = fresh.spend(FreshAct::ActivateMandate, id.uuid())?;
    let act = kernel.chance.uuid(now);
    let part_b = signed.seal(id, (&sheet.sha256, countersigned_by), (&row, act), now)?;
    let activation =
        Activation { id, usager, countersigned_by, provisional_until: signed.provisional_until(now), document_sha256: &sheet.sha256, now };
    store::mark_active(&mut tx, activation).await?;
    for power in &signed.terms.powers {
        store::grant(&mut tx, id, power.as_str()).await?;
    }
    kept.extend([(PaperKind::Signed, sheet.pdf.into()), (PaperKind::Sealing, part_b.text.clone().into())]);
    for (kind, bytes) in &kept {
        papers::keep_for(&mut tx, kernel, usager, id, *kind, bytes).await?;
    }
    let about = About { usager, name: &signed.person.name() };
    let activated = Activated {
        act,
        mandate: id,
        document_sha256: &HEXLOWER.encode(&sheet.sha256),
        evidence_b_sha256: &part_b.hex(),
        ends_at: row.ends_at.unwrap_or(now),
        powers: &signed.terms.powers,
        account: signed.account(),
        attestant: signed.attestant.as_ref().map(|(staff, name)| (*staff, name.as_str())),
        phone_end: proved.as_ref().map(PhoneNumber::last_digits),
    };
    entries::activated(&mut tx, kernel, aidant, &about, activated).await?;
    let newer = Newer { act, mandate: id, structure: row.structure, ends_at: row.ends_at.unwrap_or(now) };
    follow(&mut tx, context, aidant, (&signed, &about), newer).await?;
    tx.commit().await?;
    Ok(Countersignature::Active(usager))
}

/// What an activation brings with it: the mailbox, the end of the mandate before it, the text message to the person.
async fn follow(
    tx: &mut Tx,
    context: &Mandates,
    aidant: &SignedInAidant,
    (signed, about): (&Signed, &About<'_>),
    newer: Newer,
) -> Result<(), Failure> {
    let (kernel, usager) = (&context.identity.kernel, about.usager);
    if signed.account() == Account::ToOpen {
        jobs::enqueue(tx, ACCOUNT_OPENED, &AccountOpened { usager }, kernel.now(), &kernel.chance).await?;
    }
    // As long as it is provisional it gives nothing of what the one before it does, which goes on.
    let is_final = signed.provisional_until(kernel.now()).is_none();
    let over = if is_final { succession::replace(tx, context, aidant, about, newer).await? } else { Vec::new() };
    for older in &over {
        access_back::close_screens(tx, context, (*older, None), about).await?;
    }
    if !over.is_empty() {
        return ending::tell(tx, context, usager, &succession::text(context, aidant)).await;
    }
    let (service, structure) = (&context.identity.service.name, aidant.structure());
    let text = sms::Text::MandateSigned { service, structure: &structure.name, phone: &structure.phone };
    ending::tell(tx, context, usager, &text).await
}

async fn is_overtaken(context: &Mandates, row: &MandateRow, whom: &Whom) -> Result<bool, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    succession::is_overtaken(&mut tx, row, whom.id(), context.identity.kernel.now()).await
}

enum Attested {
    By(StaffId, String),
    Not(Countersignature),
}

/// Another helper of the same structure, with their own login and code, for the very document that was signed.
async fn attest(context: &Mandates, aidant: &SignedInAidant, row: &MandateRow, typed: &Colleague) -> Result<Attested, Failure> {
    let object = document_of(row)?;
    let mut tx = context.identity.kernel.db.read().await?;
    let named = identity::find_staff(&mut tx, &typed.login).await?;
    drop(tx);
    if named.is_some_and(|(staff, _)| staff == aidant.id() || staff == row.aidant) {
        return Ok(Attested::Not(Countersignature::AttestantIsFirst));
    }
    let (staff, confirmation) = confirm_as(&context.identity, &typed.login, FreshAct::AttestYes, object, &typed.code).await?;
    let mut tx = context.identity.kernel.db.write().await?;
    let heard = match confirmation {
        Confirmation::Given(fresh) => Some(fresh.spend(FreshAct::AttestYes, object)?),
        Confirmation::TooMany { wait } => return Ok(Attested::Not(Countersignature::AttestantTooMany { wait })),
        Confirmation::Wrong => None,
    };
    if heard.is_some() && heard != staff {
        return Err(Failure::new("a confirmation of someone else"));
    }
    // Someone of another structure is answered, and written, as a code that is wrong.
    let colleague = match heard {
        Some(staff) if aidants::works_for(&mut tx, staff, row.structure).await? => Some(staff),
        Some(_) | None => None,
    };
    let Some(staff) = colleague else {
        entries::confirmation_refused(&mut tx, &context.identity.kernel, aidant, None).await?;
        tx.commit().await?;
        return Ok(Attested::Not(Countersignature::AttestantWrong));
    };
    let name = identity::staff_name(&mut tx, staff).await?.unwrap_or_default();
    Ok(Attested::By(staff, name))
}

/// The document shown, as the object of a confirmation: the first half of its hash.
fn document_of(row: &MandateRow) -> Result<uuid::Uuid, Failure> {
    let hash = row.presented_sha256.as_deref().and_then(|hash| hash.first_chunk::<16>());
    hash.map(|half| uuid::Uuid::from_bytes(*half)).ok_or_else(|| Failure::new("a signed mandate has no document"))
}
