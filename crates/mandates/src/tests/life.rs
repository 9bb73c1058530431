//! What ends, or pauses, what a person granted: one power, or the mandate.

use maincourante_identity::testing::{PASSWORD, own};
use maincourante_identity::{Computer, Credentials, SignIn, sign_in};
use maincourante_journal::Event;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::testing::kernels;

use crate::access_back::{Lending, lend};
use crate::dispute::{self, Turn, Turned};
use crate::ending::{self, End, Ending, Wrong};
use crate::mine::{self, Revocation};
use crate::secret_screen::{Look, look};
use crate::testing::World;
use crate::{MandateId, MemberRole, Power, Refusal, State, structures};

#[tokio::test]
async fn a_power_taken_back_gives_nothing_from_the_next_request_on_and_closes_the_screen_lent_under_it() {
    for test in kernels().await {
        let world = World::new(test).await;
        let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let josette = own(world.kernel(), usager).await;
        let aidant = world.at_work(&nadia).await;
        let Lending::Lent(lent) = lend(&world.context, &aidant, usager).await.unwrap() else { panic!("lent") };
        let screen = world.screen(&lent).await;
        let mandate = mine::mandates(&world.context, &josette).await.unwrap().remove(0);
        assert_eq!(mandate.of_use, [Power::GiveAccessBack], "the first secret is chosen");

        let take_back = async || mine::revoke(&world.context, &josette, mandate.id, Power::GiveAccessBack).await.unwrap();
        assert_eq!(take_back().await, Revocation::Revoked, "{}", world.engine);
        assert!(matches!(look(&world.context, &screen).await.unwrap(), Look::Closed));
        assert_eq!(take_back().await, Revocation::AlreadyOver, "a second post takes nothing back");

        world.takes_back(&nadia).await;
        let aidant = world.at_work(&nadia).await;
        let refused = lend(&world.context, &aidant, usager).await.unwrap();
        assert!(matches!(refused, Lending::Refused(Refusal::Revoked { .. })), "{}", world.engine);
        let told = mine::mandates(&world.context, &josette).await.unwrap().remove(0);
        assert!(told.closed.is_none() && told.of_use.is_empty(), "the mandate lives, and says that nothing is left");
        assert_eq!(told.revoked.iter().map(|(power, _)| *power).collect::<Vec<_>>(), [Power::GiveAccessBack]);
        assert_eq!(told.powers, [Power::CreateAccount]);

        let lines = world.journal().await;
        let count = |event| lines.iter().filter(|line| line.event == event).count();
        assert_eq!((count(Event::MandatePowerRevoked), count(Event::AccessHandoverCancelled)), (1, 1), "{}", world.engine);
        assert_eq!(lines[0].ended, maincourante_journal::Ended::Refused("power_revoked".into()));
    }
}

#[tokio::test]
async fn nobody_takes_back_a_power_of_someone_else_nor_one_that_was_never_given() {
    for test in kernels().await {
        let world = World::new(test).await;
        let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let josette = own(world.kernel(), usager).await;
        let id = mine::mandates(&world.context, &josette).await.unwrap()[0].id;
        let fields = crate::PersonFields { given_names: "René".into(), phone: "06 39 98 56 78".into(), ..World::josette() };
        let mandate = world.presents(&nadia, &fields, &["create_account"]).await;
        world.signs(&nadia, mandate, crate::signature::Gesture::Drawn(crate::testing::DRAWING.into())).await;
        let rene = own(world.kernel(), world.countersigns(&nadia, mandate).await).await;
        let tries = [(&rene, id), (&rene, mandate), (&josette, MandateId::from(usager.uuid()))];
        for (who, of) in tries {
            let given = mine::revoke(&world.context, who, of, Power::GiveAccessBack).await.unwrap();
            assert_eq!(given, Revocation::Unknown, "{}", world.engine);
        }

        assert!(world.journal().await.iter().all(|line| line.event != Event::MandatePowerRevoked));
    }
}

/// Hélène, référente, at her desk in a new request; a person, under a mandate of Nadia's.
async fn scene(
    test: maincourante_kernel::testing::TestKernel,
) -> (World, crate::testing::Worker, crate::testing::Worker, maincourante_identity::UsagerId) {
    let world = World::new(test).await;
    let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
    let helene = world.worker("Hélène Vasseur", "helene@ccas-vaudorme.fr", MemberRole::Referent).await;
    let usager = world.opens_account(&nadia, &World::josette()).await;
    (world, nadia, helene, usager)
}

async fn last_sms(world: &World) -> String {
    world.jobs_run().await;
    world.phone.lock().unwrap().last().map(|(_, body)| body.clone()).unwrap_or_default()
}

#[tokio::test]
async fn a_referent_ends_a_mandate_once_and_the_person_keeps_the_account() {
    for end in [End::Death, End::Protection, End::Renounced] {
        for test in kernels().await {
            let (world, nadia, helene, usager) = scene(test).await;
            let before = last_sms(&world).await;
            let aidant = world.at_work(&nadia).await;
            let Lending::Lent(lent) = lend(&world.context, &aidant, usager).await.unwrap() else { panic!("lent") };
            let screen = world.screen(&lent).await;
            world.kernel().clock.advance(maincourante_kernel::clock::minutes(1));
            let day = Date::at(world.kernel().now()).iso();
            let typed = || ending::Typed { day: day.clone(), note: "La famille nous a appelés".into(), code: world.code(&helene) };
            let ends = async |typed: &ending::Typed| {
                let at_work = world.at_work(&helene).await;
                ending::end(&world.context, &at_work.as_referent().unwrap(), usager, end, typed).await.unwrap()
            };
            let wrong = ending::Typed { code: maincourante_kernel::Secret::new("000000".into()), ..typed() };
            assert_eq!(ends(&wrong).await, Ending::WrongCode, "{}", world.engine);
            assert!(!matches!(look(&world.context, &screen).await.unwrap(), Look::Closed), "a wrong code ends nothing");
            assert_eq!(ends(&typed()).await, Ending::Ended, "{}", world.engine);
            assert_eq!(ends(&typed()).await, Ending::AlreadyOver, "{}", world.engine);

            assert!(matches!(look(&world.context, &screen).await.unwrap(), Look::Closed));
            world.takes_back(&nadia).await;
            let refused = lend(&world.context, &world.at_work(&nadia).await, usager).await.unwrap();
            let Lending::Refused(Refusal::Over { how, .. }) = refused else { panic!("over") };
            let (state, event) = match end {
                End::Death => (State::EndedDeath, Event::MandateEnded),
                End::Protection => (State::EndedProtection, Event::MandateEnded),
                End::Renounced => (State::RenouncedByStructure, Event::MandateRenounced),
            };
            assert_eq!(how, state);
            let lines = world.journal().await;
            let told: Vec<_> = lines.iter().filter(|line| line.event == event).collect();
            assert_eq!(told.len(), 1, "{}", world.engine);
            let sentence = maincourante_journal::sentence(told[0], maincourante_journal::Reader::Person);
            assert!(sentence.contains("La famille nous a appelés"), "{sentence}");
            let sms = last_sms(&world).await;
            assert_eq!(sms.contains("a mis fin à votre mandat"), end != End::Death, "{sms}");
            assert_eq!(sms == before, end == End::Death, "after a death no message leaves");
            // Their address and their secret are theirs: the structure ends what it had, and nothing else.
            let josette = own(world.kernel(), usager).await;
            assert!(mine::mandates(&world.context, &josette).await.unwrap()[0].closed.is_some());
            let typed = Credentials {
                login: josette.address().to_string(),
                password: maincourante_kernel::Secret::new(PASSWORD.into()),
                computer: Computer::Shared,
            };
            let signed_in = sign_in(&world.context.identity, typed, &World::requester()).await.unwrap();
            assert!(matches!(signed_in, SignIn::Open(_)), "{}", world.engine);
        }
    }
}

#[tokio::test]
async fn a_death_has_a_day_that_can_be_and_a_note_and_what_is_wrong_changes_nothing() {
    for test in kernels().await {
        let (world, _, helene, usager) = scene(test).await;
        for (day, note, wrong) in [
            ("", "vu", ("day", Wrong::NoDay)),
            ("hier", "vu", ("day", Wrong::NotADay)),
            ("21/11/2026", "vu", ("day", Wrong::DayOutOfRange)),
            ("23/11/2026", "vu", ("day", Wrong::DayOutOfRange)),
            ("22/11/2026", " \n", ("note", Wrong::NoNote)),
            ("22/11/2026", &"a".repeat(1001), ("note", Wrong::TooLong)),
        ] {
            let typed = ending::Typed { day: day.into(), note: note.into(), code: world.code(&helene) };
            let at_work = world.at_work(&helene).await;
            let given = ending::end(&world.context, &at_work.as_referent().unwrap(), usager, End::Death, &typed).await.unwrap();
            assert_eq!(given, Ending::Problems(vec![wrong]), "{day} {}", world.engine);
        }
        let josette = own(world.kernel(), usager).await;
        assert!(mine::mandates(&world.context, &josette).await.unwrap()[0].closed.is_none());
    }
}

#[tokio::test]
async fn a_dispute_is_a_cause_of_its_own_that_neither_the_print_nor_the_structure_lifts() {
    for test in kernels().await {
        let world = World::new(test).await;
        let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let helene = world.worker("Hélène Vasseur", "helene@ccas-vaudorme.fr", MemberRole::Referent).await;
        let id = world.presents(&nadia, &World::josette(), &["create_account", "give_access_back"]).await;
        world.signs(&nadia, id, crate::signature::Gesture::CodeAlone).await;
        let usager = world.countersigns(&nadia, id).await;
        let turns = async |turn, reason: &str| {
            let at_work = world.at_work(&helene).await;
            dispute::turn(&world.context, &at_work.as_referent().unwrap(), usager, turn, reason).await.unwrap()
        };
        assert!(last_sms(&world).await.contains("mandat"), "what waited has left");
        assert_eq!(turns(Turn::Resume, "rien à reprendre").await, Turned::Not);
        assert_eq!(turns(Turn::Pause, "  ").await, Turned::Problem(Wrong::NoNote));
        assert_eq!(turns(Turn::Pause, "Elle ne reconnaît pas une ligne").await, Turned::Done, "{}", world.engine);
        assert_eq!(turns(Turn::Pause, "deux fois").await, Turned::Not);
        assert!(last_sms(&world).await.contains("en pause"));

        let josette = own(world.kernel(), usager).await;
        let told = async || mine::mandates(&world.context, &josette).await.unwrap().remove(0);
        world.photographs(&nadia, usager, &super::by_hand::photo(0)).await;
        assert!(told().await.is_disputed, "the print is there, and the dispute stays: {}", world.engine);
        structures::suspend(&world.context, "26400012300010").await.unwrap();
        structures::resume(&world.context, "26400012300010").await.unwrap();
        let now = told().await;
        assert!(now.is_disputed && !now.structure_in_pause && now.can_be_stopped(), "{}", world.engine);

        assert_eq!(turns(Turn::Resume, "Elle a reconnu sa petite-fille").await, Turned::Done);
        assert!(told().await.closed.is_none(), "{}", world.engine);
        assert!(last_sms(&world).await.contains("en marche"));
        let lines = world.journal().await;
        let count = |event| lines.iter().filter(|line| line.event == event).count();
        assert_eq!((count(Event::MandateSuspended), count(Event::MandateResumed)), (1, 1), "{}", world.engine);
    }
}

#[tokio::test]
async fn time_ends_a_mandate_that_a_dispute_holds() {
    for test in kernels().await {
        let (world, _, helene, usager) = scene(test).await;
        let at_work = world.at_work(&helene).await;
        dispute::turn(&world.context, &at_work.as_referent().unwrap(), usager, Turn::Pause, "un doute").await.unwrap();
        let refused = lend(&world.context, &at_work, usager).await.unwrap();
        assert!(matches!(refused, Lending::Refused(Refusal::Suspended { .. })), "{}", world.engine);
        world.kernel().clock.advance(maincourante_kernel::clock::days(200));
        assert_eq!(crate::lifecycle::run(&world.context).await.unwrap().expired, 1);
        assert_eq!(crate::lifecycle::run(&world.context).await.unwrap().expired, 0, "again, and nothing more");
        let josette = own(world.kernel(), usager).await;
        let told = mine::mandates(&world.context, &josette).await.unwrap().remove(0);
        assert!(matches!(told.closed, Some(Refusal::Expired { .. })) && !told.is_disputed, "{}", world.engine);
    }
}
