//! What happened, in the order in which it happened. Days are counted back from the one when the demo is started.

mod autumn;
mod spring;
mod today;
mod village;
mod winter;

use maincourante_kernel::Failure;

use super::territory::Territory;

pub(super) use village::village;

/// How many days ago the story of the village begins.
pub(super) const VILLAGE_DAYS: i64 = 152;
/// How many days ago the story of the territory begins: everything in it is less than a year old.
pub(super) const TERRITORY_DAYS: i64 = 358;

/// A year in three structures.
pub(super) async fn territory(world: &mut Territory<'_>) -> Result<(), Failure> {
    winter::happens(world).await?;
    spring::happens(world).await?;
    autumn::happens(world).await?;
    today::happens(world).await
}
