//! `docs/doors.md`: every door of the service, knocked at by everyone, and what each is answered.
//!
//! Two judges. The page under version control shows what changed to who reads a change. And [`owed`], which knows nothing of the
//! router, says what each is owed by the audience of the door and whose thing it names; an answer that is not owed fails.

mod world;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use maincourante_shell::testing::Seen;
use maincourante_shell::{Audience, Door, Verb};

use world::{Visit, Who, World};

/// Above, the page is written by people; below, by this file.
const MARK: &str = "<!-- Below, written by the test of crates/server/src/doors_doc. -->\n";

/// What someone is owed at a door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Owed {
    /// The page, or the act: its form was read.
    Served,
    /// The page through which one comes in.
    Entrance,
    /// The only page of a lent screen's owner.
    Lock,
    /// The first page of the aidants: no screen of theirs is lent.
    Home,
    /// It does not exist.
    NotThere,
    /// Why not is told: they work for no structure, or hold no invitation.
    Told,
}

#[tokio::test]
async fn everyone_knocks_at_every_door() {
    let world = World::new().await;
    let doors = world.visit(Who::Nobody).await.doors;
    let mut readers: HashMap<Who, Visit> = HashMap::new();
    for who in Who::ALL {
        readers.insert(who, world.visit(who).await);
    }
    let mut rows = BTreeMap::new();
    let mut wrong = Vec::new();
    for door in &doors {
        let address = world.address(door);
        let mut cells = Vec::new();
        for who in Who::ALL {
            // Reading changes nothing that an answer shows: one copy of the world is enough for all that is read.
            let seen = match door.verb {
                Verb::Get => readers[&who].knocks(door, &address).await,
                Verb::Post => world.visit(who).await.knocks(door, &address).await,
            };
            let (owed, answer) = (owed(door, who), answered(door, &seen));
            let cell = told(&world, &seen);
            if !answer.is_some_and(|answer| answer == owed) {
                wrong.push(format!("{:?} {} by {who:?}: {cell}, owed {owed:?}", door.verb, door.path));
            }
            cells.push(cell);
        }
        if let Some(owner) = owner(door) {
            let seen = world.visit(owner).await.knocks(door, &nobodys(door.path)).await;
            if answered(door, &seen) != Some(Owed::NotThere) {
                wrong.push(format!("{:?} {} by {owner:?}, of what is nobody's: {}", door.verb, door.path, told(&world, &seen)));
            }
        }
        rows.insert((door.path, door.verb), (door.audience, cells));
    }
    assert!(wrong.is_empty(), "{} answers are not owed:\n{}", wrong.len(), wrong.join("\n"));
    assert!(rows.len() * Who::ALL.len() >= 400, "the doors of the house are more than {}", rows.len());
    keep(&rows);
}

/// What is owed, from what the house promises and nothing else.
#[expect(clippy::match_same_arms, reason = "one line for each sentence of the promise, audience by audience")]
fn owed(door: &Door, who: Who) -> Owed {
    let someones = door.path.contains('{');
    match (door.path, who) {
        // Ways in and out: whoever is not inside loses nothing there.
        ("/aidant/ecran-prete", Who::Lender) => return Owed::Served,
        ("/aidant/ecran-prete", _) => return Owed::Home,
        ("/aidant/connexion" | "/aidant/deconnexion", Who::Lender) => return Owed::Lock,
        ("/aidant/connexion" | "/aidant/deconnexion" | "/deconnexion", _) => return Owed::Served,
        // A letter is named within one's own mailbox, a file within one's own draft: what is gone went by the press before.
        ("/messages/ecrire/retirer/{file}", Who::Paul) => return Owed::Served,
        ("/messages/{reference}/corbeille" | "/messages/{reference}/remettre", Who::Paul) => return Owed::Served,
        // The structure that the form names is nobody's.
        ("/aidant/structure", who) if door.verb == Verb::Post && is_at_work(who) => return Owed::NotThere,
        // One's own access, whatever one works for.
        ("/aidant/charte" | "/aidant/structure" | "/aidant/codes-de-secours", Who::Operator) => return Owed::Served,
        // What one is asked is answered by no one else.
        ("/aidant/raisons/{id}", Who::Claire | Who::Helene) => return Owed::NotThere,
        // In training, whoever wants to be someone.
        ("/bac-a-sable/aidant", _) => return Owed::Served,
        // Whoever holds the link of an invitation is nobody yet.
        (path, Who::Lender) if path.starts_with("/invitation") => return Owed::Lock,
        ("/invitation", _) if door.verb == Verb::Get => return Owed::Told,
        (path, _) if path.starts_with("/invitation") => return Owed::Served,
        _ => {}
    }
    match (door.audience, who) {
        (Audience::Public, _) => Owed::Served,
        (Audience::Usager, Who::Paul) if someones => Owed::NotThere,
        (Audience::Usager, Who::Josette | Who::Paul) => Owed::Served,
        (Audience::Usager, _) => Owed::Entrance,
        (Audience::Lent, Who::Signer | Who::Chooser) => Owed::Served,
        (Audience::Lent, _) => Owed::Entrance,
        (Audience::Aidant | Audience::Structure, Who::Nobody | Who::Josette | Who::Paul | Who::Signer | Who::Chooser) => Owed::Entrance,
        (Audience::Aidant | Audience::Structure, Who::Lender) => Owed::Lock,
        (Audience::Aidant | Audience::Structure, Who::Operator) => Owed::Told,
        (Audience::Structure, Who::Odile) if someones => Owed::NotThere,
        (Audience::Structure, Who::Helene | Who::Odile) => Owed::Served,
        (Audience::Structure, _) => Owed::NotThere,
        (Audience::Aidant, Who::Bruno | Who::Odile) if someones => Owed::NotThere,
        (Audience::Aidant, _) => Owed::Served,
    }
}

/// Whether they are at their own screen, in the space of those who work.
fn is_at_work(who: Who) -> bool {
    matches!(who, Who::Nadia | Who::Claire | Who::Helene | Who::Bruno | Who::Odile | Who::Operator)
}

/// Who reaches the things of a door that names some.
fn owner(door: &Door) -> Option<Who> {
    match door.audience {
        // A file that is gone: pressed twice.
        Audience::Usager if door.path.ends_with("{file}") => None,
        Audience::Usager if door.path.contains('{') => Some(Who::Josette),
        Audience::Aidant if door.path.contains('{') && !door.path.starts_with("/invitation") => Some(Who::Nadia),
        Audience::Structure if door.path.contains('{') => Some(Who::Helene),
        Audience::Public | Audience::Usager | Audience::Aidant | Audience::Structure | Audience::Lent => None,
    }
}

/// The same door of something that was never there: what is someone else's answers alike.
fn nobodys(path: &str) -> String {
    let id = uuid::Uuid::max().to_string();
    path.split('/').map(|part| if part.starts_with('{') { id.as_str() } else { part }).collect::<Vec<_>>().join("/")
}

/// What an answer amounts to; none for a failure or a form that could not be read.
fn answered(door: &Door, seen: &Seen) -> Option<Owed> {
    let status = seen.status.as_u16();
    if status >= 400 && status != 422 {
        // Whatever is refused says by what it is found in the log.
        seen.reference();
    }
    match (status, seen.location()) {
        (303, Some("/aidant/ecran-prete")) => Some(Owed::Lock),
        (303, Some("/connexion" | "/aidant/connexion" | "/signer/plus-prete")) if !door.path.ends_with("/deconnexion") => {
            Some(Owed::Entrance)
        }
        (303, Some("/aidant")) if door.path == "/aidant/ecran-prete" => Some(Owed::Home),
        (200 | 303 | 422, _) => Some(Owed::Served),
        (404, _) => Some(Owed::NotThere),
        (403, _) => Some(Owed::Told),
        _ => None,
    }
}

/// The answer, in a cell.
fn told(world: &World, seen: &Seen) -> String {
    let kind = seen.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match (seen.status.as_u16(), seen.location()) {
        (303, Some(to)) => format!("→ {}", world.without_names(to)),
        (200, _) if kind.starts_with("text/html") => "page".into(),
        (200, _) => "file".into(),
        (422, _) => "asked again".into(),
        (status, _) => status.to_string(),
    }
}

fn keep(rows: &BTreeMap<(&str, Verb), (Audience, Vec<String>)>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/doors.md");
    let page = std::fs::read_to_string(&path).expect("docs/doors.md");
    let (by_people, _) = page.split_once(MARK).expect("the page has its mark");
    let names: Vec<String> = Who::ALL.iter().map(|who| format!("{who:?}")).collect();
    let mut table = format!("| door | for | {} |\n|{}\n", names.join(" | "), " --- |".repeat(names.len() + 2));
    for ((path, verb), (audience, cells)) in rows {
        let verb = if *verb == Verb::Get { "GET" } else { "POST" };
        writeln!(table, "| `{verb} {path}` | {audience:?} | {} |", cells.join(" | ")).expect("a string grows");
    }
    writeln!(table, "\n{} doors × {} = {} answers.", rows.len(), names.len(), rows.len() * names.len()).expect("a string grows");
    let anew = format!("{by_people}{MARK}{table}");
    if anew != page {
        std::fs::write(&path, anew).expect("docs/doors.md is written");
        panic!("docs/doors.md differed and was written anew: read it, and commit it");
    }
}
