//! Whether time tells that an account exists: what a refused sign-in and the first page of a recovery take, for an address that
//! someone has beside an address that nobody has. `cargo run --release -p maincourante-identity --example same_time`.
//!
//! Asked in turn, so that what else the machine does weighs on both alike.

use std::time::Instant;

use maincourante_identity::testing::{identity, requester, usager};
use maincourante_identity::{Computer, Credentials, Identity, SignIn, reset, sign_in};
use maincourante_kernel::clock::minutes;
use maincourante_kernel::testing::sqlite;
use maincourante_kernel::{Failure, Secret};

const ROUNDS: usize = 60;
const KNOWN: &str = "josette.lambert@exemple-mail.fr";
const UNKNOWN: &str = "personne.inconnue@exemple-mail.fr";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let base = sqlite().await;
    let identity = identity(&base.kernel);
    usager(&identity, KNOWN, Some("06 39 98 12 34")).await;
    let logins = [("an address that someone has", KNOWN), ("an address that nobody has", UNKNOWN)];

    let mut refused = [Vec::new(), Vec::new()];
    let mut begun = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        // Tries are limited by the quarter of an hour and by the day: the clock of this base goes on.
        base.kernel.clock.advance(minutes(31));
        for turn in 0..logins.len() {
            // Who is asked for first changes at each round.
            let which = (turn + round) % logins.len();
            let login = logins[which].1;
            refused[which].push(refuse(&identity, login).await?);
            begun[which].push(begin(&identity, login).await?);
        }
    }
    println!("{ROUNDS} rounds; microseconds: median, 95th percentile");
    for (act, times) in [("sign-in refused", refused), ("recovery begun", begun)] {
        for ((who, _), mut times) in logins.into_iter().zip(times) {
            times.sort_unstable();
            println!("{act}, {who}  {:8} {:8}", times[times.len() / 2], times[times.len() * 95 / 100]);
        }
    }
    Ok(())
}

async fn refuse(identity: &Identity, login: &str) -> Result<u128, Failure> {
    let typed = Credentials { login: login.into(), password: Secret::new("pas le bon mot".into()), computer: Computer::Shared };
    let began = Instant::now();
    let answer = sign_in(identity, typed, &requester()).await?;
    let took = began.elapsed().as_micros();
    match answer {
        SignIn::Refused => Ok(took),
        SignIn::Open(_) | SignIn::TooMany { .. } => Err(Failure::new("a sign-in that was not refused says nothing of refusals")),
    }
}

async fn begin(identity: &Identity, login: &str) -> Result<u128, Failure> {
    let began = Instant::now();
    let answer = reset::begin(identity, login, &requester()).await?;
    let took = began.elapsed().as_micros();
    match answer {
        reset::Begin::Begun { .. } => Ok(took),
        reset::Begin::Empty | reset::Begin::TooMany { .. } => Err(Failure::new("a recovery that did not begin")),
    }
}
