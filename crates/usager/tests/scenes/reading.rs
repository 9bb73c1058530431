//! Josette reads her letters: the list, one letter, what it carries. René sees nothing of hers.

use axum::http::StatusCode;
use maincourante_kernel::clock::minutes;

use crate::letters::{HOSTILE, plain, with_document, with_photograph};
use crate::world::{JOSETTE, RENE, World};

const SOPHIE: &str = "Sophie Lambert <sophie@famille.example>";

#[tokio::test]
async fn an_empty_mailbox_says_so_and_gives_the_address_to_give() {
    let world = World::with_josette().await;
    let mut josette = world.josette().await;
    let page = josette.get("/messages").await;
    page.ok().says("Bonjour Josette Lambert.").says_not("nouveau message");
    page.says("Vous n’avez pas encore de message.").says(JOSETTE);
    josette.get("/messages/envoyes").await.ok().says("Vous n’avez pas encore envoyé de message.");
    josette
        .get("/messages?avant=recu-1-1")
        .await
        .ok()
        .says("Vous lisez les messages plus anciens.")
        .says("Il n’y a pas de message plus ancien.");
    josette.get("/messages?avant=-1").await.ok().says("Vous n’avez pas encore de message.");
}

#[tokio::test]
async fn a_list_says_who_what_when_and_what_is_new_and_opening_marks_it() {
    let world = World::with_josette().await;
    world.receives(&plain(SOPHIE, "Photos", "Coucou Maman\n\nBisous")).await;
    world.kernel().clock.advance(minutes(3));
    world.receives(&with_document("a.pdf", "application/pdf", "%PDF")).await;
    world.receives(&plain("", "", "")).await;
    world.receives(&plain(JOSETTE, "Payez", "Je sais tout de vous")).await;
    let mut josette = world.josette().await;
    let page = josette.get("/messages").await;
    page.ok().says("Vous avez 4 nouveaux messages.").says("Nouveau Inconnu : Sophie Lambert. C’est son premier message. Photos");
    page.says("Votre attestation il y a un instant, 1 document joint")
        .says("Inconnu : ce message n’est pas signé.")
        .says("Message sans sujet");
    // Anyone can write under her address: it is not said to be hers.
    page.says("Inconnu : ce message utilise votre adresse.").says_not("Vérifié");

    let photos = page.links("/messages/recu-").pop().expect("the oldest");
    josette
        .get(&photos)
        .await
        .ok()
        .says("Photos Inconnu : Sophie Lambert. C’est son premier message. Reçu aujourd’hui")
        .says("Coucou Maman Bisous")
        .says("Répondre");
    josette.get("/messages").await.ok().says("Vous avez 3 nouveaux messages.").says_not("Nouveau Inconnu : Sophie Lambert");
}

#[tokio::test]
async fn twenty_five_letters_a_page_and_older_ones_behind() {
    let world = World::with_josette().await;
    for n in 1..=30 {
        world.receives(&plain(SOPHIE, &format!("Lettre {n}."), "x")).await;
    }
    let mut josette = world.josette().await;
    let first = josette.get("/messages").await;
    first.ok().says("Lettre 30.").says("Lettre 6.").says_not("Lettre 5.").says("Voir les messages plus anciens").says_not("Revenir");
    assert_eq!(first.links("/messages/recu-").len(), 25);
    let second = josette.get(&first.links("/messages?avant=")[0]).await;
    second.ok().says("Lettre 5.").says("Lettre 1.").says_not("Voir les messages plus anciens").says("Revenir aux messages récents");
    assert_eq!(second.links("/messages/recu-").len(), 5);
}

#[tokio::test]
async fn a_hostile_letter_shows_its_words_and_none_of_its_tags() {
    let world = World::with_josette().await;
    world.receives(HOSTILE).await;
    let mut josette = world.josette().await;
    let list = josette.get("/messages").await;
    list.ok().says("<script>alert(1)</script>").says("<img src=x onerror=alert(2)>");
    let page = josette.get(&list.links("/messages/recu-")[0]).await;
    page.ok().says("Bonjour Josette").says("Mois Somme Mai 12 €").says("Voir le message d’avant Avant").says("Fin.");
    // The link says where it truly goes; the other leads nowhere.
    page.says("ameli.fr (evil.example)").says("Les réponses vont à gagne@evil.example");
    for html in [list.html(), page.html()] {
        let lower = html.to_lowercase();
        for bad in ["<script>", "onerror", "onload", "onclick", "javascript:", "<iframe", "<img", "pixel.gif", "<style", "style="] {
            // Escaped, the words of the sender may name them; as markup they are not there.
            assert!(!lower.replace("&#60;img src=x onerror=alert(2)&#62;", "").contains(bad), "{bad}: {html}");
        }
        assert_eq!(html.matches("id=\"content\"").count(), 1);
        assert_eq!(html.matches("action=\"/deconnexion\"").count(), 1, "the strip of the shared computer");
    }
    assert!(page.html().contains("href=\"https://evil.example/?x=1\" rel=\"external nofollow noopener noreferrer\""));
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
}

#[tokio::test]
async fn a_document_is_kept_under_a_safe_name_and_may_do_nothing() {
    let world = World::with_josette().await;
    world.receives(&with_document("Relevé de compte.pdf", "application/pdf", "%PDF-1.4 éà")).await;
    world.receives(&with_document("facture.html", "text/html", "<script>alert(1)</script>")).await;
    let mut josette = world.josette().await;
    let list = josette.get("/messages").await;
    for (link, name, what, media) in [
        (1, "Relevé de compte.pdf", "Document PDF, petit fichier", "application/pdf"),
        (0, "facture.html", "Fichier inconnu, petit fichier Ce fichier peut être dangereux.", "application/octet-stream"),
    ] {
        let letter = list.links("/messages/recu-")[link].clone();
        let page = josette.get(&letter).await;
        page.ok().says("1 document joint").says(&format!("Enregistrer : {name} {what}"));
        let file = josette.get(&page.links(&format!("{letter}/fichier/"))[0]).await;
        file.ok();
        assert_eq!((file.header("content-type"), file.header("x-content-type-options")), (media, "nosniff"));
        assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
        let disposition = file.header("content-disposition");
        assert!(disposition.starts_with("attachment; filename=\"") && disposition.contains("; filename*=UTF-8''"), "{disposition}");
        assert_eq!(file.header("cache-control"), "no-store");
        for index in ["99", "-1", "x"] {
            josette.get(&format!("{letter}/fichier/{index}")).await.not_found();
        }
    }
}

#[tokio::test]
async fn a_photograph_is_seen_where_it_stands_and_only_a_photograph_is() {
    let world = World::with_josette().await;
    let mut rene = world.with_rene().await;
    world.receives(&with_photograph()).await;
    let mut josette = world.josette().await;
    let letter = josette.get("/messages").await.links("/messages/recu-")[0].clone();
    let page = josette.get(&letter).await;
    page.ok().says("Lina a soufflé ses bougies.").says("[Image non affichée : Votre logo]").says("2 images ne sont pas affichées");
    let drawn =
        |index: u8, alt: &str| format!("<img src=\"{letter}/image/{index}\" alt=\"{alt}\" width=\"64\" height=\"48\" loading=\"lazy\">");
    assert!(page.html().contains(&drawn(1, "Lina &#34;devant&#34; son gâteau")), "{}", page.html());
    assert!(page.html().contains(&drawn(3, "Image\u{a0}: jardin.png")), "{}", page.html());
    assert_eq!(page.html().matches("<img").count(), 2);
    // What the page could not draw is kept like any document, and mistrusted.
    page.says("2 documents joints").says("Enregistrer : dessin.svg Fichier inconnu").says("Enregistrer : jardin.png Photo ou dessin");

    let photograph = josette.get(&format!("{letter}/image/1")).await;
    photograph.ok();
    assert_eq!((photograph.header("content-type"), photograph.header("x-content-type-options")), ("image/png", "nosniff"));
    assert_eq!(photograph.header("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
    assert_eq!((photograph.header("cross-origin-resource-policy"), photograph.header("cache-control")), ("same-origin", "no-store"));
    assert!(photograph.header("content-disposition").starts_with("inline; filename=\"lina.png\""));
    assert_eq!(
        josette.get(&format!("{letter}/image/3")).await.header("content-type"),
        "image/png",
        "its bytes decide, not what is declared"
    );
    for index in ["0", "2", "99", "-1", "x"] {
        josette.get(&format!("{letter}/image/{index}")).await.not_found();
    }
    rene.get(&format!("{letter}/image/1")).await.not_found();
    world.browser().get(&format!("{letter}/image/1")).await.goes("/connexion");
    // Answered, it is words.
    let answer = page.links("/messages/ecrire?reponse=")[0].clone();
    let page = josette.get(&answer).await;
    page.ok().says("[Image : Lina \"devant\" son gâteau]");
    assert!(!page.html().contains("<img"));
}

#[tokio::test]
async fn the_hidden_line_of_a_newsletter_frightens_nobody() {
    let world = World::with_josette().await;
    world.receives("From: Ville <lettre@ville.example>\nTo: josette.lambert@exemple-mail.fr\nSubject: Agenda\nContent-Type: text/html; charset=utf-8\n\n\
        <div style=\"display:none\">Un aper\u{e7}u</div><p>Le march\u{e9} revient.</p>\n").await;
    let mut josette = world.josette().await;
    let letter = josette.get("/messages").await.links("/messages/recu-")[0].clone();
    let page = josette.get(&letter).await;
    page.ok().says("Le marché revient.").says_not("aperçu").says_not("Attention avec ce message");
    let told = page.html().find("rendu invisible").expect("it is said to who looks closely");
    assert!(page.html().find("Voir l’adresse exacte de l’expéditeur").is_some_and(|folded| folded < told));
}

#[tokio::test]
async fn the_letters_of_another_do_not_exist() {
    let world = World::with_josette().await;
    let mut rene = world.with_rene().await;
    world.receives(&with_document("a.pdf", "application/pdf", "%PDF")).await;
    world.receives(&with_document("b.pdf", "application/pdf", "%PDF")).await;
    world.delivers(RENE, &plain(SOPHIE, "Pour René", "x")).await;
    let mut josette = world.josette().await;
    let hers = josette.get("/messages").await.links("/messages/recu-")[0].clone();
    rene.get("/messages").await.ok().says("Pour René").says_not("Votre attestation");
    rene.get(&hers).await.not_found().says_not("attestation");
    rene.get(&format!("{hers}/fichier/2")).await.not_found();
    rene.get(&format!("/messages/ecrire?reponse={}", hers.replace("/messages/", ""))).await.not_found();
    for nonsense in ["recu-1-1", "recu-0-0", "envoye-1-1", "x", "01900000-0000-7000-8000-000000000000", "..%2f..%2fetc%2fpasswd"] {
        rene.get(&format!("/messages/{nonsense}")).await.not_found();
    }
    world.browser().get(&hers).await.goes("/connexion");
}

#[tokio::test]
async fn while_the_mail_server_is_away_the_pages_say_so_and_the_rest_works() {
    let world = World::with_josette().await;
    world.receives(&plain(SOPHIE, "Photos", "Coucou")).await;
    let mut josette = world.josette().await;
    let letter = josette.get("/messages").await.links("/messages/recu-")[0].clone();
    let mut away = world.while_mail_is_away(&josette);

    let page = away.get("/messages").await;
    page.ok().says("La messagerie ne répond pas pour le moment").says("Vos messages ne sont pas perdus.").says("Écrire un message");
    assert!(page.html().contains("href=\"/aide/qui-m-a-aide\""), "the menu is there");
    away.get(&letter).await.is(StatusCode::SERVICE_UNAVAILABLE).says("La messagerie ne répond pas pour le moment");
    away.get(&format!("{letter}/fichier/2")).await.is(StatusCode::SERVICE_UNAVAILABLE);
    away.get(&format!("{letter}/image/2")).await.is(StatusCode::SERVICE_UNAVAILABLE);
    away.get("/messages/envoyes").await.ok().says("La messagerie ne répond pas");
    for path in ["/compte", "/aide/qui-m-a-aide", "/messages/ecrire"] {
        away.get(path).await.ok();
    }
    // A letter can be written; it waits, and is seen waiting.
    let fields = [("to", "sophie@famille.example"), ("subject", "Merci"), ("text", "Bisous")];
    let given = away.submit("/messages/ecrire", &fields).await.location();
    away.get(&given).await.ok().says("Votre message pour sophie@famille.example part dans 1 minute.");
    away.get("/messages").await.ok().says("1 message pas encore envoyé");
    away.get("/messages/pas-encore-envoyes").await.ok().says("Merci Part dans 1 minute.");
    // Left, and not yet among the sent ones: it is not said to wait.
    world.kernel().clock.advance(minutes(1));
    world.jobs_run().await;
    away.get("/messages/envoyes").await.ok().says("Merci Parti.").says_not("pas encore envoyé");
    away.get("/messages/ecrire").await;
    away.submit("/messages/ecrire", &fields).await.location();
    let page = away.get("/messages/envoyes").await;
    page.ok().says("1 message pas encore envoyé À : sophie@famille.example Merci Parti.").says_not("Part dans 1 minute.");
    // It heals alone.
    josette.get(&letter).await.ok().says("Coucou");
}
