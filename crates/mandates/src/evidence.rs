//! What proves a signature, in two parts (`docs/evidence.md`). Each is one JSON text (JCS, RFC 8785), closed once.
//!
//! Part A is closed when the person signs, before the last rendering, and its SHA-256 is printed on the mandate. Part B is
//! written once the document with both signatures exists, because it says its hash; the photographs of a print signed by
//! hand have a part of their own, when they are there. A simple electronic signature with evidence of its context (eIDAS,
//! article 25; civil code, articles 1366 and 1367): neither address of the network nor pressure of the finger is kept.

use data_encoding::HEXLOWER;
use maincourante_identity::{HandOverId, ProvedCode, StaffId, UsagerId};
use maincourante_kernel::calendar::Date;
use maincourante_kernel::{Failure, Kernel, Timestamp};
use maincourante_paper::{self as paper, Strokes};
use ring::digest;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::draft::Draft;
use crate::store::mandates::MandateRow;
use crate::{MandateId, Power, StructureId, papers};

/// A part, closed: its bytes, and what binds them.
pub(crate) struct Closed {
    pub text: Vec<u8>,
    pub sha256: [u8; 32],
}

impl Closed {
    pub(crate) fn of(part: &impl Serialize) -> Result<Self, Failure> {
        let text = serde_json_canonicalizer::to_vec(part)?;
        Ok(Self { sha256: sha256(&text), text })
    }

    pub(crate) fn hex(&self) -> String {
        HEXLOWER.encode(&self.sha256)
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut sum = [0; 32];
    sum.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    sum
}

/// How a person signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A drawing, and a code received by SMS.
    DrawnAndSms,
    /// A spoken yes, and a code received by SMS.
    SmsOnly,
    /// A drawing before the aidant, without a phone; the print is signed too.
    DrawnAndPrint,
    /// By hand, on the print.
    Print,
}

impl Method {
    /// Its name in the base and in the evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DrawnAndSms => "drawn_and_sms",
            Self::SmsOnly => "sms_only",
            Self::DrawnAndPrint => "drawn_and_print",
            Self::Print => "print",
        }
    }

    /// Its name in the journal, which has sentences for it.
    pub(crate) fn in_journal(self) -> &'static str {
        match self {
            Self::DrawnAndSms => "drawn_sms",
            Self::SmsOnly => "spoken_sms",
            Self::DrawnAndPrint => "drawn_witness",
            Self::Print => "paper",
        }
    }

    /// The one that has this name in the base.
    pub(crate) fn named(word: &str) -> Option<Self> {
        [Self::DrawnAndSms, Self::SmsOnly, Self::DrawnAndPrint, Self::Print].into_iter().find(|method| method.as_str() == word)
    }

    /// Whether it proves that the person holds their phone.
    pub fn proves_phone(self) -> bool {
        matches!(self, Self::DrawnAndSms | Self::SmsOnly)
    }
}

/// Part A, closed at the moment of the signature. Version 1 had neither what is optional here nor its account of each method.
#[derive(Serialize, Deserialize)]
pub(crate) struct Evidence {
    v: u8,
    id: Uuid,
    mandate: MandateId,
    #[serde(default)]
    number: String,
    #[serde(default)]
    usager: Option<UsagerId>,
    template: String,
    #[serde(default)]
    template_sha256: String,
    #[serde(default)]
    data_sha256: String,
    presented_sha256: String,
    #[serde(default)]
    language: String,
    pub method: Method,
    structure: StructureId,
    aidant: StaffId,
    #[serde(default)]
    hand_over: Option<HandOverId>,
    identity_check: String,
    #[serde(default)]
    identity_checked_by: Option<StaffId>,
    presented_at: i64,
    powers: Vec<Power>,
    #[serde(default)]
    valid_from: String,
    ends_at: i64,
    pub strokes: Option<Strokes>,
    #[serde(default)]
    drawn: Option<Drawn>,
    #[serde(default)]
    otp: Option<Otp>,
    #[serde(default)]
    print: Option<Print>,
    #[serde(default)]
    code_channel: Option<String>,
    /// The code proves the phone: its blind index, which finds it again without telling it.
    #[serde(default)]
    phone_index: Option<String>,
    #[serde(default)]
    pub phone_end: Option<String>,
    pub signed_at: Timestamp,
    #[serde(default)]
    clock: String,
}

/// The drawing: what is printed of it.
#[derive(Serialize, Deserialize)]
struct Drawn {
    svg_sha256: String,
    points: usize,
}

/// The code by SMS: which, and how it came back.
#[derive(Serialize, Deserialize)]
struct Otp {
    code: Uuid,
    sent_at: Timestamp,
    accepted_at: Timestamp,
    tries: i64,
}

/// The print that is signed by hand.
#[derive(Serialize, Deserialize)]
struct Print {
    to_sign_sha256: String,
    witness: StaffId,
}

/// What part A is made of.
pub(crate) struct Signing<'a> {
    pub row: &'a MandateRow,
    pub draft: &'a Draft,
    pub method: Method,
    /// Who lent the screen, or saw the person sign.
    pub aidant: StaffId,
    pub hand_over: Option<HandOverId>,
    pub strokes: Option<Strokes>,
    pub code: Option<ProvedCode>,
    /// SHA-256 of the print to sign, when one was made.
    pub to_sign: Option<[u8; 32]>,
    /// SHA-256 of the data that the document shown was composed from.
    pub data: [u8; 32],
}

impl Evidence {
    pub(crate) fn new(kernel: &Kernel, signing: Signing<'_>) -> Result<Self, Failure> {
        let missing = || Failure::new("a presented mandate misses a step");
        let Signing { row, draft, method, aidant, hand_over, strokes, code, to_sign, data } = signing;
        let (person, terms) = (draft.person.as_ref().ok_or_else(missing)?, draft.terms.as_ref().ok_or_else(missing)?);
        let (now, presented_at) = (kernel.now(), row.presented_at.ok_or_else(missing)?);
        let phone = if method.proves_phone() { papers::draft_phone(person)? } else { None };
        Ok(Self {
            v: 2,
            id: kernel.chance.uuid(now),
            mandate: row.id,
            number: row.number.clone().ok_or_else(missing)?,
            usager: draft.whom.as_ref().map(crate::whom::Whom::id),
            template: paper::MANDATE_TEMPLATE.to_owned(),
            template_sha256: HEXLOWER.encode(&paper::mandate_template_sha256()),
            data_sha256: HEXLOWER.encode(&data),
            presented_sha256: HEXLOWER.encode(row.presented_sha256.as_deref().ok_or_else(missing)?),
            language: "fr".to_owned(),
            method,
            structure: row.structure,
            aidant,
            hand_over,
            identity_check: person.identity_check.as_str().to_owned(),
            identity_checked_by: Some(row.aidant),
            presented_at: presented_at.micros(),
            powers: terms.powers.clone(),
            valid_from: Date::at(presented_at).iso(),
            ends_at: row.ends_at.ok_or_else(missing)?.micros(),
            drawn: strokes
                .as_ref()
                .map(|strokes| Drawn { svg_sha256: HEXLOWER.encode(&sha256(strokes.svg().as_bytes())), points: strokes.points() }),
            strokes,
            otp: code.map(|code| Otp { code: code.id, sent_at: code.sent_at, accepted_at: code.accepted_at, tries: code.tries }),
            print: to_sign.map(|sum| Print { to_sign_sha256: HEXLOWER.encode(&sum), witness: aidant }),
            code_channel: phone.as_ref().map(|_| "sms".to_owned()),
            phone_index: phone.as_ref().map(|phone| HEXLOWER.encode(&kernel.vault.index("phone.number", phone.e164()))),
            phone_end: phone.as_ref().map(|phone| phone.last_digits().to_owned()),
            signed_at: now,
            clock: "server".to_owned(),
        })
    }
}

/// Part B: the document with both signatures exists. Its hash goes into the entry that makes the mandate active, which it names.
#[derive(Serialize)]
pub(crate) struct Sealing {
    pub v: u8,
    pub mandate: MandateId,
    pub evidence_a_sha256: String,
    /// SHA-256 of the document with both signatures.
    pub document_sha256: String,
    pub countersigned: Confirmed,
    /// Another helper, who heard the person say yes.
    pub attestant: Option<Confirmed>,
    pub provisional_until: Option<Timestamp>,
    pub journal: InJournal,
}

/// A helper who confirmed with a time-based code typed in the form of the act.
#[derive(Serialize)]
pub(crate) struct Confirmed {
    pub staff: StaffId,
    pub method: &'static str,
    pub at: Timestamp,
}

impl Confirmed {
    pub(crate) fn by_code(staff: StaffId, at: Timestamp) -> Self {
        Self { staff, method: "password_totp", at }
    }
}

/// Where the journal says the same: a log, and the act that its entries share.
#[derive(Serialize)]
pub(crate) struct InJournal {
    pub log: String,
    pub act: Uuid,
}

/// The photographs of a print signed by hand.
#[derive(Serialize)]
pub(crate) struct Photographs {
    pub v: u8,
    pub mandate: MandateId,
    pub evidence_a_sha256: String,
    /// None for a mandate made active before there was a part B.
    pub evidence_b_sha256: Option<String>,
    pub pages: Vec<Photograph>,
    /// Where the print itself is kept.
    pub original: &'static str,
    pub closed: Confirmed,
    pub journal: InJournal,
}

/// A page, as it came.
#[derive(Serialize)]
pub(crate) struct Photograph {
    pub sha256: String,
    pub media: String,
    pub bytes: i64,
}
