//! What an aidant writes beside the person: parsed at the door, kept sealed until the mandate is active.
//!
//! Fields come as they were typed; what comes out is either a value that can be printed and signed,
//! or the list of what to correct, field by field. Under fifteen and under tutelle, no mandate: the law asks
//! another person to decide (French data protection act, article 45; civil code, article 475).

mod fields;

use maincourante_identity::UsagerId;
use maincourante_kernel::calendar::Date;
use serde::{Deserialize, Serialize};

pub use self::fields::{Field, KnownFields, PersonFields, Problem, Problems, TermsFields};
use crate::Power;
use crate::whom::{Account, Whom};

/// Everything known of a mandate in preparation.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Draft {
    /// Who the person is, or will be if the mandate becomes active: the journal names them from the first entry. None as long as someone
    /// who has an account has not said which.
    #[serde(rename = "usager")]
    pub whom: Option<Whom>,
    /// Who the person is.
    pub person: Option<PersonDraft>,
    /// The address they chose.
    pub address: Option<String>,
    /// What they allow and for how long.
    pub terms: Option<Terms>,
    /// How the identity of who has an account was checked is still to be said.
    #[serde(default)]
    pub unchecked: bool,
    /// The number of the mandate with the same structure that this one comes after, as its document says.
    #[serde(default)]
    pub follows: Option<String>,
}

impl Draft {
    /// Whether the mandate is to open an account.
    pub fn account(&self) -> Account {
        match self.whom {
            Some(Whom::New(_)) => Account::ToOpen,
            Some(Whom::Existing { .. }) | None => Account::Open,
        }
    }

    /// Who it is about, once that is written.
    pub fn who(&self) -> Option<(UsagerId, String)> {
        Some((self.whom.as_ref()?.id(), self.person.as_ref()?.name()))
    }
}

/// Who the person is, as checked by the aidant.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDraft {
    /// Given names.
    pub given_names: String,
    /// Family name.
    pub family_name: String,
    /// Birth date, ISO 8601.
    pub birth_date: String,
    /// Birthplace, when said.
    pub birthplace: Option<String>,
    /// The phone that receives codes, in E.164; none for who has none, or not with them.
    pub phone: Option<String>,
    /// How identity was checked.
    pub identity_check: IdentityCheck,
}

impl PersonDraft {
    /// `Josette Lambert`.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_names, self.family_name)
    }
}

/// How the aidant made sure of who the person is. No copy and no number of a paper is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityCheck {
    /// An identity paper was shown.
    PaperSeen,
    /// The structure knows the person.
    KnownPerson,
}

impl IdentityCheck {
    /// Its name in forms and evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PaperSeen => "paper_seen",
            Self::KnownPerson => "known_person",
        }
    }
}

/// What the person allows and for how long.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The powers granted; the others are refused, and the document says so.
    pub powers: Vec<Power>,
    /// For how long.
    pub duration: Duration,
}

/// For how long a mandate holds.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duration {
    /// Until tonight, midnight.
    Day,
    /// One month.
    Month,
    /// Six months.
    SixMonths,
    /// One year: the longest.
    Year,
    /// Until that day, ISO 8601, at most a year away.
    Until(String),
}

impl Duration {
    /// The last day, counted from `today`; none when the day chosen is over or too far.
    pub fn last_day(&self, today: Date) -> Option<Date> {
        let longest = today.plus_months(12);
        let last = match self {
            Self::Day => today,
            Self::Month => today.plus_months(1),
            Self::SixMonths => today.plus_months(6),
            Self::Year => longest,
            Self::Until(day) => Date::parse(day)?,
        };
        (today..=longest).contains(&last).then_some(last)
    }

    /// The one that a mandate of these days had, or six months when it is none of ours.
    pub fn between(first: Date, last: Date) -> Self {
        let all = [Self::Day, Self::Month, Self::SixMonths, Self::Year];
        all.into_iter().find(|duration| duration.last_day(first) == Some(last)).unwrap_or(Self::SixMonths)
    }

    /// Its name in forms.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::SixMonths => "six_months",
            Self::Year => "year",
            Self::Until(_) => "until",
        }
    }
}
