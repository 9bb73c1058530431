//! `/bac-a-sable/courrier-parti`: the letters that would have left for the rest of the world.

use askama::Template;
use axum::extract::State;
use maincourante_kernel::calendar;
use maincourante_mailbox::Departed;
use maincourante_mailbox::letter::tree::Block;
use maincourante_shell::{Answer, Shell, page};
use rust_i18n::t;

use super::Sandbox;
use crate::messages::tree::words;

#[derive(Template)]
#[template(path = "usager/training/departed.html")]
struct Page {
    shell: Shell,
    /// None where letters really leave.
    letters: Option<Vec<Letter>>,
}

struct Letter {
    to: String,
    subject: String,
    when: String,
    iso: String,
    body: Vec<Block>,
}

pub(crate) async fn show(State(sandbox): State<Sandbox>, shell: Shell) -> Answer {
    let now = sandbox.kernel.now();
    let departed = sandbox.mailbox.departed().await?;
    let line = |letter: Departed| Letter {
        to: letter.to.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        subject: letter.view.subject,
        when: calendar::moment(letter.at, now),
        iso: calendar::machine(letter.at),
        body: letter.view.body,
    };
    let letters = departed.map(|letters| letters.into_iter().map(line).collect());
    page(&Page { shell, letters })
}
