//! Letters are looked for by words, and the words stay between the person and their page.

use crate::letters::plain;
use crate::world::{RENE, World};

const SEARCH: &str = "/messages/recherche";

#[tokio::test]
async fn letters_are_looked_for_by_words_that_no_address_shows() {
    let world = World::with_josette().await;
    world.with_rene().await;
    world.receives(&plain("Gestion Habitat <gestion@habitat.example>", "Votre quittance de juin", "Bonjour")).await;
    world.receives(&plain("Paul <paul@voisin.example>", "Dimanche", "Apporte la QUITTANCE")).await;
    world.receives(&plain("CAF <contact@caf-dossier.example>", "Quittance", "x")).await;
    world.delivers(RENE, &plain("Paul <paul@voisin.example>", "À René", "quittance")).await;
    let mut josette = world.josette().await;
    josette.get("/messages").await.ok().says("Chercher un message Un mot ou un nom Chercher");

    let address = josette.submit(SEARCH, &[("words", " quittance ")]).await.location();
    assert!(address.starts_with("/messages/recherche?cherche=") && !address.contains("quittance"), "{address}");
    let found = josette.get(&address).await;
    found.ok().says("Messages qui contiennent « quittance » : Messages reçus");
    found.says("Attention : cet expéditeur n’est pas la CAF Quittance").says("Dimanche").says("Votre quittance de juin");
    found.says_not("À René").says_not("Messages envoyés").says_not("Chercher dans les messages reçus plus anciens");
    assert_eq!(found.links("/messages/recu-").len(), 3);
    assert!(found.html().contains("value=\"quittance\""), "one word may be corrected");

    // Both words; then none; then nothing to look for.
    let address = josette.submit(SEARCH, &[("words", "quittance paul")]).await.location();
    assert_eq!(josette.get(&address).await.links("/messages/recu-").len(), 1);
    let address = josette.submit(SEARCH, &[("words", "quitance")]).await.location();
    let nothing = josette.get(&address).await;
    nothing.ok().says("Aucun message ne contient « quitance ». Vérifiez le mot, ou essayez un mot plus court.");
    josette.get(SEARCH).await.ok().says("Chercher un message").says_not("Aucun message");
    let empty = josette.submit(SEARCH, &[("words", "  ")]).await;
    empty.refused().says("Écrivez un mot ou un nom à chercher.");
    let long = "é".repeat(101);
    josette.submit(SEARCH, &[("words", &long)]).await.refused().says("Écrivez moins de mots.");

    // While the mail server is away, the words stay, and one may ask again.
    let mut away = world.while_mail_is_away(&josette);
    let told = away.get(&address).await;
    told.ok().says("La messagerie ne répond pas").says_not("Aucun message");
    assert!(told.html().contains("value=\"quitance\""), "what was typed stays");
    assert!(told.links(SEARCH).iter().any(|link| link.contains("cherche=")), "one tries again");

    // What was sealed for her opens for nobody else.
    let mut rene = world.signed_in(RENE).await;
    rene.get(&address).await.ok().says_not("quitance").says_not("Aucun message");
    rene.get(&format!("{SEARCH}?cherche=%00&avant=x")).await.ok().says("Chercher un message");
}

#[tokio::test]
async fn what_was_sent_is_found_too_and_many_letters_have_pages() {
    let world = World::with_josette().await;
    for at in 1..=30 {
        world.receives(&plain("Paul <paul@voisin.example>", &format!("Le potager {at}"), "x")).await;
    }
    let mut josette = world.josette().await;
    josette.get("/messages/ecrire").await;
    josette.submit("/messages/ecrire", &[("to", "paul@voisin.example"), ("subject", "Ton potager"), ("text", "Bravo !")]).await.location();
    world.kernel().clock.advance(maincourante_kernel::clock::minutes(1));
    world.jobs_run().await;
    josette.get("/messages/envoyes").await.ok().says("Ton potager");
    josette.get(SEARCH).await;
    let address = josette.submit(SEARCH, &[("words", "potager")]).await.location();
    let found = josette.get(&address).await;
    found
        .ok()
        .says("Messages reçus")
        .says("Le potager 30")
        .says("Chercher dans les messages reçus plus anciens Messages envoyés À : paul@voisin.example Ton potager");
    assert_eq!(found.links("/messages/recu-").len(), 25);
    let older = found.links("/messages/recherche?")[0].replace("&#38;", "&").replace("&amp;", "&");
    let rest = josette.get(&older).await;
    rest.ok().says("Le potager 5").says("Le potager 1").says_not("Le potager 6").says_not("Messages envoyés");
}
