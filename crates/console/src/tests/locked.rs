//! While the screen is lent, the aidant reaches one page.

use axum::http::StatusCode;
use maincourante_kernel::clock::minutes;
use maincourante_shell::Audience;

use super::*;

#[tokio::test]
async fn every_address_of_the_console_leads_to_the_lock_while_the_screen_is_lent() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    let other = scene.prepares(&[("given_names", "René"), ("phone", "06 39 98 00 11")]).await;
    let before = scene.browser.other_tab();
    scene.browser.get(&record).await;
    scene.browser.submit(&format!("{record}/mot-de-passe"), &[]).await.goes("/signer");

    let (_, table) = doors();
    let ours: Vec<Door> = table.into_iter().filter(|door| matches!(door.audience, Audience::Aidant | Audience::Structure)).collect();
    assert!(ours.len() > 25, "the table is the one of the router");
    let mut tab = scene.browser.other_tab();
    for door in ours {
        for identity in [id(&record), id(&other)] {
            let answer = knocks(&mut tab, door, identity).await;
            match (door.path, door.verb) {
                (routes::LOCK, Verb::Get) => answer
                    .is(StatusCode::OK)
                    .says("L’écran est prêté à Josette Lambert")
                    .says("Espace aidant, CCAS de Vaudorme")
                    .hides("Mon journal"),
                // The lock itself refuses a form that is not its own.
                (routes::LOCK, Verb::Post) => answer.is(StatusCode::FORBIDDEN),
                _ => answer.goes(routes::LOCK),
            };
        }
    }

    // The tab opened before, with the pages and the form tokens it had.
    let mut back = before;
    for path in [routes::HOME, record.as_str(), other.as_str(), routes::JOURNAL] {
        back.get(path).await.goes(routes::LOCK);
    }
}

#[tokio::test]
async fn the_back_button_and_a_replayed_request_do_nothing() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    let reading = scene.browser.clone();
    scene.browser.get(&format!("{mandate}/abandonner")).await;
    let abandon = scene.browser.clone();
    scene.lends(&mandate).await;
    for (mut tab, act) in [(reading, "lecture"), (abandon, "abandonner")] {
        tab.submit(&format!("{mandate}/{act}"), &[]).await.goes(routes::LOCK);
    }
    scene.signs("drawn").await;
    assert_eq!(scene.takes_back().await, mandate, "nothing was abandoned meanwhile");
    scene.browser.follow().await.goes(&format!("{mandate}/signature"));
}

#[tokio::test]
async fn the_lent_screen_gives_nothing_of_the_aidant_nor_of_a_mailbox() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    scene.browser.get(&record).await;
    scene.browser.submit(&format!("{record}/mot-de-passe"), &[]).await.goes("/signer");
    let token = scene.browser.cookie("lent").unwrap().to_owned();

    let mut thief = Browser::new(scene.router.clone());
    for name in ["lent", "staff", "session"] {
        thief.set_cookie(name, &token);
    }
    thief.get(routes::HOME).await.signs_out(routes::SIGN_IN);
    let kernel = scene.world.kernel();
    let secret = Secret::new(token.clone());
    assert!(maincourante_identity::sessions::own(kernel, &secret).await.unwrap().is_none(), "it opens no mailbox");

    // A form drawn for the aidant's session is not one of the person's.
    scene.chooses(NEW_SECRET).await;
    assert!(scene.browser.last().html.contains("class=\"lock\""), "the strip is there to the end");
    scene.takes_back().await;
    assert!(scene.browser.cookie("lent").is_none(), "the browser forgets it");
    let mut thief = Browser::new(scene.router.clone());
    thief.set_cookie("lent", &token);
    thief.get("/signer").await.goes("/signer/plus-prete");
    thief.follow().await.is(StatusCode::OK).is_well_made().says("Cet écran n’est plus prêté");
    assert!(thief.cookie("lent").is_none());
}

#[tokio::test]
async fn half_an_hour_ends_the_persons_side_and_the_aidant_still_needs_a_code() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    scene.world.kernel().clock.advance(minutes(31));
    let code = scene.sms().await;
    scene.browser.submit("/signer/signature", &[("code", &code), ("strokes", DRAWING)]).await.goes("/signer");
    scene.browser.follow().await.goes("/signer/plus-prete");
    scene.browser.follow().await.is_well_made().says("plus de 30 minutes");
    scene.browser.get(routes::HOME).await.goes(routes::LOCK);
    assert_eq!(scene.takes_back().await, mandate);
    scene.browser.follow().await.goes(&format!("{mandate}/lecture"));
}

#[tokio::test]
async fn taking_back_needs_a_code_of_now_and_a_few_tries_at_most() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    let lock = scene.browser.get(routes::LOCK).await;
    lock.says("Nadia Roussel, reprenez l’écran").says("Revenir à la page de la personne");
    let used = scene.code();
    let mut tab = scene.browser.clone();
    scene.browser.submit(routes::LOCK, &[("code", &used)]).await.goes(&mandate);
    tab.submit(routes::LOCK, &[("code", &used)]).await.goes(routes::HOME);

    scene.lends(&mandate).await;
    scene.browser.get(routes::LOCK).await;
    // The one that served is no guess: five tries are left after it.
    for code in [used.as_str(), "000000", "", "x", "999999", "123"] {
        let page = scene.browser.submit(routes::LOCK, &[("code", code)]).await;
        let said = if code.is_empty() { "Écrivez votre code à 6 chiffres." } else { "Ce code n’est pas le bon, ou il a déjà servi" };
        page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says(said);
    }
    let right = scene.code();
    scene.browser.submit(routes::LOCK, &[("code", &right)]).await.is(StatusCode::TOO_MANY_REQUESTS).says("Trop d’essais Attendez");
    scene.browser.get(routes::HOME).await.goes(routes::LOCK);
    // The person goes on meanwhile.
    scene.browser.get("/signer/mandat").await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_mailbox_opened_on_this_browser_meanwhile_is_not_left_to_the_aidant() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    scene.browser.set_cookie("session", "whatever the person signed in with");
    scene.takes_back().await;
    assert!(scene.browser.cookie("session").is_none());

    let mut browser = Browser::new(scene.router.clone());
    browser.set_cookie("session", "the same, before the aidant signs in");
    browser.get(routes::SIGN_IN).await;
    let code = scene.code();
    let typed = [("login", "nadia@ccas-vaudorme.fr"), ("password", maincourante_identity::testing::PASSWORD), ("code", code.as_str())];
    browser.submit(routes::SIGN_IN, &typed).await.goes(routes::HOME);
    assert!(browser.cookie("session").is_none());
}

#[tokio::test]
async fn who_is_not_locked_has_no_lock_and_who_is_signed_in_no_entrance() {
    let mut scene = Scene::new().await;
    scene.browser.get(routes::LOCK).await.goes(routes::HOME);
    scene.browser.get(routes::SIGN_IN).await.goes(routes::HOME);
    scene.browser.get(routes::HOME).await.is(StatusCode::OK);
    let mut tab = scene.browser.clone();
    scene.browser.submit(routes::SIGN_OUT, &[]).await.goes(routes::SIGN_IN);
    scene.browser.get(routes::HOME).await.goes(routes::SIGN_IN);
    tab.get(routes::JOURNAL).await.signs_out(routes::SIGN_IN);
    assert!(scene.journal().await[0].contains("a fermé la session"));
}
