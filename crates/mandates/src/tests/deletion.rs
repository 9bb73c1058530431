//! An account opened by error is deleted within two days, while nobody used it; and not otherwise.

use maincourante_identity::testing::{PASSWORD, own};
use maincourante_identity::{Computer, Credentials, SignIn, find_person, is_free, sign_in, verified_phone};
use maincourante_journal::{Ended, Event};
use maincourante_kernel::Secret;
use maincourante_kernel::clock::{hours, minutes};
use maincourante_kernel::testing::kernels;

use crate::access_back::{Lending, lend};
use crate::deletion::{self, Deletion};
use crate::ending::Wrong;
use crate::mine;
use crate::people::{self, Asked};
use crate::secret_screen::{Look, look};
use crate::signature::Gesture;
use crate::testing::{DRAWING, Worker, World};
use crate::{MemberRole, State};

const WHY: &str = "Nom mal écrit";

async fn deletes(world: &World, who: &Worker, usager: maincourante_identity::UsagerId, why: &str, code: &Secret<String>) -> Deletion {
    let aidant = world.at_work(who).await;
    deletion::delete(&world.context, &aidant, usager, why, code).await.unwrap()
}

#[tokio::test]
async fn an_account_opened_by_error_is_deleted_and_nothing_opens_it_any_more() {
    for test in kernels().await {
        let world = World::new(test).await;
        let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let paul = world.worker("Paul Meyer", "paul@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let aidant = world.at_work(&nadia).await;
        let Lending::Lent(lent) = lend(&world.context, &aidant, usager).await.unwrap() else { panic!("lent") };
        let screen = world.screen(&lent).await;
        let address = find_person(&mut world.kernel().db.read().await.unwrap(), usager).await.unwrap().unwrap().address;

        assert_eq!(deletes(&world, &paul, usager, "", &world.code(&paul)).await, Deletion::Problem(Wrong::NoNote));
        let wrong = Secret::new("000000".into());
        assert_eq!(deletes(&world, &paul, usager, WHY, &wrong).await, Deletion::WrongCode, "{}", world.engine);
        assert!(!matches!(look(&world.context, &screen).await.unwrap(), Look::Closed), "nothing changed");
        assert_eq!(deletes(&world, &paul, usager, WHY, &world.code(&paul)).await, Deletion::Deleted, "{}", world.engine);
        world.kernel().clock.advance(minutes(1));
        assert_eq!(deletes(&world, &paul, usager, WHY, &world.code(&paul)).await, Deletion::Unknown, "a second post");

        assert!(matches!(look(&world.context, &screen).await.unwrap(), Look::Closed), "{}", world.engine);
        let mut tx = world.kernel().db.read().await.unwrap();
        assert!(find_person(&mut tx, usager).await.unwrap().is_none());
        assert!(verified_phone(&mut tx, world.kernel(), usager).await.unwrap().is_none(), "the phone may serve the right account");
        assert!(!is_free(&mut tx, &address.parse().unwrap()).await.unwrap(), "an address is never given again");
        drop(tx);
        let typed = Credentials { login: address, password: Secret::new(PASSWORD.into()), computer: Computer::Shared };
        let tried = sign_in(&world.context.identity, typed, &World::requester()).await.unwrap();
        assert!(!matches!(tried, SignIn::Open(_)), "{}", world.engine);
        world.takes_back(&nadia).await;
        let aidant = world.at_work(&nadia).await;
        assert!(people::record(&world.context, &aidant, usager).await.unwrap().is_none(), "{}", world.engine);
        let asked = Asked { words: "", page: 1, ending_before: world.kernel().now() };
        assert_eq!(people::list(&world.context, &aidant, asked).await.unwrap().count, 0);

        world.jobs_run().await;
        let told = world.phone.lock().unwrap().last().map(|(_, body)| body.clone()).unwrap_or_default();
        assert!(told.contains("supprimé votre compte"), "{told}");
        let lines = world.journal().await;
        let done: Vec<_> = lines.iter().filter(|line| line.event == Event::AccountDeletedByError && line.ended == Ended::Done).collect();
        assert_eq!(done.len(), 1, "{}", world.engine);
        let rows = crate::store::mandates::find_of_usager(&mut world.kernel().db.read().await.unwrap(), usager).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.state.as_str()).collect::<Vec<_>>(), [State::RenouncedByStructure.as_str()]);
    }
}

#[tokio::test]
async fn an_account_that_served_or_that_is_two_days_old_is_never_deleted() {
    for test in kernels().await {
        let world = World::new(test).await;
        let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let old = world.opens_account(&nadia, &World::josette()).await;
        world.kernel().clock.advance(hours(47));
        let paul = world.worker("Paul Meyer", "paul@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let until = async |who: &Worker, usager| {
            let aidant = world.at_work(who).await;
            deletion::case(&world.context, &aidant, usager).await.unwrap().unwrap().until
        };
        assert!(until(&paul, old).await.is_some(), "{}: the second evening", world.engine);
        world.kernel().clock.advance(hours(1));
        let nadia = world.worker("Nadège Roussel", "nadege@ccas-vaudorme.fr", MemberRole::Aidant).await;
        assert!(until(&nadia, old).await.is_none(), "{}", world.engine);
        assert_eq!(deletes(&world, &nadia, old, WHY, &world.code(&nadia)).await, Deletion::NotPossible, "{}", world.engine);

        let fields = crate::PersonFields { given_names: "René".into(), phone: "06 39 98 56 78".into(), ..World::josette() };
        let used = world.opens_account(&nadia, &fields).await;
        own(world.kernel(), used).await;
        assert!(until(&nadia, used).await.is_none(), "{}: they signed in, though they left at once", world.engine);
        assert_eq!(deletes(&world, &nadia, used, WHY, &world.code(&nadia)).await, Deletion::NotPossible);

        let fields = crate::PersonFields { given_names: "Awa".into(), phone: "06 39 98 56 79".into(), ..World::josette() };
        let stopped = world.opens_account(&nadia, &fields).await;
        let awa = own(world.kernel(), stopped).await;
        let mandate = mine::mandates(&world.context, &awa).await.unwrap().remove(0).id;
        mine::stop(&world.context, &awa, mandate).await.unwrap();
        assert_eq!(deletes(&world, &nadia, stopped, WHY, &world.code(&nadia)).await, Deletion::NotPossible);
        assert!(world.journal().await.iter().all(|line| line.event != Event::AccountDeletedByError), "{}", world.engine);
    }
}

#[tokio::test]
async fn an_account_on_which_another_structure_counts_too_is_never_deleted() {
    for test in kernels().await {
        let world = World::new(test).await;
        let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let hugo = super::hugo(&world).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let until = async |who: &Worker| {
            let aidant = world.at_work(who).await;
            deletion::case(&world.context, &aidant, usager).await.unwrap().map(|case| case.until.is_some())
        };
        let id = world.says_which(&hugo, "06 39 98 12 34").await;
        world.presents_terms(&hugo, id, &["give_access_back"]).await;
        world.signs(&hugo, id, Gesture::Drawn(DRAWING.into())).await;
        assert_eq!(until(&nadia).await, Some(true), "{}: to prove who one is on a lent screen is not to sign in", world.engine);
        assert_eq!(world.countersigns(&hugo, id).await, usager);
        for who in [&nadia, &hugo] {
            assert_eq!(until(who).await, Some(false), "{}", world.engine);
            assert_eq!(deletes(&world, who, usager, WHY, &world.code(who)).await, Deletion::NotPossible, "{}", world.engine);
        }
        let own = own(world.kernel(), usager).await;
        let living = mine::mandates(&world.context, &own).await.unwrap().into_iter().filter(|mandate| mandate.closed.is_none()).count();
        assert_eq!(living, 2, "{}: both help her still", world.engine);
        assert!(world.journal().await.iter().all(|line| line.event != Event::AccountDeletedByError), "{}", world.engine);
    }
}
