//! Every address of the console, and who may knock there.

use std::fmt::Display;

use axum::Router;
use maincourante_shell::{Audience, Door, Doors, Icon, MenuEntry, Space};
use rust_i18n::t;

use crate::App;
use crate::aidant::ending::{by_error, ended, held};
use crate::aidant::new_account::{
    abandon, address, by_hand, countersign, done, draft_paper, find, person, reading, resume, secret, terms, to_sign,
};
use crate::aidant::print::{add, close, look, order, page, to_sign as print_again};
use crate::aidant::{
    access, charter, home, journal, lock, mandate_paper, older_paper, places, reason, record, renew, sheet, sign_in, sign_out,
    welcome_sheet,
};
use crate::invitation::{accept, device, link, welcome};
use crate::lent::{
    account, account_again, account_code, account_sheet, code, end, entry, hello, over, phone, reading as mandate, refusal,
    secret as own_secret, sheet as own_sheet, sheet_code, signature, spoken, witnessed,
};
use crate::structure::{
    alert, invite, journal as log, letter, place, reason as ask, review, role, signed_file, table, team, withdraw, withdrawal,
};

pub(crate) const SIGN_IN: &str = "/aidant/connexion";
pub(crate) const SIGN_OUT: &str = "/aidant/deconnexion";
pub(crate) const LOCK: &str = "/aidant/ecran-prete";
pub(crate) const HOME: &str = "/aidant";
pub(crate) const JOURNAL: &str = "/aidant/journal";

pub(crate) const NEW: &str = "/aidant/nouveau-compte/personne";
pub(crate) const FIND: &str = "/aidant/nouveau-compte/adresse-connue";
pub(crate) const DRAFT: &str = "/aidant/nouveau-compte/{id}";
pub(crate) const DRAFT_FIND: &str = "/aidant/nouveau-compte/{id}/retrouver";
pub(crate) const DRAFT_PERSON: &str = "/aidant/nouveau-compte/{id}/personne";
pub(crate) const DRAFT_ADDRESS: &str = "/aidant/nouveau-compte/{id}/adresse";
pub(crate) const DRAFT_TERMS: &str = "/aidant/nouveau-compte/{id}/mandat";
pub(crate) const DRAFT_READING: &str = "/aidant/nouveau-compte/{id}/lecture";
pub(crate) const DRAFT_PAPER: &str = "/aidant/nouveau-compte/{id}/projet";
pub(crate) const DRAFT_BY_HAND: &str = "/aidant/nouveau-compte/{id}/papier";
pub(crate) const DRAFT_TO_SIGN: &str = "/aidant/nouveau-compte/{id}/a-signer";
pub(crate) const DRAFT_COUNTERSIGN: &str = "/aidant/nouveau-compte/{id}/signature";
pub(crate) const DRAFT_SECRET: &str = "/aidant/nouveau-compte/{id}/mot-de-passe";
pub(crate) const DRAFT_DONE: &str = "/aidant/nouveau-compte/{id}/termine";
pub(crate) const DRAFT_ABANDON: &str = "/aidant/nouveau-compte/{id}/abandonner";

pub(crate) const RECORD: &str = "/aidant/personnes/{id}";
pub(crate) const ACCESS: &str = "/aidant/personnes/{id}/mot-de-passe";
pub(crate) const WELCOME: &str = "/aidant/personnes/{id}/feuille";
pub(crate) const MANDATE: &str = "/aidant/personnes/{id}/mandat";

pub(crate) const RENEW: &str = "/aidant/personnes/{id}/renouveler";
pub(crate) const OLDER: &str = "/aidant/personnes/{id}/mandat/{mandate}";

pub(crate) const DELETE_ACCOUNT: &str = "/aidant/personnes/{id}/suppression";
pub(crate) const DEATH: &str = "/aidant/personnes/{id}/deces";
pub(crate) const PROTECTION: &str = "/aidant/personnes/{id}/tutelle";
pub(crate) const RENOUNCE: &str = "/aidant/personnes/{id}/renoncer";
pub(crate) const PAUSE: &str = "/aidant/personnes/{id}/pause";
pub(crate) const RESUME: &str = "/aidant/personnes/{id}/reprise";

pub(crate) const CHARTER: &str = "/aidant/charte";
pub(crate) const PLACES: &str = "/aidant/structure";
pub(crate) const SHEET: &str = "/aidant/codes-de-secours";
pub(crate) const TO_SIGN: &str = "/aidant/personnes/{id}/a-signer";
pub(crate) const PRINT: &str = "/aidant/personnes/{id}/copie";
pub(crate) const PRINT_ORDER: &str = "/aidant/personnes/{id}/copie/ordre";
pub(crate) const PRINT_CLOSE: &str = "/aidant/personnes/{id}/copie/terminee";
pub(crate) const PRINT_PAGE: &str = "/aidant/personnes/{id}/copie/page/{page}";

pub(crate) const LOG: &str = "/structure/journal";
pub(crate) const TEAM: &str = "/structure/aidants";
pub(crate) const INVITE: &str = "/structure/aidants/inviter";
pub(crate) const MEMBER_ROLE: &str = "/structure/aidants/{id}/role";
pub(crate) const MEMBER_PLACE: &str = "/structure/aidants/{id}/place";
pub(crate) const INVITATION_LETTER: &str = "/structure/invitations/{id}/lettre";
pub(crate) const INVITATION_END: &str = "/structure/invitations/{id}/retrait";

pub(crate) const LINK: &str = "/invitation/lien/{token}";
pub(crate) const INVITATION: &str = "/invitation";
pub(crate) const INVITATION_DEVICE: &str = "/invitation/application";
pub(crate) const INVITATION_ACCEPT: &str = "/invitation/accepter";
pub(crate) const REASON: &str = "/aidant/raisons/{id}";

pub(crate) const LOG_REVIEW: &str = "/structure/journal/relecture";
pub(crate) const LOG_WITHDRAW: &str = "/structure/journal/relecture/{id}/annuler";
pub(crate) const LOG_REASON: &str = "/structure/journal/raison/{id}";
pub(crate) const LOG_FILE: &str = "/structure/journal/fichier";
pub(crate) const LOG_TABLE: &str = "/structure/journal/tableau";
pub(crate) const ALERT: &str = "/structure/alertes/{id}";

pub(crate) const LENT: &str = "/signer";
pub(crate) const LENT_READING: &str = "/signer/mandat";
pub(crate) const LENT_CODE: &str = "/signer/code";
pub(crate) const LENT_SIGNATURE: &str = "/signer/signature";
pub(crate) const LENT_SPOKEN: &str = "/signer/oui";
pub(crate) const LENT_WITNESSED: &str = "/signer/sans-telephone";
pub(crate) const LENT_REFUSAL: &str = "/signer/refus";
pub(crate) const LENT_HELLO: &str = "/signer/bonjour";
pub(crate) const LENT_PHONE: &str = "/signer/telephone";
pub(crate) const LENT_SECRET: &str = "/signer/mot-de-passe";
pub(crate) const LENT_SHEET_CODE: &str = "/signer/code-de-secours";
pub(crate) const LENT_SHEET: &str = "/signer/feuille-de-secours";
pub(crate) const LENT_ACCOUNT: &str = "/signer/adresse";
pub(crate) const LENT_ACCOUNT_CODE: &str = "/signer/adresse/code";
pub(crate) const LENT_ACCOUNT_AGAIN: &str = "/signer/adresse/renvoi";
pub(crate) const LENT_ACCOUNT_SHEET: &str = "/signer/adresse/feuille";
pub(crate) const LENT_END: &str = "/signer/termine";
pub(crate) const LENT_OVER: &str = "/signer/plus-prete";

/// What an aidant types of a person.
const PERSON: &[&str] = &["given_names", "family_name", "birth_date", "birthplace", "phone", "no_phone", "identity_check", "protection"];

/// The address of one thing: its pattern, with the identity in its place.
pub(crate) fn of(pattern: &str, id: impl Display) -> String {
    pattern.replace("{id}", &id.to_string())
}

/// The team, once someone was taken out of it: it can be undone.
pub(crate) fn taken_out(id: impl Display) -> String {
    format!("{TEAM}?retire={id}")
}

const AIDANT: Space = Space {
    audience: Audience::Aidant,
    menu: &[
        MenuEntry { href: HOME, icon: Icon::People, label: || t!("menu.people") },
        MenuEntry { href: JOURNAL, icon: Icon::Book, label: || t!("menu.my_journal") },
    ],
    home: HOME,
    entrance: SIGN_IN,
    sign_out: Some(SIGN_OUT),
    lock: LOCK,
};

const STRUCTURE: Space = Space {
    audience: Audience::Structure,
    menu: &[
        MenuEntry { href: LOG, icon: Icon::Book, label: || t!("menu.journal") },
        MenuEntry { href: TEAM, icon: Icon::Contact, label: || t!("menu.team") },
        MenuEntry { href: HOME, icon: Icon::People, label: || t!("menu.people") },
    ],
    home: LOG,
    ..AIDANT
};

/// Before signing in: nothing to choose from yet.
const ENTRANCE: Space = Space { menu: &[], home: SIGN_IN, sign_out: None, ..AIDANT };

/// The one page of a screen that is lent. Whoever is not locked goes home.
const LOCKED: Space = Space { menu: &[], home: LOCK, entrance: HOME, sign_out: None, ..AIDANT };

/// The person's side of a lent screen.
const THEIRS: Space = Space { audience: Audience::Lent, menu: &[], home: LENT, entrance: LENT_OVER, sign_out: None, lock: LENT_OVER };

/// Where one lands whose screen is not lent any more.
const RETURNED: Space = Space { home: HOME, ..Space::PUBLIC };

/// What stands nowhere below these addresses is said in the frame of these spaces.
pub const BELOW: [(&str, Space); 3] = [(HOME, AIDANT), ("/structure", STRUCTURE), (LENT, THEIRS)];

/// The pages of the console, and the table of their doors.
pub fn doors() -> (Router<App>, Vec<Door>) {
    let spaces = [
        Doors::of(ENTRANCE).get(SIGN_IN, sign_in::show).post(SIGN_IN, sign_in::submit),
        Doors::of(LOCKED).get(LOCK, lock::show).post(LOCK, lock::submit),
        aidants(),
        endings(),
        new_accounts(),
        structures(),
        invitations(),
        lent(),
        Doors::of(RETURNED).get(LENT_OVER, over::show),
    ];
    let mut all = (Router::new(), Vec::new());
    for (router, doors) in spaces.map(Doors::open) {
        all.0 = all.0.merge(router);
        all.1.extend(doors);
    }
    all
}

fn structures() -> Doors<App> {
    Doors::of(STRUCTURE)
        .get(LOG, log::show)
        .post_keeping(LOG_REVIEW, review::submit, &["remark"])
        .post(LOG_WITHDRAW, withdraw::submit)
        .get(LOG_REASON, ask::show)
        .post(LOG_REASON, ask::submit)
        .post(LOG_FILE, signed_file::submit)
        .post(LOG_TABLE, table::submit)
        .get(ALERT, alert::show)
        .post_keeping(ALERT, alert::submit, &["verdict", "note"])
        .get(TEAM, team::show)
        .get(INVITE, invite::show)
        .post_keeping(INVITE, invite::submit, &["name", "login", "role"])
        .post(MEMBER_ROLE, role::submit)
        .post(MEMBER_PLACE, place::submit)
        .post(INVITATION_LETTER, letter::submit)
        .post(INVITATION_END, withdrawal::submit)
}

/// The invited has no session yet: what they hold is the link of their letter.
fn invitations() -> Doors<App> {
    Doors::of(ENTRANCE)
        .get(LINK, link::show)
        .get(INVITATION, welcome::show)
        .post(INVITATION, welcome::submit)
        .get(INVITATION_DEVICE, device::show)
        .post(INVITATION_DEVICE, device::submit)
        .post(INVITATION_ACCEPT, accept::submit)
}

fn aidants() -> Doors<App> {
    Doors::of(AIDANT)
        .get(CHARTER, charter::show)
        .post(CHARTER, charter::submit)
        .get(PLACES, places::show)
        .post(PLACES, places::submit)
        .get(SHEET, sheet::show)
        .post(SHEET, sheet::submit)
        .get(HOME, home::show)
        .get(JOURNAL, journal::show)
        .post(SIGN_OUT, sign_out::submit)
        .get(RECORD, record::show)
        .post(ACCESS, access::submit)
        .get(WELCOME, welcome_sheet::show)
        .get(MANDATE, mandate_paper::show)
        .get(OLDER, older_paper::show)
        .get(RENEW, renew::show)
        .post(RENEW, renew::submit)
        .get(TO_SIGN, print_again::show)
        .get(PRINT, look::show)
        .post(PRINT, add::submit)
        .post(PRINT_ORDER, order::submit)
        .post(PRINT_CLOSE, close::submit)
        .get(PRINT_PAGE, page::show)
        .get(DELETE_ACCOUNT, by_error::show)
        .post(DELETE_ACCOUNT, by_error::submit)
        .get(REASON, reason::show)
        .post_keeping(REASON, reason::submit, &["words"])
}

/// What a référent records in the record of a person.
fn endings() -> Doors<App> {
    Doors::of(STRUCTURE)
        .get(DEATH, ended::show_death)
        .post(DEATH, ended::submit_death)
        .get(PROTECTION, ended::show_protection)
        .post(PROTECTION, ended::submit_protection)
        .get(RENOUNCE, ended::show_renounced)
        .post(RENOUNCE, ended::submit_renounced)
        .get(PAUSE, held::show_pause)
        .post(PAUSE, held::submit_pause)
        .get(RESUME, held::show_resume)
        .post(RESUME, held::submit_resume)
}

fn new_accounts() -> Doors<App> {
    Doors::of(AIDANT)
        .get(NEW, person::begin)
        .post_keeping(NEW, person::submit_new, PERSON)
        .get(FIND, find::begin)
        .post(FIND, find::submit_new)
        .get(DRAFT, resume::show)
        .get(DRAFT_FIND, find::show)
        .post(DRAFT_FIND, find::submit)
        .get(DRAFT_PERSON, person::show)
        .post_keeping(DRAFT_PERSON, person::submit, PERSON)
        .get(DRAFT_ADDRESS, address::show)
        .post_keeping(DRAFT_ADDRESS, address::submit, &["address", "other"])
        .get(DRAFT_TERMS, terms::show)
        .post_keeping(DRAFT_TERMS, terms::submit, &["powers", "duration", "until"])
        .get(DRAFT_READING, reading::show)
        .post(DRAFT_READING, reading::submit)
        .get(DRAFT_PAPER, draft_paper::show)
        .get(DRAFT_BY_HAND, by_hand::show)
        .post(DRAFT_BY_HAND, by_hand::submit)
        .get(DRAFT_TO_SIGN, to_sign::show)
        .get(DRAFT_COUNTERSIGN, countersign::show)
        .post(DRAFT_COUNTERSIGN, countersign::submit)
        .get(DRAFT_SECRET, secret::show)
        .post(DRAFT_SECRET, secret::submit)
        .get(DRAFT_DONE, done::show)
        .get(DRAFT_ABANDON, abandon::show)
        .post(DRAFT_ABANDON, abandon::submit)
}

fn lent() -> Doors<App> {
    Doors::of(THEIRS)
        .get(LENT, entry::show)
        .get(LENT_READING, mandate::show)
        .post(LENT_CODE, code::submit)
        .get(LENT_SIGNATURE, signature::show)
        .post(LENT_SIGNATURE, signature::submit)
        .get(LENT_SPOKEN, spoken::show)
        .post(LENT_SPOKEN, spoken::submit)
        .get(LENT_WITNESSED, witnessed::show)
        .post(LENT_WITNESSED, witnessed::submit)
        .get(LENT_REFUSAL, refusal::show)
        .post(LENT_REFUSAL, refusal::submit)
        .get(LENT_HELLO, hello::show)
        .get(LENT_PHONE, phone::show)
        .post(LENT_PHONE, phone::submit)
        .get(LENT_SECRET, own_secret::show)
        .post(LENT_SECRET, own_secret::submit)
        .get(LENT_SHEET_CODE, sheet_code::show)
        .post(LENT_SHEET_CODE, sheet_code::submit)
        .get(LENT_SHEET, own_sheet::show)
        .post(LENT_SHEET, own_sheet::submit)
        .get(LENT_ACCOUNT, account::show)
        .post(LENT_ACCOUNT, account::submit)
        .get(LENT_ACCOUNT_CODE, account_code::show)
        .post(LENT_ACCOUNT_CODE, account_code::submit)
        .post(LENT_ACCOUNT_AGAIN, account_again::submit)
        .get(LENT_ACCOUNT_SHEET, account_sheet::show)
        .post(LENT_ACCOUNT_SHEET, account_sheet::submit)
        .get(LENT_END, end::show)
}
