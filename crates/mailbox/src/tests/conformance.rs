//! One suite for every source of letters: what a page may count on, on files and on a real mail server alike.

use maincourante_identity::UsagerId;
use maincourante_kernel::address::MailAddress;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::dovecot::ALONE;
use super::{Dovecot, HOME, World, dovecot, mark};
use crate::source::Reader;
use crate::{Folder, PAGE, Reach, Received, RelaySettings, Row};

/// A place where two people have mailboxes, and a way to put letters into them.
struct Place {
    world: World,
    alice: UsagerId,
    bob: UsagerId,
    address: MailAddress,
    lmtp: Option<u16>,
}

impl Place {
    async fn files() -> Self {
        let world = World::files().await;
        let (alice, bob) = (world.person("alice@exemple-mail.fr").await, world.person("bob@exemple-mail.fr").await);
        Self { world, alice, bob, address: "alice@exemple-mail.fr".parse().unwrap(), lmtp: None }
    }

    async fn dovecot(server: &Dovecot) -> Self {
        let world = World::imap(server, server.imap_port, RelaySettings::Memory).await;
        let (alice, bob) = (world.person(&server.people[0]).await, world.person(&server.people[1]).await);
        Self { world, alice, bob, address: server.people[0].parse().unwrap(), lmtp: Some(server.lmtp_port) }
    }

    /// A letter comes for Alice.
    async fn receives(&self, letter: &str) {
        if let Some(port) = self.lmtp {
            return lmtp(port, &self.address, letter).await;
        }
        let now = self.world.kernel.now();
        let received = self.world.mailbox.deliver(&self.address, &mark(), letter.as_bytes(), now).await.unwrap();
        assert_eq!(received, Received::Done);
    }
}

/// Hands a letter to a mail server as another mail server would (RFC 2033).
async fn lmtp(port: u16, to: &MailAddress, letter: &str) {
    let mut line = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
    let letter = format!("{}\r\n.\r\n", letter.replace('\n', "\r\n"));
    let steps = [
        ("", "220"),
        ("LHLO test\r\n", "250"),
        ("MAIL FROM:<x@y.example>\r\n", "250"),
        (&format!("RCPT TO:<{to}>\r\n"), "250"),
        ("DATA\r\n", "354"),
        (&letter, "250"),
    ];
    for (words, wanted) in steps {
        line.write_all(words.as_bytes()).await.unwrap();
        let mut answer = String::new();
        while answer.as_bytes().get(3) != Some(&b' ') {
            answer.clear();
            assert!(line.read_line(&mut answer).await.unwrap() > 0);
        }
        assert!(answer.starts_with(wanted), "{words} {answer}");
    }
}

fn letter(subject: &str) -> String {
    format!(
        "From: Sophie <sophie@exemple.fr>\nTo: alice@exemple.fr\nSubject: {subject}\nDate: Sun, 22 Nov 2026 09:12:00 +0100\nMessage-ID: <{subject}@exemple.fr>\n\
         MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nBonjour {subject}\n--b\n\
         Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQ=\n--b--\n"
    )
}

fn subjects(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.heading.subject.as_str()).collect()
}

async fn a_letter_is_listed_opened_and_marked(place: &Place) {
    let own = place.world.signed_in(place.alice).await;
    let mine = place.world.mailbox.of(&own, HOME);
    let before = mine.counts().await.unwrap().here().unwrap();
    let word = mark();
    place.receives("Subject: avant\n\nx\n").await;
    place.receives(&letter(&word)).await;

    let page = mine.inbox(0).await.unwrap().here().unwrap();
    assert_eq!((page.counts.total, page.counts.unseen), (before.total + 2, before.unseen + 2));
    assert_eq!(subjects(&page.rows)[..2], [word.as_str(), "avant"]);
    let row = &page.rows[0];
    assert_eq!((row.seen, row.carried, row.heading.from.as_ref().unwrap().name.as_str()), (false, 1, "Sophie"));
    assert!(row.size > 300 && place.world.kernel.now().since(row.arrived).as_seconds().abs() < 120);

    let opened = mine.open(row.reference).await.unwrap().here().unwrap().expect("the letter is there");
    assert_eq!(crate::letter::tree::plain(&opened.view.body), format!("Bonjour {word}"));
    assert_eq!(opened.arrived, row.arrived);
    assert_eq!(mine.counts().await.unwrap().here().unwrap().unseen, before.unseen + 1);
    let again = mine.inbox(0).await.unwrap().here().unwrap();
    assert_eq!((again.rows[0].seen, again.rows[0].reference), (true, row.reference));

    let carried = &opened.view.attachments[0];
    let attached = mine.attachment(row.reference, carried.index).await.unwrap().here().unwrap().expect("it is carried");
    assert_eq!((attached.bytes.as_slice(), attached.attachment.name.as_str()), (&b"%PDF-1.4"[..], "a.pdf"));
    assert!(mine.attachment(row.reference, 99).await.unwrap().here().unwrap().is_none());
}

async fn a_name_of_somebody_elses_letter_names_nothing_of_mine(place: &Place) {
    let word = mark();
    place.receives(&letter(&word)).await;
    let alice = place.world.signed_in(place.alice).await;
    let reference = place.world.mailbox.of(&alice, HOME).inbox(0).await.unwrap().here().unwrap().rows[0].reference;

    let bob = place.world.signed_in(place.bob).await;
    let opened = place.world.mailbox.of(&bob, HOME).open(reference).await.unwrap().here().unwrap();
    assert!(opened.is_none_or(|opened| opened.view.subject != word), "a letter of Alice was opened by Bob");
    let mut other = reference;
    other.validity ^= 1;
    assert!(place.world.mailbox.of(&alice, HOME).open(other).await.unwrap().here().unwrap().is_none());
    other = reference;
    other.uid = u32::MAX;
    assert!(place.world.mailbox.of(&alice, HOME).open(other).await.unwrap().here().unwrap().is_none());
}

async fn pages_follow_one_another(place: &Place) {
    for _ in 0..PAGE + 3 {
        place.receives(&letter(&mark())).await;
    }
    let own = place.world.signed_in(place.alice).await;
    let mine = place.world.mailbox.of(&own, HOME);
    let first = mine.inbox(0).await.unwrap().here().unwrap();
    let second = mine.inbox(1).await.unwrap().here().unwrap();
    assert_eq!(first.rows.len(), PAGE as usize);
    assert!(first.has_older() && second.rows.len() >= 3);
    let mut uids: Vec<_> = first.rows.iter().chain(&second.rows).map(|row| row.reference.uid).collect();
    let count = uids.len();
    assert!(uids.is_sorted_by(|newer, older| newer > older), "newest first, none twice");
    uids.dedup();
    assert_eq!(uids.len(), count);
    let beyond = mine.inbox(1000).await.unwrap().here().unwrap();
    assert!(beyond.rows.is_empty() && !beyond.has_older());
}

async fn a_sent_letter_is_filed_once(place: &Place) {
    let own = place.world.signed_in(place.bob).await;
    let who = Reader { own: &own, from: HOME, now: place.world.kernel.now() };
    let source = &place.world.mailbox.source;
    let word = mark();
    let letter = letter(&word).replace('\n', "\r\n");
    let before = source.page(who, Folder::Sent, 0).await.unwrap().here().unwrap().counts.total;
    for _ in 0..2 {
        assert_eq!(source.file_sent(who, &format!("<{word}@exemple.fr>"), letter.as_bytes()).await.unwrap(), Reach::Here(()));
    }
    let page = source.page(who, Folder::Sent, 0).await.unwrap().here().unwrap();
    assert_eq!(page.counts.total, before + 1);
    assert_eq!((page.rows[0].heading.subject.as_str(), page.rows[0].seen), (word.as_str(), true));
    assert!(page.rows[0].reference.to_string().starts_with("envoye-"));
    let stored = source.letter(who, page.rows[0].reference).await.unwrap().here().unwrap().expect("filed");
    assert_eq!(stored.bytes, letter.as_bytes());
}

async fn suite(place: &Place) {
    a_letter_is_listed_opened_and_marked(place).await;
    a_name_of_somebody_elses_letter_names_nothing_of_mine(place).await;
    pages_follow_one_another(place).await;
    a_sent_letter_is_filed_once(place).await;
}

#[tokio::test]
async fn files_keep_what_a_source_promises() {
    suite(&Place::files().await).await;
}

#[tokio::test]
async fn a_mail_server_keeps_what_a_source_promises() {
    let Some(server) = dovecot() else { return };
    let _alone = ALONE.lock().await;
    suite(&Place::dovecot(&server).await).await;
}
