//! The aidant countersigns with a fresh code: the mandate is active, and the account exists.
//!
//! One transaction: account, address, phone, mandate, powers, papers, journal, jobs. All or nothing.

use data_encoding::HEXLOWER;
use maincourante_identity::{self as identity, Confirmation, FreshAct, NewUsager, StaffId, UsagerId, confirm_as};
use maincourante_journal::Log;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::clock::{Span, hours};
use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Failure, Secret, Timestamp, Tx, jobs};
use maincourante_paper::{self as paper, Standing};
use maincourante_sms as sms;
use serde::{Deserialize, Serialize};

use crate::confirmed::confirm_about;
use crate::draft::{PersonDraft, Terms};
use crate::entries::{self, About, Activated};
use crate::evidence::{Closed, Confirmed, Evidence, InJournal, Method, Sealing};
use crate::papers::{self, PaperKind, Words};
use crate::signature;
use crate::store::mandates::{self as store, Activation, MandateRow};
use crate::succession::{self, Newer};
use crate::whom::{Account, Whom};
use crate::{Happening, MandateId, Mandates, Power, SignedInAidant, State, aidants, ending, prepare, transition};

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
    let mut kept = Vec::new();
    for kind in [PaperKind::Presented, PaperKind::Data, PaperKind::ToSign] {
        if let Some(bytes) = papers::read_before(&mut tx, kernel, id, kind).await? {
            kept.push((kind, bytes));
        }
    }
    drop(tx);
    let mut signed = Signed::read(context, &row, &evidence)?;
    if !signed.may_be_granted(&aidant.structure().offered) {
        return Ok(Countersignature::NotOffered);
    }
    // Said before a code is asked for; looked at again once it is given.
    if is_overtaken(context, &row, &signed.whom).await? {
        return Ok(Countersignature::Overtaken);
    }
    if let Some(colleague) = colleague.filter(|_| signed.evidence.method == Method::SmsOnly) {
        match attest(context, aidant, &row, colleague).await? {
            Attested::By(staff, name) => signed.attestant = Some((staff, name)),
            Attested::Not(why) => return Ok(why),
        }
    }
    let about = About { usager: signed.whom.id(), name: &signed.person.name() };
    let fresh = match confirm_about(context, aidant, (FreshAct::ActivateMandate, id.uuid()), &about, code).await? {
        Confirmation::Given(fresh) => fresh,
        Confirmation::Wrong => return Ok(Countersignature::Wrong),
        Confirmation::TooMany { wait } => return Ok(Countersignature::TooMany { wait }),
    };
    let sheet = signed.render(context, aidant).await?;
    // What waits for a print signed by hand must be able to print it once the draft is gone.
    if signed.provisional_until(kernel.now()).is_some() && kept.iter().all(|(kind, _)| *kind != PaperKind::ToSign) {
        let to_sign = signed.render_to_sign(context, aidant).await?;
        kept.push((PaperKind::ToSign, to_sign.pdf.into()));
    }

    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let to = transition(State::Signed, Happening::Activate)?;
    if !store::move_to(&mut tx, id, State::Signed.as_str(), to.as_str(), now).await? {
        return Ok(Countersignature::Gone);
    }
    let usager = signed.whom.id();
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
    kept.extend([(PaperKind::Signed, sheet.pdf.into()), (PaperKind::Evidence, evidence), (PaperKind::Sealing, part_b.text.clone().into())]);
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
    if signed.account() == Account::ToOpen {
        jobs::enqueue(&mut tx, ACCOUNT_OPENED, &AccountOpened { usager }, now, &kernel.chance).await?;
    }
    // As long as it is provisional it gives nothing of what the one before it does, which goes on.
    let newer = Newer { act, mandate: id, structure: row.structure, ends_at: row.ends_at.unwrap_or(now) };
    let is_final = signed.provisional_until(now).is_none();
    if is_final && succession::replace(&mut tx, context, aidant, &about, newer).await? {
        succession::tell(&mut tx, context, aidant, usager).await?;
    } else {
        let (service, structure) = (&context.identity.service.name, aidant.structure());
        let text = sms::Text::MandateSigned { service, structure: &structure.name, phone: &structure.phone };
        ending::tell(&mut tx, context, usager, &text).await?;
    }
    tx.commit().await?;
    Ok(Countersignature::Active(usager))
}

async fn is_overtaken(context: &Mandates, row: &MandateRow, whom: &Whom) -> Result<bool, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    succession::is_overtaken(&mut tx, row, whom.id(), context.identity.kernel.now()).await
}

enum Opening {
    /// The account is there, and this phone was proved for it.
    Done {
        proved: Option<PhoneNumber>,
    },
    Not(Countersignature),
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
    let fresh = match confirmation {
        Confirmation::Given(fresh) => fresh,
        Confirmation::TooMany { wait } => return Ok(Attested::Not(Countersignature::AttestantTooMany { wait })),
        Confirmation::Wrong => {
            entries::confirmation_refused(&mut tx, &context.identity.kernel, aidant, None).await?;
            tx.commit().await?;
            return Ok(Attested::Not(Countersignature::AttestantWrong));
        }
    };
    let heard = fresh.spend(FreshAct::AttestYes, object)?;
    let Some(staff) = staff.filter(|&staff| staff == heard) else { return Err(Failure::new("a confirmation of someone else")) };
    if !aidants::works_for(&mut tx, staff, row.structure).await? {
        return Ok(Attested::Not(Countersignature::AttestantWrong));
    }
    let name = identity::staff_name(&mut tx, staff).await?.unwrap_or_default();
    Ok(Attested::By(staff, name))
}

/// The document shown, as the object of a confirmation: the first half of its hash.
fn document_of(row: &MandateRow) -> Result<uuid::Uuid, Failure> {
    let hash = row.presented_sha256.as_deref().and_then(|hash| hash.first_chunk::<16>());
    hash.map(|half| uuid::Uuid::from_bytes(*half)).ok_or_else(|| Failure::new("a signed mandate has no document"))
}

/// What the person signed, read back.
struct Signed {
    whom: Whom,
    number: String,
    person: PersonDraft,
    address: String,
    terms: Terms,
    follows: Option<String>,
    start: Date,
    end: Date,
    presented_sha256: [u8; 32],
    evidence: Evidence,
    evidence_sha256: [u8; 32],
    attestant: Option<(StaffId, String)>,
}

impl Signed {
    fn read(context: &Mandates, row: &MandateRow, evidence: &[u8]) -> Result<Self, Failure> {
        let missing = || Failure::new("a signed mandate misses a part");
        let hash = |bytes: &Option<Vec<u8>>| <[u8; 32]>::try_from(bytes.as_deref().unwrap_or_default()).map_err(|_| missing());
        let draft = prepare::unseal(&context.identity.kernel, row.id, row.draft.as_deref().ok_or_else(missing)?)?;
        let (whom, follows) = (draft.whom.ok_or_else(missing)?, draft.follows.clone());
        let (person, address, terms) = signature::parts(draft)?;
        Ok(Self {
            whom,
            follows,
            number: row.number.clone().ok_or_else(missing)?,
            person,
            address,
            terms,
            start: Date::at(row.presented_at.ok_or_else(missing)?),
            end: signature::last_day(row)?,
            presented_sha256: hash(&row.presented_sha256)?,
            evidence: serde_json::from_slice(evidence)?,
            evidence_sha256: hash(&row.evidence_sha256)?,
            attestant: None,
        })
    }

    fn account(&self) -> Account {
        if self.whom.newcomer().is_some() { Account::ToOpen } else { Account::Open }
    }

    /// An account is created under the power to create it, which no other mandate gives; and within what the structure may propose today.
    fn may_be_granted(&self, offered: &[Power]) -> bool {
        let (powers, offered) = (&self.terms.powers, self.account().offered(offered));
        let is_whole = powers.contains(&Power::CreateAccount) == (self.account() == Account::ToOpen);
        is_whole && powers.iter().all(|power| offered.contains(power))
    }

    /// Opens the account, with the phone that was proved; or makes sure that it is still there.
    async fn opens(&self, tx: &mut Tx, context: &Mandates, row: &MandateRow) -> Result<Opening, Failure> {
        let kernel = &context.identity.kernel;
        if let Whom::Existing { existing } = self.whom {
            if identity::find_person(tx, existing).await?.is_none_or(|person| person.disabled_at.is_some()) {
                return Ok(Opening::Not(Countersignature::Overtaken));
            }
            // Two at once for the same person wait here for each other.
            for (other, _) in succession::living(tx, existing, row.structure, kernel.now()).await? {
                store::hold(tx, other.id).await?;
            }
            let is_overtaken = succession::is_overtaken(tx, row, existing, kernel.now()).await?;
            return Ok(if is_overtaken { Opening::Not(Countersignature::Overtaken) } else { Opening::Done { proved: None } });
        }
        if !identity::create_usager(tx, kernel, &self.new_usager()?).await? {
            return Ok(Opening::Not(Countersignature::AddressTaken));
        }
        let phone = if self.evidence.method.proves_phone() { papers::draft_phone(&self.person)? } else { None };
        if let Some(phone) = &phone {
            identity::add_phone(tx, kernel, self.whom.id(), phone).await?;
        }
        Ok(Opening::Done { proved: phone })
    }

    fn new_usager(&self) -> Result<NewUsager, Failure> {
        Ok(NewUsager {
            id: self.whom.id(),
            address: self.address.parse().map_err(|_| Failure::new("a stored address does not parse"))?,
            given_names: self.person.given_names.clone(),
            family_name: self.person.family_name.clone(),
            birth_date: Date::parse(&self.person.birth_date).ok_or_else(|| Failure::new("a stored birth date does not parse"))?,
        })
    }

    /// A drawing and a code suffice, and a spoken yes that a second helper heard; the rest waits for the print.
    fn provisional_until(&self, now: Timestamp) -> Option<Timestamp> {
        let is_final = self.evidence.method == Method::DrawnAndSms || self.attestant.is_some();
        (!is_final).then(|| now.plus(PROVISIONAL))
    }

    /// Part B of the evidence, which names the entry that will hold its hash.
    fn seal(
        &self,
        mandate: MandateId,
        (document_sha256, countersigned_by): (&[u8; 32], StaffId),
        (row, act): (&MandateRow, uuid::Uuid),
        now: Timestamp,
    ) -> Result<Closed, Failure> {
        Closed::of(&Sealing {
            v: 1,
            mandate,
            evidence_a_sha256: HEXLOWER.encode(&self.evidence_sha256),
            document_sha256: HEXLOWER.encode(document_sha256),
            countersigned: Confirmed::by_code(countersigned_by, now),
            attestant: self.attestant.as_ref().map(|(staff, _)| Confirmed::by_code(*staff, now)),
            provisional_until: self.provisional_until(now),
            journal: InJournal { log: Log::Structure(row.structure.uuid()).name(), act },
        })
    }

    async fn render(&self, context: &Mandates, aidant: &SignedInAidant) -> Result<paper::Sheet, Failure> {
        let now = context.identity.kernel.now();
        let method = match (self.evidence.method, &self.evidence.strokes) {
            (Method::DrawnAndSms, Some(strokes)) => paper::Method::DrawnAndSms(strokes.clone()),
            (Method::DrawnAndPrint, Some(strokes)) => paper::Method::DrawnAndPrint(strokes.clone()),
            (Method::SmsOnly, _) => paper::Method::SmsOnly,
            (Method::Print, _) => paper::Method::Print,
            (Method::DrawnAndSms | Method::DrawnAndPrint, None) => return Err(Failure::new("a drawn signature has no drawing")),
        };
        let phone_end = self.evidence.phone_end.clone().map(paper::PhoneEnd::try_from).transpose().map_err(Failure::new)?;
        let attestant = self.attestant.as_ref().map(|(_, name)| name.clone());
        let agreement = paper::Agreement {
            signature: paper::Signature { method, phone_end, signed_at: self.evidence.signed_at },
            countersignature: paper::Countersignature { aidant: aidant.name().to_owned(), at: now, attestant },
            place: None,
            presented_sha256: self.presented_sha256,
            evidence_sha256: self.evidence_sha256,
        };
        let standing = match self.provisional_until(now) {
            Some(until) => Standing::Provisional { until, agreement },
            None => Standing::Signed(agreement),
        };
        papers::render(context, self.words(aidant, now), standing).await
    }

    async fn render_to_sign(&self, context: &Mandates, aidant: &SignedInAidant) -> Result<paper::Sheet, Failure> {
        let standing = Standing::ToSign { presented_sha256: self.presented_sha256 };
        papers::render(context, self.words(aidant, context.identity.kernel.now()), standing).await
    }

    fn words<'a>(&'a self, aidant: &'a SignedInAidant, made_at: Timestamp) -> Words<'a> {
        Words {
            number: self.number.clone(),
            structure: aidant.structure(),
            aidant: aidant.name(),
            person: &self.person,
            address: &self.address,
            powers: &self.terms.powers,
            account: self.account(),
            follows: self.follows.as_deref(),
            start: self.start,
            end: self.end,
            made_at,
        }
    }
}
