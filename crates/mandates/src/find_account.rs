//! Someone who has an account already is helped by one more structure. They say which account on the lent screen, and prove that it is
//! theirs; whoever lent the screen learns nothing before that, and sees their name once the screen is taken back.
//!
//! The mandate in preparation is nobody's until then. What another structure has with the person is never shown.

use maincourante_identity::find_account::{self as search, Ask, Found};
use maincourante_identity::{HandOver, Lent, Loan, Person, Purpose, find_person, lend as lend_screen};
use maincourante_kernel::{Failure, Kernel, Secret, Tx};

use crate::draft::Draft;
use crate::entries::{self, About};
use crate::secret_screen::Proof;
use crate::store::mandates::{self as store, MandateRow};
use crate::{MandateId, Mandates, SignedInAidant, State, aidants, papers, prepare, renewal};

/// What lending gave.
pub enum Lending {
    /// The screen is the person's now.
    Lent(MandateId, Lent),
    /// It is lent already.
    AlreadyLent,
    /// No such mandate in preparation, or it is known whose it is.
    Gone,
}

/// Begins a mandate for someone who has an account, and lends the screen so that they say which. `id` is the mark of the form; the same
/// one again lends the screen again, as long as nobody was found.
pub async fn lend(context: &Mandates, aidant: &SignedInAidant, id: MandateId) -> Result<Lending, Failure> {
    let kernel = &context.identity.kernel;
    let structure = aidant.structure().id;
    let mut tx = kernel.db.write().await?;
    let empty = prepare::seal(kernel, id, &Draft::default())?;
    if !store::insert(&mut tx, id, structure, aidant.id(), &empty, kernel.now()).await? {
        let row = store::find(&mut tx, id).await?.filter(|row| row.structure == structure);
        if !row.as_ref().map_or(Ok(false), |row| is_nobodys(kernel, row))? {
            return Ok(Lending::Gone);
        }
    }
    let subject = id.uuid();
    let loan = Loan { purpose: Purpose::FindAccount, subject, shown: subject.as_bytes() };
    let Some(lent) = lend_screen(&mut tx, kernel, aidant.staff(), loan).await? else { return Ok(Lending::AlreadyLent) };
    tx.commit().await?;
    Ok(Lending::Lent(id, lent))
}

/// What the lent screen shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Look {
    /// An address or a phone number is to be typed.
    Ask,
    /// A code is to be typed.
    Code,
    /// The account is theirs.
    Found {
        /// The person's name.
        name: String,
    },
    /// Nothing can be done any more but giving the device back.
    Closed,
}

/// What the lent screen shows now.
pub async fn look(context: &Mandates, screen: &HandOver) -> Result<Look, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    if screen.purpose() == Purpose::FindAccount && screen.completed_at().is_some() {
        let name = aidants::borrower(context, screen.purpose(), screen.subject()).await?;
        return Ok(name.map_or(Look::Closed, |name| Look::Found { name }));
    }
    if open(&mut tx, kernel, screen).await?.is_none() {
        return Ok(Look::Closed);
    }
    Ok(if search::is_asked(&mut tx, kernel, screen).await? { Look::Code } else { Look::Ask })
}

/// The person types an address or a phone number; none when the screen is closed.
pub async fn ask(context: &Mandates, screen: &HandOver, login: &str) -> Result<Option<Ask>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    if open(&mut tx, kernel, screen).await?.is_none() {
        return Ok(None);
    }
    let asked = search::ask(&mut tx, kernel, screen, login).await?;
    tx.commit().await?;
    Ok(Some(asked))
}

/// "I did not receive the message"; none when the screen is closed.
pub async fn ask_again(context: &Mandates, screen: &HandOver) -> Result<Option<Ask>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    if open(&mut tx, kernel, screen).await?.is_none() {
        return Ok(None);
    }
    let asked = search::ask_again(&mut tx, kernel, screen).await?;
    tx.commit().await?;
    Ok(Some(asked))
}

/// What a code gave.
pub enum Answer {
    /// The account is theirs, and the mandate in preparation is about them.
    Right {
        /// For the cookie.
        token: Secret<String>,
    },
    /// Unknown account, or not the code: nobody is told which.
    Wrong {
        /// Tries left.
        left: i64,
    },
    /// Tried too often.
    Over,
    /// The screen is closed.
    Closed,
}

/// The person types a code that their phone received, or one of their recovery sheet.
pub async fn prove(context: &Mandates, screen: &HandOver, code: &Secret<String>, by: Proof) -> Result<Answer, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(row) = open(&mut tx, kernel, screen).await? else { return Ok(Answer::Closed) };
    let found = match by {
        Proof::Phone => search::by_phone(&mut tx, &context.identity, screen, code).await?,
        Proof::Sheet => search::by_sheet(&mut tx, &context.identity, screen, code).await?,
    };
    let answer = match found {
        Found::Right { usager, token } => match find_person(&mut tx, usager).await? {
            Some(person) => {
                bind(&mut tx, context, screen, &row, &person).await?;
                Answer::Right { token }
            }
            None => return Ok(Answer::Closed),
        },
        Found::Wrong { left } => Answer::Wrong { left },
        Found::Over => Answer::Over,
    };
    tx.commit().await?;
    Ok(answer)
}

/// The mandate in preparation is about this person from now on.
async fn bind(tx: &mut Tx, context: &Mandates, screen: &HandOver, row: &MandateRow, person: &Person) -> Result<(), Failure> {
    let kernel = &context.identity.kernel;
    let draft = renewal::draft_of(tx, kernel, person, row.structure).await?;
    if !store::save_draft(tx, row.id, &prepare::seal(kernel, row.id, &draft)?).await? {
        return Err(Failure::new("a draft that was open cannot be written"));
    }
    let structure = papers::structure_of(tx, row).await?;
    let about = About { usager: person.id, name: &person.name() };
    entries::drafted_on_screen(tx, kernel, screen, &about, (structure.id, &structure.name, row.id)).await
}

/// The mandate of nobody behind a lent screen, while its lender works for the structure.
async fn open(tx: &mut Tx, kernel: &Kernel, screen: &HandOver) -> Result<Option<MandateRow>, Failure> {
    if screen.purpose() != Purpose::FindAccount || screen.completed_at().is_some() {
        return Ok(None);
    }
    let Some(row) = store::find(tx, MandateId::from(screen.subject())).await? else { return Ok(None) };
    let is_open = is_nobodys(kernel, &row)? && aidants::works_for(tx, screen.staff(), row.structure).await?;
    Ok(is_open.then_some(row))
}

fn is_nobodys(kernel: &Kernel, row: &MandateRow) -> Result<bool, Failure> {
    let (State::Draft, Some(sealed)) = (row.state.parse()?, &row.draft) else { return Ok(false) };
    Ok(prepare::unseal(kernel, row.id, sealed)?.whom.is_none())
}
