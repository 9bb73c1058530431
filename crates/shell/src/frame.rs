//! `Shell`: the frame of a page, as a value that every page template holds.
//!
//! It knows who asks only as far as the frame shows it: which space, which colours, a shared computer or not.
//! It is no proof of anything: rights come from the proofs of `identity` and `mandates`.

mod drawn;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::extract::{FromRequestParts, Request};
use axum::http::header::REFERER;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use maincourante_identity::sessions;
use maincourante_identity::set_aside::Present;
use maincourante_kernel::{Failure, Kernel, Secret, Timestamp};

use crate::broken::SignedOut;
use crate::display::own_path;
use crate::kept::{Found, Over};
use crate::{Audience, Broken, Client, Cookie, CookieName, Display, Help, Keep, Site, Space, cookies, reference, token};

/// The frame of one page, for one request.
#[derive(Clone)]
pub struct Shell {
    site: Site,
    asked: Arc<Asked>,
    space: Space,
    help: Option<Help>,
    structure: Option<String>,
    switch: Option<&'static str>,
    lent_to: Option<String>,
    shared: bool,
    notes: Vec<(&'static str, String)>,
    /// When the session ends, if no page is asked for until then.
    until: Option<Timestamp>,
    /// Who is signed in, for the mark of their forms.
    present: Option<Present>,
    /// What they typed before they were signed out, on the page where they typed it.
    found: Option<Arc<Found>>,
}

/// What the request says. Made once per request.
struct Asked {
    headers: HeaderMap,
    reference: String,
    is_read: bool,
    back: String,
    client: Client,
    display: Display,
    /// What form tokens are bound to when no cookie is there yet; sent once a form used it.
    anchor: Secret<String>,
    token: OnceLock<String>,
    mark: OnceLock<String>,
}

/// Where the frame of a request waits for whoever draws its page: the handler, or `around` when the handler failed.
#[derive(Clone)]
pub(crate) struct Slot(Arc<Mutex<Shell>>);

impl Slot {
    pub(crate) fn new(site: &Site, request: &Request, client: Client) -> Self {
        let (uri, headers) = (request.uri(), request.headers());
        let display = Display::from_cookie(cookies::read(headers, CookieName::Display, site.https()).as_ref());
        let asked = Asked {
            headers: headers.clone(),
            reference: reference::make(site.chance()),
            is_read: request.method().is_safe(),
            back: uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            client,
            display,
            anchor: Secret::new(site.chance().token()),
            token: OnceLock::new(),
            mark: OnceLock::new(),
        };
        Self(Arc::new(Mutex::new(Shell {
            site: site.clone(),
            asked: Arc::new(asked),
            space: Space::PUBLIC,
            help: None,
            structure: None,
            switch: None,
            lent_to: None,
            shared: false,
            notes: Vec::new(),
            until: None,
            present: None,
            found: None,
        })))
    }

    /// Dresses the frame for the space of the address.
    pub(crate) fn enter(extensions: &mut Extensions, space: Space) {
        if let Some(slot) = extensions.get::<Self>() {
            slot.put(Shell { space, ..slot.take() });
        }
    }

    pub(crate) fn take(&self) -> Shell {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn put(&self, shell: Shell) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = shell;
    }
}

impl<S: Sync> FromRequestParts<S> for Shell {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Broken> {
        let slot = parts.extensions.get::<Slot>().ok_or_else(|| Failure::new("this router is not wrapped by `around`"))?;
        Ok(slot.take())
    }
}

/// What the extractors of proofs ask of it.
impl Shell {
    pub(crate) fn kernel(&self) -> &Kernel {
        self.site.kernel()
    }

    /// To the entrance of this space, forgetting on the way a cookie that opens nothing any more: the entrance says so.
    pub(crate) fn to_entrance(&self, stale: Option<CookieName>) -> Broken {
        let cookie = stale.map(|name| self.forget(name));
        match self.space.audience {
            // The way out of a lent screen is no sign-in page.
            Audience::Lent => Broken::Elsewhere { path: self.space.entrance, cookie },
            Audience::Public | Audience::Usager | Audience::Aidant | Audience::Structure => {
                Broken::NotSignedIn(SignedOut { entrance: self.space.entrance, over: cookie, kept: false })
            }
        }
    }

    /// To the page that says where this space stands: a form posted twice has changed its cookie on the way, and the browser
    /// holds the new one.
    pub(crate) fn to_home(&self) -> Broken {
        Broken::Elsewhere { path: self.space.home, cookie: None }
    }

    /// To the page that takes a lent screen back.
    pub(crate) fn to_lock(&self) -> Broken {
        Broken::Elsewhere { path: self.space.lock, cookie: None }
    }

    /// The time, for what a page says of it.
    pub(crate) fn now(&self) -> Timestamp {
        self.site.kernel().now()
    }

    /// The frame of who is signed in: their forms bear their mark.
    pub(crate) fn of(mut self, present: Present) -> Self {
        self.present = Some(present);
        self
    }

    /// The frame of a session that ends then, if no page is asked for: it is said before.
    pub(crate) fn until(mut self, end: Timestamp) -> Self {
        self.until = Some(end);
        self
    }

    pub(crate) fn present(&self) -> Option<Present> {
        self.present
    }

    pub(crate) fn finds(mut self, found: Found) -> Self {
        self.found = Some(Arc::new(found));
        self
    }

    pub(crate) fn found(&self) -> Option<&Found> {
        self.found.as_deref()
    }

    /// The value of a field of the address.
    pub(crate) fn asked_for(&self, name: &str) -> Option<&str> {
        let (_, query) = self.asked.back.split_once('?')?;
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The page of this site where a form stood; none when the browser does not say.
    pub(crate) fn page_of_form(&self) -> Option<&str> {
        let referer = self.asked.headers.get(REFERER)?.to_str().ok()?;
        let path = referer.strip_prefix(self.site.settings().origin.trim_end_matches('/'))?;
        (own_path(path) == path).then_some(path)
    }

    /// Whether nobody knows where this page belongs, on a screen that may be lent: no space has its address.
    pub(crate) fn is_astray(&self) -> bool {
        self.space.audience == Audience::Public && self.cookie(CookieName::Lent).is_some()
    }

    /// On a screen that may be lent, a page that belongs nowhere shows no way out.
    pub(crate) fn shut_in(mut self) -> Self {
        if self.is_astray() {
            self.space.audience = Audience::Lent;
        }
        self
    }

    /// The same frame, also for the page that says why the handler gave none.
    #[must_use]
    pub fn worn(self, parts: &Parts) -> Self {
        if let Some(slot) = parts.extensions.get::<Slot>() {
            slot.put(self.clone());
        }
        self
    }
}

/// What handlers ask of it.
impl Shell {
    /// Who asks, for rate limits.
    pub fn client(&self) -> Client {
        self.asked.client
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: CookieName) -> Option<Secret<String>> {
        cookies::read(&self.asked.headers, name, self.site.https())
    }

    /// A cookie to send with the answer.
    #[must_use]
    pub fn keep(&self, name: CookieName, value: &Secret<String>, keep: Keep) -> Cookie {
        Cookie::set(name, value, keep, self.site.https())
    }

    /// The order to forget a cookie, to send with the answer.
    #[must_use]
    pub fn forget(&self, name: CookieName) -> Cookie {
        Cookie::cleared(name, self.site.https())
    }

    /// To send with the answer to a secret that was typed: "back" does not show it any more. Chromium keeps a page whole for
    /// "back", what was typed included and whatever `no-store` says, unless a cookie that scripts cannot read changes
    /// meanwhile.
    #[must_use]
    pub fn nothing_behind(&self) -> Cookie {
        self.keep(CookieName::Form, &Secret::new(self.site.chance().token()), Keep::UntilClosed)
    }

    /// Whether this browser is one at which an aidant works, or that an aidant lent: never a person's own computer.
    pub fn is_at_a_desk(&self) -> bool {
        [CookieName::Staff, CookieName::Lent].into_iter().any(|name| self.cookie(name).is_some())
    }

    /// Ends the session of the person who signed in on this browser, if one did: who comes next does not find their mailbox.
    ///
    /// # Errors
    /// When the base does not answer.
    pub async fn ends_mailbox(&self) -> Result<Cookie, Failure> {
        if let Some(token) = self.cookie(CookieName::Session) {
            sessions::end_by_token(self.kernel(), &token).await?;
        }
        Ok(self.forget(CookieName::Session))
    }

    /// Shows this help line rather than the one of the service.
    #[must_use]
    pub fn helped_by(mut self, help: Help) -> Self {
        self.help = Some(help);
        self
    }

    /// Names the structure for which one acts, under the name of the service.
    #[must_use]
    pub fn for_structure(mut self, name: impl Into<String>) -> Self {
        self.structure = Some(name.into());
        self
    }

    /// Shows the way to the page where another structure is chosen.
    #[must_use]
    pub fn switches_at(mut self, path: &'static str) -> Self {
        self.switch = Some(path);
        self
    }

    /// Names the person to whom the screen is lent.
    #[must_use]
    pub fn lent_to(mut self, person: impl Into<String>) -> Self {
        self.lent_to = Some(person.into());
        self
    }

    /// Says a few words more on the entry of the menu that leads there: "Messages (2 nouveaux)".
    #[must_use]
    pub fn noted(mut self, href: &'static str, words: impl Into<String>) -> Self {
        self.notes.push((href, words.into()));
        self
    }

    /// Why there is no page for who was signed out while they wrote: the entrance says it, and that what they wrote is kept.
    pub fn signed_out(&self, kept: bool) -> Broken {
        let name = self.space.audience.session();
        Broken::NotSignedIn(SignedOut { entrance: self.space.entrance, over: name.map(|name| self.forget(name)), kept })
    }

    /// What the entrance says to who was signed out meanwhile.
    pub fn over(&self) -> Option<Over> {
        let reference = self.asked_for("fin").filter(|text| reference::is_one(text))?;
        Some(Over { reference: reference.to_owned(), kept: self.asked_for("garde") == Some("oui") })
    }

    /// Says that others use this computer: the yellow strip, on every page.
    #[must_use]
    pub fn on_shared_computer(mut self) -> Self {
        self.shared = true;
        self
    }

    pub(crate) fn token_is_good(&self, token: &str) -> bool {
        // Before a first page there is no cookie, hence no good token.
        self.anchor().is_some_and(|anchor| token::is_good(self.site.form_key(), &anchor, token))
    }

    /// The cookie to which form tokens are bound: the session's where there is one, else the one made for forms.
    fn anchor(&self) -> Option<Secret<String>> {
        let session = self.space.audience.session().and_then(|name| self.cookie(name));
        session.or_else(|| self.cookie(CookieName::Form))
    }

    /// The cookie made for forms, when a form of this page needs one that the browser has not.
    pub(crate) fn new_anchor(&self) -> Option<Cookie> {
        let needed = self.asked.token.get().is_some() && self.anchor().is_none();
        needed.then(|| self.keep(CookieName::Form, &self.asked.anchor, Keep::UntilClosed))
    }
}
