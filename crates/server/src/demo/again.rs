//! At the counter, for who has an account: a mandate that comes after another, and a second structure that joins.

use maincourante_identity::{UsagerId, resume_hand_over};
use maincourante_kernel::Failure;
use maincourante_kernel::clock::minutes;
use maincourante_mandates::prepare::{self, Presentation, Save};
use maincourante_mandates::secret_screen::Proof;
use maincourante_mandates::{KnownFields, MandateId, TermsFields, find_account, renewal};

use super::aidant::{Aidant, received, stuck};
use super::counter::Hand;

fn known() -> KnownFields {
    KnownFields { identity_check: "known_person".into(), protection: "none".into() }
}

impl Aidant<'_> {
    /// The mandate of this person is renewed, or changed: they read and sign anew.
    pub async fn renews(&self, usager: UsagerId, phone: &str) -> Result<(), Failure> {
        let (_, aidant) = self.works().await?;
        let id = MandateId::new(&self.kernel().chance, self.kernel().now());
        let renewal::Begin::Begun(id) = renewal::begin_as(&self.house.mandates, &aidant, usager, id, &known()).await? else {
            return Err(stuck("a renewal of the demo did not begin"));
        };
        self.agrees(id, phone).await
    }

    /// Someone who is helped elsewhere says so on the lent screen, and this structure helps them too.
    pub async fn joins(&self, address: &str, phone: &str) -> Result<(), Failure> {
        let context = &self.house.mandates;
        let (cookie, aidant) = self.works().await?;
        let id = MandateId::new(&self.kernel().chance, self.kernel().now());
        let find_account::Lending::Lent(_, lent) = find_account::lend(context, &aidant, id).await? else {
            return Err(stuck("joining: not lent"));
        };
        let screen = async || resume_hand_over(self.kernel(), &lent.token).await?.ok_or_else(|| stuck("the screen was not lent"));
        find_account::ask(context, &screen().await?, address).await?.ok_or_else(|| stuck("an account of the demo was not asked for"))?;
        self.kernel().clock.advance(minutes(1));
        let code = received(self.house, phone).await?;
        let find_account::Answer::Right { .. } = find_account::prove(context, &screen().await?, &code, Proof::Phone).await? else {
            return Err(stuck("an account of the demo was not found"));
        };
        self.takes_back(&cookie).await?;
        self.agrees(id, phone).await
    }

    /// What is allowed is chosen, read, signed and countersigned.
    async fn agrees(&self, id: MandateId, phone: &str) -> Result<(), Failure> {
        let context = &self.house.mandates;
        let (_, aidant) = self.works().await?;
        let terms = TermsFields { powers: vec!["give_access_back".into()], duration: "year".into(), until: String::new() };
        for saved in [prepare::save_known(context, &aidant, id, &known()).await?, prepare::save_terms(context, &aidant, id, &terms).await?]
        {
            let Save::Saved = saved else { return Err(stuck("a new mandate of the demo was not saved")) };
        }
        self.kernel().clock.advance(minutes(2));
        let Presentation::Presented = prepare::present(context, &aidant, id).await? else {
            return Err(stuck("a new mandate of the demo was not presented"));
        };
        self.has_signed(id, Hand::Drawn, phone).await?;
        self.countersigns(id, None).await.map(|_| ())
    }
}
