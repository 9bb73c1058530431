//! Who asks, proved: the extractors that give a proof of `identity` together with the frame dressed for it.
//!
//! A page that takes one of these cannot be reached without it: whoever lacks the proof is sent to the entrance of
//! the space, and whoever lent their screen to the page that takes it back. The proof is derived again at every
//! request and lives as long as it; nothing here keeps one.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use maincourante_identity::set_aside::Present;
use maincourante_identity::{
    Computer, HandOver, Lapsed, Lent, LentSession, Opened, Own, SignedInStaff, StaffAt, resume_hand_over, sessions,
};
use maincourante_kernel::Secret;

use crate::kept::Found;
use crate::{Broken, Cookie, CookieName, Keep, Shell};

/// A person at their own things, and the frame of their page.
pub struct SignedInUsager {
    /// The proof.
    pub own: Own,
    /// The frame: the yellow strip is there when others use the computer.
    pub shell: Shell,
}

/// A person who sends what they were writing: their session lives, or has just ended by itself meanwhile.
pub enum StillWriting {
    /// They are signed in.
    Here(SignedInUsager),
    /// Their session ended while they wrote: what they sent can be put aside for them, nothing can be shown.
    Late {
        /// For whom.
        lapsed: Lapsed,
        /// The frame.
        shell: Shell,
    },
}

/// An aidant or an operator at their own screen, and the frame of their page.
pub struct AtWork {
    /// The proof.
    pub who: SignedInStaff,
    /// The frame.
    pub shell: Shell,
}

/// A person on a lent screen, and the frame of their page.
pub struct OnLentScreen {
    /// The proof. It is no `Own`: no mailbox opens with it.
    pub hand_over: HandOver,
    /// The frame. `shell.lent_to(name)` names the person, whom the page knows from the subject of the hand-over.
    pub shell: Shell,
}

/// A staff member whose screen is lent, and the frame of the only page they reach: the one that takes it back.
pub struct WhileLent {
    /// What may take the screen back, with a fresh code.
    pub lent: LentSession,
    /// The frame.
    pub shell: Shell,
}

impl<S: Sync> FromRequestParts<S> for SignedInUsager {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Broken> {
        let shell = Shell::from_request_parts(parts, state).await?;
        let token = shell.cookie(CookieName::Session).ok_or_else(|| shell.to_entrance(None))?;
        let own = sessions::own(shell.kernel(), &token).await?;
        let own = own.ok_or_else(|| shell.to_entrance(Some(CookieName::Session)))?;
        let shell = match own.computer() {
            Computer::Shared => shell.on_shared_computer(),
            Computer::Own => shell,
        };
        let shell = present(shell, Present::from(&own)).await?.until(own.until());
        Ok(Self { own, shell: shell.worn(parts) })
    }
}

impl<S: Sync> FromRequestParts<S> for StillWriting {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Broken> {
        match SignedInUsager::from_request_parts(parts, state).await {
            Ok(here) => Ok(Self::Here(here)),
            Err(Broken::NotSignedIn(out)) => {
                let shell = Shell::from_request_parts(parts, state).await?;
                let Some(token) = shell.cookie(CookieName::Session) else { return Err(Broken::NotSignedIn(out)) };
                match sessions::lapsed(shell.kernel(), &token).await? {
                    Some(lapsed) => Ok(Self::Late { lapsed, shell }),
                    None => Err(Broken::NotSignedIn(out)),
                }
            }
            Err(broken) => Err(broken),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for AtWork {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Broken> {
        let shell = Shell::from_request_parts(parts, state).await?;
        match at(&shell).await? {
            StaffAt::Here(who) => {
                let shell = present(shell, Present::from(&who)).await?.until(who.until()).worn(parts);
                Ok(Self { who, shell })
            }
            StaffAt::Lent(_) => Err(shell.to_lock()),
            StaffAt::Nowhere => Err(shell.to_entrance(shell.cookie(CookieName::Staff).map(|_| CookieName::Staff))),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for WhileLent {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Broken> {
        let shell = Shell::from_request_parts(parts, state).await?;
        match at(&shell).await? {
            StaffAt::Lent(lent) => Ok(Self { lent, shell }),
            StaffAt::Here(_) | StaffAt::Nowhere => Err(shell.to_entrance(None)),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for OnLentScreen {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Broken> {
        let shell = Shell::from_request_parts(parts, state).await?;
        let token = shell.cookie(CookieName::Lent).ok_or_else(|| shell.to_entrance(None))?;
        match resume_hand_over(shell.kernel(), &token).await? {
            Some(hand_over) => Ok(Self { hand_over, shell }),
            None if parts.method == Method::POST => Err(shell.to_home()),
            None => Err(shell.to_entrance(Some(CookieName::Lent))),
        }
    }
}

/// The frame of who is signed in: with what they typed before they were signed out, where the address names it.
async fn present(shell: Shell, who: Present) -> Result<Shell, Broken> {
    let found = Found::named(shell.kernel(), &shell, who).await?;
    let shell = shell.of(who);
    Ok(match found {
        Some(found) => shell.finds(found),
        None => shell,
    })
}

/// What opens a session in the browser.
impl Shell {
    /// The cookie of a session that a person just opened. On a shared computer it goes with the browser.
    #[must_use]
    pub fn session_cookie(&self, opened: &Opened) -> Cookie {
        let keep = match opened.computer {
            Computer::Shared => Keep::UntilClosed,
            Computer::Own => Keep::For(opened.ends_at.since(self.kernel().now())),
        };
        self.keep(CookieName::Session, &opened.token, keep)
    }

    /// The cookie of a session that an aidant or an operator just opened.
    #[must_use]
    pub fn staff_cookie(&self, opened: &Opened) -> Cookie {
        self.keep(CookieName::Staff, &opened.token, Keep::UntilClosed)
    }

    /// The cookie of a screen just lent.
    #[must_use]
    pub fn lent_cookie(&self, lent: &Lent) -> Cookie {
        self.lent_under(&lent.token)
    }

    /// The cookie of a lent screen that goes on under a new token.
    #[must_use]
    pub fn lent_under(&self, token: &Secret<String>) -> Cookie {
        self.keep(CookieName::Lent, token, Keep::UntilClosed)
    }
}

async fn at(shell: &Shell) -> Result<StaffAt, Broken> {
    match shell.cookie(CookieName::Staff) {
        Some(token) => Ok(sessions::staff(shell.kernel(), &token).await?),
        None => Ok(StaffAt::Nowhere),
    }
}
