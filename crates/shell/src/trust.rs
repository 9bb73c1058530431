//! The trust line: who speaks, in our words. Four fixed forms, never the sender's own claim alone.

use rust_i18n::t;

use crate::Icon;

/// What we say of a sender. If in doubt, `Unknown`; never `Verified` from a display name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trust {
    /// A declared organisation, whose message was authenticated.
    Verified(String),
    /// Someone of the person's own contacts.
    Contact(String),
    /// Someone who never wrote before.
    Unknown(String),
    /// Someone who pretends to be this organisation.
    Impostor(String),
}

impl Trust {
    /// The class of the line.
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Verified(_) => "trust sure",
            Self::Contact(_) | Self::Unknown(_) => "trust",
            Self::Impostor(_) => "trust false",
        }
    }

    /// The picture beside the words.
    pub const fn icon(&self) -> Icon {
        match self {
            Self::Verified(_) => Icon::Verified,
            Self::Contact(_) => Icon::Contact,
            Self::Unknown(_) => Icon::Unknown,
            Self::Impostor(_) => Icon::Warning,
        }
    }

    /// The line in three: what comes before the name, the name, what comes after.
    pub fn words(&self) -> [String; 3] {
        // The name takes no part in the translation: whatever a sender calls itself, it stays between our words.
        const NAME: &str = "\u{1}";
        let (line, name) = match self {
            Self::Verified(name) => (t!("trust.verified", name = NAME), name),
            Self::Contact(name) => (t!("trust.contact", name = NAME), name),
            Self::Unknown(name) => (t!("trust.unknown", name = NAME), name),
            Self::Impostor(name) => (t!("trust.impostor", name = NAME), name),
        };
        let (before, after) = line.split_once(NAME).unwrap_or((&line, ""));
        [before.to_owned(), name.clone(), after.to_owned()]
    }
}
