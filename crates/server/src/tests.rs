//! Commands, as someone types them.

use std::path::Path;

use clap::Parser;
use maincourante_identity::{NewStaff, StaffKind, StaffStanding, TotpSecret, staff_standing};
use maincourante_journal::Channel;
use maincourante_kernel::{Chance, Clock, Secret};
use maincourante_mandates::{MemberRole, structures};

use crate::Arguments;
use crate::commands::{Verdict, enrol_with};
use crate::config::Config;
use crate::house::House;
use crate::work;

/// Types a command; the exit code it would have.
async fn typed(words: &[&str]) -> u8 {
    let arguments = Arguments::try_parse_from([&["maincourante"], words].concat()).unwrap_or_else(|error| panic!("{error}"));
    match arguments.command.run().await {
        Ok(Verdict::Well) => 0,
        Ok(Verdict::NotWell) => 1,
        Ok(Verdict::NotRun) | Err(_) => 2,
    }
}

/// The example of the documentation, with other lines.
fn configuration(folder: &Path, changes: &[(&str, &str)]) -> String {
    let page = include_str!("../../../docs/configuration.md");
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the page has an example");
    let text = changes.iter().fold(example.to_owned(), |text, (line, other)| {
        assert!(text.contains(line), "{line} is not in the example");
        text.replace(line, other)
    });
    let file = folder.join("maincourante.toml");
    std::fs::write(&file, text).unwrap();
    file.to_string_lossy().into_owned()
}

#[tokio::test]
async fn a_name_that_is_mistyped_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let typo = folder.path().join("typo");
    let data = typo.to_string_lossy();
    let commands: [&[&str]; 6] = [
        &["journal", "verify", "--data", &data],
        &["journal", "checkpoint", "--data", &data],
        &["journal", "key", "--data", &data],
        &["journal", "export", "--log", "service", "--out", "/dev/null", "--data", &data],
        &["lifecycle", "run", "--data", &data],
        &[
            "structure",
            "open",
            "--siret",
            "26400012300010",
            "--name",
            "n",
            "--address",
            "a",
            "--phone",
            "3949",
            "--hours",
            "h",
            "--data",
            &data,
        ],
    ];
    for command in commands {
        assert_eq!(typed(command).await, 2, "{command:?}");
        assert!(!typo.exists(), "{command:?} made a folder");
    }
    std::fs::create_dir(&typo).unwrap();
    assert_eq!(typed(commands[0]).await, 2, "an empty folder holds no base");
    assert_eq!(typo.read_dir().unwrap().count(), 0, "something was made in it");

    assert_eq!(typed(&["migrate", "--data", &data]).await, 0);
    assert_eq!(typed(commands[0]).await, 1, "once it is made it is looked at: no checkpoint was ever written");
}

#[tokio::test]
async fn check_makes_no_base() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("maincourante.db");
    let line = format!("file = \"{}\"", base.display());
    let config = configuration(folder.path(), &[("file = \"/var/lib/maincourante/maincourante.db\"", &line)]);
    assert_eq!(typed(&["check", "--config", &config]).await, 1);
    assert!(!base.exists());
}

#[test]
fn training_and_the_fictitious_phone_go_together_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    Config::read(configuration(folder.path(), &[]).as_ref()).expect("the sandbox of the example");
    for not_training in ["training = false\n", ""] {
        let file = configuration(folder.path(), &[("training = true\n", not_training)]);
        let Err(sentence) = Config::read(file.as_ref()) else { panic!("codes of real people would reach nobody") };
        assert!(sentence.to_string().contains("codes would reach nobody"), "{sentence}");
    }
}

#[tokio::test]
async fn an_export_that_gives_nothing_leaves_the_one_before_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (data, out) = (folder.path().join("data"), folder.path().join("log.jsonl"));
    let (data, name) = (data.to_string_lossy(), out.to_string_lossy());
    let export = ["journal", "export", "--log", "service", "--out", &name, "--data", &data];
    assert_eq!(typed(&["migrate", "--data", &data]).await, 0);
    std::fs::write(&out, "yesterday").unwrap();
    assert_eq!(typed(&export).await, 1, "nothing was signed yet");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "yesterday");

    let open = [
        "structure",
        "open",
        "--siret",
        "26400012300010",
        "--name",
        "n",
        "--address",
        "a",
        "--phone",
        "3949",
        "--hours",
        "h",
        "--data",
        &data,
    ];
    assert_eq!(typed(&open).await, 0);
    assert_eq!(typed(&["journal", "checkpoint", "--data", &data]).await, 0);
    assert_eq!(typed(&export).await, 0);
    assert!(std::fs::read_to_string(&out).unwrap().contains("structure.opened"));
    assert_eq!(folder.path().read_dir().unwrap().count(), 2, "nothing is left beside");
}

#[tokio::test]
async fn the_operator_closes_what_was_opened_and_the_journal_still_verifies() {
    const SIRET: &str = "26400012300010";
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let house = House::embedded(&data, "http://127.0.0.1:8080", Clock::System).await.unwrap();
    let data = data.to_string_lossy();
    let (siret, nadia) = (["--siret", SIRET], ["--login", "nadia@ccas.example"]);
    let open = ["structure", "open", "--name", "n", "--address", "a", "--phone", "3949", "--hours", "h", "--siret", SIRET, "--data", &data];
    assert_eq!(typed(&open).await, 0);
    let new = NewStaff {
        kind: StaffKind::Aidant,
        login: "nadia@ccas.example".into(),
        name: "Nadia".into(),
        password: Secret::new("panier cerise lundi".into()),
        totp: TotpSecret::new(&Chance::System),
    };
    let mut tx = house.kernel().db.read().await.unwrap();
    let structure = structures::find_by_siret(&mut tx, SIRET).await.unwrap().unwrap().id;
    drop(tx);
    enrol_with(&house, &new, Some((structure, MemberRole::Aidant)), Channel::Cli).await.unwrap().unwrap();

    for (words, options, first, second) in [
        (["structure", "suspend"], siret.to_vec(), 0, 1),
        (["structure", "resume"], siret.to_vec(), 0, 1),
        (["operator", "disable"], nadia.to_vec(), 0, 1),
        (["operator", "enable"], nadia.to_vec(), 0, 1),
        (["structure", "remove"], [siret, nadia].concat(), 0, 1),
        (["operator", "disable"], vec!["--login", "typo@ccas.example"], 1, 1),
    ] {
        let command = [&words[..], &options, &["--data", &data]].concat();
        assert_eq!((typed(&command).await, typed(&command).await), (first, second), "{command:?}");
    }
    assert_eq!(typed(&["journal", "checkpoint", "--data", &data]).await, 0);
    assert_eq!(typed(&["journal", "verify", "--data", &data]).await, 0);
}

#[tokio::test]
async fn a_referent_is_invited_by_a_letter_of_the_service_and_someone_known_joins_another_structure() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let house = House::embedded(&data, "http://127.0.0.1:8080", Clock::System).await.unwrap();
    let data = data.to_string_lossy();
    for siret in ["26400012300010", "73282932000074"] {
        let open =
            ["structure", "open", "--name", "n", "--address", "a", "--phone", "3949", "--hours", "h", "--siret", siret, "--data", &data];
        assert_eq!(typed(&open).await, 0);
    }
    let new = NewStaff {
        kind: StaffKind::Aidant,
        login: "nadia@ccas.example".into(),
        name: "Nadia Roussel".into(),
        password: Secret::new("panier cerise lundi".into()),
        totp: TotpSecret::new(&Chance::System),
    };
    let id = enrol_with(&house, &new, None, Channel::Cli).await.unwrap().unwrap();
    // Nobody is asked for a password: standard input is empty here.
    for (siret, role, code) in [("26400012300010", "aidant", 0), ("73282932000074", "referent", 0), ("73282932000074", "referent", 1)] {
        let login = ["--login", "nadia@ccas.example", "--name", "Nadia", "--role", role];
        let add = [&["structure", "add", "--siret", siret][..], &login, &["--data", &data]].concat();
        assert_eq!(typed(&add).await, code, "{siret} {role}");
    }
    let invite = |login: &'static str, siret: &'static str| {
        ["structure", "invite-referent", "--siret", siret, "--login", login, "--name", "Zoé Martin", "--data", &data].map(str::to_owned)
    };
    for (login, siret, code) in [
        ("zoe@mairie.example", "26400012300010", 0),
        ("zoe@mairie.example", "26400012300010", 1),
        ("zoe", "26400012300010", 1),
        ("nadia@ccas.example", "26400012300010", 1),
        ("zoe@mairie.example", "26400012300011", 1),
    ] {
        let words = invite(login, siret);
        assert_eq!(typed(&words.each_ref().map(String::as_str)).await, code, "{login} {siret}");
    }
    for (login, code) in [("nadia@ccas.example", 0), ("typo@ccas.example", 1)] {
        assert_eq!(typed(&["operator", "reset", "--login", login, "--data", &data]).await, code);
    }
    let mut tx = house.kernel().db.read().await.unwrap();
    assert_eq!(staff_standing(&mut tx, id).await.unwrap(), Some(StaffStanding::Reset));
    drop(tx);

    work::carry_out_all(&house).await.unwrap();
    work::carry_out_all(&house).await.unwrap();
    let mut departed = house.mailbox.departed().await.unwrap().unwrap();
    departed.sort_by_key(|letter| letter.to[0].to_string());
    let to: Vec<String> = departed.iter().map(|letter| letter.to[0].to_string()).collect();
    assert_eq!(to, ["nadia@ccas.example", "zoe@mairie.example"]);
    for letter in departed {
        let words = maincourante_mailbox::letter::tree::plain(&letter.view.body);
        assert!(words.contains("http://127.0.0.1:8080/invitation/lien/"), "{words}");
        assert_eq!(
            letter.view.from.and_then(|from| from.address).map(|from| from.to_string()).as_deref(),
            Some("ne-pas-repondre@vaudorme.example")
        );
    }
    assert_eq!(typed(&["journal", "checkpoint", "--data", &data]).await, 0);
    assert_eq!(typed(&["journal", "verify", "--data", &data]).await, 0);
}
