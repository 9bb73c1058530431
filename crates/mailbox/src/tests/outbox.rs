//! A letter from "Envoyer" to the person's sent letters: once, whatever breaks on the way.

use std::time::{Duration, Instant};

use maincourante_identity::{Own, UsagerId};
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::clock::{Span, days, hours, minutes, seconds};
use maincourante_kernel::testing::{kernels, sqlite};
use uuid::Uuid;

use super::dovecot::ALONE;
use super::{HOME, Postfix, World, dovecot, mark, peer};
use crate::draft::{self, Began, Written};
use crate::joined;
use crate::letter::{self, tree};
use crate::outbox::{self, Cancel, Consign, Consigned, Form, State};
use crate::outgoing::message_id;
use crate::{DraftId, HandOver, LetterId, Outgoing, Progress, Reach, Refusal, RelaySettings, Security, SmtpSettings, store};

const JOSETTE: &str = "josette@exemple-mail.fr";
const RENE: &str = "rene@exemple-mail.fr";

fn writes(to: &[&str], subject: &str) -> Outgoing {
    let to = to.iter().map(|one| one.parse::<MailAddress>().unwrap()).collect();
    Outgoing::new(to, subject, "Bonjour Sophie,\n\nMerci pour les photos de l’été.\nMamie", "<0@x.fr> <1@x.fr>".parse().unwrap()).unwrap()
}

impl World {
    async fn consigns(&self, own: &Own, letter: &Outgoing, form: impl Into<Form>) -> Consigned {
        let mut tx = self.kernel.db.write().await.unwrap();
        let Consign::Given(consigned) = outbox::consign(&self.mailbox, &mut tx, own, letter, form).await.unwrap() else {
            panic!("too many letters");
        };
        tx.commit().await.unwrap();
        consigned
    }

    /// How long one who writes too much is to wait.
    async fn is_held(&self, own: &Own, letter: &Outgoing) -> Option<Span> {
        let mut tx = self.kernel.db.write().await.unwrap();
        match outbox::consign(&self.mailbox, &mut tx, own, letter, self.form()).await.unwrap() {
            Consign::Given(_) => None,
            Consign::TooMany { wait } => Some(wait),
        }
    }

    /// A draft that carries these files.
    async fn carrying(&self, own: &Own, files: &[(&str, &str, &[u8])]) -> DraftId {
        let began = Began { form_key: self.form(), draft: None };
        let kept = draft::keep(&self.mailbox, own, began, &Written { text: "x".into(), ..Written::default() }).await.unwrap();
        for (name, media, bytes) in files {
            let mut joining = joined::join(&self.mailbox, own, kept.id, name, media).await.unwrap();
            joining.push(bytes).await.unwrap();
            joining.finish().await.unwrap().unwrap();
            self.kernel.clock.advance(seconds(1));
        }
        kept.id
    }

    async fn takes_back(&self, own: &Own, id: LetterId) -> Cancel {
        let mut tx = self.kernel.db.write().await.unwrap();
        let cancel = outbox::cancel(&self.mailbox, &mut tx, own, id).await.unwrap();
        tx.commit().await.unwrap();
        cancel
    }

    async fn sends(&self, id: LetterId) -> Progress {
        outbox::send(&self.mailbox, id).await.unwrap()
    }

    /// What became of a letter, as its owner sees it.
    async fn state(&self, own: &Own, id: LetterId) -> State {
        self.mailbox.of(own, HOME).outbox(id).await.unwrap().expect("it is theirs").0.state
    }

    fn form(&self) -> Uuid {
        self.kernel.chance.uuid(self.kernel.now())
    }

    /// A letter of someone that is due.
    pub async fn consigned(&self, address: &str) -> LetterId {
        let usager = self.person(address).await;
        let given = self.consigns(&self.signed_in(usager).await, &writes(&["sophie@exemple.fr"], "Lourde"), self.form()).await;
        self.kernel.clock.advance(minutes(1));
        given.id
    }

    async fn josette(&self) -> (UsagerId, Own) {
        let usager = self.person(JOSETTE).await;
        (usager, self.signed_in(usager).await)
    }
}

#[tokio::test]
async fn who_writes_to_too_many_waits_and_the_others_do_not() {
    for base in kernels().await {
        let world = World::on(base, RelaySettings::Memory);
        let (_, josette) = world.josette().await;
        let rene = world.person(RENE).await;
        let rene = world.signed_in(rene).await;
        let crowd: Vec<String> = (0..20).map(|n| format!("n{n}@exemple.fr")).collect();
        let crowd = writes(&crowd.iter().map(String::as_str).collect::<Vec<_>>(), "Fête");
        let form = world.form();
        for form in [form, world.form(), world.form()] {
            world.consigns(&josette, &crowd, form).await;
        }
        let one = writes(&[RENE], "Encore");
        assert_eq!(world.is_held(&josette, &one).await, Some(hours(1)), "sixty in an hour");
        // The same form, posted again, is the letter that was taken; what was refused counts for nothing.
        world.consigns(&josette, &crowd, form).await;
        assert_eq!(world.is_held(&rene, &one).await, None);
        for _ in 0..3 {
            world.kernel.clock.advance(hours(1));
            for _ in 0..2 {
                world.consigns(&josette, &crowd, world.form()).await;
            }
        }
        world.kernel.clock.advance(hours(1));
        world.consigns(&josette, &crowd, world.form()).await;
        assert_eq!(world.is_held(&josette, &one).await, Some(hours(20)), "two hundred in a day");
        world.kernel.clock.advance(hours(20));
        world.consigns(&josette, &one, world.form()).await;
    }
}

#[tokio::test]
async fn a_letter_waits_leaves_once_and_is_filed_once() {
    for base in kernels().await {
        let world = World::on(base, RelaySettings::Memory);
        let (usager, own) = world.josette().await;
        let memory = world.mailbox.memory().unwrap();
        let form = world.form();
        let given = world.consigns(&own, &writes(&["sophie@exemple.fr"], "Photos"), form).await;
        let again = world.consigns(&own, &writes(&["autre@exemple.fr"], "Autre"), form).await;
        assert_eq!(given, again, "the same form is one letter");
        assert_eq!(given.leaves_at, world.kernel.now().plus(minutes(1)));

        let sent = world.mailbox.of(&own, HOME).sent(None).await.unwrap();
        assert_eq!(sent.outbox.len(), 1);
        assert_eq!((sent.outbox[0].subject.as_str(), sent.outbox[0].state), ("Photos", State::Waiting { leaves_at: given.leaves_at }));
        assert_eq!(world.sends(given.id).await, Progress::Later, "not before its hour");

        world.kernel.clock.advance(minutes(1));
        assert_eq!(world.sends(given.id).await, Progress::Done);
        assert_eq!(world.sends(given.id).await, Progress::Done, "run twice");
        assert_eq!(memory.taken().len(), 1);
        assert_eq!(world.takes_back(&own, given.id).await, Cancel::TooLate);
        assert!(matches!(world.state(&own, given.id).await, State::Sent { .. }));

        let own = world.signed_in(usager).await;
        for _ in 0..2 {
            let sent = world.mailbox.of(&own, HOME).sent(None).await.unwrap();
            assert!(sent.outbox.is_empty());
            let filed = sent.filed.here().unwrap();
            assert_eq!((filed.rows.len(), filed.rows[0].heading.subject.as_str(), filed.rows[0].seen), (1, "Photos", true));
        }
        let (waiting, view) = world.mailbox.of(&own, HOME).outbox(given.id).await.unwrap().unwrap();
        assert!(view.is_none() && waiting.subject.is_empty(), "its words are no longer kept here");
    }
}

#[tokio::test]
async fn a_letter_filed_by_a_program_that_was_killed_before_it_could_say_so_is_seen_once() {
    for base in kernels().await {
        let world = World::on(base, RelaySettings::Memory);
        let (_, own) = world.josette().await;
        let given = world.consigns(&own, &writes(&["sophie@exemple.fr"], "Photos"), world.form()).await;
        world.kernel.clock.advance(minutes(1));
        assert_eq!(world.sends(given.id).await, Progress::Done);
        let sent = world.mailbox.memory().unwrap().taken().remove(0);
        // Claimed, put among the sent letters; then the program dies.
        let now = world.kernel.now();
        let mut tx = world.kernel.db.write().await.unwrap();
        assert_eq!(store::claim_filing(&mut tx, own.usager(), now, now.plus(minutes(2))).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
        let mine = world.mailbox.of(&own, HOME);
        let seen = mine.sent(None).await.unwrap();
        assert_eq!((seen.outbox.len(), seen.filed.here().unwrap().rows.len()), (1, 0), "whoever files it has not yet");
        let name = message_id(given.id, own.address());
        assert_eq!(world.mailbox.source.file_sent(mine.reader(), &name, &sent.into(), &world.kernel).await.unwrap(), Reach::Here(()));
        let seen = mine.sent(None).await.unwrap();
        assert_eq!((seen.outbox.len(), seen.filed.here().unwrap().rows.len()), (0, 1));
    }
}

#[tokio::test]
async fn the_letter_says_who_wrote_it_and_nothing_of_a_form_changes_that() {
    let world = World::files().await;
    let (_, own) = world.josette().await;
    let letter = Outgoing::new(
        vec!["sophie@exemple.fr".parse().unwrap()],
        "Été\r\nFrom: x@y.fr",
        "Texte\n.\nFrom: z",
        "<0@x.fr> <1@x.fr>".parse().unwrap(),
    )
    .unwrap();
    let given = world.consigns(&own, &letter, world.form()).await;
    world.kernel.clock.advance(minutes(1));
    let _ = world.sends(given.id).await;
    let bytes = world.mailbox.memory().unwrap().taken().remove(0);
    let view = letter::read(&bytes);
    let from = view.from.unwrap();
    assert_eq!((from.name.as_str(), from.address.unwrap().as_str()), ("Josette Lambert", JOSETTE));
    assert_eq!(view.subject, "Été From: x@y.fr");
    assert_eq!(view.date, Some(given.leaves_at.minus(minutes(1))));
    assert_eq!(tree::plain(&view.body), "Texte\n.\nFrom: z");
    assert_eq!(view.thread.to_string(), format!("<0@x.fr> <1@x.fr> <{}@exemple-mail.fr>", given.id.uuid().simple()));
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("In-Reply-To: <1@x.fr>\r\n") && text.is_ascii() && !text.contains("\nBcc"));
    let head = text.split_once("\r\n\r\n").unwrap().0;
    assert_eq!(head.lines().filter(|line| line.starts_with("From:")).count(), 1);
}

#[tokio::test]
async fn a_letter_may_be_taken_back_as_long_as_it_surely_did_not_leave() {
    for base in kernels().await {
        let world = World::on(base, RelaySettings::Memory);
        let (_, own) = world.josette().await;
        let rene = world.person(RENE).await;
        let stranger = world.signed_in(rene).await;
        let memory = world.mailbox.memory().unwrap();
        let letter = writes(&["sophie@exemple.fr", "paul@exemple.fr"], "Photos");

        let given = world.consigns(&own, &letter, world.form()).await;
        assert_eq!(world.takes_back(&stranger, given.id).await, Cancel::Unknown, "someone else's letter does not exist");
        assert!(world.mailbox.of(&stranger, HOME).outbox(given.id).await.unwrap().is_none());
        for _ in 0..2 {
            assert_eq!(world.takes_back(&own, given.id).await, Cancel::Done(letter.clone()), "and comes back as it was written");
        }
        world.kernel.clock.advance(minutes(2));
        assert_eq!(world.sends(given.id).await, Progress::Done);
        assert!(memory.taken().is_empty());
        assert_eq!(outbox::reopen(&world.mailbox, &own, given.id).await.unwrap(), Some(letter.clone()));
        world.kernel.clock.advance(days(1));
        world.mailbox.tend().await.unwrap();
        assert_eq!(outbox::reopen(&world.mailbox, &own, given.id).await.unwrap(), None, "a day later its words are gone");

        // Not taken by the server: it surely did not leave. Perhaps taken: one cannot say so.
        for (answers, outcome) in [(vec![HandOver::NotYet], true), (vec![HandOver::Unsure, HandOver::NotYet], false)] {
            let given = world.consigns(&own, &letter, world.form()).await;
            world.kernel.clock.advance(minutes(2));
            let tries = answers.len();
            memory.answers(answers);
            for _ in 0..tries {
                assert_eq!(world.sends(given.id).await, Progress::Later);
            }
            assert_eq!(world.state(&own, given.id).await, if outcome { State::Delayed } else { State::Sending });
            assert_eq!(world.takes_back(&own, given.id).await != Cancel::TooLate, outcome);
        }
    }
}

#[tokio::test]
async fn while_the_relay_is_away_the_letter_waits_and_leaves_later() {
    let world = World::files().await;
    let (_, own) = world.josette().await;
    let memory = world.mailbox.memory().unwrap();
    let given = world.consigns(&own, &writes(&["sophie@exemple.fr"], "Photos"), world.form()).await;
    world.kernel.clock.advance(minutes(1));
    memory.answers([HandOver::NotYet, HandOver::NotYet]);
    for _ in 0..2 {
        assert_eq!(world.sends(given.id).await, Progress::Later);
        world.kernel.clock.advance(hours(1));
    }
    assert_eq!(world.state(&own, given.id).await, State::Delayed);
    assert_eq!(world.sends(given.id).await, Progress::Done);
    assert_eq!(memory.taken().len(), 1);

    let given = world.consigns(&own, &writes(&["sophie@exemple.fr"], "Encore"), world.form()).await;
    world.kernel.clock.advance(days(6));
    memory.answers([HandOver::NotYet]);
    assert_eq!(world.sends(given.id).await, Progress::Done);
    assert!(matches!(world.state(&own, given.id).await, State::Refused { why: Refusal::NoAnswer, .. }));
}

#[tokio::test]
async fn a_refused_letter_says_why_and_can_be_written_anew() {
    let world = World::files().await;
    let (_, own) = world.josette().await;
    let letter = writes(&["sophie@exemple.fr"], "Photos");
    let given = world.consigns(&own, &letter, world.form()).await;
    world.kernel.clock.advance(minutes(1));
    world.mailbox.memory().unwrap().answers([HandOver::Refused(Refusal::MailboxFull)]);
    assert_eq!(world.sends(given.id).await, Progress::Done);
    let sent = world.mailbox.of(&own, HOME).sent(None).await.unwrap();
    assert!(matches!(sent.outbox[0].state, State::Refused { why: Refusal::MailboxFull, .. }));
    assert_eq!(world.takes_back(&own, given.id).await, Cancel::TooLate);
    assert_eq!(outbox::reopen(&world.mailbox, &own, given.id).await.unwrap(), Some(letter));

    let rene = world.person(RENE).await;
    let stranger = world.signed_in(rene).await;
    for (own, wiped) in [(&stranger, false), (&own, true), (&own, false)] {
        let mut tx = world.kernel.db.write().await.unwrap();
        assert_eq!(outbox::discard(&world.mailbox, &mut tx, own, given.id).await.unwrap(), wiped);
        tx.commit().await.unwrap();
    }
    assert!(world.mailbox.of(&own, HOME).sent(None).await.unwrap().outbox.is_empty());
}

#[tokio::test]
async fn a_worker_that_dies_gives_at_most_one_double_of_the_same_name() {
    let world = World::files().await;
    let (_, own) = world.josette().await;
    let memory = world.mailbox.memory().unwrap();
    let given = world.consigns(&own, &writes(&["sophie@exemple.fr"], "Photos"), world.form()).await;
    world.kernel.clock.advance(minutes(1));
    // It dies between the server's yes and its own note of it: the claim stands, nothing else.
    memory.answers([HandOver::Unsure]);
    let (now, until) = (world.kernel.now(), world.kernel.now().plus(minutes(2)));
    let mut tx = world.kernel.db.write().await.unwrap();
    assert!(store::claim(&mut tx, given.id, now, until).await.unwrap().is_some());
    tx.commit().await.unwrap();

    assert_eq!(world.sends(given.id).await, Progress::Later, "another has it");
    assert_eq!(world.takes_back(&own, given.id).await, Cancel::TooLate);
    world.kernel.clock.advance(minutes(2));
    assert_eq!(world.takes_back(&own, given.id).await, Cancel::TooLate, "it may have left");
    assert_eq!(world.sends(given.id).await, Progress::Later);
    assert_eq!(world.sends(given.id).await, Progress::Done);
    let taken = memory.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0], taken[1], "the same letter under the same name");
}

#[tokio::test]
async fn what_lies_in_the_base_is_sealed() {
    let base = sqlite().await;
    let world = World::on(base, RelaySettings::Memory);
    let (_, own) = world.josette().await;
    let given = world.consigns(&own, &writes(&["sophie@exemple.fr"], "Photos"), world.form()).await;
    let mut tx = world.kernel.db.read().await.unwrap();
    let row = store::find(&mut tx, own.usager(), given.id).await.unwrap().unwrap();
    for sealed in [row.envelope, row.letter.unwrap()] {
        for word in ["sophie", "Photos", "josette", "Bonjour"] {
            assert!(!String::from_utf8_lossy(&sealed).contains(word), "{word} lies in clear");
        }
    }
}

/// So many bytes, of every value.
fn noise(size: usize) -> Vec<u8> {
    (0..size).map(|at| u8::try_from((at * 31 + at / 251 + at / 65_537) % 256).unwrap()).collect()
}

#[tokio::test]
async fn a_letter_with_files_leaves_piece_by_piece_and_is_the_same_wherever_it_goes() {
    for base in kernels().await {
        let world = World::on(base, RelaySettings::Memory);
        let (usager, own) = world.josette().await;
        let files: [(&str, &str, &[u8]); 4] = [
            ("film.mp4", "video/mp4", &noise(3_000_001)),
            ("une ligne.txt", "text/plain", b".une seule ligne"),
            ("cinquante-sept.pdf", "application/pdf", &noise(57)),
            ("été à l’île.jpg", "image/jpeg", &noise(256 * 1024)),
        ];
        let draft = world.carrying(&own, &files).await;
        let form = Form { key: world.form(), draft: Some(draft) };
        let given = world.consigns(&own, &writes(&["sophie@exemple.fr"], "Photos"), form).await;
        let view = world.mailbox.of(&own, HOME).outbox(given.id).await.unwrap().unwrap().1.unwrap();
        let told: Vec<_> = view.attachments.iter().map(|file| (file.index, file.name.as_str(), file.size)).collect();
        let names = ["film.mp4", "une ligne.txt", "cinquante-sept.pdf", "été à l’île.jpg"];
        assert_eq!(told, [(1, names[0], 3_000_001), (2, names[1], 16), (3, names[2], 57), (4, names[3], 256 * 1024)]);

        let mut tx = world.kernel.db.read().await.unwrap();
        let row = store::find(&mut tx, own.usager(), given.id).await.unwrap().unwrap();
        drop(tx);
        let letter = outbox::sending::leaving(&world.kernel, &row).await.unwrap().1.unwrap();
        let (mut whole, mut pieces) = (Vec::new(), letter.pieces(&world.kernel));
        while let Some(piece) = pieces.next().await.unwrap() {
            assert!(piece.ends_with(b"\r\n") && piece.len() < 400_000, "{} bytes at once", piece.len());
            whole.extend_from_slice(&piece);
        }
        assert_eq!(letter.size(), whole.len() as u64, "as long as it is announced");
        assert!(whole.split(|&byte| byte == b'\n').all(|line| line.len() <= 999 && line.is_ascii()), "lines that SMTP carries");

        world.kernel.clock.advance(minutes(1));
        assert_eq!(world.sends(given.id).await, Progress::Done);
        assert_eq!(world.mailbox.memory().unwrap().taken(), [whole.clone()]);
        for ((name, _, bytes), found) in files.iter().zip(letter::read(&whole).attachments) {
            assert_eq!(found.name, *name);
            assert!(letter::attachment(&whole, found.index).unwrap() == *bytes, "{name}");
        }
        // The copy among the sent letters is the same, and nothing is left beside it.
        let own = world.signed_in(usager).await;
        let mine = world.mailbox.of(&own, HOME);
        let sent = mine.sent(None).await.unwrap().filed.here().unwrap().rows[0].reference;
        let Reach::Here(Some(copy)) = world.mailbox.source.letter(mine.reader(), sent).await.unwrap() else { panic!("no copy") };
        assert!(copy.bytes == whole);
        assert_eq!(std::fs::read_dir(world.mail.path().join("exemple-mail.fr/josette/tmp")).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn in_the_demo_letters_reach_those_who_live_there_and_the_others_are_kept() {
    for base in kernels().await {
        let world = World::on(base, RelaySettings::Local { domain: "exemple-mail.fr".into() });
        let (_, own) = world.josette().await;
        let rene = world.person(RENE).await;
        let given = world.consigns(&own, &writes(&[RENE, "sophie@exemple.fr"], "Photos"), world.form()).await;
        let lost = world.consigns(&own, &writes(&[RENE, "personne@exemple-mail.fr"], "Perdue"), world.form()).await;
        world.kernel.clock.advance(minutes(1));
        for id in [given.id, lost.id] {
            assert_eq!(world.sends(id).await, Progress::Done);
        }
        let own_rene = world.signed_in(rene).await;
        let inbox = world.mailbox.of(&own_rene, HOME).inbox(None).await.unwrap().here().unwrap();
        let subjects: Vec<_> = inbox.rows.iter().map(|row| row.heading.subject.as_str()).collect();
        assert_eq!(subjects, ["Photos"], "a letter is taken whole or not at all");
        assert!(matches!(world.state(&own, lost.id).await, State::Refused { why: Refusal::NoSuchAddress, .. }));
        let departed = world.mailbox.departed().await.unwrap().unwrap();
        assert_eq!(departed.len(), 1);
        assert_eq!((departed[0].to[0].as_str(), departed[0].view.subject.as_str()), ("sophie@exemple.fr", "Photos"));
    }
}

#[tokio::test]
async fn on_real_servers_a_letter_leaves_by_submission_arrives_and_is_filed() {
    let (Some(server), Some(postfix)) = (dovecot(), peer::<Postfix>("MAINCOURANTE_TEST_POSTFIX")) else { return };
    let _alone = ALONE.lock().await;
    let submission = |password: &str| {
        RelaySettings::Smtp(SmtpSettings {
            host: "127.0.0.1".into(),
            port: postfix.port,
            security: Security::Plain,
            user: postfix.user.clone(),
            password: maincourante_kernel::Secret::new(password.to_owned()),
        })
    };
    let world = World::imap(&server, server.imap_port, submission(&postfix.password)).await;
    let (alice, bob) = (world.person(&server.people[0]).await, world.person(&server.people[1]).await);
    let (own, own_bob) = (world.signed_in(alice).await, world.signed_in(bob).await);
    let word = mark();
    let film = noise(5_000_003);
    let draft = world.carrying(&own, &[("film.mp4", "video/mp4", &film)]).await;
    let given = world.consigns(&own, &writes(&[&server.people[1]], &word), Form { key: world.form(), draft: Some(draft) }).await;
    let nobody = format!("personne@{}", server.people[1].split_once('@').unwrap().1);
    let lost = world.consigns(&own, &writes(&[&nobody], &word), world.form()).await;
    for id in [given.id, lost.id] {
        assert_eq!(world.sends(id).await, Progress::Done);
    }
    assert!(matches!(world.state(&own, lost.id).await, State::Refused { why: Refusal::NoSuchAddress, .. }));

    let begun = Instant::now();
    let arrived = loop {
        let page = world.mailbox.of(&own_bob, HOME).inbox(None).await.unwrap().here().unwrap();
        if let Some(row) = page.rows.iter().find(|row| row.heading.subject == word) {
            break row.reference;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "the letter did not arrive");
    };
    let opened = world.mailbox.of(&own_bob, HOME).open(arrived).await.unwrap().here().unwrap().unwrap();
    assert_eq!(opened.view.from.unwrap().address.unwrap().as_str(), server.people[0]);
    let of_bob = world.mailbox.of(&own_bob, HOME);
    let Reach::Here(Some(arrived)) = world.mailbox.source.letter(of_bob.reader(), arrived).await.unwrap() else { panic!("gone") };
    assert!(letter::attachment(&arrived.bytes, 1).unwrap() == film, "the file that came is the one that left");

    for _ in 0..2 {
        let sent = world.mailbox.of(&own, HOME).sent(None).await.unwrap();
        let filed = sent.filed.here().unwrap();
        assert_eq!(filed.rows.iter().filter(|row| row.heading.subject == word).count(), 1);
        assert!(matches!(sent.outbox.as_slice(), [refused] if matches!(refused.state, State::Refused { .. })));
        let copy = filed.rows.iter().find(|row| row.heading.subject == word).unwrap().reference;
        let mine = world.mailbox.of(&own, HOME);
        let Reach::Here(Some(copy)) = world.mailbox.source.letter(mine.reader(), copy).await.unwrap() else { panic!("gone") };
        assert!(letter::attachment(&copy.bytes, 1).unwrap() == film, "the copy carries it too");
    }

    // A credential that the server refuses is our fault, not the letter's: it waits.
    let world = World::imap(&server, server.imap_port, submission("wrong")).await;
    let usager = world.person(&server.people[0]).await;
    let own = world.signed_in(usager).await;
    let given = world.consigns(&own, &writes(&[&server.people[1]], &word), world.form()).await;
    assert_eq!(world.sends(given.id).await, Progress::Later);
    assert_eq!(world.state(&own, given.id).await, State::Delayed);
}
