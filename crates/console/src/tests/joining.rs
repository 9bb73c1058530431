//! Someone is invited by letter, enrols, loses an authenticator and comes back: Paul, whom Hélène invites; Hugo, who has an access
//! by another structure. On both engines.

use maincourante_identity::TotpSecret;
use maincourante_kernel::clock::{days, minutes, seconds};
use maincourante_kernel::testing::kernels;
use maincourante_mandates::invitations::{self, Reset};
use maincourante_mandates::joining::{self, Accept};

use super::*;

const PAUL: &str = "paul.ferrand@ccas-vaudorme.fr";
const SECRET: &str = "tambour pomme rivage";

impl Scene {
    /// Hélène invites; gives the link of the letter.
    async fn invites(&self, helene: &mut Browser, name: &str, login: &str) -> String {
        helene.get(routes::INVITE).await.is(StatusCode::OK).is_well_made();
        helene.submit(routes::INVITE, &[("name", name), ("login", login)]).await.goes_saying(routes::TEAM);
        self.world.received_link().await
    }

    /// The invited opens the link and chooses a password; gives the secret of the authenticator, as the page writes it.
    async fn chooses_codes(&self, invited: &mut Browser, link: &str, secret: &str) -> TotpSecret {
        invited.get(link).await.goes(routes::INVITATION);
        invited.follow().await.is(StatusCode::OK).is_well_made();
        invited.submit(routes::INVITATION, &[("password", secret)]).await.goes(routes::INVITATION_DEVICE);
        let page = invited.follow().await;
        page.is(StatusCode::OK).is_well_made();
        assert!(page.html.contains("<svg class=\"qr\""));
        TotpSecret::from_base32(&page.part(".secret").unwrap().replace(' ', "")).unwrap()
    }

    /// A code of this authenticator that was never used.
    fn next_code(&self, totp: &TotpSecret) -> String {
        let kernel = self.world.kernel();
        kernel.clock.advance(seconds(31));
        totp.code_at(kernel.now()).unwrap()
    }

    /// Signs in with a password and a code; gives the browser, and what was answered.
    async fn signs_in(&self, login: &str, password: &str, code: &str) -> (Browser, Seen) {
        let mut browser = Browser::new(self.router.clone());
        browser.get(routes::SIGN_IN).await;
        let answer = browser.submit(routes::SIGN_IN, &[("login", login), ("password", password), ("code", code)]).await;
        (browser, answer)
    }

    /// Paul, enrolled, with the codes of his sheet.
    async fn paul(&self, helene: &mut Browser) -> (Browser, TotpSecret, Vec<String>) {
        let link = self.invites(helene, "Paul Ferrand", PAUL).await;
        let mut paul = Browser::new(self.router.clone());
        let totp = self.chooses_codes(&mut paul, &link, SECRET).await;
        let code = self.next_code(&totp);
        paul.submit(routes::INVITATION_DEVICE, &[("code", &code)]).await.goes(routes::SHEET);
        let sheet = paul.follow().await;
        sheet.is(StatusCode::OK).is_well_made();
        let codes: Vec<String> = sheet
            .html
            .split("<ol class=\"codes\">")
            .nth(1)
            .unwrap()
            .split("</ol>")
            .next()
            .unwrap()
            .split("<li>")
            .skip(1)
            .map(|item| item.chars().filter(char::is_ascii_digit).take(10).collect())
            .collect();
        assert_eq!(codes.len(), 10);
        assert!(codes.iter().all(|code| code.len() == 10), "{codes:?}");
        paul.get(routes::HOME).await.goes(routes::CHARTER);
        paul.follow().await.is(StatusCode::OK).is_well_made();
        paul.submit(routes::CHARTER, &[]).await.goes(routes::HOME);
        (paul, totp, codes)
    }
}

#[tokio::test]
async fn the_invited_chooses_proves_prints_and_promises_before_the_first_act() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (_, mut helene) = scene.helene_too().await;
        let link = scene.invites(&mut helene, "Paul Ferrand", "Paul.Ferrand@ccas-vaudorme.fr ").await;
        {
            let letters = scene.world.letters.lock().unwrap();
            let letter = letters.last().unwrap();
            assert_eq!(letter.to.as_str(), PAUL);
            assert!(letter.text.reveal().contains("Hélène Vasseur vous invite") && letter.subject.contains("CCAS de Vaudorme"));
        }
        helene.get(routes::TEAM).await.is_well_made().says("Paul Ferrand").says("Lettre envoyée").says("29 novembre 2026");

        let mut paul = Browser::new(scene.router.clone());
        paul.get(&link).await.goes(routes::INVITATION);
        let page = paul.follow().await;
        page.is(StatusCode::OK).is_well_made().says("Hélène Vasseur vous invite à rejoindre l’équipe « CCAS de Vaudorme »").says(PAUL);
        let token = link.rsplit('/').next().unwrap();
        assert!(!page.html.contains(token), "the token is in the cookie and nowhere on the page");
        paul.get(routes::INVITATION_DEVICE).await.goes(routes::INVITATION);
        paul.follow().await;
        paul.submit(routes::INVITATION, &[("name", "Paul"), ("password", "azerty")])
            .await
            .is(StatusCode::UNPROCESSABLE_ENTITY)
            .says("trop facile");
        paul.submit(routes::INVITATION, &[("name", "P"), ("password", SECRET)])
            .await
            .is(StatusCode::UNPROCESSABLE_ENTITY)
            .says("un prénom et un nom");
        let totp = scene.chooses_codes(&mut paul, &link, SECRET).await;
        paul.submit(routes::INVITATION_DEVICE, &[("code", "000000")])
            .await
            .is(StatusCode::UNPROCESSABLE_ENTITY)
            .says("Ce code n’est pas le bon");
        let (_, before) = scene.signs_in(PAUL, SECRET, &scene.next_code(&totp)).await;
        before.is(StatusCode::UNPROCESSABLE_ENTITY);

        let code = scene.next_code(&totp);
        paul.submit(routes::INVITATION_DEVICE, &[("code", &code)]).await.goes(routes::SHEET);
        paul.follow().await.is(StatusCode::OK).is_well_made().says("Paul Ferrand");
        let shown = paul.last().clone();
        assert!(!shown.html.contains(&totp.base32()), "the secret of the authenticator was on one page");
        for path in [routes::HOME, routes::NEW, routes::JOURNAL] {
            paul.get(path).await.goes(routes::CHARTER);
        }
        paul.follow().await.is(StatusCode::OK).is_well_made().says("CCAS de Vaudorme").says("Version de novembre 2026");
        paul.submit(routes::CHARTER, &[]).await.goes(routes::HOME);
        paul.follow().await.is(StatusCode::OK).says("Paul Ferrand");
        paul.get(routes::LOG).await.is(StatusCode::NOT_FOUND);
        paul.get(routes::CHARTER).await.says("Vous avez accepté cette version");

        scene.world.kernel().clock.advance(minutes(16));
        paul.get(routes::SHEET).await.says("Il reste 10 codes");
        assert!(!paul.last().html.contains("class=\"codes\""), "after a quarter of an hour nobody sees the sheet");
        let told = scene.journal().await.join("\n");
        for line in [
            "Hélène Vasseur a invité Paul Ferrand",
            "Paul Ferrand a mis en place l’appareil",
            "Paul Ferrand a imprimé une feuille de codes de secours",
            "Paul Ferrand a accepté la charte",
        ] {
            assert!(told.contains(line), "{}: {line} in {told}", scene.world.engine);
        }
        let mut again = Browser::new(scene.router.clone());
        again.get(&link).await.goes(routes::INVITATION);
        again.follow().await.is(StatusCode::FORBIDDEN).is_well_made().says("Ce lien a déjà servi");
    }
}

#[tokio::test]
async fn a_link_that_serves_no_more_says_why() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (_, mut helene) = scene.helene_too().await;
        let first = scene.invites(&mut helene, "Paul Ferrand", PAUL).await;
        let opens = async |link: &str| {
            let mut browser = Browser::new(scene.router.clone());
            browser.get(link).await.goes(routes::INVITATION);
            browser.follow().await
        };
        opens("/invitation/lien/nimporte").await.is(StatusCode::FORBIDDEN).says("Ce lien ne marche pas");
        opens("/invitation/lien/a%20b").await.is(StatusCode::FORBIDDEN).says("Ce lien ne marche pas");
        opens(&first).await.is(StatusCode::OK);

        let action = helene.get(routes::TEAM).await.attribute("form[action*=lettre]", "action").unwrap();
        let mut twice = helene.clone();
        helene.submit(&action, &[]).await.goes(routes::TEAM);
        let second = scene.world.received_link().await;
        assert_ne!(first, second);
        twice.submit(&action, &[]).await.goes(routes::TEAM);
        let letters = scene.world.journal().await.iter().filter(|record| record.event.as_str() == "aidant.invited").count();
        assert_eq!(letters, 2, "the same form posted again sends no other letter");
        opens(&first).await.is(StatusCode::FORBIDDEN).says("Ouvrez le lien du dernier e‑mail reçu");
        opens(&second).await.is(StatusCode::OK);

        helene.get(routes::TEAM).await;
        helene.submit(&action.replace("lettre", "retrait"), &[]).await.goes(routes::TEAM);
        opens(&second).await.is(StatusCode::FORBIDDEN).says("Cette invitation a été retirée");
        helene.get(routes::TEAM).await.says("Invitation retirée");
        helene.submit(&action, &[]).await.goes(routes::TEAM);
        let third = scene.world.received_link().await;
        opens(&third).await.is(StatusCode::OK);

        scene.world.kernel().clock.advance(days(7));
        opens(&third).await.is(StatusCode::FORBIDDEN).says("Ce lien est trop ancien");
        assert!(scene.world.journal().await.iter().any(|record| record.event.as_str() == "aidant.invitation_withdrawn"));
    }
}

#[tokio::test]
async fn a_suspended_structure_takes_nobody_in() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (_, mut helene) = scene.helene_too().await;
        let link = scene.invites(&mut helene, "Paul Ferrand", PAUL).await;
        structures::suspend(&scene.world.context, "26400012300010").await.unwrap();
        let mut paul = Browser::new(scene.router.clone());
        paul.get(&link).await.goes(routes::INVITATION);
        paul.follow().await.is(StatusCode::FORBIDDEN).says("Cette structure n’est pas ouverte en ce moment");
        helene
            .get(routes::TEAM)
            .await
            .is(StatusCode::FORBIDDEN)
            .is_well_made()
            .says("Votre structure est en pause")
            .says("CCAS de Vaudorme");
        structures::resume(&scene.world.context, "26400012300010").await.unwrap();
        paul.get(&link).await.goes(routes::INVITATION);
        paul.follow().await.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn someone_who_signs_in_already_only_accepts() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (_, mut helene) = scene.helene_too().await;
        let mut hugo = scene.hugo().await;
        let link = scene.invites(&mut helene, "Hugo Petit", "hugo@france-services.fr").await;
        hugo.get(&link).await.goes(routes::INVITATION);
        let page = hugo.follow().await;
        page.is(StatusCode::OK).is_well_made().says("Vous avez déjà un accès");
        assert!(page.attribute("[name=password]", "name").is_none(), "no second password");
        let told = hugo.submit(routes::INVITATION_ACCEPT, &[]).await;
        told.is(StatusCode::OK).is_well_made().says("C’est fait : vous faites partie de l’équipe « CCAS de Vaudorme »");
        hugo.get(routes::HOME).await.is(StatusCode::OK).says("Maison France Services").says("Agir pour une autre structure");
        helene.get(routes::TEAM).await.says("Hugo Petit").says("hugo@france-services.fr");
    }
}

#[tokio::test]
async fn an_invitation_accepted_where_nobody_is_signed_in_is_told_and_a_second_press_says_the_same() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (_, mut helene) = scene.helene_too().await;
        scene.hugo().await;
        let link = scene.invites(&mut helene, "Hugo Petit", "hugo@france-services.fr").await;
        let mut hugo = Browser::new(scene.router.clone());
        hugo.get(&link).await.goes(routes::INVITATION);
        hugo.follow().await.is(StatusCode::OK);
        let told = hugo.submit(routes::INVITATION_ACCEPT, &[]).await;
        told.is(StatusCode::OK).is_well_made().says("C’est fait : vous faites partie de l’équipe « CCAS de Vaudorme »");
        hugo.get(routes::HOME).await.goes(routes::SIGN_IN);
        helene.get(routes::TEAM).await.says("Hugo Petit");
        // A second press says the same; later, the link served.
        let token = Secret::new(link.rsplit('/').next().unwrap().to_owned());
        let again = || joining::accept(&scene.world.context, &token);
        assert!(matches!(again().await.unwrap(), Accept::Done { structure } if structure == "CCAS de Vaudorme"));
        scene.world.kernel().clock.advance(minutes(2));
        assert_eq!(again().await.unwrap(), Accept::Shut);
        hugo.get(&link).await.goes(routes::INVITATION);
        hugo.follow().await.is(StatusCode::FORBIDDEN).says("Ce lien a déjà servi");
    }
}

#[tokio::test]
async fn an_invitation_accepted_on_a_colleagues_browser_is_for_the_invited_and_changes_nothing_for_the_colleague() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (_, mut helene) = scene.helene_too().await;
        let mut hugo = scene.hugo().await;
        let link = scene.invites(&mut helene, "Hugo Petit", "hugo@france-services.fr").await;
        helene.get(routes::TEAM).await.says("Lettre envoyée");
        helene.get(&link).await.goes(routes::INVITATION);
        helene.follow().await.is(StatusCode::OK);
        let told = helene.submit(routes::INVITATION_ACCEPT, &[]).await;
        told.is(StatusCode::OK).is_well_made().says("C’est fait : vous faites partie de l’équipe « CCAS de Vaudorme »");
        helene.get(routes::HOME).await.is(StatusCode::OK).hides("Agir pour une autre structure");
        helene.get(routes::TEAM).await.says("Hugo Petit").hides("Lettre envoyée");
        hugo.get(routes::HOME).await.is(StatusCode::OK).says("Agir pour une autre structure");
    }
}

#[tokio::test]
async fn a_code_of_the_sheet_opens_one_session_says_so_and_confirms_nothing() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (_, mut helene) = scene.helene_too().await;
        let (_, totp, codes) = scene.paul(&mut helene).await;
        let (_, refused) = scene.signs_in(PAUL, "autre mot entier", &codes[0]).await;
        refused.is(StatusCode::UNPROCESSABLE_ENTITY);
        let (mut paul, answer) = scene.signs_in(PAUL, SECRET, &codes[0]).await;
        answer.goes(routes::SHEET);
        paul.follow().await.is_well_made().says("Il reste 9 codes").says("Si vous venez d’entrer avec un code de secours, rayez-le");
        let (_, twice) = scene.signs_in(PAUL, SECRET, &codes[0]).await;
        twice.is(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(scene.journal().await.join("\n").contains("Paul Ferrand a ouvert une session, avec un code de secours"));

        paul.submit(routes::SHEET, &[("code", &codes[1])]).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("Ce code n’est pas le bon");
        paul.get(routes::SHEET).await.says("Il reste 9 codes");
        let code = scene.next_code(&totp);
        paul.submit(routes::SHEET, &[("code", &code)]).await.goes(routes::SHEET);
        let new = paul.follow().await;
        assert!(new.html.contains("class=\"codes\""));
        let (_, old) = scene.signs_in(PAUL, SECRET, &codes[2]).await;
        old.is(StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn codes_that_were_reset_are_set_up_again_by_letter_and_by_nothing_else() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (_, mut helene) = scene.helene_too().await;
        let (mut paul, old, codes) = scene.paul(&mut helene).await;
        let context = &scene.world.context;
        assert_eq!(invitations::reset(context, "nobody@exemple.fr").await.unwrap(), Reset::Unknown);
        assert_eq!(invitations::reset(context, PAUL).await.unwrap(), Reset::Sent);
        paul.get(routes::HOME).await.signs_out(routes::SIGN_IN);
        for code in [scene.next_code(&old), codes[3].clone()] {
            let (_, closed) = scene.signs_in(PAUL, SECRET, &code).await;
            closed.is(StatusCode::UNPROCESSABLE_ENTITY);
        }
        helene.get(routes::TEAM).await.says("Codes remis à zéro");
        let link = scene.world.received_link().await;
        let mut paul = Browser::new(scene.router.clone());
        let totp = scene.chooses_codes(&mut paul, &link, "cerise moulin orage").await;
        let code = scene.next_code(&totp);
        paul.submit(routes::INVITATION_DEVICE, &[("code", &code)]).await.goes(routes::SHEET);
        paul.follow().await;
        paul.get(routes::HOME).await.is(StatusCode::OK);
        let (_, again) = scene.signs_in(PAUL, "cerise moulin orage", &scene.next_code(&totp)).await;
        again.goes(routes::HOME);
        let (_, never) = scene.signs_in(PAUL, SECRET, &scene.next_code(&totp)).await;
        never.is(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(scene.journal().await.join("\n").contains("remis à zéro les codes de confirmation pour Paul Ferrand"));
    }
}
