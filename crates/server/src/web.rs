//! The pages, put together and served until the program is asked to leave.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use maincourante_identity::TotpSecret;
use maincourante_kernel::Failure;
use maincourante_shell::{Door, Site, around};
use maincourante_usager::training;
use tokio::net::TcpListener;

use crate::house::House;
use crate::work::{TO_LEAVE, Worker};

/// An invented aidant and the secret of their authenticator, for the page of the fictitious phone.
pub(crate) type Authenticator = (String, TotpSecret);

/// Every page, and the table of doors they open.
pub(crate) fn pages(house: &House, authenticators: Vec<Authenticator>) -> (Router, Vec<Door>) {
    let usager = maincourante_usager::App {
        identity: house.mandates.identity.clone(),
        mandates: house.mandates.clone(),
        mailbox: house.mailbox.clone(),
    };
    let console = maincourante_console::App { mandates: house.mandates.clone() };
    let (usager_pages, mut doors) = maincourante_usager::doors();
    let (console_pages, console_doors) = maincourante_console::doors();
    doors.extend(console_doors);
    let mut router = Router::new().merge(usager_pages.with_state(usager)).merge(console_pages.with_state(console));
    if house.site.training {
        let sandbox =
            training::Sandbox { kernel: house.kernel().clone(), mailbox: house.mailbox.clone(), authenticators: authenticators.into() };
        let (training_pages, training_doors) = training::doors();
        doors.extend(training_doors);
        router = router.merge(training_pages.with_state(sandbox));
    }
    (router.route("/sante", get(async || "ok")), doors)
}

/// Serves a house until the program is asked to leave; `ready` is called once it answers.
pub(crate) async fn serve(
    house: House,
    listen: SocketAddr,
    checkpoint_every: Duration,
    authenticators: Vec<Authenticator>,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    let listener = TcpListener::bind(listen).await.map_err(|error| Failure::from(error).during("the address is taken or not ours"))?;
    let address = listener.local_addr()?;
    let site = Site::new(house.site.clone(), house.kernel());
    let (router, _) = pages(&house, authenticators);
    let app = around(router, &site)?.into_make_service_with_connect_info::<SocketAddr>();
    let worker = Worker::start(&house, checkpoint_every);
    ready(address);
    axum::serve(listener, app).with_graceful_shutdown(asked_to_leave()).await?;
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
