//! A letter on its way out, in our words: what became of it, and whether it can still be taken back.

use maincourante_kernel::{Timestamp, calendar};
use maincourante_mailbox::outbox::{State, Waiting};
use maincourante_mailbox::{LetterId, Refusal};
use rust_i18n::t;

use super::row;

/// A letter of the outbox, ready to be told.
pub(crate) struct Told {
    pub id: LetterId,
    /// To whom.
    pub to: String,
    pub subject: String,
    pub when: String,
    pub iso: String,
    /// "Part dans 1 minute."
    pub state: String,
    /// The same, as one says it of a letter just given: "Votre message pour X part dans 1 minute."
    pub given: String,
    /// It left.
    pub left: bool,
    /// It surely did not leave yet.
    pub can_be_cancelled: bool,
    /// It will not leave; it can be written anew.
    pub can_be_resumed: bool,
}

impl Told {
    pub(crate) fn of(waiting: Waiting, now: Timestamp) -> Self {
        let to = waiting.to.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let (state, given) = match waiting.state {
            State::Waiting { leaves_at } => {
                let wait = maincourante_shell::wait(leaves_at.since(now));
                (t!("sending.waiting", wait = wait), t!("given.waiting", to = to, wait = wait))
            }
            State::Delayed => (t!("sending.delayed"), t!("given.delayed", to = to)),
            State::Sending => (t!("sending.leaving"), t!("given.leaving", to = to)),
            State::Sent { .. } => (t!("sending.sent"), t!("given.sent", to = to)),
            State::Refused { why, .. } => (t!(refusal(why)), t!("given.refused", to = to)),
            State::Cancelled { .. } => (t!("sending.cancelled"), t!("given.cancelled", to = to)),
        };
        Self {
            id: waiting.id,
            subject: row::subject(waiting.subject),
            when: calendar::moment(waiting.consigned_at, now),
            iso: calendar::machine(waiting.consigned_at),
            state: state.into_owned(),
            given: given.into_owned(),
            left: matches!(waiting.state, State::Sent { .. }),
            can_be_cancelled: matches!(waiting.state, State::Waiting { .. } | State::Delayed),
            can_be_resumed: matches!(waiting.state, State::Refused { .. } | State::Cancelled { .. }),
            to,
        }
    }
}

fn refusal(why: Refusal) -> &'static str {
    match why {
        Refusal::NoSuchAddress => "sending.refused.no_such_address",
        Refusal::MailboxFull => "sending.refused.mailbox_full",
        Refusal::TooLarge => "sending.refused.too_large",
        Refusal::Rejected => "sending.refused.rejected",
        Refusal::NoAnswer => "sending.refused.no_answer",
    }
}
