//! Exports: read by someone who holds the public key alone, with our verifier and with the one in Python.
//!
//! Both are given the same files, good and tampered, and must agree.

use std::path::{Path, PathBuf};
use std::process::Command;

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

/// The exit code of the Python verifier; none, loudly, where Python or its package is missing.
fn python(folder: &Path, text: &str, keys: &[PublicKey], checkpoints: Option<&Path>) -> Option<i32> {
    let path = folder.join("export.jsonl");
    std::fs::write(&path, text).unwrap();
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/verify_journal.py");
    if !Command::new("python3").args(["-c", "import cryptography"]).status().is_ok_and(|status| status.success()) {
        #[expect(clippy::disallowed_methods, reason = "where everything must run, `cargo xtask test` says so by this variable")]
        let strict = std::env::var("MAINCOURANTE_STRICT").is_ok();
        assert!(!strict, "python3 with the package cryptography is needed");
        eprintln!("NOT CHECKED IN PYTHON: python3 or its package cryptography is missing (apt install python3-cryptography)");
        return None;
    }
    let mut command = Command::new("python3");
    command.arg(script).arg(path).args(keys.iter().map(PublicKey::to_string));
    if let Some(checkpoints) = checkpoints {
        command.arg("--checkpoints").arg(checkpoints);
    }
    let output = command.output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("Traceback"), "{}", String::from_utf8_lossy(&output.stderr));
    output.status.code()
}

/// Both verifiers say the same: 0 good, 1 altered, 2 not checked.
fn both(world: &World, text: &str, checkpoints: Option<&Path>, expected: i32) -> Vec<Problem> {
    let keys = [world.signer.public().clone()];
    let report = check(text, &keys, checkpoints);
    let code = report.as_ref().map_or(2, |report| i32::from(!report.is_good()));
    assert_eq!(code, expected, "{report:?}");
    if let Some(code) = python(world.folder.path(), text, &keys, checkpoints) {
        assert_eq!(code, expected, "in Python; here {report:?}");
    }
    report.map(|report| report.problems).unwrap_or_default()
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
        let text = exported(&world, WHOLE, 0).await;
        assert_eq!(text.lines().count(), 14);
        assert!(text.contains(r#"\"name\":\"Paul Nguyen\""#), "the structure reads its names");
        assert_eq!(both(&world, &text, None, 0), []);
        assert_eq!(both(&world, &text, Some(&world.outside), 0), []);
        for from in [1, 5, 6, 11, 12] {
            let end = exported(&world, WHOLE, from).await;
            assert_eq!(end.lines().count() as u64, 14 - from, "{}", world.test.engine);
            assert_eq!(both(&world, &end, Some(&world.outside), 0), []);
        }
        let report = check(&exported(&world, WHOLE, 6).await, &[world.signer.public().clone()], Some(&world.outside)).unwrap();
        assert_eq!((report.entries, report.checkpoints, report.too_old), (6, 2, 1));
        let mut out = Vec::new();
        let beyond = export(&world.kernel, world.signer.public(), WHOLE, 13, &mut out).await.unwrap();
        assert_eq!((beyond, out.len()), (Exported::BeyondEnd, 0));
    }
}

#[tokio::test]
async fn an_auditor_reads_no_name_and_a_destroyed_key_opens_nothing() {
    for world in worlds().await {
        world_of_twelve(&world).await;
        let audited = exported(&world, ExportFor::Auditor(Log::Structure(CCAS)), 0).await;
        assert!(!audited.contains("Paul") && !audited.contains("Vaudorme") && !audited.contains(r#""key""#));
        assert_eq!(both(&world, &audited, Some(&world.outside), 0), []);

        let mut tx = world.kernel.db.write().await.unwrap();
        destroy_record_key(&mut tx, &world.kernel, world.act(), SubjectKind::Usager, PAUL).await.unwrap();
        tx.commit().await.unwrap();
        let erased = exported(&world, WHOLE, 0).await;
        assert!(!erased.contains("Paul") && erased.contains("Nadia"), "{}", world.test.engine);
        assert_eq!(both(&world, &erased, Some(&world.outside), 0), []);

        let none =
            export(&world.kernel, world.signer.public(), ExportFor::Auditor(Log::of_person(AMINA)), 0, &mut Vec::new()).await.unwrap();
        assert_eq!(none, Exported::NotSigned);
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
    assert_eq!(both(&world, &text, Some(&world.outside), 0), []);
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
    let text = exported(&world, WHOLE, 0).await;
    let log = Log::Structure(CCAS).name();
    let rewritten = |from, to| vec![Problem::Rewritten { log: log.clone(), from, to }];

    // An entry changed; the older checkpoint narrows the search.
    let changed = tampered(&text, |lines| lines[8] = lines[8].replace("sms", "voice"));
    assert_eq!(both(&world, &changed, None, 1), rewritten(0, 12));
    assert_eq!(both(&world, &changed, Some(&world.outside), 1), rewritten(5, 12));
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
        assert_eq!(both(&world, &change, None, 1), [Problem::BadLine { line }]);
    }
    let cut = tampered(&text, |lines| lines.truncate(9));
    assert_eq!(both(&world, &cut, None, 1), [Problem::ExportCut { log: log.clone(), entries: 8, size: 12 }]);
    let long = tampered(&text, |lines| lines.push(String::new()));
    assert_eq!(both(&world, &long, None, 1), [Problem::ExportTooLong { line: 15 }]);
}

#[tokio::test]
async fn names_and_signatures_put_in_place_of_others_are_found() {
    let world = World::new(testing::sqlite().await);
    world_of_twelve(&world).await;
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
        let found = both(&world, &change, None, 1);
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
        assert_eq!(both(&world, &change, None, 1), [Problem::ExportNotSigned { line: 14 }]);
    }
    // An export cut short and honestly signed long ago: only the later checkpoint tells.
    let short = tampered(&text, |lines| {
        lines[0] = lines[0].replace(r#""size":12"#, r#""size":5"#);
        lines.drain(6..13);
        *lines.last_mut().unwrap() = note(1);
    });
    assert_eq!(both(&world, &short, None, 0), []);
    assert_eq!(both(&world, &short, Some(&world.outside), 1), [Problem::CutTail { log: log.clone(), left: 5, signed: 12 }]);

    // Another past under the same end.
    let end = exported(&world, WHOLE, 5).await;
    let peak = end.split_once(r#""frontier":[""#).unwrap().1.split('"').next().unwrap().to_owned();
    let other = end.replace(&peak, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    assert_eq!(both(&world, &other, None, 1), [Problem::Rewritten { log: log.clone(), from: 0, to: 12 }]);
    assert_eq!(both(&world, &other, Some(&world.outside), 1), [Problem::Rewritten { log, from: 0, to: 5 }]);

    // Files of checkpoints that are not.
    std::fs::write(&world.outside, "rien\n").unwrap();
    assert_eq!(both(&world, &text, Some(&world.outside), 1), [Problem::OutsideUnreadable { line: 1 }]);
    std::fs::write(&world.outside, old.replacen("12", "13", 1)).unwrap();
    let found = both(&world, &text, Some(&world.outside), 1);
    assert!(matches!(found.as_slice(), [Problem::OutsideForged { .. }]), "{found:?}");
}

#[tokio::test]
async fn what_is_not_an_export_or_not_a_key_is_not_checked() {
    let world = World::new(testing::sqlite().await);
    world_of_twelve(&world).await;
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
        both(&world, &change, None, 2);
    }
    // The key of someone else: the file is read, and its signature is not one we know.
    let other = Signer::from_pem(&Signer::generate(&Chance::seeded(9)), &"courriel.example.fr".parse().unwrap()).unwrap();
    let keys = [other.public().clone()];
    assert_eq!(check(&text, &keys, None).unwrap().problems, [Problem::ExportNotSigned { line: 14 }]);
    if let Some(code) = python(world.folder.path(), &text, &keys, None) {
        assert_eq!(code, 1);
    }
}
