//! Who asks: an aidant at work for a structure, and whoever stands at the entrance.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use maincourante_mandates::SignedInAidant;
use maincourante_mandates::aidants::{Acting, acting};
use maincourante_shell::{AtWork, Broken, Shell, forbidden};
use rust_i18n::t;

use crate::{App, routes};

/// An aidant at their own screen, acting for a structure, and the frame of their page.
pub(crate) struct Working {
    /// The proof.
    pub aidant: SignedInAidant,
    /// The frame, which names the structure.
    pub shell: Shell,
}

/// Someone at the entrance: not signed in, or signed in already. A screen that is lent has no entrance.
pub(crate) struct AtEntrance {
    /// Whether there is nothing to sign in for.
    pub signed_in: bool,
    /// The frame.
    pub shell: Shell,
}

#[derive(Template)]
#[template(path = "console/no_structure.html")]
struct NoStructure {
    shell: Shell,
}

impl FromRequestParts<App> for Working {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let AtWork { who, shell } = AtWork::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        match acting(&app.mandates, who).await.map_err(|failure| Broken::from(failure).into_response())? {
            Acting::For(aidant) => Ok(Self { shell: shell.for_structure(&aidant.structure().name), aidant }),
            Acting::NoStructure(_) => Err(forbidden(&NoStructure { shell }).into_response()),
        }
    }
}

impl FromRequestParts<App> for AtEntrance {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Broken> {
        let shell = Shell::from_request_parts(parts, app).await?;
        match AtWork::from_request_parts(parts, app).await {
            Ok(AtWork { who: _, shell }) => Ok(Self { signed_in: true, shell }),
            Err(Broken::Elsewhere { path: routes::SIGN_IN, cookie: _ }) => Ok(Self { signed_in: false, shell }),
            Err(other) => Err(other),
        }
    }
}
