//! The person reads and signs: on the lent screen, with a drawing and a code received on their phone; with a spoken yes and
//! the code, for who cannot draw; with a drawing alone before the aidant, for who has no phone; or by hand, on a print.
//! All but the first leave the mandate provisional for 72 hours, until someone else heard it, or the print is photographed.
//!
//! The code is bound to the hash of the document that was shown. The evidence is closed here, and its hash printed on the mandate.

use data_encoding::HEXLOWER;
use maincourante_identity::{self as identity, CodeAnswer, CodeSend, HandOver, Purpose};
use maincourante_journal::Event;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::{Failure, Kernel, Secret, Tx};
use maincourante_paper::Strokes;
use serde::Deserialize;

use crate::draft::{Draft, PersonDraft, Terms};
use crate::entries::{self, About, SignedEntry};
use crate::evidence::{self, Closed, Evidence, Method};
use crate::papers::{self, PaperKind};
use crate::store::mandates::{self as store, MandateRow};
use crate::whom::{Account, Whom};
use crate::{Happening, MandateId, Mandates, Power, SignedInAidant, State, Structure, aidants, prepare, transition};

/// What the person reads before signing.
pub struct ToSign {
    /// Who signs.
    pub person: PersonDraft,
    /// Their address, or what it will be.
    pub address: String,
    /// What they allow, and what they refuse.
    pub powers: Vec<(Power, bool)>,
    /// The last day.
    pub last_day: Date,
    /// With whom.
    pub structure: Structure,
    /// Whether an account is to be opened.
    pub account: Account,
    /// The number of the mandate that this one comes after.
    pub follows: Option<String>,
    /// The last two digits of the phone that receives the code, when they have one with them.
    pub phone_end: Option<String>,
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
    let (account, follows) = (case.draft.account(), case.draft.follows.clone());
    let (person, address, terms) = parts(case.draft)?;
    Ok(Signing::Open(Box::new(ToSign {
        phone_end: papers::draft_phone(&person)?.map(|phone| phone.last_digits().to_owned()),
        powers: account.offered(&case.structure.offered).into_iter().map(|power| (power, terms.powers.contains(&power))).collect(),
        account,
        follows,
        last_day: last_day(&case.row)?,
        structure: case.structure,
        person,
        address,
    })))
}

/// Sends the code to the person's phone; none when there is nothing to sign, or no phone.
pub async fn send_code(context: &Mandates, screen: &HandOver) -> Result<Option<CodeSend>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(case) = presented(&mut tx, kernel, screen).await? else { return Ok(None) };
    let (person, ..) = parts(case.draft)?;
    let Some(phone) = papers::draft_phone(&person)? else { return Ok(None) };
    let send = identity::send_code(&mut tx, &context.identity, screen, &phone, &case.structure.name).await?;
    tx.commit().await?;
    Ok(Some(send))
}

/// How the person signs.
pub enum Gesture {
    /// With a drawing and the code: the strokes, as the browser sends them.
    Drawn(String),
    /// With a spoken yes and the code.
    CodeAlone,
    /// With a drawing before the aidant, and no phone. No code is asked for.
    Witnessed(String),
}

impl Gesture {
    fn method(&self) -> Method {
        match self {
            Self::Drawn(_) => Method::DrawnAndSms,
            Self::CodeAlone => Method::SmsOnly,
            Self::Witnessed(_) => Method::DrawnAndPrint,
        }
    }
}

/// What signing gave.
pub enum Sign {
    /// Signed.
    Signed {
        /// For the cookie: the screen goes on under a new token, once a code was typed on it.
        token: Option<Secret<String>>,
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
    let method = gesture.method();
    let strokes = match gesture {
        Gesture::Drawn(points) | Gesture::Witnessed(points) => match read_strokes(&points) {
            Some(strokes) => Some(strokes),
            None => return Ok(Sign::NoDrawing),
        },
        Gesture::CodeAlone => None,
    };
    let mut tx = kernel.db.write().await?;
    let Some(case) = presented(&mut tx, kernel, screen).await? else { return Ok(Sign::Closed) };
    let token = if method.proves_phone() {
        match identity::prove_phone(&mut tx, &context.identity, screen, code).await? {
            CodeAnswer::Right { token } => Some(token),
            wrong @ (CodeAnswer::Wrong { .. } | CodeAnswer::Over) => {
                refuse_code(&mut tx, kernel, &case).await?;
                tx.commit().await?;
                return Ok(if let CodeAnswer::Wrong { left } = wrong { Sign::WrongCode { left } } else { Sign::CodeOver });
            }
        }
    } else {
        None
    };
    let signed = Signed {
        method,
        aidant: (screen.staff(), screen.staff_name()),
        hand_over: Some(screen.id()),
        strokes,
        code: if method.proves_phone() { identity::proved_code(&mut tx, screen).await? } else { None },
    };
    if !close(&mut tx, kernel, &case, signed).await? || !identity::complete(&mut tx, kernel, screen).await? {
        return Ok(Sign::Closed);
    }
    tx.commit().await?;
    Ok(Sign::Signed { token })
}

async fn refuse_code(tx: &mut Tx, kernel: &Kernel, case: &Case) -> Result<(), Failure> {
    let (usager, name) = case.draft.who().ok_or_else(|| Failure::new("a presented mandate misses its person"))?;
    let asked = (case.structure.id, case.structure.name.as_str(), case.row.id);
    entries::wrong_code(tx, kernel, Event::MandateSigned, asked, &About { usager, name: &name }).await
}

/// What declaring a print signed gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Declared {
    /// It is signed, and waits for the aidant's own signature.
    Signed,
    /// Nobody printed the document to sign.
    NotPrinted,
    /// Not to be signed any more, or not yet.
    NotReady,
    /// No such mandate.
    Gone,
}

/// The aidant saw the person sign the print by hand. It binds nothing before the aidant countersigns with a fresh code.
pub async fn declare_print(context: &Mandates, aidant: &SignedInAidant, id: MandateId) -> Result<Declared, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(row) = store::find(&mut tx, id).await?.filter(|row| row.structure == aidant.structure().id) else {
        return Ok(Declared::Gone);
    };
    if row.signature_method.as_deref() == Some(Method::Print.as_str()) {
        return Ok(Declared::Signed);
    }
    let (State::Presented, Some(sealed)) = (row.state.parse::<State>()?, &row.draft) else { return Ok(Declared::NotReady) };
    if papers::read_before(&mut tx, kernel, id, PaperKind::ToSign).await?.is_none() {
        return Ok(Declared::NotPrinted);
    }
    let draft = draft_now(&mut tx, kernel, id, sealed).await?;
    let structure = papers::structure_of(&mut tx, &row).await?;
    let signed = Signed { method: Method::Print, aidant: (aidant.id(), aidant.name()), hand_over: None, strokes: None, code: None };
    if !close(&mut tx, kernel, &Case { row, draft, structure }, signed).await? {
        return Ok(Declared::NotReady);
    }
    tx.commit().await?;
    Ok(Declared::Signed)
}

/// How a mandate was signed, and before whom.
struct Signed<'a> {
    method: Method,
    aidant: (identity::StaffId, &'a str),
    hand_over: Option<identity::HandOverId>,
    strokes: Option<Strokes>,
    code: Option<identity::ProvedCode>,
}

/// The mandate is signed: part A of the evidence is closed, sealed and journalled. False when someone was faster.
async fn close(tx: &mut Tx, kernel: &Kernel, case: &Case, signed: Signed<'_>) -> Result<bool, Failure> {
    let (usager, name) = case.draft.who().ok_or_else(|| Failure::new("a presented mandate misses its person"))?;
    let (id, now, method) = (case.row.id, kernel.now(), signed.method);
    let to = transition(State::Presented, Happening::Sign)?;
    if !store::move_to(tx, id, State::Presented.as_str(), to.as_str(), now).await? {
        return Ok(false);
    }
    let sum = |paper: Option<zeroize::Zeroizing<Vec<u8>>>| paper.map(|bytes| evidence::sha256(&bytes));
    let data = sum(papers::read_before(tx, kernel, id, PaperKind::Data).await?);
    let to_sign = sum(papers::read_before(tx, kernel, id, PaperKind::ToSign).await?);
    let signing = evidence::Signing {
        row: &case.row,
        draft: &case.draft,
        method,
        aidant: signed.aidant.0,
        hand_over: signed.hand_over,
        strokes: signed.strokes,
        code: signed.code,
        to_sign: to_sign.filter(|_| matches!(method, Method::Print | Method::DrawnAndPrint)),
        // Presented before the data were kept: nothing to name.
        data: data.unwrap_or_default(),
    };
    let part = Closed::of(&Evidence::new(kernel, signing)?)?;
    store::mark_signed(tx, id, method.as_str(), &part.sha256, now).await?;
    papers::keep_before(tx, kernel, id, PaperKind::Evidence, &part.text).await?;
    let entry = SignedEntry {
        structure: case.structure.id,
        structure_name: &case.structure.name,
        mandate: id,
        about: About { usager, name: &name },
        method: method.in_journal(),
        witness: (!method.proves_phone()).then_some(signed.aidant),
        presented_sha256: &HEXLOWER.encode(case.row.presented_sha256.as_deref().unwrap_or_default()),
        evidence_sha256: &part.hex(),
    };
    entries::signed(tx, kernel, entry).await?;
    Ok(true)
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
    }
    if let Some(newcomer) = case.draft.whom.and_then(|whom| whom.newcomer()) {
        entries::forget(&mut tx, kernel, newcomer).await?;
    }
    store::wipe(&mut tx, case.row.id).await?;
    tx.commit().await?;
    Ok(true)
}

async fn find(tx: &mut Tx, screen: &HandOver) -> Result<Option<MandateRow>, Failure> {
    match screen.purpose() {
        Purpose::Sign => store::find(tx, MandateId::from(screen.subject())).await,
        Purpose::ChooseSecret | Purpose::FindAccount => Ok(None),
    }
}

/// The mandate, while it is the one that the person was shown and its lender still works for the structure.
async fn open(tx: &mut Tx, kernel: &Kernel, screen: &HandOver, row: MandateRow) -> Result<Option<Case>, Failure> {
    let Some(sealed) = &row.draft else { return Ok(None) };
    if row.presented_sha256.as_deref() != Some(screen.shown()) || !aidants::works_for(tx, screen.staff(), row.structure).await? {
        return Ok(None);
    }
    let draft = draft_now(tx, kernel, row.id, sealed).await?;
    let structure = papers::structure_of(tx, &row).await?;
    Ok(Some(Case { row, draft, structure }))
}

/// The draft, with the phone that receives the code: of who has an account, the one that the account has now, whatever was written.
async fn draft_now(tx: &mut Tx, kernel: &Kernel, id: MandateId, sealed: &[u8]) -> Result<Draft, Failure> {
    let mut draft = prepare::unseal(kernel, id, sealed)?;
    if let (Some(Whom::Existing { existing }), Some(person)) = (draft.whom, &mut draft.person) {
        person.phone = identity::verified_phone(tx, kernel, existing).await?.map(|phone| phone.number.e164().to_owned());
    }
    Ok(draft)
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
