//! The queue and the limits, on both engines.

use crate::clock::{minutes, seconds};
use crate::limits::{self, Limit, Take};
use crate::{jobs, testing};

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
