//! What raises an alert and what does not, on both engines. The scenes begin on Sunday 22 November 2026, at 9 h in Paris.

use maincourante_identity::{UsagerId, add_phone};
use maincourante_kernel::clock::{days, hours, minutes};
use maincourante_kernel::testing;

use super::watch::{LOOK, run};
use super::*;
use crate::access_back::{self, Lending};
use crate::store::mandates;
use crate::testing::{Worker, World, crowd};
use crate::{MemberRole, Power, people};

async fn on_monday() -> Vec<(World, Worker)> {
    let mut worlds = Vec::new();
    for kernel in testing::kernels().await {
        let world = World::new(kernel).await;
        world.kernel().clock.advance(days(1));
        let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        worlds.push((world, nadia));
    }
    worlds
}

async fn rules(world: &World) -> Vec<Rule> {
    let mut tx = world.kernel().db.read().await.unwrap();
    let mut rules: Vec<Rule> =
        store::find_open(&mut tx, world.structure).await.unwrap().iter().map(|row| Rule::named(&row.rule).unwrap()).collect();
    rules.sort_unstable();
    rules
}

async fn opens_record(world: &World, worker: &Worker, usager: UsagerId) {
    let aidant = world.at_work(worker).await;
    people::record(&world.context, &aidant, usager).await.unwrap().expect("a record");
}

#[tokio::test]
async fn an_act_at_an_odd_hour_raises_one_alert_for_the_day_and_working_hours_none() {
    for (world, nadia) in on_monday().await {
        let one = crowd(&world, &nadia, 1).await[0];
        opens_record(&world, &nadia, one).await;
        assert_eq!(run(&world.context).await.unwrap(), 0, "Monday at 9 h, {}", world.engine);
        // 19 h 59, then 20 h.
        world.kernel().clock.advance(hours(10));
        world.kernel().clock.advance(minutes(59));
        let nadia = world.worker("Nadia Roussel", "nadia2@ccas-vaudorme.fr", MemberRole::Aidant).await;
        opens_record(&world, &nadia, one).await;
        assert_eq!(run(&world.context).await.unwrap(), 0);
        world.kernel().clock.advance(minutes(1));
        opens_record(&world, &nadia, one).await;
        assert_eq!(run(&world.context).await.unwrap(), 1);
        opens_record(&world, &nadia, one).await;
        assert_eq!(run(&world.context).await.unwrap(), 0, "the same evening is the same alert");
        assert_eq!(rules(&world).await, [Rule::OddHours]);
        let raised = world.journal().await.into_iter().find(|record| record.event == Event::AlertRaised).expect("an entry");
        assert!(raised.subject(SubjectKind::Aidant).is_none() && raised.subject(SubjectKind::Usager).is_none(), "aidants read theirs");
    }
}

#[tokio::test]
async fn thirty_records_in_an_hour_are_many_and_twenty_nine_or_a_whole_day_are_not() {
    for (world, nadia) in on_monday().await {
        let all = crowd(&world, &nadia, rules::MANY_RECORDS).await;
        for &usager in &all[1..] {
            opens_record(&world, &nadia, usager).await;
        }
        opens_record(&world, &nadia, all[1]).await;
        assert_eq!(run(&world.context).await.unwrap(), 0, "29 persons, one of them twice");
        world.kernel().clock.advance(hours(1));
        let again = world.worker("Nadia Roussel", "nadia2@ccas-vaudorme.fr", MemberRole::Aidant).await;
        for &usager in &all {
            opens_record(&world, &again, usager).await;
        }
        assert_eq!(run(&world.context).await.unwrap(), 1);
        assert_eq!(run(&world.context).await.unwrap(), 0);
        assert_eq!(rules(&world).await, [Rule::ManyRecords]);
    }
}

#[tokio::test]
async fn a_password_given_back_soon_after_a_phone_is_looked_at_by_a_job_of_the_act_and_later_it_is_not() {
    for (wait, expected) in [(hours(3), 1), (days(4), 0)] {
        for (world, nadia) in on_monday().await {
            let josette = world.opens_account(&nadia, &World::josette()).await;
            assert_eq!(run(&world.context).await.unwrap(), 0, "a first secret is no access given back");
            world.kernel().clock.advance(wait);
            let nadia = world.worker("Nadia Roussel", "nadia2@ccas-vaudorme.fr", MemberRole::Aidant).await;
            let aidant = world.at_work(&nadia).await;
            assert!(matches!(access_back::lend(&world.context, &aidant, josette).await.unwrap(), Lending::Lent(_)));
            assert!(world.jobs_run().await.iter().any(|kind| kind == LOOK), "the job of the act");
            assert_eq!(watch::look(&world.context, world.structure).await.unwrap(), expected, "{}", world.engine);
            assert_eq!(run(&world.context).await.unwrap(), 0, "the same facts raise one alert");
            assert_eq!(rules(&world).await.len(), expected);
        }
    }
}

#[tokio::test]
async fn a_phone_that_is_changed_is_looked_at_as_one_that_is_verified() {
    for (wait, expected) in [(hours(71), 1), (hours(73), 0)] {
        for (world, nadia) in on_monday().await {
            let josette = world.opens_account(&nadia, &World::josette()).await;
            let nadia = world.after(&nadia, days(10)).await;
            // No page changes a phone in this version: the line is written as one that did would write it.
            let act = world.kernel().chance.uuid(world.kernel().now());
            let about = Subject::usager(josette).named("Josette Lambert");
            let changed = entries::by_aidant(act, Event::PhoneChanged, &world.at_work(&nadia).await).about(about);
            let mut tx = world.kernel().db.write().await.unwrap();
            journal::append(&mut tx, world.kernel(), Log::Structure(world.structure.uuid()), changed).await.unwrap();
            tx.commit().await.unwrap();
            let nadia = world.after(&nadia, wait).await;
            let aidant = world.at_work(&nadia).await;
            assert!(matches!(access_back::lend(&world.context, &aidant, josette).await.unwrap(), Lending::Lent(_)));
            run(&world.context).await.unwrap();
            let raised = rules(&world).await.into_iter().filter(|rule| *rule == Rule::PhoneThenAccess).count();
            assert_eq!(raised, expected, "{}", world.engine);
        }
    }
}

async fn receives_at(world: &World, usager: UsagerId, number: &str) {
    let mut tx = world.kernel().db.write().await.unwrap();
    add_phone(&mut tx, world.kernel(), usager, &number.parse().unwrap()).await.unwrap();
    let mandate = mandates::find_current(&mut tx, usager, world.structure, world.kernel().now()).await.unwrap().expect("a mandate");
    mandates::grant(&mut tx, mandate.id, Power::GiveAccessBack.as_str()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_same_phone_on_three_accounts_is_an_alert_and_on_two_it_is_a_couple() {
    for (world, nadia) in on_monday().await {
        let others = crowd(&world, &nadia, 1).await;
        receives_at(&world, others[0], "06 39 98 12 34").await;
        for (number, (given, expected)) in [("Josette", 0), ("Yvette", 1), ("René", 0)].into_iter().enumerate() {
            // A phone receives few codes in a quarter of an hour.
            world.kernel().clock.advance(hours(1));
            let nadia = world.worker("Nadia Roussel", &format!("nadia{number}@ccas-vaudorme.fr"), MemberRole::Aidant).await;
            world.opens_account(&nadia, &crate::PersonFields { given_names: given.into(), ..World::josette() }).await;
            assert_eq!(run(&world.context).await.unwrap(), expected, "{given} on {}", world.engine);
        }
        assert_eq!(rules(&world).await, [Rule::SharedNumber]);
    }
}

#[tokio::test]
async fn five_accesses_in_an_hour_are_many_and_four_are_not() {
    for (world, nadia) in on_monday().await {
        let all = crowd(&world, &nadia, rules::MANY_ACCESSES).await;
        for (number, &usager) in all.iter().enumerate() {
            receives_at(&world, usager, &format!("06 39 98 12 0{number}")).await;
            let aidant = world.at_work(&nadia).await;
            assert!(matches!(access_back::lend(&world.context, &aidant, usager).await.unwrap(), Lending::Lent(_)));
            world.takes_back(&nadia).await;
            let raised = run(&world.context).await.unwrap();
            assert_eq!(raised, usize::from(number + 1 == rules::MANY_ACCESSES), "after {} on {}", number + 1, world.engine);
        }
        assert_eq!(rules(&world).await, [Rule::ManyAccesses]);
    }
}

#[tokio::test]
async fn an_alert_that_nobody_of_the_structure_may_close_is_said_to_the_operator_who_closes_it() {
    for (world, _) in on_monday().await {
        world.kernel().clock.advance(hours(12));
        let solo = world.worker("Nadia Roussel", "seule@ccas-vaudorme.fr", MemberRole::Referent).await;
        let one = crowd(&world, &solo, 1).await[0];
        opens_record(&world, &solo, one).await;
        assert_eq!(run(&world.context).await.unwrap(), 1);
        let operator = for_operator(&world.context).await.unwrap();
        assert_eq!(operator.len(), 1, "{}", world.engine);
        let id = operator[0].id;
        assert!(close::close_as_operator(&world.context, id, Verdict::Normal, " ").await.is_err(), "a note is due");
        assert_eq!(close::close_as_operator(&world.context, id, Verdict::Normal, "Vu").await.unwrap(), crate::structures::Change::Done);
        assert_eq!(close::close_as_operator(&world.context, id, Verdict::Normal, "Vu").await.unwrap(), crate::structures::Change::Unknown);
        let aidant = world.at_work(&solo).await;
        let whole = find(&world.context, &aidant.as_referent().unwrap(), id).await.unwrap().expect("visible");
        assert_eq!(whole.closed.expect("closed").note, "Vu");
    }
}
