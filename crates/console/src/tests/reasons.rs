//! Hélène asks Nadia why; Nadia answers in her words; nobody else is asked, nobody else answers.

use axum::http::StatusCode;

use super::*;

impl Scene {
    /// Where Hélène asks the reason of the newest line of Nadia that she is proposed to ask about.
    async fn asks(&self, helene: &mut Browser) -> String {
        let page = helene.get(routes::LOG).await;
        let ask = page.attribute("a[href^='/structure/journal/raison/']", "href").expect("a line to ask about");
        helene.get(&ask).await.is(StatusCode::OK).is_well_made().says("Demander la raison à Nadia Roussel");
        ask
    }
}

#[tokio::test]
async fn a_reason_is_asked_seen_at_home_given_in_words_and_read_beside_the_line() {
    for mut scene in Scene::everywhere().await {
        scene.opens_account().await;
        let mut helene = scene.helene().await;
        let ask = scene.asks(&mut helene).await;
        let mut twice = helene.clone();
        helene.submit(&ask, &[]).await.goes_saying(routes::LOG);
        twice.submit(&ask, &[]).await.goes_saying(routes::LOG);
        helene
            .follow()
            .await
            .is_well_made()
            .says("C’est demandé. Nadia Roussel verra votre demande dans son espace.")
            .says("Raison demandée. Nadia Roussel n’a pas encore répondu.");
        assert_eq!(scene.journal().await.iter().filter(|line| line.contains("a demandé à Nadia Roussel la raison")).count(), 1);

        scene.browser.get(routes::JOURNAL).await.is_well_made().says("On vous demande la raison d’une action");
        let home = scene.browser.get(routes::HOME).await;
        home.is_well_made().says("On vous demande la raison d’une action").says("Répondre à Hélène Vasseur");
        let address = home.attribute("a[href^='/aidant/raisons/']", "href").unwrap();
        scene.browser.get(&address).await.is(StatusCode::OK).is_well_made().says("C’est une question, pas un reproche.");
        let empty = scene.browser.submit(&address, &[("words", " ")]).await;
        empty.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Écrivez votre réponse, même courte.");
        let long = "a".repeat(1001);
        scene.browser.submit(&address, &[("words", &long)]).await.is(StatusCode::UNPROCESSABLE_ENTITY).says(&long);
        let mut tab = scene.browser.clone();
        scene.browser.submit(&address, &[("words", "Visite à domicile <b>urgente</b>")]).await.goes(&address);
        tab.submit(&address, &[("words", "Autre chose")]).await.goes(&address);
        scene.browser.follow().await.is_well_made().says("Votre réponse est envoyée").says("Visite à domicile <b>urgente</b>");
        scene.browser.get(routes::HOME).await.hides("On vous demande");

        let page = helene.get(routes::LOG).await;
        page.is_well_made().says("Réponse de Nadia Roussel : « Visite à domicile <b>urgente</b> »").hides("Autre chose");
        assert!(!page.html.contains("<b>urgente"), "what people write is text");
        assert!(scene.journal().await.iter().any(|line| line == "Nadia Roussel a donné la raison d’une action."));
    }
}

#[tokio::test]
async fn only_the_aidant_of_the_line_answers_and_only_their_structure_asks() {
    for mut scene in Scene::everywhere().await {
        scene.opens_account().await;
        let mut helene = scene.helene().await;
        let ask = scene.asks(&mut helene).await;
        let mut hugo = scene.hugo().await;
        hugo.get(routes::LOG).await;
        hugo.get(&ask).await.is(StatusCode::NOT_FOUND);
        let token = hugo.last().attribute("[name=form_token]", "value");
        let token = match token {
            Some(token) => token,
            None => hugo.get(routes::LOG).await.attribute("[name=form_token]", "value").unwrap(),
        };
        hugo.post(&ask, &[("form_token".into(), token)]).await.is(StatusCode::NOT_FOUND);
        // A mere aidant asks nobody.
        scene.browser.get(&ask).await.is(StatusCode::NOT_FOUND);
        helene.get(&ask).await;
        helene.submit(&ask, &[]).await;
        let address = scene.browser.get(routes::HOME).await.attribute("a[href^='/aidant/raisons/']", "href").unwrap();
        helene.get(&address).await.is(StatusCode::NOT_FOUND);
        hugo.get(&address).await.is(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn an_aidant_who_left_is_not_asked_and_it_is_said() {
    for mut scene in Scene::everywhere().await {
        scene.opens_account().await;
        let mut helene = scene.helene().await;
        let ask = scene.asks(&mut helene).await;
        scene.world.leaves(&scene.nadia).await;
        let refused = helene.submit(&ask, &[]).await;
        refused.is(StatusCode::FORBIDDEN).is_well_made().says("Nadia Roussel ne fait plus partie de la structure");
        helene.get(&ask).await.is(StatusCode::OK).is_well_made().says("ne peut plus répondre ici");
        let page = helene.get(routes::LOG).await;
        page.hides("Demander la raison à Nadia").says("Nadia Roussel (jusqu’au 22 novembre 2026)");
        assert!(!scene.journal().await.iter().any(|line| line.contains("la raison d’une action")));
    }
}

#[tokio::test]
async fn a_question_that_was_left_behind_says_that_no_answer_will_come() {
    for mut scene in Scene::everywhere().await {
        scene.opens_account().await;
        let mut helene = scene.helene().await;
        let ask = scene.asks(&mut helene).await;
        helene.submit(&ask, &[]).await.goes_saying(routes::LOG);
        scene.world.leaves(&scene.nadia).await;
        let page = helene.follow().await;
        page.says("Raison demandée. Nadia Roussel ne fait plus partie de la structure, et n’a pas répondu.").hides("verra votre demande");
    }
}
