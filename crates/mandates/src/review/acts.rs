//! Acts as a référent looks for them: a few families in words, rather than the catalogue of events.

use maincourante_journal::Event;

/// A family of acts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Acts {
    /// Access given back, passwords.
    Access,
    /// Phones.
    Phone,
    /// Accounts opened, closed.
    Account,
    /// Mandates, from their draft to their end.
    Mandate,
    /// Records opened, people looked for.
    Record,
    /// Sign-ins of aidants.
    SignIn,
    /// The structure and its team.
    Team,
    /// Readings, reviews, reasons, exports, alerts.
    Review,
    /// What no other family has.
    Other,
}

impl Acts {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 9] =
        [Self::Access, Self::Phone, Self::Account, Self::Mandate, Self::Record, Self::SignIn, Self::Team, Self::Review, Self::Other];

    /// Its name in the address of a page.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "mot-de-passe",
            Self::Phone => "telephone",
            Self::Account => "compte",
            Self::Mandate => "mandat",
            Self::Record => "fiche",
            Self::SignIn => "connexion",
            Self::Team => "equipe",
            Self::Review => "relecture",
            Self::Other => "autre",
        }
    }

    /// The one that has this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acts| acts.as_str() == name)
    }

    /// The family of an event. A new family of the catalogue is among the others until it is named here.
    pub fn of(event: Event) -> Self {
        let (family, _) = event.as_str().split_once('.').unwrap_or_default();
        match family {
            "access" | "presence" | "takeover" => Self::Access,
            "phone" => Self::Phone,
            "account" => Self::Account,
            "mandate" => Self::Mandate,
            "record" => Self::Record,
            "auth" => Self::SignIn,
            "structure" | "aidant" | "charter" => Self::Team,
            "journal" | "alert" | "export" => Self::Review,
            _ => Self::Other,
        }
    }

    /// Its events.
    pub fn events(self) -> Vec<Event> {
        Event::ALL.iter().copied().filter(|&event| Self::of(event) == self).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_has_a_name_that_comes_back_and_events_of_its_own() {
        let mut all = 0;
        for acts in Acts::ALL {
            assert_eq!(Acts::named(acts.as_str()), Some(acts));
            assert!(!acts.events().is_empty(), "{acts:?}");
            all += acts.events().len();
        }
        assert_eq!(all, Event::ALL.len());
        assert_eq!(Acts::named("nimporte"), None);
    }
}
