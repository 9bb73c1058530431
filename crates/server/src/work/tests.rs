//! A worker at work, and what it does with nobody asking.

use std::collections::BTreeSet;

use maincourante_identity::set_aside::{Absent, Present, Typed};
use maincourante_identity::{Own, testing as people};
use maincourante_journal::Event;
use maincourante_kernel::clock::{days, hours};
use maincourante_kernel::testing::{START, kernels};
use maincourante_kernel::{Clock, Kernel};
use maincourante_mailbox::draft::{self, Began, Written};
use maincourante_mailbox::letter::Thread;
use maincourante_mailbox::outbox::{Cancel, Consign};
use maincourante_mailbox::{DraftId, LetterId, Outgoing};
use maincourante_mandates::signature::Gesture;
use maincourante_mandates::testing::{DRAWING, World as Ccas};
use maincourante_mandates::{MemberRole, PersonFields};

use super::*;
use crate::testing;

#[test]
fn every_named_kind_has_its_lane_and_the_last_lane_takes_the_rest() {
    let with_a_lane: Vec<&str> = AWAITED.iter().chain(LETTERS).copied().collect();
    assert_eq!(with_a_lane, NAMED);
    assert!(!NAMED.contains(&ACCOUNT_OPENED));
}

#[tokio::test]
async fn a_worker_that_is_asked_to_leave_waits_for_what_ends_and_not_for_what_does_not() {
    let (leave, mut asked) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let ended = Arc::new(tokio::sync::Notify::new());
    let told = Arc::clone(&ended);
    tasks.spawn(async move {
        asked.changed().await.unwrap();
        told.notify_one();
    });
    tasks.spawn(std::future::pending());
    Worker { leave, tasks }.leave(Duration::from_millis(50)).await;
    ended.notified().await;
}

#[tokio::test]
async fn what_the_clock_demands_is_done_again_after_a_panic() {
    let (leave, asked) = watch::channel(false);
    let (say, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let loops = tokio::spawn(regularly("the scene", Duration::from_millis(1), asked, move || {
        let say = say.clone();
        async move {
            say.send(()).unwrap();
            panic!("as the scene wants")
        }
    }));
    for _ in 0..2 {
        heard.recv().await.expect("it goes on");
    }
    leave.send_replace(true);
    loops.await.unwrap();
}

/// A worker in a hurry, which a scene has no time to wait for.
const HURRIED: Rhythm =
    Rhythm { life: Duration::from_millis(10), boxes: Duration::from_millis(10), checkpoints: Duration::from_millis(10) };

/// A world that someone leaves to itself: what each of these becomes, time alone decides.
struct Left {
    ccas: Ccas,
    house: House,
    own: Own,
    typed: Uuid,
    draft: DraftId,
    letter: LetterId,
    _folder: tempfile::TempDir,
}

impl Left {
    /// On a Sunday: Josette's mandate waits for its print, Yvette's is good for six months, Amina's is presented and goes no further. Josette
    /// typed something after she was signed out, threw a draft away and took a letter back.
    async fn on(ccas: Ccas) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let nadia = ccas.worker("Nadia Roussel", "nadia@ccas.example", MemberRole::Aidant).await;
        let someone = |given: &str, phone: &str| PersonFields { given_names: given.into(), phone: phone.into(), ..Ccas::josette() };
        let id = ccas.presents(&nadia, &Ccas::josette(), &["create_account"]).await;
        ccas.signs(&nadia, id, Gesture::CodeAlone).await;
        let josette = ccas.countersigns(&nadia, id).await;
        let id = ccas.presents(&nadia, &someone("Yvette", "06 39 98 56 78"), &["create_account"]).await;
        ccas.signs(&nadia, id, Gesture::Drawn(DRAWING.into())).await;
        ccas.countersigns(&nadia, id).await;
        ccas.presents(&nadia, &someone("Amina", "06 39 98 90 12"), &["create_account"]).await;

        let kernel = ccas.kernel().clone();
        let house = testing::house(&ccas, testing::mailbox(&kernel, folder.path()), folder.path());
        let own = people::own(&kernel, josette).await;
        let absent = Absent::of_mark(&kernel, &Present::from(&own).mark(&kernel)).expect("a mark of ours");
        let typed = set_aside::put(&kernel, &absent, &Typed { page: "/messages/ecrire".into(), fields: Vec::new() }).await.unwrap();
        let began = Began { form_key: Uuid::from_u128(1), draft: None };
        let draft = draft::keep(&house.mailbox, &own, began, &Written { text: "Bonjour".into(), ..Written::default() }).await.unwrap().id;
        assert!(draft::discard(&house.mailbox, &own, draft).await.unwrap());
        let to = vec!["sophie@famille.example".parse().unwrap()];
        let outgoing = Outgoing::new(to, "Merci", "Oui", Thread::default()).unwrap();
        let mut tx = kernel.db.write().await.unwrap();
        let given = outbox::consign(&house.mailbox, &mut tx, &own, &outgoing, Uuid::from_u128(2)).await.unwrap();
        let Consign::Given(letter) = given else { panic!("taken") };
        assert!(matches!(outbox::cancel(&house.mailbox, &mut tx, &own, letter.id).await.unwrap(), Cancel::Done(_)));
        tx.commit().await.unwrap();
        // The jobs of the acts are done with: what happens from here on, only the clock asks for.
        ccas.jobs_run().await;
        Self { ccas, house, own, typed, draft, letter: letter.id, _folder: folder }
    }

    /// What the clock has done so far.
    async fn done(&self) -> BTreeSet<&'static str> {
        let kernel = self.ccas.kernel();
        let told: Vec<Event> = self.ccas.journal().await.iter().map(|line| line.event).collect();
        // Nothing too old is ever given: whether it is still there, only a clock put back tells.
        let then = Kernel { clock: Clock::held(START), ..kernel.clone() };
        let aside = set_aside::find(&then, Present::from(&self.own), self.typed).await.unwrap();
        let letter = outbox::find(&self.house.mailbox, &self.own, self.letter).await.unwrap().expect("it is remembered");
        let signed = std::fs::read_to_string(&self.house.checkpoints).unwrap_or_default();
        [
            ("an alert raised", told.contains(&Event::AlertRaised)),
            ("a draft mandate wiped", told.contains(&Event::MandateAbandoned)),
            ("a provisional mandate suspended", told.contains(&Event::MandateSuspended)),
            ("a mandate expired", told.contains(&Event::MandateExpired)),
            ("what was typed destroyed", aside.is_none()),
            ("the letter taken back wiped", letter.1.is_none()),
            ("the draft thrown away destroyed", !draft::is_discarded(&self.house.mailbox, &self.own, self.draft).await.unwrap()),
            ("the journal signed", signed.contains(&self.ccas.structure.to_string())),
        ]
        .into_iter()
        .filter_map(|(what, is_done)| is_done.then_some(what))
        .collect()
    }

    /// Waits for the worker, which nobody asks anything, to have done all this and no more.
    async fn comes_to(&self, expected: &[&'static str], when: &str) {
        let expected: BTreeSet<_> = expected.iter().copied().collect();
        let mut done = self.done().await;
        // A worker has its own time; it is waited for, and a machine that is slow makes no scene fail.
        for _ in 0..400 {
            if done.is_superset(&expected) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            done = self.done().await;
        }
        assert_eq!(done, expected, "{when}, on {}", self.ccas.engine);
    }
}

#[tokio::test]
async fn a_worker_does_by_itself_at_its_hour_each_thing_that_the_clock_demands() {
    for kernel in kernels().await {
        let left = Left::on(Ccas::new(kernel).await).await;
        let mut expected = vec!["an alert raised", "the journal signed"];
        let clock = left.ccas.kernel().clock.clone();
        let worker = Worker::start(&left.house, &HURRIED);
        left.comes_to(&expected, "the same Sunday").await;

        clock.advance(hours(1));
        expected.push("what was typed destroyed");
        left.comes_to(&expected, "an hour after").await;

        clock.advance(hours(24));
        expected.extend(["a draft mandate wiped", "the letter taken back wiped"]);
        left.comes_to(&expected, "a day after").await;

        clock.advance(hours(48));
        expected.push("a provisional mandate suspended");
        left.comes_to(&expected, "three days after").await;

        clock.advance(days(30));
        expected.push("the draft thrown away destroyed");
        left.comes_to(&expected, "a month after").await;

        clock.advance(days(160));
        expected.push("a mandate expired");
        left.comes_to(&expected, "half a year after").await;
        worker.leave(TO_LEAVE).await;
    }
}
