//! `/signer/termine`: it is done, refused, or closed. Nothing is left to do on this screen but giving the device back.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::aidants;
use maincourante_shell::{Answer, Icon, Shell, go, page};
use rust_i18n::t;

use super::{Turn, turn};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/end.html")]
struct Page {
    shell: Shell,
    aidant: String,
    title: String,
    sentence: String,
    address: Option<String>,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed) -> Answer {
    let (how, address) = match turn(&app, &hand_over).await? {
        Turn::Signed => ("signed", None),
        Turn::Refused => ("refused", None),
        Turn::Chosen { address } => ("chosen", Some(address)),
        Turn::Found => ("found", None),
        Turn::Closed => ("closed", None),
        Turn::ToSign(_) | Turn::Code { .. } | Turn::Sheet { .. } | Turn::Secret { .. } | Turn::Which | Turn::WhichCode => {
            return go(routes::LENT);
        }
    };
    let shell = match aidants::borrower(&app.mandates, hand_over.purpose(), hand_over.subject()).await? {
        Some(name) => shell.lent_to(name),
        None => shell,
    };
    let aidant = hand_over.staff_name().to_owned();
    let title = t!(format!("end.{how}.title"), aidant = aidant).into_owned();
    page(&Page { shell, title, sentence: t!(format!("end.{how}.sentence")).into_owned(), aidant, address })
}
