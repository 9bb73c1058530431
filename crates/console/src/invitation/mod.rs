//! The pages of someone who was invited into a team, by the link of their letter.

pub(crate) mod accept;
pub(crate) mod device;
pub(crate) mod link;
pub(crate) mod welcome;

use askama::Template;
use maincourante_kernel::Secret;
use maincourante_mandates::joining::Shut;
use maincourante_shell::{Answer, CookieName, Icon, Shell, With, forbidden};
use rust_i18n::t;

#[derive(Template)]
#[template(path = "console/invitation/shut.html")]
struct Page {
    shell: Shell,
    title: String,
    advice: String,
}

/// The link of the letter, out of its cookie; without one, nothing has it.
fn token(shell: &Shell) -> Secret<String> {
    shell.cookie(CookieName::Invitation).unwrap_or_default()
}

/// The page that says why a link serves no more.
fn shut(shell: Shell, why: Shut) -> Answer {
    let (title, advice) = match why {
        Shut::Unknown => (t!("joining.unknown"), t!("joining.unknown_advice")),
        Shut::Expired => (t!("joining.expired"), t!("joining.expired_advice")),
        Shut::Used => (t!("joining.used"), t!("joining.used_advice")),
        Shut::Withdrawn => (t!("joining.withdrawn"), t!("joining.withdrawn_advice")),
        Shut::StructureClosed => (t!("joining.structure_closed"), t!("joining.structure_closed_advice")),
        Shut::AccessClosed => (t!("joining.access_closed"), t!("joining.access_closed_advice")),
    };
    let forget = shell.forget(CookieName::Invitation);
    forbidden(&Page { shell, title: title.into_owned(), advice: advice.into_owned() }).with(forget)
}
