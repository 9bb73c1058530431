//! The closed words of an entry: who acts, in which quality, on what, by which way, how it ended.
//!
//! Each has one name in the journal, which never changes; a new one may appear.

use uuid::Uuid;

/// A closed list of words, with the name each has in the journal.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum $name {
            $($(#[$each])* $variant,)*
        }

        impl $name {
            /// Its name in the journal.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// The one that has this name.
            pub fn named(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// In which quality the actor acts.
    Role {
        /// A person, for themselves.
        Usager = "usager",
        /// A helper.
        Aidant = "aidant",
        /// A helper who answers for a structure.
        Referent = "referent",
        /// Who runs the service.
        Operator = "operator",
    }
}

words! {
    /// By which way the act came.
    Channel {
        /// A page.
        Web = "web",
        /// A text message.
        Sms = "sms",
        /// A command.
        Cli = "cli",
        /// The service itself, later or on schedule.
        Job = "job",
    }
}

words! {
    /// What an entry is about.
    SubjectKind {
        /// A person.
        Usager = "usager",
        /// A helper.
        Aidant = "aidant",
        /// Who runs the service.
        Operator = "operator",
        /// A structure.
        Structure = "structure",
        /// A mandate.
        Mandate = "mandate",
        /// A mandate that is not signed yet.
        Draft = "draft",
        /// A document put aside for a person.
        Document = "document",
        /// A document shared by a link.
        Share = "share",
        /// A text message.
        Sms = "sms",
        /// A notice to all.
        Announcement = "announcement",
        /// A setting of the service.
        Setting = "setting",
        /// A key of the service.
        Key = "key",
        /// A backup.
        Backup = "backup",
        /// An incident.
        Incident = "incident",
        /// An alert.
        Alert = "alert",
        /// An export.
        Export = "export",
        /// The journal, or an entry of it.
        Journal = "journal",
    }
}

/// Who acts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Actor {
    /// The service itself.
    System,
    /// Someone who is not signed in.
    Visitor,
    /// A person.
    Usager(Uuid),
    /// A helper or a référent.
    Aidant(Uuid),
    /// Who runs the service.
    Operator(Uuid),
}

impl Actor {
    /// Its name in the journal.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Visitor => "visitor",
            Self::Usager(_) => "usager",
            Self::Aidant(_) => "aidant",
            Self::Operator(_) => "operator",
        }
    }

    /// Who it is among the subjects, when it is someone.
    pub const fn who(self) -> Option<(SubjectKind, Uuid)> {
        match self {
            Self::System | Self::Visitor => None,
            Self::Usager(id) => Some((SubjectKind::Usager, id)),
            Self::Aidant(id) => Some((SubjectKind::Aidant, id)),
            Self::Operator(id) => Some((SubjectKind::Operator, id)),
        }
    }

    pub(crate) const fn usual_role(self) -> Option<Role> {
        match self {
            Self::System | Self::Visitor => None,
            Self::Usager(_) => Some(Role::Usager),
            Self::Aidant(_) => Some(Role::Aidant),
            Self::Operator(_) => Some(Role::Operator),
        }
    }
}

/// How the act ended. A reason is a keyword; `locales/` has its words under `reason`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was done.
    Done,
    /// A rule said no.
    Refused(&'static str),
    /// It should have worked and did not.
    Failed(&'static str),
}

impl Outcome {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused(_) => "refused",
            Self::Failed(_) => "failed",
        }
    }

    pub(crate) const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Done => None,
            Self::Refused(reason) | Self::Failed(reason) => Some(reason),
        }
    }
}
