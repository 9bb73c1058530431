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
    let without_page = [routes::LENT, routes::DRAFT_PAPER, routes::WELCOME, routes::MANDATE, routes::SIGN_IN, routes::LENT_OVER];
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
        self.browser.submit(&format!("{mandate}/lecture"), &[]).await.goes("/signer");

        self.looks(&mut seen, "/signer/refus", Some(&name)).await;
        self.looks(&mut seen, "/signer/mandat", Some(&name)).await.browser.submit("/signer/code", &[]).await.goes("/signer/signature");
        self.looks(&mut seen, "/signer/signature", Some(&name)).await;
        let code = self.sms().await;
        self.browser.submit("/signer/signature", &[("code", &code), ("strokes", DRAWING), ("how", "drawn")]).await.goes("/signer");
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
        self.looks_at_what_is_asked(&mut seen, &name).await;
        self.looks_at_an_end(&mut seen).await;
        seen
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
        self.browser.submit(&ask, &[]).await.goes(routes::LOG);
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
