//! `/bac-a-sable/aidant?qui=`: someone who helps, their password and their code of now, and a button that sends them to the sign-in page.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_shell::{Answer, Shell, go, page};
use rust_i18n::t;
use serde::Deserialize;

use super::{GUIDE, Sandbox};

#[derive(Template)]
#[template(path = "usager/training/aidant.html")]
struct Page {
    shell: Shell,
    name: String,
    role: String,
    structure: String,
    look: String,
    login: String,
    password: String,
    code: String,
}

/// Nonsense leads to the list.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    qui: String,
}

pub(crate) async fn show(State(sandbox): State<Sandbox>, shell: Shell, Query(asked): Query<Asked>) -> Answer {
    let found = asked.qui.parse::<usize>().ok().and_then(|at| sandbox.guide.aidants.get(at));
    let Some(aidant) = found else { return go(GUIDE) };
    page(&Page {
        shell,
        code: aidant.totp.code_at(sandbox.kernel.now())?,
        name: aidant.name.clone(),
        role: aidant.role.clone(),
        structure: aidant.structure.clone(),
        look: aidant.look.clone(),
        login: aidant.login.clone(),
        password: aidant.password.clone(),
    })
}
