//! A letter in a list, in our words: who, about what, when, with how many documents.

use maincourante_kernel::calendar;
use maincourante_kernel::{Timestamp, address::MailAddress};
use maincourante_mailbox::letter::Sender;
use maincourante_mailbox::{Folder, Row};
use maincourante_shell::Icon;
use rust_i18n::t;

use super::name::Name;
use crate::said;

/// A line of a list.
pub(crate) struct Told {
    pub name: Name,
    pub new: bool,
    pub who: Who,
    pub subject: String,
    pub when: String,
    pub iso: String,
    /// "2 documents joints".
    pub carried: Option<String>,
}

/// Who a letter is from, or for. The sender's own claim is a name between our words, never more.
pub(crate) enum Who {
    /// We do not know who writes; they call themselves so.
    Unknown(String),
    /// Nobody signed.
    Nobody,
    /// It bears the person's own address, which anyone can write.
    Pretends,
    /// The person wrote it, to these.
    Yours(String),
}

impl Told {
    pub(crate) fn of(row: Row, own: &MailAddress, now: Timestamp) -> Self {
        let carried = i64::try_from(row.carried).unwrap_or(i64::MAX);
        Self {
            name: Name::Kept(row.reference),
            new: !row.seen && row.reference.folder() == Folder::Inbox,
            who: match row.reference.folder() {
                Folder::Inbox => Who::wrote(row.heading.from.as_ref(), own),
                Folder::Sent => Who::Yours(names(&row.heading.to)),
            },
            subject: subject(row.heading.subject),
            when: calendar::moment(row.arrived, now),
            iso: calendar::machine(row.arrived),
            carried: (carried > 0).then(|| said::counted(carried, "messages.carried.one", "messages.carried.many")),
        }
    }
}

impl Who {
    /// The picture beside the line.
    pub(crate) const fn icon(&self) -> Icon {
        match self {
            Self::Unknown(_) | Self::Nobody | Self::Pretends => Icon::Unknown,
            Self::Yours(_) => Icon::Person,
        }
    }

    /// Our words, then the name, which takes no part in them.
    pub(crate) fn words(&self) -> (String, &str) {
        match self {
            Self::Unknown(name) => (t!("who.unknown").into_owned(), name),
            Self::Nobody => (t!("who.nobody").into_owned(), ""),
            Self::Pretends => (t!("who.pretends").into_owned(), ""),
            Self::Yours(names) => (t!("who.yours").into_owned(), names),
        }
    }

    /// Who wrote a letter that was received.
    pub(crate) fn wrote(sender: Option<&Sender>, own: &MailAddress) -> Self {
        let Some(sender) = sender else { return Self::Nobody };
        if sender.address.as_ref().is_some_and(|address| address.folded() == own.folded()) {
            return Self::Pretends;
        }
        match sender.label() {
            "" => Self::Nobody,
            label => Self::Unknown(label.to_owned()),
        }
    }
}

/// "Sophie Lambert, rene@exemple.fr".
pub(crate) fn names(people: &[Sender]) -> String {
    people.iter().map(Sender::label).filter(|label| !label.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What a letter is about, even when it does not say.
pub(crate) fn subject(written: String) -> String {
    if written.is_empty() { t!("messages.no_subject").into_owned() } else { written }
}
