//! An entry as it is read back: what was written, and of each subject what may still be shown to this reader.

use std::collections::BTreeMap;
use std::fmt;

use maincourante_kernel::{Failure, Timestamp};
use uuid::Uuid;

use crate::leaf::Leaf;
use crate::vocabulary::{Actor, Channel, Role, SubjectKind};
use crate::{Event, Log, Value};

/// An entry, read.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its log.
    pub log: Log,
    /// Its number in the log.
    pub seq: i64,
    /// Its identifier: what a page of results goes on from.
    pub id: Uuid,
    /// The act it tells.
    pub act: Uuid,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// Who acted.
    pub actor: Actor,
    /// In which quality.
    pub role: Option<Role>,
    /// In the name of which structure.
    pub structure: Option<Uuid>,
    /// Under which mandate.
    pub mandate: Option<Uuid>,
    /// By which power of it.
    pub power: Option<String>,
    /// By which way it came.
    pub channel: Channel,
    /// How it ended.
    pub ended: Ended,
    /// What it is about.
    pub subjects: Vec<Seen>,
    payload: BTreeMap<String, Value>,
}

/// How an act ended, as read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ended {
    /// It was done.
    Done,
    /// A rule said no, for this reason (keyword).
    Refused(String),
    /// It should have worked and did not, for this reason (keyword).
    Failed(String),
}

/// A subject, as this reader may see it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What it is.
    pub kind: SubjectKind,
    /// Which one.
    pub id: Uuid,
    /// What the entry says of it.
    pub fields: Fields,
}

/// What an entry says of a subject.
#[derive(Clone, PartialEq, Eq)]
pub enum Fields {
    /// Nothing more than its identifier.
    Unsaid,
    /// This.
    Open(BTreeMap<String, String>),
    /// Its record key is destroyed.
    Erased,
    /// Not for this reader.
    Withheld,
    /// What lies in the base does not open: the verification says why.
    Unreadable,
}

impl fmt::Debug for Fields {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Unsaid => "unsaid",
            Self::Open(_) => "…",
            Self::Erased => "erased",
            Self::Withheld => "withheld",
            Self::Unreadable => "unreadable",
        })
    }
}

impl Fields {
    /// The name alone, of what is open.
    pub(crate) fn only_name(self) -> Self {
        match self {
            Self::Open(mut fields) => {
                fields.retain(|field, _| field == "name");
                Self::Open(fields)
            }
            Self::Unsaid | Self::Erased | Self::Withheld | Self::Unreadable => self,
        }
    }
}

impl Seen {
    /// One of its fields, when it can be shown.
    pub fn field(&self, name: &str) -> Option<&str> {
        match &self.fields {
            Fields::Open(fields) => fields.get(name).map(String::as_str),
            Fields::Unsaid | Fields::Erased | Fields::Withheld | Fields::Unreadable => None,
        }
    }
}

impl Record {
    /// The first subject of this kind.
    pub fn subject(&self, kind: SubjectKind) -> Option<&Seen> {
        self.subjects.iter().find(|subject| subject.kind == kind)
    }

    /// The actor among the subjects.
    pub fn actor_seen(&self) -> Option<&Seen> {
        let who = self.actor.who()?;
        self.subjects.iter().find(|subject| (subject.kind, subject.id) == who)
    }

    /// A value of the payload.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.payload.get(name)
    }

    /// A keyword of the payload.
    pub fn word(&self, name: &str) -> Option<&str> {
        match self.value(name)? {
            Value::Word(word) => Some(word),
            Value::Words(_) | Value::Id(_) | Value::Number(_) | Value::Digest(_) => None,
        }
    }

    /// A number of the payload.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Number(number) => Some(*number),
            Value::Word(_) | Value::Words(_) | Value::Id(_) | Value::Digest(_) => None,
        }
    }

    /// From a leaf, without its subjects.
    pub(crate) fn from_leaf(bytes: &[u8]) -> Result<Self, Failure> {
        Self::read(Leaf::parse(bytes).ok_or_else(unknown)?).ok_or_else(unknown)
    }

    fn read(leaf: Leaf) -> Option<Self> {
        let ended = match (leaf.outcome.as_str(), leaf.reason) {
            ("done", None) => Ended::Done,
            ("refused", Some(reason)) => Ended::Refused(reason),
            ("failed", Some(reason)) => Ended::Failed(reason),
            _ => return None,
        };
        let actor = match (leaf.actor.kind.as_str(), leaf.actor.id) {
            ("system", None) => Actor::System,
            ("visitor", None) => Actor::Visitor,
            ("usager", Some(id)) => Actor::Usager(id),
            ("aidant", Some(id)) => Actor::Aidant(id),
            ("operator", Some(id)) => Actor::Operator(id),
            _ => return None,
        };
        let role = match leaf.role {
            Some(role) => Some(Role::named(&role)?),
            None => None,
        };
        Some(Self {
            log: leaf.log.parse().ok()?,
            seq: leaf.seq,
            id: leaf.id,
            act: leaf.act,
            at: Timestamp::from_micros(leaf.at),
            event: leaf.event.parse().ok()?,
            actor,
            role,
            structure: leaf.structure,
            mandate: leaf.mandate,
            power: leaf.power,
            channel: Channel::named(&leaf.channel)?,
            ended,
            subjects: Vec::new(),
            payload: leaf.payload.iter().map(|(name, json)| Some((name.clone(), Value::from_json(json)?))).collect::<Option<_>>()?,
        })
    }
}

pub(crate) fn unknown() -> Failure {
    Failure::new("an entry of the journal says something that this version does not know")
}
