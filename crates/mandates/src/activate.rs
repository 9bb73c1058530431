//! The aidant countersigns with a fresh code: the mandate is active, and the account exists.
//!
//! One transaction: account, address, phone, mandate, powers, papers, journal, jobs. All or nothing.

use data_encoding::HEXLOWER;
use maincourante_identity::{self as identity, Confirmation, FreshAct, NewUsager, UsagerId, confirm};
use maincourante_kernel::calendar::Date;
use maincourante_kernel::clock::{Span, hours};
use maincourante_kernel::{Failure, Secret, jobs};
use maincourante_paper::{self as paper, Standing};
use maincourante_sms as sms;
use serde::{Deserialize, Serialize};

use crate::draft::{PersonDraft, Terms};
use crate::entries::{self, About};
use crate::papers::{self, PaperKind, Words};
use crate::signature::{self, Evidence};
use crate::store::mandates::{self as store, Activation, MandateRow};
use crate::{Happening, MandateId, Mandates, Power, SignedInAidant, State, prepare, transition};

/// How long a mandate signed by code alone waits for its confirmation.
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
    /// The person has not signed.
    NotSigned,
    /// The structure may not propose one of these powers any more.
    NotOffered,
    /// The address was given to someone meanwhile.
    AddressTaken,
    /// No such mandate.
    Gone,
}

/// Countersigns.
pub async fn countersign(
    context: &Mandates,
    aidant: &SignedInAidant,
    id: MandateId,
    code: &Secret<String>,
) -> Result<Countersignature, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Some(row) = store::find(&mut tx, id).await?.filter(|row| row.structure == aidant.structure().id) else {
        return Ok(Countersignature::Gone);
    };
    // A second post of the same form meets the account that the first one opened.
    if let Some(usager) = row.usager {
        return Ok(Countersignature::Active(usager));
    }
    if row.state.parse::<State>()? != State::Signed {
        return Ok(Countersignature::NotSigned);
    }
    let Some(evidence) = papers::read_before(&mut tx, kernel, id, PaperKind::Evidence).await? else {
        return Ok(Countersignature::NotSigned);
    };
    let presented = papers::read_before(&mut tx, kernel, id, PaperKind::Presented).await?.unwrap_or_default();
    drop(tx);
    let signed = Signed::read(context, &row, &evidence)?;
    if !signed.may_be_granted(&aidant.structure().offered) {
        return Ok(Countersignature::NotOffered);
    }
    let fresh = match confirm(&context.identity, aidant.staff(), FreshAct::ActivateMandate, id.uuid(), code).await? {
        Confirmation::Given(fresh) => fresh,
        Confirmation::Wrong => {
            let mut tx = kernel.db.write().await?;
            let about = About { usager: signed.usager, name: &signed.person.name() };
            entries::confirmation_refused(&mut tx, kernel, aidant, Some(about)).await?;
            tx.commit().await?;
            return Ok(Countersignature::Wrong);
        }
        Confirmation::TooMany { wait } => return Ok(Countersignature::TooMany { wait }),
    };
    let sheet = signed.render(context, aidant).await?;

    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let to = transition(State::Signed, Happening::Activate)?;
    if !store::move_to(&mut tx, id, State::Signed.as_str(), to.as_str(), now).await? {
        return Ok(Countersignature::Gone);
    }
    let usager = signed.usager;
    if !identity::create_usager(&mut tx, kernel, &signed.account()?).await? {
        return Ok(Countersignature::AddressTaken);
    }
    let phone = papers::draft_phone(&signed.person)?;
    identity::add_phone(&mut tx, kernel, usager, &phone).await?;
    let activation = Activation {
        id,
        usager,
        countersigned_by: fresh.spend(FreshAct::ActivateMandate, id.uuid())?,
        provisional_until: signed.provisional_until(now),
        document_sha256: &sheet.sha256,
        now,
    };
    store::mark_active(&mut tx, activation).await?;
    for power in &signed.terms.powers {
        store::grant(&mut tx, id, power.as_str()).await?;
    }
    for (kind, bytes) in [(PaperKind::Signed, &sheet.pdf), (PaperKind::Evidence, &*evidence), (PaperKind::Presented, &*presented)] {
        papers::keep_for(&mut tx, kernel, usager, id, kind, bytes).await?;
    }
    let about = About { usager, name: &signed.person.name() };
    let said = (HEXLOWER.encode(&sheet.sha256), row.ends_at.unwrap_or(now));
    entries::activated(&mut tx, kernel, aidant, &about, id, (&said.0, said.1, &signed.terms.powers, phone.last_digits())).await?;
    jobs::enqueue(&mut tx, ACCOUNT_OPENED, &AccountOpened { usager }, now, &kernel.chance).await?;
    let structure = aidant.structure();
    let text = sms::Text::MandateSigned { service: &context.identity.service.name, structure: &structure.name, phone: &structure.phone };
    sms::queue(&mut tx, kernel, &phone, &text, Some(usager.uuid())).await?;
    tx.commit().await?;
    Ok(Countersignature::Active(usager))
}

/// What the person signed, read back.
struct Signed {
    usager: UsagerId,
    number: String,
    person: PersonDraft,
    address: String,
    terms: Terms,
    start: Date,
    end: Date,
    presented_sha256: [u8; 32],
    evidence: Evidence,
    evidence_sha256: [u8; 32],
}

impl Signed {
    fn read(context: &Mandates, row: &MandateRow, evidence: &[u8]) -> Result<Self, Failure> {
        let missing = || Failure::new("a signed mandate misses a part");
        let hash = |bytes: &Option<Vec<u8>>| <[u8; 32]>::try_from(bytes.as_deref().unwrap_or_default()).map_err(|_| missing());
        let draft = prepare::unseal(&context.identity.kernel, row.id, row.draft.as_deref().ok_or_else(missing)?)?;
        let usager = draft.usager.ok_or_else(missing)?;
        let (person, address, terms) = signature::parts(draft)?;
        Ok(Self {
            usager,
            number: row.number.clone().ok_or_else(missing)?,
            person,
            address,
            terms,
            start: Date::at(row.presented_at.ok_or_else(missing)?),
            end: signature::last_day(row)?,
            presented_sha256: hash(&row.presented_sha256)?,
            evidence: serde_json::from_slice(evidence)?,
            evidence_sha256: hash(&row.evidence_sha256)?,
        })
    }

    /// An account is created under the power to create it, and within what the structure may propose today.
    fn may_be_granted(&self, offered: &[Power]) -> bool {
        let powers = &self.terms.powers;
        powers.contains(&Power::CreateAccount) && powers.iter().all(|power| offered.contains(power))
    }

    fn account(&self) -> Result<NewUsager, Failure> {
        Ok(NewUsager {
            id: self.usager,
            address: self.address.parse().map_err(|_| Failure::new("a stored address does not parse"))?,
            given_names: self.person.given_names.clone(),
            family_name: self.person.family_name.clone(),
            birth_date: Date::parse(&self.person.birth_date).ok_or_else(|| Failure::new("a stored birth date does not parse"))?,
        })
    }

    fn provisional_until(&self, now: maincourante_kernel::Timestamp) -> Option<maincourante_kernel::Timestamp> {
        self.evidence.strokes.is_none().then(|| now.plus(PROVISIONAL))
    }

    async fn render(&self, context: &Mandates, aidant: &SignedInAidant) -> Result<paper::Sheet, Failure> {
        let now = context.identity.kernel.now();
        let method = match &self.evidence.strokes {
            Some(strokes) => paper::Method::DrawnAndSms(strokes.clone()),
            None => paper::Method::SmsOnly,
        };
        let phone_end = paper::PhoneEnd::try_from(self.evidence.phone_end.clone()).map_err(Failure::new)?;
        let agreement = paper::Agreement {
            signature: paper::Signature { method, phone_end, signed_at: self.evidence.signed_at },
            countersignature: paper::Countersignature { aidant: aidant.name().to_owned(), at: now },
            place: None,
            presented_sha256: self.presented_sha256,
            evidence_sha256: self.evidence_sha256,
        };
        let standing = match self.provisional_until(now) {
            Some(until) => Standing::Provisional { until, agreement },
            None => Standing::Signed(agreement),
        };
        let words = Words {
            number: self.number.clone(),
            structure: aidant.structure(),
            aidant: aidant.name(),
            person: &self.person,
            address: &self.address,
            powers: &self.terms.powers,
            start: self.start,
            end: self.end,
            made_at: now,
        };
        papers::render(context, words, standing).await
    }
}
