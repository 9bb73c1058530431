//! One suite for every source of letters: what a page may count on, on files and on a real mail server alike.

use std::sync::atomic::AtomicBool;

use futures_util::TryStreamExt;
use futures_util::future::join_all;
use maincourante_identity::UsagerId;
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::raster::BEGINNING;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::dovecot::ALONE;
use super::{Dovecot, HOME, World, dovecot, mark};
use crate::search::{Found, Sought};
use crate::source::Reader;
use crate::{Attached, Folder, Mine, Moved, PAGE, Reach, Received, Reference, RelaySettings, Row};

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

    /// What Alice is given of something.
    async fn given(&self, attached: Attached) -> Vec<Vec<u8>> {
        let own = self.world.signed_in(self.alice).await;
        attached.pieces(self.world.mailbox.clone(), own, HOME).try_collect().await.unwrap()
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
pub(super) async fn lmtp(port: u16, to: &MailAddress, letter: &str) {
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

pub(super) fn letter(subject: &str) -> String {
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

    let page = mine.inbox(None).await.unwrap().here().unwrap();
    assert_eq!((page.counts.total, page.counts.unseen), (before.total + 2, before.unseen + 2));
    assert_eq!(subjects(&page.rows)[..2], [word.as_str(), "avant"]);
    let row = &page.rows[0];
    assert_eq!((row.seen, row.carried, row.heading.from.as_ref().unwrap().name.as_str()), (false, 1, "Sophie"));
    assert!(row.size > 300 && place.world.kernel.now().since(row.arrived).as_seconds().abs() < 120);

    let opened = mine.open(row.reference).await.unwrap().here().unwrap().expect("the letter is there");
    assert_eq!(crate::letter::tree::plain(&opened.view.body), format!("Bonjour {word}"));
    assert_eq!(opened.arrived, row.arrived);
    assert_eq!(mine.counts().await.unwrap().here().unwrap().unseen, before.unseen + 1);
    let again = mine.inbox(None).await.unwrap().here().unwrap();
    assert_eq!((again.rows[0].seen, again.rows[0].reference), (true, row.reference));

    let carried = &opened.view.attachments[0];
    let attached = mine.attachment(row.reference, carried.index).await.unwrap().here().unwrap().expect("it is carried");
    assert_eq!((attached.attachment.name.as_str(), attached.attachment.size), ("a.pdf", 8));
    assert_eq!(place.given(attached).await, [b"%PDF-1.4"]);
    assert!(mine.attachment(row.reference, 99).await.unwrap().here().unwrap().is_none());
    assert!(mine.attachment(row.reference, 0).await.unwrap().here().unwrap().is_none(), "what is read is not carried");
}

/// A letter of several pieces: what it carries is found wherever it stands, weighed, and given piece by piece.
async fn a_heavy_file_is_given_piece_by_piece(place: &Place) {
    let own = place.world.signed_in(place.alice).await;
    let mine = place.world.mailbox.of(&own, HOME);
    let film: Vec<u8> = (0..3_000_000_u32).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let photo = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0".as_slice(), &film[..700_000]].concat();
    let part = |name: &str, bytes: &[u8]| {
        let body = data_encoding::BASE64_MIME.encode(bytes);
        format!("--z\nContent-Type: application/octet-stream; name={name}\nContent-Transfer-Encoding: base64\n\n{body}")
    };
    let head = "From: x@exemple.fr\nSubject: film\nContent-Type: multipart/mixed; boundary=z\n\n--z\n\nVoici\n";
    let last = "--z\nContent-Type: text/csv; name=a.csv\nContent-Transfer-Encoding: quoted-printable\n\n=C3=A9;=\nfin\n--z--\n";
    place.receives(&[head, &part("film.mp4", &film), &part("photo.png", &photo), last].concat()).await;
    let reference = mine.inbox(None).await.unwrap().here().unwrap().rows[0].reference;
    let opened = mine.open(reference).await.unwrap().here().unwrap().expect("the letter is there").view;
    assert_eq!(opened.attachments.iter().map(|one| one.index).collect::<Vec<_>>(), [1, 2, 3]);

    for (told, bytes) in opened.attachments.iter().zip([film.as_slice(), &photo, "é;fin".as_bytes()]) {
        let attached = mine.attachment(reference, told.index).await.unwrap().here().unwrap().expect("it is carried");
        assert_eq!(&attached.attachment, told, "a page says of it what whoever takes it is given");
        let pieces = place.given(attached).await;
        assert!(pieces.iter().all(|piece| piece.len() <= BEGINNING), "{:?}", pieces.iter().map(Vec::len).collect::<Vec<_>>());
        assert!(pieces.concat() == bytes, "{}", told.name);
    }
    // A letter that goes while it is given is not given as if it were whole.
    let attached = mine.attachment(reference, 1).await.unwrap().here().unwrap().expect("it is carried");
    assert!(matches!(mine.throw_away(reference).await.unwrap(), Reach::Here(Moved::To(_))));
    let own = place.world.signed_in(place.alice).await;
    assert!(attached.pieces(place.world.mailbox.clone(), own, HOME).try_collect::<Vec<_>>().await.is_err());
}

async fn a_name_of_somebody_elses_letter_names_nothing_of_mine(place: &Place) {
    let word = mark();
    place.receives(&letter(&word)).await;
    let alice = place.world.signed_in(place.alice).await;
    let reference = place.world.mailbox.of(&alice, HOME).inbox(None).await.unwrap().here().unwrap().rows[0].reference;

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
    let first = mine.inbox(None).await.unwrap().here().unwrap();
    let second = mine.inbox(first.next()).await.unwrap().here().unwrap();
    assert_eq!(first.rows.len(), PAGE as usize);
    assert!(first.older && second.rows.len() >= 3);
    let mut uids: Vec<_> = first.rows.iter().chain(&second.rows).map(|row| row.reference.uid).collect();
    let count = uids.len();
    assert!(uids.is_sorted_by(|newer, older| newer > older), "newest first, none twice");
    uids.dedup();
    assert_eq!(uids.len(), count);
}

/// Every page of a folder, to the last.
async fn whole(mine: &Mine<'_>, folder: Folder) -> Vec<Row> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = match folder {
            Folder::Inbox => mine.inbox(after).await.unwrap(),
            Folder::Sent => mine.sent(after).await.unwrap().filed,
            Folder::Bin => mine.bin(after).await.unwrap(),
        };
        let page = page.here().unwrap();
        assert!(page.rows.len() <= PAGE as usize);
        after = page.next();
        assert_eq!(after.is_some(), page.older);
        all.extend(page.rows);
        if after.is_none() {
            return all;
        }
    }
}

async fn what_comes_or_goes_meanwhile_shows_no_letter_twice_and_hides_none(place: &Place) {
    for _ in 0..2 * PAGE {
        place.receives(&letter(&mark())).await;
    }
    let own = place.world.signed_in(place.alice).await;
    let mine = place.world.mailbox.of(&own, HOME);
    let all = whole(&mine, Folder::Inbox).await;
    let names = |rows: &[Row]| rows.iter().map(|row| row.reference).collect::<Vec<_>>();
    let first = mine.inbox(None).await.unwrap().here().unwrap();
    place.receives(&letter(&mark())).await;
    assert!(matches!(mine.throw_away(first.rows[3].reference).await.unwrap(), Reach::Here(Moved::To(_))));
    let second = mine.inbox(first.next()).await.unwrap().here().unwrap();
    assert_eq!(names(&second.rows), names(&all[PAGE as usize..2 * PAGE as usize]));
    // The very letter after which one goes on may be gone.
    assert!(matches!(mine.throw_away(first.rows[PAGE as usize - 1].reference).await.unwrap(), Reach::Here(Moved::To(_))));
    assert_eq!(mine.inbox(first.next()).await.unwrap().here().unwrap().rows, second.rows);
    // After the oldest there is nothing; a name of another time begins anew.
    let oldest = all.last().unwrap().reference;
    let beyond = mine.inbox(Some(oldest)).await.unwrap().here().unwrap();
    assert!(beyond.rows.is_empty() && !beyond.older && beyond.counts.total > PAGE);
    let another = Reference { validity: oldest.validity ^ 1, ..oldest };
    assert_eq!(mine.inbox(Some(another)).await.unwrap(), mine.inbox(None).await.unwrap());
    let elsewhere = Reference { folder: Folder::Bin, ..oldest };
    assert_eq!(mine.inbox(Some(elsewhere)).await.unwrap(), mine.inbox(None).await.unwrap());
}

async fn a_letter_goes_to_the_bin_and_comes_back_as_it_was(place: &Place) {
    let own = place.world.signed_in(place.alice).await;
    let mine = place.world.mailbox.of(&own, HOME);
    let word = mark();
    place.receives(&letter(&word)).await;
    let row = mine.inbox(None).await.unwrap().here().unwrap().rows[0].clone();
    let (inbox, bin) = (whole(&mine, Folder::Inbox).await.len(), whole(&mine, Folder::Bin).await.len());

    let Reach::Here(Moved::To(there)) = mine.throw_away(row.reference).await.unwrap() else { panic!("not moved") };
    assert_eq!((there.folder(), mine.throw_away(row.reference).await.unwrap()), (Folder::Bin, Reach::Here(Moved::NotThere)), "once");
    assert_eq!((mine.is_there(row.reference).await.unwrap(), mine.is_there(there).await.unwrap()), (Reach::Here(false), Reach::Here(true)));
    assert_eq!((whole(&mine, Folder::Inbox).await.len(), whole(&mine, Folder::Bin).await.len()), (inbox - 1, bin + 1));
    let binned = mine.bin(None).await.unwrap().here().unwrap().rows[0].clone();
    assert_eq!((binned.reference, binned.home, binned.arrived, binned.seen, binned.carried), (there, Folder::Inbox, row.arrived, false, 1));
    let opened = mine.open(there).await.unwrap().here().unwrap().expect("it can be read there");
    assert_eq!((opened.view.subject.as_str(), opened.home), (word.as_str(), Folder::Inbox));
    assert!(mine.attachment(there, opened.view.attachments[0].index).await.unwrap().here().unwrap().is_some());
    assert_eq!(mine.throw_away(there).await.unwrap(), Reach::Here(Moved::NotThere), "what is in the bin goes no further");

    let bob = place.world.signed_in(place.bob).await;
    let stranger = place.world.mailbox.of(&bob, HOME);
    assert_eq!(stranger.put_back(there).await.unwrap(), Reach::Here(Moved::NotThere), "somebody else's bin is not his");
    let Reach::Here(Moved::To(back)) = mine.put_back(there).await.unwrap() else { panic!("not put back") };
    assert_eq!(mine.put_back(there).await.unwrap(), Reach::Here(Moved::NotThere), "once");
    assert_eq!(mine.put_back(back).await.unwrap(), Reach::Here(Moved::NotThere), "what is not in the bin stays");
    let opened = mine.open(back).await.unwrap().here().unwrap().expect("it is back");
    assert_eq!((opened.view.subject, opened.home, opened.arrived), (word, Folder::Inbox, row.arrived));
    assert_eq!((whole(&mine, Folder::Inbox).await.len(), whole(&mine, Folder::Bin).await.len()), (inbox, bin));
}

async fn a_letter_of_mine_comes_back_among_the_sent_ones_and_one_that_pretends_to_be_does_not(place: &Place) {
    let own = place.world.signed_in(place.alice).await;
    let mine = place.world.mailbox.of(&own, HOME);
    let who = Reader { own: &own, from: HOME, now: place.world.kernel.now(), away: &AtomicBool::new(false) };
    let (word, lie) = (mark(), mark());
    let source = &place.world.mailbox.source;
    assert_eq!(
        source.file_sent(who, &format!("<{word}@exemple.fr>"), &letter(&word).into_bytes().into(), &place.world.kernel).await.unwrap(),
        Reach::Here(())
    );
    place.receives(&letter(&lie).replace("Sophie <sophie@exemple.fr>", &format!("<{}>", place.address))).await;
    let sent = whole(&mine, Folder::Sent).await[0].clone();
    let received = mine.inbox(None).await.unwrap().here().unwrap().rows[0].clone();
    assert_eq!((sent.heading.subject.as_str(), received.heading.subject.as_str()), (word.as_str(), lie.as_str()));
    for (row, home) in [(sent, Folder::Sent), (received, Folder::Inbox)] {
        let Reach::Here(Moved::To(there)) = mine.throw_away(row.reference).await.unwrap() else { panic!("not moved") };
        assert_eq!(mine.bin(None).await.unwrap().here().unwrap().rows[0].home, home);
        let Reach::Here(Moved::To(back)) = mine.put_back(there).await.unwrap() else { panic!("not put back") };
        assert_eq!((back.folder(), whole(&mine, home).await[0].heading.subject.clone()), (home, row.heading.subject));
    }
}

async fn the_first_letter_of_someone_is_known(place: &Place) {
    let own = place.world.signed_in(place.alice).await;
    let who = Reader { own: &own, from: HOME, now: place.world.kernel.now(), away: &AtomicBool::new(false) };
    let address: MailAddress = format!("{}@exemple.fr", mark()).parse().unwrap();
    let source = &place.world.mailbox.source;
    assert_eq!(source.first_from(who, &address).await.unwrap(), Reach::Here(None));
    for _ in 0..2 {
        place.receives(&letter(&mark()).replace("sophie@exemple.fr>\nTo", &format!("{}>\nTo", address.as_str().to_uppercase()))).await;
    }
    let page = place.world.mailbox.of(&own, HOME).inbox(None).await.unwrap().here().unwrap();
    assert_eq!(source.first_from(who, &address).await.unwrap(), Reach::Here(Some(page.rows[1].arrived)));
}

async fn odd_names_are_made_safe(place: &Place) {
    let own = place.world.signed_in(place.alice).await;
    let mine = place.world.mailbox.of(&own, HOME);
    for (written, safe) in [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\\\Bureau\\\\facture.pdf", "facture.pdf"),
        ("rib\u{202e}fdp.exe", "ribfdp.exe"),
        ("", "document.pdf"),
        (&format!("{}.pdf", "n".repeat(300)), &format!("{}.pdf", "n".repeat(100))),
    ] {
        place.receives(&letter(&mark()).replace("; name=a.pdf", "").replace("filename=a.pdf", &format!("filename=\"{written}\""))).await;
        let row = mine.inbox(None).await.unwrap().here().unwrap().rows[0].clone();
        assert_eq!(row.carried, 1);
        let opened = mine.open(row.reference).await.unwrap().here().unwrap().unwrap();
        assert_eq!(opened.view.attachments[0].name, *safe, "{written}");
    }
}

/// Several sessions move one letter at once, there and back: there is always one of it.
async fn a_letter_moved_by_several_sessions_at_once_stays_one(place: &Place) {
    let mut owns = Vec::new();
    for _ in 0..8 {
        owns.push(place.world.signed_in(place.alice).await);
    }
    let of = |own| place.world.mailbox.of(own, HOME);
    let mine = of(&owns[0]);
    let bin = whole(&mine, Folder::Bin).await.len();
    for turn in 0..12 {
        let word = mark();
        place.receives(&letter(&word)).await;
        let received = mine.inbox(None).await.unwrap().here().unwrap().rows[0].reference;
        let moved = join_all(owns.iter().map(|own| async move { of(own).throw_away(received).await.unwrap() })).await;
        assert!(moved.iter().all(|one| matches!(one, Reach::Here(_))), "{moved:?}");
        let thrown = whole(&mine, Folder::Bin).await;
        assert_eq!((thrown.len(), subjects(&thrown)[0]), (bin + 1, word.as_str()), "{turn}: one of it in the bin");
        let thrown = thrown[0].reference;
        let moved = join_all(owns.iter().map(|own| async move { of(own).put_back(thrown).await.unwrap() })).await;
        assert!(moved.iter().all(|one| matches!(one, Reach::Here(_))), "{moved:?}");
        let inbox = whole(&mine, Folder::Inbox).await;
        assert_eq!(inbox.iter().filter(|row| row.heading.subject == word).count(), 1, "{turn}: one of it in the inbox");
        assert_eq!(whole(&mine, Folder::Bin).await.len(), bin);
    }
}

/// Words are found wherever they stand and however they are written there; pages follow one another.
async fn letters_are_found_by_their_words(place: &Place) {
    let own = place.world.signed_in(place.alice).await;
    let mine = place.world.mailbox.of(&own, HOME);
    let (word, crowd) = (mark(), mark());
    let written = [
        // In the subject, encoded; in the text, quoted-printable; in who wrote; in base64; in an earlier letter; in a page.
        format!("From: Sophie <s@x.fr>\nSubject: =?utf-8?q?L=C3=A9gumes_{word}?=\n\nx\n"),
        format!(
            "From: Sophie <s@x.fr>\nSubject: deux\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nl=C3=A9gu=\nmes {word}\n"
        ),
        format!("From: \"Légumes {word}\" <s@x.fr>\nSubject: trois\n\nx\n"),
        format!(
            "From: Sophie <s@x.fr>\nSubject: quatre\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{}\n",
            data_encoding::BASE64.encode(format!("Des LÉGUMES {word}").as_bytes())
        ),
        format!(
            "From: Sophie <s@x.fr>\nSubject: cinq\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nOui.\n\n> des légumes {word} ?\n"
        ),
        format!(
            "From: Sophie <s@x.fr>\nSubject: six\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>légumes</p><p>{word}</p>\n"
        ),
        format!("From: Sophie <s@x.fr>\nSubject: rien {word}\n\nDes fruits.\n"),
    ];
    for letter in &written {
        place.receives(letter).await;
    }
    let sought = Sought::parse(&format!("{} légumes", word.to_uppercase())).unwrap();
    let Reach::Here(found) = mine.search(Folder::Inbox, &sought, None).await.unwrap() else { panic!("away") };
    assert_eq!(subjects(&found.rows), ["six", "cinq", "quatre", "trois", "deux", &format!("Légumes {word}")]);
    assert_eq!(found.next, None);
    let nothing = Sought::parse(&format!("{word} \" ) OR ALL \\")).unwrap();
    assert_eq!(
        mine.search(Folder::Inbox, &nothing, None).await.unwrap(),
        Reach::Here(Found::default()),
        "words, and nothing of the protocol"
    );
    assert_eq!(mine.search(Folder::Sent, &sought, None).await.unwrap().here().unwrap().rows, [], "in that folder");
    let bob = place.world.signed_in(place.bob).await;
    let of_bob = place.world.mailbox.of(&bob, HOME);
    assert_eq!(of_bob.search(Folder::Inbox, &sought, None).await.unwrap(), Reach::Here(Found::default()), "nobody else's");

    let many = PAGE + 3;
    for at in 0..many {
        place.receives(&format!("From: x@x.fr\nSubject: {at}\n\n{crowd}\n")).await;
    }
    let sought = Sought::parse(&crowd).unwrap();
    let first = mine.search(Folder::Inbox, &sought, None).await.unwrap().here().unwrap();
    assert_eq!((first.rows.len(), first.rows[0].heading.subject.clone()), (PAGE as usize, (many - 1).to_string()));
    assert_eq!(first.next, first.rows.last().map(|row| row.reference));
    let second = mine.search(Folder::Inbox, &sought, first.next).await.unwrap().here().unwrap();
    assert_eq!((subjects(&second.rows), second.next), (vec!["2", "1", "0"], None));
}

async fn a_sent_letter_is_filed_once(place: &Place) {
    let own = place.world.signed_in(place.bob).await;
    let who = Reader { own: &own, from: HOME, now: place.world.kernel.now(), away: &AtomicBool::new(false) };
    let source = &place.world.mailbox.source;
    let word = mark();
    let letter = letter(&word).replace('\n', "\r\n");
    let before = source.page(who, Folder::Sent, None).await.unwrap().here().unwrap().counts.total;
    for before in [false, true] {
        assert_eq!(source.has_sent(who, &format!("<{word}@exemple.fr>")).await.unwrap(), Reach::Here(before));
        assert_eq!(
            source.file_sent(who, &format!("<{word}@exemple.fr>"), &letter.clone().into_bytes().into(), &place.world.kernel).await.unwrap(),
            Reach::Here(())
        );
    }
    let page = source.page(who, Folder::Sent, None).await.unwrap().here().unwrap();
    assert_eq!(page.counts.total, before + 1);
    assert_eq!((page.rows[0].heading.subject.as_str(), page.rows[0].seen), (word.as_str(), true));
    assert!(page.rows[0].reference.to_string().starts_with("envoye-"));
    let stored = source.letter(who, page.rows[0].reference).await.unwrap().here().unwrap().expect("filed");
    assert_eq!(stored.bytes, letter.as_bytes());
}

async fn suite(place: &Place) {
    a_letter_is_listed_opened_and_marked(place).await;
    a_heavy_file_is_given_piece_by_piece(place).await;
    a_name_of_somebody_elses_letter_names_nothing_of_mine(place).await;
    pages_follow_one_another(place).await;
    what_comes_or_goes_meanwhile_shows_no_letter_twice_and_hides_none(place).await;
    a_letter_goes_to_the_bin_and_comes_back_as_it_was(place).await;
    a_letter_of_mine_comes_back_among_the_sent_ones_and_one_that_pretends_to_be_does_not(place).await;
    the_first_letter_of_someone_is_known(place).await;
    odd_names_are_made_safe(place).await;
    a_sent_letter_is_filed_once(place).await;
    letters_are_found_by_their_words(place).await;
    a_letter_moved_by_several_sessions_at_once_stays_one(place).await;
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
