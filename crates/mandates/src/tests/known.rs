//! Josette has an account with the CCAS; Hugo, of another structure, is asked to help her too. Both engines.

use maincourante_identity::find_account::Ask;
use maincourante_identity::testing::own;
use maincourante_identity::{self as identity, UsagerId};
use maincourante_kernel::clock::minutes;

use super::*;
use crate::find_account::{self, Answer, Look};
use crate::secret_screen::Proof;

const ADDRESS: &str = "josette.lambert@exemple-mail.fr";
const ACCESS: &[&str] = &["give_access_back"];

struct Scene {
    world: World,
    nadia: Worker,
    hugo: Worker,
    josette: UsagerId,
}

async fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for world in worlds().await {
        let (nadia, hugo) = (nadia(&world).await, hugo(&world).await);
        let josette = world.opens_account(&nadia, &World::josette()).await;
        scenes.push(Scene { world, nadia, hugo, josette });
    }
    scenes
}

impl Scene {
    async fn lends(&self) -> (MandateId, maincourante_identity::Lent) {
        let aidant = self.world.at_work(&self.hugo).await;
        let id = MandateId::new(&self.world.kernel().chance, self.world.kernel().now());
        match find_account::lend(&self.world.context, &aidant, id).await.unwrap() {
            find_account::Lending::Lent(id, lent) => (id, lent),
            _ => panic!("lent"),
        }
    }

    /// What Hugo knows of the one for whom he prepares a mandate.
    async fn hugo_reads(&self, id: MandateId) -> Option<String> {
        let aidant = self.world.at_work(&self.hugo).await;
        let in_hand = prepare::load(&self.world.context, &aidant, id).await.unwrap().unwrap();
        in_hand.draft.who().map(|(_, name)| name)
    }

    async fn messages(&self) -> usize {
        self.world.jobs_run().await;
        self.world.phone.lock().unwrap().len()
    }
}

#[tokio::test]
async fn a_second_structure_helps_under_a_mandate_of_its_own_and_neither_sees_the_other() {
    for scene in scenes().await {
        let Scene { world, nadia, hugo, josette } = &scene;
        let id = world.says_which(hugo, "06 39 98 12 34").await;
        assert_eq!(scene.hugo_reads(id).await.as_deref(), Some("Josette Lambert"));
        world.presents_terms(hugo, id, ACCESS).await;
        world.signs(hugo, id, Gesture::Drawn(DRAWING.into())).await;
        assert_eq!(world.countersigns(hugo, id).await, *josette, "no other account: {}", world.engine);

        let own = own(world.kernel(), *josette).await;
        let told = mine::mandates(&world.context, &own).await.unwrap();
        let names: Vec<_> = told.iter().map(|mandate| (mandate.structure.name.as_str(), mandate.closed.is_none())).collect();
        assert_eq!(names, [("Maison France Services", true), ("CCAS de Vaudorme", true)], "she sees both");
        assert_eq!(told[0].powers, [Power::GiveAccessBack]);

        let (at_hugo, at_nadia) = (world.at_work(hugo).await, world.at_work(nadia).await);
        let (hugos, nadias) = (told[0].id, told[1].id);
        assert!(papers::older_for_aidant(&world.context, &at_hugo, *josette, nadias).await.unwrap().is_none());
        assert!(papers::older_for_aidant(&world.context, &at_nadia, *josette, hugos).await.unwrap().is_none());
        let lines = review::of_record(&world.context, &at_hugo, *josette).await.unwrap().records;
        assert!(lines.iter().all(|line| !sentence(line, Reader::Structure).contains("Nadia")), "nothing of the other's acts");
        let record = people::record(&world.context, &at_hugo, *josette).await.unwrap().unwrap();
        assert!(record.older.is_empty());
        assert!(world.journal().await.iter().all(|line| !sentence(line, Reader::Structure).contains("Hugo")), "{}", world.engine);

        assert_eq!(mine::stop(&world.context, &own, nadias).await.unwrap(), Stop::Stopped);
        let lend = async |worker: &Worker| access_back::lend(&world.context, &world.at_work(worker).await, *josette).await.unwrap();
        assert!(matches!(lend(nadia).await, Lending::Refused(Refusal::Stopped { .. })));
        assert!(matches!(lend(hugo).await, Lending::Lent(_)), "the other goes on: {}", world.engine);
        world.takes_back(hugo).await;
        // Come back to the first one later: the same road, since only she can say that she wants it.
        let nadia = world.after(nadia, minutes(10)).await;
        let hugo = world.after(hugo, minutes(10)).await;
        let again = world.renews(&nadia, *josette, ACCESS).await;
        assert_eq!(mine::mandates(&world.context, &own).await.unwrap()[0].id, again);
        let at_hugo = world.at_work(&hugo).await;
        let lent = access_back::lend(&world.context, &at_hugo, *josette).await.unwrap();
        assert!(matches!(lent, Lending::Lent(_)), "a renewal here ends nothing there: {}", world.engine);
    }
}

#[tokio::test]
async fn known_or_not_the_lent_screen_answers_the_same_and_the_aidant_learns_nothing() {
    for scene in scenes().await {
        let Scene { world, hugo, .. } = &scene;
        for (login, rings) in [(ADDRESS, true), ("nobody@exemple-mail.fr", false), ("06 39 98 00 00", false), ("josette", false)] {
            let before = scene.messages().await;
            let (id, lent) = scene.lends().await;
            let screen = world.screen(&lent).await;
            assert_eq!(find_account::look(&world.context, &screen).await.unwrap(), Look::Ask);
            assert_eq!(find_account::ask(&world.context, &screen, "  ").await.unwrap(), Some(Ask::Empty));
            for _ in 0..2 {
                assert_eq!(find_account::ask(&world.context, &screen, login).await.unwrap(), Some(Ask::Asked), "{login}");
            }
            assert_eq!(find_account::look(&world.context, &screen).await.unwrap(), Look::Code);
            assert_eq!(scene.messages().await - before, usize::from(rings), "one message, to who has an account: {login}");
            for left in (1..5).rev() {
                let by = if left % 2 == 0 { Proof::Phone } else { Proof::Sheet };
                let answer = find_account::prove(&world.context, &screen, &Secret::new("000000".into()), by).await.unwrap();
                assert!(matches!(answer, Answer::Wrong { left: told } if told == left), "{login} {}", world.engine);
            }
            for _ in 0..2 {
                let answer = find_account::prove(&world.context, &screen, &Secret::new("000000".into()), Proof::Phone).await.unwrap();
                assert!(matches!(answer, Answer::Over), "{login}");
            }
            // The right one is too late.
            if rings {
                let code = world.received_code().await;
                let answer = find_account::prove(&world.context, &screen, &code, Proof::Phone).await.unwrap();
                assert!(matches!(answer, Answer::Over), "{}", world.engine);
            }
            world.takes_back(hugo).await;
            assert_eq!(scene.hugo_reads(id).await, None, "{login}");
            let aidant = world.at_work(hugo).await;
            assert!(prepare::abandon(&world.context, &aidant, id).await.unwrap());
        }
        // She reads that someone tried; the structure that lent the screen reads nothing.
        let mut tx = world.kernel().db.read().await.unwrap();
        let person = Viewer::Person(scene.josette.uuid());
        let read = maincourante_journal::read(&mut tx, world.kernel(), person, &Filter::default(), 100).await.unwrap().records;
        assert!(read.iter().any(|line| line.event == Event::MandateDrafted && line.ended == Ended::Refused("wrong_code".into())));
        drop(tx);
        let aidant = world.at_work(hugo).await;
        assert!(people::list(&world.context, &aidant, everyone_with(world, "")).await.unwrap().known.is_empty());
    }
}

#[tokio::test]
async fn a_code_of_the_sheet_shows_whose_the_account_is_for_who_has_no_phone() {
    for scene in scenes().await {
        let Scene { world, nadia, hugo, josette } = &scene;
        let codes = world.makes_sheet(nadia, *josette, PASSWORD).await;
        let (id, lent) = scene.lends().await;
        let screen = world.screen(&lent).await;
        let prove = async |code: &str| find_account::prove(&world.context, &screen, &Secret::new(code.into()), Proof::Sheet).await.unwrap();
        assert!(matches!(prove(&codes[0]).await, Answer::Over), "the address is typed first");
        find_account::ask(&world.context, &screen, ADDRESS).await.unwrap();
        assert!(matches!(prove(&codes[0]).await, Answer::Right { .. }), "{}", world.engine);
        assert!(matches!(prove(&codes[1]).await, Answer::Closed), "once it is known, nothing more is asked");
        world.takes_back(hugo).await;
        assert_eq!(scene.hugo_reads(id).await.as_deref(), Some("Josette Lambert"));
        // Used up.
        let (_, lent) = scene.lends().await;
        let screen = world.screen(&lent).await;
        find_account::ask(&world.context, &screen, ADDRESS).await.unwrap();
        let again = find_account::prove(&world.context, &screen, &Secret::new(codes[0].clone()), Proof::Sheet).await.unwrap();
        assert!(matches!(again, Answer::Wrong { .. }), "{}", world.engine);
    }
}

#[tokio::test]
async fn a_screen_taken_back_or_a_lender_who_left_finds_nobody_any_more() {
    for scene in scenes().await {
        let Scene { world, hugo, .. } = &scene;
        let (id, lent) = scene.lends().await;
        let screen = world.screen(&lent).await;
        find_account::ask(&world.context, &screen, ADDRESS).await.unwrap();
        let code = world.received_code().await;
        structures::suspend(&world.context, "73282932000074").await.unwrap();
        let answer = find_account::prove(&world.context, &screen, &code, Proof::Phone).await.unwrap();
        assert!(matches!(answer, Answer::Closed), "of a suspended structure: {}", world.engine);
        assert_eq!(find_account::look(&world.context, &screen).await.unwrap(), Look::Closed);
        structures::resume(&world.context, "73282932000074").await.unwrap();
        assert_eq!(find_account::look(&world.context, &screen).await.unwrap(), Look::Code, "it goes on with the structure");
        world.takes_back(hugo).await;
        assert!(identity::resume_hand_over(world.kernel(), &lent.token).await.unwrap().is_none());
        // Lent again for the same mandate, and left for a day: nobody's draft is wiped, and nobody is forgotten.
        let aidant = world.at_work(hugo).await;
        assert!(
            matches!(find_account::lend(&world.context, &aidant, id).await.unwrap(), find_account::Lending::Lent(same, _) if same == id)
        );
        world.kernel().clock.advance(hours(25));
        assert_eq!(lifecycle::run(&world.context).await.unwrap().abandoned, 1, "{}", world.engine);
        let own = own(world.kernel(), scene.josette).await;
        let first = mine::mandates(&world.context, &own).await.unwrap()[0].id;
        assert!(papers::signed_for_usager(&world.context, &own, first).await.unwrap().is_some());
    }
}
