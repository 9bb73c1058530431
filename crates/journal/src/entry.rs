//! What a context writes: who did what, for whom, in whose name, and how it ended.

use std::collections::BTreeMap;
use std::fmt;

use maincourante_kernel::Secret;
use uuid::Uuid;

use crate::{Event, Payload};

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

    const fn usual_role(self) -> Option<Role> {
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

/// Someone or something an entry is about, and what it says of them that must not lie in clear.
#[derive(Clone)]
pub struct Subject {
    pub(crate) kind: SubjectKind,
    pub(crate) id: Uuid,
    pub(crate) fields: BTreeMap<&'static str, Secret<String>>,
}

impl Subject {
    /// A subject of which the entry says nothing more.
    pub fn new(kind: SubjectKind, id: impl Into<Uuid>) -> Self {
        Self { kind, id: id.into(), fields: BTreeMap::new() }
    }

    /// A person.
    pub fn usager(id: impl Into<Uuid>) -> Self {
        Self::new(SubjectKind::Usager, id)
    }

    /// A helper.
    pub fn aidant(id: impl Into<Uuid>) -> Self {
        Self::new(SubjectKind::Aidant, id)
    }

    /// A structure.
    pub fn structure(id: impl Into<Uuid>) -> Self {
        Self::new(SubjectKind::Structure, id)
    }

    /// A mandate.
    pub fn mandate(id: impl Into<Uuid>) -> Self {
        Self::new(SubjectKind::Mandate, id)
    }

    /// How sentences name it: "Nadia Roussel", "CCAS de Vaudorme".
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        self.field("name", name)
    }

    /// Something personal, or the hash of something that could be guessed: kept beside, under the subject's key.
    #[must_use]
    pub fn field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.insert(name, Secret::new(value.into()));
        self
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.kind.as_str(), self.id)
    }
}

/// One line of the journal, to be written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The act; the entries of one act share it.
    pub act: Uuid,
    /// What happened.
    pub event: Event,
    /// Who acts. Always one of the subjects: added without a name when it is not.
    pub actor: Actor,
    /// In which quality.
    pub role: Option<Role>,
    /// In the name of which structure.
    pub structure: Option<Uuid>,
    /// Under which mandate.
    pub mandate: Option<Uuid>,
    /// By which power of it (keyword).
    pub power: Option<&'static str>,
    /// What it is about.
    pub subjects: Vec<Subject>,
    /// By which way it came.
    pub channel: Channel,
    /// How it ended.
    pub outcome: Outcome,
    /// What else it says.
    pub payload: Payload,
}

impl Entry {
    /// Something done, by `actor` in their usual role; by a page, or by a job for the service itself.
    pub fn new(act: Uuid, event: Event, actor: Actor) -> Self {
        Self {
            act,
            event,
            actor,
            role: actor.usual_role(),
            structure: None,
            mandate: None,
            power: None,
            subjects: Vec::new(),
            channel: if actor == Actor::System { Channel::Job } else { Channel::Web },
            outcome: Outcome::Done,
            payload: Payload::new(),
        }
    }

    /// The name of the actor, as sentences will say it.
    #[must_use]
    pub fn actor_named(self, name: impl Into<String>) -> Self {
        match self.actor.who() {
            Some((kind, id)) => self.about(Subject::new(kind, id).named(name)),
            None => self,
        }
    }

    /// In this quality rather than the usual one.
    #[must_use]
    pub fn by_role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }

    /// In the name of this structure.
    #[must_use]
    pub fn in_structure(mut self, structure: impl Into<Uuid>) -> Self {
        self.structure = Some(structure.into());
        self
    }

    /// In the name of this structure, which sentences will name.
    #[must_use]
    pub fn in_structure_named(self, structure: impl Into<Uuid>, name: impl Into<String>) -> Self {
        let structure = structure.into();
        self.in_structure(structure).about(Subject::structure(structure).named(name))
    }

    /// By this power of this mandate.
    #[must_use]
    pub fn under(mut self, mandate: impl Into<Uuid>, power: &'static str) -> Self {
        self.mandate = Some(mandate.into());
        self.power = Some(power);
        self
    }

    /// About this one too. Said twice of the same one, the fields are put together.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        match self.subjects.iter_mut().find(|known| (known.kind, known.id) == (subject.kind, subject.id)) {
            Some(known) => known.fields.extend(subject.fields),
            None => self.subjects.push(subject),
        }
        self
    }

    /// By this way rather than the usual one.
    #[must_use]
    pub fn through(mut self, channel: Channel) -> Self {
        self.channel = channel;
        self
    }

    /// A rule said no (keyword).
    #[must_use]
    pub fn refused(mut self, reason: &'static str) -> Self {
        self.outcome = Outcome::Refused(reason);
        self
    }

    /// It should have worked and did not (keyword).
    #[must_use]
    pub fn failed(mut self, reason: &'static str) -> Self {
        self.outcome = Outcome::Failed(reason);
        self
    }

    /// What else it says.
    #[must_use]
    pub fn with(mut self, payload: Payload) -> Self {
        self.payload = payload;
        self
    }
}
