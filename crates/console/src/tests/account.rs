//! An account is opened under a mandate, or not.

use axum::http::StatusCode;
use maincourante_identity::testing::PASSWORD;
use maincourante_kernel::clock::hours;
use maincourante_mandates::{MemberRole, lifecycle};

use super::*;

#[tokio::test]
async fn from_the_first_page_to_an_open_account() {
    let mut scene = Scene::new().await;
    let mut browser = Browser::new(scene.router.clone());
    browser.get("/aidant").await.goes(routes::SIGN_IN);
    browser.follow().await.is(StatusCode::OK).is_well_made().hides("Mon journal");
    let code = scene.code();
    let typed = [("login", "nadia@ccas-vaudorme.fr"), ("password", PASSWORD), ("code", code.as_str())];
    browser.submit(routes::SIGN_IN, &typed).await.goes(routes::HOME);
    browser
        .follow()
        .await
        .is(StatusCode::OK)
        .is_well_made()
        .says("Espace aidant, CCAS de Vaudorme")
        .says("Vous n’accompagnez encore personne");
    scene.browser = browser;

    let mandate = scene.prepares(&[]).await;
    let reading = scene.browser.last().clone();
    reading.says("Étape 4 sur 5").says("Lisez le mandat avec Josette Lambert").says("Mon adresse sera : josette.lambert@exemple-mail.fr");
    reading
        .says("M’aider à changer mon mot de passe")
        .says("Je ne refuse rien")
        .says("Lire mes messages")
        .says("jusqu’au samedi 22 mai 2027");
    let draft = scene.browser.get(&format!("{mandate}/projet")).await;
    assert_eq!(draft.headers["content-type"], "application/pdf");
    assert!(draft.html.starts_with("%PDF-"));

    scene.lends(&mandate).await;
    scene.signs("drawn").await;
    assert_eq!(scene.takes_back().await, mandate);
    scene.countersigns(&mandate).await;
    scene.browser.last().says("Josette Lambert choisit son mot de passe").says(ADDRESS);
    assert!(!scene.opens(ADDRESS, PASSWORD).await, "nobody has a secret yet");

    scene.browser.submit(&format!("{mandate}/mot-de-passe"), &[]).await.goes("/signer");
    scene.chooses(PASSWORD).await;
    scene.browser.last().says(ADDRESS).hides(PASSWORD);
    assert_eq!(scene.takes_back().await, mandate);
    scene.browser.follow().await.goes(&format!("{mandate}/termine"));
    let done = scene.browser.follow().await;
    done.is(StatusCode::OK).is_well_made().says("Le compte de Josette Lambert est prêt").says("courrier.exemple-mail.fr");
    let sheet = done.attribute("main a.main", "href").unwrap();
    assert!(scene.browser.get(&sheet).await.is(StatusCode::OK).html.starts_with("%PDF-"));
    let signed = sheet.replace("/feuille", "/mandat");
    assert!(scene.browser.get(&signed).await.is(StatusCode::OK).headers["content-disposition"].to_str().unwrap().contains("mandat-2026-"));

    assert!(scene.opens(ADDRESS, PASSWORD).await);
    scene.browser.get("/aidant?q=josétte").await.says("Josette Lambert").says("Mandat valable jusqu’au 22 mai 2027");
    let told = scene.journal().await;
    for line in [
        "a activé le mandat de Josette Lambert",
        "a préparé un mandat pour Josette Lambert",
        "a imprimé la feuille de bienvenue de Josette Lambert",
    ] {
        assert!(told.iter().any(|told| told.contains(line)), "{line}: {told:#?}");
    }
}

#[tokio::test]
async fn without_a_drawing_the_mandate_is_provisional_and_says_so_everywhere() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    scene.browser.last().says("Je ne peux pas dessiner").says("Je n’ai pas de téléphone avec moi");
    scene.signs("code").await;
    scene.takes_back().await;
    scene.countersigns(&mandate).await;
    scene.browser.submit(&format!("{mandate}/mot-de-passe"), &[]).await.goes("/signer");
    scene.chooses(PASSWORD).await;
    scene.takes_back().await;
    scene.browser.get(&format!("{mandate}/termine")).await.says("Mandat provisoire, pendant 72 heures");
    let record = scene.browser.last().attribute("main a.main", "href").unwrap().replace("/feuille", "");
    let page = scene.browser.get(&record).await;
    page.is_well_made().says("Mandat provisoire. Fin : mercredi 25 novembre");
    page.says("Avec un mandat provisoire, seulement le premier mot de passe");
    assert!(page.form(&format!("{record}/mot-de-passe")).is_none(), "the action is a row with its reason");
    scene.browser.get(&format!("{mandate}/termine")).await;
    scene.browser.get(routes::HOME).await.says("Mandat provisoire");
}

#[tokio::test]
async fn it_can_be_left_and_resumed_at_every_step() {
    let mut scene = Scene::new().await;
    let begun = scene.begins(&[]).await.location().unwrap().to_owned();
    let mandate = begun.trim_end_matches("/adresse").to_owned();
    scene.browser.get(routes::HOME).await.says("Compte pas encore terminé").says("gardé 24 heures").says("Josette Lambert");
    scene.browser.get(&mandate).await.goes(&begun);
    let page = scene.browser.follow().await;
    let first = page.attribute("[name=address]", "value").unwrap();
    scene.browser.submit(&begun, &[("later", "yes")]).await.goes(routes::HOME);
    scene.browser.get(&begun).await;
    scene.browser.submit(&begun, &[("address", &first), ("later", "yes")]).await.goes(routes::HOME);

    let terms = format!("{mandate}/mandat");
    scene.browser.get(&mandate).await.goes(&terms);
    scene.browser.follow().await;
    let unticked = [("powers", "create_account"), ("duration", "until"), ("until", "31/12/2026"), ("later", "yes")];
    scene.browser.submit(&terms, &unticked).await.goes(routes::HOME);
    let kept = scene.browser.get(&terms).await.form(&terms).unwrap();
    let kept: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert!(kept.contains(&("powers", "create_account")) && !kept.contains(&("powers", "give_access_back")), "{kept:?}");
    assert!(kept.contains(&("duration", "until")) && kept.contains(&("until", "31/12/2026")));

    scene.browser.submit(&terms, &[]).await.goes(&format!("{mandate}/lecture"));
    scene
        .browser
        .follow()
        .await
        .says("Je dis non. La structure ne peut pas : M’aider à changer mon mot de passe")
        .says("jeudi 31 décembre 2026");
    scene.browser.get(routes::HOME).await.says("il manque la signature");

    // Another aidant of the structure goes on; a correction takes it back to a draft, and it is read again.
    let karim = scene.world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
    let mut other = at_desk(&scene.router, &karim);
    other.get(&mandate).await.goes(&format!("{mandate}/lecture"));
    let person = format!("{mandate}/personne");
    let page = other.get(&person).await;
    page.is(StatusCode::OK).is_well_made();
    let held = page.form(&person).unwrap();
    assert!(
        held.contains(&("birth_date".into(), "05/03/1942".into()))
            && held.contains(&("phone".into(), "06\u{a0}39\u{a0}98\u{a0}12\u{a0}34".into()))
    );
    other.submit(&person, &[("given_names", "Josette Marie"), ("protection", "none")]).await.goes(&format!("{mandate}/adresse"));
    other.get(&mandate).await.goes(&terms);
    other.follow().await;
    other.submit(&terms, &[]).await.goes(&format!("{mandate}/lecture"));
    other.follow().await.says("Lisez le mandat avec Josette Marie Lambert");

    scene.lends(&mandate).await;
    scene.signs("drawn").await;
    scene.takes_back().await;
    scene.browser.get(routes::HOME).await.says("il manque votre code");
    for step in ["personne", "adresse", "mandat", "lecture", "mot-de-passe", "termine"] {
        scene.browser.get(&format!("{mandate}/{step}")).await.goes(&mandate);
    }
    scene.countersigns(&mandate).await;
    for step in ["personne", "adresse", "mandat", "lecture", "signature", "abandonner", "termine"] {
        scene.browser.get(&format!("{mandate}/{step}")).await.goes(&mandate);
    }
    scene.browser.get(&mandate).await.goes(&format!("{mandate}/mot-de-passe"));
    let page = scene.browser.follow().await;
    let record = page.attribute("main a.button", "href").unwrap();
    scene.browser.get(&record).await.is_well_made().says("Aider à choisir le premier mot de passe");
    scene.browser.submit(&format!("{record}/mot-de-passe"), &[]).await.goes("/signer");
    scene.chooses(PASSWORD).await;
    assert_eq!(scene.takes_back().await, mandate, "the first secret ends the wizard, wherever it was begun");
}

#[tokio::test]
async fn the_person_says_no_and_nothing_is_kept() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    assert_eq!(scene.browser.last().attribute("main p.actions a.button", "href").as_deref(), Some("/signer/refus"), "of equal rank");
    scene.browser.get("/signer/refus").await.is_well_made().says("C’est votre droit");
    scene.browser.submit("/signer/refus", &[]).await.goes("/signer");
    scene.browser.follow().await.goes("/signer/termine");
    scene.browser.follow().await.is_well_made().says("Vous n’avez pas signé. Rendez l’appareil à Nadia Roussel");
    assert_eq!(scene.takes_back().await, mandate);
    scene.browser.follow().await.is(StatusCode::OK).is_well_made().says("La personne n’a pas voulu signer").hides("Josette");
    scene.browser.get(routes::HOME).await.hides("Josette");
    scene.browser.get(&format!("{mandate}/projet")).await.is(StatusCode::NOT_FOUND);
    assert!(
        scene.journal().await.iter().all(|line| !line.contains("Josette")),
        "the journal keeps that something happened, without the name"
    );
}

#[tokio::test]
async fn abandoning_says_what_is_wiped_and_wipes_it_once() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    let abandon = format!("{mandate}/abandonner");
    scene.browser.get(&abandon).await.is_well_made().says("Abandonner le compte de Josette Lambert ?").says("est effacé");
    let mut tab = scene.browser.clone();
    scene.browser.submit(&abandon, &[]).await.goes(&mandate);
    tab.submit(&abandon, &[]).await.goes(&mandate);
    scene.browser.follow().await.is_well_made().says("C’est abandonné").hides("Josette");
    scene.browser.get(routes::HOME).await.hides("Josette").hides("gardé 24 heures");
    assert_eq!(scene.journal().await.iter().filter(|line| line.contains("a abandonné")).count(), 1);
}

#[tokio::test]
async fn what_is_left_for_a_day_is_gone() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.world.kernel().clock.advance(hours(24));
    lifecycle::run(&scene.world.context).await.unwrap();
    let karim = scene.world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
    let mut browser = at_desk(&scene.router, &karim);
    browser.get(&mandate).await.is(StatusCode::OK).says("C’est abandonné").hides("Josette");
}

#[tokio::test]
async fn a_double_click_begins_one_account_and_a_correction_corrects_it() {
    let mut scene = Scene::new().await;
    scene.browser.get(routes::NEW).await;
    let mut tab = scene.browser.clone();
    let first = scene.browser.submit(routes::NEW, &josette(&[])).await.location().unwrap().to_owned();
    tab.submit(routes::NEW, &josette(&[("given_names", "Josiane")])).await.goes(&first);
    let home = scene.browser.get(routes::HOME).await;
    home.says("Josiane Lambert").hides("Josette");
    assert_eq!(home.html.matches("gardé 24").count(), 1);
    assert_eq!(scene.journal().await.iter().filter(|line| line.contains("a préparé un mandat")).count(), 1);

    // Two showings of the form are two people.
    scene.begins(&[("given_names", "René"), ("phone", "06 39 98 00 11")]).await.is(StatusCode::SEE_OTHER);
    scene.browser.get(routes::HOME).await.says("Josiane Lambert").says("René Lambert");
}

#[tokio::test]
async fn each_act_posted_twice_is_done_once() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    let mut tab = scene.browser.clone();
    scene.lends(&mandate).await;
    tab.submit(&format!("{mandate}/lecture"), &[]).await.goes(routes::LOCK);

    let code = scene.sms().await;
    let mut tab = scene.browser.clone();
    let typed = [("code", code.as_str()), ("strokes", DRAWING)];
    scene.browser.submit("/signer/signature", &typed).await.goes("/signer");
    tab.submit("/signer/signature", &typed).await.goes("/signer");
    // The browser holds the token that the first post gave; a copy made before has the old one, which is worth nothing.
    scene.browser.get("/signer").await.goes("/signer/termine");
    tab.follow().await.goes("/signer/plus-prete");
    scene.takes_back().await;

    scene.browser.get(&format!("{mandate}/signature")).await;
    let mut tab = scene.browser.clone();
    let code = scene.code();
    scene.browser.submit(&format!("{mandate}/signature"), &[("code", &code)]).await.goes(&format!("{mandate}/mot-de-passe"));
    tab.submit(&format!("{mandate}/signature"), &[("code", &code)]).await.goes(&format!("{mandate}/mot-de-passe"));
    let page = scene.browser.follow().await;
    let mut tab = scene.browser.clone();
    page.is(StatusCode::OK);
    scene.browser.submit(&format!("{mandate}/mot-de-passe"), &[]).await.goes("/signer");
    scene.chooses(PASSWORD).await;
    scene.takes_back().await;
    tab.submit(&format!("{mandate}/mot-de-passe"), &[]).await.goes(&mandate);
    let told = scene.journal().await;
    for once in ["a signé le mandat", "a activé le mandat", "a ouvert le compte", "a créé"] {
        assert!(told.iter().filter(|line| line.contains(once)).count() <= 1, "{once}: {told:#?}");
    }
    scene.browser.get(routes::HOME).await.says("Nadia Roussel. 1 personne.");
}

#[tokio::test]
async fn a_code_that_is_wrong_or_used_countersigns_nothing() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    scene.signs("drawn").await;
    scene.browser.get(routes::LOCK).await;
    let used = scene.code();
    scene.browser.submit(routes::LOCK, &[("code", &used)]).await.goes(&mandate);

    let action = format!("{mandate}/signature");
    scene.browser.get(&action).await;
    // The one that served is no guess: five tries are left after it.
    for code in [used.as_str(), "000000", "", "abc", "  ", "1234567890123456789012345678901234567890"] {
        let page = scene.browser.submit(&action, &[("code", code)]).await;
        let said =
            if code.trim().is_empty() { "Écrivez votre code à 6 chiffres." } else { "Ce code n’est pas le bon, ou il a déjà servi" };
        page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says(said);
        assert_eq!(page.attribute("#code", "value").as_deref(), Some(""), "a code is typed anew");
    }
    let right = scene.code();
    scene.browser.submit(&action, &[("code", &right)]).await.is(StatusCode::TOO_MANY_REQUESTS).says("Trop d’essais Attendez");
    scene.world.kernel().clock.advance(maincourante_kernel::clock::minutes(10));
    scene.browser.get(&action).await;
    let right = scene.code();
    scene.browser.submit(&action, &[("code", &right)]).await.goes(&format!("{mandate}/mot-de-passe"));
}
