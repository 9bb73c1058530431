//! Every door of these pages: who may open it, and that no name is too long for it.

use maincourante_mandates::PersonFields;
use maincourante_mandates::testing::World as Ccas;
use maincourante_shell::{Audience, Verb};
use maincourante_usager::doors;

use crate::world::World;

const ID: &str = "01900000-0000-7000-8000-000000000000";

fn filled(path: &str) -> String {
    path.replace("{id}", ID).replace("{reference}", "recu-1-1").replace("{index}", "1")
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_sent_to_sign_in_from_every_page_of_a_person() {
    let world = World::new().await;
    let (_, table) = doors();
    assert!(table.len() > 15, "the table is there");
    for door in table {
        let mut browser = world.browser();
        let path = filled(door.path);
        match (door.audience, door.verb) {
            (Audience::Usager, Verb::Get) => {
                browser.get(&path).await.goes("/connexion");
            }
            // Signing out when signed out is no error; the others do nothing.
            (Audience::Usager, Verb::Post) => {
                browser.get("/connexion").await;
                let answer = browser.submit_to("/connexion", &path, &[]).await;
                answer.goes(if path == "/deconnexion" { "/deconnexion" } else { "/connexion" });
            }
            (Audience::Public, Verb::Get) => {
                let status = browser.get(&path).await.status;
                assert!(status.is_success() || status.is_redirection(), "{path}: {status}");
            }
            (Audience::Public, Verb::Post) => {}
            (Audience::Aidant | Audience::Structure | Audience::Lent, _) => panic!("{path} is not for these pages"),
        }
    }
}

#[tokio::test]
async fn every_page_holds_a_name_of_eighty_characters() {
    let world = World::new().await;
    let given = "Marie-Bérengère Wilhelmine Anne-Sophie";
    let family = "d’Aubigné-Montferrand de La Rochefoucauld";
    let name = format!("{given} {family}");
    assert_eq!(name.chars().count(), 80);
    let fields = PersonFields { given_names: given.into(), family_name: family.into(), ..Ccas::josette() };
    world.opens(&fields).await;
    let mut browser = world.signed_in(crate::world::PHONE).await;
    browser.get("/compte").await.ok().says(&name);
    let page = browser.get("/aide/qui-m-a-aide").await;
    let stop = page.ok().html().split("/aide/arreter/").nth(1).and_then(|rest| rest.split('"').next()).expect("a mandate").to_owned();
    browser.get(&format!("/aide/arreter/{stop}")).await.ok();
    for path in ["/connexion", "/mot-de-passe-oublie", "/aide", "/accessibilite", "/donnees"] {
        browser.get(path).await.ok();
    }
}

#[tokio::test]
async fn the_root_leads_home() {
    let world = World::with_josette().await;
    world.browser().get("/").await.goes("/connexion");
    world.josette().await.get("/").await.goes("/messages");
}
