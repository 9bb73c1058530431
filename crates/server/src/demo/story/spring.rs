//! The next five months: someone works too late, a person says no, a structure is closed for a while, a resident dies.

use maincourante_journal::Event;
use maincourante_kernel::Failure;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::clock::{days, minutes};
use maincourante_mandates::alerts::{Rule, Verdict};
use maincourante_mandates::ending::End;
use maincourante_mandates::{Power, aidants, structures};

use super::winter::one;
use crate::demo::people::{BEFORE, VILLAGE};
use crate::demo::places;
use crate::demo::territory::Territory;

pub(super) async fn happens(world: &mut Territory<'_>) -> Result<(), Failure> {
    an_evening_too_late(world).await?;
    someone_says_no(world).await?;
    homonyms(world).await?;
    the_home_is_closed_for_a_while(world).await?;
    summer(world).await
}

async fn an_evening_too_late(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.working_day(225, 20, 40).await?;
    world.opens(one("ginette")?, "gaelle", None).await?;
    world.evening().await?;
    world.working_day(222, 9, 10).await?;
    world.staff("sylvain")?.asks(world.staff("gaelle")?, Event::AccountCreated).await?;
    world.working_day(221, 10, 0).await?;
    world.staff("gaelle")?.answers("Permanence du soir à la médiathèque, prévue avec la mairie.").await?;
    world.working_day(220, 11, 0).await?;
    world.staff("sylvain")?.closes_alert(Rule::OddHours, Verdict::Handled, "Les permanences du soir sont désormais au planning.").await?;
    world.staff("sylvain")?.reviews("Vu les réponses de Gaëlle.").await?;
    world.signs_journal().await
}

async fn someone_says_no(world: &mut Territory<'_>) -> Result<(), Failure> {
    let [.., denise, roger] = &BEFORE;
    world.working_day(205, 10, 0).await?;
    let id = world.staff("nadia")?.prepares(&denise.fields(), &denise.terms(world.now)).await?;
    world.staff("nadia")?.is_refused(id).await?;
    world.working_day(198, 9, 30).await?;
    world.opens(one("joao")?, "gaelle", None).await?;
    world.working_day(180, 10, 30).await?;
    world.staff("nadia")?.begins(&roger.fields()).await?;
    for key in ["ngoc", "aicha", "colette"] {
        world.staff("karim")?.looks_at(world.person(key)?.usager).await?;
    }
    world.signs_journal().await
}

async fn homonyms(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.working_day(176, 9, 30).await?;
    world.opens(one("jean")?, "nadia", None).await?;
    world.working_day(169, 14, 0).await?;
    world.opens(one("jean-bis")?, "karim", None).await?;
    world.working_day(163, 9, 0).await?;
    aidants::close_access(&world.house.mandates, places::GAELLE.login).await?;
    world.working_day(150, 10, 0).await?;
    let [josette, ..] = &VILLAGE;
    world.opens(josette, "nadia", None).await?;
    world.signs_journal().await
}

async fn the_home_is_closed_for_a_while(world: &mut Territory<'_>) -> Result<(), Failure> {
    let context = &world.house.mandates;
    let siret = places::ehpad().siret;
    world.working_day(143, 9, 0).await?;
    structures::suspend(context, &siret).await?;
    world.working_day(133, 9, 0).await?;
    structures::resume(context, &siret).await?;
    world.working_day(121, 11, 0).await?;
    let henri = world.person("henri")?.usager;
    let day = Date::at(world.house.kernel().now().minus(days(3))).iso();
    world.staff("benedicte")?.ends(henri, End::Death, day, "Avis de décès reçu de la famille.").await?;
    world.signs_journal().await
}

async fn summer(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.day(112, 18).await?;
    world.at_home("aicha").await?.takes_back(Power::GiveAccessBack).await?;
    world.working_day(98, 10, 0).await?;
    let bernard = world.person("bernard")?.usager;
    world.staff("sylvain")?.ends(bernard, End::Renounced, String::new(), "Bernard Tastet a déménagé dans un autre département.").await?;
    world.working_day(90, 10, 0).await?;
    let [_, mamadou, ..] = &VILLAGE;
    world.opens(mamadou, "nadia", None).await?;
    world.working_day(82, 14, 0).await?;
    let karim = world.staff("karim")?;
    for key in ["ngoc", "colette", "jean", "jean-bis", "abd"] {
        let person = world.person(key)?;
        karim.gives_access_back(person.usager, person.life.phone, person.life.secret).await?;
        world.house.kernel().clock.advance(minutes(3));
    }
    world.signs_journal().await
}
