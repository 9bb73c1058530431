//! How these pages say a number of things: the pieces of sentences that several of them share.

use rust_i18n::t;

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
    use super::*;

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!(capitalised("hier"), "Hier");
        assert_eq!(capitalised("élan"), "Élan");
        assert_eq!(capitalised(""), "");
    }
}
