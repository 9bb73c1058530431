//! Postfix for tests: production's configuration in a folder of its own, and a server that plays the rest of the world.
//!
//! Its master demands root. Nothing can leave the machine: what is not local goes to Postfix's own test server
//! (`smtp-sink`), which writes each letter into `outside/`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{Plan, end, greets, install, make_dir, own, text};
use crate::host::{self, Outcome, said};

/// The values of its templates.
pub(super) fn values(plan: &Plan) -> Vec<(&'static str, String)> {
    let under = |name: &str| text(&plan.dir.join("postfix").join(name));
    let user = if plan.as_root { "postfix".to_owned() } else { host::told("id", &["-un"]).unwrap_or_default() };
    vec![
        ("POSTFIX_CONF", under("conf")),
        ("POSTFIX_QUEUE", under("queue")),
        ("POSTFIX_DATA", under("data")),
        ("POSTFIX_LOG", under("data/log")),
        ("POSTFIX_USER", user),
        ("POSTFIX_INTERFACES", "loopback-only".into()),
        ("SMTP_LISTEN", format!("127.0.0.1:{}", plan.ports.smtp)),
        ("SUBMISSION_PORT", plan.ports.submission.to_string()),
        ("RELAYHOST", format!("[127.0.0.1]:{}", plan.ports.outside)),
        ("TLS_CERTIFICATE", under("tls/certificate.pem")),
        ("TLS_KEY", under("tls/key.pem")),
    ]
}

/// Starts it; returns when both ports have said their first word.
pub(super) fn start(plan: &Plan) -> Outcome<()> {
    let home = plan.dir.join("postfix");
    for folder in ["", "queue", "data", "tls"] {
        make_dir(&home.join(folder), 0o755)?;
    }
    own(&home.join("data"), "postfix")?;
    let (certificate, key) = (text(&home.join("tls/certificate.pem")), text(&home.join("tls/key.pem")));
    host::run(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=mail.courrier.test",
            "-keyout",
            &key,
            "-out",
            &certificate,
        ],
    )?;
    install(plan, "postfix")?;
    outside(plan)?;
    host::launch(&mut host::command("postfix", &["-c", &text(&home.join("conf")), "start"]), &home.join("start"))?;
    greets("Postfix (port 25)", plan.ports.smtp, "220 ")?;
    greets("Postfix (submission)", plan.ports.submission, "220 ")
}

/// Where it is, for the tests.
pub(super) fn facts(plan: &Plan) -> Value {
    json!({
        "smtp_port": plan.ports.smtp,
        "submission_port": plan.ports.submission,
        "submission_user": "submission",
        "submission_password": plan.submission_password,
        "outside": plan.dir.join("postfix/outside"),
        "log": plan.dir.join("postfix/data/log"),
        "conf": plan.dir.join("postfix/conf"),
    })
}

/// Stops the master, then the rest of the world.
pub(super) fn stop(dir: &Path) -> Outcome<()> {
    let home = dir.join("postfix");
    let conf = text(&home.join("conf"));
    let master = home.join("queue/pid/master.pid");
    let stopped = if master.exists() { host::run("postfix", &["-c", &conf, "abort"]).or_else(|_| end("Postfix", &master)) } else { Ok(()) };
    end("the rest of the world", &home.join("outside.pid"))?;
    stopped
}

/// The server of everybody else: takes every letter, keeps each in a file.
fn outside(plan: &Plan) -> Outcome<()> {
    let folder = plan.dir.join("postfix/outside");
    make_dir(&folder, 0o755)?;
    own(&folder, "nobody")?;
    // Through a shell that leaves at once: the server must not be our child, or its end would wait for ours.
    let port = format!("127.0.0.1:{}", plan.ports.outside);
    let line = r#"smtp-sink "$@" </dev/null >/dev/null 2>&1 & echo $!"#;
    let pid = host::told("sh", &["-c", line, "sh", "-u", "nobody", "-R", &text(&folder), "-d", "%Y%m%d-%H%M%S.", &port, "64"])?;
    fs::write(plan.dir.join("postfix/outside.pid"), pid).map_err(said("smtp-sink"))?;
    greets("the rest of the world", plan.ports.outside, "220 ")
}
