//! Nadia at work, and people at the screen she lends: each act is the one a page would call.

use maincourante_identity::{
    CodeAnswer, Computer, Credentials, Lent, Own, Requester, SignIn, StaffAt, StaffCredentials, StaffSignIn, TotpSecret, UsagerId,
    resume_hand_over, sessions, sign_in,
};
use maincourante_kernel::clock::{minutes, seconds};
use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Failure, Kernel, Secret, Timestamp};
use maincourante_mandates::acting::{Acting, acting};
use maincourante_mandates::activate::{Countersignature, countersign};
use maincourante_mandates::aidants::{self, Unlock};
use maincourante_mandates::prepare::{self, Presentation, Save};
use maincourante_mandates::secret_screen::{self, Choose, Proof};
use maincourante_mandates::signature::{self, Gesture, Sign};
use maincourante_mandates::{MandateId, PersonFields, SignedInAidant, TermsFields, access_back, charter, first_secret, people};
use maincourante_sms as sms;

use super::AidantCard;
use crate::house::House;
use crate::work;

/// An aidant of the demo.
pub(super) struct Aidant<'a> {
    pub house: &'a House,
    pub name: String,
    pub login: String,
    pub password: String,
    pub totp: TotpSecret,
}

/// A wavy line that passes for a name.
pub(super) const DRAWING: &str = r#"{"h":357,"s":[[90,210,120,150,150,110,168,120,160,170,140,230,150,250,190,220,230,180,250,176,256,196,246,222,262,224,300,190,330,176,340,190,330,216,350,220,392,186,420,170,430,186,424,214,450,212,500,180,548,172],[470,120,474,116],[560,240,640,226,720,222]]}"#;

fn stuck(what: &'static str) -> Failure {
    Failure::new(what)
}

fn requester() -> Requester {
    Requester(std::net::IpAddr::from([127, 0, 0, 1]))
}

impl Aidant<'_> {
    pub fn card(&self, role: &str) -> AidantCard {
        AidantCard {
            name: self.name.clone(),
            role: role.to_owned(),
            login: self.login.clone(),
            password: self.password.clone(),
            totp: self.totp.base32(),
        }
    }

    fn kernel(&self) -> &Kernel {
        self.house.kernel()
    }

    /// A code that was never used: the clock moves by more than a step.
    fn code(&self) -> Result<Secret<String>, Failure> {
        self.kernel().clock.advance(seconds(37));
        Ok(Secret::new(self.totp.code_at(self.kernel().now())?))
    }

    pub async fn signs_in(&self) -> Result<Secret<String>, Failure> {
        let typed = StaffCredentials { login: self.login.clone(), password: Secret::new(self.password.clone()), code: self.code()? };
        match aidants::sign_in(&self.house.mandates, typed, &requester()).await? {
            StaffSignIn::Open(opened) | StaffSignIn::OpenByRecovery(opened) => Ok(opened.token),
            StaffSignIn::Refused | StaffSignIn::TooMany { .. } => Err(stuck("an aidant of the demo cannot sign in")),
        }
    }

    pub async fn at_work(&self, cookie: &Secret<String>) -> Result<SignedInAidant, Failure> {
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

    async fn takes_back(&self, cookie: &Secret<String>) -> Result<(), Failure> {
        let code = self.code()?;
        let StaffAt::Lent(lent) = sessions::staff(self.kernel(), cookie).await? else { return Err(stuck("the screen was not lent")) };
        match aidants::unlock(&self.house.mandates, &lent, &code).await? {
            Unlock::Back(_) => Ok(()),
            Unlock::Wrong | Unlock::TooMany { .. } => Err(stuck("the screen was not taken back")),
        }
    }

    /// Prepares a mandate up to the document to read.
    pub async fn prepares(&self, cookie: &Secret<String>, who: &PersonFields, duration: &str) -> Result<MandateId, Failure> {
        let context = &self.house.mandates;
        let aidant = self.at_work(cookie).await?;
        let id = prepare::begin(context, &aidant, who).await?.map_err(|_| stuck("a person of the demo is badly written"))?;
        self.kernel().clock.advance(minutes(1));
        let in_hand = prepare::load(context, &aidant, id).await?.ok_or_else(|| stuck("a mandate of the demo was lost"))?;
        let address = prepare::proposals(context, &in_hand).await?.into_iter().next().ok_or_else(|| stuck("no address is free"))?;
        let terms = TermsFields {
            powers: vec!["create_account".into(), "give_access_back".into()],
            duration: duration.to_owned(),
            until: String::new(),
        };
        for saved in
            [prepare::save_address(context, &aidant, id, &address).await?, prepare::save_terms(context, &aidant, id, &terms).await?]
        {
            let Save::Saved = saved else { return Err(stuck("a mandate of the demo was not saved")) };
        }
        self.kernel().clock.advance(minutes(2));
        match prepare::present(context, &aidant, id).await? {
            Presentation::Presented => Ok(id),
            _ => Err(stuck("a mandate of the demo was not presented")),
        }
    }

    /// The person signs on the lent screen, and the aidant countersigns: the account is open.
    pub async fn has_signed(&self, cookie: &Secret<String>, id: MandateId, phone: &str) -> Result<UsagerId, Failure> {
        let context = &self.house.mandates;
        let aidant = self.at_work(cookie).await?;
        let prepare::Lending::Lent(lent) = prepare::lend_to_sign(context, &aidant, id).await? else {
            return Err(stuck("the screen was not lent"));
        };
        let screen = resume_hand_over(self.kernel(), &lent.token).await?.ok_or_else(|| stuck("the screen was not lent"))?;
        signature::send_code(context, &screen).await?;
        self.kernel().clock.advance(minutes(1));
        let code = self.received(phone).await?;
        let Sign::Signed { .. } = signature::sign(context, &screen, &code, Gesture::Drawn(DRAWING.to_owned())).await? else {
            return Err(stuck("nobody signed"));
        };
        self.takes_back(cookie).await?;
        let (code, aidant) = (self.code()?, self.at_work(cookie).await?);
        match countersign(context, &aidant, id, &code, None).await? {
            Countersignature::Active(usager) => Ok(usager),
            _ => Err(stuck("a mandate of the demo was not countersigned")),
        }
    }

    /// The person chooses their first secret.
    pub async fn hands_over_first(&self, cookie: &Secret<String>, usager: UsagerId, phone: &str, secret: &str) -> Result<(), Failure> {
        let aidant = self.at_work(cookie).await?;
        let access_back::Lending::Lent(lent) = first_secret::lend(&self.house.mandates, &aidant, usager).await? else {
            return Err(stuck("not lent"));
        };
        self.person_chooses(cookie, &lent, phone, secret).await
    }

    /// The person lost their secret and came to the counter.
    pub async fn gives_access_back(&self, usager: UsagerId, phone: &str, secret: &str) -> Result<(), Failure> {
        let cookie = self.signs_in().await?;
        let aidant = self.at_work(&cookie).await?;
        people::record(&self.house.mandates, &aidant, usager).await?;
        self.kernel().clock.advance(minutes(1));
        let access_back::Lending::Lent(lent) = access_back::lend(&self.house.mandates, &aidant, usager).await? else {
            return Err(stuck("not lent"));
        };
        self.person_chooses(&cookie, &lent, phone, secret).await
    }

    async fn person_chooses(&self, cookie: &Secret<String>, lent: &Lent, phone: &str, secret: &str) -> Result<(), Failure> {
        let context = &self.house.mandates;
        let screen = async |token| resume_hand_over(self.kernel(), token).await?.ok_or_else(|| stuck("the screen was not lent"));
        secret_screen::send_code(context, &screen(&lent.token).await?).await?;
        self.kernel().clock.advance(minutes(1));
        let code = self.received(phone).await?;
        let Some(CodeAnswer::Right { token }) = secret_screen::prove(context, &screen(&lent.token).await?, &code, Proof::Phone).await?
        else {
            return Err(stuck("a code of the demo was wrong"));
        };
        let Choose::Chosen { .. } = secret_screen::choose(context, &screen(&token).await?, &Secret::new(secret.to_owned())).await? else {
            return Err(stuck("a secret of the demo was not chosen"));
        };
        self.takes_back(cookie).await
    }

    /// The code that the fictitious phone received last.
    async fn received(&self, phone: &str) -> Result<Secret<String>, Failure> {
        work::carry_out_all(self.house).await?;
        let number: PhoneNumber = phone.parse().map_err(|_| stuck("a phone of the demo is badly written"))?;
        let mut tx = self.kernel().db.read().await?;
        let received = sms::training_phone(&mut tx).await?;
        let code = received.iter().filter(|sms| sms.recipient == number.e164()).find_map(|sms| sms.body.split("votre code est ").nth(1));
        Ok(Secret::new(code.ok_or_else(|| stuck("no code arrived"))?.chars().take(6).collect()))
    }

    /// A mandate begun this morning and not finished: it can be resumed.
    pub async fn leaves_a_draft(&self, now: Timestamp) -> Result<(), Failure> {
        let clock = &self.kernel().clock;
        clock.advance(now.minus(minutes(50)).since(clock.now()).max_zero());
        let cookie = self.signs_in().await?;
        let who = PersonFields {
            given_names: "Amina".into(),
            family_name: "Haddad".into(),
            birth_date: "12/09/1959".into(),
            birthplace: "Oran".into(),
            phone: "06 39 98 70 06".into(),
            no_phone: String::new(),
            identity_check: "paper_seen".into(),
            protection: "none".into(),
        };
        let aidant = self.at_work(&cookie).await?;
        prepare::begin(&self.house.mandates, &aidant, &who).await?.map_err(|_| stuck("a person of the demo is badly written"))?;
        Ok(())
    }
}

/// The person signs in at home.
pub(super) async fn at_home(house: &House, address: &str, password: &str) -> Result<Own, Failure> {
    let typed = Credentials { login: address.to_owned(), password: Secret::new(password.to_owned()), computer: Computer::Own };
    match sign_in(&house.mandates.identity, typed, &requester()).await? {
        SignIn::Open(opened) => {
            sessions::own(house.kernel(), &opened.token).await?.ok_or_else(|| stuck("a session of the demo does not open"))
        }
        SignIn::Refused | SignIn::TooMany { .. } => Err(stuck("a person of the demo cannot sign in")),
    }
}
