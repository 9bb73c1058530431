//! What `deploy/` promises, tried on the servers it configures: who enters a mailbox, who may write as whom.
//!
//! A token opens its subject's mailbox and no other; the credential of consigned letters reads nothing and writes
//! for living local addresses only; port 25 receives and never relays; the role of the mail servers sees views only.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};

use crate::host;

/// The facts of a peer, or nothing when it is not there and may be absent.
fn peer(variable: &str) -> Option<Value> {
    let Some(file) = host::env(variable) else {
        assert!(host::env("MAINCOURANTE_STRICT").is_none(), "{variable} is not set");
        eprintln!("not run: {variable} is not set (cargo xtask test sets it)");
        return None;
    };
    Some(serde_json::from_str(&std::fs::read_to_string(file).expect("the facts of a peer")).expect("facts in JSON"))
}

fn text<'a>(facts: &'a Value, name: &str) -> &'a str {
    facts[name].as_str().unwrap_or_else(|| panic!("{name} is in the facts"))
}

#[expect(clippy::disallowed_methods, reason = "Dovecot looks at the real clock, so must the tokens given to it")]
fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock after 1970").as_secs()
}

/// The claims of a good token for `subject`.
fn claims(dovecot: &Value, subject: &str) -> Value {
    json!({ "iss": text(dovecot, "issuer"), "aud": "mail", "scope": "mail", "sub": subject, "iat": now(), "exp": now() + 60 })
}

fn token(dovecot: &Value, header: &Value, claims: &Value) -> String {
    let pem = text(dovecot, "key_pem");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let mut message =
        format!("{}.{}", BASE64URL_NOPAD.encode(header.to_string().as_bytes()), BASE64URL_NOPAD.encode(claims.to_string().as_bytes()));
    #[expect(clippy::disallowed_methods, reason = "ring signs with its own source of chance only")]
    let random = ring::rand::SystemRandom::new();
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &BASE64.decode(body.as_bytes()).expect("PEM"), &random)
        .expect("a P-256 key");
    let signature = key.sign(&random, message.as_bytes()).expect("a signature");
    let _ = write!(message, ".{}", BASE64URL_NOPAD.encode(signature.as_ref()));
    message
}

fn header(dovecot: &Value) -> Value {
    json!({ "typ": "JWT", "alg": "ES256", "kid": text(dovecot, "kid") })
}

/// A conversation in lines.
struct Wire {
    reader: BufReader<TcpStream>,
}

impl Wire {
    fn open(facts: &Value, port: &str) -> Self {
        let port = u16::try_from(facts[port].as_u64().expect("a port")).expect("a port");
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the peer answers");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a patience");
        let mut wire = Self { reader: BufReader::new(stream) };
        wire.line();
        wire
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }

    fn say(&mut self, words: &str) {
        self.reader.get_mut().write_all(format!("{words}\r\n").as_bytes()).expect("the peer listens");
    }

    /// One IMAP command, to its tagged answer (empty when the server hangs up).
    fn imap(&mut self, words: &str) -> (Vec<String>, String) {
        self.say(&format!("a {words}"));
        let mut untagged = Vec::new();
        loop {
            let line = self.line();
            if line.starts_with("+ ") {
                // RFC 7628: an error comes as a challenge; an empty answer gives the verdict.
                self.say("AQ==");
            } else if let Some(answer) = line.strip_prefix("a ") {
                return (untagged, answer.to_owned());
            } else if line.is_empty() {
                return (untagged, line);
            } else {
                untagged.push(line);
            }
        }
    }

    /// One SMTP command, to the last line of its answer.
    fn smtp(&mut self, words: &str) -> String {
        self.say(words);
        loop {
            let line = self.line();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line;
            }
        }
    }
}

/// Whether this token opens the mailbox of this login; the connection if it does.
fn enter(dovecot: &Value, login: &str, token: &str) -> Option<Wire> {
    let mut wire = Wire::open(dovecot, "imap_port");
    let response = BASE64.encode(format!("n,a={login},\u{1}auth=Bearer {token}\u{1}\u{1}").as_bytes());
    let (_, answer) = wire.imap(&format!("AUTHENTICATE OAUTHBEARER {response}"));
    answer.starts_with("OK").then_some(wire)
}

#[test]
fn a_token_opens_the_mailbox_of_its_subject_and_no_other() {
    let Some(dovecot) = peer("MAINCOURANTE_TEST_DOVECOT") else { return };
    let (alice, bob) =
        (dovecot["people"][0].as_str().expect("a first person").to_owned(), dovecot["people"][1].as_str().expect("a second person"));
    let good = claims(&dovecot, &alice);
    let sign = |claims: &Value| token(&dovecot, &header(&dovecot), claims);

    let mut wire = enter(&dovecot, &alice, &sign(&good)).expect("her own token opens her mailbox");
    assert!(wire.imap("SELECT INBOX").1.starts_with("OK"));

    assert!(enter(&dovecot, bob, &sign(&good)).is_none(), "her token opened his mailbox");
    for (what, name, value) in [
        ("expired", "exp", json!(now() - 5)),
        ("of another issuer", "iss", json!("https://elsewhere.test")),
        ("for another audience", "aud", json!("agenda")),
        ("with another scope", "scope", json!("agenda")),
        ("not valid yet", "nbf", json!(now() + 600)),
        ("for nobody we know", "sub", json!("nobody@courrier.test")),
    ] {
        let mut claims = good.clone();
        claims[name] = value;
        let login = claims["sub"].as_str().expect("a subject");
        assert!(enter(&dovecot, login, &sign(&claims)).is_none(), "a token {what} was accepted");
    }
    let mut endless = good.clone();
    endless.as_object_mut().expect("claims").remove("exp");
    assert!(enter(&dovecot, &alice, &sign(&endless)).is_none(), "a token without end was accepted");
}

#[test]
fn an_altered_or_unsigned_token_opens_nothing() {
    let Some(dovecot) = peer("MAINCOURANTE_TEST_DOVECOT") else { return };
    let alice = dovecot["people"][0].as_str().expect("a first person").to_owned();
    let claims = claims(&dovecot, &alice);
    let good = token(&dovecot, &header(&dovecot), &claims);

    let mut altered = good.clone().into_bytes();
    let last = altered.len() - 10;
    altered[last] = if altered[last] == b'A' { b'B' } else { b'A' };
    assert!(enter(&dovecot, &alice, &String::from_utf8(altered).expect("ASCII")).is_none(), "an altered signature");

    let unsigned = json!({ "typ": "JWT", "alg": "none", "kid": text(&dovecot, "kid") });
    let bare =
        format!("{}.{}.", BASE64URL_NOPAD.encode(unsigned.to_string().as_bytes()), BASE64URL_NOPAD.encode(claims.to_string().as_bytes()));
    assert!(enter(&dovecot, &alice, &bare).is_none(), "no signature");

    let mut unknown = header(&dovecot);
    unknown["kid"] = json!("another");
    assert!(enter(&dovecot, &alice, &token(&dovecot, &unknown, &claims)).is_none(), "an unknown key");
}

#[test]
fn the_submission_credential_reads_no_mailbox() {
    let (Some(dovecot), Some(postfix)) = (peer("MAINCOURANTE_TEST_DOVECOT"), peer("MAINCOURANTE_TEST_POSTFIX")) else { return };
    let (user, password) = (text(&postfix, "submission_user"), text(&postfix, "submission_password"));
    let alice = dovecot["people"][0].as_str().expect("a first person").to_owned();

    let mut submission = Wire::open(&postfix, "submission_port");
    assert!(greeted(&mut submission, &postfix).starts_with("235"), "the credential is good");

    for login in [user, alice.as_str(), "smtp/submission", "imap/submission"] {
        let mut wire = Wire::open(&dovecot, "imap_port");
        let (_, answer) = wire.imap(&format!("LOGIN {login} {password}"));
        assert!(!answer.starts_with("OK"), "{login} entered with the credential");
        let mut wire = Wire::open(&dovecot, "imap_port");
        let plain = BASE64.encode(format!("{alice}\0{login}\0{password}").as_bytes());
        let (_, answer) = wire.imap(&format!("AUTHENTICATE PLAIN {plain}"));
        assert!(!answer.starts_with("OK"), "{login} entered as someone else with the credential");
    }
}

#[test]
fn the_submission_credential_writes_for_living_local_addresses_only() {
    let (Some(dovecot), Some(postfix)) = (peer("MAINCOURANTE_TEST_DOVECOT"), peer("MAINCOURANTE_TEST_POSTFIX")) else { return };
    let alice = dovecot["people"][0].as_str().expect("a first person").to_owned();
    let bob = dovecot["people"][1].as_str().expect("a second person");
    let submit = |sender: &str, reader: &str| {
        let mut wire = Wire::open(&postfix, "submission_port");
        assert!(greeted(&mut wire, &postfix).starts_with("235"));
        exchange(&mut wire, sender, reader)
    };

    assert!(submit(&alice, bob).starts_with("250"));
    assert!(submit(&alice.to_uppercase(), bob).starts_with("250"));
    assert!(submit(&alice, "someone@elsewhere.test").starts_with("250"), "letters leave for the rest of the world");
    for stranger in ["someone@elsewhere.test", "nobody@courrier.test", "postmaster@courrier.test", ""] {
        let answer = submit(stranger, bob);
        assert!(answer.starts_with("55"), "«{stranger}»: {answer}");
    }
    assert!(submit(&alice, "nobody@courrier.test").starts_with("550"), "an unknown reader is said at once");

    let mut wire = Wire::open(&postfix, "submission_port");
    wire.smtp("EHLO program.test");
    assert!(exchange(&mut wire, &alice, bob).starts_with("55"), "without the credential");
}

#[test]
fn port_25_receives_and_neither_relays_nor_lets_write_as_one_of_ours() {
    let (Some(dovecot), Some(postfix)) = (peer("MAINCOURANTE_TEST_DOVECOT"), peer("MAINCOURANTE_TEST_POSTFIX")) else { return };
    let alice = dovecot["people"][0].as_str().expect("a first person").to_owned();
    let bob = dovecot["people"][1].as_str().expect("a second person");
    let bring = |sender: &str, reader: &str| {
        let mut wire = Wire::open(&postfix, "smtp_port");
        wire.smtp("EHLO elsewhere.test");
        exchange(&mut wire, sender, reader)
    };

    assert!(bring("someone@elsewhere.test", bob).starts_with("250"));
    assert!(bring("", bob).starts_with("250"), "a notice of failure comes from nobody");
    assert!(bring("someone@elsewhere.test", "abuse@courrier.test").starts_with("250"));
    assert!(bring("someone@elsewhere.test", "someone@far.test").starts_with("554"), "a relay");
    assert!(bring("someone@elsewhere.test", "nobody@courrier.test").starts_with("550"));
    assert!(bring(&alice, bob).starts_with("55"), "a letter forged in her name");

    let mut wire = Wire::open(&postfix, "smtp_port");
    wire.say("EHLO elsewhere.test");
    let mut offers = Vec::new();
    loop {
        let line = wire.line();
        let last = line.as_bytes().get(3) != Some(&b'-');
        offers.push(line);
        if last {
            break;
        }
    }
    assert!(offers.iter().any(|offer| offer.ends_with("STARTTLS")), "{offers:?}");
    assert!(!offers.iter().any(|offer| offer.contains("AUTH")), "{offers:?}");
}

#[test]
fn a_letter_from_outside_reaches_the_mailbox() {
    let (Some(dovecot), Some(postfix)) = (peer("MAINCOURANTE_TEST_DOVECOT"), peer("MAINCOURANTE_TEST_POSTFIX")) else { return };
    let bob = dovecot["people"][1].as_str().expect("a second person");
    let mark = host::secret().expect("chance");
    let mut wire = Wire::open(&postfix, "smtp_port");
    wire.smtp("EHLO elsewhere.test");
    let letter = format!("From: someone@elsewhere.test\r\nTo: {bob}\r\nSubject: proof {mark}\r\n\r\nBonjour.\r\n.");
    assert!(wire.smtp("MAIL FROM:<someone@elsewhere.test>").starts_with("250"));
    assert!(wire.smtp(&format!("RCPT TO:<{bob}>")).starts_with("250"));
    assert!(wire.smtp("DATA").starts_with("354"));
    assert!(wire.smtp(&letter).starts_with("250"));

    let mut imap = enter(&dovecot, bob, &token(&dovecot, &header(&dovecot), &claims(&dovecot, bob))).expect("his mailbox");
    host::until("the letter", Duration::from_secs(30), || {
        imap.imap("SELECT INBOX");
        let (found, answer) = imap.imap(&format!("SEARCH SUBJECT {mark}"));
        assert!(answer.starts_with("OK"), "{answer}");
        found.iter().any(|line| line.strip_prefix("* SEARCH ").is_some_and(|list| !list.is_empty()))
    })
    .expect("the letter arrives");
}

#[tokio::test]
async fn the_role_of_the_mail_servers_reads_the_views_and_nothing_else() {
    use sqlx::Connection;
    let Some(dovecot) = peer("MAINCOURANTE_TEST_DOVECOT") else { return };
    let conf = std::path::PathBuf::from(text(&dovecot, "conf")).with_file_name("postgres.conf.ext");
    let conf = std::fs::read_to_string(conf).expect("what Dovecot reads");
    let field = |name: &str| conf.split_whitespace().find_map(|word| word.strip_prefix(name)).unwrap_or_default().to_owned();
    let url = format!("postgres://mailread:{}@127.0.0.1:{}/{}", field("password="), field("port="), field("dbname="));
    let mut base = sqlx::PgConnection::connect(&url).await.expect("the role enters");

    for view in ["select count(*) from mail_userdb_json", "select count(*) from mail_recipient", "select count(*) from mail_sender_login"] {
        let (count,): (i64,) = sqlx::query_as(view).fetch_one(&mut base).await.expect("a view it may read");
        assert!(count >= 2, "{view}");
    }
    for table in
        ["select count(*) from usager", "select count(*) from session", "select count(*) from phone", "select count(*) from journal_entry"]
    {
        let error = sqlx::query(table).fetch_one(&mut base).await.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("permission denied"), "{table}: {error:?}");
    }
    // Read-only is this role's habit; its rights must not rest on it.
    sqlx::query("set default_transaction_read_only = off").execute(&mut base).await.expect("a habit it may change");
    for act in ["create table mine (id int)", "create temporary table mine (id int)", "delete from mail_recipient"] {
        assert!(sqlx::query(act).execute(&mut base).await.is_err(), "{act}");
    }
}

fn greeted(wire: &mut Wire, postfix: &Value) -> String {
    wire.smtp("EHLO program.test");
    let (user, password) = (text(postfix, "submission_user"), text(postfix, "submission_password"));
    wire.smtp(&format!("AUTH PLAIN {}", BASE64.encode(format!("\0{user}\0{password}").as_bytes())))
}

/// One small letter; the first refusal, or the last answer.
fn exchange(wire: &mut Wire, sender: &str, reader: &str) -> String {
    for words in [format!("MAIL FROM:<{sender}>"), format!("RCPT TO:<{reader}>")] {
        let answer = wire.smtp(&words);
        if !answer.starts_with("250") {
            return answer;
        }
    }
    wire.smtp("DATA");
    wire.smtp("Subject: a small letter\r\n\r\nBonjour.\r\n.")
}
