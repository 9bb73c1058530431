//! Every address of this crate, once. The router and the table of doors come out of the same declaration.

use std::fmt::Display;

use axum::Router;
use maincourante_mailbox::draft::How;
use maincourante_mailbox::{DraftId, FileId, Folder, LetterId, Reference};
use maincourante_mandates::{MandateId, Power};
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
pub(crate) const FORGOTTEN_SHEET: &str = "/mot-de-passe-oublie/feuille";
pub(crate) const FORGOTTEN_NEW: &str = "/mot-de-passe-oublie/nouveau";
pub(crate) const INBOX: &str = "/messages";
pub(crate) const SENT: &str = "/messages/envoyes";
pub(crate) const BIN: &str = "/messages/corbeille";
pub(crate) const PENDING: &str = "/messages/pas-encore-envoyes";
pub(crate) const SEARCH: &str = "/messages/recherche";
pub(crate) const WRITE: &str = "/messages/ecrire";
pub(crate) const WHO_HELPED: &str = "/aide/qui-m-a-aide";
pub(crate) const ACCOUNT: &str = "/compte";
pub(crate) const HELP: &str = "/aide";
pub(crate) const ACCESSIBILITY: &str = "/accessibilite";
pub(crate) const DATA: &str = "/donnees";
const OPEN: &str = "/messages/{reference}";
const ATTACHMENT: &str = "/messages/{reference}/fichier/{index}";
const PICTURE: &str = "/messages/{reference}/image/{index}";
pub(crate) const DRAFTS: &str = "/messages/a-finir";
pub(crate) const KEEP: &str = "/messages/ecrire/garder";
pub(crate) const JOIN: &str = "/messages/ecrire/joindre";
pub(crate) const ALONE: &str = "/messages/ecrire/tout-seul";
const REMOVE: &str = "/messages/ecrire/retirer/{file}";
const THROW_DRAFT: &str = "/messages/a-finir/{draft}/jeter";
const TAKE_OUT: &str = "/messages/a-finir/{draft}/reprendre";
const THROW_AWAY: &str = "/messages/{reference}/corbeille";
const PUT_BACK: &str = "/messages/{reference}/remettre";
const CANCEL: &str = "/messages/annuler/{letter}";
const MANDATE: &str = "/aide/mandat/{id}";
const PRINT: &str = "/aide/mandat/{id}/copie";
const PRINT_PAGE: &str = "/aide/mandat/{id}/copie/{page}";
const STOP: &str = "/aide/arreter/{id}";
const REVOKE: &str = "/aide/arreter/{id}/{power}";
const REPORT: &str = "/aide/signaler/{line}";

/// A letter.
pub(crate) fn open(name: impl Display) -> String {
    OPEN.replace("{reference}", &name.to_string())
}

/// A letter that may deceive, with its links.
pub(crate) fn with_links(name: impl Display) -> String {
    format!("{}?liens=oui", open(name))
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

/// Where a letter is put in the bin.
pub(crate) fn throw_away(name: impl Display) -> String {
    THROW_AWAY.replace("{reference}", &name.to_string())
}

/// Where a letter of the bin is put back.
pub(crate) fn put_back(name: impl Display) -> String {
    PUT_BACK.replace("{reference}", &name.to_string())
}

/// The list to which a folder's letters belong.
pub(crate) fn list(folder: Folder) -> &'static str {
    match folder {
        Folder::Inbox => INBOX,
        Folder::Sent => SENT,
        Folder::Bin => BIN,
    }
}

/// A list, once one of its letters was put in the bin: it can be undone.
pub(crate) fn thrown_away(from: Folder, now: Reference, was_suspect: bool) -> String {
    format!("{}?jete={now}{}", list(from), if was_suspect { "&suspect=oui" } else { "" })
}

/// A list, once one of its letters was put back.
pub(crate) fn back_again(letter: Reference) -> String {
    format!("{}?remis={letter}", list(letter.folder()))
}

/// What was found for words that are sealed, from a letter on.
pub(crate) fn found(sealed: &str, after: Option<Reference>) -> String {
    let after = after.map(|after| format!("&avant={after}")).unwrap_or_default();
    format!("{SEARCH}?cherche={sealed}{after}")
}

/// Where one writes an answer to a letter.
pub(crate) fn answer(name: impl Display) -> String {
    format!("{WRITE}?reponse={name}")
}

/// Where one lands once a letter is given to be sent.
pub(crate) fn given(letter: &LetterId) -> String {
    format!("{INBOX}?envoi={letter}")
}

/// Where one goes on with a draft.
pub(crate) fn draft(draft: &DraftId) -> String {
    format!("{WRITE}?suite={draft}")
}

/// The same, once it was kept.
pub(crate) fn kept(draft: &DraftId, how: How) -> String {
    let word = match how {
        How::Plainly => "oui",
        How::Beside => "a-cote",
        How::Anew => "a-nouveau",
    };
    format!("{WRITE}?suite={draft}&garde={word}")
}

/// The drafts, once one was kept for later.
pub(crate) fn kept_for_later(draft: &DraftId) -> String {
    format!("{DRAFTS}?garde={draft}")
}

/// The drafts, once one was thrown away.
pub(crate) fn draft_thrown(draft: &DraftId) -> String {
    format!("{DRAFTS}?jete={draft}")
}

/// Where a draft is thrown away.
pub(crate) fn throw_draft(draft: &DraftId) -> String {
    THROW_DRAFT.replace("{draft}", &draft.to_string())
}

/// Where a draft that was thrown away is taken back.
pub(crate) fn take_out(draft: &DraftId) -> String {
    TAKE_OUT.replace("{draft}", &draft.to_string())
}

/// Where a file is taken away from what one writes.
pub(crate) fn remove(file: &FileId) -> String {
    REMOVE.replace("{file}", &file.to_string())
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

/// The print that the person signed by hand.
pub(crate) fn print(id: &MandateId) -> String {
    PRINT.replace("{id}", &id.to_string())
}

/// A page of it.
pub(crate) fn print_page(id: &MandateId, page: impl Display) -> String {
    PRINT_PAGE.replace("{id}", &id.to_string()).replace("{page}", &page.to_string())
}

/// Where one stops a mandate.
pub(crate) fn stop(id: &MandateId) -> String {
    STOP.replace("{id}", &id.to_string())
}

/// Where one takes one power back.
pub(crate) fn revoke(id: &MandateId, power: Power) -> String {
    REVOKE.replace("{id}", &id.to_string()).replace("{power}", power.as_str())
}

/// The list, once a power was taken back.
pub(crate) fn revoked(id: &MandateId, power: Power) -> String {
    format!("{WHO_HELPED}?retire={}&de={id}", power.as_str())
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

/// What stands nowhere below these addresses is said in the frame of a person's pages.
pub const BELOW: [(&str, Space); 3] = [(INBOX, USAGER), (HELP, USAGER), (ACCOUNT, USAGER)];

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
        .get(FORGOTTEN_SHEET, recover::sheet::show)
        .post(FORGOTTEN_SHEET, recover::sheet::submit)
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
        .get(BIN, messages::bin::show)
        .get(PENDING, messages::pending::show)
        .get(SEARCH, messages::search::show)
        .post(SEARCH, messages::search::submit)
        .get(WRITE, messages::write::show)
        .post(WRITE, messages::write::submit)
        .get(DRAFTS, messages::drafts::show)
        .post(KEEP, messages::keep::submit)
        .post(JOIN, messages::join::submit)
        .post(ALONE, messages::alone::submit)
        .post(REMOVE, messages::remove::submit)
        .post(THROW_DRAFT, messages::throw_draft::submit)
        .post(TAKE_OUT, messages::take_out::submit)
        .post(CANCEL, messages::cancel::submit)
        .get(OPEN, messages::open::show)
        .post(THROW_AWAY, messages::throw_away::submit)
        .post(PUT_BACK, messages::put_back::submit)
        .get(ATTACHMENT, messages::attachment::show)
        .get(PICTURE, messages::picture::show)
        .get(WHO_HELPED, help::who_helped::show)
        .get(MANDATE, help::mandate::show)
        .get(PRINT, help::print::show)
        .get(PRINT_PAGE, help::print_page::show)
        .get(STOP, help::stop::show)
        .post(STOP, help::stop::submit)
        .get(REVOKE, help::revoke::show)
        .post(REVOKE, help::revoke::submit)
        .get(REPORT, help::report::show)
        .post_keeping(REPORT, help::report::submit, &["words"])
        .get(ACCOUNT, account::show)
        .open()
}
