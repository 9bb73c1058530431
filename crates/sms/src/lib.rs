//! Text messages: their words, the gateways, delivery.
//!
//! A message is queued in the transaction of the act that wants it, sealed; a job hands it to the gateway;
//! its words are then wiped. Delivery may run twice: the same message leaves once, unless the
//! program dies between the gateway's answer and its own note of it.
//!
//! Deliberately knows nothing of why a text is sent.

rust_i18n::i18n!("locales", fallback = "fr");

mod gateway;
mod gsm7;
mod store;
#[cfg(test)]
mod tests;
mod text;
mod training;

pub use gateway::{Gateway, Memory};
pub use text::Text;
pub use training::{TrainingSms, training_phone};

use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx, jobs};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The job that hands a queued message to the gateway.
pub const DELIVER: &str = "sms.deliver";

/// What the job [`DELIVER`] carries.
#[derive(Serialize, Deserialize)]
pub struct Deliver {
    /// The message to hand over.
    pub message: Uuid,
}

/// A message that has just left.
#[derive(Debug)]
pub struct Sent {
    /// Which text it was: `code`, `password_changed`…
    pub template: &'static str,
    /// Whom it is about, when it was said.
    pub about: Option<Uuid>,
    /// Through which gateway.
    pub gateway: &'static str,
}

/// Queues a message in the transaction of the act that wants it.
pub async fn queue(tx: &mut Tx, kernel: &Kernel, to: &PhoneNumber, text: &Text<'_>, about: Option<Uuid>) -> Result<(), Failure> {
    let now = kernel.now();
    let id = kernel.chance.uuid(now);
    let seal = |column, plain: &str| kernel.vault.seal(column, id.as_bytes(), plain.as_bytes(), &kernel.chance);
    let message = store::NewMessage {
        id,
        template: text.name(),
        about,
        recipient: seal("sms.recipient", to.e164()),
        body: seal("sms.body", &text.words()),
        queued_at: now,
    };
    store::insert(tx, &message).await?;
    jobs::enqueue(tx, DELIVER, &Deliver { message: id }, now, &kernel.chance).await
}

/// Hands a queued message to the gateway; nothing when it has already left.
/// `record` writes that it left, in the transaction that notes it.
///
/// # Errors
/// When the gateway is away: the job comes back later.
pub async fn deliver(
    kernel: &Kernel,
    gateway: &Gateway,
    message: Uuid,
    record: impl AsyncFnOnce(&mut Tx, Sent) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut tx = kernel.db.read().await?;
    let Some(waiting) = store::find_waiting(&mut tx, message).await? else { return Ok(()) };
    drop(tx);
    let open = |column, sealed: &[u8]| -> Result<String, Failure> {
        Ok(String::from_utf8(kernel.vault.open(column, message.as_bytes(), sealed)?.to_vec())?)
    };
    let to = open("sms.recipient", &waiting.recipient)?;
    let body = open("sms.body", &waiting.body)?;
    gateway.hand_over(kernel, message, &to, &body).await?;

    let mut tx = kernel.db.write().await?;
    if store::mark_sent(&mut tx, message, gateway.name(), kernel.now()).await? {
        let template = Text::named(&waiting.template).ok_or_else(|| Failure::new("a message of an unknown template"))?;
        record(&mut tx, Sent { template, about: waiting.about, gateway: gateway.name() }).await?;
    }
    tx.commit().await
}

/// How long ago the oldest waiting message was queued, for the operator.
pub async fn oldest_waiting(tx: &mut Tx) -> Result<Option<Timestamp>, Failure> {
    store::oldest_waiting(tx).await
}
