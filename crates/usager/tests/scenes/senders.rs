//! What the line above a letter says of who writes: someone known, someone new, someone who takes a name that is not theirs.

use maincourante_kernel::clock::{days, minutes};

use crate::letters::plain;
use crate::world::{RENE, World};

const WRITE: &str = "/messages/ecrire";

#[tokio::test]
async fn a_first_letter_is_told_and_the_next_ones_are_not() {
    let world = World::with_josette().await;
    world.with_rene().await;
    world.receives(&plain("Paul <paul@voisin.example>", "Un.", "x")).await;
    world.kernel().clock.advance(days(1));
    world.receives(&plain("Paul <PAUL@voisin.example>", "Deux.", "x")).await;
    let mut josette = world.josette().await;
    // Both were waiting when she first looked: the first is the first.
    let page = josette.get("/messages").await;
    page.ok().says("Pas dans vos contacts : Paul Deux.").says("Inconnu : Paul. C’est son premier message. Un.");
    let letters = page.links("/messages/recu-");
    josette.get(&letters[0]).await.ok().says("Pas dans vos contacts : Paul Reçu");
    josette.get(&letters[1]).await.ok().says("C’est son premier message.");
    // Another person has other acquaintances.
    let mut rene = world.signed_in(RENE).await;
    world.delivers(RENE, &plain("Paul <paul@voisin.example>", "Trois.", "x")).await;
    rene.get("/messages").await.ok().says("Inconnu : Paul. C’est son premier message. Trois.");
}

#[tokio::test]
async fn who_one_wrote_to_is_a_contact_once_the_letter_left() {
    let world = World::with_josette().await;
    world.receives(&plain("Sophie <sophie@famille.example>", "Dimanche", "x")).await;
    let mut josette = world.josette().await;
    josette.get("/messages").await.ok().says("Inconnu : Sophie. C’est son premier message.");
    josette.get(WRITE).await;
    josette.submit(WRITE, &[("to", "Sophie@famille.example"), ("subject", "Oui"), ("text", "Venez !")]).await.location();
    josette.get("/messages").await.ok().says("Inconnu : Sophie. C’est son premier message.");
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    let page = josette.get("/messages").await;
    page.ok().says("Sophie, dans vos contacts Dimanche").says_not("Inconnu");
    josette.get(&page.links("/messages/recu-")[0]).await.ok().says("Sophie, dans vos contacts").says_not("Vérifié");
}

#[tokio::test]
async fn who_takes_the_name_of_an_organisation_is_told_and_never_is_the_title() {
    let world = World::with_josette().await;
    let trap =
        plain("CAF <contact@caf-dossier.example>", "Remboursement de 380 euros", "<a href=https://rembourser.example/>Cliquez vite</a>");
    world.receives(&trap.replace("text/plain", "text/html")).await;
    world.receives(&plain("CAF <ne-pas-repondre@caf.fr>", "Votre attestation", "Bonjour")).await;
    let mut josette = world.josette().await;
    let page = josette.get("/messages").await;
    page.ok().says("Attention : cet expéditeur n’est pas la CAF Remboursement").says_not("Vérifié");
    page.says("Inconnu : CAF. C’est son premier message. Votre attestation");
    let letters = page.links("/messages/recu-");
    josette.get(&letters[0]).await.ok().says_not("Message suspect").says_not("Vérifié");
    let suspect = josette.get(&letters[1]).await;
    suspect.ok().says("Message suspect Attention : cet expéditeur n’est pas la CAF");
    suspect.says("Sujet écrit par l’expéditeur : « Remboursement de 380 euros »");
    assert!(
        suspect.html().contains("<h1>Message suspect</h1>") && suspect.html().contains("<title>Message suspect"),
        "not the stranger's words"
    );
    // Nothing in it leads away, unless the person says that they know who writes.
    suspect.says("Cliquez vite (rembourser.example)").says("Les liens de ce message sont coupés");
    assert!(!suspect.html().contains("href=\"https://rembourser.example"), "the trap is cut off");
    let known = josette.get(&format!("{}?liens=oui", letters[1])).await;
    known.ok().says("Message suspect").says_not("Les liens de ce message sont coupés");
    assert!(known.html().contains("href=\"https://rembourser.example/\""));
    // Who answers all the same is warned again, and what they read again below is as dead, also when the page comes back.
    let answering = josette.get(&format!("{WRITE}?reponse={}", letters[1].trim_start_matches("/messages/"))).await;
    let refused = josette.submit(WRITE, &[("to", "contact@caf-dossier.example"), ("subject", "x"), ("text", "")]).await;
    for page in [&answering, &refused] {
        page.says("Attention : cet expéditeur n’est pas la CAF").says("Une réponse part à l’adresse de ce message, pas à l’organisme.");
        page.says("Relire ce message").says("Cliquez vite (rembourser.example)").says_not("Relire le message de CAF");
        assert!(!page.html().contains("href=\"https://rembourser.example"), "{}", page.html());
    }
    // One may have answered them: the warning stays.
    josette.get(WRITE).await;
    josette.submit(WRITE, &[("to", "contact@caf-dossier.example"), ("subject", "x"), ("text", "Qui ?")]).await.location();
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    josette.get("/messages").await.ok().says("Attention : cet expéditeur n’est pas la CAF").says_not("CAF, dans vos contacts");
    // Thrown away, it is said what was.
    josette.get(&letters[1]).await;
    let list = josette.submit(&format!("{}/corbeille", letters[1]), &[]).await.location();
    josette.get(&list).await.ok().says("Le message suspect est dans la corbeille.").says_not("Remboursement");
}

#[tokio::test]
async fn what_is_new_is_said_in_words_in_the_menu_the_title_and_the_list() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    let page = josette.get("/messages").await;
    assert!(page.html().contains("<title>Messages reçus - ") && page.html().contains("<span>Messages</span>"), "{}", page.html());
    for (title, menu) in [("1 nouveau message", "1 nouveau"), ("2 nouveaux messages", "2 nouveaux")] {
        world.receives(&plain("Paul <paul@voisin.example>", "Lettre", "x")).await;
        let page = josette.get("/messages").await;
        page.ok().says(&format!("Vous avez {title}."));
        let html = page.html().replace('\u{a0}', " ");
        assert!(html.contains(&format!("<title>Messages reçus, {title} - ")), "{html}");
        for path in ["/messages", "/messages/envoyes", "/messages/corbeille"] {
            let html = josette.get(path).await.html().replace('\u{a0}', " ");
            assert!(html.contains(&format!("<span>Messages ({menu})</span>")), "{path}: {html}");
        }
    }
    // Opened, it is no longer new, and its page says so already.
    let letter = josette.get("/messages").await.links("/messages/recu-")[0].clone();
    assert!(josette.get(&letter).await.html().replace('\u{a0}', " ").contains("<span>Messages (1 nouveau)</span>"), "one is left");
}
