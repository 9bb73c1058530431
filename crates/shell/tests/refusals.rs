//! Scenes: a page cannot be shown. It says so in words, and its reference is the one that the log knows.

use std::io::Write;
use std::sync::{Arc, Mutex};

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use maincourante_identity::testing as people;
use maincourante_identity::{Computer, Credentials, SignIn, sign_in};
use maincourante_kernel::clock::{days, minutes};
use maincourante_kernel::testing::{TestKernel, sqlite};
use maincourante_kernel::{Failure, Secret, sqlx};
use maincourante_shell::testing::{Browser, Seen, site};
use maincourante_shell::{
    Answer, At, Audience, Broken, Doors, Icon, MenuEntry, OnLentScreen, Posted, Shell, SignedInUsager, Space, around, forbidden, go,
    letters_away, not_found, page,
};
use serde::Deserialize;

/// What no log may hold: who asks, from where, what they typed, what they hold.
const PERSONAL: [&str; 7] = ["josette", "Josette", "Lambert", "203.0.113.9", "40000", "secret de famille", "Ma lettre"];

const HOME: Space = Space {
    audience: Audience::Usager,
    menu: &[MenuEntry { href: "/chez-moi", icon: Icon::Letter, label: || "Messages".into() }],
    home: "/chez-moi",
    entrance: "/connexion",
    sign_out: Some("/deconnexion"),
    lock: "/connexion",
};
/// Told when a page begins to wait for ever.
static WAITS: tokio::sync::Notify = tokio::sync::Notify::const_new();

const LENT: Space = Space { audience: Audience::Lent, menu: &[], home: "/signer", entrance: "/rendu", sign_out: None, lock: "/rendu" };

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "shell/base.html" %}{% import "shell/macros.html" as ui %}
{% block title %}Ma lettre{% endblock %}
{% block main %}<h1>Ma lettre</h1><form method="post" action="/chez-moi/lettre">{{ shell.token() }}{{ shell.once() }}
<textarea name="words">{{ words }}</textarea><input type="hidden" name="how" value="{{ how }}"></form>{% if no %}{% call ui::reference(shell) %}{% endcall %}{% endif %}{% endblock %}"#
)]
struct Letter {
    shell: Shell,
    words: String,
    how: String,
    no: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Fields {
    words: String,
    how: String,
}

#[derive(Deserialize)]
struct Number {
    #[serde(rename = "n")]
    _n: u32,
}

async fn write(SignedInUsager { shell, .. }: SignedInUsager) -> Answer {
    let Fields { words, how } = shell.typed_before().unwrap_or_default();
    page(&Letter { shell, words, how, no: false })
}

async fn send(SignedInUsager { .. }: SignedInUsager, Posted(fields): Posted<Fields>) -> Answer {
    match fields.how.as_str() {
        "base" => Err(Failure::from(sqlx::Error::PoolTimedOut).into()),
        _ => go("/chez-moi"),
    }
}

async fn ends(SignedInUsager { shell, .. }: SignedInUsager, At(how): At<String>) -> Answer {
    match how.as_str() {
        "panne" => Err(Failure::new("the store is away").into()),
        "base" => Err(Failure::from(sqlx::Error::PoolTimedOut).into()),
        "panique" => panic!("what Josette typed: secret de famille"),
        "courrier" => letters_away(),
        "essais" => Err(Broken::TooMany { wait: minutes(10) }),
        "sans-fin" => {
            WAITS.notify_one();
            std::future::pending().await
        }
        "non" => forbidden(&Letter { shell, words: String::new(), how: String::new(), no: true }),
        _ => not_found(),
    }
}

async fn numbered(SignedInUsager { .. }: SignedInUsager, Query(Number { .. }): Query<Number>) -> Answer {
    go("/chez-moi")
}

async fn sign(OnLentScreen { .. }: OnLentScreen) -> Answer {
    go("/signer")
}

/// Whoever holds the screen: what is looked at is how it is said there.
async fn tries() -> Answer {
    Err(Broken::TooMany { wait: minutes(10) })
}

fn pages() -> Router {
    let home = Doors::of(HOME)
        .get("/chez-moi", async |shell: SignedInUsager| {
            page(&Letter { shell: shell.shell, words: String::new(), how: String::new(), no: false })
        })
        .get("/chez-moi/lettre", write)
        .post_keeping("/chez-moi/lettre", send, &["words", "how"])
        .get("/chez-moi/nombre", numbered)
        .get("/chez-moi/fin/{how}", ends);
    let lent = Doors::of(LENT).get("/signer", sign).get("/signer/essais", tries);
    home.open().0.merge(lent.open().0)
}

/// What was logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked with it").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// From now on, and on this thread, everything the program says is kept here, as the server writes it.
    fn open() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let to = log.clone();
        let writer =
            tracing_subscriber::fmt().with_ansi(false).with_max_level(tracing::Level::DEBUG).with_writer(move || to.clone()).finish();
        (log, tracing::subscriber::set_default(writer))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("nobody panicked with it").clone()).expect("what is logged is text")
    }

    /// The one line of ours that bears this reference, and nothing of anyone in it.
    #[track_caller]
    fn line(&self, reference: &str) -> String {
        let text = self.text();
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(reference)).collect();
        assert_eq!(lines.len(), 1, "{reference} in:\n{text}");
        lines[0].to_owned()
    }
}

struct World {
    kernel: TestKernel,
    josette: Browser,
    log: Log,
    _guard: tracing::subscriber::DefaultGuard,
}

async fn world() -> World {
    let kernel = sqlite().await;
    let (log, guard) = Log::open();
    let mut josette = Browser::new(
        around(pages(), &site(&kernel.kernel).with_spaces([("/chez-moi", HOME), ("/signer", LENT)])).expect("the site is sound"),
    );
    people::usager(&people::identity(&kernel.kernel), "josette@exemple-mail.fr", None).await;
    josette.headers.insert("x-forwarded-for", "203.0.113.9".parse().expect("an address"));
    let mut world = World { kernel, josette, log, _guard: guard };
    signs_in(&mut world).await;
    world
}

async fn signs_in(world: &mut World) -> String {
    let credentials =
        Credentials { login: "josette@exemple-mail.fr".into(), password: Secret::new(people::PASSWORD.into()), computer: Computer::Shared };
    let identity = people::identity(&world.kernel.kernel);
    let SignIn::Open(opened) = sign_in(&identity, credentials, &people::requester()).await.expect("the base") else {
        panic!("she signs in")
    };
    world.josette.set_cookie("session", opened.token.reveal());
    opened.token.reveal().clone()
}

impl World {
    /// The page says this, offers help, stands in her frame, and its reference leads to one line of the log that says that much.
    #[track_caller]
    fn refused(&self, seen: &Seen, status: u16, title: &str, line: &[&str]) {
        assert_eq!((seen.status.as_u16(), seen.part("h1").as_deref()), (status, Some(title)), "{}", seen.text());
        seen.is_well_made().says("01 99 00 12 34").says("Messages").says("Si vous nous appelez, donnez cette référence");
        let found = self.log.line(&seen.reference());
        for part in line.iter().chain(&[format!("status={status}").as_str()]) {
            assert!(found.contains(part), "{part} is not in {found}");
        }
        for personal in PERSONAL {
            assert!(!found.contains(personal), "{personal} is in {found}");
        }
    }
}

#[tokio::test]
async fn every_page_that_is_not_shown_has_its_words_and_the_log_knows_its_reference() {
    let mut world = world().await;
    let ours = "Le problème vient de nous, pas de vous.";
    for (path, status, title, says, line) in [
        ("/chez-moi/fin/panne?q=josette", 500, "Ça ne marche pas pour le moment", ours, ["a page broke down", "the store is away"]),
        ("/chez-moi/fin/panique", 500, "Ça ne marche pas pour le moment", ours, ["a page broke down", "a page panicked"]),
        (
            "/chez-moi/fin/base",
            503,
            "Ça ne marche pas pour le moment",
            "Nos ordinateurs ne répondent pas.",
            ["a page broke down", "pool timed out"],
        ),
        (
            "/chez-moi/fin/courrier",
            503,
            "La messagerie ne répond pas pour le moment",
            "Le reste marche.",
            ["could not be shown", "letters_away"],
        ),
        (
            "/chez-moi/fin/essais",
            429,
            "Trop d’essais",
            "Attendez 10 minutes. Vous pourrez réessayer à partir de",
            ["was refused", "too_many"],
        ),
        ("/chez-moi/fin/rien", 404, "Cette page n’existe pas ou n’existe plus", "Rien n’est perdu.", ["was refused", "not_found"]),
        (
            "/chez-moi/josette/lambert",
            404,
            "Cette page n’existe pas ou n’existe plus",
            "Rien n’est perdu.",
            ["GET no route below /chez-moi", "not_found"],
        ),
        ("/chez-moi/nombre?n=Josette", 400, "Nous n’avons pas pu lire ce que vous avez envoyé", ours, ["was refused", "unreadable_form"]),
    ] {
        let seen = world.josette.get(path).await;
        seen.says(says).says("Ordinateur partagé.");
        world.refused(&seen, status, title, &line);
    }
    let slow = world.josette.get("/chez-moi/fin/essais").await;
    assert_eq!(slow.headers[RETRY_AFTER], "600");
    let told = world.josette.get("/chez-moi/fin/non").await;
    assert_eq!((told.status.as_u16(), world.log.line(&told.reference()).contains("why=\"told\"")), (403, true));
}

#[tokio::test]
async fn what_is_posted_wrong_is_told_so_in_the_same_frame() {
    let mut world = world().await;
    let seen = world.josette.post("/chez-moi/nombre", &[]).await;
    world.refused(&seen, 405, "Cette page ne s’ouvre pas ainsi", &["POST /chez-moi/nombre", "wrong_verb"]);
    world.josette.get("/chez-moi/lettre").await;
    let seen = world.josette.submit("/chez-moi/lettre", &[("form_token", "x"), ("form_for", "x"), ("words", "Ma lettre")]).await;
    world.refused(&seen, 403, "Cette page a attendu trop longtemps", &["stale_form"]);
    assert_eq!(seen.attribute("main .actions a", "href").as_deref(), Some("/chez-moi/lettre"), "the page where the form stood");
    world.josette.get("/chez-moi/lettre").await;
    let seen = world.josette.submit("/chez-moi/lettre", &[("words", &"Ma lettre ".repeat(60_000))]).await;
    world.refused(&seen, 413, "C’est trop long", &["too_long"]);
    world.josette.headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
    let seen = world.josette.post("/chez-moi/lettre", &[]).await;
    world.refused(&seen, 415, "Nous n’avons pas pu lire ce que vous avez envoyé", &["unreadable_form"]);
}

#[tokio::test]
async fn an_address_of_nowhere_says_so_to_who_is_not_signed_in() {
    let mut world = world().await;
    world.josette.set_cookie("session", "");
    let seen = world.josette.get("/josette@exemple-mail.fr").await;
    seen.is(StatusCode::NOT_FOUND).is_well_made().says("Retour à l’accueil").says("01 99 00 12 34");
    let line = world.log.line(&seen.reference());
    assert!(line.contains("GET no route") && !line.contains("josette"), "{line}");
}

#[tokio::test]
async fn nobody_waits_for_ever_and_what_was_typed_can_be_sent_again() {
    let mut world = world().await;
    // Once the base has answered: its own patience is in the same time.
    let mut waiting = world.josette.clone();
    waiting.get("/chez-moi").await;
    world.josette.get("/chez-moi/lettre").await;
    let seen = world.josette.submit("/chez-moi/lettre", &[("words", "Ma lettre"), ("how", "base")]).await;
    world.refused(&seen, 503, "Ça ne marche pas pour le moment", &["a page broke down"]);
    seen.says("Ce que vous avez écrit n’est pas perdu.");
    let again = seen.form("/chez-moi/lettre").expect("the way to send it again");
    let has = |name: &str| again.iter().filter(|(held, _)| held == name).count();
    assert_eq!((has("words"), has("how"), has("once"), has("form_token")), (1, 1, 1, 1), "{again:?}");
    world.josette.submit("/chez-moi/lettre", &[("how", "well")]).await.goes("/chez-moi");
}

#[tokio::test]
async fn a_page_that_never_ends_is_given_up() {
    let mut world = world().await;
    let asked = tokio::spawn(async move {
        let seen = world.josette.get("/chez-moi/fin/sans-fin").await;
        world.refused(&seen, 503, "La réponse est trop longue à venir", &["too_slow"]);
    });
    WAITS.notified().await;
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(61)).await;
    asked.await.unwrap();
}

#[tokio::test]
async fn on_a_lent_screen_no_page_leads_out() {
    let world = world().await;
    let mut lent = world.josette.clone();
    lent.set_cookie("session", "");
    lent.set_cookie("lent", "whatever it is");
    for path in ["/signer/nulle-part", "/nulle-part", "/chez-moi.php"] {
        let seen = lent.get(path).await;
        seen.is(StatusCode::NOT_FOUND).is_well_made().says("Montrez cette référence à l’aidant");
        seen.hides("tel:").hides("/accessibilite").hides("href=\"/\"").hides("/connexion").hides("Se déconnecter");
        assert!(world.log.line(&seen.reference()).contains("not_found"));
        assert_eq!(seen.part(".menu"), None);
    }
    let seen = lent.get("/signer/essais").await;
    seen.is(StatusCode::TOO_MANY_REQUESTS)
        .is_well_made()
        .says("Attendez 10 minutes")
        .says("L’aidant peut vous dire quoi faire en attendant.");
    seen.hides("tel:").hides("Vous ne voulez pas attendre");
    assert_eq!(lent.get("/signer/nulle-part").await.attribute("main a", "href").as_deref(), Some("/signer"));
    assert_eq!(lent.get("/nulle-part").await.attribute("main a", "href"), None);
}

#[tokio::test]
async fn a_session_that_is_over_is_told_at_the_entrance_under_the_reference_of_the_log() {
    let mut world = world().await;
    let mut open = world.josette.clone();
    open.get("/chez-moi/lettre").await;
    world.kernel.kernel.clock.advance(days(1));
    let reference = world.josette.get("/chez-moi").await.signs_out("/connexion");
    let line = world.log.line(&reference);
    assert!(line.contains("a session was over") && line.contains("kept=false"), "{line}");
    let reference = open.submit("/chez-moi/lettre", &[("words", "Ma lettre")]).await.signs_out("/connexion");
    assert!(open.last().location().unwrap().ends_with("&garde=oui"), "{:?}", open.last().location());
    let line = world.log.line(&reference);
    assert!(line.contains("kept=true") && PERSONAL.iter().all(|personal| !line.contains(personal)), "{line}");
    // Who never signed in is told nothing.
    world.josette.get("/chez-moi").await.goes("/connexion");
}
