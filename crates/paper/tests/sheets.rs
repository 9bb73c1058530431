//! Sheets as they come out of the press: same data, same bytes; the right number of pages; nothing personal in a log.

use std::sync::LazyLock;

use maincourante_paper::{BadStrokes, MandateDocument, Press, Strokes, WelcomeSheet};

#[path = "people/mod.rs"]
mod people;

static PRESS: LazyLock<Press> = LazyLock::new(|| Press::new().expect("faces and templates of the program"));

#[test]
fn the_same_data_give_the_same_bytes_on_any_press_and_any_thread() {
    let first = PRESS.mandate(&people::signed()).unwrap();
    let other_press = Press::new().unwrap();
    let threads: Vec<_> = (0..3)
        .map(|_| {
            let press = other_press.clone();
            std::thread::spawn(move || {
                // Something else in between: what the engine remembers must not show.
                press.welcome_sheet(&people::welcome()).unwrap();
                press.mandate(&people::signed()).unwrap()
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), first);
    }
    assert_eq!(ring::digest::digest(&ring::digest::SHA256, &first.pdf).as_ref(), first.sha256);
}

#[test]
fn any_change_of_the_data_changes_the_bytes() {
    let first = PRESS.mandate(&people::signed()).unwrap();
    let mut other = people::signed();
    other.made_at = other.made_at.plus(maincourante_kernel::clock::seconds(1));
    assert_ne!(PRESS.mandate(&other).unwrap().sha256, first.sha256);
    let mut other = people::signed();
    other.powers.deposit_document = maincourante_paper::Choice::Granted;
    assert_ne!(PRESS.mandate(&other).unwrap().sha256, first.sha256);
}

#[test]
fn a_mandate_has_three_pages_and_a_welcome_sheet_one_whoever_it_names() {
    for (name, specimen) in people::specimens() {
        let sheet = specimen.print(&PRESS).unwrap();
        assert_eq!(sheet.pages, if name.starts_with("mandate") { 3 } else { 1 }, "{name}");
        assert!(sheet.pdf.starts_with(b"%PDF-1.7"), "{name}");
    }
}

#[test]
fn a_letter_that_cannot_be_printed_is_known_at_the_door() {
    assert_eq!(PRESS.unprintable("Đặng Ştefănescu-Łukasz d’Été, Œ ÿ ẞ Ελένη Ёлкина"), None);
    assert_eq!(PRESS.unprintable("e\u{301}\u{200f}\u{202e}"), None, "accents are joined and marks dropped before");
    assert_eq!(PRESS.unprintable("王 Wang"), Some('王'));
    assert_eq!(PRESS.unprintable("Zoé 🙂"), Some('🙂'));
}

#[test]
fn a_stored_document_prints_the_same() {
    let document = people::signed();
    let kept = serde_json::to_vec(&document).unwrap();
    let read: MandateDocument = serde_json::from_slice(&kept).unwrap();
    assert!(read == document);
    let sheet: WelcomeSheet = serde_json::from_slice(&serde_json::to_vec(&people::welcome()).unwrap()).unwrap();
    assert!(sheet == people::welcome());
    let tampered = String::from_utf8(kept).unwrap().replace("\"phone_end\":\"34\"", "\"phone_end\":\"<b>\"");
    assert!(serde_json::from_str::<MandateDocument>(&tampered).is_err());
}

#[test]
fn nothing_personal_reaches_a_log() {
    let said = format!(
        "{:?} {:?} {:?} {:?}",
        people::signed(),
        people::welcome(),
        PRESS.welcome_sheet(&people::welcome()).unwrap(),
        Strokes::new(100, 100, vec![vec![(98, 97)]]),
    );
    for word in ["Sow", "Mamadou", "Lambert", "1948", "@", "98", "97"] {
        assert!(!said.contains(word), "{word} in {said}");
    }
    assert_eq!(Strokes::new(100, 100, vec![]).unwrap_err(), BadStrokes::Empty);
}
