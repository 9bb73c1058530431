//! `/compte`: what the service knows of the person, and how to change the password.

use askama::Template;
use axum::extract::State;
use maincourante_identity::{recovery_sheet, verified_phone};
use maincourante_shell::{Answer, Icon, Shell, SignedInUsager, page};
use rust_i18n::t;

use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/account.html")]
struct Page {
    shell: Shell,
    name: String,
    address: String,
    /// The last two digits of the phone that receives codes.
    phone_end: Option<String>,
    /// A recovery sheet was printed, and still serves.
    has_sheet: bool,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager) -> Answer {
    let kernel = &app.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let phone = verified_phone(&mut tx, kernel, own.usager()).await?;
    let has_sheet = recovery_sheet::has_one(&mut tx, own.usager()).await?;
    let (name, address) = (own.name(), own.address().to_string());
    page(&Page { shell, name, address, phone_end: phone.map(|phone| phone.number.last_digits().to_owned()), has_sheet })
}
