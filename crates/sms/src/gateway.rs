//! Where a message goes: a closed list.

use std::sync::{Arc, Mutex, PoisonError};

use maincourante_kernel::{Failure, Kernel};
use uuid::Uuid;

use crate::store;

/// The way out for messages.
#[derive(Clone)]
pub enum Gateway {
    /// The fictitious phone of the demo and of training: nothing leaves the machine.
    Training,
    /// Kept in memory, for tests.
    Memory(Memory),
}

/// What a test's gateway received: number and words.
pub type Memory = Arc<Mutex<Vec<(String, String)>>>;

impl Gateway {
    /// Its name in the journal.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Memory(_) => "memory",
        }
    }

    pub(crate) async fn hand_over(&self, kernel: &Kernel, id: Uuid, to: &str, body: &str) -> Result<(), Failure> {
        match self {
            Self::Training => {
                let mut tx = kernel.db.write().await?;
                store::insert_training(&mut tx, id, to, body, kernel.now()).await?;
                tx.commit().await
            }
            Self::Memory(received) => {
                received.lock().unwrap_or_else(PoisonError::into_inner).push((to.to_owned(), body.to_owned()));
                Ok(())
            }
        }
    }
}
