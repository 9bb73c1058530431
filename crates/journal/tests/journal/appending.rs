//! Writing: one act in one log or several, without a gap, whatever the clock and the crowd.

use maincourante_journal::{
    Event, Fields, Filter, Log, Payload, SubjectKind, Viewer, append, append_to, destroy_record_key, lock, record_key,
};
use maincourante_kernel::clock::{hours, seconds};

use crate::scene::{AMINA, CCAS, MANDATE, NADIA, PAUL, worlds};

#[tokio::test]
async fn what_is_written_is_read_with_its_names() {
    for world in worlds().await {
        world.write(Log::Structure(CCAS), world.hand_over()).await;
        let records = world.all(Viewer::Structure(CCAS)).await;
        let [record] = records.as_slice() else { panic!("one entry on {}", world.test.engine) };
        assert_eq!((record.seq, record.event, record.at), (0, Event::AccessHandoverStarted, world.kernel.now()));
        assert_eq!(record.actor_seen().unwrap().field("name"), Some("Nadia Roussel"));
        assert_eq!(record.subject(SubjectKind::Usager).unwrap().field("name"), Some("Paul Nguyen"));
        assert_eq!(record.word("route"), Some("sms"));
        assert!(!format!("{record:?}").contains("Paul"), "names do not reach a log by Debug");
        assert!(!format!("{:?}", world.hand_over()).contains("Paul"));
        assert_eq!(world.problems().await.len(), 1, "only the file of checkpoints is missing");
    }
}

#[tokio::test]
async fn an_act_that_fails_leaves_no_entry() {
    for world in worlds().await {
        let mut tx = world.kernel.db.write().await.unwrap();
        append(&mut tx, &world.kernel, Log::Structure(CCAS), world.hand_over()).await.unwrap();
        drop(tx);
        assert!(world.all(Viewer::Structure(CCAS)).await.is_empty(), "{}", world.test.engine);
        world.write_hand_overs(1).await;
        assert_eq!(world.all(Viewer::Structure(CCAS)).await[0].seq, 0);
    }
}

#[tokio::test]
async fn an_act_in_two_logs_is_two_entries_and_is_read_once_by_the_person() {
    for world in worlds().await {
        let mut tx = world.kernel.db.write().await.unwrap();
        let entry = world.hand_over();
        let act = entry.act;
        let logs = [Log::Structure(CCAS), Log::of_person(PAUL), Log::Structure(CCAS)];
        append_to(&mut tx, &world.kernel, &logs, entry).await.unwrap();
        tx.commit().await.unwrap();
        let at_structure = world.all(Viewer::Structure(CCAS)).await;
        let at_person = world.all(Viewer::Person(PAUL)).await;
        assert_eq!((at_structure.len(), at_person.len()), (1, 1), "{}", world.test.engine);
        assert_eq!((at_structure[0].act, at_person[0].act), (act, act));
        assert_ne!(at_structure[0].id, at_person[0].id);
        assert_eq!(at_person[0].log, Log::of_person(PAUL));
        world.sign().await;
        assert_eq!(world.problems().await, []);
    }
}

#[tokio::test]
async fn a_clock_set_back_does_not_put_a_log_out_of_order() {
    for world in worlds().await {
        world.write_hand_overs(1).await;
        let first = world.kernel.now();
        world.kernel.clock.advance(hours(-2));
        world.write_hand_overs(1).await;
        world.write(Log::Service, world.hand_over()).await;
        world.kernel.clock.advance(hours(3));
        world.write_hand_overs(1).await;
        let times: Vec<_> = world.all(Viewer::Structure(CCAS)).await.iter().rev().map(|record| record.at).collect();
        assert_eq!(times, [first, first, world.kernel.now()], "{}", world.test.engine);
        world.sign().await;
        assert_eq!(world.problems().await, []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_leave_no_gap() {
    for world in worlds().await {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..40_u128 {
            let (kernel, entry) = (world.kernel.clone(), world.hand_over());
            tasks.spawn(async move {
                let log = if n % 4 == 0 { Log::Service } else { Log::Structure(CCAS) };
                let mut tx = kernel.db.write().await.unwrap();
                if n % 5 == 0 {
                    append_to(&mut tx, &kernel, &[Log::Structure(CCAS), Log::Service], entry).await.unwrap();
                } else {
                    append(&mut tx, &kernel, log, entry).await.unwrap();
                }
                // One in eight gives up: its number goes to another.
                if n % 8 == 1 { drop(tx) } else { tx.commit().await.unwrap() }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        let seqs: Vec<i64> = world.all(Viewer::Structure(CCAS)).await.iter().rev().map(|record| record.seq).collect();
        assert_eq!(seqs, (0..i64::try_from(seqs.len()).unwrap()).collect::<Vec<_>>(), "{}", world.test.engine);
        assert!(seqs.len() > 20);
        world.sign().await;
        assert_eq!(world.problems().await, []);
    }
}

#[tokio::test]
async fn what_is_not_a_keyword_is_refused_and_nothing_is_written() {
    for world in worlds().await {
        for entry in [
            world.hand_over().with(Payload::new().word("route", "Par SMS")),
            world.hand_over().refused("Mandat expiré"),
            world.hand_over().under(MANDATE, "Rendre l’accès"),
        ] {
            let mut tx = world.kernel.db.write().await.unwrap();
            assert!(append(&mut tx, &world.kernel, Log::Structure(CCAS), entry).await.is_err());
        }
        assert!(world.all(Viewer::Structure(CCAS)).await.is_empty());
    }
}

#[tokio::test]
async fn a_destroyed_key_erases_the_person_and_leaves_every_proof_good() {
    for world in worlds().await {
        world.write_hand_overs(2).await;
        world.sign().await;
        let mut tx = world.kernel.db.write().await.unwrap();
        let erased = destroy_record_key(&mut tx, &world.kernel, world.act(), SubjectKind::Usager, PAUL).await.unwrap();
        let again = destroy_record_key(&mut tx, &world.kernel, world.act(), SubjectKind::Usager, PAUL).await.unwrap();
        // Who never had a key does not get one later either.
        let never = destroy_record_key(&mut tx, &world.kernel, world.act(), SubjectKind::Usager, AMINA).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(format!("{erased:?} {again:?} {never:?}"), "Done AlreadyDone Done");

        // A late entry about the erased person: its name does not come back.
        world.write_hand_overs(1).await;
        world.write(Log::of_person(AMINA), world.alone(AMINA, "Amina Haddad", Event::AuthLogin)).await;
        for record in world.all(Viewer::Structure(CCAS)).await {
            assert_eq!(record.subject(SubjectKind::Usager).unwrap().field("name"), None, "{}", world.test.engine);
            assert_eq!(record.subject(SubjectKind::Usager).unwrap().fields, Fields::Erased);
            assert_eq!(record.subject(SubjectKind::Aidant).unwrap().field("name"), Some("Nadia Roussel"));
        }
        let alone = world.all(Viewer::Person(AMINA)).await.into_iter().find(|record| record.event == Event::AuthLogin).unwrap();
        assert_eq!(alone.actor_seen().unwrap().fields, Fields::Erased);
        world.sign().await;
        assert_eq!(world.problems().await, []);

        let mut tx = world.kernel.db.write().await.unwrap();
        let key = record_key(&mut tx, &world.kernel, SubjectKind::Usager, PAUL, "mandate.document").await.unwrap();
        assert!(key.is_none());
        let key = record_key(&mut tx, &world.kernel, SubjectKind::Aidant, NADIA, "mandate.document").await.unwrap();
        let other = record_key(&mut tx, &world.kernel, SubjectKind::Aidant, NADIA, "mandate.scan").await.unwrap();
        assert_ne!(key.unwrap().bytes(), other.unwrap().bytes());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_logs_locked_at_the_start_never_block_each_other() {
    for world in worlds().await {
        let (one, two) = (Log::Structure(CCAS), Log::of_person(PAUL));
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..20 {
            let (kernel, entry) = (world.kernel.clone(), world.hand_over());
            let (first, second) = if n % 2 == 0 { (one, two) } else { (two, one) };
            tasks.spawn(async move {
                let mut tx = kernel.db.write().await.unwrap();
                lock(&mut tx, &kernel, &[first, second]).await.unwrap();
                append(&mut tx, &kernel, first, entry.clone()).await.unwrap();
                append(&mut tx, &kernel, second, entry).await.unwrap();
                tx.commit().await.unwrap();
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        assert_eq!(world.all(Viewer::Structure(CCAS)).await.len(), 20, "{}", world.test.engine);
    }
}

#[tokio::test]
async fn pages_follow_one_another_without_loss_nor_repetition() {
    for world in worlds().await {
        for n in 0..7 {
            world.write_hand_overs(1).await;
            world.write(Log::of_person(PAUL), world.alone(PAUL, "Paul Nguyen", Event::AuthLogin)).await;
            if n % 2 == 0 {
                world.kernel.clock.advance(seconds(1));
            }
        }
        for viewer in [Viewer::Structure(CCAS), Viewer::Person(PAUL)] {
            let whole = world.all(viewer).await;
            assert!(whole.is_sorted_by(|a, b| a.at >= b.at));
            let mut filter = Filter::default();
            let mut pages = Vec::new();
            loop {
                let page = world.read(viewer, &filter, 3).await;
                pages.extend(page.records.iter().map(|record| record.id));
                filter.after = page.next;
                if filter.after.is_none() {
                    break;
                }
            }
            assert_eq!(pages, whole.iter().map(|record| record.id).collect::<Vec<_>>(), "{viewer:?} on {}", world.test.engine);
        }
    }
}
