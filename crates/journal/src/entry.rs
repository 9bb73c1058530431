//! What a context writes: who did what, for whom, in whose name, and how it ended.

use std::collections::BTreeMap;
use std::fmt;

use maincourante_kernel::Secret;
use uuid::Uuid;

use crate::vocabulary::{Actor, Channel, Outcome, Role, SubjectKind};
use crate::{Event, Payload};

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
