//! Whether a sender takes the name of an organisation that writes from elsewhere: "Attention : cet expéditeur n’est pas la CAF".
//!
//! What a sender calls itself is compared with the names of a table, as an eye would be deceived: without case, accents nor
//! punctuation, with letters of other alphabets for those they look like. An address at one of the domains of the table raises
//! no warning, and proves nothing: who wrote a letter is verified by nobody in this version (decision 0020), so that nothing
//! here ever says "vérifié". A name that is not in the table is not judged.

use std::sync::LazyLock;

use maincourante_kernel::address::MailAddress;

static TABLE: LazyLock<Vec<Organisation>> = LazyLock::new(|| read(include_str!("senders.txt")));

/// A claim shorter than this is only a whole word: "caf" is not in "café".
const SHORTEST_INSIDE: usize = 7;

struct Organisation {
    /// As a sentence names it, article included.
    said: &'static str,
    claims: Vec<Vec<String>>,
    domains: Vec<&'static str>,
}

/// The organisation whose name this sender takes without writing from an address of any organisation of the table.
pub fn pretended(name: &str, address: Option<&MailAddress>) -> Option<&'static str> {
    let is_official = |domain: &str| TABLE.iter().flat_map(|one| &one.domains).any(|known| is_under(domain, known));
    if address.is_some_and(|address| is_official(&address.domain().to_lowercase())) {
        return None;
    }
    let words = words(name);
    let whole = words.concat();
    // The longest claim is the most precise one: "La Banque Postale" before "La Poste".
    let claims = TABLE.iter().flat_map(|one| one.claims.iter().map(move |claim| (claim, one.said)));
    let made = claims.filter(|(claim, _)| is_made(claim, &words, &whole));
    made.max_by_key(|(claim, _)| claim.iter().map(String::len).sum::<usize>()).map(|(_, said)| said)
}

fn is_made(claim: &[String], words: &[String], whole: &str) -> bool {
    let glued = claim.concat();
    words.windows(claim.len()).any(|run| run == claim)
        || words.contains(&glued)
        || (glued.len() >= SHORTEST_INSIDE && whole.contains(&glued))
}

fn is_under(domain: &str, known: &str) -> bool {
    domain.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// The words of a text, as an eye reads them. Letters spelled one by one ("C.A.F.") are one word.
fn words(text: &str) -> Vec<String> {
    let seen: String = text.chars().flat_map(char::to_lowercase).flat_map(looks_like).collect();
    let mut words: Vec<String> = Vec::new();
    let mut spelled = false;
    for word in seen.replace("rn", "m").split_whitespace() {
        match words.last_mut() {
            Some(last) if spelled && word.len() == 1 => last.push_str(word),
            Some(_) | None => words.push(word.to_owned()),
        }
        spelled = word.len() == 1;
    }
    words
}

/// What an eye takes a small letter for; a blank for what is none.
fn looks_like(letter: char) -> impl Iterator<Item = char> {
    let letter = match letter {
        '\u{ff21}'..='\u{ff5a}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(' ').to_ascii_lowercase(),
        letter => letter,
    };
    let seen = match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'а' | 'α' | '4' => "a",
        'в' | 'β' => "b",
        'ç' | 'с' | 'ϲ' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'е' | 'ё' | 'ε' | '3' | '€' => "e",
        'н' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ı' | 'і' | 'ι' | 'l' | '1' | '|' | '!' => "i",
        'ј' => "j",
        'к' | 'κ' => "k",
        'м' => "m",
        'ñ' | 'ν' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'о' | 'ο' | '0' => "o",
        'р' | 'ρ' => "p",
        'ѕ' | '5' | '$' => "s",
        'т' | 'τ' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'υ' => "u",
        'ý' | 'ÿ' | 'у' => "y",
        'х' | 'χ' => "x",
        'œ' => "oe",
        'æ' => "ae",
        // Accents written apart, and what is not seen at all.
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => "",
        letter if letter.is_alphanumeric() => return Seen::One(letter).into_iter(),
        _ => " ",
    };
    Seen::Some(seen).into_iter()
}

enum Seen {
    One(char),
    Some(&'static str),
}

impl Seen {
    fn into_iter(self) -> impl Iterator<Item = char> {
        let (one, some) = match self {
            Self::One(letter) => (Some(letter), ""),
            Self::Some(letters) => (None, letters),
        };
        one.into_iter().chain(some.chars())
    }
}

fn read(table: &'static str) -> Vec<Organisation> {
    let list = |text: &'static str| text.split(';').map(str::trim).filter(|piece| !piece.is_empty());
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let organisation = |line: &'static str| {
        let mut columns = line.split('|').map(str::trim);
        let (said, claims, domains) = (columns.next()?, columns.next()?, columns.next()?);
        Some(Organisation { said, claims: list(claims).map(words).collect(), domains: list(domains).collect() })
    };
    lines.filter_map(organisation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(name: &str, address: &str) -> Option<&'static str> {
        pretended(name, Some(&address.parse().unwrap()))
    }

    #[test]
    fn every_line_of_the_table_is_whole() {
        let lines = include_str!("senders.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert!(lines > 40 && TABLE.len() == lines, "{} of {lines}", TABLE.len());
        for one in TABLE.iter() {
            assert!(!one.said.is_empty() && one.claims.iter().all(|claim| !claim.is_empty()) && !one.claims.is_empty(), "{}", one.said);
            assert!(
                !one.domains.is_empty() && one.domains.iter().all(|domain| domain.contains('.') && !domain.contains(' ')),
                "{}",
                one.said
            );
        }
    }

    #[test]
    fn who_takes_the_name_of_an_organisation_from_elsewhere_is_told() {
        for (name, said) in [
            ("CAF", "la CAF"),
            ("C.A.F. de l’Isère", "la CAF"),
            ("Votre Caf - dossier", "la CAF"),
            ("Assurance Maladie", "l’Assurance Maladie"),
            ("ASSURANCE-MALADIE (Ameli)", "l’Assurance Maladie"),
            ("AssuranceMaladie", "l’Assurance Maladie"),
            ("АМЕLІ", "l’Assurance Maladie"),
            ("Arneli Assurance rnaladie", "l’Assurance Maladie"),
            ("lmp0ts.gouv", "les impôts"),
            ("Service des impo\u{302}ts", "les impôts"),
            ("I\u{200b}mpots", "les impôts"),
            ("La Banque Postale", "La Banque Postale"),
            ("La Poste - Colissimo", "La Poste"),
            ("ＣＡＦ", "la CAF"),
            ("MaPrimeRénov’", "l’Anah"),
        ] {
            assert_eq!(judged(name, "contact@arnaque.example"), Some(said), "{name}");
        }
        assert_eq!(pretended("Urssaf", None), Some("l’Urssaf"), "an address that cannot be read is none of theirs");
        assert_eq!(judged("impots@gouv.example", "impots@gouv.example"), Some("les impôts"), "an address is a claim too");
        assert_eq!(judged("CAF", "contact@caf.fr.arnaque.example"), Some("la CAF"));
        assert_eq!(judged("CAF", "contact@faux-caf.fr"), Some("la CAF"));
    }

    #[test]
    fn the_others_are_not_judged() {
        for name in ["Sophie Lambert", "Café des Sports", "Carine Cafard", "Marie Carsatti", "René", "Le Postier", ""] {
            assert_eq!(judged(name, "x@famille.example"), None, "{name}");
        }
        assert_eq!(judged("Caisse d’allocations familiales", "ne-pas-repondre@notification.caf.fr"), None);
        assert_eq!(judged("Impôts", "x@DGFIP.finances.gouv.fr"), None);
        assert_eq!(judged("Assurance Maladie", "x@monespacesante.fr"), None, "one organisation may speak for another");
    }
}
