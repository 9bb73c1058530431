//! A structure, or the access of an aidant, is suspended: refused at the next request, everywhere, on lent screens too; resumed, it goes on.

use axum::http::StatusCode;
use maincourante_mandates::aidants;
use maincourante_mandates::structures::Change;
use maincourante_shell::Audience;

use super::*;

const CCAS: &str = "26400012300010";
const LOGIN: &str = "nadia@ccas-vaudorme.fr";

impl Scene {
    /// Nothing that a lent screen can do is done; what it shows is that it is closed.
    async fn lent_screen_does_nothing(&mut self) {
        let lines = self.world.journal().await.len();
        let (_, table) = doors();
        for door in table.into_iter().filter(|door| door.audience == Audience::Lent) {
            let mut tab = self.browser.clone();
            let token = tab.last().attribute("[name=form_token]", "value").unwrap_or_default();
            let answer = match door.verb {
                Verb::Get => tab.get(door.path).await,
                Verb::Post => {
                    let fields = [
                        ("form_token", token.as_str()),
                        ("login", ADDRESS),
                        ("code", "123456"),
                        ("strokes", DRAWING),
                        ("password", NEW_SECRET),
                    ];
                    tab.post(door.path, &fields.map(|(name, value)| (name.to_owned(), value.to_owned()))).await
                }
            };
            if answer.status == StatusCode::OK {
                answer.says("Cette page est fermée").hides("Josette Lambert. Voulez");
            } else {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", door.path);
            }
        }
        assert_eq!(self.world.journal().await.len(), lines, "nothing was done");
    }
}

#[tokio::test]
async fn a_suspended_structure_does_nothing_from_the_next_request_on_not_even_on_a_lent_screen() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        let desk = scene.browser.clone();
        let mandate = scene.prepares(&[("given_names", "René"), ("phone", "06 39 98 00 11")]).await;
        structures::suspend(&scene.world.context, CCAS).await.unwrap();
        let (_, table) = doors();
        let own = [routes::PLACES, routes::CHARTER, routes::SHEET, routes::SIGN_OUT];
        for door in table.into_iter().filter(|door| matches!(door.audience, Audience::Aidant | Audience::Structure)) {
            // What is theirs whatever the structure.
            if own.contains(&door.path) || matches!(door.path, routes::SIGN_IN | routes::LOCK) || door.path.starts_with("/invitation") {
                continue;
            }
            let answer = knocks(&mut desk.clone(), door, id(&record)).await;
            assert!(answer.status == StatusCode::FORBIDDEN, "{} {:?}: {}", door.path, door.verb, answer.status);
            answer.hides("Josette");
        }
        structures::resume(&scene.world.context, CCAS).await.unwrap();
        scene.browser.get(&record).await.is(StatusCode::OK).says("Mandat valable");

        // Lent to sign, then to choose a secret, then to say which account is theirs.
        for errand in ["sign", "secret", "which"] {
            let (page, act) = match errand {
                "sign" => (format!("{mandate}/lecture"), format!("{mandate}/lecture")),
                "secret" => (record.clone(), format!("{record}/mot-de-passe")),
                _ => (routes::FIND.to_owned(), routes::FIND.to_owned()),
            };
            scene.browser.get(&page).await.is(StatusCode::OK);
            scene.browser.submit(&act, &[]).await.goes("/signer");
            let next = scene.browser.follow().await.location().unwrap().to_owned();
            scene.browser.get(&next).await.is(StatusCode::OK);
            structures::suspend(&scene.world.context, CCAS).await.unwrap();
            scene.lent_screen_does_nothing().await;
            scene.browser.get("/signer").await.goes("/signer/termine");
            structures::resume(&scene.world.context, CCAS).await.unwrap();
            scene.browser.get("/signer").await.goes(&next);
            scene.takes_back().await;
        }
    }
}

#[tokio::test]
async fn an_aidant_whose_access_is_closed_is_nowhere_from_the_next_request_on() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        let desk = scene.browser.clone();
        scene.browser.get(&record).await;
        scene.browser.submit(&format!("{record}/mot-de-passe"), &[]).await.goes("/signer");
        scene.browser.get("/signer/bonjour").await.is(StatusCode::OK);
        assert_eq!(aidants::close_access(&scene.world.context, LOGIN).await.unwrap(), Change::Done);
        let (_, table) = doors();
        for door in table.into_iter().filter(|door| matches!(door.audience, Audience::Aidant | Audience::Structure)) {
            if matches!(door.path, routes::SIGN_IN | routes::LOCK) || door.path.starts_with("/invitation") {
                continue;
            }
            knocks(&mut desk.clone(), door, id(&record)).await.signs_out(routes::SIGN_IN);
        }
        scene.browser.get("/signer/bonjour").await.goes(routes::LENT_OVER);
        assert_eq!(aidants::reopen_access(&scene.world.context, LOGIN).await.unwrap(), Change::Done);
        // Their sessions are over: they sign in anew, and go on.
        desk.clone().get(&record).await.signs_out(routes::SIGN_IN);
        let code = scene.code();
        let mut browser = Browser::new(scene.router.clone());
        browser.get(routes::SIGN_IN).await;
        let typed = [("login", LOGIN), ("password", maincourante_identity::testing::PASSWORD), ("code", code.as_str())];
        browser.submit(routes::SIGN_IN, &typed).await.goes(routes::HOME);
        browser.get(&record).await.is(StatusCode::OK).says("Mandat valable");
    }
}
