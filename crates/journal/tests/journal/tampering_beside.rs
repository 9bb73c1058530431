//! What the same intruder can do beside the entries: to subjects, record keys and checkpoints.

use maincourante_journal::{Problem, SubjectKind, destroy_record_key};
use maincourante_kernel::execute;

use crate::scene::{CCAS, NADIA, PAUL};
use crate::tampering::{CCAS_LOG, attacker, log, signed_worlds};

#[tokio::test]
async fn a_subject_or_its_fields_changed() {
    for world in signed_worlds().await {
        let mut tx = attacker(&world).await;
        // Entry 1: another person is named. Entry 2: another commitment. Entry 3: names exchanged with entry 4. Entry 5: a name withdrawn.
        execute!(tx, "update journal_subject set id = $2 where log = $1 and seq = 1 and kind = 'usager'", CCAS_LOG, NADIA).unwrap();
        execute!(
            tx,
            "update journal_subject set commitment = leaf_hash from journal_entry e
            where journal_subject.log = $1 and journal_subject.seq = 2 and slot = 0 and e.log = $1 and e.seq = 0",
            CCAS_LOG
        )
        .unwrap();
        execute!(
            tx,
            "update journal_subject set sealed = (select sealed from journal_subject o where o.log = $1 and o.seq = 4 and o.slot = 0)
            where log = $1 and seq = 3 and slot = 0",
            CCAS_LOG
        )
        .unwrap();
        execute!(tx, "update journal_subject set sealed = null where log = $1 and seq = 5 and slot = 2", CCAS_LOG).unwrap();
        execute!(tx, "delete from journal_subject where log = $1 and seq = 6 and slot = 2", CCAS_LOG).unwrap();
        execute!(
            tx,
            "insert into journal_subject select log, 50, slot, kind, id, commitment, sealed from journal_subject
            where log = $1 and seq = 7 and slot = 0",
            CCAS_LOG
        )
        .unwrap();
        tx.commit().await.unwrap();
        let differs = |seq, slot| Problem::SubjectDiffers { log: log(), seq, slot };
        let expected = [
            differs(1, 2),
            differs(2, 0),
            Problem::FieldsAltered { log: log(), seq: 3, slot: 0 },
            Problem::FieldsMissing { log: log(), seq: 5, slot: 2 },
            differs(6, 2),
            differs(50, 0),
        ];
        assert_eq!(world.problems().await, expected, "{}", world.test.engine);
    }
}

#[tokio::test]
async fn a_record_key_erased_in_silence_brought_back_altered_or_taken_away() {
    for world in signed_worlds().await {
        let mut tx = world.kernel.db.write().await.unwrap();
        execute!(tx, "create table kept as select * from record_key").unwrap();
        tx.commit().await.unwrap();

        let mut tx = attacker(&world).await;
        execute!(tx, "update record_key set wrapped = null, destroyed_at = 1 where kind = 'usager'").unwrap();
        tx.commit().await.unwrap();
        let silent = Problem::KeyDestroyedSilently { kind: "usager".into(), id: PAUL };
        assert_eq!(world.problems().await, [silent], "{}", world.test.engine);

        let mut tx = world.kernel.db.write().await.unwrap();
        execute!(
            tx,
            "update record_key set wrapped = (select wrapped from kept where kind = 'usager'), destroyed_at = null where kind = 'usager'"
        )
        .unwrap();
        destroy_record_key(&mut tx, &world.kernel, world.act(), SubjectKind::Usager, PAUL).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.problems().await, []);

        let mut tx = world.kernel.db.write().await.unwrap();
        execute!(
            tx,
            "update record_key set wrapped = (select wrapped from kept where kind = 'usager'), destroyed_at = null where kind = 'usager'"
        )
        .unwrap();
        execute!(tx, "update record_key set wrapped = (select wrapped from kept where kind = 'usager') where kind = 'structure'").unwrap();
        execute!(tx, "delete from record_key where kind = 'aidant'").unwrap();
        tx.commit().await.unwrap();
        let expected = [
            Problem::KeyUnreadable { kind: "structure".into(), id: CCAS },
            Problem::KeyMissing { kind: "aidant".into(), id: NADIA },
            Problem::KeyMissing { kind: "structure".into(), id: CCAS },
            Problem::KeyCameBack { kind: "usager".into(), id: PAUL },
        ];
        assert_eq!(world.problems().await, expected, "{}", world.test.engine);
    }
}

#[tokio::test]
async fn checkpoints_of_the_base_altered_or_removed() {
    for world in signed_worlds().await {
        let mut tx = attacker(&world).await;
        execute!(tx, "update journal_checkpoint set note = replace(note, 'e', 'f') where log = $1", CCAS_LOG).unwrap();
        execute!(tx, "delete from journal_checkpoint where log = 'service'").unwrap();
        tx.commit().await.unwrap();
        let found = world.problems().await;
        assert!(found.contains(&Problem::CheckpointAltered { log: log(), size: 4 }), "{}: {found:?}", world.test.engine);
        assert!(found.contains(&Problem::CheckpointMissing { log: "service".into(), size: 1 }), "{found:?}");

        let mut tx = world.kernel.db.write().await.unwrap();
        execute!(tx, "update journal_super set leaf = replace(leaf, '4', '5') where log = $1", CCAS_LOG).unwrap();
        execute!(tx, "delete from journal_super where log = 'service'").unwrap();
        tx.commit().await.unwrap();
        let found = world.problems().await;
        assert!(found.contains(&Problem::Altered { log: "super".into(), seq: 1 }), "{}: {found:?}", world.test.engine);
        assert!(found.contains(&Problem::Missing { log: "super".into(), from: 0, to: 0 }), "{found:?}");
    }
}
