//! Scenes of prints signed by hand, of a second helper, and of the evidence of every way to sign.

use std::io::Write;
use std::process::{Command, Stdio};

use data_encoding::HEXLOWER;
use maincourante_identity::UsagerId;
use maincourante_journal::{Ended, Record, Seen, SubjectKind, record_key};
use maincourante_kernel::raster;
use serde_json::Value;
use uuid::Uuid;

use super::*;
use crate::activate::{Colleague, Countersignature, countersign};
use crate::evidence::sha256;
use crate::papers::PaperKind;
use crate::prints::{Begin, Change, Finish, NotAPage, Wait, Whole};
use crate::signature::Declared;

/// A photograph: what a camera says of itself, then a frame of 4000 by 3000 points, then `more` bytes.
pub(super) fn photo(more: usize) -> Vec<u8> {
    let head = b"\xff\xd8\xff\xe1\0\x06Exif\xff\xc4\0\x03\0\xff\xff\xc2\0\x11\x08\x0b\xb8\x0f\xa0\x03";
    assert!(raster::of(head).is_some());
    [head.as_slice(), &vec![b'x'; more]].concat()
}

fn pdf() -> Vec<u8> {
    b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n".to_vec()
}

/// Sends a page in small pieces, as a slow line would; gives what it came to, and its identity.
async fn sends(world: &World, aidant: &SignedInAidant, josette: UsagerId, bytes: &[u8]) -> (Finish, Uuid) {
    let once = world.kernel().chance.uuid(world.kernel().now());
    let Begin::Ready(mut page) = prints::begin(&world.context, aidant, josette, once).await.unwrap() else { panic!("it may come") };
    for piece in bytes.chunks(50_000) {
        if let Err(wrong) = page.push(&world.context, piece).await.unwrap() {
            page.forget(&world.context).await.unwrap();
            return (Finish::NotAPage(wrong), once);
        }
    }
    (page.finish(&world.context).await.unwrap(), once)
}

/// A mandate printed, signed by hand before Nadia, and countersigned.
async fn signs_by_hand(world: &World, nadia: &Worker) -> (MandateId, UsagerId) {
    let id = world.presents(nadia, &World::josette(), &["create_account", "give_access_back"]).await;
    let aidant = world.at_work(nadia).await;
    assert_eq!(signature::declare_print(&world.context, &aidant, id).await.unwrap(), Declared::NotPrinted);
    assert!(papers::to_sign(&world.context, &aidant, id).await.unwrap().is_some());
    assert_eq!(signature::declare_print(&world.context, &aidant, id).await.unwrap(), Declared::Signed);
    assert_eq!(signature::declare_print(&world.context, &aidant, id).await.unwrap(), Declared::Signed, "pressed twice");
    (id, world.countersigns(nadia, id).await)
}

async fn places(world: &World, aidant: &SignedInAidant, josette: UsagerId) -> Vec<Uuid> {
    prints::look(&world.context, aidant, josette).await.unwrap().expect("awaited").pages.iter().map(|page| page.id).collect()
}

#[tokio::test]
async fn a_print_signed_by_hand_creates_the_account_alone_until_its_photographs_are_whole() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let (id, josette) = signs_by_hand(&world, &nadia).await;
        let aidant = world.at_work(&nadia).await;
        let record = people::record(&world.context, &aidant, josette).await.unwrap().expect("a record");
        assert!(matches!(record.standing, Standing::Provisional { .. }) && record.print == Wait::Print && record.phone_end.is_none());
        assert!(matches!(
            access_back::lend(&world.context, &aidant, josette).await.unwrap(),
            Lending::Refused(Refusal::Provisional { .. })
        ));
        assert!(papers::to_sign_again(&world.context, &aidant, josette).await.unwrap().is_some(), "it can be printed again");

        let mut added = Vec::new();
        for bytes in [photo(600_000), photo(10), pdf()] {
            let (finish, page) = sends(&world, &aidant, josette, &bytes).await;
            assert_eq!(finish, Finish::Added, "{}", world.engine);
            let shown = prints::page_for_aidant(&world.context, &aidant, josette, page).await.unwrap().expect("a page");
            assert_eq!(*shown.bytes, bytes, "as it came");
            added.push(page);
        }
        assert_eq!(places(&world, &aidant, josette).await, added);
        // Upside down: the last becomes the first; nothing comes before the first.
        for (above, then) in [(added[1], [added[0], added[2], added[1]]), (added[0], [added[2], added[0], added[1]])] {
            for _ in 0..2 {
                assert!(prints::change(&world.context, &aidant, josette, added[2], Change::Before(above)).await.unwrap());
                assert_eq!(places(&world, &aidant, josette).await, then, "pressed twice, it is one place nearer, not two");
            }
        }
        assert_eq!(places(&world, &aidant, josette).await, [added[2], added[0], added[1]]);
        assert!(prints::change(&world.context, &aidant, josette, added[0], Change::Remove).await.unwrap());
        assert!(prints::change(&world.context, &aidant, josette, added[0], Change::Remove).await.unwrap(), "pressed twice");
        assert_eq!(places(&world, &aidant, josette).await, [added[2], added[1]]);
        assert!(prints::change(&world.context, &aidant, josette, added[0], Change::PutBack).await.unwrap());
        assert_eq!(places(&world, &aidant, josette).await, [added[2], added[0], added[1]], "back where it was");
        assert!(!prints::change(&world.context, &aidant, josette, Uuid::nil(), Change::Remove).await.unwrap());

        let own = own(world.kernel(), josette).await;
        assert!(prints::read_for_usager(&world.context, &own, id).await.unwrap().is_none(), "not before it is whole");
        let wrong = Secret::new("000000".into());
        assert!(matches!(prints::close(&world.context, &aidant, josette, &wrong).await.unwrap(), Whole::Wrong));
        assert_eq!(mine::mandate(&world.context, &own, id).await.unwrap().expect("mine").print, Wait::Print);
        let code = world.code(&nadia);
        assert!(matches!(prints::close(&world.context, &aidant, josette, &code).await.unwrap(), Whole::Confirmed));
        let code = world.code(&nadia);
        assert!(matches!(prints::close(&world.context, &aidant, josette, &code).await.unwrap(), Whole::Closed), "once");
        assert!(!prints::change(&world.context, &aidant, josette, added[1], Change::Remove).await.unwrap(), "nothing changes after");

        let record = people::record(&world.context, &aidant, josette).await.unwrap().expect("a record");
        assert!(matches!(record.standing, Standing::Valid { .. }) && record.print == Wait::Here);
        assert_eq!(prints::read_for_usager(&world.context, &own, id).await.unwrap().expect("mine").len(), 3);
        assert!(prints::page_for_usager(&world.context, &own, id, added[0]).await.unwrap().is_some());
        assert!(prints::read_for_aidant(&world.context, &aidant, josette).await.unwrap().is_some());
        let told: Vec<Event> = world.journal().await.iter().map(|record| record.event).collect();
        assert!(told.contains(&Event::MandateScanAdded) && !told.contains(&Event::MandateResumed) && !told.contains(&Event::PhoneVerified));
        world.kernel().clock.advance(days(4));
        assert_eq!(lifecycle::run(&world.context).await.unwrap().suspended, 0, "it waits for nothing");
    }
}

#[tokio::test]
async fn without_its_print_a_mandate_is_suspended_after_72_hours_and_resumes_with_it() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let (_, josette) = signs_by_hand(&world, &nadia).await;
        world.kernel().clock.advance(hours(72));
        assert_eq!(lifecycle::run(&world.context).await.unwrap().suspended, 1);
        let karim = world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let aidant = world.at_work(&karim).await;
        let print = prints::look(&world.context, &aidant, josette).await.unwrap().expect("awaited");
        assert!(print.is_suspended);
        assert!(matches!(first_secret::lend(&world.context, &aidant, josette).await.unwrap(), Lending::Refused(Refusal::Suspended { .. })));
        let code = world.code(&karim);
        assert!(matches!(prints::close(&world.context, &aidant, josette, &code).await.unwrap(), Whole::NoPage));
        assert_eq!(sends(&world, &aidant, josette, &pdf()).await.0, Finish::Added);
        let code = world.code(&karim);
        assert!(matches!(prints::close(&world.context, &aidant, josette, &code).await.unwrap(), Whole::Confirmed));
        let record = people::record(&world.context, &aidant, josette).await.unwrap().expect("a record");
        assert!(matches!(record.standing, Standing::Valid { .. }), "{}", world.engine);
        let lines = world.journal().await;
        let told: Vec<String> = lines.iter().map(|line| sentence(line, Reader::Structure)).collect();
        for words in
            ["a remis en marche le mandat de Josette Lambert", "a ajouté la copie signée du mandat de Josette Lambert", "provisoire"]
        {
            assert!(told.iter().any(|line| line.contains(words)), "{words}: {told:#?}");
        }
    }
}

#[tokio::test]
async fn what_is_no_page_is_not_kept() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let (_, josette) = signs_by_hand(&world, &nadia).await;
        let aidant = world.at_work(&nadia).await;
        let cases = [
            (Vec::new(), NotAPage::Empty),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), NotAPage::Unknown),
            (b"GIF89a\x20\x03\x58\x02\0\0\0".to_vec(), NotAPage::Unknown),
            (b"\xff\xd8\xff photo.jpg".to_vec(), NotAPage::Unknown),
            (b"%PDF-1.7\n1 0 obj".to_vec(), NotAPage::PdfCut),
            (photo(40 * 1024 * 1024), NotAPage::PhotoTooHeavy),
            ([b"%PDF-1.7\n".as_slice(), &vec![b' '; prints::HEAVIEST_PDF], b"%%EOF"].concat(), NotAPage::PdfTooHeavy),
        ];
        for (bytes, wrong) in cases {
            assert_eq!(sends(&world, &aidant, josette, &bytes).await.0, Finish::NotAPage(wrong));
        }
        assert!(places(&world, &aidant, josette).await.is_empty(), "nothing was kept");
        for _ in 0..prints::MOST_PAGES {
            assert_eq!(sends(&world, &aidant, josette, &photo(1)).await.0, Finish::Added);
        }
        let once = Uuid::from_u128(7);
        assert!(matches!(prints::begin(&world.context, &aidant, josette, once).await.unwrap(), Begin::Full));
    }
}

#[tokio::test]
async fn two_aidants_add_pages_at_once_and_a_form_posted_twice_adds_one() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let (_, josette) = signs_by_hand(&world, &nadia).await;
        let karim = world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let (one, two) = (world.at_work(&nadia).await, world.at_work(&karim).await);
        let mut coming = Vec::new();
        for (aidant, once) in [(&one, Uuid::from_u128(1)), (&two, Uuid::from_u128(2))] {
            let Begin::Ready(mut page) = prints::begin(&world.context, aidant, josette, once).await.unwrap() else { panic!("ready") };
            page.push(&world.context, &photo(300_000)).await.unwrap().unwrap();
            coming.push(page);
        }
        let second = coming.pop().unwrap();
        let first = coming.pop().unwrap();
        let both = tokio::join!(first.finish(&world.context), second.finish(&world.context));
        assert_eq!((both.0.unwrap(), both.1.unwrap()), (Finish::Added, Finish::Added), "{}", world.engine);
        assert_eq!(places(&world, &one, josette).await.len(), 2);
        assert!(matches!(prints::begin(&world.context, &one, josette, Uuid::from_u128(1)).await.unwrap(), Begin::AlreadyHere));
        assert_eq!(places(&world, &one, josette).await.len(), 2);
    }
}

#[tokio::test]
async fn a_page_of_a_mandate_that_ended_meanwhile_is_not_kept_and_another_structure_sees_none() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let (id, josette) = signs_by_hand(&world, &nadia).await;
        let aidant = world.at_work(&nadia).await;
        let (_, kept) = sends(&world, &aidant, josette, &photo(1)).await;
        let once = Uuid::from_u128(3);
        let Begin::Ready(mut page) = prints::begin(&world.context, &aidant, josette, once).await.unwrap() else { panic!("ready") };
        page.push(&world.context, &photo(1)).await.unwrap().unwrap();
        let own = own(world.kernel(), josette).await;
        assert_eq!(mine::stop(&world.context, &own, id).await.unwrap(), Stop::Stopped);
        assert_eq!(page.finish(&world.context).await.unwrap(), Finish::Closed);
        assert!(matches!(prints::begin(&world.context, &aidant, josette, Uuid::from_u128(4)).await.unwrap(), Begin::Closed));
        let code = world.code(&nadia);
        assert!(matches!(prints::close(&world.context, &aidant, josette, &code).await.unwrap(), Whole::Closed));

        let hugo = world.at_work(&hugo(&world).await).await;
        assert!(prints::look(&world.context, &hugo, josette).await.unwrap().is_none());
        assert!(prints::page_for_aidant(&world.context, &hugo, josette, kept).await.unwrap().is_none());
        assert!(matches!(prints::begin(&world.context, &hugo, josette, Uuid::from_u128(5)).await.unwrap(), Begin::Closed));
    }
}

#[tokio::test]
async fn what_broke_on_its_way_and_what_was_removed_is_forgotten_a_day_after() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let (_, josette) = signs_by_hand(&world, &nadia).await;
        let aidant = world.at_work(&nadia).await;
        let (_, removed) = sends(&world, &aidant, josette, &photo(1)).await;
        prints::change(&world.context, &aidant, josette, removed, Change::Remove).await.unwrap();
        let once = Uuid::from_u128(9);
        let Begin::Ready(mut broken) = prints::begin(&world.context, &aidant, josette, once).await.unwrap() else { panic!("ready") };
        broken.push(&world.context, &photo(600_000)).await.unwrap().unwrap();
        drop(broken);
        world.kernel().clock.advance(hours(25));
        lifecycle::run(&world.context).await.unwrap();
        let aidant = world.at_work(&world.worker("Nadia", "nadia9@ccas-vaudorme.fr", MemberRole::Aidant).await).await;
        assert!(!prints::change(&world.context, &aidant, josette, removed, Change::PutBack).await.unwrap());
        assert!(matches!(prints::begin(&world.context, &aidant, josette, once).await.unwrap(), Begin::Ready(_)), "no trace of it is left");
    }
}

#[tokio::test]
async fn a_spoken_yes_heard_by_a_second_helper_is_final() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let karim = world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let hugo = hugo(&world).await;
        let id = world.presents(&nadia, &World::josette(), &["create_account", "give_access_back"]).await;
        world.signs(&nadia, id, Gesture::CodeAlone).await;
        let colleague = |login: &str, code: Secret<String>| Some(Colleague { login: login.to_owned(), code });
        let tries = [
            (colleague("karim@ccas-vaudorme.fr", Secret::new("000000".into())), "wrong"),
            (colleague("personne@ccas-vaudorme.fr", Secret::new("000000".into())), "wrong"),
            (colleague("hugo@france-services.fr", world.code(&hugo)), "wrong"),
            (colleague("nadia@ccas-vaudorme.fr", world.code(&nadia)), "first"),
        ];
        for (typed, expected) in tries {
            let aidant = world.at_work(&nadia).await;
            let code = world.code(&nadia);
            let answer = match countersign(&world.context, &aidant, id, &code, typed.as_ref()).await.unwrap() {
                Countersignature::AttestantWrong => "wrong",
                Countersignature::AttestantIsFirst => "first",
                _ => "other",
            };
            assert_eq!(answer, expected, "{}", world.engine);
        }
        let (heard, code) = (world.code(&karim), world.code(&nadia));
        let heard_again = Secret::new(karim.totp.code_at(world.kernel().now()).unwrap());
        drop(heard);
        let aidant = world.at_work(&nadia).await;
        let typed = colleague(" Karim@ccas-vaudorme.fr", heard_again);
        let answer = countersign(&world.context, &aidant, id, &code, typed.as_ref()).await.unwrap();
        let Countersignature::Active(josette) = answer else { panic!("active") };
        let lines = world.journal().await;
        let refused = lines.iter().filter(|line| line.event == Event::AuthStepup && line.ended != Ended::Done).count();
        assert_eq!(refused, 3, "{}: each code that was not one of a second helper is written", world.engine);
        let activated = lines.iter().find(|line| line.event == Event::MandateActivated).expect("a line");
        let heard = heard_by(activated).expect("who heard her");
        let karim = world.at_work(&karim).await.id();
        assert_eq!((heard.id, heard.field("name")), (karim.uuid(), Some("Karim Benali")), "{}", world.engine);
        world.kernel().clock.advance(days(4));
        assert_eq!(lifecycle::run(&world.context).await.unwrap().suspended, 0, "{}: it waits for nothing", world.engine);
        let karim = world.worker("Karim", "karim9@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let aidant = world.at_work(&karim).await;
        let record = people::record(&world.context, &aidant, josette).await.unwrap().expect("a record");
        assert!(matches!(record.standing, Standing::Valid { .. }) && record.print == Wait::Nothing);
    }
}

/// Who else heard the person say yes, by the line that made the mandate active.
fn heard_by(line: &Record) -> Option<&Seen> {
    line.subjects.iter().find(|seen| seen.kind == SubjectKind::Aidant && line.actor.who() != Some((seen.kind, seen.id)))
}

/// Nadia countersigns, and a colleague of hers says that they heard the person say yes.
async fn countersigns_with(world: &World, nadia: &Worker, colleague: &Worker, id: MandateId) -> UsagerId {
    let code = world.code(nadia);
    let heard = Secret::new(colleague.totp.code_at(world.kernel().now()).unwrap());
    let typed = Colleague { login: "karim@ccas-vaudorme.fr".into(), code: heard };
    let aidant = world.at_work(nadia).await;
    match countersign(&world.context, &aidant, id, &code, Some(&typed)).await.unwrap() {
        Countersignature::Active(usager) => usager,
        _ => panic!("active"),
    }
}

/// A paper of a mandate, opened as the program opens it.
async fn paper(world: &World, josette: UsagerId, id: MandateId, kind: PaperKind) -> Option<Vec<u8>> {
    let mut tx = world.kernel().db.write().await.unwrap();
    assert!(record_key(&mut tx, world.kernel(), SubjectKind::Usager, josette.uuid(), "mandate.paper").await.unwrap().is_some());
    papers::read_for(&mut tx, world.kernel(), josette, id, kind).await.unwrap().map(|bytes| bytes.to_vec())
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&sha256(bytes))
}

/// The words of a sheet as poppler reads them, without what parts them: a hash is printed in groups. None without poppler, where that
/// is forgiven.
fn words_of(pdf: &[u8]) -> Option<String> {
    let poppler = Command::new("pdftotext").args(["-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    match poppler {
        Ok(mut reads) => {
            reads.stdin.take().unwrap().write_all(pdf).unwrap();
            let read = reads.wait_with_output().unwrap();
            assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
            Some(String::from_utf8(read.stdout).unwrap().split_whitespace().collect())
        }
        Err(why) => {
            #[expect(clippy::disallowed_methods, reason = "a test, not the program, asks whether a missing tool is forgiven")]
            let strict = std::env::var_os("MAINCOURANTE_STRICT").is_some();
            assert!(!strict, "poppler-utils is needed: {why}");
            eprintln!("SKIPPED: no mandate was read; install poppler-utils");
            None
        }
    }
}

#[tokio::test]
async fn both_parts_of_the_evidence_are_recomputed_from_what_is_kept_for_every_way_to_sign() {
    for world in worlds().await {
        let nadia = nadia(&world).await;
        let karim = world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let ways = [
            ("drawn_and_sms", "06 39 98 00 01", false),
            ("sms_only", "06 39 98 00 02", false),
            ("sms_only", "06 39 98 00 03", true),
            ("drawn_and_print", "", false),
            ("print", "", false),
        ];
        for (way, phone, was_heard) in ways {
            let no_phone = if phone.is_empty() { "yes".to_owned() } else { String::new() };
            let fields = PersonFields { phone: phone.into(), no_phone, ..World::josette() };
            let id = world.presents(&nadia, &fields, &["create_account"]).await;
            let aidant = world.at_work(&nadia).await;
            match way {
                "drawn_and_sms" => world.signs(&nadia, id, Gesture::Drawn(DRAWING.into())).await,
                "sms_only" => world.signs(&nadia, id, Gesture::CodeAlone).await,
                "drawn_and_print" => world.signs(&nadia, id, Gesture::Witnessed(DRAWING.into())).await,
                _ => {
                    papers::to_sign(&world.context, &aidant, id).await.unwrap().expect("a print");
                    assert_eq!(signature::declare_print(&world.context, &aidant, id).await.unwrap(), Declared::Signed);
                }
            }
            let josette =
                if was_heard { countersigns_with(&world, &nadia, &karim, id).await } else { world.countersigns(&nadia, id).await };
            let is_final = way == "drawn_and_sms" || was_heard;
            let kept = async |kind| paper(&world, josette, id, kind).await;

            let part_a = kept(PaperKind::Evidence).await.expect("part A");
            let a: Value = serde_json::from_slice(&part_a).unwrap();
            assert_eq!(serde_json_canonicalizer::to_vec(&a).unwrap(), part_a, "canonical");
            assert_eq!((a["v"].as_i64(), a["method"].as_str()), (Some(2), Some(way)));
            assert_eq!(a["presented_sha256"], hex(&kept(PaperKind::Presented).await.expect("the document shown")));
            assert_eq!(a["data_sha256"], hex(&kept(PaperKind::Data).await.expect("its data")));
            let template = [include_str!("../../../../templates/paper/house.typ"), include_str!("../../../../templates/paper/mandate.typ")];
            assert_eq!(a["template_sha256"], hex(template.concat().as_bytes()));
            assert_eq!(a["drawn"].is_object(), way.starts_with("drawn"), "{way}");
            assert_eq!(a["strokes"]["width"].is_u64() && a["strokes"]["height"].is_u64(), way.starts_with("drawn"), "{way}: the box");
            assert_eq!(a["otp"].is_object(), way.contains("sms"), "{way}");
            assert_eq!(a["phone_end"].is_string(), way.contains("sms"), "{way}");
            assert_eq!(a["hand_over"].is_string(), way != "print", "{way}");
            if way == "print" {
                assert_eq!(a["print"]["to_sign_sha256"], hex(&kept(PaperKind::ToSign).await.expect("the print")));
            }

            let part_b = kept(PaperKind::Sealing).await.expect("part B");
            let b: Value = serde_json::from_slice(&part_b).unwrap();
            assert_eq!(serde_json_canonicalizer::to_vec(&b).unwrap(), part_b, "canonical");
            assert_eq!(b["evidence_a_sha256"], hex(&part_a));
            let signed = kept(PaperKind::Signed).await.expect("the document signed");
            assert_eq!(b["document_sha256"], hex(&signed));
            // What the person keeps prints what it answers for.
            if let Some(printed) = words_of(&signed) {
                for (what, hash) in [("the document shown", a["presented_sha256"].as_str().unwrap()), ("part A", &hex(&part_a))] {
                    assert!(printed.contains(hash), "{way}: the mandate signed prints the hash of {what}");
                }
            }
            assert_eq!(b["provisional_until"].is_null(), is_final, "{way}");
            assert_eq!((&b["countersigned"]["staff"], &b["countersigned"]["method"]), (&a["aidant"], &"password_totp".into()), "{way}");
            let colleague = world.at_work(&karim).await.id().to_string();
            let expected = if was_heard { (Some(colleague.as_str()), Some("password_totp")) } else { (None, None) };
            assert_eq!((b["attestant"]["staff"].as_str(), b["attestant"]["method"].as_str()), expected, "{way}");
            assert_eq!(b["attestant"]["at"].is_i64(), was_heard, "{way}");

            // The journal holds both hashes, in the entries that part B names.
            let lines = world.journal().await;
            let field = |event: Event, name: &str| {
                let line = lines.iter().find(|line| line.event == event).expect("a line");
                let of = line.subjects.iter().find(|seen| seen.kind == SubjectKind::Mandate).expect("a mandate");
                (line.act.to_string(), of.field(name).map(str::to_owned))
            };
            assert_eq!(field(Event::MandateSigned, "evidence_sha256").1, Some(hex(&part_a)));
            assert_eq!(
                field(Event::MandateActivated, "evidence_b_sha256"),
                (b["journal"]["act"].as_str().unwrap().to_owned(), Some(hex(&part_b)))
            );

            let line = lines.iter().find(|line| line.event == Event::MandateActivated).expect("a line");
            let heard = heard_by(line).map(|seen| seen.id.to_string());
            assert_eq!(heard.as_deref(), b["attestant"]["staff"].as_str(), "{way}: the line and part B say the same of who heard");

            if !is_final {
                let photographs = [photo(700_000), photo(500_000)];
                for bytes in &photographs {
                    assert_eq!(sends(&world, &aidant, josette, bytes).await.0, Finish::Added);
                }
                let (code, aidant) = (world.code(&nadia), world.at_work(&nadia).await);
                assert!(matches!(prints::close(&world.context, &aidant, josette, &code).await.unwrap(), Whole::Confirmed));
                let part = kept(PaperKind::Photographs).await.expect("the photographs");
                let c: Value = serde_json::from_slice(&part).unwrap();
                assert_eq!((&c["evidence_a_sha256"], &c["evidence_b_sha256"]), (&hex(&part_a).into(), &hex(&part_b).into()));
                let pages: Vec<_> = c["pages"].as_array().unwrap().iter().map(|page| page["sha256"].as_str().unwrap().to_owned()).collect();
                assert_eq!(pages, photographs.map(|bytes| hex(&bytes)), "{way}: each of them, in order");
                let line = &world.journal().await[0];
                let of = line.subjects.iter().find(|seen| seen.kind == SubjectKind::Mandate).expect("a mandate");
                assert_eq!((line.event, of.field("scan_sha256")), (Event::MandateScanAdded, Some(hex(&part).as_str())));
            }
        }
    }
}

#[test]
fn evidence_closed_before_there_were_two_parts_is_still_read() {
    let old = serde_json::json!({
        "v": 1, "id": Uuid::nil(), "mandate": Uuid::nil(), "template": "mandat-fr-1", "presented_sha256": "00", "method": "sms_only",
        "structure": Uuid::nil(), "aidant": Uuid::nil(), "hand_over": Uuid::nil(), "identity_check": "paper_seen", "presented_at": 1,
        "powers": ["create_account"], "ends_at": 2, "strokes": null, "code_channel": "sms", "phone_index": "00", "phone_end": "34",
        "signed_at": 3
    });
    let read: evidence::Evidence = serde_json::from_value(old).unwrap();
    assert_eq!((read.method, read.phone_end.as_deref()), (Method::SmsOnly, Some("34")));
}
