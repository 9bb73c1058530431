//! Whom a mandate in preparation is about: someone who is nobody here yet, or the holder of an account.
//!
//! Of the first, everything is forgotten when they do not sign: their record key is destroyed. Of the second nothing ever is: they
//! have letters, other mandates, a log. The two are two types, and only the first can be forgotten.

use maincourante_identity::UsagerId;
use maincourante_kernel::{Chance, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Power;

/// Who a person will be, if the mandate becomes active. Made fresh, or read back from a draft: never of someone who has an account.
///
/// ```compile_fail
/// // Nobody who has an account is made a newcomer.
/// fn forget(living: maincourante_identity::UsagerId) -> maincourante_mandates::Newcomer { maincourante_mandates::Newcomer(living) }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Newcomer(UsagerId);

impl Newcomer {
    pub(crate) fn fresh(chance: &Chance, now: Timestamp) -> Self {
        Self(UsagerId::new(chance, now))
    }

    /// Who they will be.
    pub fn id(self) -> UsagerId {
        self.0
    }
}

/// Whom a draft is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Whom {
    /// The holder of an account.
    Existing {
        /// Who.
        existing: UsagerId,
    },
    /// Someone for whom an account is to be opened.
    New(Newcomer),
}

impl Whom {
    /// Who they are, or will be.
    pub fn id(&self) -> UsagerId {
        match self {
            Self::Existing { existing } => *existing,
            Self::New(newcomer) => newcomer.id(),
        }
    }

    /// The same, if they are nobody here yet: they alone can be forgotten.
    pub(crate) fn newcomer(&self) -> Option<Newcomer> {
        match self {
            Self::Existing { .. } => None,
            Self::New(newcomer) => Some(*newcomer),
        }
    }
}

/// Whether a mandate is to open an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Account {
    /// It is to be opened.
    ToOpen,
    /// It is open already: the power to create it is spent.
    Open,
}

impl Account {
    /// What a structure that offers `offered` may propose.
    pub fn offered(self, offered: &[Power]) -> Vec<Power> {
        offered.iter().copied().filter(|&power| self == Self::ToOpen || power != Power::CreateAccount).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newcomer_and_a_living_person_are_never_taken_for_each_other() {
        let id = UsagerId::from(uuid::Uuid::from_u128(7));
        for whom in [Whom::New(Newcomer(id)), Whom::Existing { existing: id }] {
            let written = serde_json::to_string(&whom).unwrap();
            assert_eq!(serde_json::from_str::<Whom>(&written).unwrap(), whom, "{written}");
            assert_eq!(whom.newcomer().is_some(), matches!(whom, Whom::New(_)));
        }
        assert_eq!(
            serde_json::to_value(Whom::New(Newcomer(id))).unwrap(),
            serde_json::to_value(id).unwrap(),
            "as drafts were written before"
        );
    }
}
