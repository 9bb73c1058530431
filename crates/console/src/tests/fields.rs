//! Wrong, empty, over-long and hostile fields: 422, the sentence beside the field, what was typed kept.

use axum::http::StatusCode;
use maincourante_mandates::Field;

use super::*;

const HOSTILE: &str = "<script>alert(1)</script>\" onfocus=\"x";

#[tokio::test]
async fn signing_in_says_the_same_whatever_is_wrong() {
    let scene = Scene::new().await;
    let mut browser = Browser::new(scene.router.clone());
    let mut told = Vec::new();
    let right = scene.code();
    let password = maincourante_identity::testing::PASSWORD;
    let login = "nadia@ccas-vaudorme.fr";
    for (login, password, code) in [
        (login, "pas le bon mot", right.as_str()),
        (login, password, "000000"),
        ("personne@ccas-vaudorme.fr", password, right.as_str()),
        (HOSTILE, HOSTILE, HOSTILE),
    ] {
        browser.get(routes::SIGN_IN).await;
        let page = browser.submit(routes::SIGN_IN, &[("login", login), ("password", password), ("code", code)]).await;
        page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().hides("<script>alert");
        assert_eq!(page.attribute("#login", "value").as_deref(), Some(login), "what was typed is kept");
        assert_eq!(page.attribute("#password", "value"), None);
        told.push((page.part("#login-wrong"), page.part("title")));
    }
    assert!(told.iter().all(|words| *words == told[0]), "{told:#?}");

    // What is missing is said where it is missing, and is no try.
    let page = browser.submit(routes::SIGN_IN, &[("login", login), ("password", ""), ("code", "")]).await;
    page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Il y a 2 choses à corriger");
    page.says("Écrivez votre mot de passe.").says("Écrivez votre code à 6 chiffres.");
    assert_eq!(page.attribute("#login", "value").as_deref(), Some(login), "what was typed is kept");

    for _ in 0..10 {
        browser.get(routes::SIGN_IN).await;
        browser.submit(routes::SIGN_IN, &[("login", login), ("password", "non"), ("code", "000000")]).await;
    }
    browser.get(routes::SIGN_IN).await;
    let code = scene.code();
    let page = browser.submit(routes::SIGN_IN, &[("login", login), ("password", password), ("code", &code)]).await;
    page.is(StatusCode::TOO_MANY_REQUESTS).says("Trop d’essais Attendez 10 minutes");
}

#[tokio::test]
async fn the_person_is_corrected_field_by_field() {
    let mut scene = Scene::new().await;
    let empty =
        scene.begins(&["given_names", "family_name", "birth_date", "phone", "identity_check", "protection"].map(|name| (name, ""))).await;
    empty.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says("Il y a 6 choses à corriger.");
    for name in ["given_names", "family_name", "birth_date", "phone", "identity_check", "protection"] {
        assert!(empty.part(&format!("#{name}-wrong")).is_some(), "{name}");
        assert!(empty.html.contains(&format!("href=\"#{name}\"")));
    }
    let long = "x".repeat(10_000);
    for (name, typed, said) in [
        ("given_names", HOSTILE, "Écrivez les prénoms avec des lettres"),
        ("family_name", long.as_str(), "80 signes au plus"),
        ("family_name", "\u{202e}", "Écrivez le nom avec des lettres"),
        ("birth_date", "31/02/1950", "Cette date n’existe pas"),
        ("birth_date", "01/01/2020", "Avant 15 ans, il est trop tôt pour signer ce mandat"),
        ("birth_date", "01/01/1850", "Vérifiez l’année de naissance"),
        ("phone", "05 58 11 22 33", "Ce téléphone ne reçoit pas de SMS"),
        ("phone", "01 99 00 12 34", "C’est le numéro de votre structure"),
        ("phone", "+44 7700 900123", "Il faut un numéro français"),
        ("phone", HOSTILE, "Il faut 10 chiffres"),
        ("birthplace", HOSTILE, "Écrivez le nom de la ville"),
    ] {
        let page = scene.begins(&[(name, typed)]).await;
        page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says(said).hides("<script>alert").says("Il y a 1 chose à corriger.");
        assert_eq!(page.attribute(&format!("#{name}"), "value").as_deref(), Some(typed), "kept");
        assert_eq!(page.attribute("#phone", "autocomplete").as_deref(), Some("off"));
        let held = page.form(routes::NEW).unwrap();
        assert!(held.iter().any(|(name, value)| name == "identity_check" && value == "paper_seen"), "the ticks are kept too");
    }
    scene.begins(&[("protection", "tutelle")]).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("Demandez au tuteur de nous appeler");
    scene.begins(&[("protection", "nimporte")]).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choisissez une réponse");
    scene.browser.get(routes::HOME).await.hides("gardé 24 heures");
    assert!(scene.journal().await.iter().all(|line| !line.contains("mandat")), "nothing was begun");
}

#[tokio::test]
async fn an_address_is_chosen_or_written_never_both() {
    let mut scene = Scene::new().await;
    let action = scene.begins(&[]).await.location().unwrap().to_owned();
    let page = scene.browser.follow().await;
    let first = page.attribute("[name=address]", "value").unwrap();
    assert_eq!(first, ADDRESS);
    for (address, other, field, said) in [
        ("", "", "address", "Choisissez une adresse, ou écrivez-en une autre"),
        ("other", "", "address", "Choisissez une adresse, ou écrivez-en une autre"),
        ("other", "jo", "other", "Écrivez 3 lettres ou plus"),
        ("other", HOSTILE, "other", "Cette adresse n’est pas possible"),
        ("", "josette@ailleurs.fr", "other", "Cette adresse n’est pas possible"),
        (HOSTILE, "", "address", "Cette adresse n’est pas possible"),
        (first.as_str(), "josette.l", "other", "Vous avez choisi une adresse, et vous en avez écrit une autre"),
    ] {
        let page = scene.browser.submit(&action, &[("address", address), ("other", other)]).await;
        page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says(said).hides("<script>alert");
        assert!(page.part(&format!("#{field}-wrong")).is_some(), "{field}: {said}");
        assert_eq!(page.attribute("#other", "value").as_deref(), Some(other));
    }
    scene.browser.submit(&action, &[("address", ""), ("other", "Josette.L")]).await.is(StatusCode::SEE_OTHER);
    let kept = scene.browser.get(&action).await.form(&action).unwrap();
    assert!(kept.contains(&("address".into(), "other".into())) && kept.contains(&("other".into(), "josette.l".into())), "{kept:?}");
}

#[tokio::test]
async fn an_address_that_someone_has_is_not_given_again() {
    let mut scene = Scene::new().await;
    scene.opens_account().await;
    let action = scene.begins(&[("phone", "06 39 98 00 11")]).await.location().unwrap().to_owned();
    let page = scene.browser.follow().await;
    page.hides(">josette.lambert@exemple-mail.fr<").says("josette.lambert2@exemple-mail.fr");
    scene
        .browser
        .submit(&action, &[("other", "josette.lambert")])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("Cette adresse est déjà prise");
}

#[tokio::test]
async fn terms_are_what_the_structure_may_propose_and_a_day_within_a_year() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    let action = format!("{mandate}/mandat");
    let page = scene.browser.get(&action).await;
    page.says("jusqu’à ce soir, minuit")
        .says("jusqu’au mardi 22 décembre 2026")
        .says("jusqu’au lundi 22 novembre 2027")
        .says("Jamais possible, même avec un mandat");
    for (changes, said) in [
        (vec![("powers", "give_access_back")], "Si la personne refuse cette première ligne"),
        (vec![("powers", ""), ("powers", HOSTILE)], "Si la personne refuse cette première ligne"),
        (vec![("duration", "")], "Choisissez une durée"),
        (vec![("duration", HOSTILE)], "Choisissez une durée"),
        (vec![("duration", "until"), ("until", "")], "Écrivez le dernier jour"),
        (vec![("duration", "until"), ("until", HOSTILE)], "Cette date n’existe pas"),
        (vec![("duration", "until"), ("until", "23/11/2027")], "entre aujourd’hui et dans un an"),
        (vec![("duration", "until"), ("until", "21/11/2026")], "entre aujourd’hui et dans un an"),
    ] {
        let page = scene.browser.submit(&action, &changes).await;
        page.is(StatusCode::UNPROCESSABLE_ENTITY).is_well_made().says(said).hides("<script>alert");
        if let Some((_, typed)) = changes.iter().find(|(name, _)| *name == "until") {
            assert_eq!(page.attribute("#until", "value").as_deref(), Some(*typed), "kept");
        }
        scene.browser.get(&action).await;
    }
    // What was presented stays so: nothing was half done.
    scene.browser.get(&mandate).await.goes(&format!("{mandate}/lecture"));
}

#[tokio::test]
async fn looking_for_someone_keeps_the_words_and_invents_nothing() {
    let mut scene = Scene::new().await;
    scene.opens_account().await;
    let page = scene.browser.get("/aidant?q=%3Cscript%3Ealert(1)%3C/script%3E").await;
    page.is(StatusCode::OK).is_well_made().says("Aucune personne ne correspond à « <script>alert(1)</script> ».");
    assert!(!page.html.contains("<script>alert"), "said, and not obeyed");
    for query in ["?q=JOSETTE", "?q=lambert@", "?q=", "?page=nimporte", "?page=0", "?q=%20josette%20"] {
        scene.browser.get(&format!("/aidant{query}")).await.is(StatusCode::OK).says("Josette Lambert");
    }
    scene.browser.get(&format!("/aidant?q={}", "x".repeat(5000))).await.is(StatusCode::OK).says("Aucune personne");
    scene.browser.get("/aidant?page=99999").await.is(StatusCode::OK);
    scene.browser.get("/aidant?q=a&q=b").await.is(StatusCode::OK);
}

/// Every problem that a field can have, with its sentence: none falls back to its key.
#[test]
fn every_problem_has_its_sentence() {
    use maincourante_mandates::Problem as P;
    let reachable: [(Field, &[P]); 11] = [
        (Field::GivenNames, &[P::Missing, P::TooLong, P::NotAName]),
        (Field::FamilyName, &[P::Missing, P::TooLong, P::NotAName]),
        (Field::BirthDate, &[P::Missing, P::NotADay, P::NotABirthDate, P::TooYoung]),
        (Field::Birthplace, &[P::TooLong, P::NotAName]),
        (Field::Phone, &[P::Missing, P::NotANumber, P::NumberNotServed, P::Landline, P::StructureNumber]),
        (Field::IdentityCheck, &[P::Missing]),
        (Field::Protection, &[P::Missing, P::Tutelle]),
        (Field::Address, &[P::Missing, P::NotAnAddress, P::AddressTaken]),
        (Field::Powers, &[P::NotOffered, P::AccountRefused]),
        (Field::Duration, &[P::Missing]),
        (Field::Until, &[P::Missing, P::NotADay, P::DayOutOfRange]),
    ];
    for (field, problems) in reachable {
        for problem in problems {
            let errors = crate::words::errors(&[(field.as_str(), *problem)]);
            let sentence = errors.on(field.as_str()).unwrap();
            assert!(sentence.ends_with('.') && !sentence.contains("problem."), "{field:?} {problem:?}: {sentence}");
        }
    }
    for power in maincourante_mandates::Power::ALL {
        for said in [crate::words::power(&power), crate::words::power_hint(&power)] {
            assert!(!said.contains("power."), "{said}");
        }
    }
}

#[tokio::test]
async fn a_page_of_the_wizard_left_open_asks_nothing_again_once_the_mandate_is_signed() {
    let mut scene = Scene::new().await;
    let mandate = scene.prepares(&[]).await;
    scene.lends(&mandate).await;
    scene.signs("drawn").await;
    assert_eq!(scene.takes_back().await, mandate);
    for (step, wrong) in [("personne", ("family_name", "")), ("adresse", ("other", "a b@")), ("mandat", ("until", "hier"))] {
        scene.browser.get(&mandate).await.goes(&format!("{mandate}/signature"));
        let token = scene.browser.follow().await.attribute("main [name=form_token]", "value").unwrap();
        let fields = [("form_token".to_owned(), token), (wrong.0.to_owned(), wrong.1.to_owned())];
        scene.browser.post(&format!("{mandate}/{step}"), &fields).await.goes(&mandate);
        scene.browser.follow().await.goes(&format!("{mandate}/signature"));
    }
    scene.countersigns(&mandate).await;
}
