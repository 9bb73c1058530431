//! The screen that an aidant lends: a person reads and signs a mandate, or chooses their secret. Their proof opens no mailbox.

pub(crate) mod account;
pub(crate) mod account_again;
pub(crate) mod account_code;
pub(crate) mod account_sheet;
pub(crate) mod code;
pub(crate) mod end;
pub(crate) mod entry;
pub(crate) mod hello;
pub(crate) mod over;
pub(crate) mod phone;
pub(crate) mod reading;
pub(crate) mod refusal;
pub(crate) mod secret;
pub(crate) mod sheet;
pub(crate) mod sheet_code;
pub(crate) mod signature;
pub(crate) mod spoken;
pub(crate) mod witnessed;

use maincourante_identity::{HandOver, Purpose};
use maincourante_kernel::Failure;
use maincourante_kernel::clock::Span;
use maincourante_mandates::find_account;
use maincourante_mandates::secret_screen::{self, Look};
use maincourante_mandates::signature::{self as signing, Signing, ToSign};
use maincourante_shell::Errors;
use rust_i18n::t;
use serde::Deserialize;

use crate::App;

/// Put behind the address of a page where a code is typed, it says there that the code was asked for once more.
const SENT_AGAIN: &str = "?renvoye=oui";

/// What the address of such a page may ask for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    renvoye: String,
}

impl Asked {
    fn sms(&self) -> Sms {
        if self.renvoye.is_empty() { Sms::Untold } else { Sms::OnItsWay }
    }
}

/// What a page where a code is typed says of the text message.
enum Sms {
    /// Nothing more than the page says anyway.
    Untold,
    /// It was asked for once more.
    OnItsWay,
    /// No other leaves before so long. Nothing was done wrong: the last code still serves.
    Held(String),
}

impl Sms {
    fn held(wait: Span) -> Self {
        Self::Held(maincourante_shell::wait(wait))
    }
}

/// What the screen is about, now. Asked again at each request: what ends elsewhere ends here.
enum Turn {
    /// The mandate is to be read and signed.
    ToSign(Box<ToSign>),
    /// It is signed.
    Signed,
    /// The person said no.
    Refused,
    /// A code is to be received, to choose a secret.
    Code { name: String, phone_end: String },
    /// Without a phone, a code of the recovery sheet is to be typed.
    Sheet { name: String },
    /// The secret is to be chosen.
    Secret { name: String, address: String },
    /// It is chosen.
    Chosen { address: String },
    /// The person is to say which account is theirs.
    Which,
    /// They said it, known or not: a code is to be typed.
    WhichCode,
    /// It is theirs.
    Found,
    /// Nothing can be done any more but giving the device back.
    Closed,
}

async fn turn(app: &App, screen: &HandOver) -> Result<Turn, Failure> {
    Ok(match screen.purpose() {
        Purpose::Sign => match signing::look(&app.mandates, screen).await? {
            Signing::Open(to_sign) => Turn::ToSign(to_sign),
            Signing::Signed => Turn::Signed,
            Signing::Refused => Turn::Refused,
            Signing::Closed => Turn::Closed,
        },
        Purpose::ChooseSecret => match secret_screen::look(&app.mandates, screen).await? {
            Look::Code { name, phone_end } => Turn::Code { name, phone_end },
            Look::Sheet { name } => Turn::Sheet { name },
            Look::Secret { name, address } => Turn::Secret { name, address },
            Look::Chosen { address } => Turn::Chosen { address },
            Look::Closed => Turn::Closed,
        },
        Purpose::FindAccount => match find_account::look(&app.mandates, screen).await? {
            find_account::Look::Ask => Turn::Which,
            find_account::Look::Code => Turn::WhichCode,
            find_account::Look::Found { .. } => Turn::Found,
            find_account::Look::Closed => Turn::Closed,
        },
    })
}

/// What is wrong with a code received by SMS, of which so many tries are left.
fn wrong(left: i64) -> Errors {
    match left {
        1 => Errors::one("code", t!("sms.wrong_last")),
        _ => Errors::one("code", t!("sms.wrong", left = left)),
    }
}

/// Nothing was typed where the code goes: no try is spent on it.
fn missing(code: &maincourante_kernel::Secret<String>) -> Option<Errors> {
    code.reveal().trim().is_empty().then(|| Errors::one("code", t!("sms.missing")))
}

/// The code received by SMS does not serve any more.
fn spent() -> Errors {
    Errors::one("code", t!("sms.over"))
}
