//! The small demo: one structure, two who work there, five people. What the territory tells of them too.

use maincourante_kernel::Failure;
use maincourante_kernel::clock::minutes;

use crate::demo::people::{BEFORE, VILLAGE};
use crate::demo::places;
use crate::demo::territory::Territory;

/// How long before the demo is started the last thing happens.
const THIS_MORNING: i64 = 50;

pub(in crate::demo) async fn village(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.opens_structure("ccas", &places::ccas()).await?;
    world.enrols("nadia", places::NADIA, "ccas").await?;
    world.enrols("helene", places::HELENE, "ccas").await?;
    for key in ["nadia", "helene"] {
        world.staff(key)?.works().await?;
    }
    for (life, ago) in VILLAGE.iter().zip([150, 90, 60, 45, 25]) {
        world.working_day(ago, 10, 0).await?;
        world.opens(life, "nadia", None).await?;
    }
    stops(world).await?;
    comes_back(world).await?;
    leaves_a_draft(world).await
}

/// Yvette stops the help, alone.
pub(super) async fn stops(world: &Territory<'_>) -> Result<(), Failure> {
    world.day(12, 15).await?;
    world.at_home("yvette").await?.stops().await?;
    world.evening().await
}

/// Josette lost her secret yesterday.
pub(super) async fn comes_back(world: &Territory<'_>) -> Result<(), Failure> {
    world.day(1, 11).await?;
    let josette = world.person("josette")?;
    world.staff("nadia")?.gives_access_back(josette.usager, josette.life.phone, josette.life.secret).await?;
    world.evening().await
}

/// A mandate begun this morning, and not finished.
pub(super) async fn leaves_a_draft(world: &Territory<'_>) -> Result<(), Failure> {
    world.until(world.now.minus(minutes(THIS_MORNING))).await?;
    let [amina, ..] = &BEFORE;
    world.staff("nadia")?.begins(&amina.fields()).await.map(|_| ())
}
