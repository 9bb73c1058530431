//! `maincourante check`: tries every peer and says in words what is wrong and what to do.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use maincourante_kernel::Failure;
use maincourante_mailbox::Progress;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Verdict;
use crate::config::Config;
use crate::house::{House, Place};

/// Tries every peer.
#[derive(Args)]
pub(crate) struct Check {
    /// The configuration.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Check {
    pub async fn run(self) -> Result<Verdict, Failure> {
        let config = match Config::read(&self.config) {
            Ok(config) => config,
            Err(bad) => {
                println!("Configuration: {bad}");
                return Ok(Verdict::NotWell);
            }
        };
        println!("Configuration: read.");
        let submission = (config.mail.submission.host.clone(), config.mail.submission.port);
        let house = match House::open(Place::Configured(Box::new(config))).await {
            Ok(house) => house,
            Err(failure) => {
                println!("Database or keys: {failure}");
                return Ok(Verdict::NotWell);
            }
        };
        println!("Database and keys: good.");
        let mut well = true;
        let anyone = format!("postmaster@{}", house.mandates.identity.service.domain)
            .parse()
            .map_err(|_| Failure::new("service.domain is not a domain"))?;
        match house.mailbox.prepare(&anyone).await? {
            Progress::Done => println!("IMAP server: answers."),
            Progress::Later => {
                well = false;
                println!("IMAP server: no answer. Is Dovecot running, and are mail.imap.host and port right?");
            }
        }
        let knocked = timeout(Duration::from_secs(3), TcpStream::connect((submission.0.as_str(), submission.1))).await;
        if matches!(knocked, Ok(Ok(_))) {
            println!("Submission server: answers.");
        } else {
            well = false;
            println!("Submission server: no answer. Is Postfix running, and are mail.submission.host and port right?");
        }
        Ok(if well { Verdict::Well } else { Verdict::NotWell })
    }
}
