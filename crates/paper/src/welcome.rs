//! The welcome sheet, handed to a person once their mailbox is theirs: where to sign in, whom to call.
//!
//! It has no field for a secret, and never shall.

use std::fmt;

use maincourante_kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::mandate::PhoneEnd;
use crate::words::{line, phone, sentence};

/// A welcome sheet to print.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct WelcomeSheet {
    /// The name the territory gave its service.
    pub service: String,
    /// Where to sign in, as a person types it: "courrier.vaudorme.fr".
    pub service_url: String,
    /// The person's name, as they are called.
    pub person: String,
    /// Their mail address.
    pub mail: String,
    /// The phone that receives codes, if there is one: it decides what to do when the password is lost.
    pub recovery_phone: Option<PhoneEnd>,
    /// Whom to call.
    pub help: HelpDesk,
    /// When this paper is made; it dates the file.
    pub made_at: Timestamp,
}

/// Whom a person calls.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct HelpDesk {
    /// The structure's name.
    pub name: String,
    /// Its phone number.
    pub phone: String,
    /// When someone answers.
    pub hours: String,
}

impl WelcomeSheet {
    /// What the template reads.
    pub(crate) fn data(&self) -> Value {
        let url = line(&self.service_url);
        let url = url.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
        json!({
            "template": crate::WELCOME_TEMPLATE,
            "service": line(&self.service),
            "service_url": url,
            "person": line(&self.person),
            "mail": line(&self.mail),
            "phone_end": self.recovery_phone,
            "structure": { "name": line(&self.help.name), "phone": phone(&self.help.phone), "hours": sentence(&self.help.hours) },
        })
    }
}

// Name and address are personal: they do not reach a log by `{:?}`.
impl fmt::Debug for WelcomeSheet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("WelcomeSheet(…)")
    }
}
