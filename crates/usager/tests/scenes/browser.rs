//! A browser without a screen: it keeps cookies, follows nothing by itself, and sends the forms of the page it was shown.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use tower::ServiceExt;

/// Where the pages of the scenes live.
pub const ORIGIN: &str = "http://courrier.exemple-mail.fr";

#[derive(Clone)]
pub struct Browser {
    site: Router,
    pub cookies: BTreeMap<String, String>,
    /// The last page that was shown.
    shown: String,
    /// Its address.
    at: String,
}

/// What came back.
pub struct Seen {
    pub asked: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Browser {
    pub fn new(site: &Router) -> Self {
        Self { site: site.clone(), cookies: BTreeMap::new(), shown: String::new(), at: "/".into() }
    }

    /// The same browser, in front of another site.
    pub fn elsewhere(&self, site: &Router) -> Self {
        Self { site: site.clone(), ..self.clone() }
    }

    pub async fn get(&mut self, path: &str) -> Seen {
        let request = self.request(Method::GET, path).body(Body::empty()).expect("a request");
        self.send(request, format!("GET {path}")).await
    }

    /// Fills the form of the shown page that posts to `action`, and sends it with what it hides.
    pub async fn submit(&mut self, action: &str, fields: &[(&str, &str)]) -> Seen {
        self.submit_to(action, action, fields).await
    }

    /// Sends what the form that posts to `action` hides, elsewhere: a hand that changes the page.
    pub async fn submit_to(&mut self, action: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
        let hidden = hidden_of(&self.shown, action);
        self.post(path, &[fields, &hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>()].concat()).await
    }

    /// The same, as a script that changed what the form hides.
    pub async fn submit_over(&mut self, action: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
        let hidden = hidden_of(&self.shown, action);
        let kept = hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| fields.iter().all(|(one, _)| one != name));
        self.post(path, &kept.chain(fields.iter().copied()).collect::<Vec<_>>()).await
    }

    /// Posts these fields and nothing else.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let request = self.request(Method::POST, path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.join("&"))).expect("a request"), format!("POST {path}")).await
    }

    /// Fills a form that carries files, as a browser does: what it hides, these fields, these files (name, type, bytes). The
    /// button pressed may send it elsewhere.
    pub async fn upload(&mut self, action: &str, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Seen {
        let mut body = Vec::new();
        let hidden = hidden_of(&self.shown, action);
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in hidden.chain(fields.iter().copied()) {
            body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (name, media, bytes) in files {
            let head = format!("form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: {media}");
            body.extend(format!("--x\r\nContent-Disposition: {head}\r\n\r\n").bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--x--\r\n");
        let request = self.request(Method::POST, path).header(CONTENT_TYPE, "multipart/form-data; boundary=x");
        self.send(request.body(Body::from(body)).expect("a request"), format!("POST {path}")).await
    }

    fn request(&self, verb: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder().method(verb).uri(path).header("host", "courrier.exemple-mail.fr").header("origin", ORIGIN);
        let request = request.header("referer", format!("{ORIGIN}{}", self.at));
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) }
    }

    async fn send(&mut self, request: Request<Body>, asked: String) -> Seen {
        let answer = self.site.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        for line in parts.headers.get_all(SET_COOKIE) {
            let line = line.to_str().expect("a cookie");
            let (name, value) = line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a name and a value");
            if line.contains("Max-Age=0") {
                self.cookies.remove(name)
            } else {
                self.cookies.insert(name.into(), value.into())
            };
        }
        let seen = Seen { asked, status: parts.status, headers: parts.headers, bytes };
        if seen.header("content-type").starts_with("text/html") {
            self.shown = String::from_utf8_lossy(&seen.bytes).into_owned();
            self.at = seen.asked.split_once(' ').map_or_else(|| "/".into(), |(_, path)| path.to_owned());
        }
        seen
    }
}

impl Seen {
    #[track_caller]
    pub fn is(&self, status: StatusCode) -> &Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text());
        self
    }

    /// The page, well.
    #[track_caller]
    pub fn ok(&self) -> &Self {
        self.is(StatusCode::OK)
    }

    /// The page again, with what is to be corrected.
    #[track_caller]
    pub fn refused(&self) -> &Self {
        self.is(StatusCode::UNPROCESSABLE_ENTITY)
    }

    #[track_caller]
    pub fn not_found(&self) -> &Self {
        self.is(StatusCode::NOT_FOUND)
    }

    /// Elsewhere.
    #[track_caller]
    pub fn goes(&self, path: &str) -> &Self {
        assert_eq!((self.status, self.header(LOCATION.as_str())), (StatusCode::SEE_OTHER, path), "{}: {}", self.asked, self.text());
        self
    }

    /// To the entrance, which says that the session was over, and whether what was typed is kept.
    #[track_caller]
    pub fn signs_out(&self, kept: bool) -> String {
        let to = self.location();
        let shape = to.strip_prefix("/connexion?fin=MC-").is_some_and(|rest| rest.ends_with("&garde=oui") == kept);
        assert!(shape, "{}: {to}", self.asked);
        to
    }

    /// Where it goes.
    #[track_caller]
    pub fn location(&self) -> String {
        self.is(StatusCode::SEE_OTHER).header(LOCATION.as_str()).to_owned()
    }

    /// The addresses of the page that begin so, each once, in order.
    pub fn links(&self, start: &str) -> Vec<String> {
        let html = self.html();
        let mut links: Vec<String> = Vec::new();
        for link in html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).filter(|link| link.starts_with(start)) {
            if !links.iter().any(|known| known == link) {
                links.push(link.to_owned());
            }
        }
        links
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "{} does not say {words:?}: {}", self.asked, self.text());
        self
    }

    #[track_caller]
    pub fn says_not(&self, words: &str) -> &Self {
        assert!(!self.text().contains(words), "{} says {words:?}: {}", self.asked, self.text());
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The value of a field of the page, as it would be sent again.
    pub fn value(&self, name: &str) -> Option<String> {
        let html = self.html();
        let tag = html.split('<').find(|tag| tag.starts_with("input") && attribute(tag, "name").as_deref() == Some(name))?;
        attribute(tag, "value")
    }

    /// What one reads, on one line: no tag, common spaces.
    pub fn text(&self) -> String {
        let html = self.html();
        let main = html.split_once("<main").map_or(html.as_str(), |(_, main)| main);
        let mut text = String::new();
        let mut rest = main.split_once('>').map_or(main, |(_, rest)| rest);
        while let Some((words, tag)) = rest.split_once('<') {
            text.push_str(words);
            // Two blocks are two words; a bold letter inside a word is not, nor a place where it may be cut.
            if !["wbr", "strong", "/strong", "span", "/span", "a ", "/a", "time", "/time"].iter().any(|inline| tag.starts_with(inline)) {
                text.push(' ');
            }
            rest = tag.split_once('>').map_or("", |(_, rest)| rest);
        }
        let text = unescaped(&(text + rest)).replace(['\u{a0}', '\n'], " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The hidden fields of the form that posts to `action`.
#[track_caller]
fn hidden_of(html: &str, action: &str) -> Vec<(String, String)> {
    let form = html
        .split("<form")
        .skip(1)
        .filter_map(|form| form.split_once("</form>"))
        .map(|(form, _)| form)
        .find(|form| attribute(form, "action").as_deref() == Some(action))
        .unwrap_or_else(|| panic!("the page has no form that posts to {action}: {html}"));
    let inputs = form.split("<input").skip(1).filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
    inputs.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))).collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split_once('"').map(|(value, _)| unescaped(value))
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&nbsp;", "\u{a0}").replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#32;", " ");
    text.replace("&#39;", "'").replace("&#38;", "&")
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
