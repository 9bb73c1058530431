//! Looking for letters by words: of the sender, of who receives, of the subject, of the text.
//!
//! A mailbox of many years is not read within one page: the newest letters are looked at first, as many as there is time for, and what
//! was found is told with how far one went. One goes on from there.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use maincourante_identity::Own;

use crate::folder::{Reference, Row};
use crate::letter::SafeView;
use crate::letter::tree;
use crate::{Mailbox, letter};

/// How long one looks before one says what was found.
pub(crate) const LOOKING: Duration = Duration::from_millis(1500);
/// More characters than this are no word that one looks for.
pub const LONGEST: usize = 100;
/// More words than this say no more.
const MOST: usize = 8;

/// Words, each of which a letter must hold somewhere, whatever their case.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Sought(String);

crate::veil::veiled!(Sought);

/// Why nothing can be looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadSearch {
    /// There is no word.
    Empty,
    /// There are too many characters.
    TooLong,
}

/// A page of what was found in a folder, the newest letter first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// The letters.
    pub rows: Vec<Row>,
    /// The letter from which one goes on, when older ones were not looked at.
    pub next: Option<Reference>,
}

impl Sought {
    /// What a person typed.
    ///
    /// # Errors
    /// When there is nothing to look for.
    pub fn parse(typed: &str) -> Result<Self, BadSearch> {
        let typed = letter::one_line(typed);
        if typed.is_empty() {
            return Err(BadSearch::Empty);
        }
        if typed.chars().count() > LONGEST {
            return Err(BadSearch::TooLong);
        }
        Ok(Self(typed))
    }

    /// What was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split_whitespace().take(MOST)
    }

    /// Whether a letter holds each of the words.
    pub(crate) fn is_in(&self, view: &SafeView) -> bool {
        let people = view.from.iter().chain(&view.to);
        let people = people.flat_map(|one| [one.name.clone(), one.address.as_ref().map(ToString::to_string).unwrap_or_default()]);
        let texts: Vec<String> =
            people.chain([view.subject.clone(), tree::all_words(&view.body)]).map(|text| text.to_lowercase()).collect();
        self.words().map(str::to_lowercase).all(|word| texts.iter().any(|text| text.contains(&word)))
    }

    /// The same, such as it may stand in an address: what one looks for in one's mail is nobody else's, and an address stays in the
    /// memory of a shared computer. It opens for this person alone.
    pub fn sealed(&self, mailbox: &Mailbox, own: &Own) -> String {
        let kernel = &mailbox.kernel;
        BASE64URL_NOPAD.encode(&kernel.vault.seal("search.words", own.usager().uuid().as_bytes(), self.0.as_bytes(), &kernel.chance))
    }

    /// What [`Sought::sealed`] sealed for this person.
    pub fn opened(mailbox: &Mailbox, own: &Own, sealed: &str) -> Option<Self> {
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let plain = mailbox.kernel.vault.open("search.words", own.usager().uuid().as_bytes(), &sealed).ok()?;
        Self::parse(std::str::from_utf8(&plain).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_somewhere_whatever_its_case_and_what_cannot_be_sought_says_why() {
        let view = letter::read(
            "From: \"Sophie Lambert\" <sophie@famille.example>\r\nTo: josette@exemple.fr\r\nSubject: =?utf-8?q?Quittance_d=E2=80=99=C3=A9t=C3=A9?=\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\nLe loyer est payé.\r\n\r\n> Et la cave ?\r\n"
                .as_bytes(),
        );
        for (words, is_in) in [
            ("quittance", true),
            ("QUITTANCE loyer", true),
            ("ÉTÉ", true),
            ("sophie@famille", true),
            ("josette payé", true),
            ("cave", true),
            ("quitance", false),
            ("quittance garage", false),
        ] {
            assert_eq!(Sought::parse(words).unwrap().is_in(&view), is_in, "{words}");
        }
        assert_eq!(Sought::parse(" \u{200b} "), Err(BadSearch::Empty));
        assert_eq!(Sought::parse(&"é".repeat(LONGEST + 1)), Err(BadSearch::TooLong));
        assert_eq!(Sought::parse("  un\tmot ").unwrap().as_str(), "un mot");
    }
}
