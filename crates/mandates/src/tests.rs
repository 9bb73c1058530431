//! Scenes of mandates: Nadia, aidante of the CCAS; Josette, who opens an account; Hugo, of another structure. Both engines.

mod by_hand;
mod clock;
mod deletion;
mod known;
mod life;
mod renewing;
mod without_phone;

use maincourante_identity::testing::{PASSWORD, own};
use maincourante_identity::{CodeAnswer, Computer, Credentials, SignIn, StaffAt, sessions, sign_in};
use maincourante_journal::{Ended, Event, Filter, Reader, Viewer, reason_is_told, sentence};
use maincourante_kernel::clock::{days, hours};
use maincourante_kernel::{Secret, testing};

use crate::access_back::Lending;
use crate::draft::{Field, Problem};
use crate::mine::Stop;
use crate::people::Standing;
use crate::prepare::{Presentation, Save};
use crate::secret_screen::Choose;
use crate::signature::{Gesture, Sign, Signing};
use crate::structures::{NewStructure, Opening};
use crate::testing::{DRAWING, Worker, World};
use crate::*;

async fn worlds() -> Vec<World> {
    let mut worlds = Vec::new();
    for kernel in testing::kernels().await {
        worlds.push(World::new(kernel).await);
    }
    worlds
}

fn everyone_with<'a>(world: &World, words: &'a str) -> people::Asked<'a> {
    people::Asked { words, page: 1, ending_before: world.kernel().now() }
}

async fn nadia(world: &World) -> Worker {
    world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await
}

async fn hugo(world: &World) -> Worker {
    let new = NewStructure {
        name: "Maison France Services".into(),
        siret: "73282932000074".into(),
        postal_address: "1 rue Basse".into(),
        phone: "01 99 00 00 01".into(),
        opening_hours: "le mardi".into(),
    };
    let Opening::Opened(structure) = structures::open(&world.context, &new).await.unwrap() else { panic!("opened") };
    world.worker_of(structure, "Hugo Petit", "hugo@france-services.fr", MemberRole::Referent).await
}

#[tokio::test]
async fn an_account_is_opened_under_a_signed_mandate_and_everything_is_written() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let josette = world.opens_account(&nadia, &World::josette()).await;

        let typed = Credentials {
            login: "josette.lambert@exemple-mail.fr".into(),
            password: Secret::new(PASSWORD.into()),
            computer: Computer::Shared,
        };
        assert!(matches!(sign_in(&world.context.identity, typed, &World::requester()).await.unwrap(), SignIn::Open(_)));

        let mut events: Vec<Event> = world.journal().await.iter().map(|record| record.event).collect();
        events.reverse();
        assert_eq!(
            events,
            [
                Event::StructureOpened,
                Event::AidantActivated,
                Event::CharterAccepted,
                Event::MandateDrafted,
                Event::MandatePresented,
                Event::MandatePresented,
                Event::MandateSigned,
                Event::MandateActivated,
                Event::AccountCreated,
                Event::PhoneVerified,
                Event::AccessHandoverStarted,
                Event::AccessHandoverCompleted,
            ],
            "{}",
            world.engine
        );
        let own = own(world.kernel(), josette).await;
        let mine = mine::mandates(&world.context, &own).await.unwrap();
        assert_eq!((mine.len(), mine[0].powers.as_slice(), mine[0].closed), (1, Power::ALL.as_slice(), None));
        let paper = papers::signed_for_usager(&world.context, &own, mine[0].id).await.unwrap().expect("the mandate signed");
        assert!(paper.pdf.starts_with(b"%PDF-") && paper.file_name.starts_with("mandat-2026-"));
        let page = review::for_person(&world.context, &own, None).await.unwrap();
        let told: Vec<String> = page.records.iter().map(|record| sentence(record, Reader::Person)).collect();
        assert!(told.iter().any(|line| line.contains("Nadia Roussel") && line.contains("CCAS de Vaudorme")), "{told:#?}");
    }
}

#[tokio::test]
async fn a_signature_by_code_alone_creates_the_account_and_nothing_more_until_confirmed() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let id = world.presents(&nadia, &World::josette(), &["create_account", "give_access_back"]).await;
        world.signs(&nadia, id, Gesture::CodeAlone).await;
        let josette = world.countersigns(&nadia, id).await;

        let aidant = world.at_work(&nadia).await;
        let Lending::Refused(Refusal::Provisional { .. }) = access_back::lend(&world.context, &aidant, josette).await.unwrap() else {
            panic!("provisional")
        };
        let record = people::record(&world.context, &aidant, josette).await.unwrap().expect("a record");
        assert!(matches!(record.standing, Standing::Provisional { .. }));
        let Lending::Lent(lent) = first_secret::lend(&world.context, &aidant, josette).await.unwrap() else {
            panic!("the first secret is part of creating")
        };
        world.chooses(&lent, PASSWORD).await;
        world.takes_back(&nadia).await;

        world.kernel().clock.advance(hours(72));
        assert_eq!(lifecycle::run(&world.context).await.unwrap().suspended, 1);
        let nadia = world.worker("Nadia R.", "nadia2@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let aidant = world.at_work(&nadia).await;
        assert!(matches!(access_back::lend(&world.context, &aidant, josette).await.unwrap(), Lending::Refused(Refusal::Suspended { .. })));
    }
}

#[tokio::test]
async fn the_person_stops_the_mandate_and_the_next_request_of_the_aidant_finds_it_so() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let josette = world.opens_account(&nadia, &World::josette()).await;
        let aidant = world.at_work(&nadia).await;
        let Lending::Lent(lent) = access_back::lend(&world.context, &aidant, josette).await.unwrap() else { panic!("lent") };

        let own = own(world.kernel(), josette).await;
        let id = mine::mandates(&world.context, &own).await.unwrap()[0].id;
        assert_eq!(mine::stop(&world.context, &own, id).await.unwrap(), Stop::Stopped);
        assert_eq!(mine::stop(&world.context, &own, id).await.unwrap(), Stop::AlreadyOver);

        let screen = world.screen(&lent).await;
        assert!(secret_screen::send_code(&world.context, &screen).await.unwrap().is_none(), "a screen lent before is worth nothing");
        world.takes_back(&nadia).await;
        let aidant = world.at_work(&nadia).await;
        assert!(matches!(access_back::lend(&world.context, &aidant, josette).await.unwrap(), Lending::Refused(Refusal::Stopped { .. })));
        let last = &world.journal().await[0];
        assert_eq!((last.event, &last.ended), (Event::AccessHandoverStarted, &Ended::Refused("mandate_revoked".into())));
    }
}

#[tokio::test]
async fn an_expired_mandate_gives_no_access_back_and_leaves_a_trace() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let josette = world.opens_account(&nadia, &World::josette()).await;
        world.kernel().clock.advance(days(200));
        let again = world.worker("Nadia Roussel", "nadia3@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let aidant = world.at_work(&again).await;
        // The clock decides, even before the job that writes it.
        assert!(matches!(access_back::lend(&world.context, &aidant, josette).await.unwrap(), Lending::Refused(Refusal::Expired { .. })));
        assert_eq!(lifecycle::run(&world.context).await.unwrap().expired, 1);
        assert_eq!(lifecycle::run(&world.context).await.unwrap(), lifecycle::Changed::default());
        assert!(matches!(access_back::lend(&world.context, &aidant, josette).await.unwrap(), Lending::Refused(Refusal::Expired { .. })));
    }
}

#[tokio::test]
async fn another_structure_knows_nothing_of_the_person() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let josette = world.opens_account(&nadia, &World::josette()).await;
        let id = world.presents(&nadia, &PersonFields { given_names: "Rene".into(), ..World::josette() }, &["create_account"]).await;
        let hugo = hugo(&world).await;
        let hugo = world.at_work(&hugo).await;
        assert!(matches!(access_back::lend(&world.context, &hugo, josette).await.unwrap(), Lending::Unknown));
        assert!(matches!(first_secret::lend(&world.context, &hugo, josette).await.unwrap(), Lending::Unknown));
        assert!(people::record(&world.context, &hugo, josette).await.unwrap().is_none());
        assert!(papers::signed_for_aidant(&world.context, &hugo, josette).await.unwrap().is_none());
        assert!(papers::welcome_sheet(&world.context, &hugo, josette).await.unwrap().is_none());
        assert!(prepare::load(&world.context, &hugo, id).await.unwrap().is_none());
        assert!(papers::presented_for_aidant(&world.context, &hugo, id).await.unwrap().is_none());
        assert!(matches!(prepare::save_address(&world.context, &hugo, id, "autre.nom").await.unwrap(), Save::Gone));
        assert!(matches!(prepare::lend_to_sign(&world.context, &hugo, id).await.unwrap(), prepare::Lending::Gone));
        assert!(!prepare::abandon(&world.context, &hugo, id).await.unwrap());
        let list = people::list(&world.context, &hugo, everyone_with(&world, "")).await.unwrap();
        assert!(list.known.is_empty() && list.unfinished.is_empty());
    }
}

#[tokio::test]
async fn another_person_reads_and_stops_nothing_of_josette() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let josette = world.opens_account(&nadia, &World::josette()).await;
        let rene = world
            .opens_account(&nadia, &PersonFields { given_names: "René".into(), phone: "06 39 98 55 55".into(), ..World::josette() })
            .await;
        let (josette, rene) = (own(world.kernel(), josette).await, own(world.kernel(), rene).await);
        let id = mine::mandates(&world.context, &josette).await.unwrap()[0].id;
        assert!(mine::mandate(&world.context, &rene, id).await.unwrap().is_none());
        assert!(papers::signed_for_usager(&world.context, &rene, id).await.unwrap().is_none());
        assert_eq!(mine::stop(&world.context, &rene, id).await.unwrap(), Stop::Unknown);
        let page = review::for_person(&world.context, &rene, None).await.unwrap();
        assert!(page.records.iter().all(|record| !sentence(record, Reader::Person).contains("Josette")));
    }
}

#[tokio::test]
async fn who_does_not_want_to_sign_is_forgotten() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let id = world.presents(&nadia, &World::josette(), &["create_account"]).await;
        let aidant = world.at_work(&nadia).await;
        let prepare::Lending::Lent(lent) = prepare::lend_to_sign(&world.context, &aidant, id).await.unwrap() else { panic!("lent") };
        let screen = world.screen(&lent).await;
        assert!(signature::refuse(&world.context, &screen).await.unwrap());
        assert!(matches!(signature::look(&world.context, &world.screen(&lent).await).await.unwrap(), Signing::Refused));
        assert!(!signature::refuse(&world.context, &screen).await.unwrap(), "once");
        world.takes_back(&nadia).await;
        for record in world.journal().await {
            assert!(!sentence(&record, Reader::Structure).contains("Josette"), "{}", sentence(&record, Reader::Structure));
        }
        // The address is free again: nobody was given it.
        world.presents(&nadia, &World::josette(), &["create_account"]).await;
    }
}

#[tokio::test]
async fn only_what_was_shown_is_signed_and_only_by_who_holds_the_phone() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let id = world.presents(&nadia, &World::josette(), &["create_account"]).await;
        let aidant = world.at_work(&nadia).await;
        let prepare::Lending::Lent(lent) = prepare::lend_to_sign(&world.context, &aidant, id).await.unwrap() else { panic!("lent") };
        let screen = world.screen(&lent).await;
        let sign = async |code: &str, drawing: &str| {
            signature::sign(&world.context, &screen, &Secret::new(code.into()), Gesture::Drawn(drawing.into())).await.unwrap()
        };
        assert!(matches!(sign("123456", DRAWING).await, Sign::CodeOver), "no code was sent");
        signature::send_code(&world.context, &screen).await.unwrap().expect("sent");
        let code = world.received_code().await;
        for drawing in [
            "",
            "[]",
            r#"{"h":357,"s":[]}"#,
            r#"{"h":357,"s":[[10,10]]}"#,
            r#"{"h":0,"s":[[1,2,900,4,5,6,7,8,9,10,11,12]]}"#,
            &"9".repeat(200_000),
        ] {
            assert!(matches!(sign(code.reveal(), drawing).await, Sign::NoDrawing), "a bad drawing costs no try");
        }
        let wrong = if code.reveal() == "000000" { "000001" } else { "000000" };
        assert!(matches!(sign(wrong, DRAWING).await, Sign::WrongCode { left: 4 }));
        // The aidant changes a word from another session: what was shown is not what would be signed.
        let thomas = world.worker("Thomas Girard", "thomas@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let thomas = world.at_work(&thomas).await;
        assert!(matches!(prepare::save_address(&world.context, &thomas, id, "autre.adresse").await.unwrap(), Save::Saved));
        assert!(matches!(sign(code.reveal(), DRAWING).await, Sign::Closed));
        assert!(matches!(prepare::present(&world.context, &thomas, id).await.unwrap(), Presentation::Presented));
        assert!(matches!(sign(code.reveal(), DRAWING).await, Sign::Closed), "the person has not read this document");
        assert!(matches!(signature::look(&world.context, &world.screen(&lent).await).await.unwrap(), Signing::Closed));
    }
}

#[tokio::test]
async fn a_letter_that_no_paper_can_print_is_asked_for_otherwise() {
    for world in worlds().await {
        let aidant = world.at_work(&nadia(&world).await).await;
        let fields = PersonFields { family_name: "Ɓa\u{180}".into(), birthplace: "\u{180}".into(), ..World::josette() };
        let problems = prepare::begin(&world.context, &aidant, &fields).await.unwrap().expect_err("no face has ƀ");
        assert_eq!(problems, [(Field::FamilyName, Problem::NotAName), (Field::Birthplace, Problem::NotAName)]);
    }
}

#[tokio::test]
async fn a_draft_changed_while_its_document_is_printed_is_printed_anew() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let id = world.presents(&nadia, &World::josette(), &["create_account"]).await;
        let (aidant, colleague) = (world.at_work(&nadia).await, world.works_elsewhere_too(&nadia).await);
        // Back to a draft, then printed by one and changed by the other at once.
        assert!(matches!(prepare::save_address(&world.context, &aidant, id, "premiere.adresse").await.unwrap(), Save::Saved));
        let (presented, saved) = tokio::join!(
            prepare::present(&world.context, &aidant, id),
            prepare::save_address(&world.context, &colleague, id, "seconde.adresse")
        );
        assert!(matches!((presented.unwrap(), saved.unwrap()), (Presentation::Presented, Save::Saved)));
        let in_hand = prepare::load(&world.context, &aidant, id).await.unwrap().expect("in hand");
        assert_eq!(in_hand.draft.address.as_deref(), Some("seconde.adresse@exemple-mail.fr"));
        // Changed after it was printed, it is a draft again; else the address that was printed is the one that is held.
        if in_hand.state == State::Presented {
            let other = MandateId::new(&world.kernel().chance, world.kernel().now());
            let mut tx = world.kernel().db.read().await.unwrap();
            assert!(store::mandates::is_held(&mut tx, "seconde.adresse@exemple-mail.fr", other).await.unwrap());
            assert!(!store::mandates::is_held(&mut tx, "premiere.adresse@exemple-mail.fr", other).await.unwrap());
        } else {
            assert_eq!(in_hand.state, State::Draft);
        }
    }
}

#[tokio::test]
async fn the_same_terms_posted_by_many_hands_are_one_document() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let id = world.presents(&nadia, &World::josette(), &["create_account"]).await;
        let aidant = world.at_work(&nadia).await;
        let terms =
            |duration: &str| TermsFields { powers: vec!["create_account".into()], duration: duration.into(), ..TermsFields::default() };
        let post = async |duration: &str| {
            assert!(matches!(prepare::save_terms(&world.context, &aidant, id, &terms(duration)).await.unwrap(), Save::Saved));
            assert!(matches!(prepare::present(&world.context, &aidant, id).await.unwrap(), Presentation::Presented));
        };
        let number = async || store::mandates::find(&mut world.kernel().db.read().await.unwrap(), id).await.unwrap().unwrap().number;
        let first = number().await;
        tokio::join!(post("month"), post("month"), post("month"), post("month"), post("month"));
        let second = number().await;
        assert_ne!(first, second, "other terms are another document");
        post("month").await;
        assert_eq!(number().await, second, "the same again are not");
        let presented = world.journal().await.iter().filter(|record| record.event == Event::MandatePresented).count();
        assert_eq!(presented, 2);
        // What was presented yesterday bears the day of yesterday.
        world.kernel().clock.advance(hours(23));
        post("month").await;
        assert_ne!(number().await, second);
    }
}

#[tokio::test]
async fn tries_on_a_lent_screen_are_read_by_the_person_and_the_structure() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let josette = world.opens_account(&nadia, &World::josette()).await;
        let aidant = world.at_work(&nadia).await;
        let Lending::Lent(lent) = access_back::lend(&world.context, &aidant, josette).await.unwrap() else { panic!("lent") };
        let screen = world.screen(&lent).await;
        secret_screen::send_code(&world.context, &screen).await.unwrap().expect("sent");
        let code = world.received_code().await;
        let wrong = if code.reveal() == "000000" { "000001" } else { "000000" };
        let answer = secret_screen::prove(&world.context, &screen, &Secret::new(wrong.into()), secret_screen::Proof::Phone).await.unwrap();
        assert!(matches!(answer, Some(CodeAnswer::Wrong { left: 4 })));
        let StaffAt::Lent(locked) = sessions::staff(world.kernel(), &nadia.cookie).await.unwrap() else { panic!("locked") };
        let unlocked = aidants::unlock(&world.context, &locked, &Secret::new("000000".into())).await.unwrap();
        assert!(matches!(unlocked, aidants::Unlock::Wrong));

        let told: Vec<String> = world.journal().await[..2].iter().map(|record| sentence(record, Reader::Structure)).collect();
        assert_eq!(
            told,
            [
                "Nadia Roussel a voulu donner un code de confirmation pour une action importante. C’est refusé\u{a0}: le code n’est pas le bon.",
                "Quelqu’un a voulu choisir un nouveau mot de passe sur l’écran prêté à Josette Lambert. C’est refusé\u{a0}: le code n’est pas le bon.",
            ]
        );
        let mut tx = world.kernel().db.read().await.unwrap();
        let viewer = Viewer::Person(josette.uuid());
        let read = maincourante_journal::read(&mut tx, world.kernel(), viewer, &Filter::default(), 5).await.unwrap().records;
        let events: Vec<Event> = read.iter().map(|record| record.event).collect();
        assert_eq!(events[..2], [Event::AuthStepup, Event::AccessHandoverCompleted], "the person reads them too");
        assert!(events.contains(&Event::SmsSent), "and that a code left");
    }
}

#[tokio::test]
async fn who_left_the_structure_lends_nothing_any_more_even_what_is_lent() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let josette = world.opens_account(&nadia, &World::josette()).await;
        let id = world.presents(&nadia, &PersonFields { phone: "06 39 98 00 77".into(), ..World::josette() }, &["create_account"]).await;
        let aidant = world.at_work(&nadia).await;
        let Lending::Lent(lent) = access_back::lend(&world.context, &aidant, josette).await.unwrap() else { panic!("lent") };
        let elsewhere = world.works_elsewhere_too(&nadia).await;
        let prepare::Lending::Lent(signing) = prepare::lend_to_sign(&world.context, &elsewhere, id).await.unwrap() else { panic!("lent") };
        let (screen, to_sign) = (world.screen(&lent).await, world.screen(&signing).await);
        assert!(matches!(secret_screen::look(&world.context, &screen).await.unwrap(), secret_screen::Look::Code { .. }));
        assert!(matches!(signature::look(&world.context, &to_sign).await.unwrap(), Signing::Open(_)));
        world.leaves(&nadia).await;
        assert!(matches!(secret_screen::look(&world.context, &screen).await.unwrap(), secret_screen::Look::Closed));
        assert!(secret_screen::send_code(&world.context, &screen).await.unwrap().is_none());
        assert!(matches!(signature::look(&world.context, &to_sign).await.unwrap(), Signing::Closed));
        assert!(signature::send_code(&world.context, &to_sign).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_second_screen_for_the_same_person_closes_the_first_and_is_written() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let josette = world.opens_account(&nadia, &World::josette()).await;
        let aidant = world.at_work(&nadia).await;
        let Lending::Lent(first) = access_back::lend(&world.context, &aidant, josette).await.unwrap() else { panic!("lent") };
        let screen = world.screen(&first).await;
        let elsewhere = world.works_elsewhere_too(&nadia).await;
        let Lending::Lent(_) = access_back::lend(&world.context, &elsewhere, josette).await.unwrap() else { panic!("lent") };
        assert!(
            secret_screen::choose(&world.context, &screen, &Secret::new("canal tulipe horloge".into()))
                .await
                .is_ok_and(|chosen| matches!(chosen, Choose::Closed))
        );
        let events: Vec<Event> = world.journal().await[..3].iter().map(|record| record.event).collect();
        assert_eq!(events, [Event::AccessHandoverStarted, Event::AccessHandoverCancelled, Event::AccessHandoverStarted]);
        world.takes_back(&nadia).await;
        assert_eq!(world.journal().await[0].event, Event::AccessHandoverStarted, "closed once, told once");
    }
}

#[tokio::test]
async fn a_mandate_left_for_a_day_is_wiped() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let id = world.presents(&nadia, &World::josette(), &["create_account"]).await;
        world.kernel().clock.advance(hours(25));
        assert_eq!(lifecycle::run(&world.context).await.unwrap().abandoned, 1);
        let nadia = world.worker("Nadia R.", "nadia4@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let aidant = world.at_work(&nadia).await;
        let in_hand = prepare::load(&world.context, &aidant, id).await.unwrap().expect("its trace");
        assert!(in_hand.state == State::Abandoned && in_hand.draft.person.is_none());
        assert!(papers::presented_for_aidant(&world.context, &aidant, id).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn nothing_is_countersigned_before_the_signature_nor_twice() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let id = world.presents(&nadia, &World::josette(), &["create_account"]).await;
        let code = world.code(&nadia);
        let aidant = world.at_work(&nadia).await;
        let early = activate::countersign(&world.context, &aidant, id, &code, None).await.unwrap();
        assert!(matches!(early, activate::Countersignature::NotSigned));
        world.signs(&nadia, id, Gesture::Drawn(DRAWING.into())).await;
        let aidant = world.at_work(&nadia).await;
        let wrong = activate::countersign(&world.context, &aidant, id, &Secret::new("000000".into()), None).await.unwrap();
        assert!(matches!(wrong, activate::Countersignature::Wrong));
        let first = world.countersigns(&nadia, id).await;
        assert_eq!(world.countersigns(&nadia, id).await, first, "a second post meets the same account");
        let aidant = world.at_work(&nadia).await;
        assert_eq!(people::list(&world.context, &aidant, everyone_with(&world, "josété lambert")).await.unwrap().known.len(), 0);
        assert_eq!(people::list(&world.context, &aidant, everyone_with(&world, "JOSETTE")).await.unwrap().known.len(), 1);
    }
}

#[test]
fn every_power_is_demanded_by_an_act_and_every_refusal_has_its_sentence() {
    for power in Power::ALL {
        assert!(!power.acts().is_empty(), "nothing demands {power:?}");
        for act in power.acts() {
            let (module, function) = act.split_once("::").expect("module::function");
            let place = format!("{}/src/{module}", env!("CARGO_MANIFEST_DIR"));
            let mut source = std::fs::read_to_string(format!("{place}.rs")).expect(act);
            assert!(source.contains(&format!("pub async fn {function}(")), "{act} exists");
            for part in std::fs::read_dir(place).into_iter().flatten() {
                source += &std::fs::read_to_string(part.unwrap().path()).unwrap();
            }
            assert!(source.contains(&format!("Power::{power:?}")), "{act} does not name {power:?}");
        }
    }
    let at = testing::START;
    for refusal in [
        Refusal::NotGranted,
        Refusal::Expired { since: at },
        Refusal::Stopped { since: at },
        Refusal::Over { since: at, how: State::Renewed },
        Refusal::Revoked { since: at },
        Refusal::Suspended { since: at },
        Refusal::Provisional { until: at },
    ] {
        assert!(reason_is_told(refusal.as_str()), "{}", refusal.as_str());
    }
}
