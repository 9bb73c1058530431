//! A new mandate for who has an account with the structure: to go on, or to change what is allowed. Both engines.

use maincourante_identity::testing::own;
use maincourante_identity::{UsagerId, find_person};
use maincourante_journal::{SubjectKind, record_key};
use maincourante_kernel::clock::{days, minutes};

use super::*;
use crate::mine::MyMandate;

const BOTH: &[&str] = &["create_account", "give_access_back"];
const ACCESS: &[&str] = &["give_access_back"];

async fn told(world: &World, usager: UsagerId) -> Vec<MyMandate> {
    mine::mandates(&world.context, &own(world.kernel(), usager).await).await.unwrap()
}

/// What the person is told, their papers, and their record key: that nothing of a living account was forgotten.
async fn is_whole(world: &World, usager: UsagerId) {
    let mut tx = world.kernel().db.write().await.unwrap();
    assert!(find_person(&mut tx, usager).await.unwrap().is_some());
    assert!(record_key(&mut tx, world.kernel(), SubjectKind::Usager, usager.uuid(), "mandate.paper").await.unwrap().is_some());
    drop(tx);
    let own = own(world.kernel(), usager).await;
    let first = told(world, usager).await.pop().expect("a mandate");
    assert!(papers::signed_for_usager(&world.context, &own, first.id).await.unwrap().is_some(), "its paper is read: {}", world.engine);
    let lines = review::for_person(&world.context, &own, None).await.unwrap().records;
    assert!(lines.iter().any(|line| sentence(line, Reader::Person).contains("Nadia Roussel")), "the names in the journal are there");
}

#[tokio::test]
async fn what_stands_is_left_as_it_is_by_a_new_mandate_that_is_not_signed() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let aidant = world.at_work(&nadia).await;

        let abandoned = world.presents_again(&nadia, usager, ACCESS).await;
        assert!(prepare::abandon(&world.context, &aidant, abandoned).await.unwrap());
        is_whole(&world, usager).await;

        let refused = world.presents_again(&nadia, usager, ACCESS).await;
        let prepare::Lending::Lent(lent) = prepare::lend_to_sign(&world.context, &aidant, refused).await.unwrap() else { panic!("lent") };
        let screen = world.screen(&lent).await;
        assert!(signature::refuse(&world.context, &screen).await.unwrap());
        world.takes_back(&nadia).await;
        is_whole(&world, usager).await;

        let left = world.presents_again(&nadia, usager, ACCESS).await;
        world.kernel().clock.advance(hours(25));
        assert_eq!(lifecycle::run(&world.context).await.unwrap().abandoned, 1);
        is_whole(&world, usager).await;

        for (id, state) in [(abandoned, State::Abandoned), (refused, State::Refused), (left, State::Abandoned)] {
            let in_hand = prepare::load(&world.context, &aidant, id).await.unwrap().expect("its page says how it ended");
            assert_eq!((in_hand.state, in_hand.draft.person.is_none()), (state, true), "{}", world.engine);
        }
        let told = told(&world, usager).await;
        assert_eq!(told.len(), 1);
        assert!(told[0].closed.is_none() && told[0].of_use == [Power::GiveAccessBack]);
    }
}

#[tokio::test]
async fn signed_again_it_takes_the_place_of_the_one_before_in_one_go() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let first = told(&world, usager).await[0].id;
        let nadia = world.after(&nadia, days(160)).await;
        let lend = async || access_back::lend(&world.context, &world.at_work(&nadia).await, usager).await.unwrap();
        let aidant = world.at_work(&nadia).await;
        let id = world.presents_again(&nadia, usager, ACCESS).await;
        let Lending::Lent(_) = lend().await else { panic!("the one before is in force while the new one is prepared") };
        world.takes_back(&nadia).await;
        let read = papers::presented_for_aidant(&world.context, &aidant, id).await.unwrap().expect("a document");
        assert!(read.pdf.starts_with(b"%PDF-"));
        world.signs(&nadia, id, Gesture::Drawn(DRAWING.into())).await;
        assert_eq!(told(&world, usager).await.len(), 1, "signed by one, it gives nothing");
        // Somebody else of the structure has a screen lent under the one before.
        let karim = world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let at_karim = world.at_work(&karim).await;
        let Lending::Lent(lent) = access_back::lend(&world.context, &at_karim, usager).await.unwrap() else { panic!("lent") };
        let screen = world.screen(&lent).await;
        world.jobs_run().await;
        let before = world.phone.lock().unwrap().len();
        assert_eq!(world.countersigns(&nadia, id).await, usager, "{}", world.engine);
        assert_eq!(world.countersigns(&nadia, id).await, usager, "a second post meets the same");

        let told = told(&world, usager).await;
        assert_eq!(told.iter().map(|mandate| mandate.id).collect::<Vec<_>>(), [id, first]);
        assert!(told[0].closed.is_none() && told[0].powers == [Power::GiveAccessBack], "the account is open: nothing to create");
        assert!(matches!(told[1].closed, Some(Refusal::Over { how: State::Renewed, .. })), "{}", world.engine);
        assert!(matches!(secret_screen::look(&world.context, &screen).await.unwrap(), secret_screen::Look::Closed));
        world.takes_back(&karim).await;
        let Lending::Lent(_) = lend().await else { panic!("the new one gives its powers") };
        world.takes_back(&nadia).await;
        assert!(world.jobs_run().await.iter().all(|kind| kind != activate::ACCOUNT_OPENED), "no mailbox is prepared anew");
        let sms = world.phone.lock().unwrap()[before..].to_vec();
        let renewed = sms.iter().filter(|(_, body)| body.contains("remplace l'ancien")).count();
        assert_eq!(renewed, 1, "{sms:?}");

        let lines = world.journal().await;
        let of = |event| lines.iter().filter(|line| line.event == event).count();
        assert_eq!(
            (of(Event::MandateActivated), of(Event::MandateRenewed), of(Event::MandateSuperseded), of(Event::AccountCreated)),
            (2, 1, 0, 1)
        );
        let renewed = lines.iter().find(|line| line.event == Event::MandateRenewed).unwrap();
        assert!(renewed.subjects.iter().any(|subject| subject.id == first.uuid()), "it names the one before");
        assert!(sentence(renewed, Reader::Person).contains("a renouvelé votre mandat"), "{}", sentence(renewed, Reader::Person));
        let own = own(world.kernel(), usager).await;
        for mandate in [id, first] {
            assert!(papers::signed_for_usager(&world.context, &own, mandate).await.unwrap().is_some());
            assert!(papers::older_for_aidant(&world.context, &aidant, usager, mandate).await.unwrap().is_some());
        }
        let record = people::record(&world.context, &aidant, usager).await.unwrap().unwrap();
        assert_eq!(record.older.iter().map(|older| older.mandate).collect::<Vec<_>>(), [first]);
        let list = people::list(&world.context, &aidant, everyone_with(&world, "")).await.unwrap();
        assert_eq!((list.count, list.known.len(), list.unfinished.len()), (1, 1, 0), "one person, once: {}", world.engine);
    }
}

#[tokio::test]
async fn more_is_allowed_by_another_mandate_that_supersedes_and_what_was_taken_back_comes_back_only_so() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let id = world.presents(&nadia, &World::josette(), &["create_account"]).await;
        world.signs(&nadia, id, Gesture::Drawn(DRAWING.into())).await;
        let usager = world.countersigns(&nadia, id).await;
        let second = world.renews(&nadia, usager, ACCESS).await;
        let josette = own(world.kernel(), usager).await;
        assert_eq!(mine::revoke(&world.context, &josette, second, Power::GiveAccessBack).await.unwrap(), mine::Revocation::Revoked);
        world.renews(&nadia, usager, ACCESS).await;
        let told = told(&world, usager).await;
        let how = |at: usize| match told[at].closed {
            Some(Refusal::Over { how, .. }) => Some(how),
            _ => None,
        };
        assert_eq!((how(0), how(1), how(2)), (None, Some(State::Superseded), Some(State::Superseded)), "{}", world.engine);
        // Her first secret was never chosen: it can be, under the mandate that is in force.
        let aidant = world.at_work(&nadia).await;
        let Lending::Lent(lent) = first_secret::lend(&world.context, &aidant, usager).await.unwrap() else { panic!("lent") };
        world.chooses(&lent, PASSWORD).await;
        world.takes_back(&nadia).await;
    }
}

#[tokio::test]
async fn the_code_goes_to_the_phone_of_the_account_and_to_no_other() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let id = world.presents_again(&nadia, usager, ACCESS).await;
        let aidant = world.at_work(&nadia).await;
        // What an aidant may type of a person changes nothing of who has an account.
        let other = PersonFields { given_names: "Jeanne".into(), phone: "06 39 98 99 99".into(), ..World::josette() };
        assert!(matches!(prepare::save_person(&world.context, &aidant, id, &other).await.unwrap(), Save::Saved));
        assert!(matches!(prepare::save_address(&world.context, &aidant, id, "jeanne").await.unwrap(), Save::Saved));
        let in_hand = prepare::load(&world.context, &aidant, id).await.unwrap().unwrap();
        assert_eq!(in_hand.draft.person.unwrap().name(), "Josette Lambert");
        assert_eq!(in_hand.draft.address.as_deref(), Some("josette.lambert@exemple-mail.fr"));
        assert!(matches!(prepare::present(&world.context, &aidant, id).await.unwrap(), Presentation::Presented));
        world.signs(&nadia, id, Gesture::Drawn(DRAWING.into())).await;
        let received = world.phone.lock().unwrap();
        let codes: Vec<_> = received.iter().filter(|(_, body)| body.contains("signer un mandat")).map(|(to, _)| to.clone()).collect();
        assert!(codes.len() == 2 && codes.iter().all(|to| to.contains("639981234")), "{codes:?}");
    }
}

#[tokio::test]
async fn a_provisional_one_gives_nothing_and_the_one_before_goes_on_until_its_print_is_there() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let first = told(&world, usager).await[0].id;
        let id = world.presents_again(&nadia, usager, ACCESS).await;
        world.signs(&nadia, id, Gesture::CodeAlone).await;
        assert_eq!(world.countersigns(&nadia, id).await, usager);
        let states = async || told(&world, usager).await.into_iter().map(|told| (told.id, told.closed)).collect::<Vec<_>>();
        assert!(states().await.iter().all(|(_, closed)| closed.is_none()), "both are there: {}", world.engine);
        let aidant = world.at_work(&nadia).await;
        let Lending::Lent(_) = access_back::lend(&world.context, &aidant, usager).await.unwrap() else { panic!("in force") };
        world.takes_back(&nadia).await;
        let record = people::record(&world.context, &world.at_work(&nadia).await, usager).await.unwrap().unwrap();
        assert!(matches!(record.standing, Standing::Valid { .. }) && record.print == prints::Wait::Print, "{}", world.engine);

        // Nobody photographs it in time: it is suspended, and what stood stands.
        let nadia = world.after(&nadia, hours(73)).await;
        assert_eq!(lifecycle::run(&world.context).await.unwrap().suspended, 1);
        let Lending::Lent(_) = access_back::lend(&world.context, &world.at_work(&nadia).await, usager).await.unwrap() else {
            panic!("a newer one that is suspended hides nothing")
        };
        world.takes_back(&nadia).await;
        let record = people::record(&world.context, &world.at_work(&nadia).await, usager).await.unwrap().unwrap();
        assert!(matches!(record.standing, Standing::Valid { .. }), "{}", world.engine);

        world.photographs(&nadia, usager, &by_hand::photo(0)).await;
        let states = states().await;
        assert!(
            matches!(states[..], [(a, None), (b, Some(Refusal::Over { how: State::Renewed, .. }))] if a == id && b == first),
            "{states:?}"
        );
        let Lending::Lent(_) = access_back::lend(&world.context, &world.at_work(&nadia).await, usager).await.unwrap() else {
            panic!("the new one gives its powers")
        };
    }
}

#[tokio::test]
async fn one_that_is_expired_stays_so_and_one_that_changed_meanwhile_is_to_be_read_anew() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let nadia = world.after(&nadia, days(200)).await;
        lifecycle::run(&world.context).await.unwrap();
        world.renews(&nadia, usager, ACCESS).await;
        let closed = told(&world, usager).await.pop().unwrap().closed;
        assert!(matches!(closed, Some(Refusal::Expired { .. })), "{}", world.engine);

        // The person stops the one that stands after they signed the next: nothing comes into force behind their back.
        let id = world.presents_again(&nadia, usager, ACCESS).await;
        world.signs(&nadia, id, Gesture::Drawn(DRAWING.into())).await;
        world.kernel().clock.advance(minutes(1));
        let josette = own(world.kernel(), usager).await;
        let standing = told(&world, usager).await[0].id;
        assert_eq!(mine::stop(&world.context, &josette, standing).await.unwrap(), Stop::Stopped);
        let code = world.code(&nadia);
        let aidant = world.at_work(&nadia).await;
        let answer = activate::countersign(&world.context, &aidant, id, &code, None).await.unwrap();
        assert!(matches!(answer, activate::Countersignature::Overtaken), "{}", world.engine);
        assert_eq!(told(&world, usager).await.len(), 2);
        // What was refused leaves the draft, which is given up and begun again, with her.
        assert!(prepare::abandon(&world.context, &aidant, id).await.unwrap());
        world.renews(&nadia, usager, ACCESS).await;
        assert!(told(&world, usager).await[0].closed.is_none());
        is_whole(&world, usager).await;
    }
}

#[tokio::test]
async fn two_aidants_prepare_one_and_a_stranger_none() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let hugo = hugo(&world).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let begin = async |worker: &Worker| {
            let id = MandateId::new(&world.kernel().chance, world.kernel().now());
            renewal::begin_as(&world.context, &world.at_work(worker).await, usager, id, &World::known()).await.unwrap()
        };
        assert!(matches!(begin(&hugo).await, renewal::Begin::Unknown));
        assert!(renewal::case(&world.context, &world.at_work(&hugo).await, usager).await.unwrap().is_none());
        let renewal::Begin::Begun(id) = begin(&nadia).await else { panic!("begun") };
        let karim = world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let renewal::Begin::Begun(same) = begin(&karim).await else { panic!("begun") };
        assert_eq!(id, same, "one is in preparation: {}", world.engine);
        let in_hand = prepare::load(&world.context, &world.at_work(&nadia).await, id).await.unwrap().unwrap();
        let terms = in_hand.draft.terms.unwrap();
        assert_eq!((terms.powers.as_slice(), terms.duration.as_str()), ([Power::GiveAccessBack].as_slice(), "six_months"), "as before");
        assert_eq!(in_hand.draft.person.unwrap().birthplace.as_deref(), Some("Mont-de-Marsan"), "what she told this structure");
        let wrong = KnownFields { identity_check: String::new(), protection: "tutelle".into() };
        let aidant = world.at_work(&nadia).await;
        let Save::Wrong(problems) = prepare::save_known(&world.context, &aidant, id, &wrong).await.unwrap() else { panic!("wrong") };
        assert_eq!(problems, [(Field::IdentityCheck, Problem::Missing), (Field::Protection, Problem::Tutelle)]);
    }
}

#[tokio::test]
async fn over_a_dispute_nothing_is_signed_and_an_end_ends_what_waits_too() {
    use crate::dispute::{Turn, Turned, turn};
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let helene = world.worker("Hélène Vasseur", "helene@ccas-vaudorme.fr", MemberRole::Referent).await;
        let id = world.presents(&nadia, &World::josette(), BOTH).await;
        world.signs(&nadia, id, Gesture::Drawn(DRAWING.into())).await;
        let usager = world.countersigns(&nadia, id).await;
        let newer = world.presents_again(&nadia, usager, ACCESS).await;
        world.signs(&nadia, newer, Gesture::CodeAlone).await;
        world.countersigns(&nadia, newer).await;
        let turns = async |way| {
            let at_work = world.at_work(&helene).await;
            turn(&world.context, &at_work.as_referent().unwrap(), usager, way, "Un doute").await.unwrap()
        };
        assert_eq!(turns(Turn::Pause).await, Turned::Done);
        assert!(told(&world, usager).await.iter().all(|told| told.is_disputed), "the one that waits too: {}", world.engine);
        let case = renewal::case(&world.context, &world.at_work(&nadia).await, usager).await.unwrap().unwrap();
        assert_eq!(case.not_now, Some(renewal::NotNow::Disputed));
        world.photographs(&nadia, usager, &by_hand::photo(0)).await;
        assert!(told(&world, usager).await[0].is_disputed, "the print lifts no dispute");
        assert_eq!(turns(Turn::Resume).await, Turned::Done);
        let now = told(&world, usager).await;
        assert!(now[0].closed.is_none() && matches!(now[1].closed, Some(Refusal::Over { .. })), "{}", world.engine);

        let third = world.presents_again(&nadia, usager, ACCESS).await;
        world.signs(&nadia, third, Gesture::CodeAlone).await;
        world.countersigns(&nadia, third).await;
        let typed = ending::Typed { day: String::new(), note: "Déménagement".into(), code: world.code(&helene) };
        let at_work = world.at_work(&helene).await;
        let ended = ending::end(&world.context, &at_work.as_referent().unwrap(), usager, ending::End::Renounced, &typed).await.unwrap();
        assert_eq!(ended, ending::Ending::Ended);
        assert!(told(&world, usager).await.iter().all(|told| told.closed.is_some()), "{}", world.engine);
        is_whole(&world, usager).await;
    }
}
