//! An aidant prepares a mandate beside the person: who they are, their address, what they allow. It can be left
//! and resumed for a day; then it is abandoned and what it said is wiped.
//!
//! Presenting renders the document: from then on its hash is what the person signs. Changing a word
//! goes back to the draft, and the document must be presented again.

use maincourante_identity::{self as identity, Lent, Loan, Person, Purpose, UsagerId};
use maincourante_journal::Event;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::clock::{Span, hours};
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};
use maincourante_paper::Standing;
use tokio::sync::Mutex;

use crate::draft::{Draft, Field, KnownFields, PersonDraft, PersonFields, Problem, Problems, Terms, TermsFields};
use crate::entries::{self, About};
use crate::evidence::Method;
use crate::papers::{self, PaperKind, Words};
use crate::store::mandates::{self as store, MandateRow};
use crate::whom::{Account, Newcomer, Whom};
use crate::{Happening, MandateId, Mandates, Power, SignedInAidant, State, renewal, transition};

/// How long an unfinished mandate is kept.
pub const KEPT: Span = hours(24);
const COLUMN: &str = "mandate.draft";

/// Whose turn it is to compose: a form pressed many times composes its document once. Drafts share turns by their identity, which is
/// chance in its lowest bits.
static TURNS: [Mutex<()>; 16] = [const { Mutex::const_new(()) }; 16];

/// A mandate in preparation.
pub struct InHand {
    /// Its identity.
    pub id: MandateId,
    /// Draft, presented or signed; or active, once it is.
    pub state: State,
    /// What is known so far.
    pub draft: Draft,
    /// When it is wiped unless it is finished.
    pub kept_until: Timestamp,
    /// Its last day, once presented.
    pub ends_at: Option<Timestamp>,
    /// Whose it is, once active.
    pub usager: Option<UsagerId>,
    /// Whether it is to open an account, or opened one.
    pub account: Account,
    /// How the person signed, once they have.
    pub method: Option<Method>,
    /// The draft as it lies in the base: no two sealings of it are the same bytes.
    sealed: Option<Vec<u8>>,
}

/// Begins a mandate: nothing is written before the aidant knows who the person is.
pub async fn begin(context: &Mandates, aidant: &SignedInAidant, fields: &PersonFields) -> Result<Result<MandateId, Problems>, Failure> {
    let kernel = &context.identity.kernel;
    let id = MandateId::new(&kernel.chance, kernel.now());
    begin_as(context, aidant, id, fields).await
}

/// Begins a mandate whose identity is the mark of the form: posted twice, the form begins one mandate, and what was
/// written the second time corrects the first.
pub async fn begin_as(
    context: &Mandates,
    aidant: &SignedInAidant,
    id: MandateId,
    fields: &PersonFields,
) -> Result<Result<MandateId, Problems>, Failure> {
    let kernel = &context.identity.kernel;
    let now = kernel.now();
    let person = match read(context, aidant, fields) {
        Ok(person) => person,
        Err(problems) => return Ok(Err(problems)),
    };
    let name = person.name();
    let newcomer = Newcomer::fresh(&kernel.chance, now);
    let usager = newcomer.id();
    let draft = Draft { whom: Some(Whom::New(newcomer)), person: Some(person), ..Draft::default() };
    let mut tx = kernel.db.write().await?;
    if !store::insert(&mut tx, id, aidant.structure().id, aidant.id(), &seal(kernel, id, &draft)?, now).await? {
        drop(tx);
        return match save_person(context, aidant, id, fields).await? {
            Save::Saved | Save::Gone => Ok(Ok(id)),
            Save::Wrong(problems) => Ok(Err(problems)),
        };
    }
    entries::preparation(&mut tx, kernel, Event::MandateDrafted, aidant, id, &About { usager, name: &name }).await?;
    tx.commit().await?;
    Ok(Ok(id))
}

/// The person, or what to correct: a letter that no face of the papers has is asked for otherwise, never printed as a blank.
fn read(context: &Mandates, aidant: &SignedInAidant, fields: &PersonFields) -> Result<PersonDraft, Problems> {
    let person = fields.parse(Date::at(context.identity.kernel.now()), &aidant.structure().phone)?;
    let written = [
        (Field::GivenNames, person.given_names.as_str()),
        (Field::FamilyName, person.family_name.as_str()),
        (Field::Birthplace, person.birthplace.as_deref().unwrap_or_default()),
    ];
    let blank: Problems = written
        .into_iter()
        .filter(|(_, text)| context.press.unprintable(text).is_some())
        .map(|(field, _)| (field, Problem::NotAName))
        .collect();
    if blank.is_empty() { Ok(person) } else { Err(blank) }
}

/// A mandate of the aidant's structure, in preparation or just active; anyone else's does not exist.
pub async fn load(context: &Mandates, aidant: &SignedInAidant, id: MandateId) -> Result<Option<InHand>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Some(row) = find(&mut tx, aidant, id).await? else { return Ok(None) };
    let state = row.state.parse()?;
    let draft = match &row.draft {
        Some(sealed) => unseal(kernel, id, sealed)?,
        None => Draft::default(),
    };
    let account = match row.usager {
        // The power to create the account is in every mandate that opened one, and in no other.
        Some(_) if store::find_grant(&mut tx, id, Power::CreateAccount.as_str()).await?.is_some() => Account::ToOpen,
        Some(_) => Account::Open,
        None => draft.account(),
    };
    let method = row.signature_method.as_deref().and_then(Method::named);
    let kept_until = row.begun_at.plus(KEPT);
    Ok(Some(InHand { id, state, draft, kept_until, ends_at: row.ends_at, usager: row.usager, account, method, sealed: row.draft }))
}

/// The person of this mandate, once it is active.
pub async fn opened(context: &Mandates, in_hand: &InHand) -> Result<Option<Person>, Failure> {
    let Some(usager) = in_hand.usager else { return Ok(None) };
    identity::find_person(&mut context.identity.kernel.db.read().await?, usager).await
}

async fn find(tx: &mut Tx, aidant: &SignedInAidant, id: MandateId) -> Result<Option<MandateRow>, Failure> {
    Ok(store::find(tx, id).await?.filter(|row| row.structure == aidant.structure().id))
}

/// What saving gave.
pub enum Save {
    /// Kept.
    Saved,
    /// To correct.
    Wrong(Problems),
    /// No such mandate in preparation, or it is signed.
    Gone,
}

/// Corrects who the person is.
pub async fn save_person(context: &Mandates, aidant: &SignedInAidant, id: MandateId, fields: &PersonFields) -> Result<Save, Failure> {
    match read(context, aidant, fields) {
        Ok(person) => {
            // Who has an account is who they are: nobody writes another name in their mandate.
            let write = |draft: &mut Draft| match draft.account() {
                Account::ToOpen => draft.person = Some(person),
                Account::Open => {}
            };
            change(context, aidant, id, write).await
        }
        Err(problems) => Ok(Save::Wrong(problems)),
    }
}

/// Says anew how the aidant made sure of who someone is, who has an account.
pub async fn save_known(context: &Mandates, aidant: &SignedInAidant, id: MandateId, fields: &KnownFields) -> Result<Save, Failure> {
    let check = match fields.parse() {
        Ok(check) => check,
        Err(problems) => return Ok(Save::Wrong(problems)),
    };
    let write = |draft: &mut Draft| {
        if let Some(person) = &mut draft.person {
            person.identity_check = check;
            draft.unchecked = false;
        }
    };
    change(context, aidant, id, write).await
}

/// Addresses made from the person's name, free today.
pub async fn proposals(context: &Mandates, in_hand: &InHand) -> Result<Vec<String>, Failure> {
    let Some(person) = &in_hand.draft.person else { return Ok(Vec::new()) };
    let mut tx = context.identity.kernel.db.read().await?;
    let free = identity::proposals(&mut tx, &person.given_names, &person.family_name, &context.identity.service.domain).await?;
    let mut proposed = Vec::new();
    for address in free {
        if !store::is_held(&mut tx, address.as_str(), in_hand.id).await? {
            proposed.push(address.to_string());
        }
    }
    Ok(proposed)
}

/// Keeps the address the person chose: one of those proposed, or another of this service.
pub async fn save_address(context: &Mandates, aidant: &SignedInAidant, id: MandateId, typed: &str) -> Result<Save, Failure> {
    let wrong = |problem| Ok(Save::Wrong(vec![(Field::Address, problem)]));
    let domain = &context.identity.service.domain;
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return wrong(Problem::Missing);
    }
    let whole = if typed.contains('@') { typed } else { format!("{typed}@{domain}") };
    let Ok(address) = whole.parse::<maincourante_kernel::address::MailAddress>() else { return wrong(Problem::NotAnAddress) };
    if address.domain() != domain || address.local().len() < 3 {
        return wrong(Problem::NotAnAddress);
    }
    let mut tx = context.identity.kernel.db.read().await?;
    if identity::is_reserved(&mut tx, &address).await? {
        return wrong(Problem::AddressReserved);
    }
    if !identity::is_free(&mut tx, &address).await? || store::is_held(&mut tx, address.as_str(), id).await? {
        return wrong(Problem::AddressTaken);
    }
    drop(tx);
    let write = |draft: &mut Draft| match draft.account() {
        Account::ToOpen => draft.address = Some(address.to_string()),
        Account::Open => {}
    };
    change(context, aidant, id, write).await
}

/// Keeps what the person allows, and for how long.
pub async fn save_terms(context: &Mandates, aidant: &SignedInAidant, id: MandateId, fields: &TermsFields) -> Result<Save, Failure> {
    let Some(in_hand) = load(context, aidant, id).await? else { return Ok(Save::Gone) };
    match fields.parse(Date::at(context.identity.kernel.now()), &aidant.structure().offered, in_hand.account) {
        Ok(terms) => change(context, aidant, id, |draft| draft.terms = Some(terms)).await,
        Err(problems) => Ok(Save::Wrong(problems)),
    }
}

/// Changes a draft; what was presented goes back to being a draft first. The same words again change nothing: a form posted twice does not
/// take back the document that its first post made, as long as it is of this day.
async fn change(context: &Mandates, aidant: &SignedInAidant, id: MandateId, with: impl FnOnce(&mut Draft)) -> Result<Save, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    if find(&mut tx, aidant, id).await?.is_none() {
        return Ok(Save::Gone);
    }
    // Two who change it at once wait here for each other, and the second reads what the first left.
    store::hold(&mut tx, id).await?;
    let Some(row) = find(&mut tx, aidant, id).await? else { return Ok(Save::Gone) };
    let Some(sealed) = &row.draft else { return Ok(Save::Gone) };
    let mut draft = unseal(kernel, id, sealed)?;
    let state: State = row.state.parse()?;
    let before = serde_json::to_vec(&draft)?;
    with(&mut draft);
    let is_of_today = row.presented_at.is_some_and(|at| Date::at(at) == Date::at(kernel.now()));
    let stands = state == State::Draft || (state == State::Presented && is_of_today);
    if stands && serde_json::to_vec(&draft)? == before {
        return Ok(Save::Saved);
    }
    if state == State::Presented {
        let back = transition(state, Happening::Rework)?;
        if !store::move_to(&mut tx, id, state.as_str(), back.as_str(), kernel.now()).await? {
            return Ok(Save::Gone);
        }
    }
    if !store::save_draft(&mut tx, id, &seal(kernel, id, &draft)?).await? {
        return Ok(Save::Gone);
    }
    tx.commit().await?;
    Ok(Save::Saved)
}

/// What presenting gave.
pub enum Presentation {
    /// The document is there to be read.
    Presented,
    /// A step is missing.
    Incomplete(Step),
    /// Someone took the address meanwhile.
    AddressTaken,
    /// No such mandate in preparation.
    Gone,
}

/// The steps before the document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Who.
    Person,
    /// Their address.
    Address,
    /// What they allow.
    Terms,
}

/// Renders the document that will be read and signed. A draft that a colleague changes meanwhile is rendered anew.
pub async fn present(context: &Mandates, aidant: &SignedInAidant, id: MandateId) -> Result<Presentation, Failure> {
    const TIMES: usize = 3;
    let turn = id.uuid().as_u128() % TURNS.len() as u128;
    let _turn = TURNS[usize::try_from(turn)?].lock().await;
    for _ in 0..TIMES {
        if let Some(presentation) = present_once(context, aidant, id).await? {
            return Ok(presentation);
        }
    }
    Err(Failure::new("a draft changed each time that it was rendered"))
}

/// None when the draft was changed while its document was being rendered.
async fn present_once(context: &Mandates, aidant: &SignedInAidant, id: MandateId) -> Result<Option<Presentation>, Failure> {
    let kernel = &context.identity.kernel;
    let Some(in_hand) = load(context, aidant, id).await? else { return Ok(Some(Presentation::Gone)) };
    match in_hand.state {
        State::Draft => {}
        State::Presented => return Ok(Some(Presentation::Presented)),
        _ => return Ok(Some(Presentation::Gone)),
    }
    let now = kernel.now();
    let today = Date::at(now);
    let mut draft = in_hand.draft;
    let Whole { person, whom, address, terms } = match whole(&draft) {
        Ok(whole) => whole,
        Err(step) => return Ok(Some(Presentation::Incomplete(step))),
    };
    if let Whom::Existing { existing } = whom {
        let mut tx = kernel.db.read().await?;
        draft.follows = renewal::follows(&mut tx, kernel, existing, aidant.structure().id).await?;
    }
    // A last day chosen yesterday may be over today.
    let Some(end) = terms.duration.last_day(today) else { return Ok(Some(Presentation::Incomplete(Step::Terms))) };
    let number = number(kernel, today);
    let words = Words {
        number: number.clone(),
        structure: aidant.structure(),
        aidant: aidant.name(),
        person: &person,
        address: &address,
        powers: &terms.powers,
        account: draft.account(),
        follows: draft.follows.as_deref(),
        start: today,
        end,
        made_at: now,
    };
    let (sheet, data) = papers::print(context, words, Standing::Draft).await?;

    let mut tx = kernel.db.write().await?;
    if store::find(&mut tx, id).await?.is_none_or(|row| row.draft != in_hand.sealed) {
        return Ok(None);
    }
    if !store::save_draft(&mut tx, id, &seal(kernel, id, &draft)?).await? {
        return Ok(Some(Presentation::Gone));
    }
    let to = transition(State::Draft, Happening::Present)?;
    if !store::move_to(&mut tx, id, State::Draft.as_str(), to.as_str(), now).await? {
        return Ok(Some(Presentation::Gone));
    }
    if !hold_address(&mut tx, id, &whom, &address).await? {
        return Ok(Some(Presentation::AddressTaken));
    }
    store::mark_presented(&mut tx, id, &number, &sheet.sha256, end.end(), now).await?;
    papers::keep_before(&mut tx, kernel, id, PaperKind::Presented, &sheet.pdf).await?;
    papers::keep_before(&mut tx, kernel, id, PaperKind::Data, &data).await?;
    // A print of what was shown before is not of this.
    store::drop_paper(&mut tx, id, PaperKind::ToSign.as_str()).await?;
    entries::preparation(&mut tx, kernel, Event::MandatePresented, aidant, id, &About { usager: whom.id(), name: &person.name() }).await?;
    tx.commit().await?;
    Ok(Some(Presentation::Presented))
}

/// What a document is made of.
struct Whole {
    person: PersonDraft,
    whom: Whom,
    address: String,
    terms: Terms,
}

/// All of it, or the first step that is missing.
fn whole(draft: &Draft) -> Result<Whole, Step> {
    let (Some(person), Some(whom), false) = (draft.person.clone(), draft.whom, draft.unchecked) else { return Err(Step::Person) };
    let address = draft.address.clone().ok_or(Step::Address)?;
    let terms = draft.terms.clone().filter(|terms| !terms.powers.is_empty()).ok_or(Step::Terms)?;
    Ok(Whole { person, whom, address, terms })
}

/// The address of a new account is held for this mandate; false when someone has it. That of an account that is open is theirs, for ever.
async fn hold_address(tx: &mut Tx, id: MandateId, whom: &Whom, address: &str) -> Result<bool, Failure> {
    if let Whom::Existing { .. } = whom {
        return Ok(true);
    }
    let parsed = address.parse().map_err(|_| Failure::new("a stored address does not parse"))?;
    Ok(identity::is_free(tx, &parsed).await? && store::hold_address(tx, id, address).await?)
}

/// What lending the screen gave.
pub enum Lending {
    /// The screen is the person's now.
    Lent(Lent),
    /// The document was not presented, or is signed already.
    NotReady,
    /// No such mandate.
    Gone,
}

/// Lends the screen so that the person reads and signs.
pub async fn lend_to_sign(context: &Mandates, aidant: &SignedInAidant, id: MandateId) -> Result<Lending, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(row) = find(&mut tx, aidant, id).await? else { return Ok(Lending::Gone) };
    if row.state.parse::<State>()? != State::Presented {
        return Ok(Lending::NotReady);
    }
    // The screen is bound to the document of this moment: changed meanwhile, it closes.
    let shown = row.presented_sha256.ok_or_else(|| Failure::new("a presented mandate has no document"))?;
    let loan = Loan { purpose: Purpose::Sign, subject: id.uuid(), shown: &shown };
    let Some(lent) = identity::lend(&mut tx, kernel, aidant.staff(), loan).await? else { return Ok(Lending::NotReady) };
    if let Some((usager, name)) = row.draft.as_deref().map(|sealed| unseal(kernel, id, sealed)).transpose()?.and_then(|draft| draft.who()) {
        entries::lent_to_sign(&mut tx, kernel, aidant, id, &About { usager, name: &name }).await?;
    }
    tx.commit().await?;
    Ok(Lending::Lent(lent))
}

/// Gives up a mandate in preparation and wipes what it said; false when there is none.
pub async fn abandon(context: &Mandates, aidant: &SignedInAidant, id: MandateId) -> Result<bool, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(row) = find(&mut tx, aidant, id).await? else { return Ok(false) };
    let state: State = row.state.parse()?;
    let Ok(to) = transition(state, Happening::Abandon) else { return Ok(false) };
    if !store::move_to(&mut tx, id, state.as_str(), to.as_str(), kernel.now()).await? {
        return Ok(false);
    }
    let draft = row.draft.as_deref().map(|sealed| unseal(kernel, id, sealed)).transpose()?.unwrap_or_default();
    if let Some((usager, name)) = draft.who() {
        entries::preparation(&mut tx, kernel, Event::MandateAbandoned, aidant, id, &About { usager, name: &name }).await?;
    }
    if let Some(newcomer) = draft.whom.and_then(|whom| whom.newcomer()) {
        entries::forget(&mut tx, kernel, newcomer).await?;
    }
    store::wipe(&mut tx, id).await?;
    tx.commit().await?;
    Ok(true)
}

pub(crate) fn seal(kernel: &Kernel, id: MandateId, draft: &Draft) -> Result<Vec<u8>, Failure> {
    Ok(kernel.vault.seal(COLUMN, id.uuid().as_bytes(), &serde_json::to_vec(draft)?, &kernel.chance))
}

pub(crate) fn unseal(kernel: &Kernel, id: MandateId, sealed: &[u8]) -> Result<Draft, Failure> {
    Ok(serde_json::from_slice(&kernel.vault.open(COLUMN, id.uuid().as_bytes(), sealed)?)?)
}

/// `2026-K7QF-3M9X`: the year, and forty random bits in an alphabet without look-alikes.
fn number(kernel: &Kernel, today: Date) -> String {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letters: String = (0..8).map(|_| char::from(ALPHABET[kernel.chance.below(32) as usize])).collect();
    format!("{}-{}-{}", &today.iso()[..4], &letters[..4], &letters[4..])
}

/// What the aidant reads with the person: the terms of a mandate presented.
pub fn terms(in_hand: &InHand) -> Option<&Terms> {
    in_hand.draft.terms.as_ref()
}
