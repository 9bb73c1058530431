//! What French does to names: "d’Amina", "du CCAS de Vaudorme", a capital at the start.

/// "de Paul", "d’Amina". An initial h or y is left as it is: no rule tells Hugo from Habib, nor Yvonne from Yacine.
pub(crate) fn of(name: &str) -> String {
    if begins_with_vowel(name) { format!("d’{name}") } else { format!("de {name}") }
}

/// "du CCAS de Vaudorme", "de la mairie de Vaudorme", "de l’association Le Fil"; "de la structure …" when the first word does not tell.
pub fn of_structure(name: &str) -> String {
    const MASCULINE: [&str; 17] = [
        "bureau",
        "ccas",
        "centre",
        "cias",
        "conseil",
        "département",
        "foyer",
        "groupement",
        "le",
        "pimms",
        "point",
        "pôle",
        "relais",
        "réseau",
        "secours",
        "service",
        "territoire",
    ];
    const FEMININE: [&str; 13] = [
        "bibliothèque",
        "caisse",
        "commune",
        "communauté",
        "cpam",
        "fondation",
        "la",
        "mairie",
        "maison",
        "médiathèque",
        "métropole",
        "mission",
        "ville",
    ];
    const ELIDED: [&str; 7] = ["accueil", "agence", "antenne", "association", "atelier", "espace", "établissement"];
    let (first, rest) = name.split_once(' ').unwrap_or((name, ""));
    let word = first.to_lowercase();
    let tail = |article: &str| format!("{article}{}", if word == "le" || word == "la" { rest } else { name });
    if MASCULINE.contains(&word.as_str()) {
        tail("du ")
    } else if FEMININE.contains(&word.as_str()) {
        tail("de la ")
    } else if ELIDED.contains(&word.as_str()) {
        tail("de l’")
    } else {
        format!("de la structure {name}")
    }
}

/// The same, with a capital at the start.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn begins_with_vowel(name: &str) -> bool {
    name.chars().next().and_then(|first| first.to_lowercase().next()).is_some_and(|first| "aàâäeéèêëiîïoôöuùûüæœ".contains(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_the_article_they_need() {
        assert_eq!(
            [of("Paul Nguyen"), of("Amina Haddad"), of("Élodie"), of("Hugo"), of("")].join(" / "),
            "de Paul Nguyen / d’Amina Haddad / d’Élodie / de Hugo / de "
        );
        for (name, said) in [
            ("CCAS de Vaudorme", "du CCAS de Vaudorme"),
            ("Mairie de Vaudorme", "de la Mairie de Vaudorme"),
            ("Association Le Fil", "de l’Association Le Fil"),
            ("Le Relais", "du Relais"),
            ("La Passerelle", "de la Passerelle"),
            ("Emmaüs", "de la structure Emmaüs"),
        ] {
            assert_eq!(of_structure(name), said);
        }
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!(capitalised("élodie a"), "Élodie a");
        assert_eq!(capitalised(""), "");
    }
}
