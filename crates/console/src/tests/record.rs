//! The record of a person: what is possible, what is not any more, and access given back.

use axum::http::StatusCode;
use maincourante_identity::testing::{PASSWORD, own};
use maincourante_kernel::clock::days;
use maincourante_mandates::mine::{self, Stop};
use maincourante_mandates::{MemberRole, lifecycle};

use super::*;

impl Scene {
    /// Josette stops her mandate, from her own session elsewhere.
    async fn josette_stops(&self, record: &str) {
        let own = own(self.world.kernel(), id(record).parse().unwrap()).await;
        let mandate = mine::mandates(&self.world.context, &own).await.unwrap()[0].id;
        assert_eq!(mine::stop(&self.world.context, &own, mandate).await.unwrap(), Stop::Stopped);
    }
}

#[tokio::test]
async fn access_is_given_back_under_the_power_and_the_aidant_sees_nothing_of_it() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    let page = scene.browser.get(&record).await;
    page.is(StatusCode::OK).is_well_made().says("Téléphone qui finit par 34").says("Mandat valable jusqu’au samedi 22 mai 2027");
    page.says("Jamais possible. Aucun mandat ne le permet.").says("Nadia Roussel a ouvert la fiche de Josette Lambert");
    scene.browser.submit(&format!("{record}/mot-de-passe"), &[]).await.goes("/signer");
    scene.chooses(NEW_SECRET).await;
    assert_eq!(scene.takes_back().await, record);
    scene.browser.follow().await.is(StatusCode::OK).hides(NEW_SECRET);
    assert!(scene.opens(ADDRESS, NEW_SECRET).await);
    assert!(!scene.opens(ADDRESS, PASSWORD).await);
    scene
        .browser
        .get(routes::JOURNAL)
        .await
        .is_well_made()
        .says("Aujourd’hui, dimanche 22 novembre 2026")
        .says("Josette Lambert")
        .hides(NEW_SECRET);
}

#[tokio::test]
async fn a_screen_taken_back_too_early_changes_nothing_and_is_written() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    scene.browser.get(&record).await;
    scene.browser.submit(&format!("{record}/mot-de-passe"), &[]).await.goes("/signer");
    let mut person = scene.browser.other_tab();
    person.get("/signer/bonjour").await;
    person.submit("/signer/code", &[]).await.goes("/signer/telephone");
    person.follow().await;
    assert_eq!(scene.takes_back().await, record);
    let code = scene.sms().await;
    person.submit("/signer/telephone", &[("code", &code)]).await.goes("/signer");
    person.follow().await.goes("/signer/plus-prete");
    assert!(scene.opens(ADDRESS, PASSWORD).await);
    assert!(scene.journal().await[0].contains("Josette Lambert"), "{:#?}", scene.journal().await[0]);
}

#[tokio::test]
async fn a_mandate_that_the_person_stopped_gives_nothing_and_the_try_is_written() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    scene.browser.get(&record).await;
    let mut tab = scene.browser.clone();
    scene.josette_stops(&record).await;

    let refused = tab.submit(&format!("{record}/mot-de-passe"), &[]).await;
    refused
        .is(StatusCode::FORBIDDEN)
        .is_well_made()
        .says("Ce mandat a pris fin")
        .says("Vous ne pouvez plus agir sur ce compte")
        .says("écrite dans le journal");
    let line = &scene.journal().await[0];
    assert!(line.contains("Nadia Roussel") && line.contains("Josette Lambert") && line.contains("refusé"), "{line}");
    let page = scene.browser.get(&record).await;
    page.is_well_made().says("Arrêté par la personne le 22 novembre 2026");
    assert!(page.form(&format!("{record}/mot-de-passe")).is_none());
    scene.browser.get(routes::HOME).await.says("Arrêté par la personne le 22 novembre 2026");
}

#[tokio::test]
async fn a_mandate_stopped_while_the_screen_is_lent_closes_it() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    scene.browser.get(&record).await;
    scene.browser.submit(&format!("{record}/mot-de-passe"), &[]).await.goes("/signer");
    scene.browser.get("/signer/bonjour").await;
    scene.josette_stops(&record).await;
    scene.browser.submit("/signer/code", &[]).await.goes("/signer");
    scene.browser.follow().await.goes("/signer/termine");
    scene.browser.follow().await.is_well_made().says("Cette page est fermée. Rendez l’appareil à Nadia Roussel");
    for page in ["/signer/bonjour", "/signer/telephone", "/signer/mot-de-passe", "/signer/mandat", "/signer/signature", "/signer/refus"] {
        scene.browser.get(page).await.goes("/signer");
    }
    assert_eq!(scene.takes_back().await, record);
}

#[tokio::test]
async fn an_expired_mandate_gives_no_access_back_and_leaves_a_trace() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    // The list says which mandates end within thirty days, and not before.
    for (wait, login, is_said) in [(150, "nadia4@ccas-vaudorme.fr", false), (1, "nadia5@ccas-vaudorme.fr", true)] {
        scene.world.kernel().clock.advance(days(wait));
        let nadia = scene.world.worker("Nadia Roussel", login, MemberRole::Referent).await;
        let home = at_desk(&scene.router, &nadia).get(routes::HOME).await;
        assert_eq!(home.text().contains("Fin dans 30 jours"), is_said, "{}", home.text());
        assert_eq!(home.text().contains("1 mandat se termine bientôt"), is_said);
    }
    scene.world.kernel().clock.advance(days(19));
    let nadia = scene.world.worker("Nadia Roussel", "nadia2@ccas-vaudorme.fr", MemberRole::Referent).await;
    let mut browser = at_desk(&scene.router, &nadia);
    browser.get(routes::HOME).await.is_well_made().says("1 mandat se termine bientôt").says("Fin dans 11 jours, samedi 22 mai 2027");
    browser.get(&record).await.says("Fin dans 11 jours").says("Mandat valable jusqu’au samedi 22 mai 2027");

    scene.world.kernel().clock.advance(days(12));
    let nadia = scene.world.worker("Nadia Roussel", "nadia3@ccas-vaudorme.fr", MemberRole::Referent).await;
    let mut late = at_desk(&scene.router, &nadia);
    late.get(routes::HOME).await.says("Terminé le 22 mai 2027").hides("se termine bientôt");
    let fields = vec![("form_token".to_owned(), token(&late))];
    late.post(&format!("{record}/mot-de-passe"), &fields)
        .await
        .is(StatusCode::FORBIDDEN)
        .says("Ce mandat a pris fin")
        .says("Terminé le 22 mai 2027");
    let last = scene.world.journal().await.remove(0);
    assert_eq!(last.ended, maincourante_journal::Ended::Refused("mandate_expired".into()));
    lifecycle::run(&scene.world.context).await.unwrap();
    late.get(&record).await.says("Terminé le 22 mai 2027").says("La personne garde son adresse");
}

#[tokio::test]
async fn what_the_person_did_not_grant_is_a_row_with_its_reason() {
    let mut scene = Scene::new().await;
    let begun = scene.begins(&[]).await.location().unwrap().to_owned();
    let mandate = begun.trim_end_matches("/adresse").to_owned();
    let first = scene.browser.follow().await.attribute("[name=address]", "value").unwrap();
    scene.browser.submit(&begun, &[("address", &first)]).await;
    scene.browser.follow().await;
    scene.browser.submit(&format!("{mandate}/mandat"), &[("powers", "create_account"), ("duration", "month")]).await;
    scene.lends(&mandate).await;
    scene.signs("drawn").await;
    scene.takes_back().await;
    scene.countersigns(&mandate).await;
    scene.browser.submit(&format!("{mandate}/mot-de-passe"), &[]).await.goes("/signer");
    scene.chooses(PASSWORD).await;
    scene.takes_back().await;
    let done = scene.browser.get(&format!("{mandate}/termine")).await;
    let record = done.attribute("main a.main", "href").unwrap().replace("/feuille", "");

    let page = scene.browser.get(&record).await;
    page.is_well_made();
    assert_eq!(page.part(".closed .state").as_deref(), Some("Aider à changer le mot de passe"));
    assert_eq!(page.part(".closed .soft").as_deref(), Some("Pas prévu dans le mandat : la personne a dit non."));
    assert!(page.form(&format!("{record}/mot-de-passe")).is_none());
    let fields = vec![("form_token".to_owned(), token(&scene.browser))];
    let refused = scene.browser.post(&format!("{record}/mot-de-passe"), &fields).await;
    refused.is(StatusCode::FORBIDDEN).is_well_made().says("Ce n’est pas prévu dans le mandat");
    assert_eq!(scene.world.journal().await.remove(0).ended, maincourante_journal::Ended::Refused("power_not_granted".into()));
}

/// The token of the forms of this session, as the last page gave it.
fn token(browser: &Browser) -> String {
    browser.last().attribute("[name=form_token]", "value").expect("a form that posts")
}
