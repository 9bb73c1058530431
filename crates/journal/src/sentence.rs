//! One plain French sentence for each entry, for who answers for a structure and for the person it is about.
//!
//! Assembled at reading: a name that was erased is no longer in any sentence. The words are in `locales/fr.yml`.

use maincourante_kernel::Timestamp;
use maincourante_kernel::calendar::Date;
use rust_i18n::t;

use crate::Event;
use crate::french::{capitalised, of, of_structure};
use crate::record::{Ended, Fields, Record, Seen};
use crate::vocabulary::{Actor, SubjectKind};

/// To whom the sentence speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reader {
    /// Who answers for the structure: everyone is named.
    Structure,
    /// Who the entry is about: "vous".
    Person,
}

/// The sentence of an entry.
pub fn sentence(record: &Record, reader: Reader) -> String {
    let speech = Speech { record, reader };
    let text = match &record.ended {
        Ended::Done => speech.said(&speech.done()) + &speech.mandate_state(),
        Ended::Refused(reason) => speech.attempt("refused", reason),
        Ended::Failed(reason) => speech.attempt("failed", reason),
    };
    capitalised(&text)
}

/// Whether sentences can tell this reason. For the tests of those who give reasons.
pub fn reason_is_told(reason: &str) -> bool {
    text(&format!("reason.{reason}")).is_some()
}

struct Speech<'a> {
    record: &'a Record,
    reader: Reader,
}

impl Speech<'_> {
    const fn form(&self) -> &'static str {
        match self.reader {
            Reader::Structure => "structure",
            Reader::Person => "person",
        }
    }

    /// Which page or paper was opened, where it has its own words, says more than the event.
    fn done(&self) -> String {
        let of_screen = self.record.word("screen").map(|screen| format!("screen.{screen}.{}", self.form()));
        of_screen.filter(|key| text(key).is_some()).unwrap_or_else(|| format!("event.{}.{}", self.record.event, self.form()))
    }

    fn attempt(&self, how: &str, reason: &str) -> String {
        let act = self.said(&format!("event.{}.{}_tried", self.record.event, self.form()));
        let who = self.who();
        match self.reason(reason) {
            Some(reason) => with(&format!("sentence.{how}_because"), &[("who", who), ("act", act), ("reason", reason)]),
            None => with(&format!("sentence.{how}"), &[("who", who), ("act", act)]),
        }
    }

    fn reason(&self, reason: &str) -> Option<String> {
        let to_you = (self.reader == Reader::Person).then(|| text(&format!("reason_to_you.{reason}"))).flatten();
        to_you.or_else(|| text(&format!("reason.{reason}")))
    }

    /// Only the parts that the text names are made.
    fn said(&self, key: &str) -> String {
        let Some(text) = text(key) else { return key.to_owned() };
        let mut parts = Vec::new();
        for piece in text.split("%{").skip(1) {
            if let Some((name, _)) = piece.split_once('}') {
                parts.push((name, self.part(name)));
            }
        }
        fill(&text, &parts)
    }

    fn part(&self, name: &str) -> String {
        match name {
            "who" => self.who(),
            "actor" => self.actor(),
            "usager" => self.usager(),
            "of_usager" => of(&self.usager()),
            "aidant" => self.aidant().map_or_else(|| words("name.aidant"), name_of),
            "of_aidant" => of(&self.aidant().map_or_else(|| words("name.aidant"), name_of)),
            "of_structure" => self.of_structure(),
            "account" if self.actor_is_the_usager() => words("name.his_account"),
            "account" => with("name.account_of", &[("of_usager", of(&self.usager()))]),
            "of_account" if self.actor_is_the_usager() => words("name.of_his_account"),
            "of_account" => with("name.of_account_of", &[("of_usager", of(&self.usager()))]),
            tail => self.tail(tail).unwrap_or_default(),
        }
    }

    /// What is said only when the entry has it, with its own punctuation.
    fn tail(&self, name: &str) -> Option<String> {
        let record = self.record;
        match name {
            "cause" => {
                let reason = record.word("cause").or_else(|| record.word("reason"))?;
                Some(with("sentence.because", &[("reason", self.reason(reason)?)]))
            }
            "route" => text(&format!("route.{}", record.word("route")?)),
            "method" => text(&format!("method.{}", record.word("method")?)),
            "power" => {
                let power = record.word("power").or(record.power.as_deref()).and_then(|power| text(&format!("power.{power}")));
                Some(power.unwrap_or_else(|| words("power.other")))
            }
            // The end is the first instant after the last day.
            "until" => {
                let last = Timestamp::from_micros(record.number("ends")?.saturating_sub(1));
                Some(with("tail.until", &[("date", Date::at(last).with_year())]))
            }
            "for_other" => {
                let other = self.concerned().filter(|seen| record.actor.who() != Some((seen.kind, seen.id)))?;
                Some(match self.reader {
                    Reader::Structure => with("tail.for_other", &[("name", name_of(other))]),
                    Reader::Person => words("tail.for_you"),
                })
            }
            "in_name_of" => Some(with("tail.in_name_of", &[("of_name", of(&name_of(self.concerned()?)))])),
            "with_aidant" => {
                let aidant = name_of(self.aidant()?);
                let named = match self.reader {
                    Reader::Structure => aidant,
                    Reader::Person => self.with_structure(aidant).trim_end_matches(',').to_owned(),
                };
                Some(with("tail.with_aidant", &[("of_aidant", of(&named))]))
            }
            "phone" | "new_phone" => Some(with(&format!("tail.{name}"), &[("digits", self.last_digits()?)])),
            "note" => {
                let seen = record.subject(SubjectKind::Usager)?;
                // The sentence has its own full stop.
                let note = seen.field("note")?.trim_end_matches(['.', ' ']).to_owned();
                Some(match seen.field("day").and_then(Date::parse) {
                    Some(day) => with("tail.note_of_day", &[("note", note), ("date", day.with_year())]),
                    None => with("tail.note", &[("note", note)]),
                })
            }
            "old_notified" => (record.number("old_notified")? > 0).then(|| words("tail.old_notified")),
            "sessions" => match record.number("sessions_ended")? {
                1 => Some(words("tail.session")),
                count if count > 1 => Some(with("tail.sessions", &[("count", count.to_string())])),
                _ => None,
            },
            _ => None,
        }
    }

    /// The actor and its auxiliary: "Nadia Roussel a", "Vous avez".
    fn who(&self) -> String {
        if self.actor_is_the_reader() && !self.done_by_someone() {
            return words("name.you_have");
        }
        with("name.has", &[("name", self.actor())])
    }

    fn actor(&self) -> String {
        let record = self.record;
        let Some(seen) = record.actor_seen().filter(|_| !self.done_by_someone()) else {
            return words(if record.actor == Actor::System { "name.system" } else { "name.visitor" });
        };
        let known = seen.fields != Fields::Unsaid;
        match (record.actor, self.reader) {
            (Actor::Aidant(_), Reader::Person) if known => self.with_structure(name_of(seen)),
            (Actor::Aidant(_), _) if !known => with("name.team", &[("of_structure", self.of_structure())]),
            (Actor::Operator(_), _) if !known => words("name.operator"),
            (Actor::Operator(_), Reader::Person) => with("name.operator_named", &[("name", name_of(seen))]),
            (Actor::Usager(_) | Actor::Aidant(_) | Actor::Operator(_) | Actor::System | Actor::Visitor, _) => name_of(seen),
        }
    }

    /// A failed sign-in is written under the account it aimed at; it does not say that its owner did it.
    fn done_by_someone(&self) -> bool {
        matches!(self.record.event, Event::AuthLoginFailed | Event::AuthFcRefusedDelegated)
    }

    fn with_structure(&self, name: String) -> String {
        match self.record.subject(SubjectKind::Structure).and_then(|seen| seen.field("name")) {
            Some(_) => with("name.from_structure", &[("name", name), ("of_structure", self.of_structure())]),
            None => name,
        }
    }

    /// A structure may say itself how it is called after "de", in its field `of`.
    fn of_structure(&self) -> String {
        let seen = self.record.subject(SubjectKind::Structure);
        let said = |field| seen.and_then(|seen| seen.field(field));
        match (said("of"), said("name")) {
            (Some(of), _) => of.to_owned(),
            (None, Some(name)) => of_structure(name),
            (None, None) => words("name.of_structure"),
        }
    }

    fn usager(&self) -> String {
        self.record.subject(SubjectKind::Usager).map_or_else(|| words("name.usager"), name_of)
    }

    /// The helper it is about: another than the actor if there is one.
    fn aidant(&self) -> Option<&Seen> {
        let all = || self.record.subjects.iter().filter(|seen| seen.kind == SubjectKind::Aidant);
        all().find(|seen| self.record.actor.who() != Some((seen.kind, seen.id))).or_else(|| all().next())
    }

    /// Who the entry is about: a person before a helper, a helper before an operator.
    fn concerned(&self) -> Option<&Seen> {
        let record = self.record;
        record.subject(SubjectKind::Usager).or_else(|| self.aidant()).or_else(|| record.subject(SubjectKind::Operator))
    }

    fn actor_is_the_usager(&self) -> bool {
        matches!(self.record.actor, Actor::Usager(_))
    }

    fn actor_is_the_reader(&self) -> bool {
        self.reader == Reader::Person && self.concerned().is_some_and(|seen| self.record.actor.who() == Some((seen.kind, seen.id)))
    }

    fn last_digits(&self) -> Option<String> {
        let masked = self.record.subjects.iter().find_map(|seen| seen.field("masked_phone"))?;
        let digits: Vec<char> = masked.chars().filter(char::is_ascii_digit).collect();
        digits.last_chunk::<2>().map(|last| last.iter().collect())
    }

    fn mandate_state(&self) -> String {
        let used = self.record.mandate.is_some() && self.record.power.is_some() && self.reader == Reader::Structure;
        // Of what makes or ends a mandate, it would say it twice or say it wrong.
        if used && !self.record.event.as_str().starts_with("mandate.") { words("sentence.under_mandate") } else { String::new() }
    }
}

fn name_of(seen: &Seen) -> String {
    match &seen.fields {
        Fields::Erased => words("name.erased"),
        Fields::Withheld => words("name.withheld"),
        Fields::Open(_) | Fields::Unsaid | Fields::Unreadable => seen
            .field("name")
            .map_or_else(|| words(if seen.kind == SubjectKind::Aidant { "name.aidant" } else { "name.usager" }), str::to_owned),
    }
}

/// The text of this key, if there is one: `t!` gives the key back when there is none.
fn text(key: &str) -> Option<String> {
    let text = t!(key);
    (!text.ends_with(key)).then(|| text.into_owned())
}

fn words(key: &str) -> String {
    text(key).unwrap_or_default()
}

fn with(key: &str, parts: &[(&str, String)]) -> String {
    fill(&words(key), parts)
}

/// Each name once, from left to right: what a person is called is never read as a text of ours.
fn fill(text: &str, parts: &[(&str, String)]) -> String {
    let (names, values): (Vec<&str>, Vec<String>) = parts.iter().cloned().unzip();
    rust_i18n::replace_patterns(text, &names, &values)
}
