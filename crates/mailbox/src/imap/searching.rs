//! Looking for words in a folder, the newest letters first, a few at a time: a server without an index reads each of them.

use std::time::{Duration, Instant};

use super::command::Command;
use super::connection::Connection;
use super::fetch;
use super::folders::found;
use super::trouble::Trouble;
use super::wire::Patience;
use crate::folder::{Folder, PAGE, Reference};
use crate::search::{Found, LOOKING, Sought};

/// How many letters are looked at first: a few of them may be heavy.
const FIRST: u32 = 64;
/// An answer that comes sooner than this may be asked of twice as many letters.
const SOON: Duration = Duration::from_millis(200);

impl Connection {
    /// A page of the letters that hold each of these words: from the newest on, or from a letter on.
    pub(crate) async fn search(&mut self, folder: Folder, sought: &Sought, after: Option<Reference>) -> Result<Found, Trouble> {
        let Some(selected) = self.select(folder).await? else { return Ok(Found::default()) };
        let (validity, most) = (selected.validity, PAGE as usize);
        // The rank of the newest letter that was not looked at; the oldest is 1.
        let mut left = match after {
            Some(last) if last.folder == folder && last.validity == validity => self.older_than(last.uid).await?,
            Some(_) | None => selected.total,
        };
        let (begun, mut step, mut uids) = (Instant::now(), FIRST, Vec::new());
        while left > 0 && uids.len() <= most && begun.elapsed() < LOOKING {
            let asked = Instant::now();
            let from = left.saturating_sub(step - 1).max(1);
            self.set_patience(Patience::new());
            let answer = self.run(asking(sought, &format!("{from}:{left}"))).await?;
            let mut here: Vec<u32> = found(&answer).collect();
            here.sort_unstable_by(|one, other| other.cmp(one));
            uids.extend(here);
            left = from - 1;
            if asked.elapsed() < SOON {
                step = step.saturating_mul(2);
            }
        }
        self.set_patience(Patience::new());
        let next = if uids.len() > most {
            uids.get(most - 1).copied()
        } else if left > 0 {
            // The last that was looked at.
            found(&self.run(Command::new("UID SEARCH").raw(left + 1)).await?).next()
        } else {
            None
        };
        uids.truncate(most);
        let next = next.map(|uid| Reference { folder, validity, uid });
        if uids.is_empty() {
            return Ok(Found { next, ..Found::default() });
        }
        let set = uids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let answer = self.run(Command::new("UID FETCH").raw(set).raw(fetch::LIST_ITEMS)).await?;
        let mut rows: Vec<_> = answer.data.iter().filter_map(|data| fetch::row(data, folder, validity)).map(|(_, row)| row).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.reference.uid));
        Ok(Found { rows, next })
    }
}

/// RFC 9051, section 6.4.4: each word is in the subject, in who wrote, in who receives or in the text.
fn asking(sought: &Sought, ranks: &str) -> Command {
    let command = Command::new("UID SEARCH").raw("CHARSET UTF-8").raw(ranks);
    sought.words().fold(command, |command, word| {
        let word = word.as_bytes();
        command.raw("OR OR SUBJECT").text(word).raw("FROM").text(word).raw("OR TO").text(word).raw("BODY").text(word)
    })
}
