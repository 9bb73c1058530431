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

use world::{Prepared, Visit, Who, World};

/// Above, the page is written by people; below, by this file.
const MARK: &str = "<!-- Below, written by the test of crates/server/src/doors_doc. -->\n";

/// What someone is owed at a door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Owed {
    /// The page, or the act: its form was read.
    Served,
    /// Another step of the same road, which is where they are. Nothing is shown here, nothing done.
    Step,
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
    let mut states: HashMap<Who, (Prepared, Visit)> = HashMap::new();
    for who in Who::IN_A_STATE {
        let prepared = world.prepare(who).await;
        let reader = world.visit_in(&prepared).await;
        states.insert(who, (prepared, reader));
    }
    let mut rows = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut shown_to_nobody = Vec::new();
    let mut headers: Vec<Header> = Vec::new();
    for door in &doors {
        let address = world.address(door);
        let mut cells = Vec::new();
        for who in Who::ALL {
            // Reading changes nothing that an answer shows: one copy of the world is enough for all that is read.
            let knock = match door.verb {
                Verb::Get => Knock::at(door, &address, &readers[&who]).await,
                Verb::Post => Knock::at(door, &address, &world.visit(who).await).await,
            };
            let (owed, cell) = (owed(door, who), told(&world, &knock.seen));
            if !knock.is(door, owed) {
                wrong.push(format!("{:?} {} by {who:?}: {cell}, owed {owed:?}", door.verb, door.path));
            }
            headers.extend(knock.headed(door, who));
            cells.push(cell);
        }
        let mut in_a_state = Vec::new();
        for who in Who::IN_A_STATE.into_iter().filter(|who| who.is_concerned_by(door)) {
            let (prepared, reader) = &states[&who];
            let address = world.address_in(prepared, door);
            let knock = match door.verb {
                Verb::Get => Knock::at(door, &address, reader).await,
                Verb::Post => Knock::at(door, &address, &world.visit_in(prepared).await).await,
            };
            let (owed, cell) = (owed(door, who), told(&world, &knock.seen));
            if !knock.is(door, owed) {
                wrong.push(format!("{:?} {} by {who:?}: {cell}, owed {owed:?}", door.verb, door.path));
            }
            headers.extend(knock.headed(door, who));
            if owed == Owed::Step {
                continue;
            }
            in_a_state.push(format!("{who:?} {cell}"));
            if cell == "page" || cell == "file" {
                cells.push(cell);
            }
        }
        let is_shown = cells.iter().any(|cell| cell == "page" || cell == "file");
        if door.verb == Verb::Get && is_shown == is_passage(door.path) {
            shown_to_nobody.push(format!("GET {} shows something to {}", door.path, if is_shown { "someone" } else { "nobody" }));
        }
        cells.truncate(Who::ALL.len());
        cells.push(in_a_state.join(", "));
        if let Some(owner) = owner(door) {
            let knock = Knock::at(door, &nobodys(door.path), &world.visit(owner).await).await;
            if !knock.is(door, Owed::NotThere) {
                wrong.push(format!("{:?} {} by {owner:?}, of what is nobody's: {}", door.verb, door.path, told(&world, &knock.seen)));
            }
        }
        rows.insert((door.path, door.verb), (door.audience, cells));
    }
    assert!(wrong.is_empty(), "{} answers are not owed:\n{}", wrong.len(), wrong.join("\n"));
    assert!(shown_to_nobody.is_empty(), "`PASSAGES` is to say why, or no more:\n{}", shown_to_nobody.join("\n"));
    let silent: Vec<_> = headers.iter().filter(|header| !header.says).map(|header| header.place.as_str()).collect();
    assert!(silent.is_empty(), "these pages do not say for which structure one acts:\n{}", silent.join("\n"));
    assert!(headers.len() >= 90, "{} pages say for which structure one acts", headers.len());
    assert!(rows.len() * Who::ALL.len() >= 400, "the doors of the house are more than {}", rows.len());
    keep(&rows);
}

/// Doors that are opened and show nothing to anyone here, and why.
const PASSAGES: [(&str, &str); 4] = [
    ("/", "it leads everyone to where they are"),
    ("/signer", "it leads to the step of who stands at a lent screen"),
    ("/invitation/lien/{token}", "it puts the link into a cookie, out of the address"),
    ("/bac-a-sable/aidant", "it shows who is named after it, of the people of the demo, who do not live here"),
];

fn is_passage(path: &str) -> bool {
    PASSAGES.iter().any(|(door, _)| *door == path)
}

/// The doors of a road that is walked step by step, and who stands where each is; none for a door that asks for no step.
fn step(door: &Door) -> Option<&'static [Who]> {
    use Who::{
        Chooser, Chosen, Claire, Finder, Finisher, Helene, Invited, Nadia, Opener, Pauser, Proved, Recovered, Recovering, Refused,
        Searched, Signatory, Signed, Signer, WithSheet,
    };
    Some(match (door.path, door.verb) {
        ("/mot-de-passe-oublie/code" | "/mot-de-passe-oublie/code/renvoyer", _) => &[Recovering],
        ("/mot-de-passe-oublie/nouveau", _) => &[Recovered],
        ("/invitation", Verb::Post) | ("/invitation/application", _) => &[Invited],
        // Someone known who is invited elsewhere: nobody here is.
        ("/invitation/accepter", _) => &[],
        ("/signer/mandat" | "/signer/signature" | "/signer/oui" | "/signer/sans-telephone" | "/signer/refus", _) => &[Signer],
        ("/signer/bonjour" | "/signer/telephone", _) => &[Chooser],
        ("/signer/code", _) => &[Signer, Chooser],
        ("/signer/mot-de-passe", _) => &[Proved],
        ("/signer/feuille-de-secours", _) => &[Chosen],
        ("/signer/code-de-secours", _) => &[WithSheet],
        ("/signer/adresse" | "/signer/adresse/code" | "/signer/adresse/renvoi" | "/signer/adresse/feuille", _) => &[Searched],
        ("/signer/termine", _) => &[Signed, Chosen],
        ("/aidant/nouveau-compte/{id}/retrouver", _) => &[Finder],
        ("/aidant/nouveau-compte/{id}/signature", _) => &[Signatory],
        ("/aidant/nouveau-compte/{id}/mot-de-passe", _) => &[Opener],
        ("/aidant/nouveau-compte/{id}/termine", _) => &[Finisher],
        // What is typed is judged before the step is looked at.
        ("/aidant/nouveau-compte/{id}/personne" | "/aidant/nouveau-compte/{id}/mandat", Verb::Post) => {
            &[Nadia, Claire, Helene, Signatory, Opener, Finisher, Refused, Finder]
        }
        ("/aidant/nouveau-compte/{id}/adresse", Verb::Post) => &[Nadia, Claire, Helene, Signatory, Opener, Finisher],
        ("/aidant/nouveau-compte/{id}/abandonner", _) => &[Nadia, Claire, Helene, Signatory, Finder],
        ("/aidant/nouveau-compte/{id}/projet", _) => &[Nadia, Claire, Helene, Signatory],
        (path, _) if path.starts_with("/aidant/nouveau-compte/{id}/") => &[Nadia, Claire, Helene],
        ("/aidant/nouveau-compte/{id}", _) => &[Refused],
        ("/aidant/personnes/{id}/suppression", _) => &[Opener],
        ("/aidant/personnes/{id}/reprise", Verb::Get) => &[Pauser],
        ("/aidant/personnes/{id}/pause", Verb::Get) => &[Helene],
        // Josette's print is whole.
        ("/aidant/personnes/{id}/copie" | "/aidant/personnes/{id}/copie/ordre" | "/aidant/personnes/{id}/copie/terminee", Verb::Post) => {
            &[]
        }
        _ => return None,
    })
}

/// The road of a step: the beginning of the addresses where its other steps are.
fn road(path: &str) -> &str {
    ["/mot-de-passe-oublie", "/invitation", "/signer", "/aidant/nouveau-compte/", "/aidant/personnes/"]
        .into_iter()
        .find(|road| path.starts_with(road))
        .expect("a step is on a road")
}

/// What is owed: what the door promises, or the step where they are.
fn owed(door: &Door, who: Who) -> Owed {
    match owed_by_audience(door, who) {
        Owed::Served if step(door).is_some_and(|there| !there.contains(&who)) => {
            // A file is there or is not: it leads nowhere.
            let is_file = door.path.ends_with("/projet") || door.path.ends_with("/a-signer");
            if is_file { Owed::NotThere } else { Owed::Step }
        }
        owed => owed,
    }
}

/// What is owed whatever the step, from what the house promises and nothing else.
#[expect(clippy::match_same_arms, reason = "one line for each sentence of the promise, audience by audience")]
fn owed_by_audience(door: &Door, who: Who) -> Owed {
    let someones = door.path.contains('{');
    match (door.path, who) {
        // The structure that the form names is the other one of theirs; what the link of a letter says is for who has it.
        ("/aidant/structure", Who::OfTwo) | ("/invitation", Who::Invited) => return Owed::Served,
        _ => {}
    }
    let who = who.before();
    match (door.path, who) {
        // Ways in and out: whoever is not inside loses nothing there.
        ("/aidant/ecran-prete", Who::Lender) => return Owed::Served,
        ("/aidant/ecran-prete", _) => return Owed::Home,
        ("/aidant/connexion" | "/aidant/deconnexion", Who::Lender) => return Owed::Lock,
        ("/aidant/connexion" | "/aidant/deconnexion" | "/deconnexion", _) => return Owed::Served,
        // A letter is named within one's own mailbox, a file within one's own draft: what is gone went by the press before.
        ("/messages/ecrire/retirer/{file}", Who::Paul) => return Owed::Served,
        ("/messages/{reference}/corbeille" | "/messages/{reference}/remettre", Who::Paul) => return Owed::Served,
        // The structure that the form names is not one of theirs; Bruno and Odile act for it already.
        ("/aidant/structure", Who::Bruno | Who::Odile) => return Owed::Served,
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

/// The top of a page that someone was shown while they act for a structure, or stand at a screen that it lends.
struct Header {
    place: String,
    /// Whether it says the name of the structure.
    says: bool,
}

/// For which structure someone acts, or whose screen they stand at, in the space of this door.
fn acts_for(door: &Door, who: Who) -> Option<&'static str> {
    match (door.audience, who.before()) {
        (Audience::Aidant | Audience::Structure, Who::Nadia | Who::Claire | Who::Helene | Who::Lender)
        | (Audience::Lent, Who::Signer | Who::Chooser) => Some("CCAS de Vaudorme"),
        (Audience::Aidant | Audience::Structure, Who::Bruno | Who::Odile) => Some("France services de Montreval"),
        _ => None,
    }
}

/// What a knock gave.
struct Knock {
    seen: Seen,
    /// Whether a structure's log has a line more.
    wrote: bool,
}

impl Knock {
    async fn at(door: &Door, address: &str, visit: &Visit) -> Self {
        let before = visit.lines().await;
        let seen = visit.knocks(door, address).await;
        Self { wrote: visit.lines().await != before, seen }
    }

    /// The top of the page, when a page was shown to who acts for a structure.
    fn headed(&self, door: &Door, who: Who) -> Option<Header> {
        let is_page = self.seen.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if door.verb != Verb::Get || self.seen.status.as_u16() != 200 || !is_page {
            return None;
        }
        let structure = acts_for(door, who)?;
        let top = self.seen.part("header.head").unwrap_or_default();
        Some(Header { place: format!("{} to {who:?}: {top}", door.path), says: top.contains(structure) })
    }

    /// Whether it is what was owed.
    fn is(&self, door: &Door, owed: Owed) -> bool {
        let (status, to) = (self.seen.status.as_u16(), self.seen.location());
        if status >= 400 && status != 422 {
            // Whatever is refused says by what it is found in the log.
            self.seen.reference();
        }
        let is_lock = to == Some("/aidant/ecran-prete");
        let is_entrance =
            matches!(to, Some("/connexion" | "/aidant/connexion" | "/signer/plus-prete")) && !door.path.ends_with("/deconnexion");
        let is_home = to == Some("/aidant") && door.path == "/aidant/ecran-prete";
        match owed {
            Owed::Lock => status == 303 && is_lock,
            Owed::Entrance => status == 303 && is_entrance,
            Owed::Home => status == 303 && is_home,
            // What is opened is shown; what is sent may lead on.
            Owed::Served => match status {
                200 | 422 => true,
                303 => !(is_lock || is_entrance || is_home) && (door.verb == Verb::Post || leads(door)),
                _ => false,
            },
            Owed::Step => status == 303 && !self.wrote && to.is_some_and(|to| to.starts_with(road(door.path))),
            Owed::NotThere => status == 404,
            Owed::Told => status == 403,
        }
    }
}

/// Whether it is opened to be led somewhere; the pages around sign-in, by who is signed in.
fn leads(door: &Door) -> bool {
    is_passage(door.path) || matches!(door.path, "/aidant/connexion" | "/connexion" | "/deconnexion")
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
    let mut table = format!("| door | for | {} | in a state |\n|{}\n", names.join(" | "), " --- |".repeat(names.len() + 3));
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
