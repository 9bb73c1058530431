//! Strings from people, made fit for paper: nothing invisible, nothing that turns the line around, spaces that hold.
//!
//! A direction mark inside a name (Unicode UAX #9) could show a mandate that does not say what its text says; control and
//! format characters are dropped here, whatever the form that let them in.

use data_encoding::HEXLOWER;
use maincourante_kernel::Timestamp;
use maincourante_kernel::calendar::{self, Date};
use maincourante_kernel::phone::PhoneNumber;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

const NO_BREAK: char = '\u{a0}';

/// One line: runs of spaces made one, invisible characters dropped, accents joined to their letters (NFC).
pub(crate) fn line(text: &str) -> String {
    let visible: String = text.nfc().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|&c| !is_invisible(c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line of French typed by someone: no line begins with a sign that needs a space before it, no hour is cut in two.
pub(crate) fn sentence(text: &str) -> String {
    let plain: Vec<char> = line(text).chars().collect();
    let mut held = String::with_capacity(plain.len());
    for (at, &c) in plain.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| plain[at]);
        let after = plain.get(at + 1).copied();
        let beyond = plain.get(at + 2).copied();
        let hour_follows = after == Some('h') && beyond.is_none_or(|c| !c.is_alphanumeric());
        let sticks = matches!(after, Some(':' | ';' | '!' | '?' | '»')) || before == Some('«');
        let after_digit = before.is_some_and(|c| c.is_ascii_digit());
        let minutes_follow = before == Some('h') && at.checked_sub(3).is_some_and(|at| plain[at].is_ascii_digit());
        let in_hour = (after_digit && hour_follows) || (minutes_follow && after.is_some_and(|c| c.is_ascii_digit()));
        let in_number = after_digit && after.is_some_and(|c| c.is_ascii_digit());
        held.push(match c {
            ' ' if sticks || in_hour || in_number => NO_BREAK,
            '\'' => '’',
            other => other,
        });
    }
    held
}

/// A phone number as it is read aloud; a number that is not of France is left as it was typed, in one piece.
pub(crate) fn phone(text: &str) -> String {
    text.parse::<PhoneNumber>().map_or_else(|_| line(text).replace(' ', "\u{a0}"), |number| number.spoken())
}

/// A SIRET as it is printed: `130 025 265 00013`.
pub(crate) fn siret(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 14 {
        return line(text);
    }
    [0..3, 3..6, 6..9, 9..14].map(|part| digits[part].iter().collect::<String>()).join("\u{a0}")
}

/// A day and an hour, apart: the sentence that joins them is the template's.
#[derive(Serialize)]
pub(crate) struct Moment {
    day: String,
    hour: String,
}

impl Moment {
    pub(crate) fn of(instant: Timestamp) -> Self {
        Self { day: Date::at(instant).long(), hour: calendar::hour(instant) }
    }
}

/// A digest in groups of eight, as two people compare it.
pub(crate) fn groups(digest: &[u8; 32]) -> Vec<String> {
    digest.chunks(4).map(|part| HEXLOWER.encode(part)).collect()
}

/// Control characters, format characters (direction, joiners, soft hyphen, tags, variation selectors) and private use.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_turn_the_line_around() {
        assert_eq!(line("Anne\u{202e}\u{200f} O’Brien\u{2069}\n\u{ad}de  la\tTour\u{feff} "), "Anne O’Brien de la Tour");
        assert_eq!(line("N’Guyễn-Łukasz d'Été"), "N’Guyễn-Łukasz d'Été");
        assert_eq!(line("Ele\u{301}ne"), "Eléne");
    }

    #[test]
    fn hours_and_double_signs_hold_to_what_they_follow() {
        let said = |text| sentence(text).replace('\u{a0}', "~");
        assert_eq!(
            said("du lundi au jeudi, de 9 h 30 à 17 h ; le vendredi : 9 h à midi"),
            "du lundi au jeudi, de 9~h~30 à 17~h~; le vendredi~: 9~h à midi"
        );
        assert_eq!(said("l'accueil « Le Phare », bâtiment 3 hall B"), "l’accueil «~Le Phare~», bâtiment 3 hall B");
        assert_eq!(said("40990 Vaudorme"), "40990 Vaudorme");
        assert_eq!(said(""), "");
    }

    #[test]
    fn numbers_are_grouped_as_they_are_read() {
        assert_eq!(siret("13002526500013").replace('\u{a0}', " "), "130 025 265 00013");
        assert_eq!(siret(" 130 025 "), "130 025");
        assert_eq!(phone("+33199001250").replace('\u{a0}', " "), "01 99 00 12 50");
        assert_eq!(phone("39 39"), "39\u{a0}39");
        assert_eq!(groups(&[0xab; 32]), vec!["abababab"; 8]);
    }
}
