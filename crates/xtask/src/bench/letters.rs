//! A list of letters and a letter opened, beside the same commands said by hand to the same Dovecot.

use super::build::Built;
use super::table::Table;
use crate::host::{self, Outcome};
use crate::peers::Running;

/// Fills a box and times it: `crates/mailbox/examples/measure.rs` does both.
pub(crate) fn measure(built: &Built, letters: usize, table: &mut Table) -> Outcome<()> {
    let example = built.example("maincourante-mailbox", "measure")?;
    let running = Running::start(&["--only", "dovecot", "--people", "amina.diallo"])?;
    let facts = format!("{}/dovecot.json", running.stack["dir"].as_str().unwrap_or_default());
    let printed = host::told(&example.to_string_lossy(), &[&facts, &letters.to_string()])?;
    drop(running);
    rows(&printed, letters, table)
}

fn rows(printed: &str, letters: usize, table: &mut Table) -> Outcome<()> {
    for act in ["list", "open"] {
        let of = |who: &str| {
            let name = format!("{act}, {who}");
            let times = printed.lines().find_map(|line| line.strip_prefix(&name)).unwrap_or_default();
            let times: Vec<f64> = times.split_whitespace().filter_map(|word| word.parse().ok()).collect();
            match times.as_slice() {
                [median, most] => Ok((median / 1000.0, most / 1000.0)),
                _ => Err(format!("the times of {name} are not in: {printed}")),
            }
        };
        let (ours, raw) = (of("this crate")?, of("raw IMAP")?);
        table.row(format!("{act}, box of {letters}: median"), "ms", ours.0, "raw IMAP", raw.0);
        table.row(format!("{act}, box of {letters}: 95th percentile"), "ms", ours.1, "raw IMAP", raw.1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_understood() {
        let printed = "10000 letters, 300 rounds, warm connection\nlist, raw IMAP      2000   4000\nlist, this crate    3000   5000\n\
                       open, raw IMAP       500    900\nopen, this crate    1000   1800";
        let mut table = Table::new("");
        rows(printed, 10_000, &mut table).expect("it is what the example prints");
        let said = table.to_string();
        assert!(said.contains("3.0 ms") && said.contains("1.50") && said.contains("2.00"), "{said}");
        assert!(rows("the mail server is away", 1, &mut table).is_err());
    }
}
