//! What outlives a request: a warm connection per session, one command at a time in each, many sessions side by side.
//!
//! An open box is keyed by session and dies with it: when the session is closed here, when the database says that it no
//! longer lives (asked again at most every [`ASK`]), or when no page was asked for during [`IDLE`]. Beyond [`MOST`] the one that
//! waited longest makes room: a mail server has a limit too, and who comes back is only let in anew. Reaching into one takes
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
/// How many are kept warm by one process. Dovecot as `deploy/` sets it takes 1024, and two processes share it.
pub(crate) const MOST: usize = 400;

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
            let warm = Arc::clone(&open_box.warm);
            make_room(&mut open, own.session());
            warm
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

/// Closes the box unused for longest, if there is one too many; never the one that is being opened.
fn make_room(open: &mut HashMap<SessionId, Arc<OpenBox>>, opening: SessionId) {
    if open.len() > MOST {
        let oldest = open.iter().filter(|(session, _)| **session != opening).min_by_key(|(_, open_box)| *lock(&open_box.used_at));
        if let Some(session) = oldest.map(|(session, _)| *session) {
            open.remove(&session);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use maincourante_kernel::Chance;

    use super::*;

    #[test]
    fn the_one_that_waited_longest_makes_room_and_never_the_one_that_comes() {
        let (chance, dawn) = (Chance::seeded(7), Timestamp::from_micros(0));
        let mut open = HashMap::new();
        let mut opens = |after: Span| {
            let session = SessionId::new(&chance, dawn);
            let at = dawn.plus(after);
            let usager = UsagerId::new(&chance, dawn);
            let open_box = OpenBox { usager, used_at: Mutex::new(at), alive_at: Mutex::new(at), warm: Arc::default() };
            open.insert(session, Arc::new(open_box));
            make_room(&mut open, session);
            assert!(open.contains_key(&session), "the one that comes stays, even when its clock is behind");
            (session, open.keys().copied().collect::<Vec<_>>())
        };
        let (first, _) = opens(minutes(1));
        let (second, _) = opens(minutes(2));
        for _ in 2..MOST {
            opens(minutes(3));
        }
        let (late, left) = opens(minutes(0));
        assert_eq!(left.len(), MOST);
        assert!(!left.contains(&first), "it waited longest");
        let (_, left) = opens(minutes(4));
        assert_eq!(left.len(), MOST);
        assert!(left.contains(&second) && !left.contains(&late), "then the one whose clock is behind");
    }
}
