//! What someone typed and sends after they were signed out is kept for them (`identity::set_aside`), and shown to them again where they
//! typed it, once they are back.
//!
//! A door says which fields it keeps (`Doors::post_keeping`): never a secret, never a file. Its page shows them again with
//! [`Shell::typed_before`].

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maincourante_identity::Opened;
use maincourante_identity::set_aside::{self, Absent, Present, Typed};
use maincourante_kernel::{Failure, Kernel};
use serde::de::DeserializeOwned;

use crate::broken::{SignedOut, Typed as ToSend, Undressed};
use crate::frame::Slot;
use crate::posted::{LONGEST_FORM, is_form};
use crate::{Answer, Broken, Shell, go};

/// The field of the address that names what was kept.
const NAME: &str = "repris";

/// What is found again on the page where it was typed.
pub(crate) struct Found(Option<Typed>);

/// What the entrance says to who was signed out meanwhile.
pub struct Over {
    /// The reference of the request that found the session over.
    pub reference: String,
    /// Whether what was typed is kept.
    pub kept: bool,
}

impl Found {
    /// Whether it was still kept.
    pub(crate) fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// What the address names, for who asks; none when it names nothing.
    pub(crate) async fn named(kernel: &Kernel, shell: &Shell, who: Present) -> Result<Option<Self>, Failure> {
        match shell.asked_for(NAME).map(str::parse) {
            Some(Ok(id)) => Ok(Some(Self(set_aside::find(kernel, who, id).await?))),
            Some(Err(_)) | None => Ok(None),
        }
    }
}

impl Shell {
    /// What was typed in the form of this page before its author was signed out; none on any other day.
    pub fn typed_before<T: DeserializeOwned>(&self) -> Option<T> {
        let Typed { page: _, fields } = self.found()?.0.as_ref()?;
        let written = serde_html_form::to_string(fields).ok()?;
        // A page that has changed since has other fields: nothing is shown rather than something else.
        serde_html_form::from_str(&written).ok()
    }

    /// Where who has just signed in goes: back to what they were writing, if it waits; else there.
    ///
    /// # Errors
    /// When the base does not answer.
    pub async fn goes_on(&self, opened: &Opened, else_to: &str) -> Answer {
        match set_aside::waiting(self.kernel(), opened).await? {
            Some((name, page)) => go(named(&page, &name.to_string())),
            None => go(else_to),
        }
    }
}

/// Around a door that keeps these fields.
pub(crate) async fn keeping(keeps: &'static [&'static str], request: Request, next: Next) -> Response {
    let slot = request.extensions().get::<Slot>().cloned();
    let (Some(slot), true) = (slot, is_form(request.headers())) else { return next.run(request).await };
    let action = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST_FORM).await else { return Broken::TooLong.into_response() };
    let mut answer = next.run(Request::from_parts(parts, Body::from(bytes.clone()))).await;
    let Some(Undressed(broken)) = answer.extensions().get::<Undressed>().cloned() else { return answer };
    let Some(sent) = Form::read(&bytes, keeps) else { return answer };
    let kept = match &*broken {
        Broken::NotSignedIn(out) => put_out(&slot.take(), out, sent, action).await,
        Broken::StaleForm => come_back(&slot.take(), sent, action).await,
        Broken::Failure(_) | Broken::TooSlow => {
            answer.extensions_mut().insert(ToSend { action, fields: sent.to_send });
            Ok(None)
        }
        _ => Ok(None),
    };
    match kept {
        Ok(Some(elsewhere)) => elsewhere,
        Ok(None) => answer,
        Err(broken) => broken.into_response(),
    }
}

/// A form as it was sent, judged by nobody yet.
struct Form {
    mark: String,
    /// What the door keeps of it.
    typed: Vec<(String, String)>,
    /// The same, and the mark that makes a double post harmless.
    to_send: Vec<(String, String)>,
}

impl Form {
    fn read(bytes: &Bytes, keeps: &[&str]) -> Option<Self> {
        let all: Vec<(String, String)> = serde_html_form::from_bytes(bytes).ok()?;
        let mark = all.iter().find(|(name, _)| name == "form_for").map(|(_, mark)| mark.clone()).unwrap_or_default();
        let to_send: Vec<_> = all.into_iter().filter(|(name, _)| name == "once" || keeps.contains(&name.as_str())).collect();
        let typed = to_send.iter().filter(|(name, _)| name != "once").cloned().collect();
        Some(Self { mark, typed, to_send })
    }

    fn is_empty(&self) -> bool {
        self.typed.iter().all(|(_, value)| value.trim().is_empty())
    }
}

/// Nobody is signed in: what was typed waits for who was.
async fn put_out(shell: &Shell, out: &SignedOut, sent: Form, action: String) -> Result<Option<Response>, Broken> {
    let Some(absent) = Absent::of_mark(shell.kernel(), &sent.mark).filter(|_| !sent.is_empty()) else { return Ok(None) };
    set_aside::put(shell.kernel(), &absent, &typed(shell, sent, action)).await?;
    let out = SignedOut { entrance: out.entrance, over: out.over.clone(), kept: true };
    Ok(Some(Broken::NotSignedIn(out).into_response()))
}

/// The same person signed in again in another window: they go on at once. What someone else left behind is not kept.
async fn come_back(shell: &Shell, sent: Form, action: String) -> Result<Option<Response>, Broken> {
    let absent = Absent::of_mark(shell.kernel(), &sent.mark).filter(|_| !sent.is_empty());
    let Some(absent) = absent.filter(|absent| shell.present().is_some_and(|who| who.is(absent))) else { return Ok(None) };
    let typed = typed(shell, sent, action);
    let name = set_aside::put(shell.kernel(), &absent, &typed).await?;
    Ok(Some(go(named(&typed.page, &name.to_string()))?))
}

fn typed(shell: &Shell, sent: Form, action: String) -> Typed {
    let page = shell.page_of_form().map_or(action, without_name);
    Typed { page, fields: sent.typed }
}

/// The address of a page where something kept is shown.
fn named(page: &str, name: &str) -> String {
    let sign = if page.contains('?') { '&' } else { '?' };
    format!("{page}{sign}{NAME}={name}")
}

/// The address of a page, whatever was shown there before.
fn without_name(page: &str) -> String {
    let page = page.split('#').next().unwrap_or_default();
    let Some((path, query)) = page.split_once('?') else { return page.to_owned() };
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("repris=")).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_bears_the_name_of_what_is_kept_once() {
        assert_eq!(named("/a", "1"), "/a?repris=1");
        assert_eq!(named(&without_name("/a?repris=1"), "2"), "/a?repris=2");
        assert_eq!(named(&without_name("/a?avant=3&repris=1#x"), "2"), "/a?avant=3&repris=2");
    }

    #[test]
    fn a_door_keeps_what_it_says_and_nothing_else() {
        let sent = Bytes::from_static(b"form_token=t&form_for=m&once=o&words=a&words=b&password=p&code=1");
        let form = Form::read(&sent, &["words"]).unwrap();
        let pairs = |given: &[(&str, &str)]| given.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
        assert_eq!((form.mark.as_str(), form.typed), ("m", pairs(&[("words", "a"), ("words", "b")])));
        assert_eq!(form.to_send, pairs(&[("once", "o"), ("words", "a"), ("words", "b")]));
    }
}
