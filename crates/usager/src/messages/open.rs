//! `/messages/{reference}`: one letter, read clearly. Opening it marks it as read; reading one's own mail leaves no entry
//! in any journal.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_identity::Own;
use maincourante_kernel::{Failure, Timestamp, calendar};
use maincourante_mailbox::letter::tree::{Block, without_links};
use maincourante_mailbox::letter::{Remark, SafeView, Sender};
use maincourante_mailbox::{Came, Folder, Mine, OpenedLetter, Reach, Reference};
use maincourante_shell::{Answer, At, Icon, Shell, SignedInUsager, letters_away, not_found, page};
use rust_i18n::t;
use serde::Deserialize;

use super::name::Name;
use super::parcel::Parcel;
use super::row::{self, Who};
use super::tree::tree;
use super::{mine, sending, told_of_new};
use crate::{App, routes, said};

#[derive(Template)]
#[template(path = "usager/messages/open.html")]
struct Page {
    shell: Shell,
    name: Name,
    who: Who,
    subject: String,
    when: String,
    iso: String,
    /// The list from which one comes.
    list: Folder,
    /// The letter was received: it can be answered, and its sender may be anyone.
    received: bool,
    body: Vec<Block>,
    /// It may deceive, and nothing in it leads away.
    is_cut_off: bool,
    parcels: Vec<Parcel>,
    /// What should make one careful, before one reads.
    cautions: Vec<String>,
    /// How it was read, after.
    remarks: Vec<String>,
    /// What is of no consequence, for who looks closely.
    asides: Vec<String>,
    /// What the letter says of who writes and to whom, to the letter.
    said: Vec<(String, String)>,
    /// What becomes of it, while it waits to leave.
    sending: Option<sending::Told>,
}

/// How it is to be shown. Nonsense in it is as nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    /// With its links, though it may deceive: the person says that they know who writes.
    liens: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    SignedInUsager { own, shell }: SignedInUsager,
    At(name): At<Name>,
    Query(asked): Query<Asked>,
) -> Answer {
    let now = app.identity.kernel.now();
    let mine = mine(&app, &own, &shell);
    match name {
        Name::Kept(reference) => match read(&mine, &own, reference).await? {
            Reach::Here(Some(Known { who, letter: OpenedLetter { arrived, view, .. } })) => {
                let shell = told_of_new(shell, &mine).await?;
                let drawn = Page { list: reference.folder(), ..Page::of(shell, name, who, view, (arrived, now)) };
                page(&if asked.liens.is_none() { drawn.cut_off_if_suspect() } else { drawn })
            }
            Reach::Here(None) => not_found(),
            Reach::Away => letters_away(),
        },
        Name::Waiting(id) => match mine.outbox(id).await? {
            Some((waiting, Some(view))) => {
                let (who, at) = (Who::Yours(row::names(&view.to)), waiting.consigned_at);
                let sending = Some(sending::Told::of(waiting, now));
                page(&Page { sending, ..Page::of(shell, name, who, view, (at, now)) })
            }
            Some((_, None)) | None => not_found(),
        },
    }
}

/// A letter that is kept, and what we think of who wrote it.
pub(super) struct Known {
    pub who: Who,
    pub letter: OpenedLetter,
}

/// A letter that one answers, to read it again while writing.
pub(super) async fn find(app: &App, own: &Own, shell: &Shell, name: Name) -> Result<Reach<Option<Known>>, Failure> {
    match name {
        Name::Kept(reference) => read(&mine(app, own, shell), own, reference).await,
        Name::Waiting(_) => Ok(Reach::Here(None)),
    }
}

async fn read(mine: &Mine<'_>, own: &Own, reference: Reference) -> Result<Reach<Option<Known>>, Failure> {
    let letter = match mine.open(reference).await? {
        Reach::Here(Some(letter)) => letter,
        Reach::Here(None) => return Ok(Reach::Here(None)),
        Reach::Away => return Ok(Reach::Away),
    };
    let OpenedLetter { arrived, view, home, .. } = &letter;
    let who = match home {
        Folder::Inbox | Folder::Bin => {
            let from = view.from.as_ref().and_then(|sender| sender.address.as_ref());
            let standing = mine.standings(&[Came { from, arrived: *arrived, folder: reference.folder() }]).await?[0];
            Who::wrote(view.from.as_ref(), own.address(), standing)
        }
        Folder::Sent => Who::Yours(row::names(&view.to)),
    };
    Ok(Reach::Here(Some(Known { who, letter })))
}

impl Page {
    fn of(shell: Shell, name: Name, who: Who, view: SafeView, (at, now): (Timestamp, Timestamp)) -> Self {
        let of = |place: Place| {
            view.remarks.iter().filter(|&&remark| self::place(remark) == place).map(|&remark| self::remark(remark)).collect()
        };
        Self {
            shell,
            name,
            list: Folder::Sent,
            received: !matches!(who, Who::Yours(_)),
            who,
            said: said(&view),
            cautions: of(Place::Before),
            remarks: of(Place::After),
            asides: of(Place::Folded),
            subject: row::subject(view.subject),
            when: calendar::moment(at, now),
            iso: calendar::machine(at),
            body: view.body,
            is_cut_off: false,
            parcels: view.attachments.into_iter().map(Parcel::from).collect(),
            sending: None,
        }
    }

    fn cut_off_if_suspect(self) -> Self {
        if self.who.is_suspect() { Self { body: without_links(self.body), is_cut_off: true, ..self } } else { self }
    }

    /// A stranger's words never are the title of a page that we mistrust.
    fn title(&self) -> String {
        if self.who.is_suspect() { t!("letter.suspect").into_owned() } else { self.subject.clone() }
    }

    /// "Retour aux messages".
    fn back(&self) -> String {
        match (self.list, &self.sending) {
            (Folder::Inbox, _) => t!("letter.back"),
            (Folder::Bin, _) => t!("letter.back_bin"),
            (Folder::Sent, Some(letter)) if !letter.left => t!("letter.back_pending"),
            (Folder::Sent, _) => t!("letter.back_sent"),
        }
        .into_owned()
    }

    /// Where it leads.
    fn back_to(&self) -> &'static str {
        if self.sending.as_ref().is_some_and(|letter| !letter.left) { routes::PENDING } else { routes::list(self.list) }
    }

    /// "2 documents joints".
    fn carried(&self) -> String {
        said::counted(i64::try_from(self.parcels.len()).unwrap_or(i64::MAX), "messages.carried.one", "messages.carried.many")
    }
}

fn said(view: &SafeView) -> Vec<(String, String)> {
    let exact = |sender: &Sender| match &sender.address {
        Some(address) if sender.name.is_empty() => address.to_string(),
        Some(address) => format!("{} ({address})", sender.name),
        None => t!("letter.unreadable", name = sender.name).into_owned(),
    };
    let all = |people: &[Sender]| people.iter().map(exact).collect::<Vec<_>>().join(", ");
    let lines = [
        ("letter.from", view.from.as_ref().map(exact)),
        ("letter.reply_to", view.reply_to.as_ref().map(exact)),
        ("letter.to", Some(all(&view.to))),
        ("letter.copied_to", Some(all(&view.copied_to))),
    ];
    let lines = lines.into_iter().filter_map(|(key, text)| Some((t!(key).into_owned(), text?)));
    lines.filter(|(_, text)| !text.is_empty()).collect()
}

/// Where a remark is told.
#[derive(PartialEq, Eq)]
enum Place {
    Before,
    After,
    Folded,
}

fn place(remark: Remark) -> Place {
    match remark {
        // One cannot tell who wrote.
        Remark::UnreadableSender | Remark::SeveralSenders => Place::Before,
        Remark::ImagesWithheld(_) | Remark::DeadLinks(_) | Remark::Damaged | Remark::Empty | Remark::Cut | Remark::TooManyParts => {
            Place::After
        }
        // Most newsletters hide a line for the lists of other programs: told aloud, it would frighten for nothing.
        Remark::HiddenText => Place::Folded,
    }
}

fn remark(remark: Remark) -> String {
    let counted = |count: usize, one, many| said::counted(i64::try_from(count).unwrap_or(i64::MAX), one, many);
    match remark {
        Remark::UnreadableSender => t!("remark.unreadable_sender").into_owned(),
        Remark::SeveralSenders => t!("remark.several_senders").into_owned(),
        Remark::ImagesWithheld(count) => counted(count, "remark.images.one", "remark.images.many"),
        Remark::HiddenText => t!("remark.hidden_text").into_owned(),
        Remark::DeadLinks(count) => counted(count, "remark.dead_links.one", "remark.dead_links.many"),
        Remark::Damaged => t!("remark.damaged").into_owned(),
        Remark::Empty => t!("remark.empty").into_owned(),
        Remark::Cut => t!("remark.cut").into_owned(),
        Remark::TooManyParts => t!("remark.too_many_parts").into_owned(),
    }
}
