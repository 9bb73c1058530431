//! Whether time tells that an account exists: an address that someone has beside an address that nobody has.

use super::build::Built;
use super::table::Table;
use crate::host::{self, Outcome};

/// Times both: `crates/identity/examples/same_time.rs`.
pub(crate) fn measure(built: &Built, table: &mut Table) -> Outcome<()> {
    let example = built.example("maincourante-identity", "same_time")?;
    rows(&host::told(&example.to_string_lossy(), &[])?, table)
}

fn rows(printed: &str, table: &mut Table) -> Outcome<()> {
    for act in ["sign-in refused", "recovery begun"] {
        let of = |who: &str| {
            let name = format!("{act}, an address that {who} has");
            let line = printed.lines().find_map(|line| line.strip_prefix(&name)).unwrap_or_default();
            let median = line.split_whitespace().next().and_then(|word| word.parse::<f64>().ok());
            median.map(|micros| micros / 1000.0).ok_or_else(|| format!("the times of {name} are not in: {printed}"))
        };
        table.row(format!("{act}, an address that someone has: median"), "ms", of("someone")?, "that nobody has", of("nobody")?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_understood() {
        let printed = "60 rounds\nsign-in refused, an address that someone has  40000 50000\nsign-in refused, an address that nobody has  20000 9\n\
                       recovery begun, an address that someone has  500 900\nrecovery begun, an address that nobody has  500 900";
        let mut table = Table::new("");
        rows(printed, &mut table).expect("it is what the example prints");
        let said = table.to_string();
        assert!(said.contains("40.0 ms") && said.contains("2.00") && said.contains("1.00"), "{said}");
        assert!(rows("", &mut table).is_err());
    }
}
