//! What someone with the password of the base can do once they have switched its refusals off, and what shows it.
//!
//! The log of the CCAS has eight entries; the first four were signed, and the note lies outside the base.

use maincourante_journal::{Log, Problem, Signed, leaf_hash};
use maincourante_kernel::{Tx, execute, fetch_all, fetch_one};

use crate::scene::{CCAS, World, worlds};

pub const CCAS_LOG: &str = "structure/00000000-0000-0000-0000-00000000cca5";

pub fn log() -> String {
    assert_eq!(Log::Structure(CCAS).name(), CCAS_LOG);
    CCAS_LOG.to_owned()
}

pub async fn signed_worlds() -> Vec<World> {
    let worlds = worlds().await;
    for world in &worlds {
        world.write_hand_overs(4).await;
        world.sign().await;
        world.write_hand_overs(4).await;
        assert_eq!(world.problems().await, [], "{}", world.test.engine);
    }
    worlds
}

macro_rules! run {
    ($tx:expr; $($lite:literal, $pg:literal;)+) => {
        $(execute!($tx, [$lite, $pg]).unwrap();)+
    };
}

/// A transaction of someone who switched the refusals off.
pub async fn attacker(world: &World) -> Tx {
    let mut tx = world.kernel.db.write().await.unwrap();
    run!(tx;
        "drop trigger journal_entry_next", "alter table journal_entry disable trigger user";
        "drop trigger journal_entry_no_update", "alter table journal_entry disable trigger user";
        "drop trigger journal_entry_no_delete", "alter table journal_entry disable trigger user";
        "drop trigger journal_subject_next", "alter table journal_subject disable trigger user";
        "drop trigger journal_subject_no_update", "alter table journal_subject disable trigger user";
        "drop trigger journal_subject_no_delete", "alter table journal_subject disable trigger user";
        "drop trigger journal_checkpoint_next", "alter table journal_checkpoint disable trigger user";
        "drop trigger journal_checkpoint_no_update", "alter table journal_checkpoint disable trigger user";
        "drop trigger journal_checkpoint_no_delete", "alter table journal_checkpoint disable trigger user";
        "drop trigger journal_super_next", "alter table journal_super disable trigger user";
        "drop trigger journal_super_no_update", "alter table journal_super disable trigger user";
        "drop trigger journal_super_no_delete", "alter table journal_super disable trigger user";
        "drop trigger journal_log_forward", "alter table journal_log disable trigger user";
        "drop trigger journal_log_no_delete", "alter table journal_log disable trigger user";
        "drop trigger journal_log_no_replace", "alter table journal_log disable trigger user";
        "drop trigger record_key_once", "alter table record_key disable trigger user";
        "drop trigger record_key_no_delete", "alter table record_key disable trigger user";
        "drop trigger record_key_no_replace", "alter table record_key disable trigger user";
    );
    tx
}

async fn leaf(tx: &mut Tx, seq: i64) -> String {
    let (leaf,) = fetch_one!(tx, (Vec<u8>,), "select leaf from journal_entry where log = $1 and seq = $2", CCAS_LOG, seq).unwrap();
    String::from_utf8(leaf).unwrap()
}

async fn set_leaf(tx: &mut Tx, seq: i64, leaf: &str) {
    execute!(tx, "update journal_entry set leaf = $3 where log = $1 and seq = $2", CCAS_LOG, seq, leaf.as_bytes()).unwrap();
}

async fn set_leaf_and_hash(tx: &mut Tx, seq: i64, leaf: &str) {
    set_leaf(tx, seq, leaf).await;
    let hash = leaf_hash(leaf.as_bytes()).to_vec();
    execute!(tx, "update journal_entry set leaf_hash = $3 where log = $1 and seq = $2", CCAS_LOG, seq, hash).unwrap();
}

/// The head, rewritten so that it agrees with the entries. Its MAC needs the vault, which is not in the base.
async fn rewrite_head(tx: &mut Tx) {
    let mut tree = maincourante_journal::Frontier::default();
    let hashes = fetch_all!(tx, (Vec<u8>,), "select leaf_hash from journal_entry where log = $1 order by seq", CCAS_LOG).unwrap();
    for (hash,) in hashes {
        tree.push(hash.try_into().unwrap());
    }
    let (size, frontier) = (i64::try_from(tree.size()).unwrap(), tree.peaks().concat());
    execute!(tx, "update journal_log set size = $2, frontier = $3 where name = $1", CCAS_LOG, size, frontier).unwrap();
}

#[tokio::test]
async fn an_entry_changed() {
    for world in signed_worlds().await {
        let mut tx = attacker(&world).await;
        let sms = leaf(&mut tx, 1).await;
        set_leaf(&mut tx, 1, &sms.replace("sms", "screen")).await;
        tx.commit().await.unwrap();
        assert_eq!(world.problems().await, [Problem::Altered { log: log(), seq: 1 }], "{}", world.test.engine);
    }
}

#[tokio::test]
async fn an_entry_changed_with_its_hash_before_and_after_the_signature() {
    for (seq, found) in [(1, (0, 4)), (5, (4, 8))] {
        for world in signed_worlds().await {
            let mut tx = attacker(&world).await;
            let sms = leaf(&mut tx, seq).await;
            set_leaf_and_hash(&mut tx, seq, &sms.replace("sms", "screen")).await;
            tx.commit().await.unwrap();
            let rewritten = Problem::Rewritten { log: log(), from: found.0, to: found.1 };
            assert_eq!(world.problems().await, vec![rewritten.clone()], "{}", world.test.engine);

            // With the head: it is no longer the one the service wrote, and the service builds nothing on it.
            let mut tx = world.kernel.db.write().await.unwrap();
            rewrite_head(&mut tx).await;
            tx.commit().await.unwrap();
            let altered = Problem::HeadAltered { log: log(), from: if seq == 1 { 0 } else { 4 } };
            let expected = if seq == 1 { vec![rewritten, altered] } else { vec![altered] };
            assert_eq!(world.problems().await, expected, "{}", world.test.engine);
            let mut tx = world.kernel.db.write().await.unwrap();
            let refused = maincourante_journal::append(&mut tx, &world.kernel, Log::Structure(CCAS), world.hand_over()).await;
            assert!(refused.unwrap_err().to_string().contains("altered"));
            drop(tx);
            assert!(maincourante_journal::checkpoint(&world.kernel, &world.signer, &world.outside).await.is_err());
        }
    }
}

#[tokio::test]
async fn a_column_changed() {
    for world in signed_worlds().await {
        let mut tx = attacker(&world).await;
        execute!(tx, "update journal_entry set event = 'auth.login' where log = $1 and seq = 2", CCAS_LOG).unwrap();
        execute!(tx, "update journal_entry set at = at + 1 where log = $1 and seq = 3", CCAS_LOG).unwrap();
        execute!(tx, "update journal_entry set structure = null, act = id where log = $1 and seq = 4", CCAS_LOG).unwrap();
        tx.commit().await.unwrap();
        let differs = |seq, column| Problem::ColumnDiffers { log: log(), seq, column };
        let expected = [
            differs(2, "event"),
            differs(3, "at"),
            Problem::TimeBackwards { log: log(), seq: 4 },
            differs(4, "act"),
            differs(4, "structure"),
        ];
        assert_eq!(world.problems().await, expected, "{}", world.test.engine);
    }
}

#[tokio::test]
async fn an_entry_removed() {
    for world in signed_worlds().await {
        let mut tx = attacker(&world).await;
        execute!(tx, "delete from journal_subject where log = $1 and seq = 2", CCAS_LOG).unwrap();
        execute!(tx, "delete from journal_entry where log = $1 and seq = 2", CCAS_LOG).unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.problems().await, [Problem::Missing { log: log(), from: 2, to: 2 }], "{}", world.test.engine);

        // Those that follow are moved up: they still bear their number.
        let mut tx = world.kernel.db.write().await.unwrap();
        for seq in 3..8 {
            execute!(tx, "update journal_subject set seq = seq - 1 where log = $1 and seq = $2", CCAS_LOG, seq).unwrap();
            execute!(tx, "update journal_entry set seq = seq - 1 where log = $1 and seq = $2", CCAS_LOG, seq).unwrap();
        }
        tx.commit().await.unwrap();
        let expected = [
            Problem::Misplaced { log: log(), seq: 2, claimed_log: log(), claimed_seq: 3 },
            Problem::Rewritten { log: log(), from: 0, to: 4 },
            Problem::Missing { log: log(), from: 7, to: 7 },
        ];
        assert_eq!(world.problems().await, expected, "{}", world.test.engine);
    }
}

#[tokio::test]
async fn an_entry_inserted() {
    for world in signed_worlds().await {
        let mut tx = attacker(&world).await;
        for seq in (2..8).rev() {
            execute!(tx, "update journal_subject set seq = seq + 1 where log = $1 and seq = $2", CCAS_LOG, seq).unwrap();
            execute!(tx, "update journal_entry set seq = seq + 1 where log = $1 and seq = $2", CCAS_LOG, seq).unwrap();
        }
        let forged = leaf(&mut tx, 1).await.replace(r#""seq":1"#, r#""seq":2"#);
        let (id, hash) = (world.act(), leaf_hash(forged.as_bytes()).to_vec());
        execute!(
            tx,
            "insert into journal_entry select log, 2, $2, at, event, act, structure, $3, $4 from journal_entry where log = $1 and seq = 1",
            CCAS_LOG,
            id,
            forged.as_bytes(),
            hash
        )
        .unwrap();
        tx.commit().await.unwrap();
        let expected = [
            Problem::ColumnDiffers { log: log(), seq: 2, column: "id" },
            Problem::SubjectDiffers { log: log(), seq: 2, slot: 0 },
            Problem::Rewritten { log: log(), from: 0, to: 4 },
            Problem::Misplaced { log: log(), seq: 3, claimed_log: log(), claimed_seq: 2 },
            Problem::Uncounted { log: log(), from: 8, to: 8 },
        ];
        assert_eq!(world.problems().await, expected, "{}", world.test.engine);
    }
}

#[tokio::test]
async fn an_entry_added_at_the_end_without_the_service() {
    for world in signed_worlds().await {
        // Even the base lets it pass, with its refusals on: it is in its place. It is not counted.
        let mut tx = world.kernel.db.write().await.unwrap();
        let forged = leaf(&mut tx, 7).await.replace(r#""seq":7"#, r#""seq":8"#);
        let (id, hash) = (world.act(), leaf_hash(forged.as_bytes()).to_vec());
        let forged = forged.replace(&leaf_id(&forged), &id.to_string());
        execute!(
            tx,
            "insert into journal_entry select log, 8, $2, at, event, act, structure, $3, $4 from journal_entry where log = $1 and seq = 7",
            CCAS_LOG,
            id,
            forged.as_bytes(),
            hash
        )
        .unwrap();
        tx.commit().await.unwrap();
        assert!(world.problems().await.contains(&Problem::Uncounted { log: log(), from: 8, to: 8 }), "{}", world.test.engine);
    }
}

fn leaf_id(leaf: &str) -> String {
    let (_, rest) = leaf.split_once(r#","id":""#).unwrap();
    // The first `id` after the actor's is the entry's.
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn two_entries_exchanged() {
    for world in signed_worlds().await {
        let mut tx = attacker(&world).await;
        for table in ["journal_entry", "journal_subject"] {
            for (from, to) in [(1_i64, 100_i64), (2, 1), (100, 2)] {
                if table == "journal_entry" {
                    execute!(tx, "update journal_entry set seq = $3 where log = $1 and seq = $2", CCAS_LOG, from, to).unwrap();
                } else {
                    execute!(tx, "update journal_subject set seq = $3 where log = $1 and seq = $2", CCAS_LOG, from, to).unwrap();
                }
            }
        }
        tx.commit().await.unwrap();
        let misplaced = |seq, claimed_seq| Problem::Misplaced { log: log(), seq, claimed_log: log(), claimed_seq };
        let expected = [misplaced(1, 2), misplaced(2, 1), Problem::Rewritten { log: log(), from: 0, to: 4 }];
        assert_eq!(world.problems().await, expected, "{}", world.test.engine);

        // Renumbered inside too, with their hashes: the signature remains.
        let mut tx = world.kernel.db.write().await.unwrap();
        for seq in [1, 2] {
            let renumbered = leaf(&mut tx, seq).await.replace(&format!(r#""seq":{}"#, 3 - seq), &format!(r#""seq":{seq}"#));
            set_leaf_and_hash(&mut tx, seq, &renumbered).await;
        }
        tx.commit().await.unwrap();
        assert_eq!(world.problems().await, [Problem::Rewritten { log: log(), from: 0, to: 4 }]);
    }
}

#[tokio::test]
async fn an_entry_brought_from_another_log() {
    for world in signed_worlds().await {
        let mut tx = attacker(&world).await;
        let (foreign,) = fetch_one!(tx, (Vec<u8>,), "select leaf from journal_entry where log = 'service' and seq = 0").unwrap();
        set_leaf_and_hash(&mut tx, 5, &String::from_utf8(foreign).unwrap()).await;
        tx.commit().await.unwrap();
        let expected = Problem::Misplaced { log: log(), seq: 5, claimed_log: "service".into(), claimed_seq: 0 };
        assert!(world.problems().await.contains(&expected), "{}", world.test.engine);
    }
}

async fn cut(tx: &mut Tx, from: i64) {
    execute!(tx, "delete from journal_subject where log = $1 and seq >= $2", CCAS_LOG, from).unwrap();
    execute!(tx, "delete from journal_entry where log = $1 and seq >= $2", CCAS_LOG, from).unwrap();
}

#[tokio::test]
async fn the_tail_cut() {
    for world in signed_worlds().await {
        let mut tx = attacker(&world).await;
        cut(&mut tx, 6).await;
        tx.commit().await.unwrap();
        assert_eq!(world.problems().await, [Problem::Missing { log: log(), from: 6, to: 7 }], "{}", world.test.engine);
        // The head set back: it is not the one the service wrote.
        let mut tx = world.kernel.db.write().await.unwrap();
        rewrite_head(&mut tx).await;
        tx.commit().await.unwrap();
        assert_eq!(world.problems().await, [Problem::HeadAltered { log: log(), from: 4 }]);
    }
}

#[tokio::test]
async fn the_tail_cut_with_a_true_head_of_that_time() {
    for world in worlds().await {
        world.write_hand_overs(3).await;
        let mut tx = world.kernel.db.write().await.unwrap();
        execute!(tx, "create table kept as select * from journal_log").unwrap();
        tx.commit().await.unwrap();
        world.write_hand_overs(1).await;
        world.sign().await;
        let mut tx = attacker(&world).await;
        cut(&mut tx, 3).await;
        execute!(tx, "delete from journal_log where name = $1", CCAS_LOG).unwrap();
        execute!(tx, "insert into journal_log select * from kept where name = $1", CCAS_LOG).unwrap();
        tx.commit().await.unwrap();
        let cut = Problem::CutTail { log: log(), left: 3, signed: 4 };
        assert_eq!(world.problems().await, vec![cut.clone()], "{}", world.test.engine);

        // Its checkpoint is taken away too: the tree of checkpoints and the file outside still have it.
        let mut tx = world.kernel.db.write().await.unwrap();
        execute!(tx, "delete from journal_checkpoint where log = $1", CCAS_LOG).unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.problems().await, [Problem::CheckpointMissing { log: log(), size: 4 }, cut]);
    }
}

#[tokio::test]
async fn yesterday_s_base_put_back_whole() {
    for world in worlds().await {
        world.write_hand_overs(4).await;
        world.sign().await;
        let mut tx = world.kernel.db.write().await.unwrap();
        execute!(tx, "create table kept_log as select * from journal_log").unwrap();
        execute!(tx, "create table kept_entry as select * from journal_entry").unwrap();
        execute!(tx, "create table kept_subject as select * from journal_subject").unwrap();
        execute!(tx, "create table kept_checkpoint as select * from journal_checkpoint").unwrap();
        execute!(tx, "create table kept_super as select * from journal_super").unwrap();
        tx.commit().await.unwrap();
        world.write_hand_overs(4).await;
        world.sign().await;

        let mut tx = attacker(&world).await;
        run!(tx;
            "delete from journal_entry", "delete from journal_entry";
            "insert into journal_entry select * from kept_entry", "insert into journal_entry select * from kept_entry";
            "delete from journal_subject", "delete from journal_subject";
            "insert into journal_subject select * from kept_subject", "insert into journal_subject select * from kept_subject";
            "delete from journal_checkpoint", "delete from journal_checkpoint";
            "insert into journal_checkpoint select * from kept_checkpoint", "insert into journal_checkpoint select * from kept_checkpoint";
            "delete from journal_super", "delete from journal_super";
            "insert into journal_super select * from kept_super", "insert into journal_super select * from kept_super";
            "delete from journal_log", "delete from journal_log";
            "insert into journal_log select * from kept_log", "insert into journal_log select * from kept_log";
        );
        tx.commit().await.unwrap();

        let keys = [world.signer.public().clone()];
        let inside = maincourante_journal::verify(&world.kernel, &keys, None).await.unwrap();
        assert!(inside.problems.iter().all(|problem| matches!(problem, Problem::RefusalOff { .. })), "nothing inside shows it");
        let cut = |log: &str, left, signed| Problem::CutTail { log: log.to_owned(), left, signed };
        let lost = |log: &str, size| Problem::CheckpointMissing { log: log.to_owned(), size };
        let expected =
            [lost("service", 2), cut("service", 1, 2), lost(CCAS_LOG, 8), cut(CCAS_LOG, 4, 8), lost("super", 4), cut("super", 2, 4)];
        assert_eq!(world.problems().await, expected, "{}", world.test.engine);
        // And the service signs nothing more on it.
        world.write_hand_overs(1).await;
        assert_eq!(world.sign().await, Signed::BaseIsBehind { outside: 4, base: 2 });
    }
}

#[tokio::test]
async fn a_whole_log_taken_away() {
    for world in signed_worlds().await {
        let mut tx = attacker(&world).await;
        cut(&mut tx, 0).await;
        execute!(tx, "delete from journal_checkpoint where log = $1", CCAS_LOG).unwrap();
        execute!(tx, "delete from journal_log where name = $1", CCAS_LOG).unwrap();
        tx.commit().await.unwrap();
        let found = world.problems().await;
        assert!(found.contains(&Problem::CutTail { log: log(), left: 0, signed: 4 }), "{}: {found:?}", world.test.engine);
    }
}

#[tokio::test]
async fn the_head_taken_away() {
    for world in signed_worlds().await {
        let mut tx = attacker(&world).await;
        execute!(tx, "delete from journal_log where name = $1", CCAS_LOG).unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.problems().await, [Problem::HeadMissing { log: log() }], "{}", world.test.engine);
        // A new log cannot begin in the place of the old one.
        let mut tx = world.kernel.db.write().await.unwrap();
        assert!(maincourante_journal::append(&mut tx, &world.kernel, Log::Structure(CCAS), world.hand_over()).await.is_err());
    }
}
