//! A letter changes places: to the bin, and back where it belongs. Nothing is copied that is not also taken away, and nothing
//! is taken away before it is elsewhere: `MOVE` (RFC 6851) where the server has it, else the three commands it stands for.

use std::time::Duration;

use maincourante_kernel::Timestamp;
use maincourante_kernel::address::MailAddress;
use tokio::time::{Instant, sleep};

use super::command::Command;
use super::connection::{Answer, Connection};
use super::fetch::{self, FROM_SENT};
use super::folders::found;
use super::token::Token;
use super::trouble::Trouble;
use crate::folder::{Folder, Moved, Reference};

/// The keyword whose change says which session moves a letter. It says nothing of the letter.
const MOVING: &str = "MaincouranteMoved";
/// Who claimed a letter and did not move it in this time is taken for dead. What remains of a request's patience
/// ([`super::wire::PATIENCE`]) is for the move.
const OTHERS: Duration = Duration::from_secs(2);
/// How often one looks whether another session has moved it: a move takes some milliseconds as a rule.
const LOOK: Duration = Duration::from_millis(50);

/// What a letter says of who moves it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Mark {
    /// It bears the keyword.
    is_set: bool,
    /// The number of its last change, whatever was changed.
    change: u64,
}

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
    /// and the others wait until it is gone: it is set on the way to the bin and taken off on the way back, so that it always
    /// stands right when the letter has come. One left by a program that died is taken over, once nothing happened to it for a while.
    async fn claim(&mut self, reference: Reference) -> Result<bool, Trouble> {
        if !self.can("CONDSTORE") {
            return Ok(true);
        }
        let at_rest = reference.folder == Folder::Bin;
        let mut claimed: Option<(Mark, Instant)> = None;
        loop {
            let Some(mark) = self.mark(reference.uid).await? else { return Ok(false) };
            let is_left = claimed.is_some_and(|(seen, until)| seen == mark && Instant::now() >= until);
            if (is_left || mark.is_set == at_rest) && self.change(reference.uid, mark, is_left).await? {
                return Ok(true);
            }
            if claimed.is_none_or(|(seen, _)| seen != mark) {
                claimed = Some((mark, Instant::now() + OTHERS));
            }
            sleep(LOOK).await;
        }
    }

    /// Changes the keyword of a letter, if nobody changed anything of it since; whether it was this session that did.
    ///
    /// Dovecot (2.3.19) says yes to several sessions that ask within one moment of its lock, and changes it for the first. The others
    /// are told what somebody else changed, although they asked to be told nothing (`.SILENT`, RFC 3501, section 6.4.6): that is how
    /// they know. A server that tells it always is believed when the keyword was left by nobody who lives (`is_left`).
    async fn change(&mut self, uid: u32, mark: Mark, is_left: bool) -> Result<bool, Trouble> {
        let way = if mark.is_set { "-FLAGS.SILENT" } else { "+FLAGS.SILENT" };
        let unchanged = format!("(UNCHANGEDSINCE {})", mark.change);
        let answer = self.run(Command::new("UID STORE").raw(uid).raw(unchanged).raw(way).raw(format!("({MOVING})"))).await?;
        let is_refused = answer.code.first().is_some_and(|word| word.is("MODIFIED"));
        let is_anothers = answer.data.iter().filter_map(|data| fetch::named(data, uid)).any(|items| fetch::item(items, "FLAGS").is_some());
        Ok(!is_refused && (is_left || !is_anothers))
    }

    /// What a program did that died before it moved a letter.
    #[cfg(test)]
    pub(crate) async fn claims_and_dies(mut self, reference: Reference) -> Result<bool, Trouble> {
        Ok(self.select_for(reference).await? && self.claim(reference).await?)
    }

    /// The keyword of a letter; nothing when it is gone.
    async fn mark(&mut self, uid: u32) -> Result<Option<Mark>, Trouble> {
        let answer = self.run(Command::new("UID FETCH").raw(uid).raw("(UID FLAGS MODSEQ)")).await?;
        let Some(items) = answer.data.iter().find_map(|data| fetch::named(data, uid)) else { return Ok(None) };
        let change = match fetch::item(items, "MODSEQ") {
            Some(Token::List(change)) => change.first().and_then(Token::number),
            _ => None,
        };
        let change = change.ok_or(Trouble::Nonsense("a letter is told without the number of its last change"))?;
        Ok(Some(Mark { is_set: fetch::has_flag(items, MOVING), change }))
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
