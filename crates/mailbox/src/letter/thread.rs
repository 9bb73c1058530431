//! Which conversation a letter belongs to: the names by which a reply refers to it (RFC 5322, section 3.6.4).

use std::fmt;
use std::str::FromStr;

/// More letters back than a reply needs to name.
const MOST: usize = 20;
/// A line of a head holds no more (RFC 5322, section 2.1.1).
const LONGEST: usize = 900;

/// The names of a letter and of those before it, the oldest first.
///
/// It can travel in a form (`Display`, `FromStr`): a reply can then be written while the letter itself cannot be read.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Thread {
    ids: Vec<String>,
}

impl Thread {
    /// From the fields of a letter, which may say anything.
    pub(crate) fn of(message_id: Option<&[u8]>, references: Option<&[u8]>) -> Self {
        let own = message_id.map(ids).unwrap_or_default().into_iter().next();
        let mut all = references.map(ids).unwrap_or_default();
        all.retain(|id| Some(id) != own.as_ref());
        all.extend(own);
        Self::trimmed(all)
    }

    fn trimmed(mut ids: Vec<String>) -> Self {
        // The first letter and the latest ones: what the standard asks to keep.
        while ids.len() > MOST || ids.iter().map(|id| id.len() + 1).sum::<usize>() > LONGEST {
            ids.remove(usize::from(ids.len() > 1));
        }
        Self { ids }
    }

    /// The letter itself: what `In-Reply-To` names.
    pub(crate) fn last(&self) -> Option<&str> {
        self.ids.last().map(String::as_str)
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// `<left@right>`, and nothing that could break a line or a search.
fn ids(value: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(value);
    let sound = |id: &&str| {
        id.len() > 2
            && id.len() < 300
            && id.contains('@')
            && id.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"\\(),;".contains(&byte))
    };
    text.split('<')
        .skip(1)
        .filter_map(|piece| piece.split_once('>'))
        .map(|(id, _)| id)
        .filter(sound)
        .map(|id| format!("<{id}>"))
        .take(200)
        .collect()
}

impl fmt::Display for Thread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.ids.join(" "))
    }
}

impl FromStr for Thread {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::trimmed(ids(text.as_bytes())))
    }
}

impl fmt::Debug for Thread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Thread({} letters)", self.ids.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_names_the_letter_last_and_travels() {
        let thread = Thread::of(Some(b" <c@x>"), Some(b"<a@x>\r\n <b@x> <c@x> nonsense <bad id@x> <no-at>"));
        assert_eq!(thread.to_string(), "<a@x> <b@x> <c@x>");
        assert_eq!(thread.last(), Some("<c@x>"));
        assert_eq!(thread.to_string().parse(), Ok(thread));
        assert!(Thread::of(Some(b"no id"), None).is_empty());
        assert!("<a@x\r\nBcc: y>".parse::<Thread>().unwrap().is_empty());
    }

    #[test]
    fn a_long_thread_keeps_its_first_and_its_latest() {
        let long = (0..500).map(|n| format!("<{n}@{}.example>", "x".repeat(60))).collect::<Vec<_>>().join(" ");
        let thread = Thread::of(None, Some(long.as_bytes()));
        assert!(thread.to_string().len() <= LONGEST && thread.ids.len() <= MOST);
        assert!(thread.ids[0].starts_with("<0@") && thread.last().unwrap().starts_with("<199@"));
    }
}
