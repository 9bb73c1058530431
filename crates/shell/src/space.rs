//! A space: a part of the site with one audience, one menu, one way in and one way out.
//!
//! The space of a page is decided by its address (`Doors`), never by who asks.

use std::borrow::Cow;

use crate::{CookieName, Icon};

/// For whom a page is. It chooses the colour of the header, the words under the name, and the session's cookie.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Audience {
    /// Anyone.
    Public,
    /// A person, at home in their own mailbox.
    Usager,
    /// A helper.
    Aidant,
    /// A référent, who answers for a structure.
    Structure,
    /// A person on a screen that a helper lent: no menu, no way back.
    Lent,
}

impl Audience {
    /// The class of the body, hence the colours of the header.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Usager => "usager",
            Self::Aidant => "aidant",
            Self::Structure => "structure",
            Self::Lent => "lent",
        }
    }

    /// The cookie that holds the session of this audience, to which its form tokens are bound.
    pub(crate) const fn session(self) -> Option<CookieName> {
        match self {
            Self::Public => None,
            Self::Usager => Some(CookieName::Session),
            Self::Aidant | Self::Structure => Some(CookieName::Staff),
            Self::Lent => Some(CookieName::Lent),
        }
    }
}

/// One entry of the menu.
#[derive(Clone, Copy)]
pub struct MenuEntry {
    /// Where it leads. Pages below this address belong to the entry.
    pub href: &'static str,
    /// Its picture.
    pub icon: Icon,
    /// Its word, in the language of the page: `|| t!("menu.messages")`.
    pub label: fn() -> Cow<'static, str>,
}

/// A part of the site.
#[derive(Clone, Copy)]
pub struct Space {
    /// For whom.
    pub audience: Audience,
    /// Two to four entries, or none.
    pub menu: &'static [MenuEntry],
    /// Where the name of the service leads.
    pub home: &'static str,
    /// Where one is sent who has no right to be here yet: the sign-in page, or the way out of a lent screen.
    pub entrance: &'static str,
    /// Where "Se déconnecter" posts to, for spaces one signs in to.
    pub sign_out: Option<&'static str>,
    /// Where one is sent whose screen is lent: the page that takes it back. Only staff lends.
    pub lock: &'static str,
}

impl Space {
    /// The pages anyone can open.
    pub const PUBLIC: Self = Self { audience: Audience::Public, menu: &[], home: "/", entrance: "/", sign_out: None, lock: "/" };
}
