//! The fields of a mandate in preparation, as they were typed: a value that can be printed and signed, or the list of what to
//! correct, field by field.

use maincourante_kernel::calendar::Date;
use maincourante_kernel::phone::{BadPhone, PhoneKind, PhoneNumber};
use serde::Deserialize;

use super::{Duration, IdentityCheck, PersonDraft, Terms};
use crate::whom::Account;
use crate::{Power, names};

/// The fields of "La personne", as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct PersonFields {
    /// Given names.
    pub given_names: String,
    /// Family name.
    pub family_name: String,
    /// Birth date.
    pub birth_date: String,
    /// Birthplace.
    pub birthplace: String,
    /// Phone.
    pub phone: String,
    /// Anything, for who has no phone, or not with them.
    pub no_phone: String,
    /// `paper_seen` or `known_person`.
    pub identity_check: String,
    /// `none`, `assisted` (curatelle or another measure under which the person signs), `tutelle`.
    pub protection: String,
}

/// A field of the preparation of a mandate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Field {
    /// Given names.
    GivenNames,
    /// Family name.
    FamilyName,
    /// Birth date.
    BirthDate,
    /// Birthplace.
    Birthplace,
    /// Phone.
    Phone,
    /// How identity was checked.
    IdentityCheck,
    /// Whether someone else decides for the person.
    Protection,
    /// The address.
    Address,
    /// The powers.
    Powers,
    /// The duration.
    Duration,
    /// The last day.
    Until,
}

impl Field {
    /// Its name in forms and in translation keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GivenNames => "given_names",
            Self::FamilyName => "family_name",
            Self::BirthDate => "birth_date",
            Self::Birthplace => "birthplace",
            Self::Phone => "phone",
            Self::IdentityCheck => "identity_check",
            Self::Protection => "protection",
            Self::Address => "address",
            Self::Powers => "powers",
            Self::Duration => "duration",
            Self::Until => "until",
        }
    }
}

/// What is wrong with a field; each has its sentence, which says what to do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Problem {
    /// Nothing was written or chosen.
    Missing,
    /// More than eighty characters.
    TooLong,
    /// No letter in it, or letters that no document can print.
    NotAName,
    /// Not a day that exists.
    NotADay,
    /// A day to come, or more than 120 years ago.
    NotABirthDate,
    /// Under fifteen.
    TooYoung,
    /// Under tutelle.
    Tutelle,
    /// Not a number.
    NotANumber,
    /// A number we do not serve.
    NumberNotServed,
    /// A landline: it receives no text message.
    Landline,
    /// The structure's own number.
    StructureNumber,
    /// A number, and the box of who has none.
    Both,
    /// An address that was given before, or is held by another mandate.
    AddressTaken,
    /// An address that speaks for the service, or for someone who works there.
    AddressReserved,
    /// Not an address of this service.
    NotAnAddress,
    /// The power without which the others mean nothing was refused.
    AccountRefused,
    /// A power that this structure may not propose.
    NotOffered,
    /// A last day that is over, or more than a year away.
    DayOutOfRange,
}

impl Problem {
    /// Its name in translation keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong => "too_long",
            Self::NotAName => "not_a_name",
            Self::NotADay => "not_a_day",
            Self::NotABirthDate => "not_a_birth_date",
            Self::TooYoung => "too_young",
            Self::Tutelle => "tutelle",
            Self::NotANumber => "not_a_number",
            Self::NumberNotServed => "number_not_served",
            Self::Landline => "landline",
            Self::StructureNumber => "structure_number",
            Self::Both => "both",
            Self::AddressTaken => "address_taken",
            Self::AddressReserved => "address_reserved",
            Self::NotAnAddress => "not_an_address",
            Self::AccountRefused => "account_refused",
            Self::NotOffered => "not_offered",
            Self::DayOutOfRange => "day_out_of_range",
        }
    }
}

/// What to correct, field by field, in the order of the page.
pub type Problems = Vec<(Field, Problem)>;

const YOUNGEST: i16 = 15;

impl PersonFields {
    /// The person, or what to correct.
    ///
    /// # Errors
    /// With every field to correct.
    pub fn parse(&self, today: Date, structure_phone: &str) -> Result<PersonDraft, Problems> {
        let mut problems = Vec::new();
        let mut keep = |field, result: Result<String, Problem>| {
            result.unwrap_or_else(|problem| {
                problems.push((field, problem));
                String::new()
            })
        };
        let given_names = keep(Field::GivenNames, names::of_person(&self.given_names));
        let family_name = keep(Field::FamilyName, names::of_person(&self.family_name));
        let birth_date = keep(Field::BirthDate, birth_date(&self.birth_date, today));
        let birthplace =
            if self.birthplace.trim().is_empty() { None } else { Some(keep(Field::Birthplace, names::of_place(&self.birthplace))) };
        let phone = match (self.no_phone.is_empty(), self.phone.trim().is_empty()) {
            (false, true) => None,
            (false, false) => Some(keep(Field::Phone, Err(Problem::Both))),
            (true, _) => Some(keep(Field::Phone, phone(&self.phone, structure_phone))),
        };
        let identity_check = checked(&self.identity_check, &self.protection, &mut problems);
        match identity_check {
            Some(identity_check) if problems.is_empty() => {
                Ok(PersonDraft { given_names, family_name, birth_date, birthplace, phone, identity_check })
            }
            _ => Err(problems),
        }
    }
}

/// The fields of "La personne" for someone who has an account: who they are is known, and stays as it is.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct KnownFields {
    /// `paper_seen` or `known_person`.
    pub identity_check: String,
    /// `none`, `assisted` (curatelle or another measure under which the person signs), `tutelle`.
    pub protection: String,
}

impl KnownFields {
    /// How the aidant made sure of who the person is, or what to correct.
    ///
    /// # Errors
    /// With every field to correct.
    pub fn parse(&self) -> Result<IdentityCheck, Problems> {
        let mut problems = Vec::new();
        match checked(&self.identity_check, &self.protection, &mut problems) {
            Some(check) if problems.is_empty() => Ok(check),
            _ => Err(problems),
        }
    }
}

fn checked(identity_check: &str, protection: &str, problems: &mut Problems) -> Option<IdentityCheck> {
    let check = match identity_check {
        "paper_seen" => Some(IdentityCheck::PaperSeen),
        "known_person" => Some(IdentityCheck::KnownPerson),
        _ => None,
    };
    if check.is_none() {
        problems.push((Field::IdentityCheck, Problem::Missing));
    }
    match protection {
        "none" | "assisted" => {}
        "tutelle" => problems.push((Field::Protection, Problem::Tutelle)),
        _ => problems.push((Field::Protection, Problem::Missing)),
    }
    check
}

fn birth_date(typed: &str, today: Date) -> Result<String, Problem> {
    if typed.trim().is_empty() {
        return Err(Problem::Missing);
    }
    let born = Date::parse(typed).ok_or(Problem::NotADay)?;
    if born > today || born.age(today) > 120 {
        return Err(Problem::NotABirthDate);
    }
    if born.age(today) < YOUNGEST {
        return Err(Problem::TooYoung);
    }
    Ok(born.iso())
}

fn phone(typed: &str, structure_phone: &str) -> Result<String, Problem> {
    let number: PhoneNumber = typed.parse().map_err(|bad| match bad {
        BadPhone::Empty => Problem::Missing,
        BadPhone::Malformed => Problem::NotANumber,
        BadPhone::NotServed => Problem::NumberNotServed,
    })?;
    if structure_phone.parse::<PhoneNumber>().is_ok_and(|own| own == number) {
        return Err(Problem::StructureNumber);
    }
    match number.kind() {
        PhoneKind::Mobile => Ok(number.e164().to_owned()),
        PhoneKind::Landline => Err(Problem::Landline),
    }
}

/// The fields of "Le mandat", as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct TermsFields {
    /// Names of the powers ticked.
    pub powers: Vec<String>,
    /// `day`, `month`, `six_months`, `year`, `until`.
    pub duration: String,
    /// The last day, for `until`.
    pub until: String,
}

impl TermsFields {
    /// The terms, or what to correct.
    ///
    /// # Errors
    /// With every field to correct.
    pub fn parse(&self, today: Date, offered: &[Power], account: Account) -> Result<Terms, Problems> {
        let mut problems = Vec::new();
        let powers: Vec<Power> = Power::ALL.into_iter().filter(|power| self.powers.iter().any(|name| name == power.as_str())).collect();
        let offered = account.offered(offered);
        if powers.iter().any(|power| !offered.contains(power)) {
            problems.push((Field::Powers, Problem::NotOffered));
        } else if account == Account::ToOpen && !powers.contains(&Power::CreateAccount) {
            problems.push((Field::Powers, Problem::AccountRefused));
        } else if powers.is_empty() {
            problems.push((Field::Powers, Problem::Missing));
        }
        let duration = match self.duration.as_str() {
            "day" => Some(Duration::Day),
            "month" => Some(Duration::Month),
            "six_months" => Some(Duration::SixMonths),
            "year" => Some(Duration::Year),
            "until" => self.until(today).map_err(|problem| problems.push((Field::Until, problem))).ok(),
            _ => {
                problems.push((Field::Duration, Problem::Missing));
                None
            }
        };
        match duration {
            Some(duration) if problems.is_empty() => Ok(Terms { powers, duration }),
            _ => Err(problems),
        }
    }

    fn until(&self, today: Date) -> Result<Duration, Problem> {
        if self.until.trim().is_empty() {
            return Err(Problem::Missing);
        }
        let day = Date::parse(&self.until).ok_or(Problem::NotADay)?;
        let duration = Duration::Until(day.iso());
        duration.last_day(today).map(|_| duration).ok_or(Problem::DayOutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::new(2026, 11, 22).unwrap()
    }

    #[test]
    fn a_duration_is_found_again_from_the_days_of_a_mandate() {
        for duration in [Duration::Day, Duration::Month, Duration::SixMonths, Duration::Year] {
            assert_eq!(Duration::between(today(), duration.last_day(today()).unwrap()).as_str(), duration.as_str());
        }
        assert_eq!(Duration::between(today(), today().plus_days(45)).as_str(), "six_months", "a day that was chosen is chosen anew");
    }

    fn mamadou() -> PersonFields {
        PersonFields {
            given_names: "Mamadou".into(),
            family_name: "Sow".into(),
            birth_date: "14/07/1951".into(),
            birthplace: String::new(),
            phone: "06 39 98 77 66".into(),
            no_phone: String::new(),
            identity_check: "paper_seen".into(),
            protection: "none".into(),
        }
    }

    fn problems(fields: &PersonFields) -> Problems {
        fields.parse(today(), "05 58 00 00 00").err().unwrap_or_default()
    }

    #[test]
    fn a_person_is_parsed_once_and_names_are_cleaned() {
        let fields =
            PersonFields { given_names: "  Awa \u{202e}Marie\u{200b} ".into(), family_name: "N’Diaye-Lefèvre".into(), ..mamadou() };
        let person = fields.parse(today(), "05 58 00 00 00").unwrap_or_else(|problems| panic!("{problems:?}"));
        assert_eq!(
            (person.name().as_str(), person.phone.as_deref().unwrap(), person.birth_date.as_str()),
            ("Awa Marie N’Diaye-Lefèvre", "+33639987766", "1951-07-14")
        );
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        assert_eq!(problems(&PersonFields::default()).len(), 6);
        let one = |change: fn(&mut PersonFields)| {
            let mut fields = mamadou();
            change(&mut fields);
            problems(&fields)
        };
        assert_eq!(one(|f| f.given_names = "x".repeat(81)), [(Field::GivenNames, Problem::TooLong)]);
        assert_eq!(one(|f| f.given_names = "\u{202e}".into()), [(Field::GivenNames, Problem::NotAName)]);
        assert_eq!(one(|f| f.family_name = "<script>".into()), [(Field::FamilyName, Problem::NotAName)]);
        assert_eq!(one(|f| f.birth_date = "31/02/1950".into()), [(Field::BirthDate, Problem::NotADay)]);
        assert_eq!(one(|f| f.birth_date = "23/11/2026".into()), [(Field::BirthDate, Problem::NotABirthDate)]);
        assert_eq!(one(|f| f.birth_date = "23/11/2011".into()), [(Field::BirthDate, Problem::TooYoung)]);
        assert_eq!(one(|f| f.birth_date = "22/11/2011".into()), [], "fifteen today");
        assert_eq!(one(|f| f.phone = "05 58 11 22 33".into()), [(Field::Phone, Problem::Landline)]);
        assert_eq!(one(|f| f.no_phone = "yes".into()), [(Field::Phone, Problem::Both)]);
        assert_eq!(one(|f| f.phone = "05 58 00 00 00".into()), [(Field::Phone, Problem::StructureNumber)]);
        assert_eq!(one(|f| f.phone = "+44 7700 900123".into()), [(Field::Phone, Problem::NumberNotServed)]);
        assert_eq!(one(|f| f.protection = "tutelle".into()), [(Field::Protection, Problem::Tutelle)]);
    }

    #[test]
    fn terms_keep_what_the_structure_may_propose() {
        let fields = |powers: &[&str], duration: &str, until: &str| TermsFields {
            powers: powers.iter().map(|&power| power.into()).collect(),
            duration: duration.into(),
            until: until.into(),
        };
        let parse = |fields: TermsFields| fields.parse(today(), &Power::ALL, Account::ToOpen);
        assert!(
            parse(fields(&["create_account", "read_mail"], "six_months", "")).is_ok_and(|terms| terms.powers == [Power::CreateAccount])
        );
        assert_eq!(parse(fields(&["give_access_back"], "year", "")).err(), Some(vec![(Field::Powers, Problem::AccountRefused)]));
        assert_eq!(
            fields(&["create_account", "give_access_back"], "day", "").parse(today(), &[Power::CreateAccount], Account::ToOpen).err(),
            Some(vec![(Field::Powers, Problem::NotOffered)])
        );
        let known = |powers: &[&str]| fields(powers, "year", "").parse(today(), &Power::ALL, Account::Open);
        assert!(known(&["give_access_back"]).is_ok_and(|terms| terms.powers == [Power::GiveAccessBack]));
        assert_eq!(known(&["create_account"]).err(), Some(vec![(Field::Powers, Problem::NotOffered)]), "the account is open");
        assert_eq!(known(&[]).err(), Some(vec![(Field::Powers, Problem::Missing)]));
        let until = |day: &str| parse(fields(&["create_account"], "until", day)).err();
        assert_eq!(until("22/11/2027"), None);
        assert_eq!(until("23/11/2027"), Some(vec![(Field::Until, Problem::DayOutOfRange)]));
        assert_eq!(until("21/11/2026"), Some(vec![(Field::Until, Problem::DayOutOfRange)]));
        assert_eq!(until("32/11/2026"), Some(vec![(Field::Until, Problem::NotADay)]));
        assert_eq!(until(""), Some(vec![(Field::Until, Problem::Missing)]));
    }
}
