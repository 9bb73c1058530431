//! Josette writes, answers, thinks better of it. What she gave leaves once.

use axum::http::StatusCode;
use maincourante_kernel::clock::{days, minutes};
use maincourante_mailbox::{HandOver, Refusal};

use crate::letters::plain;
use crate::world::World;

const WRITE: &str = "/messages/ecrire";
const LETTER: [(&str, &str); 3] = [("to", "sophie@famille.example"), ("subject", "Merci"), ("text", "Merci pour les photos.\n\nMaman")];

#[tokio::test]
async fn a_letter_is_given_waits_a_minute_leaves_once_and_is_among_the_sent() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await.ok().says("À qui ?").says("Après l’envoi, vous aurez un moment pour annuler.");
    let mut twice = josette.clone();
    let given = josette.submit(WRITE, &LETTER).await.location();
    assert!(!given.contains('@') && !given.contains("sophie"), "nothing of hers in the address: {given}");
    assert_eq!(twice.submit(WRITE, &LETTER).await.location(), given, "posted twice, it is one letter");
    josette.get(&given).await.ok().says("Votre message pour sophie@famille.example part dans 1 minute.").says("Annuler l’envoi");
    for list in ["/messages", "/messages/envoyes"] {
        josette.get(list).await.ok().says("1 message pas encore envoyé");
    }
    let page = josette.get("/messages/pas-encore-envoyes").await;
    page.ok().says("Messages pas encore envoyés").says("À : sophie@famille.example Merci Part dans 1 minute.").says("Annuler l’envoi");
    let waiting = page.links("/messages/0")[0].clone();
    josette.get(&waiting).await.ok().says("Merci pour les photos. Maman").says("Part dans 1 minute.").says_not("Répondre");

    world.jobs_run().await;
    assert!(world.relay().taken().is_empty(), "not yet");
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    world.jobs_run().await;
    assert_eq!(world.relay().taken().len(), 1);
    let letter = String::from_utf8(world.relay().taken().remove(0)).unwrap();
    assert!(letter.contains("From: \"Josette Lambert\" <josette.lambert@exemple-mail.fr>"), "{letter}");
    josette.get(&given).await.ok().says("Votre message pour sophie@famille.example est parti.").says_not("Annuler l’envoi");
    let page = josette.get("/messages/envoyes").await;
    page.ok().says_not("pas encore envoyé").says("À : sophie@famille.example Merci");
    josette.get(&page.links("/messages/envoye-")[0]).await.ok().says("Merci pour les photos. Maman").says("Voir les adresses exactes");
}

#[tokio::test]
async fn a_letter_taken_back_does_not_leave_and_its_words_come_back() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    let given = josette.submit(WRITE, &LETTER).await.location();
    let page = josette.get(&given).await;
    let cancel = format!("/messages/annuler/{}", given.split('=').nth(1).unwrap());
    let mut rene = world.with_rene().await;
    rene.get(&given).await.ok().says_not("sophie@famille.example");
    let token = rene.get("/compte").await.value("form_token").unwrap();
    rene.post(&cancel, &[("form_token", &token)]).await.not_found();
    page.says("Annuler l’envoi");

    josette.get(&given).await;
    let resumed = josette.submit(&cancel, &[]).await.location();
    let page = josette.get(&resumed).await;
    page.ok().says("L’envoi est annulé. Votre message est là, vous pouvez le corriger.").says("Merci pour les photos.");
    assert_eq!((page.value("to").as_deref(), page.value("subject").as_deref()), (Some("sophie@famille.example"), Some("Merci")));
    rene.get(&resumed).await.not_found();
    world.kernel().clock.advance(minutes(2));
    world.jobs_run().await;
    assert!(world.relay().taken().is_empty());
    josette.get("/messages/envoyes").await.ok().says("Vous n’avez pas encore envoyé de message.");
    // The letter sent again is another one, and leaves; the first is no longer there to be sent twice.
    josette.get(&resumed).await;
    let mut twice = josette.clone();
    let anew = josette.submit(WRITE, &LETTER).await.location();
    assert_ne!(anew, given);
    assert_eq!(twice.submit(WRITE, &LETTER).await.location(), anew);
    josette.get(&resumed).await.not_found();
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    assert_eq!(world.relay().taken().len(), 1);
}

#[tokio::test]
async fn too_late_is_said_and_nothing_is_lost() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    let given = josette.submit(WRITE, &LETTER).await.location();
    josette.get(&given).await;
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    let cancel = format!("/messages/annuler/{}", given.split('=').nth(1).unwrap());
    josette.submit(&cancel, &[]).await.goes(&given);
    josette.get(&given).await.ok().says("Votre message pour sophie@famille.example est parti.");
}

#[tokio::test]
async fn who_writes_to_too_many_is_told_how_long_to_wait_and_keeps_their_words() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    let crowd = (0..20).map(|n| format!("a{n}@b.fr")).collect::<Vec<_>>().join(", ");
    let letter = [("to", crowd.as_str()), ("subject", "Fête"), ("text", "Venez tous.")];
    for _ in 0..3 {
        josette.get(WRITE).await;
        josette.submit(WRITE, &letter).await.location();
    }
    josette.get(WRITE).await;
    let page = josette.submit(WRITE, &LETTER).await;
    page.refused().says("Ce message n’est pas parti.").says("Vous pourrez l’envoyer dans 60 minutes.").says("Changez votre mot de passe");
    assert_eq!(page.value("to").as_deref(), Some("sophie@famille.example"));
    assert!(page.text().contains("Merci pour les photos."));
    world.kernel().clock.advance(minutes(60));
    josette.submit(WRITE, &LETTER).await.location();
}

#[tokio::test]
async fn a_relay_that_is_away_or_refuses_is_told_in_words() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    for (answers, said, given) in [
        (vec![HandOver::NotYet], "Pas encore parti. Il partira dès que possible", "partira dès que possible."),
        (vec![HandOver::Refused(Refusal::NoSuchAddress)], "Pas parti : cette adresse n’existe pas.", "n’est pas parti."),
    ] {
        josette.get(WRITE).await;
        world.relay().answers(answers);
        let notice = josette.submit(WRITE, &LETTER).await.location();
        world.kernel().clock.advance(minutes(1));
        world.jobs_run().await;
        josette.get("/messages/pas-encore-envoyes").await.ok().says(said);
        josette.get(&notice).await.ok().says(given);
        world.kernel().clock.advance(minutes(1));
        world.jobs_run().await;
    }
    // What was refused can be written anew.
    let page = josette.get("/messages/pas-encore-envoyes").await;
    let resumed = page.links("/messages/ecrire?reprise=")[0].clone();
    josette.get(&resumed).await.ok().says("Merci pour les photos.").says_not("L’envoi est annulé.");
    assert_eq!(world.relay().taken().len(), 1, "the one that waited left");
    // Badly written anew, it is still there; well written, it takes the place of the one that was refused.
    josette.submit(WRITE, &[("to", "sophie@"), ("subject", "Merci"), ("text", "Bisous")]).await.refused();
    josette.submit(WRITE, &LETTER).await.location();
    josette.get("/messages/pas-encore-envoyes").await.ok().says("Part dans 1 minute.").says_not("cette adresse n’existe pas");
    josette.get(&resumed).await.not_found();
}

#[tokio::test]
async fn an_answer_goes_where_it_should_and_keeps_its_conversation() {
    let world = World::with_josette().await;
    world.receives(&plain("Sophie <sophie@famille.example>", "Dimanche", "On vient à midi ?")).await;
    let mut josette = world.josette().await;
    let letter = josette.get("/messages").await.links("/messages/recu-")[0].clone();
    let answer = josette.get(&letter).await.links("/messages/ecrire?reponse=")[0].clone();
    let page = josette.get(&answer).await;
    page.ok().says("Répondre").says("Relire le message de Sophie Le message On vient à midi ?");
    assert_eq!((page.value("to").as_deref(), page.value("subject").as_deref()), (Some("sophie@famille.example"), Some("Re: Dimanche")));
    let page = josette.submit(WRITE, &[("to", "sophie@famille.example"), ("subject", "Re: Dimanche"), ("text", "  ")]).await;
    page.refused().says("Votre message est vide.").says("Relire le message de Sophie");
    josette.submit(WRITE, &[("to", "sophie@famille.example"), ("subject", "Re: Dimanche"), ("text", "Oui !")]).await.location();
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    let sent = String::from_utf8(world.relay().taken().remove(0)).unwrap();
    assert!(sent.contains("In-Reply-To: <8@famille.example>") && sent.contains("References: <8@famille.example>"), "{sent}");
}

#[tokio::test]
async fn what_cannot_be_sent_comes_back_with_its_sentences_and_all_that_was_typed() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    let many = (0..30).map(|n| format!("a{n}@b.fr")).collect::<Vec<_>>().join(", ");
    let (long, longer) = ("é".repeat(300), "a ".repeat(110_000));
    let hostile = "x@y.fr\r\nBcc: z@y.fr";
    for (to, subject, text, sentences) in [
        (
            "",
            "",
            "",
            &["Il manque l’adresse de la personne à qui vous écrivez.", "Votre message est vide.", "Il y a 2 choses à corriger."][..],
        ),
        ("sophie@", "x", "y", &["Il manque la fin de l’adresse, après le signe @ : sophie@"]),
        ("sophie", "x", "y", &["Ce n’est pas une adresse e‑mail : sophie."]),
        ("a b@c.fr", "x", "y", &["Il y a une erreur dans cette adresse : a b@c.fr"]),
        (&many, "x", "y", &["Il y a trop d’adresses."]),
        ("a@b.fr", &long, "y", &["Ce sujet est trop long."]),
        ("a@b.fr", "x", &longer, &["Votre message est trop long."]),
        (hostile, "x", "y", &["Il manque", "Bcc: z@y.fr"]),
        ("\"><script>alert(1)</script>@", "</textarea><script>", "</textarea><script>alert(2)</script>", &["Il manque la fin"]),
    ] {
        let page = {
            josette.get(WRITE).await.ok();
            josette.submit(WRITE, &[("to", to), ("subject", subject), ("text", text)]).await
        };
        if to == hostile {
            // A line end separates addresses: the second piece is none.
            page.refused().says("Il y a une erreur dans cette adresse : Bcc: z@y.fr");
        } else {
            for sentence in sentences {
                page.refused().says(sentence);
            }
        }
        assert_eq!(page.value("to").map(|kept| kept.replace('\r', "")), Some(to.replace('\r', "")));
        assert_eq!(page.value("subject").as_deref(), Some(subject));
        assert!(page.text().contains(text.trim()), "the text is kept");
        assert!(!page.html().contains("<script>"), "escaped");
    }
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    assert!(world.relay().taken().is_empty(), "nothing left");
    // Without its mark, a form is not one of ours.
    let token = josette.get("/compte").await.value("form_token").unwrap();
    josette.post(WRITE, &[("form_token", &token), ("to", "a@b.fr"), ("text", "x")]).await.is(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_letter_taken_back_long_ago_has_no_words_left() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    let given = josette.submit(WRITE, &LETTER).await.location();
    josette.get(&given).await;
    let resumed = josette.submit(&format!("/messages/annuler/{}", given.split('=').nth(1).unwrap()), &[]).await.location();
    world.kernel().clock.advance(days(2));
    world.mailbox.tend().await.unwrap();
    world.josette().await.get(&resumed).await.not_found();
}
