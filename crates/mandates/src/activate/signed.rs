//! What the person signed, read back: what it opens, the sheet and part B of the evidence it ends in.

use data_encoding::HEXLOWER;
use maincourante_identity::{self as identity, NewUsager, StaffId};
use maincourante_journal::Log;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Failure, Timestamp, Tx};
use maincourante_paper::{self as paper, Standing};

use super::{Countersignature, PROVISIONAL};
use crate::draft::{PersonDraft, Terms};
use crate::evidence::{Closed, Confirmed, Evidence, InJournal, Method, Sealing};
use crate::papers::{self, Words};
use crate::store::mandates::{self as store, MandateRow};
use crate::whom::{Account, Whom};
use crate::{MandateId, Mandates, Power, SignedInAidant, prepare, signature, succession};

pub(super) enum Opening {
    /// The account is there, and this phone was proved for it.
    Done {
        proved: Option<PhoneNumber>,
    },
    Not(Countersignature),
}

/// What the person signed, read back.
pub(super) struct Signed {
    pub(super) whom: Whom,
    number: String,
    pub(super) person: PersonDraft,
    address: String,
    pub(super) terms: Terms,
    follows: Option<String>,
    start: Date,
    end: Date,
    presented_sha256: [u8; 32],
    pub(super) evidence: Evidence,
    evidence_sha256: [u8; 32],
    pub(super) attestant: Option<(StaffId, String)>,
}

impl Signed {
    pub(super) fn read(context: &Mandates, row: &MandateRow, evidence: &[u8]) -> Result<Self, Failure> {
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

    pub(super) fn account(&self) -> Account {
        if self.whom.newcomer().is_some() { Account::ToOpen } else { Account::Open }
    }

    /// An account is created under the power to create it, which no other mandate gives; and within what the structure may propose today.
    pub(super) fn may_be_granted(&self, offered: &[Power]) -> bool {
        let (powers, offered) = (&self.terms.powers, self.account().offered(offered));
        let is_whole = powers.contains(&Power::CreateAccount) == (self.account() == Account::ToOpen);
        is_whole && powers.iter().all(|power| offered.contains(power))
    }

    /// Opens the account, with the phone that was proved; or makes sure that it is still there.
    pub(super) async fn opens(&self, tx: &mut Tx, context: &Mandates, row: &MandateRow) -> Result<Opening, Failure> {
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
    pub(super) fn provisional_until(&self, now: Timestamp) -> Option<Timestamp> {
        let is_final = self.evidence.method == Method::DrawnAndSms || self.attestant.is_some();
        (!is_final).then(|| now.plus(PROVISIONAL))
    }

    /// Part B of the evidence, which names the entry that will hold its hash.
    pub(super) fn seal(
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

    pub(super) async fn render(&self, context: &Mandates, aidant: &SignedInAidant) -> Result<paper::Sheet, Failure> {
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

    pub(super) async fn render_to_sign(&self, context: &Mandates, aidant: &SignedInAidant) -> Result<paper::Sheet, Failure> {
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
