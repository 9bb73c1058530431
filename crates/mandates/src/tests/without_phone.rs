//! Scenes of the recovery sheet: of who has no phone, or lost it.

use maincourante_identity::reset::{self, Finish, SheetTry, Step};
use maincourante_identity::{UsagerId, recovery_sheet, resume_hand_over};
use uuid::Uuid;

use super::*;
use crate::secret_screen::{Look, Proof};

/// Josette, who has no phone: she drew before Nadia. She chose her secret on the lent screen, and printed her sheet there.
async fn without_phone(world: &World, nadia: &Worker) -> (UsagerId, Vec<String>) {
    let fields = PersonFields { phone: String::new(), no_phone: "yes".into(), ..World::josette() };
    let id = world.presents(nadia, &fields, &["create_account", "give_access_back"]).await;
    world.signs(nadia, id, Gesture::Witnessed(DRAWING.into())).await;
    let josette = world.countersigns(nadia, id).await;
    let aidant = world.at_work(nadia).await;
    let Lending::Lent(lent) = first_secret::lend(&world.context, &aidant, josette).await.unwrap() else { panic!("lent") };
    let screen = world.screen(&lent).await;
    assert!(matches!(secret_screen::look(&world.context, &screen).await.unwrap(), Look::Secret { .. }), "nothing to prove with");
    assert!(secret_screen::make_sheet(&world.context, &screen, &lent.token, Uuid::from_u128(1)).await.unwrap().is_none(), "not yet");
    let chosen = secret_screen::choose(&world.context, &screen, &Secret::new(PASSWORD.into())).await.unwrap();
    assert!(matches!(chosen, Choose::Chosen { .. }));
    let codes = prints_sheet(world, &lent.token, 1).await;
    world.takes_back(nadia).await;
    (josette, codes)
}

async fn prints_sheet(world: &World, token: &Secret<String>, once: u128) -> Vec<String> {
    let screen = resume_hand_over(world.kernel(), token).await.unwrap().expect("a lent screen");
    let made = secret_screen::make_sheet(&world.context, &screen, token, Uuid::from_u128(once)).await.unwrap().expect("a sheet");
    made.codes.iter().map(|code| code.reveal().clone()).collect()
}

async fn tries(world: &World, login: &str, code: &str) -> SheetTry {
    reset::with_sheet(&world.context.identity, login, &Secret::new(code.into()), &World::requester()).await.unwrap()
}

const LOGIN: &str = "josette.lambert@exemple-mail.fr";

#[tokio::test]
async fn who_has_no_phone_comes_back_alone_with_a_code_of_their_sheet_used_once() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let (josette, codes) = without_phone(&world, &nadia).await;
        assert_eq!(codes.len(), recovery_sheet::CODES);
        assert_eq!(codes.iter().collect::<std::collections::HashSet<_>>().len(), recovery_sheet::CODES);

        // Unknown account, wrong code, someone else's code: one answer.
        for (login, code) in [("personne@exemple-mail.fr", codes[0].as_str()), (LOGIN, "AAAAA AAAAA")] {
            assert!(matches!(tries(&world, login, code).await, SheetTry::Wrong), "{}", world.engine);
        }
        assert!(matches!(tries(&world, LOGIN, " ").await, SheetTry::Empty));
        let typed = format!(" {} - {}", codes[3][..5].to_lowercase(), &codes[3][5..]);
        let SheetTry::Right { token } = tries(&world, LOGIN, &typed).await else { panic!("a code of the sheet") };
        assert_eq!(reset::step(&world.context.identity, &token).await.unwrap(), Step::NewSecret);
        assert!(matches!(tries(&world, LOGIN, &codes[3]).await, SheetTry::Wrong), "used");
        let new = Secret::new("nuage marin doré".to_owned());
        assert!(matches!(reset::finish(&world.context.identity, &token, &new).await.unwrap(), Finish::Done { .. }));

        let own = own(world.kernel(), josette).await;
        let alone = review::alone(&world.context, &own).await.unwrap();
        let helped = review::for_person(&world.context, &own, None).await.unwrap();
        let told: Vec<String> = alone.records.iter().chain(&helped.records).map(|line| sentence(line, Reader::Person)).collect();
        for words in ["avec la feuille de secours", "imprimé une feuille de codes de secours"] {
            assert!(told.iter().any(|line| line.contains(words)), "{words}: {told:#?}");
        }
    }
}

#[tokio::test]
async fn codes_are_tried_five_times_and_no_more() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let (_, codes) = without_phone(&world, &nadia).await;
        for login in [LOGIN, "personne@exemple-mail.fr"] {
            for _ in 0..5 {
                assert!(matches!(tries(&world, login, "AAAAAAAAAA").await, SheetTry::Wrong));
            }
            assert!(matches!(tries(&world, login, &codes[0]).await, SheetTry::TooMany { .. }), "{login}");
        }
    }
}

#[tokio::test]
async fn a_second_press_shows_the_same_sheet_and_a_new_one_ends_it() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let (josette, first) = without_phone(&world, &nadia).await;
        // The mandate waits for its print: access is given back once it is there.
        let mut tx = world.kernel().db.write().await.unwrap();
        let id =
            store::mandates::find_current(&mut tx, josette, world.structure, world.kernel().now()).await.unwrap().expect("a mandate").id;
        store::scans::confirm(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();

        let aidant = world.at_work(&nadia).await;
        let Lending::Lent(lent) = access_back::lend(&world.context, &aidant, josette).await.unwrap() else { panic!("lent") };
        let screen = world.screen(&lent).await;
        assert!(matches!(secret_screen::look(&world.context, &screen).await.unwrap(), Look::Sheet { .. }));
        let early = secret_screen::choose(&world.context, &screen, &Secret::new(PASSWORD.into())).await.unwrap();
        assert!(matches!(early, Choose::Closed), "not before a code of the sheet");
        let wrong = secret_screen::prove(&world.context, &screen, &Secret::new("AAAAA AAAAA".into()), Proof::Sheet).await.unwrap();
        assert!(matches!(wrong, Some(CodeAnswer::Wrong { left: 4 })));
        let right = secret_screen::prove(&world.context, &screen, &Secret::new(first[0].clone()), Proof::Sheet).await.unwrap();
        let Some(CodeAnswer::Right { token }) = right else { panic!("a code of the sheet") };
        let screen = resume_hand_over(world.kernel(), &token).await.unwrap().expect("a lent screen");
        let chosen = secret_screen::choose(&world.context, &screen, &Secret::new("nuage marin doré".into())).await.unwrap();
        assert!(matches!(chosen, Choose::Chosen { .. }));

        let second = prints_sheet(&world, &token, 2).await;
        assert_eq!(prints_sheet(&world, &token, 2).await, second, "pressed twice");
        assert!(first.iter().all(|code| !second.contains(code)));
        assert!(matches!(tries(&world, LOGIN, &first[1]).await, SheetTry::Wrong), "the old sheet is over");
        assert!(matches!(tries(&world, LOGIN, &second[1]).await, SheetTry::Right { .. }), "{}", world.engine);
        let printed = world.journal().await.iter().filter(|line| line.event == Event::AuthRecoverySheetPrinted).count();
        assert_eq!(printed, 2, "a second press leaves no second line");
    }
}

#[tokio::test]
async fn a_base_copied_gives_no_code_and_a_screen_taken_back_makes_no_sheet() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let (josette, codes) = without_phone(&world, &nadia).await;
        let mut tx = world.kernel().db.write().await.unwrap();
        assert!(recovery_sheet::has_one(&mut tx, josette).await.unwrap());
        drop(tx);
        // The token of the screen is over with it: there is no screen to make a sheet from.
        assert!(codes.iter().all(|code| code.len() == 10));
        let aidant = world.at_work(&nadia).await;
        assert!(matches!(
            access_back::lend(&world.context, &aidant, josette).await.unwrap(),
            Lending::Refused(Refusal::Provisional { .. })
        ));
    }
}
