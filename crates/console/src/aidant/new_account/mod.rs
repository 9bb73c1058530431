//! The wizard: an aidant opens an account beside the person, step by step; it can be left and resumed for a day.

pub(crate) mod abandon;
pub(crate) mod address;
pub(crate) mod by_hand;
pub(crate) mod countersign;
pub(crate) mod done;
pub(crate) mod draft_paper;
pub(crate) mod person;
pub(crate) mod reading;
pub(crate) mod resume;
pub(crate) mod secret;
pub(crate) mod terms;
pub(crate) mod to_sign;

use maincourante_mandates::prepare::InHand;
use maincourante_mandates::{Field, Problems, State};
use maincourante_shell::{Answer, Errors, go};
use rust_i18n::t;

use crate::{routes, words};

/// The five steps, as the rail names them.
pub(crate) fn steps() -> [String; 5] {
    ["person", "address", "terms", "signature", "secret"].map(|step| t!(format!("steps.{step}")).into_owned())
}

/// The person's name; the draft of a mandate that is over says nothing any more.
fn name(in_hand: &InHand) -> String {
    in_hand.draft.person.as_ref().map(maincourante_mandates::PersonDraft::name).unwrap_or_default()
}

/// Whether what is written may still be changed.
fn is_open(in_hand: &InHand) -> bool {
    matches!(in_hand.state, State::Draft | State::Presented)
}

/// To the step where this mandate stands.
fn resume(in_hand: &InHand) -> Answer {
    go(routes::of(routes::DRAFT, in_hand.id))
}

fn errors(problems: &Problems) -> Errors {
    let named: Vec<_> = problems.iter().map(|(field, problem)| (Field::as_str(*field), *problem)).collect();
    words::errors(&named)
}
