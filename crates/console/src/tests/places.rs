//! Several structures, one at a time: Hugo, référent of the Maison France Services, is also a plain aidant of the CCAS. On both engines.

use maincourante_journal::Event;
use maincourante_kernel::testing::kernels;
use maincourante_mandates::StructureId;
use maincourante_mandates::team;

use super::*;

impl Scene {
    /// Hugo joins the team of the CCAS as well.
    async fn joins(&self, hugo: &mut Browser) {
        let login = "hugo@france-services.fr";
        let mut tx = self.world.kernel().db.read().await.unwrap();
        let (staff, _) = maincourante_identity::find_staff(&mut tx, login).await.unwrap().unwrap();
        drop(tx);
        team::attach(&self.world.context, self.world.structure, staff, MemberRole::Aidant).await.unwrap();
        hugo.get(routes::HOME).await.is(StatusCode::OK);
    }
}

async fn goes_to(browser: &mut Browser, structure: StructureId) {
    browser.get(routes::PLACES).await.is(StatusCode::OK).is_well_made();
    let token = browser.last().attribute("[name=form_token]", "value").unwrap();
    let fields = [("form_token".to_owned(), token), ("structure".to_owned(), structure.to_string())];
    browser.post(routes::PLACES, &fields).await.goes(routes::HOME);
}

#[tokio::test]
async fn what_belongs_to_the_other_structure_does_not_exist_while_one_acts_for_this_one() {
    for test in kernels().await {
        let mut scene = Scene::on(test).await;
        let record = scene.opens_account().await;
        let draft = scene.prepares(&[("given_names", "René"), ("phone", "06 39 98 00 11")]).await;
        let (home_of_hugo, _, mut hugo) = scene.hugo_too().await;
        hugo.get(routes::HOME).await.hides("Agir pour une autre structure");
        scene.joins(&mut hugo).await;
        for path in [record.as_str(), draft.as_str()] {
            hugo.get(path).await.is(StatusCode::NOT_FOUND);
        }
        hugo.get(routes::LOG).await.is(StatusCode::OK).says("Espace structure, Maison France Services");

        goes_to(&mut hugo, scene.world.structure).await;
        let home = hugo.follow().await;
        home.is(StatusCode::OK).says("Josette Lambert").says("Espace aidant, CCAS de Vaudorme").says("Agir pour une autre structure");
        hugo.get(&record).await.is(StatusCode::OK).says("CCAS de Vaudorme");
        hugo.get(&draft).await.is(StatusCode::SEE_OTHER);
        hugo.get(routes::LOG).await.is(StatusCode::NOT_FOUND);
        hugo.get(routes::TEAM).await.is(StatusCode::NOT_FOUND);
        for path in [routes::NEW, routes::JOURNAL, routes::CHARTER, routes::SHEET, routes::PLACES] {
            hugo.get(path).await.is(StatusCode::OK).says("Espace aidant, CCAS de Vaudorme");
        }
        let switched = |records: Vec<maincourante_journal::Record>| {
            records.iter().filter(|record| record.event == Event::AidantStructureSwitched).count()
        };
        assert_eq!(switched(scene.world.journal().await), 1, "{}", scene.world.engine);

        goes_to(&mut hugo, home_of_hugo).await;
        hugo.get(&record).await.is(StatusCode::NOT_FOUND);
        hugo.get(routes::LOG).await.is(StatusCode::OK).says("Hugo Petit a choisi d’agir au nom du CCAS de Vaudorme");
        assert_eq!(switched(scene.world.journal().await), 2);
        // Once more the same: nothing happens, no line.
        goes_to(&mut hugo, home_of_hugo).await;
        assert_eq!(switched(scene.world.journal().await), 2);

        let mut nadia = scene.browser.clone();
        nadia.get(routes::PLACES).await.is(StatusCode::OK);
        let token = nadia.last().attribute("[name=form_token]", "value").unwrap();
        let fields = [("form_token".to_owned(), token), ("structure".to_owned(), home_of_hugo.to_string())];
        nadia.post(routes::PLACES, &fields).await.is(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_new_session_goes_on_with_the_structure_of_the_last_one() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (_, hugo_works, mut hugo) = scene.hugo_too().await;
        scene.joins(&mut hugo).await;
        goes_to(&mut hugo, scene.world.structure).await;
        hugo.follow().await;
        hugo.submit(routes::SIGN_OUT, &[]).await.goes(routes::SIGN_IN);
        hugo.follow().await;
        let code = scene.world.code(&hugo_works).reveal().clone();
        let typed = [("login", "hugo@france-services.fr"), ("password", maincourante_identity::testing::PASSWORD), ("code", code.as_str())];
        hugo.submit(routes::SIGN_IN, &typed).await.goes(routes::HOME);
        hugo.follow().await.is(StatusCode::OK).says("Espace aidant, CCAS de Vaudorme");
        let signed_in = scene.journal().await.iter().filter(|line| line.contains("Hugo Petit a ouvert une session")).count();
        assert_eq!(signed_in, 1, "the sign-in is in the log of the structure it acts for");
    }
}

#[tokio::test]
async fn a_structure_that_is_suspended_is_never_replaced_behind_ones_back() {
    for test in kernels().await {
        let scene = Scene::on(test).await;
        let (home_of_hugo, _, mut hugo) = scene.hugo_too().await;
        scene.joins(&mut hugo).await;
        goes_to(&mut hugo, scene.world.structure).await;
        structures::suspend(&scene.world.context, "26400012300010").await.unwrap();
        let page = hugo.get(routes::HOME).await;
        page.is(StatusCode::FORBIDDEN).is_well_made().says("Votre structure est en pause").says("« CCAS de Vaudorme »");
        assert_eq!(page.attribute("[name=structure]", "value"), Some(home_of_hugo.to_string()));
        hugo.submit(routes::PLACES, &[]).await.goes(routes::HOME);
        hugo.follow().await.is(StatusCode::OK).says("Maison France Services");
        structures::resume(&scene.world.context, "26400012300010").await.unwrap();
        goes_to(&mut hugo, scene.world.structure).await;
        hugo.follow().await.is(StatusCode::OK).says("CCAS de Vaudorme");
    }
}
