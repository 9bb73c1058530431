//! Who asks: an aidant at work for a structure, and whoever stands at the entrance.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use maincourante_identity::{HandOver, SignedInStaff};
use maincourante_mandates::acting::{self, Acting, Idle, Place, Reason};
use maincourante_mandates::aidants;
use maincourante_mandates::{SignedInAidant, StructureId};
use maincourante_shell::{AtWork, Broken, OnLentScreen, Shell, forbidden, go};
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

/// Someone signed in at their own screen, for pages that are theirs whatever the structure: the charter, their sheet, their structures.
pub(crate) struct AtDesk {
    /// The proof.
    pub who: SignedInStaff,
    /// Where they may act.
    pub places: Vec<Place>,
    /// For which structure they act now.
    pub current: Option<StructureId>,
    /// The frame, which names the structure.
    pub shell: Shell,
}

/// A person on a lent screen, and the frame of their page, which names the structure that lent it.
pub(crate) struct Borrowed {
    /// The proof.
    pub hand_over: HandOver,
    /// The frame.
    pub shell: Shell,
}

#[derive(Template)]
#[template(path = "console/no_structure.html")]
struct NoStructure {
    shell: Shell,
    title: String,
    sentences: [String; 2],
    others: Vec<Place>,
}

impl NoStructure {
    fn new(shell: Shell, idle: Idle) -> Self {
        let (title, first, alone) = match idle.reason {
            Reason::NoTeam => (t!("no_structure.title"), t!("no_structure.first"), t!("no_structure.second")),
            Reason::Suspended { structure } => {
                let means = t!("no_structure.suspended_means", structure = structure);
                (t!("no_structure.suspended"), means, t!("no_structure.suspended_call"))
            }
            Reason::Left { structure } => {
                (t!("no_structure.left"), t!("no_structure.left_means", structure = structure), t!("no_structure.second"))
            }
        };
        let second = if idle.others.is_empty() { alone } else { t!("no_structure.others") };
        Self { shell, title: title.into_owned(), sentences: [first.into_owned(), second.into_owned()], others: idle.others }
    }
}

/// The frame says for which structure one acts, and where to choose another.
fn dressed(shell: Shell, structure: &str, works_elsewhere: bool) -> Shell {
    let shell = shell.for_structure(structure);
    if works_elsewhere { shell.switches_at(routes::PLACES) } else { shell }
}

impl FromRequestParts<App> for AtDesk {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Broken> {
        let AtWork { who, shell } = AtWork::from_request_parts(parts, app).await?;
        let (places, current) = acting::places(&app.mandates, &who).await?;
        let shell = match places.iter().find(|place| Some(place.structure) == current) {
            Some(place) => dressed(shell, &place.name, places.len() > 1),
            None => shell,
        };
        Ok(Self { who, places, current, shell })
    }
}

impl FromRequestParts<App> for Borrowed {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Broken> {
        let OnLentScreen { hand_over, shell } = OnLentScreen::from_request_parts(parts, app).await?;
        let shell = match aidants::lender(&app.mandates, &hand_over).await? {
            Some(structure) => shell.for_structure(structure),
            None => shell,
        };
        Ok(Self { hand_over, shell })
    }
}

impl FromRequestParts<App> for Working {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let AtWork { who, shell } = AtWork::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        match acting::acting(&app.mandates, who).await.map_err(|failure| Broken::from(failure).into_response())? {
            Acting::For(aidant) => {
                Ok(Self { shell: dressed(shell, &aidant.structure().name, aidant.works_elsewhere()).worn(parts), aidant })
            }
            Acting::NoStructure(idle) => Err(forbidden(&NoStructure::new(shell, idle)).into_response()),
            Acting::CharterFirst(_) => Err(go(routes::CHARTER).into_response()),
        }
    }
}

impl FromRequestParts<App> for AtEntrance {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Broken> {
        let shell = Shell::from_request_parts(parts, app).await?;
        match AtWork::from_request_parts(parts, app).await {
            Ok(AtWork { who: _, shell }) => Ok(Self { signed_in: true, shell }),
            Err(Broken::NotSignedIn(_)) => Ok(Self { signed_in: false, shell }),
            Err(other) => Err(other),
        }
    }
}
