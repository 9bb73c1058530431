//! On the lent screen: codes that are wrong, old or too many; drawings that are none; secrets that are weak.

use axum::http::StatusCode;
use maincourante_kernel::clock::{minutes, seconds};

use super::*;

#[tokio::test]
async fn the_person_reads_what_they_grant_what_they_refuse_and_what_nobody_may_do() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.browser.get(&format!("{mandate}/mandat")).await;
    scene.browser.submit(&format!("{mandate}/mandat"), &[("powers", "create_account"), ("duration", "day")]).await;
    scene.browser.follow().await;
    scene.browser.submit(&format!("{mandate}/lecture"), &[]).await;
    let page = scene.browser.get("/signer/mandat").await;
    page.says("Cet écran est pour Josette Lambert. L’aidant ne peut plus rien faire ici.")
        .says("Bonjour Josette Lambert. Voulez‑vous signer ?");
    page.says("Je dis oui. La structure peut : Créer mon compte")
        .says("Je dis non. La structure ne peut pas : M’aider à changer mon mot de passe");
    page.says("personne ne peut jamais : Connaître mon mot de passe").says("jusqu’au dimanche 22 novembre 2026").says("qui finit par 34");
    assert_eq!(page.part("nav"), None, "no menu");
    assert_eq!(page.part("[href^='/aidant']"), None, "no way back");
}

#[tokio::test]
async fn a_wrong_code_counts_and_an_old_one_is_sent_anew() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    let code = scene.sms().await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let act = "/signer/signature";
    let page = scene.browser.submit(act, &[("code", wrong), ("strokes", DRAWING)]).await;
    page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Il vous reste 4 essais");
    assert_eq!(page.attribute("#strokes", "value").as_deref(), Some(DRAWING), "nobody draws twice");
    assert_eq!(page.attribute("#code", "value").as_deref(), Some(""), "a code is typed anew");

    for strokes in ["", "{}", "[]", "{\"h\":300,\"s\":[[1,1]]}", "<script>alert(1)</script>", &"9".repeat(200_000)] {
        let page = scene.browser.submit(act, &[("code", code.as_str()), ("strokes", strokes)]).await;
        page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Votre signature est vide ou trop petite").hides("<script>alert");
        assert_eq!(page.attribute("#strokes", "value").as_deref(), Some(""));
        assert_eq!(page.attribute("#code", "value").as_deref(), Some(code.as_str()));
    }
    for left in ["3 essais", "2 essais", "1 essai."] {
        scene.browser.submit(act, &[("code", wrong), ("strokes", DRAWING)]).await.says(left);
    }
    scene
        .browser
        .submit(act, &[("code", wrong), ("strokes", DRAWING)])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("Ce code ne marche plus");
    scene
        .browser
        .submit(act, &[("code", &code), ("strokes", DRAWING)])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("Ce code ne marche plus");

    scene.browser.submit("/signer/code", &[]).await.goes("/signer/signature?renvoye=oui");
    scene.browser.follow().await.is_well_made().says("Le SMS est en route");
    let _ = scene.sms().await;
    scene.world.kernel().clock.advance(minutes(11));
    let old = scene.sms().await;
    scene.browser.submit(act, &[("code", &old), ("strokes", DRAWING)]).await.says("Ce code ne marche plus");
    scene.browser.submit("/signer/code", &[]).await.goes("/signer/signature?renvoye=oui");
    scene.browser.follow().await.is_well_made().says("Le SMS est en route");
    scene.signs("code").await;
}

#[tokio::test]
async fn codes_are_not_sent_for_ever() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    scene.browser.last().hides("Le SMS est en route");
    // Who says yes aloud comes back to their page, and not to the one where one draws.
    for page in ["/signer/signature", "/signer/signature", "/signer/oui"] {
        // Pressed again sooner, it is on its way.
        scene.world.kernel().clock.advance(seconds(11));
        scene.browser.get(page).await.is(StatusCode::OK).hides("Le SMS est en route");
        scene.browser.submit("/signer/code", &[]).await.goes(&format!("{page}?renvoye=oui"));
        scene.browser.follow().await.is(StatusCode::OK).is_well_made().says("Le SMS est en route");
    }
    scene.world.kernel().clock.advance(seconds(11));
    let page = scene.browser.submit("/signer/code", &[]).await;
    page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Nous avons déjà envoyé plusieurs SMS").says("minutes");
    page.says("J’ai dit oui").hides("Le SMS est en route");
    scene.browser.get("/signer/signature").await.is(StatusCode::OK);
    scene.signs("drawn").await;
}

#[tokio::test]
async fn a_weak_secret_is_explained_and_shown_to_nobody() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    scene.browser.get(&record).await;
    scene.browser.submit(&format!("{record}/mot-de-passe"), &[]).await;
    scene.browser.get("/signer/bonjour").await.says("Bonjour Josette Lambert. Choisissez votre mot de passe");
    scene.browser.submit("/signer/code", &[]).await;
    scene.browser.follow().await;
    let code = scene.sms().await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let page = scene.browser.submit("/signer/telephone", &[("code", wrong)]).await;
    page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Il vous reste 4 essais");
    assert_eq!(page.attribute("#code", "value").as_deref(), Some(""));
    scene.browser.get("/signer/mot-de-passe").await.goes("/signer");
    scene.browser.get("/signer/telephone").await;
    scene.browser.submit("/signer/telephone", &[("code", &code)]).await.goes("/signer");
    scene.browser.get("/signer/mot-de-passe").await.says("Mettez 3 mots que vous aimez").says(ADDRESS);
    let long = "jardin vélo ".repeat(40);
    for (secret, said) in [
        ("", "Écrivez un mot de passe"),
        ("jardin", "trop facile à deviner"),
        ("azertyuiop123", "trop facile à deviner"),
        ("JosetteLambert1942", "ressemble à votre nom"),
        (long.as_str(), "trop long"),
    ] {
        let page = scene.browser.submit("/signer/mot-de-passe", &[("password", secret)]).await;
        page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says(said);
        assert_eq!(page.attribute("#password", "value"), None);
        if !secret.is_empty() {
            page.hides(&format!("\"{secret}\""));
        }
    }
    let mut tab = scene.browser.clone();
    let before = scene.browser.cookie("form").map(str::to_owned);
    scene.browser.submit("/signer/mot-de-passe", &[("password", NEW_SECRET)]).await.goes("/signer");
    let cookies: Vec<_> = scene.browser.last().headers.get_all("set-cookie").iter().collect();
    assert!(cookies.iter().any(|line| line.to_str().unwrap().contains("HttpOnly")), "browsers keep no page behind");
    assert_ne!(scene.browser.cookie("form").map(str::to_owned), before);
    tab.submit("/signer/mot-de-passe", &[("password", "autre mot secret")]).await.goes("/signer");
    assert!(scene.opens(ADDRESS, NEW_SECRET).await, "the second post chose nothing");
}

#[tokio::test]
async fn each_purpose_has_its_own_pages() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    for page in ["/signer/bonjour", "/signer/telephone", "/signer/mot-de-passe", "/signer/termine"] {
        scene.browser.get(page).await.goes("/signer");
    }
    let token = scene.browser.get("/signer/mandat").await.attribute("[name=form_token]", "value").unwrap();
    for act in ["/signer/telephone", "/signer/mot-de-passe"] {
        scene.browser.post(act, &[("form_token".into(), token.clone()), ("password".into(), NEW_SECRET.into())]).await.goes("/signer");
    }
}
