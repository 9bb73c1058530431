//! What is done in a folder, in words of the protocol.

use maincourante_kernel::Kernel;

use super::command::Command;
use super::connection::{Answer, Connection, Names};
use super::fetch;
use super::token::Token;
use super::trouble::Trouble;
use crate::folder::{Counts, Folder, Page, Reference, Stored, ranks};
use crate::leaving::Leaving;
use crate::letter::LARGEST;

/// A folder that was just selected.
pub(super) struct Selected {
    pub total: u32,
    pub validity: u32,
}

impl Connection {
    /// Selects a folder; nothing when there is none of that name.
    pub(super) async fn select(&mut self, folder: Folder) -> Result<Option<Selected>, Trouble> {
        let name = self.name_of(folder).await?;
        self.selected = None;
        let answer = match self.run(Command::new("SELECT").text(&name)).await {
            Ok(answer) => answer,
            // A folder that nothing was ever put in may not be there yet.
            Err(Trouble::Refused { .. }) if folder != Folder::Inbox => return Ok(None),
            Err(trouble) => return Err(trouble),
        };
        let total = answer.data.iter().rev().find_map(|data| match data.as_slice() {
            [number, word] if word.is("EXISTS") => number.number(),
            _ => None,
        });
        let validity = answer.codes.iter().find_map(|code| match code.as_slice() {
            [word, number] if word.is("UIDVALIDITY") => number.number(),
            _ => None,
        });
        match (total.map(u32::try_from), validity.map(u32::try_from)) {
            (Some(Ok(total)), Some(Ok(validity))) => {
                self.selected = Some((folder, validity));
                Ok(Some(Selected { total, validity }))
            }
            _ => Err(Trouble::Nonsense("a folder was selected and not described")),
        }
    }

    /// What the server calls a folder: INBOX, and those that bear `\Sent` and `\Trash` (RFC 6154).
    pub(super) async fn name_of(&mut self, folder: Folder) -> Result<Vec<u8>, Trouble> {
        let names = match &self.names {
            _ if folder == Folder::Inbox => return Ok(b"INBOX".to_vec()),
            Some(names) => names,
            None => {
                let list = Command::new("LIST").text(b"").text(b"*");
                let list = if self.can("SPECIAL-USE") && self.can("LIST-EXTENDED") { list.raw("RETURN (SPECIAL-USE)") } else { list };
                let answer = self.run(list).await?;
                let called = |mark: &str, usual: &[u8]| called(&answer.data, mark).unwrap_or(usual).to_vec();
                let names = Names { sent: called("\\Sent", b"Sent"), bin: called("\\Trash", b"Trash") };
                self.names.insert(names)
            }
        };
        Ok(if folder == Folder::Bin { &names.bin } else { &names.sent }.clone())
    }

    /// A page of a folder, the newest letter first: the newest of all, or those older than a letter.
    pub(crate) async fn page(&mut self, folder: Folder, after: Option<Reference>) -> Result<Page, Trouble> {
        let Some(selected) = self.select(folder).await? else { return Ok(Page::default()) };
        let newest = match after {
            Some(last) if last.folder == folder && last.validity == selected.validity => self.older_than(last.uid).await?,
            // A name of before the folder was made anew: one begins again.
            Some(_) | None => selected.total,
        };
        let counts = Counts { total: selected.total, ..self.counts(folder).await? };
        let Some((from, to)) = ranks(newest) else { return Ok(Page { counts, ..Page::default() }) };
        let answer = self.run(Command::new("FETCH").raw(format!("{from}:{to}")).raw(fetch::LIST_ITEMS)).await?;
        let mut rows: Vec<_> = answer.data.iter().filter_map(|data| fetch::row(data, folder, selected.validity)).collect();
        rows.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        Ok(Page { rows: rows.into_iter().map(|(_, row)| row).collect(), older: from > 1, counts })
    }

    /// How many letters of the selected folder came before this one, whether or not it is still there.
    pub(super) async fn older_than(&mut self, uid: u32) -> Result<u32, Trouble> {
        if uid <= 1 {
            return Ok(0);
        }
        let answer = self.run(Command::new("UID SEARCH").raw("UID").raw(format!("1:{}", uid - 1))).await?;
        u32::try_from(found(&answer).count()).map_err(|_| Trouble::Nonsense("more letters than a folder can hold"))
    }

    /// How many letters a folder holds: the server keeps these figures in its index.
    pub(crate) async fn counts(&mut self, folder: Folder) -> Result<Counts, Trouble> {
        let name = self.name_of(folder).await?;
        let answer = self.run(Command::new("STATUS").text(&name).raw("(MESSAGES UNSEEN)")).await?;
        let items = answer.data.iter().find_map(|data| match data.as_slice() {
            [word, _, Token::List(items)] if word.is("STATUS") => Some(items),
            _ => None,
        });
        let figure =
            |name| items.and_then(|items| fetch::item(items, name)).and_then(Token::number).and_then(|number| u32::try_from(number).ok());
        match (figure("MESSAGES"), figure("UNSEEN")) {
            (Some(total), Some(unseen)) => Ok(Counts { total, unseen }),
            _ => Err(Trouble::Nonsense("a folder was counted and not described")),
        }
    }

    /// The bytes of a letter, as many as are shown; nothing when the name names nothing any more.
    pub(crate) async fn letter(&mut self, reference: Reference) -> Result<Option<Stored>, Trouble> {
        if !self.select_for(reference).await? {
            return Ok(None);
        }
        // One byte more than is shown, so that a longer letter is known to be cut.
        let most = LARGEST + 1;
        let fetch = Command::new("UID FETCH").raw(reference.uid).raw(format!("(UID FLAGS INTERNALDATE BODY.PEEK[]<0.{most}>)"));
        let answer = self.run_up_to(fetch, most + 1024 * 1024).await?;
        Ok(answer.data.iter().find_map(|data| fetch::stored(data, reference)))
    }

    /// At most so many bytes of a letter from this one on, none after its end; nothing when the name names nothing any more.
    /// A folder that is selected stays so from one piece to the next: the server goes on where it was, and does not read the letter
    /// from its beginning each time.
    pub(crate) async fn piece(&mut self, reference: Reference, from: usize, most: usize) -> Result<Option<Vec<u8>>, Trouble> {
        if self.selected != Some((reference.folder, reference.validity)) && !self.select_for(reference).await? {
            return Ok(None);
        }
        let fetch = Command::new("UID FETCH").raw(reference.uid).raw(format!("(UID BODY.PEEK[]<{from}.{most}>)"));
        let answer = self.run_up_to(fetch, most + 64 * 1024).await?;
        Ok(answer.data.iter().find_map(|data| fetch::piece(data, reference)))
    }

    /// Marks a letter as opened; marking none is no fault.
    pub(crate) async fn mark_seen(&mut self, reference: Reference) -> Result<(), Trouble> {
        if self.select_for(reference).await? {
            self.run(Command::new("UID STORE").raw(reference.uid).raw("+FLAGS.SILENT (\\Seen)")).await?;
        }
        Ok(())
    }

    pub(super) async fn select_for(&mut self, reference: Reference) -> Result<bool, Trouble> {
        Ok(self.select(reference.folder).await?.is_some_and(|selected| selected.validity == reference.validity))
    }

    /// Whether a letter of this `Message-ID` is among the sent ones.
    pub(crate) async fn has_sent(&mut self, message_id: &str) -> Result<bool, Trouble> {
        if self.select(Folder::Sent).await?.is_none() {
            return Ok(false);
        }
        let search = Command::new("UID SEARCH").raw("HEADER Message-ID").text(message_id.as_bytes());
        let answer = self.run(search).await?;
        Ok(found(&answer).next().is_some())
    }

    /// Puts a letter among those sent, unless one of this `Message-ID` is there.
    pub(crate) async fn file_sent(&mut self, message_id: &str, letter: &Leaving, kernel: &Kernel) -> Result<(), Trouble> {
        if self.has_sent(message_id).await? {
            return Ok(());
        }
        let name = self.name_of(Folder::Sent).await?;
        let append = || Command::new("APPEND").text(&name).raw("(\\Seen)").letter(letter);
        match self.give(append(), letter.pieces(kernel)).await {
            Err(Trouble::Refused { code: Some(code), .. }) if code == "TRYCREATE" => {
                self.run(Command::new("CREATE").text(&name)).await?;
                self.give(append(), letter.pieces(kernel)).await?;
            }
            done => drop(done?),
        }
        Ok(())
    }
}

/// The name of the folder that bears this mark.
fn called<'a>(list: &'a [Vec<Token>], mark: &str) -> Option<&'a [u8]> {
    list.iter().find_map(|data| match data.as_slice() {
        [word, Token::List(flags), _, name] if word.is("LIST") && flags.iter().any(|flag| flag.is(mark)) => name.bytes(),
        _ => None,
    })
}

/// The numbers that a search found.
pub(super) fn found(answer: &Answer) -> impl Iterator<Item = u32> {
    let searches = answer.data.iter().filter(|data| data.first().is_some_and(|word| word.is("SEARCH")));
    searches.flat_map(|data| &data[1..]).filter_map(|token| u32::try_from(token.number()?).ok())
}
