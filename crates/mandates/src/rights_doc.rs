//! `docs/rights.md`: who may use which power, in each state of the mandate, as [`under_mandate`] decides it.
//!
//! The page under version control shows what changed to who reads a change. Beside it, what the product promises is said again here
//! without the code that decides: a power is given only by a mandate that lives, that grants it, to who works for its structure today.

use std::fmt::Write as _;
use std::path::Path;

use maincourante_identity::{SignedInStaff, StaffAt, StaffKind, UsagerId, sessions, testing as people};
use maincourante_kernel::clock::{days, hours};
use maincourante_kernel::testing::sqlite;

use crate::access::{Decision, under_mandate};
use crate::acting::acting;
use crate::ending::{self, End, Ending, Typed};
use crate::mine::{self, Revocation};
use crate::signature::Gesture;
use crate::store::mandates as store;
use crate::structures::{self, Change, NewStructure, Opening};
use crate::testing::{DRAWING, Worker, World};
use crate::{Acting, MandateId, MemberRole, Power, State, dispute, lifecycle};

const MARK: &str = "<!-- Below, written by the test of crates/mandates/src/rights_doc.rs. -->\n";

/// How a mandate stands: a state, or what the clock makes of one before a job writes it.
#[derive(Clone, Copy)]
enum Standing {
    In(State),
    /// Active, signed by code alone less than 72 hours ago.
    Provisional,
    /// Active, signed by code alone and never confirmed.
    Unconfirmed,
    /// Active on paper, its last day passed an hour ago.
    JustOver,
}

/// What the person said of a power.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Said {
    Yes,
    No,
    /// Yes, and took it back.
    TakenBack,
}

impl Said {
    fn words(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::TakenBack => "yes, taken back",
        }
    }
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    /// The aidant who opened the account.
    Author,
    /// An aidant of the same structure.
    Colleague,
    /// Its référent.
    Referent,
    /// The author, no longer of the team.
    Left,
    /// The author, their structure being suspended.
    OfSuspended,
    /// An aidant of another structure.
    Stranger,
    /// Who runs the service.
    Operator,
}

const EVERYONE: [Who; 7] = [Who::Author, Who::Colleague, Who::Referent, Who::Left, Who::OfSuspended, Who::Stranger, Who::Operator];

/// One world with one mandate.
struct Scene {
    world: World,
    author: Worker,
    colleague: Worker,
    referent: Worker,
    stranger: Worker,
    operator: Worker,
    mandate: MandateId,
    usager: UsagerId,
    /// Another person, whom nobody here helps.
    other: UsagerId,
}

#[tokio::test]
async fn a_power_is_given_by_a_living_mandate_that_grants_it_to_who_works_there_today() {
    let mut table = String::from("| state | power | granted by the person |");
    for who in EVERYONE {
        write!(table, " {who:?} |").expect("a string grows");
    }
    table.push_str(" taken back by the person | by another person |\n");
    writeln!(table, "|{}", " --- |".repeat(EVERYONE.len() + 5)).expect("a string grows");
    let drawn = [scene(true, true).await, scene(true, false).await];
    let by_code = [scene(false, true).await, scene(false, false).await];
    let others = State::ALL.into_iter().filter(|state| state.is_ended() || *state == State::Suspended).map(Standing::In);
    let all = [Standing::In(State::Active), Standing::JustOver, Standing::Provisional, Standing::Unconfirmed].into_iter().chain(others);
    for standing in all {
        let scenes = if matches!(standing, Standing::Provisional | Standing::Unconfirmed) { &by_code } else { &drawn };
        for power in Power::ALL {
            for said in [Said::Yes, Said::No, Said::TakenBack] {
                if said == Said::No && power == Power::CreateAccount {
                    // No first mandate is without that one.
                    continue;
                }
                let scene = &scenes[usize::from(said == Said::No)];
                let mut cells = Vec::new();
                for who in EVERYONE {
                    let cell = scene.decides(standing, who, power, said).await;
                    assert_eq!(cell == "yes", owed(standing, who, power, said), "{} {power:?} {said:?} {who:?}: {cell}", standing.name());
                    cells.push(cell);
                }
                for mine in [true, false] {
                    let cell = scene.takes_back(standing, mine, power, said).await;
                    assert_eq!(cell == "yes", mine && may_take_back(standing, said), "{} {power:?} {said:?}: {cell}", standing.name());
                    cells.push(cell.to_owned());
                }
                let said = said.words();
                writeln!(table, "| {} | {} | {said} | {} |", standing.name(), power.as_str(), cells.join(" | ")).expect("a string grows");
            }
        }
    }
    keep(&table);
}

/// What the product promises.
fn owed(standing: Standing, who: Who, power: Power, said: Said) -> bool {
    let works_there = matches!(who, Who::Author | Who::Colleague | Who::Referent);
    let lives = match standing {
        Standing::In(State::Active) => true,
        Standing::Provisional => power == Power::CreateAccount,
        Standing::In(_) | Standing::Unconfirmed | Standing::JustOver => false,
    };
    works_there && lives && said == Said::Yes
}

/// A person takes back what they gave and did not take back, as long as the mandate may give something again; and, its last day passed, until
/// it is written that it is over.
fn may_take_back(standing: Standing, said: Said) -> bool {
    let may_live = match standing {
        Standing::In(state) => matches!(state, State::Active | State::Suspended),
        Standing::Provisional | Standing::Unconfirmed | Standing::JustOver => true,
    };
    may_live && said == Said::Yes
}

impl Standing {
    fn name(self) -> String {
        match self {
            Self::In(state) => state.as_str().to_owned(),
            Self::Provisional => "active, provisional".to_owned(),
            Self::Unconfirmed => "active, not confirmed in 72 h".to_owned(),
            Self::JustOver => "active, its last day passed".to_owned(),
        }
    }
}

impl Scene {
    fn worker(&self, who: Who) -> &Worker {
        match who {
            Who::Author | Who::Left | Who::OfSuspended => &self.author,
            Who::Colleague => &self.colleague,
            Who::Referent => &self.referent,
            Who::Stranger => &self.stranger,
            Who::Operator => &self.operator,
        }
    }

    /// A copy of the world where the mandate stands so; time has not passed yet.
    async fn where_it_stands(&self, standing: Standing, power: Power, said: Said) -> World {
        let world = self.world.copied().await;
        let kernel = world.kernel();
        let mut tx = kernel.db.write().await.unwrap();
        if said == Said::TakenBack {
            assert!(store::revoke(&mut tx, self.mandate, power.as_str(), kernel.now()).await.unwrap());
        }
        if let Standing::In(state) = standing
            && state != State::Active
        {
            assert!(store::move_to(&mut tx, self.mandate, "active", state.as_str(), kernel.now()).await.unwrap());
        }
        tx.commit().await.unwrap();
        world
    }

    /// What someone is answered, in a copy of the world where the mandate stands so.
    async fn decides(&self, standing: Standing, who: Who, power: Power, said: Said) -> String {
        let world = self.where_it_stands(standing, power, said).await;
        let worker = self.worker(who);
        let staff = at_desk(&world, worker).await;
        if who == Who::Left {
            world.leaves(worker).await;
        }
        if who == Who::OfSuspended {
            assert!(matches!(structures::suspend(&world.context, "26400012300010").await.unwrap(), Change::Done));
        }
        passes(&world, standing);
        self.asks(&world, staff, power).await
    }

    async fn asks(&self, world: &World, staff: SignedInStaff, power: Power) -> String {
        let Acting::For(aidant) = acting(&world.context, staff).await.unwrap() else { return "no structure".into() };
        let mut tx = world.kernel().db.write().await.unwrap();
        match under_mandate(&mut tx, &world.context, &aidant, self.usager, power).await.unwrap() {
            Decision::Granted(_) => "yes".into(),
            Decision::Refused { refusal, .. } => refusal.as_str().into(),
            Decision::Unknown => "unknown".into(),
        }
    }

    /// What a person is answered who takes this power back: whose mandate it is, or someone else.
    async fn takes_back(&self, standing: Standing, mine: bool, power: Power, said: Said) -> &'static str {
        let world = self.where_it_stands(standing, power, said).await;
        let own = people::own(world.kernel(), if mine { self.usager } else { self.other }).await;
        passes(&world, standing);
        match mine::revoke(&world.context, &own, self.mandate, power).await.unwrap() {
            Revocation::Revoked => "yes",
            Revocation::AlreadyOver => "already over",
            Revocation::Unknown => "unknown",
        }
    }
}

async fn at_desk(world: &World, worker: &Worker) -> SignedInStaff {
    match sessions::staff(world.kernel(), &worker.cookie).await.unwrap() {
        StaffAt::Here(staff) => staff,
        StaffAt::Lent(_) | StaffAt::Nowhere => panic!("at their own screen"),
    }
}

fn passes(world: &World, standing: Standing) {
    match standing {
        Standing::Unconfirmed => world.kernel().clock.advance(hours(73)),
        Standing::JustOver => world.kernel().clock.advance(days(200)),
        Standing::In(_) | Standing::Provisional => {}
    }
}

/// What brings a mandate to a state, as it happens in life.
#[derive(Clone, Copy, Debug)]
enum Act {
    Pauses,
    LastDayPasses,
    Renews(&'static [&'static str]),
    IsStopped,
    Ends(End),
}

impl Scene {
    async fn lives(&self, world: &World, act: Act) {
        match act {
            Act::Pauses => {
                let aidant = world.at_work(&self.referent).await;
                let referent = aidant.as_referent().expect("a référent");
                let turned = dispute::turn(&world.context, &referent, self.usager, dispute::Turn::Pause, "Un doute").await.unwrap();
                assert_eq!(turned, dispute::Turned::Done);
            }
            Act::LastDayPasses => {
                world.kernel().clock.advance(days(200));
                assert_eq!(lifecycle::run(&world.context).await.unwrap().expired, 1);
            }
            Act::Renews(powers) => {
                world.renews(&self.author, self.usager, powers).await;
            }
            Act::IsStopped => {
                let own = people::own(world.kernel(), self.usager).await;
                assert_eq!(mine::stop(&world.context, &own, self.mandate).await.unwrap(), mine::Stop::Stopped);
            }
            Act::Ends(end) => {
                let code = world.code(&self.referent);
                let aidant = world.at_work(&self.referent).await;
                let referent = aidant.as_referent().expect("a référent");
                let day = if end == End::Death { "2026-11-22".to_owned() } else { String::new() };
                let typed = Typed { day, note: "Vu avec la famille.".into(), code };
                assert_eq!(ending::end(&world.context, &referent, self.usager, end, &typed).await.unwrap(), Ending::Ended);
            }
        }
    }
}

#[tokio::test]
async fn the_states_of_the_table_are_those_to_which_acts_bring_a_mandate_and_answer_alike() {
    const ACCESS: &[&str] = &["give_access_back"];
    let (both, first) = (scene(true, true).await, scene(true, false).await);
    let ways = [
        (&both, State::Suspended, Act::Pauses),
        (&both, State::Expired, Act::LastDayPasses),
        (&both, State::Renewed, Act::Renews(ACCESS)),
        (&first, State::Superseded, Act::Renews(ACCESS)),
        (&both, State::RevokedByUsager, Act::IsStopped),
        (&both, State::RenouncedByStructure, Act::Ends(End::Renounced)),
        (&both, State::EndedDeath, Act::Ends(End::Death)),
        (&both, State::EndedProtection, Act::Ends(End::Protection)),
    ];
    for (scene, state, act) in ways {
        let world = scene.world.copied().await;
        let asking = [Who::Author, Who::Colleague, Who::Referent, Who::Stranger];
        let mut desks = Vec::new();
        for who in asking {
            desks.push((who, at_desk(&world, scene.worker(who)).await));
        }
        scene.lives(&world, act).await;
        let row = store::find(&mut world.kernel().db.read().await.unwrap(), scene.mandate).await.unwrap().expect("a mandate");
        assert_eq!(row.state, state.as_str(), "{act:?}");
        // The mandate that takes the place of another answers in its stead, and opens no account.
        let is_replaced = matches!(act, Act::Renews(_));
        let power = if is_replaced { Power::GiveAccessBack } else { Power::CreateAccount };
        for (who, desk) in desks {
            let answer = scene.asks(&world, desk, power).await;
            let told = scene.decides(Standing::In(state), who, power, Said::Yes).await;
            assert_eq!(answer, if is_replaced && who != Who::Stranger { "yes".to_owned() } else { told }, "{act:?} {who:?}");
        }
    }
    // No act closes a structure for good in this version: its row of the table is what the state would give.
    let reached: Vec<State> = ways.iter().map(|(_, state, _)| *state).collect();
    let missing: Vec<State> = State::ALL
        .into_iter()
        .filter(|state| state.is_ended() || *state == State::Suspended)
        .filter(|state| !reached.contains(state))
        .collect();
    assert_eq!(missing, [State::EndedStructureClosed]);
}

/// A mandate of Josette's, drawn or by code alone, with both powers or the first only.
async fn scene(drawn: bool, both: bool) -> Scene {
    let world = World::new(sqlite().await).await;
    let author = world.worker("Nadia Roussel", "nadia@ccas.example", MemberRole::Aidant).await;
    let colleague = world.worker("Claire Petit", "claire@ccas.example", MemberRole::Aidant).await;
    let referent = world.worker("Hélène Vasseur", "helene@ccas.example", MemberRole::Referent).await;
    let elsewhere = NewStructure {
        name: "Maison France Services".into(),
        siret: "73282932000074".into(),
        postal_address: "1 rue Basse".into(),
        phone: "01 99 00 00 01".into(),
        opening_hours: "le mardi".into(),
    };
    let Opening::Opened(elsewhere) = structures::open(&world.context, &elsewhere).await.unwrap() else { panic!("opened") };
    let stranger = world.worker_of(elsewhere, "Hugo Petit", "hugo@fs.example", MemberRole::Referent).await;
    let powers: &[&str] = if both { &["create_account", "give_access_back"] } else { &["create_account"] };
    let mandate = world.presents(&author, &World::josette(), powers).await;
    world.signs(&author, mandate, if drawn { Gesture::Drawn(DRAWING.into()) } else { Gesture::CodeAlone }).await;
    let usager = world.countersigns(&author, mandate).await;
    let (operator, totp) = people::staff(&world.context.identity, StaffKind::Operator, "Omar", "omar@operateur.example").await;
    let operator = Worker { cookie: people::signed_in_staff(world.kernel(), operator).await.1, totp };
    let other = people::usager(&world.context.identity, "paul.meyer@exemple-mail.fr", None).await;
    Scene { world, author, colleague, referent, stranger, operator, mandate, usager, other }
}

fn keep(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rights.md");
    let page = std::fs::read_to_string(&path).expect("docs/rights.md");
    let (by_people, _) = page.split_once(MARK).expect("the page has its mark");
    let anew = format!("{by_people}{MARK}{table}");
    if anew != page {
        std::fs::write(&path, anew).expect("docs/rights.md is written");
        panic!("docs/rights.md differed and was written anew: read it, and commit it");
    }
}
