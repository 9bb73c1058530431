//! Every door of these pages: who may open it, and that no name is too long for it.

use maincourante_mandates::PersonFields;
use maincourante_mandates::testing::World as Ccas;
use maincourante_shell::{Audience, Verb};
use maincourante_usager::doors;

use crate::letters::plain;
use crate::world::{PHONE, World};

const ID: &str = "01900000-0000-7000-8000-000000000000";

fn filled(path: &str) -> String {
    path.replace("{id}", ID)
        .replace("{reference}", "recu-1-1")
        .replace("{index}", "1")
        .replace("{letter}", ID)
        .replace("{draft}", ID)
        .replace("{file}", ID)
        .replace("{page}", ID)
        .replace("{line}", ID)
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
    world.opens(&PersonFields { given_names: given.into(), family_name: family.into(), ..Ccas::josette() }).await;
    let mut browser = world.signed_in(PHONE).await;
    let page = browser.get("/compte").await;
    let address = page.ok().text().split_whitespace().find(|word| word.contains('@')).expect("an address").to_owned();
    page.says(&name);
    browser.get("/messages").await.ok().says(&name).says(&address);
    world.delivers(&address, &plain(&format!("{name} <x@y.example>"), &name, &name)).await;
    let letter = browser.get("/messages").await.ok().links("/messages/recu-")[0].clone();
    let answer = browser.get(&letter).await.says(&format!("Inconnu : {name}")).links("/messages/ecrire?reponse=")[0].clone();
    browser.get(&answer).await.ok().says(&format!("Relire le message de {name}"));
    let long = format!("{}@{}.example", "a".repeat(64), "b".repeat(60));
    let fields = [("to", long.as_str()), ("subject", &name), ("text", &name)];
    let given = browser.submit("/messages/ecrire", &fields).await.location();
    browser.get(&given).await.ok().says(&long);
    browser.get("/messages/pas-encore-envoyes").await.ok().says(&name);
    let helped = browser.get("/aide/qui-m-a-aide").await;
    browser.get(&helped.ok().links("/aide/signaler/")[0]).await.ok().says("Ce n’est pas normal ?");
    browser.get(&helped.ok().links("/aide/arreter/")[0]).await.ok();
}

#[tokio::test]
async fn the_root_leads_home() {
    let world = World::with_josette().await;
    world.browser().get("/").await.goes("/connexion");
    world.josette().await.get("/").await.goes("/messages");
}
