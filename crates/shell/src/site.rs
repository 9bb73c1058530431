//! What all pages of one service share: its name, whom to call, how cookies are sent, who may speak for a client.

use std::sync::Arc;

use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Chance, Kernel, Key};

use crate::Trusted;

/// What the operator decides for the pages of a service.
#[derive(Clone)]
pub struct Settings {
    /// The name the territory gave its service.
    pub service: String,
    /// The public address, without a path: `https://exemple-mail.fr`. It decides whether cookies are `__Host-`.
    pub origin: String,
    /// Whom to call when a page knows nothing nearer.
    pub help: Help,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<Trusted>,
    /// Who its people are: where they are invented, every page says so.
    pub people: People,
}

/// Who the people of a service are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum People {
    /// Real.
    Real,
    /// Invented, in a service that sends nothing: no text message and no letter leaves it.
    InventedHere,
    /// Invented, but letters go to the mail server the operator named: only text messages are fictitious.
    InventedWithMail,
}

impl People {
    /// Whether they are invented.
    pub fn are_invented(self) -> bool {
        self != Self::Real
    }
}

/// Whom to call, on every page.
#[derive(Clone)]
pub struct Help {
    /// Who answers: a structure, a person.
    pub who: String,
    /// The number.
    pub phone: PhoneNumber,
    /// When: "du lundi au vendredi, de 9 h à 17 h".
    pub hours: String,
}

/// The pages of one service, as a value given once to [`crate::around`].
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    settings: Settings,
    https: bool,
    kernel: Kernel,
    form_key: Key,
}

impl Site {
    /// The site of these settings; what is secret comes from the kernel's vault.
    pub fn new(settings: Settings, kernel: &Kernel) -> Self {
        Self(Arc::new(Inner {
            https: settings.origin.starts_with("https://"),
            kernel: kernel.clone(),
            form_key: kernel.vault.column("form.token"),
            settings,
        }))
    }

    /// What the operator decided.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn https(&self) -> bool {
        self.0.https
    }

    pub(crate) fn chance(&self) -> &Chance {
        &self.0.kernel.chance
    }

    pub(crate) fn kernel(&self) -> &Kernel {
        &self.0.kernel
    }

    pub(crate) fn form_key(&self) -> &Key {
        &self.0.form_key
    }
}
