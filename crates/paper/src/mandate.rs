//! What a mandate says, in types: a power left unsaid or a signature without its countersignature cannot be written.
//!
//! These values are owned and can be stored: a draft is shown, signed, then printed again with its signature.
//! Who may sign is decided elsewhere (`mandates`); the words are in `templates/paper/mandate.typ`.
//! What it must contain: Code civil articles 1984 to 2010 (mandate), GDPR articles 13 and 14 (notice).

use std::fmt;

use maincourante_kernel::Timestamp;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::phone::PhoneNumber;
use serde::{Deserialize, Serialize};

use crate::strokes::Strokes;

/// A mandate to print.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MandateDocument {
    /// Its number, printed on each page.
    pub number: String,
    /// The name the territory gave its service.
    pub service: String,
    /// When this paper is made; it dates the file, and nothing else does.
    pub made_at: Timestamp,
    /// Whether it binds.
    pub standing: Standing,
    /// Who helps.
    pub structure: StructureCard,
    /// The helper who opened it.
    pub aidant: String,
    /// Who is helped.
    pub person: PersonCard,
    /// Whether it opens an account; otherwise the person has one already.
    #[serde(default = "opens_account")]
    pub opens_account: bool,
    /// The number of the mandate with the same structure that this one comes after.
    #[serde(default)]
    pub follows: Option<String>,
    /// How it was made sure that they are who they say.
    pub identity: IdentityCheck,
    /// What was said yes and no to.
    pub powers: Powers,
    /// First day.
    #[serde(with = "iso")]
    pub start: Date,
    /// Last day, whole.
    #[serde(with = "iso")]
    pub end: Date,
    /// Who answers for personal data.
    pub data_protection: DataProtection,
}

/// As every mandate did before there were others.
fn opens_account() -> bool {
    true
}

/// Whether a mandate binds.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Standing {
    /// A project, shown before anyone signs; each page says so.
    Draft,
    /// To be signed by hand on this very print; each page bears the fingerprint of the draft that was shown.
    ToSign {
        /// SHA-256 of the draft that was shown.
        presented_sha256: [u8; 32],
    },
    /// Signed, but something is still missing; it falls at this hour.
    Provisional {
        /// When it falls unless it is confirmed.
        until: Timestamp,
        /// What was signed.
        agreement: Agreement,
    },
    /// Signed by both.
    Signed(Agreement),
}

/// Both signatures, with the fingerprints that bind them.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The person's.
    pub signature: Signature,
    /// The helper's.
    pub countersignature: Countersignature,
    /// Where it was signed, if said.
    pub place: Option<String>,
    /// SHA-256 of the draft that was shown before signing.
    pub presented_sha256: [u8; 32],
    /// SHA-256 of the record of evidence, closed before this paper was made.
    pub evidence_sha256: [u8; 32],
}

/// How the person signed, and when.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// By which means.
    pub method: Method,
    /// Last digits of the phone that received the code, when there was one.
    pub phone_end: Option<PhoneEnd>,
    /// When the code was accepted, or the drawing, or the paper declared signed.
    pub signed_at: Timestamp,
}

/// The means of a signature.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Method {
    /// Drawn on the screen, with a code received by text message.
    DrawnAndSms(Strokes),
    /// A spoken yes and a code received by text message, for who cannot draw.
    SmsOnly,
    /// Drawn on the screen before the helper, the print being signed too: for who has no phone.
    DrawnAndPrint(Strokes),
    /// By hand, on the print.
    Print,
}

/// The helper's signature.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Countersignature {
    /// Who countersigned.
    pub aidant: String,
    /// When.
    pub at: Timestamp,
    /// Another helper who heard the person say yes, if there was one.
    #[serde(default)]
    pub attestant: Option<String>,
}

/// The structure, as the mandate shows it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct StructureCard {
    /// Its name.
    pub name: String,
    /// Its SIRET, with or without spaces.
    pub siret: String,
    /// Its postal address, on one line.
    pub address: String,
    /// The number to call to ask or to stop.
    pub phone: String,
    /// When someone answers: "du lundi au vendredi, de 9 h à 17 h".
    pub hours: String,
}

/// The person, as the mandate shows them.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonCard {
    /// Given names.
    pub given_names: String,
    /// Family name.
    pub family_name: String,
    /// Birth date.
    #[serde(with = "iso")]
    pub birth_date: Date,
    /// Birthplace, if known.
    pub birthplace: Option<String>,
    /// Their mail address.
    pub mail: String,
}

/// How an identity was checked. Neither copy nor number of a paper is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityCheck {
    /// Face to face, with an identity paper.
    IdentityPaper,
    /// Face to face, by someone who knows the person.
    FaceToFace,
    /// By FranceConnect.
    FranceConnect,
}

/// What a person decided of one power.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// They said yes.
    Granted,
    /// They said no; the mandate says so.
    Refused,
    /// They were not asked: this service, or this structure, does not offer it. The mandate is silent about it.
    NotOffered,
}

/// Every power there is, each with its choice: a mandate cannot be silent about one that was offered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Powers {
    /// Create the account and the address.
    pub create_account: Choice,
    /// Give access back by lending the screen.
    pub give_access_back: Choice,
    /// Change the recovery phone.
    pub change_phone: Choice,
    /// Link FranceConnect.
    pub link_franceconnect: Choice,
    /// Help beside the person, who signs in.
    pub help_in_presence: Choice,
    /// Deposit a document, write-only.
    pub deposit_document: Choice,
}

/// Who answers for personal data, and where to write to them.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DataProtection {
    /// The controller (GDPR article 4(7)), with its article: "le syndicat mixte Vaudorme Numérique".
    pub controller: String,
    /// Where to exercise one's rights.
    pub contact: String,
}

/// The last two digits of a phone number, the only ones ever shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneEnd(String);

impl PhoneEnd {
    /// The end of this number.
    pub fn of(number: &PhoneNumber) -> Self {
        Self(number.last_digits().to_owned())
    }

    /// The two digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PhoneEnd {
    type Error = &'static str;

    fn try_from(digits: String) -> Result<Self, &'static str> {
        if digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit()) { Ok(Self(digits)) } else { Err("not two digits") }
    }
}

impl From<PhoneEnd> for String {
    fn from(end: PhoneEnd) -> Self {
        end.0
    }
}

// A mandate is all personal data: a log learns its number and nothing more.
impl fmt::Debug for MandateDocument {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "MandateDocument({}, …)", self.number)
    }
}

/// Days are stored as ISO 8601.
mod iso {
    use maincourante_kernel::calendar::Date;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&day.iso())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
        Date::parse(&String::deserialize(from)?).ok_or_else(|| Error::custom("not a day"))
    }
}
