//! Josette joins photographs and papers to what she writes. What is joined stays joined, whatever is to be corrected.

use maincourante_kernel::clock::{hours, minutes, seconds};
use maincourante_mailbox::letter;

use crate::world::World;

const WRITE: &str = "/messages/ecrire";
const JOIN: &str = "/messages/ecrire/joindre";
const LETTER: [(&str, &str); 3] = [("to", "sophie@famille.example"), ("subject", "Merci"), ("text", "Voici les papiers.")];

#[tokio::test]
async fn files_are_joined_kept_through_every_page_and_leave_with_the_letter() {
    let world = World::with_josette().await;
    let mut rene = world.with_rene().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await.ok().says("Joindre un document ou une photo (si vous voulez)");
    // A heavy photograph, in several pieces, and a paper whose name is an attack.
    let photo: Vec<u8> = (0..700_000_u32).map(|n| (n % 251) as u8).collect();
    for (name, media, bytes) in
        [("Été à la mer.jpg", "image/jpeg", photo.as_slice()), ("../../rel\u{202e}evé.pdf", "application/pdf", b"%PDF-1.4")]
    {
        let page = josette.upload(WRITE, JOIN, &LETTER, &[(name, media, bytes)]).await.location();
        josette.get(&page).await.ok();
        world.kernel().clock.advance(seconds(1));
    }
    let page = josette.get("/messages/a-finir").await.links("/messages/ecrire?suite=")[0].clone();
    let page = josette.get(&page).await;
    page.ok().says("Été à la mer.jpg Photo ou dessin, petit fichier").says("relevé.pdf Document PDF").says("Voici les papiers.");
    // Wrong address: what was joined is still there.
    josette
        .upload(WRITE, WRITE, &[("to", "sophie@"), ("subject", "Merci"), ("text", "Voici.")], &[("", "application/octet-stream", b"")])
        .await
        .refused()
        .says("Il manque la fin de l’adresse")
        .says("Été à la mer.jpg")
        .says("relevé.pdf");
    // Chosen and sent at once, without "Joindre".
    let given = josette.upload(WRITE, WRITE, &LETTER, &[("notes.txt", "text/plain", "Été.".as_bytes())]).await.location();
    josette.get("/messages/a-finir").await.ok().says("Vous n’avez pas de message à finir.");
    josette.get(&given).await.ok().says("part dans 1 minute");
    let waiting = josette.get("/messages/pas-encore-envoyes").await.links("/messages/0")[0].clone();
    let page = josette.get(&waiting).await;
    page.ok().says("Voici les papiers.").says("3 documents joints").says("Enregistrer : Été à la mer.jpg").says_not("abîmée");
    let kept = josette.get(&page.links(&format!("{waiting}/fichier/"))[0]).await;
    assert_eq!((kept.ok().bytes.as_slice(), kept.header("content-type")), (photo.as_slice(), "image/jpeg"));
    rene.get(&format!("{waiting}/fichier/1")).await.not_found();

    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    let sent = world.relay().taken().remove(0);
    let view = letter::read(&sent);
    assert_eq!(letter::tree::plain(&view.body), "Voici les papiers.");
    assert!(view.remarks.is_empty(), "{:?}", view.remarks);
    let carried: Vec<_> = view.attachments.iter().map(|one| (one.name.as_str(), letter::attachment(&sent, one.index).unwrap())).collect();
    let expected = [("Été à la mer.jpg", photo), ("relevé.pdf", b"%PDF-1.4".to_vec()), ("notes.txt", "Été.".as_bytes().to_vec())];
    assert_eq!(carried, expected);
    assert!(sent.split(|byte| *byte == b'\n').all(|line| line.len() < 1000), "no line is too long for a mail server");
    // Among the sent ones, it carries them still; here, they are kept no more.
    let list = josette.get("/messages/envoyes").await;
    list.ok().says("3 documents joints");
    josette.get(&list.links("/messages/envoye-")[0]).await.ok().says("Enregistrer : relevé.pdf");
    world.kernel().clock.advance(hours(3));
    world.mailbox.tend().await.unwrap();
    // Three hours without a page signed her out.
    world.josette().await.get(&format!("{waiting}/fichier/1")).await.not_found();
}

#[tokio::test]
async fn what_cannot_be_joined_is_told_in_words_and_nothing_else_is_lost() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    let good: (&str, &str, &[u8]) = ("a.pdf", "application/pdf", b"%PDF");
    for (file, sentence) in [
        (("vide.pdf", "application/pdf", &b""[..]), "Ce fichier est vide."),
        (("facture.pdf.exe", "application/pdf", b"%PDF"), "Ce fichier peut être dangereux. Nous ne l’avons pas gardé."),
        (("photo.jpg", "image/jpeg", b"MZ\x90\0"), "Ce fichier peut être dangereux. Nous ne l’avons pas gardé."),
        (("page.html", "text/html", b"<p>"), "Ce fichier peut être dangereux. Nous ne l’avons pas gardé."),
    ] {
        let page = josette.upload(WRITE, JOIN, &LETTER, &[file]).await;
        page.refused().says(sentence).says("Voici les papiers.").says("Il y a 1 chose à corriger.");
        assert!(!page.text().contains(&format!("{} ", file.0)), "{}", page.text());
    }
    josette.upload(WRITE, JOIN, &LETTER, &[]).await.refused().says("Choisissez d’abord un fichier");
    let heavy = vec![7; 19_999_997];
    josette.upload(WRITE, JOIN, &LETTER, &[good]).await.location();
    let page = josette.upload(WRITE, WRITE, &LETTER, &[("film.mp4", "video/mp4", &heavy)]).await;
    page.refused()
        .says("Ce fichier est trop gros. Prenez une photo moins grande, ou demandez à un aidant.")
        .says("a.pdf")
        .says_not("film.mp4");
    josette.get("/messages/pas-encore-envoyes").await.ok().says("Aucun message n’attend.");
    // Just light enough, it is joined.
    let page = josette.get("/messages/a-finir").await.links("/messages/ecrire?suite=")[0].clone();
    josette.get(&page).await;
    let page = josette.upload(WRITE, JOIN, &LETTER, &[("film.mp4", "video/mp4", &heavy[1..])]).await.location();
    josette.get(&page).await.ok().says("film.mp4 Film, gros fichier");
}

#[tokio::test]
async fn a_file_is_taken_away_and_comes_back_with_a_letter_that_is_taken_back() {
    let world = World::with_josette().await;
    let mut rene = world.with_rene().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    let page = josette
        .upload(WRITE, JOIN, &LETTER, &[("a.pdf", "application/pdf", b"%PDF a"), ("b.pdf", "application/pdf", b"%PDF b")])
        .await
        .location();
    let page = josette.get(&page).await;
    let remove = page
        .html()
        .split("formaction=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|path| path.contains("/retirer/"))
        .unwrap()
        .to_owned();
    // René's draft does not hold it, and hers is not his.
    rene.get(WRITE).await;
    rene.submit_to(WRITE, &remove, &LETTER).await.location();
    let mut twice = josette.clone();
    let back = josette.submit_to(WRITE, &remove, &LETTER).await.location();
    assert_eq!(twice.submit_to(WRITE, &remove, &LETTER).await.location(), back);
    josette.get(&back).await.ok().says("b.pdf").says_not("a.pdf");

    let given = josette.submit(WRITE, &LETTER).await.location();
    josette.get(&given).await;
    let resumed = josette.submit(&format!("/messages/annuler/{}", given.split('=').nth(1).unwrap()), &[]).await.location();
    josette.get(&resumed).await.ok().says("b.pdf");
    josette.submit(WRITE, &LETTER).await.location();
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    let sent = world.relay().taken().remove(0);
    let view = letter::read(&sent);
    assert_eq!(view.attachments.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["b.pdf"]);
}

#[tokio::test]
async fn a_form_with_files_is_read_only_under_its_own_token() {
    let world = World::with_josette().await;
    let mut rene = world.with_rene().await;
    let mut josette = world.josette().await;
    josette.get(WRITE).await;
    rene.get(WRITE).await;
    let session = josette.cookies.get("session").cloned().unwrap();
    rene.cookies.insert("session".into(), session);
    let answer = rene.upload(WRITE, JOIN, &LETTER, &[("a.pdf", "application/pdf", b"%PDF")]).await;
    answer.is(axum::http::StatusCode::FORBIDDEN);
    josette.get("/messages/a-finir").await.ok().says("Vous n’avez pas de message à finir.");
}
