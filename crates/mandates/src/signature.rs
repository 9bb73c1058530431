//! The person reads and signs, on the lent screen: a drawing and a code received on their phone; or, for who cannot
//! draw, the code alone, which leaves the mandate provisional for 72 hours.
//!
//! The code is bound to the hash of the document that was shown. The evidence is one JSON text (JCS, RFC 8785), closed here;
//! its hash is printed on the mandate. A simple electronic signature with evidence of its context (eIDAS, article 25; civil code,
//! articles 1366 and 1367): neither address of the network nor pressure of the finger is kept.

use data_encoding::HEXLOWER;
use maincourante_identity::{self as identity, CodeAnswer, CodeSend, HandOver, Purpose};
use maincourante_journal::Event;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::{Failure, Kernel, Secret, Timestamp, Tx};
use maincourante_paper::{self as paper, Strokes};
use ring::digest;
use serde::{Deserialize, Serialize};

use crate::draft::{Draft, PersonDraft, Terms};
use crate::entries::{self, About, SignedEntry};
use crate::papers::{self, PaperKind};
use crate::store::mandates::{self as store, MandateRow};
use crate::{Happening, MandateId, Mandates, Power, State, Structure, aidants, prepare, transition};

/// What the person reads before signing.
pub struct ToSign {
    /// Who signs.
    pub person: PersonDraft,
    /// Their address to be.
    pub address: String,
    /// What they allow, and what they refuse.
    pub powers: Vec<(Power, bool)>,
    /// The last day.
    pub last_day: Date,
    /// With whom.
    pub structure: Structure,
    /// The last two digits of the phone that receives the code.
    pub phone_end: String,
}

/// Where the signing stands, for the lent screen.
pub enum Signing {
    /// To be read and signed.
    Open(Box<ToSign>),
    /// Signed on this screen.
    Signed,
    /// Refused on this screen.
    Refused,
    /// Not to be signed any more.
    Closed,
}

struct Case {
    row: MandateRow,
    draft: Draft,
    structure: Structure,
}

/// What the lent screen shows.
pub async fn look(context: &Mandates, screen: &HandOver) -> Result<Signing, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let Some(row) = find(&mut tx, screen).await? else { return Ok(Signing::Closed) };
    match (row.state.parse::<State>()?, screen.completed_at()) {
        (State::Presented, None) => {}
        (State::Signed | State::Active, Some(_)) => return Ok(Signing::Signed),
        (State::Refused, Some(_)) => return Ok(Signing::Refused),
        _ => return Ok(Signing::Closed),
    }
    let Some(case) = open(&mut tx, &context.identity.kernel, screen, row).await? else { return Ok(Signing::Closed) };
    let (person, address, terms) = parts(case.draft)?;
    Ok(Signing::Open(Box::new(ToSign {
        phone_end: papers::draft_phone(&person)?.last_digits().to_owned(),
        powers: case.structure.offered.iter().map(|&power| (power, terms.powers.contains(&power))).collect(),
        last_day: last_day(&case.row)?,
        structure: case.structure,
        person,
        address,
    })))
}

/// Sends the code to the person's phone; none when there is nothing to sign.
pub async fn send_code(context: &Mandates, screen: &HandOver) -> Result<Option<CodeSend>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(case) = presented(&mut tx, kernel, screen).await? else { return Ok(None) };
    let (person, ..) = parts(case.draft)?;
    let phone = papers::draft_phone(&person)?;
    let send = identity::send_code(&mut tx, &context.identity, screen, &phone, &case.structure.name).await?;
    tx.commit().await?;
    Ok(Some(send))
}

/// How the person signs.
pub enum Gesture {
    /// With a drawing: the strokes, as the browser sends them.
    Drawn(String),
    /// By code alone.
    CodeAlone,
}

/// What signing gave.
pub enum Sign {
    /// Signed.
    Signed {
        /// For the cookie: the screen goes on under a new token.
        token: Secret<String>,
    },
    /// The code is not the one.
    WrongCode {
        /// Tries left.
        left: i64,
    },
    /// The code is too old, or was never sent: ask for another.
    CodeOver,
    /// The drawing is empty, or too small to be a signature.
    NoDrawing,
    /// Not to be signed any more.
    Closed,
}

/// The person signs. The drawing is judged before the code, so that a bad one costs no try.
pub async fn sign(context: &Mandates, screen: &HandOver, code: &Secret<String>, gesture: Gesture) -> Result<Sign, Failure> {
    let kernel = &context.identity.kernel;
    let strokes = match gesture {
        Gesture::Drawn(points) => match read_strokes(&points) {
            Some(strokes) => Some(strokes),
            None => return Ok(Sign::NoDrawing),
        },
        Gesture::CodeAlone => None,
    };
    let mut tx = kernel.db.write().await?;
    let Some(case) = presented(&mut tx, kernel, screen).await? else { return Ok(Sign::Closed) };
    let (usager, name) = case.draft.who().ok_or_else(|| Failure::new("a presented mandate misses its person"))?;
    let about = About { usager, name: &name };
    let token = match identity::prove_phone(&mut tx, &context.identity, screen, code).await? {
        CodeAnswer::Right { token } => token,
        wrong @ (CodeAnswer::Wrong { .. } | CodeAnswer::Over) => {
            let asked = (case.structure.id, case.structure.name.as_str(), case.row.id);
            entries::wrong_code(&mut tx, kernel, Event::MandateSigned, asked, &about).await?;
            tx.commit().await?;
            return Ok(if let CodeAnswer::Wrong { left } = wrong { Sign::WrongCode { left } } else { Sign::CodeOver });
        }
    };
    let to = transition(State::Presented, Happening::Sign)?;
    let now = kernel.now();
    if !store::move_to(&mut tx, case.row.id, State::Presented.as_str(), to.as_str(), now).await?
        || !identity::complete(&mut tx, kernel, screen).await?
    {
        return Ok(Sign::Closed);
    }
    let evidence = evidence(kernel, screen, &case, strokes)?;
    let text = serde_json_canonicalizer::to_vec(&evidence)?;
    let sha256 = digest::digest(&digest::SHA256, &text);
    let method = evidence.method.as_str();
    store::mark_signed(&mut tx, case.row.id, method, sha256.as_ref(), now).await?;
    papers::keep_before(&mut tx, kernel, case.row.id, PaperKind::Evidence, &text).await?;
    let entry = SignedEntry {
        structure: case.structure.id,
        structure_name: &case.structure.name,
        mandate: case.row.id,
        about,
        method,
        presented_sha256: &HEXLOWER.encode(screen.shown()),
        evidence_sha256: &HEXLOWER.encode(sha256.as_ref()),
    };
    entries::signed(&mut tx, kernel, entry).await?;
    tx.commit().await?;
    Ok(Sign::Signed { token })
}

/// The person does not want to sign: what was written of them is wiped. False when there is nothing to refuse.
pub async fn refuse(context: &Mandates, screen: &HandOver) -> Result<bool, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(case) = presented(&mut tx, kernel, screen).await? else { return Ok(false) };
    let to = transition(State::Presented, Happening::Refuse)?;
    if !store::move_to(&mut tx, case.row.id, State::Presented.as_str(), to.as_str(), kernel.now()).await? {
        return Ok(false);
    }
    identity::complete(&mut tx, kernel, screen).await?;
    if let Some((usager, name)) = case.draft.who() {
        let about = About { usager, name: &name };
        entries::refused_by_person(&mut tx, kernel, (case.structure.id, &case.structure.name), case.row.id, &about).await?;
        entries::forget(&mut tx, kernel, usager).await?;
    }
    store::wipe(&mut tx, case.row.id).await?;
    tx.commit().await?;
    Ok(true)
}

/// What proves a signature, closed at the moment of it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Evidence {
    v: u8,
    id: uuid::Uuid,
    mandate: MandateId,
    template: String,
    presented_sha256: String,
    method: Method,
    structure: crate::StructureId,
    aidant: identity::StaffId,
    hand_over: identity::HandOverId,
    identity_check: String,
    presented_at: i64,
    powers: Vec<Power>,
    ends_at: i64,
    pub strokes: Option<Strokes>,
    code_channel: String,
    /// The code proves the phone: its blind index, which finds it again without telling it.
    phone_index: String,
    pub phone_end: String,
    pub signed_at: Timestamp,
}

/// How a person signed.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Method {
    DrawnAndSms,
    SmsOnly,
}

impl Method {
    fn as_str(self) -> &'static str {
        match self {
            Self::DrawnAndSms => "drawn_and_sms",
            Self::SmsOnly => "sms_only",
        }
    }
}

fn evidence(kernel: &Kernel, screen: &HandOver, case: &Case, strokes: Option<Strokes>) -> Result<Evidence, Failure> {
    let missing = || Failure::new("a presented mandate misses a step");
    let person = case.draft.person.as_ref().ok_or_else(missing)?;
    let terms = case.draft.terms.as_ref().ok_or_else(missing)?;
    let now = kernel.now();
    Ok(Evidence {
        v: 1,
        id: kernel.chance.uuid(now),
        mandate: case.row.id,
        template: paper::MANDATE_TEMPLATE.to_owned(),
        presented_sha256: HEXLOWER.encode(screen.shown()),
        method: if strokes.is_some() { Method::DrawnAndSms } else { Method::SmsOnly },
        structure: case.structure.id,
        aidant: screen.staff(),
        hand_over: screen.id(),
        identity_check: person.identity_check.as_str().to_owned(),
        presented_at: case.row.presented_at.ok_or_else(missing)?.micros(),
        powers: terms.powers.clone(),
        ends_at: case.row.ends_at.ok_or_else(missing)?.micros(),
        strokes,
        code_channel: "sms".to_owned(),
        phone_index: HEXLOWER.encode(&kernel.vault.index("phone.number", &person.phone)),
        phone_end: papers::draft_phone(person)?.last_digits().to_owned(),
        signed_at: now,
    })
}

async fn find(tx: &mut Tx, screen: &HandOver) -> Result<Option<MandateRow>, Failure> {
    match screen.purpose() {
        Purpose::Sign => store::find(tx, MandateId::from(screen.subject())).await,
        Purpose::ChooseSecret => Ok(None),
    }
}

/// The mandate, while it is the one that the person was shown and its lender still works for the structure.
async fn open(tx: &mut Tx, kernel: &Kernel, screen: &HandOver, row: MandateRow) -> Result<Option<Case>, Failure> {
    let Some(sealed) = &row.draft else { return Ok(None) };
    if row.presented_sha256.as_deref() != Some(screen.shown()) || !aidants::works_for(tx, screen.staff(), row.structure).await? {
        return Ok(None);
    }
    let draft = prepare::unseal(kernel, row.id, sealed)?;
    let structure = papers::structure_of(tx, &row).await?;
    Ok(Some(Case { row, draft, structure }))
}

async fn presented(tx: &mut Tx, kernel: &Kernel, screen: &HandOver) -> Result<Option<Case>, Failure> {
    let Some(row) = find(tx, screen).await? else { return Ok(None) };
    if row.state.parse::<State>()? != State::Presented || screen.completed_at().is_some() {
        return Ok(None);
    }
    open(tx, kernel, screen, row).await
}

pub(crate) fn parts(draft: Draft) -> Result<(PersonDraft, String, Terms), Failure> {
    match draft {
        Draft { person: Some(person), address: Some(address), terms: Some(terms), .. } => Ok((person, address, terms)),
        _ => Err(Failure::new("a presented mandate misses a step")),
    }
}

/// The last day of a mandate, whose end is the first instant of the next one.
pub(crate) fn last_day(row: &MandateRow) -> Result<Date, Failure> {
    let end = row.ends_at.ok_or_else(|| Failure::new("a presented mandate has no end"))?;
    Ok(Date::at(end).plus_days(-1))
}

/// Strokes as the browser writes them: `{"h":357,"s":[[x,y,x,y,…],…]}`, thousandths of the width.
fn read_strokes(points: &str) -> Option<Strokes> {
    #[derive(Deserialize)]
    struct Drawn {
        h: u16,
        s: Vec<Vec<u16>>,
    }
    const LONGEST: usize = 100_000;
    if points.len() > LONGEST {
        return None;
    }
    let drawn: Drawn = serde_json::from_str(points).ok()?;
    let clamp = |pair: &[u16]| Some((*pair.first()?.min(&1000), *pair.get(1)?.min(&drawn.h)));
    let strokes: Vec<Vec<_>> = drawn.s.iter().map(|stroke| stroke.chunks(2).filter_map(clamp).collect()).collect();
    let ink = || strokes.iter().flatten();
    let wide = ink().map(|point| point.0).max()? - ink().map(|point| point.0).min()?;
    // A dot is not a signature: a twentieth of the width and a handful of points.
    if ink().count() < 5 || wide < 50 {
        return None;
    }
    Strokes::new(1000, drawn.h, strokes).ok()
}
