//! Josette was signed out while she wrote. Signed in again, she finds what she wrote where she wrote it; nobody else does.

use maincourante_identity::set_aside;
use maincourante_identity::testing::PASSWORD;
use maincourante_kernel::clock::{days, minutes};
use maincourante_kernel::testing::kernels;

use crate::browser::Browser;
use crate::world::{JOSETTE, RENE, World};

const WORDS: &str = "Je n’étais pas <là> mardi.";
const FOUND: &str = "Voici ce que vous aviez écrit. Ce n’est pas encore envoyé.";

/// Josette in front of a line that is not normal; and its page.
async fn writes(world: &World) -> (Browser, String) {
    let mut josette = world.josette().await;
    let line = josette.get("/aide/qui-m-a-aide").await.links("/aide/signaler/")[0].clone();
    josette.get(&line).await.ok();
    (josette, line)
}

/// Signs in on this browser, and says where that leads.
async fn signs_in(browser: &mut Browser, address: &str) -> String {
    browser.get("/connexion").await.ok();
    browser.submit("/connexion", &[("login", address), ("password", PASSWORD)]).await.location()
}

#[tokio::test]
async fn what_was_typed_waits_for_her_and_is_not_sent() {
    for kernel in kernels().await {
        let world = World::on(kernel).await;
        world.opens(&maincourante_mandates::testing::World::josette()).await;
        let (mut josette, line) = writes(&world).await;
        world.kernel().clock.advance(minutes(16));
        let entrance = josette.submit(&line, &[("words", WORDS), ("password", PASSWORD)]).await.signs_out(true);
        let page = josette.get(&entrance).await;
        page.ok().says("Vous avez été déconnecté").says("Ce que vous avez écrit est gardé.").says("Nous le gardons 1 heure.");
        page.says("Si vous nous appelez, donnez cette référence : MC-").says_not("mardi");
        assert!(entrance.contains(page.text().split("référence : ").nth(1).unwrap().split(' ').next().unwrap()), "the same reference");

        let back = signs_in(&mut josette, JOSETTE).await;
        assert!(back.starts_with(&format!("{line}?repris=")), "{back}");
        josette.get(&back).await.ok().says(FOUND).says(WORDS);
        assert!(!josette.get(&back).await.html().contains(PASSWORD), "a secret is not kept");
        // Shown once, it leads nowhere any more; its page still shows it, and sends it like any other.
        assert_eq!(signs_in(&mut world.browser(), JOSETTE).await, "/messages");
        josette.get(&line).await.ok().says_not(FOUND).says_not("mardi");
        josette.get(&back).await.ok().says(WORDS);
        josette.submit(&line, &[("words", WORDS)]).await.goes(&line);
        josette.get(&line).await.ok().says("Votre message est envoyé");
    }
}

#[tokio::test]
async fn whoever_signs_in_next_sees_nothing_of_it() {
    for kernel in kernels().await {
        let world = World::on(kernel).await;
        world.opens(&maincourante_mandates::testing::World::josette()).await;
        world.with_rene().await;
        let (mut josette, line) = writes(&world).await;
        world.kernel().clock.advance(minutes(16));
        let entrance = josette.submit(&line, &[("words", WORDS)]).await.signs_out(true);
        // René sits down at the same computer, on the page that she left.
        let mut rene = josette.clone();
        rene.get(&entrance).await.ok().says_not("mardi");
        assert_eq!(signs_in(&mut rene, RENE).await, "/messages");
        // Josette finds it at another computer; the address of it gives René nothing.
        let mut josette = world.browser();
        let back = signs_in(&mut josette, JOSETTE).await;
        let name = back.split("repris=").nth(1).unwrap();
        let page = rene.get(&format!("/compte?repris={name}")).await;
        page.ok().says("Ce que vous aviez écrit n’est plus gardé.").says_not("mardi");
        rene.get(&back).await.not_found().says_not("mardi");
        josette.get(&back).await.ok().says(FOUND).says(WORDS);
        // A form of hers, sent while he is signed in, is nobody's.
        let mut left = josette.clone();
        left.cookies.insert("session".into(), rene.cookies["session"].clone());
        left.submit(&line, &[("words", "Autre chose.")]).await.is(axum::http::StatusCode::FORBIDDEN).says_not("Autre chose");
        assert_eq!(signs_in(&mut world.browser(), JOSETTE).await, "/messages");
        assert_eq!(signs_in(&mut world.browser(), RENE).await, "/messages");
    }
}

#[tokio::test]
async fn after_an_hour_it_is_gone() {
    for kernel in kernels().await {
        let world = World::on(kernel).await;
        world.opens(&maincourante_mandates::testing::World::josette()).await;
        let (mut josette, line) = writes(&world).await;
        world.kernel().clock.advance(minutes(16));
        josette.clone().submit(&line, &[("words", WORDS)]).await.signs_out(true);
        let back = signs_in(&mut josette, JOSETTE).await;
        world.kernel().clock.advance(minutes(10));
        josette.get(&back).await.ok().says(WORDS);
        world.kernel().clock.advance(minutes(50));
        set_aside::tend(world.kernel()).await.unwrap();
        let mut josette = world.josette().await;
        josette.get(&back).await.ok().says("Ce que vous aviez écrit n’est plus gardé. Écrivez-le à nouveau.").says_not("mardi");
        // What is old but not destroyed yet is not shown either.
        let (mut josette, line) = writes(&world).await;
        world.kernel().clock.advance(minutes(16));
        josette.submit(&line, &[("words", WORDS)]).await.signs_out(true);
        world.kernel().clock.advance(minutes(61));
        assert_eq!(signs_in(&mut josette, JOSETTE).await, "/messages");
    }
}

#[tokio::test]
async fn it_is_kept_whatever_ended_the_session() {
    for kernel in kernels().await {
        let world = World::on(kernel).await;
        world.opens(&maincourante_mandates::testing::World::josette()).await;
        // She signed out in another window.
        let (josette, line) = writes(&world).await;
        let mut window = josette.clone();
        window.submit("/deconnexion", &[]).await.goes("/deconnexion");
        let mut left = josette.clone();
        left.cookies.remove("session");
        left.submit(&line, &[("words", WORDS)]).await.signs_out(true);
        // She signed in again in another window, and sends the page of before: she goes on at once.
        let mut again = josette.clone();
        signs_in(&mut again, JOSETTE).await;
        let mut old = josette.clone();
        old.cookies.clone_from(&again.cookies);
        let back = old.submit(&line, &[("words", "Mercredi, plutôt.")]).await.location();
        old.get(&back).await.ok().says(FOUND).says("Mercredi, plutôt.");
        old.get(&line).await.ok().says_not("Votre message est envoyé");
        // Nothing typed, nothing kept. A mark that is not ours keeps nothing, nor one of the day before yesterday.
        let mut empty = josette.clone();
        empty.submit(&line, &[("words", " ")]).await.signs_out(false);
        josette.clone().submit_over(&line, &line, &[("words", WORDS), ("form_for", "AAAA")]).await.signs_out(false);
        world.kernel().clock.advance(days(2));
        josette.clone().submit(&line, &[("words", WORDS)]).await.signs_out(false);
        assert_eq!(signs_in(&mut world.browser(), JOSETTE).await, "/messages");
    }
}
