//! The wizard: an aidant opens an account beside the person, step by step; it can be left and resumed for a day.

pub(crate) mod abandon;
pub(crate) mod address;
pub(crate) mod by_hand;
pub(crate) mod countersign;
pub(crate) mod done;
pub(crate) mod draft_paper;
pub(crate) mod find;
pub(crate) mod known;
pub(crate) mod person;
pub(crate) mod reading;
pub(crate) mod resume;
pub(crate) mod secret;
pub(crate) mod terms;
pub(crate) mod to_sign;

use maincourante_mandates::prepare::InHand;
use maincourante_mandates::{Account, Field, Problems, State};
use maincourante_shell::{Answer, Errors, go};
use rust_i18n::t;

use crate::{routes, words};

/// A step of the wizard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Person,
    Address,
    Terms,
    Signature,
    Secret,
}

/// The steps, as the rail names them, and where one stands. Who has an account keeps their address and their secret: three steps.
pub(crate) struct Rail {
    pub names: Vec<String>,
    pub at: usize,
    account: Account,
}

impl Rail {
    pub(crate) fn new(account: Account, step: Step) -> Self {
        let all = [
            (Step::Person, "person"),
            (Step::Address, "address"),
            (Step::Terms, "terms"),
            (Step::Signature, "signature"),
            (Step::Secret, "secret"),
        ];
        let steps: Vec<_> =
            all.into_iter().filter(|(step, _)| account == Account::ToOpen || !matches!(step, Step::Address | Step::Secret)).collect();
        Self {
            at: steps.iter().position(|(known, _)| *known == step).map_or(1, |at| at + 1),
            names: steps.into_iter().map(|(_, name)| t!(format!("steps.{name}")).into_owned()).collect(),
            account,
        }
    }

    /// Of the mandate in hand.
    pub(crate) fn of(in_hand: &InHand, step: Step) -> Self {
        Self::new(in_hand.account, step)
    }

    /// What the title of the page says of it.
    pub(crate) fn in_title(&self) -> String {
        t!("steps.in_title", at = self.at, of = self.names.len()).into_owned()
    }

    /// Whether an account is to be opened.
    pub(crate) fn opens(&self) -> bool {
        self.account == Account::ToOpen
    }

    /// The words that lead back to what is allowed.
    pub(crate) fn back_to_terms(&self) -> String {
        if self.opens() { t!("back.terms") } else { t!("back.known_terms") }.into_owned()
    }

    /// The words that give it up.
    pub(crate) fn abandon(&self) -> String {
        if self.opens() { t!("wizard.abandon") } else { t!("known.abandon") }.into_owned()
    }
}

/// The person's name; the draft of a mandate that is over says nothing any more.
fn name(in_hand: &InHand) -> String {
    in_hand.draft.person.as_ref().map(maincourante_mandates::PersonDraft::name).unwrap_or_default()
}

/// Whether what is written may still be changed.
fn is_open(in_hand: &InHand) -> bool {
    matches!(in_hand.state, State::Draft | State::Presented) && in_hand.draft.whom.is_some()
}

/// To the step where this mandate stands.
fn resume(in_hand: &InHand) -> Answer {
    go(routes::of(routes::DRAFT, in_hand.id))
}

pub(crate) fn errors(problems: &Problems) -> Errors {
    let named: Vec<_> = problems.iter().map(|(field, problem)| (Field::as_str(*field), *problem)).collect();
    words::errors(&named)
}
