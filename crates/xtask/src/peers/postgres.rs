//! PostgreSQL for tests: a cluster of its own, on loopback, without the guarantees that cost time.
//!
//! The server refuses root: as root, it runs as the user its package made.

use std::fs;
use std::path::{Path, PathBuf};

use super::{DOMAIN, Plan, end, make_dir, own, text};
use crate::host::{self, Outcome, said};

/// The base of the stack.
pub(super) const BASE: &str = "maincourante";

/// Makes the cluster and starts it; returns when it answers.
pub(super) fn start(plan: &Plan) -> Outcome<()> {
    let home = plan.dir.join("postgres");
    make_dir(&home, 0o700)?;
    if plan.as_root {
        own(&home, "postgres")?;
    }
    let data = text(&home.join("data"));
    let words = plan.dir.join("postgres.start");
    server_command(
        plan.as_root,
        &words,
        "initdb",
        &["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
    )?;
    let settings = [
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={}", plan.ports.postgres),
        format!("unix_socket_directories={}", home.display()),
        "max_connections=300".into(),
        "fsync=off".into(),
        "full_page_writes=off".into(),
        "synchronous_commit=off".into(),
    ];
    let options: Vec<String> = settings.iter().map(|setting| format!("-c {setting}")).collect();
    let log = text(&home.join("log"));
    server_command(plan.as_root, &words, "pg_ctl", &["-D", &data, "-w", "-t", "60", "-l", &log, "-o", &options.join(" "), "start"])
}

/// The address of a base, for the program.
pub(super) fn url(plan: &Plan, base: &str) -> String {
    format!("postgres://postgres@127.0.0.1:{}/{base}", plan.ports.postgres)
}

/// Makes the base of the stack; with people, applies the migrations and opens an account for each.
pub(super) fn base(plan: &Plan, people: &[String]) -> Outcome<()> {
    fs::write(plan.dir.join("postgres.port"), plan.ports.postgres.to_string()).map_err(said("the port of PostgreSQL"))?;
    query(&plan.dir, "postgres", &format!("create database {BASE}"))?;
    if people.is_empty() {
        return Ok(());
    }
    for migration in migrations()? {
        apply(&plan.dir, &migration)?;
    }
    for person in people {
        query(
            &plan.dir,
            BASE,
            &format!(
                "insert into usager (id, address, given_names, family_name, created_at)
             values (gen_random_uuid(), '{person}@{DOMAIN}', initcap('{person}'), 'Test', 0)"
            ),
        )?;
    }
    Ok(())
}

/// Runs a file of SQL on the base of the stack.
pub(super) fn apply(dir: &Path, file: &Path) -> Outcome<()> {
    psql(dir, BASE, &["-f", &text(file)]).map_err(|error| format!("{}: {error}", file.display()))
}

/// Stops at once: nothing here is worth keeping.
pub(super) fn stop(dir: &Path) -> Outcome<()> {
    let pid_file = dir.join("postgres/data/postmaster.pid");
    if !pid_file.exists() {
        return Ok(());
    }
    let data = text(&dir.join("postgres/data"));
    server_command(host::is_root(), &dir.join("postgres.stop"), "pg_ctl", &["-D", &data, "-w", "-m", "immediate", "stop"])
        .or_else(|_| end("PostgreSQL", &pid_file))
}

fn query(dir: &Path, base: &str, sql: &str) -> Outcome<()> {
    psql(dir, base, &["-c", sql])
}

fn psql(dir: &Path, base: &str, what: &[&str]) -> Outcome<()> {
    let port = fs::read_to_string(dir.join("postgres.port")).map_err(said("the port of PostgreSQL"))?;
    let mut args = vec!["-h", "127.0.0.1", "-p", port.trim(), "-U", "postgres", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", base];
    args.extend(what);
    host::run("psql", &args)
}

fn migrations() -> Outcome<Vec<PathBuf>> {
    let folder = host::root().join("migrations/postgres");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .map_err(said("the migrations"))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "sql"))
        .collect();
    files.sort();
    Ok(files)
}

/// A program of the server, as the user that may run it. Debian keeps one folder a version: the newest is taken.
fn server_command(as_root: bool, log: &Path, program: &str, args: &[&str]) -> Outcome<()> {
    let path = bin().ok_or("PostgreSQL's programs are not in /usr/lib/postgresql")?.join(program);
    let path = text(&path);
    let mut command = if as_root {
        let mut command = host::command("runuser", &["-u", "postgres", "--", &path]);
        command.args(args);
        command
    } else {
        host::command(&path, args)
    };
    host::launch(command.current_dir("/"), log)
}

/// Where the programs of the newest installed version are.
pub(crate) fn bin() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let newest = versions.filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok()).max()?;
    Some(PathBuf::from(format!("/usr/lib/postgresql/{newest}/bin")))
}
