//! `/structure/journal/raison/{id}`: a référent asks the aidant of a line why. The line is shown again before it is asked.

use askama::Template;
use axum::extract::State;
use maincourante_journal::{Reader, sentence};
use maincourante_kernel::calendar;
use maincourante_mandates::review::reason::{About, Asking, about, ask};
use maincourante_shell::{Answer, At, Icon, Nothing, Posted, Shell, forbidden, go, not_found, page};
use rust_i18n::t;
use uuid::Uuid;

use crate::who::Working;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/structure/reason.html")]
struct Page {
    shell: Shell,
    id: Uuid,
    line: String,
    moment: String,
    aidant: String,
    /// Why it cannot be asked.
    closed: Option<String>,
    /// It was asked all the same.
    is_refused: bool,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<Uuid>) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    match about(&app.mandates, &referent, id).await? {
        Some(about) => page(&Page::new(&app, shell, id, &about, None)),
        None => not_found(),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<Uuid>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let Some(about) = about(&app.mandates, &referent, id).await? else { return not_found() };
    let closed = match ask(&app.mandates, &referent, id).await? {
        Asking::Asked => return go(format!("{}?demande={id}", routes::LOG)),
        Asking::HasLeft(name) => t!("reason.has_left", name = name),
        Asking::Oneself => t!("reason.oneself"),
        Asking::NoAidant => return not_found(),
    };
    forbidden(&Page::new(&app, shell, id, &about, Some(closed.into_owned())))
}

impl Page {
    fn new(app: &App, shell: Shell, id: Uuid, about: &About, closed: Option<String>) -> Self {
        Self {
            shell,
            id,
            line: sentence(&about.record, Reader::Structure),
            moment: calendar::moment(about.record.at, app.now()),
            aidant: about.aidant.clone(),
            is_refused: closed.is_some(),
            closed: closed.or_else(|| about.has_left.then(|| t!("reason.has_left", name = about.aidant).into_owned())),
        }
    }
}
