//! What these pages share: how they are drawn, their words, and what is to be corrected in them.

use askama::Template;
use maincourante_identity::UsagerId;
use maincourante_kernel::{Failure, Secret};
use maincourante_mandates::SignedInReferent;
use maincourante_mandates::ending::{self, Wrong};
use maincourante_shell::{Errors, Icon, Shell};
use rust_i18n::t;
use serde::Deserialize;

use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/ending/page.html")]
pub(super) struct Page {
    pub shell: Shell,
    pub errors: Errors,
    /// Which of these pages: the name of its words.
    pub kind: &'static str,
    pub back: String,
    pub action: String,
    pub name: String,
    /// The day of the death, as typed.
    pub day: Option<String>,
    pub note: String,
    /// It binds: a code is typed in the same form.
    pub asks_for_code: bool,
    /// It takes something from the person: the button is red.
    pub is_grave: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    pub day: String,
    pub note: String,
    pub code: Secret<String>,
}

impl Page {
    fn says(&self, what: &str) -> String {
        t!(format!("ending.{}.{what}", self.kind), name = self.name).into_owned()
    }

    /// Who reads what is written here: the person too, unless they died or have no account any more.
    fn note_hint(&self) -> String {
        if matches!(self.kind, "death" | "by_error") { t!("ending.note_hint_alone") } else { t!("ending.note_hint") }.into_owned()
    }
}

pub(super) fn address(pattern: &str, id: UsagerId) -> (String, String) {
    (routes::of(routes::RECORD, id), routes::of(pattern, id))
}

fn sentence(wrong: Wrong) -> String {
    match wrong {
        Wrong::NoDay => t!("ending.no_day"),
        Wrong::NotADay => t!("problem.birth_date.not_a_day"),
        Wrong::DayOutOfRange => t!("ending.day_out_of_range"),
        Wrong::NoNote => t!("ending.no_note"),
        Wrong::TooLong => t!("words.too_long"),
    }
    .into_owned()
}

pub(super) async fn name(app: &App, referent: &SignedInReferent<'_>, id: UsagerId) -> Result<String, Failure> {
    Ok(ending::case(&app.mandates, referent, id).await?.map(|case| case.name).unwrap_or_default())
}

pub(super) fn corrections(problems: &[(&'static str, Wrong)]) -> Errors {
    let mut errors = Errors::none();
    for (field, what) in problems {
        errors.add(field, sentence(*what));
    }
    errors
}
