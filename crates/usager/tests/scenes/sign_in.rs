//! Josette signs in and out; a stranger does not.

use axum::http::StatusCode;
use maincourante_identity::testing::PASSWORD;
use maincourante_kernel::clock::minutes;

use crate::world::{JOSETTE, PHONE, World};

#[tokio::test]
async fn a_person_signs_in_by_address_or_by_phone_and_the_computer_is_shared_unless_said() {
    let world = World::with_josette().await;
    for (login, own) in [(JOSETTE, false), (PHONE, false), (JOSETTE, true)] {
        let mut browser = world.browser();
        browser.get("/connexion").await.ok().says("Se connecter");
        let mut fields = vec![("login", login), ("password", PASSWORD)];
        fields.extend(own.then_some(("computer", "own")));
        let answer = browser.submit("/connexion", &fields).await;
        answer.goes("/messages");
        let cookie =
            answer.headers.get_all("set-cookie").iter().find_map(|line| line.to_str().ok().filter(|line| line.starts_with("session=")));
        let cookie = cookie.expect("a session");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        assert_eq!(cookie.contains("Max-Age"), own, "on a shared computer the cookie goes with the browser");
        let page = browser.get("/compte").await;
        page.ok().says("Josette Lambert").says(JOSETTE).says("numéro qui finit par 34");
        assert_eq!(page.html().contains("Ordinateur partagé"), !own);
    }
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_are_told_the_same() {
    let world = World::with_josette().await;
    let mut pages = Vec::new();
    for login in [JOSETTE, "josette.lamberd@exemple-mail.fr"] {
        let mut browser = world.browser();
        browser.get("/connexion").await;
        let page = browser.submit("/connexion", &[("login", login), ("password", "pas le bon mot"), ("computer", "own")]).await;
        page.refused().says("L’adresse ou le mot de passe n’est pas le bon.");
        assert_eq!(page.value("login").as_deref(), Some(login), "what was typed is kept");
        assert!(!page.html().contains("pas le bon mot\""), "but for the password");
        assert!(page.html().contains("value=\"own\" checked"), "the box stays ticked");
        assert!(!browser.cookies.contains_key("session"));
        pages.push(page.text());
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn bad_fields_come_back_with_a_sentence_beside_them_and_what_was_typed() {
    let world = World::with_josette().await;
    let long = "a".repeat(100_000);
    let hostile = "\"><script>alert(1)</script>\u{202e}";
    for (login, password, sentence) in [
        ("", "x", "Écrivez votre adresse e‑mail, ou votre numéro de téléphone."),
        ("josette.lambert@", "x", "Il manque la fin de l’adresse, après le signe @."),
        (JOSETTE, "", "Écrivez votre mot de passe."),
        (hostile, "x", "n’est pas le bon"),
        (long.as_str(), "x", "n’est pas le bon"),
    ] {
        let mut browser = world.browser();
        browser.get("/connexion").await;
        let page = browser.submit("/connexion", &[("login", login), ("password", password)]).await;
        page.refused().says(sentence).says("Il y a 1 chose à corriger.");
        assert_eq!(page.value("login").as_deref(), Some(login));
        assert!(!page.html().contains("<script>"), "escaped");
    }
}

#[tokio::test]
async fn too_many_tries_wait_and_whom_to_call_is_said() {
    let world = World::with_josette().await;
    let mut browser = world.browser();
    browser.get("/connexion").await;
    for _ in 0..10 {
        browser.submit("/connexion", &[("login", JOSETTE), ("password", "pas le bon mot")]).await.refused();
    }
    let page = browser.submit("/connexion", &[("login", JOSETTE), ("password", PASSWORD)]).await;
    page.is(StatusCode::TOO_MANY_REQUESTS).says("Trop d’essais").says("Attendez 10 minutes. Vous pourrez réessayer à partir de");
    page.says("Appelez le 01 99 00 12 34 (le CCAS de Vaudorme).").says("donnez cette référence : MC-");
    world.ccas.kernel().clock.advance(minutes(10));
    browser.get(&page.links("/connexion")[0]).await.ok();
    browser.submit("/connexion", &[("login", JOSETTE), ("password", PASSWORD)]).await.goes("/messages");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_the_browser_forgets() {
    let world = World::with_josette().await;
    let mut browser = world.josette().await;
    browser.get("/compte").await.ok();
    let before = browser.clone();
    let answer = browser.submit("/deconnexion", &[]).await;
    answer.goes("/deconnexion");
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"cookies\", \"storage\"");
    assert!(!browser.cookies.contains_key("session"));
    browser.get("/deconnexion").await.ok().says("Vous êtes déconnecté").says("Vos messages ne sont plus sur cet ordinateur.");
    let mut here = before.clone();
    here.get("/deconnexion").await.goes("/");

    // The old cookie, kept by someone, opens nothing.
    let mut thief = before.clone();
    thief.get("/compte").await.signs_out(false);
    // Pressing the button of an old page is being signed out too, not an error.
    let mut late = before;
    late.submit("/deconnexion", &[]).await.goes("/deconnexion");
}

#[tokio::test]
async fn at_a_desk_the_computer_is_nobodys() {
    let world = World::with_josette().await;
    let own = [("login", JOSETTE), ("password", PASSWORD), ("computer", "own")];
    let kept = |answer: &crate::browser::Seen| {
        let lines: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
        lines.iter().find(|line| line.starts_with("session=")).expect("a session").contains("Max-Age")
    };
    let mut home = world.browser();
    home.get("/connexion").await.ok().says("Cet ordinateur est à moi");
    assert!(kept(&home.submit("/connexion", &own).await));
    for cookie in ["staff", "lent"] {
        let mut desk = world.browser();
        desk.cookies.insert(cookie.into(), "anything".into());
        desk.get("/connexion").await.ok().says_not("Cet ordinateur est à moi");
        assert!(!kept(&desk.submit("/connexion", &own).await), "what it would send is not heard");
        desk.get("/messages").await.ok();
    }
}

#[tokio::test]
async fn signing_in_over_someone_ends_their_session() {
    let world = World::with_josette().await;
    let mut browser = world.josette().await;
    let mut copied = browser.clone();
    browser.get("/connexion").await;
    browser.submit("/connexion", &[("login", JOSETTE), ("password", PASSWORD)]).await.goes("/messages");
    copied.get("/compte").await.signs_out(false);
    browser.get("/compte").await.ok();
}

#[tokio::test]
async fn a_session_left_alone_on_a_shared_computer_is_over() {
    let world = World::with_josette().await;
    let mut browser = world.josette().await;
    world.ccas.kernel().clock.advance(minutes(15));
    let answer = browser.get("/compte").await;
    answer.signs_out(false);
    assert!(!browser.cookies.contains_key("session"), "a cookie that opens nothing is forgotten");
}

#[tokio::test]
async fn a_form_that_is_not_ours_does_nothing() {
    let world = World::with_josette().await;
    let mut browser = world.browser();
    browser.post("/connexion", &[("login", JOSETTE), ("password", PASSWORD)]).await.is(StatusCode::FORBIDDEN);
    let mut josette = world.josette().await;
    josette.post("/deconnexion", &[]).await.is(StatusCode::FORBIDDEN);
    josette.get("/compte").await.ok();
}
