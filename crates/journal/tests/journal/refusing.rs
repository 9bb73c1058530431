//! What the base itself refuses, asked in plain SQL by who holds its password.

use maincourante_journal::Problem;
use maincourante_kernel::execute;

use crate::scene::{World, worlds};

macro_rules! refused {
    ($world:expr, $sql:tt) => {{
        let mut tx = $world.kernel.db.write().await.unwrap();
        let answer = execute!(tx, $sql).map_err(|failure| failure.to_string());
        let words = answer.expect_err(stringify!($sql));
        // Refused by a rule of the journal, and not because the statement is badly written.
        let rules = ["only grows", "destroyed once", "violates unique constraint"];
        assert!(rules.iter().any(|rule| words.contains(rule)), "{}: {words}", $world.test.engine);
    }};
}

async fn world_with_lines(world: &World) {
    world.write_hand_overs(2).await;
    world.sign().await;
    world.write_hand_overs(1).await;
}

#[tokio::test]
async fn an_entry_is_never_changed_removed_nor_slipped_in() {
    for world in worlds().await {
        world_with_lines(&world).await;
        refused!(world, "update journal_entry set event = 'auth.login'");
        refused!(world, "delete from journal_entry where seq = 1");
        refused!(world, "delete from journal_entry");
        refused!(world, ["delete from journal_entry where log = 'x' or true", "truncate journal_entry"]);
        refused!(world, ["delete from journal_subject", "truncate journal_entry, journal_subject, journal_log, record_key cascade"]);
        // In the middle, or in the place of another.
        refused!(
            world,
            "insert into journal_entry (log, seq, id, at, event, act, structure, leaf, leaf_hash)
             select log, 7, act, at, event, act, structure, leaf, leaf_hash from journal_entry where log = 'service'"
        );
        refused!(
            world,
            [
                "insert or replace into journal_entry select * from journal_entry where seq = 1",
                "insert into journal_entry select * from journal_entry where seq = 1 on conflict (log, seq) do update set event = 'auth.login'"
            ]
        );
        // At the end, with the identifier of another, which `replace` would take away.
        refused!(
            world,
            [
                "insert or replace into journal_entry select log, 3, id, at, event, act, structure, leaf, leaf_hash from journal_entry where seq = 1",
                "insert into journal_entry select log, 3, id, at, event, act, structure, leaf, leaf_hash from journal_entry where seq = 1"
            ]
        );
        world.sign().await;
        assert_eq!(world.problems().await, [], "{}", world.test.engine);
    }
}

#[tokio::test]
async fn subjects_checkpoints_heads_and_keys_only_grow_too() {
    for world in worlds().await {
        world_with_lines(&world).await;
        refused!(world, "update journal_subject set sealed = null");
        refused!(world, "delete from journal_subject where slot = 0");
        refused!(world, "insert into journal_subject select log, seq, 9, kind, id, commitment, sealed from journal_subject where slot = 0");
        refused!(world, ["insert or replace into journal_subject select * from journal_subject where seq = 1", "truncate journal_subject"]);
        refused!(world, "update journal_checkpoint set note = ''");
        refused!(world, "delete from journal_checkpoint");
        refused!(world, "insert into journal_checkpoint select log, 1, root, at, note from journal_checkpoint where log = 'service'");
        refused!(world, ["insert or replace into journal_checkpoint select * from journal_checkpoint", "truncate journal_checkpoint"]);
        refused!(world, "update journal_super set leaf = ''");
        refused!(world, "delete from journal_super");
        refused!(world, ["insert or replace into journal_super select * from journal_super", "truncate journal_super"]);
        refused!(world, "update journal_log set size = size - 1");
        refused!(world, "update journal_log set name = 'x'");
        refused!(world, "delete from journal_log");
        refused!(world, ["insert or replace into journal_log select name, 0, 0, frontier, mac from journal_log", "truncate journal_log"]);
        refused!(world, ["update record_key set wrapped = zeroblob(61)", "update record_key set wrapped = '\\x00'"]);
        refused!(world, "update record_key set created_at = 0");
        refused!(world, "delete from record_key");
        refused!(
            world,
            ["insert or replace into record_key select kind, id, zeroblob(61), 0, null from record_key", "truncate record_key"]
        );
        assert_eq!(world.problems().await, [], "{}", world.test.engine);
    }
}

#[tokio::test]
async fn refusals_that_were_switched_off_are_reported() {
    for world in worlds().await {
        world_with_lines(&world).await;
        let mut tx = world.kernel.db.write().await.unwrap();
        execute!(tx, ["drop trigger journal_entry_no_update", "alter table journal_entry disable trigger journal_entry_no_update"])
            .unwrap();
        execute!(tx, ["drop trigger record_key_once", "drop trigger record_key_once on record_key"]).unwrap();
        tx.commit().await.unwrap();
        let report = world.verify().await;
        assert_eq!(
            report.problems,
            [Problem::RefusalOff { trigger: "journal_entry_no_update" }, Problem::RefusalOff { trigger: "record_key_once" }],
            "{}",
            world.test.engine
        );
        assert!(report.sentences()[0].contains("journal_entry_no_update"));
    }
}
