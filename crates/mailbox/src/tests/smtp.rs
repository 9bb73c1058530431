//! A submission server that answers as it is told: which of its answers keep a letter waiting, which end it.

use std::time::{Duration, Instant};

use maincourante_kernel::testing::sqlite;
use maincourante_kernel::{Chance, Clock, Failure, Secret};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::joined::Joined;
use crate::leaving::Leaving;
use crate::letter::Kind;
use crate::outgoing::Envelope;
use crate::relay::Relay;
use crate::smtp::Smtp;
use crate::{FileId, HandOver, LetterId, Refusal, Security, SmtpSettings};

/// Where the server departs from saying yes.
#[derive(Clone, Copy)]
pub(super) struct Fault {
    /// At the line that begins with this.
    at: &'static str,
    /// What it says there; nothing: it hangs up.
    says: &'static str,
}

pub(super) const NONE: Fault = Fault { at: "-", says: "" };

/// A server for one letter: where it is, and the letter that it was given.
async fn server(fault: Fault) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (line, _) = listener.accept().await.unwrap();
        serve(line, fault).await
    });
    (port, server)
}

async fn answered(fault: Fault) -> HandOver {
    let (port, server) = server(fault).await;
    let given = hand_over(port, Security::Plain).await;
    if given == HandOver::Accepted {
        assert_eq!(server.await.unwrap(), "Subject: x\r\n\r\n..point\r\n.\r\n", "as it was written, its first dot doubled");
    }
    given
}

/// Gives what it was given after `DATA`, the last dot included.
pub(super) async fn serve(line: impl AsyncRead + AsyncWrite + Unpin, fault: Fault) -> String {
    let mut line = BufReader::new(line);
    let (mut letter, mut in_letter) = (String::new(), false);
    line.write_all(b"220 test\r\n").await.unwrap();
    loop {
        let mut said = String::new();
        if line.read_line(&mut said).await.unwrap_or(0) == 0 {
            return letter;
        }
        if in_letter {
            letter.push_str(&said);
            if said != ".\r\n" && !(fault.at == "Stop" && said.starts_with(fault.at)) {
                continue;
            }
        }
        let answer = match said.get(..4).unwrap_or_default() {
            _ if !fault.at.is_empty() && said.starts_with(fault.at) => fault.says,
            "EHLO" => "250-test\r\n250 AUTH PLAIN",
            "AUTH" => "235 2.7.0 in",
            "DATA" => "354 go",
            "QUIT" => "221 bye",
            _ => "250 2.0.0 yes",
        };
        in_letter = answer.starts_with("354");
        if answer.is_empty() {
            return letter;
        }
        line.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
    }
}

/// Hands a letter to whoever listens there.
pub(super) async fn hand_over(port: u16, security: Security) -> HandOver {
    gives(port, security, &b"Subject: x\r\n\r\n.point\r\n".to_vec().into()).await.unwrap()
}

async fn gives(port: u16, security: Security, letter: &Leaving) -> Result<HandOver, Failure> {
    gives_to(smtp(port, security), letter).await
}

fn smtp(port: u16, security: Security) -> Smtp {
    let settings = SmtpSettings { host: "127.0.0.1".into(), port, security, user: "submission".into(), password: Secret::new("x".into()) };
    Smtp::new(&settings).unwrap()
}

async fn gives_to(smtp: Smtp, letter: &Leaving) -> Result<HandOver, Failure> {
    let base = sqlite().await;
    let envelope: Envelope = serde_json::from_str(r#"{"from":"josette@exemple-mail.fr","to":["sophie@exemple.fr"]}"#).unwrap();
    let id = LetterId::new(&Chance::seeded(1), base.kernel.now());
    Relay::Smtp(smtp).hand_over(&base.kernel, id, &envelope, letter).await
}

#[tokio::test]
async fn the_answers_of_a_server_and_what_they_mean_for_the_letter() {
    use HandOver::{Accepted, Away, NotYet, Refused, Unsure};
    let cases = [
        (NONE, Accepted),
        (Fault { at: "RCPT", says: "450 4.2.1 busy" }, NotYet),
        (Fault { at: "RCPT", says: "550 5.1.1 <sophie@exemple.fr>: unknown" }, Refused(Refusal::NoSuchAddress)),
        (Fault { at: "RCPT", says: "552 5.2.2 full" }, Refused(Refusal::MailboxFull)),
        (Fault { at: "MAIL", says: "552 5.3.4 too big" }, Refused(Refusal::TooLarge)),
        (Fault { at: "MAIL", says: "553 5.7.1 not owned" }, Refused(Refusal::Rejected)),
        (Fault { at: ".\r\n", says: "554 5.7.1 spam" }, Refused(Refusal::Rejected)),
        (Fault { at: ".\r\n", says: "451 4.3.0 later" }, NotYet),
        (Fault { at: ".\r\n", says: "" }, Unsure),
        (Fault { at: "AUTH", says: "535 5.7.8 no" }, NotYet),
        (Fault { at: "MAIL", says: "530 5.7.0 sign in" }, NotYet),
        (Fault { at: "EHLO", says: "" }, Away),
        (Fault { at: "EHLO", says: "421 4.3.2 not now" }, NotYet),
        (Fault { at: "AUTH", says: "" }, Away),
        (Fault { at: "QUIT", says: "" }, Accepted),
    ];
    for (fault, expected) in cases {
        assert_eq!(answered(fault).await, expected, "{:?} at {:?}", fault.says, fault.at);
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_keeps_the_letter_waiting() {
    let port = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    assert_eq!(hand_over(port, Security::Plain).await, HandOver::Away);
}

#[tokio::test]
async fn a_letter_that_is_cut_in_the_middle_was_not_taken() {
    let (port, server) = server(Fault { at: "Stop", says: "" }).await;
    let heavy: Leaving = [b"Subject: x\r\n\r\nStop\r\n".to_vec(), b"word\r\n".repeat(2_000_000)].concat().into();
    assert_eq!(gives(port, Security::Plain, &heavy).await.unwrap(), HandOver::Away, "asked again soon, and no double");
    assert!(!server.await.unwrap().contains("\r\n.\r\n"));
}

#[tokio::test]
async fn a_heavy_letter_leaves_on_a_slow_line_and_one_that_nothing_reads_waits() {
    // What the heaviest letter weighs on the line, to a server that reads a megabyte and a half, then rests.
    let heavy: Leaving = [b"Subject: x\r\n\r\n".to_vec(), b"0123456789012345678901234567890123456789\r\n".repeat(640_000)].concat().into();
    let patience = Duration::from_millis(1500);
    for (rest, expected) in [(Duration::from_millis(250), HandOver::Accepted), (Duration::from_secs(6), HandOver::Away)] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            let (mut theirs, _) = listener.accept().await.unwrap();
            let (ours, line) = tokio::io::duplex(64 * 1024);
            let server = tokio::spawn(serve(line, NONE));
            let (mut from, mut to) = tokio::io::split(ours);
            let (mut read, mut written) = theirs.split();
            let slow = async {
                let mut piece = vec![0; 1_500_000];
                let mut since = 0;
                loop {
                    let count = read.read(&mut piece).await.unwrap_or(0);
                    if count == 0 || to.write_all(&piece[..count]).await.is_err() {
                        return to.shutdown().await.unwrap_or_default();
                    }
                    since += count;
                    if since > piece.len() {
                        since = 0;
                        sleep(rest).await;
                    }
                }
            };
            let answers = tokio::io::copy(&mut from, &mut written);
            tokio::join!(slow, async { drop(answers.await) });
            server.await.unwrap()
        });
        let begun = Instant::now();
        assert_eq!(gives_to(smtp(port, Security::Plain).hurried(patience), &heavy).await.unwrap(), expected, "{rest:?}");
        if expected == HandOver::Accepted {
            assert!(begun.elapsed() > 2 * patience, "the line was too quick to show anything: {:?}", begun.elapsed());
            let letter = server.await.unwrap();
            assert!(letter.len() > 26_000_000 && letter.ends_with("\r\n.\r\n"));
        }
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_ends_no_letter() {
    let (port, server) = server(NONE).await;
    let id = FileId::new(&Chance::seeded(1), Clock::System.now());
    let lost = Joined { id, name: "photo.jpg".into(), media: "image/jpeg".into(), kind: Kind::Picture, size: 10 };
    let letter = Leaving::carrying(b"Subject: x\r\n\r\n--b\r\n\r\ntext\r\n--b--\r\n".to_vec(), "b", vec![lost]).unwrap();
    assert!(gives(port, Security::Plain, &letter).await.is_err());
    let given = server.await.unwrap();
    assert!(given.contains("photo.jpg") && !given.contains("\r\n.\r\n"), "{given}");
}
