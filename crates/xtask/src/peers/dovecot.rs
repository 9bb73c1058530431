//! Dovecot for tests: production's configuration, in a folder of its own.
//!
//! As root it keeps production's separation of users. As anyone else everything is one user, by the drop-in below.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{DOMAIN, Plan, end, greets, install, key_file, make_dir, own, text};
use crate::host::{self, Outcome, said};

/// What production does not need: one user cannot change root, nor become another.
const UNPRIVILEGED: &str = "
service imap-login {
  chroot =
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service lmtp {
  user = @USER@
}
service quota-status {
  user = @USER@
}
service auth-worker {
  user = @USER@
}
";

/// The values of its templates.
pub(super) fn values(plan: &Plan) -> Outcome<Vec<(&'static str, String)>> {
    let under = |name: &str| text(&plan.dir.join("dovecot").join(name));
    let hash = host::told("doveadm", &["-O", "pw", "-s", "SHA512-CRYPT", "-p", &plan.submission_password])?;
    let me = (host::told("id", &["-un"])?, host::told("id", &["-gn"])?);
    let (user, login, mail) = if plan.as_root {
        (("dovecot".to_owned(), "dovecot".to_owned()), "dovenull".to_owned(), ("nobody".to_owned(), "nogroup".to_owned()))
    } else {
        (me.clone(), me.0.clone(), me)
    };
    Ok(vec![
        ("SUBMISSION_HASH", hash),
        ("DOVECOT_CONF", under("conf")),
        ("DOVECOT_RUN", under("run")),
        ("DOVECOT_STATE", under("state")),
        ("DOVECOT_LOG", under("log")),
        ("DOVECOT_USER", user.0),
        ("DOVECOT_GROUP", user.1),
        ("DOVECOT_LOGIN_USER", login),
        ("MAIL_USER", mail.0),
        ("MAIL_GROUP", mail.1),
        ("MAIL_HOME", under("mail")),
        ("IMAP_PORT", plan.ports.imap.to_string()),
    ])
}

/// Starts it; returns when IMAP and LMTP have said their first word.
pub(super) fn start(plan: &Plan) -> Outcome<()> {
    let home = plan.dir.join("dovecot");
    for folder in ["", "run", "state", "mail"] {
        make_dir(&home.join(folder), 0o755)?;
    }
    install(plan, "dovecot")?;
    if plan.as_root {
        own(&home.join("mail"), "nobody:nogroup")?;
    } else {
        let user = host::told("id", &["-un"])?;
        fs::write(home.join("conf/local.conf"), UNPRIVILEGED.replace("@USER@", &user)).map_err(said("Dovecot's drop-in"))?;
    }
    host::launch(&mut host::command("dovecot", &["-c", &text(&home.join("conf/dovecot.conf"))]), &home.join("start"))?;
    greets("Dovecot (IMAP)", plan.ports.imap, "* OK")?;
    greets("Dovecot (LMTP)", plan.ports.lmtp, "220 ")
}

/// Where it is, for the tests.
pub(super) fn facts(plan: &Plan, people: &[String]) -> Outcome<Value> {
    let key = key_file(plan);
    Ok(json!({
        "imap_port": plan.ports.imap,
        "lmtp_port": plan.ports.lmtp,
        "issuer": plan.issuer,
        "kid": plan.kid,
        "key_pem": fs::read_to_string(&key).map_err(said("the signing key"))?,
        "key_file": key,
        "domain": DOMAIN,
        "people": people.iter().map(|person| format!("{person}@{DOMAIN}")).collect::<Vec<_>>(),
        "log": plan.dir.join("dovecot/log"),
        "conf": plan.dir.join("dovecot/conf/dovecot.conf"),
    }))
}

/// Asks the master to leave; its children follow.
pub(super) fn stop(dir: &Path) -> Outcome<()> {
    end("Dovecot", &dir.join("dovecot/run/master.pid"))
}
