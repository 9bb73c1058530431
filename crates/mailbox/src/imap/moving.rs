//! A letter changes places: to the bin, and back where it belongs. Nothing is copied that is not also taken away, and nothing
//! is taken away before it is elsewhere: `MOVE` (RFC 6851) where the server has it, else the three commands it stands for.

use std::time::Duration;

use maincourante_kernel::Timestamp;
use maincourante_kernel::address::MailAddress;

use super::command::Command;
use super::connection::{Answer, Connection};
use super::fetch::{self, FROM_SENT};
use super::folders::found;
use super::token::Token;
use super::trouble::Trouble;
use crate::folder::{Folder, Moved, Reference};

/// The keyword whose change says which session moves a letter. It says nothing of the letter.
const MOVING: &str = "MaincouranteMoved";
/// Nobody takes longer than this to move a letter that they have.
const OTHERS: Duration = Duration::from_millis(500);

impl Connection {
    /// Whether a name names a letter.
    pub(crate) async fn is_there(&mut self, reference: Reference) -> Result<bool, Trouble> {
        Ok(self.home_of(reference).await?.is_some())
    }

    /// Puts a letter in the bin, or, from the bin, back where it belongs. Its new name comes with the answer (RFC 4315).
    pub(crate) async fn relocate(&mut self, reference: Reference) -> Result<Moved, Trouble> {
        let Some(home) = self.home_of(reference).await? else { return Ok(Moved::NotThere) };
        let to = if reference.folder == Folder::Bin { home } else { Folder::Bin };
        let mark = match (reference.folder, home) {
            (Folder::Sent, _) => Some("+FLAGS.SILENT"),
            (Folder::Bin, Folder::Sent) => Some("-FLAGS.SILENT"),
            _ => None,
        };
        // Before the move: a mark travels with its letter, and an answer that is lost leaves nothing marked elsewhere.
        if let Some(mark) = mark {
            self.run(Command::new("UID STORE").raw(reference.uid).raw(mark).raw(format!("({FROM_SENT})"))).await?;
        }
        if !self.claim(reference).await? {
            return Ok(Moved::Somewhere);
        }
        let mut carried = self.carry(reference.uid, to).await;
        if matches!(&carried, Err(Trouble::Refused { code: Some(code), .. }) if code == "TRYCREATE") {
            let name = self.name_of(to).await?;
            self.run(Command::new("CREATE").text(&name)).await?;
            carried = self.carry(reference.uid, to).await;
        }
        match carried {
            Ok(answer) => Ok(arrived_as(&answer, to)),
            // Another page took it away since it was seen here (RFC 5530, section 3).
            Err(Trouble::Refused { code: Some(code), .. }) if code == "EXPUNGEISSUED" || code == "NONEXISTENT" => Ok(Moved::Somewhere),
            Err(trouble) => Err(trouble),
        }
    }

    /// Whether a letter is this session's to move. Two sessions that move it at once would leave two of it: each copies it before
    /// either took it away. Where the server counts changes (CONDSTORE, RFC 7162), the session that changes this keyword has it,
    /// and the others see that it was changed: it is set on the way to the bin and taken off on the way back, so that it always
    /// stands right when the letter has come. One left by a program that died is taken over, once nobody moved it for a while.
    async fn claim(&mut self, reference: Reference) -> Result<bool, Trouble> {
        if !self.can("CONDSTORE") {
            return Ok(true);
        }
        let at_rest = reference.folder == Folder::Bin;
        let Some((mut marked, mut change)) = self.mark(reference.uid).await? else { return Ok(false) };
        if marked != at_rest {
            tokio::time::sleep(OTHERS).await;
            let Some(now) = self.mark(reference.uid).await? else { return Ok(false) };
            if now != (marked, change) {
                return Ok(false);
            }
            (marked, change) = now;
        }
        let way = if marked { "-FLAGS.SILENT" } else { "+FLAGS.SILENT" };
        let store =
            Command::new("UID STORE").raw(reference.uid).raw(format!("(UNCHANGEDSINCE {change})")).raw(way).raw(format!("({MOVING})"));
        let answer = self.run(store).await?;
        Ok(!answer.code.first().is_some_and(|word| word.is("MODIFIED")))
    }

    /// What a program did that died before it moved a letter.
    #[cfg(test)]
    pub(crate) async fn claims_and_dies(mut self, reference: Reference) -> Result<bool, Trouble> {
        Ok(self.select_for(reference).await? && self.claim(reference).await?)
    }

    /// Whether a letter bears the keyword, and the number of its last change; nothing when it is gone.
    async fn mark(&mut self, uid: u32) -> Result<Option<(bool, u64)>, Trouble> {
        let answer = self.run(Command::new("UID FETCH").raw(uid).raw("(UID FLAGS MODSEQ)")).await?;
        let Some(items) = answer.data.iter().find_map(|data| fetch::named(data, uid)) else { return Ok(None) };
        let change = match fetch::item(items, "MODSEQ") {
            Some(Token::List(change)) => change.first().and_then(Token::number),
            _ => None,
        };
        let change = change.ok_or(Trouble::Nonsense("a letter is told without the number of its last change"))?;
        Ok(Some((fetch::has_flag(items, MOVING), change)))
    }

    async fn carry(&mut self, uid: u32, to: Folder) -> Result<Answer, Trouble> {
        let name = self.name_of(to).await?;
        if self.can("MOVE") {
            return self.run(Command::new("UID MOVE").raw(uid).text(&name)).await;
        }
        if !self.can("UIDPLUS") {
            // EXPUNGE alone would take away whatever else is marked.
            return Err(Trouble::Nonsense("the server can neither move a letter nor take one away"));
        }
        let answer = self.run(Command::new("UID COPY").raw(uid).text(&name)).await?;
        self.run(Command::new("UID STORE").raw(uid).raw("+FLAGS.SILENT (\\Deleted)")).await?;
        self.run(Command::new("UID EXPUNGE").raw(uid)).await?;
        Ok(answer)
    }

    /// Where a letter belongs, if its name names one. Its folder is then selected.
    async fn home_of(&mut self, reference: Reference) -> Result<Option<Folder>, Trouble> {
        if !self.select_for(reference).await? {
            return Ok(None);
        }
        let answer = self.run(Command::new("UID FETCH").raw(reference.uid).raw("(UID FLAGS)")).await?;
        let items = answer.data.iter().find_map(|data| fetch::named(data, reference.uid));
        Ok(items.map(|items| fetch::home(items, reference.folder)))
    }

    /// When the first of the letters received from this address came.
    pub(crate) async fn first_from(&mut self, sender: &MailAddress) -> Result<Option<Timestamp>, Trouble> {
        if self.select(Folder::Inbox).await?.is_none() {
            return Ok(None);
        }
        let answer = self.run(Command::new("UID SEARCH").raw("FROM").text(sender.folded().as_str().as_bytes())).await?;
        let Some(uid) = found(&answer).min() else { return Ok(None) };
        let answer = self.run(Command::new("UID FETCH").raw(uid).raw("(UID INTERNALDATE)")).await?;
        Ok(answer.data.iter().find_map(|data| fetch::named(data, uid)).and_then(fetch::arrived))
    }
}

/// `[COPYUID 38505 304 3956]`: the validity of the other folder, the number here, the number there.
fn arrived_as(answer: &Answer, folder: Folder) -> Moved {
    let codes = answer.codes.iter().chain([&answer.code]);
    let mut name = codes.filter_map(|code| match code.as_slice() {
        [word, validity, _, uid] if word.is("COPYUID") => number(validity).zip(number(uid)),
        _ => None,
    });
    name.next_back().map_or(Moved::Somewhere, |(validity, uid)| Moved::To(Reference { folder, validity, uid }))
}

fn number(token: &Token) -> Option<u32> {
    token.number().and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0)
}
