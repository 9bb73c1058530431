//! Who wrote, and to whom: address lists (RFC 5322, section 3.4, with its obsolete routes, groups and comments).
//!
//! The name is the sender's own claim and is never more than that. The address is taken as written: encoded words
//! are not decoded inside it and nothing cuts it short, so that `service@bank.example=00@other.example` cannot pass
//! for what stands before the cut. An address that does not parse is no address: the page says it is unreadable.

use maincourante_kernel::address::MailAddress;

use super::{clean, words};

/// More recipients than a person would read.
const MOST: usize = 200;
/// A name longer than this is cut.
const NAME: usize = 120;
/// A field longer than this is cut.
const LONGEST: usize = 64 * 1024;

/// Someone named in a letter.
#[derive(Clone, PartialEq, Eq)]
pub struct Sender {
    /// What they call themselves; may be empty, may be a lie.
    pub name: String,
    /// Their address, when it is one.
    pub address: Option<MailAddress>,
}

impl Sender {
    /// The name, or the address where there is no name; empty when there is neither.
    pub fn label(&self) -> &str {
        match &self.address {
            Some(address) if self.name.is_empty() => address.as_str(),
            Some(_) | None => &self.name,
        }
    }
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Sender(…)")
    }
}

/// Everyone in an address field.
pub(crate) fn list(value: &[u8]) -> Vec<Sender> {
    let mut reader = Reader { rest: &value[..value.len().min(LONGEST)], entry: Entry::default(), found: Vec::new() };
    while let Some((&byte, tail)) = reader.rest.split_first() {
        if reader.found.len() == MOST {
            return reader.found;
        }
        reader.rest = tail;
        match byte {
            b'"' => reader.quoted(),
            b'(' => reader.comment(),
            b'<' => reader.angle(),
            b',' | b';' => reader.finish(),
            // A group's name (`Amis:`) says nothing of an address.
            b':' => reader.entry = Entry::default(),
            byte => {
                reader.entry.phrase.push(byte);
                reader.entry.bare.push(byte);
            }
        }
    }
    reader.finish();
    reader.found
}

/// What has been read of one mailbox.
#[derive(Default)]
struct Entry {
    /// The words before the angle bracket, quotes removed.
    phrase: Vec<u8>,
    /// The same as written: an address without brackets.
    bare: Vec<u8>,
    comment: Vec<u8>,
    angle: Option<Vec<u8>>,
}

struct Reader<'a> {
    rest: &'a [u8],
    entry: Entry,
    found: Vec<Sender>,
}

impl Reader<'_> {
    fn quoted(&mut self) {
        self.entry.bare.push(b'"');
        while let Some((&byte, tail)) = self.rest.split_first() {
            self.rest = tail;
            let byte = match (byte, tail.split_first()) {
                (b'"', _) => break,
                (b'\\', Some((&escaped, tail))) => {
                    self.rest = tail;
                    escaped
                }
                (byte, _) => byte,
            };
            self.entry.phrase.push(byte);
            self.entry.bare.push(byte);
        }
        self.entry.bare.push(b'"');
    }

    fn comment(&mut self) {
        let mut depth = 1_usize;
        while let Some((&byte, tail)) = self.rest.split_first() {
            self.rest = tail;
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' => self.rest = tail.get(1..).unwrap_or_default(),
                byte => self.entry.comment.push(byte),
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn angle(&mut self) {
        let end = self.rest.iter().position(|&byte| byte == b'>').unwrap_or(self.rest.len());
        self.entry.angle.get_or_insert_with(|| self.rest[..end].to_vec());
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
    }

    fn finish(&mut self) {
        let entry = std::mem::take(&mut self.entry);
        let (name, written) = match &entry.angle {
            Some(angle) => (entry.phrase.as_slice(), angle.as_slice()),
            None if entry.bare.contains(&b'@') => (entry.comment.as_slice(), entry.bare.as_slice()),
            None => (entry.phrase.as_slice(), &[][..]),
        };
        let name = clean::line_up_to(&words::decode(name.trim_ascii()), NAME);
        let written = written.trim_ascii();
        if !name.is_empty() || !written.is_empty() {
            self.found.push(Sender { name, address: address(written) });
        }
    }
}

fn address(written: &[u8]) -> Option<MailAddress> {
    let text = std::str::from_utf8(written).ok()?.trim();
    // `<@one,@two:person@place>`: a route of the eighties (section 4.4).
    let text = if text.starts_with('@') { text.split_once(':')?.1.trim() } else { text };
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Vec<(String, Option<String>)> {
        list(value.as_bytes()).into_iter().map(|one| (one.name, one.address.map(|address| address.to_string()))).collect()
    }

    fn one(value: &str) -> (String, Option<String>) {
        let all = read(value);
        assert_eq!(all.len(), 1, "{value}");
        all.into_iter().next().unwrap()
    }

    fn known(name: &str, address: &str) -> (String, Option<String>) {
        (name.into(), Some(address.into()))
    }

    #[test]
    fn the_forms_that_people_and_programs_write() {
        assert_eq!(one("josette@exemple.fr"), known("", "josette@exemple.fr"));
        assert_eq!(one("Josette Lambert <josette@Exemple.fr>"), known("Josette Lambert", "josette@exemple.fr"));
        assert_eq!(one("\"Lambert, Josette \\\"Jo\\\"\" <j@e.fr>"), known("Lambert, Josette \"Jo\"", "j@e.fr"));
        assert_eq!(one("=?utf-8?Q?H=C3=A9l=C3=A8ne?= <h@e.fr>"), known("Hélène", "h@e.fr"));
        assert_eq!(one("h@e.fr (Hélène (la voisine))"), known("Hélène la voisine", "h@e.fr"));
        assert_eq!(one("X <@a.fr,@b.fr:c@d.fr>"), known("X", "c@d.fr"));
        assert_eq!(read("Amis: a@e.fr, B <b@e.fr>; , c@e.fr"), [known("", "a@e.fr"), known("B", "b@e.fr"), known("", "c@e.fr")]);
        assert_eq!(read("undisclosed-recipients:;"), []);
    }

    #[test]
    fn an_address_that_hides_another_is_no_address() {
        assert_eq!(one("=?utf-8?b?YUBiYW5xdWUuZnI=?=\u{0}@autre.fr"), (String::new(), None));
        assert_eq!(one("Banque <contact@banque.fr(@autre.fr").1, None);
        assert_eq!(one("\"contact@banque.fr\" <x@autre.fr>"), known("contact@banque.fr", "x@autre.fr"));
        assert_eq!(one("Bad <é@e.fr>").1, None);
        // Encoded words are legal characters of a local part; they are shown, not decoded.
        assert_eq!(one("<=?utf-8?b?YUBiYW5xdWUuZnI=?=@autre.fr>").1.as_deref(), Some("=?utf-8?b?YUBiYW5xdWUuZnI=?=@autre.fr"));
    }

    #[test]
    fn a_name_is_cleaned() {
        assert_eq!(one("\"\u{202e}eriaB\u{202c}\r\n X\" <x@e.fr>").0, "eriaB X");
        assert_eq!(read(&"a@e.fr,".repeat(500)).len(), MOST);
    }
}
