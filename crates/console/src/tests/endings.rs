//! What Hélène, référente, records in the record of Josette: an end, a dispute; what Nadia and Hugo cannot. On both engines.

use super::*;

const PAGES: [(&str, &str); 4] = [
    ("deces", "Noter le décès de Josette Lambert"),
    ("tutelle", "Noter la tutelle de Josette Lambert"),
    ("renoncer", "Renoncer au mandat de Josette Lambert"),
    ("pause", "Mettre en pause le mandat de Josette Lambert"),
];

#[tokio::test]
async fn a_referent_records_a_death_on_a_page_that_says_what_changes_and_others_find_no_such_page() {
    for mut scene in Scene::everywhere().await {
        let (worker, mut helene) = scene.helene_too().await;
        let record = scene.opens_account().await;
        let mut hugo = scene.hugo().await;
        for (last, title) in PAGES {
            let path = format!("{record}/{last}");
            let page = helene.get(&path).await;
            page.is(StatusCode::OK).is_well_made().says(title).says("Ce qui change").says("Ce qui ne change pas");
            assert_eq!(page.html.matches("button grave").count(), 1, "{path}");
            scene.browser.get(&path).await.is(StatusCode::NOT_FOUND);
            hugo.get(&path).await.is(StatusCode::NOT_FOUND);
        }
        helene.get(&record).await.says("Noter un décès").says("Renoncer au mandat").says("Mettre le mandat en pause");
        assert!(!scene.browser.get(&record).await.text().contains("Noter un décès"), "an aidant records no end");

        let path = format!("{record}/deces");
        helene.get(&path).await;
        let code = scene.world.code(&worker).reveal().clone();
        let typed = [("day", "31/02/2026"), ("note", "Appel de sa fille"), ("code", code.as_str())];
        let page = helene.submit(&path, &typed).await;
        page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Cette date n’existe pas");
        assert_eq!(page.attribute("[name=day]", "value").as_deref(), Some("31/02/2026"), "what was typed is kept");
        page.says("Appel de sa fille");
        let typed = [("day", "22/11/2026"), ("note", "Appel de sa fille"), ("code", "000000")];
        helene.submit(&path, &typed).await.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made();
        let code = scene.world.code(&worker).reveal().clone();
        let typed = [("day", "22/11/2026"), ("note", "Appel de sa fille"), ("code", code.as_str())];
        helene.submit(&path, &typed).await.goes(&record);
        let page = helene.follow().await;
        page.is(StatusCode::OK).is_well_made().says("parce que la personne est décédée");
        assert!(!page.text().contains("Noter une tutelle"), "what is over ends no more");
        page.says("Précision : « Appel de sa fille »");
        helene.get(&path).await.goes(&record);
        assert!(
            scene
                .journal()
                .await
                .iter()
                .any(|line| line.contains("a mis fin au mandat de Josette Lambert. Motif : la personne est décédée."))
        );
    }
}

#[tokio::test]
async fn a_dispute_is_written_and_lifted_by_a_referent_and_stops_the_aidants_meanwhile() {
    for mut scene in Scene::everywhere().await {
        let (_, mut helene) = scene.helene_too().await;
        let record = scene.opens_account().await;
        let (pause, resume) = (format!("{record}/pause"), format!("{record}/reprise"));
        helene.get(&resume).await.goes(&record);
        helene.get(&pause).await;
        helene
            .submit(&pause, &[("note", "")])
            .await
            .is(StatusCode::UNPROCESSABLE_ENTITY)
            .is_well_made()
            .says("Répondez à cette question, en quelques mots.");
        let mut twice = helene.clone();
        helene.submit(&pause, &[("note", "Un doute")]).await.goes(&record);
        twice.get(&record).await.is(StatusCode::OK);
        helene.get(&pause).await.goes(&record);
        let page = scene.browser.get(&record).await;
        page.is(StatusCode::OK).is_well_made().says("Votre structure a noté un désaccord");
        assert!(!page.text().contains("Remettre le mandat en marche"), "not by an aidant");
        assert!(!page.html.contains("/mot-de-passe\""), "nothing to lend");

        helene.get(&record).await.says("Remettre le mandat en marche");
        helene.get(&resume).await.is(StatusCode::OK).is_well_made();
        helene.submit(&resume, &[("note", "C’était sa petite-fille")]).await.goes(&record);
        let page = scene.browser.get(&record).await;
        page.says("Mandat valable jusqu’au");
        assert!(!page.text().contains("a noté un désaccord."), "it is settled");
        let lines = scene.journal().await;
        assert!(lines.iter().any(|line| line.contains("a suspendu le mandat de Josette Lambert. Motif : il y a un désaccord. Précision : « Un doute »")), "{lines:?}");
    }
}

#[tokio::test]
async fn an_aidant_deletes_an_account_opened_by_error_and_the_list_says_it() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        let mut hugo = scene.hugo().await;
        let path = format!("{record}/suppression");
        hugo.get(&path).await.is(StatusCode::NOT_FOUND);
        scene.browser.get(&record).await.says("Supprimer ce compte, ouvert par erreur").says("Possible jusqu’au");
        let page = scene.browser.get(&path).await;
        page.is(StatusCode::OK).is_well_made().says("Supprimer le compte de Josette Lambert").says("ne sera plus jamais donnée");
        assert_eq!(page.html.matches("button grave").count(), 1);
        let page = scene.browser.submit(&path, &[("note", ""), ("code", "000000")]).await;
        page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Répondez à cette question, en quelques mots.");
        let page = scene.browser.submit(&path, &[("note", "Prénom mal écrit"), ("code", "000000")]).await;
        page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Prénom mal écrit");
        let code = scene.code();
        scene.browser.submit(&path, &[("note", "Prénom mal écrit"), ("code", &code)]).await.goes("/aidant?supprime");
        let page = scene.browser.follow().await;
        page.is(StatusCode::OK).is_well_made().says("Le compte est supprimé.");
        assert!(!page.text().contains("Josette Lambert"), "the list does not hold them any more");
        for gone in [record.clone(), path, format!("{record}/mandat"), format!("{record}/feuille")] {
            scene.browser.get(&gone).await.is(StatusCode::NOT_FOUND);
        }
        let lines = scene.journal().await;
        let line = "a supprimé le compte de Josette Lambert, créé par erreur.";
        assert!(lines.iter().any(|said| said.contains(line) && said.contains("Prénom mal écrit")), "{lines:?}");
    }
}
