//! The pages of the sandbox: who is in it and how to sign in as each, the fictitious phone that receives text messages, the mail that left.
//! The server opens these doors in training only, where people are invented and nothing leaves.

mod aidant;
mod departed;
mod guide;
mod phone;

use std::sync::Arc;

use axum::Router;
use maincourante_identity::TotpSecret;
use maincourante_kernel::Kernel;
use maincourante_mailbox::Mailbox;
use maincourante_shell::{Audience, Door, Doors, Space};

/// Where one begins.
pub const GUIDE: &str = "/bac-a-sable";

/// Where one signs in as someone who helps; `?qui=` is their place in the table.
pub const AIDANT: &str = "/bac-a-sable/aidant";

/// Where the fictitious phone is.
pub const PHONE: &str = "/bac-a-sable/telephone";

/// Where the mail that left is shown.
pub const DEPARTED: &str = "/bac-a-sable/courrier-parti";

/// What these pages read.
#[derive(Clone)]
pub struct Sandbox {
    /// Time and base.
    pub kernel: Kernel,
    /// The mail that left.
    pub mailbox: Mailbox,
    /// Who is in it.
    pub guide: Arc<Guide>,
}

/// Who is in a sandbox: nobody, where a service was put in training without a demo. Everything here is printed at the start anyway.
#[derive(Default)]
pub struct Guide {
    /// Who helps.
    pub aidants: Vec<GuideAidant>,
    /// Who is helped.
    pub people: Vec<GuidePerson>,
}

/// An invented aidant.
pub struct GuideAidant {
    /// Their name.
    pub name: String,
    /// What they are, in a few words.
    pub role: String,
    /// For which structure.
    pub structure: String,
    /// What they sign in with.
    pub login: String,
    /// Their password.
    pub password: String,
    /// Their authenticator.
    pub totp: TotpSecret,
    /// What there is to see.
    pub look: String,
}

/// An invented person.
pub struct GuidePerson {
    /// Their name.
    pub name: String,
    /// The structure that helps them.
    pub structure: String,
    /// Their address.
    pub address: String,
    /// Their password; empty when they have not chosen one.
    pub password: String,
    /// Their phone; empty when they have none.
    pub phone: String,
    /// What there is to see.
    pub look: String,
}

/// The router of these pages, and the table of their doors.
pub fn doors() -> (Router<Sandbox>, Vec<Door>) {
    let space = Space { home: crate::routes::HOME, entrance: crate::routes::SIGN_IN, lock: crate::routes::SIGN_IN, ..Space::PUBLIC };
    let (pages, mut doors) = Doors::of(space).get(GUIDE, guide::show).get(PHONE, phone::show).get(DEPARTED, departed::show).open();
    // The form of this one is sent to the sign-in page of those who help: it is bound to their cookie, as that page is.
    let desk = Space { audience: Audience::Aidant, home: GUIDE, entrance: GUIDE, sign_out: None, ..space };
    let (desk_pages, desk_doors) = Doors::of(desk).get(AIDANT, aidant::show).open();
    doors.extend(desk_doors);
    (pages.merge(desk_pages), doors)
}
