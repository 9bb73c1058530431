//! What every button of the page where one writes does first: what was typed is kept, then what was chosen is joined. Only
//! then is anything refused, sent or thrown away.

use maincourante_identity::Own;
use maincourante_identity::set_aside::{self, Absent, Typed};
use maincourante_kernel::Failure;
use maincourante_mailbox::draft::{self, Began, Draft, How, Written};
use maincourante_mailbox::joined::{self, Joined, NotKept};
use maincourante_mailbox::{DraftId, LetterId, Outgoing, outbox};
use maincourante_shell::{Answer, Broken, Errors, File, Once, Shell, SignedInUsager, StillWriting, Upload, go};
use rust_i18n::t;
use serde::Deserialize;

use crate::{App, routes};

/// The fields of the page, as they were typed.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(crate) struct Fields {
    pub to: String,
    pub subject: String,
    pub text: String,
    /// The letter that one answers, and its conversation: the answer can leave while the mail server is away.
    pub reponse: String,
    pub thread: String,
    /// The letter that did not leave and is written anew.
    pub reprise: String,
    /// The draft, and the version from which the page began.
    pub brouillon: String,
    pub version: String,
    /// The key "Entrée": one stays on the page.
    pub rester: String,
    pub once: Option<Once>,
}

/// What was sent is kept; here is who sent it, and what could not be joined.
pub(super) struct Taken {
    pub own: Own,
    pub shell: Shell,
    pub fields: Fields,
    pub draft: Option<DraftId>,
    pub how: How,
    pub errors: Errors,
}

/// What taking what was sent gave.
pub(super) enum Took {
    Kept(Box<Taken>),
    /// There is nothing more to do here: the letter was given before.
    Elsewhere(Answer),
}

/// Takes what was sent: keeps the words, then the files.
pub(super) async fn take(app: &App, who: StillWriting, upload: Upload<Fields>) -> Result<Took, Broken> {
    let Upload { mut fields, mut files } = upload;
    let Some(once) = fields.once else { return Err(Broken::UnreadableForm) };
    let SignedInUsager { own, shell } = match who {
        StillWriting::Here(here) => here,
        StillWriting::Late { lapsed, shell } => {
            let kept = !fields.written().is_empty();
            if kept {
                let draft = draft::put_aside(&app.mailbox, &lapsed, fields.began(once), &fields.written()).await?;
                // The draft holds the words: once back, they go on from there.
                let typed = Typed { page: routes::draft(&draft.id), fields: Vec::new() };
                set_aside::put(&app.identity.kernel, &Absent::from(&lapsed), &typed).await?;
            }
            return Err(shell.signed_out(kept));
        }
    };
    if let Some(letter) = outbox::already(&app.mailbox, &own, once.uuid()).await? {
        return Ok(Took::Elsewhere(go(routes::given(&letter))));
    }
    let mut file = files.next().await?;
    let mut taken = Taken { how: How::Plainly, draft: fields.draft(), errors: Errors::none(), own, shell, fields: Fields::default() };
    if !fields.written().is_empty() || taken.draft.is_some() || file.is_some() {
        let kept = draft::keep(&app.mailbox, &taken.own, fields.began(once), &fields.written()).await?;
        (taken.draft, taken.how) = (Some(kept.id), kept.how);
        (fields.brouillon, fields.version) = (kept.id.to_string(), kept.version.to_string());
        while let Some(chosen) = file {
            if let Err(why) = join(app, &taken.own, kept.id, chosen).await? {
                taken.errors.add("files", t!(not_kept(why)));
            }
            file = files.next().await?;
        }
    }
    taken.fields = fields;
    Ok(Took::Kept(Box::new(taken)))
}

async fn join(app: &App, own: &Own, draft: DraftId, mut chosen: File) -> Result<Result<(), NotKept>, Broken> {
    let mut joining = joined::join(&app.mailbox, own, draft, &chosen.name, &chosen.declared).await?;
    while let Some(bytes) = chosen.piece().await? {
        joining.push(&bytes).await?;
    }
    Ok(joining.finish().await?.map(drop))
}

fn not_kept(why: NotKept) -> &'static str {
    match why {
        NotKept::Empty => "write.file_empty",
        NotKept::TooHeavy => "write.file_too_heavy",
        NotKept::Dangerous => "write.file_dangerous",
    }
}

/// What is joined so far: to the draft, or to the letter that is taken up.
pub(super) async fn joined_to(app: &App, own: &Own, fields: &Fields) -> Result<Vec<Joined>, Failure> {
    match (fields.draft(), fields.reprise.parse::<LetterId>()) {
        (Some(draft), _) => joined::of_draft(&app.mailbox, own, draft).await,
        (None, Ok(letter)) => outbox::files(&app.mailbox, own, letter).await,
        (None, Err(_)) => Ok(Vec::new()),
    }
}

impl Fields {
    pub(super) fn written(&self) -> Written {
        Written {
            to: self.to.clone(),
            subject: self.subject.clone(),
            // A browser writes line ends in its own way, which is not a change.
            text: self.text.replace("\r\n", "\n"),
            answers: self.reponse.clone(),
            thread: self.thread.clone(),
            resumes: self.reprise.parse().ok(),
        }
    }

    pub(super) fn began(&self, once: Once) -> Began {
        Began { form_key: once.uuid(), draft: self.draft().zip(self.version.parse().ok()) }
    }

    fn draft(&self) -> Option<DraftId> {
        self.brouillon.parse().ok()
    }
}

impl From<&Outgoing> for Fields {
    fn from(letter: &Outgoing) -> Self {
        Self {
            to: letter.to().iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            subject: letter.subject().to_owned(),
            text: letter.text().to_owned(),
            thread: letter.in_reply_to().to_string(),
            ..Self::default()
        }
    }
}

impl From<Draft> for Fields {
    fn from(draft: Draft) -> Self {
        let Written { to, subject, text, answers, thread, resumes } = draft.written;
        let (brouillon, version) = (draft.id.to_string(), draft.version.to_string());
        let reprise = resumes.map(|letter| letter.to_string()).unwrap_or_default();
        Self { to, subject, text, reponse: answers, thread, reprise, brouillon, version, ..Self::default() }
    }
}
