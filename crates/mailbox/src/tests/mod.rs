//! Scenes: people at their own letters, on files, on a real mail server, and on servers that misbehave.

mod conformance;
mod dovecot;
mod draft;
mod outbox;
mod proxy;
mod smtp;
mod tls;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use maincourante_identity::{Own, UsagerId, testing as people};
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::clock::{minutes, seconds};
use maincourante_kernel::testing::{TestKernel, sqlite};
use maincourante_kernel::{Clock, Kernel};
use serde::Deserialize;

use crate::{ImapSettings, Mailbox, RelaySettings, Security, Settings, SourceSettings};

/// From where the people of these scenes ask.
pub(super) const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));

/// A context and the kernel it stands on.
pub(super) struct World {
    pub mailbox: Mailbox,
    pub kernel: Kernel,
    _base: TestKernel,
    mail: tempfile::TempDir,
}

impl World {
    /// On this base: mailboxes of files, a relay in memory.
    pub fn on(base: TestKernel, relay: RelaySettings) -> Self {
        let mail = tempfile::tempdir().unwrap();
        let kernel = base.kernel.clone();
        let settings = Settings { source: SourceSettings::Maildir { root: mail.path().to_owned() }, relay, undo: minutes(1) };
        Self { mailbox: Mailbox::new(&kernel, &settings).unwrap(), kernel, _base: base, mail }
    }

    /// On SQLite: mailboxes of files, a relay in memory.
    pub async fn files() -> Self {
        Self::on(sqlite().await, RelaySettings::Memory)
    }

    /// On a real mail server at this port; tokens need the true time, which can then be moved on.
    pub async fn imap(server: &Dovecot, port: u16, relay: RelaySettings) -> Self {
        let base = sqlite().await;
        let kernel = Kernel { clock: Clock::held(Clock::System.now()), ..base.kernel.clone() };
        let source = SourceSettings::Imap(ImapSettings {
            host: "127.0.0.1".into(),
            port,
            security: Security::Plain,
            issuer: server.issuer.clone(),
            kid: server.kid.clone(),
            key_file: server.key_file.clone(),
        });
        // A letter leaves at once: with a clock moved on, tokens would be of the future.
        let settings = Settings { source, relay, undo: seconds(0) };
        Self { mailbox: Mailbox::new(&kernel, &settings).unwrap(), kernel, _base: base, mail: tempfile::tempdir().unwrap() }
    }

    /// Someone with an account and a mailbox.
    pub async fn person(&self, address: &str) -> UsagerId {
        let usager = people::usager(&people::identity(&self.kernel), address, None).await;
        let address: MailAddress = address.parse().unwrap();
        assert_eq!(self.mailbox.prepare(&address).await.unwrap(), crate::Progress::Done);
        usager
    }

    /// Them, signed in.
    pub async fn signed_in(&self, usager: UsagerId) -> Own {
        people::own(&self.kernel, usager).await
    }
}

/// A real mail server, as `cargo xtask test` describes it.
#[derive(Deserialize)]
pub(super) struct Dovecot {
    pub imap_port: u16,
    pub lmtp_port: u16,
    pub issuer: String,
    pub kid: String,
    pub key_file: PathBuf,
    pub people: Vec<String>,
}

/// A real submission server, as `cargo xtask test` describes it.
#[derive(Deserialize)]
pub(super) struct Postfix {
    #[serde(rename = "submission_port")]
    pub port: u16,
    #[serde(rename = "submission_user")]
    pub user: String,
    #[serde(rename = "submission_password")]
    pub password: String,
}

/// Where a peer is, if it was started; a test that finds none says that it did not run.
pub(super) fn peer<T: for<'de> Deserialize<'de>>(variable: &'static str) -> Option<T> {
    #[expect(clippy::disallowed_methods, reason = "tests learn from `cargo xtask test` where the peers are")]
    let (file, strict) = (std::env::var(variable), std::env::var("MAINCOURANTE_STRICT").is_ok());
    let Ok(file) = file else {
        assert!(!strict, "{variable} is not set");
        eprintln!("NOT RUN: {variable} is not set (cargo xtask test sets it)");
        return None;
    };
    Some(serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap())
}

pub(super) fn dovecot() -> Option<Dovecot> {
    peer("MAINCOURANTE_TEST_DOVECOT")
}

/// Pages await these from threads that change: a future that could not follow would not compile here.
#[tokio::test]
async fn what_pages_await_may_cross_threads() {
    fn crosses<T: Send>(future: T) -> T {
        future
    }
    let world = World::files().await;
    let usager = world.person("josette@exemple-mail.fr").await;
    let own = world.signed_in(usager).await;
    let mine = world.mailbox.of(&own, HOME);
    assert!(crosses(mine.inbox(None)).await.unwrap().here().is_some());
    assert!(crosses(mine.sent(None)).await.unwrap().outbox.is_empty());
    let none = "recu-1-1".parse().unwrap();
    assert!(crosses(mine.open(none)).await.unwrap().here().unwrap().is_none());
    assert!(crosses(mine.attachment(none, 0)).await.unwrap().here().unwrap().is_none());
    let none = world.kernel.chance.uuid(world.kernel.now()).into();
    assert!(crosses(mine.outbox(none)).await.unwrap().is_none());
    assert_eq!(crosses(crate::outbox::send(&world.mailbox, none)).await.unwrap(), crate::Progress::Done);
    crosses(world.mailbox.tend()).await.unwrap();
}

/// A word that no other letter of a shared server bears.
pub(super) fn mark() -> String {
    format!("m{}", maincourante_kernel::Chance::System.token().replace(['-', '_'], "x"))
}
