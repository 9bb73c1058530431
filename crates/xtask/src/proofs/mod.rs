//! What `deploy/` promises, tried on the servers it configures: who enters a mailbox, who may write as whom.
//!
//! A token opens its subject's mailbox and no other; the credential of consigned letters reads nothing and writes
//! for living local addresses only; port 25 receives and never relays; the role of the mail servers sees views only.

mod talk;

use std::time::Duration;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};

use crate::host;
use talk::{Wire, base_url, claims, enter, exchange, greeted, header, now, peer, read_by_dovecot, text, token};

#[test]
fn a_token_opens_the_mailbox_of_its_subject_and_no_other() {
    let Some(dovecot) = peer("MAINCOURANTE_TEST_DOVECOT") else { return };
    let (alice, bob) =
        (dovecot["people"][0].as_str().expect("a first person").to_owned(), dovecot["people"][1].as_str().expect("a second person"));
    let good = claims(&dovecot, &alice);
    let sign = |claims: &Value| token(&dovecot, &header(&dovecot), claims);

    let mut wire = enter(&dovecot, &alice, &sign(&good)).expect("her own token opens her mailbox");
    assert!(wire.imap("SELECT INBOX").1.starts_with("OK"));

    assert!(enter(&dovecot, bob, &sign(&good)).is_none(), "her token opened his mailbox");
    for (what, name, value) in [
        ("expired", "exp", json!(now() - 5)),
        ("of another issuer", "iss", json!("https://elsewhere.test")),
        ("for another audience", "aud", json!("agenda")),
        ("with another scope", "scope", json!("agenda")),
        ("not valid yet", "nbf", json!(now() + 600)),
        ("for nobody we know", "sub", json!("nobody@courrier.test")),
    ] {
        let mut claims = good.clone();
        claims[name] = value;
        let login = claims["sub"].as_str().expect("a subject");
        assert!(enter(&dovecot, login, &sign(&claims)).is_none(), "a token {what} was accepted");
    }
    let mut endless = good.clone();
    endless.as_object_mut().expect("claims").remove("exp");
    assert!(enter(&dovecot, &alice, &sign(&endless)).is_none(), "a token without end was accepted");
}

#[test]
fn an_altered_or_unsigned_token_opens_nothing() {
    let Some(dovecot) = peer("MAINCOURANTE_TEST_DOVECOT") else { return };
    let alice = dovecot["people"][0].as_str().expect("a first person").to_owned();
    let claims = claims(&dovecot, &alice);
    let good = token(&dovecot, &header(&dovecot), &claims);

    let mut altered = good.clone().into_bytes();
    let last = altered.len() - 10;
    altered[last] = if altered[last] == b'A' { b'B' } else { b'A' };
    assert!(enter(&dovecot, &alice, &String::from_utf8(altered).expect("ASCII")).is_none(), "an altered signature");

    let unsigned = json!({ "typ": "JWT", "alg": "none", "kid": text(&dovecot, "kid") });
    let bare =
        format!("{}.{}.", BASE64URL_NOPAD.encode(unsigned.to_string().as_bytes()), BASE64URL_NOPAD.encode(claims.to_string().as_bytes()));
    assert!(enter(&dovecot, &alice, &bare).is_none(), "no signature");

    let mut unknown = header(&dovecot);
    unknown["kid"] = json!("another");
    assert!(enter(&dovecot, &alice, &token(&dovecot, &unknown, &claims)).is_none(), "an unknown key");
}

#[test]
fn the_submission_credential_reads_no_mailbox() {
    let (Some(dovecot), Some(postfix)) = (peer("MAINCOURANTE_TEST_DOVECOT"), peer("MAINCOURANTE_TEST_POSTFIX")) else { return };
    let (user, password) = (text(&postfix, "submission_user"), text(&postfix, "submission_password"));
    let alice = dovecot["people"][0].as_str().expect("a first person").to_owned();

    let mut submission = Wire::open(&postfix, "submission_port");
    assert!(greeted(&mut submission, &postfix).starts_with("235"), "the credential is good");

    for login in [user, alice.as_str(), "smtp/submission", "imap/submission"] {
        let mut wire = Wire::open(&dovecot, "imap_port");
        let (_, answer) = wire.imap(&format!("LOGIN {login} {password}"));
        assert!(!answer.starts_with("OK"), "{login} entered with the credential");
        let mut wire = Wire::open(&dovecot, "imap_port");
        let plain = BASE64.encode(format!("{alice}\0{login}\0{password}").as_bytes());
        let (_, answer) = wire.imap(&format!("AUTHENTICATE PLAIN {plain}"));
        assert!(!answer.starts_with("OK"), "{login} entered as someone else with the credential");
    }
}

#[test]
fn the_submission_credential_writes_for_living_local_addresses_only() {
    let (Some(dovecot), Some(postfix)) = (peer("MAINCOURANTE_TEST_DOVECOT"), peer("MAINCOURANTE_TEST_POSTFIX")) else { return };
    let alice = dovecot["people"][0].as_str().expect("a first person").to_owned();
    let bob = dovecot["people"][1].as_str().expect("a second person");
    let submit = |sender: &str, reader: &str| {
        let mut wire = Wire::open(&postfix, "submission_port");
        assert!(greeted(&mut wire, &postfix).starts_with("235"));
        exchange(&mut wire, sender, reader)
    };

    assert!(submit(&alice, bob).starts_with("250"));
    assert!(submit(&alice.to_uppercase(), bob).starts_with("250"));
    assert!(submit(&alice, "someone@elsewhere.test").starts_with("250"), "letters leave for the rest of the world");
    for stranger in ["someone@elsewhere.test", "nobody@courrier.test", "postmaster@courrier.test", ""] {
        let answer = submit(stranger, bob);
        assert!(answer.starts_with("55"), "«{stranger}»: {answer}");
    }
    assert!(submit(&alice, "nobody@courrier.test").starts_with("550"), "an unknown reader is said at once");

    let mut wire = Wire::open(&postfix, "submission_port");
    wire.smtp("EHLO program.test");
    assert!(exchange(&mut wire, &alice, bob).starts_with("55"), "without the credential");
}

#[test]
fn port_25_receives_and_neither_relays_nor_lets_write_as_one_of_ours() {
    let (Some(dovecot), Some(postfix)) = (peer("MAINCOURANTE_TEST_DOVECOT"), peer("MAINCOURANTE_TEST_POSTFIX")) else { return };
    let alice = dovecot["people"][0].as_str().expect("a first person").to_owned();
    let bob = dovecot["people"][1].as_str().expect("a second person");
    let bring = |sender: &str, reader: &str| {
        let mut wire = Wire::open(&postfix, "smtp_port");
        wire.smtp("EHLO elsewhere.test");
        exchange(&mut wire, sender, reader)
    };

    assert!(bring("someone@elsewhere.test", bob).starts_with("250"));
    assert!(bring("", bob).starts_with("250"), "a notice of failure comes from nobody");
    assert!(bring("someone@elsewhere.test", "abuse@courrier.test").starts_with("250"));
    assert!(bring("someone@elsewhere.test", "someone@far.test").starts_with("554"), "a relay");
    assert!(bring("someone@elsewhere.test", "nobody@courrier.test").starts_with("550"));
    assert!(bring(&alice, bob).starts_with("55"), "a letter forged in her name");

    let mut wire = Wire::open(&postfix, "smtp_port");
    wire.say("EHLO elsewhere.test");
    let mut offers = Vec::new();
    loop {
        let line = wire.line();
        let last = line.as_bytes().get(3) != Some(&b'-');
        offers.push(line);
        if last {
            break;
        }
    }
    assert!(offers.iter().any(|offer| offer.ends_with("STARTTLS")), "{offers:?}");
    assert!(!offers.iter().any(|offer| offer.contains("AUTH")), "{offers:?}");
}

#[test]
fn a_letter_from_outside_reaches_the_mailbox() {
    let (Some(dovecot), Some(postfix)) = (peer("MAINCOURANTE_TEST_DOVECOT"), peer("MAINCOURANTE_TEST_POSTFIX")) else { return };
    let bob = dovecot["people"][1].as_str().expect("a second person");
    let mark = host::secret().expect("chance");
    let mut wire = Wire::open(&postfix, "smtp_port");
    wire.smtp("EHLO elsewhere.test");
    let letter = format!("From: someone@elsewhere.test\r\nTo: {bob}\r\nSubject: proof {mark}\r\n\r\nBonjour.\r\n.");
    assert!(wire.smtp("MAIL FROM:<someone@elsewhere.test>").starts_with("250"));
    assert!(wire.smtp(&format!("RCPT TO:<{bob}>")).starts_with("250"));
    assert!(wire.smtp("DATA").starts_with("354"));
    assert!(wire.smtp(&letter).starts_with("250"));

    let mut imap = enter(&dovecot, bob, &token(&dovecot, &header(&dovecot), &claims(&dovecot, bob))).expect("his mailbox");
    host::until("the letter", Duration::from_secs(30), || {
        imap.imap("SELECT INBOX");
        let (found, answer) = imap.imap(&format!("SEARCH SUBJECT {mark}"));
        assert!(answer.starts_with("OK"), "{answer}");
        found.iter().any(|line| line.strip_prefix("* SEARCH ").is_some_and(|list| !list.is_empty()))
    })
    .expect("the letter arrives");
}

#[tokio::test]
async fn the_role_of_the_mail_servers_reads_the_views_and_nothing_else() {
    use sqlx::Connection;
    let Some(dovecot) = peer("MAINCOURANTE_TEST_DOVECOT") else { return };
    let url = base_url(&dovecot, &format!("mailread:{}", read_by_dovecot(&dovecot, "password=")));
    let mut base = sqlx::PgConnection::connect(&url).await.expect("the role enters");

    for view in ["select count(*) from mail_userdb_json", "select count(*) from mail_recipient", "select count(*) from mail_sender_login"] {
        let (count,): (i64,) = sqlx::query_as(view).fetch_one(&mut base).await.expect("a view it may read");
        assert!(count >= 2, "{view}");
    }
    for table in
        ["select count(*) from usager", "select count(*) from session", "select count(*) from phone", "select count(*) from journal_entry"]
    {
        let error = sqlx::query(table).fetch_one(&mut base).await.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("permission denied"), "{table}: {error:?}");
    }
    // Read-only is this role's habit; its rights must not rest on it.
    sqlx::query("set default_transaction_read_only = off").execute(&mut base).await.expect("a habit it may change");
    for act in ["create table mine (id int)", "create temporary table mine (id int)", "delete from mail_recipient"] {
        assert!(sqlx::query(act).execute(&mut base).await.is_err(), "{act}");
    }
}

#[tokio::test]
async fn a_disabled_account_neither_opens_nor_receives_nor_sends() {
    use sqlx::Connection;
    let (Some(dovecot), Some(postfix)) = (peer("MAINCOURANTE_TEST_DOVECOT"), peer("MAINCOURANTE_TEST_POSTFIX")) else { return };
    let Some(odile) = dovecot["people"][2].as_str() else { panic!("a third person, whom only this test touches") };
    let bob = dovecot["people"][1].as_str().expect("a second person");
    let token = token(&dovecot, &header(&dovecot), &claims(&dovecot, odile));
    let receive = || {
        let mut wire = Wire::open(&postfix, "smtp_port");
        wire.smtp("EHLO elsewhere.test");
        exchange(&mut wire, "someone@elsewhere.test", odile)
    };
    let send = || {
        let mut wire = Wire::open(&postfix, "submission_port");
        assert!(greeted(&mut wire, &postfix).starts_with("235"));
        exchange(&mut wire, odile, bob)
    };
    let mut base = sqlx::PgConnection::connect(&base_url(&dovecot, "postgres")).await.expect("the base");
    sqlx::query("update usager set disabled_at = null where address = $1").bind(odile).execute(&mut base).await.expect("a living account");
    assert!(enter(&dovecot, odile, &token).is_some() && receive().starts_with("250") && send().starts_with("250"), "while it lives");

    sqlx::query("update usager set disabled_at = 1 where address = $1").bind(odile).execute(&mut base).await.expect("a disabled account");
    assert!(enter(&dovecot, odile, &token).is_none(), "a disabled account was opened");
    assert!(receive().starts_with("550"), "{}", receive());
    assert!(send().starts_with("553"), "{}", send());
}
