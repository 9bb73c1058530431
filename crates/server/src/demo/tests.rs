//! The folder of a demo, and the page that asks to wait. The territory itself is tried by `tests/e2e/territory.test.mjs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use maincourante_identity::{find_staff, testing as people};
use maincourante_journal::{self as journal, Event, Filter, Record, SubjectKind, Viewer};
use maincourante_kernel::Clock;
use maincourante_kernel::clock::days;
use maincourante_mandates::alerts::{self, Rule};
use maincourante_mandates::{Acting, acting::acting, structures};

use super::card::Card;
use super::folder::{Folder, Held, NotOurs};
use super::people::{BEFORE, TERRITORY, VILLAGE};
use super::progress::Progress;
use super::{Extent, make, places};
use crate::house::House;

fn taken(path: &std::path::Path) -> Folder {
    Folder::take(path).unwrap().unwrap_or_else(|why| panic!("{why:?}"))
}

#[test]
fn one_demo_at_a_time_uses_a_folder() {
    let place = tempfile::tempdir().unwrap();
    let first = taken(place.path());
    assert_eq!(Folder::take(place.path()).unwrap().err(), Some(NotOurs::Busy));
    drop(first);
    taken(place.path());
}

#[test]
fn a_base_that_no_demo_made_is_not_touched() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("maincourante.db"), "somebody's").unwrap();
    assert_eq!(Folder::take(place.path()).unwrap().err(), Some(NotOurs::Somebodys));
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing was made beside it");
}

#[test]
fn a_world_is_thrown_away_and_what_lies_beside_it_stays() {
    let place = tempfile::tempdir().unwrap();
    let folder = taken(place.path());
    assert!(matches!(folder.holds().unwrap(), Held::Nothing));
    folder.begins().unwrap();
    fs::write(place.path().join("maincourante.db"), "").unwrap();
    fs::create_dir_all(place.path().join("mail/josette")).unwrap();
    fs::write(place.path().join("notes.txt"), "mine").unwrap();
    assert!(matches!(folder.holds().unwrap(), Held::Unfinished), "it bears the mark");
    folder.is_whole(&Card { aidants: Vec::new(), people: Vec::new() }).unwrap();
    assert!(matches!(folder.holds().unwrap(), Held::World(_)));
    assert_eq!(folder.throw_away().unwrap(), 3);
    assert!(matches!(folder.holds().unwrap(), Held::Nothing));
    assert!(place.path().join("notes.txt").exists());
    assert!(!place.path().join("mail").exists());
}

#[test]
fn people_are_told_apart_and_one_has_the_longest_name() {
    let all: Vec<_> = VILLAGE.iter().chain(&TERRITORY).chain(&BEFORE).collect();
    let keys: BTreeSet<_> = all.iter().map(|life| life.key).collect();
    assert_eq!(keys.len(), all.len());
    assert_eq!(all.iter().map(|life| life.family_name.chars().count()).max(), Some(80), "the longest that a form takes");
    assert_eq!(Extent::Territory.accounts(), 24);
    assert!(VILLAGE.iter().chain(&TERRITORY).filter(|life| life.name() == "Jean Dupouy").all(|life| life.birth_date == "01/02/1950"));
}

/// Every line of a structure's log, the newest first.
async fn log(house: &House, siret: &str) -> Vec<Record> {
    let mut tx = house.kernel().db.read().await.unwrap();
    let id = structures::find_by_siret(&mut tx, siret).await.unwrap().expect("a structure").id;
    let (mut filter, mut records) = (Filter::default(), Vec::new());
    loop {
        let page = journal::read(&mut tx, house.kernel(), Viewer::Structure(id.uuid()), &filter, 200).await.unwrap();
        records.extend(page.records);
        filter.after = page.next;
        if page.next.is_none() {
            return records;
        }
    }
}

/// Why the alerts that wait for this référent were raised.
async fn open_alerts(house: &House, login: &str) -> BTreeSet<Rule> {
    let mut tx = house.kernel().db.read().await.unwrap();
    let (id, _) = find_staff(&mut tx, login).await.unwrap().expect("someone of the demo");
    drop(tx);
    let (staff, _) = people::signed_in_staff(house.kernel(), id).await;
    let Acting::For(aidant) = acting(&house.mandates, staff).await.unwrap() else { panic!("{login} has a structure") };
    let referent = aidant.as_referent().expect("a référent");
    alerts::open(&house.mandates, &referent).await.unwrap().iter().map(|alert| alert.rule).collect()
}

#[tokio::test]
async fn the_territory_is_three_structures_those_who_work_there_twenty_people_and_a_year() {
    let folder = tempfile::tempdir().unwrap();
    let card = make(folder.path(), "http://127.0.0.1:8080", Extent::Territory, &Progress::new(1)).await.unwrap();
    let house = House::embedded(folder.path(), "http://127.0.0.1:8080", Clock::System).await.unwrap();
    let now = house.kernel().now();
    let mut logs = BTreeMap::new();
    for structure in [places::ccas(), places::france_services(), places::ehpad()] {
        logs.insert(structure.siret.clone(), log(&house, &structure.siret).await);
    }
    let lines = || logs.values().flatten();
    let of = |event: Event, kind: SubjectKind| -> BTreeSet<_> {
        lines()
            .filter(|line| line.event == event)
            .flat_map(|line| &line.subjects)
            .filter(|seen| seen.kind == kind)
            .map(|seen| seen.id)
            .collect()
    };
    assert_eq!(of(Event::StructureOpened, SubjectKind::Structure).len(), 3);
    let helped = of(Event::AccountCreated, SubjectKind::Usager);
    assert!(helped.len() >= 20, "{} people", helped.len());
    assert_eq!(card.people.len(), helped.len(), "one may sign in as each of them");
    for (siret, lines) in &logs {
        let who: BTreeSet<_> = lines.iter().filter(|line| line.event == Event::AuthLogin).filter_map(|line| line.actor.who()).collect();
        assert!(!who.is_empty(), "somebody works at {siret}");
    }
    let mut tx = house.kernel().db.read().await.unwrap();
    for aidant in &card.aidants {
        assert!(find_staff(&mut tx, &aidant.login).await.unwrap().is_some(), "{}", aidant.login);
    }
    drop(tx);
    assert!(card.aidants.len() >= 6, "{} who work there", card.aidants.len());

    // A year, and no month of it without a line.
    let ages: BTreeSet<i64> = lines().map(|line| now.since(line.at).as_seconds() / days(30).as_seconds()).collect();
    assert!((0..12).all(|month| ages.contains(&month)), "in months: {ages:?}");
    assert!(lines().all(|line| now.since(line.at) < days(366)), "nothing is older");

    let waiting = open_alerts(&house, places::HELENE.login).await;
    for rule in [Rule::OddHours, Rule::PhoneThenAccess, Rule::ManyAccesses, Rule::Reported] {
        assert!(waiting.contains(&rule), "{rule:?} among {waiting:?}");
    }
}
