//! `/aidant/codes-de-secours`: the recovery sheet of someone who works there. It is shown for a quarter of an hour after it was made.

use askama::Template;
use axum::extract::State;
use maincourante_identity::staff_sheet;
use maincourante_kernel::Secret;
use maincourante_kernel::calendar::Date;
use maincourante_mandates::team::{self, Sheet};
use maincourante_shell::{Answer, Broken, Errors, Icon, Posted, Shell, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use crate::who::AtDesk;
use crate::{App, routes, words};

#[derive(Template)]
#[template(path = "console/aidant/sheet.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    name: String,
    /// The codes, while they are shown.
    codes: Vec<String>,
    /// What is left of the sheet.
    left: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, at: AtDesk) -> Answer {
    page(&draw(&app, at, Errors::none()).await?)
}

pub(crate) async fn submit(State(app): State<App>, at: AtDesk, Posted(fields): Posted<Fields>) -> Answer {
    let errors = match team::new_sheet(&app.mandates, &at.who, &fields.code).await? {
        Sheet::Made => return go(routes::SHEET),
        Sheet::WrongCode => words::wrong_code(&fields.code),
        Sheet::TooMany { wait } => return Err(Broken::TooMany { wait }),
    };
    refused(&draw(&app, at, errors).await?)
}

async fn draw(app: &App, AtDesk { who, shell, .. }: AtDesk, errors: Errors) -> Result<Page, maincourante_kernel::Failure> {
    let kernel = &app.mandates.identity.kernel;
    let codes = staff_sheet::to_print(kernel, &who).await?.unwrap_or_default();
    let left = staff_sheet::left(kernel, &who).await?.map(|left| {
        let date = Date::at(left.made_at).with_year();
        match left.codes {
            0 => t!("staff_codes.left_none", date = date),
            1 => t!("staff_codes.left_one", date = date),
            count => t!("staff_codes.left_many", count = count, date = date),
        }
        .into_owned()
    });
    let codes = codes.iter().map(|code| code.reveal().replace(' ', "\u{a0}")).collect();
    Ok(Page { shell, errors, name: who.name().to_owned(), codes, left })
}
