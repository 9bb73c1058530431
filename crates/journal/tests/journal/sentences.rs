//! Every event of the catalogue, said to the structure and to the person, done, refused and failed.
//!
//! The snapshot is to be read by people: it is what they will read.

use std::fmt::Write;

use maincourante_journal::{
    Actor, Entry, Event, Log, Outcome, Payload, Reader, Role, Subject, SubjectKind, Viewer, append_to, destroy_record_key, reason_is_told,
    sentence,
};
use maincourante_kernel::Timestamp;
use maincourante_kernel::testing;
use uuid::Uuid;

use crate::scene::{CCAS, MANDATE, NADIA, PAUL, World};

const CLAIRE: Uuid = Uuid::from_u128(0xc1a);
const THOMAS: Uuid = Uuid::from_u128(0x7403);
/// The first instant of 15 March 2027 in Paris: the mandate is good until the 14th.
const END: Timestamp = Timestamp::from_micros(1_805_065_200_000_000);

/// Who usually does this.
fn actor(event: Event) -> Actor {
    let (family, verb) = event.as_str().split_once('.').unwrap();
    match (family, verb) {
        ("share", "opened") => Actor::Visitor,
        ("structure" | "announcement" | "config" | "key" | "backup" | "incident", _)
        | ("aidant", "invited")
        | ("account", "imported" | "disabled") => Actor::Operator(CLAIRE),
        ("sms" | "retention", _)
        | ("journal", "checkpoint")
        | ("takeover", "held")
        | ("alert", "raised")
        | ("mandate", "expired" | "suspended") => Actor::System,
        ("access", "handover_started" | "handover_cancelled") | ("phone", "changed") | ("account", "created" | "deleted_by_error") => {
            Actor::Aidant(NADIA)
        }
        ("auth", "fc_linked" | "fc_unlinked" | "fc_refused_delegated") | ("access" | "phone" | "account" | "share" | "export", _) => {
            Actor::Usager(PAUL)
        }
        ("mandate", "signed" | "revoked_by_usager") => Actor::Usager(PAUL),
        _ => Actor::Aidant(NADIA),
    }
}

/// Events that are about no person.
fn without_person(event: Event) -> bool {
    let (family, verb) = event.as_str().split_once('.').unwrap();
    match family {
        "structure" | "aidant" | "charter" | "announcement" | "config" | "key" | "backup" | "incident" | "journal" | "alert" => true,
        "auth" => !verb.starts_with("fc_"),
        _ => event == Event::RetentionPurged,
    }
}

/// What it is usually about, named.
fn entry(world: &World, event: Event) -> Entry {
    let actor = actor(event);
    let mut entry = Entry::new(world.act(), event, actor).in_structure_named(CCAS, "CCAS de Vaudorme");
    if !without_person(event) {
        entry = entry.about(Subject::usager(PAUL).named("Paul Nguyen"));
    }
    entry = match actor {
        Actor::Aidant(_) => entry.actor_named("Nadia Roussel"),
        Actor::Operator(_) => entry.actor_named("Claire Morel"),
        Actor::System | Actor::Visitor | Actor::Usager(_) => entry,
    };
    match event {
        Event::AccessHandoverStarted => entry.under(MANDATE, "give_access_back").with(Payload::new().word("route", "sms")),
        Event::AccessHandoverCompleted => {
            entry.about(Subject::aidant(NADIA).named("Nadia Roussel")).with(Payload::new().count("sessions_ended", 2))
        }
        Event::AccessPasswordChanged => entry.with(Payload::new().count("sessions_ended", 1)),
        Event::AccessRecoveredAlone => entry.with(Payload::new().word("route", "sms")),
        Event::AuthLogin => entry.with(Payload::new().word("method", "password_totp")),
        Event::PhoneVerified | Event::SmsSent => entry.about(Subject::usager(PAUL).field("masked_phone", "06 •• •• •• 07")),
        Event::PhoneChanged => entry
            .about(Subject::usager(PAUL).field("masked_phone", "07"))
            .under(MANDATE, "change_phone")
            .with(Payload::new().count("old_notified", 1)),
        Event::MandateDrafted | Event::MandateActivated | Event::MandateRenewed => entry.with(Payload::new().at("ends", END)),
        Event::MandateSigned => entry.with(Payload::new().word("method", "drawn_sms")),
        Event::MandatePowerRevoked => entry.with(Payload::new().word("power", "change_phone")),
        Event::AccountClosed => entry.with(Payload::new().word("reason", "asked_by_person")),
        Event::SmsFailed => entry.with(Payload::new().word("reason", "gateway_down")),
        Event::AidantInvited
        | Event::AidantActivated
        | Event::AidantSuspended
        | Event::AidantRemoved
        | Event::JournalReasonAsked
        | Event::AuthTotpReset => entry.about(Subject::aidant(THOMAS).named("Amandine Girard")),
        _ => entry,
    }
}

fn assert_good_french(text: &str) {
    assert!(!text.contains("%{") && !text.contains("event.") && !text.contains('\''), "{text}");
    assert!(text.ends_with('.') && !text.contains("  ") && !text.contains(" .") && !text.contains(" ,") && !text.contains(".."), "{text}");
    assert!(text.chars().next().unwrap().is_uppercase(), "{text}");
    for sign in [':', ';', '?', '!', '»'] {
        for (at, _) in text.match_indices(sign) {
            assert!(text[..at].ends_with('\u{a0}'), "before {sign} in {text}");
        }
    }
    for (at, _) in text.match_indices('«') {
        assert!(text[at + '«'.len_utf8()..].starts_with('\u{a0}'), "{text}");
    }
    assert!(!text.contains(" a a ") && !text.contains("de le ") && !text.contains("à le ") && !text.contains(" de A"), "{text}");
}

async fn said(world: &World, entries: impl IntoIterator<Item = Entry>) -> Vec<(Event, String, String)> {
    let mut tx = world.kernel.db.write().await.unwrap();
    for entry in entries {
        append_to(&mut tx, &world.kernel, &[Log::Structure(CCAS)], entry).await.unwrap();
    }
    tx.commit().await.unwrap();
    let records = world.all(Viewer::Structure(CCAS)).await;
    records.iter().rev().map(|record| (record.event, sentence(record, Reader::Structure), sentence(record, Reader::Person))).collect()
}

#[tokio::test]
async fn every_event_is_said_to_both_done_refused_and_failed() {
    let world = World::new(testing::sqlite().await);
    let outcomes = [Outcome::Done, Outcome::Refused("mandate_expired"), Outcome::Failed("timeout"), Outcome::Failed("something_new")];
    let mut told = said(
        &world,
        Event::ALL.iter().flat_map(|&event| outcomes.map(|outcome| (event, outcome))).map(|(event, outcome)| {
            let mut entry = entry(&world, event);
            entry.outcome = outcome;
            entry
        }),
    )
    .await
    .into_iter();
    let mut page = String::new();
    for &event in Event::ALL {
        writeln!(page, "{event}").unwrap();
        for outcome in outcomes {
            let (said, structure, person) = told.next().unwrap();
            assert_eq!(said, event);
            assert_good_french(&structure);
            assert_good_french(&person);
            match outcome {
                Outcome::Done => {}
                Outcome::Refused(_) => assert!(structure.ends_with("C’est refusé\u{a0}: le mandat a pris fin."), "{structure}"),
                Outcome::Failed("timeout") => {
                    assert!(person.ends_with("Cela n’a pas marché\u{a0}: cela a pris trop de temps."), "{person}");
                }
                Outcome::Failed(_) => assert!(person.ends_with("Cela n’a pas marché."), "{person}"),
            }
            if !matches!(outcome, Outcome::Failed(_)) {
                writeln!(page, "    structure  {structure}\n    personne   {person}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(page);
}

#[tokio::test]
async fn every_event_is_said_even_when_nobody_is_named() {
    let world = World::new(testing::sqlite().await);
    let bare = Event::ALL.iter().map(|&event| Entry::new(world.act(), event, actor(event)));
    for (_, structure, person) in said(&world, bare).await {
        assert_good_french(&structure);
        assert_good_french(&person);
    }
}

#[tokio::test]
async fn the_wording_is_that_of_the_product() {
    let world = World::new(testing::sqlite().await);
    let nbsp = |text: &str| text.replace('\u{a0}', " ");
    let told = said(
        &world,
        [
            entry(&world, Event::AccessHandoverStarted),
            entry(&world, Event::AccessHandoverStarted).refused("mandate_expired"),
            entry(&world, Event::AccessHandoverCompleted),
            entry(&world, Event::PhoneChanged),
            entry(&world, Event::MandateActivated),
            entry(&world, Event::AuthLoginFailed).failed("wrong_password"),
        ],
    )
    .await;
    let told: Vec<(String, String)> = told.iter().map(|(_, structure, person)| (nbsp(structure), nbsp(person))).collect();
    let expected = [
        (
            "Nadia Roussel a commencé à rendre l’accès à Paul Nguyen, avec un code envoyé par SMS. Mandat valable.",
            "Nadia Roussel, du CCAS de Vaudorme, vous a proposé de choisir un nouveau mot de passe, avec un code envoyé par SMS.",
        ),
        (
            "Nadia Roussel a voulu rendre l’accès à Paul Nguyen. C’est refusé : le mandat a pris fin.",
            "Nadia Roussel, du CCAS de Vaudorme, a voulu vous aider à choisir un nouveau mot de passe. C’est refusé : le mandat a pris fin.",
        ),
        (
            "Paul Nguyen a choisi un nouveau mot de passe, avec l’aide de Nadia Roussel. 2 autres sessions ont été fermées.",
            "Vous avez choisi un nouveau mot de passe, avec l’aide de Nadia Roussel, du CCAS de Vaudorme. Personne d’autre que vous ne le connaît. \
             2 autres sessions ont été fermées.",
        ),
        (
            "Nadia Roussel a changé le numéro de téléphone du compte de Paul Nguyen. Le nouveau numéro finit par 07. L’ancien numéro a reçu un SMS. Mandat valable.",
            "Nadia Roussel, du CCAS de Vaudorme, a changé le numéro de téléphone de votre compte. Le nouveau numéro finit par 07. \
             L’ancien numéro a reçu un SMS.",
        ),
        (
            "Nadia Roussel a activé le mandat de Paul Nguyen, valable jusqu’au 14 mars 2027.",
            "Nadia Roussel, du CCAS de Vaudorme, a activé votre mandat, valable jusqu’au 14 mars 2027. L’aide peut commencer.",
        ),
        (
            "Quelqu’un a voulu ouvrir une session au nom de Nadia Roussel. Cela n’a pas marché : le mot de passe n’est pas le bon.",
            "Quelqu’un a voulu ouvrir une session sur votre compte. Cela n’a pas marché : le mot de passe n’est pas le bon.",
        ),
    ];
    for (told, expected) in told.iter().zip(expected) {
        assert_eq!((told.0.as_str(), told.1.as_str()), expected);
    }
    assert_eq!(told.len(), expected.len());
}

#[tokio::test]
async fn an_erased_person_is_said_so() {
    let world = World::new(testing::sqlite().await);
    said(&world, [entry(&world, Event::AccessHandoverStarted), entry(&world, Event::AccountClosed)]).await;
    let mut tx = world.kernel.db.write().await.unwrap();
    for (kind, id) in [(SubjectKind::Usager, PAUL), (SubjectKind::Aidant, NADIA), (SubjectKind::Structure, CCAS)] {
        destroy_record_key(&mut tx, &world.kernel, world.act(), kind, id).await.unwrap();
    }
    tx.commit().await.unwrap();
    let told: Vec<(String, String)> =
        said(&world, []).await.into_iter().map(|(_, structure, person)| (structure.replace('\u{a0}', " "), person)).collect();
    assert_eq!(
        told[0].0,
        "Une personne dont les données sont effacées a commencé à rendre l’accès à une personne dont les données sont effacées, \
         avec un code envoyé par SMS. Mandat valable."
    );
    assert!(told[0].1.starts_with("Une personne dont les données sont effacées vous a proposé"), "{}", told[0].1);
    assert!(told[1].0.starts_with("Une personne dont les données sont effacées a fermé son compte. Motif"), "{}", told[1].0);
}

#[tokio::test]
async fn a_name_is_never_read_as_a_text_of_ours() {
    let world = World::new(testing::sqlite().await);
    let hostile = "%{usager} 100% %{who}";
    let told = said(
        &world,
        [world.alone(PAUL, hostile, Event::AccountClosed), world.alone(PAUL, hostile, Event::AccountClosed).refused("tutelle")],
    )
    .await;
    assert_eq!(told[0].1, format!("{hostile} a fermé son compte."));
    assert_eq!(told[1].1, format!("{hostile} a voulu fermer son compte. C’est refusé\u{a0}: la personne est sous tutelle."));
}

#[test]
fn reasons_have_words() {
    assert!(reason_is_told("mandate_expired") && reason_is_told("gateway_down"));
    assert!(!reason_is_told("something_new") && !reason_is_told(""));
    assert_eq!(Role::named("referent"), Some(Role::Referent));
}

#[test]
fn every_problem_has_its_sentence() {
    use maincourante_journal::Problem;
    let log = || "structure/00000000-0000-0000-0000-00000000cca5".to_owned();
    let (kind, id) = (|| "usager".to_owned(), PAUL);
    let all = [
        Problem::Altered { log: log(), seq: 5 },
        Problem::ColumnDiffers { log: log(), seq: 5, column: "event" },
        Problem::Unreadable { log: log(), seq: 5 },
        Problem::Misplaced { log: log(), seq: 5, claimed_log: "service".into(), claimed_seq: 7 },
        Problem::Missing { log: log(), from: 5, to: 5 },
        Problem::Missing { log: log(), from: 5, to: 7 },
        Problem::Uncounted { log: log(), from: 5, to: 7 },
        Problem::TimeBackwards { log: log(), seq: 5 },
        Problem::SubjectDiffers { log: log(), seq: 5, slot: 1 },
        Problem::FieldsAltered { log: log(), seq: 5, slot: 1 },
        Problem::FieldsMissing { log: log(), seq: 5, slot: 1 },
        Problem::KeyMissing { kind: kind(), id },
        Problem::KeyUnreadable { kind: kind(), id },
        Problem::KeyDestroyedSilently { kind: kind(), id },
        Problem::KeyCameBack { kind: kind(), id },
        Problem::Rewritten { log: log(), from: 5, to: 8 },
        Problem::CutTail { log: log(), left: 5, signed: 7 },
        Problem::HeadMissing { log: log() },
        Problem::HeadAltered { log: log(), from: 5 },
        Problem::HeadDiffers { log: log() },
        Problem::CheckpointAltered { log: log(), size: 5 },
        Problem::CheckpointMissing { log: log(), size: 5 },
        Problem::CheckpointNotInTree { log: log(), size: 5 },
        Problem::OutsideMissing,
        Problem::OutsideUnreadable { line: 5 },
        Problem::OutsideForged { line: 5 },
        Problem::OutsideLacks { count: 5 },
        Problem::RefusalOff { trigger: "journal_entry_no_update" },
        Problem::BadLine { line: 5 },
        Problem::BadOpening { line: 5, slot: 1 },
        Problem::ExportCut { log: log(), entries: 5, size: 7 },
        Problem::ExportTooLong { line: 5 },
        Problem::ExportNotSigned { line: 5 },
    ];
    let page: Vec<String> = all.iter().map(Problem::sentence).collect();
    for text in &page {
        assert!(!text.contains("%{") && !text.starts_with("verify."), "{text}");
        assert!(
            text.contains('5')
                || text.contains("journal_")
                || text.contains(&id.to_string())
                || text.ends_with("n’existe pas.")
                || text.contains("tête"),
            "{text}"
        );
        for sign in [':', ';', '?', '!', '»'] {
            assert!(text.match_indices(sign).all(|(at, _)| text[..at].ends_with('\u{a0}')), "{text}");
        }
    }
    insta::assert_snapshot!(page.join("\n"));
}
