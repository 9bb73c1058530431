//! A letter in a list, in our words: who, about what, when, with how many documents.

use maincourante_kernel::calendar;
use maincourante_kernel::{Timestamp, address::MailAddress};
use maincourante_mailbox::letter::Sender;
use maincourante_mailbox::{Folder, Row, Standing, official};
use maincourante_shell::{Icon, Trust};
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
    /// What we think of who writes.
    Judged(Trust),
    /// They wrote before, and we do not know them any better; they call themselves so.
    Again(String),
    /// Nobody signed.
    Nobody,
    /// It bears the person's own address, which anyone can write.
    Pretends,
    /// The person wrote it, to these.
    Yours(String),
}

impl Told {
    pub(crate) fn of(row: Row, own: &MailAddress, standing: Standing, now: Timestamp) -> Self {
        let carried = i64::try_from(row.carried).unwrap_or(i64::MAX);
        Self {
            name: Name::Kept(row.reference),
            new: !row.seen && row.reference.folder() == Folder::Inbox,
            who: match row.home {
                Folder::Inbox | Folder::Bin => Who::wrote(row.heading.from.as_ref(), own, standing),
                Folder::Sent => Who::Yours(names(&row.heading.to)),
            },
            subject: subject(row.heading.subject),
            when: calendar::moment(row.arrived, now),
            iso: calendar::machine(row.arrived),
            carried: (carried > 0).then(|| said::counted(carried, "messages.carried.one", "messages.carried.many")),
        }
    }

    /// The class of its row.
    pub(crate) fn class(&self) -> &'static str {
        match (self.who.is_suspect(), self.new) {
            (true, _) => "suspect",
            (false, true) => "new",
            (false, false) => "",
        }
    }
}

impl Who {
    /// The picture beside the line.
    pub(crate) const fn icon(&self) -> Icon {
        match self {
            Self::Judged(trust) => trust.icon(),
            Self::Again(_) | Self::Nobody | Self::Pretends => Icon::Unknown,
            Self::Yours(_) => Icon::Person,
        }
    }

    /// The class of the line.
    pub(crate) const fn class(&self) -> &'static str {
        match self {
            Self::Judged(trust) => trust.class(),
            Self::Again(_) | Self::Nobody | Self::Pretends | Self::Yours(_) => "trust",
        }
    }

    /// Our words, the name, which takes no part in them, our words again.
    pub(crate) fn words(&self) -> [String; 3] {
        let before = |words: String, name: &str| [words, name.to_owned(), String::new()];
        match self {
            Self::Judged(trust) => trust.words(),
            Self::Again(name) => before(t!("who.again").into_owned() + " ", name),
            Self::Nobody => before(t!("who.nobody").into_owned(), ""),
            Self::Pretends => before(t!("who.pretends").into_owned(), ""),
            Self::Yours(names) => before(t!("who.yours").into_owned() + " ", names),
        }
    }

    /// Whether the sender takes a name that is not theirs.
    pub(crate) const fn is_suspect(&self) -> bool {
        matches!(self, Self::Judged(Trust::Impostor(_)))
    }

    /// Who wrote a letter that was received. A name that is not theirs comes before all else: one may have answered them.
    pub(crate) fn wrote(sender: Option<&Sender>, own: &MailAddress, standing: Standing) -> Self {
        let Some(sender) = sender else { return Self::Nobody };
        if sender.address.as_ref().is_some_and(|address| address.folded() == own.folded()) {
            return Self::Pretends;
        }
        let label = sender.label();
        if let Some(organisation) = official::pretended(label, sender.address.as_ref()) {
            return Self::Judged(Trust::Impostor(organisation.to_owned()));
        }
        match (label, standing) {
            ("", _) => Self::Nobody,
            (label, Standing::Contact) => Self::Judged(Trust::Contact(label.to_owned())),
            (label, Standing::First) => Self::Judged(Trust::Unknown(label.to_owned())),
            (label, Standing::Known) => Self::Again(label.to_owned()),
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
