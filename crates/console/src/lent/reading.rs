//! `/signer/mandat`: the person reads what they are asked to sign, or listens to it. Saying no is as easy as saying yes.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::Account;
use maincourante_shell::{Answer, Shell, go, page};
use rust_i18n::t;

use super::{Turn, turn};
use crate::sentences::{Address, Sentences};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/reading.html")]
struct Page {
    shell: Shell,
    name: String,
    phone_end: Option<String>,
    /// An account is to be opened: who has one says so now.
    opens: bool,
    sentences: Sentences,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed) -> Answer {
    let Turn::ToSign(to_sign) = turn(&app, &hand_over).await? else { return go(routes::LENT) };
    let (name, opens) = (to_sign.person.name(), to_sign.account == Account::ToOpen);
    let address = Address { text: to_sign.address, account: to_sign.account, follows: to_sign.follows };
    let sentences = Sentences::new(&to_sign.structure, address, to_sign.powers.into_iter(), to_sign.last_day);
    page(&Page { shell: shell.lent_to(&name), name, phone_end: to_sign.phone_end, opens, sentences })
}
