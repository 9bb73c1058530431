//! Times of a list and of an opened letter, beside the same commands said by hand to the same mail server.
//!
//! `cargo run --release -p maincourante-mailbox --example measure -- DOVECOT.json [letters to put first]`, where the file
//! is what `cargo xtask peers up` writes for Dovecot. The difference is what this crate costs: its client, its reading.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::time::Instant;

use maincourante_identity::testing as people;
use maincourante_kernel::clock::seconds;
use maincourante_kernel::testing::sqlite;
use maincourante_kernel::{Clock, Failure, Kernel};
use maincourante_mailbox::token::{TokenKey, mint};
use maincourante_mailbox::{ImapSettings, Mailbox, Reach, RelaySettings, Security, Settings, SourceSettings};
use serde::Deserialize;

const ROUNDS: usize = 300;

#[derive(Deserialize)]
struct Server {
    imap_port: u16,
    lmtp_port: u16,
    issuer: String,
    kid: String,
    key_file: PathBuf,
    people: Vec<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or_else(|| Failure::new("the file that describes Dovecot is missing"))?;
    let server: Server = serde_json::from_slice(&std::fs::read(file)?)?;
    if let Some(count) = args.next() {
        fill(&server, count.parse()?)?;
    }
    let base = sqlite().await;
    let kernel = Kernel { clock: Clock::System, ..base.kernel.clone() };
    let source = SourceSettings::Imap(ImapSettings {
        host: "127.0.0.1".into(),
        port: server.imap_port,
        security: Security::Plain,
        issuer: server.issuer.clone(),
        kid: server.kid.clone(),
        key_file: server.key_file.clone(),
    });
    let mailbox = Mailbox::new(&kernel, &Settings { source, relay: RelaySettings::Memory, undo: seconds(60) })?;
    let usager = people::usager(&people::identity(&kernel), &server.people[0], None).await;
    let own = people::own(&kernel, usager).await;
    let mine = mailbox.of(&own, IpAddr::V4(Ipv4Addr::LOCALHOST));
    let Reach::Here(page) = mine.inbox(None).await? else { return Err(Failure::new("the mail server is away")) };
    let (total, row) = (page.counts.total, page.rows.first().ok_or_else(|| Failure::new("the mailbox is empty"))?.reference);
    mine.open(row).await?.here();

    let (mut list, mut open) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        mine.inbox(None).await?.here();
        list.push(begun.elapsed());
        let begun = Instant::now();
        mine.open(row).await?.here();
        open.push(begun.elapsed());
    }

    let key = TokenKey::read(&server.key_file, &server.issuer, &server.kid)?;
    let token = mint(&own, &key, kernel.now(), &kernel.chance)?;
    let mut raw = Raw::enter(server.imap_port, own.address().as_str(), token.reveal())?;
    let uid = row.to_string().rsplit('-').next().unwrap_or_default().to_owned();
    let (mut raw_list, mut raw_open) = (Vec::new(), Vec::new());
    let newest = format!(
        "FETCH {}:{total} (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])",
        total.saturating_sub(24).max(1)
    );
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        raw.say("SELECT INBOX")?;
        raw.say(&newest)?;
        raw_list.push(begun.elapsed());
        let begun = Instant::now();
        raw.say("SELECT INBOX")?;
        raw.say(&format!("UID FETCH {uid} (BODY.PEEK[])"))?;
        raw_open.push(begun.elapsed());
    }
    println!("{total} letters, {ROUNDS} rounds, warm connection; median and 95th percentile, in microseconds");
    for (what, mut times) in
        [("list, raw IMAP", raw_list), ("list, this crate", list), ("open, raw IMAP", raw_open), ("open, this crate", open)]
    {
        times.sort();
        println!("{what:17} {:6} {:6}", times[ROUNDS / 2].as_micros(), times[ROUNDS * 95 / 100].as_micros());
    }
    Ok(())
}

/// A client that understands nothing: it reads until its tag comes back.
struct Raw {
    line: BufReader<TcpStream>,
}

impl Raw {
    fn enter(port: u16, address: &str, token: &str) -> Result<Self, Failure> {
        let line = TcpStream::connect(("127.0.0.1", port))?;
        line.set_nodelay(true)?;
        let mut raw = Self { line: BufReader::new(line) };
        let bearer = data_encoding::BASE64.encode(format!("n,a={address},\x01auth=Bearer {token}\x01\x01").as_bytes());
        raw.say(&format!("AUTHENTICATE OAUTHBEARER {bearer}"))?;
        Ok(raw)
    }

    fn say(&mut self, words: &str) -> Result<(), Failure> {
        self.line.get_mut().write_all(format!("r {words}\r\n").as_bytes())?;
        loop {
            let mut line = Vec::new();
            self.line.read_until(b'\n', &mut line)?;
            if line.starts_with(b"r OK") {
                return Ok(());
            }
            if line.is_empty() || line.starts_with(b"r ") {
                return Err(Failure::new("the mail server refused"));
            }
            let text = String::from_utf8_lossy(&line);
            let announced =
                text.trim_end().strip_suffix('}').and_then(|text| text.rsplit('{').next()).and_then(|digits| digits.parse().ok());
            if let Some(length) = announced {
                std::io::copy(&mut self.line.by_ref().take(length), &mut std::io::sink())?;
            }
        }
    }
}

/// Letters of fifteen kilobytes, put by LMTP.
fn fill(server: &Server, count: usize) -> Result<(), Failure> {
    let mut line = BufReader::new(TcpStream::connect(("127.0.0.1", server.lmtp_port))?);
    let mut say = |words: &str| -> Result<(), Failure> {
        line.get_mut().write_all(words.as_bytes())?;
        let mut answer = String::new();
        while answer.as_bytes().get(3) != Some(&b' ') {
            answer.clear();
            if line.read_line(&mut answer)? == 0 {
                return Err(Failure::new("the mail server closed"));
            }
        }
        if answer.starts_with(['2', '3']) { Ok(()) } else { Err(Failure::new("the mail server refused a letter")) }
    };
    say("")?;
    say("LHLO measure\r\n")?;
    let paragraph = "<p>Bonjour, votre attestation est <b>pr\u{ea}te</b>. <a href=\"https://exemple.fr/\">La voir</a></p>\r\n".repeat(150);
    for number in 0..count {
        say("MAIL FROM:<x@exemple.fr>\r\n")?;
        say(&format!("RCPT TO:<{}>\r\n", server.people[0]))?;
        say("DATA\r\n")?;
        say(&format!(
            "From: =?utf-8?Q?Caf=C3=A9?= <x@exemple.fr>\r\nTo: {}\r\nSubject: Lettre {number}\r\nDate: Sun, 22 Nov 2026 09:12:00 +0100\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/html; charset=utf-8\r\n\r\n{paragraph}\r\n.\r\n",
            server.people[0]
        ))?;
    }
    Ok(())
}
