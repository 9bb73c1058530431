//! `/aidant/nouveau-compte/{id}/signature`: the aidant countersigns, with a code typed in this very form. The account opens.

use askama::Template;
use axum::extract::State;
use maincourante_kernel::Secret;
use maincourante_mandates::activate::{Colleague, Countersignature, countersign};
use maincourante_mandates::prepare::{self, InHand};
use maincourante_mandates::{MandateId, Method, State as Stage};
use maincourante_shell::{Answer, At, Broken, Errors, Icon, Posted, Shell, go, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Rail, Step};
use crate::who::Working;
use crate::{App, routes, words};

#[derive(Template)]
#[template(path = "console/aidant/new_account/countersign.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    rail: Rail,
    draft: MandateId,
    name: String,
    method: Option<Method>,
    /// What was typed of the colleague who heard.
    colleague: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
    colleague: String,
    colleague_code: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<MandateId>) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    match in_hand.state {
        Stage::Signed => page(&Page::new(shell, &in_hand, Errors::none(), String::new())),
        _ => super::resume(&in_hand),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<MandateId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let Fields { code, colleague: login, colleague_code } = fields;
    let named = !login.trim().is_empty() || !colleague_code.reveal().trim().is_empty();
    let colleague = named.then(|| Colleague { login: login.clone(), code: colleague_code });
    let errors = match countersign(&app.mandates, &aidant, id, &code, colleague.as_ref()).await? {
        Countersignature::Active(_) => return go(routes::of(routes::DRAFT_SECRET, id)),
        Countersignature::NotSigned => return go(routes::of(routes::DRAFT, id)),
        Countersignature::Gone => return not_found(),
        Countersignature::Wrong => words::wrong_code(&code),
        Countersignature::TooMany { wait } => return Err(Broken::TooMany { wait }),
        Countersignature::AttestantWrong => Errors::one("colleague_code", t!("attest.wrong")),
        Countersignature::AttestantTooMany { wait } => {
            Errors::one("colleague_code", t!("attest.too_many", wait = maincourante_shell::wait(wait)))
        }
        Countersignature::AttestantIsFirst => Errors::one("colleague", t!("attest.is_first")),
        Countersignature::NotOffered => Errors::one("code", t!("countersign.not_offered")),
        Countersignature::AddressTaken => Errors::one("code", t!("countersign.address_taken")),
        Countersignature::Overtaken => Errors::one("code", t!("countersign.overtaken")),
    };
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    refused(&Page::new(shell, &in_hand, errors, login))
}

impl Page {
    fn new(shell: Shell, in_hand: &InHand, errors: Errors, colleague: String) -> Self {
        Self {
            shell,
            errors,
            rail: Rail::of(in_hand, Step::Signature),
            draft: in_hand.id,
            name: super::name(in_hand),
            method: in_hand.method,
            colleague,
        }
    }

    /// A yes that was said aloud can be attested by someone else who heard it.
    fn can_be_attested(&self) -> bool {
        self.method == Some(Method::SmsOnly)
    }

    /// What the mandate waits for, in the words of the way it was signed; nothing for a drawing and a code.
    fn waits(&self) -> Option<String> {
        let method = self.method.filter(|method| *method != Method::DrawnAndSms)?;
        let until = if self.rail.opens() { t!("waits.until_new") } else { t!("waits.until_known") };
        Some(format!("{} {until}", t!(format!("waits.{}", method.as_str()))))
    }
}
