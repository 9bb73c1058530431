//! Talks to the mail servers line by line, and signs tokens as the program does: good ones, and every bad one.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};

use crate::host;

/// The facts of a peer, or nothing when it is not there and may be absent.
pub(super) fn peer(variable: &str) -> Option<Value> {
    let Some(file) = host::env(variable) else {
        assert!(host::env("MAINCOURANTE_STRICT").is_none(), "{variable} is not set");
        eprintln!("not run: {variable} is not set (cargo xtask test sets it)");
        return None;
    };
    Some(serde_json::from_str(&std::fs::read_to_string(file).expect("the facts of a peer")).expect("facts in JSON"))
}

pub(super) fn text<'a>(facts: &'a Value, name: &str) -> &'a str {
    facts[name].as_str().unwrap_or_else(|| panic!("{name} is in the facts"))
}

#[expect(clippy::disallowed_methods, reason = "Dovecot looks at the real clock, so must the tokens given to it")]
pub(super) fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock after 1970").as_secs()
}

/// The claims of a good token for `subject`.
pub(super) fn claims(dovecot: &Value, subject: &str) -> Value {
    json!({ "iss": text(dovecot, "issuer"), "aud": "mail", "scope": "mail", "sub": subject, "iat": now(), "exp": now() + 60 })
}

pub(super) fn token(dovecot: &Value, header: &Value, claims: &Value) -> String {
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

pub(super) fn header(dovecot: &Value) -> Value {
    json!({ "typ": "JWT", "alg": "ES256", "kid": text(dovecot, "kid") })
}

/// A conversation in lines.
pub(super) struct Wire {
    reader: BufReader<TcpStream>,
}

impl Wire {
    pub(super) fn open(facts: &Value, port: &str) -> Self {
        let port = u16::try_from(facts[port].as_u64().expect("a port")).expect("a port");
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the peer answers");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a patience");
        let mut wire = Self { reader: BufReader::new(stream) };
        wire.line();
        wire
    }

    pub(super) fn line(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }

    pub(super) fn say(&mut self, words: &str) {
        self.reader.get_mut().write_all(format!("{words}\r\n").as_bytes()).expect("the peer listens");
    }

    /// One IMAP command, to its tagged answer (empty when the server hangs up).
    pub(super) fn imap(&mut self, words: &str) -> (Vec<String>, String) {
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
    pub(super) fn smtp(&mut self, words: &str) -> String {
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
pub(super) fn enter(dovecot: &Value, login: &str, token: &str) -> Option<Wire> {
    let mut wire = Wire::open(dovecot, "imap_port");
    let response = BASE64.encode(format!("n,a={login},\u{1}auth=Bearer {token}\u{1}\u{1}").as_bytes());
    let (_, answer) = wire.imap(&format!("AUTHENTICATE OAUTHBEARER {response}"));
    answer.starts_with("OK").then_some(wire)
}

/// What Dovecot was told, for instance after `port=`.
pub(super) fn read_by_dovecot(dovecot: &Value, name: &str) -> String {
    let file = std::path::PathBuf::from(text(dovecot, "conf")).with_file_name("postgres.conf.ext");
    let conf = std::fs::read_to_string(file).expect("what Dovecot reads");
    conf.split_whitespace().find_map(|word| word.strip_prefix(name)).unwrap_or_default().to_owned()
}

pub(super) fn base_url(dovecot: &Value, who: &str) -> String {
    format!("postgres://{who}@127.0.0.1:{}/{}", read_by_dovecot(dovecot, "port="), read_by_dovecot(dovecot, "dbname="))
}

pub(super) fn greeted(wire: &mut Wire, postfix: &Value) -> String {
    wire.smtp("EHLO program.test");
    let (user, password) = (text(postfix, "submission_user"), text(postfix, "submission_password"));
    wire.smtp(&format!("AUTH PLAIN {}", BASE64.encode(format!("\0{user}\0{password}").as_bytes())))
}

/// One small letter; the first refusal, or the last answer.
pub(super) fn exchange(wire: &mut Wire, sender: &str, reader: &str) -> String {
    for words in [format!("MAIL FROM:<{sender}>"), format!("RCPT TO:<{reader}>")] {
        let answer = wire.smtp(&words);
        if !answer.starts_with("250") {
            return answer;
        }
    }
    wire.smtp("DATA");
    wire.smtp("Subject: a small letter\r\n\r\nBonjour.\r\n.")
}
