//! Opens a connection as a person: line, protection, who is asking, token.
//!
//! `ID` comes before the token (RFC 2971, with the fields that Dovecot understands from a trusted front): failures are then
//! counted against the person's own network address, and not against ours, which is everyone's.

use std::net::IpAddr;

use data_encoding::BASE64;
use maincourante_identity::Own;
use maincourante_kernel::{Failure, Kernel, Secret};
use tokio::time::timeout_at;

use super::command::Command;
use super::connection::Connection;
use super::trouble::Trouble;
use super::wire::Patience;
use crate::line::{IN_CLEAR, NoLine, Place};
use crate::settings::ImapSettings;
use crate::token::{self, TokenKey};

/// A mail server, and how to reach it.
pub(crate) struct Server {
    place: Place,
    key: TokenKey,
}

impl Server {
    pub(crate) fn new(settings: &ImapSettings) -> Result<Self, Failure> {
        let place = Place::new(&settings.host, settings.port, &settings.security)?;
        Ok(Self { place, key: TokenKey::read(&settings.key_file, &settings.issuer, &settings.kid)? })
    }

    /// A connection on which the person's own folders may be opened.
    pub(crate) async fn connect(&self, own: &Own, from: IpAddr, kernel: &Kernel, patience: Patience) -> Result<Connection, Trouble> {
        let mut connection = self.greeted(patience).await?;
        if connection.can("ID") {
            let who = format!("(\"x-originating-ip\" \"{from}\" \"x-session-ext-id\" \"{}\")", own.session());
            connection.run(Command::new("ID").raw(who)).await?;
        }
        let token =
            token::mint(own, &self.key, kernel.now(), &kernel.chance).map_err(|_| Trouble::Nonsense("a mail token could not be signed"))?;
        connection.authenticate(self.bearer(own, &token).reveal()).await?;
        Ok(connection)
    }

    /// A connection on which nobody is known yet.
    pub(crate) async fn greeted(&self, patience: Patience) -> Result<Connection, Trouble> {
        let line =
            timeout_at(patience.until(), self.place.line()).await.map_err(|_| Trouble::Away("the server cannot be reached in time"))??;
        Connection::greeted(line, patience).await
    }

    /// What OAUTHBEARER says (RFC 7628, section 3.1), in base64.
    fn bearer(&self, own: &Own, token: &Secret<String>) -> Secret<String> {
        // RFC 5801, section 4: two characters of a name are written otherwise.
        let name = own.address().as_str().replace('=', "=3D").replace(',', "=2C");
        let Place { host, port, .. } = &self.place;
        let said = Secret::new(format!("n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {}\x01\x01", token.reveal()));
        Secret::new(BASE64.encode(said.reveal().as_bytes()))
    }
}

impl From<NoLine> for Trouble {
    fn from(reason: NoLine) -> Self {
        match reason {
            NoLine::Away(_) => Self::Away("the connection broke"),
            NoLine::InClear => Self::Nonsense(IN_CLEAR),
        }
    }
}
