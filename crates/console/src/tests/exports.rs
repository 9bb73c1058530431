//! Hélène takes the journal away: a signed file that both verifiers accept, a table that office programs open.

use std::process::Command;

use axum::http::StatusCode;
use maincourante_journal::verify_export;
use maincourante_kernel::clock::days;

use super::*;

/// What docs/verify_journal.py says of a file: whether it is good.
fn python_accepts(file: &str, key: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    std::fs::write(&path, file).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/verify_journal.py");
    Command::new("python3").arg(script).arg(&path).arg(key).output().expect("python3").status.success()
}

impl Scene {
    /// Checks a signed file with both verifiers; gives how many entries it has.
    fn verifies(&self, file: &Seen) -> usize {
        file.is(StatusCode::OK);
        assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"journal-2026-11-"));
        let key = self.notary.signer.public().clone();
        let report = verify_export(file.html.as_bytes(), std::slice::from_ref(&key), None::<&[u8]>).expect("an export");
        assert!(report.is_good(), "{:?}", report.sentences());
        assert!(python_accepts(&file.html, &key.to_string()), "the other verifier agrees");
        assert!(!python_accepts(&file.html.replacen("Josette", "Yvette", 1), &key.to_string()), "or it would accept anything");
        file.html.lines().count() - 2
    }
}

#[tokio::test]
async fn the_signed_file_of_the_whole_log_or_of_days_is_accepted_by_both_verifiers() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        let mut helene = scene.helene().await;
        helene.get(routes::LOG).await;
        let first = helene.submit(routes::LOG_FILE, &[]).await;
        let whole = scene.verifies(&first);
        assert_eq!(whole, scene.world.journal().await.len(), "all of it, the export included");
        assert!(scene.journal().await[0].starts_with("Hélène Vasseur a téléchargé le journal"), "{}", scene.journal().await[0]);

        scene.world.kernel().clock.advance(days(1));
        let mut helene = scene.referent("Farid Benali", "farid@ccas-vaudorme.fr").await;
        scene.nadia = scene.world.worker("Nadia Roussel", "nadia2@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let mut nadia = at_desk(&scene.router, &scene.nadia);
        nadia.get(&record).await;
        helene.get("/structure/journal?du=23/11/2026").await;
        let second = helene.submit(routes::LOG_FILE, &[]).await;
        let of_the_day = scene.verifies(&second);
        assert!(of_the_day < scene.world.journal().await.len() && of_the_day >= 3, "{of_the_day}");
        // What lies before: up to the first checkpoint that holds the day, and not today's lines.
        helene.get("/structure/journal?au=22/11/2026").await;
        let earlier = helene.submit(routes::LOG_FILE, &[]).await;
        assert!(scene.verifies(&earlier) < scene.world.journal().await.len());
    }
}

#[tokio::test]
async fn the_table_opens_in_office_programs_and_holds_the_lines_of_the_filter() {
    for mut scene in Scene::everywhere().await {
        let record = scene.opens_account().await;
        for _ in 0..300 {
            scene.browser.get(&record).await;
        }
        let mut helene = scene.helene().await;
        helene.get("/structure/journal?acte=fiche").await;
        let table = helene.submit(routes::LOG_TABLE, &[]).await;
        table.is(StatusCode::OK);
        assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
        assert!(table.html.starts_with("\u{feff}\"Jour\";\"Heure\";"), "{}", &table.html[..60]);
        let rows: Vec<&str> = table.html.lines().skip(1).collect();
        assert!(rows.len() >= 301, "{}", rows.len());
        assert!(rows.iter().all(|row| row.starts_with("\"22/11/2026\";") && row.contains("fiche") || row.contains("journal")));
        assert!(scene.journal().await.iter().any(|line| line.starts_with("Hélène Vasseur a téléchargé le journal")));
        for page in [routes::LOG_TABLE, routes::LOG_FILE] {
            let token = scene.browser.get(routes::HOME).await.attribute("[name=form_token]", "value").unwrap();
            scene.browser.post(page, &[("form_token".into(), token)]).await.is(StatusCode::NOT_FOUND);
        }
    }
}
