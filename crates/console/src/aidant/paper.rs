//! A paper, as the answer to a request: the browser shows it, and prints it.

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use maincourante_kernel::Failure;
use maincourante_mandates::papers::Paper;
use maincourante_shell::Answer;

#[expect(clippy::needless_pass_by_value, reason = "a paper is given once")]
pub(crate) fn give(paper: Paper) -> Answer {
    let name = HeaderValue::from_str(&format!("inline; filename=\"{}\"", paper.file_name)).map_err(Failure::from)?;
    let headers = [(CONTENT_TYPE, HeaderValue::from_static("application/pdf")), (CONTENT_DISPOSITION, name)];
    Ok((headers, paper.pdf.to_vec()).into_response())
}
