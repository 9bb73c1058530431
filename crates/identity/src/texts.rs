//! Text messages that left, written in the journal of the person they are about.

use maincourante_kernel::Failure;
use maincourante_sms as sms;
use uuid::Uuid;

use crate::{Identity, entries};

/// The job behind a queued message: hands it to the gateway, and writes that it left.
///
/// # Errors
/// When the gateway is away: the job comes back later.
pub async fn deliver_text(identity: &Identity, gateway: &sms::Gateway, message: Uuid) -> Result<(), Failure> {
    sms::deliver(&identity.kernel, gateway, message, async |tx, sent| match sent.about {
        Some(usager) => entries::text_sent(tx, &identity.kernel, usager, sent.template, sent.gateway).await,
        None => Ok(()),
    })
    .await
}
