//! What outlives a request: a warm connection per session, one command at a time in each, many sessions side by side.
//!
//! An open box is keyed by session and dies with it: when the session is closed here, when the database says that it no
//! longer lives (asked again at most every [`ASK`]), or when no page was asked for during [`IDLE`]. Reaching into one takes
//! an `Own`, made anew in each request.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use maincourante_identity::{Own, SessionId, UsagerId, sessions};
use maincourante_kernel::clock::{Span, minutes, seconds};
use maincourante_kernel::{Failure, Kernel, Timestamp};
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout_at;

use super::command::Command;
use super::connect::Server;
use super::connection::Connection;
use super::trouble::Trouble;
use super::wire::Patience;

/// A session is asked after again this long after it last proved alive.
pub(crate) const ASK: Span = seconds(30);
/// A connection unused for this long is closed.
const IDLE: Span = minutes(5);

/// The connections that are kept warm.
#[derive(Default)]
pub(crate) struct Boxes {
    open: Mutex<HashMap<SessionId, Arc<OpenBox>>>,
}

struct OpenBox {
    usager: UsagerId,
    /// When an `Own` last reached in: the session lived then.
    used_at: Mutex<Timestamp>,
    /// When the session was last known to live.
    alive_at: Mutex<Timestamp>,
    warm: Arc<tokio::sync::Mutex<Option<Connection>>>,
}

/// A connection, for one operation. It goes back to its box if its last command ended, and is thrown away otherwise.
pub(crate) struct Lease {
    connection: Option<Connection>,
    warm: OwnedMutexGuard<Option<Connection>>,
}

impl Lease {
    /// The connection, ready for a command.
    pub(crate) fn connection(&mut self) -> Result<&mut Connection, Trouble> {
        self.connection.as_mut().ok_or(Trouble::Away("a connection was not opened"))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        *self.warm = self.connection.take().filter(Connection::is_sound);
    }
}

impl Boxes {
    /// The connection of this session: the warm one if it still answers, else a new one.
    pub(crate) async fn lease(&self, server: &Server, own: &Own, from: IpAddr, kernel: &Kernel) -> Result<Lease, Trouble> {
        let now = kernel.now();
        let patience = Patience::new();
        let warm = {
            let mut open = self.lock();
            let new =
                || Arc::new(OpenBox { usager: own.usager(), used_at: Mutex::new(now), alive_at: Mutex::new(now), warm: Arc::default() });
            let open_box = open.entry(own.session()).or_insert_with(new);
            *lock(&open_box.used_at) = now;
            *lock(&open_box.alive_at) = now;
            Arc::clone(&open_box.warm)
        };
        let mut warm = timeout_at(patience.until(), warm.lock_owned()).await.map_err(|_| Trouble::Away("the session's mailbox is busy"))?;
        let mut lease = Lease { connection: warm.take(), warm };
        if let Some(connection) = &mut lease.connection {
            connection.set_patience(patience);
            if let Err(trouble) = connection.run(Command::new("NOOP")).await {
                tracing::debug!(?trouble, "a warm connection had gone");
                lease.connection = None;
            }
        }
        if lease.connection.is_none() {
            lease.connection = Some(server.connect(own, from, kernel, patience).await?);
        }
        Ok(lease)
    }

    /// Closes the box of a session.
    pub(crate) fn close(&self, session: SessionId) {
        self.lock().remove(&session);
    }

    /// Closes every box of a person.
    pub(crate) fn close_all_of(&self, usager: UsagerId) {
        self.lock().retain(|_, open_box| open_box.usager != usager);
    }

    /// Closes what is idle and what belongs to a session that no longer lives.
    pub(crate) async fn tend(&self, kernel: &Kernel) -> Result<(), Failure> {
        let now = kernel.now();
        self.lock().retain(|_, open_box| now.since(*lock(&open_box.used_at)) < IDLE);
        let due: Vec<_> =
            self.lock().iter().filter(|(_, open_box)| now.since(*lock(&open_box.alive_at)) >= ASK).map(|(session, _)| *session).collect();
        for session in due {
            if !sessions::is_alive(kernel, session).await? {
                self.close(session);
            } else if let Some(open_box) = self.lock().get(&session) {
                *lock(&open_box.alive_at) = now;
            }
        }
        Ok(())
    }

    /// How many boxes are open.
    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SessionId, Arc<OpenBox>>> {
        lock(&self.open)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
