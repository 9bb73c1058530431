//! Who may knock where: another structure, a mere aidant, someone of no structure, nobody.

use axum::http::StatusCode;
use maincourante_identity::StaffKind;
use maincourante_identity::testing::{signed_in_staff, staff};
use maincourante_mandates::MemberRole;
use maincourante_shell::Audience;

use super::*;

#[tokio::test]
async fn for_another_structure_none_of_it_exists() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    let draft = scene.prepares(&[("given_names", "René"), ("phone", "06 39 98 00 11")]).await;
    let lines = scene.world.journal().await.len();
    let mut hugo = scene.hugo().await;
    hugo.get(routes::HOME).await.is(StatusCode::OK).hides("Josette").hides("René");
    hugo.get("/aidant?q=josette").await.says("Aucune personne ne correspond à « josette ».");
    let token = hugo.last().attribute("[name=form_token]", "value").unwrap();

    let (_, table) = doors();
    let with_id: Vec<Door> = table.into_iter().filter(|door| door.path.contains("{id}")).collect();
    assert!(with_id.len() > 15);
    for door in with_id {
        for identity in [id(&record), id(&draft)] {
            let path = door.path.replace("{id}", identity);
            let answer = match door.verb {
                Verb::Get => hugo.get(&path).await,
                Verb::Post => {
                    let answer = hugo.post(&path, &[("form_token".to_owned(), token.clone())]).await;
                    // A form to be corrected tells nothing of what is there; anything else leads to a page that is not.
                    match answer.status {
                        StatusCode::SEE_OTHER => hugo.follow().await,
                        StatusCode::UNPROCESSABLE_ENTITY => {
                            answer.hides("Josette").hides("René");
                            continue;
                        }
                        // A form that carries a file is not read when it is sent as another: its own scene knocks there.
                        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE if door.path == routes::PRINT => continue,
                        _ => answer,
                    }
                }
            };
            answer.is(StatusCode::NOT_FOUND).hides("Josette").hides("René").hides("Lambert");
        }
    }
    hugo.get("/aidant/personnes/pas-un-uuid").await.is(StatusCode::NOT_FOUND);
    assert_eq!(scene.world.journal().await.len(), lines, "a stranger leaves no line in a log that is not theirs");
}

#[tokio::test]
async fn nobody_is_shown_the_entrance_everywhere() {
    let scene = Scene::new().await;
    let (_, table) = doors();
    for door in table {
        let mut nobody = Browser::new(scene.router.clone());
        nobody.set_cookie("session", "x");
        let answer = knocks(&mut nobody, door, "018f0000-0000-7000-8000-000000000000").await;
        match (door.audience, door.path) {
            (_, routes::SIGN_IN | routes::INVITATION | routes::INVITATION_DEVICE | routes::INVITATION_ACCEPT)
                if door.verb == Verb::Post =>
            {
                answer.is(StatusCode::FORBIDDEN)
            }
            // Without the link of a letter, there is nothing behind its pages.
            (_, routes::LINK | routes::INVITATION_DEVICE) => answer.goes(routes::INVITATION),
            (_, routes::INVITATION) => answer.is(StatusCode::FORBIDDEN).says("Ce lien ne marche pas"),
            (_, routes::SIGN_IN | routes::LENT_OVER) => answer.is(StatusCode::OK),
            (_, routes::LOCK) => answer.goes(routes::HOME),
            (Audience::Aidant | Audience::Structure, _) => answer.goes(routes::SIGN_IN),
            (Audience::Lent, _) => answer.goes(routes::LENT_OVER),
            (Audience::Public | Audience::Usager, _) => panic!("{} is not of the console", door.path),
        };
    }
}

#[tokio::test]
async fn the_journal_of_the_structure_is_for_its_referent() {
    let mut scene = Scene::new().await;
    scene.opens_account().await;
    scene.browser.get(routes::LOG).await.is(StatusCode::NOT_FOUND);
    scene.browser.get(routes::HOME).await.hides("Relire le journal");

    let helene = scene.world.worker("Hélène Vasseur", "helene@ccas-vaudorme.fr", MemberRole::Referent).await;
    let mut browser = at_desk(&scene.router, &helene);
    browser.get(routes::HOME).await.says("Relire le journal de la structure");
    let page = browser.get(routes::LOG).await;
    page.is(StatusCode::OK).is_well_made().says("Espace structure, CCAS de Vaudorme").says("Aujourd’hui, dimanche 22 novembre 2026");
    page.says("Nadia Roussel a activé le mandat de Josette Lambert").says("Les lignes ne montrent jamais ce que contiennent les messages");
    assert!(page.part(".journal time").is_some_and(|hour| hour.starts_with("9 h")), "the hour is in the margin");
    page.says("Hélène Vasseur a ouvert le journal du CCAS de Vaudorme.");
    assert_eq!(page.part(".menu [aria-current]").as_deref(), Some("Journal"));
    browser.get("/structure/journal?avant=nimporte").await.is(StatusCode::OK).says("Nadia Roussel a activé le mandat");

    let mut hugo = scene.hugo().await;
    hugo.get(routes::LOG).await.is(StatusCode::OK).hides("Josette").hides("Nadia");
}

#[tokio::test]
async fn older_lines_have_their_page() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    for _ in 0..60 {
        scene.browser.get(&record).await;
    }
    let first = scene.browser.get(routes::JOURNAL).await;
    assert_eq!(first.html.matches("<time").count(), 50);
    let older = first.attribute(".unprinted a", "href").unwrap();
    let second = scene.browser.get(&older).await;
    second.is(StatusCode::OK).is_well_made().says("a préparé un mandat pour Josette Lambert").says("Revenir aux dernières lignes");
}

#[tokio::test]
async fn someone_of_no_structure_is_told_so_and_can_leave() {
    let scene = Scene::new().await;
    let (id, _) = staff(&scene.world.context.identity, StaffKind::Aidant, "Zoé Martin", "zoe@exemple.fr").await;
    let (_, cookie) = signed_in_staff(scene.world.kernel(), id).await;
    let mut zoe = Browser::new(scene.router.clone());
    zoe.set_cookie("staff", cookie.reveal());
    zoe.get(routes::HOME).await.is(StatusCode::FORBIDDEN).is_well_made().says("Vous n’êtes dans aucune structure");
    zoe.submit(routes::SIGN_OUT, &[]).await.goes(routes::SIGN_IN);
    zoe.get(routes::HOME).await.goes(routes::SIGN_IN);
}
