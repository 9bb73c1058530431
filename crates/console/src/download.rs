//! A file that is written while it is downloaded: nothing of it waits in memory, and a slow reader holds nothing in the base.

use std::future::Future;
use std::io;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use futures_util::stream;
use maincourante_kernel::Failure;
use maincourante_shell::Answer;
use tokio::io::{AsyncReadExt, DuplexStream};
use tokio::task::JoinHandle;

/// How much is written ahead of who reads.
const AHEAD: usize = 64 * 1024;
/// Should a browser open it in spite of its disposition, it may do nothing.
const NOTHING: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// The answer whose body `write` writes. `name` is of ours: letters, digits, dots and dashes. A body that breaks off is cut, so that the browser
/// says that the download failed.
pub(crate) fn file<F>(name: &str, media: &'static str, write: impl FnOnce(DuplexStream) -> F) -> Answer
where
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let (mine, theirs) = tokio::io::duplex(AHEAD);
    let writing = tokio::spawn(write(theirs));
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).map_err(Failure::from)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media)),
        (CONTENT_DISPOSITION, disposition),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING)),
    ];
    let body = Body::from_stream(stream::unfold(Some((mine, writing)), |state| async {
        let (mine, writing) = state?;
        piece(mine, writing).await
    }));
    Ok((headers, body).into_response())
}

type Reading = Option<(DuplexStream, JoinHandle<Result<(), Failure>>)>;

/// What was written since the last piece; at the end, whether it was all.
async fn piece(mut mine: DuplexStream, writing: JoinHandle<Result<(), Failure>>) -> Option<(io::Result<Bytes>, Reading)> {
    let mut bytes = Vec::with_capacity(AHEAD);
    match mine.read_buf(&mut bytes).await {
        Ok(0) => match writing.await {
            Ok(Ok(())) => None,
            Ok(Err(failure)) => {
                tracing::error!(%failure, "a download broke off");
                Some((Err(io::Error::other("the download broke off")), None))
            }
            Err(broken) => Some((Err(io::Error::other(broken)), None)),
        },
        Ok(_) => Some((Ok(bytes.into()), Some((mine, writing)))),
        Err(error) => Some((Err(error), None)),
    }
}
