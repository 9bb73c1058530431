//! What is unusual is told to who answers for the structure, rests on lines, and is closed with a note by someone it is not about.

use axum::http::StatusCode;
use maincourante_identity::testing::own;
use maincourante_mandates::MemberRole;
use maincourante_mandates::alerts::{report, watch};

use super::*;

impl Scene {
    /// Josette says that the newest line of an aidant is not normal; gives that line.
    async fn josette_reports(&self, record: &str, words: &str) -> String {
        let own = own(self.world.kernel(), id(record).parse().unwrap()).await;
        let page = maincourante_mandates::review::for_person(&self.world.context, &own, None).await.unwrap();
        let line = page.records.iter().find(|line| report::can_be_reported(line)).expect("a line").id;
        assert_eq!(report::report(&self.world.context, &own, line, words).await.unwrap(), report::Reporting::Sent);
        line.to_string()
    }
}

#[tokio::test]
async fn an_alert_is_one_sentence_with_its_lines_and_is_closed_once_with_a_note() {
    for mut scene in Scene::everywhere().await {
        scene.opens_account().await;
        // The scenes begin on a Sunday.
        assert_eq!(watch::run(&scene.world.context).await.unwrap(), 1);
        assert_eq!(watch::run(&scene.world.context).await.unwrap(), 0);
        let mut helene = scene.helene().await;
        let page = helene.get(routes::LOG).await;
        page.is_well_made().says("À regarder d’abord : des actions en dehors des heures habituelles");
        let address = page.attribute("a[href^='/structure/alertes/']", "href").unwrap();
        let page = helene.get(&address).await;
        page.is(StatusCode::OK).is_well_made().says("Nadia Roussel a agi avant 7 h, après 20 h ou un dimanche");
        page.says("a créé le compte de Josette Lambert").says("Fermer cette alerte");
        helene.submit(&address, &[]).await.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Choisissez une réponse.");
        let empty = helene.submit(&address, &[("verdict", "normal"), ("note", " ")]).await;
        empty.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Écrivez ce que vous avez vérifié");
        let mut tab = helene.clone();
        helene.submit(&address, &[("verdict", "normal"), ("note", "Permanence du dimanche")]).await.goes(&address);
        tab.submit(&address, &[("verdict", "handled"), ("note", "Autre")]).await.goes(&address);
        helene.follow().await.is_well_made().says("tout est normal").says("Permanence du dimanche").hides("Autre");
        helene.get(routes::LOG).await.hides("À regarder d’abord").says("Hélène Vasseur a fermé une alerte.");
        assert_eq!(scene.journal().await.iter().filter(|line| line.contains("fermé une alerte")).count(), 1);
        let mut hugo = scene.hugo().await;
        hugo.get(&address).await.is(StatusCode::NOT_FOUND);
        scene.browser.get(&address).await.is(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn an_alert_of_many_lines_folds_those_that_are_not_the_first() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        for _ in 0..40 {
            scene.browser.get(&record).await.is(StatusCode::OK);
        }
        assert_eq!(watch::run(&scene.world.context).await.unwrap(), 1, "a Sunday");
        let mut helene = scene.helene().await;
        let address = helene.get(routes::LOG).await.attribute("a[href^='/structure/alertes/']", "href").unwrap();
        let page = helene.get(&address).await;
        let (shown, folded) = page.html.split_once("<details><summary>Voir les ").expect("what is folded");
        let lines = |html: &str| html.matches("<li><time").count();
        assert_eq!(lines(shown), 5);
        assert!(lines(folded) + 5 > 40, "each is there: {}", lines(folded));
        page.is_well_made().says(&format!("Voir les {} autres lignes", lines(folded))).says("Fermer cette alerte");
    }
}

#[tokio::test]
async fn what_a_person_reports_reaches_the_referent_and_not_the_aidant() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        scene.josette_reports(&record, "Je n’étais pas là ce jour-là").await;
        for page in [routes::HOME, routes::JOURNAL, &record] {
            scene.browser.get(page).await.hides("signalé").hides("pas normal").hides("Je n’étais pas là");
        }
        let mut helene = scene.helene().await;
        let page = helene.get(routes::LOG).await;
        page.is_well_made().says("Josette Lambert dit qu’une action sur son compte n’est pas normale. L’aidant ne le sait pas.");
        let address = page.attribute("a[href^='/structure/alertes/']", "href").unwrap();
        helene.get(&address).await.is_well_made().says("Je n’étais pas là ce jour-là").says("Votre réponse à la personne");
        helene.submit(&address, &[("verdict", "handled"), ("note", "J’ai appelé Mme Lambert.")]).await.goes(&address);
        scene.browser.get(routes::JOURNAL).await.hides("signalé").hides("pas normal");
    }
}

#[tokio::test]
async fn an_alert_about_a_referent_is_for_another_one() {
    for mut scene in Scene::everywhere().await {
        // Nadia answers for the structure too.
        scene.nadia = scene.world.worker("Nadia Roussel", "referente@ccas-vaudorme.fr", MemberRole::Referent).await;
        scene.browser = at_desk(&scene.router, &scene.nadia);
        let record = scene.opens_account().await;
        scene.josette_reports(&record, "").await;
        assert_eq!(watch::run(&scene.world.context).await.unwrap(), 1, "and a Sunday");
        let operator = maincourante_mandates::alerts::for_operator(&scene.world.context).await.unwrap();
        assert_eq!(operator.len(), 2, "nobody else answers for the structure");

        let mut helene = scene.helene().await;
        assert!(maincourante_mandates::alerts::for_operator(&scene.world.context).await.unwrap().is_empty());
        let page = scene.browser.get(routes::LOG).await;
        page.hides("dit qu’une action sur son compte").says("des actions en dehors des heures habituelles");
        let sunday = page.attribute("a[href^='/structure/alertes/']", "href").unwrap();
        let page = scene.browser.get(&sunday).await;
        page.is(StatusCode::OK).is_well_made().says("Cette alerte parle de ce que vous avez fait").hides("Fermer l’alerte");
        let token = scene.browser.get(routes::LOG).await.attribute("[name=form_token]", "value").unwrap();
        let forced = [("form_token", token.as_str()), ("verdict", "normal"), ("note", "Rien")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        scene.browser.post(&sunday, &forced).await.goes(&sunday);
        assert!(!scene.journal().await.iter().any(|line| line.contains("fermé une alerte")), "not by whom it is about");

        let page = helene.get(routes::LOG).await;
        page.is_well_made().says("Josette Lambert dit qu’une action");
        let reported = page.attribute("a[href^='/structure/alertes/']", "href").unwrap();
        scene.browser.get(&reported).await.is(StatusCode::NOT_FOUND);
        scene.browser.post(&reported, &forced).await.is(StatusCode::NOT_FOUND);
        helene.get(&reported).await.is_well_made().says("La personne n’a pas écrit de message.");
        helene.submit(&reported, &[("verdict", "normal"), ("note", "Vu")]).await.goes(&reported);
    }
}
