//! `/bac-a-sable/telephone`: what the fictitious phone received, and the codes of the invented aidants' authenticators.

use askama::Template;
use axum::extract::State;
use maincourante_kernel::calendar;
use maincourante_kernel::phone::PhoneNumber;
use maincourante_shell::{Answer, Shell, page};
use maincourante_sms as sms;
use rust_i18n::t;

use super::Sandbox;

#[derive(Template)]
#[template(path = "usager/training/phone.html")]
struct Page {
    shell: Shell,
    codes: Vec<(String, String)>,
    messages: Vec<Message>,
}

struct Message {
    to: String,
    when: String,
    iso: String,
    body: String,
}

pub(crate) async fn show(State(sandbox): State<Sandbox>, shell: Shell) -> Answer {
    let now = sandbox.kernel.now();
    let mut tx = sandbox.kernel.db.read().await?;
    let received = sms::training_phone(&mut tx).await?;
    let messages = received.into_iter().map(|sms| Message {
        to: sms.recipient.parse::<PhoneNumber>().map_or(sms.recipient, |number| number.spoken()),
        when: calendar::moment(sms.received_at, now),
        iso: calendar::machine(sms.received_at),
        body: sms.body,
    });
    let messages = messages.collect();
    let codes = sandbox.guide.aidants.iter().map(|aidant| Ok((aidant.name.clone(), aidant.totp.code_at(now)?)));
    let codes = codes.collect::<Result<_, maincourante_kernel::Failure>>()?;
    page(&Page { shell, codes, messages })
}
