//! `maincourante demo`: the whole little world, everything embedded. Ctrl-C, run again: it is as it was left.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use maincourante_identity::TotpSecret;
#[cfg(debug_assertions)]
use maincourante_kernel::clock::seconds;
use maincourante_kernel::{Clock, Failure};
use maincourante_usager::training::{Guide, GuideAidant, GuidePerson};
use tokio::sync::oneshot;

use super::Verdict;
use crate::demo::card::Card;
use crate::demo::folder::{Folder, Held, NotOurs};
use crate::demo::progress::Progress;
use crate::demo::{self, Extent, waiting};
use crate::house::House;
use crate::web::{self, Listener};

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
    /// One structure and five people: for tests that need a world, not its states.
    #[arg(long, hide = true)]
    small: bool,
    /// Seconds during which a letter can be called back: tests do not wait for a minute.
    #[cfg(debug_assertions)]
    #[arg(long, hide = true)]
    undo_seconds: Option<u32>,
}

impl Demo {
    pub async fn run(self) -> Result<Verdict, Failure> {
        let begun = Instant::now();
        let folder = match Folder::take(&self.data)? {
            Ok(folder) => folder,
            Err(why) => return Ok(self.say(why)),
        };
        if self.fresh {
            let removed = folder.throw_away()?;
            if removed > 0 {
                eprintln!(
                    "The world of {} was thrown away: {removed} files and folders that a demo had made, nothing else.",
                    self.data.display()
                );
            }
        }
        let listener = web::listen(self.listen)?;
        let origin = format!("http://{}", self.listen);
        let card = match folder.holds()? {
            Held::World(card) => *card,
            Held::Unfinished => {
                folder.throw_away()?;
                eprintln!("The world of {} was not finished: it is made anew.", self.data.display());
                self.make(&folder, &origin, &listener).await?
            }
            Held::Nothing => self.make(&folder, &origin, &listener).await?,
        };
        let house = House::embedded(folder.path(), &origin, Clock::System).await?;
        #[cfg(debug_assertions)]
        let house = match self.undo_seconds {
            Some(undo) => house.with_undo(seconds(i64::from(undo))),
            None => house,
        };
        let guide = guide(&card);
        web::serve(house, listener, Duration::from_hours(24), guide, |address| {
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

    /// Makes the world; meanwhile a page says how far it is.
    async fn make(&self, folder: &Folder, origin: &str, listener: &Listener) -> Result<Card, Failure> {
        let extent = if self.small { Extent::Village } else { Extent::Territory };
        let progress = Arc::new(Progress::new(extent.accounts()));
        let (ready, waits) = oneshot::channel();
        let page = tokio::spawn(waiting::serve(listener.beside()?, Arc::clone(&progress), waits));
        if !self.json {
            println!("Un an de la vie d’un territoire se prépare ; on peut déjà ouvrir {origin} et attendre.");
        }
        folder.begins()?;
        let card = demo::make(folder.path(), origin, extent, &progress).await?;
        folder.is_whole(&card)?;
        // Whoever waits asks again: the pages answer.
        let _ = ready.send(());
        page.await??;
        Ok(card)
    }

    fn say(&self, why: NotOurs) -> Verdict {
        let folder = self.data.display();
        match why {
            NotOurs::Busy => eprintln!("Another demo runs on {folder}: stop it first, or give another folder (--data)."),
            NotOurs::Somebodys => eprintln!("{folder} holds a base that no demo made: nothing was touched. Give another folder (--data)."),
        }
        Verdict::NotRun
    }
}

/// What the first page of the sandbox shows.
fn guide(card: &Card) -> Guide {
    let aidants = card.aidants.iter().filter_map(|aidant| {
        Some(GuideAidant {
            name: aidant.name.clone(),
            role: aidant.role.clone(),
            structure: aidant.structure.clone(),
            login: aidant.login.clone(),
            password: aidant.password.clone(),
            totp: TotpSecret::from_base32(&aidant.totp)?,
            look: aidant.look.clone(),
        })
    });
    let people = card.people.iter().map(|person| GuidePerson {
        name: person.name.clone(),
        structure: person.structure.clone(),
        address: person.address.clone(),
        password: person.password.clone(),
        phone: person.phone.clone(),
        look: person.note.clone(),
    });
    Guide { aidants: aidants.collect(), people: people.collect() }
}

fn print(card: &Card, address: SocketAddr, elapsed: Duration) {
    println!("Maincourante, bac à sable : personnes inventées, rien ne sort d’ici.");
    println!("\nPar où commencer http://{address}/bac-a-sable");
    println!("\nPersonnes        http://{address}/connexion");
    for person in &card.people {
        let password = if person.password.is_empty() { "pas encore choisi" } else { &person.password };
        println!("  {:<22} {}   mot de passe : {password}", person.name, person.address);
        let phone = if person.phone.is_empty() { "aucun" } else { &person.phone };
        println!("  {:<22} téléphone : {phone} — {}", "", person.note);
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
