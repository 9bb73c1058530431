//! What surrounds every page: given the routers of the page crates, `around` makes the one that the server serves.
//!
//! From the outside in: compression, headers, the frame (which also draws the page of whatever failed inside, and gives the log its
//! reference), a limit of time, a net for panics, the check of the origin of posts, the pages.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, MatchedPath, Request, State};
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use maincourante_kernel::Failure;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::csrf::CsrfLayer;
use tracing::Instrument;

use crate::broken::{Typed, Undressed, draw};
use crate::frame::Slot;
use crate::posted::{LONGEST_FORM, is_form};
use crate::{AtWork, Audience, Broken, Client, Door, Doors, Shell, SignedInUsager, Site, Space, asset, display, headers};

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

    let (nowhere, wrong) = (site.clone(), site.clone());
    Ok(pages
        .merge(chosen().0)
        .fallback(move |request: Request| beside(nowhere, request, Broken::NotFound))
        .method_not_allowed_fallback(move |request: Request| beside(wrong, request, Broken::WrongVerb))
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

/// What no door leads to, for this reason: it is said in the frame of the space where it would stand, to who may be there.
async fn beside(site: Site, request: Request, why: Broken) -> Broken {
    let Some((_, space)) = site.space_of(request.uri().path()) else { return why };
    let (mut parts, _) = request.into_parts();
    Slot::enter(&mut parts.extensions, space);
    let refused = match space.audience {
        Audience::Usager => SignedInUsager::from_request_parts(&mut parts, &site).await.err(),
        Audience::Aidant | Audience::Structure => AtWork::from_request_parts(&mut parts, &site).await.err(),
        Audience::Public | Audience::Lent => None,
    };
    refused.unwrap_or(why)
}

/// Prepares the frame of the page, and draws the page of what failed.
async fn frame(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let client = Client::find(connection, request.headers(), &site.settings().proxies);
    let slot = Slot::new(&site, &request, client);
    // The route, not the address: a log needs no identifier of anyone's thing.
    let route = match (request.extensions().get::<MatchedPath>(), site.space_of(request.uri().path())) {
        (Some(matched), _) => matched.as_str().to_owned(),
        (None, Some((start, _))) => format!("no route below {start}"),
        (None, None) => "no route".to_owned(),
    };
    let asked = format!("{} {route}", request.method());
    request.extensions_mut().insert(slot.clone());
    // A file comes at the pace of its line.
    let patient = request.method() == Method::POST && !is_form(request.headers());

    // Whatever is said on the way bears the reference that the page will show, were it to fail.
    let span = tracing::error_span!("request", reference = slot.take().reference(), asked);
    let page = next.run(request).instrument(span.clone());
    let answer = if patient { page.await } else { in_time(page).await };
    let shell = slot.take();
    let mut answer = span.in_scope(|| dressed(answer, &shell));
    if let Some(Ok(cookie)) = shell.new_anchor().map(|cookie| cookie.header()) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

/// How long a page may take. What it asks of others ends long before; nobody waits longer in front of a screen.
const PATIENCE: Duration = Duration::from_mins(1);

async fn in_time(page: impl Future<Output = Response>) -> Response {
    tokio::time::timeout(PATIENCE, page).await.unwrap_or_else(|_| Broken::TooSlow.into_response())
}

/// The answer, or the page that says why there is none.
fn dressed(mut answer: Response, shell: &Shell) -> Response {
    if let Some(broken) = reason(&answer) {
        let typed = answer.extensions_mut().remove::<Typed>();
        return draw(&broken, shell.clone(), typed);
    }
    // A page of the trade that says no: it bears the reference too.
    let status = answer.status();
    if (status.is_client_error() || status.is_server_error()) && status != StatusCode::UNPROCESSABLE_ENTITY {
        tracing::info!(status = status.as_u16(), why = "told", "a page was refused");
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
