//! The contexts of one running service, built from a folder or from a configuration, and given to pages and jobs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use maincourante_identity::{Hasher, Identity, Service};
use maincourante_journal::{ServiceName, Signer};
use maincourante_kernel::clock::seconds;
use maincourante_kernel::db::Target;
use maincourante_kernel::{Chance, Clock, Db, Failure, Kernel, Vault};
use maincourante_mailbox::{self as mail, ImapSettings, Mailbox, RelaySettings, Security, SmtpSettings, SourceSettings};
use maincourante_mandates::{Imprint, Mandates};
use maincourante_paper::Press;
use maincourante_shell::{Help, Settings, Trusted};
use maincourante_sms::Gateway;

use crate::config::{self, BadConfig, Config, SmsGateway};
use crate::keys;

/// Where a service lives.
pub(crate) enum Place {
    /// A folder that holds everything: base, keys, mail. For the demo and training.
    Embedded(PathBuf),
    /// What a configuration says.
    Configured(Box<Config>),
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

    /// Opens a service, its base up to date.
    pub async fn open(place: Place) -> Result<Self, Failure> {
        match place {
            Place::Embedded(folder) => Self::embedded(&folder, "http://127.0.0.1:8080", Clock::System).await,
            Place::Configured(config) => Self::configured(&config).await,
        }
    }

    /// A service that lies whole in a folder, made when it is not there.
    pub async fn embedded(folder: &Path, origin: &str, clock: Clock) -> Result<Self, Failure> {
        fs::create_dir_all(folder)?;
        let chance = Chance::System;
        let (vault, journal) = (folder.join("vault.key"), folder.join("journal.pem"));
        keys::make_vault(&vault, &chance)?;
        if !journal.exists() {
            Signer::create_file(&journal, &chance)?;
        }
        let db = Db::open(&Target::Sqlite(folder.join("maincourante.db"))).await?;
        db.migrate().await?;
        let kernel = Kernel { db, clock, vault: Vault::new(keys::read_vault(&vault)?), chance };
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
            training: true,
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
            signer: Arc::new(Signer::from_file(&journal, &name)?),
            checkpoints: folder.join("checkpoints"),
            site,
        })
    }

    async fn configured(config: &Config) -> Result<Self, Failure> {
        let target = match (&config.database.file, &config.database.postgres_url_file) {
            (Some(file), _) => Target::Sqlite(file.clone()),
            (None, Some(file)) => Target::Postgres(config::secret_line(file)?),
            (None, None) => return Err(BadConfig("database: no place was given.".into()).into()),
        };
        let db = Db::open(&target).await?;
        db.migrate().await?;
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
            training: told.training,
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
