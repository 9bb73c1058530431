//! A new mandate for who has an account: from their record; or with a second structure, which learns nothing before they prove it.

use axum::http::StatusCode;
use maincourante_identity::testing::own;
use maincourante_kernel::clock::days;
use maincourante_mandates::{lifecycle, mine};

use super::*;

const CHECKED: &[(&str, &str)] = &[("identity_check", "known_person"), ("protection", "none")];

impl Scene {
    /// What is allowed is chosen and the document read; gives nothing.
    async fn reads_again(&mut self, mandate: &str) {
        let terms = format!("{mandate}/mandat");
        self.browser.get(&terms).await.is(StatusCode::OK).is_well_made().says("Étape 2 sur 3").hides("Créer le compte et l’adresse");
        self.browser.submit(&terms, &[]).await.goes(&format!("{mandate}/lecture"));
        let page = self.browser.follow().await;
        page.is(StatusCode::OK).is_well_made().says("Mon adresse, que j’ai déjà : josette.lambert@exemple-mail.fr");
    }

    /// The person draws their signature, with the code of their account's phone.
    async fn signs_again(&mut self, mandate: &str, aidant: &str) {
        self.browser.submit(&format!("{mandate}/lecture"), &[]).await.goes("/signer");
        self.browser.follow().await.goes("/signer/mandat");
        let page = self.browser.follow().await;
        page.is(StatusCode::OK).is_well_made().says("au numéro qui finit par 34").hides("Vous avez déjà une adresse");
        self.browser.submit("/signer/code", &[]).await.goes("/signer/signature");
        self.browser.follow().await;
        let code = self.sms().await;
        self.browser.submit("/signer/signature", &[("code", &code), ("strokes", DRAWING)]).await.goes("/signer");
        self.browser.get("/signer/termine").await.is_well_made().says(&format!("C’est signé. Rendez l’appareil à {aidant}"));
    }

    async fn signs_for_the_structure(&mut self, mandate: &str) {
        let sign = format!("{mandate}/signature");
        self.browser.get(&sign).await.is(StatusCode::OK).is_well_made().says("Le nouveau mandat commence tout de suite");
        let code = self.code();
        self.browser.submit(&sign, &[("code", &code)]).await.goes(&format!("{mandate}/mot-de-passe"));
        self.browser.follow().await.goes(mandate);
        self.browser.follow().await.goes(&format!("{mandate}/termine"));
        self.browser.follow().await.is(StatusCode::OK).is_well_made().says("Le nouveau mandat de Josette Lambert est signé");
    }
}

#[tokio::test]
async fn near_its_end_a_mandate_is_renewed_from_the_record_and_the_one_before_stays_readable() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        let page = scene.browser.get(&record).await;
        page.says("Prolonger le mandat, ou changer ce qui est permis").hides("Renouveler le mandat");
        scene.nadia = scene.world.after(&scene.nadia, days(160)).await;
        scene.browser = at_desk(&scene.router, &scene.nadia);
        scene.browser.get(&record).await.is(StatusCode::OK).is_well_made().says("Renouveler le mandat");

        let renew = format!("{record}/renouveler");
        let page = scene.browser.get(&renew).await;
        page.is(StatusCode::OK).is_well_made().says("Un nouveau mandat pour Josette Lambert").says(ADDRESS).says("Étape 1 sur 3");
        assert!(page.attribute("[name=phone]", "name").is_none(), "nothing of who they are is typed");
        let wrong = scene.browser.submit(&renew, &[("protection", "tutelle")]).await;
        wrong.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Dites comment vous savez").says("Sous tutelle");
        let begun = scene.browser.submit(&renew, CHECKED).await;
        let mandate = begun.is(StatusCode::SEE_OTHER).location().unwrap().trim_end_matches("/mandat").to_owned();
        scene.browser.get(&renew).await.goes(&mandate);
        scene.browser.get(routes::HOME).await.says("Nouveau mandat pas encore terminé");
        scene.browser.get(&format!("{mandate}/adresse")).await.goes(&mandate);
        scene.browser.get(&format!("{mandate}/personne")).await.is(StatusCode::OK).is_well_made().says("Étape 1 sur 3");
        scene.reads_again(&mandate).await;
        scene.browser.last().says("Ce mandat prend la place du mandat n° 2026-");
        scene.signs_again(&mandate, "Nadia Roussel").await;
        assert_eq!(scene.takes_back().await, mandate);
        scene.signs_for_the_structure(&mandate).await;

        let page = scene.browser.get(&record).await;
        page.is(StatusCode::OK).is_well_made().says("Les mandats d’avant").says("Nadia Roussel a renouvelé le mandat de Josette Lambert");
        let older = page.attribute(&format!("a[href^='{record}/mandat/']"), "href").expect("the one before");
        assert!(scene.browser.get(&older).await.is(StatusCode::OK).html.starts_with("%PDF-"));
        assert!(scene.browser.get(&format!("{record}/mandat")).await.is(StatusCode::OK).html.starts_with("%PDF-"));
        scene.browser.get(&record).await;
        scene.browser.submit(&format!("{record}/mot-de-passe"), &[]).await.goes("/signer");
        scene.browser.follow().await.goes("/signer/bonjour");
        scene.takes_back().await;
    }
}

#[tokio::test]
async fn a_renewal_that_the_person_refuses_changes_nothing() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    let renew = format!("{record}/renouveler");
    scene.browser.get(&renew).await;
    let begun = scene.browser.submit(&renew, CHECKED).await;
    let mandate = begun.location().unwrap().trim_end_matches("/mandat").to_owned();
    scene.reads_again(&mandate).await;
    scene.browser.submit(&format!("{mandate}/lecture"), &[]).await.goes("/signer");
    scene.browser.get("/signer/refus").await.is(StatusCode::OK).is_well_made().says("Vous gardez votre compte").hides("ne sera pas créé");
    scene.browser.submit("/signer/refus", &[]).await.goes("/signer");
    scene.browser.get("/signer/termine").await.is_well_made().says("Rien n’est signé");
    assert_eq!(scene.takes_back().await, mandate);
    scene.browser.get(&mandate).await.is(StatusCode::OK).says("rien ne change pour elle");
    scene.browser.get(&record).await.says("Mandat valable jusqu’au samedi 22 mai 2027").says("Josette Lambert a refusé le mandat");
    assert!(scene.opens(ADDRESS, maincourante_identity::testing::PASSWORD).await);
}

#[tokio::test]
async fn after_its_end_a_new_mandate_is_what_the_record_offers_first() {
    let mut scene = Scene::new().await;
    let record = scene.opens_account().await;
    scene.nadia = scene.world.after(&scene.nadia, days(200)).await;
    lifecycle::run(&scene.world.context).await.unwrap();
    scene.browser = at_desk(&scene.router, &scene.nadia);
    let page = scene.browser.get(&record).await;
    page.is(StatusCode::OK).is_well_made().says("Terminé le 22 mai 2027");
    assert_eq!(page.attribute("main a.main", "href").as_deref(), Some(format!("{record}/renouveler").as_str()));
}

#[tokio::test]
async fn a_second_structure_is_joined_by_a_code_and_learns_nothing_before() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        let (_, hugo, browser) = scene.hugo_too().await;
        (scene.nadia, scene.browser) = (hugo, browser);
        scene.browser.get(routes::NEW).await.says("La personne a déjà une adresse chez nous");
        scene.browser.get(routes::FIND).await.is(StatusCode::OK).is_well_made().says("Vous ne voyez pas qui a un compte");
        scene.browser.submit(routes::FIND, &[]).await.goes("/signer");
        scene.browser.follow().await.goes("/signer/adresse");
        let page = scene.browser.follow().await;
        page.is(StatusCode::OK).is_well_made().says("Maison France Services").hides("Josette");
        scene.browser.submit("/signer/adresse", &[("login", "")]).await.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made();

        // Of an address that nobody has, everything is said as of one that somebody has.
        let mut said = Vec::new();
        for login in ["personne@exemple-mail.fr", ADDRESS] {
            scene.browser.get("/signer/adresse").await;
            scene.browser.submit("/signer/adresse", &[("login", login)]).await.goes("/signer/adresse/code");
            let page = scene.browser.follow().await;
            page.is(StatusCode::OK).is_well_made().says("Si cette adresse ou ce numéro est connu").hides(login);
            scene.browser.submit("/signer/adresse/renvoi", &[]).await.goes("/signer/adresse/code?renvoye=oui");
            let page = scene.browser.follow().await;
            page.is(StatusCode::OK).is_well_made().says("Si cette adresse ou ce numéro est connu, le SMS est en route").hides(login);
            let wrong = scene.browser.submit("/signer/adresse/code", &[("code", "000000")]).await;
            wrong.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Il vous reste 4 essais");
            let sheet = scene.browser.get("/signer/adresse/feuille").await;
            sheet.is(StatusCode::OK).is_well_made();
            let wrong = scene.browser.submit("/signer/adresse/feuille", &[("code", "AAAAA AAAAA")]).await;
            wrong.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made();
            said.push(wrong.text());
        }
        assert_eq!(said[0], said[1]);
        scene.browser.get("/signer/mandat").await.goes("/signer");
        let mandate = scene.takes_back().await;
        scene.browser.get(&mandate).await.goes(&format!("{mandate}/retrouver"));
        scene.browser.follow().await.is(StatusCode::OK).is_well_made().says("La personne n’a pas été retrouvée").hides("Josette");
        for step in ["personne", "mandat", "lecture", "signature"] {
            scene.browser.get(&format!("{mandate}/{step}")).await.goes(&mandate);
        }
        scene.browser.get(routes::HOME).await.says("Une personne qui a déjà une adresse").hides("Josette");

        scene.browser.get(&format!("{mandate}/retrouver")).await;
        scene.browser.submit(&format!("{mandate}/retrouver"), &[]).await.goes("/signer");
        scene.browser.get("/signer/adresse").await;
        scene.browser.submit("/signer/adresse", &[("login", "06 39 98 12 34")]).await.goes("/signer/adresse/code");
        scene.browser.follow().await;
        let code = scene.sms().await;
        scene.browser.submit("/signer/adresse/code", &[("code", &code)]).await.goes("/signer");
        scene.browser.follow().await.goes("/signer/termine");
        scene.browser.follow().await.is(StatusCode::OK).is_well_made().says("C’est bien vous. Rendez l’appareil à Hugo Petit");
        assert_eq!(scene.takes_back().await, mandate);
        scene.browser.follow().await.goes(&format!("{mandate}/personne"));
        let page = scene.browser.follow().await;
        page.is(StatusCode::OK).is_well_made().says("Un nouveau mandat pour Josette Lambert");
        assert!(!page.part("main").unwrap().contains("CCAS"), "whom to call, below, is the service's");
        scene.browser.submit(&format!("{mandate}/personne"), CHECKED).await.goes(&format!("{mandate}/mandat"));
        scene.reads_again(&mandate).await;
        scene.browser.last().hides("prend la place");
        scene.world.kernel().clock.advance(maincourante_kernel::clock::minutes(16));
        scene.browser.get(&format!("{mandate}/lecture")).await;
        scene.signs_again(&mandate, "Hugo Petit").await;
        scene.takes_back().await;
        scene.signs_for_the_structure(&mandate).await;

        let page = scene.browser.get(&record).await;
        page.is(StatusCode::OK).is_well_made().says("Mandat valable").hides("Nadia Roussel");
        assert!(!page.part("main").unwrap().contains("CCAS"), "nothing of the other structure");
        let josette = own(scene.world.kernel(), id(&record).parse().unwrap()).await;
        assert_eq!(mine::mandates(&scene.world.context, &josette).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_lent_screen_names_the_structure_and_whom_to_call_whatever_it_is_lent_for() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    scene.browser.get("/signer/mandat").await.says("CCAS de Vaudorme").says("Vous avez déjà une adresse chez nous");
    assert!(scene.browser.last().part("header").is_some_and(|head| head.contains("CCAS de Vaudorme")));
    scene.browser.get("/signer/signature").await;
    scene.signs("drawn").await;
    scene.takes_back().await;
    scene.countersigns(&mandate).await;
    scene.browser.submit(&format!("{mandate}/mot-de-passe"), &[]).await.goes("/signer");
    scene.browser.get("/signer/bonjour").await.is_well_made();
    assert!(scene.browser.last().part("header").is_some_and(|head| head.contains("CCAS de Vaudorme")));
    // Whom to call is read there too, and is no way out of the page.
    scene.browser.last().says("Appelez le 01 99 00 12 34");
    assert_eq!(scene.browser.last().attribute("a[href^='tel:']", "href"), None);
    // Nobody is kept before a page that they cannot finish; the way back to it stays.
    scene.browser.last().says("Je n’y arrive pas : rendre l’appareil");
    scene.browser.get(routes::LOCK).await.says("Revenir à la page de la personne");
}
