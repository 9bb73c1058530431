//! The leaf: the bytes of an entry that are hashed, as `docs/journal-format.md` section 2 says.
//!
//! Written once and kept as written: nothing here may change the bytes of what another version wrote.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use maincourante_kernel::{Failure, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entry::Entry;
use crate::payload::{Value, is_keyword, keyword};
use crate::tree::Hash;

/// The version of the format.
pub(crate) const VERSION: i64 = 1;

/// A leaf. `required` makes an absent member an error, where serde would read null.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Leaf {
    pub act: Uuid,
    pub actor: LeafActor,
    pub at: i64,
    pub channel: String,
    pub event: String,
    pub id: Uuid,
    pub log: String,
    #[serde(deserialize_with = "Option::deserialize")]
    pub mandate: Option<Uuid>,
    pub outcome: String,
    pub payload: BTreeMap<String, serde_json::Value>,
    #[serde(deserialize_with = "Option::deserialize")]
    pub power: Option<String>,
    #[serde(deserialize_with = "Option::deserialize")]
    pub reason: Option<String>,
    #[serde(deserialize_with = "Option::deserialize")]
    pub role: Option<String>,
    pub seq: i64,
    #[serde(deserialize_with = "Option::deserialize")]
    pub structure: Option<Uuid>,
    pub subjects: Vec<LeafSubject>,
    pub v: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeafActor {
    #[serde(deserialize_with = "Option::deserialize")]
    pub id: Option<Uuid>,
    pub kind: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeafSubject {
    #[serde(deserialize_with = "Option::deserialize")]
    pub commitment: Option<String>,
    pub id: Uuid,
    pub kind: String,
}

/// Where an entry stands in its log.
pub(crate) struct Place<'a> {
    pub log: &'a str,
    pub seq: i64,
    pub id: Uuid,
    pub at: Timestamp,
}

impl Leaf {
    /// The leaf of `entry` at this place, with one commitment or none for each of its subjects.
    pub(crate) fn new(entry: &Entry, place: &Place<'_>, commitments: &[Option<Hash>]) -> Result<Self, Failure> {
        let subjects = entry.subjects.iter().zip(commitments).map(|(subject, commitment)| LeafSubject {
            commitment: commitment.map(|hash| BASE64.encode(&hash)),
            id: subject.id,
            kind: subject.kind.as_str().to_owned(),
        });
        let word = |word: Option<&'static str>| word.map(|word| keyword(word).map(str::to_owned)).transpose();
        Ok(Self {
            act: entry.act,
            actor: LeafActor { id: entry.actor.who().map(|(_, id)| id), kind: entry.actor.kind().to_owned() },
            at: place.at.micros(),
            channel: entry.channel.as_str().to_owned(),
            event: entry.event.as_str().to_owned(),
            id: place.id,
            log: place.log.to_owned(),
            mandate: entry.mandate,
            outcome: entry.outcome.word().to_owned(),
            payload: entry.payload.clone().into_json()?,
            power: word(entry.power)?,
            reason: word(entry.outcome.reason())?,
            role: entry.role.map(|role| role.as_str().to_owned()),
            seq: place.seq,
            structure: entry.structure,
            subjects: subjects.collect(),
            v: VERSION,
        })
    }

    /// Its bytes (RFC 8785).
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, Failure> {
        Ok(serde_json_canonicalizer::to_vec(self)?)
    }

    /// A leaf of this version, from its bytes; none when they are not one.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(bytes).ok().filter(|leaf| leaf.v == VERSION && leaf.says_only_words())
    }

    /// Whether it holds keywords where the format wants keywords, and a reason when it was not done.
    fn says_only_words(&self) -> bool {
        let optional = [&self.role, &self.power, &self.reason].into_iter().flatten();
        let kinds = self.subjects.iter().map(|subject| &subject.kind);
        let actor =
            self.actor.id.is_none_or(|id| self.subjects.iter().any(|subject| (subject.id, &subject.kind) == (id, &self.actor.kind)));
        let words = [&self.actor.kind, &self.channel, &self.event].into_iter().chain(optional).chain(kinds).chain(self.payload.keys());
        actor
            && words.into_iter().all(|word| is_keyword(word))
            && self.payload.values().all(|value| Value::from_json(value).is_some())
            && self.subjects.iter().all(|subject| subject.commitment().is_ok())
            && match self.outcome.as_str() {
                "done" => self.reason.is_none(),
                "refused" | "failed" => self.reason.is_some(),
                _ => false,
            }
    }
}

impl LeafSubject {
    /// Its commitment: an error when there is one that is not the base64 of 32 bytes.
    pub(crate) fn commitment(&self) -> Result<Option<Hash>, ()> {
        let Some(text) = &self.commitment else { return Ok(None) };
        BASE64.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok()).map(Some).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Actor, Event, Payload, Subject};

    #[test]
    fn the_bytes_of_a_leaf_never_change() {
        let id = |n: u128| Uuid::from_u128(n);
        let entry = Entry::new(id(1), Event::AccessHandoverStarted, Actor::Aidant(id(2)))
            .actor_named("Nadia Roussel")
            .in_structure_named(id(3), "CCAS de Vaudorme")
            .under(id(4), "give_access_back")
            .about(Subject::usager(id(5)).named("Paul Nguyen"))
            .with(Payload::new().word("route", "sms").count("tries", 2));
        let place = Place {
            log: "structure/00000000-0000-0000-0000-000000000003",
            seq: 12,
            id: id(6),
            at: Timestamp::from_micros(1_795_334_400_000_001),
        };
        let leaf = Leaf::new(&entry, &place, &[Some([0xfb; 32]), None, None]).unwrap();
        let bytes = leaf.to_bytes().unwrap();
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            concat!(
                r#"{"act":"00000000-0000-0000-0000-000000000001","actor":{"id":"00000000-0000-0000-0000-000000000002","kind":"aidant"},"#,
                r#""at":1795334400000001,"channel":"web","event":"access.handover_started","id":"00000000-0000-0000-0000-000000000006","#,
                r#""log":"structure/00000000-0000-0000-0000-000000000003","mandate":"00000000-0000-0000-0000-000000000004","outcome":"done","#,
                r#""payload":{"route":"sms","tries":2},"power":"give_access_back","reason":null,"role":"aidant","seq":12,"#,
                r#""structure":"00000000-0000-0000-0000-000000000003","subjects":["#,
                r#"{"commitment":"+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=","id":"00000000-0000-0000-0000-000000000002","kind":"aidant"},"#,
                r#"{"commitment":null,"id":"00000000-0000-0000-0000-000000000003","kind":"structure"},"#,
                r#"{"commitment":null,"id":"00000000-0000-0000-0000-000000000005","kind":"usager"}],"v":1}"#,
            )
        );
        assert_eq!(Leaf::parse(&bytes).unwrap().to_bytes().unwrap(), bytes);
    }

    #[test]
    fn what_is_not_exactly_a_leaf_is_none() {
        let entry = Entry::new(Uuid::nil(), Event::AuthLogin, Actor::Usager(Uuid::nil())).about(Subject::usager(Uuid::nil()));
        let place = Place { log: "service", seq: 0, id: Uuid::nil(), at: Timestamp::from_micros(0) };
        let text = String::from_utf8(Leaf::new(&entry, &place, &[None]).unwrap().to_bytes().unwrap()).unwrap();
        assert!(Leaf::parse(text.as_bytes()).is_some());
        for bad in [
            text.replace(r#""v":1"#, r#""v":2"#),
            text.replace(r#""power":null,"#, ""),
            text.replace(r#""v":1"#, r#""v":1,"w":1"#),
            text.replace(r#""v":1"#, r#""v":1,"v":1"#),
            text.replace(r#""seq":0"#, r#""seq":0.5"#),
            text.replace(r#""at":0"#, r#""at":"0""#),
            text.replace(r#""reason":null"#, r#""reason":"why""#),
            text.replace(r#""outcome":"done""#, r#""outcome":"refused""#),
            text.replace(r#""event":"auth.login""#, r#""event":"Se connecter""#),
            text.replace(r#""payload":{}"#, r#""payload":{"name":"Paul Nguyen"}"#),
            text.replace(r#""payload":{}"#, r#""payload":{"name":null}"#),
            text.replace(r#""commitment":null"#, r#""commitment":"AA==""#),
            text.replace(r#""subjects":[{"#, r#""subjects":[],"w":[{"#),
        ] {
            assert_ne!(bad, text);
            assert!(Leaf::parse(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
