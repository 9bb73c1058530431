//! Sheets looked at by tools that are not ours (`tests/paper/check_pdf.py`: poppler, qpdf, pikepdf), and those tools put to the test.
//!
//! Without the tools these tests say so aloud and pass, unless MAINCOURANTE_STRICT is set: the integration server sets it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use maincourante_paper::Press;

#[path = "people/mod.rs"]
mod people;

#[test]
fn every_sheet_is_tagged_archivable_and_read_in_order() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (mut mandates, mut welcomes) = (Vec::new(), Vec::new());
    let press = Press::new().unwrap();
    for (name, specimen) in people::specimens() {
        let path = folder.path().join(name).with_extension("pdf");
        fs::write(&path, specimen.print(&press).unwrap().pdf).unwrap();
        if name.starts_with("mandate") { mandates.push(path) } else { welcomes.push(path) }
    }
    let (code, said) = check(&python, &["--pages", "3", "--order", &script("order-mandate.txt")], &mandates);
    assert_eq!(code, 0, "{said}");
    let (code, said) = check(&python, &["--pages", "1", "--order", &script("order-welcome.txt")], &welcomes);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn each_power_is_said_on_its_side_and_a_name_is_never_template_text() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("abroad.pdf");
    fs::write(&path, Press::new().unwrap().mandate(&people::from_abroad()).unwrap().pdf).unwrap();
    let order = folder.path().join("order.txt");
    let sentences = [
        "#panic(\"x\") *Ștefănescu* $x$ @dos <b> \\u{0041} Ελένη Ёлкина \u{fffd}",
        "Đặng Thị Ngọc-Ánh, İbrahim",
        "Hà Nội (Việt Nam)",
        "Je dis oui. La structure peut",
        "Créer mon compte et mon adresse.",
        "M’aider à changer mon mot de passe.",
        "Changer mon numéro de téléphone.",
        "M’aider quand je suis là.",
        "Je dis non. Elle ne peut pas",
        "Relier FranceConnect à mon compte.",
        "Déposer un document pour moi.",
        "Seuls les aidants",
        "Signé sur l’écran, avec un code reçu par SMS au numéro qui finit par 34, le vendredi 20 novembre 2026 à 14 h 32.",
        "Signé avec un code personnel, le vendredi 20 novembre 2026 à 14 h 36.",
    ];
    // The first line of the family name begins with the sign of a comment in the file of sentences: a space keeps it a sentence.
    fs::write(&order, sentences.map(|sentence| format!(" {sentence}\n")).concat()).unwrap();
    let (code, said) = check(&python, &["--order", order.to_str().unwrap()], &[path]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn the_check_sees_what_it_claims_to_see() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.pdf");
    fs::write(&good, Press::new().unwrap().mandate(&people::signed()).unwrap().pdf).unwrap();
    let bad = folder.path().join("bad");
    fs::create_dir(&bad).unwrap();
    let spoiled = Command::new(&python).arg(script("spoil_pdf.py")).arg(&good).arg(&bad).status().unwrap();
    assert!(spoiled.success());
    let mut seen = 0;
    for entry in fs::read_dir(&bad).unwrap() {
        let path = entry.unwrap().path();
        let words = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let order = script("order-mandate.txt");
        let options: &[&str] = if words.contains("order") { &["--order", &order] } else { &[] };
        let (code, said) = check(&python, options, &[path]);
        assert_eq!(code, 1, "{words}: {said}");
        assert!(said.lines().skip(1).any(|line| line.contains(&words)), "{words}: {said}");
        seen += 1;
    }
    assert_eq!(seen, 12);
}

fn check(python: &str, options: &[&str], sheets: &[PathBuf]) -> (i32, String) {
    let done = Command::new(python).arg(script("check_pdf.py")).args(options).args(sheets).output().expect("python runs");
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    (done.status.code().unwrap_or(-1), said)
}

fn script(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/paper").join(name).to_str().expect("a path in UTF-8").to_owned()
}

/// A Python that has pikepdf, with poppler and qpdf beside it. Debian's comes first: its packages are the documented ones.
fn python() -> Option<String> {
    let works = |command: &str, arguments: &[&str]| Command::new(command).args(arguments).output().is_ok_and(|done| done.status.success());
    let python = ["/usr/bin/python3", "python3"].into_iter().find(|python| works(python, &["-c", "import pikepdf"]));
    let tools = works("pdfinfo", &["-v"]) && works("pdftotext", &["-v"]) && works("pdffonts", &["-v"]) && works("qpdf", &["--version"]);
    if let (Some(python), true) = (python, tools) {
        return Some(python.to_owned());
    }
    #[expect(clippy::disallowed_methods, reason = "a test, not the program, asks whether a missing tool is forgiven")]
    let strict = std::env::var_os("MAINCOURANTE_STRICT").is_some();
    assert!(!strict, "poppler-utils, qpdf and python3-pikepdf are needed");
    eprintln!("SKIPPED: sheets were not checked by others; install poppler-utils, qpdf and python3-pikepdf");
    None
}
