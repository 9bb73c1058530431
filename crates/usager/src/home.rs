//! `/`: to one's messages; to sign-in for who is not signed in, as every page of a person does.

use maincourante_shell::{Answer, SignedInUsager, go};

use crate::routes;

pub(crate) async fn show(_: SignedInUsager) -> Answer {
    go(routes::INBOX)
}
