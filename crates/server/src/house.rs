//! The contexts of one running service, built from a folder or from a configuration, and given to pages and jobs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, fs};

use maincourante_identity::{Hasher, Identity, Service};
use maincourante_journal::{ServiceName, Signer};
#[cfg(debug_assertions)]
use maincourante_kernel::clock::Span;
use maincourante_kernel::clock::seconds;
use maincourante_kernel::db::{Found, Target};
use maincourante_kernel::{Chance, Clock, Db, Failure, Kernel, Vault};
use maincourante_mailbox::{self as mail, ImapSettings, Mailbox, RelaySettings, Security, SmtpSettings, SourceSettings};
use maincourante_mandates::{Imprint, Mandates};
use maincourante_paper::Press;
use maincourante_shell::{Help, People, Settings, Trusted};
use maincourante_sms::Gateway;

use crate::config::{self, BadConfig, Config, SmsGateway};
use crate::keys;

/// The master key of an embedded service, in its folder.
const VAULT: &str = "vault.key";
/// The key that signs the journal of an embedded service.
const SIGNER: &str = "journal.pem";
/// Where an embedded service answers, for commands that serve no page.
const ORIGIN: &str = "http://127.0.0.1:8080";

/// Where a service lives.
pub(crate) enum Place {
    /// A folder that holds everything: base, keys, mail. For the demo and training.
    Embedded(PathBuf),
    /// What a configuration says.
    Configured(Box<Config>),
}

/// Why nothing was opened: what is at this place, and what to do about it, in a sentence.
#[derive(Debug)]
pub(crate) struct NoBase(String);

impl fmt::Display for NoBase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// One running service.
#[derive(Clone)]
pub(crate) struct House {
    /// Structures, mandates; identity and kernel are inside.
    pub mandates: Mandates,
    /// Mail.
    pub mailbox: Mailbox,
    /// Where text messages go.
    pub sms: Gateway,
    /// Signs the journal's checkpoints.
    pub signer: Arc<Signer>,
    /// The file of checkpoints outside of the base.
    pub checkpoints: PathBuf,
    /// What pages show of the service.
    pub site: Settings,
}

impl House {
    /// Time, chance, base, vault.
    pub fn kernel(&self) -> &Kernel {
        &self.mandates.identity.kernel
    }

    /// Opens a service, its base made and brought up to date.
    pub async fn open(place: Place) -> Result<Self, Failure> {
        match place {
            Place::Embedded(folder) => Self::embedded(&folder, ORIGIN, Clock::System).await,
            Place::Configured(config) => {
                let db = Db::open(&target(&config)?).await?;
                db.migrate().await?;
                Self::configured(&config, db)
            }
        }
    }

    /// Opens a service whose base is there and up to date; makes nothing, migrates nothing.
    pub async fn find(place: Place) -> Result<Result<Self, NoBase>, Failure> {
        let (target, what) = match &place {
            Place::Embedded(folder) => (embedded_base(folder), format!("in {}", folder.display())),
            Place::Configured(config) => (target(config)?, "where the configuration says".to_owned()),
        };
        let db = match Db::find(&target).await? {
            Found::Base(db) => db.at_a_terminal(),
            Found::Nothing => {
                return Ok(Err(NoBase(format!("There is no base {what}. If that is the right place, `maincourante migrate` makes one."))));
            }
            Found::Older => {
                return Ok(Err(NoBase(format!("The base {what} was made by an older version: run `maincourante migrate` first."))));
            }
            Found::Foreign => {
                return Ok(Err(NoBase(format!("The base {what} was changed by another version: use the program that did."))));
            }
        };
        match place {
            Place::Embedded(folder) => Self::furnished(&folder, ORIGIN, Clock::System, db),
            Place::Configured(config) => Self::configured(&config, db),
        }
        .map(Ok)
    }

    /// A service that lies whole in a folder, made when it is not there.
    pub async fn embedded(folder: &Path, origin: &str, clock: Clock) -> Result<Self, Failure> {
        fs::create_dir_all(folder)?;
        keys::make_vault(&folder.join(VAULT), &Chance::System)?;
        if !folder.join(SIGNER).exists() {
            Signer::create_file(&folder.join(SIGNER), &Chance::System)?;
        }
        let db = Db::open(&embedded_base(folder)).await?;
        db.migrate().await?;
        Self::furnished(folder, origin, clock, db)
    }

    /// The contexts around the base of a folder.
    fn furnished(folder: &Path, origin: &str, clock: Clock, db: Db) -> Result<Self, Failure> {
        let kernel = Kernel { db, clock, vault: Vault::new(keys::read_vault(&folder.join(VAULT))?), chance: Chance::System };
        let service = Service { name: "Monespace".into(), domain: "vaudorme.example".into(), help_phone: "01 99 00 12 34".into() };
        let site = Settings {
            service: service.name.clone(),
            origin: origin.to_owned(),
            help: Help {
                who: "le CCAS de Vaudorme".into(),
                phone: parse_phone(&service.help_phone)?,
                hours: "du lundi au vendredi, de 9\u{a0}h à 17\u{a0}h".into(),
            },
            proxies: Vec::new(),
            people: People::InventedHere,
        };
        let imprint = Imprint {
            web_address: "monespace.vaudorme.example".into(),
            controller: "le syndicat mixte Vaudorme Numérique".into(),
            data_contact: "donnees@vaudorme.example".into(),
        };
        let mail = mail::Settings {
            source: SourceSettings::Maildir { root: folder.join("mail") },
            relay: RelaySettings::Local { domain: service.domain.clone() },
            undo: mail::UNDO,
        };
        let mailbox = Mailbox::new(&kernel, &mail)?;
        let name: ServiceName = "vaudorme.example".parse()?;
        let identity = Identity { kernel, hasher: Hasher::default(), service };
        Ok(Self {
            mandates: Mandates { identity, press: Press::new()?, imprint },
            mailbox,
            sms: Gateway::Training,
            signer: Arc::new(Signer::from_file(&folder.join(SIGNER), &name)?),
            checkpoints: folder.join("checkpoints"),
            site,
        })
    }

    /// The same service, whose letters can be called back for this long.
    #[cfg(debug_assertions)]
    pub fn with_undo(self, undo: Span) -> Self {
        Self { mailbox: self.mailbox.with_undo(undo), ..self }
    }

    /// The contexts around the base of a configuration.
    fn configured(config: &Config, db: Db) -> Result<Self, Failure> {
        let vault = Vault::new(keys::read_vault(&config.keys.vault)?);
        let kernel = Kernel { db, clock: Clock::System, chance: Chance::System, vault };
        let told = &config.service;
        let service = Service { name: told.name.clone(), domain: told.domain.clone(), help_phone: told.help_phone.clone() };
        let proxies = config.web.proxies.iter().map(|proxy| proxy.parse::<Trusted>()).collect::<Result<_, _>>();
        let site = Settings {
            service: told.name.clone(),
            origin: told.origin.clone(),
            help: Help { who: told.help_who.clone(), phone: parse_phone(&told.help_phone)?, hours: told.help_hours.clone() },
            proxies: proxies.map_err(|_| BadConfig("web.proxies: addresses or networks, like 10.0.0.0/8.".into()))?,
            people: if told.training { People::InventedWithMail } else { People::Real },
        };
        let web_address = told.origin.split_once("://").map_or(told.origin.as_str(), |(_, host)| host).to_owned();
        let imprint = Imprint { web_address, controller: told.controller.clone(), data_contact: told.data_contact.clone() };
        keys::closed(&config.keys.journal)?;
        let signer = Arc::new(Signer::from_file(&config.keys.journal, &told.domain.parse::<ServiceName>()?)?);
        let mailbox = Mailbox::new(&kernel, &mail_settings(config)?)?;
        let identity = Identity { kernel, hasher: Hasher::default(), service };
        let sms = match config.sms.gateway {
            SmsGateway::Training => Gateway::Training,
        };
        Ok(Self {
            mandates: Mandates { identity, press: Press::new()?, imprint },
            mailbox,
            sms,
            signer,
            checkpoints: config.journal.checkpoints.clone(),
            site,
        })
    }
}

fn embedded_base(folder: &Path) -> Target {
    Target::Sqlite(folder.join("maincourante.db"))
}

fn target(config: &Config) -> Result<Target, BadConfig> {
    match (&config.database.file, &config.database.postgres_url_file) {
        (Some(file), _) => Ok(Target::Sqlite(file.clone())),
        (None, Some(file)) => Ok(Target::Postgres(config::secret_line(file)?)),
        (None, None) => Err(BadConfig("database: no place was given.".into())),
    }
}

fn mail_settings(config: &Config) -> Result<mail::Settings, Failure> {
    let told = &config.mail;
    let security = |tls: bool| if tls { Security::Tls { authorities: None } } else { Security::Plain };
    keys::closed(&config.keys.token)?;
    Ok(mail::Settings {
        source: SourceSettings::Imap(ImapSettings {
            host: told.imap.host.clone(),
            port: told.imap.port,
            security: security(told.imap.tls),
            issuer: config.service.origin.clone(),
            kid: config.keys.token_kid.clone(),
            key_file: config.keys.token.clone(),
        }),
        relay: RelaySettings::Smtp(SmtpSettings {
            host: told.submission.host.clone(),
            port: told.submission.port,
            security: security(told.submission.tls),
            user: told.submission.user.clone(),
            password: config::secret_line(&told.submission.password_file)?,
        }),
        undo: seconds(i64::from(told.undo_seconds)),
    })
}

fn parse_phone(typed: &str) -> Result<maincourante_kernel::phone::PhoneNumber, BadConfig> {
    typed.parse().map_err(|_| BadConfig("service.help_phone is not a phone number: 01 99 00 12 34.".into()))
}
