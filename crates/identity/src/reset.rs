//! A person who lost their secret comes back alone: address or phone number → code by text message → new secret.
//!
//! The first page does the same work whatever was typed: the account is looked for by a job, behind the answer.
//! What was typed is sealed, and the steps are tied by a token in a cookie.

use data_encoding::BASE64URL_NOPAD;
use maincourante_kernel::clock::{Span, minutes};
use maincourante_kernel::limits::{self, Limit, Take};
use maincourante_kernel::phone::PhoneKind;
use maincourante_kernel::{Failure, Kernel, Secret, Tx, jobs};
use maincourante_sms as sms;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::codes::{self, CodeAnswer, CodeAsked, CodeCheck, CodeErrand, CodePurpose, CodeSend};
use crate::password::WeakPassword;
use crate::store::codes as store;
use crate::{Identity, Requester, UsagerId, accounts, entries, password, phones, recovery_sheet, secret, sessions, sign_in};

const LIFE: Span = minutes(30);
/// How long the sign-in page finds the address of who has just chosen a new secret.
const ADDRESS_SHOWN: Span = minutes(5);
const TRIES: i64 = 5;
const PER_LOGIN: Limit = Limit { bucket: "reset.login", most: 5, per: minutes(30) };
const PER_REQUESTER: Limit = Limit { bucket: "reset.requester", most: 20, per: minutes(30) };
const COLUMN: &str = "reset.login";

/// The job that looks for the account behind a request and sends the code.
pub const FIND: &str = "identity.reset_find";

/// What [`FIND`] carries.
#[derive(Serialize, Deserialize)]
pub struct Find {
    /// The request.
    pub request: Uuid,
}

/// What beginning gave.
pub enum Begin {
    /// The same words whether the account exists or not; the token ties the steps.
    Begun {
        /// For a cookie.
        token: Secret<String>,
    },
    /// Nothing was typed.
    Empty,
    /// Too many requests.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
}

/// Step 1: an address or a phone number.
pub async fn begin(identity: &Identity, login: &str, requester: &Requester) -> Result<Begin, Failure> {
    let id = identity.kernel.chance.uuid(identity.kernel.now());
    begin_as(identity, id, login, requester).await
}

/// The same, where the identity of the request is the mark of the form: posted twice, it is one request, one code, one message. Once its
/// code was typed, the mark is worth nothing any more.
pub async fn begin_as(identity: &Identity, id: Uuid, login: &str, requester: &Requester) -> Result<Begin, Failure> {
    let kernel = &identity.kernel;
    let login = sign_in::fold(login);
    if login.is_empty() {
        return Ok(Begin::Empty);
    }
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let id = match before(&mut tx, kernel, id, &login).await? {
        Before::Nothing => id,
        Before::Same => return Ok(Begin::Begun { token: first_token(kernel, id) }),
        Before::Another => kernel.chance.uuid(now),
    };
    for (limit, who) in [(PER_LOGIN, login.as_str()), (PER_REQUESTER, &requester.0.to_string())] {
        if let Take::Refused { wait } = limits::take(&mut tx, limit, who, &kernel.vault, now).await? {
            tx.commit().await?;
            return Ok(Begin::TooMany { wait });
        }
    }
    let token = first_token(kernel, id);
    let sealed = kernel.vault.seal(COLUMN, id.as_bytes(), login.as_bytes(), &kernel.chance);
    if store::insert_reset(&mut tx, id, &sessions::hash(&token), &sealed, now, now.plus(LIFE)).await? {
        jobs::enqueue(&mut tx, FIND, &Find { request: id }, now, &kernel.chance).await?;
        tx.commit().await?;
    }
    // Otherwise the same form came a moment before: whoever posts both has one request, and what was counted for nothing is not.
    Ok(Begin::Begun { token })
}

/// What a form of this mark began before.
enum Before {
    Nothing,
    /// The request of this very login, whose code is awaited.
    Same,
    /// Another login, or a request that is over: nothing to find again.
    Another,
}

async fn before(tx: &mut Tx, kernel: &Kernel, id: Uuid, login: &str) -> Result<Before, Failure> {
    Ok(match store::find_reset_begun(tx, id).await? {
        None => Before::Nothing,
        Some(row) if row.is_open_at(kernel.now()) && *kernel.vault.open(COLUMN, id.as_bytes(), &row.login)? == *login.as_bytes() => {
            Before::Same
        }
        Some(_) => Before::Another,
    })
}

/// The token of a request until its code is typed: computed, so that the same form twice gives the same one; the base alone gives it away to nobody.
fn first_token(kernel: &Kernel, id: Uuid) -> Secret<String> {
    Secret::new(BASE64URL_NOPAD.encode(&kernel.vault.column("reset.token").mac(id.as_bytes())))
}

/// The job behind step 1: finds the account and sends the code to its phone, if there is one.
pub async fn find(identity: &Identity, request: Uuid) -> Result<(), Failure> {
    let kernel = &identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some((sealed, None)) = store::find_reset_login(&mut tx, request).await? else { return Ok(()) };
    let login = String::from_utf8(kernel.vault.open(COLUMN, request.as_bytes(), &sealed)?.to_vec())?;
    let Some(account) = sign_in::find_account(&mut tx, identity, &login).await? else { return Ok(()) };
    store::set_reset_usager(&mut tx, request, account.id).await?;
    send(&mut tx, identity, request, account.id).await?;
    tx.commit().await
}

async fn send(tx: &mut Tx, identity: &Identity, request: Uuid, usager: UsagerId) -> Result<CodeSend, Failure> {
    match phones::verified_phone(tx, &identity.kernel, usager).await? {
        Some(phone) if phone.number.kind() == PhoneKind::Mobile => {
            codes::send(tx, identity, asked(request), &phone.number, CodeErrand::Recover, Some(usager.uuid())).await
        }
        Some(_) | None => Ok(CodeSend::Sent),
    }
}

fn asked(request: Uuid) -> CodeAsked<'static> {
    CodeAsked { purpose: CodePurpose::Reset, subject: request, bound: &[] }
}

/// What typing a code of the recovery sheet gave.
pub enum SheetTry {
    /// It is one: the new secret is awaited, under this token.
    Right {
        /// For the cookie.
        token: Secret<String>,
    },
    /// Unknown account, wrong code, code already used, sheet replaced: nobody is told which.
    Wrong,
    /// Something is missing.
    Empty,
    /// Too many tries.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
}

/// Instead of a text message: a code of the recovery sheet, used up by this. The person is told by text message if they have
/// a phone.
pub async fn with_sheet(identity: &Identity, login: &str, code: &Secret<String>, requester: &Requester) -> Result<SheetTry, Failure> {
    let kernel = &identity.kernel;
    let login = sign_in::fold(login);
    if login.is_empty() || code.reveal().trim().is_empty() {
        return Ok(SheetTry::Empty);
    }
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    for (limit, who) in [(PER_LOGIN, login.as_str()), (PER_REQUESTER, &requester.0.to_string())] {
        if let Take::Refused { wait } = limits::take(&mut tx, limit, who, &kernel.vault, now).await? {
            tx.commit().await?;
            return Ok(SheetTry::TooMany { wait });
        }
    }
    let usager = sign_in::find_account(&mut tx, identity, &login).await?.map(|account| account.id);
    // Looked for whether the account exists or not.
    let spent = recovery_sheet::spend(&mut tx, kernel, usager, code).await?;
    let Some(usager) = usager.filter(|_| spent) else {
        entries::wrong_code(&mut tx, kernel, usager).await?;
        tx.commit().await?;
        return Ok(SheetTry::Wrong);
    };
    let (id, token) = (kernel.chance.uuid(now), Secret::new(kernel.chance.token()));
    let sealed = kernel.vault.seal(COLUMN, id.as_bytes(), login.as_bytes(), &kernel.chance);
    store::insert_proved_by_sheet(&mut tx, id, (usager, &sessions::hash(&token), &sealed), now, now.plus(LIFE)).await?;
    if let Some(phone) = phones::verified_phone(&mut tx, kernel, usager).await? {
        let text = sms::Text::SheetUsed { service: &identity.service.name, phone: &identity.service.help_phone };
        sms::queue(&mut tx, kernel, &phone.number, &text, Some(usager.uuid())).await?;
    }
    tx.commit().await?;
    Ok(SheetTry::Right { token })
}

/// What sending the code again gave.
pub enum Again {
    /// On its way, if there is a phone to send it to.
    Sent,
    /// Too many were asked for.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
    /// The request is over.
    Over,
}

/// "I did not receive the message": the same code once more.
pub async fn send_again(identity: &Identity, token: &Secret<String>) -> Result<Again, Failure> {
    let kernel = &identity.kernel;
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let Some(row) = store::find_reset(&mut tx, &sessions::hash(token)).await?.filter(|row| row.ends_at > now) else {
        return Ok(Again::Over);
    };
    if codes::is_on_its_way(&mut tx, kernel, row.id).await? {
        return Ok(Again::Sent);
    }
    // Counted by request too, so that a request without account is refused after as many.
    let limit = Limit { bucket: "reset.again", most: 3, per: LIFE };
    if let Take::Refused { wait } = limits::take(&mut tx, limit, &row.id.to_string(), &kernel.vault, now).await? {
        tx.commit().await?;
        return Ok(Again::TooMany { wait });
    }
    match row.usager {
        Some(usager) => {
            send(&mut tx, identity, row.id, usager).await?;
        }
        // Nobody was found yet: there is nobody, or whoever was looking was cut off, and would look again in two minutes only.
        None => jobs::enqueue(&mut tx, FIND, &Find { request: row.id }, now, &kernel.chance).await?,
    }
    tx.commit().await?;
    Ok(Again::Sent)
}

/// Step 2: the code. Tries are counted by request, account or not. A right code gives a new token: whoever copied the
/// cookie before the person typed the code goes no further.
pub async fn check_code(identity: &Identity, token: &Secret<String>, typed: &Secret<String>) -> Result<CodeAnswer, Failure> {
    let kernel = &identity.kernel;
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let Some(row) = store::find_reset(&mut tx, &sessions::hash(token)).await?.filter(|row| row.ends_at > now) else {
        return Ok(CodeAnswer::Over);
    };
    let tries = store::count_reset_try(&mut tx, row.id).await?;
    let answer = if tries > TRIES {
        CodeAnswer::Over
    } else {
        match codes::check(&mut tx, identity, asked(row.id), typed).await? {
            CodeCheck::Right => {
                let token = Secret::new(kernel.chance.token());
                store::mark_reset_proved(&mut tx, row.id, &sessions::hash(&token), now).await?;
                CodeAnswer::Right { token }
            }
            CodeCheck::Wrong { .. } | CodeCheck::Over if tries == TRIES => CodeAnswer::Over,
            // A request without account answers as one whose code is wrong.
            CodeCheck::Wrong { .. } | CodeCheck::Over => CodeAnswer::Wrong { left: TRIES - tries },
        }
    };
    if !matches!(answer, CodeAnswer::Right { .. }) {
        entries::wrong_code(&mut tx, kernel, row.usager).await?;
    }
    tx.commit().await?;
    Ok(answer)
}

/// Where a request stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// The code is awaited.
    Code,
    /// The code was right: the new secret is awaited.
    NewSecret,
    /// No such request, or it is over.
    Over,
}

/// Where the request behind this cookie stands.
pub async fn step(identity: &Identity, token: &Secret<String>) -> Result<Step, Failure> {
    let mut tx = identity.kernel.db.read().await?;
    let row = store::find_reset(&mut tx, &sessions::hash(token)).await?.filter(|row| row.ends_at > identity.kernel.now());
    Ok(match row {
        Some(row) if row.proved_at.is_some() => Step::NewSecret,
        Some(_) => Step::Code,
        None => Step::Over,
    })
}

/// What finishing gave.
pub enum Finish {
    /// The secret is chosen; the address fills in the sign-in page.
    Done {
        /// Whose.
        address: String,
        /// For the cookie: the sign-in page finds the address by it, for a few minutes.
        token: Secret<String>,
    },
    /// Too weak.
    Weak(WeakPassword),
    /// The request is over.
    Over,
}

/// Step 3: the new secret. Every session ends; the person is told by text message.
pub async fn finish(identity: &Identity, token: &Secret<String>, new: &Secret<String>) -> Result<Finish, Failure> {
    let kernel = &identity.kernel;
    let mut tx = kernel.db.read().await?;
    let row = store::find_reset(&mut tx, &sessions::hash(token)).await?.filter(|row| row.ends_at > kernel.now() && row.proved_at.is_some());
    let Some((request, usager, by_sheet)) = row.and_then(|row| Some((row.id, row.usager?, row.route.as_deref() == Some("sheet")))) else {
        return Ok(Finish::Over);
    };
    let Some(person) = accounts::find_person(&mut tx, usager).await? else { return Ok(Finish::Over) };
    drop(tx);
    if let Err(weak) = password::judge(new, &[&person.given_names, &person.family_name, &person.address]) {
        return Ok(Finish::Weak(weak));
    }
    let phc = identity.hasher.hash(new, &kernel.chance).await?;

    let mut tx = kernel.db.write().await?;
    let (token, now) = (Secret::new(kernel.chance.token()), kernel.now());
    if !store::use_reset(&mut tx, request, &sessions::hash(&token), now, now.plus(ADDRESS_SHOWN)).await? {
        return Ok(Finish::Over);
    }
    let ended = secret::replace(&mut tx, kernel, usager, &phc).await?;
    entries::recovered_alone(&mut tx, kernel, &person, if by_sheet { "sheet" } else { "sms" }, ended).await?;
    if let Some(phone) = phones::verified_phone(&mut tx, kernel, usager).await? {
        let text = sms::Text::PasswordChanged { service: &identity.service.name, phone: &identity.service.help_phone };
        sms::queue(&mut tx, kernel, &phone.number, &text, Some(usager.uuid())).await?;
    }
    tx.commit().await?;
    Ok(Finish::Done { address: person.address, token })
}

/// The address of the account whose secret the holder of this cookie has just chosen, to fill in the sign-in page:
/// it travels by neither the address bar nor the cookie.
pub async fn finished_address(identity: &Identity, token: &Secret<String>) -> Result<Option<String>, Failure> {
    let mut tx = identity.kernel.db.read().await?;
    let found = store::find_finished_reset(&mut tx, &sessions::hash(token), identity.kernel.now()).await?;
    Ok(found.map(|(address,)| address))
}
