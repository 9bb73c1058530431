//! What surrounds every page: given the routers of the page crates, `around` makes the one that the server serves.
//!
//! From the outside in: compression, headers, the frame (which also draws the page of whatever failed inside),
//! a net for panics, the check of the origin of posts, the pages.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use maincourante_kernel::Failure;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::csrf::CsrfLayer;

use crate::broken::{Undressed, draw};
use crate::frame::Slot;
use crate::posted::LONGEST_FORM;
use crate::{Broken, Client, Door, Doors, Site, Space, asset, display, headers};

/// The router to serve: `pages`, and all that surrounds them.
///
/// # Errors
/// When the origin of the settings is not one.
pub fn around(pages: Router, site: &Site) -> Result<Router, Failure> {
    let origins =
        CsrfLayer::new().add_trusted_origin(&site.settings().origin)?.with_rejection_response(|_| Broken::StaleForm.into_response());
    let compression = CompressionLayer::new()
        .gzip(true)
        .quality(CompressionLevel::Precise(4))
        .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("font/")));

    Ok(pages
        .merge(chosen().0)
        .fallback(async || Broken::NotFound)
        .method_not_allowed_fallback(async || Broken::WrongVerb)
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(origins)
        .layer(CatchPanicLayer::custom(|_| Broken::Failure(Failure::new("a page panicked")).into_response()))
        .layer(from_fn_with_state(site.clone(), frame))
        .layer(from_fn_with_state(site.clone(), headers::add))
        .merge(asset::open().0)
        .layer(compression))
}

/// The doors that surround every page: how it is shown, and what it is made of.
pub fn doors() -> Vec<Door> {
    [chosen().1, asset::open().1].concat()
}

fn chosen() -> (Router, Vec<Door>) {
    Doors::of(Space::PUBLIC).post("/affichage", display::submit).open()
}

/// Prepares the frame of the page, and draws the page of what failed.
async fn frame(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let client = Client::find(connection, request.headers(), &site.settings().proxies);
    let slot = Slot::new(&site, request.uri(), request.headers(), client);
    // The route, not the address: a log needs no identifier of anyone's thing.
    let route = request.extensions().get::<MatchedPath>().map_or("no route", MatchedPath::as_str);
    let asked = format!("{} {route}", request.method());
    request.extensions_mut().insert(slot.clone());

    let answer = next.run(request).await;
    let shell = slot.take();
    let mut answer = match reason(&answer) {
        Some(broken) => draw(&broken, shell.clone(), &asked, site.chance()),
        None => answer,
    };
    if let Some(Ok(cookie)) = shell.new_anchor().map(|cookie| cookie.header()) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

/// Why this answer is bare, if it is.
fn reason(answer: &Response) -> Option<Arc<Broken>> {
    if let Some(Undressed(broken)) = answer.extensions().get::<Undressed>() {
        return Some(Arc::clone(broken));
    }
    let drawn = answer.headers().get(CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if drawn { None } else { Broken::meant_by(answer.status()).map(Arc::new) }
}
