//! Someone who works, at their screen: signing in, codes, taking a screen back. What they do for people is in `counter`, what a référent does in `office`.

use std::sync::Mutex;

use maincourante_identity::{Requester, StaffAt, StaffCredentials, StaffSignIn, TotpSecret, sessions};
use maincourante_kernel::clock::{minutes, seconds};
use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Failure, Kernel, Secret, Timestamp};
use maincourante_mandates::acting::{self, Acting, Switch, acting};
use maincourante_mandates::aidants::{self, Unlock};
use maincourante_mandates::{SignedInAidant, StructureId, charter};
use maincourante_sms as sms;

use super::card::AidantCard;
use crate::house::House;
use crate::work;

/// Someone of the demo who works for a structure.
pub(super) struct Aidant<'a> {
    pub house: &'a House,
    pub name: String,
    pub login: String,
    pub password: String,
    pub totp: TotpSecret,
    pub structure: StructureId,
    /// Their session, and when it last served: a morning at the counter is one sign-in.
    pub session: Mutex<Option<(Secret<String>, Timestamp)>>,
}

/// What cannot be: a step of the demo was refused.
pub(super) fn stuck(what: &'static str) -> Failure {
    Failure::new(what)
}

pub(super) fn requester() -> Requester {
    Requester(std::net::IpAddr::from([127, 0, 0, 1]))
}

impl Aidant<'_> {
    /// How they sign in, for the table of the demo.
    pub fn card(&self, role: &str, structure: &str, look: &str) -> AidantCard {
        AidantCard {
            name: self.name.clone(),
            role: role.to_owned(),
            login: self.login.clone(),
            password: self.password.clone(),
            totp: self.totp.base32(),
            structure: structure.to_owned(),
            look: look.to_owned(),
        }
    }

    pub(super) fn kernel(&self) -> &Kernel {
        self.house.kernel()
    }

    /// A code that was never used: the clock moves by more than a step.
    pub(super) fn code(&self) -> Result<Secret<String>, Failure> {
        self.kernel().clock.advance(seconds(37));
        Ok(Secret::new(self.totp.code_at(self.kernel().now())?))
    }

    /// Their session: the one of this morning, or a new one.
    pub(super) async fn signs_in(&self) -> Result<Secret<String>, Failure> {
        let now = self.kernel().now();
        let open = self.session.lock().map_err(|_| stuck("a session of the demo"))?.clone();
        let cookie = match open {
            Some((cookie, last)) if now.since(last).as_seconds() < minutes(20).as_seconds() => cookie,
            _ => self.signs_in_anew().await?,
        };
        *self.session.lock().map_err(|_| stuck("a session of the demo"))? = Some((cookie.clone(), self.kernel().now()));
        Ok(cookie)
    }

    async fn signs_in_anew(&self) -> Result<Secret<String>, Failure> {
        let typed = StaffCredentials { login: self.login.clone(), password: Secret::new(self.password.clone()), code: self.code()? };
        match aidants::sign_in(&self.house.mandates, typed, &requester()).await? {
            StaffSignIn::Open(opened) | StaffSignIn::OpenByRecovery(opened) => Ok(opened.token),
            StaffSignIn::Refused | StaffSignIn::TooMany { .. } => Err(stuck("an aidant of the demo cannot sign in")),
        }
    }

    /// Signed in, and acting for their structure.
    pub(super) async fn works(&self) -> Result<(Secret<String>, SignedInAidant), Failure> {
        let cookie = self.signs_in().await?;
        let aidant = self.at_work(&cookie).await?;
        if aidant.structure().id == self.structure {
            return Ok((cookie, aidant));
        }
        self.goes_to(self.structure).await?;
        let aidant = self.at_work(&cookie).await?;
        Ok((cookie, aidant))
    }

    /// In the same session, they act for another structure of theirs.
    pub(super) async fn goes_to(&self, structure: StructureId) -> Result<(), Failure> {
        let cookie = self.signs_in().await?;
        let StaffAt::Here(staff) = sessions::staff(self.kernel(), &cookie).await? else {
            return Err(stuck("an aidant of the demo is not at work"));
        };
        match acting::switch(&self.house.mandates, &staff, structure).await? {
            Switch::Done | Switch::Already => Ok(()),
            Switch::Unknown => Err(stuck("an aidant of the demo has no such structure")),
        }
    }

    pub(super) async fn at_work(&self, cookie: &Secret<String>) -> Result<SignedInAidant, Failure> {
        let StaffAt::Here(staff) = sessions::staff(self.kernel(), cookie).await? else {
            return Err(stuck("an aidant of the demo is not at work"));
        };
        match acting(&self.house.mandates, staff).await? {
            Acting::For(aidant) => Ok(aidant),
            Acting::CharterFirst(staff) => {
                charter::accept(&self.house.mandates, &staff).await?;
                match acting(&self.house.mandates, staff).await? {
                    Acting::For(aidant) => Ok(aidant),
                    Acting::NoStructure(_) | Acting::CharterFirst(_) => Err(stuck("an aidant of the demo cannot work")),
                }
            }
            Acting::NoStructure(_) => Err(stuck("an aidant of the demo has no structure")),
        }
    }

    pub(super) async fn takes_back(&self, cookie: &Secret<String>) -> Result<(), Failure> {
        let code = self.code()?;
        let StaffAt::Lent(lent) = sessions::staff(self.kernel(), cookie).await? else { return Err(stuck("the screen was not lent")) };
        match aidants::unlock(&self.house.mandates, &lent, &code).await? {
            Unlock::Back(_) => Ok(()),
            Unlock::Wrong | Unlock::TooMany { .. } => Err(stuck("the screen was not taken back")),
        }
    }
}

/// The code that the fictitious phone received last.
pub(super) async fn received(house: &House, phone: &str) -> Result<Secret<String>, Failure> {
    work::carry_out_all(house).await?;
    let number: PhoneNumber = phone.parse().map_err(|_| stuck("a phone of the demo is badly written"))?;
    let mut tx = house.kernel().db.read().await?;
    let received = sms::training_phone(&mut tx).await?;
    let code = received.iter().filter(|sms| sms.recipient == number.e164()).find_map(|sms| sms.body.split("votre code est ").nth(1));
    Ok(Secret::new(code.ok_or_else(|| stuck("no code arrived"))?.chars().take(6).collect()))
}
