//! How far the SQL of an act is from its door, counted in files: each that one opens to follow the calls is a step.
//!
//! A reading, not a compilation: a call is followed by its path and the imports of its file, a method by its name when one
//! function alone bears it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Findings, House, Source};
use crate::source::{Kind, Token};

/// From the file of a door to the farthest SQL that its act brings about.
const FARTHEST: usize = 4;
/// Fewer functions behind doors than this reach any SQL: it is the reader that is lost.
const LEAST: usize = 100;

/// A crate, and a module of it.
type Module = (String, Vec<String>);

/// A function: where it stands, and its name.
type Function = (Module, String);

/// What the sources say.
#[derive(Default)]
struct Map {
    /// What each name stands for in a module.
    imports: BTreeMap<Module, BTreeMap<String, Vec<String>>>,
    /// The modules whose names a module has all of: `use that::*`.
    globs: BTreeMap<Module, Vec<Vec<String>>>,
    /// The functions of the spaces that give an answer: what stands behind their doors.
    answering: BTreeSet<Function>,
    /// What each function calls, by path or by name.
    calls: BTreeMap<Function, Vec<Called>>,
    /// The functions that have a `self`, by name.
    methods: BTreeMap<String, Vec<Function>>,
}

/// A call, as it is written.
enum Called {
    Path(Vec<String>),
    Method(String),
}

pub(super) fn doors(house: &House) -> Findings {
    let map = Map::of(&house.sources);
    let ways: Vec<Vec<Function>> = map.answering.iter().filter_map(|door| map.farthest(door)).collect();
    if ways.len() < LEAST {
        return vec![format!("{} doors reach any SQL: the sources are not read as they are written", ways.len())];
    }
    let too_far = ways.iter().filter(|way| steps(way) > FARTHEST);
    too_far.map(|way| format!("{} steps to the SQL: {}", steps(way), way.iter().map(told).collect::<Vec<_>>().join(" > "))).collect()
}

/// How many times a way leaves a file for another.
fn steps(way: &[Function]) -> usize {
    way.windows(2).filter(|pair| pair[0].0 != pair[1].0).count()
}

fn told(((home, module), name): &Function) -> String {
    [std::slice::from_ref(home), module, std::slice::from_ref(name)].concat().join("::")
}

impl Map {
    fn of(sources: &[Source]) -> Self {
        let mut map = Self::default();
        for source in sources.iter().filter(|source| source.home != "xtask") {
            let module = module(source);
            let tokens = source.code();
            let mut names = BTreeMap::new();
            let mut globs = Vec::new();
            imports(tokens, &mut names, &mut globs);
            map.imports.insert(module.clone(), names);
            map.globs.insert(module.clone(), globs);
            for Read { name, has_self, answers, body } in functions(tokens) {
                let function = (module.clone(), name.clone());
                if answers && matches!(module.0.as_str(), "usager" | "console") {
                    map.answering.insert(function.clone());
                }
                map.calls.entry(function.clone()).or_default().extend(called(body));
                if has_self {
                    map.methods.entry(name).or_default().push(function);
                }
            }
        }
        map
    }

    /// The shortest way to the SQL that is the farthest.
    fn farthest(&self, door: &Function) -> Option<Vec<Function>> {
        let mut far = BTreeMap::from([(door.clone(), (0, None::<Function>))]);
        let mut left = VecDeque::from([door.clone()]);
        while let Some(at) = left.pop_front() {
            if is_store(&at) {
                continue;
            }
            let so_far = far[&at].0;
            for next in self.next(&at) {
                let step = so_far + usize::from(next.0 != at.0);
                if far.get(&next).is_none_or(|(known, _)| step < *known) {
                    far.insert(next.clone(), (step, Some(at.clone())));
                    left.push_back(next);
                }
            }
        }
        let end = far.iter().filter(|(function, _)| is_store(function)).max_by_key(|(_, (steps, _))| *steps)?.0;
        let mut way = vec![end.clone()];
        while let Some(before) = far[&way[way.len() - 1]].1.clone() {
            way.push(before);
        }
        way.reverse();
        Some(way)
    }

    /// What a function calls, but for what every act brings about and none is about: a job queued, a try counted, the line that is left.
    fn next(&self, at: &Function) -> BTreeSet<Function> {
        let follow = |called: &Called| match called {
            Called::Path(path) => self.found(&at.0, path),
            Called::Method(name) => match self.methods.get(name).map(Vec::as_slice) {
                Some([only]) if only != at => Some(only.clone()),
                _ => None,
            },
        };
        self.calls.get(at).into_iter().flatten().filter_map(follow).filter(|called| !is_apart(called)).collect()
    }

    /// The function that a path names in a module, through what is imported there and given on elsewhere.
    fn found(&self, module: &Module, path: &[String]) -> Option<Function> {
        let (mut module, mut path) = (module.clone(), path.to_vec());
        for _ in 0..8 {
            let first = path.first()?.clone();
            let inside = matches!(first.as_str(), "crate" | "self" | "super") || first.starts_with("maincourante_");
            let import = self.imports.get(&module).and_then(|names| names.get(&first));
            // `append::append`, where both the module and the function that it gives on are named so, begins with the module.
            if !inside && let Some(full) = import.filter(|full| path.len() == 1 || full.first() != Some(&first)) {
                if full.first() == Some(&first) && full.len() == 1 {
                    return None;
                }
                path.splice(..1, full.iter().cloned());
                continue;
            }
            let (there, name) = place(&module, &path)?;
            let function = (there.clone(), name.clone());
            if self.calls.contains_key(&function) {
                return Some(function);
            }
            // `Type::function`, in the module of the type.
            let mut short = there.clone();
            if short.1.pop().is_some_and(|last| last.starts_with(char::is_uppercase)) {
                let function = (short.clone(), name.clone());
                if self.calls.contains_key(&function) {
                    return Some(function);
                }
            }
            // Given on by the module, with all its names or with this one: `pub use`.
            let globs = self.globs.get(&there).into_iter().flatten();
            let given = globs.filter_map(|from| self.found(&there, &[from.as_slice(), std::slice::from_ref(&name)].concat()));
            if let Some(function) = given.into_iter().next() {
                return Some(function);
            }
            let (of, rest) = if self.imports.get(&there).is_some_and(|names| names.contains_key(&name)) {
                (there, vec![name])
            } else {
                let mut before = there.clone();
                let last = before.1.pop()?;
                if !self.imports.get(&before).is_some_and(|names| names.contains_key(&last)) {
                    return None;
                }
                (before, vec![last, name])
            };
            if of == module && rest == path {
                return None;
            }
            (module, path) = (of, rest);
        }
        None
    }
}

/// Where SQL stands.
fn is_store(((_, module), _): &Function) -> bool {
    module.iter().any(|part| part == "store")
}

/// The kernel, the writing of the journal, and the keys that open what it seals.
fn is_apart(((home, module), _): &Function) -> bool {
    home == "kernel" || (home == "journal" && module.first().is_some_and(|part| part == "append" || part == "record_key"))
}

/// Where a path leads from a module: the module it names, and the name there.
fn place((home, module): &Module, path: &[String]) -> Option<(Module, String)> {
    let (name, path) = path.split_last()?;
    let (home, mut there, rest) = match path.first().map(String::as_str) {
        Some("crate") => (home.clone(), Vec::new(), &path[1..]),
        Some("self") => (home.clone(), module.clone(), &path[1..]),
        Some("super") => (home.clone(), module.clone(), path),
        Some(other) if other.starts_with("maincourante_") => (other["maincourante_".len()..].to_owned(), Vec::new(), &path[1..]),
        Some(_) | None => (home.clone(), module.clone(), path),
    };
    for part in rest {
        if part == "super" {
            there.pop();
        } else {
            there.push(part.clone());
        }
    }
    Some(((home, there), name.clone()))
}

fn module(source: &Source) -> Module {
    let path = source.name.trim_end_matches(".rs").split('/').skip(3);
    let parts = path.filter(|part| !matches!(*part, "lib" | "main" | "mod"));
    (source.home.clone(), parts.map(str::to_owned).collect())
}

/// A function of a file.
struct Read<'a> {
    name: String,
    has_self: bool,
    /// It gives an `Answer`.
    answers: bool,
    body: &'a [Token],
}

fn functions(tokens: &[Token]) -> Vec<Read<'_>> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let (true, Some(Kind::Word(name))) = (tokens[at].is_word("fn"), tokens.get(at + 1).map(|token| &token.kind)) else { continue };
        let mut depth = 0_usize;
        let (mut has_self, mut answers) = (false, false);
        for (ahead, token) in tokens.iter().enumerate().skip(at + 2) {
            match &token.kind {
                Kind::Sign('(' | '[') => depth += 1,
                Kind::Sign(')' | ']') => depth = depth.saturating_sub(1),
                Kind::Word(word) if word == "self" && depth == 1 => has_self = true,
                Kind::Word(word) if word == "Answer" && depth == 0 => answers = true,
                Kind::Sign(';') if depth == 0 => break,
                Kind::Sign('{') if depth == 0 => {
                    found.push(Read { name: name.clone(), has_self, answers, body: inside(&tokens[ahead + 1..]) });
                    break;
                }
                Kind::Sign(_) | Kind::Word(_) | Kind::Text(_) => {}
            }
        }
    }
    found
}

/// What stands before the brace that closes what was opened just before.
fn inside(tokens: &[Token]) -> &[Token] {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Sign('{') => depth += 1,
            Kind::Sign('}') if depth == 0 => return &tokens[..at],
            Kind::Sign('}') => depth -= 1,
            Kind::Sign(_) | Kind::Word(_) | Kind::Text(_) => {}
        }
    }
    tokens
}

/// What a body calls.
fn called(body: &[Token]) -> Vec<Called> {
    let word = |at: usize| match body.get(at).map(|token| &token.kind) {
        Some(Kind::Word(word)) => Some(word.clone()),
        _ => None,
    };
    let sign = |at: usize, sign: char| body.get(at).is_some_and(|token| token.is_sign(sign));
    let (mut found, mut at) = (Vec::new(), 0);
    while at < body.len() {
        let Some(first) = word(at) else {
            at += 1;
            continue;
        };
        let is_method = at > 0 && sign(at - 1, '.');
        let mut path = vec![first];
        at += 1;
        while sign(at, ':') && sign(at + 1, ':') {
            let Some(next) = word(at + 2) else { break };
            path.push(next);
            at += 3;
        }
        // `::<T>(`: what kind of thing it gives.
        let mut open = at;
        if sign(open, ':') && sign(open + 1, ':') && sign(open + 2, '<') {
            open = (open..body.len()).find(|&at| sign(at, '(')).unwrap_or(body.len());
        }
        if sign(open, '(') {
            found.push(if is_method { Called::Method(path.remove(0)) } else { Called::Path(path) });
        }
    }
    found
}

/// What each name stands for, and the modules all of whose names are taken.
fn imports(tokens: &[Token], names: &mut BTreeMap<String, Vec<String>>, globs: &mut Vec<Vec<String>>) {
    let mut at = 0;
    while let Some(start) = (at..tokens.len()).find(|&at| tokens[at].is_word("use")) {
        let end = (start..tokens.len()).find(|&at| tokens[at].is_sign(';')).unwrap_or(tokens.len());
        tree(&tokens[start + 1..end], &[], names, globs);
        at = end;
    }
}

/// One branch of a `use`, after what stands before it.
fn tree(branch: &[Token], before: &[String], names: &mut BTreeMap<String, Vec<String>>, globs: &mut Vec<Vec<String>>) {
    let mut path = before.to_vec();
    let mut words = branch.iter().enumerate();
    while let Some((at, token)) = words.next() {
        match &token.kind {
            Kind::Sign('{') => {
                let group = inside(&branch[at + 1..]);
                let (mut depth, mut start) = (0_usize, 0);
                for (at, token) in group.iter().enumerate() {
                    match token.kind {
                        Kind::Sign('{') => depth += 1,
                        Kind::Sign('}') => depth -= 1,
                        Kind::Sign(',') if depth == 0 => {
                            tree(&group[start..at], &path, names, globs);
                            start = at + 1;
                        }
                        Kind::Sign(_) | Kind::Word(_) | Kind::Text(_) => {}
                    }
                }
                return tree(&group[start..], &path, names, globs);
            }
            Kind::Word(word) if word == "as" => {
                if let Some((_, Token { kind: Kind::Word(name), .. })) = words.next() {
                    names.insert(name.clone(), whole(path));
                }
                return;
            }
            Kind::Word(word) => path.push(word.clone()),
            Kind::Sign('*') => {
                globs.push(path);
                return;
            }
            Kind::Sign(_) | Kind::Text(_) => {}
        }
    }
    let is_named = path.len() > before.len();
    let path = whole(path);
    if is_named && let Some(name) = path.last().cloned() {
        names.insert(name, path);
    }
}

/// `a::{self}` is `a`.
fn whole(mut path: Vec<String>) -> Vec<String> {
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files.iter().map(|(name, text)| Source::new((*name).to_owned(), (*text).to_owned())).collect();
        let map = Map::of(&sources);
        let door = map.answering.first().expect("a door");
        map.farthest(door).unwrap_or_default().iter().map(told).collect()
    }

    #[test]
    fn a_way_is_followed_through_imports_names_types_and_methods() {
        let files = [
            (
                "crates/usager/src/messages/open.rs",
                "use maincourante_mailbox::{Mine, outbox::{self, send as gives}};\nasync fn show(own: Own) -> Answer { gives(own); helper() }\nfn helper() { Mine::of(1) }",
            ),
            ("crates/mailbox/src/lib.rs", "mod mine;\npub use mine::Mine;\npub mod outbox;"),
            ("crates/mailbox/src/outbox.rs", "use crate::store::file as files;\npub fn send(own: Own) { files::find::<u8>(own) }"),
            ("crates/mailbox/src/mine.rs", "impl Mine { pub fn of(a: u8) -> Self { a.remembered() } }"),
            ("crates/mailbox/src/known.rs", "impl Known { fn remembered(&self) { super::store::note() } }"),
            ("crates/mailbox/src/store/file.rs", "pub fn find(a: u8) {}"),
            ("crates/mailbox/src/store/mod.rs", "pub fn note() {}"),
        ];
        let far = [
            "usager::messages::open::show",
            "usager::messages::open::helper",
            "mailbox::mine::of",
            "mailbox::known::remembered",
            "mailbox::store::note",
        ];
        assert_eq!(way(&files), far);
        assert_eq!(way(&files[..3]), Vec::<String>::new(), "no SQL is there");
    }

    #[test]
    fn a_function_named_as_its_module_is_followed_and_so_is_a_module_given_on_whole() {
        let files = [
            ("crates/usager/src/open.rs", "use maincourante_identity::sign_in;\nasync fn begin(own: Own) -> Answer { sign_in(own) }"),
            ("crates/identity/src/lib.rs", "mod sign_in;\npub use sign_in::{sign_in, Typed};"),
            ("crates/identity/src/sign_in.rs", "use crate::store;\npub fn sign_in(own: Own) { store::find(own) }"),
            ("crates/identity/src/store/mod.rs", "mod reading;\npub(crate) use reading::*;"),
            ("crates/identity/src/store/reading.rs", "pub(crate) fn find(own: Own) {}"),
        ];
        assert_eq!(way(&files), ["usager::open::begin", "identity::sign_in::sign_in", "identity::store::reading::find"]);
    }

    #[test]
    fn a_step_is_a_file_that_one_opens() {
        let function = |module: &str, name: &str| (("usager".to_owned(), vec![module.to_owned()]), name.to_owned());
        let way = [function("a", "x"), function("a", "y"), function("b", "z"), function("store", "w")];
        assert_eq!(steps(&way), 2);
    }
}
