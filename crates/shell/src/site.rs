//! What all pages of one service share: its name, whom to call, how cookies are sent, who may speak for a client.

use std::sync::Arc;

use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Chance, Kernel, Key};

use crate::{Space, Trusted};

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
    below: Vec<(&'static str, Space)>,
}

impl Site {
    /// The site of these settings; what is secret comes from the kernel's vault.
    pub fn new(settings: Settings, kernel: &Kernel) -> Self {
        Self(Arc::new(Inner {
            https: settings.origin.starts_with("https://"),
            kernel: kernel.clone(),
            form_key: kernel.vault.column("form.token"),
            settings,
            below: Vec::new(),
        }))
    }

    /// Gives what stands nowhere below these addresses the frame of these spaces: one is not thrown out of one's space by an address
    /// that is badly written.
    #[must_use]
    pub fn with_spaces(self, below: impl IntoIterator<Item = (&'static str, Space)>) -> Self {
        let Inner { settings, https, kernel, form_key, .. } = &*self.0;
        let (settings, kernel, form_key) = (settings.clone(), kernel.clone(), form_key.clone());
        Self(Arc::new(Inner { settings, https: *https, kernel, form_key, below: below.into_iter().collect() }))
    }

    /// The space below which this address would stand, and from where.
    pub(crate) fn space_of(&self, path: &str) -> Option<(&'static str, Space)> {
        let is_below = |start: &str| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.0.below.iter().copied().find(|(start, _)| is_below(start))
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
