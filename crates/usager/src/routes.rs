//! Every address of this crate, once. The router and the table of doors come out of the same declaration.

use std::fmt::Display;

use axum::Router;
use maincourante_mailbox::LetterId;
use maincourante_mandates::MandateId;
use maincourante_shell::{Audience, Door, Doors, Icon, MenuEntry, Space};
use rust_i18n::t;
use uuid::Uuid;

use crate::public::recover;
use crate::{App, account, help, home, messages, public, sign_out};

pub(crate) const HOME: &str = "/";
pub(crate) const SIGN_IN: &str = "/connexion";
pub(crate) const SIGN_OUT: &str = "/deconnexion";
pub(crate) const FORGOTTEN: &str = "/mot-de-passe-oublie";
pub(crate) const FORGOTTEN_CODE: &str = "/mot-de-passe-oublie/code";
pub(crate) const FORGOTTEN_AGAIN: &str = "/mot-de-passe-oublie/code/renvoyer";
pub(crate) const FORGOTTEN_NEW: &str = "/mot-de-passe-oublie/nouveau";
pub(crate) const INBOX: &str = "/messages";
pub(crate) const SENT: &str = "/messages/envoyes";
pub(crate) const WRITE: &str = "/messages/ecrire";
pub(crate) const WHO_HELPED: &str = "/aide/qui-m-a-aide";
pub(crate) const ACCOUNT: &str = "/compte";
pub(crate) const HELP: &str = "/aide";
pub(crate) const ACCESSIBILITY: &str = "/accessibilite";
pub(crate) const DATA: &str = "/donnees";
const OPEN: &str = "/messages/{reference}";
const ATTACHMENT: &str = "/messages/{reference}/fichier/{index}";
const PICTURE: &str = "/messages/{reference}/image/{index}";
const CANCEL: &str = "/messages/annuler/{letter}";
const MANDATE: &str = "/aide/mandat/{id}";
const STOP: &str = "/aide/arreter/{id}";
const REPORT: &str = "/aide/signaler/{line}";

/// A letter.
pub(crate) fn open(name: impl Display) -> String {
    OPEN.replace("{reference}", &name.to_string())
}

/// Something that a letter carries.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
pub(crate) fn attachment(name: impl Display, index: &usize) -> String {
    ATTACHMENT.replace("{reference}", &name.to_string()).replace("{index}", &index.to_string())
}

/// A picture that a letter carries, to be drawn in its page.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
pub(crate) fn picture(name: impl Display, index: &usize) -> String {
    PICTURE.replace("{reference}", &name.to_string()).replace("{index}", &index.to_string())
}

/// Where one writes an answer to a letter.
pub(crate) fn answer(name: impl Display) -> String {
    format!("{WRITE}?reponse={name}")
}

/// Where one lands once a letter is given to be sent.
pub(crate) fn given(letter: &LetterId) -> String {
    format!("{INBOX}?envoi={letter}")
}

/// Where a letter that did not leave is taken up again.
pub(crate) fn resume(letter: &LetterId) -> String {
    format!("{WRITE}?reprise={letter}")
}

/// Where a letter just given is taken back.
pub(crate) fn cancel(letter: &LetterId) -> String {
    CANCEL.replace("{letter}", &letter.to_string())
}

/// The mandate that the person signed.
pub(crate) fn mandate(id: &MandateId) -> String {
    MANDATE.replace("{id}", &id.to_string())
}

/// Where one stops a mandate.
pub(crate) fn stop(id: &MandateId) -> String {
    STOP.replace("{id}", &id.to_string())
}

/// Where one says that a line is not normal.
pub(crate) fn report(line: &Uuid) -> String {
    REPORT.replace("{line}", &line.to_string())
}

const PUBLIC: Space = Space { home: HOME, entrance: SIGN_IN, lock: SIGN_IN, ..Space::PUBLIC };

const USAGER: Space = Space {
    audience: Audience::Usager,
    menu: &[
        MenuEntry { href: INBOX, icon: Icon::Letter, label: || t!("menu.messages") },
        MenuEntry { href: WHO_HELPED, icon: Icon::People, label: || t!("menu.who_helped") },
        MenuEntry { href: ACCOUNT, icon: Icon::Person, label: || t!("menu.account") },
    ],
    home: INBOX,
    entrance: SIGN_IN,
    sign_out: Some(SIGN_OUT),
    lock: SIGN_IN,
};

/// The router of these pages, and the table of their doors.
pub fn doors() -> (Router<App>, Vec<Door>) {
    let (public, mut table) = public_doors();
    let (usager, list) = usager_doors();
    table.extend(list);
    (public.merge(usager), table)
}

fn public_doors() -> (Router<App>, Vec<Door>) {
    Doors::of(PUBLIC)
        .get(SIGN_IN, public::sign_in::show)
        .post(SIGN_IN, public::sign_in::submit)
        .get(SIGN_OUT, public::signed_out::show)
        .get(FORGOTTEN, recover::begin::show)
        .post(FORGOTTEN, recover::begin::submit)
        .get(FORGOTTEN_CODE, recover::code::show)
        .post(FORGOTTEN_CODE, recover::code::submit)
        .post(FORGOTTEN_AGAIN, recover::again::submit)
        .get(FORGOTTEN_NEW, recover::new_secret::show)
        .post(FORGOTTEN_NEW, recover::new_secret::submit)
        .get(HELP, public::help::show)
        .get(ACCESSIBILITY, public::accessibility::show)
        .get(DATA, public::data::show)
        .open()
}

fn usager_doors() -> (Router<App>, Vec<Door>) {
    Doors::of(USAGER)
        .get(HOME, home::show)
        .post(SIGN_OUT, sign_out::submit)
        .get(INBOX, messages::inbox::show)
        .get(SENT, messages::sent::show)
        .get(WRITE, messages::write::show)
        .post(WRITE, messages::write::submit)
        .post(CANCEL, messages::cancel::submit)
        .get(OPEN, messages::open::show)
        .get(ATTACHMENT, messages::attachment::show)
        .get(PICTURE, messages::picture::show)
        .get(WHO_HELPED, help::who_helped::show)
        .get(MANDATE, help::mandate::show)
        .get(STOP, help::stop::show)
        .post(STOP, help::stop::submit)
        .get(REPORT, help::report::show)
        .post(REPORT, help::report::submit)
        .get(ACCOUNT, account::show)
        .open()
}
