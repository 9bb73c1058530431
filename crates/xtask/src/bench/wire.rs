//! What travels to a browser, and what `serve` holds on the real peers: measured with the tools of the browser tests.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::build::Built;
use super::program;
use super::table::Table;
use crate::host::{self, Outcome, said};

/// Kilobytes of a first visit, and of any later one.
const GOALS: [(&str, f64); 2] = [("first visit", 50.0), ("again", 15.0)];

/// Bytes and requests of two pages, on a first visit and on the next.
pub(crate) fn measure(node: &Path, built: &Built, table: &mut Table) -> Outcome<()> {
    let printed = host::quietly(&mut script(node, built, "wire")?)?;
    let seen: Value = serde_json::from_str(&printed).map_err(said("bench.mjs"))?;
    rows(&seen, table).ok_or_else(|| format!("bench.mjs: {printed} is not understood"))
}

fn rows(seen: &Value, table: &mut Table) -> Option<()> {
    for page in seen.as_array()? {
        let name = page["page"].as_str()?;
        let of = |visit: &str, what: &str| page[visit][what].as_f64();
        for (visit, goal) in GOALS {
            let bytes = of(visit, "bytes")?;
            table.row(format!("{name}, {visit}: on the wire"), "KB", bytes / 1000.0, "goal", goal);
            table.row(format!("{name}, {visit}: the same"), "KB", bytes / 1000.0, "unpacked", of(visit, "unpacked")? / 1000.0);
        }
        table.row(
            format!("{name}, again: on the wire"),
            "KB",
            of("again", "bytes")? / 1000.0,
            "first visit",
            of("first visit", "bytes")? / 1000.0,
        );
        table.row(format!("{name}, again: requests"), "", of("again", "requests")?, "first visit", of("first visit", "requests")?);
    }
    Some(())
}

/// What `serve` holds, idle, on PostgreSQL, Dovecot and Postfix.
pub(crate) fn serve(node: &Path, built: &Built, table: &mut Table) -> Outcome<()> {
    let mut process = script(node, built, "serve")?.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(said("bench.mjs"))?;
    let mut line = String::new();
    let heard = process.stdout.take().map(|output| BufReader::new(output).read_line(&mut line));
    let number = heard.and_then(|_| line.trim().parse().ok()).ok_or_else(|| "serve did not start".to_owned());
    let held = number.and_then(program::settled);
    // The end of its input is the end of the service and of its peers.
    drop(process.stdin.take());
    process.wait().map_err(said("bench.mjs"))?;
    let held = held?;
    table.row("serve, idle: RSS", "MB", held.rss, "PSS", held.pss);
    Ok(())
}

pub(super) fn script(node: &Path, built: &Built, what: &str) -> Outcome<Command> {
    let mut command = host::command(&node.to_string_lossy(), &["bench.mjs", what]);
    command
        .current_dir(host::root().join("tests/e2e"))
        .env("MAINCOURANTE_BIN", &built.program)
        .env("MAINCOURANTE_XTASK", host::own_program()?);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_saw_stands_beside_its_goals() {
        let seen = serde_json::json!([{
            "page": "sign-in",
            "first visit": { "requests": 4, "bytes": 25_000, "unpacked": 100_000 },
            "again": { "requests": 1, "bytes": 3_000, "unpacked": 9_000 },
        }]);
        let mut table = Table::new("");
        assert!(rows(&seen, &mut table).is_some());
        let said: Vec<String> = table.to_string().lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        for expected in [
            "sign-in, first visit: on the wire 25.0 KB goal 50.0 KB 0.50",
            "sign-in, again: on the wire 3.0 KB goal 15.0 KB 0.20",
            "sign-in, again: on the wire 3.0 KB first visit 25.0 KB 0.12",
            "sign-in, again: requests 1.0 first visit 4.0 0.25",
        ] {
            assert!(said.contains(&expected.to_owned()), "{expected}: {said:#?}");
        }
        assert!(rows(&serde_json::json!([{ "page": "sign-in" }]), &mut table).is_none());
    }
}
