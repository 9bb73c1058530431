//! Addresses proposed from a name. No birth year in them, several to choose from, and never one that was given before.

use maincourante_kernel::address::MailAddress;
use maincourante_kernel::{Failure, Timestamp, Tx};

use crate::reserved;
use crate::store::accounts as store;

/// Room is left in the 64 bytes of a local part for a number behind the name.
const LONGEST: usize = 58;
const PROPOSED: usize = 4;

/// Up to four free addresses made from a name, the most natural first.
///
/// Letters that mail servers refuse take their nearest Latin form: `Léa N'Diaye` gives `lea.ndiaye`.
pub async fn proposals(tx: &mut Tx, given_names: &str, family_name: &str, domain: &str) -> Result<Vec<MailAddress>, Failure> {
    let mut free = Vec::new();
    for local in candidates(given_names, family_name) {
        let Ok(address) = format!("{local}@{domain}").parse::<MailAddress>() else { continue };
        if is_free(tx, &address).await? && !is_reserved(tx, &address).await? {
            free.push(address);
        }
        if free.len() == PROPOSED {
            break;
        }
    }
    Ok(free)
}

/// Whether an address was never given to anyone.
pub async fn is_free(tx: &mut Tx, address: &MailAddress) -> Result<bool, Failure> {
    Ok(!store::is_taken(tx, address.folded().as_str()).await?)
}

/// Whether an address speaks for the service, or for someone who works there: it is nobody's.
pub async fn is_reserved(tx: &mut Tx, address: &MailAddress) -> Result<bool, Failure> {
    let local = address.local().to_lowercase();
    Ok(reserved::is_reserved(&local) || store::is_of_staff(tx, &local).await?)
}

/// Takes an address for ever; false when it was given before.
pub async fn take_address(tx: &mut Tx, address: &MailAddress, now: Timestamp) -> Result<bool, Failure> {
    store::take_address(tx, address.folded().as_str(), now).await
}

/// Natural forms first, then the first of them with a small number behind: 2, 3, 4…
fn candidates(given_names: &str, family_name: &str) -> Vec<String> {
    let (given, family) = (plain(given_names), plain(family_name));
    let first = given.split('-').next().unwrap_or_default().to_owned();
    let initial: String = first.chars().take(1).collect();
    let mut forms: Vec<String> = [join(&first, &family), join(&given, &family), join(&initial, &family), join(&family, &first)]
        .into_iter()
        .filter(|form| !form.is_empty())
        .collect();
    if let Some(base) = forms.first().cloned() {
        forms.extend((2..=99).map(|n| format!("{base}{n}")));
    }
    let mut seen = std::collections::HashSet::new();
    forms.retain(|form| seen.insert(form.clone()));
    forms
}

fn join(left: &str, right: &str) -> String {
    let joined = [left, right].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(".");
    joined.chars().take(LONGEST).collect::<String>().trim_end_matches(['.', '-']).to_owned()
}

/// Lower-case Latin letters and digits; spaces and hyphens become one hyphen, the rest goes.
fn plain(name: &str) -> String {
    let latin = deunicode::deunicode(name).to_lowercase();
    let mut out = String::new();
    for c in latin.chars() {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            ' ' | '-' | '\u{2011}' if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_kind_give_addresses_a_server_accepts() {
        for (given, family, expected) in [
            ("Josette", "Lambert", "josette.lambert"),
            ("Marie-Thérèse Léa", "de La Fontaine", "marie.de-la-fontaine"),
            ("Awa", "N’Diaye", "awa.ndiaye"),
            ("Олександра", "Коваленко", "oleksandra.kovalenko"),
            ("\u{202e}محمد", "عمر", "mhmd.mr"),
            ("J", &"x".repeat(80), &format!("j.{}", "x".repeat(56))),
        ] {
            let forms = candidates(given, family);
            assert_eq!(forms.first().map(String::as_str), Some(expected), "{given} {family}");
            for form in forms {
                assert!(format!("{form}@exemple.fr").parse::<MailAddress>().is_ok(), "{form}");
            }
        }
        assert!(candidates("…", "?").is_empty());
    }
}
