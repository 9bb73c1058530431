//! A whole little world on a laptop: a structure, two aidants, five people, their mail and a phone.
//!
//! It is made by the use cases that the pages call, on a clock that is moved: its journal verifies, its mandates are real
//! documents signed with codes that arrived on the fictitious phone. Made once; started again, it is as it was left.

mod actor;
mod letters;
mod people;

use std::fs;
use std::path::Path;

use maincourante_identity::{NewStaff, StaffKind, TotpSecret};
use maincourante_journal::{self as journal, Channel};
use maincourante_kernel::clock::minutes;
use maincourante_kernel::{Clock, Failure, Secret};
use maincourante_mandates::structures::{self, NewStructure, Opening};
use maincourante_mandates::{MemberRole, StructureId};
use serde::{Deserialize, Serialize};

use self::actor::Aidant;
use crate::commands::enrol_with;
use crate::house::House;

/// What one needs to walk about in the world: printed at each start, kept beside it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Card {
    /// Who helps.
    pub aidants: Vec<AidantCard>,
    /// Who is helped.
    pub people: Vec<PersonCard>,
}

/// How an aidant signs in.
#[derive(Serialize, Deserialize)]
pub(crate) struct AidantCard {
    pub name: String,
    pub role: String,
    pub login: String,
    pub password: String,
    /// For an authenticator application; base 32.
    pub totp: String,
}

/// How a person signs in.
#[derive(Serialize, Deserialize)]
pub(crate) struct PersonCard {
    pub name: String,
    pub address: String,
    pub password: String,
    pub phone: String,
    /// What to look at.
    pub note: String,
}

const CARD: &str = "demo.json";

/// The world in this folder, made if it is not there.
pub(crate) async fn prepare(folder: &Path, origin: &str) -> Result<Card, Failure> {
    let path = folder.join(CARD);
    if path.exists() {
        return Ok(serde_json::from_str(&fs::read_to_string(path)?)?);
    }
    if folder.join("maincourante.db").exists() {
        return Err(Failure::new("this folder holds a world that was not finished: start again with --fresh"));
    }
    let card = make(folder, origin).await?;
    // Written last: a world without its card is not finished.
    let unfinished = folder.join("demo.json.new");
    fs::write(&unfinished, serde_json::to_string_pretty(&card)?)?;
    fs::rename(unfinished, path)?;
    Ok(card)
}

/// Throws a world away: its own files, and nothing else that might lie in the folder.
pub(crate) fn throw_away(folder: &Path) -> Result<(), Failure> {
    for name in [CARD, "maincourante.db", "maincourante.db-wal", "maincourante.db-shm", "vault.key", "journal.pem", "checkpoints"] {
        let path = folder.join(name);
        if path.exists() {
            fs::remove_file(path)?;
        }
    }
    let mail = folder.join("mail");
    if mail.exists() {
        fs::remove_dir_all(mail)?;
    }
    Ok(())
}

async fn make(folder: &Path, origin: &str) -> Result<Card, Failure> {
    let now = Clock::System.now();
    let clock = Clock::held(people::hour_of(people::working_day(now, 152), 9));
    let house = House::embedded(folder, origin, clock.clone()).await?;
    let structure = open_structure(&house).await?;
    let nadia = enrol(&house, structure, "Nadia Roussel", "nadia@vaudorme.example", "panier cerise lundi", MemberRole::Aidant).await?;
    let helene = enrol(&house, structure, "Hélène Vasseur", "helene@vaudorme.example", "lampe rivière bleue", MemberRole::Referent).await?;
    for worker in [&nadia, &helene] {
        let cookie = worker.signs_in().await?;
        worker.at_work(&cookie).await?;
    }
    let mut lived = Vec::new();
    for life in people::everyone() {
        lived.push(life.begins(&house, &nadia, now).await?);
    }
    let people = lived.iter().map(people::Lived::card).collect();
    lived.sort_by_key(|person| std::cmp::Reverse(person.days_ago()));
    for person in &lived {
        person.goes_on(&house, &nadia, now).await?;
    }
    nadia.leaves_a_draft(now).await?;
    clock.advance(now.since(clock.now()).max_zero());
    journal::checkpoint(house.kernel(), &house.signer, &house.checkpoints).await?;
    let aidants = vec![nadia.card("aidante"), helene.card("référente de la structure")];
    house.kernel().db.close().await;
    Ok(Card { aidants, people })
}

async fn open_structure(house: &House) -> Result<StructureId, Failure> {
    let new = NewStructure {
        name: "CCAS de Vaudorme".into(),
        siret: "26400012300010".into(),
        postal_address: "2 place de la Mairie, 40999 Vaudorme".into(),
        phone: "01 99 00 12 34".into(),
        opening_hours: "du lundi au vendredi, de 9\u{a0}h à 17\u{a0}h".into(),
    };
    match structures::open(&house.mandates, &new).await? {
        Opening::Opened(id) | Opening::AlreadyThere(id) => Ok(id),
        Opening::Bad(_) => Err(Failure::new("the structure of the demo misses something")),
        Opening::BadSiret => Err(Failure::new("the structure of the demo has a wrong SIRET")),
    }
}

async fn enrol<'a>(
    house: &'a House,
    structure: StructureId,
    name: &str,
    login: &str,
    password: &str,
    role: MemberRole,
) -> Result<Aidant<'a>, Failure> {
    let totp = TotpSecret::new(&house.kernel().chance);
    let new = NewStaff {
        kind: StaffKind::Aidant,
        login: login.to_owned(),
        name: name.to_owned(),
        password: Secret::new(password.to_owned()),
        totp: totp.clone(),
    };
    enrol_with(house, &new, Some((structure, role)), Channel::Cli).await?.ok_or_else(|| Failure::new("a login of the demo is taken"))?;
    house.kernel().clock.advance(minutes(3));
    Ok(Aidant { house, name: name.to_owned(), login: login.to_owned(), password: password.to_owned(), totp })
}
