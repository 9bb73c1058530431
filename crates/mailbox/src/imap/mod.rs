//! A mail server as a source of letters (IMAP4rev1 and rev2: RFC 3501, RFC 9051), opened as the person and never otherwise.
//!
//! Our own small client: one tokenizer for every response, with caps on bytes and depth; the status of every command
//! checked; arguments that cannot break a line; patience that ends. Why, and what else was tried: `docs/decisions/0004`.

mod boxes;
mod command;
mod connect;
mod connection;
mod fetch;
mod folders;
mod moving;
mod searching;
#[cfg(test)]
mod tests;
mod token;
mod trouble;
mod wire;

use std::net::IpAddr;

use maincourante_identity::{Own, SessionId, UsagerId};
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::{Failure, Kernel, Timestamp};

pub(crate) use boxes::ASK;
#[cfg(test)]
pub(crate) use connection::Connection;
pub(crate) use trouble::{Trouble, reach};

use crate::folder::{Counts, Folder, Moved, Page, Reference, Stored};
use crate::leaving::Leaving;
use crate::search::{Found, Sought};
use crate::settings::ImapSettings;
use boxes::{Boxes, Lease};
use connect::Server;

/// A mail server, and the connections kept warm to it.
pub(crate) struct Imap {
    server: Server,
    boxes: Boxes,
    kernel: Kernel,
}

impl Imap {
    pub(crate) fn new(settings: &ImapSettings, kernel: &Kernel) -> Result<Self, Failure> {
        Ok(Self { server: Server::new(settings)?, boxes: Boxes::default(), kernel: kernel.clone() })
    }

    pub(crate) async fn page(&self, own: &Own, from: IpAddr, folder: Folder, after: Option<Reference>) -> Result<Page, Trouble> {
        self.lease(own, from).await?.connection()?.page(folder, after).await
    }

    pub(crate) async fn search(
        &self,
        own: &Own,
        from: IpAddr,
        folder: Folder,
        sought: &Sought,
        after: Option<Reference>,
    ) -> Result<Found, Trouble> {
        self.lease(own, from).await?.connection()?.search(folder, sought, after).await
    }

    pub(crate) async fn counts(&self, own: &Own, from: IpAddr, folder: Folder) -> Result<Counts, Trouble> {
        self.lease(own, from).await?.connection()?.counts(folder).await
    }

    pub(crate) async fn letter(&self, own: &Own, from: IpAddr, reference: Reference) -> Result<Option<Stored>, Trouble> {
        self.lease(own, from).await?.connection()?.letter(reference).await
    }

    /// The connection is given back between two pieces: whoever takes a minute to fetch a file can read on meanwhile.
    pub(crate) async fn piece(
        &self,
        own: &Own,
        from: IpAddr,
        reference: Reference,
        at: usize,
        most: usize,
    ) -> Result<Option<Vec<u8>>, Trouble> {
        self.lease(own, from).await?.connection()?.piece(reference, at, most).await
    }

    pub(crate) async fn mark_seen(&self, own: &Own, from: IpAddr, reference: Reference) -> Result<(), Trouble> {
        self.lease(own, from).await?.connection()?.mark_seen(reference).await
    }

    pub(crate) async fn is_there(&self, own: &Own, from: IpAddr, reference: Reference) -> Result<bool, Trouble> {
        self.lease(own, from).await?.connection()?.is_there(reference).await
    }

    pub(crate) async fn relocate(&self, own: &Own, from: IpAddr, reference: Reference) -> Result<Moved, Trouble> {
        self.lease(own, from).await?.connection()?.relocate(reference).await
    }

    pub(crate) async fn first_from(&self, own: &Own, from: IpAddr, sender: &MailAddress) -> Result<Option<Timestamp>, Trouble> {
        self.lease(own, from).await?.connection()?.first_from(sender).await
    }

    pub(crate) async fn has_sent(&self, own: &Own, from: IpAddr, message_id: &str) -> Result<bool, Trouble> {
        self.lease(own, from).await?.connection()?.has_sent(message_id).await
    }

    pub(crate) async fn file_sent(&self, own: &Own, from: IpAddr, message_id: &str, letter: &Leaving) -> Result<(), Trouble> {
        self.lease(own, from).await?.connection()?.file_sent(message_id, letter, &self.kernel).await
    }

    /// Whether the server is there: nothing more can be known without an `Own`.
    pub(crate) async fn greet(&self) -> Result<(), Trouble> {
        self.server.greeted(wire::Patience::new()).await.map(drop)
    }

    pub(crate) fn close(&self, session: SessionId) {
        self.boxes.close(session);
    }

    pub(crate) fn close_all_of(&self, usager: UsagerId) {
        self.boxes.close_all_of(usager);
    }

    pub(crate) async fn tend(&self) -> Result<(), Failure> {
        self.boxes.tend(&self.kernel).await
    }

    #[cfg(test)]
    pub(crate) fn open_boxes(&self) -> usize {
        self.boxes.count()
    }

    /// A connection on which nobody is known, for tests of who may enter.
    #[cfg(test)]
    pub(crate) async fn stranger(port: u16) -> Result<Connection, Trouble> {
        let line = tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
        Connection::greeted(Box::new(line), wire::Patience::new()).await
    }

    async fn lease(&self, own: &Own, from: IpAddr) -> Result<Lease, Trouble> {
        self.boxes.lease(&self.server, own, from, &self.kernel).await
    }
}
