//! What a bench says at its end: each figure, what it is compared with, and how many times it is that.

use std::fmt;

/// The figures of one run.
pub(crate) struct Table {
    machine: String,
    load_at_end: String,
    rows: Vec<Row>,
    missing: Vec<String>,
}

struct Row {
    what: String,
    unit: &'static str,
    measured: f64,
    beside: String,
    other: f64,
}

impl Table {
    pub(crate) fn new(machine: &str) -> Self {
        Self { machine: machine.to_owned(), load_at_end: String::new(), rows: Vec::new(), missing: Vec::new() }
    }

    /// A figure beside another of the same unit.
    pub(crate) fn row(&mut self, what: impl Into<String>, unit: &'static str, measured: f64, beside: impl Into<String>, other: f64) {
        self.rows.push(Row { what: what.into(), unit, measured, beside: beside.into(), other });
    }

    /// A part that could not be measured.
    pub(crate) fn not_measured(&mut self, what: &str, reason: &str) {
        self.missing.push(format!("{what}: {reason}"));
    }

    /// How busy the machine is when all is measured.
    pub(crate) fn end(&mut self, load: &str) {
        load.clone_into(&mut self.load_at_end);
    }

    /// Whether every part was measured.
    pub(crate) fn is_whole(&self) -> bool {
        self.missing.is_empty()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "\n{}, {} at the end", self.machine, self.load_at_end)?;
        writeln!(out, "\n{:<50} {:>12}   {:<20} {:>12} {:>6}", "", "measured", "beside", "", "ratio")?;
        for Row { what, unit, measured, beside, other } in &self.rows {
            let ratio = if *other > 0.0 { format!("{:.2}", measured / other) } else { "–".to_owned() };
            let (measured, other) = (format!("{measured:.1} {unit}"), format!("{other:.1} {unit}"));
            writeln!(out, "{what:<50} {measured:>12}   {beside:<20} {other:>12} {ratio:>6}")?;
        }
        for sentence in &self.missing {
            writeln!(out, "NOT MEASURED: {sentence}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_beside_another_with_how_many_times_it_is_that() {
        let mut table = Table::new("2 cores");
        table.row("list, this crate", "ms", 3.0, "raw IMAP", 2.0);
        table.row("requests", "", 3.0, "again", 0.0);
        table.end("0.40");
        let said = table.to_string();
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
        let lines: Vec<String> = said.lines().map(words).collect();
        assert!(lines.contains(&"2 cores, 0.40 at the end".to_owned()), "{said}");
        assert!(lines.contains(&"list, this crate 3.0 ms raw IMAP 2.0 ms 1.50".to_owned()), "{said}");
        assert!(lines.contains(&"requests 3.0 again 0.0 –".to_owned()), "nothing is divided by nothing: {said}");
    }
}
