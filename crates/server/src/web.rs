//! The pages, put together and served until the program is asked to leave.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use maincourante_kernel::Failure;
use maincourante_mandates::review::export::Notary;
use maincourante_shell::{Door, Doors, Site, Space, around};
use maincourante_usager::training::{self, Guide};
use tokio::net::TcpListener;

use crate::house::House;
use crate::work::{Rhythm, TO_LEAVE, Worker};

/// Where a service listens, before anything answers.
pub(crate) struct Listener(std::net::TcpListener);

impl Listener {
    /// The same place for another server, which ends before the pages answer.
    pub fn beside(&self) -> Result<TcpListener, Failure> {
        Ok(TcpListener::from_std(self.0.try_clone()?)?)
    }
}

/// Takes the address.
pub(crate) fn listen(address: SocketAddr) -> Result<Listener, Failure> {
    let listener = std::net::TcpListener::bind(address).map_err(|error| Failure::from(error).during("the address is taken or not ours"))?;
    listener.set_nonblocking(true)?;
    Ok(Listener(listener))
}

/// Every page, and the table of all the doors of a service, those that surround pages included.
pub(crate) fn pages(house: &House, guide: Guide) -> (Router, Vec<Door>) {
    let usager = maincourante_usager::App {
        identity: house.mandates.identity.clone(),
        mandates: house.mandates.clone(),
        mailbox: house.mailbox.clone(),
    };
    let notary = Notary { signer: Arc::clone(&house.signer), checkpoints: house.checkpoints.clone() };
    let console = maincourante_console::App { mandates: house.mandates.clone(), notary };
    let (usager_pages, mut doors) = maincourante_usager::doors();
    let (console_pages, console_doors) = maincourante_console::doors();
    doors.extend(console_doors);
    let mut router = Router::new().merge(usager_pages.with_state(usager)).merge(console_pages.with_state(console));
    if house.site.people.are_invented() {
        let sandbox = training::Sandbox { kernel: house.kernel().clone(), mailbox: house.mailbox.clone(), guide: Arc::new(guide) };
        let (training_pages, training_doors) = training::doors();
        doors.extend(training_doors);
        router = router.merge(training_pages.with_state(sandbox));
    }
    let (health, health_doors) = Doors::of(Space::PUBLIC).get("/sante", async || "ok").open();
    doors.extend(health_doors);
    // `around` opens these.
    doors.extend(maincourante_shell::doors());
    (router.merge(health), doors)
}

/// What all these pages share.
fn site(house: &House) -> Site {
    Site::new(house.site.clone(), house.kernel()).with_spaces(maincourante_usager::BELOW.into_iter().chain(maincourante_console::BELOW))
}

/// Serves a house until the program is asked to leave; `ready` is called once it answers.
pub(crate) async fn serve(
    house: House,
    listener: Listener,
    checkpoint_every: Duration,
    guide: Guide,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    let listener = TcpListener::from_std(listener.0)?;
    let address = listener.local_addr()?;
    let site = site(&house);
    let (router, _) = pages(&house, guide);
    let app = around(router, &site)?.into_make_service_with_connect_info::<SocketAddr>();
    let worker = Worker::start(&house, &Rhythm::signing_every(checkpoint_every));
    ready(address);
    let word = worker.word();
    // At once: whoever downloads slowly holds the pages, and a job must not begin when the time to leave is nearly over.
    let leaving = async move {
        asked_to_leave().await;
        word.send_replace(true);
    };
    axum::serve(listener, app).with_graceful_shutdown(leaving).await?;
    worker.leave(TO_LEAVE).await;
    house.kernel().db.close().await;
    Ok(())
}

async fn asked_to_leave() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = term.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use maincourante_kernel::Clock;
    use maincourante_shell::Verb;
    use maincourante_shell::asset;
    use maincourante_shell::testing::Browser;

    use super::*;

    #[tokio::test]
    async fn one_table_tells_every_door_and_each_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let house = House::embedded(folder.path(), "http://127.0.0.1:8080", Clock::System).await.unwrap();
        let (router, table) = pages(&house, Guide::default());
        let browser = Browser::new(around(router, &site(&house)).unwrap());

        let once: BTreeSet<_> = table.iter().map(|door| (door.verb, door.path)).collect();
        assert_eq!(once.len(), table.len(), "a door is told twice");
        for known in [(Verb::Get, "/sante"), (Verb::Post, "/affichage"), (Verb::Get, "/assets/{name}"), (Verb::Get, "/messages")] {
            assert!(once.contains(&known), "{known:?} is not in the table");
        }
        for door in &table {
            // What is not there answers 404, and the wrong verb 405; assets that nobody has are not there either.
            let path = door.path.replace("/assets/{name}", asset("style.css")).replace(['{', '}'], "");
            let mut browser = browser.clone();
            let seen = match door.verb {
                Verb::Get => browser.get(&path).await,
                Verb::Post => browser.post(&path, &[]).await,
            };
            assert!(!matches!(seen.status.as_u16(), 404 | 405 | 500..), "{door:?} answers {}", seen.status);
        }
        let nothing = browser.clone().get("/sante/ailleurs").await;
        assert_eq!(nothing.status.as_u16(), 404, "what is nowhere answers so, or the lines above prove nothing");
    }
}
