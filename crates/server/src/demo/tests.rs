//! The folder of a demo, and the page that asks to wait. The territory itself is tried by `tests/e2e/territory.test.mjs`.

use std::fs;

use super::Extent;
use super::card::Card;
use super::folder::{Folder, Held, NotOurs};
use super::people::{BEFORE, TERRITORY, VILLAGE};

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
    let keys: std::collections::BTreeSet<_> = all.iter().map(|life| life.key).collect();
    assert_eq!(keys.len(), all.len());
    assert_eq!(all.iter().map(|life| life.family_name.chars().count()).max(), Some(80), "the longest that a form takes");
    assert_eq!(Extent::Territory.accounts(), 24);
    assert!(VILLAGE.iter().chain(&TERRITORY).filter(|life| life.name() == "Jean Dupouy").all(|life| life.birth_date == "01/02/1950"));
}
