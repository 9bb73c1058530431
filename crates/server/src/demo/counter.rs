//! At the counter: an account is opened under a mandate, a secret is chosen, a sheet or a print is made. Each act is the one a page would call.

use maincourante_identity::{CodeAnswer, HandOver, Lent, UsagerId, resume_hand_over};
use maincourante_kernel::clock::{minutes, seconds};
use maincourante_kernel::{Failure, Secret};
use maincourante_mandates::activate::{Colleague, Countersignature, countersign};
use maincourante_mandates::prepare::{self, Presentation, Save};
use maincourante_mandates::secret_screen::{self, Choose, Proof};
use maincourante_mandates::signature::{self, Declared, Gesture, Sign};
use maincourante_mandates::{MandateId, PersonFields, SignedInAidant, TermsFields, access_back, first_secret, papers, people, prints};

use super::aidant::{Aidant, received, stuck};

/// A wavy line that passes for a name.
pub(super) const DRAWING: &str = r#"{"h":357,"s":[[90,210,120,150,150,110,168,120,160,170,140,230,150,250,190,220,230,180,250,176,256,196,246,222,262,224,300,190,330,176,340,190,330,216,350,220,392,186,420,170,430,186,424,214,450,212,500,180,548,172],[470,120,474,116],[560,240,640,226,720,222]]}"#;

/// How a person signs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hand {
    /// A drawing and a code.
    Drawn,
    /// A spoken yes and a code.
    Spoken,
    /// A drawing before the aidant, without a phone.
    Witnessed,
    /// By hand, on paper.
    OnPaper,
}

impl Aidant<'_> {
    /// Begins a mandate: it can be resumed.
    pub async fn begins(&self, who: &PersonFields) -> Result<MandateId, Failure> {
        let (_, aidant) = self.works().await?;
        prepare::begin(&self.house.mandates, &aidant, who).await?.map_err(|_| stuck("a person of the demo is badly written"))
    }

    /// Prepares a mandate up to the document to read.
    pub async fn prepares(&self, who: &PersonFields, terms: &TermsFields) -> Result<MandateId, Failure> {
        let context = &self.house.mandates;
        let id = self.begins(who).await?;
        let (_, aidant) = self.works().await?;
        self.kernel().clock.advance(minutes(1));
        let in_hand = prepare::load(context, &aidant, id).await?.ok_or_else(|| stuck("a mandate of the demo was lost"))?;
        let address = prepare::proposals(context, &in_hand).await?.into_iter().next().ok_or_else(|| stuck("no address is free"))?;
        for saved in [prepare::save_address(context, &aidant, id, &address).await?, prepare::save_terms(context, &aidant, id, terms).await?]
        {
            let Save::Saved = saved else { return Err(stuck("a mandate of the demo was not saved")) };
        }
        self.kernel().clock.advance(minutes(2));
        match prepare::present(context, &aidant, id).await? {
            Presentation::Presented => Ok(id),
            _ => Err(stuck("a mandate of the demo was not presented")),
        }
    }

    async fn screen(&self, token: &Secret<String>) -> Result<HandOver, Failure> {
        resume_hand_over(self.kernel(), token).await?.ok_or_else(|| stuck("the screen was not lent"))
    }

    async fn lends_to_sign(&self, aidant: &SignedInAidant, id: MandateId) -> Result<HandOver, Failure> {
        match prepare::lend_to_sign(&self.house.mandates, aidant, id).await? {
            prepare::Lending::Lent(lent) => self.screen(&lent.token).await,
            _ => Err(stuck("the screen was not lent")),
        }
    }

    /// The person signs, on the lent screen or on paper.
    pub async fn has_signed(&self, id: MandateId, hand: Hand, phone: &str) -> Result<(), Failure> {
        let context = &self.house.mandates;
        let (cookie, aidant) = self.works().await?;
        if hand == Hand::OnPaper {
            papers::to_sign(context, &aidant, id).await?.ok_or_else(|| stuck("a document of the demo was not printed"))?;
            return match signature::declare_print(context, &aidant, id).await? {
                Declared::Signed => Ok(()),
                Declared::NotPrinted | Declared::NotReady | Declared::Gone => Err(stuck("nobody signed on paper")),
            };
        }
        let screen = self.lends_to_sign(&aidant, id).await?;
        let (code, gesture) = match hand {
            Hand::Witnessed | Hand::OnPaper => (Secret::default(), Gesture::Witnessed(DRAWING.to_owned())),
            Hand::Drawn | Hand::Spoken => {
                signature::send_code(context, &screen).await?;
                self.kernel().clock.advance(minutes(1));
                let gesture = if hand == Hand::Drawn { Gesture::Drawn(DRAWING.to_owned()) } else { Gesture::CodeAlone };
                (received(self.house, phone).await?, gesture)
            }
        };
        let Sign::Signed { .. } = signature::sign(context, &screen, &code, gesture).await? else { return Err(stuck("nobody signed")) };
        self.takes_back(&cookie).await
    }

    /// The person reads the document on the lent screen, and says no.
    pub async fn is_refused(&self, id: MandateId) -> Result<(), Failure> {
        let (cookie, aidant) = self.works().await?;
        let screen = self.lends_to_sign(&aidant, id).await?;
        self.kernel().clock.advance(minutes(4));
        if !signature::refuse(&self.house.mandates, &screen).await? {
            return Err(stuck("nobody refused"));
        }
        self.takes_back(&cookie).await
    }

    /// The aidant countersigns: the account is open. A colleague may have heard a spoken yes.
    pub async fn countersigns(&self, id: MandateId, colleague: Option<&Aidant<'_>>) -> Result<UsagerId, Failure> {
        let heard = match colleague {
            Some(other) => Some(Colleague { login: other.login.clone(), code: other.code()? }),
            None => None,
        };
        let (_, aidant) = self.works().await?;
        let code = self.code()?;
        match countersign(&self.house.mandates, &aidant, id, &code, heard.as_ref()).await? {
            Countersignature::Active(usager) => Ok(usager),
            _ => Err(stuck("a mandate of the demo was not countersigned")),
        }
    }

    /// The person chooses their first secret; without a phone, they make a recovery sheet on the same screen.
    pub async fn hands_over_first(&self, usager: UsagerId, phone: Option<&str>, secret: &str) -> Result<(), Failure> {
        let (cookie, aidant) = self.works().await?;
        let access_back::Lending::Lent(lent) = first_secret::lend(&self.house.mandates, &aidant, usager).await? else {
            return Err(stuck("the first secret: not lent"));
        };
        self.person_chooses(&lent, phone, secret).await?;
        self.takes_back(&cookie).await
    }

    /// The person lost their secret and came to the counter.
    pub async fn gives_access_back(&self, usager: UsagerId, phone: &str, secret: &str) -> Result<(), Failure> {
        let (cookie, aidant) = self.works().await?;
        people::record(&self.house.mandates, &aidant, usager).await?;
        self.kernel().clock.advance(minutes(1));
        let access_back::Lending::Lent(lent) = access_back::lend(&self.house.mandates, &aidant, usager).await? else {
            return Err(stuck("access back: not lent"));
        };
        self.person_chooses(&lent, Some(phone), secret).await?;
        self.takes_back(&cookie).await
    }

    async fn person_chooses(&self, lent: &Lent, phone: Option<&str>, secret: &str) -> Result<(), Failure> {
        let context = &self.house.mandates;
        let mut token = lent.token.clone();
        if let Some(phone) = phone {
            secret_screen::send_code(context, &self.screen(&token).await?).await?;
            self.kernel().clock.advance(minutes(1));
            let code = received(self.house, phone).await?;
            let Some(CodeAnswer::Right { token: next }) =
                secret_screen::prove(context, &self.screen(&token).await?, &code, Proof::Phone).await?
            else {
                return Err(stuck("a code of the demo was wrong"));
            };
            token = next;
        }
        let Choose::Chosen { .. } = secret_screen::choose(context, &self.screen(&token).await?, &Secret::new(secret.to_owned())).await?
        else {
            return Err(stuck("a secret of the demo was not chosen"));
        };
        if phone.is_none() {
            let once = self.kernel().chance.uuid(self.kernel().now());
            let sheet = secret_screen::make_sheet(context, &self.screen(&token).await?, &token, once).await?;
            sheet.ok_or_else(|| stuck("a sheet of the demo was not made"))?;
        }
        Ok(())
    }

    /// The aidant opens a record, to see.
    pub async fn looks_at(&self, usager: UsagerId) -> Result<(), Failure> {
        let (_, aidant) = self.works().await?;
        self.kernel().clock.advance(seconds(95));
        people::record(&self.house.mandates, &aidant, usager).await?.map(|_| ()).ok_or_else(|| stuck("no record of the demo"))
    }

    /// The page signed by hand is photographed, and said whole.
    pub async fn brings_print(&self, usager: UsagerId, page: &[u8]) -> Result<(), Failure> {
        let context = &self.house.mandates;
        let (_, aidant) = self.works().await?;
        let once = self.kernel().chance.uuid(self.kernel().now());
        let prints::Begin::Ready(mut coming) = prints::begin(context, &aidant, usager, once).await? else {
            return Err(stuck("a print of the demo is not waited for"));
        };
        coming.push(context, page).await?.map_err(|_| stuck("a page of the demo is none"))?;
        if coming.finish(context).await? != prints::Finish::Added {
            return Err(stuck("a page of the demo was not added"));
        }
        self.kernel().clock.advance(minutes(1));
        match prints::close(context, &aidant, usager, &self.code()?).await? {
            prints::Whole::Confirmed => Ok(()),
            _ => Err(stuck("a print of the demo is not whole")),
        }
    }
}
