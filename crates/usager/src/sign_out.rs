//! `/deconnexion`, posted: the session ends, and the browser forgets.
//!
//! Who comes too late (the session is over already) is signed out all the same: that is what they asked for.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use maincourante_identity::{Computer, sign_out};
use maincourante_shell::{Answer, Broken, CookieName, Nothing, Posted, Shell, SignedInUsager, With, go};

use crate::{App, routes};

/// What browsers are asked to forget (W3C Clear-Site-Data). Text size and colours are cookies: on their own
/// computer, a person finds them again.
const OWN_COMPUTER: HeaderValue = HeaderValue::from_static("\"cache\", \"storage\"");
const SHARED_COMPUTER: HeaderValue = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");

pub(crate) async fn submit(
    State(app): State<App>,
    shell: Shell,
    who: Result<SignedInUsager, Broken>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let forgotten = match who {
        Ok(SignedInUsager { own, .. }) => {
            sign_out(&app.identity, &own).await?;
            app.mailbox.close(own.session());
            match own.computer() {
                Computer::Own => OWN_COMPUTER,
                Computer::Shared => SHARED_COMPUTER,
            }
        }
        Err(Broken::NotSignedIn(_)) => SHARED_COMPUTER,
        Err(broken) => return Err(broken),
    };
    let clear = [(HeaderName::from_static("clear-site-data"), forgotten)];
    go(routes::SIGN_OUT).with(shell.forget(CookieName::Session)).with(shell.forget(CookieName::Reset)).with(clear)
}
