//! Josette throws a letter away, thinks better of it, and finds it again. Nothing is destroyed by a button.

use axum::http::StatusCode;
use maincourante_kernel::clock::{days, minutes};

use crate::letters::{plain, with_document};
use crate::world::World;

const SOPHIE: &str = "Sophie Lambert <sophie@famille.example>";

#[tokio::test]
async fn a_letter_goes_to_the_bin_and_comes_back_with_one_button() {
    let world = World::with_josette().await;
    world.receives(&plain(SOPHIE, "Photos", "Coucou Maman")).await;
    world.receives(&with_document("a.pdf", "application/pdf", "%PDF")).await;
    let mut josette = world.josette().await;
    josette.get("/messages/corbeille").await.ok().says("La corbeille est vide.").says("30 jours");
    let letter = josette.get("/messages").await.links("/messages/recu-").pop().unwrap();
    josette.get(&letter).await.ok().says("Mettre à la corbeille");
    let mut twice = josette.clone();
    let list = josette.submit(&format!("{letter}/corbeille"), &[]).await.location();
    assert!(list.starts_with("/messages?jete="), "{list}");
    twice.submit(&format!("{letter}/corbeille"), &[]).await.goes("/messages/corbeille");
    josette.get(&letter).await.not_found();

    // The bin shows it, it can be read there, and René has no such letter.
    let mut rene = world.with_rene().await;
    let bin = josette.get("/messages/corbeille").await;
    bin.ok().says("Photos").says("Remettre à sa place").says_not("Votre attestation");
    let there = bin.links("/messages/jete-")[0].clone();
    let page = josette.get(&there).await;
    page.ok().says("Coucou Maman").says("Remettre à sa place").says("Retour à la corbeille").says_not("Mettre à la corbeille");
    page.says_not("Répondre");
    rene.get(&there).await.not_found();
    let token = rene.get("/compte").await.value("form_token").unwrap();
    rene.post(&format!("{there}/remettre"), &[("form_token", &token)]).await.goes("/messages");
    let page = josette.get(&list).await;
    page.ok().says("Le message est dans la corbeille. Annuler").says("Votre attestation").says_not("Photos");

    let mut again = josette.clone();
    let back = josette.submit(&format!("{there}/remettre"), &[]).await.location();
    again.submit(&format!("{there}/remettre"), &[]).await.goes("/messages");
    josette.get(&back).await.ok().says("C’est fait. Le message est à nouveau ici.").says("Photos");
    // What was true is not said when it no longer is.
    josette.get(&list).await.ok().says_not("corbeille. Annuler");
    josette.get("/messages/corbeille").await.ok().says("La corbeille est vide.");
}

#[tokio::test]
async fn a_letter_that_was_sent_goes_back_among_the_sent_ones() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    josette.get("/messages/ecrire").await;
    josette.submit("/messages/ecrire", &[("to", "sophie@famille.example"), ("subject", "Merci"), ("text", "x")]).await.location();
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    let letter = josette.get("/messages/envoyes").await.links("/messages/envoye-")[0].clone();
    josette.get(&letter).await;
    let list = josette.submit(&format!("{letter}/corbeille"), &[]).await.location();
    let page = josette.get(&list).await;
    page.ok().says("Le message est dans la corbeille.").says("Vous n’avez pas encore envoyé de message.");
    let bin = josette.get("/messages/corbeille").await;
    bin.ok().says("À : sophie@famille.example Merci");
    let there = bin.links("/messages/jete-")[0].clone();
    let back = josette.submit(&format!("{there}/remettre"), &[]).await.location();
    assert!(back.starts_with("/messages/envoyes?remis="), "{back}");
    josette.get(&back).await.ok().says("C’est fait.").says("Merci");
}

#[tokio::test]
async fn the_bin_has_pages_and_lets_go_after_thirty_days() {
    let world = World::with_josette().await;
    for n in 1..=27 {
        world.receives(&plain(SOPHIE, &format!("Lettre {n}."), "x")).await;
    }
    let mut josette = world.josette().await;
    for _ in 0..27 {
        let letter = josette.get("/messages").await.links("/messages/recu-")[0].clone();
        josette.get(&letter).await;
        josette.submit(&format!("{letter}/corbeille"), &[]).await.location();
    }
    // What was thrown away last comes first.
    let first = josette.get("/messages/corbeille").await;
    first.ok().says("Lettre 1.").says_not("Lettre 27.").says("Voir les messages plus anciens");
    let second = josette.get(&first.links("/messages/corbeille?avant=")[0]).await;
    second.ok().says("Lettre 26.").says("Lettre 27.").says("Revenir aux messages récents").says_not("plus anciens");
    world.kernel().clock.advance(days(31));
    world.josette().await.get("/messages/corbeille").await.ok().says("La corbeille est vide.");
}

#[tokio::test]
async fn while_the_mail_server_is_away_nothing_is_thrown_away() {
    let world = World::with_josette().await;
    world.receives(&plain(SOPHIE, "Photos", "Coucou")).await;
    let mut josette = world.josette().await;
    let letter = josette.get("/messages").await.links("/messages/recu-")[0].clone();
    josette.get(&letter).await;
    let mut away = world.while_mail_is_away(&josette);
    let answer = away.submit(&format!("{letter}/corbeille"), &[]).await;
    answer.is(StatusCode::SERVICE_UNAVAILABLE).says("Vos messages ne sont pas perdus.");
    away.get("/messages/corbeille").await.ok().says("La messagerie ne répond pas");
    josette.get("/messages").await.ok().says("Photos");
}
