//! The scheduled run and the file outside the base.

use maincourante_journal::{Event, Frontier, Hash, Log, Problem, Signed, proof};
use maincourante_kernel::clock::hours;
use maincourante_kernel::fetch_all;

use crate::scene::{CCAS, PAUL, World, worlds};

fn lines(world: &World) -> Vec<String> {
    std::fs::read_to_string(&world.outside).unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn what_grew_is_signed_once_and_written_outside() {
    for world in worlds().await {
        assert_eq!(world.sign().await, Signed::NothingNew, "{}", world.test.engine);
        world.write_hand_overs(2).await;
        world.write(Log::of_person(PAUL), world.alone(PAUL, "Paul Nguyen", Event::AuthLogin)).await;
        let names = vec![Log::of_person(PAUL).name(), "service".to_owned(), Log::Structure(CCAS).name()];
        assert_eq!(world.sign().await, Signed::Logs(names));
        assert_eq!(lines(&world).len(), 4, "three logs and the tree of checkpoints");
        assert!(lines(&world)[3].contains("courriel.example.fr/journal/super\\n3\\n"));

        // The announcement of a run is not a reason for another.
        world.kernel.clock.advance(hours(1));
        assert_eq!(world.sign().await, Signed::NothingNew);
        assert_eq!(lines(&world).len(), 4);
        world.write_hand_overs(1).await;
        assert_eq!(world.sign().await, Signed::Logs(vec!["service".to_owned(), Log::Structure(CCAS).name()]));
        assert_eq!(lines(&world).len(), 7);
        let report = world.verify().await;
        assert_eq!((report.problems, report.logs, report.entries, report.checkpoints), (vec![], 4, 6, 7));
    }
}

#[tokio::test]
async fn what_the_file_lacks_is_written_at_the_next_run() {
    for world in worlds().await {
        world.write_hand_overs(1).await;
        world.sign().await;
        world.write_hand_overs(1).await;
        world.sign().await;
        let whole = std::fs::read(&world.outside).unwrap();
        // The machine stopped in the middle of writing the second run.
        std::fs::write(&world.outside, &whole[..whole.len() - 300]).unwrap();
        assert!(world.problems().await.iter().any(|problem| matches!(problem, Problem::OutsideLacks { .. })));
        assert_eq!(world.sign().await, Signed::NothingNew);
        assert_eq!(world.problems().await, [], "{}", world.test.engine);
        // The file lost: what the base has is written again.
        std::fs::remove_file(&world.outside).unwrap();
        assert_eq!(world.problems().await, [Problem::OutsideMissing, Problem::OutsideLacks { count: 6 }]);
        world.sign().await;
        assert_eq!(std::fs::read(&world.outside).unwrap(), whole);
    }
}

#[tokio::test]
async fn lines_of_the_file_altered_or_removed() {
    for world in worlds().await {
        world.write_hand_overs(1).await;
        world.sign().await;
        let mut altered = lines(&world);
        altered[0] = altered[0].replace("\\n1\\n", "\\n2\\n");
        altered[1] = "n’importe quoi".to_owned();
        std::fs::write(&world.outside, altered.join("\n") + "\n").unwrap();
        let expected = [Problem::OutsideForged { line: 1 }, Problem::OutsideUnreadable { line: 2 }, Problem::OutsideLacks { count: 2 }];
        assert_eq!(world.problems().await, expected, "{}", world.test.engine);
        // By the key of another service.
        let other = maincourante_journal::Signer::generate(&world.kernel.chance);
        let other = maincourante_journal::Signer::from_pem(&other, &"courriel.example.fr".parse().unwrap()).unwrap();
        let report = maincourante_journal::verify(&world.kernel, &[other.public().clone()], None).await.unwrap();
        assert_eq!(report.problems.len(), 3);
        assert!(report.problems.iter().all(|problem| matches!(problem, Problem::CheckpointAltered { .. })));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_runs_at_once_sign_one_history() {
    for world in worlds().await {
        world.write_hand_overs(3).await;
        let (one, two) = tokio::join!(world.sign(), world.sign());
        let runs = [one, two];
        assert!(runs.contains(&Signed::NothingNew) && runs.iter().any(|run| matches!(run, Signed::Logs(_))), "{runs:?}");
        assert_eq!(world.problems().await, [], "{}", world.test.engine);
    }
}

#[tokio::test]
async fn one_entry_and_one_growth_are_proved_without_the_log() {
    for world in worlds().await {
        world.write_hand_overs(11).await;
        let log = Log::Structure(CCAS);
        let mut tx = world.kernel.db.read().await.unwrap();
        let rows = fetch_all!(tx, (Vec<u8>,), "select leaf_hash from journal_entry where log = $1 order by seq", log.name()).unwrap();
        let hashes: Vec<Hash> = rows.into_iter().map(|(hash,)| hash.try_into().unwrap()).collect();
        let root = |size: usize| {
            let mut tree = Frontier::default();
            hashes[..size].iter().for_each(|hash| tree.push(*hash));
            tree.root()
        };
        let path = proof::prove_entry(&mut tx, log, 4, 11).await.unwrap().unwrap();
        assert!(proof::entry_is_in(&hashes[4], 4, 11, &root(11), &path), "{}", world.test.engine);
        let path = proof::prove_growth(&mut tx, log, 5, 11).await.unwrap().unwrap();
        assert!(proof::tree_continues((5, &root(5)), (11, &root(11)), &path));
        assert!(proof::prove_entry(&mut tx, log, 4, 12).await.unwrap().is_none());
        assert!(proof::prove_entry(&mut tx, log, 11, 11).await.unwrap().is_none());
        assert!(proof::prove_growth(&mut tx, log, 5, 12).await.unwrap().is_none());
    }
}
