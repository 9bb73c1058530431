//! Nadia is signed out while she fills in a form: once back, she finds it filled in, and nothing was sent. Nobody else sees it.

use maincourante_kernel::clock::minutes;

use super::*;

const FOUND: &str = "Voici ce que vous aviez écrit. Ce n’est pas encore envoyé.";
/// A staff session ends after half an hour without a page.
const AWAY: i64 = 31;

/// Signs in on this browser, and says where that leads.
async fn signs_in(world: &World, browser: &mut Browser, worker: &Worker, login: &str) -> String {
    browser.get(routes::SIGN_IN).await.is(StatusCode::OK);
    let code = world.code(worker);
    let typed = [("login", login), ("password", maincourante_identity::testing::PASSWORD), ("code", code.reveal().as_str())];
    let answer = browser.submit(routes::SIGN_IN, &typed).await;
    answer.is(StatusCode::SEE_OTHER).location().unwrap().to_owned()
}

#[tokio::test]
async fn who_was_being_written_down_is_found_again_by_the_same_aidant_alone() {
    for mut scene in Scene::everywhere().await {
        let (helene, _) = scene.helene_too().await;
        scene.browser.get(routes::NEW).await;
        scene.world.kernel().clock.advance(minutes(AWAY));
        scene.browser.submit(routes::NEW, &josette(&[("no_phone", "yes"), ("protection", "none")])).await.signs_out(routes::SIGN_IN);
        let entrance = scene.browser.follow().await;
        entrance
            .is(StatusCode::OK)
            .is_well_made()
            .says("Vous avez été déconnecté")
            .says("Ce que vous avez écrit est gardé.")
            .hides("Josette");
        entrance.reference();

        // Hélène sits down at the desk first.
        let mut next = scene.browser.clone();
        assert_eq!(signs_in(&scene.world, &mut next, &helene, "helene@ccas-vaudorme.fr").await, routes::HOME);
        let back = signs_in(&scene.world, &mut scene.browser, &scene.nadia, "nadia@ccas-vaudorme.fr").await;
        assert!(back.starts_with(&format!("{}?repris=", routes::NEW)), "{back}");
        let page = next.get(&back).await;
        page.is(StatusCode::OK).says("Ce que vous aviez écrit n’est plus gardé.").hides("Josette").hides("Mont-de-Marsan");

        let page = scene.browser.get(&back).await;
        page.is(StatusCode::OK).is_well_made().says(FOUND);
        let held = page.form(routes::NEW).unwrap();
        for (name, value) in josette(&[("no_phone", "yes")]) {
            assert!(held.contains(&(name.to_owned(), value.to_owned())), "{name} in {held:?}");
        }
        assert!(scene.journal().await.iter().all(|line| !line.contains("mandat")), "nothing was sent");
        scene.browser.submit(routes::NEW, &[("no_phone", "")]).await.is(StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn every_page_where_one_types_gives_it_back() {
    for mut scene in Scene::everywhere().await {
        let (helene, mut browser) = scene.helene_too().await;
        let mandate = scene.prepares(&[]).await;
        let terms = format!("{mandate}/mandat");
        let person = format!("{mandate}/personne");
        let address = format!("{mandate}/adresse");
        // The draft is open for a day, and sessions half an hour: each is left open, then sent too late.
        let forms: [(&str, &str, &str); 3] =
            [(&person, "given_names", "Jocelyne"), (&address, "other", "jl1942"), (&terms, "until", "31/12/2026")];
        let mut pages = Vec::new();
        for (page, _, _) in forms {
            scene.browser.get(page).await;
            pages.push(scene.browser.clone());
        }
        browser.get(routes::INVITE).await.is(StatusCode::OK);
        let mut journal = browser.clone();
        journal.get(routes::LOG).await.is(StatusCode::OK);
        scene.world.kernel().clock.advance(minutes(AWAY));
        for ((page, field, typed), mut left) in forms.into_iter().zip(pages) {
            left.submit(page, &[(field, typed)]).await.signs_out(routes::SIGN_IN);
            let back = signs_in(&scene.world, &mut left, &scene.nadia, "nadia@ccas-vaudorme.fr").await;
            assert!(back.starts_with(&format!("{page}?repris=")), "{back}");
            let shown = left.get(&back).await;
            shown.is(StatusCode::OK).is_well_made().says(FOUND);
            assert!(shown.form(page).unwrap().contains(&(field.to_owned(), typed.to_owned())), "{page}");
        }
        let login = "helene@ccas-vaudorme.fr";
        browser
            .submit(routes::INVITE, &[("name", "Farid Benali"), ("login", "farid@"), ("role", "referent")])
            .await
            .signs_out(routes::SIGN_IN);
        let back = signs_in(&scene.world, &mut browser, &helene, login).await;
        let shown = browser.get(&back).await.form(routes::INVITE).unwrap();
        for (name, value) in [("name", "Farid Benali"), ("login", "farid@"), ("role", "referent")] {
            assert!(shown.contains(&(name.to_owned(), value.to_owned())), "{name} in {shown:?}");
        }
        // Beside the lines that one signs.
        journal.submit(routes::LOG_REVIEW, &[("remark", "Tout va bien.")]).await.signs_out(routes::SIGN_IN);
        let back = signs_in(&scene.world, &mut journal, &helene, login).await;
        assert!(back.starts_with(&format!("{}?repris=", routes::LOG)), "{back}");
        journal.get(&back).await.is(StatusCode::OK).is_well_made().says("Tout va bien.");
    }
}

#[tokio::test]
async fn a_code_is_never_kept_and_nothing_is_after_an_hour() {
    for mut scene in Scene::everywhere().await {
        scene.browser.get(routes::SHEET).await;
        let mut sheet = scene.browser.clone();
        scene.browser.get(routes::NEW).await;
        scene.world.kernel().clock.advance(minutes(AWAY));
        sheet.submit(routes::SHEET, &[("code", "123456")]).await.signs_out(routes::SIGN_IN);
        assert!(!sheet.last().location().unwrap().contains("garde"), "{:?}", sheet.last().location());
        scene.browser.submit(routes::NEW, &josette(&[])).await.signs_out(routes::SIGN_IN);
        scene.world.kernel().clock.advance(minutes(61));
        let mut browser = scene.browser.clone();
        assert_eq!(signs_in(&scene.world, &mut browser, &scene.nadia, "nadia@ccas-vaudorme.fr").await, routes::HOME);
    }
}
