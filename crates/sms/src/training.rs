//! What the fictitious phone shows.

use maincourante_kernel::{Failure, Timestamp, Tx};

use crate::store;

/// A message on the fictitious phone.
#[derive(Debug, sqlx::FromRow)]
pub struct TrainingSms {
    /// The number it was sent to, in E.164.
    pub recipient: String,
    /// Its words.
    pub body: String,
    /// When it arrived.
    pub received_at: Timestamp,
}

/// The last messages of the fictitious phone, newest first.
pub async fn training_phone(tx: &mut Tx) -> Result<Vec<TrainingSms>, Failure> {
    store::training_phone(tx).await
}
