//! Josette sees who helped her, reads what she signed, and stops it; René sees nothing of hers.

use axum::http::StatusCode;
use maincourante_identity::testing::PASSWORD;
use maincourante_kernel::clock::{days, minutes};
use maincourante_mandates::access_back::{self, Lending};
use maincourante_mandates::signature::Gesture;
use maincourante_mandates::testing::World as Ccas;
use maincourante_mandates::{MandateId, PersonFields, first_secret};

use crate::browser::Browser;
use crate::world::{RENE, World};

async fn mandate_of(browser: &mut Browser) -> String {
    let html = browser.get("/aide/qui-m-a-aide").await.ok().html();
    html.split("/aide/mandat/").nth(1).and_then(|rest| rest.split('"').next()).expect("a mandate").to_owned()
}

#[tokio::test]
async fn every_act_is_a_sentence_and_the_mandate_says_what_it_allows() {
    let world = World::with_josette().await;
    world.ccas.kernel().clock.advance(days(1));
    let mut josette = world.josette().await;
    let page = josette.get("/aide/qui-m-a-aide").await;
    page.ok().says("Hier").says("Nadia Roussel, du CCAS de Vaudorme, a créé votre compte.");
    page.says("Vous avez signé le mandat du CCAS de Vaudorme, par une signature dessinée et un code reçu par SMS.");
    page.says("Valable jusqu’au samedi 22 mai 2027").says("Ouvrir vos messages.").says("Arrêter l’aide du CCAS de Vaudorme");
    let (helped, alone) =
        page.text().split_once("Voir aussi mes connexions").map(|(a, b)| (a.to_owned(), b.to_owned())).expect("both lists");
    assert!(!helped.contains("ouvert une session"), "her own sign-in is no help: {helped}");
    assert!(alone.contains("Vous avez ouvert une session"), "{alone}");
}

#[tokio::test]
async fn older_acts_are_on_the_next_page_each_once() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    let usager = world
        .ccas
        .journal()
        .await
        .iter()
        .find_map(|record| record.subjects.iter().find(|subject| subject.kind.as_str() == "usager").map(|subject| subject.id));
    let usager = maincourante_identity::UsagerId::from(usager.expect("Josette"));
    for _ in 0..60 {
        world.ccas.kernel().clock.advance(minutes(1));
        let aidant = world.ccas.at_work(&world.nadia).await;
        maincourante_mandates::people::record(&world.ccas.context, &aidant, usager).await.unwrap().expect("a record");
    }
    // An hour has passed: Josette signs in again.
    josette.get("/aide/qui-m-a-aide").await.signs_out(false);
    let mut josette = world.josette().await;
    let first = josette.get("/aide/qui-m-a-aide").await;
    let older = first.html().split("?avant=").nth(1).and_then(|rest| rest.split('"').next()).expect("older").to_owned();
    let second = josette.get(&format!("/aide/qui-m-a-aide?avant={older}")).await;
    second.ok().says("a créé votre compte").says("Revenir aux actions les plus récentes").says_not("Voir les actions plus anciennes");
    let lines =
        |page: &crate::browser::Seen| page.html().split("class=\"journal\"").map(|day| day.matches("<time").count()).collect::<Vec<_>>();
    let helped = first.html();
    let helped = helped.split("<details").next().expect("the list").matches("<time").count();
    assert_eq!(helped, 50);
    assert_eq!(lines(&second).iter().sum::<usize>(), 19, "60 openings and 9 acts of the first day in all");
    josette.get("/aide/qui-m-a-aide?avant=n-importe-quoi").await.ok().says("Aujourd’hui");
}

#[tokio::test]
async fn the_signed_mandate_is_read_by_its_person_only() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    let id = mandate_of(&mut josette).await;
    let paper = josette.get(&format!("/aide/mandat/{id}")).await;
    paper.ok();
    assert!(paper.bytes.starts_with(b"%PDF-"));
    assert_eq!(paper.header("content-type"), "application/pdf");
    assert!(paper.header("content-disposition").starts_with("inline; filename=\"mandat-2026-"), "{}", paper.header("content-disposition"));
    assert_eq!((paper.header("x-content-type-options"), paper.header("cache-control")), ("nosniff", "no-store"));

    let mut rene = world.with_rene().await;
    for path in ["mandat", "arreter"] {
        rene.get(&format!("/aide/{path}/{id}")).await.not_found();
        world.browser().get(&format!("/aide/{path}/{id}")).await.goes("/connexion");
        for nonsense in ["x", "00000000-0000-0000-0000-000000000000"] {
            rene.get(&format!("/aide/{path}/{nonsense}")).await.not_found();
        }
    }
}

#[tokio::test]
async fn a_person_stops_a_mandate_alone_and_at_once() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    let id = mandate_of(&mut josette).await;
    let path = format!("/aide/arreter/{id}");

    // René cannot stop what is hers, even with a good form of his own.
    let mut rene = world.with_rene().await;
    let token = rene.get("/compte").await.value("form_token").expect("a form");
    rene.post(&path, &[("form_token", &token)]).await.not_found();

    let page = josette.get(&path).await;
    page.ok().says("Ce qui change").says("L’aide s’arrête tout de suite.").says("Vous gardez votre adresse");
    assert_eq!(page.html().matches("button grave").count(), 1);
    let mut twice = josette.clone();
    let done = format!("/aide/qui-m-a-aide?arret={id}");
    josette.submit(&path, &[]).await.goes(&done);
    twice.submit(&path, &[]).await.goes(&done);
    let page = josette.get(&done).await;
    page.ok().says("C’est fait. L’aide du CCAS de Vaudorme est arrêtée.").says("Vous avez arrêté cette aide le dimanche 22 novembre 2026.");
    assert_eq!(page.text().matches("Vous avez arrêté l’aide du CCAS de Vaudorme.").count(), 1, "one entry: {}", page.text());
    josette.get(&path).await.goes("/aide/qui-m-a-aide");

    // Nadia's next request finds it so.
    let aidant = world.ccas.at_work(&world.nadia).await;
    let mandate: MandateId = id.parse().unwrap();
    let own = maincourante_identity::testing::own(world.ccas.kernel(), josette_id(&world).await).await;
    assert!(maincourante_mandates::mine::mandate(&world.ccas.context, &own, mandate).await.unwrap().expect("hers").closed.is_some());
    let lending = access_back::lend(&world.ccas.context, &aidant, own.usager()).await.unwrap();
    assert!(matches!(lending, Lending::Refused(_)));
}

#[tokio::test]
async fn a_person_takes_back_one_thing_and_is_told_that_it_was_the_last() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    let id = mandate_of(&mut josette).await;
    let path = format!("/aide/arreter/{id}/give_access_back");
    josette.get("/aide/qui-m-a-aide").await.ok().says("Arrêter cela seulement");

    let mut rene = world.with_rene().await;
    rene.get(&path).await.not_found();
    let token = rene.get("/compte").await.value("form_token").expect("a form");
    rene.post(&path, &[("form_token", &token)]).await.not_found();
    for nonsense in ["read_mail", "x", "GiveAccessBack"] {
        josette.get(&format!("/aide/arreter/{id}/{nonsense}")).await.not_found();
    }

    let page = josette.get(&path).await;
    page.ok().says("Arrêter la seule chose permise").says("Vous aider à choisir un nouveau mot de passe.");
    page.says("C’est la seule chose que ces aidants peuvent encore faire.").says("Vous pouvez aussi tout arrêter");
    assert!(page.html().contains(&format!("href=\"/aide/arreter/{id}\"")), "the way to stop everything");
    assert_eq!(page.html().matches("button grave").count(), 1);
    let done = format!("/aide/qui-m-a-aide?retire=give_access_back&de={id}");
    josette.get(&done).await.ok().says_not("C’est fait.");
    let mut twice = josette.clone();
    josette.get(&path).await.ok();
    josette.submit(&path, &[]).await.goes(&done);
    twice.get("/compte").await.ok();
    let token = twice.get("/compte").await.value("form_token").expect("a form");
    twice.post(&path, &[("form_token", &token)]).await.goes(&done);
    let page = josette.get(&done).await;
    page.ok().says("C’est fait. Les aidants du CCAS de Vaudorme ne peuvent plus vous aider à choisir un nouveau mot de passe.");
    page.says("Le dimanche 22 novembre 2026, vous avez arrêté :")
        .says("Vous avez retiré tout ce que ce mandat permettait.")
        .says_not("Valable jusqu’au");
    assert_eq!(page.text().matches("Vous avez retiré de votre mandat : aider à changer le mot de passe.").count(), 1, "{}", page.text());
    josette.get(&path).await.goes("/aide/qui-m-a-aide");
    josette.get(&format!("/aide/arreter/{id}")).await.ok().says("Arrêter l’aide du CCAS de Vaudorme");
}

async fn josette_id(world: &World) -> maincourante_identity::UsagerId {
    let subjects = world.ccas.journal().await.into_iter().rev().flat_map(|record| record.subjects);
    let mut usagers = subjects.filter(|subject| subject.kind.as_str() == "usager").map(|subject| subject.id);
    usagers.next().expect("Josette is the first").into()
}

#[tokio::test]
async fn a_done_notice_says_what_is_true_and_not_what_an_address_says() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    let id = mandate_of(&mut josette).await;
    josette.get(&format!("/aide/qui-m-a-aide?arret={id}")).await.ok().says_not("est arrêtée");
}

#[tokio::test]
async fn a_mandate_without_its_signed_print_says_what_to_do_and_then_shows_the_print() {
    let world = World::with_josette().await;
    let fields =
        PersonFields { given_names: "René".into(), family_name: "Petit".into(), phone: "06 39 98 56 78".into(), ..Ccas::josette() };
    let mandate = world.ccas.presents(&world.nadia, &fields, &["create_account"]).await;
    world.ccas.signs(&world.nadia, mandate, Gesture::CodeAlone).await;
    let rene = world.ccas.countersigns(&world.nadia, mandate).await;
    let aidant = world.ccas.at_work(&world.nadia).await;
    let Lending::Lent(lent) = first_secret::lend(&world.ccas.context, &aidant, rene).await.unwrap() else { panic!("lent") };
    world.ccas.chooses(&lent, PASSWORD).await;
    world.ccas.takes_back(&world.nadia).await;
    let mut browser = world.signed_in(RENE).await;
    browser.get("/aide/qui-m-a-aide").await.ok().says("Il manque le papier signé à la main");
    let print = format!("/aide/mandat/{mandate}/copie");
    assert_eq!(browser.get(&print).await.status, 404, "not before it is whole");

    let photo = b"\xff\xd8\xff\xe1\0\x06Exif\xff\xc4\0\x03\0\xff\xff\xc2\0\x11\x08\x0b\xb8\x0f\xa0\x03";
    world.ccas.photographs(&world.nadia, rene, photo).await;
    browser.get("/aide/qui-m-a-aide").await.ok().says("Lire le mandat que j’ai signé sur papier");
    let page = browser.get(&print).await;
    page.ok().says("Page 1").says("La structure qui vous aide garde un exemplaire du papier");
    let image =
        page.html().split("src=\"").find_map(|rest| rest.split('"').next().filter(|src| src.starts_with(&print))).unwrap().to_owned();
    let shown = browser.get(&image).await;
    assert_eq!((shown.status, &shown.headers["content-type"]), (StatusCode::OK, &"image/jpeg".parse().unwrap()));
    let mut josette = world.josette().await;
    for path in [&print, &image] {
        assert_eq!(josette.get(path).await.status, 404, "someone else's");
    }
}
