//! Scenes of the console: Nadia, aidante of the CCAS de Vaudorme; Hélène, its référente; Josette, who opens an account;
//! Hugo, of another structure. Each drives the pages as a browser would.

mod account;
mod alerts;
mod by_hand;
mod endings;
mod exports;
mod fields;
mod joining;
mod lent;
mod locked;
mod long;
mod people;
mod places;
mod reasons;
mod record;
mod renewing;
mod reviews;
mod set_aside;
mod strangers;
mod suspended;
mod team;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use maincourante_identity::{Computer, Credentials, SignIn, sign_in};
use maincourante_journal::Signer;
use maincourante_kernel::testing::{TestKernel, kernels, sqlite};
use maincourante_kernel::{Chance, Secret};
use maincourante_mandates::review::export::Notary;
use maincourante_mandates::structures::{self, NewStructure, Opening};
use maincourante_mandates::testing::{DRAWING, Worker, World};
use maincourante_mandates::{MemberRole, StructureId};
use maincourante_shell::testing::{Browser, Seen, site};
use maincourante_shell::{Door, Verb, around};
use tempfile::TempDir;

use crate::{App, doors, routes};

const NEW_SECRET: &str = "nuage marin doré";
const ADDRESS: &str = "josette.lambert@exemple-mail.fr";

/// A structure, its pages, and Nadia in front of them.
struct Scene {
    world: World,
    router: Router,
    nadia: Worker,
    browser: Browser,
    notary: Notary,
    _folder: TempDir,
}

impl Scene {
    async fn new() -> Self {
        Self::on(sqlite().await).await
    }

    /// One scene on each engine.
    async fn everywhere() -> Vec<Self> {
        let mut scenes = Vec::new();
        for kernel in kernels().await {
            scenes.push(Self::on(kernel).await);
        }
        scenes
    }

    async fn on(kernel: TestKernel) -> Self {
        let world = World::new(kernel).await;
        let (pages, _) = doors();
        let folder = tempfile::tempdir().unwrap();
        let signer = Signer::from_pem(&Signer::generate(&Chance::seeded(7)), &"courriel.exemple-mail.fr".parse().unwrap()).unwrap();
        let notary = Notary { signer: Arc::new(signer), checkpoints: folder.path().join("checkpoints") };
        let app = App { mandates: world.context.clone(), notary: notary.clone() };
        let router = around(pages.with_state(app), &site(world.kernel())).unwrap();
        let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let browser = at_desk(&router, &nadia);
        Self { world, router, nadia, browser, notary, _folder: folder }
    }

    /// Hélène, référente of the structure, at her desk.
    async fn helene_too(&self) -> (Worker, Browser) {
        let helene = self.world.worker("Hélène Vasseur", "helene@ccas-vaudorme.fr", MemberRole::Referent).await;
        let browser = at_desk(&self.router, &helene);
        (helene, browser)
    }

    /// Another structure, and its référent.
    async fn hugo(&self) -> Browser {
        self.hugo_too().await.2
    }

    /// The same, with the structure and his authenticator.
    async fn hugo_too(&self) -> (StructureId, Worker, Browser) {
        let new = NewStructure {
            name: "Maison France Services".into(),
            siret: "73282932000074".into(),
            postal_address: "1 rue Basse".into(),
            phone: "01 99 00 00 01".into(),
            opening_hours: "le mardi".into(),
        };
        let Opening::Opened(structure) = structures::open(&self.world.context, &new).await.unwrap() else { panic!("opened") };
        let hugo = self.world.worker_of(structure, "Hugo Petit", "hugo@france-services.fr", MemberRole::Referent).await;
        let browser = at_desk(&self.router, &hugo);
        (structure, hugo, browser)
    }

    /// A code of Nadia's authenticator that was never used: time moves on.
    fn code(&self) -> String {
        self.world.code(&self.nadia).reveal().clone()
    }

    /// The code of the last text message.
    async fn sms(&self) -> String {
        self.world.received_code().await.reveal().clone()
    }

    /// The first step, filled in for Josette Lambert, with `changes`.
    async fn begins(&mut self, changes: &[(&str, &str)]) -> Seen {
        self.browser.get(routes::NEW).await.is(StatusCode::OK).is_well_made();
        self.browser.submit(routes::NEW, &josette(changes)).await
    }

    /// The first three steps: the document is there to be read. Gives the address of the mandate.
    async fn prepares(&mut self, changes: &[(&str, &str)]) -> String {
        let begun = self.begins(changes).await;
        begun.is(StatusCode::SEE_OTHER);
        let address = begun.location().unwrap().to_owned();
        let mandate = address.trim_end_matches("/adresse").to_owned();
        let page = self.browser.follow().await;
        page.is(StatusCode::OK).is_well_made();
        let first = page.attribute("[name=address]", "value").unwrap();
        self.browser.submit(&address, &[("address", &first)]).await.goes(&format!("{mandate}/mandat"));
        self.browser.follow().await.is(StatusCode::OK).is_well_made();
        self.browser.submit(&format!("{mandate}/mandat"), &[]).await.goes(&format!("{mandate}/lecture"));
        self.browser.follow().await.is(StatusCode::OK).is_well_made();
        mandate
    }

    /// Nadia lends the screen; the person has the code before them.
    async fn lends(&mut self, mandate: &str) {
        self.browser.get(mandate).await.goes(&format!("{mandate}/lecture"));
        self.browser.follow().await;
        self.browser.submit(&format!("{mandate}/lecture"), &[]).await.goes("/signer");
        self.browser.follow().await.goes("/signer/mandat");
        self.browser.follow().await.is(StatusCode::OK).is_well_made();
        self.browser.submit("/signer/code", &[]).await.goes("/signer/signature");
        self.browser.follow().await.is(StatusCode::OK).is_well_made();
    }

    /// The person signs, by drawing, or by a spoken yes.
    async fn signs(&mut self, how: &str) {
        let code = self.sms().await;
        if how == "drawn" {
            self.browser.submit("/signer/signature", &[("code", &code), ("strokes", DRAWING)]).await.goes("/signer");
        } else {
            self.browser.get("/signer/oui").await.is(StatusCode::OK).is_well_made().says("Créer mon compte et mon adresse");
            self.browser.submit("/signer/oui", &[("code", &code), ("said", "oui")]).await.goes("/signer");
        }
        self.browser.follow().await.goes("/signer/termine");
        self.browser.follow().await.is(StatusCode::OK).is_well_made().says("C’est signé. Rendez l’appareil à Nadia Roussel");
    }

    /// Nadia takes the screen back; gives where it leads.
    async fn takes_back(&mut self) -> String {
        self.browser.get(routes::HOME).await.goes(routes::LOCK);
        self.browser.follow().await.is(StatusCode::OK).is_well_made();
        let code = self.code();
        let back = self.browser.submit(routes::LOCK, &[("code", &code)]).await;
        back.is(StatusCode::SEE_OTHER);
        back.location().unwrap().to_owned()
    }

    /// The person receives a code and chooses a secret.
    async fn chooses(&mut self, secret: &str) {
        self.browser.get("/signer").await.goes("/signer/bonjour");
        self.browser.follow().await.is(StatusCode::OK).is_well_made();
        self.browser.submit("/signer/code", &[]).await.goes("/signer/telephone");
        self.browser.follow().await.is(StatusCode::OK).is_well_made();
        let code = self.sms().await;
        self.browser.submit("/signer/telephone", &[("code", &code)]).await.goes("/signer");
        self.browser.follow().await.goes("/signer/mot-de-passe");
        self.browser.follow().await.is(StatusCode::OK).is_well_made();
        self.browser.submit("/signer/mot-de-passe", &[("password", secret)]).await.goes("/signer");
        self.browser.follow().await.goes("/signer/termine");
        self.browser.follow().await.is(StatusCode::OK).is_well_made().says("rendez l’appareil à Nadia Roussel");
    }

    /// Nadia countersigns; the next page is the one of the first secret.
    async fn countersigns(&mut self, mandate: &str) {
        self.browser.get(mandate).await.goes(&format!("{mandate}/signature"));
        self.browser.follow().await.is(StatusCode::OK).is_well_made();
        let code = self.code();
        self.browser.submit(&format!("{mandate}/signature"), &[("code", &code)]).await.goes(&format!("{mandate}/mot-de-passe"));
        self.browser.follow().await.is(StatusCode::OK).is_well_made();
    }

    /// All of it. Gives the address of the record.
    async fn opens_account(&mut self) -> String {
        let mandate = self.prepares(&[]).await;
        self.lends(&mandate).await;
        self.signs("drawn").await;
        assert_eq!(self.takes_back().await, mandate);
        self.countersigns(&mandate).await;
        self.browser.submit(&format!("{mandate}/mot-de-passe"), &[]).await.goes("/signer");
        self.chooses(maincourante_identity::testing::PASSWORD).await;
        assert_eq!(self.takes_back().await, mandate);
        self.browser.follow().await.goes(&format!("{mandate}/termine"));
        self.browser.follow().await.is(StatusCode::OK).is_well_made();
        let sheet = self.browser.last().attribute("main a.main", "href").unwrap();
        sheet.trim_end_matches("/feuille").to_owned()
    }

    /// Whether this address and this password sign in.
    async fn opens(&self, address: &str, password: &str) -> bool {
        let typed = Credentials { login: address.into(), password: Secret::new(password.into()), computer: Computer::Shared };
        matches!(sign_in(&self.world.context.identity, typed, &World::requester()).await.unwrap(), SignIn::Open(_))
    }

    /// What the journal of the structure says, the newest first.
    async fn journal(&self) -> Vec<String> {
        let records = self.world.journal().await;
        records
            .iter()
            .map(|record| maincourante_journal::sentence(record, maincourante_journal::Reader::Structure).replace('\u{a0}', " "))
            .collect()
    }
}

/// The browser of someone signed in.
fn at_desk(router: &Router, worker: &Worker) -> Browser {
    let mut browser = Browser::new(router.clone());
    browser.set_cookie("staff", worker.cookie.reveal());
    browser
}

/// The fields of the first step, with `changes`.
fn josette<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("given_names", "Josette"),
        ("family_name", "Lambert"),
        ("birth_date", "05/03/1942"),
        ("birthplace", "Mont-de-Marsan"),
        ("phone", "06 39 98 12 34"),
        ("identity_check", "paper_seen"),
        ("protection", "none"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

/// Knocks at a door, with this identity where it asks for one.
async fn knocks(browser: &mut Browser, door: Door, id: &str) -> Seen {
    let path = door.path.replace("{id}", id);
    match door.verb {
        Verb::Get => browser.get(&path).await,
        Verb::Post => browser.post(&path, &[]).await,
    }
}

/// The identity at the end of an address.
fn id(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}
