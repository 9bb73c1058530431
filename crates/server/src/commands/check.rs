//! `maincourante check`: tries every peer and says in words what is wrong and what to do.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use maincourante_kernel::clock::minutes;
use maincourante_kernel::{Failure, Kernel, jobs};
use maincourante_mailbox::Progress;
use maincourante_sms as sms;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Verdict;
use crate::config::Config;
use crate::house::{House, Place};

/// A text message leaves within seconds; one that waits for longer, in minutes, is in trouble.
const LATE: i64 = 5;

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
        let house = match House::find(Place::Configured(Box::new(config))).await {
            Ok(Ok(house)) => house,
            Ok(Err(no_base)) => {
                println!("Database: {no_base} Nothing else was tried.");
                return Ok(Verdict::NotWell);
            }
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
            Progress::Later | Progress::Away => {
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
        for sentence in waiting(house.kernel()).await? {
            well = false;
            println!("{sentence}");
        }
        Ok(if well { Verdict::Well } else { Verdict::NotWell })
    }
}

/// What waits for too long.
async fn waiting(kernel: &Kernel) -> Result<Vec<String>, Failure> {
    let mut tx = kernel.db.read().await?;
    let (failed, oldest) = (jobs::in_trouble(&mut tx).await?, sms::oldest_waiting(&mut tx).await?);
    let mut sentences = Vec::new();
    if failed > 0 {
        sentences.push(format!("Jobs: {failed} failed and will be tried again. The log of the service says why."));
    }
    if let Some(since) = oldest.map(|oldest| kernel.now().since(oldest)).filter(|since| *since > minutes(LATE)) {
        let waited = since.as_seconds() / 60;
        sentences.push(format!("Text messages: one has waited for {waited} minutes. Is the service running, and does the gateway answer?"));
    }
    Ok(sentences)
}

#[cfg(test)]
mod tests {
    use maincourante_kernel::clock::seconds;
    use maincourante_kernel::testing::kernels;
    use maincourante_sms::Text;

    use super::*;

    #[tokio::test]
    async fn what_waits_for_too_long_is_said() {
        for world in kernels().await {
            let kernel = &world.kernel;
            let phone = "06 39 98 12 34".parse().unwrap();
            let mut tx = kernel.db.write().await.unwrap();
            sms::queue(&mut tx, kernel, &phone, &Text::PasswordChanged { service: "Courrier", phone: "01 99 00 12 34" }, None)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            assert!(waiting(kernel).await.unwrap().is_empty(), "it has just been queued");

            let mut tx = kernel.db.write().await.unwrap();
            let job = jobs::claim(&mut tx, kernel.now()).await.unwrap().unwrap();
            jobs::retry(&mut tx, &job, kernel.now()).await.unwrap();
            kernel.clock.advance(seconds(6));
            jobs::claim(&mut tx, kernel.now()).await.unwrap().unwrap();
            tx.commit().await.unwrap();
            kernel.clock.advance(minutes(12));
            let said = waiting(kernel).await.unwrap();
            assert_eq!(said.len(), 2, "{said:?} on {}", world.engine);
            assert!(said[0].starts_with("Jobs: 1 failed") && said[1].contains("one has waited for 12 minutes"), "{said:?}");
        }
    }
}
