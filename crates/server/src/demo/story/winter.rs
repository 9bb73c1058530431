//! The first four months: structures open one after the other, and the first accounts with them.

use maincourante_kernel::Failure;
use maincourante_kernel::clock::minutes;
use maincourante_mandates::MemberRole;
use maincourante_mandates::alerts::{Rule, Verdict};
use maincourante_mandates::team;

use crate::demo::PRINT;
use crate::demo::aidant::stuck;
use crate::demo::people::{Life, TERRITORY};
use crate::demo::places;
use crate::demo::territory::Territory;

/// One of the territory, by their key.
pub(super) fn one(key: &'static str) -> Result<&'static Life, Failure> {
    TERRITORY.iter().find(|life| life.key == key).ok_or_else(|| stuck("nobody of this name in the territory"))
}

pub(super) async fn happens(world: &mut Territory<'_>) -> Result<(), Failure> {
    the_ccas_opens(world).await?;
    the_others_open(world).await?;
    first_accounts(world).await?;
    karim_works_in_two(world).await?;
    a_family_has_one_phone(world).await
}

async fn the_ccas_opens(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.opens_structure("ccas", &places::ccas()).await?;
    world.enrols("nadia", places::NADIA, "ccas").await?;
    world.enrols("helene", places::HELENE, "ccas").await?;
    world.enrols("karim", places::KARIM, "ccas").await?;
    world.enrols("lucie", places::LUCIE, "ccas").await?;
    for key in ["helene", "nadia"] {
        world.staff(key)?.works().await?;
    }
    world.signs_journal().await
}

async fn the_others_open(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.working_day(352, 14, 0).await?;
    world.opens_structure("msap", &places::france_services()).await?;
    world.enrols("sylvain", places::SYLVAIN, "msap").await?;
    world.enrols("gaelle", places::GAELLE, "msap").await?;
    world.working_day(345, 10, 0).await?;
    world.opens_structure("ehpad", &places::ehpad()).await?;
    world.enrols("benedicte", places::BENEDICTE, "ehpad").await?;
    world.enrols("maite", places::MAITE, "ehpad").await?;
    world.signs_journal().await
}

async fn first_accounts(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.working_day(341, 9, 20).await?;
    world.opens(one("lucien")?, "nadia", None).await?;
    world.opens(one("fernand")?, "nadia", None).await?;
    world.working_day(338, 11, 0).await?;
    world.staff("nadia")?.brings_print(world.person("lucien")?.usager, PRINT).await?;
    world.working_day(334, 14, 30).await?;
    world.opens(one("colette")?, "lucie", None).await?;
    world.working_day(329, 10, 10).await?;
    world.opens(one("henri")?, "maite", None).await?;
    world.opens(one("paulette")?, "maite", Some("benedicte")).await?;
    world.working_day(327, 10, 0).await?;
    world.staff("maite")?.brings_print(world.person("henri")?.usager, PRINT).await?;
    world.working_day(315, 9, 40).await?;
    world.opens(one("ngoc")?, "karim", None).await?;
    world.working_day(300, 16, 0).await?;
    world.staff("helene")?.reviews("Premier mois : tout est en ordre.").await?;
    world.staff("benedicte")?.reviews("").await?;
    world.signs_journal().await
}

async fn karim_works_in_two(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.working_day(290, 9, 0).await?;
    let (karim, msap) = (world.staff("karim")?.id().await?, world.structure("msap")?);
    team::attach(&world.house.mandates, msap, karim, MemberRole::Aidant).await?;
    world.working_day(281, 10, 30).await?;
    world.moves("karim", "msap").await?;
    world.opens(one("bernard")?, "karim", None).await?;
    world.moves("karim", "ccas").await?;
    world.signs_journal().await
}

async fn a_family_has_one_phone(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.working_day(262, 9, 30).await?;
    world.opens(one("abd")?, "nadia", None).await?;
    world.opens(one("aicha")?, "nadia", None).await?;
    world.working_day(248, 14, 0).await?;
    world.opens(one("samira")?, "lucie", None).await?;
    world.evening().await?;
    world.working_day(247, 9, 0).await?;
    world.staff("helene")?.closes_alert(Rule::SharedNumber, Verdict::Normal, "Une famille, un seul téléphone : vu avec eux.").await?;
    world.house.kernel().clock.advance(minutes(5));
    world.signs_journal().await
}
