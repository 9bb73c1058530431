//! Every page with the longest names that a form accepts: the frame holds, nothing is cut, nothing is unescaped.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use maincourante_mandates::MemberRole;
use maincourante_mandates::alerts::watch;

use super::*;

/// The longest page that a slow line should carry, before compression.
const HEAVIEST: usize = 48 * 1024;

#[tokio::test]
async fn every_page_holds_the_longest_names() {
    let mut scene = Scene::new().await;
    let given = format!("Anne-Élisabeth {}", "Wilhelmine".repeat(7))[..80].trim_end().to_owned();
    let family = format!("d’{}", "Ångström-".repeat(12)).chars().take(80).collect::<String>();
    let aidant = format!("Nadia {}", "Roussel-".repeat(10)).chars().take(80).collect::<String>();
    scene.nadia = scene.world.worker(&aidant, "long@ccas-vaudorme.fr", MemberRole::Referent).await;
    scene.browser = at_desk(&scene.router, &scene.nadia);
    let seen = scene.walks(&given, &family).await;

    let (_, table) = doors();
    let pages: BTreeSet<&str> = table.iter().filter(|door| door.verb == Verb::Get).map(|door| door.path).collect();
    // Entries that only lead on, and papers.
    let papers =
        [routes::DRAFT_PAPER, routes::DRAFT_TO_SIGN, routes::WELCOME, routes::MANDATE, routes::TO_SIGN, routes::PRINT_PAGE, routes::OLDER];
    let without_page = [[routes::LENT, routes::SIGN_IN, routes::LENT_OVER, routes::LINK].as_slice(), &papers].concat();
    let missed: Vec<_> = pages.iter().filter(|path| !without_page.contains(path) && !seen.contains(**path)).collect();
    assert!(missed.is_empty(), "never looked at: {missed:?}");
}

impl Scene {
    /// The whole life of an account, looking at each page. Gives the doors that were opened.
    async fn walks(&mut self, given: &str, family: &str) -> BTreeSet<String> {
        let name = format!("{given} {family}");
        let mut seen = BTreeSet::new();
        let begun = self
            .looks(&mut seen, routes::NEW, None)
            .await
            .browser
            .submit(routes::NEW, &josette(&[("given_names", given), ("family_name", family)]))
            .await;
        let mandate = begun.location().unwrap().trim_end_matches("/adresse").to_owned();
        let action = format!("{mandate}/adresse");
        self.looks(&mut seen, &action, Some(&name)).await;
        self.browser.submit(&action, &[("other", "anne.elisabeth")]).await.goes(&format!("{mandate}/mandat"));
        self.looks(&mut seen, &format!("{mandate}/mandat"), Some(&name)).await;
        self.browser.submit(&format!("{mandate}/mandat"), &[]).await.goes(&format!("{mandate}/lecture"));
        self.looks(&mut seen, &format!("{mandate}/personne"), None).await;
        self.looks(&mut seen, &format!("{mandate}/abandonner"), Some(&name)).await;
        self.looks(&mut seen, routes::HOME, Some(&name)).await;
        self.looks(&mut seen, &format!("{mandate}/lecture"), Some(&name)).await;
        self.looks(&mut seen, &format!("{mandate}/papier"), Some(&name)).await;
        self.browser.get(&format!("{mandate}/lecture")).await;
        self.browser.submit(&format!("{mandate}/lecture"), &[]).await.goes("/signer");
        self.looks(&mut seen, "/signer/oui", None).await;
        self.looks(&mut seen, "/signer/sans-telephone", None).await;

        self.looks(&mut seen, "/signer/refus", Some(&name)).await;
        self.looks(&mut seen, "/signer/mandat", Some(&name)).await.browser.submit("/signer/code", &[]).await.goes("/signer/signature");
        self.looks(&mut seen, "/signer/signature", Some(&name)).await;
        let code = self.sms().await;
        self.browser.submit("/signer/signature", &[("code", &code), ("strokes", DRAWING)]).await.goes("/signer");
        self.looks(&mut seen, "/signer/termine", Some(&name)).await;
        self.looks(&mut seen, routes::LOCK, Some(&name)).await;
        self.takes_back().await;

        self.looks(&mut seen, &format!("{mandate}/signature"), Some(&name)).await;
        let code = self.code();
        self.browser.submit(&format!("{mandate}/signature"), &[("code", &code)]).await.goes(&format!("{mandate}/mot-de-passe"));
        self.looks(&mut seen, &format!("{mandate}/mot-de-passe"), Some(&name)).await;
        self.browser.submit(&format!("{mandate}/mot-de-passe"), &[]).await.goes("/signer");
        self.looks(&mut seen, "/signer/bonjour", Some(&name)).await.browser.submit("/signer/code", &[]).await.goes("/signer/telephone");
        self.looks(&mut seen, "/signer/telephone", Some(&name)).await;
        let code = self.sms().await;
        self.browser.submit("/signer/telephone", &[("code", &code)]).await.goes("/signer");
        self.looks(&mut seen, "/signer/mot-de-passe", Some(&name)).await;
        self.browser.submit("/signer/mot-de-passe", &[("password", NEW_SECRET)]).await.goes("/signer");
        self.looks(&mut seen, "/signer/termine", Some("anne.elisabeth@exemple-mail.fr")).await;
        self.looks(&mut seen, "/signer/feuille-de-secours", None).await.browser.submit("/signer/feuille-de-secours", &[]).await.says(&name);
        self.takes_back().await;

        self.looks(&mut seen, &format!("{mandate}/termine"), Some(&name)).await;
        let record = self.browser.last().attribute("main a.main", "href").unwrap().replace("/feuille", "");
        self.looks(&mut seen, &record, Some(&name)).await;
        for paper in ["feuille", "mandat"] {
            assert!(self.browser.get(&format!("{record}/{paper}")).await.is(StatusCode::OK).html.starts_with("%PDF-"), "{paper}");
        }
        self.looks(&mut seen, routes::HOME, Some(&name)).await;
        self.looks(&mut seen, routes::JOURNAL, Some(&name)).await;
        self.looks(&mut seen, routes::LOG, Some(&name)).await;
        self.looks_at_a_renewal(&mut seen, &record, &name).await;
        self.looks_at_who_has_an_address(&mut seen).await;
        self.looks_at_what_ends_it(&mut seen, &record, &name).await;
        self.looks_at_a_print(&mut seen).await;
        self.looks_at_what_is_asked(&mut seen, &name).await;
        self.looks_at_an_end(&mut seen).await;
        for path in [routes::CHARTER, routes::PLACES, routes::SHEET, routes::INVITE] {
            self.looks(&mut seen, path, None).await;
        }
        self.looks_at_an_invitation(&mut seen, &format!("{given:.60}")).await;
        seen
    }

    /// A new mandate for who has an account, given up.
    async fn looks_at_a_renewal(&mut self, seen: &mut BTreeSet<String>, record: &str, name: &str) {
        let renew = format!("{record}/renouveler");
        self.looks(seen, &renew, Some(name)).await;
        let begun = self.browser.submit(&renew, &[("identity_check", "known_person"), ("protection", "none")]).await;
        let mandate = begun.location().unwrap().trim_end_matches("/mandat").to_owned();
        self.looks(seen, &format!("{mandate}/personne"), Some(name)).await;
        self.looks(seen, &format!("{mandate}/mandat"), Some(name)).await;
        self.browser.submit(&format!("{mandate}/mandat"), &[]).await.goes(&format!("{mandate}/lecture"));
        self.looks(seen, &format!("{mandate}/lecture"), Some(name)).await;
        self.looks(seen, &format!("{mandate}/abandonner"), Some(name)).await;
        self.browser.submit(&format!("{mandate}/abandonner"), &[]).await.goes(&mandate);
    }

    /// Someone says on the lent screen which account is theirs, and is not found.
    async fn looks_at_who_has_an_address(&mut self, seen: &mut BTreeSet<String>) {
        self.looks(seen, routes::FIND, None).await.browser.submit(routes::FIND, &[]).await.goes("/signer");
        self.looks(seen, "/signer/adresse", None).await;
        self.browser.submit("/signer/adresse", &[("login", &"x".repeat(200))]).await.goes("/signer/adresse/code");
        self.looks(seen, "/signer/adresse/code", None).await;
        self.looks(seen, "/signer/adresse/feuille", None).await;
        let mandate = self.takes_back().await;
        self.looks(seen, &format!("{mandate}/retrouver"), None).await;
    }

    /// What a référent records of a mandate.
    async fn looks_at_what_ends_it(&mut self, seen: &mut BTreeSet<String>, record: &str, name: &str) {
        for page in ["suppression", "deces", "tutelle", "renoncer", "pause"] {
            self.looks(seen, &format!("{record}/{page}"), Some(name)).await;
        }
        self.browser.submit(&format!("{record}/pause"), &[("note", "Un doute")]).await.goes(record);
        self.looks(seen, &format!("{record}/reprise"), Some(name)).await;
        self.browser.submit(&format!("{record}/reprise"), &[("note", "C’était sa fille")]).await.goes(record);
        self.looks(seen, record, Some(name)).await;
    }

    /// Someone without a phone: the photographs of their print, then a code of their sheet.
    async fn looks_at_a_print(&mut self, seen: &mut BTreeSet<String>) {
        let (mandate, record) = self.signs_by_hand().await;
        self.looks(seen, &format!("{record}/copie"), None).await;
        self.browser.submit_file(&format!("{record}/copie"), &[], ("photo.jpg", by_hand::PHOTO)).await.is(StatusCode::SEE_OTHER);
        self.browser.follow().await;
        let code = self.code();
        self.browser.submit(&format!("{record}/copie/terminee"), &[("code", &code)]).await.goes(&record);
        self.browser.get(&format!("{mandate}/mot-de-passe")).await;
        self.browser.submit(&format!("{mandate}/mot-de-passe"), &[]).await.goes("/signer");
        self.browser.get("/signer/mot-de-passe").await;
        self.browser.submit("/signer/mot-de-passe", &[("password", NEW_SECRET)]).await.goes("/signer");
        self.browser.get("/signer/feuille-de-secours").await;
        let code = self.browser.submit("/signer/feuille-de-secours", &[]).await.part("ol.codes li").unwrap();
        self.takes_back().await;
        self.browser.get(&record).await;
        self.browser.submit(&format!("{record}/mot-de-passe"), &[]).await.goes("/signer");
        self.looks(seen, "/signer/code-de-secours", Some("Josette Lambert")).await;
        let act = "/signer/code-de-secours";
        self.browser.submit(act, &[("code", "AAAAA AAAAA")]).await.is_well_made().says("Il vous reste 4 essais");
        self.browser.submit(act, &[("code", &code)]).await.goes("/signer");
        self.browser.follow().await.goes("/signer/mot-de-passe");
        self.takes_back().await;
    }

    /// Another référent, whose name is as long, asks a reason; and something is unusual: it is a Sunday.
    async fn looks_at_what_is_asked(&mut self, seen: &mut BTreeSet<String>, name: &str) {
        let long = format!("Hélène {}", "Vasseur-".repeat(10)).chars().take(80).collect::<String>();
        let helene = self.referent(&long, "longue@ccas-vaudorme.fr").await;
        let nadia = std::mem::replace(&mut self.browser, helene);
        assert!(watch::run(&self.world.context).await.unwrap() > 0);
        self.looks(seen, routes::LOG, Some(name)).await;
        let link = |page: &Seen, start: &str| page.attribute(&format!("a[href^='{start}']"), "href").unwrap();
        let (ask, alert) = (link(self.browser.last(), "/structure/journal/raison/"), link(self.browser.last(), "/structure/alertes/"));
        self.looks(seen, &alert, Some(name)).await;
        self.looks(seen, &ask, None).await;
        self.browser.submit(&ask, &[]).await.goes_saying(routes::LOG);
        self.browser = nadia;
        self.looks(seen, routes::HOME, Some(&long)).await;
        let question = link(self.browser.last(), "/aidant/raisons/");
        self.looks(seen, &question, Some(&long)).await;
    }

    /// A mandate that is over has a page too: the one of its own address.
    async fn looks_at_an_end(&mut self, seen: &mut BTreeSet<String>) {
        let mandate = self.prepares(&[("given_names", "René"), ("phone", "06 39 98 00 11")]).await;
        self.browser.get(&format!("{mandate}/abandonner")).await;
        self.browser.submit(&format!("{mandate}/abandonner"), &[]).await.goes(&mandate);
        self.looks(seen, &mandate, None).await;
    }

    /// Someone with a long name is invited.
    async fn looks_at_an_invitation(&mut self, seen: &mut BTreeSet<String>, name: &str) {
        self.browser.get(routes::INVITE).await;
        let address = format!("{}@{}.exemple.fr", "longue".repeat(10), "mairie-".repeat(8).trim_end_matches('-'));
        self.browser.submit(routes::INVITE, &[("name", name), ("login", &address)]).await.goes_saying(routes::TEAM);
        self.looks(seen, routes::TEAM, Some(name)).await;
        let link = self.world.received_link().await;
        let desk = std::mem::replace(&mut self.browser, Browser::new(self.router.clone()));
        self.browser.get(&link).await.goes(routes::INVITATION);
        self.looks(seen, routes::INVITATION, Some(&address)).await;
        self.browser.submit(routes::INVITATION, &[("password", NEW_SECRET)]).await.goes(routes::INVITATION_DEVICE);
        self.looks(seen, routes::INVITATION_DEVICE, None).await;
        self.browser = desk;
    }

    async fn looks(&mut self, seen: &mut BTreeSet<String>, path: &str, says: Option<&str>) -> &mut Self {
        let page = self.browser.get(path).await;
        page.is(StatusCode::OK).is_well_made();
        if let Some(words) = says {
            page.says(words);
        }
        assert!(page.bytes < HEAVIEST, "{path}: {} bytes", page.bytes);
        let id = path.split('/').find(|part| part.len() == 36);
        seen.insert(id.map_or_else(|| path.to_owned(), |id| path.replace(id, "{id}")));
        self
    }
}
