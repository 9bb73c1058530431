//! Who sees what: a structure its own log, a person what is about them.

use maincourante_journal::{Event, Fields, Filter, Log, Subject, SubjectKind, Viewer};
use maincourante_kernel::clock::{days, minutes};
use uuid::Uuid;

use crate::scene::{AMINA, CCAS, NADIA, PAUL, worlds};

#[tokio::test]
async fn a_structure_reads_its_log_and_never_what_persons_do_alone() {
    for world in worlds().await {
        let other = Uuid::from_u128(0x07e5);
        world.write_hand_overs(1).await;
        world.write(Log::of_person(PAUL), world.alone(PAUL, "Paul Nguyen", Event::AccessPasswordChanged).in_structure(CCAS)).await;
        world.write(Log::Structure(other), world.nadia(Event::RecordViewed)).await;
        let seen: Vec<_> = world.all(Viewer::Structure(CCAS)).await.into_iter().map(|record| record.event).collect();
        assert_eq!(seen, [Event::AccessHandoverStarted], "{}", world.test.engine);
        // A filter narrows; it never widens.
        let filter = Filter { usager: Some(PAUL), ..Filter::default() };
        assert_eq!(world.read(Viewer::Structure(CCAS), &filter, 10).await.records.len(), 1);
        let mine: Vec<_> = world.all(Viewer::Person(PAUL)).await.into_iter().map(|record| record.event).collect();
        assert_eq!(mine.len(), 3, "the person sees all that is about them: {mine:?}");
        assert!(world.all(Viewer::Person(AMINA)).await.is_empty());
    }
}

#[tokio::test]
async fn a_person_does_not_read_the_name_of_another_person() {
    for world in worlds().await {
        let both = world
            .nadia(Event::RecordSearched)
            .about(Subject::usager(AMINA).named("Amina Haddad"))
            .about(Subject::aidant(NADIA).field("ip", "192.0.2.7"));
        world.write(Log::Structure(CCAS), both).await;
        let record = &world.all(Viewer::Person(PAUL)).await[0];
        let amina = record.subjects.iter().find(|seen| seen.id == AMINA).unwrap();
        assert_eq!(amina.fields, Fields::Withheld, "{}", world.test.engine);
        assert_eq!(record.subject(SubjectKind::Structure).unwrap().field("name"), Some("CCAS de Vaudorme"));
        assert_eq!((record.actor_seen().unwrap().field("name"), record.actor_seen().unwrap().field("ip")), (Some("Nadia Roussel"), None));
        assert_eq!(world.all(Viewer::Structure(CCAS)).await[0].actor_seen().unwrap().field("ip"), Some("192.0.2.7"));
        assert_eq!(world.all(Viewer::Structure(CCAS)).await[0].subjects.iter().filter_map(|seen| seen.field("name")).count(), 4);
    }
}

#[tokio::test]
async fn filters_keep_what_they_say() {
    for world in worlds().await {
        let thomas = Uuid::from_u128(0x7403);
        let start = world.kernel.now();
        world.write(Log::Structure(CCAS), world.nadia(Event::RecordViewed)).await;
        world.kernel.clock.advance(days(1));
        world.write_hand_overs(1).await;
        let by_thomas = maincourante_journal::Entry::new(world.act(), Event::RecordViewed, maincourante_journal::Actor::Aidant(thomas))
            .about(Subject::usager(AMINA).named("Amina Haddad"));
        world.write(Log::Structure(CCAS), by_thomas).await;
        let count = async |filter: Filter| world.read(Viewer::Structure(CCAS), &filter, 10).await.records.len();
        let none = Filter::default;
        assert_eq!(count(none()).await, 3, "{}", world.test.engine);
        assert_eq!(count(Filter { aidant: Some(NADIA), ..none() }).await, 2);
        assert_eq!(count(Filter { aidant: Some(thomas), ..none() }).await, 1, "the actor is a subject even without a name");
        assert_eq!(count(Filter { usager: Some(AMINA), ..none() }).await, 1);
        assert_eq!(count(Filter { events: vec![Event::RecordViewed], ..none() }).await, 2);
        assert_eq!(count(Filter { events: vec![Event::RecordViewed, Event::AccessHandoverStarted], ..none() }).await, 3);
        assert_eq!(count(Filter { events: vec![Event::RecordSearched], ..none() }).await, 0);
        assert_eq!(count(Filter { from: Some(start.plus(minutes(1))), ..none() }).await, 2);
        assert_eq!(count(Filter { until: Some(start.plus(minutes(1))), ..none() }).await, 1);
        let both = Filter { aidant: Some(NADIA), events: vec![Event::RecordViewed], ..none() };
        assert_eq!(count(both.clone()).await, 1);
        let filter = Filter { aidant: Some(thomas), ..none() };
        assert_eq!(world.read(Viewer::Person(PAUL), &filter, 10).await.records.len(), 0);
        assert_eq!(world.read(Viewer::Person(PAUL), &both, 10).await.records.len(), 1);
    }
}
