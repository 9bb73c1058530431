//! Five people, invented. Numbers are of the range that ARCEP keeps for fiction; domains are reserved or made up.

use maincourante_identity::UsagerId;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::clock::{days, hours};
use maincourante_kernel::{Failure, Timestamp};
use maincourante_mailbox::Received;
use maincourante_mandates::{PersonFields, mine};

use super::PersonCard;
use super::actor::{Aidant, at_home};
use super::letters::{self, Letter};
use crate::house::House;
use crate::work;

/// A person of the demo, and what happened to them.
pub(super) struct Life {
    given_names: &'static str,
    family_name: &'static str,
    birth_date: &'static str,
    birthplace: &'static str,
    phone: &'static str,
    secret: &'static str,
    /// How many days ago the account was opened.
    opened: i64,
    duration: &'static str,
    then: Then,
    letters: Vec<Letter>,
    note: &'static str,
}

/// What happened afterwards.
enum Then {
    Nothing,
    /// Lost the secret and came to the counter, this many days ago.
    CameBack(i64),
    /// Stopped the mandate, this many days ago.
    Stopped(i64),
}

pub(super) fn everyone() -> Vec<Life> {
    vec![
        Life {
            given_names: "Josette",
            family_name: "Lambert",
            birth_date: "05/03/1942",
            birthplace: "Mont-de-Marsan",
            phone: "06 39 98 70 01",
            secret: "tasse jardin vélo",
            opened: 150,
            duration: "six_months",
            then: Then::CameBack(1),
            letters: letters::josette(),
            note: "des nouvelles de sa fille, une attestation, une arnaque ; aidée hier à changer de mot de passe",
        },
        Life {
            given_names: "Mamadou",
            family_name: "Sow",
            birth_date: "14/07/1951",
            birthplace: "Thiès",
            phone: "06 39 98 70 02",
            secret: "mangue radio matin",
            opened: 90,
            duration: "year",
            then: Then::Nothing,
            letters: letters::mamadou(),
            note: "une lettre d’information, un rendez-vous",
        },
        Life {
            given_names: "Oleksandra",
            family_name: "Kovalenko",
            birth_date: "22/11/1988",
            birthplace: "Poltava",
            phone: "06 39 98 70 03",
            secret: "tournesol train neige",
            opened: 60,
            duration: "year",
            then: Then::Nothing,
            letters: letters::oleksandra(),
            note: "un courrier en ukrainien, un document joint",
        },
        Life {
            given_names: "Yvette",
            family_name: "Marchand",
            birth_date: "30/01/1947",
            birthplace: "Dax",
            phone: "06 39 98 70 05",
            secret: "puits tilleul violon",
            opened: 45,
            duration: "six_months",
            then: Then::Stopped(12),
            letters: letters::yvette(),
            note: "elle a arrêté l’aide elle-même",
        },
        Life {
            given_names: "René",
            family_name: "Carpentier",
            birth_date: "11/11/1938",
            birthplace: "",
            phone: "06 39 98 70 04",
            secret: "rabot chêne dimanche",
            opened: 25,
            duration: "month",
            then: Then::Nothing,
            letters: letters::rene(),
            note: "son mandat se termine dans quelques jours",
        },
    ]
}

impl Life {
    /// The account is opened, and letters arrive.
    pub async fn begins(self, house: &House, nadia: &Aidant<'_>, now: Timestamp) -> Result<Lived, Failure> {
        move_to(house, hour_of(working_day(now, self.opened), 10));
        let who = PersonFields {
            given_names: self.given_names.into(),
            family_name: self.family_name.into(),
            birth_date: self.birth_date.into(),
            birthplace: self.birthplace.into(),
            phone: self.phone.into(),
            no_phone: String::new(),
            identity_check: "paper_seen".into(),
            protection: "none".into(),
        };
        let cookie = nadia.signs_in().await?;
        let id = nadia.prepares(&cookie, &who, self.duration).await?;
        let usager = nadia.has_signed(&cookie, id, self.phone).await?;
        nadia.hands_over_first(&cookie, usager, self.phone, self.secret).await?;
        work::carry_out_all(house).await?;

        let mut tx = house.kernel().db.read().await?;
        let person =
            maincourante_identity::find_person(&mut tx, usager).await?.ok_or_else(|| Failure::new("a person of the demo was lost"))?;
        drop(tx);
        let address = person.address.parse().map_err(|_| Failure::new("an address of the demo does not parse"))?;
        for (at, letter) in self.letters.iter().enumerate() {
            let key = format!("{}-{at}", self.family_name);
            let received =
                house.mailbox.deliver(&address, &key, &letter.bytes(&person.name(), &person.address, now), letter.at(now)).await?;
            if received != Received::Done {
                return Err(Failure::new("a letter of the demo did not arrive"));
            }
        }
        Ok(Lived { life: self, usager, address: person.address })
    }
}

/// A person whose account is open.
pub(super) struct Lived {
    life: Life,
    usager: UsagerId,
    address: String,
}

impl Lived {
    /// How many days ago something happened to them afterwards: the past is told in order.
    pub fn days_ago(&self) -> i64 {
        match self.life.then {
            Then::Nothing => 0,
            Then::CameBack(days) | Then::Stopped(days) => days,
        }
    }

    /// What happened afterwards.
    pub async fn goes_on(&self, house: &House, nadia: &Aidant<'_>, now: Timestamp) -> Result<(), Failure> {
        match self.life.then {
            Then::Nothing => {}
            Then::CameBack(ago) => {
                move_to(house, hour_of(day(now, ago), 11));
                nadia.gives_access_back(self.usager, self.life.phone, self.life.secret).await?;
            }
            Then::Stopped(ago) => {
                move_to(house, hour_of(day(now, ago), 15));
                let own = at_home(house, &self.address, self.life.secret).await?;
                for mandate in mine::mandates(&house.mandates, &own).await? {
                    mine::stop(&house.mandates, &own, mandate.id).await?;
                }
            }
        }
        work::carry_out_all(house).await
    }

    pub fn card(&self) -> PersonCard {
        PersonCard {
            name: format!("{} {}", self.life.given_names, self.life.family_name),
            address: self.address.clone(),
            password: self.life.secret.to_owned(),
            phone: self.life.phone.to_owned(),
            note: self.life.note.to_owned(),
        }
    }
}

fn day(now: Timestamp, ago: i64) -> Date {
    Date::at(now.minus(days(ago)))
}

/// That day, or the Friday before: structures are closed at the week-end.
pub(super) fn working_day(now: Timestamp, ago: i64) -> Date {
    let day = day(now, ago);
    // Counted from a Monday.
    let monday = Date::new(2024, 1, 1).unwrap_or(day);
    match monday.days_until(day).rem_euclid(7) {
        5 => day.plus_days(-1),
        6 => day.plus_days(-2),
        _ => day,
    }
}

/// People come at the hours of people, whenever the demo is started.
pub(super) fn hour_of(day: Date, hour: i64) -> Timestamp {
    day.start().plus(hours(hour))
}

/// The held clock only goes forward.
fn move_to(house: &House, instant: Timestamp) {
    let clock = &house.kernel().clock;
    clock.advance(instant.since(clock.now()).max_zero());
}
