//! `/structure/journal/tableau`: the lines that are shown, as a table that office programs open: CSV (RFC 4180) with semicolons, as they expect it
//! in French, in UTF-8 with a byte order mark.

use axum::extract::State;
use maincourante_journal::{Reader, Record, SubjectKind, sentence};
use maincourante_kernel::Failure;
use maincourante_kernel::calendar::{self, Date};
use maincourante_mandates::review::acts::Acts;
use maincourante_mandates::review::export::{Lines, lines};
use maincourante_shell::{Answer, Posted, not_found};
use rust_i18n::t;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::filter::{self, Filter};
use crate::who::Working;
use crate::{App, download, words};

pub(crate) async fn submit(State(app): State<App>, Working { aidant, .. }: Working, Posted(asked): Posted<filter::Asked>) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let filter = Filter::read(&app, &referent, &asked).await?;
    let lines = lines(&app.mandates, &referent, &filter.wanted).await?;
    let name = format!("journal-{}.csv", Date::at(app.now()).iso());
    download::file(&name, "text/csv; charset=utf-8", |out| write(lines, out))
}

async fn write(mut lines: Lines, mut out: impl AsyncWrite + Unpin) -> Result<(), Failure> {
    let titles = ["day", "hour", "act", "aidant", "person", "sentence"].map(|title| t!(format!("table.{title}")).into_owned());
    out.write_all(format!("\u{feff}{}", row(&titles)).as_bytes()).await?;
    loop {
        let records = lines.next().await?;
        if records.is_empty() {
            return Ok(out.shutdown().await?);
        }
        for record in &records {
            out.write_all(row(&cells(record)).as_bytes()).await?;
        }
    }
}

fn cells(record: &Record) -> [String; 6] {
    let named = |kind| record.subject(kind).and_then(|seen| seen.field("name")).unwrap_or_default().to_owned();
    [
        words::typed(Date::at(record.at)),
        calendar::hour(record.at),
        filter::act(Acts::of(record.event)),
        named(SubjectKind::Aidant),
        named(SubjectKind::Usager),
        sentence(record, Reader::Structure),
    ]
}

fn row(cells: &[String]) -> String {
    cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(";") + "\r\n"
}

/// Between quotes, always. What a program would take for a formula begins with an apostrophe, which makes it a text.
fn cell(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%']) || text.starts_with(['\t', '\r', '\n']);
    let mark = if is_formula { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_nor_leaves_its_quotes() {
        assert_eq!(cell("Josette Lambert"), "\"Josette Lambert\"");
        assert_eq!(cell("dite \"Jo\"; née"), "\"dite \"\"Jo\"\"; née\"");
        for formula in ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1"] {
            assert!(cell(formula).starts_with("\"'"), "{formula:?}");
        }
    }
}
