//! The real peers, on loopback, in one folder: PostgreSQL, Dovecot, Postfix and a server for the rest of the world.
//!
//! The configurations come from `deploy/`, rendered and installed by the scripts that production uses.
//! A stack is started for the tests (`Running`: it dies with us) or for development (`cargo xtask peers up DIR`).
//! Everything is under the folder: taking it down needs nothing but its path, even half started.

mod dovecot;
mod postfix;
mod postgres;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::host::{self, Outcome, said};

/// How long a peer may take to answer its first word.
const PATIENCE: Duration = Duration::from_mins(1);

/// Which peers to start; each needs the ones before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Depth {
    Postgres,
    Dovecot,
    Postfix,
}

/// What is asked of a stack.
pub(crate) struct Wish {
    pub(crate) dir: PathBuf,
    pub(crate) depth: Depth,
    pub(crate) issuer: String,
    /// Local parts of accounts to create. None: the base is left empty, for `maincourante migrate`.
    pub(crate) people: Vec<String>,
}

/// The part after the @ of every address of a stack. Reserved by RFC 2606: it can never be someone's.
pub(crate) const DOMAIN: &str = "courrier.test";

/// What every peer needs to know of the others.
struct Plan {
    dir: PathBuf,
    ports: Ports,
    issuer: String,
    kid: String,
    read_password: String,
    submission_password: String,
    as_root: bool,
}

struct Ports {
    postgres: u16,
    imap: u16,
    lmtp: u16,
    smtp: u16,
    submission: u16,
    outside: u16,
}

/// Starts the peers and says where they are; the same is written in `stack.json`, `dovecot.json` and `postfix.json`.
pub(crate) fn up(wish: &Wish) -> Outcome<Value> {
    let plan = plan(wish)?;
    postgres::start(&plan)?;
    postgres::base(&plan, &wish.people)?;
    let mut stack = json!({
        "dir": plan.dir,
        "domain": DOMAIN,
        "issuer": plan.issuer,
        "postgres": postgres::url(&plan, postgres::BASE),
        "postgres_server": postgres::url(&plan, "postgres"),
    });
    if wish.depth >= Depth::Dovecot {
        make_keys(&plan)?;
        render(&plan)?;
        // Without people the views are not there yet: `peers grant` comes after `maincourante migrate`.
        if !wish.people.is_empty() {
            grant(&plan.dir)?;
        }
        dovecot::start(&plan)?;
        stack["dovecot"] = note(&plan, "dovecot.json", dovecot::facts(&plan, &wish.people)?)?;
    }
    if wish.depth >= Depth::Postfix {
        postfix::start(&plan)?;
        stack["postfix"] = note(&plan, "postfix.json", postfix::facts(&plan))?;
    }
    note(&plan, "stack.json", stack)
}

/// Lets the mail servers read the views, once the base is migrated.
pub(crate) fn grant(dir: &Path) -> Outcome<()> {
    postgres::apply(dir, &dir.join("rendered/postgres/mailread.sql"))
}

/// Stops whatever runs under this folder.
pub(crate) fn down(dir: &Path) -> Outcome<()> {
    let stops: [fn(&Path) -> Outcome<()>; 3] = [postfix::stop, dovecot::stop, postgres::stop];
    let complaints: Vec<String> = stops.iter().filter_map(|stop| stop(dir).err()).collect();
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("; ")) }
}

/// Starts the peers, says where they are on one line, and stops them when whoever listens closes our input.
///
/// The end of that pipe comes however its owner ends: done, failed, interrupted or killed. Then the folder goes too.
pub(crate) fn run(wish: &Wish) -> Outcome<()> {
    let started = up(wish).map(|stack| println!("{stack}"));
    if started.is_ok() {
        let mut nothing = Vec::new();
        let _ = std::io::stdin().read_to_end(&mut nothing);
    }
    let stopped = down(&wish.dir);
    fs::remove_dir_all(&wish.dir).map_err(said("the folder of the peers"))?;
    started.and(stopped)
}

/// Peers for as long as this value lives, and never longer than this process.
pub(crate) struct Running {
    process: Child,
    pub(crate) stack: Value,
}

impl Running {
    /// Starts `cargo xtask peers run` beside us, out of reach of the keyboard's interruption.
    pub(crate) fn start(options: &[&str]) -> Outcome<Self> {
        // Unix sockets have short names, so the folder is never under a long TMPDIR.
        let dir = format!("/tmp/maincourante-{}", std::process::id());
        let own = host::own_program()?;
        let args = [&["peers", "run", dir.as_str()], options].concat();
        let mut process = host::command(&text(&own), &args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(said("the peers"))?;
        let mut line = String::new();
        let heard = process.stdout.take().map(|output| BufReader::new(output).read_line(&mut line));
        if let (Some(Ok(_)), Ok(stack)) = (heard, serde_json::from_str(&line)) {
            return Ok(Self { process, stack });
        }
        let _ = process.wait();
        Err("the peers did not start".into())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

fn plan(wish: &Wish) -> Outcome<Plan> {
    make_dir(&wish.dir, 0o755)?;
    let dir = wish.dir.canonicalize().map_err(said("the folder of the peers"))?;
    if dir.as_os_str().len() > 70 {
        return Err(format!("{} is too long for the names of Unix sockets (70 signs at most)", dir.display()));
    }
    if dir.join("stack.json").exists() || dir.join("postgres/data").exists() {
        return Err(format!("{} already holds a stack: `cargo xtask peers down` first, then remove it", dir.display()));
    }
    let mut free = FreePorts::new();
    let ports = Ports {
        postgres: free.take()?,
        imap: free.take()?,
        lmtp: free.take()?,
        smtp: free.take()?,
        submission: free.take()?,
        outside: free.take()?,
    };
    Ok(Plan {
        dir,
        ports,
        issuer: wish.issuer.clone(),
        kid: "k1".into(),
        read_password: host::secret()?,
        submission_password: host::secret()?,
        as_root: host::is_root(),
    })
}

/// Ports below the range that outgoing connections take, so that none is stolen between here and the start.
struct FreePorts {
    next: u16,
}

impl FreePorts {
    fn new() -> Self {
        let spread = u16::try_from(std::process::id() % 700).unwrap_or(0) * 16;
        Self { next: 20_000 + spread }
    }

    fn take(&mut self) -> Outcome<u16> {
        while self.next < 32_700 {
            self.next += 1;
            if TcpListener::bind(("127.0.0.1", self.next)).is_ok() {
                return Ok(self.next);
            }
        }
        Err("no free port between 20000 and 32700".into())
    }
}

fn make_keys(plan: &Plan) -> Outcome<()> {
    make_dir(&plan.dir.join("private"), 0o700)?;
    for folder in ["token-keys", "token-keys/default", "token-keys/default/ES256"] {
        make_dir(&plan.dir.join(folder), 0o755)?;
    }
    let (key, public) = (text(&key_file(plan)), text(&plan.dir.join("token-keys/default/ES256").join(&plan.kid)));
    host::run("openssl", &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", &key])?;
    host::run("openssl", &["pkey", "-in", &key, "-pubout", "-out", &public])
}

fn key_file(plan: &Plan) -> PathBuf {
    plan.dir.join("private/token-key.pem")
}

/// The values of `deploy/values.example`, for this folder.
fn render(plan: &Plan) -> Outcome<()> {
    let mut values: BTreeMap<&str, String> = BTreeMap::from([
        ("DOMAIN", DOMAIN.into()),
        ("HOSTNAME", format!("mail.{DOMAIN}")),
        ("POSTMASTER", format!("postmaster@outside.{DOMAIN}")),
        ("ISSUER", plan.issuer.clone()),
        ("POSTGRES_HOST", "127.0.0.1".into()),
        ("POSTGRES_PORT", plan.ports.postgres.to_string()),
        ("POSTGRES_BASE", postgres::BASE.into()),
        ("MAILREAD_PASSWORD", plan.read_password.clone()),
        ("KEYS", text(&plan.dir.join("token-keys"))),
        ("LMTP_PORT", plan.ports.lmtp.to_string()),
    ]);
    values.extend(dovecot::values(plan)?);
    values.extend(postfix::values(plan));
    let lines: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    let file = plan.dir.join("values");
    fs::write(&file, lines.concat()).map_err(said("the values"))?;
    let script = text(&host::root().join("deploy/render"));
    host::run("sh", &[&script, &text(&file), &text(&plan.dir.join("rendered"))])
}

/// Puts the rendered files of one server where it reads them.
fn install(plan: &Plan, server: &str) -> Outcome<()> {
    let script = text(&host::root().join("deploy/install"));
    host::run("sh", &[&script, &text(&plan.dir.join("values")), &text(&plan.dir.join("rendered")), server])
}

/// Waits for the first word of a server.
fn greets(what: &str, port: u16, word: &str) -> Outcome<()> {
    host::until(&format!("{what} on port {port}"), PATIENCE, || {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
        let mut heard = vec![0; word.len()];
        stream.set_read_timeout(Some(Duration::from_secs(5))).is_ok() && stream.read_exact(&mut heard).is_ok() && heard == word.as_bytes()
    })
}

/// Asks the process of this file to leave, and waits until it has.
fn end(what: &str, pid_file: &Path) -> Outcome<()> {
    let Ok(pid) = fs::read_to_string(pid_file) else { return Ok(()) };
    let Some(pid) = pid.split_whitespace().next() else { return Ok(()) };
    if host::run("kill", &["-TERM", pid]).is_err() {
        return Ok(());
    }
    host::until(&format!("the end of {what}"), PATIENCE, || !Path::new("/proc").join(pid).exists())
}

fn note(plan: &Plan, name: &str, facts: Value) -> Outcome<Value> {
    let file = plan.dir.join(name);
    fs::write(&file, format!("{facts:#}\n")).map_err(said(name))?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).map_err(said(name))?;
    Ok(facts)
}

fn make_dir(path: &Path, mode: u32) -> Outcome<()> {
    fs::create_dir_all(path).map_err(said(&text(path)))?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(said(&text(path)))
}

fn own(path: &Path, owner: &str) -> Outcome<()> {
    host::run("chown", &[owner, &text(path)])
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
