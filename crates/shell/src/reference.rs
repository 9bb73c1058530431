//! The reference of a request: on the page that says why there is no other, and in every line that the request leaves in the log.
//!
//! One says it on the phone: its letters are not mistaken for one another, and it does not look like a code, which nobody must be asked.

use maincourante_kernel::Chance;

const HEAD: &str = "MC-";

/// A new one: `MC-4F7K-2W`. One in a hundred million.
pub(crate) fn make(chance: &Chance) -> String {
    let mut letters = || chance.clear();
    let first: String = std::iter::repeat_with(&mut letters).take(4).collect();
    let last: String = std::iter::repeat_with(&mut letters).take(2).collect();
    format!("{HEAD}{first}-{last}")
}

/// Whether this is one, to be shown again.
pub(crate) fn is_one(text: &str) -> bool {
    let Some((first, last)) = text.strip_prefix(HEAD).and_then(|rest| rest.split_once('-')) else { return false };
    let clear = |part: &str, length| part.len() == length && part.bytes().all(|letter| Chance::CLEAR.contains(&letter));
    clear(first, 4) && clear(last, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_one_and_nothing_else_is() {
        let chance = Chance::seeded(4);
        let (one, other) = (make(&chance), make(&chance));
        assert!(is_one(&one) && is_one(&other) && one != other, "{one} {other}");
        for bad in ["", "MC-", "MC-4F7K", "MC-4F7K-2W ", "mc-4f7k-2w", "MC-0O1I-5S", "MC-4F7K-2é", "482913"] {
            assert!(!is_one(bad), "{bad}");
        }
    }
}
