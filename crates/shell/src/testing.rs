//! A browser for scenes: it keeps its cookies, fills the forms it is shown with what they already hold, and says
//! where it comes from, as real ones do. It knows no script. Behind the `testing` feature.
//!
//! ```ignore
//! let mut josette = Browser::new(router);
//! josette.get("/connexion").await.is(StatusCode::OK).says("Se connecter");
//! josette.submit("/connexion", &[("login", "josette@exemple-mail.fr"), ("password", PASSWORD)]).await.goes("/messages");
//! ```

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, REFERER, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use maincourante_kernel::{Kernel, Secret};
use scraper::{ElementRef, Html, Selector};
use tower::ServiceExt;

use crate::{Help, People, Settings, Site, reference, token};

/// The site of an invented service at `http://exemple-mail.fr`: cookies bear plain names.
///
/// # Panics
/// Never: the number parses.
pub fn site(kernel: &Kernel) -> Site {
    site_at("http://exemple-mail.fr", kernel)
}

/// The same at another address.
///
/// # Panics
/// Never: the number parses.
pub fn site_at(origin: &str, kernel: &Kernel) -> Site {
    let help = Help {
        who: "CCAS de Vaudorme".into(),
        phone: "01 99 00 12 34".parse().expect("a number"),
        hours: "du lundi au vendredi, de 9\u{a0}h à 17\u{a0}h".into(),
    };
    let settings = Settings { service: "Maincourante".into(), origin: origin.into(), help, proxies: Vec::new(), people: People::Real };
    Site::new(settings, kernel)
}

/// The token of the forms that whoever holds this cookie is shown: what a page would carry.
pub fn form_token(site: &Site, cookie: &str) -> String {
    token::make(site.form_key(), &Secret::new(cookie.to_owned()), site.chance())
}

/// Someone's browser.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    page: Option<Seen>,
    /// The headers of every request, beside those a browser sends by itself.
    pub headers: HeaderMap,
}

/// What the browser was answered.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The address asked.
    pub path: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as text.
    pub html: String,
    /// How many bytes it had.
    pub bytes: usize,
}

impl Browser {
    /// A browser that was never used.
    pub fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), page: None, headers: HeaderMap::new() }
    }

    /// The value of a cookie it keeps.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Puts a cookie into it by hand: what a thief would do.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.into(), value.into());
    }

    /// Another tab of the same browser.
    #[must_use]
    pub fn other_tab(&self) -> Self {
        Self { page: None, ..self.clone() }
    }

    /// Types an address.
    pub async fn get(&mut self, path: &str) -> Seen {
        self.send(Request::get(path).header("sec-fetch-site", "same-origin"), path, String::new()).await
    }

    /// Follows where the last answer leads.
    ///
    /// # Panics
    /// When it leads nowhere.
    pub async fn follow(&mut self) -> Seen {
        let to = self.last().location().expect("an answer that leads elsewhere").to_owned();
        self.get(&to).await
    }

    /// Fills the form of the last page that posts to `action`, and sends it: what it holds already (hidden fields,
    /// what is ticked, what is written), with `typed` instead where it names a field. A name typed several times is
    /// sent several times; `("name", "")` for a box unticks it.
    ///
    /// # Panics
    /// When the last page has no such form.
    pub async fn submit(&mut self, action: &str, typed: &[(&str, &str)]) -> Seen {
        let page = self.last();
        let held = page.form(action).unwrap_or_else(|| panic!("no form posts to {action} in {}: {}", page.path, page.text()));
        let kept = held.into_iter().filter(|(name, _)| typed.iter().all(|(given, _)| given != name));
        let given = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let fields: Vec<(String, String)> = kept.chain(given).collect();
        self.post(action, &fields).await
    }

    /// Posts fields of one's choice, as a forger would.
    ///
    /// # Panics
    /// Never: names and values can always be written as a form.
    pub async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Seen {
        let body = serde_html_form::to_string(fields).expect("fields can be written");
        let from = self.page.as_ref().map_or("/", |page| page.path.as_str());
        let request = Request::post(path)
            .header(REFERER, format!("http://exemple-mail.fr{from}"))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ORIGIN, "http://exemple-mail.fr")
            .header("sec-fetch-site", "same-origin");
        self.send(request, path, body).await
    }

    /// The same with a file, in the place that the form has for one.
    ///
    /// # Panics
    /// When the last page has no such form, or the form no place for a file.
    pub async fn submit_file(&mut self, action: &str, typed: &[(&str, &str)], file: (&str, &[u8])) -> Seen {
        self.submit_file_to(action, action, typed, file).await
    }

    /// The same by a button of that form that sends it elsewhere.
    ///
    /// # Panics
    /// When the last page has no such form, or the form no place for a file.
    pub async fn submit_file_to(&mut self, form: &str, to: &str, typed: &[(&str, &str)], file: (&str, &[u8])) -> Seen {
        let page = self.last();
        let held = page.form(form).unwrap_or_else(|| panic!("no form posts to {form} in {}: {}", page.path, page.text()));
        let place = format!("form[action=\"{form}\"] input[type=file]");
        let place = page.attribute(&place, "name").unwrap_or_else(|| panic!("no place for a file in {}", page.path));
        let kept = held.into_iter().filter(|(name, _)| *name != place && typed.iter().all(|(given, _)| given != name));
        let given = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let fields: Vec<_> = kept.chain(given).collect();
        self.send_parts(to, &fields, Some((&place, file))).await
    }

    /// Posts fields of one's choice in parts, as a form that takes files is.
    pub async fn post_parts(&mut self, path: &str, fields: &[(String, String)]) -> Seen {
        self.send_parts(path, fields, None).await
    }

    async fn send_parts(&mut self, path: &str, fields: &[(String, String)], file: Option<(&str, (&str, &[u8]))>) -> Seen {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--scene\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        if let Some((place, (name, bytes))) = file {
            let head = format!(
                "--scene\r\nContent-Disposition: form-data; name=\"{place}\"; filename=\"{name}\"\r\nContent-Type: image/jpeg\r\n\r\n"
            );
            body.extend(head.bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--scene--\r\n");
        let request = Request::post(path)
            .header(CONTENT_TYPE, "multipart/form-data; boundary=scene")
            .header(ORIGIN, "http://exemple-mail.fr")
            .header("sec-fetch-site", "same-origin");
        self.send(request, path, body).await
    }

    /// The last page.
    ///
    /// # Panics
    /// When there was none.
    pub fn last(&self) -> &Seen {
        self.page.as_ref().expect("a page was asked before")
    }

    async fn send(&mut self, mut request: axum::http::request::Builder, path: &str, body: impl Into<Body>) -> Seen {
        request = request.header(HOST, "exemple-mail.fr");
        for (name, value) in &self.headers {
            request.headers_mut().expect("a request").insert(name.clone(), value.clone());
        }
        if !self.cookies.is_empty() {
            let line: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, line.join("; "));
        }
        let peer: SocketAddr = "127.0.0.1:40000".parse().expect("an address");
        let request = request.extension(ConnectInfo(peer)).body(body.into()).expect("a request");
        let answer = self.router.clone().oneshot(request).await.expect("routers always answer");
        let (parts, body) = answer.into_parts();
        for line in parts.headers.get_all(SET_COOKIE) {
            self.keep(line.to_str().expect("a cookie in ASCII"));
        }
        let bytes = to_bytes(body, 32 * 1024 * 1024).await.expect("a body");
        let html = String::from_utf8_lossy(&bytes).into_owned();
        let seen = Seen { path: path.into(), status: parts.status, headers: parts.headers, html, bytes: bytes.len() };
        self.page = Some(seen.clone());
        seen
    }

    fn keep(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').expect("a cookie has a name");
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Seen {
    /// The status is this one.
    ///
    /// # Panics
    /// When it is another.
    #[track_caller]
    pub fn is(&self, status: StatusCode) -> &Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.text());
        self
    }

    /// The page says this, in what one reads (non-breaking spaces are spaces).
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "{} does not say “{words}”: {}", self.path, self.text());
        self
    }

    /// The page says nothing of the kind, not even in its markup.
    ///
    /// # Panics
    /// When it does.
    #[track_caller]
    pub fn hides(&self, words: &str) -> &Self {
        assert!(!self.text().contains(words) && !self.html.contains(words), "{} says “{words}”", self.path);
        self
    }

    /// The answer leads there (303).
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn goes(&self, path: &str) -> &Self {
        self.is(StatusCode::SEE_OTHER);
        assert_eq!(self.location(), Some(path), "from {}", self.path);
        self
    }

    /// The answer leads there, to be told what was just done (303).
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn goes_saying(&self, path: &str) -> &Self {
        self.is(StatusCode::SEE_OTHER);
        let to = self.location().unwrap_or_default();
        assert!(to.strip_prefix(path).is_some_and(|rest| rest.starts_with('?')), "from {} to {to}", self.path);
        self
    }

    /// The answer leads to this entrance, which says that the session was over (303). Gives the reference that it says.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn signs_out(&self, entrance: &str) -> String {
        self.is(StatusCode::SEE_OTHER);
        let to = self.location().unwrap_or_default();
        let found = to.strip_prefix(entrance).and_then(|rest| rest.strip_prefix("?fin=")).and_then(|rest| rest.split('&').next());
        let found = found.filter(|found| reference::is_one(found));
        found.unwrap_or_else(|| panic!("{} leads to {to}, which is not {entrance} with a reference", self.path)).to_owned()
    }

    /// The reference that the page says.
    ///
    /// # Panics
    /// When it says none, or several.
    #[track_caller]
    pub fn reference(&self) -> String {
        let document = Html::parse_document(&self.html);
        let said: Vec<String> = document.select(&chosen(".reference strong")).map(|element| element.text().collect()).collect();
        assert!(said.len() == 1 && reference::is_one(&said[0]), "{} says {said:?}: {}", self.path, self.text());
        said[0].clone()
    }

    /// Where the answer leads.
    pub fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION).and_then(|to| to.to_str().ok())
    }

    /// What one reads, in one line.
    pub fn text(&self) -> String {
        let document = Html::parse_document(&self.html);
        let words: Vec<String> = document.root_element().text().map(|text| text.replace(['\u{a0}', '\u{202f}'], " ")).collect();
        words.concat().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text of the first element that this selector finds.
    pub fn part(&self, selector: &str) -> Option<String> {
        let document = Html::parse_document(&self.html);
        let found = document.select(&chosen(selector)).next()?;
        Some(found.text().collect::<String>().replace('\u{a0}', " ").split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// An attribute of the first element that this selector finds.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let document = Html::parse_document(&self.html);
        document.select(&chosen(selector)).next()?.attr(name).map(str::to_owned)
    }

    /// What the form that posts to `action` holds, as a browser would send it without touching anything.
    pub fn form(&self, action: &str) -> Option<Vec<(String, String)>> {
        let document = Html::parse_document(&self.html);
        let form = document.select(&chosen("form[method=post]")).find(|form| form.attr("action") == Some(action))?;
        Some(form.select(&chosen("input[name], textarea[name], select[name]")).filter_map(held).collect())
    }

    /// What the frame owes every page: a heading that the title begins with, one main action at most, no inline script
    /// or style, a token in each form that posts.
    ///
    /// # Panics
    /// When it is not so.
    #[track_caller]
    pub fn is_well_made(&self) -> &Self {
        let document = Html::parse_document(&self.html);
        let count = |selector: &str| document.select(&chosen(selector)).count();
        let (title, heading) = (self.part("title").unwrap_or_default(), self.part("h1").unwrap_or_default());
        assert_eq!(count("h1"), 1, "{}: one heading", self.path);
        assert!(title.starts_with(heading.trim_end_matches('.')), "{}: “{title}” does not begin with “{heading}”", self.path);
        assert!(count("main .button.main") <= 1, "{}: two main actions", self.path);
        assert_eq!(count("[style], style, script:not([src]), [onclick]"), 0, "{}: inline code", self.path);
        for form in document.select(&chosen("form[method=post]")).filter(|form| form.attr("action") != Some("/affichage")) {
            let action = form.attr("action").unwrap_or_default();
            assert!(form.select(&chosen("[name=form_token]")).next().is_some(), "{}: no token in the form to {action}", self.path);
        }
        self
    }
}

fn chosen(selector: &str) -> Selector {
    Selector::parse(selector).expect("a selector of the test")
}

fn held(control: ElementRef<'_>) -> Option<(String, String)> {
    let name = control.attr("name")?.to_owned();
    let value = match control.value().name() {
        "textarea" => control.text().collect(),
        "select" => {
            let options: Vec<_> = control.select(&chosen("option")).collect();
            let option = options.iter().find(|option| option.attr("selected").is_some()).or(options.first())?;
            option.attr("value").map_or_else(|| option.text().collect(), str::to_owned)
        }
        _ => match control.attr("type") {
            Some("checkbox" | "radio") if control.attr("checked").is_none() => return None,
            Some("submit" | "button") => return None,
            _ => control.attr("value").unwrap_or_default().to_owned(),
        },
    };
    Some((name, value))
}
