//! A server that behaves badly, line by line. The good behaviour is tested on a real one (`tests/dovecot.rs`).

use imap_codec::ResponseCodec;
use imap_codec::encode::Encoder;
use imap_codec::imap_types::core::{IString, NString};
use imap_codec::imap_types::fetch::MessageDataItem;
use imap_codec::imap_types::flag::{Flag, FlagFetch};
use imap_codec::imap_types::response::{Data, Response};
use proptest::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::time::Instant;

use super::command::Command;
use super::connection::Connection;
use super::fetch;
use super::token::tokens;
use super::trouble::Trouble;
use super::wire::{PATIENCE, Patience};
use maincourante_kernel::testing::sqlite;

use crate::folder::{Folder, Moved, Reference};
use crate::leaving::Leaving;

/// What the server does when a line has come.
enum Act {
    /// It answers; `TAG` stands for the tag of the line.
    Say(String),
    /// It invites to send this many bytes, takes them, then waits for the next line.
    Take(usize),
    /// It says nothing any more.
    Silence,
}

fn say(text: &str) -> Act {
    Act::Say(text.to_owned())
}

/// A connection to a server that greets, then does one act for each line.
async fn server(greeting: &str, acts: Vec<Act>) -> Result<Connection, Trouble> {
    let (ours, theirs) = tokio::io::duplex(1024);
    tokio::spawn(play(theirs, greeting.to_owned(), acts));
    Connection::greeted(Box::new(ours), Patience::new()).await
}

async fn play(line: DuplexStream, greeting: String, acts: Vec<Act>) {
    let mut line = BufReader::new(line);
    line.write_all(greeting.as_bytes()).await.unwrap();
    let mut tag = String::new();
    for act in acts {
        let mut said = String::new();
        if line.read_line(&mut said).await.unwrap_or(0) == 0 {
            return;
        }
        if let Some((first, _)) = said.split_once(' ').filter(|(first, _)| first.starts_with('m')) {
            first.clone_into(&mut tag);
        }
        match act {
            // The other end may be gone already: that is then what the test is about.
            Act::Say(text) => drop(line.write_all(text.replace("TAG", &tag).as_bytes()).await),
            Act::Take(bytes) => {
                line.write_all(b"+ go\r\n").await.unwrap();
                line.read_exact(&mut vec![0; bytes]).await.unwrap();
            }
            Act::Silence => std::future::pending().await,
        }
    }
}

const GREETING: &str = "* OK [CAPABILITY IMAP4rev1 SASL-IR ID] ready\r\n";

async fn connected(acts: Vec<Act>) -> Connection {
    server(GREETING, acts).await.expect("a greeting")
}

const REFERENCE: Reference = Reference { folder: Folder::Inbox, validity: 7, uid: 42 };

#[tokio::test]
async fn the_status_of_every_command_is_checked() {
    let mut connection =
        connected(vec![say("* 3 EXISTS\r\nTAG BAD what?\r\n"), say("TAG NO [OVERQUOTA] full\r\n"), say("TAG OK done\r\n")]).await;
    assert!(matches!(connection.run(Command::new("SELECT").raw("x")).await, Err(Trouble::Nonsense(_))));
    let refused = connection.run(Command::new("APPEND")).await;
    assert!(matches!(refused, Err(Trouble::Refused { command: "APPEND", code: Some(code) }) if code == "OVERQUOTA"));
    assert!(connection.run(Command::new("NOOP")).await.is_ok(), "a refusal leaves the connection sound");
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_reported_in_time_and_its_connection_thrown_away() {
    let mut connection = connected(vec![Act::Silence]).await;
    let begun = Instant::now();
    connection.set_patience(Patience::new());
    assert!(matches!(connection.page(Folder::Inbox, None).await, Err(Trouble::Away(_))));
    assert!(begun.elapsed() <= PATIENCE + std::time::Duration::from_millis(1));
    assert!(!connection.is_sound());
    assert!(connection.run(Command::new("NOOP")).await.is_err());

    let begun = Instant::now();
    let (ours, _theirs) = tokio::io::duplex(16);
    assert!(matches!(Connection::greeted(Box::new(ours), Patience::new()).await, Err(Trouble::Away(_))));
    assert!(begun.elapsed() <= PATIENCE + std::time::Duration::from_millis(1));
}

#[tokio::test]
async fn a_command_that_was_dropped_half_way_spoils_its_connection() {
    let mut connection = connected(vec![Act::Silence]).await;
    {
        let command = connection.run(Command::new("NOOP"));
        tokio::pin!(command);
        let polled = std::future::poll_fn(|context| std::task::Poll::Ready(command.as_mut().poll(context))).await;
        assert!(polled.is_pending());
    }
    assert!(!connection.is_sound());
    assert!(matches!(connection.run(Command::new("NOOP")).await, Err(Trouble::Nonsense(_))));
}

#[tokio::test]
async fn a_server_that_goes_is_away() {
    for answer in ["* BYE shutting down\r\n", "* 1 EXI"] {
        let mut connection = connected(vec![say(answer)]).await;
        assert!(matches!(connection.run(Command::new("NOOP")).await, Err(Trouble::Away(_))), "{answer}");
        assert!(!connection.is_sound());
    }
    assert!(matches!(server("* BYE too many\r\n", vec![]).await, Err(Trouble::Away(_))));
    assert!(matches!(server("hello\r\n", vec![]).await, Err(Trouble::Nonsense(_))));
}

#[tokio::test]
async fn an_answer_longer_than_asked_for_is_refused() {
    let mut connection = connected(vec![say("* 1 FETCH (BODY[] {999999999}\r\n")]).await;
    assert!(matches!(connection.run(Command::new("FETCH")).await, Err(Trouble::Nonsense(_))));
    let mut connection = connected(vec![say("* 1 FETCH (UID 1 BODY[] {30}\r\nabcdefghijabcdefghijabcdefghij)\r\nTAG OK\r\n")]).await;
    assert!(matches!(connection.run_up_to(Command::new("FETCH"), 40).await, Err(Trouble::Nonsense(_))));
    let mut connection = connected(vec![say("mX OK not my tag\r\n")]).await;
    assert!(matches!(connection.run(Command::new("NOOP")).await, Err(Trouble::Nonsense(_))));
}

#[tokio::test]
async fn a_token_that_is_refused_is_answered_and_told() {
    let mut connection =
        connected(vec![say("+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=\r\n"), say("TAG NO [AUTHENTICATIONFAILED] no\r\n")]).await;
    let refused = connection.authenticate("bm8=").await;
    assert!(matches!(refused, Err(Trouble::Refused { command: "AUTHENTICATE", .. })));

    let mut plain =
        server("* OK [CAPABILITY IMAP4rev1] old\r\n", vec![say("+ \r\n"), say("TAG OK [CAPABILITY IMAP4rev1 LITERAL+] in\r\n")])
            .await
            .unwrap();
    plain.authenticate("b2s=").await.expect("without an initial response");
    assert!(plain.can("LITERAL+"));
}

#[tokio::test]
async fn a_letter_is_given_piece_by_piece_to_a_server_that_must_invite() {
    let sent = vec![
        say("* LIST (\\HasNoChildren \\Sent) \"/\" {4}\r\nLes!\r\nTAG OK\r\n"),
        say("* 0 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\nTAG OK\r\n"),
        say("* SEARCH\r\nTAG OK\r\n"),
        Act::Take(5),
        say("TAG NO [TRYCREATE] no folder\r\n"),
        say("TAG OK made\r\n"),
        Act::Take(5),
        say("TAG OK [APPENDUID 9 1] done\r\n"),
    ];
    let mut connection = connected(sent).await;
    let (base, letter) = (sqlite().await, Leaving::from(b"abc".to_vec()));
    connection.file_sent("<1@x>", &letter, &base.kernel).await.expect("filed");
    assert_eq!(connection.names.map(|names| names.sent), Some(b"Les!".to_vec()));

    let there = vec![say("TAG OK none\r\n"), say("* 1 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\nTAG OK\r\n"), say("* SEARCH 4\r\nTAG OK\r\n")];
    connected(there).await.file_sent("<1@x>", &letter, &base.kernel).await.expect("already there: nothing is appended");
}

#[tokio::test]
async fn a_name_of_another_time_names_nothing() {
    let mut connection = connected(vec![say("* 5 EXISTS\r\n* OK [UIDVALIDITY 8] x\r\nTAG OK\r\n")]).await;
    assert!(connection.letter(REFERENCE).await.unwrap().is_none());
    let mut connection =
        connected(vec![say("* 5 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK\r\n"), say("* 5 FETCH (FLAGS ())\r\nTAG OK nothing\r\n")]).await;
    assert!(connection.letter(REFERENCE).await.unwrap().is_none());
}

#[tokio::test]
async fn a_page_asks_for_ranks_and_passes_over_what_others_do_meanwhile() {
    let page = vec![
        say("* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK\r\n"),
        say("* STATUS INBOX (MESSAGES 2 UNSEEN 1)\r\nTAG OK\r\n"),
        say("* 1 FETCH (UID 41 FLAGS () BODY[HEADER.FIELDS (FROM TO SUBJECT DATE)] \"\")\r\n* 3 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n\
             * 2 FETCH (UID 42 FLAGS (\\Seen) BODY[HEADER.FIELDS (FROM TO SUBJECT DATE)] {12}\r\nSubject: x\r\n)\r\nTAG OK\r\n"),
    ];
    let page = connected(page).await.page(Folder::Inbox, None).await.unwrap();
    let rows: Vec<_> = page.rows.iter().map(|row| (row.reference.uid, row.seen, row.heading.subject.as_str())).collect();
    assert_eq!(rows, [(42, true, "x"), (41, false, "")]);
    assert_eq!((page.counts.total, page.counts.unseen), (2, 1));
}

const SELECTED: &str = "* 5 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK\r\n";

#[tokio::test]
async fn an_older_page_begins_after_a_letter_that_may_be_gone() {
    let page = vec![
        say(SELECTED),
        say("* SEARCH 12 30\r\nTAG OK\r\n"),
        say("* STATUS INBOX (MESSAGES 5 UNSEEN 0)\r\nTAG OK\r\n"),
        say("* 2 FETCH (UID 30 FLAGS () BODY[HEADER.FIELDS (FROM TO SUBJECT DATE)] \"\")\r\n\
             * 1 FETCH (UID 12 FLAGS () BODY[HEADER.FIELDS (FROM TO SUBJECT DATE)] \"\")\r\nTAG OK\r\n"),
    ];
    let page = connected(page).await.page(Folder::Inbox, Some(REFERENCE)).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.reference.uid).collect::<Vec<_>>(), [30, 12]);
    assert_eq!((page.older, page.next(), page.counts.total), (false, None, 5));
}

#[tokio::test]
async fn a_letter_of_mine_is_marked_before_it_goes_to_the_bin_whatever_the_bin_is_called() {
    let with_move = "* OK [CAPABILITY IMAP4rev1 MOVE UIDPLUS] ready\r\n";
    let acts = vec![
        say("* LIST (\\Sent) \"/\" Envois\r\n* LIST (\\Trash) \"/\" \"Corb&AOk-e \\\"1\\\"\"\r\nTAG OK\r\n"),
        say(SELECTED),
        say("* 5 FETCH (UID 42 FLAGS (\\Seen))\r\nTAG OK\r\n"),
        say("TAG OK marked\r\n"),
        say("TAG NO [TRYCREATE] no bin\r\n"),
        say("TAG OK made\r\n"),
        say("* OK [COPYUID 9 42 3] moved\r\n* 5 EXPUNGE\r\nTAG OK\r\n"),
    ];
    let mut connection = server(with_move, acts).await.unwrap();
    let moved = connection.relocate(Reference { folder: Folder::Sent, ..REFERENCE }).await.unwrap();
    assert_eq!(moved, Moved::To(Reference { folder: Folder::Bin, validity: 9, uid: 3 }));
    assert_eq!(connection.names.map(|names| names.bin), Some(b"Corb&AOk-e \"1\"".to_vec()));
}

#[tokio::test]
async fn without_move_three_commands_stand_for_it_and_never_two() {
    let acts = |last: Vec<Act>| {
        let first = vec![say(SELECTED), say("* 5 FETCH (UID 42 FLAGS ())\r\nTAG OK\r\n"), say("TAG OK no folder is marked\r\n")];
        first.into_iter().chain(last).collect()
    };
    let all = vec![say("TAG OK [COPYUID 9 42 3] copied\r\n"), say("TAG OK\r\n"), say("* 5 EXPUNGE\r\nTAG OK\r\n")];
    let mut old = server("* OK [CAPABILITY IMAP4rev1 UIDPLUS] ready\r\n", acts(all)).await.unwrap();
    assert_eq!(old.relocate(REFERENCE).await.unwrap(), Moved::To(Reference { folder: Folder::Bin, validity: 9, uid: 3 }));
    let silent = vec![say("TAG OK copied\r\n"), say("TAG OK\r\n"), say("TAG OK\r\n")];
    let mut old = server("* OK [CAPABILITY IMAP4rev1 UIDPLUS] ready\r\n", acts(silent)).await.unwrap();
    assert_eq!(old.relocate(REFERENCE).await.unwrap(), Moved::Somewhere);
    // A copy that the server refuses takes nothing away; a server that cannot take away one letter is asked nothing.
    let mut full = server("* OK [CAPABILITY IMAP4rev1 UIDPLUS] ready\r\n", acts(vec![say("TAG NO [OVERQUOTA] full\r\n")])).await.unwrap();
    assert!(matches!(full.relocate(REFERENCE).await, Err(Trouble::Refused { command: "UID COPY", .. })));
    let mut older = connected(acts(vec![])).await;
    assert!(matches!(older.relocate(REFERENCE).await, Err(Trouble::Nonsense(_))));
    let mut gone = connected(vec![say(SELECTED), say("TAG OK nothing\r\n")]).await;
    assert_eq!(gone.relocate(REFERENCE).await.unwrap(), Moved::NotThere);
}

proptest! {
    /// What another reading of the standard writes, we read.
    #[test]
    fn responses_written_by_another_are_read(uid in 1_u32.., seen: bool, head in prop::collection::vec(1_u8..=255, 0..300), quoted in "[ -~]{0,40}") {
        let literal = NString(Some(IString::Literal(head.clone().try_into().unwrap())));
        let flags = if seen { vec![FlagFetch::Flag(Flag::Answered), FlagFetch::Flag(Flag::Seen)] } else { vec![FlagFetch::Recent] };
        let items = vec![
            MessageDataItem::Flags(flags),
            MessageDataItem::Uid(uid.try_into().unwrap()),
            MessageDataItem::Rfc822(NString(Some(IString::Quoted(quoted.clone().try_into().unwrap())))),
            MessageDataItem::BodyExt { section: None, origin: Some(0), data: literal },
        ];
        let response = Response::Data(Data::Fetch { seq: 3.try_into().unwrap(), items: items.try_into().unwrap() });
        let written: Vec<u8> = ResponseCodec::default().encode(&response).dump();
        let line = written.strip_prefix(b"* ").and_then(|rest| rest.strip_suffix(b"\r\n")).unwrap();
        let read = tokens(line).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        let stored = fetch::stored(&read, Reference { uid, ..REFERENCE }).ok_or(TestCaseError::fail("not a letter"))?;
        prop_assert_eq!(stored.bytes, head);
        prop_assert_eq!(stored.seen, seen);
        let (_, items) = fetch::items(&read).unwrap();
        prop_assert_eq!(fetch::item(items, "RFC822").and_then(|token| token.bytes()), Some(quoted.as_bytes()));
    }
}
