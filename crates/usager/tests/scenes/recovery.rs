//! Josette lost her password and comes back alone; a stranger learns nothing.

use axum::http::StatusCode;
use maincourante_identity::testing::PASSWORD;
use maincourante_kernel::clock::{minutes, seconds};
use maincourante_mandates::testing::World as Ccas;

use crate::browser::Browser;
use crate::world::{JOSETTE, PHONE, World};

const NEW: &str = "nuage marin doré";

async fn asks(world: &World, login: &str) -> Browser {
    let mut browser = world.browser();
    browser.get("/mot-de-passe-oublie").await.ok().says("Étape 1 sur 3");
    browser.submit("/mot-de-passe-oublie", &[("login", login)]).await.goes("/mot-de-passe-oublie/code");
    browser
}

#[tokio::test]
async fn a_person_comes_back_alone_and_finds_their_address_at_sign_in() {
    let world = World::with_josette().await;
    let mut elsewhere = world.josette().await;
    let mut browser = asks(&world, PHONE).await;
    browser.get("/mot-de-passe-oublie/nouveau").await.goes("/mot-de-passe-oublie/code");
    browser.get("/mot-de-passe-oublie/code").await.ok().says("Étape 2 sur 3").says("Ce code est à vous seulement");
    let code = world.ccas.received_code().await;
    let spaced = format!(" {} {} ", &code.reveal()[..3], &code.reveal()[3..]);
    browser.submit("/mot-de-passe-oublie/code", &[("code", &spaced)]).await.goes("/mot-de-passe-oublie/nouveau");
    browser.get("/mot-de-passe-oublie/code").await.goes("/mot-de-passe-oublie/nouveau");
    browser.get("/mot-de-passe-oublie/nouveau").await.ok().says("Étape 3 sur 3");
    for (weak, sentence) in [
        ("", "Écrivez un mot de passe."),
        ("court", "Mettez 3 mots que vous aimez, à la suite."),
        ("JosetteLambert1942", "Ce mot de passe contient surtout votre nom."),
        (&"jardin vélo ".repeat(2000), "Ce mot de passe est trop long."),
    ] {
        let page = browser.submit("/mot-de-passe-oublie/nouveau", &[("password", weak)]).await;
        page.refused().says(sentence);
        assert!(weak.is_empty() || !page.html().contains(weak), "a password is never shown again");
    }
    browser.get("/mot-de-passe-oublie/nouveau").await;
    let mut twice = browser.clone();
    let answer = browser.submit("/mot-de-passe-oublie/nouveau", &[("password", NEW)]).await;
    answer.goes("/connexion");
    assert!(!answer.headers.get_all("set-cookie").iter().any(|line| line.to_str().is_ok_and(|line| line.contains("josette"))));
    // The same form posted again by this browser finds it done; by a copy of it made before, nothing.
    browser.get("/mot-de-passe-oublie/nouveau").await.goes("/connexion");
    twice.submit("/mot-de-passe-oublie/nouveau", &[("password", "autre chose encore")]).await.goes("/mot-de-passe-oublie/nouveau");
    twice.get("/mot-de-passe-oublie/nouveau").await.ok().says("Ce code ne marche plus");

    let page = browser.get("/connexion").await;
    page.ok().says("Votre nouveau mot de passe est enregistré.");
    assert_eq!(page.value("login").as_deref(), Some(JOSETTE));
    browser.submit("/connexion", &[("login", JOSETTE), ("password", PASSWORD)]).await.refused();
    browser.submit("/connexion", &[("login", JOSETTE), ("password", NEW)]).await.goes("/messages");
    assert!(!browser.cookies.contains_key("reset"), "the next person at this computer does not see her address");

    elsewhere.get("/compte").await.signs_out(false);
    world.ccas.jobs_run().await;
    let received = world.ccas.phone.lock().unwrap().last().unwrap().1.clone();
    assert!(received.contains("votre mot de passe a changé"), "{received}");
}

#[tokio::test]
async fn an_unknown_account_is_told_the_same_at_each_step() {
    let world = World::with_josette().await;
    let mut told = Vec::new();
    for login in [JOSETTE, "personne@exemple-mail.fr", "06 39 98 00 00", "n’importe quoi \"><b>"] {
        let mut browser = asks(&world, login).await;
        world.ccas.jobs_run().await;
        let mut pages = vec![browser.get("/mot-de-passe-oublie/code").await.text()];
        let wrong = if world.ccas.phone.lock().unwrap().iter().any(|(_, text)| text.contains("000000")) { "111111" } else { "000000" };
        for _ in 0..5 {
            pages.push(browser.submit("/mot-de-passe-oublie/code", &[("code", wrong)]).await.refused().text());
        }
        assert!(pages[1].contains("Il vous reste 4 essais."), "{}", pages[1]);
        assert!(pages[4].contains("Il vous reste 1 essai."), "{}", pages[4]);
        assert!(pages[5].contains("Ce code ne marche plus"), "{}", pages[5]);
        told.push(pages);
    }
    assert!(told.windows(2).all(|two| two[0] == two[1]), "{told:#?}");
}

#[tokio::test]
async fn the_code_is_sent_again_but_not_for_ever() {
    let world = World::with_josette().await;
    let mut browser = asks(&world, JOSETTE).await;
    browser.get("/mot-de-passe-oublie/code").await.ok();
    let first = world.ccas.received_code().await;
    for _ in 0..3 {
        // Pressed again sooner, it is on its way.
        world.ccas.kernel().clock.advance(seconds(11));
        browser.submit("/mot-de-passe-oublie/code/renvoyer", &[]).await.goes("/mot-de-passe-oublie/code?renvoye=oui");
        browser.get("/mot-de-passe-oublie/code?renvoye=oui").await.ok().says("le SMS est en route");
    }
    assert_eq!(world.ccas.received_code().await.reveal(), first.reveal(), "two codes on one phone confuse");
    world.ccas.kernel().clock.advance(seconds(11));
    browser
        .submit("/mot-de-passe-oublie/code/renvoyer", &[])
        .await
        .refused()
        .says("Nous avons déjà envoyé plusieurs SMS")
        .says("30 minutes");
    world.ccas.kernel().clock.advance(minutes(30));
    browser.submit("/mot-de-passe-oublie/code/renvoyer", &[]).await.goes("/mot-de-passe-oublie/code");
    browser.get("/mot-de-passe-oublie/code").await.ok().says("Ce code ne marche plus");
    browser.get("/mot-de-passe-oublie/code").await.goes("/mot-de-passe-oublie");
}

#[tokio::test]
async fn empty_and_hostile_fields_are_no_try_and_no_step_is_skipped() {
    let world = World::with_josette().await;
    let mut browser = world.browser();
    browser.get("/mot-de-passe-oublie").await;
    browser.submit("/mot-de-passe-oublie", &[("login", "   ")]).await.refused().says("Écrivez votre adresse");
    browser.get("/mot-de-passe-oublie/code").await.goes("/mot-de-passe-oublie");
    browser.get("/mot-de-passe-oublie/nouveau").await.goes("/mot-de-passe-oublie");

    let mut browser = asks(&world, JOSETTE).await;
    browser.get("/mot-de-passe-oublie/code").await;
    browser.submit("/mot-de-passe-oublie/code", &[("code", " ")]).await.refused().says("Écrivez les 6 chiffres reçus par SMS.");
    let hostile = format!("\"><script>{}", "9".repeat(50_000));
    let page = browser.submit("/mot-de-passe-oublie/code", &[("code", &hostile)]).await;
    page.refused().says("Il vous reste 4 essais.");
    assert_eq!(page.value("code"), Some(hostile));
    // Step 3 posted before step 2: the token proves nothing yet.
    let token = browser.get("/mot-de-passe-oublie/code").await.value("form_token").unwrap();
    browser.post("/mot-de-passe-oublie/nouveau", &[("form_token", &token), ("password", NEW)]).await.goes("/mot-de-passe-oublie/nouveau");
    browser.get("/mot-de-passe-oublie/nouveau").await.goes("/mot-de-passe-oublie/code");
}

#[tokio::test]
async fn too_many_requests_wait() {
    let world = World::with_josette().await;
    for _ in 0..5 {
        asks(&world, JOSETTE).await;
    }
    let mut browser = world.browser();
    browser.get("/mot-de-passe-oublie").await;
    let page = browser.submit("/mot-de-passe-oublie", &[("login", JOSETTE)]).await;
    page.is(StatusCode::TOO_MANY_REQUESTS).says("Trop d’essais").says("Attendez 30 minutes").says_not(JOSETTE);
}

#[tokio::test]
async fn a_person_comes_back_alone_with_their_recovery_sheet_and_a_stranger_learns_nothing() {
    let world = World::new().await;
    let josette = world.opens(&Ccas::josette()).await;
    let codes = world.ccas.makes_sheet(&world.nadia, josette, PASSWORD).await;
    let mut browser = world.browser();
    browser.get("/mot-de-passe-oublie").await.ok().says("Utiliser ma feuille de secours");
    let act = "/mot-de-passe-oublie/feuille";
    let page = browser.get(act).await;
    page.ok().says("un que vous n’avez pas encore utilisé");
    let mut said = Vec::new();
    for login in [JOSETTE, "personne@exemple-mail.fr"] {
        browser.get(act).await;
        let page = browser.submit(act, &[("login", login), ("code", "AAAAA AAAAA")]).await;
        page.refused().says("L’adresse ou le code n’est pas le bon, ou le code a déjà servi.");
        assert!(!page.html().contains("AAAAA"), "a code is typed anew");
        said.push(page.text().replace(login, ""));
    }
    assert_eq!(said[0], said[1], "the same words");
    browser.get(act).await;
    browser.submit(act, &[("login", JOSETTE), ("code", "")]).await.refused().says("Écrivez un code de votre feuille.");
    browser.submit(act, &[("login", JOSETTE), ("code", &codes[4])]).await.goes("/mot-de-passe-oublie/nouveau");
    browser.get("/mot-de-passe-oublie/nouveau").await.ok();
    browser.submit("/mot-de-passe-oublie/nouveau", &[("password", NEW)]).await.goes("/connexion");
    browser.get("/connexion").await.ok();
    browser.submit("/connexion", &[("login", JOSETTE), ("password", NEW)]).await.goes("/messages");
    browser.get("/aide/qui-m-a-aide").await.ok().says("avec la feuille de secours").says("imprimé une feuille de codes de secours");
    world.ccas.jobs_run().await;
    let texts = world.ccas.phone.lock().unwrap().iter().map(|(_, body)| body.clone()).collect::<Vec<_>>();
    assert!(texts.iter().any(|text| text.contains("un code de votre feuille de secours a servi")), "{texts:?}");
    let mut again = world.browser();
    again.get(act).await;
    again.submit(act, &[("login", JOSETTE), ("code", &codes[4])]).await.refused();
}
