//! The little world of the scenes: Josette Lambert, whose account Nadia of the CCAS opened; the site that serves her pages;
//! her letters, in folders of files.

use axum::Router;
use data_encoding::BASE64_MIME;
use maincourante_identity::testing::PASSWORD;
use maincourante_identity::{UsagerId, deliver_text};
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::clock::minutes;
use maincourante_kernel::testing::{self, TestKernel};
use maincourante_kernel::{Kernel, jobs};
use maincourante_mailbox::{
    ImapSettings, Mailbox, MemoryRelay, Progress, Received, RelaySettings, Security, Settings as MailSettings, SourceSettings, outbox,
};
use maincourante_mandates::testing::{Worker, World as Ccas};
use maincourante_mandates::{MemberRole, PersonFields};
use maincourante_shell::{Help, People, Settings, Site, around};
use maincourante_sms as sms;
use maincourante_usager::{App, doors};

use crate::browser::{Browser, ORIGIN};

pub const JOSETTE: &str = "josette.lambert@exemple-mail.fr";
pub const RENE: &str = "rene.petit@exemple-mail.fr";
pub const PHONE: &str = "06 39 98 12 34";

pub struct World {
    pub ccas: Ccas,
    pub nadia: Worker,
    pub mailbox: Mailbox,
    pub site: Router,
    folder: tempfile::TempDir,
}

impl World {
    pub async fn new() -> Self {
        Self::on(testing::sqlite().await).await
    }

    pub async fn on(kernel: TestKernel) -> Self {
        let ccas = Ccas::new(kernel).await;
        let nadia = ccas.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let folder = tempfile::tempdir().expect("a folder");
        let source = SourceSettings::Maildir { root: folder.path().join("mail") };
        let mailbox = mailbox(ccas.kernel(), source);
        let site = site(&ccas, &mailbox);
        Self { ccas, nadia, mailbox, site, folder }
    }

    /// A world where Josette has her account, under a mandate of the CCAS.
    pub async fn with_josette() -> Self {
        let world = Self::new().await;
        world.opens(&Ccas::josette()).await;
        world
    }

    pub async fn opens(&self, fields: &PersonFields) -> UsagerId {
        self.ccas.opens_account(&self.nadia, fields).await
    }

    /// René, who lives next door, signed in.
    pub async fn with_rene(&self) -> Browser {
        let rene =
            PersonFields { given_names: "René".into(), family_name: "Petit".into(), phone: "06 39 98 56 78".into(), ..Ccas::josette() };
        self.opens(&rene).await;
        self.signed_in(RENE).await
    }

    pub fn kernel(&self) -> &Kernel {
        self.ccas.kernel()
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.site)
    }

    /// A browser whose owner has signed in, on a shared computer.
    pub async fn signed_in(&self, address: &str) -> Browser {
        let mut browser = self.browser();
        browser.get("/connexion").await.ok();
        browser.submit("/connexion", &[("login", address), ("password", PASSWORD)]).await.goes("/messages");
        browser
    }

    pub async fn josette(&self) -> Browser {
        self.signed_in(JOSETTE).await
    }

    /// A letter arrives for Josette.
    pub async fn receives(&self, letter: &str) {
        self.delivers(JOSETTE, letter).await;
    }

    pub async fn delivers(&self, address: &str, letter: &str) {
        let address: MailAddress = address.parse().expect("an address");
        assert_eq!(self.mailbox.prepare(&address).await.expect("a mailbox"), Progress::Done);
        let (key, now) = (self.kernel().chance.token(), self.kernel().now());
        let received = self.mailbox.deliver(&address, &key, letter.replace('\n', "\r\n").as_bytes(), now).await.expect("a disk");
        assert_eq!(received, Received::Done);
    }

    /// What left for the rest of the world.
    pub fn relay(&self) -> MemoryRelay {
        self.mailbox.memory().expect("a relay in memory")
    }

    /// Runs every job that is due, as the server does.
    pub async fn jobs_run(&self) {
        let kernel = self.kernel();
        loop {
            let mut tx = kernel.db.write().await.expect("a transaction");
            let Some(job) = jobs::claim(&mut tx, kernel.now()).await.expect("the base") else { return };
            tx.commit().await.expect("a commit");
            let progress = match job.kind.as_str() {
                outbox::SEND => {
                    outbox::send(&self.mailbox, job.payload::<outbox::Send>().expect("a letter").letter).await.expect("a relay")
                }
                sms::DELIVER => {
                    let message = job.payload::<sms::Deliver>().expect("a message").message;
                    deliver_text(&self.ccas.context.identity, &sms::Gateway::Memory(self.ccas.phone.clone()), message)
                        .await
                        .expect("a phone");
                    Progress::Done
                }
                _ => Progress::Done,
            };
            let mut tx = kernel.db.write().await.expect("a transaction");
            match progress {
                Progress::Done => jobs::done(&mut tx, &job, kernel.now()).await.expect("the base"),
                Progress::Later | Progress::Away => jobs::retry(&mut tx, &job, kernel.now()).await.expect("the base"),
            }
            tx.commit().await.expect("a commit");
        }
    }

    /// The same pages while the mail server does not answer.
    pub fn while_mail_is_away(&self, browser: &Browser) -> Browser {
        let key_file = self.folder.path().join("token.pem");
        std::fs::write(&key_file, signing_key()).expect("a file");
        let source = SourceSettings::Imap(ImapSettings {
            host: "127.0.0.1".into(),
            // Nothing listens there: the port is reserved (RFC 6335).
            port: 1,
            security: Security::Plain,
            issuer: ORIGIN.into(),
            kid: "test".into(),
            key_file,
        });
        browser.elsewhere(&site(&self.ccas, &mailbox(self.kernel(), source)))
    }
}

fn mailbox(kernel: &Kernel, source: SourceSettings) -> Mailbox {
    let settings = MailSettings { source, relay: RelaySettings::Memory, undo: minutes(1) };
    Mailbox::new(kernel, &settings).expect("a mailbox")
}

fn site(ccas: &Ccas, mailbox: &Mailbox) -> Router {
    let settings = Settings {
        service: "Monespace".into(),
        origin: ORIGIN.into(),
        help: Help {
            who: "le CCAS de Vaudorme".into(),
            phone: "01 99 00 12 34".parse().expect("a number"),
            hours: "du lundi au vendredi".into(),
        },
        proxies: Vec::new(),
        people: People::Real,
    };
    let site = Site::new(settings, ccas.kernel());
    let app = App { identity: ccas.context.identity.clone(), mandates: ccas.context.clone(), mailbox: mailbox.clone() };
    around(doors().0.with_state(app), &site).expect("a site")
}

#[expect(clippy::disallowed_methods, reason = "a key for tests: the library that makes it asks for the system's own randomness")]
fn signing_key() -> String {
    let random = ring::rand::SystemRandom::new();
    let key = ring::signature::EcdsaKeyPair::generate_pkcs8(&ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64_MIME.encode(key.as_ref()))
}
