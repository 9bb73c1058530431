//! `maincourante demo`: the whole little world, everything embedded. Ctrl-C, run again: it is as it was left.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use maincourante_identity::TotpSecret;
#[cfg(debug_assertions)]
use maincourante_kernel::clock::seconds;
use maincourante_kernel::{Clock, Failure};

use super::Verdict;
use crate::demo::{self, Card};
use crate::house::House;
use crate::web;

/// Starts a whole little world.
#[derive(Args)]
pub(crate) struct Demo {
    /// Where to listen; this machine alone unless you say otherwise.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The folder of the world.
    #[arg(long, value_name = "DIR", default_value = "maincourante-demo")]
    data: PathBuf,
    /// Throws away the world of that folder and makes a new one.
    #[arg(long)]
    fresh: bool,
    /// Prints addresses, passwords and secrets as one line of JSON.
    #[arg(long)]
    json: bool,
    /// Seconds during which a letter can be called back: tests do not wait for a minute.
    #[cfg(debug_assertions)]
    #[arg(long, hide = true)]
    undo_seconds: Option<u32>,
}

impl Demo {
    pub async fn run(self) -> Result<Verdict, Failure> {
        let begun = std::time::Instant::now();
        let origin = format!("http://{}", self.listen);
        if self.fresh {
            demo::throw_away(&self.data)?;
        }
        let card = demo::prepare(&self.data, &origin).await?;
        let house = House::embedded(&self.data, &origin, Clock::System).await?;
        #[cfg(debug_assertions)]
        let house = match self.undo_seconds {
            Some(undo) => house.with_undo(seconds(i64::from(undo))),
            None => house,
        };
        let authenticators =
            card.aidants.iter().filter_map(|aidant| Some((aidant.name.clone(), TotpSecret::from_base32(&aidant.totp)?))).collect();
        web::serve(house, self.listen, Duration::from_hours(24), authenticators, |address| {
            if self.json {
                let ready = begun.elapsed().as_millis();
                println!("{}", serde_json::json!({ "address": format!("http://{address}"), "ready_ms": ready, "aidants": card.aidants, "people": card.people }));
            } else {
                print(&card, address, begun.elapsed());
            }
        })
        .await?;
        Ok(Verdict::Well)
    }
}

fn print(card: &Card, address: SocketAddr, elapsed: Duration) {
    println!("Maincourante, bac à sable : personnes inventées, rien ne sort d’ici.");
    println!("\nPersonnes        http://{address}/connexion");
    for person in &card.people {
        println!("  {:<22} {}   mot de passe : {}", person.name, person.address, person.password);
        println!("  {:<22} téléphone : {} — {}", "", person.phone, person.note);
    }
    println!("\nAidants          http://{address}/aidant/connexion");
    for aidant in &card.aidants {
        println!("  {:<22} {}   mot de passe : {}", aidant.name, aidant.login, aidant.password);
        println!("  {:<22} {} — secret de l’application de codes : {}", "", aidant.role, aidant.totp);
    }
    println!("\nLe téléphone     http://{address}/bac-a-sable/telephone  (SMS reçus, et les codes des aidants)");
    println!("Le courrier parti http://{address}/bac-a-sable/courrier-parti");
    println!("\nPrêt en {} ms. Ctrl-C pour arrêter ; tout est gardé.", elapsed.as_millis());
}
