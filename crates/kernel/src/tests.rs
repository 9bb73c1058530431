//! The queue and the limits, on both engines.

use crate::clock::{hours, minutes, seconds};
use crate::db::{Found, Target};
use crate::jobs::Kinds;
use crate::limits::{self, Limit, Take};
use crate::{Db, Failure, Secret, Tx, execute, jobs, testing};

#[tokio::test]
async fn a_job_is_claimed_once_until_its_lease_ends() {
    for world in testing::kernels().await {
        let k = &world.kernel;
        let mut tx = k.db.write().await.unwrap();
        jobs::enqueue(&mut tx, "test.ring", &7, k.now(), &k.chance).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = k.db.write().await.unwrap();
        let job = jobs::claim(&mut tx, k.now()).await.unwrap().expect("the job is due");
        assert_eq!((job.kind.as_str(), job.payload::<i64>().unwrap(), job.tries), ("test.ring", 7, 1), "{}", world.engine);
        assert!(jobs::claim(&mut tx, k.now()).await.unwrap().is_none(), "claimed twice on {}", world.engine);
        tx.commit().await.unwrap();

        k.clock.advance(minutes(3));
        let mut tx = k.db.write().await.unwrap();
        let again = jobs::claim(&mut tx, k.now()).await.unwrap().expect("a dead worker's job comes back");
        assert_eq!(again.tries, 2);
        jobs::done(&mut tx, &again, k.now()).await.unwrap();
        tx.commit().await.unwrap();

        k.clock.advance(minutes(30));
        let mut tx = k.db.write().await.unwrap();
        assert!(jobs::claim(&mut tx, k.now()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_worker_that_keeps_to_some_kinds_leaves_the_others() {
    const LETTERS: &[&str] = &["test.letter", "test.stamp"];
    for world in testing::kernels().await {
        let k = &world.kernel;
        let mut tx = k.db.write().await.unwrap();
        for kind in ["test.letter", "test.letter_box", "test.ring", "test.stamp"] {
            jobs::enqueue(&mut tx, kind, &(), k.now(), &k.chance).await.unwrap();
            k.clock.advance(seconds(1));
        }
        let claimed = async |tx: &mut _, kinds| jobs::claim_among(tx, kinds, k.now()).await.unwrap().map(|job| job.kind);
        for (kinds, expected) in [
            (Kinds::AllBut(LETTERS), Some("test.letter_box")),
            (Kinds::Only(LETTERS), Some("test.letter")),
            (Kinds::Only(LETTERS), Some("test.stamp")),
            (Kinds::Only(LETTERS), None),
            (Kinds::Only(&[]), None),
            (Kinds::AllBut(&[]), Some("test.ring")),
            (Kinds::AllBut(&[]), None),
        ] {
            assert_eq!(claimed(&mut tx, kinds).await.as_deref(), expected, "{kinds:?} on {}", world.engine);
        }
    }
}

#[tokio::test]
async fn every_worker_that_asked_before_the_commit_hears_of_the_job() {
    for world in testing::kernels().await {
        let k = &world.kernel;
        // Not waited for yet: workers look at the base meanwhile.
        let words = [k.db.job_committed(), k.db.job_committed()];
        let mut tx = k.db.write().await.unwrap();
        jobs::enqueue(&mut tx, "test.ring", &7, k.now(), &k.chance).await.unwrap();
        tx.commit().await.unwrap();
        for word in words {
            tokio::time::timeout(std::time::Duration::from_secs(10), word).await.expect("the word is there already");
        }
    }
}

#[tokio::test]
async fn what_is_not_committed_is_not_there() {
    for world in testing::kernels().await {
        let k = &world.kernel;
        let mut tx = k.db.write().await.unwrap();
        jobs::enqueue(&mut tx, "test.ring", &7, k.now(), &k.chance).await.unwrap();
        drop(tx);
        let mut tx = k.db.write().await.unwrap();
        assert!(jobs::claim(&mut tx, k.now()).await.unwrap().is_none(), "{}", world.engine);
    }
}

#[tokio::test]
async fn a_limit_refuses_the_one_too_many_and_opens_again() {
    const LIMIT: Limit = Limit { bucket: "test", most: 2, per: minutes(10) };
    for world in testing::kernels().await {
        let k = &world.kernel;
        let mut tx = k.db.write().await.unwrap();
        let mut take = async |who: &str| limits::take(&mut tx, LIMIT, who, &k.vault, k.now()).await.unwrap();
        assert_eq!(take("a").await, Take::Allowed { left: 1 });
        assert_eq!(take("a").await, Take::Allowed { left: 0 });
        k.clock.advance(seconds(60));
        assert_eq!(take("a").await, Take::Refused { wait: minutes(9) });
        assert_eq!(take("b").await, Take::Allowed { left: 1 }, "another requester");
        k.clock.advance(minutes(9));
        assert_eq!(take("a").await, Take::Allowed { left: 1 }, "a new window on {}", world.engine);
        k.clock.advance(hours(-2));
        assert_eq!(take("a").await, Take::Allowed { left: 1 }, "a clock put right keeps nobody waiting for hours on {}", world.engine);
    }
}

#[tokio::test]
async fn a_reading_transaction_cannot_write() {
    for world in testing::kernels().await {
        let k = &world.kernel;
        let mut tx = k.db.read().await.unwrap();
        assert!(jobs::enqueue(&mut tx, "test.ring", &7, k.now(), &k.chance).await.is_err(), "{}", world.engine);
    }
}

/// What `Db::find` says of a target, in a word.
async fn found(target: &Target) -> &'static str {
    match Db::find(target).await.expect("the engine answers") {
        Found::Base(_) => "base",
        Found::Nothing => "nothing",
        Found::Older => "older",
        Found::Foreign => "foreign",
    }
}

/// As if the last migration had not been run; as if one had been run that nobody here knows.
async fn tamper(db: &Db, with: impl AsyncFnOnce(&mut Tx) -> Result<u64, Failure>) {
    let mut tx = db.write().await.unwrap();
    assert!(with(&mut tx).await.unwrap() > 0);
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn looking_for_a_base_makes_none_and_migrates_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut targets = vec![Target::Sqlite(folder.path().join("typo.db"))];
    if let Some(url) = testing::postgres_base().await {
        let (root, _) = url.rsplit_once('/').unwrap();
        assert_eq!(found(&Target::Postgres(Secret::new(format!("{root}/typo")))).await, "nothing");
        targets.push(Target::Postgres(Secret::new(url)));
    }
    for target in targets {
        assert_eq!((found(&target).await, found(&target).await), ("nothing", "nothing"), "{target:?}");
        assert_eq!(folder.path().read_dir().unwrap().count(), 0, "a file was made");
        let db = Db::open(&target).await.unwrap();
        assert_eq!(found(&target).await, "nothing", "an empty base was migrated: {target:?}");
        db.migrate().await.unwrap();
        assert_eq!(found(&target).await, "base", "{target:?}");

        tamper(&db, async |tx| execute!(tx, "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)"))
            .await;
        assert_eq!((found(&target).await, found(&target).await), ("older", "older"), "{target:?}");
        tamper(&db, async |tx| execute!(tx, "update _sqlx_migrations set version = 9999 where version = 1")).await;
        assert_eq!(found(&target).await, "foreign", "{target:?}");
        db.close().await;
        drop(std::fs::remove_dir_all(folder.path()).and_then(|()| std::fs::create_dir(folder.path())));
    }
}
