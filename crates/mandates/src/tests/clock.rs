//! A server whose clock jumps by two hours, forward and back: nothing is lost, and no mandate lives beyond its end.

use maincourante_identity::testing::own;
use maincourante_journal::Event;
use maincourante_kernel::clock::hours;

use super::{nadia, worlds};
use crate::access_back::Lending;
use crate::signature::Gesture;
use crate::testing::{DRAWING, World};
use crate::{MemberRole, Refusal, access_back, lifecycle, mine};

#[tokio::test]
async fn a_mandate_that_ended_does_not_live_again_when_the_clock_goes_back() {
    for world in worlds().await {
        let (kernel, nadia) = (world.kernel(), nadia(&world).await);
        let josette = world.opens_account(&nadia, &World::josette()).await;
        let own = own(kernel, josette).await;
        let ends_at = mine::mandates(&world.context, &own).await.unwrap()[0].ends_at;
        kernel.clock.advance(ends_at.since(kernel.now()));
        assert_eq!(lifecycle::run(&world.context).await.unwrap().expired, 1, "not a second later");
        kernel.clock.advance(hours(-2));
        let again = world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let aidant = world.at_work(&again).await;
        assert!(matches!(access_back::lend(&world.context, &aidant, josette).await.unwrap(), Lending::Refused(Refusal::Expired { .. })));
        assert_eq!(lifecycle::run(&world.context).await.unwrap(), lifecycle::Changed::default());
    }
}

#[tokio::test]
async fn an_account_begun_on_one_hour_and_ended_on_another_is_opened_once_and_its_journal_never_goes_back() {
    for (first, then) in [(2, -2), (-2, 2)] {
        for world in worlds().await {
            let (kernel, nadia) = (world.kernel(), nadia(&world).await);
            let draft = world.presents(&nadia, &World::josette(), &["create_account", "give_access_back"]).await;
            kernel.clock.advance(hours(first));
            let karim = world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
            drop(world.at_work(&karim).await);
            world.signs(&nadia, draft, Gesture::Drawn(DRAWING.into())).await;
            kernel.clock.advance(hours(then));
            let josette = world.countersigns(&nadia, draft).await;
            let own = own(kernel, josette).await;
            let [mandate] = &mine::mandates(&world.context, &own).await.unwrap()[..] else { panic!("one mandate, {first} then {then}") };
            assert!(mandate.closed.is_none());
            let lines = world.journal().await;
            assert_eq!(lines.iter().filter(|line| line.event == Event::MandateActivated).count(), 1);
            assert!(lines.windows(2).all(|pair| pair[0].at >= pair[1].at), "the latest first, {first} then {then}");
        }
    }
}
