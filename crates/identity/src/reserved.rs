//! Local parts that speak for a service, and are nobody's address: whoever wrote from one would be believed.
//!
//! The mailboxes of RFC 2142 and of the mail programs, and the words by which a French public service names itself. Dots,
//! hyphens and digits change nothing: `service-client2` is one of them.

const WORDS: &[&str] = &[
    // RFC 2142, sections 3 to 7, and RFC 5321, section 4.5.1.
    "info",
    "marketing",
    "sales",
    "support",
    "abuse",
    "noc",
    "security",
    "postmaster",
    "hostmaster",
    "usenet",
    "news",
    "webmaster",
    "www",
    "uucp",
    "ftp",
    // What mail programs and systems write from.
    "root",
    "admin",
    "administrator",
    "daemon",
    "dmarc",
    "mailerdaemon",
    "nobody",
    "noreply",
    "donotreply",
    "bounce",
    "bounces",
    "system",
    "sysadmin",
    // What a service calls itself, or whom people would tell a code.
    "accueil",
    "administrateur",
    "administration",
    "aidant",
    "aidants",
    "aide",
    "alerte",
    "assistance",
    "banque",
    "caf",
    "ccas",
    "code",
    "compte",
    "confidentialite",
    "conseiller",
    "contact",
    "cpam",
    "departement",
    "dpd",
    "dpo",
    "facture",
    "franceconnect",
    "franceservices",
    "franceservice",
    "gendarmerie",
    "impots",
    "mairie",
    "messagerie",
    "motdepasse",
    "nepasrepondre",
    "notification",
    "notifications",
    "police",
    "prefecture",
    "referent",
    "secretariat",
    "securite",
    "service",
    "serviceclient",
    "serviceclients",
    "servicepublic",
    "services",
    "technique",
    "urgence",
];

/// Whether a local part is made of such words alone.
pub(crate) fn is_reserved(local: &str) -> bool {
    let local = local.to_lowercase();
    let known = |word: &str| WORDS.contains(&word);
    let words: Vec<&str> = local.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    words.is_empty() || known(&words.concat()) || words.iter().all(|word| known(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_speaks_for_the_service_is_nobodys_and_names_of_people_are_free() {
        for local in ["postmaster", "Post-Master", "service-client2", "assistance.securite", "no.reply", "2026", "ne_pas_repondre", "CAF"] {
            assert!(is_reserved(local), "{local}");
        }
        for local in ["josette.lambert", "marie.aide", "b.banque-martin", "info.dupont", "j.police2", "lambert1942"] {
            assert!(!is_reserved(local), "{local}");
        }
    }
}
