//! The pages of the sandbox: the fictitious phone that receives text messages, and the mail that left.
//! The server opens these doors in training only, where people are invented and nothing leaves.

mod departed;
mod phone;

use std::sync::Arc;

use axum::Router;
use maincourante_identity::TotpSecret;
use maincourante_kernel::Kernel;
use maincourante_mailbox::Mailbox;
use maincourante_shell::{Door, Doors, Space};

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
    /// The authenticators of the invented aidants, by name: their secrets are printed at the start anyway.
    pub authenticators: Arc<[(String, TotpSecret)]>,
}

/// The router of these pages, and the table of their doors.
pub fn doors() -> (Router<Sandbox>, Vec<Door>) {
    let space = Space { home: crate::routes::HOME, entrance: crate::routes::SIGN_IN, lock: crate::routes::SIGN_IN, ..Space::PUBLIC };
    Doors::of(space).get(PHONE, phone::show).get(DEPARTED, departed::show).open()
}
