//! The team of a structure, by its référente: Hélène invites, charges, removes; what she cannot do says why. And what a suspension
//! stops. On both engines.

use maincourante_journal::Event;
use maincourante_kernel::testing::kernels;

use super::*;

const CCAS: &str = "26400012300010";

#[tokio::test]
async fn an_invitation_that_cannot_be_is_refused_in_words_and_what_was_typed_is_kept() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (_, mut helene) = scene.helene_too().await;
        helene.get(routes::INVITE).await;
        for (name, login, says) in [
            ("", "paul@mairie.fr", "Écrivez un prénom et un nom"),
            ("Paul Ferrand", "", "Écrivez l’adresse e‑mail de cette personne"),
            ("Paul Ferrand", "paul", "Il manque la fin de l’adresse, après le signe @"),
            ("Paul Ferrand", "paul ferrand@mairie.fr", "Cette adresse n’est pas écrite comme il faut"),
            ("Hélène Vasseur", "Helene@ccas-vaudorme.fr", "C’est votre propre adresse"),
            ("Nadia Roussel", "nadia@ccas-vaudorme.fr", "Cette personne est déjà dans l’équipe"),
        ] {
            let page = helene.submit(routes::INVITE, &[("name", name), ("login", login)]).await;
            page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says(says);
            assert_eq!(page.attribute("[name=login]", "value").as_deref(), Some(login), "what was typed is kept");
        }
        scene.world.jobs_run().await;
        assert!(scene.world.letters.lock().unwrap().is_empty(), "nothing left");

        helene.get(routes::INVITE).await;
        let form = helene.clone();
        for mut tab in [helene.clone(), form] {
            tab.submit(routes::INVITE, &[("name", "Paul Ferrand"), ("login", "paul@mairie.fr")]).await.goes_saying(routes::TEAM);
            tab.follow().await.is_well_made().says("L’invitation est envoyée à Paul Ferrand.");
        }
        scene.world.jobs_run().await;
        assert_eq!(scene.world.letters.lock().unwrap().len(), 1, "posted twice, one letter");
        helene.get(routes::INVITE).await;
        let typed = [("name", "Paul Ferrand"), ("login", "PAUL@mairie.fr")];
        helene.submit(routes::INVITE, &typed).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("Cette personne est déjà invitée");
        let mut nadia = scene.browser.clone();
        for path in [routes::TEAM, routes::INVITE] {
            nadia.get(path).await.is(StatusCode::NOT_FOUND);
        }
    }
}

/// The address of a form of the team page, for the person of this name: `role` or `place`.
fn form_of(page: &Seen, name: &str, what: &str) -> String {
    let after = page.html.split(&format!("<h2>{name}")).nth(1).or_else(|| page.html.split(&format!("<h3>{name}")).nth(1)).unwrap();
    after.split("action=\"").map(|rest| rest.split('"').next().unwrap()).find(|action| action.ends_with(what)).unwrap().to_owned()
}

#[tokio::test]
async fn a_structure_keeps_a_referent_and_roles_are_changed_by_one() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (_, mut helene) = scene.helene_too().await;
        let page = helene.get(routes::TEAM).await;
        page.is(StatusCode::OK).is_well_made().says("Hélène Vasseur (vous)").says("Il n’y a pas d’autre responsable de la structure");
        let role = form_of(&page, "Nadia Roussel", "/role");
        // The page has no form for her own place: a forger finds it closed too.
        let token = page.attribute("[name=form_token]", "value").unwrap();
        let mut tx = scene.world.kernel().db.read().await.unwrap();
        let (own, _) = maincourante_identity::find_staff(&mut tx, "helene@ccas-vaudorme.fr").await.unwrap().unwrap();
        drop(tx);
        for (what, field, value) in [("place", "place", "out"), ("role", "role", "aidant")] {
            let fields = [("form_token".to_owned(), token.clone()), (field.to_owned(), value.to_owned())];
            let answer = helene.post(&format!("/structure/aidants/{own}/{what}"), &fields).await;
            answer
                .is(StatusCode::UNPROCESSABLE_ENTITY)
                .is_well_made()
                .says("Ce n’est pas possible")
                .says("Il n’y a pas d’autre responsable");
        }
        let mut nadia = scene.browser.clone();
        nadia.get(routes::LOG).await.is(StatusCode::NOT_FOUND);
        helene.get(routes::TEAM).await;
        helene.submit(&role, &[]).await.goes(routes::TEAM);
        nadia.get(routes::LOG).await.is(StatusCode::OK);
        let page = helene.follow().await;
        page.hides("Il n’y a pas d’autre responsable de la structure");
        helene.submit(&form_of(&page, "Hélène Vasseur", "/role"), &[]).await.goes(routes::TEAM);
        helene.follow().await.is(StatusCode::NOT_FOUND);
        let told = scene.journal().await.join("\n");
        assert!(told.contains("Hélène Vasseur a chargé Nadia Roussel de répondre de l’équipe du CCAS de Vaudorme"), "{told}");
        assert!(told.contains("Hélène Vasseur a noté que Hélène Vasseur ne répond plus"), "{told}");
        nadia.get(routes::TEAM).await.says("Il n’y a pas d’autre responsable de la structure");
    }
}

#[tokio::test]
async fn someone_removed_is_out_at_the_next_request_with_the_screens_they_lent_and_can_be_put_back() {
    for test in kernels().await {
        let mut scene = Scene::on(test).await;
        let (_, mut helene) = scene.helene_too().await;
        let mandate = scene.prepares(&[]).await;
        scene.lends(&mandate).await;
        let page = helene.get(routes::TEAM).await;
        let place = form_of(&page, "Nadia Roussel", "/place");
        helene.submit(&place, &[]).await.goes(&routes::taken_out(place.split('/').nth(3).unwrap()));
        let page = helene.follow().await;
        assert_eq!(page.part(".done").as_deref(), Some("Nadia Roussel n’est plus dans l’équipe.Annuler"));
        page.is_well_made().says("Ne sont plus dans l’équipe").says("Plus dans l’équipe depuis le 22 novembre 2026");
        scene.browser.get("/signer/signature").await.goes("/signer");
        scene.browser.follow().await.goes("/signer/termine");
        scene.takes_back().await;
        scene.browser.get(routes::HOME).await.is(StatusCode::FORBIDDEN).is_well_made().says("Vous n’êtes dans aucune structure");

        helene.submit(&place, &[]).await.goes(routes::TEAM);
        scene.browser.get(routes::HOME).await.is(StatusCode::OK);
        let told = scene.journal().await.join("\n");
        assert!(told.contains("Hélène Vasseur a retiré Nadia Roussel de l’équipe"), "{told}");
        assert!(told.contains("Hélène Vasseur a activé l’accès de Nadia Roussel"), "{told}");
        let mut hugo = scene.hugo().await;
        let token = hugo.get(routes::TEAM).await.attribute("[name=form_token]", "value").unwrap();
        let fields = [("form_token".to_owned(), token), ("place".to_owned(), "out".to_owned())];
        hugo.post(&place, &fields).await.is(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn mandates_are_held_with_their_structure_and_given_back_with_it() {
    for test in kernels().await {
        let mut scene = Scene::on(test).await;
        let record = scene.opens_account().await;
        let usager: maincourante_identity::UsagerId = id(&record).parse().unwrap();
        let own = maincourante_identity::testing::own(scene.world.kernel(), usager).await;
        let mandates = async || maincourante_mandates::mine::mandates(&scene.world.context, &own).await.unwrap().remove(0);
        assert!(mandates().await.closed.is_none());
        structures::suspend(&scene.world.context, CCAS).await.unwrap();
        let held = mandates().await;
        assert!(held.structure_in_pause && held.can_be_stopped() && held.closed.is_some(), "{}", scene.world.engine);
        let told = async |event: Event| scene.world.journal().await.iter().filter(|record| record.event == event).count();
        assert_eq!(told(Event::MandateSuspended).await, 1);
        let person = maincourante_mandates::review::for_person(&scene.world.context, &own, None).await.unwrap().records;
        let read = maincourante_journal::sentence(&person[0], maincourante_journal::Reader::Person).replace('\u{a0}', " ");
        assert!(read.contains("suspendu votre mandat") && read.contains("la structure est suspendue"), "{read}");
        // The clock does the same, and finds nothing left to do.
        maincourante_mandates::lifecycle::run(&scene.world.context).await.unwrap();
        assert_eq!(told(Event::MandateSuspended).await, 1);

        structures::resume(&scene.world.context, CCAS).await.unwrap();
        let given = mandates().await;
        assert!(given.closed.is_none() && !given.structure_in_pause);
        assert_eq!(told(Event::MandateResumed).await, 1);
    }
}
