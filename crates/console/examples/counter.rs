//! Tool for looking at the pages.
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use maincourante_console::{App, doors};
use maincourante_kernel::testing::sqlite;
use maincourante_mandates::MemberRole;
use maincourante_mandates::testing::{Worker, World};
use maincourante_shell::around;
use maincourante_shell::testing::site_at;
use std::net::SocketAddr;
use std::sync::Arc;

struct Tool {
    world: World,
    nadia: Worker,
    helene: Worker,
}

#[tokio::main]
async fn main() {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:17071".into());
    let world = World::new(sqlite().await).await;
    let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
    let helene = world.worker("Hélène Vasseur", "helene@ccas-vaudorme.fr", MemberRole::Referent).await;
    let (pages, _) = doors();
    let pages = pages.with_state(App { mandates: world.context.clone() });
    let site = site_at(&format!("http://{listen}"), world.kernel());
    let tool = Arc::new(Tool { world, nadia, helene });
    let tools = Router::new()
        .route(
            "/_totp/{who}",
            get(|State(t): State<Arc<Tool>>, Path(who): Path<String>| async move {
                t.world.code(if who == "helene" { &t.helene } else { &t.nadia }).reveal().clone()
            }),
        )
        .route(
            "/_cookie/{who}",
            get(|State(t): State<Arc<Tool>>, Path(who): Path<String>| async move {
                (if who == "helene" { &t.helene } else { &t.nadia }).cookie.reveal().clone()
            }),
        )
        .route("/_sms", get(|State(t): State<Arc<Tool>>| async move { t.world.received_code().await.reveal().clone() }))
        .route(
            "/_days/{n}",
            get(|State(t): State<Arc<Tool>>, Path(n): Path<i64>| async move {
                t.world.kernel().clock.advance(maincourante_kernel::clock::days(n));
                "ok"
            }),
        )
        .with_state(tool);
    let app = tools.merge(around(pages, &site).unwrap());
    let listener = tokio::net::TcpListener::bind(&listen).await.unwrap();
    println!("http://{listen}");
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await.unwrap();
}
