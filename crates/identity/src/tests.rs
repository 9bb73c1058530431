//! Scenes of identity: Josette signs in, loses her secret, comes back; Nadia lends her screen. Both engines.

use std::sync::{Arc, Mutex};

use maincourante_kernel::clock::{hours, minutes, seconds};
use maincourante_kernel::testing::{self, TestKernel};
use maincourante_kernel::{Secret, jobs};
use maincourante_sms as sms;

use crate::reset::{self, Begin, Finish, Step};
use crate::testing::{PASSWORD, identity, own, requester, signed_in_staff, staff, usager};
use crate::*;

const ADDRESS: &str = "josette.lambert@exemple-mail.fr";
const PHONE: &str = "06 39 98 12 34";

/// One engine, the context on it, and the phone that receives.
struct World {
    identity: Identity,
    phone: sms::Memory,
    _kernel: TestKernel,
}

async fn worlds() -> Vec<World> {
    let kernels = testing::kernels().await;
    kernels
        .into_iter()
        .map(|kernel| World { identity: identity(&kernel.kernel), phone: Arc::new(Mutex::default()), _kernel: kernel })
        .collect()
}

impl World {
    async fn signs_in(&self, login: &str, password: &str) -> SignIn {
        let typed = Credentials { login: login.into(), password: Secret::new(password.into()), computer: Computer::Shared };
        sign_in(&self.identity, typed, &requester()).await.unwrap()
    }

    /// Runs every job that is due, as the server does.
    async fn jobs_run(&self) {
        let kernel = &self.identity.kernel;
        loop {
            let mut tx = kernel.db.write().await.unwrap();
            let Some(job) = jobs::claim(&mut tx, kernel.now()).await.unwrap() else { return };
            tx.commit().await.unwrap();
            match job.kind.as_str() {
                sms::DELIVER => {
                    let message = job.payload::<sms::Deliver>().unwrap().message;
                    deliver_text(&self.identity, &sms::Gateway::Memory(self.phone.clone()), message).await.unwrap();
                }
                reset::FIND => reset::find(&self.identity, job.payload::<reset::Find>().unwrap().request).await.unwrap(),
                ACCESS_CHANGED => {}
                other => panic!("nobody carries out {other}"),
            }
            let mut tx = kernel.db.write().await.unwrap();
            jobs::done(&mut tx, &job, kernel.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    fn last_code(&self) -> Secret<String> {
        let received = self.phone.lock().unwrap();
        let (_, body) = received.last().expect("a message arrived");
        Secret::new(body.split("votre code est ").nth(1).expect("a code").chars().take(6).collect())
    }
}

/// How many tries a wrong code left; none when it was right, or is over.
fn left(answer: &CodeAnswer) -> Option<i64> {
    match answer {
        CodeAnswer::Wrong { left } => Some(*left),
        CodeAnswer::Right { .. } | CodeAnswer::Over => None,
    }
}

fn typed(text: &str) -> Secret<String> {
    Secret::new(text.into())
}

#[tokio::test]
async fn a_person_signs_in_with_address_or_phone_and_out() {
    for world in worlds().await {
        let id = usager(&world.identity, ADDRESS, Some(PHONE)).await;
        for login in [ADDRESS, " Josette.Lambert@Exemple-Mail.FR ", PHONE, "+33639981234"] {
            let SignIn::Open(opened) = world.signs_in(login, PASSWORD).await else { panic!("{login} opens") };
            let own = sessions::own(&world.identity.kernel, &opened.token).await.unwrap().expect("a living session");
            assert_eq!((own.usager(), own.name().as_str()), (id, "Josette Lambert"));
            sign_out(&world.identity, &own).await.unwrap();
            assert!(sessions::own(&world.identity.kernel, &opened.token).await.unwrap().is_none(), "signed out");
        }
    }
}

#[tokio::test]
async fn wrong_words_open_nothing_and_too_many_tries_wait() {
    for world in worlds().await {
        usager(&world.identity, ADDRESS, None).await;
        for login in [ADDRESS, "personne@exemple-mail.fr", "", "06 39 98 00 00"] {
            assert!(matches!(world.signs_in(login, "pas le bon mot").await, SignIn::Refused), "{login}");
        }
        for _ in 0..9 {
            assert!(matches!(world.signs_in(ADDRESS, "pas le bon mot").await, SignIn::Refused));
        }
        let SignIn::TooMany { wait } = world.signs_in(ADDRESS, PASSWORD).await else { panic!("the eleventh try waits, even when right") };
        assert_eq!(wait, minutes(10));
        world.identity.kernel.clock.advance(minutes(10));
        assert!(matches!(world.signs_in(ADDRESS, PASSWORD).await, SignIn::Open(_)));
    }
}

#[tokio::test]
async fn a_shared_computer_forgets_after_fifteen_minutes() {
    for world in worlds().await {
        let kernel = &world.identity.kernel;
        usager(&world.identity, ADDRESS, None).await;
        let SignIn::Open(opened) = world.signs_in(ADDRESS, PASSWORD).await else { panic!("it opens") };
        for _ in 0..4 {
            kernel.clock.advance(minutes(14));
            assert!(sessions::own(kernel, &opened.token).await.unwrap().is_some(), "each page gives fifteen more minutes");
            assert!(sessions::is_alive(kernel, opened.session).await.unwrap());
        }
        kernel.clock.advance(minutes(15));
        assert!(sessions::own(kernel, &opened.token).await.unwrap().is_none());
        assert!(!sessions::is_alive(kernel, opened.session).await.unwrap());
        assert!(sessions::own(kernel, &typed("invented")).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_person_who_lost_their_secret_comes_back_alone() {
    for world in worlds().await {
        let id = usager(&world.identity, ADDRESS, Some(PHONE)).await;
        let kernel = &world.identity.kernel;
        let before = own(kernel, id).await;

        let Begin::Begun { token } = reset::begin(&world.identity, PHONE, &requester()).await.unwrap() else { panic!("it begins") };
        assert_eq!(reset::step(&world.identity, &token).await.unwrap(), Step::Code);
        world.jobs_run().await;
        let code = world.last_code();
        let wrong = if code.reveal() == "000000" { "000001" } else { "000000" };
        assert_eq!(left(&reset::check_code(&world.identity, &token, &typed(wrong)).await.unwrap()), Some(4));
        assert!(
            matches!(reset::finish(&world.identity, &token, &typed("nuage marin doré")).await.unwrap(), Finish::Over),
            "not before the code"
        );
        let copied = token;
        let CodeAnswer::Right { token } = reset::check_code(&world.identity, &copied, &code).await.unwrap() else { panic!("right") };
        assert_eq!(reset::step(&world.identity, &copied).await.unwrap(), Step::Over, "a token copied before the code is worth nothing");
        assert!(matches!(reset::finish(&world.identity, &copied, &typed("sable palier agrume")).await.unwrap(), Finish::Over));
        assert_eq!(left(&reset::check_code(&world.identity, &token, &code).await.unwrap()), Some(2), "a code serves once");

        assert!(matches!(reset::finish(&world.identity, &token, &typed("court")).await.unwrap(), Finish::Weak(_)));
        let Finish::Done { address, token: last } = reset::finish(&world.identity, &token, &typed("nuage marin doré")).await.unwrap()
        else {
            panic!("done")
        };
        assert_eq!(address, ADDRESS);
        assert_eq!(reset::finished_address(&world.identity, &last).await.unwrap().as_deref(), Some(ADDRESS));
        assert_eq!(reset::finished_address(&world.identity, &token).await.unwrap(), None);
        assert!(!sessions::is_alive(kernel, before.session()).await.unwrap(), "the other session ended");
        assert!(matches!(reset::finish(&world.identity, &token, &typed("nuage marin doré")).await.unwrap(), Finish::Over), "once");
        assert!(matches!(world.signs_in(ADDRESS, PASSWORD).await, SignIn::Refused));
        assert!(matches!(world.signs_in(ADDRESS, "nuage marin doré").await, SignIn::Open(_)));
        world.jobs_run().await;
        assert!(world.phone.lock().unwrap().last().unwrap().1.contains("votre mot de passe a changé"), "the person is told");
    }
}

#[tokio::test]
async fn a_form_posted_twice_begins_one_recovery_until_its_code_is_typed() {
    for world in worlds().await {
        usager(&world.identity, ADDRESS, Some(PHONE)).await;
        usager(&world.identity, "paul.sow@exemple-mail.fr", None).await;
        let kernel = &world.identity.kernel;
        let mark = kernel.chance.uuid(kernel.now());
        let post = async |login: &str| match reset::begin_as(&world.identity, mark, login, &requester()).await.unwrap() {
            Begin::Begun { token } => token,
            _ => panic!("it begins"),
        };
        let who = requester();
        let both =
            tokio::join!(reset::begin_as(&world.identity, mark, ADDRESS, &who), reset::begin_as(&world.identity, mark, ADDRESS, &who));
        let (Ok(Begin::Begun { token }), Ok(Begin::Begun { token: again })) = both else { panic!("both hands go on") };
        assert_eq!(token.reveal(), again.reveal());
        for _ in 0..10 {
            assert_eq!(post(ADDRESS).await.reveal(), token.reveal(), "and no limit is reached");
        }
        world.jobs_run().await;
        assert_eq!(world.phone.lock().unwrap().len(), 1, "one message");
        let other = post("paul.sow@exemple-mail.fr").await;
        assert_ne!(other.reveal(), token.reveal(), "another account is another request, whatever the mark");

        let code = world.last_code();
        let CodeAnswer::Right { .. } = reset::check_code(&world.identity, &token, &code).await.unwrap() else { panic!("right") };
        let late = post(ADDRESS).await;
        assert_eq!(reset::step(&world.identity, &late).await.unwrap(), Step::Code, "the mark opens nothing that a code opened");
        assert_eq!(reset::step(&world.identity, &token).await.unwrap(), Step::Over);
    }
}

#[tokio::test]
async fn an_unknown_account_answers_as_a_known_one() {
    for world in worlds().await {
        usager(&world.identity, ADDRESS, Some(PHONE)).await;
        for login in [ADDRESS, "personne@exemple-mail.fr"] {
            let Begin::Begun { token } = reset::begin(&world.identity, login, &requester()).await.unwrap() else { panic!("it begins") };
            world.jobs_run().await;
            let code = (0..6).find_map(|n| {
                Some(format!("{n}{n}{n}{n}{n}{n}"))
                    .filter(|code| world.phone.lock().unwrap().last().is_none_or(|sms| !sms.1.contains(code)))
            });
            let code = typed(&code.expect("a wrong code"));
            let mut answers = Vec::new();
            for _ in 0..6 {
                answers.push(left(&reset::check_code(&world.identity, &token, &code).await.unwrap()));
            }
            assert_eq!(answers, [Some(4), Some(3), Some(2), Some(1), None, None], "{login}");
        }
    }
}

#[tokio::test]
async fn asked_again_the_code_leaves_even_when_whoever_looked_for_the_account_was_cut_off() {
    for world in worlds().await {
        let kernel = &world.identity.kernel;
        usager(&world.identity, ADDRESS, Some(PHONE)).await;
        let Begin::Begun { token } = reset::begin(&world.identity, ADDRESS, &requester()).await.unwrap() else { panic!("it begins") };
        let mut tx = kernel.db.write().await.unwrap();
        let cut = jobs::claim(&mut tx, kernel.now()).await.unwrap().expect("the search");
        assert_eq!(cut.kind, reset::FIND);
        tx.commit().await.unwrap();
        world.jobs_run().await;
        assert!(world.phone.lock().unwrap().is_empty(), "its lease has not ended");
        assert!(matches!(reset::send_again(&world.identity, &token).await.unwrap(), reset::Again::Sent));
        world.jobs_run().await;
        let code = world.last_code();
        kernel.clock.advance(jobs::LEASE);
        world.jobs_run().await;
        assert_eq!(world.phone.lock().unwrap().len(), 1, "the search that comes back finds it done");
        assert!(matches!(reset::check_code(&world.identity, &token, &code).await.unwrap(), CodeAnswer::Right { .. }));
    }
}

#[tokio::test]
async fn sending_again_sends_the_same_code_and_not_for_ever() {
    for world in worlds().await {
        usager(&world.identity, ADDRESS, Some(PHONE)).await;
        let Begin::Begun { token } = reset::begin(&world.identity, ADDRESS, &requester()).await.unwrap() else { panic!("it begins") };
        world.jobs_run().await;
        let first = world.last_code();
        for _ in 0..3 {
            // Pressed twice, it is on its way: one message, and one less of those that may be asked for.
            for _ in 0..2 {
                assert!(matches!(reset::send_again(&world.identity, &token).await.unwrap(), reset::Again::Sent));
            }
            world.identity.kernel.clock.advance(seconds(11));
        }
        assert!(matches!(reset::send_again(&world.identity, &token).await.unwrap(), reset::Again::TooMany { .. }));
        world.jobs_run().await;
        assert_eq!(world.last_code().reveal(), first.reveal());
        assert_eq!(world.phone.lock().unwrap().len(), 4);
        world.identity.kernel.clock.advance(hours(1));
        assert!(matches!(reset::send_again(&world.identity, &token).await.unwrap(), reset::Again::Over));
    }
}

#[tokio::test]
async fn staff_sign_in_with_a_code_that_serves_once() {
    for world in worlds().await {
        let kernel = &world.identity.kernel;
        let (id, totp) = staff(&world.identity, StaffKind::Aidant, "Nadia Roussel", "nadia@ccas.fr").await;
        let attempt = async |password: &str, code: &str| {
            let typed =
                StaffCredentials { login: "Nadia@CCAS.fr".into(), password: Secret::new(password.into()), code: Secret::new(code.into()) };
            staff_sign_in(&world.identity, typed, &requester(), async |_, _| Ok(())).await.unwrap()
        };
        let code = totp.code_at(kernel.now()).unwrap();
        assert!(matches!(attempt("mauvais mot", &code).await, StaffSignIn::Refused), "a wrong password does not burn the code");
        let StaffSignIn::Open(opened) = attempt(PASSWORD, &code).await else { panic!("it opens") };
        assert!(matches!(sessions::staff(kernel, &opened.token).await.unwrap(), StaffAt::Here(who) if who.id() == id));
        assert!(matches!(attempt(PASSWORD, &code).await, StaffSignIn::Refused), "replayed");
        assert!(sessions::own(kernel, &opened.token).await.unwrap().is_none(), "a staff session is no one's own");
        kernel.clock.advance(seconds(30));
        assert!(matches!(attempt(PASSWORD, &totp.code_at(kernel.now()).unwrap()).await, StaffSignIn::Open(_)));
    }
}

#[tokio::test]
async fn a_lent_screen_locks_its_lender_until_a_fresh_code() {
    for world in worlds().await {
        let kernel = &world.identity.kernel;
        let josette = usager(&world.identity, ADDRESS, Some(PHONE)).await;
        let (nadia, totp) = staff(&world.identity, StaffKind::Aidant, "Nadia Roussel", "nadia@ccas.fr").await;
        let (who, cookie) = signed_in_staff(kernel, nadia).await;

        let mut tx = kernel.db.write().await.unwrap();
        let loan = Loan { purpose: Purpose::ChooseSecret, subject: josette.uuid(), shown: b"Josette" };
        let lent = lend(&mut tx, kernel, &who, loan).await.unwrap().expect("lent");
        assert!(lend(&mut tx, kernel, &who, loan).await.unwrap().is_none(), "lent twice");
        tx.commit().await.unwrap();
        let StaffAt::Lent(locked) = sessions::staff(kernel, &cookie).await.unwrap() else { panic!("the lender is locked") };

        let screen = resume_hand_over(kernel, &lent.token).await.unwrap().expect("the person's side");
        let phc = world.identity.hasher.hash(&typed("nuage marin doré"), &kernel.chance).await.unwrap();
        let mut tx = kernel.db.write().await.unwrap();
        assert_eq!(choose_secret(&mut tx, kernel, &screen, &phc).await.unwrap(), SecretChoice::PhoneNotProved);
        let phone = verified_phone(&mut tx, kernel, josette).await.unwrap().unwrap();
        assert_eq!(send_code(&mut tx, &world.identity, &screen, &phone.number, "CCAS").await.unwrap(), CodeSend::Sent);
        tx.commit().await.unwrap();
        world.jobs_run().await;
        let mut tx = kernel.db.write().await.unwrap();
        let code = world.last_code();
        assert!(world.phone.lock().unwrap().last().unwrap().1.contains("sur l'écran de Nadia Roussel"), "the message says what it is for");
        let CodeAnswer::Right { token } = prove_phone(&mut tx, &world.identity, &screen, &code).await.unwrap() else { panic!("right") };
        tx.commit().await.unwrap();

        assert!(resume_hand_over(kernel, &lent.token).await.unwrap().is_none(), "a token copied before the code is worth nothing");
        let screen = resume_hand_over(kernel, &token).await.unwrap().unwrap();
        let mut tx = kernel.db.write().await.unwrap();
        assert_eq!(choose_secret(&mut tx, kernel, &screen, &phc).await.unwrap(), SecretChoice::Chosen { sessions_ended: 0 });
        assert_eq!(choose_secret(&mut tx, kernel, &screen, &phc).await.unwrap(), SecretChoice::Closed);
        tx.commit().await.unwrap();
        assert!(matches!(world.signs_in(ADDRESS, "nuage marin doré").await, SignIn::Open(_)));

        let act = FreshAct::TakeScreenBack;
        let wrong = confirm(&world.identity, &locked, act, lent.id.uuid(), &typed("000000")).await.unwrap();
        assert!(matches!(wrong, Confirmation::Wrong));
        let code = typed(&totp.code_at(kernel.now()).unwrap());
        let Confirmation::Given(fresh) = confirm(&world.identity, &locked, act, lent.id.uuid(), &code).await.unwrap() else {
            panic!("fresh")
        };
        let mut tx = kernel.db.write().await.unwrap();
        let back = take_back(&mut tx, kernel, &locked, fresh).await.unwrap();
        tx.commit().await.unwrap();
        assert!(back.completed);
        assert!(matches!(sessions::staff(kernel, &cookie).await.unwrap(), StaffAt::Here(_)));
        assert!(resume_hand_over(kernel, &token).await.unwrap().is_none(), "the person's token died");
        assert!(matches!(confirm(&world.identity, &who, act, lent.id.uuid(), &code).await.unwrap(), Confirmation::Wrong), "replayed");
    }
}

#[tokio::test]
async fn of_two_screens_lent_for_the_same_only_the_last_one_lives() {
    for world in worlds().await {
        let kernel = &world.identity.kernel;
        let josette = usager(&world.identity, ADDRESS, Some(PHONE)).await;
        let (nadia, _) = staff(&world.identity, StaffKind::Aidant, "Nadia Roussel", "nadia@ccas.fr").await;
        let ((counter, _), (elsewhere, _)) = (signed_in_staff(kernel, nadia).await, signed_in_staff(kernel, nadia).await);
        let loan = Loan { purpose: Purpose::ChooseSecret, subject: josette.uuid(), shown: b"Josette" };
        let mut tx = kernel.db.write().await.unwrap();
        let first = lend(&mut tx, kernel, &counter, loan).await.unwrap().expect("lent");
        let screen_of = async |lent: &Lent| resume_hand_over(kernel, &lent.token).await.unwrap();
        tx.commit().await.unwrap();
        let begun = screen_of(&first).await.expect("it lives");
        let mut tx = kernel.db.write().await.unwrap();
        let second = lend(&mut tx, kernel, &elsewhere, loan).await.unwrap().expect("lent");
        tx.commit().await.unwrap();
        assert_eq!((first.closed.as_slice(), second.closed.as_slice()), ([].as_slice(), [first.id].as_slice()));
        assert!(screen_of(&first).await.is_none() && screen_of(&second).await.is_some());
        let mut tx = kernel.db.write().await.unwrap();
        assert!(!complete(&mut tx, kernel, &begun).await.unwrap(), "a request under way finds it closed");
    }
}

#[tokio::test]
async fn a_new_secret_ends_every_other_way_to_choose_one() {
    for world in worlds().await {
        let kernel = &world.identity.kernel;
        let josette = usager(&world.identity, ADDRESS, Some(PHONE)).await;
        let (nadia, _) = staff(&world.identity, StaffKind::Aidant, "Nadia Roussel", "nadia@ccas.fr").await;
        let (who, _) = signed_in_staff(kernel, nadia).await;
        let mut proved = Vec::new();
        for _ in 0..2 {
            let Begin::Begun { token } = reset::begin(&world.identity, ADDRESS, &requester()).await.unwrap() else { panic!("it begins") };
            world.jobs_run().await;
            let answer = reset::check_code(&world.identity, &token, &world.last_code()).await.unwrap();
            let CodeAnswer::Right { token } = answer else { panic!("right") };
            proved.push(token);
        }
        let mut tx = kernel.db.write().await.unwrap();
        let loan = Loan { purpose: Purpose::ChooseSecret, subject: josette.uuid(), shown: b"Josette" };
        let lent = lend(&mut tx, kernel, &who, loan).await.unwrap().expect("lent");
        tx.commit().await.unwrap();
        for _ in 0..10 {
            assert!(matches!(world.signs_in(ADDRESS, "pas le bon mot").await, SignIn::Refused));
        }

        let [kept, used] = &proved[..] else { panic!("two") };
        assert!(matches!(reset::finish(&world.identity, used, &typed("nuage marin doré")).await.unwrap(), Finish::Done { .. }));
        assert!(matches!(reset::finish(&world.identity, kept, &typed("sable palier agrume")).await.unwrap(), Finish::Over));
        assert!(resume_hand_over(kernel, &lent.token).await.unwrap().is_none());
        assert!(matches!(world.signs_in(ADDRESS, "nuage marin doré").await, SignIn::Open(_)), "tries at the old one are forgotten");
    }
}

#[tokio::test]
async fn a_session_opened_over_another_or_at_a_desk_ends_the_one_before() {
    for world in worlds().await {
        let kernel = &world.identity.kernel;
        usager(&world.identity, ADDRESS, None).await;
        let SignIn::Open(opened) = world.signs_in(ADDRESS, PASSWORD).await else { panic!("it opens") };
        sessions::end_by_token(kernel, &opened.token).await.unwrap();
        assert!(sessions::own(kernel, &opened.token).await.unwrap().is_none());
        sessions::end_by_token(kernel, &opened.token).await.unwrap();
        sessions::end_by_token(kernel, &typed("invented")).await.unwrap();
    }
}

#[tokio::test]
async fn addresses_that_speak_for_the_service_or_a_colleague_are_nobodys() {
    for world in worlds().await {
        staff(&world.identity, StaffKind::Aidant, "Nadia Roussel", "nadia_r@ccas.fr").await;
        let mut tx = world.identity.kernel.db.read().await.unwrap();
        for (local, reserved) in [("postmaster", true), ("nadia_r", true), ("nadiaxr", false), ("josette.lambert", false), ("nadia", false)]
        {
            let address = format!("{local}@exemple-mail.fr").parse().unwrap();
            assert_eq!(is_reserved(&mut tx, &address).await.unwrap(), reserved, "{local}");
        }
    }
}

#[tokio::test]
async fn a_code_typed_again_is_no_guess_and_a_wrong_one_is() {
    for world in worlds().await {
        let kernel = &world.identity.kernel;
        let (nadia, totp) = staff(&world.identity, StaffKind::Aidant, "Nadia Roussel", "nadia@ccas.fr").await;
        let (who, _) = signed_in_staff(kernel, nadia).await;
        let object = kernel.chance.uuid(kernel.now());
        let types = async |code: &str| confirm(&world.identity, &who, FreshAct::EndMandate, object, &typed(code)).await.unwrap();
        let code = totp.code_at(kernel.now()).unwrap();
        assert!(matches!(types(&code).await, Confirmation::Given(_)));
        for _ in 0..20 {
            assert!(matches!(types(&code).await, Confirmation::Wrong), "it served");
        }
        kernel.clock.advance(seconds(31));
        assert!(matches!(types(&totp.code_at(kernel.now()).unwrap()).await, Confirmation::Given(_)), "and nobody waits for it");

        let used = totp.code_at(kernel.now()).unwrap();
        let wrong = if used == "000000" { "111111" } else { "000000" };
        for _ in 0..5 {
            assert!(matches!(types(wrong).await, Confirmation::Wrong));
            assert!(matches!(types(&used).await, Confirmation::Wrong | Confirmation::TooMany { .. }), "what served pays for no guess");
        }
        assert!(matches!(types(wrong).await, Confirmation::TooMany { .. }));
    }
}

#[tokio::test]
async fn a_confirmation_serves_only_the_act_it_was_typed_for() {
    for world in worlds().await {
        let kernel = &world.identity.kernel;
        let (nadia, totp) = staff(&world.identity, StaffKind::Aidant, "Nadia Roussel", "nadia@ccas.fr").await;
        let (who, _) = signed_in_staff(kernel, nadia).await;
        let object = kernel.chance.uuid(kernel.now());
        let code = typed(&totp.code_at(kernel.now()).unwrap());
        let Confirmation::Given(fresh) = confirm(&world.identity, &who, FreshAct::ActivateMandate, object, &code).await.unwrap() else {
            panic!("fresh")
        };
        assert!(fresh.spend(FreshAct::TakeScreenBack, object).is_err());
        kernel.clock.advance(seconds(60));
        for n in 0..5 {
            let again = confirm(&world.identity, &who, FreshAct::ActivateMandate, object, &typed("abc")).await.unwrap();
            assert!(matches!(again, Confirmation::Wrong), "{n}");
        }
        let code = typed(&totp.code_at(kernel.now()).unwrap());
        let last = confirm(&world.identity, &who, FreshAct::ActivateMandate, object, &code).await.unwrap();
        assert!(matches!(last, Confirmation::TooMany { .. }));
    }
}

#[tokio::test]
async fn an_address_is_given_once_and_never_again() {
    for world in worlds().await {
        let kernel = &world.identity.kernel;
        usager(&world.identity, ADDRESS, None).await;
        let mut tx = kernel.db.write().await.unwrap();
        let proposed = proposals(&mut tx, "Josette", "Lambert", "exemple-mail.fr").await.unwrap();
        let proposed: Vec<&str> = proposed.iter().map(maincourante_kernel::address::MailAddress::local).collect();
        assert_eq!(proposed, ["j.lambert", "lambert.josette", "josette.lambert2", "josette.lambert3"]);
        assert!(!is_free(&mut tx, &"JOSETTE.Lambert@exemple-mail.fr".parse().unwrap()).await.unwrap());
    }
}
