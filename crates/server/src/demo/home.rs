//! People at home, with their own secret: what they do alone.

use maincourante_identity::{CodeAnswer, Computer, Credentials, Own, SignIn, reset, sessions, sign_in};
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::clock::{minutes, seconds};
use maincourante_kernel::{Failure, Secret};
use maincourante_mailbox::draft::{self, Began, Written};
use maincourante_mailbox::letter::Thread;
use maincourante_mailbox::outbox::{self, Consign, Form};
use maincourante_mailbox::{Mine, Moved, Outgoing, Reach};
use maincourante_mandates::alerts::report::{self, Reporting};
use maincourante_mandates::mine::{self, Revocation, Stop};
use maincourante_mandates::{Power, review};

use super::aidant::{received, requester, stuck};
use crate::house::House;
use crate::work;

/// A person who signed in at home.
pub(super) struct AtHome<'a> {
    house: &'a House,
    own: Own,
}

/// The person signs in at home.
pub(super) async fn at_home<'a>(house: &'a House, address: &str, password: &str) -> Result<AtHome<'a>, Failure> {
    let typed = Credentials { login: address.to_owned(), password: Secret::new(password.to_owned()), computer: Computer::Own };
    match sign_in(&house.mandates.identity, typed, &requester()).await? {
        SignIn::Open(opened) => {
            let own = sessions::own(house.kernel(), &opened.token).await?;
            Ok(AtHome { house, own: own.ok_or_else(|| stuck("a session of the demo does not open"))? })
        }
        SignIn::Refused | SignIn::TooMany { .. } => Err(stuck("a person of the demo cannot sign in")),
    }
}

/// The person lost their secret, and comes back alone with their phone.
pub(super) async fn comes_back_alone(house: &House, address: &str, phone: &str, password: &str) -> Result<(), Failure> {
    let identity = &house.mandates.identity;
    let reset::Begin::Begun { token } = reset::begin(identity, address, &requester()).await? else {
        return Err(stuck("a recovery of the demo did not begin"));
    };
    house.kernel().clock.advance(seconds(50));
    let code = received(house, phone).await?;
    let CodeAnswer::Right { token } = reset::check_code(identity, &token, &code).await? else {
        return Err(stuck("a code of a recovery was wrong"));
    };
    house.kernel().clock.advance(minutes(1));
    match reset::finish(identity, &token, &Secret::new(password.to_owned())).await? {
        reset::Finish::Done { .. } => work::carry_out_all(house).await,
        reset::Finish::Weak(_) | reset::Finish::Over => Err(stuck("a recovery of the demo did not end")),
    }
}

impl AtHome<'_> {
    fn letters(&self) -> Mine<'_> {
        self.house.mailbox.of(&self.own, requester().0)
    }

    /// Stops the mandate.
    pub async fn stops(&self) -> Result<(), Failure> {
        for mandate in mine::mandates(&self.house.mandates, &self.own).await? {
            let Stop::Stopped = mine::stop(&self.house.mandates, &self.own, mandate.id).await? else {
                return Err(stuck("a mandate of the demo was not stopped"));
            };
        }
        Ok(())
    }

    /// Takes one power back.
    pub async fn takes_back(&self, power: Power) -> Result<(), Failure> {
        for mandate in mine::mandates(&self.house.mandates, &self.own).await? {
            let Revocation::Revoked = mine::revoke(&self.house.mandates, &self.own, mandate.id, power).await? else {
                return Err(stuck("a power of the demo was not taken back"));
            };
        }
        Ok(())
    }

    /// Says that the newest line that can be reported is not normal.
    pub async fn reports(&self, words: &str) -> Result<(), Failure> {
        let page = review::for_person(&self.house.mandates, &self.own, None).await?;
        let line = page.records.iter().find(|line| report::can_be_reported(line)).ok_or_else(|| stuck("no line to report"))?;
        match report::report(&self.house.mandates, &self.own, line.id, words).await? {
            Reporting::Sent => Ok(()),
            Reporting::TooLong | Reporting::Unknown => Err(stuck("a report of the demo was not sent")),
        }
    }

    /// Opens this many letters, the oldest of the first page first.
    pub async fn reads(&self, many: usize) -> Result<(), Failure> {
        let Reach::Here(page) = self.letters().inbox(None).await? else { return Err(stuck("no inbox")) };
        for row in page.rows.iter().rev().take(many) {
            let Reach::Here(Some(_)) = self.letters().open(row.reference).await? else {
                return Err(stuck("a letter of the demo was lost"));
            };
        }
        Ok(())
    }

    /// Puts the newest letter into the bin.
    pub async fn throws_away(&self) -> Result<(), Failure> {
        let Reach::Here(page) = self.letters().inbox(None).await? else { return Err(stuck("no inbox")) };
        let newest = page.rows.first().ok_or_else(|| stuck("no letter to throw away"))?;
        match self.letters().throw_away(newest.reference).await? {
            Reach::Here(Moved::To(_) | Moved::Somewhere) => Ok(()),
            Reach::Here(Moved::NotThere) | Reach::Away => Err(stuck("a letter of the demo was not thrown away")),
        }
    }

    /// Begins a letter, and leaves it.
    pub async fn leaves_unfinished(&self, to: &str, subject: &str, text: &str) -> Result<(), Failure> {
        let kernel = self.house.kernel();
        let written = Written { to: to.to_owned(), subject: subject.to_owned(), text: text.to_owned(), ..Written::default() };
        let began = Began { form_key: kernel.chance.uuid(kernel.now()), draft: None };
        draft::keep(&self.house.mailbox, &self.own, began, &written).await.map(|_| ())
    }

    /// Writes a letter; it leaves, or is refused when nobody has that address here.
    pub async fn writes(&self, to: &str, subject: &str, text: &str) -> Result<(), Failure> {
        let kernel = self.house.kernel();
        let to: MailAddress = to.parse().map_err(|_| stuck("an address of the demo does not parse"))?;
        let outgoing = Outgoing::new(vec![to], subject, text, Thread::default()).map_err(|_| stuck("a bad letter of the demo"))?;
        let mut tx = kernel.db.write().await?;
        let form = Form { key: kernel.chance.uuid(kernel.now()), draft: None };
        let Consign::Given(_) = outbox::consign(&self.house.mailbox, &mut tx, &self.own, &outgoing, form).await? else {
            return Err(stuck("a letter of the demo was not taken"));
        };
        tx.commit().await?;
        kernel.clock.advance(minutes(2));
        work::carry_out_all(self.house).await?;
        self.letters().file_sent().await
    }
}
