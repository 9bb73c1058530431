//! `docs/rights.md`: who may use which power, in each state of the mandate, as [`under_mandate`] decides it.
//!
//! The page under version control shows what changed to who reads a change. Beside it, what the product promises is said again here
//! without the code that decides: a power is given only by a mandate that lives, that grants it, to who works for its structure today.

use std::fmt::Write as _;
use std::path::Path;

use maincourante_identity::{StaffAt, UsagerId, sessions};
use maincourante_kernel::clock::{days, hours};
use maincourante_kernel::testing::sqlite;

use crate::access::{Decision, under_mandate};
use crate::acting::acting;
use crate::signature::Gesture;
use crate::store::mandates as store;
use crate::structures::{self, Change, NewStructure, Opening};
use crate::testing::{DRAWING, Worker, World};
use crate::{Acting, MandateId, MemberRole, Power, State};

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
}

const EVERYONE: [Who; 6] = [Who::Author, Who::Colleague, Who::Referent, Who::Left, Who::OfSuspended, Who::Stranger];

/// One world with one mandate.
struct Scene {
    world: World,
    author: Worker,
    colleague: Worker,
    referent: Worker,
    stranger: Worker,
    mandate: MandateId,
    usager: UsagerId,
}

#[tokio::test]
async fn a_power_is_given_by_a_living_mandate_that_grants_it_to_who_works_there_today() {
    let mut table = String::from("| state | power | granted by the person |");
    for who in EVERYONE {
        write!(table, " {who:?} |").expect("a string grows");
    }
    table.push_str("\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
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
    /// What someone is answered, in a copy of the world where the mandate stands so.
    async fn decides(&self, standing: Standing, who: Who, power: Power, said: Said) -> String {
        let world = self.world.copied().await;
        let kernel = world.kernel();
        let worker = match who {
            Who::Author | Who::Left | Who::OfSuspended => &self.author,
            Who::Colleague => &self.colleague,
            Who::Referent => &self.referent,
            Who::Stranger => &self.stranger,
        };
        let staff = async || match sessions::staff(kernel, &worker.cookie).await.unwrap() {
            StaffAt::Here(staff) => Some(staff),
            StaffAt::Lent(_) | StaffAt::Nowhere => None,
        };
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
        let author = staff().await.expect("at their own screen");
        if who == Who::Left {
            world.leaves(worker).await;
        }
        if who == Who::OfSuspended {
            assert!(matches!(structures::suspend(&world.context, "26400012300010").await.unwrap(), Change::Done));
        }
        match standing {
            Standing::Unconfirmed => kernel.clock.advance(hours(73)),
            Standing::JustOver => kernel.clock.advance(days(200)),
            Standing::In(_) | Standing::Provisional => {}
        }
        let Acting::For(aidant) = acting(&world.context, author).await.unwrap() else { return "no structure".into() };
        let mut tx = kernel.db.write().await.unwrap();
        match under_mandate(&mut tx, &world.context, &aidant, self.usager, power).await.unwrap() {
            Decision::Granted(_) => "yes".into(),
            Decision::Refused { refusal, .. } => refusal.as_str().into(),
            Decision::Unknown => "unknown".into(),
        }
    }
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
    Scene { world, author, colleague, referent, stranger, mandate, usager }
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
