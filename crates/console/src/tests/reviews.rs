//! Hélène, référente, chooses lines of the journal, reads them again and signs; Farid, référent too, does so at the same time.

use axum::http::StatusCode;
use maincourante_kernel::clock::{days, minutes};
use maincourante_mandates::MemberRole;

use super::*;

impl Scene {
    pub(super) async fn referent(&self, name: &str, login: &str) -> Browser {
        let worker = self.world.worker(name, login, MemberRole::Referent).await;
        at_desk(&self.router, &worker)
    }

    pub(super) async fn helene(&self) -> Browser {
        self.referent("Hélène Vasseur", "helene@ccas-vaudorme.fr").await
    }
}

fn lines(page: &Seen) -> usize {
    page.html.matches("<time").count()
}

#[tokio::test]
async fn a_filter_narrows_by_aidant_person_act_and_day_and_says_what_it_did_not_understand() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        let josette = id(&record).to_owned();
        scene.world.kernel().clock.advance(days(1));
        let mut helene = scene.helene().await;
        let all = lines(helene.get(routes::LOG).await.is(StatusCode::OK).is_well_made());
        let page = helene.get("/structure/journal?acte=mandat").await;
        page.is(StatusCode::OK).is_well_made().says("a activé le mandat de Josette Lambert").hides("a créé le compte");
        page.says("Vous voyez : tous les aidants, Mandats, depuis le début.");
        assert!(lines(&page) < all);
        let page = helene.get(&format!("/structure/journal?qui={josette}")).await;
        page.says("Josette Lambert, toutes les actions").hides("Hélène Vasseur a ouvert le journal");
        let named = helene.get("/structure/journal?personne=josette+LAMBERT").await;
        named.says("Josette Lambert, toutes les actions").hides("Hélène Vasseur a ouvert le journal");
        let nadia = page.attribute("#aidant option:nth-child(2)", "value").unwrap();
        helene.get(&format!("/structure/journal?aidant={nadia}")).await.says("Vous voyez : Nadia Roussel").hides("Hélène Vasseur a ouvert");
        helene.get("/structure/journal?du=22/11/2026&au=22/11/2026").await.says("a créé le compte").hides("Hélène Vasseur a ouvert");
        helene.get("/structure/journal?du=23/11/2026").await.hides("a créé le compte").says("Hélène Vasseur a ouvert");

        let nonsense = "/structure/journal?aidant=zz&acte=zz&du=demain&au=31/02/2026&etat=zz&qui=zz&avant=zz";
        let page = helene.get(nonsense).await;
        page.is(StatusCode::OK).is_well_made().says("a créé le compte").says("Nous n’avons pas compris la date « demain »");
        page.says("Cet aidant n’est pas de votre structure").says("Cette action n’existe pas").says("31/02/2026");
        page.says("Ce choix de lignes n’existe pas").says("Cette personne n’est pas de votre structure");
        helene
            .get("/structure/journal?du=24/11/2026&au=22/11/2026")
            .await
            .says("Le dernier jour est avant le premier")
            .says("a créé le compte");
        helene.get("/structure/journal?personne=zorro").await.says("Aucune personne de votre structure ne correspond à « zorro »");
        helene.get("/structure/journal?acte=telephone&du=23/11/2026").await.says("Aucune ligne ne correspond à ce choix.");

        let mut hugo = scene.hugo().await;
        for filter in [String::new(), format!("?qui={josette}"), format!("?aidant={nadia}"), "?personne=josette".to_owned()] {
            hugo.get(&format!("/structure/journal{filter}")).await.is(StatusCode::OK).hides("Nadia").hides("Lambert");
        }
    }
}

#[tokio::test]
async fn reading_with_a_filter_leaves_its_line_and_pages_keep_the_filter() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        for _ in 0..120 {
            scene.browser.get(&record).await;
        }
        let mut helene = scene.helene().await;
        let before = scene.world.journal().await.len();
        let mut page = helene.get("/structure/journal?acte=fiche&personne=lambert").await;
        assert_eq!(scene.world.journal().await.len(), before + 1, "who looked is written");
        let mut seen = lines(&page);
        while let Some(older) = page.attribute("a.button.wide[href*='avant=']", "href") {
            assert!(older.contains("acte=fiche") && older.contains("qui=") && !older.contains("lambert"), "{older}");
            page = helene.get(&older).await;
            page.is(StatusCode::OK).is_well_made().says("Fiches ouvertes").hides("a activé le mandat");
            seen += lines(&page);
        }
        // One more opening than those above: the record is opened once when the account is there.
        assert!((120..=121).contains(&seen), "{seen}");
    }
}

#[tokio::test]
async fn the_referent_signs_what_was_shown_and_not_what_came_meanwhile_and_takes_it_back() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        let mut helene = scene.helene().await;
        let page = helene.get(routes::LOG).await;
        page.is_well_made().says("lignes à relire. La plus ancienne date du dimanche 22 novembre 2026").says("À relire");
        scene.world.kernel().clock.advance(minutes(1));
        // Nadia opens the record while Hélène reads.
        scene.browser.get(&record).await;
        let mut twice = helene.clone();
        let signed = helene.submit(routes::LOG_REVIEW, &[("remark", "Vu avec Nadia")]).await;
        signed.is(StatusCode::SEE_OTHER);
        assert_eq!(twice.submit(routes::LOG_REVIEW, &[("remark", "Vu avec Nadia")]).await.location(), signed.location());
        let page = helene.follow().await;
        page.is(StatusCode::OK).is_well_made().says("lignes relues et signées par Hélène Vasseur").says("« Vu avec Nadia »");
        page.says("1 ligne à relire").says("Relu");
        let said = scene.journal().await;
        let reviewed = said.iter().filter(|line| line.contains("a relu des lignes du journal")).count();
        assert_eq!(reviewed, 1, "a double press signs once");

        helene.get("/structure/journal?etat=a-relire").await.says("Nadia Roussel a ouvert la fiche").hides("a activé le mandat");
        helene.get(routes::LOG).await;
        let undo = helene.last().attribute("form[action$='/annuler']", "action").unwrap();
        helene.submit(&undo, &[]).await.goes_saying(routes::LOG);
        helene
            .follow()
            .await
            .is_well_made()
            .says("Votre relecture est annulée. Les lignes sont à nouveau à relire.")
            .says("a annulé une relecture du journal")
            .hides("lignes relues et signées par");
        let stranger = scene.referent("Farid Benali", "farid@ccas-vaudorme.fr").await.clone();
        let mut farid = stranger;
        farid.get(routes::LOG).await.says("À relire");
        let token = farid.last().attribute("[name=form_token]", "value").unwrap();
        farid.post(&undo, &[("form_token".into(), token)]).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("Seule la personne qui a signé");
    }
}

#[tokio::test]
async fn of_two_referents_at_once_the_second_is_told_and_keeps_what_they_wrote() {
    for mut scene in Scene::everywhere().await {
        scene.opens_account().await;
        let mut helene = scene.helene().await;
        let mut farid = scene.referent("Farid Benali", "farid@ccas-vaudorme.fr").await;
        helene.get(routes::LOG).await;
        farid.get(routes::LOG).await;
        helene.submit(routes::LOG_REVIEW, &[]).await.is(StatusCode::SEE_OTHER);
        let told = farid.submit(routes::LOG_REVIEW, &[("remark", "Rien à dire")]).await;
        told.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Hélène Vasseur a relu et signé ces lignes juste avant vous");
        assert_eq!(scene.journal().await.iter().filter(|line| line.contains("a relu des lignes")).count(), 1);
        let long = "x".repeat(1001);
        scene.browser.get(routes::HOME).await;
        scene.world.kernel().clock.advance(minutes(1));
        let aidant = scene.world.at_work(&scene.nadia).await;
        maincourante_mandates::people::list(
            &scene.world.context,
            &aidant,
            maincourante_mandates::people::Asked { words: "lambert", page: 1, ending_before: scene.world.kernel().now() },
        )
        .await
        .unwrap();
        farid.get(routes::LOG).await.says("À relire");
        let refused = farid.submit(routes::LOG_REVIEW, &[("remark", &long)]).await;
        refused.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Ce texte est trop long").says(&long);
        let form = [("form_token".to_owned(), farid.last().attribute("[name=form_token]", "value").unwrap())];
        farid.post(routes::LOG_REVIEW, &form).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("La liste a changé");
    }
}

#[tokio::test]
async fn three_hundred_lines_are_signed_only_once_the_oldest_was_shown() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        for _ in 0..300 {
            scene.browser.get(&record).await;
        }
        let mut helene = scene.helene().await;
        let mut page = helene.get(routes::LOG).await;
        page.is_well_made().says("Pour signer, lisez d’abord toutes les lignes à relire");
        assert!(page.form(routes::LOG_REVIEW).is_none());
        while page.form(routes::LOG_REVIEW).is_none() {
            let older = page.attribute("a.button.wide[href*='avant=']", "href").expect("older lines");
            page = helene.get(&older).await;
            page.is(StatusCode::OK).is_well_made();
        }
        helene.submit(routes::LOG_REVIEW, &[]).await.is(StatusCode::SEE_OTHER);
        let page = helene.follow().await;
        let done = page.part(".done").unwrap();
        assert!(done.contains("lignes relues et signées") && done.trim_start().starts_with('3'), "{done}");
        page.says("Tout est relu.");
    }
}

#[tokio::test]
async fn a_structure_where_nothing_happened_has_its_page() {
    for scene in Scene::everywhere().await {
        let mut hugo = scene.hugo().await;
        let page = hugo.get(routes::LOG).await;
        page.is(StatusCode::OK).is_well_made();
        let page = hugo.get("/structure/journal?acte=compte").await;
        page.is(StatusCode::OK).is_well_made().says("Aucune ligne ne correspond à ce choix.");
        assert_eq!(lines(&page), 0);
    }
}
