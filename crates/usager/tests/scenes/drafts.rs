//! Josette does not finish her letter today. What she wrote is there tomorrow, whatever happened to the page.

use maincourante_identity::testing::PASSWORD;
use maincourante_kernel::clock::{days, hours, minutes, seconds};
use maincourante_mailbox::{HandOver, Refusal};

use crate::letters::plain;
use crate::world::{JOSETTE, World};

const WRITE: &str = "/messages/ecrire";
const KEEP: &str = "/messages/ecrire/garder";
const ALONE: &str = "/messages/ecrire/tout-seul";
const DRAFTS: &str = "/messages/a-finir";
const LETTER: [(&str, &str); 3] = [("to", "sophie@famille.example"), ("subject", "Merci"), ("text", "Merci pour les photos.")];

#[tokio::test]
async fn a_letter_kept_for_later_opens_again_is_sent_and_is_no_longer_to_finish() {
    let world = World::with_josette().await;
    let mut rene = world.with_rene().await;
    let mut josette = world.josette().await;
    josette.get(DRAFTS).await.ok().says("Vous n’avez pas de message à finir.");
    josette.get(WRITE).await.ok().says("Garder pour plus tard");
    let mut twice = josette.clone();
    let list = josette.submit_to(WRITE, KEEP, &LETTER).await.location();
    assert_eq!(twice.submit_to(WRITE, KEEP, &LETTER).await.location(), list, "pressed twice, it is one");
    let page = josette.get(&list).await;
    page.ok().says("Votre message est gardé. Il n’est pas envoyé.").says("À : sophie@famille.example Merci Gardé il y a un instant");
    josette.get("/messages").await.ok().says("1 message à finir");
    let draft = page.links("/messages/ecrire?suite=");
    assert_eq!(draft.len(), 1);
    rene.get(&draft[0]).await.not_found();
    rene.get(DRAFTS).await.ok().says("Vous n’avez pas de message à finir.");
    world.kernel().clock.advance(days(40));

    let mut josette = world.josette().await;
    let page = josette.get(&draft[0]).await;
    page.ok().says("Merci pour les photos.");
    assert_eq!((page.value("to").as_deref(), page.value("subject").as_deref()), (Some("sophie@famille.example"), Some("Merci")));
    let mut twice = josette.clone();
    let given = josette.submit(WRITE, &LETTER).await.location();
    assert!(given.starts_with("/messages?envoi="), "{given}");
    assert_eq!(twice.submit(WRITE, &LETTER).await.location(), given);
    josette.get(DRAFTS).await.ok().says("Vous n’avez pas de message à finir.");
    josette.get(&draft[0]).await.not_found();
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    assert_eq!(world.relay().taken().len(), 1);
}

#[tokio::test]
async fn every_press_keeps_what_was_typed_even_one_that_is_refused() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    let page = josette.submit(WRITE, &[("to", "sophie@"), ("subject", "Merci"), ("text", "Bisous")]).await;
    page.refused().says("Il manque la fin de l’adresse");
    josette.get(DRAFTS).await.ok().says("À : sophie@ Merci");
    // Nothing typed, nothing kept.
    josette.get(WRITE).await;
    josette.submit(WRITE, &[("to", ""), ("subject", ""), ("text", "")]).await.refused();
    josette.get("/messages").await.ok().says("1 message à finir");
    // The key "Entrée" keeps, and one stays.
    josette.get(WRITE).await;
    let page = josette.submit_to(WRITE, KEEP, &[("to", "a@b.fr"), ("subject", "x"), ("text", ""), ("rester", "oui")]).await.location();
    josette.get(&page).await.ok().says("Ce que vous écrivez est gardé.").says("Envoyer le message");
}

#[tokio::test]
async fn the_page_keeps_as_one_goes_and_tells_its_script_what_it_kept() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    let said = josette.clone().submit_to(WRITE, ALONE, &LETTER).await;
    said.ok();
    let lines: Vec<String> = said.html().lines().map(str::to_owned).collect();
    assert_eq!((lines[1].as_str(), lines[2].as_str()), ("1", "Ce que vous écrivez est gardé."));
    let more =
        [("to", "sophie@famille.example"), ("subject", "Merci"), ("text", "Merci encore."), ("brouillon", &lines[0]), ("version", "1")];
    let said = josette.clone().submit_over(WRITE, ALONE, &more).await;
    assert_eq!(said.ok().html().lines().nth(1), Some("2"));
    let empty = josette.clone().submit_to(WRITE, ALONE, &[]).await;
    assert_eq!(empty.ok().html().trim(), "", "nothing typed, nothing kept");
    let page = josette.get(DRAFTS).await;
    assert_eq!(page.links("/messages/ecrire?suite=").len(), 1);
    josette.get(&page.links("/messages/ecrire?suite=")[0]).await.ok().says("Merci encore.");
}

#[tokio::test]
async fn two_windows_keep_two_letters_and_neither_is_lost() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    let list = josette.submit_to(WRITE, KEEP, &LETTER).await.location();
    let draft = josette.get(&list).await.links("/messages/ecrire?suite=")[0].clone();
    let (mut first, mut second) = (josette.clone(), josette.clone());
    first.get(&draft).await.ok();
    second.get(&draft).await.ok();
    let with = |text: &'static str| [("to", "sophie@famille.example"), ("subject", "Merci"), ("text", text)];
    first.submit_to(WRITE, KEEP, &with("Depuis le salon.")).await.location();
    let page = second.submit_to(WRITE, KEEP, &with("Depuis la cuisine.")).await.location();
    second.get(&page).await.ok().says("Ce message a été changé ailleurs").says("Depuis la cuisine.").says("Messages à finir");
    first.get(&draft).await.ok().says("Depuis le salon.");
    assert_eq!(josette.get(DRAFTS).await.links("/messages/ecrire?suite=").len(), 2);
    // Sent in one window, it is not sent again from the other without a word.
    first.get(&draft).await;
    second.get(&draft).await;
    first.submit(WRITE, &with("Depuis le salon.")).await.location();
    second.submit(WRITE, &with("Depuis la chambre.")).await.refused().says("Ce message n’était plus à finir").says("Depuis la chambre.");
    second.submit(WRITE, &with("Depuis la chambre.")).await.location();
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    assert_eq!(world.relay().taken().len(), 2);
}

#[tokio::test]
async fn a_session_that_ends_while_one_writes_loses_nothing() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    let mut alone = josette.clone();
    world.kernel().clock.advance(minutes(16));
    let entrance = josette.submit(WRITE, &LETTER).await.signs_out(true);
    josette.get(&entrance).await.ok().says("Ce que vous avez écrit est gardé.").says_not("Merci pour les photos");
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    assert!(world.relay().taken().is_empty(), "nothing leaves without her");
    // The page that keeps alone, too: it is the same letter.
    alone.submit_to(WRITE, ALONE, &LETTER).await.ok().says("Vous avez été déconnecté.");
    let mut back = world.browser();
    back.get("/connexion").await;
    let page = back.submit("/connexion", &[("login", JOSETTE), ("password", PASSWORD)]).await.location();
    back.get(&page).await.ok().says("Voici ce que vous aviez écrit.").says("Merci pour les photos.").says("est à choisir à nouveau");
    let page = back.get(DRAFTS).await;
    page.ok().says("Merci");
    let drafts = page.links("/messages/ecrire?suite=");
    assert_eq!(drafts.len(), 1);
    back.get(&drafts[0]).await.ok().says("Merci pour les photos.");

    // One who signed out, or whose session ended long ago, is only asked to sign in.
    let mut gone = world.josette().await;
    let cookie = gone.cookies.get("session").cloned().unwrap();
    gone.get(WRITE).await;
    let mut late = gone.clone();
    gone.submit_to("/deconnexion", "/deconnexion", &[]).await;
    late.cookies.insert("session".into(), cookie);
    late.submit(WRITE, &LETTER).await.signs_out(false);
    let mut older = world.josette().await;
    older.get(WRITE).await;
    world.kernel().clock.advance(hours(26));
    older.submit(WRITE, &LETTER).await.signs_out(false);
    assert_eq!(world.josette().await.get(DRAFTS).await.links("/messages/ecrire?suite=").len(), 1);
}

#[tokio::test]
async fn a_letter_to_finish_is_thrown_away_and_taken_back() {
    let world = World::with_josette().await;
    let mut rene = world.with_rene().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    let list = josette.submit_to(WRITE, KEEP, &LETTER).await.location();
    let id = list.split('=').nth(1).unwrap().to_owned();
    let (throw, back) = (format!("{DRAFTS}/{id}/jeter"), format!("{DRAFTS}/{id}/reprendre"));
    let token = rene.get("/compte").await.value("form_token").unwrap();
    rene.post(&throw, &[("form_token", &token)]).await.not_found();
    josette.get(DRAFTS).await;
    let mut twice = josette.clone();
    let thrown = josette.submit(&throw, &[]).await.location();
    assert_eq!(twice.submit(&throw, &[]).await.location(), thrown);
    josette.get(&thrown).await.ok().says("Le message à finir est jeté. Annuler").says("Vous n’avez pas de message à finir.");
    rene.post(&back, &[("form_token", &token)]).await.not_found();
    josette.submit(&back, &[]).await.goes(&list);
    josette.get(&thrown).await.ok().says_not("est jeté").says("Merci");
    josette.submit(&throw, &[]).await.location();
    world.kernel().clock.advance(days(31));
    world.mailbox.tend().await.unwrap();
    let mut josette = world.josette().await;
    josette.get(&thrown).await.ok().says_not("est jeté").says("Vous n’avez pas de message à finir.");
}

#[tokio::test]
async fn a_letter_that_did_not_leave_is_taken_up_once_and_an_answer_keeps_its_conversation() {
    let world = World::with_josette().await;
    world.receives(&plain("Sophie <sophie@famille.example>", "Dimanche", "On vient à midi ?")).await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    world.relay().answers(vec![HandOver::Refused(Refusal::NoSuchAddress)]);
    josette.submit(WRITE, &LETTER).await.location();
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    let resumed = josette.get("/messages/pas-encore-envoyes").await.links("/messages/ecrire?reprise=")[0].clone();
    josette.get(&resumed).await;
    josette.submit_to(WRITE, KEEP, &[("to", "sophie@famille.example"), ("subject", "Merci"), ("text", "Autrement.")]).await.location();
    let draft = josette.get(&resumed).await.location();
    josette.get(&draft).await.ok().says("Autrement.");
    josette.submit(WRITE, &LETTER).await.location();
    josette.get("/messages/pas-encore-envoyes").await.ok().says_not("cette adresse n’existe pas");

    let letter = josette.get("/messages").await.links("/messages/recu-")[0].clone();
    let answer = josette.get(&letter).await.links("/messages/ecrire?reponse=")[0].clone();
    let thread = josette.get(&answer).await.value("thread").unwrap();
    let list =
        josette.submit_to(WRITE, KEEP, &[("to", "sophie@famille.example"), ("subject", "Re: Dimanche"), ("text", "Oui")]).await.location();
    let draft = josette.get(&list).await.links("/messages/ecrire?suite=")[0].clone();
    let page = josette.get(&draft).await;
    page.ok().says("Répondre").says("Relire le message de Sophie");
    assert_eq!(page.value("thread"), Some(thread));
}

#[tokio::test]
async fn letters_to_finish_have_pages() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    for n in 1..=27 {
        world.kernel().clock.advance(seconds(1));
        josette.get(WRITE).await;
        josette.submit_to(WRITE, KEEP, &[("to", ""), ("subject", &format!("Lettre {n}.")), ("text", "")]).await.location();
    }
    let first = josette.get(DRAFTS).await;
    first
        .ok()
        .says("À : personne pour le moment Lettre 27.")
        .says("Lettre 3.")
        .says_not("Lettre 2. ")
        .says("Voir les messages plus anciens");
    let second = josette.get(&first.links("/messages/a-finir?avant=")[0]).await;
    second.ok().says("Lettre 2.").says("Lettre 1.").says_not("plus anciens").says("Revenir aux messages récents");
}
