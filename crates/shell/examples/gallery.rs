//! Every piece of a page in every state, on one page: to look at, to print, and for axe to check.
//!
//! `cargo run -p maincourante-shell --example gallery -- 127.0.0.1:7070`, then open `/`, `/aidant`, `/structure`,
//! `/lent`, `/panne`, `/introuvable`. The people are invented.

use std::borrow::Cow;
use std::net::SocketAddr;

use askama::Template;
use axum::extract::State;
use maincourante_kernel::{Failure, testing};
use maincourante_shell::{
    Answer, Audience, Doors, Errors, Help, Icon, MenuEntry, Once, People, Posted, Settings, Shell, Site, Space, Trust, around, go, page,
    refused,
};
use serde::Deserialize;

const USAGER: Space = Space {
    audience: Audience::Usager,
    menu: &[
        MenuEntry { href: "/", icon: Icon::Letter, label: || Cow::Borrowed("Messages") },
        MenuEntry { href: "/documents", icon: Icon::Folder, label: || Cow::Borrowed("Documents") },
        MenuEntry { href: "/aide/qui-m-a-aide", icon: Icon::People, label: || Cow::Borrowed("Qui m’a aidé\u{a0}?") },
        MenuEntry { href: "/compte", icon: Icon::Person, label: || Cow::Borrowed("Mon compte") },
    ],
    home: "/",
    entrance: "/connexion",
    sign_out: Some("/deconnexion"),
    lock: "/",
};
const AIDANT: Space = Space {
    audience: Audience::Aidant,
    menu: &[
        MenuEntry { href: "/aidant", icon: Icon::People, label: || Cow::Borrowed("Personnes") },
        MenuEntry { href: "/aidant/journal", icon: Icon::Book, label: || Cow::Borrowed("Mon journal") },
    ],
    home: "/aidant",
    entrance: "/aidant/connexion",
    sign_out: Some("/aidant/deconnexion"),
    lock: "/aidant/ecran",
};
const STRUCTURE: Space = Space {
    audience: Audience::Structure,
    menu: &[
        MenuEntry { href: "/structure", icon: Icon::Book, label: || Cow::Borrowed("Journal") },
        MenuEntry { href: "/structure/aidants", icon: Icon::People, label: || Cow::Borrowed("Aidants") },
        MenuEntry { href: "/structure/statistiques", icon: Icon::Chart, label: || Cow::Borrowed("Statistiques") },
    ],
    home: "/structure",
    entrance: "/aidant/connexion",
    sign_out: Some("/structure/deconnexion"),
    lock: "/aidant/ecran",
};
const LENT: Space = Space { audience: Audience::Lent, menu: &[], home: "/lent", entrance: "/", sign_out: None, lock: "/" };

#[derive(Template)]
#[template(path = "shell/gallery.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    typed: Fields,
    steps: [&'static str; 5],
    step: usize,
    senders: [Trust; 4],
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Fields {
    login: String,
    code: String,
    letter: String,
    powers: Vec<String>,
    length: String,
    once: Option<Once>,
}

fn sample(shell: Shell, errors: Errors, typed: Fields) -> Page {
    Page {
        shell,
        errors,
        typed,
        step: 3,
        steps: ["La personne", "Adresse", "Mandat", "Signature", "Mot de passe"],
        senders: [
            Trust::Verified("Assurance Maladie".into()),
            Trust::Impostor("la CAF".into()),
            Trust::Contact("Sophie Lambert".into()),
            Trust::Unknown("Serrurerie Martin".into()),
        ],
    }
}

async fn usager(shell: Shell) -> Answer {
    let typed = Fields { length: "months6".into(), powers: vec!["create".into(), "access".into()], ..Fields::default() };
    page(&sample(shell.on_shared_computer(), Errors::none(), typed))
}

async fn aidant(shell: Shell) -> Answer {
    page(&sample(shell.for_structure("CCAS de Vaudorme"), Errors::none(), Fields::default()))
}

async fn structure(shell: Shell) -> Answer {
    page(&sample(shell, Errors::none(), Fields::default()))
}

async fn lent(shell: Shell) -> Answer {
    page(&sample(shell.lent_to("Mamadou Sow"), Errors::none(), Fields::default()))
}

async fn submit(shell: Shell, Posted(typed): Posted<Fields>) -> Answer {
    let mut errors = Errors::none();
    if !typed.login.contains('.') {
        errors.add("login", "Il manque la fin de l’adresse, après le signe @.");
    }
    if typed.code.trim() != "482913" {
        errors.add("code", "Ce code n’est pas le bon. Regardez le dernier SMS reçu. Il vous reste 4\u{a0}essais.");
    }
    if typed.powers.is_empty() {
        errors.add("powers", "Cochez au moins une chose que le CCAS pourra faire.");
    }
    if typed.once.is_some() && errors.is_empty() { go("/") } else { refused(&sample(shell.on_shared_computer(), errors, typed)) }
}

async fn broken(State(()): State<()>) -> Answer {
    Err(Failure::new("the gallery breaks down when asked").into())
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:7070".to_owned());
    let test = testing::sqlite().await;
    let settings = Settings {
        service: "Maincourante".into(),
        origin: format!("http://{listen}"),
        help: Help {
            who: "CCAS de Vaudorme".into(),
            phone: "01 99 00 12 34".parse().map_err(|_| Failure::new("a number"))?,
            hours: "du lundi au vendredi, de 9\u{a0}h à 17\u{a0}h".into(),
        },
        proxies: Vec::new(),
        people: if std::env::args().any(|word| word == "--training") { People::InventedHere } else { People::Real },
    };
    let site = Site::new(settings, &test.kernel);
    let (mut pages, _) = Doors::of(USAGER).get("/", usager).post("/", submit).get("/panne", broken).open();
    for (doors, _) in [
        Doors::of(AIDANT).get("/aidant", aidant).open(),
        Doors::of(STRUCTURE).get("/structure", structure).open(),
        Doors::of(LENT).get("/lent", lent).open(),
    ] {
        pages = pages.merge(doors);
    }
    let listener = tokio::net::TcpListener::bind(&listen).await?;
    println!("http://{listen}");
    axum::serve(listener, around(pages, &site)?.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}
