//! Many people at once, on two programs and the real peers; what each weighs, and what a page writes.

use std::path::Path;

use serde_json::Value;

use super::build::Built;
use super::table::Table;
use super::wire::script;
use crate::host::{self, Outcome, said};

/// Measures by `tests/e2e/lib/crowd.mjs`, which says what each figure stands beside.
pub(crate) fn measure(node: &Path, built: &Built, people: usize, table: &mut Table) -> Outcome<()> {
    let mut command = script(node, built, "crowd")?;
    let printed = host::quietly(command.arg(people.to_string()))?;
    let seen: Value = serde_json::from_str(&printed).map_err(said("bench.mjs crowd"))?;
    rows(&seen, table).ok_or_else(|| format!("bench.mjs crowd: {printed} is not understood"))
}

fn rows(seen: &Value, table: &mut Table) -> Option<()> {
    const UNITS: [&str; 4] = ["ms", "MB", "KB", ""];
    for row in seen.as_array()? {
        let unit = UNITS.into_iter().find(|unit| row["unit"].as_str() == Some(unit))?;
        table.row(row["what"].as_str()?, unit, row["measured"].as_f64()?, row["beside"].as_str()?, row["other"].as_f64()?);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_script_says_is_understood() {
        let seen = serde_json::json!([{ "what": "list, 8 at once", "unit": "ms", "measured": 6.0, "beside": "raw IMAP", "other": 2.0 }]);
        let mut table = Table::new("");
        assert!(rows(&seen, &mut table).is_some());
        assert!(table.to_string().contains("3.00"), "{table}");
        assert!(rows(&serde_json::json!([{ "what": "list", "unit": "furlong" }]), &mut table).is_none());
    }
}
