//! `/messages/ecrire`: a letter is written, or one is answered (`?reponse=`), or one that did not leave is taken up again
//! (`?reprise=`), or one that is not finished (`?suite=`). Sent, it is in the outbox before the page answers; the same form
//! posted twice is one letter. Whatever is pressed, what was typed is kept first (`writing.rs`).

use askama::Template;
use axum::extract::{Query, State};
use maincourante_identity::Own;
use maincourante_kernel::Failure;
use maincourante_kernel::address::BadAddress;
use maincourante_mailbox::draft::{self, How};
use maincourante_mailbox::joined::Joined;
use maincourante_mailbox::letter::tree::{Block, without_links};
use maincourante_mailbox::letter::{SafeView, Thread};
use maincourante_mailbox::outbox::{self, Consign, Consigned, Form};
use maincourante_mailbox::{BadLetter, DraftId, LetterId, Outgoing, Reach};
use maincourante_shell::{
    Answer, Broken, Errors, Icon, Shell, SignedInUsager, StillWriting, Upload, go, letters_away, not_found, page, refused,
};
use rust_i18n::t;
use serde::Deserialize;

use super::name::Name;
use super::open::Known;
use super::row::Who;
use super::tree::words;
use super::writing::{Fields, Taken, Took, joined_to, take};
use super::{open, parcel, recipients, sending};
use crate::{App, routes, said};

#[derive(Template)]
#[template(path = "usager/messages/write.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    fields: Fields,
    /// The letter did not leave: it was taken back, or refused. What was written is there.
    resumed: Option<sending::Told>,
    /// The letter that one answers, to read it again.
    answered: Option<Answered>,
    /// Too many letters: how long to wait. What was written is there.
    held: Option<String>,
    /// What was written was kept, and how.
    kept: Option<How>,
    joined: Vec<Joined>,
}

struct Answered {
    who: Who,
    /// What they call themselves.
    name: String,
    /// Of one who takes a name that is not theirs, nothing leads away.
    body: Vec<Block>,
}

/// Nonsense in these is as nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    reponse: String,
    reprise: String,
    suite: String,
    garde: String,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, Query(asked): Query<Asked>) -> Answer {
    if let Ok(id) = asked.suite.parse::<DraftId>() {
        return go_on(&app, &own, shell, id, &asked.garde).await;
    }
    if let Ok(id) = asked.reprise.parse::<LetterId>() {
        return resume(&app, &own, shell, id).await;
    }
    let Ok(name) = Name::try_from(asked.reponse.clone()) else { return page(&Page::with(shell, Fields::default())) };
    match open::find(&app, &own, &shell, name).await? {
        Reach::Here(Some(known)) => {
            let fields = Fields { reponse: asked.reponse, ..Fields::answering(&known.letter.view) };
            page(&Page { answered: Some(known.into()), ..Page::with(shell, fields) })
        }
        Reach::Here(None) => not_found(),
        Reach::Away => letters_away(),
    }
}

async fn go_on(app: &App, own: &Own, shell: Shell, id: DraftId, garde: &str) -> Answer {
    let Some(draft) = draft::find(&app.mailbox, own, id).await? else { return not_found() };
    let kept = match garde {
        "oui" => Some(How::Plainly),
        "a-cote" => Some(How::Beside),
        "a-nouveau" => Some(How::Anew),
        _ => None,
    };
    let fields = Fields::from(draft);
    let (joined, answered) = (joined_to(app, own, &fields).await?, answered(app, own, &shell, &fields).await?);
    page(&Page { answered, kept, joined, ..Page::with(shell, fields) })
}

async fn resume(app: &App, own: &Own, shell: Shell, id: LetterId) -> Answer {
    let Some(letter) = outbox::reopen(&app.mailbox, own, id).await? else { return not_found() };
    // Begun before, and left: what was changed since is there.
    if let Some(draft) = draft::resuming(&app.mailbox, own, id).await? {
        return go(routes::draft(&draft));
    }
    let waiting = outbox::find(&app.mailbox, own, id).await?.map(|(waiting, _)| waiting);
    let resumed = waiting.map(|waiting| sending::Told::of(waiting, app.identity.kernel.now()));
    let fields = Fields { reprise: id.to_string(), ..Fields::from(&letter) };
    let joined = joined_to(app, own, &fields).await?;
    page(&Page { resumed, joined, ..Page::with(shell, fields) })
}

pub(crate) async fn submit(State(app): State<App>, who: StillWriting, upload: Upload<Fields>) -> Answer {
    let mut taken = match take(&app, who, upload).await? {
        Took::Kept(taken) => *taken,
        Took::Elsewhere(answer) => return answer,
    };
    let Some(once) = taken.fields.once else { return Err(Broken::UnreadableForm) };
    if let Some(letter) = outbox::already(&app.mailbox, &taken.own, once.uuid()).await? {
        // Two presses at once: the first one sent it, and what this one kept goes.
        let mut tx = app.identity.kernel.db.write().await?;
        if let Some(draft) = taken.draft {
            draft::forget(&mut tx, &taken.own, draft).await?;
        }
        tx.commit().await?;
        return go(routes::given(&letter));
    }
    match taken.fields.parse(&taken.own) {
        Ok(outgoing) if taken.errors.is_empty() && taken.how == How::Plainly => send(&app, taken, &outgoing, once.uuid()).await,
        Ok(_) => again(&app, taken).await,
        Err(errors) => {
            for (field, sentence) in errors.iter() {
                taken.errors.add(field, sentence);
            }
            again(&app, taken).await
        }
    }
}

async fn send(app: &App, taken: Taken, outgoing: &Outgoing, key: uuid::Uuid) -> Answer {
    let mut tx = app.identity.kernel.db.write().await?;
    match outbox::consign(&app.mailbox, &mut tx, &taken.own, outgoing, Form { key, draft: taken.draft }).await? {
        Consign::Given(Consigned { id, .. }) => {
            if let Ok(before) = taken.fields.reprise.parse::<LetterId>() {
                outbox::discard(&app.mailbox, &mut tx, &taken.own, before).await?;
            }
            if let Some(draft) = taken.draft {
                draft::forget(&mut tx, &taken.own, draft).await?;
            }
            tx.commit().await?;
            go(routes::given(&id))
        }
        Consign::TooMany { wait } => {
            drop(tx);
            again_held(app, taken, Some(maincourante_shell::wait(wait))).await
        }
    }
}

/// The page again, with what is to be corrected. What was typed and joined is there.
pub(super) async fn again(app: &App, taken: Taken) -> Answer {
    again_held(app, taken, None).await
}

async fn again_held(app: &App, taken: Taken, held: Option<String>) -> Answer {
    let Taken { own, shell, fields, how, errors, .. } = taken;
    let (joined, answered) = (joined_to(app, &own, &fields).await?, answered(app, &own, &shell, &fields).await?);
    let kept = (how != How::Plainly).then_some(how);
    refused(&Page { errors, answered, held, kept, joined, ..Page::with(shell, fields) })
}

/// The letter that is being answered, when it can be had: what was typed matters more.
async fn answered(app: &App, own: &Own, shell: &Shell, fields: &Fields) -> Result<Option<Answered>, Failure> {
    match Name::try_from(fields.reponse.clone()) {
        Ok(name) => Ok(open::find(app, own, shell, name).await?.here().flatten().map(Answered::from)),
        Err(_) => Ok(None),
    }
}

impl Page {
    fn with(shell: Shell, fields: Fields) -> Self {
        Self { shell, errors: Errors::none(), fields, resumed: None, answered: None, held: None, kept: None, joined: Vec::new() }
    }

    /// "Ce que vous écrivez est gardé, avec 1 document joint."
    fn kept_words(&self) -> String {
        match i64::try_from(self.joined.len()) {
            Ok(0) | Err(_) => t!("write.kept").into_owned(),
            Ok(count) => t!("write.kept_with", files = said::counted(count, "messages.carried.one", "messages.carried.many")).into_owned(),
        }
    }
}

impl From<Known> for Answered {
    fn from(Known { who, letter }: Known) -> Self {
        let SafeView { from, body, .. } = letter.view;
        let body = if who.is_suspect() { without_links(body) } else { body };
        Self { who, name: from.as_ref().map(|sender| sender.label().to_owned()).unwrap_or_default(), body }
    }
}

impl Fields {
    /// An answer goes where its letter asks for answers, else where the letter comes from.
    fn answering(view: &SafeView) -> Self {
        let whom = view.reply_to.as_ref().or(view.from.as_ref()).and_then(|sender| sender.address.as_ref());
        let subject = match view.subject.as_str() {
            subject if subject.is_empty() || is_answer(subject) => subject.to_owned(),
            subject => t!("write.re", subject = subject).into_owned(),
        };
        Self { to: whom.map(ToString::to_string).unwrap_or_default(), subject, thread: view.thread.to_string(), ..Self::default() }
    }

    fn parse(&self, own: &Own) -> Result<Outgoing, Errors> {
        let thread: Thread = self.thread.parse().unwrap_or_default();
        let mut errors = Errors::none();
        let to = recipients::parse(&self.to).unwrap_or_else(|(bad, piece)| {
            errors.add("to", bad_address(bad, &piece));
            // The rest is judged all the same: one sends the form again once.
            vec![own.address().clone()]
        });
        let judged = Outgoing::new(to, &self.subject, &self.text, thread).inspect_err(|bad| {
            let (field, key) = bad_letter(*bad);
            errors.add(field, t!(key));
        });
        if errors.is_empty() { judged.map_err(|_| errors) } else { Err(errors) }
    }
}

fn is_answer(subject: &str) -> bool {
    let start: String = subject.chars().take(3).collect::<String>().to_lowercase();
    ["re:", "re ", "re\u{a0}"].contains(&start.as_str())
}

fn bad_address(bad: BadAddress, piece: &str) -> String {
    match bad {
        BadAddress::Empty => t!("write.no_recipient"),
        BadAddress::NoDomain if piece.contains('@') => t!("write.address_cut", address = piece),
        BadAddress::NoDomain => t!("write.address_without_at", address = piece),
        BadAddress::Malformed => t!("write.address_wrong", address = piece),
    }
    .into_owned()
}

fn bad_letter(bad: BadLetter) -> (&'static str, &'static str) {
    match bad {
        BadLetter::NoRecipient => ("to", "write.no_recipient"),
        BadLetter::TooManyRecipients => ("to", "write.too_many_recipients"),
        BadLetter::SubjectTooLong => ("subject", "write.subject_too_long"),
        BadLetter::NoText => ("text", "write.no_text"),
        BadLetter::TextTooLong => ("text", "write.text_too_long"),
    }
}

/// "Document PDF, petit fichier".
fn what(file: &Joined) -> String {
    parcel::what(file.kind, usize::try_from(file.size).unwrap_or(usize::MAX))
}
