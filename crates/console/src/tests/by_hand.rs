//! Pages of the ways to sign without a phone or without drawing, of the signed print, of the recovery sheet.

use maincourante_identity::testing::PASSWORD;

use super::*;

/// A photograph, as its first bytes say.
pub(super) const PHOTO: &[u8] = b"\xff\xd8\xff\xe1\0\x06Exif\xff\xc4\0\x03\0\xff\xff\xc2\0\x11\x08\x0b\xb8\x0f\xa0\x03";

impl Scene {
    /// Josette, without a phone, signs a print before Nadia, who countersigns. Gives the addresses of the mandate and of the record.
    pub(super) async fn signs_by_hand(&mut self) -> (String, String) {
        let mandate = self.prepares(&[("phone", ""), ("no_phone", "yes")]).await;
        self.browser.last().says("Faire signer sur papier").says("dessine sa signature, devant vous").hides("reçoit un code par SMS");
        let by_hand = format!("{mandate}/papier");
        self.browser.get(&by_hand).await.is(StatusCode::OK).is_well_made();
        let early = self.browser.submit(&by_hand, &[]).await;
        early.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Imprimez d’abord le mandat à signer");
        let print = self.browser.get(&format!("{mandate}/a-signer")).await;
        assert!(print.html.starts_with("%PDF-"));
        self.browser.get(&by_hand).await;
        self.browser.submit(&by_hand, &[]).await.goes(&format!("{mandate}/signature"));
        self.browser.follow().await.is(StatusCode::OK).is_well_made().says("La personne a signé sur papier");
        self.countersigns(&mandate).await;
        self.browser.last().says("imprime sa feuille de secours").hides("par SMS");
        self.browser.get(routes::HOME).await;
        let record = self.browser.last().attribute("main a.title[href*=personnes]", "href").unwrap();
        (mandate, record)
    }
}

#[tokio::test]
async fn a_print_is_photographed_put_in_order_and_said_whole() {
    let mut scene = Scene::new().await;
    let (_, record) = scene.signs_by_hand().await;
    scene.browser.get(&record).await.is(StatusCode::OK).is_well_made().says("Il manque le mandat signé sur papier");
    let print = format!("{record}/copie");
    let page = scene.browser.get(&print).await;
    page.is(StatusCode::OK).is_well_made().says("La première page").says("12 Mo au plus").hides("Toutes les pages sont là");
    assert!(scene.browser.get(&format!("{record}/a-signer")).await.html.starts_with("%PDF-"));

    let heavy = [PHOTO, &vec![0; 40 * 1024 * 1024]].concat();
    for (bytes, says) in [
        (b"ceci n'est pas une photo".as_slice(), "ni une photo, ni un PDF"),
        (b"", "Choisissez une photo"),
        (&heavy, "Cette photo est trop lourde. Il faut 12 Mo au plus."),
    ] {
        scene.browser.get(&print).await;
        let refused = scene.browser.submit_file(&print, &[], ("photo.jpg", bytes)).await;
        refused.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says(says).says("La première page");
    }
    for count in ["1", "2"] {
        scene.browser.get(&print).await;
        let mut again = scene.browser.clone();
        scene.browser.submit_file(&print, &[], ("photo.jpg", PHOTO)).await.goes(&format!("{print}?ajoutee=oui"));
        scene.browser.follow().await.is(StatusCode::OK).is_well_made().says(&format!("Nombre de pages : {count}."));
        again.submit_file(&print, &[], ("photo.jpg", PHOTO)).await.goes(&print);
    }
    let order = format!("{print}/ordre");
    let page = scene.browser.get(&print).await;
    page.says("Mettre avant la page 1").hides("La page suivante (3)");
    let first = page.attribute("li.print img", "src").unwrap();
    assert_eq!(scene.browser.get(&first).await.headers["content-type"], "image/jpeg");
    let photo = id(&first).to_owned();
    scene.browser.get(&print).await;
    let moved = scene.browser.submit(&order, &[("page", &photo), ("how", "retirer")]).await;
    moved.goes(&format!("{print}?retiree={photo}"));
    scene.browser.follow().await.is_well_made().says("La page est retirée.").hides("Mettre avant la page 1");
    scene.browser.submit(&order, &[("page", &photo), ("how", "remettre")]).await.goes(&print);
    scene.browser.follow().await.says("Mettre avant la page 1");

    let close = format!("{print}/terminee");
    let wrong = scene.browser.submit(&close, &[("code", "000000")]).await;
    wrong.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Ce code n’est pas le bon");
    let code = scene.code();
    scene.browser.submit(&close, &[("code", &code)]).await.goes(&record);
    scene.browser.follow().await.is_well_made().says("Mandat valable jusqu’au").says("Voir la copie signée sur papier");
    scene.browser.get(&print).await.is(StatusCode::OK).is_well_made().says("La copie signée par Josette Lambert").hides("Retirer");
    let mut hugo = scene.hugo().await;
    hugo.get(&print).await.is(StatusCode::NOT_FOUND);
    hugo.get(&first).await.is(StatusCode::NOT_FOUND);
    assert!(scene.journal().await.iter().any(|line| line.contains("a ajouté la copie signée du mandat de Josette Lambert")));
}

#[tokio::test]
async fn who_has_no_phone_draws_before_the_aidant_chooses_and_prints_a_sheet() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[("phone", ""), ("no_phone", "yes")]).await;
    scene.browser.submit(&format!("{mandate}/lecture"), &[]).await.goes("/signer");
    scene.browser.get("/signer/mandat").await.is(StatusCode::OK).is_well_made().hides("Recevoir mon code par SMS");
    for page in ["/signer/signature", "/signer/oui"] {
        scene.browser.get(page).await.is(StatusCode::SEE_OTHER);
    }
    let act = "/signer/sans-telephone";
    scene.browser.get(act).await.is(StatusCode::OK).is_well_made().says("Nadia Roussel vous voit signer");
    let empty = scene.browser.submit(act, &[]).await;
    empty.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Votre signature est vide");
    scene.browser.submit(act, &[("strokes", DRAWING)]).await.goes("/signer");
    scene.browser.follow().await.goes("/signer/termine");
    assert_eq!(scene.takes_back().await, mandate);
    scene.countersigns(&mandate).await;

    scene.browser.submit(&format!("{mandate}/mot-de-passe"), &[]).await.goes("/signer");
    scene.browser.follow().await.goes("/signer/mot-de-passe");
    scene.browser.get("/signer/feuille-de-secours").await.goes("/signer");
    scene.browser.get("/signer/mot-de-passe").await.is(StatusCode::OK).is_well_made();
    scene.browser.submit("/signer/mot-de-passe", &[("password", PASSWORD)]).await.goes("/signer");
    scene.browser.get("/signer/termine").await.is_well_made().says("Faire ma feuille de secours");
    scene.browser.get("/signer/feuille-de-secours").await.is(StatusCode::OK).is_well_made().says("une feuille avec 10 codes");
    let mut again = scene.browser.clone();
    let made = scene.browser.submit("/signer/feuille-de-secours", &[]).await;
    made.is(StatusCode::OK).is_well_made().says("Feuille de secours de Josette Lambert").says(ADDRESS);
    assert_eq!(made.headers["cache-control"], "no-store");
    let code = made.part("ol.codes li").unwrap();
    assert!(code.len() == 11 && code.chars().nth(5) == Some(' '), "{code}");
    let twice = again.submit("/signer/feuille-de-secours", &[]).await;
    assert_eq!(twice.part("ol.codes"), made.part("ol.codes"), "pressed twice, the same sheet");

    scene.takes_back().await;
    again.get("/signer/feuille-de-secours").await.goes("/signer/plus-prete");
    scene.browser.get(&format!("{mandate}/termine")).await.is_well_made().says("Ajouter le mandat signé sur papier").hides(&code);
    assert!(scene.opens(ADDRESS, PASSWORD).await);
}

#[tokio::test]
async fn a_spoken_yes_and_a_no_are_as_easy_and_a_colleague_who_heard_makes_it_final() {
    let mut scene = Scene::new().await;
    let karim = scene.world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    let page = scene.browser.get("/signer/oui").await;
    page.is(StatusCode::OK).is_well_made().says("J’ai dit oui").says("J’ai dit non");
    assert!(page.attribute("main .button.main", "name").is_none(), "neither is greener than the other");
    scene.browser.submit("/signer/oui", &[("said", "non")]).await.goes("/signer/refus");
    scene.browser.get("/signer/oui").await;
    let wrong = scene.browser.submit("/signer/oui", &[("said", "oui"), ("code", "12")]).await;
    wrong.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Il vous reste 4 essais");
    scene.signs("spoken").await;
    scene.takes_back().await;
    let sign = format!("{mandate}/signature");
    scene.browser.get(&sign).await.is_well_made().says("Un autre aidant a entendu le oui").says("72 heures");
    let own = scene.code();
    let typed = [("code", own.as_str()), ("colleague", "karim@ccas-vaudorme.fr"), ("colleague_code", "000000")];
    let refused = scene.browser.submit(&sign, &typed).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("ne vont pas ensemble");
    assert_eq!(refused.attribute("#colleague", "value").as_deref(), Some("karim@ccas-vaudorme.fr"));
    let heard = scene.world.code(&karim).reveal().clone();
    let own = scene.nadia.totp.code_at(scene.world.kernel().now()).unwrap();
    let typed = [("code", own.as_str()), ("colleague", "karim@ccas-vaudorme.fr"), ("colleague_code", heard.as_str())];
    scene.browser.submit(&sign, &typed).await.goes(&format!("{mandate}/mot-de-passe"));
    scene.browser.get(routes::HOME).await.says("Mandat valable jusqu’au").hides("Mandat provisoire");
}
