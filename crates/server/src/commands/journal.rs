//! `maincourante journal verify | export | checkpoint | alerts | close-alert | key`.
//!
//! Verifying an export needs nothing but the file and the public key: no base, no configuration, no trust in who sent it.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use maincourante_journal::{self as journal, ExportFor, Exported, Log, NotChecked, PublicKey, Report, Signed};
use maincourante_kernel::{Failure, calendar};
use maincourante_mandates::alerts;
use maincourante_mandates::alerts::close::close_as_operator;
use maincourante_mandates::structures::Change;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::{Base, Verdict};
use crate::unfinished::Unfinished;

/// The journal.
#[derive(Subcommand)]
pub(crate) enum Journal {
    /// Verifies the whole base against its checkpoints inside and outside; or an export, with the public key alone.
    Verify {
        #[command(flatten)]
        what: What,
        /// The public key of the service, as printed on the agreement of a structure (for an export).
        #[arg(long, value_name = "VKEY")]
        key: Option<PublicKey>,
        /// A file of signed checkpoints kept elsewhere.
        #[arg(long, value_name = "FILE")]
        checkpoints: Option<PathBuf>,
        /// Prints the report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Writes one log to a file that a third party can verify.
    Export {
        #[command(flatten)]
        base: Base,
        /// Which log: `service`, `personal/17`, `structure/…`.
        #[arg(long)]
        log: Log,
        /// With the names, for the structure whose log it is; without, for an auditor.
        #[arg(long)]
        with_names: bool,
        /// The first entry, counted from 0.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// The file to write; one of that name is replaced once the new one is whole.
        #[arg(long)]
        out: PathBuf,
    },
    /// Signs what grew since the last time, and writes it outside of the base.
    Checkpoint {
        #[command(flatten)]
        base: Base,
    },
    /// Lists the alerts that no référent may close: about the only one of a structure, or in a structure that has none.
    Alerts {
        #[command(flatten)]
        base: Base,
    },
    /// Closes one of these alerts, with what came out of it and a note that a person who reported reads.
    CloseAlert {
        #[command(flatten)]
        base: Base,
        /// Which one, as `journal alerts` prints it.
        #[arg(long)]
        id: Uuid,
        /// Something was wrong, and what was needed was done; otherwise all was normal.
        #[arg(long)]
        handled: bool,
        /// What was looked at and done, in 1000 characters at most.
        #[arg(long)]
        note: String,
    },
    /// Prints the public key of the service.
    Key {
        #[command(flatten)]
        base: Base,
    },
}

/// What to verify.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct What {
    /// The folder of an embedded service.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration of a service.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// An export.
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
}

impl Journal {
    pub async fn run(self) -> Result<Verdict, Failure> {
        match self {
            Self::Verify { what: What { export: Some(export), .. }, key, checkpoints, json } => {
                verify_export(&export, key, checkpoints, json)
            }
            Self::Verify { what: What { data, config, export: None }, key, checkpoints, json } => {
                verify_base(&Base { data, config }, key, checkpoints, json).await
            }
            Self::Export { base, log, with_names, from, out } => export(&base, log, with_names, from, &out).await,
            Self::Checkpoint { base } => checkpoint(&base).await,
            Self::Alerts { base } => alerts(&base).await,
            Self::CloseAlert { base, id, handled, note } => close_alert(&base, id, handled, &note).await,
            Self::Key { base } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                println!("{}", house.signer.public());
                Ok(Verdict::Well)
            }
        }
    }
}

fn verify_export(export: &PathBuf, key: Option<PublicKey>, checkpoints: Option<PathBuf>, json: bool) -> Result<Verdict, Failure> {
    let Some(key) = key else {
        return Err(Failure::new("give the public key of the service with --key: a key found in the file itself would prove nothing"));
    };
    let outside = checkpoints.map(File::open).transpose()?.map(BufReader::new);
    match journal::verify_export(BufReader::new(File::open(export)?), &[key], outside) {
        Ok(report) => Ok(say(&report, json)),
        Err(NotChecked::NotAnExport) => Err(Failure::new("this file is not an export of a journal")),
        Err(NotChecked::Failed(failure)) => Err(failure),
    }
}

async fn verify_base(base: &Base, key: Option<PublicKey>, checkpoints: Option<PathBuf>, json: bool) -> Result<Verdict, Failure> {
    let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
    let keys = [key.unwrap_or_else(|| house.signer.public().clone())];
    let outside = checkpoints.unwrap_or_else(|| house.checkpoints.clone());
    let report = journal::verify(house.kernel(), &keys, Some(&outside)).await?;
    Ok(say(&report, json))
}

fn say(report: &Report, json: bool) -> Verdict {
    let sentences = report.sentences();
    if json {
        let (logs, entries, checkpoints) = (report.logs, report.entries, report.checkpoints);
        println!(
            "{}",
            serde_json::json!({ "good": report.is_good(), "logs": logs, "entries": entries, "checkpoints": checkpoints, "problems": sentences })
        );
    } else {
        for sentence in &sentences {
            println!("{sentence}");
        }
    }
    eprintln!(
        "{} logs, {} entries, {} checkpoints looked at: {}",
        report.logs,
        report.entries,
        report.checkpoints,
        if report.is_good() { "all is well." } else { "something is wrong." }
    );
    if report.is_good() { Verdict::Well } else { Verdict::NotWell }
}

async fn export(base: &Base, log: Log, with_names: bool, from: u64, out: &Path) -> Result<Verdict, Failure> {
    let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
    let whose = match (log, with_names) {
        (Log::Structure(structure), true) => ExportFor::Structure(structure),
        (_, true) => return Err(Failure::new("names go to the structure whose log it is: export another log without --with-names")),
        (log, false) => ExportFor::Auditor(log),
    };
    let unfinished = Unfinished::beside(out)?;
    let mut file = tokio::io::BufWriter::new(tokio::fs::File::create(unfinished.path()).await?);
    let exported = journal::export(house.kernel(), house.signer.public(), whose, from, &mut file).await?;
    file.flush().await?;
    file.get_ref().sync_all().await?;
    Ok(match exported {
        Exported::Written { entries } => {
            unfinished.take_name()?;
            eprintln!("{entries} entries written. Verify them with: journal verify --export FILE --key '{}'", house.signer.public());
            Verdict::Well
        }
        Exported::NotSigned => {
            eprintln!("This log has no signed checkpoint yet: run journal checkpoint first.");
            Verdict::NotWell
        }
        Exported::BeyondEnd => {
            eprintln!("This log has fewer entries than --from.");
            Verdict::NotWell
        }
    })
}

async fn alerts(base: &Base) -> Result<Verdict, Failure> {
    let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
    let alerts = alerts::for_operator(&house.mandates).await?;
    for alert in &alerts {
        let about = alert.aidant.as_deref().unwrap_or("nobody in particular");
        println!(
            "{} {} about {about}, structure {}, since {}",
            alert.id,
            alert.rule.as_str(),
            alert.structure,
            calendar::machine(alert.at)
        );
    }
    eprintln!("{} alerts that no référent may close.", alerts.len());
    Ok(Verdict::Well)
}

async fn close_alert(base: &Base, id: Uuid, handled: bool, note: &str) -> Result<Verdict, Failure> {
    let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
    let verdict = if handled { alerts::Verdict::Handled } else { alerts::Verdict::Normal };
    match close_as_operator(&house.mandates, id, verdict, note).await? {
        Change::Done => {
            eprintln!("Closed.");
            Ok(Verdict::Well)
        }
        Change::Already | Change::Unknown => {
            eprintln!("There is no such alert for the operator: it was closed, or a référent of the structure may close it.");
            Ok(Verdict::NotWell)
        }
    }
}

async fn checkpoint(base: &Base) -> Result<Verdict, Failure> {
    let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
    Ok(match journal::checkpoint(house.kernel(), &house.signer, &house.checkpoints).await? {
        Signed::NothingNew => {
            eprintln!("Nothing new since the last checkpoint.");
            Verdict::Well
        }
        Signed::Logs(logs) => {
            eprintln!("Signed: {}.", logs.join(", "));
            Verdict::Well
        }
        Signed::BaseIsBehind { outside, base } => {
            eprintln!(
                "Nothing was signed: the file outside has {outside} checkpoints and the base {base}. An older base was restored, or its tail cut."
            );
            Verdict::NotWell
        }
    })
}
