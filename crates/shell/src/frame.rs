//! `Shell`: the frame of a page, as a value that every page template holds.
//!
//! It knows who asks only as far as the frame shows it: which space, which colours, a shared computer or not.
//! It is no proof of anything: rights come from the proofs of `identity` and `mandates`.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use askama::filters::Safe;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Uri};
use maincourante_kernel::{Failure, Kernel, Secret};
use rust_i18n::t;

use crate::{Audience, Broken, Client, Colours, Cookie, CookieName, Display, Help, Icon, Keep, Site, Space, TextSize, cookies, token};

/// The frame of one page, for one request.
#[derive(Clone)]
pub struct Shell {
    site: Site,
    asked: Arc<Asked>,
    space: Space,
    help: Option<Help>,
    structure: Option<String>,
    lent_to: Option<String>,
    shared: bool,
}

/// What the request says. Made once per request.
struct Asked {
    headers: HeaderMap,
    back: String,
    client: Client,
    display: Display,
    /// What form tokens are bound to when no cookie is there yet; sent once a form used it.
    anchor: Secret<String>,
    token: OnceLock<String>,
}

/// Where the frame of a request waits for whoever draws its page: the handler, or `around` when the handler failed.
#[derive(Clone)]
pub(crate) struct Slot(Arc<Mutex<Shell>>);

impl Slot {
    pub(crate) fn new(site: &Site, uri: &Uri, headers: &HeaderMap, client: Client) -> Self {
        let display = Display::from_cookie(cookies::read(headers, CookieName::Display, site.https()).as_ref());
        let asked = Asked {
            headers: headers.clone(),
            back: uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            client,
            display,
            anchor: Secret::new(site.chance().token()),
            token: OnceLock::new(),
        };
        Self(Arc::new(Mutex::new(Shell {
            site: site.clone(),
            asked: Arc::new(asked),
            space: Space::PUBLIC,
            help: None,
            structure: None,
            lent_to: None,
            shared: false,
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

    /// To the entrance of this space, forgetting on the way a cookie that opens nothing any more.
    pub(crate) fn to_entrance(&self, stale: Option<CookieName>) -> Broken {
        Broken::Elsewhere { path: self.space.entrance, cookie: stale.map(|name| self.forget(name)) }
    }

    /// To the page that takes a lent screen back.
    pub(crate) fn to_lock(&self) -> Broken {
        Broken::Elsewhere { path: self.space.lock, cookie: None }
    }

    /// The same frame, also for the page that `around` draws if the handler fails.
    pub(crate) fn worn(self, parts: &Parts) -> Self {
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

    /// Names the person to whom the screen is lent.
    #[must_use]
    pub fn lent_to(mut self, person: impl Into<String>) -> Self {
        self.lent_to = Some(person.into());
        self
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

/// What templates ask of it.
impl Shell {
    /// The hidden field that each posting form carries.
    pub fn token(&self) -> Safe<String> {
        let token = self.asked.token.get_or_init(|| {
            let anchor = self.anchor().unwrap_or_else(|| self.asked.anchor.clone());
            token::make(self.site.form_key(), &anchor, self.site.chance())
        });
        Safe(format!("<input type=\"hidden\" name=\"form_token\" value=\"{token}\">"))
    }

    /// The hidden field of a form whose act must happen once, however often it is posted (see [`crate::Once`]).
    pub fn once(&self) -> Safe<String> {
        let mark = uuid::Builder::from_random_bytes(self.site.chance().bytes()).into_uuid();
        Safe(format!("<input type=\"hidden\" name=\"once\" value=\"{mark}\">"))
    }

    /// The language of the page.
    pub fn lang(&self) -> &'static str {
        "fr"
    }

    /// The name the territory gave its service.
    pub fn service(&self) -> &str {
        &self.site.settings().service
    }

    /// Text size and colours.
    pub fn display(&self) -> Display {
        self.asked.display
    }

    /// The three sizes of text.
    pub fn sizes(&self) -> [TextSize; 3] {
        TextSize::ALL
    }

    /// The four choices of colours.
    pub fn palettes(&self) -> [Colours; 4] {
        Colours::ALL
    }

    /// The address of this page, to come back to it.
    pub fn back(&self) -> &str {
        &self.asked.back
    }

    /// The class of the body.
    pub fn class(&self) -> &'static str {
        self.space.audience.class()
    }

    /// Whether this screen is lent to someone: no menu, no way out.
    pub fn is_lent(&self) -> bool {
        self.space.audience == Audience::Lent
    }

    /// Whether this is an invented world.
    pub fn is_training(&self) -> bool {
        self.site.settings().training
    }

    /// Whether others use this computer.
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// Where the name of the service leads.
    pub fn home(&self) -> &'static str {
        self.space.home
    }

    /// Where "Se déconnecter" posts to.
    pub fn sign_out(&self) -> Option<&'static str> {
        self.space.sign_out
    }

    /// The words under the name of the service.
    pub fn space_name(&self) -> Option<String> {
        let name = match self.space.audience {
            Audience::Public | Audience::Usager | Audience::Lent => return None,
            Audience::Aidant => t!("frame.space.aidant"),
            Audience::Structure => t!("frame.space.structure"),
        };
        Some(match &self.structure {
            Some(structure) => t!("frame.space.of", space = name, structure = structure).into_owned(),
            None => name.into_owned(),
        })
    }

    /// The name of the person to whom the screen is lent.
    pub fn lent_name(&self) -> Option<&str> {
        self.lent_to.as_deref()
    }

    /// The menu, and which entry this page belongs to.
    pub fn menu(&self) -> Vec<MenuLink> {
        let path = self.asked.back.split('?').next().unwrap_or_default();
        let links = self.space.menu.iter().map(|entry| MenuLink {
            href: entry.href,
            icon: entry.icon,
            label: (entry.label)().into_owned(),
            current: current(entry.href, path),
        });
        links.collect()
    }

    /// Whom to call.
    pub fn help(&self) -> &Help {
        self.help.as_ref().unwrap_or(&self.site.settings().help)
    }
}

/// An entry of the menu of this page.
pub struct MenuLink {
    /// Where it leads.
    pub href: &'static str,
    /// Its picture.
    pub icon: Icon,
    /// Its word.
    pub label: String,
    /// The value of `aria-current`: the page itself, or a page below it.
    pub current: Option<&'static str>,
}

fn current(href: &str, path: &str) -> Option<&'static str> {
    let below = path.strip_prefix(href)?;
    match below {
        "" => Some("page"),
        _ if below.starts_with('/') => Some("true"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_belongs_to_the_entry_above_it() {
        assert_eq!(current("/messages", "/messages"), Some("page"));
        assert_eq!(current("/messages", "/messages/ecrire"), Some("true"));
        assert_eq!(current("/messages", "/messagerie"), None);
        assert_eq!(current("/aidant/journal", "/aidant"), None);
    }
}
