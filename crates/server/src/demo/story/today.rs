//! This morning at the counter: what is not finished yet.

use maincourante_kernel::Failure;
use maincourante_kernel::clock::minutes;

use super::village;
use super::winter::one;
use crate::demo::people::BEFORE;
use crate::demo::territory::Territory;

/// Long enough for everything here and in what follows, which ends before the demo is started.
const BEGINS: i64 = 110;

pub(super) async fn happens(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.until(world.now.minus(minutes(BEGINS))).await?;
    world.opens(one("simone")?, "nadia", None).await?;
    world.opens(one("manuel")?, "nadia", None).await?;
    let [_, robert, marcel, ..] = &BEFORE;
    let karim = world.staff("karim")?;
    karim.prepares(&robert.fields(), &robert.terms(world.now)).await?;
    let signed = karim.prepares(&marcel.fields(), &marcel.terms(world.now)).await?;
    karim.has_signed(signed, crate::demo::counter::Hand::Drawn, marcel.phone).await?;
    village::leaves_a_draft(world).await?;
    world.letters_arrived().await?;
    world.signs_journal().await
}
