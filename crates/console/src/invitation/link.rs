//! `/invitation/lien/{token}`: the link of a letter. It goes into a cookie at once and out of the address: histories, screens and
//! servers keep addresses. Opening it uses nothing up, for programs that read letters open links too.

use maincourante_kernel::Secret;
use maincourante_shell::{Answer, At, CookieName, Keep, With, go};

use crate::routes;
use crate::who::AtEntrance;

/// Longer than any token of ours.
const LONGEST: usize = 100;

pub(crate) async fn show(AtEntrance { shell, .. }: AtEntrance, At(token): At<String>) -> Answer {
    let ours = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if token.len() > LONGEST || !token.chars().all(ours) {
        return go(routes::INVITATION).with(shell.forget(CookieName::Invitation));
    }
    go(routes::INVITATION).with(shell.keep(CookieName::Invitation, &Secret::new(token), Keep::UntilClosed))
}
