//! What a FETCH says of letters: for a list, the head of each; for a reading, its bytes.

use maincourante_kernel::Timestamp;

use super::token::Token;
use crate::folder::{Folder, Reference, Row, Stored};
use crate::letter;

/// What a list asks of each letter: one message of the protocol, no sorting, no body.
pub(crate) const LIST_ITEMS: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])";

/// The letter that an untagged response speaks of, with its items; other responses are none of our business.
pub(crate) fn items(response: &[Token]) -> Option<(u64, &[Token])> {
    match response {
        [number, word, Token::List(items)] if word.is("FETCH") => Some((number.number()?, items)),
        _ => None,
    }
}

/// The value of an item.
pub(crate) fn item<'a>(items: &'a [Token], name: &str) -> Option<&'a Token> {
    items.chunks_exact(2).find(|pair| pair[0].is(name)).map(|pair| &pair[1])
}

/// The value of `BODY[…]`, whatever stands between the brackets.
fn body(items: &[Token]) -> Option<&[u8]> {
    let named = |token: &Token| token.bytes().is_some_and(|name| name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"BODY[")));
    items.chunks_exact(2).find(|pair| named(&pair[0])).and_then(|pair| pair[1].bytes())
}

/// A letter of a list, and its rank. A response that does not say all (a flag changed meanwhile) is no letter.
pub(crate) fn row(response: &[Token], folder: Folder, validity: u32) -> Option<(u64, Row)> {
    let (rank, items) = items(response)?;
    let uid = u32::try_from(item(items, "UID")?.number()?).ok()?;
    let head = body(items)?;
    let row = Row {
        reference: Reference { folder, validity, uid },
        home: home(items, folder),
        heading: letter::heading(head),
        arrived: arrived(items).unwrap_or(Timestamp::from_micros(0)),
        seen: is_seen(items),
        carried: item(items, "BODYSTRUCTURE").map_or(0, carried),
        size: item(items, "RFC822.SIZE").and_then(Token::number).unwrap_or(0),
    };
    Some((rank, row))
}

/// A whole letter.
pub(crate) fn stored(response: &[Token], reference: Reference) -> Option<Stored> {
    let items = named(response, reference.uid)?;
    Some(Stored {
        bytes: body(items)?.to_vec(),
        arrived: arrived(items).unwrap_or(Timestamp::from_micros(0)),
        seen: is_seen(items),
        home: home(items, reference.folder),
    })
}

/// A piece of a letter.
pub(crate) fn piece(response: &[Token], reference: Reference) -> Option<Vec<u8>> {
    body(named(response, reference.uid)?).map(<[u8]>::to_vec)
}

/// The items of the letter of this number.
pub(crate) fn named(response: &[Token], uid: u32) -> Option<&[Token]> {
    let (_, items) = items(response)?;
    (item(items, "UID")?.number()? == u64::from(uid)).then_some(items)
}

/// When a letter came, by the server's clock.
pub(crate) fn arrived(items: &[Token]) -> Option<Timestamp> {
    item(items, "INTERNALDATE").and_then(Token::bytes).and_then(date)
}

fn is_seen(items: &[Token]) -> bool {
    has_flag(items, "\\Seen")
}

pub(crate) fn has_flag(items: &[Token], wanted: &str) -> bool {
    item(items, "FLAGS").and_then(Token::list).is_some_and(|flags| flags.iter().any(|flag| flag.is(wanted)))
}

/// The keyword that a letter of the person's own bears in the bin, to be put back among the sent ones: what a letter says of
/// its sender is no proof of where it came from.
pub(crate) const FROM_SENT: &str = "MaincouranteSent";

/// Where a letter found in this folder belongs.
pub(crate) fn home(items: &[Token], folder: Folder) -> Folder {
    match folder {
        Folder::Bin if has_flag(items, FROM_SENT) => Folder::Sent,
        Folder::Bin => Folder::Inbox,
        Folder::Inbox | Folder::Sent => folder,
    }
}

/// `22-Nov-2026 09:12:00 +0100`; the day may stand behind a blank.
fn date(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let parsed = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text).ok()?;
    Some(Timestamp::from_micros(parsed.to_timestamp().ok()?.as_microsecond()))
}

/// How many documents a BODYSTRUCTURE shows (RFC 9051, section 7.5.2): what is neither text to read nor a picture of a page.
fn carried(structure: &Token) -> usize {
    match structure.list() {
        Some(parts @ [Token::List(_), ..]) => parts.iter().take_while(|part| part.list().is_some()).map(carried).sum(),
        Some(part) => usize::from(is_carried(part)),
        None => 0,
    }
}

fn is_carried(part: &[Token]) -> bool {
    let word = |at: usize| part.get(at).and_then(Token::bytes).map(<[u8]>::to_ascii_lowercase).unwrap_or_default();
    let (kind, subtype) = (word(0), word(1));
    // Where the disposition stands depends on what is said before it.
    let place = match (kind.as_slice(), subtype.as_slice()) {
        (b"text", _) => 9,
        (b"message", b"rfc822" | b"global") => 11,
        _ => 8,
    };
    let disposition = part.get(place).and_then(Token::list).unwrap_or_default();
    let placed = disposition.first().and_then(Token::bytes).map(<[u8]>::to_ascii_lowercase).unwrap_or_default();
    let has = |list: Option<&Token>, wanted: &[u8]| {
        let matches = |pair: &[Token]| {
            pair[0].bytes().is_some_and(|name| name.len() >= wanted.len() && name[..wanted.len()].eq_ignore_ascii_case(wanted))
        };
        list.and_then(Token::list).is_some_and(|list| list.chunks_exact(2).any(matches))
    };
    let named = has(part.get(2), b"name") || has(disposition.get(1), b"filename");
    match kind.as_slice() {
        _ if placed == b"attachment" => true,
        b"text" if matches!(subtype.as_slice(), b"plain" | b"html") => named && placed != b"inline",
        b"image" => part.get(3).and_then(Token::bytes).is_none(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn count(structure: &str) -> usize {
        carried(&tokens(structure.as_bytes()).unwrap()[0])
    }

    #[test]
    fn a_row_is_read_and_a_change_of_flags_is_not_one() {
        let response = "3 FETCH (UID 9 FLAGS (\\Seen) INTERNALDATE \" 2-Nov-2026 09:12:00 +0100\" RFC822.SIZE 120 BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 3 1) BODY[HEADER.FIELDS (\"FROM\" \"TO\" SUBJECT DATE)] {19}\r\nFrom: a@b.fr\r\n\r\nzzz)";
        let (rank, row) = row(&tokens(response.as_bytes()).unwrap(), Folder::Inbox, 7).unwrap();
        assert_eq!((rank, row.reference.to_string().as_str(), row.seen, row.size, row.carried), (3, "recu-7-9", true, 120, 0));
        assert_eq!(row.arrived, Timestamp::from_micros(1_793_607_120_000_000));
        assert_eq!(row.heading.from.unwrap().label(), "a@b.fr");
        for other in ["3 FETCH (FLAGS ())", "3 EXISTS", "FETCH", "x FETCH (UID 1)"] {
            assert!(super::row(&tokens(other.as_bytes()).unwrap(), Folder::Inbox, 7).is_none());
        }
    }

    #[test]
    fn documents_are_counted_from_the_structure() {
        let text = "(\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"8bit\" 3 1 NIL NIL NIL NIL)";
        let named = "(\"text\" \"plain\" (\"charset\" \"utf-8\" \"name\" \"a.txt\") NIL NIL \"8bit\" 3 1 NIL NIL NIL NIL)";
        let pdf =
            "(\"application\" \"pdf\" (\"name\" \"a.pdf\") NIL NIL \"base64\" 9 NIL (\"attachment\" (\"filename\" \"a.pdf\")) NIL NIL)";
        let shown = "(\"image\" \"png\" NIL \"<logo>\" NIL \"base64\" 9 NIL (\"inline\" NIL) NIL NIL)";
        let photo = "(\"image\" \"jpeg\" NIL NIL NIL \"base64\" 9 NIL NIL NIL NIL)";
        assert_eq!(count(text), 0);
        assert_eq!(
            count(&format!(
                "(({text}{text} \"alternative\" NIL NIL NIL){pdf}{shown}{photo}{named} \"mixed\" (\"boundary\" \"x\") NIL NIL)"
            )),
            3
        );
        assert_eq!(count("(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 3 (NIL) (\"text\" \"plain\") 1 NIL NIL)"), 1);
        assert_eq!(count("NIL"), 0);
    }
}
