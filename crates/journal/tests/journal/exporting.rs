//! Exports: read by someone who holds the public key alone, with our verifier and with the one in Python.
//!
//! Both are given the same files, good and tampered, and must agree.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use maincourante_journal::{
    Event, ExportFor, Exported, Log, NotChecked, Problem, PublicKey, Report, Signer, SubjectKind, destroy_record_key, export, verify_export,
};
use maincourante_kernel::Chance;
use maincourante_kernel::testing;

use crate::scene::{AMINA, CCAS, PAUL, World, worlds};

const WHOLE: ExportFor = ExportFor::Structure(CCAS);

async fn exported(world: &World, whose: ExportFor, from: u64) -> String {
    let mut out = Vec::new();
    let written = export(&world.kernel, world.signer.public(), whose, from, &mut out).await.unwrap();
    assert!(matches!(written, Exported::Written { .. }), "{written:?}");
    String::from_utf8(out).unwrap()
}

fn check(text: &str, keys: &[PublicKey], checkpoints: Option<&Path>) -> Result<Report, NotChecked> {
    let file = checkpoints.map(|path| std::io::BufReader::new(std::fs::File::open(path).unwrap()));
    verify_export(text.as_bytes(), keys, file)
}

/// Whether there is a Python that can run the verifier.
static PYTHON: LazyLock<bool> =
    LazyLock::new(|| Command::new("python3").args(["-c", "import cryptography"]).status().is_ok_and(|status| status.success()));

/// Runs the verifier on each line of its input (a list of arguments) and prints each exit code.
const DRIVER: &str = "
import contextlib, io, json, sys
sys.path.insert(0, sys.argv[1])
import verify_journal
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = verify_journal.main(json.loads(line))
    print(code)
";

/// The same files given to both verifiers: ours at once, the one in Python for all of them at the end, in one process.
struct Both<'a> {
    world: &'a World,
    cases: Vec<(Vec<String>, i32)>,
}

impl<'a> Both<'a> {
    fn new(world: &'a World) -> Self {
        Self { world, cases: Vec::new() }
    }

    /// Expects 0 for good, 1 for altered, 2 for not checked; gives what ours found.
    fn say(&mut self, text: &str, checkpoints: Option<&Path>, expected: i32) -> Vec<Problem> {
        self.say_with(&[self.world.signer.public().clone()], text, checkpoints, expected)
    }

    fn say_with(&mut self, keys: &[PublicKey], text: &str, checkpoints: Option<&Path>, expected: i32) -> Vec<Problem> {
        let report = check(text, keys, checkpoints);
        let code = report.as_ref().map_or(2, |report| i32::from(!report.is_good()));
        assert_eq!(code, expected, "{report:?}");

        let keep = |name: &str, bytes: &[u8]| {
            let path = self.world.folder.path().join(format!("{name}-{}", self.cases.len()));
            std::fs::write(&path, bytes).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let mut arguments = vec![keep("export", text.as_bytes())];
        arguments.extend(keys.iter().map(PublicKey::to_string));
        if let Some(checkpoints) = checkpoints {
            arguments.extend(["--checkpoints".to_owned(), keep("checkpoints", &std::fs::read(checkpoints).unwrap())]);
        }
        self.cases.push((arguments, expected));
        report.map(|report| report.problems).unwrap_or_default()
    }

    /// Python says the same.
    fn done(mut self) {
        let cases = std::mem::take(&mut self.cases);
        assert!(!cases.is_empty());
        if !*PYTHON {
            #[expect(clippy::disallowed_methods, reason = "where everything must run, `cargo xtask test` says so by this variable")]
            let strict = std::env::var("MAINCOURANTE_STRICT").is_ok();
            assert!(!strict, "python3 with the package cryptography is needed");
            eprintln!("NOT CHECKED IN PYTHON: python3 or its package cryptography is missing (apt install python3-cryptography)");
            return;
        }
        let docs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        let mut python = Command::new("python3");
        python.args(["-B", "-c", DRIVER]).arg(docs).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut python = python.spawn().unwrap();
        let mut stdin = python.stdin.take().unwrap();
        for (arguments, _) in &cases {
            writeln!(stdin, "{}", serde_json::to_string(arguments).unwrap()).unwrap();
        }
        drop(stdin);
        let output = python.wait_with_output().unwrap();
        let codes: Vec<i32> = String::from_utf8(output.stdout).unwrap().lines().map(|code| code.parse().unwrap()).collect();
        let expected: Vec<i32> = cases.iter().map(|(_, expected)| *expected).collect();
        assert_eq!(codes, expected, "in Python");
    }
}

impl Drop for Both<'_> {
    fn drop(&mut self) {
        assert!(self.cases.is_empty() || std::thread::panicking(), "cases were not given to Python");
    }
}

#[test]
fn the_command_itself_answers_by_its_exit_code() {
    if *PYTHON {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/verify_journal.py");
        let output = Command::new("python3").arg("-B").arg(script).args(["/nowhere", "not-a-key"]).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        assert!(String::from_utf8(output.stderr).unwrap().contains("not-a-key"));
    }
}

async fn world_of_twelve(world: &World) {
    world.write_hand_overs(5).await;
    world.sign().await;
    world.write_hand_overs(7).await;
    world.sign().await;
}

#[tokio::test]
async fn a_stranger_checks_a_whole_log_and_the_end_of_one() {
    for world in worlds().await {
        world_of_twelve(&world).await;
        let mut both = Both::new(&world);
        let text = exported(&world, WHOLE, 0).await;
        assert_eq!(text.lines().count(), 14);
        assert!(text.contains(r#"\"name\":\"Paul Nguyen\""#), "the structure reads its names");
        assert_eq!(both.say(&text, None, 0), []);
        assert_eq!(both.say(&text, Some(&world.outside), 0), []);
        for from in [1, 5, 6, 11, 12] {
            let end = exported(&world, WHOLE, from).await;
            assert_eq!(end.lines().count() as u64, 14 - from, "{}", world.test.engine);
            assert_eq!(both.say(&end, Some(&world.outside), 0), []);
        }
        let report = check(&exported(&world, WHOLE, 6).await, &[world.signer.public().clone()], Some(&world.outside)).unwrap();
        assert_eq!((report.entries, report.checkpoints, report.too_old), (6, 2, 1));
        let mut out = Vec::new();
        let beyond = export(&world.kernel, world.signer.public(), WHOLE, 13, &mut out).await.unwrap();
        assert_eq!((beyond, out.len()), (Exported::BeyondEnd, 0));
        both.done();
    }
}

#[tokio::test]
async fn an_auditor_reads_no_name_and_a_destroyed_key_opens_nothing() {
    for world in worlds().await {
        world_of_twelve(&world).await;
        let mut both = Both::new(&world);
        let audited = exported(&world, ExportFor::Auditor(Log::Structure(CCAS)), 0).await;
        assert!(!audited.contains("Paul") && !audited.contains("Vaudorme") && !audited.contains(r#""key""#));
        assert_eq!(both.say(&audited, Some(&world.outside), 0), []);

        let mut tx = world.kernel.db.write().await.unwrap();
        destroy_record_key(&mut tx, &world.kernel, world.act(), SubjectKind::Usager, PAUL).await.unwrap();
        tx.commit().await.unwrap();
        let erased = exported(&world, WHOLE, 0).await;
        assert!(!erased.contains("Paul") && erased.contains("Nadia"), "{}", world.test.engine);
        assert_eq!(both.say(&erased, Some(&world.outside), 0), []);

        let none =
            export(&world.kernel, world.signer.public(), ExportFor::Auditor(Log::of_person(AMINA)), 0, &mut Vec::new()).await.unwrap();
        assert_eq!(none, Exported::NotSigned);
        both.done();
    }
}

#[tokio::test]
async fn an_export_longer_than_a_batch_is_whole() {
    let world = World::new(testing::sqlite().await);
    let mut tx = world.kernel.db.write().await.unwrap();
    for _ in 0..1203 {
        maincourante_journal::append(&mut tx, &world.kernel, Log::Structure(CCAS), world.nadia(Event::RecordViewed)).await.unwrap();
    }
    tx.commit().await.unwrap();
    world.sign().await;
    let text = exported(&world, WHOLE, 501).await;
    assert_eq!(text.lines().count(), 704);
    let mut both = Both::new(&world);
    assert_eq!(both.say(&text, Some(&world.outside), 0), []);
    both.done();
    assert_eq!(world.problems().await, []);
}

/// The lines of the export, tampered by `change`.
fn tampered(text: &str, change: impl FnOnce(&mut Vec<String>)) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    lines.join("\n") + "\n"
}

#[tokio::test]
async fn what_is_done_to_an_export_is_found() {
    let world = World::new(testing::sqlite().await);
    world_of_twelve(&world).await;
    let mut both = Both::new(&world);
    let text = exported(&world, WHOLE, 0).await;
    let log = Log::Structure(CCAS).name();
    let rewritten = |from, to| vec![Problem::Rewritten { log: log.clone(), from, to }];

    // An entry changed; the older checkpoint narrows the search.
    let changed = tampered(&text, |lines| lines[8] = lines[8].replace("sms", "voice"));
    assert_eq!(both.say(&changed, None, 1), rewritten(0, 12));
    assert_eq!(both.say(&changed, Some(&world.outside), 1), rewritten(5, 12));
    // Removed, repeated, exchanged, cut, followed by something else.
    for (change, line) in [
        (tampered(&text, |lines| drop(lines.remove(4))), 5),
        (tampered(&text, |lines| lines.insert(4, lines[3].clone())), 5),
        (tampered(&text, |lines| lines.swap(4, 5)), 5),
        (tampered(&text, |lines| lines[6] = lines[6].replace(r#"\"seq\":5"#, r#"\"seq\":6"#)), 7),
        (tampered(&text, |lines| lines[6] = lines[6].replace(&format!(r#"\"log\":\"{log}\""#), r#"\"log\":\"service\""#)), 7),
        (tampered(&text, |lines| lines[6] = lines[6].replace(r#"\"at\":"#, r#"\"at\":-"#)), 7),
        (tampered(&text, |lines| lines[6] = lines[6].replace(r#"\"v\":1"#, r#"\"v\":2"#)), 7),
        (tampered(&text, |lines| lines[6] = lines[6].replace(r#"\"v\":1"#, r#"\"v\":1,\"v\":1"#)), 7),
        (tampered(&text, |lines| lines[6] = lines[6].replace(r#"\"reason\":null,"#, "")), 7),
        (tampered(&text, |lines| lines[6] = lines[6].replace(r#"\"outcome\":\"done\""#, r#"\"outcome\":\"refused\""#)), 7),
        (tampered(&text, |lines| lines[6] = lines[6].replace(r#"\"route\":\"sms\""#, r#"\"route\":\"par SMS\""#)), 7),
        (tampered(&text, |lines| lines[6] = lines[6].replace(r#"\"route\":\"sms\""#, r#"\"route\":1.5"#)), 7),
        (tampered(&text, |lines| lines[6] = lines[6].replace(r#"{"leaf""#, r#"{"more":1,"leaf""#)), 7),
        (tampered(&text, |lines| lines[6].truncate(60)), 7),
    ] {
        assert_eq!(both.say(&change, None, 1), [Problem::BadLine { line }]);
    }
    let cut = tampered(&text, |lines| lines.truncate(9));
    assert_eq!(both.say(&cut, None, 1), [Problem::ExportCut { log: log.clone(), entries: 8, size: 12 }]);
    let long = tampered(&text, |lines| lines.push(String::new()));
    assert_eq!(both.say(&long, None, 1), [Problem::ExportTooLong { line: 15 }]);
    both.done();
}

#[tokio::test]
async fn names_and_signatures_put_in_place_of_others_are_found() {
    let world = World::new(testing::sqlite().await);
    world_of_twelve(&world).await;
    let mut both = Both::new(&world);
    let text = exported(&world, WHOLE, 0).await;
    let log = Log::Structure(CCAS).name();

    for change in [
        tampered(&text, |lines| lines[3] = lines[3].replace("Nguyen", "Martin")),
        // The key of another entry opens nothing here.
        tampered(&text, |lines| {
            let key = |line: &str| line.rsplit_once(r#""key":""#).unwrap().1.split('"').next().unwrap().to_owned();
            lines[3] = lines[3].replace(&key(&lines[3]), &key(&lines[4]));
        }),
        tampered(&text, |lines| lines[3] = lines[3].replace(r#""slot":2"#, r#""slot":9"#)),
        tampered(&text, |lines| lines[3] = lines[3].replace(r#""slot":2"#, r#""slot":1"#)),
    ] {
        let found = both.say(&change, None, 1);
        assert!(matches!(found.as_slice(), [Problem::BadOpening { line: 4, .. }]), "{found:?}");
    }

    // Another signature, an older checkpoint, that of another log.
    let old = std::fs::read_to_string(&world.outside).unwrap();
    let note = |n: usize| {
        let note = old.lines().nth(n).unwrap().split_once(r#""note":"#).unwrap().1.trim_end_matches('}').to_owned();
        format!(r#"{{"checkpoint":{note}}}"#)
    };
    for last in [note(0), note(1), note(2), "{}".to_owned(), text.lines().last().unwrap().replacen("12", "13", 1)] {
        let change = tampered(&text, |lines| *lines.last_mut().unwrap() = last);
        assert_eq!(both.say(&change, None, 1), [Problem::ExportNotSigned { line: 14 }]);
    }
    // An export cut short and honestly signed long ago: only the later checkpoint tells.
    let short = tampered(&text, |lines| {
        lines[0] = lines[0].replace(r#""size":12"#, r#""size":5"#);
        lines.drain(6..13);
        *lines.last_mut().unwrap() = note(1);
    });
    assert_eq!(both.say(&short, None, 0), []);
    assert_eq!(both.say(&short, Some(&world.outside), 1), [Problem::CutTail { log: log.clone(), left: 5, signed: 12 }]);

    // Another past under the same end.
    let end = exported(&world, WHOLE, 5).await;
    let peak = end.split_once(r#""frontier":[""#).unwrap().1.split('"').next().unwrap().to_owned();
    let other = end.replace(&peak, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    assert_eq!(both.say(&other, None, 1), [Problem::Rewritten { log: log.clone(), from: 0, to: 12 }]);
    assert_eq!(both.say(&other, Some(&world.outside), 1), [Problem::Rewritten { log, from: 0, to: 5 }]);

    // Files of checkpoints that are not.
    std::fs::write(&world.outside, "rien\n").unwrap();
    assert_eq!(both.say(&text, Some(&world.outside), 1), [Problem::OutsideUnreadable { line: 1 }]);
    std::fs::write(&world.outside, old.replacen("12", "13", 1)).unwrap();
    let found = both.say(&text, Some(&world.outside), 1);
    assert!(matches!(found.as_slice(), [Problem::OutsideForged { .. }]), "{found:?}");
    both.done();
}

#[tokio::test]
async fn no_single_byte_changes_unseen_and_both_verifiers_agree_on_each() {
    let world = World::new(testing::sqlite().await);
    world.write_hand_overs(3).await;
    world.sign().await;
    let whole = exported(&world, WHOLE, 0).await.into_bytes();
    let mut both = Both::new(&world);
    let chance = Chance::seeded(33);
    let length = u32::try_from(whole.len()).unwrap();
    for turn in 0..400 {
        let mut bytes = whole.clone();
        let at = chance.below(length) as usize;
        match turn % 3 {
            0 => bytes[at] = b" \"\\{}[]:,0129-+.eEaZ/="[chance.below(21) as usize],
            1 => drop(bytes.remove(at)),
            _ => bytes.insert(at, b" \"0a,"[chance.below(5) as usize]),
        }
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let report = check(&text, &[world.signer.public().clone()], None);
        let code = report.as_ref().map_or(2, |report| i32::from(!report.is_good()));
        // What is not hashed is the outer JSON: a space there, or the last line feed, changes nothing that is said.
        let same = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok();
        let original = std::str::from_utf8(&whole).unwrap();
        let unchanged = text.lines().map(same).eq(original.lines().map(same)) && !text.trim_end_matches('\n').is_empty();
        assert!(code != 0 || unchanged, "turn {turn}: {text}");
        both.say(&text, None, code);
    }
    both.done();
}

#[tokio::test]
async fn what_is_not_an_export_or_not_a_key_is_not_checked() {
    let world = World::new(testing::sqlite().await);
    world_of_twelve(&world).await;
    let mut both = Both::new(&world);
    let text = exported(&world, WHOLE, 0).await;
    for change in [
        String::new(),
        "bonjour\n".to_owned(),
        tampered(&text, |lines| drop(lines.remove(0))),
        text.replace(r#""version":1"#, r#""version":2"#),
        text.replace(r#""from":0"#, r#""from":13"#),
        text.replace(r#""from":0"#, r#""from":-1"#),
        text.replace(r#""from":0"#, r#""from":1"#),
        text.replacen(r#""service":"courriel"#, r#""service":"autre"#, 1),
        text.replacen("structure/0", "structures/0", 1),
    ] {
        both.say(&change, None, 2);
    }
    // The key of someone else: the file is read, and its signature is not one we know.
    let other = Signer::from_pem(&Signer::generate(&Chance::seeded(9)), &"courriel.example.fr".parse().unwrap()).unwrap();
    let found = both.say_with(&[other.public().clone()], &text, None, 1);
    assert_eq!(found, [Problem::ExportNotSigned { line: 14 }]);
    // Both keys, as during a change of key.
    assert_eq!(both.say_with(&[other.public().clone(), world.signer.public().clone()], &text, None, 0), []);
    both.done();
}
