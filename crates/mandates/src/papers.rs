//! The papers of a mandate: the document shown, the evidence, the document signed; and the welcome sheet.
//!
//! Before the account exists they are sealed under the vault; from activation on, under the person's record key:
//! destroying that key destroys them wherever a copy of the base lies.

use maincourante_identity::{Own, UsagerId, find_person, verified_phone};
use maincourante_journal::{Event, SubjectKind, record_key};
use maincourante_kernel::calendar::Date;
use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};
use maincourante_paper as paper;
use zeroize::Zeroizing;

use crate::draft::{IdentityCheck, PersonDraft};
use crate::entries::{self, About};
use crate::store::mandates::{self as store, MandateRow};
use crate::store::structures;
use crate::whom::Account;
use crate::{MandateId, Mandates, Power, SignedInAidant, State, Structure, prepare};

/// Which paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PaperKind {
    /// The document shown before signing.
    Presented,
    /// The data from which it was composed, as JSON (JCS).
    Data,
    /// The print to sign by hand.
    ToSign,
    /// Part A of the evidence, closed before the last rendering.
    Evidence,
    /// Part B of the evidence, written after it.
    Sealing,
    /// The evidence of the photographs of the signed print.
    Photographs,
    /// The document with both signatures.
    Signed,
}

impl PaperKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Presented => "presented",
            Self::Data => "data",
            Self::ToSign => "to_sign",
            Self::Evidence => "evidence",
            Self::Sealing => "sealing",
            Self::Photographs => "photographs",
            Self::Signed => "signed",
        }
    }
}

const COLUMN: &str = "mandate.paper";

fn place(mandate: MandateId, kind: PaperKind) -> Vec<u8> {
    [mandate.uuid().as_bytes(), kind.as_str().as_bytes()].concat()
}

/// Keeps a paper of a mandate whose person has no account yet.
pub(crate) async fn keep_before(tx: &mut Tx, kernel: &Kernel, mandate: MandateId, kind: PaperKind, bytes: &[u8]) -> Result<(), Failure> {
    let sealed = kernel.vault.seal(COLUMN, &place(mandate, kind), bytes, &kernel.chance);
    store::put_paper(tx, mandate, kind.as_str(), &sealed, kernel.now()).await
}

/// Keeps a paper under the record key of its person.
pub(crate) async fn keep_for(
    tx: &mut Tx,
    kernel: &Kernel,
    usager: UsagerId,
    mandate: MandateId,
    kind: PaperKind,
    bytes: &[u8],
) -> Result<(), Failure> {
    let key = record_key(tx, kernel, SubjectKind::Usager, usager.uuid(), COLUMN)
        .await?
        .ok_or_else(|| Failure::new("the record key of this person is destroyed"))?;
    let sealed = key.seal(&place(mandate, kind), bytes, &kernel.chance);
    store::put_paper(tx, mandate, kind.as_str(), &sealed, kernel.now()).await
}

/// Reads a paper of a mandate whose person has no account yet.
pub(crate) async fn read_before(
    tx: &mut Tx,
    kernel: &Kernel,
    mandate: MandateId,
    kind: PaperKind,
) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    match store::find_paper(tx, mandate, kind.as_str()).await? {
        Some(sealed) => Ok(Some(kernel.vault.open(COLUMN, &place(mandate, kind), &sealed)?)),
        None => Ok(None),
    }
}

pub(crate) async fn read_for(
    tx: &mut Tx,
    kernel: &Kernel,
    usager: UsagerId,
    mandate: MandateId,
    kind: PaperKind,
) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let Some(sealed) = store::find_paper(tx, mandate, kind.as_str()).await? else { return Ok(None) };
    match record_key(tx, kernel, SubjectKind::Usager, usager.uuid(), COLUMN).await? {
        Some(key) => Ok(Some(key.open(&place(mandate, kind), &sealed)?)),
        None => Ok(None),
    }
}

/// A file to give: its name and its bytes.
pub struct Paper {
    /// Safe to be a file name.
    pub file_name: String,
    /// PDF.
    pub pdf: Zeroizing<Vec<u8>>,
}

/// The mandate that the person signed, for themselves.
pub async fn signed_for_usager(context: &Mandates, own: &Own, mandate: MandateId) -> Result<Option<Paper>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let Some(row) = store::find(&mut tx, mandate).await?.filter(|row| row.usager == Some(own.usager())) else { return Ok(None) };
    read_signed(&mut tx, context, &row, own.usager()).await
}

/// The mandate that a person signed with the aidant's structure. Reading it leaves a journal entry.
pub async fn signed_for_aidant(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Option<Paper>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(row) = store::find_current(&mut tx, usager, aidant.structure().id, kernel.now()).await? else { return Ok(None) };
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(None) };
    entries::viewed(&mut tx, kernel, aidant, Event::MandateDocumentViewed, &About { usager, name: &person.name() }, "mandate").await?;
    let paper = read_signed(&mut tx, context, &row, usager).await?;
    tx.commit().await?;
    Ok(paper)
}

/// The same, for an older one: what was signed stays readable.
pub async fn older_for_aidant(
    context: &Mandates,
    aidant: &SignedInAidant,
    usager: UsagerId,
    mandate: MandateId,
) -> Result<Option<Paper>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let mut all = store::find_all_with(&mut tx, usager, aidant.structure().id).await?;
    let Some(at) = all.iter().position(|row| row.id == mandate) else { return Ok(None) };
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(None) };
    entries::viewed(&mut tx, kernel, aidant, Event::MandateDocumentViewed, &About { usager, name: &person.name() }, "mandate").await?;
    let paper = read_signed(&mut tx, context, &all.swap_remove(at), usager).await?;
    tx.commit().await?;
    Ok(paper)
}

async fn read_signed(tx: &mut Tx, context: &Mandates, row: &MandateRow, usager: UsagerId) -> Result<Option<Paper>, Failure> {
    let pdf = read_for(tx, &context.identity.kernel, usager, row.id, PaperKind::Signed).await?;
    let number = row.number.as_deref().unwrap_or_default();
    Ok(pdf.map(|pdf| Paper { file_name: format!("mandat-{number}.pdf"), pdf }))
}

/// The document shown before signing, for the aidant who prepares it.
pub async fn presented_for_aidant(context: &Mandates, aidant: &SignedInAidant, mandate: MandateId) -> Result<Option<Paper>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let Some(row) = store::find(&mut tx, mandate).await?.filter(|row| row.structure == aidant.structure().id && row.usager.is_none())
    else {
        return Ok(None);
    };
    let number = row.number.unwrap_or_default();
    let pdf = read_before(&mut tx, &context.identity.kernel, mandate, PaperKind::Presented).await?;
    Ok(pdf.map(|pdf| Paper { file_name: format!("projet-de-mandat-{number}.pdf"), pdf }))
}

/// The print to sign by hand, for a mandate that is not signed yet: made once, so that its hash is one. It leaves an entry.
pub async fn to_sign(context: &Mandates, aidant: &SignedInAidant, mandate: MandateId) -> Result<Option<Paper>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Some(row) = store::find(&mut tx, mandate).await?.filter(|row| row.structure == aidant.structure().id && row.usager.is_none())
    else {
        return Ok(None);
    };
    let (Some(number), Some(sealed), Some(shown)) = (row.number.clone(), &row.draft, &row.presented_sha256) else { return Ok(None) };
    let kept = read_before(&mut tx, kernel, mandate, PaperKind::ToSign).await?;
    drop(tx);
    let draft = prepare::unseal(kernel, mandate, sealed)?;
    let Some((usager, name)) = draft.who() else { return Ok(None) };
    let pdf = match kept {
        Some(pdf) => pdf,
        None if row.state.parse::<State>()? == State::Presented => {
            let (account, follows) = (draft.account(), draft.follows.clone());
            let (person, address, terms) = crate::signature::parts(draft)?;
            let words = Words {
                number: number.clone(),
                structure: aidant.structure(),
                aidant: aidant.name(),
                person: &person,
                address: &address,
                powers: &terms.powers,
                account,
                follows: follows.as_deref(),
                start: Date::at(row.presented_at.unwrap_or(row.begun_at)),
                end: crate::signature::last_day(&row)?,
                made_at: kernel.now(),
            };
            let presented_sha256 = <[u8; 32]>::try_from(shown.as_slice()).map_err(|_| Failure::new("a hash has 32 bytes"))?;
            Zeroizing::new(render(context, words, paper::Standing::ToSign { presented_sha256 }).await?.pdf)
        }
        None => return Ok(None),
    };
    let mut tx = kernel.db.write().await?;
    // Changed while it was composed: what was printed is not what would be signed.
    if store::find(&mut tx, mandate).await?.is_none_or(|now| now.presented_sha256 != row.presented_sha256) {
        return Ok(None);
    }
    keep_before(&mut tx, kernel, mandate, PaperKind::ToSign, &pdf).await?;
    entries::viewed(&mut tx, kernel, aidant, Event::MandatePrinted, &About { usager, name: &name }, "to_sign").await?;
    tx.commit().await?;
    Ok(Some(Paper { file_name: format!("mandat-a-signer-{number}.pdf"), pdf }))
}

/// The same, once the account is open and the mandate waits for it.
pub async fn to_sign_again(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Option<Paper>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let structure = aidant.structure().id;
    // The one that waits for it; once it is there, the one that counts.
    let row = match crate::prints::waiting(&mut tx, usager, structure).await? {
        Some(row) => Some(row),
        None => store::find_current(&mut tx, usager, structure, kernel.now()).await?,
    };
    let Some(row) = row else { return Ok(None) };
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(None) };
    let Some(pdf) = read_for(&mut tx, kernel, usager, row.id, PaperKind::ToSign).await? else { return Ok(None) };
    entries::viewed(&mut tx, kernel, aidant, Event::MandatePrinted, &About { usager, name: &person.name() }, "to_sign").await?;
    tx.commit().await?;
    Ok(Some(Paper { file_name: format!("mandat-a-signer-{}.pdf", row.number.unwrap_or_default()), pdf }))
}

/// The sheet that the person takes home: their address, where to sign in, whom to call. No secret on it.
pub async fn welcome_sheet(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Option<Paper>, Failure> {
    let kernel = &context.identity.kernel;
    let structure = aidant.structure();
    let mut tx = kernel.db.write().await?;
    if store::find_current(&mut tx, usager, structure.id, kernel.now()).await?.is_none() {
        return Ok(None);
    }
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(None) };
    let phone = verified_phone(&mut tx, kernel, usager).await?;
    entries::viewed(&mut tx, kernel, aidant, Event::MandatePrinted, &About { usager, name: &person.name() }, "welcome_sheet").await?;
    tx.commit().await?;
    let sheet = paper::WelcomeSheet {
        service: context.identity.service.name.clone(),
        service_url: context.imprint.web_address.clone(),
        person: person.name(),
        mail: person.address,
        recovery_phone: phone.map(|phone| paper::PhoneEnd::of(&phone.number)),
        help: paper::HelpDesk { name: structure.name.clone(), phone: structure.phone.clone(), hours: structure.opening_hours.clone() },
        made_at: kernel.now(),
    };
    let press = context.press.clone();
    let sheet = tokio::task::spawn_blocking(move || press.welcome_sheet(&sheet)).await??;
    Ok(Some(Paper { file_name: "bienvenue.pdf".to_owned(), pdf: Zeroizing::new(sheet.pdf) }))
}

/// What a document says, before it is known whether it binds.
pub(crate) struct Words<'a> {
    pub number: String,
    pub structure: &'a Structure,
    pub aidant: &'a str,
    pub person: &'a PersonDraft,
    pub address: &'a str,
    pub powers: &'a [Power],
    pub account: Account,
    /// The number of the mandate that this one comes after.
    pub follows: Option<&'a str>,
    pub start: Date,
    pub end: Date,
    pub made_at: Timestamp,
}

/// Renders a mandate, away from the threads that answer pages.
pub(crate) async fn render(context: &Mandates, words: Words<'_>, standing: paper::Standing) -> Result<paper::Sheet, Failure> {
    Ok(print(context, words, standing).await?.0)
}

/// The same, with the data it was composed from (JCS).
pub(crate) async fn print(context: &Mandates, words: Words<'_>, standing: paper::Standing) -> Result<(paper::Sheet, Vec<u8>), Failure> {
    let document = document(context, words, standing)?;
    let data = serde_json_canonicalizer::to_vec(&document)?;
    let press = context.press.clone();
    Ok((tokio::task::spawn_blocking(move || press.mandate(&document)).await??, data))
}

fn document(context: &Mandates, words: Words<'_>, standing: paper::Standing) -> Result<paper::MandateDocument, Failure> {
    let Words { number, structure, aidant, person, address, powers, account, follows, start, end, made_at } = words;
    // What the structure does not offer was not refused: the person was never asked.
    let offered = account.offered(&structure.offered);
    let choice = |power: Power| match (powers.contains(&power), offered.contains(&power)) {
        (true, _) => paper::Choice::Granted,
        (false, true) => paper::Choice::Refused,
        (false, false) => paper::Choice::NotOffered,
    };
    let birth_date = Date::parse(&person.birth_date).ok_or_else(|| Failure::new("a stored birth date does not parse"))?;
    Ok(paper::MandateDocument {
        number,
        service: context.identity.service.name.clone(),
        made_at,
        standing,
        structure: paper::StructureCard {
            name: structure.name.clone(),
            siret: structure.siret.clone(),
            address: structure.postal_address.clone(),
            phone: structure.phone.clone(),
            hours: structure.opening_hours.clone(),
        },
        aidant: aidant.to_owned(),
        person: paper::PersonCard {
            given_names: person.given_names.clone(),
            family_name: person.family_name.clone(),
            birth_date,
            birthplace: person.birthplace.clone(),
            mail: address.to_owned(),
        },
        opens_account: account == Account::ToOpen,
        follows: follows.map(str::to_owned),
        identity: match person.identity_check {
            IdentityCheck::PaperSeen => paper::IdentityCheck::IdentityPaper,
            IdentityCheck::KnownPerson => paper::IdentityCheck::FaceToFace,
        },
        powers: paper::Powers {
            create_account: choice(Power::CreateAccount),
            give_access_back: choice(Power::GiveAccessBack),
            change_phone: paper::Choice::NotOffered,
            link_franceconnect: paper::Choice::NotOffered,
            help_in_presence: paper::Choice::NotOffered,
            deposit_document: paper::Choice::NotOffered,
        },
        start,
        end,
        data_protection: paper::DataProtection {
            controller: context.imprint.controller.clone(),
            contact: context.imprint.data_contact.clone(),
        },
    })
}

/// The phone of a draft, when the person has one with them.
pub(crate) fn draft_phone(person: &PersonDraft) -> Result<Option<PhoneNumber>, Failure> {
    let phone = person.phone.as_deref().map(str::parse).transpose();
    phone.map_err(|_| Failure::new("a stored phone number does not parse"))
}

/// The structure of a mandate, which cannot have disappeared.
pub(crate) async fn structure_of(tx: &mut Tx, row: &MandateRow) -> Result<Structure, Failure> {
    let found = structures::find(tx, row.structure).await?.map(Structure::from_row).transpose()?;
    found.ok_or_else(|| Failure::new("the structure of a mandate is closed"))
}
