//! Three hundred people, homonyms among them: pages, a search that finds, and the line it leaves.

use axum::http::StatusCode;
use maincourante_mandates::testing::crowd;

use super::*;

#[tokio::test]
async fn three_hundred_people_have_pages_and_a_search_finds_homonyms_by_their_address() {
    for mut scene in Scene::everywhere().await {
        scene.opens_account().await;
        crowd(&scene.world, &scene.nadia, 300).await;
        let mut page = scene.browser.get(routes::HOME).await;
        page.is(StatusCode::OK).is_well_made().says("301 personnes.");
        let mut seen = std::collections::BTreeSet::new();
        for number in 2.. {
            let document = page.html.clone();
            seen.extend(document.split("href=\"/aidant/personnes/").skip(1).filter_map(|rest| rest.get(..36).map(str::to_owned)));
            let Some(more) = page.attribute(&format!("a.button.wide[href$='page={number}']"), "href") else { break };
            let before = page.path.clone();
            page = scene.browser.get(&more).await;
            page.is(StatusCode::OK).is_well_made().says("Voir les personnes précédentes");
            let back = page.attribute(&format!("a.button.wide[href$='page={}']", number - 1), "href").unwrap();
            assert!(number == 2 || back == before, "one goes back from {more}");
        }
        assert_eq!(seen.len(), 301, "each on one page");

        let found = scene.browser.get("/aidant?q=martin+marie").await;
        found.is_well_made().says("3 personnes trouvées.").says("marie.martin1@exemple-mail.fr").says("marie.martin3@exemple-mail.fr");
        let line = &scene.world.journal().await[0];
        assert_eq!(line.event, maincourante_journal::Event::RecordSearched);
        let told = line.subjects.iter().filter(|seen| seen.kind == maincourante_journal::SubjectKind::Usager).count();
        assert_eq!(told, 3, "homonyms are each told");
        scene.browser.get("/aidant?q=personne").await.says("297 personnes trouvées.");
        let line = &scene.world.journal().await[0];
        assert!(line.subject(maincourante_journal::SubjectKind::Usager).is_none(), "a word of everyone looks for nobody");
        let lines = scene.world.journal().await.len();
        scene.browser.get("/aidant?q=personne&page=2").await.is(StatusCode::OK);
        assert_eq!(scene.world.journal().await.len(), lines, "the next page is the same search");
        scene.browser.get("/aidant?q=marie.martin2").await.says("1 personne trouvée.");
    }
}
