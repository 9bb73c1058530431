//! The world while it is made: its clock that goes forward, its structures, who works there, and whose account is open.

use std::collections::BTreeMap;
use std::sync::Mutex;

use maincourante_identity::{NewStaff, StaffKind, TotpSecret, UsagerId, find_person};
use maincourante_journal::{self as journal, Channel};
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::clock::{days, hours, minutes};
use maincourante_kernel::{Failure, Secret, Timestamp};
use maincourante_mailbox::Received;
use maincourante_mandates::alerts::watch;
use maincourante_mandates::structures::{self, NewStructure, Opening};
use maincourante_mandates::{MemberRole, StructureId, lifecycle};
use tokio::task::JoinSet;

use super::aidant::{Aidant, stuck};
use super::card::PersonCard;
use super::home::{AtHome, at_home};
use super::people::Life;
use super::progress::Progress;
use crate::commands::enrol_with;
use crate::house::House;
use crate::work;

/// A person whose account is open.
pub(super) struct Lived {
    pub life: Life,
    pub usager: UsagerId,
    pub address: String,
    pub structure: String,
    has_secret: bool,
}

/// The world, at one instant of its past.
pub(super) struct Territory<'a> {
    pub house: &'a House,
    /// When the demo is started: where the past ends.
    pub now: Timestamp,
    structures: BTreeMap<&'static str, (StructureId, String)>,
    staff: BTreeMap<&'static str, Aidant<'a>>,
    people: BTreeMap<&'static str, Lived>,
    letters: JoinSet<Result<(), Failure>>,
    progress: &'a Progress,
}

impl<'a> Territory<'a> {
    pub fn new(house: &'a House, now: Timestamp, progress: &'a Progress) -> Self {
        let (structures, staff, people, letters) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), JoinSet::new());
        Self { house, now, structures, staff, people, letters, progress }
    }

    /// A structure is opened, by the command of the operator.
    pub async fn opens_structure(&mut self, key: &'static str, new: &NewStructure) -> Result<(), Failure> {
        let id = match structures::open(&self.house.mandates, new).await? {
            Opening::Opened(id) | Opening::AlreadyThere(id) => id,
            Opening::Bad(_) => return Err(stuck("a structure of the demo misses something")),
            Opening::BadSiret => return Err(stuck("a structure of the demo has a wrong SIRET")),
        };
        self.structures.insert(key, (id, new.name.clone()));
        Ok(())
    }

    pub fn structure(&self, key: &'static str) -> Result<StructureId, Failure> {
        self.structures.get(key).map(|(id, _)| *id).ok_or_else(|| stuck("no such structure in the demo"))
    }

    /// Someone is enrolled, by the command of the operator, and has not signed in yet.
    pub async fn enrols(&mut self, key: &'static str, new: Hire, structure: &'static str) -> Result<(), Failure> {
        let id = self.structure(structure)?;
        let totp = TotpSecret::new(&self.house.kernel().chance);
        let staff = NewStaff {
            kind: StaffKind::Aidant,
            login: new.login.to_owned(),
            name: new.name.to_owned(),
            password: Secret::new(new.password.to_owned()),
            totp: totp.clone(),
        };
        let made = enrol_with(self.house, &staff, Some((id, new.role)), Channel::Cli).await?;
        made.ok_or_else(|| stuck("a login of the demo is taken"))?;
        self.house.kernel().clock.advance(minutes(3));
        let (name, login, password) = (new.name.to_owned(), new.login.to_owned(), new.password.to_owned());
        self.staff.insert(key, Aidant { house: self.house, name, login, password, totp, structure: id, session: Mutex::default() });
        Ok(())
    }

    /// Someone of the demo who works there.
    pub fn staff(&self, key: &'static str) -> Result<&Aidant<'a>, Failure> {
        self.staff.get(key).ok_or_else(|| stuck("nobody of this name works in the demo"))
    }

    /// From now on they act for another structure of theirs.
    pub async fn moves(&mut self, key: &'static str, structure: &'static str) -> Result<(), Failure> {
        let id = self.structure(structure)?;
        let aidant = self.staff.get_mut(key).ok_or_else(|| stuck("nobody of this name works in the demo"))?;
        aidant.structure = id;
        aidant.goes_to(id).await
    }

    /// Someone of the demo who is helped.
    pub fn person(&self, key: &'static str) -> Result<&Lived, Failure> {
        self.people.get(key).ok_or_else(|| stuck("nobody of this name is helped in the demo"))
    }

    /// The person at home, signed in.
    pub async fn at_home(&self, key: &'static str) -> Result<AtHome<'a>, Failure> {
        let person = self.person(key)?;
        at_home(self.house, &person.address, person.life.secret).await
    }

    /// The account is opened, and letters begin to arrive. With a colleague, a spoken yes is heard by both.
    pub async fn opens(&mut self, life: &Life, by: &'static str, colleague: Option<&'static str>) -> Result<(), Failure> {
        let (aidant, now) = (self.staff(by)?, self.now);
        let id = aidant.prepares(&life.fields(), &life.terms(now)).await?;
        aidant.has_signed(id, life.hand, life.phone).await?;
        let colleague = colleague.map(|key| self.staff(key)).transpose()?;
        let usager = aidant.countersigns(id, colleague).await?;
        let has_secret = !life.secret.is_empty();
        if has_secret {
            let proof =
                if matches!(life.hand, super::counter::Hand::Drawn | super::counter::Hand::Spoken) { life.has_phone() } else { None };
            aidant.hands_over_first(usager, proof, life.secret).await?;
        }
        let structure = aidant.structure;
        work::carry_out_all(self.house).await?;
        let mut tx = self.house.kernel().db.read().await?;
        let person = find_person(&mut tx, usager).await?.ok_or_else(|| stuck("a person of the demo was lost"))?;
        drop(tx);
        self.receives(life, &person.name(), &person.address)?;
        let structure = self.structures.values().find(|(id, _)| *id == structure).map(|(_, name)| name.clone()).unwrap_or_default();
        self.people.insert(life.key, Lived { life: life.clone(), usager, address: person.address, structure, has_secret });
        self.progress.account_opened();
        Ok(())
    }

    /// The letters of this person arrive, beside what happens next: they wait for no one.
    fn receives(&mut self, life: &Life, name: &str, address: &str) -> Result<(), Failure> {
        let to: MailAddress = address.parse().map_err(|_| stuck("an address of the demo does not parse"))?;
        let (mailbox, now, key) = (self.house.mailbox.clone(), self.now, life.key);
        let (mut letters, name, address) = ((life.letters)(), name.to_owned(), address.to_owned());
        // As they came: a box shows last what came last.
        letters.sort_by_key(|letter| letter.at(now));
        self.letters.spawn(async move {
            for (at, letter) in letters.iter().enumerate() {
                let name_of_letter = format!("{key}-{at}");
                let received = mailbox.deliver(&to, &name_of_letter, &letter.bytes(&name, &address, now), letter.at(now)).await?;
                if received != Received::Done {
                    return Err(stuck("a letter of the demo did not arrive"));
                }
            }
            Ok(())
        });
        Ok(())
    }

    /// Every letter is there.
    pub async fn letters_arrived(&mut self) -> Result<(), Failure> {
        while let Some(arrived) = self.letters.join_next().await {
            arrived??;
        }
        Ok(())
    }

    /// That day, or the Friday before: structures are closed at the week-end.
    pub async fn working_day(&self, ago: i64, hour: i64, minute: i64) -> Result<(), Failure> {
        self.until(hour_of(working_day(self.now, ago), hour).plus(minutes(minute))).await
    }

    /// That day, whatever day of the week it is.
    pub async fn day(&self, ago: i64, hour: i64) -> Result<(), Failure> {
        self.until(hour_of(Date::at(self.now.minus(days(ago))), hour)).await
    }

    /// Time passes until then, night after night: each does what the clock demands. A held clock only goes forward.
    pub async fn until(&self, then: Timestamp) -> Result<(), Failure> {
        let clock = &self.house.kernel().clock;
        loop {
            let night = Date::at(clock.now()).end().plus(minutes(10));
            if night >= then {
                break;
            }
            clock.advance(night.since(clock.now()));
            lifecycle::run(&self.house.mandates).await?;
        }
        clock.advance(then.since(clock.now()).max_zero());
        Ok(())
    }

    /// What the worker does in life: alerts are looked for, texts leave.
    pub async fn evening(&self) -> Result<(), Failure> {
        work::carry_out_all(self.house).await?;
        watch::run(&self.house.mandates).await?;
        Ok(())
    }

    /// The journal is signed, as it is each day in life.
    pub async fn signs_journal(&self) -> Result<(), Failure> {
        self.evening().await?;
        journal::checkpoint(self.house.kernel(), &self.house.signer, &self.house.checkpoints).await?;
        Ok(())
    }

    /// How a person signs in, for the table of the demo.
    pub fn card(&self, key: &'static str) -> Result<PersonCard, Failure> {
        let lived = self.person(key)?;
        Ok(PersonCard {
            name: lived.life.name(),
            address: lived.address.clone(),
            password: if lived.has_secret { lived.life.secret.to_owned() } else { String::new() },
            phone: lived.life.phone.to_owned(),
            note: lived.life.note.to_owned(),
            structure: lived.structure.clone(),
        })
    }
}

/// Someone who is hired.
pub(super) struct Hire {
    pub name: &'static str,
    pub login: &'static str,
    pub password: &'static str,
    pub role: MemberRole,
}

/// That day, or the Friday before.
pub(super) fn working_day(now: Timestamp, ago: i64) -> Date {
    let day = Date::at(now.minus(days(ago)));
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
