//! The page that is shown while the world is made. It says so, how far it is, and that it is not ready: 503, and nothing else answers.

use std::sync::Arc;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, StatusCode, Uri};
use axum::response::IntoResponse;
use maincourante_kernel::Failure;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::progress::Progress;

const PAGE: &str = include_str!("waiting.html");
/// What the page asks for; everything else is the page.
const STYLED_BY: &str = "/attente.css";
const STYLE: &str = include_str!("waiting.css");
const POLICY: &str = "default-src 'none'; style-src 'self'; frame-ancestors 'none'";
const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// Answers until it is told that the world is there.
///
/// # Errors
/// When the listener breaks.
pub(crate) async fn serve(listener: TcpListener, progress: Arc<Progress>, ready: oneshot::Receiver<()>) -> Result<(), Failure> {
    let ended = async {
        // Also when whoever makes the world gave up: there is nothing to wait for.
        let _ = ready.await;
    };
    Ok(axum::serve(listener, pages(progress)).with_graceful_shutdown(ended).await?)
}

fn pages(progress: Arc<Progress>) -> Router {
    Router::new().fallback(move |asked: Uri| {
        let page = PAGE.replace("{done}", &progress.opened().to_string()).replace("{total}", &progress.total().to_string());
        async move {
            if asked.path() == STYLED_BY {
                return ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-store")], STYLE).into_response();
            }
            let headers = [
                (CONTENT_TYPE, "text/html; charset=utf-8"),
                (CACHE_CONTROL, "no-store"),
                (CONTENT_SECURITY_POLICY, POLICY),
                (RETRY_AFTER, "2"),
                (REFRESH, "2"),
            ];
            (StatusCode::SERVICE_UNAVAILABLE, headers, page).into_response()
        }
    })
}
