//! Josette says that a line is not normal, by pressing or in her words; she sees what became of it; nobody else reports her lines.

use maincourante_kernel::testing::kernels;
use maincourante_mandates::alerts::close::{Closing, close};
use maincourante_mandates::alerts::{self, Verdict};
use maincourante_mandates::{MemberRole, review};

use crate::world::World;

#[tokio::test]
async fn a_line_that_is_not_normal_is_reported_once_read_and_answered() {
    for kernel in kernels().await {
        let world = World::on(kernel).await;
        world.opens(&maincourante_mandates::testing::World::josette()).await;
        let mut josette = world.josette().await;
        let page = josette.get("/aide/qui-m-a-aide").await;
        let line = page.ok().says("Ce n’est pas normal").links("/aide/signaler/")[0].clone();
        let page = josette.get(&line).await;
        page.ok().says("Vous avez raison de le dire.").says("L’aidant n’est pas prévenu.").says("01 99 00 12 34");
        page.says("Vous pouvez arrêter l’aide").says("du lundi au vendredi");
        let long = "a".repeat(1001);
        josette.submit(&line, &[("words", &long)]).await.refused().says("Ce texte est trop long").says(&long);
        let mut twice = josette.clone();
        josette.submit(&line, &[("words", "Je n’étais pas <là>")]).await.goes(&line);
        twice.submit(&line, &[("words", "Encore")]).await.goes(&line);
        josette.get(&line).await.ok().says("Votre message est envoyé").says("Personne ne l’a encore ouvert.");
        josette.get("/aide/qui-m-a-aide").await.ok().says("Vous avez dit : ce n’est pas normal. Voir la suite");

        let helene = world.ccas.worker("Hélène Vasseur", "helene@ccas-vaudorme.fr", MemberRole::Referent).await;
        let helene = world.ccas.at_work(&helene).await;
        let referent = helene.as_referent().expect("a référente");
        let open = alerts::open(&world.ccas.context, &referent).await.unwrap();
        assert_eq!(open.len(), 1, "a double press is one report");
        let whole = alerts::find(&world.ccas.context, &referent, open[0].id).await.unwrap().expect("an alert");
        assert_eq!(whole.words.as_deref(), Some("Je n’étais pas <là>"));
        assert_eq!(whole.alert.person.as_deref(), Some("Josette Lambert"));
        josette.get(&line).await.ok().says("Votre message est lu");
        let closing = close(&world.ccas.context, &referent, open[0].id, Verdict::Handled, "Nous avons appelé").await.unwrap();
        assert_eq!(closing, Closing::Closed);
        josette.get(&line).await.ok().says("La personne responsable a répondu").says("Nous avons appelé");

        // Nadia reads nothing of it, in her own lines nor in Josette's record.
        let nadia = world.ccas.at_work(&world.nadia).await;
        let own = review::of_aidant(&world.ccas.context, &nadia, None).await.unwrap().records;
        assert!(own.iter().all(|record| !record.event.as_str().starts_with("alert.")));
    }
}

#[tokio::test]
async fn only_the_person_of_a_line_reports_it() {
    for kernel in kernels().await {
        let world = World::on(kernel).await;
        world.opens(&maincourante_mandates::testing::World::josette()).await;
        let mut josette = world.josette().await;
        let line = josette.get("/aide/qui-m-a-aide").await.links("/aide/signaler/")[0].clone();
        let mut rene = world.with_rene().await;
        rene.get(&line).await.not_found();
        let token = rene.get("/compte").await.value("form_token").expect("a form");
        rene.post(&line, &[("form_token", &token)]).await.not_found();
        rene.get("/aide/signaler/x").await.not_found();
        world.browser().get(&line).await.goes("/connexion");
        josette.get(&line).await.ok().says_not("Votre message est envoyé");
    }
}
