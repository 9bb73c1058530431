//! What an entry says besides who and what: keywords, identifiers and integers, by construction.
//!
//! A leaf can never be erased, so nothing personal may enter one: no `String` goes in, and keywords are
//! `&'static str`, written in our code and nowhere else.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use maincourante_kernel::{Failure, Timestamp};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::tree::Hash;

/// The largest integer of the journal: JSON readers that only know doubles read it exactly.
const MAX: i64 = (1 << 53) - 1;

/// The payload of an entry to be written.
///
/// ```
/// # use maincourante_journal::Payload;
/// Payload::new().word("route", "screen").count("sessions_ended", 2);
/// ```
#[derive(Clone, Default, Debug)]
pub struct Payload(BTreeMap<&'static str, Given>);

#[derive(Clone, Debug)]
enum Given {
    Word(&'static str),
    Words(Vec<&'static str>),
    Id(Uuid),
    Number(i64),
    Digest(Hash),
}

impl Payload {
    /// An empty payload.
    pub fn new() -> Self {
        Self::default()
    }

    /// A keyword.
    #[must_use]
    pub fn word(self, name: &'static str, word: &'static str) -> Self {
        self.with(name, Given::Word(word))
    }

    /// Several keywords.
    #[must_use]
    pub fn words(self, name: &'static str, words: impl IntoIterator<Item = &'static str>) -> Self {
        self.with(name, Given::Words(words.into_iter().collect()))
    }

    /// An identifier.
    #[must_use]
    pub fn id(self, name: &'static str, id: impl Into<Uuid>) -> Self {
        self.with(name, Given::Id(id.into()))
    }

    /// A number: how many, which version, what size.
    #[must_use]
    pub fn count(self, name: &'static str, count: i64) -> Self {
        self.with(name, Given::Number(count))
    }

    /// An instant.
    #[must_use]
    pub fn at(self, name: &'static str, at: Timestamp) -> Self {
        self.with(name, Given::Number(at.micros()))
    }

    /// The root of a tree. Not for others: the hash of something that can be guessed says it.
    pub(crate) fn digest(self, name: &'static str, digest: Hash) -> Self {
        self.with(name, Given::Digest(digest))
    }

    fn with(mut self, name: &'static str, given: Given) -> Self {
        self.0.insert(name, given);
        self
    }

    /// As it goes into the leaf.
    pub(crate) fn into_json(self) -> Result<BTreeMap<String, Json>, Failure> {
        let mut out = BTreeMap::new();
        for (name, given) in self.0 {
            let value = match given {
                Given::Word(word) => Json::from(keyword(word)?),
                Given::Words(words) => words.into_iter().map(keyword).collect::<Result<Vec<_>, _>>()?.into(),
                Given::Id(id) => Json::from(id.to_string()),
                Given::Number(number) if (-MAX..=MAX).contains(&number) => Json::from(number),
                Given::Number(_) => return Err(Failure::new("an integer of the journal is below 2^53")),
                Given::Digest(digest) => Json::from(BASE64.encode(&digest)),
            };
            out.insert(keyword(name)?.to_owned(), value);
        }
        Ok(out)
    }
}

/// A value read back from a payload.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// A keyword.
    Word(String),
    /// Several keywords.
    Words(Vec<String>),
    /// An identifier.
    Id(Uuid),
    /// A number, or an instant in microseconds.
    Number(i64),
    /// The root of a tree.
    Digest(Hash),
}

impl Value {
    /// From the leaf; none for what a payload cannot hold.
    pub(crate) fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Number(number) => number.as_i64().filter(|n| (-MAX..=MAX).contains(n)).map(Self::Number),
            Json::String(text) => Self::from_text(text),
            Json::Array(items) => items
                .iter()
                .map(|item| item.as_str().filter(|text| is_keyword(text)).map(str::to_owned))
                .collect::<Option<_>>()
                .map(Self::Words),
            Json::Null | Json::Bool(_) | Json::Object(_) => None,
        }
    }

    // A keyword has no hyphen, a UUID four; a digest ends with `=`: no text is two of them.
    fn from_text(text: &str) -> Option<Self> {
        if is_keyword(text) {
            return Some(Self::Word(text.to_owned()));
        }
        if let Ok(id) = text.parse::<Uuid>() {
            return (id.to_string() == text).then_some(Self::Id(id));
        }
        BASE64.decode(text.as_bytes()).ok()?.try_into().ok().map(Self::Digest)
    }
}

/// The word itself, if the journal may hold it.
pub(crate) fn keyword(word: &str) -> Result<&str, Failure> {
    if is_keyword(word) { Ok(word) } else { Err(Failure::new("the journal holds keywords, never free text")) }
}

/// `[a-z0-9][a-z0-9_.]{0,63}`
pub(crate) fn is_keyword(word: &str) -> bool {
    let mut bytes = word.bytes();
    word.len() <= 64
        && bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_comes_back_as_what_it_was() {
        let id = Uuid::from_u128(7);
        let json = Payload::new()
            .word("route", "sms")
            .words("powers", ["create_account", "give_access_back"])
            .id("draft", id)
            .count("ended", 2)
            .at("ends", Timestamp::from_micros(1_795_334_400_000_000))
            .digest("root", [7; 32])
            .into_json()
            .unwrap();
        let value = |name: &str| Value::from_json(&json[name]).unwrap();
        assert_eq!(value("route"), Value::Word("sms".into()));
        assert_eq!(value("powers"), Value::Words(vec!["create_account".into(), "give_access_back".into()]));
        assert_eq!(value("draft"), Value::Id(id));
        assert_eq!(value("ended"), Value::Number(2));
        assert_eq!(value("ends"), Value::Number(1_795_334_400_000_000));
        assert_eq!(value("root"), Value::Digest([7; 32]));
    }

    #[test]
    fn free_text_and_large_integers_are_refused() {
        let long = "a234567890123456789012345678901234567890123456789012345678901234x";
        for word in ["", "Paul", "paul nguyen", "é", "a-b", "_a", long] {
            assert!(Payload::new().word("route", word).into_json().is_err(), "{word}");
            assert!(Payload::new().words("routes", ["sms", word]).into_json().is_err(), "{word}");
            assert!(Payload::new().word(word, "sms").into_json().is_err(), "{word}");
        }
        assert!(Payload::new().count("n", MAX).count("m", -MAX).into_json().is_ok());
        assert!(Payload::new().count("n", MAX + 1).into_json().is_err());
    }
}
