//! A whole world on a laptop: a territory of three structures and a year of its life, or a village of five people for those in a hurry.
//!
//! It is made by the use cases that the pages call, on a clock that is moved: its journal verifies, its mandates are real
//! documents signed with codes that arrived on the fictitious phone. Made once; started again, it is as it was left.

mod again;
mod aidant;
pub(crate) mod card;
mod counter;
pub(crate) mod folder;
mod home;
mod letters;
mod office;
mod people;
mod places;
pub(crate) mod progress;
mod story;
mod territory;
#[cfg(test)]
mod tests;
pub(crate) mod waiting;

use std::path::Path;

use maincourante_kernel::{Clock, Failure};

use self::card::Card;
use self::progress::Progress;
use self::territory::{Territory, hour_of, working_day};
use crate::house::House;

/// A page signed by hand, photographed.
const PRINT: &[u8] = include_bytes!("joined/feuille-signee.jpg");

/// How large the world is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Extent {
    /// Three structures, a year.
    Territory,
    /// One structure, five months: made in a second or two, for tests that need a world and not its states.
    Village,
}

impl Extent {
    /// How many accounts there will be.
    pub fn accounts(self) -> usize {
        match self {
            Self::Territory => people::VILLAGE.len() + people::TERRITORY.len(),
            Self::Village => people::VILLAGE.len(),
        }
    }
}

/// Makes the world in this folder, which holds none.
pub(crate) async fn make(folder: &Path, origin: &str, extent: Extent, progress: &Progress) -> Result<Card, Failure> {
    let now = Clock::System.now();
    let begins = match extent {
        Extent::Territory => story::TERRITORY_DAYS,
        Extent::Village => story::VILLAGE_DAYS,
    };
    let clock = Clock::held(hour_of(working_day(now, begins), 9));
    let house = House::embedded(folder, origin, clock.clone()).await?;
    let mut world = Territory::new(&house, now, progress);
    match extent {
        Extent::Territory => story::territory(&mut world).await?,
        Extent::Village => story::village(&mut world).await?,
    }
    world.letters_arrived().await?;
    clock.advance(now.since(clock.now()).max_zero());
    world.signs_journal().await?;
    let card = card(&world, extent)?;
    house.kernel().db.close().await;
    Ok(card)
}

fn card(world: &Territory<'_>, extent: Extent) -> Result<Card, Failure> {
    let (ccas, msap, ehpad) = (places::ccas().name, places::france_services().name, places::ehpad().name);
    let mut aidants = vec![
        world.staff("nadia")?.card("aidante", &ccas, "ouvrir un compte, reprendre un mandat commencé, rendre un accès"),
        world.staff("helene")?.card("référente de la structure", &ccas, "relire le journal, les alertes, l’équipe"),
    ];
    let mut people: Vec<_> = people::VILLAGE.iter().map(|life| life.key).collect();
    if extent == Extent::Territory {
        let both = format!("{ccas} et {msap}");
        for (key, role, structure, look) in [
            ("karim", "aidant dans deux structures", &both, "changer de structure ; une question attend sa réponse"),
            ("sylvain", "référent de la structure", &msap, "un mandat suspendu pour un désaccord, une aidante dont l’accès est fermé"),
            ("benedicte", "référente de la structure", &ehpad, "un décès, une tutelle"),
            ("maite", "aidante", &ehpad, "une petite structure"),
            ("pauline", "aidante, arrivée aujourd’hui", &msap, "la charte, à accepter avant tout"),
            ("lucie", "aidante, partie de l’équipe", &ccas, "elle n’agit plus pour personne"),
            ("gaelle", "aidante, accès fermé", &msap, "sa connexion est refusée"),
        ] {
            aidants.push(world.staff(key)?.card(role, structure, look));
        }
        people.extend(people::TERRITORY.iter().map(|life| life.key));
    }
    let people = people.into_iter().map(|key| world.card(key)).collect::<Result<_, _>>()?;
    Ok(Card { aidants, people })
}
