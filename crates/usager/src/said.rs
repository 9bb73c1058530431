//! How these pages say a wait and a number of things: the pieces of sentences that several of them share.

use maincourante_kernel::clock::Span;
use rust_i18n::t;

/// "10 minutes", "1 minute", "3 heures": never less than what is to be waited.
pub(crate) fn wait(span: Span) -> String {
    match (span.as_seconds().max(1) + 59) / 60 {
        minutes @ ..=60 => counted(minutes, "wait.one", "wait.many"),
        minutes => counted((minutes + 59) / 60, "wait.hours.one", "wait.hours.many"),
    }
}

/// One sentence when there is one, another when there are several.
pub(crate) fn counted(count: i64, one: &str, many: &str) -> String {
    let key = if count == 1 { one } else { many };
    t!(key, count = count).into_owned()
}

/// The same sentence, its first letter a capital.
pub(crate) fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use maincourante_kernel::clock::{minutes, seconds};

    use super::*;

    #[test]
    fn a_wait_is_said_in_whole_minutes_and_never_too_short() {
        assert_eq!(wait(minutes(10)), "10\u{a0}minutes");
        assert_eq!(wait(seconds(61)), "2\u{a0}minutes");
        assert_eq!(wait(seconds(0)), "1\u{a0}minute");
        assert_eq!(wait(minutes(60)), "60\u{a0}minutes");
        assert_eq!(wait(minutes(61)), "2\u{a0}heures");
        assert_eq!(wait(minutes(1200)), "20\u{a0}heures");
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!(capitalised("hier"), "Hier");
        assert_eq!(capitalised("élan"), "Élan");
        assert_eq!(capitalised(""), "");
    }
}
