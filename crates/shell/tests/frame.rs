//! Scenes around a small router: what every page is owed, whoever wrote it.

use std::borrow::Cow;

use askama::Template;
use axum::Router;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use maincourante_identity::testing as people;
use maincourante_identity::{Credentials, Loan, Purpose, SignIn, StaffKind, lend, sign_in};
use maincourante_kernel::clock::{days, minutes};
use maincourante_kernel::testing::{TestKernel, sqlite};
use maincourante_kernel::{Failure, Kernel, Secret};
use maincourante_shell::testing::{Browser, Seen, site, site_at};
use maincourante_shell::{
    Answer, At, AtWork, Audience, CookieName, Door, Doors, Errors, Icon, Keep, MenuEntry, OnLentScreen, Once, Posted, Shell,
    SignedInUsager, Site, Space, Verb, WhileLent, With, around, asset, forbidden, go, not_found, page, refused,
};
use serde::Deserialize;

const HOME: Space = Space {
    audience: Audience::Usager,
    menu: &[MenuEntry { href: "/chez-moi", icon: Icon::Letter, label: || Cow::Borrowed("Messages") }],
    home: "/chez-moi",
    entrance: "/connexion",
    sign_out: Some("/deconnexion"),
    lock: "/connexion",
};

const WORK: Space = Space {
    audience: Audience::Aidant,
    menu: &[MenuEntry { href: "/aidant", icon: Icon::People, label: || Cow::Borrowed("Personnes") }],
    home: "/aidant",
    entrance: "/aidant/connexion",
    sign_out: Some("/aidant/deconnexion"),
    lock: "/aidant/ecran",
};

const LENT: Space = Space { audience: Audience::Lent, menu: &[], home: "/signer", entrance: "/aidant/ecran", sign_out: None, lock: "/" };

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "shell/base.html" %}{% import "shell/macros.html" as ui %}
{% block title %}{{ title }}{{ errors.in_title() }}{% endblock %}
{% block main %}<h1>{{ title }}</h1>{% call ui::errors(errors) %}{% endcall %}
<form method="post" action="/nom">{{ shell.token() }}{{ shell.once() }}
{% call ui::field(errors, "name", "Votre nom", name, hint = "Comme sur vos papiers.") %}{% endcall %}
<button class="button main">Continuer</button></form>{% endblock %}"#
)]
struct Page {
    shell: Shell,
    title: &'static str,
    errors: Errors,
    name: String,
}

fn form(shell: Shell, errors: Errors, name: String) -> Page {
    Page { shell, title: "Votre nom", errors, name }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Fields {
    name: String,
    once: Option<Once>,
}

async fn ask(shell: Shell) -> Answer {
    page(&form(shell, Errors::none(), String::new()))
}

async fn answer(shell: Shell, Posted(fields): Posted<Fields>) -> Answer {
    if fields.name.is_empty() {
        return refused(&form(shell, Errors::one("name", "Il manque votre nom."), fields.name));
    }
    assert!(fields.once.is_some(), "the mark comes back");
    let cookie = shell.keep(CookieName::Reset, &Secret::new("step".into()), Keep::For(minutes(10)));
    go(format!("/bonjour/{}", fields.name.len())).with(cookie)
}

async fn at_home(SignedInUsager { own, shell }: SignedInUsager) -> Answer {
    page(&form(shell, Errors::none(), own.name()))
}

async fn at_work(AtWork { who, shell }: AtWork) -> Answer {
    page(&form(shell.for_structure("CCAS de Vaudorme"), Errors::none(), who.name().to_owned()))
}

async fn lock(WhileLent { lent, shell }: WhileLent) -> Answer {
    page(&form(shell, Errors::none(), lent.name().to_owned()))
}

async fn sign(OnLentScreen { hand_over, shell }: OnLentScreen) -> Answer {
    page(&form(shell.lent_to("Mamadou Sow"), Errors::none(), hand_over.staff_name().to_owned()))
}

async fn one_of(At(number): At<u32>, shell: Shell) -> Answer {
    match number {
        0 => not_found(),
        1 => forbidden(&form(shell, Errors::none(), String::new())),
        2 => Err(Failure::new("the base is away").into()),
        3 => panic!("a fault of ours"),
        _ => page(&form(shell, Errors::none(), String::new())),
    }
}

fn pages() -> (Router, Vec<Door>) {
    let (public, mut doors) = Doors::of(Space::PUBLIC).get("/nom", ask).post("/nom", answer).get("/choses/{number}", one_of).open();
    let (home, more) = Doors::of(HOME).get("/chez-moi", at_home).get("/chez-moi/panne", broken_at_home).open();
    let (work, staff) = Doors::of(WORK).get("/aidant", at_work).get("/aidant/ecran", lock).open();
    let (lent, person) = Doors::of(LENT).get("/signer", sign).open();
    doors.extend(more.into_iter().chain(staff).chain(person));
    (public.merge(home).merge(work).merge(lent).route("/nu", get(async || StatusCode::BAD_REQUEST)), doors)
}

async fn broken_at_home(SignedInUsager { .. }: SignedInUsager) -> Answer {
    Err(Failure::new("the store is away").into())
}

fn browser(site: &Site) -> Browser {
    Browser::new(around(pages().0, site).expect("an origin"))
}

async fn world() -> (TestKernel, Browser) {
    let kernel = sqlite().await;
    let browser = browser(&site(&kernel.kernel));
    (kernel, browser)
}

fn header<'a>(seen: &'a Seen, name: &str) -> &'a str {
    seen.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("none")
}

#[tokio::test]
async fn every_answer_carries_the_headers_of_the_house() {
    let (_kernel, mut browser) = world().await;
    for path in ["/nom", "/choses/0", "/choses/1", "/choses/2", "/choses/3", "/nulle-part", "/nu", "/chez-moi"] {
        let seen = browser.get(path).await;
        assert_eq!(
            header(&seen, "content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "{path}"
        );
        assert_eq!(header(&seen, "cache-control"), "no-store", "{path}");
        assert_eq!(header(&seen, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&seen, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(header(&seen, "cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header(&seen, "cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(header(&seen, "permissions-policy").contains("geolocation=()"), "{path}");
        assert_eq!(header(&seen, "strict-transport-security"), "none", "plain http, {path}");
    }
    let kernel = sqlite().await;
    let secured = browser_at_https(&kernel.kernel).get("/nom").await;
    assert_eq!(header(&secured, "strict-transport-security"), "max-age=63072000");
}

fn browser_at_https(kernel: &Kernel) -> Browser {
    browser(&site_at("https://exemple-mail.fr", kernel))
}

#[tokio::test]
async fn pages_that_cannot_be_shown_say_so_in_words() {
    let (_kernel, mut browser) = world().await;
    let gone = "Cette page n’existe pas ou n’existe plus";
    browser.get("/nulle-part").await.is(StatusCode::NOT_FOUND).says(gone).is_well_made();
    browser.get("/choses/0").await.is(StatusCode::NOT_FOUND).says(gone);
    browser.get("/choses/abc").await.is(StatusCode::NOT_FOUND).says(gone);
    browser.get("/choses/1").await.is(StatusCode::FORBIDDEN).says("Votre nom");
    browser.get("/nu").await.is(StatusCode::BAD_REQUEST).says("Nous n’avons pas pu lire ce que vous avez envoyé");
    browser.post("/choses/4", &[]).await.is(StatusCode::METHOD_NOT_ALLOWED).says("Cette page ne s’ouvre pas ainsi");

    for path in ["/choses/2", "/choses/3"] {
        let broken = browser.get(path).await;
        broken
            .is(StatusCode::INTERNAL_SERVER_ERROR)
            .says("Ça ne marche pas pour le moment")
            .says("Le problème vient de nous, pas de vous.");
        broken.says("01 99 00 12 34").hides("the base is away").hides("a fault of ours").is_well_made();
        broken.reference();
    }
}

#[tokio::test]
async fn a_form_of_ours_is_read_and_no_other() {
    let (test, mut browser) = world().await;
    browser.get("/nom").await.is(StatusCode::OK).is_well_made();
    let form = browser.last().form("/nom").expect("a form");
    browser.submit("/nom", &[("name", "Josette")]).await.goes("/bonjour/7");

    // Without its token, or with it altered: nothing is read.
    let mut without = form.clone();
    without.retain(|(name, _)| name != "form_token");
    let stale = "Cette page a attendu trop longtemps";
    browser.post("/nom", &without).await.is(StatusCode::FORBIDDEN).says(stale);
    let mut altered = form.clone();
    let first = if altered[0].1.starts_with('A') { "B" } else { "A" };
    altered[0].1.replace_range(..1, first);
    assert_eq!(altered[0].0, "form_token");
    browser.post("/nom", &altered).await.is(StatusCode::FORBIDDEN).says(stale);
    // With the token of another browser, whether this one was shown a form or not.
    let mut other = self::browser(&site(&test.kernel));
    other.post("/nom", &form).await.is(StatusCode::FORBIDDEN).says(stale).is_well_made();
    other.get("/nom").await;
    other.post("/nom", &form).await.is(StatusCode::FORBIDDEN).says(stale);

    // The same form, from elsewhere.
    let mut elsewhere = HeaderMap::new();
    elsewhere.insert("sec-fetch-site", "cross-site".parse().unwrap());
    browser.headers = elsewhere;
    browser.headers.insert(ORIGIN, "https://evil.example".parse().unwrap());
    browser.post("/nom", &form).await.is(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_form_too_long_or_not_a_form_is_refused_in_words() {
    let (_kernel, mut browser) = world().await;
    browser.get("/nom").await;
    browser.submit("/nom", &[("name", &"x".repeat(600_000))]).await.is(StatusCode::PAYLOAD_TOO_LARGE).says("C’est trop long");
    browser.get("/nom").await;
    browser.headers.insert("content-type", "text/plain".parse().unwrap());
    let form = browser.last().form("/nom").unwrap();
    browser.post("/nom", &form).await.is(StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn what_is_to_be_corrected_is_summed_up_and_told_beside_the_field() {
    let (_kernel, mut browser) = world().await;
    browser.get("/nom").await;
    let seen = browser.submit("/nom", &[("name", "")]).await;
    seen.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made();
    assert_eq!(seen.part("title").as_deref(), Some("Votre nom, 1 erreur - Maincourante"));
    assert_eq!(seen.attribute(".danger", "autofocus").as_deref(), Some(""));
    let main = seen.html.split("<main").nth(1).and_then(|main| main.split("</main>").next()).unwrap();
    let stable: Vec<&str> = main.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains("form_token")).collect();
    insta::assert_snapshot!(stable.join("\n"));
}

#[tokio::test]
async fn cookies_carry_the_attributes_of_the_house() {
    let (_kernel, mut plain) = world().await;
    let line = |seen: &Seen| seen.headers.get(SET_COOKIE).expect("a cookie").to_str().unwrap().to_owned();
    let form = line(&plain.get("/nom").await);
    assert!(form.starts_with("form=") && form.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{form}");
    let reset = line(&plain.submit("/nom", &[("name", "Josette")]).await);
    assert_eq!(reset, "reset=step; Path=/; HttpOnly; SameSite=Lax; Max-Age=600");
    assert!(plain.get("/nom").await.headers.get(SET_COOKIE).is_none(), "the form cookie is given once");

    let kernel = sqlite().await;
    let mut secured = browser_at_https(&kernel.kernel);
    let form = line(&secured.get("/nom").await);
    assert!(form.starts_with("__Host-form=") && form.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{form}");
}

#[tokio::test]
async fn one_chooses_size_and_colours_and_comes_back() {
    let (_kernel, mut browser) = world().await;
    browser.get("/nom").await;
    browser.submit("/affichage", &[("size", "3")]).await.goes("/nom");
    assert_eq!(browser.cookie("display"), Some("3.auto"));
    browser.get("/nom").await;
    browser.submit("/affichage", &[("colours", "contrast")]).await;
    let page = browser.follow().await;
    assert_eq!(page.attribute("html", "data-size").as_deref(), Some("3"));
    assert_eq!(page.attribute("html", "data-colours").as_deref(), Some("contrast"));
    assert_eq!(page.attribute("button[value='3']", "aria-pressed").as_deref(), Some("true"));
    browser.post("/affichage", &[("size".into(), "9".into()), ("back".into(), "//evil.example".into())]).await.goes("/");
    assert_eq!(browser.cookie("display"), Some("3.contrast"));
}

#[tokio::test]
async fn a_signed_in_page_needs_a_living_session_and_says_whose_computer_it_is() {
    let test = sqlite().await;
    let identity = people::identity(&test.kernel);
    people::usager(&identity, "josette@exemple-mail.fr", None).await;
    let mut browser = browser(&site(&test.kernel));
    browser.get("/chez-moi").await.goes("/connexion");

    let credentials = Credentials {
        login: "josette@exemple-mail.fr".into(),
        password: Secret::new(people::PASSWORD.into()),
        computer: maincourante_identity::Computer::Shared,
    };
    let SignIn::Open(opened) = sign_in(&identity, credentials, &people::requester()).await.unwrap() else { panic!("she signs in") };
    browser.set_cookie("session", opened.token.reveal());
    let page = browser.get("/chez-moi").await;
    page.is(StatusCode::OK).says("Ordinateur partagé. En partant, déconnectez-vous.").is_well_made();
    assert_eq!(page.attribute(".menu a", "aria-current").as_deref(), Some("page"));
    assert!(page.form("/deconnexion").is_some());
    // The failure page keeps her frame: menu, and the way out.
    browser.get("/chez-moi/panne").await.is(StatusCode::INTERNAL_SERVER_ERROR).says("Ordinateur partagé.").says("Messages");

    test.kernel.clock.advance(days(1));
    let ended = browser.get("/chez-moi").await;
    ended.signs_out("/connexion");
    assert_eq!(browser.cookie("session"), None, "the stale cookie is forgotten");
    browser.set_cookie("session", "forged");
    browser.get("/chez-moi").await.signs_out("/connexion");
}

#[tokio::test]
async fn a_lent_screen_leaves_its_lender_one_page_and_its_borrower_no_way_out() {
    let test = sqlite().await;
    let identity = people::identity(&test.kernel);
    let (nadia, _) = people::staff(&identity, StaffKind::Aidant, "Nadia Roussel", "nadia@ccas.example").await;
    let (who, token) = people::signed_in_staff(&test.kernel, nadia).await;
    let mut device = browser(&site(&test.kernel));
    device.get("/aidant").await.goes("/aidant/connexion");
    device.set_cookie("staff", token.reveal());
    let work = device.get("/aidant").await;
    work.is(StatusCode::OK).says("Espace aidant, CCAS de Vaudorme").says("Personnes").is_well_made();
    device.get("/aidant/ecran").await.goes("/aidant/connexion");
    device.get("/signer").await.goes("/aidant/ecran");

    let mut tx = test.kernel.db.write().await.unwrap();
    let subject = test.kernel.chance.uuid(test.kernel.now());
    let lent =
        lend(&mut tx, &test.kernel, &who, Loan { purpose: Purpose::Sign, subject, shown: b"" }).await.unwrap().expect("a screen lent");
    tx.commit().await.unwrap();
    let mut other_tab = device.other_tab();
    device.set_cookie("lent", lent.token.reveal());

    other_tab.get("/aidant").await.goes("/aidant/ecran");
    other_tab.follow().await.is(StatusCode::OK);
    let screen = device.get("/signer").await;
    screen.is(StatusCode::OK).says("Cet écran est pour Mamadou Sow. L’aidant ne peut plus rien faire ici.").is_well_made();
    assert_eq!(screen.part(".menu"), None);
    assert_eq!(screen.part("a.brand"), None, "the name of the service leads nowhere");
    screen.hides("Se déconnecter").hides("/accessibilite").hides("tel:");
}

#[tokio::test]
async fn doors_are_the_router() {
    let (_, doors) = pages();
    assert!(doors.contains(&Door { verb: Verb::Post, path: "/nom", audience: Audience::Public }));
    assert!(doors.contains(&Door { verb: Verb::Get, path: "/chez-moi", audience: Audience::Usager }));
    assert_eq!(doors.len(), 8);
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_the_name_of_their_content() {
    let (_kernel, mut browser) = world().await;
    let page = browser.get("/nom").await;
    for name in ["style.css", "app.js", "logo.svg", "fonts/atkinson-hyperlegible-latin-400.woff2"] {
        let url = asset(name);
        let seen = browser.get(url).await;
        seen.is(StatusCode::OK);
        assert_eq!(seen.headers[CACHE_CONTROL], "public, max-age=31536000, immutable", "{url}");
        assert_eq!(seen.headers[CONTENT_SECURITY_POLICY], "default-src 'none'");
        assert_eq!(header(&seen, "x-content-type-options"), "nosniff");
        assert!(!seen.html.contains("/*") && !seen.html.contains("\n//"), "{name} is served with its comments");
    }
    assert!(page.html.contains(asset("style.css")) && page.html.contains(asset("app.js")));
    assert!(browser.get(asset("style.css")).await.html.contains(asset("fonts/atkinson-hyperlegible-latin-700.woff2")));
    // What an older page asks is served, and not kept.
    let older = browser.get("/assets/style.aaaaaaaaaaaaa.css").await;
    older.is(StatusCode::OK);
    assert_eq!(older.headers[CACHE_CONTROL], "no-store");
    browser.get("/assets/../Cargo.toml").await.is(StatusCode::NOT_FOUND);
    browser.get("/assets/nothing.css").await.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_weight_of_a_first_visit_holds() {
    let (_kernel, mut browser) = world().await;
    browser.headers.insert(ACCEPT_ENCODING, "gzip".parse().unwrap());
    let mut sizes = Vec::new();
    let fonts = ["fonts/atkinson-hyperlegible-latin-400.woff2", "fonts/atkinson-hyperlegible-latin-700.woff2"];
    for path in ["/nom", asset("style.css"), asset("app.js"), asset("logo.svg"), asset(fonts[0]), asset(fonts[1])] {
        let (body, headers, packed) = browser.weight(path).await;
        println!("{path}: {body} bytes, {headers} of headers");
        assert_eq!(packed, !path.contains("woff2"), "{path}");
        sizes.push((body, body + headers));
    }
    assert!(sizes[0].0 <= 12 * 1024, "the page");
    assert!(sizes[1].0 <= 12 * 1024, "the style sheet");
    assert!(sizes[2].0 <= 4 * 1024, "the script");
    let all: usize = sizes.iter().map(|(_, whole)| whole).sum();
    println!("first visit: {all} bytes");
    assert!(all < 50_000, "{all}");
    assert!(sizes[0].1 < 15_000, "a later page");
}

trait Weight {
    async fn weight(&mut self, path: &str) -> (usize, usize, bool);
}

impl Weight for Browser {
    async fn weight(&mut self, path: &str) -> (usize, usize, bool) {
        let seen = self.get(path).await;
        let headers = seen.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>();
        (seen.bytes, headers, seen.headers.get(CONTENT_ENCODING).is_some())
    }
}
