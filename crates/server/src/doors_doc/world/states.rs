//! Those who come to a state by acts of their own: a screen is lent, a code typed, a mandate signed, each by the act that pages call.

use maincourante_identity::{CodeAnswer, reset, testing as people};
use maincourante_kernel::Secret;
use maincourante_mandates::signature::{self, Gesture};
use maincourante_mandates::testing::{DRAWING, World as Ccas};
use maincourante_mandates::{
    MandateId, MemberRole, PersonFields, access_back, dispute, find_account, first_secret, joining, prepare, secret_screen, team,
};

use super::{PAGE, Prepared, Things, Who, World};

impl World {
    /// A copy of the world in which someone came to their state, by the acts that lead there.
    pub(in crate::doors_doc) async fn prepare(&self, who: Who) -> Prepared {
        let ccas = self.ccas.copied().await;
        let mut things = Vec::new();
        let cookie = match who {
            Who::Recovering | Who::Recovered => ("reset", recovers(&ccas, who == Who::Recovered).await),
            Who::Invited => ("invitation", is_invited(&ccas).await),
            Who::Signed => ("lent", self.signs(&ccas).await),
            Who::Proved | Who::Chosen => ("lent", self.chooses(&ccas, who == Who::Chosen).await),
            Who::WithSheet => ("lent", self.borrows_with_a_sheet(&ccas).await),
            Who::Searched => ("lent", self.finds(&ccas).await.1),
            Who::OfTwo => {
                let done = team::attach(&ccas.context, self.elsewhere, self.staff(Who::Claire), MemberRole::Aidant).await.unwrap();
                assert_eq!(done, team::Attach::Done);
                ("staff", people::signed_in_staff(ccas.kernel(), self.staff(Who::Claire)).await.1)
            }
            Who::Pauser => {
                let aidant = ccas.at_work(&self.helene_works).await;
                let referent = aidant.as_referent().expect("a référent");
                let turned = dispute::turn(&ccas.context, &referent, self.josette, dispute::Turn::Pause, "Un doute").await.unwrap();
                assert_eq!(turned, dispute::Turned::Done);
                ("staff", people::signed_in_staff(ccas.kernel(), self.staff(Who::Helene)).await.1)
            }
            _ => {
                things = self.prepares(&ccas, who).await;
                ("staff", people::signed_in_staff(ccas.kernel(), self.nadia).await.1)
            }
        };
        Prepared { ccas, cookie, things }
    }

    /// What Nadia prepares goes on until this state; gives what addresses name then.
    async fn prepares(&self, ccas: &Ccas, who: Who) -> Things {
        let nadia = &self.nadia_works;
        match who {
            Who::Finder => {
                let (id, _) = self.finds(ccas).await;
                ccas.takes_back(nadia).await;
                return vec![("/aidant/nouveau-compte/{id}", vec![("{id}", id.to_string())])];
            }
            Who::Refused => {
                let aidant = ccas.at_work(nadia).await;
                let prepare::Lending::Lent(lent) = prepare::lend_to_sign(&ccas.context, &aidant, self.draft).await.unwrap() else {
                    panic!("lent")
                };
                assert!(signature::refuse(&ccas.context, &ccas.screen(&lent).await).await.unwrap());
                ccas.takes_back(nadia).await;
                return Vec::new();
            }
            _ => {}
        }
        ccas.signs(nadia, self.draft, Gesture::Drawn(DRAWING.into())).await;
        if who == Who::Signatory {
            return Vec::new();
        }
        let amina = ccas.countersigns(nadia, self.draft).await;
        if who == Who::Finisher {
            let aidant = ccas.at_work(nadia).await;
            let access_back::Lending::Lent(lent) = first_secret::lend(&ccas.context, &aidant, amina).await.unwrap() else { panic!("lent") };
            ccas.chooses(&lent, people::PASSWORD).await;
            ccas.takes_back(nadia).await;
        }
        vec![("/aidant/personnes/{id}", vec![("{id}", amina.to_string())])]
    }

    /// The person signs on the screen that Nadia lends.
    async fn signs(&self, ccas: &Ccas) -> Secret<String> {
        let aidant = ccas.at_work(&self.nadia_works).await;
        let prepare::Lending::Lent(lent) = prepare::lend_to_sign(&ccas.context, &aidant, self.draft).await.unwrap() else { panic!("lent") };
        let screen = ccas.screen(&lent).await;
        signature::send_code(&ccas.context, &screen).await.unwrap().expect("a code is sent");
        let code = ccas.received_code().await;
        let signed = signature::sign(&ccas.context, &screen, &code, Gesture::Drawn(DRAWING.into())).await.unwrap();
        let signature::Sign::Signed { token } = signed else { panic!("signed") };
        token.unwrap_or(lent.token)
    }

    /// Josette proves her phone on the screen that Nadia lends, and chooses a secret.
    async fn chooses(&self, ccas: &Ccas, to_the_end: bool) -> Secret<String> {
        let aidant = ccas.at_work(&self.nadia_works).await;
        let access_back::Lending::Lent(lent) = access_back::lend(&ccas.context, &aidant, self.josette).await.unwrap() else {
            panic!("lent")
        };
        if to_the_end {
            return ccas.chooses(&lent, people::PASSWORD).await;
        }
        let screen = ccas.screen(&lent).await;
        secret_screen::send_code(&ccas.context, &screen).await.unwrap().expect("a code is sent");
        let code = ccas.received_code().await;
        let proved = secret_screen::prove(&ccas.context, &screen, &code, secret_screen::Proof::Phone).await.unwrap();
        let Some(CodeAnswer::Right { token }) = proved else { panic!("the code is right") };
        token
    }

    /// Lucien has no phone: he drew before Nadia, printed his sheet, signed by hand, and forgot his password.
    async fn borrows_with_a_sheet(&self, ccas: &Ccas) -> Secret<String> {
        let nadia = &self.nadia_works;
        let fields = PersonFields { given_names: "Lucien".into(), phone: String::new(), no_phone: "yes".into(), ..Ccas::josette() };
        let id = ccas.presents(nadia, &fields, &["create_account", "give_access_back"]).await;
        ccas.signs(nadia, id, Gesture::Witnessed(DRAWING.into())).await;
        let lucien = ccas.countersigns(nadia, id).await;
        let aidant = ccas.at_work(nadia).await;
        let access_back::Lending::Lent(lent) = first_secret::lend(&ccas.context, &aidant, lucien).await.unwrap() else { panic!("lent") };
        let secret = Secret::new(people::PASSWORD.to_owned());
        let chosen = secret_screen::choose(&ccas.context, &ccas.screen(&lent).await, &secret).await.unwrap();
        assert!(matches!(chosen, secret_screen::Choose::Chosen { .. }));
        let screen = ccas.screen(&lent).await;
        let once = uuid::Uuid::from_u128(1);
        assert!(secret_screen::make_sheet(&ccas.context, &screen, &lent.token, once).await.unwrap().is_some());
        ccas.takes_back(nadia).await;
        ccas.photographs(nadia, lucien, PAGE).await;
        let aidant = ccas.at_work(nadia).await;
        let access_back::Lending::Lent(lent) = access_back::lend(&ccas.context, &aidant, lucien).await.unwrap() else { panic!("lent") };
        lent.token
    }

    /// Someone writes which account is theirs on the screen that Nadia lends, for a mandate that she begins.
    async fn finds(&self, ccas: &Ccas) -> (MandateId, Secret<String>) {
        let aidant = ccas.at_work(&self.nadia_works).await;
        let id = MandateId::new(&ccas.kernel().chance, ccas.kernel().now());
        let find_account::Lending::Lent(id, lent) = find_account::lend(&ccas.context, &aidant, id).await.unwrap() else { panic!("lent") };
        let screen = ccas.screen(&lent).await;
        assert!(find_account::ask(&ccas.context, &screen, "personne@exemple-mail.fr").await.unwrap().is_some());
        (id, lent.token)
    }
}

/// Josette asks for a new password; and types the code that her phone received.
async fn recovers(ccas: &Ccas, to_the_code: bool) -> Secret<String> {
    let identity = &ccas.context.identity;
    let asked = reset::begin(identity, "josette.lambert@exemple-mail.fr", &people::requester()).await.unwrap();
    let reset::Begin::Begun { token } = asked else { panic!("begun") };
    if !to_the_code {
        return token;
    }
    let code = ccas.received_code().await;
    let CodeAnswer::Right { token } = reset::check_code(identity, &token, &code).await.unwrap() else { panic!("the code is right") };
    token
}

/// Inès opens the link of her letter and chooses a password.
async fn is_invited(ccas: &Ccas) -> Secret<String> {
    let link = ccas.received_link().await;
    let token = Secret::new(link.rsplit('/').next().unwrap_or_default().to_owned());
    let password = Secret::new(people::PASSWORD.to_owned());
    let chosen = joining::choose(&ccas.context, &token, "Inès Colin", &password).await.unwrap();
    assert!(matches!(chosen, joining::Choose::Chosen));
    token
}
