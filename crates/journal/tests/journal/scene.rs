//! Vaudorme: Nadia Roussel helps Paul Nguyen for the CCAS; Amina Haddad does things alone.

use std::path::PathBuf;

use maincourante_journal::{
    Actor, Entry, Event, Filter, Log, Page, Payload, Problem, Record, Report, Signed, Signer, Subject, Viewer, append, checkpoint, read,
    verify,
};
use maincourante_kernel::testing::{self, TestKernel};
use maincourante_kernel::{Chance, Kernel};
use tempfile::TempDir;
use uuid::Uuid;

pub const CCAS: Uuid = Uuid::from_u128(0xcca5);
pub const NADIA: Uuid = Uuid::from_u128(0x0ad1a);
pub const PAUL: Uuid = Uuid::from_u128(0x9a01);
pub const AMINA: Uuid = Uuid::from_u128(0xa314a);
pub const MANDATE: Uuid = Uuid::from_u128(0x3a4d);

pub struct World {
    pub test: TestKernel,
    pub kernel: Kernel,
    pub signer: Signer,
    pub folder: TempDir,
    pub outside: PathBuf,
}

/// One world on each engine.
pub async fn worlds() -> Vec<World> {
    testing::kernels().await.into_iter().map(World::new).collect()
}

pub fn signer() -> Signer {
    Signer::from_pem(&Signer::generate(&Chance::seeded(7)), &"courriel.example.fr".parse().unwrap()).unwrap()
}

impl World {
    pub fn new(test: TestKernel) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("checkpoints.jsonl");
        Self { kernel: test.kernel.clone(), signer: signer(), outside, folder, test }
    }

    pub fn act(&self) -> Uuid {
        self.kernel.chance.uuid(self.kernel.now())
    }

    /// Nadia does this for Paul, in the name of the CCAS.
    pub fn nadia(&self, event: Event) -> Entry {
        Entry::new(self.act(), event, Actor::Aidant(NADIA))
            .actor_named("Nadia Roussel")
            .in_structure_named(CCAS, "CCAS de Vaudorme")
            .about(Subject::usager(PAUL).named("Paul Nguyen"))
    }

    /// Nadia starts a hand-over under the mandate.
    pub fn hand_over(&self) -> Entry {
        self.nadia(Event::AccessHandoverStarted).under(MANDATE, "give_access_back").with(Payload::new().word("route", "sms"))
    }

    /// Someone does this alone.
    pub fn alone(&self, who: Uuid, name: &str, event: Event) -> Entry {
        Entry::new(self.act(), event, Actor::Usager(who)).actor_named(name)
    }

    pub async fn write(&self, log: Log, entry: Entry) {
        let mut tx = self.kernel.db.write().await.unwrap();
        append(&mut tx, &self.kernel, log, entry).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// `count` hand-overs in the log of the CCAS.
    pub async fn write_hand_overs(&self, count: usize) {
        for _ in 0..count {
            self.write(Log::Structure(CCAS), self.hand_over()).await;
        }
    }

    pub async fn sign(&self) -> Signed {
        checkpoint(&self.kernel, &self.signer, &self.outside).await.unwrap()
    }

    pub async fn read(&self, viewer: Viewer, filter: &Filter, most: u32) -> Page {
        let mut tx = self.kernel.db.read().await.unwrap();
        read(&mut tx, &self.kernel, viewer, filter, most).await.unwrap()
    }

    pub async fn all(&self, viewer: Viewer) -> Vec<Record> {
        self.read(viewer, &Filter::default(), 1000).await.records
    }

    pub async fn verify(&self) -> Report {
        verify(&self.kernel, &[self.signer.public().clone()], Some(&self.outside)).await.unwrap()
    }

    /// What is wrong, the refusals left aside: attackers switch them off.
    pub async fn problems(&self) -> Vec<Problem> {
        let report = self.verify().await;
        assert_eq!(report.sentences().len(), report.problems.len());
        report.problems.into_iter().filter(|problem| !matches!(problem, Problem::RefusalOff { .. })).collect()
    }
}
