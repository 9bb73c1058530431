//! A structure, its aidants and people under a mandate, for tests. Behind the `testing` feature,
//! which `tidy` proves absent from the released program.
//!
//! People are made by the acts that make them in life: prepared, signed on a lent screen with the code their phone received, countersigned.

use std::sync::{Arc, Mutex};

use maincourante_identity::{
    self as identity, CodeAnswer, HandOver, Hasher, Lent, Requester, SignedInStaff, StaffId, StaffKind, TotpSecret, UsagerId,
    resume_hand_over, sessions, testing as people,
};
use maincourante_journal::{self as journal, Channel, Filter, Record, Viewer};
use maincourante_kernel::clock::seconds;
use maincourante_kernel::testing::TestKernel;
use maincourante_kernel::{Kernel, Secret, jobs};
use maincourante_paper::Press;
use maincourante_sms as sms;

use crate::acting::{Acting, acting, begin};
use crate::activate::{Countersignature, countersign};
use crate::invitations::{self, Carried, Letter};
use crate::prepare::{self, Lending, Presentation, Save};
use crate::secret_screen::{Choose, Proof};
use crate::signature::{self, Gesture, Sign};
use crate::store::mandates;
use crate::structures::{self, NewStructure, Opening};
use crate::{
    Imprint, KnownFields, MandateId, Mandates, MemberRole, PersonFields, SignedInAidant, StructureId, TermsFields, access_back, charter,
    find_account, first_secret, prints, renewal, secret_screen,
};

/// A drawing that is a signature, as the browser sends it.
pub const DRAWING: &str = r#"{"h":357,"s":[[100,200,180,120,260,220,340,110,420,210,500,160]]}"#;

/// One structure, "CCAS de Vaudorme", on one engine, and the phone that receives.
pub struct World {
    /// The context.
    pub context: Mandates,
    /// The structure.
    pub structure: StructureId,
    /// What phones received.
    pub phone: sms::Memory,
    /// The letters that the service wrote.
    pub letters: Mutex<Vec<Letter>>,
    /// "sqlite" or "postgres".
    pub engine: &'static str,
    test: TestKernel,
}

/// Someone who works for the structure, with their authenticator.
pub struct Worker {
    /// Their session's cookie.
    pub cookie: Secret<String>,
    /// Their authenticator.
    pub totp: TotpSecret,
}

impl World {
    /// A world on this kernel.
    ///
    /// # Panics
    /// When the base refuses: every function here is for tests.
    pub async fn new(test: TestKernel) -> Self {
        let mut identity = people::identity(&test.kernel);
        identity.hasher = Hasher::default();
        let imprint = Imprint {
            web_address: "courrier.exemple-mail.fr".into(),
            controller: "le syndicat Vaudorme Numérique".into(),
            data_contact: "donnees@exemple-mail.fr".into(),
        };
        let context = Mandates { identity, press: Press::new().expect("a press"), imprint };
        let new = NewStructure {
            name: "CCAS de Vaudorme".into(),
            siret: "264 000 123 00010".into(),
            postal_address: "2 place de la Mairie, 40000 Vaudorme".into(),
            phone: "01 99 00 12 34".into(),
            opening_hours: "du lundi au vendredi, de 9\u{a0}h à 17\u{a0}h".into(),
        };
        let Opening::Opened(structure) = structures::open(&context, &new).await.expect("the base") else { panic!("a new structure") };
        Self { context, structure, phone: Arc::new(Mutex::default()), letters: Mutex::default(), engine: test.engine, test }
    }

    /// The same world in a base of its own: what happens there changes nothing here.
    ///
    /// # Panics
    /// When this world is on PostgreSQL.
    pub async fn copied(&self) -> Self {
        let test = self.test.copied().await;
        let mut context = self.context.clone();
        context.identity.kernel = test.kernel.clone();
        Self { context, structure: self.structure, phone: self.phone.clone(), letters: Mutex::default(), engine: self.engine, test }
    }

    /// Time, chance, base.
    pub fn kernel(&self) -> &Kernel {
        &self.context.identity.kernel
    }

    /// Someone who works for the structure, signed in.
    ///
    /// # Panics
    /// When the login is taken.
    pub async fn worker(&self, name: &str, login: &str, role: MemberRole) -> Worker {
        self.worker_of(self.structure, name, login, role).await
    }

    /// Someone who works for another structure, signed in.
    ///
    /// # Panics
    /// When the login is taken.
    pub async fn worker_of(&self, structure: StructureId, name: &str, login: &str, role: MemberRole) -> Worker {
        let (id, totp) = people::staff(&self.context.identity, StaffKind::Aidant, name, login).await;
        let mut tx = self.kernel().db.write().await.expect("a transaction");
        structures::add_member(&mut tx, &self.context, structure, id, role, Channel::Cli).await.expect("the base");
        charter::accepted(&mut tx, &self.context, id, name).await.expect("the base");
        tx.commit().await.expect("a commit");
        let (staff, cookie) = people::signed_in_staff(self.kernel(), id).await;
        let mut tx = self.kernel().db.write().await.expect("a transaction");
        begin(&mut tx, &self.context, id, staff.session()).await.expect("the base");
        tx.commit().await.expect("a commit");
        Worker { cookie, totp }
    }

    /// The worker at their own screen, in a new request.
    ///
    /// # Panics
    /// When their screen is lent or they are signed out.
    pub async fn at_work(&self, worker: &Worker) -> SignedInAidant {
        match acting(&self.context, self.staff(worker).await).await.expect("the base") {
            Acting::For(aidant) => aidant,
            Acting::NoStructure(_) | Acting::CharterFirst(_) => panic!("a worker has a structure and accepted the charter"),
        }
    }

    /// The same worker this long after, signed in anew: nobody stays signed in for days.
    ///
    /// # Panics
    /// When their session is over already.
    pub async fn after(&self, worker: &Worker, span: maincourante_kernel::clock::Span) -> Worker {
        let id = self.id_of(worker).await;
        self.kernel().clock.advance(span);
        let (staff, cookie) = people::signed_in_staff(self.kernel(), id).await;
        let mut tx = self.kernel().db.write().await.expect("a transaction");
        begin(&mut tx, &self.context, id, staff.session()).await.expect("the base");
        tx.commit().await.expect("a commit");
        Worker { cookie, totp: worker.totp.clone() }
    }

    /// The worker in a second browser, signed in there too.
    ///
    /// # Panics
    /// When their session is over.
    pub async fn works_elsewhere_too(&self, worker: &Worker) -> SignedInAidant {
        let (staff, _) = people::signed_in_staff(self.kernel(), self.id_of(worker).await).await;
        match acting(&self.context, staff).await.expect("the base") {
            Acting::For(aidant) => aidant,
            Acting::NoStructure(_) | Acting::CharterFirst(_) => panic!("a worker has a structure and accepted the charter"),
        }
    }

    /// The worker leaves the structure.
    ///
    /// # Panics
    /// When they are not of the team.
    pub async fn leaves(&self, worker: &Worker) {
        let staff = self.id_of(worker).await;
        let mut tx = self.kernel().db.write().await.expect("a transaction");
        assert!(structures::remove_member(&mut tx, &self.context, self.structure, staff, Channel::Cli).await.expect("the base"));
        tx.commit().await.expect("a commit");
    }

    async fn id_of(&self, worker: &Worker) -> StaffId {
        match sessions::staff(self.kernel(), &worker.cookie).await.expect("the base") {
            identity::StaffAt::Here(staff) => staff.id(),
            identity::StaffAt::Lent(lent) => lent.staff(),
            identity::StaffAt::Nowhere => panic!("signed out"),
        }
    }

    async fn staff(&self, worker: &Worker) -> SignedInStaff {
        match sessions::staff(self.kernel(), &worker.cookie).await.expect("the base") {
            identity::StaffAt::Here(staff) => staff,
            identity::StaffAt::Lent(_) => panic!("the screen is lent"),
            identity::StaffAt::Nowhere => panic!("signed out"),
        }
    }

    /// A fresh code of the worker; time moves on so that it was never used.
    ///
    /// # Panics
    /// Never.
    pub fn code(&self, worker: &Worker) -> Secret<String> {
        self.kernel().clock.advance(seconds(31));
        Secret::new(worker.totp.code_at(self.kernel().now()).expect("a code"))
    }

    /// The person's side of a lent screen, in a new request.
    ///
    /// # Panics
    /// When it is not lent any more.
    pub async fn screen(&self, lent: &Lent) -> HandOver {
        resume_hand_over(self.kernel(), &lent.token).await.expect("the base").expect("a lent screen")
    }

    /// The worker takes the screen back.
    ///
    /// # Panics
    /// When it is not lent.
    pub async fn takes_back(&self, worker: &Worker) {
        let code = self.code(worker);
        let identity::StaffAt::Lent(lent) = sessions::staff(self.kernel(), &worker.cookie).await.expect("the base") else {
            panic!("not lent")
        };
        let back = crate::aidants::unlock(&self.context, &lent, &code).await.expect("the base");
        assert!(matches!(back, crate::aidants::Unlock::Back(_)), "the screen is back");
    }

    /// Runs every job that is due; gives the kinds that nobody here carries out.
    ///
    /// # Panics
    /// When a job fails.
    pub async fn jobs_run(&self) -> Vec<String> {
        let kernel = self.kernel();
        let mut left = Vec::new();
        loop {
            let mut tx = kernel.db.write().await.expect("a transaction");
            let Some(job) = jobs::claim(&mut tx, kernel.now()).await.expect("the base") else { return left };
            tx.commit().await.expect("a commit");
            match job.kind.as_str() {
                sms::DELIVER => {
                    let message = job.payload::<sms::Deliver>().expect("a payload").message;
                    let gateway = sms::Gateway::Memory(self.phone.clone());
                    identity::deliver_text(&self.context.identity, &gateway, message).await.expect("it leaves");
                }
                identity::reset::FIND => {
                    let request = job.payload::<identity::reset::Find>().expect("a payload").request;
                    identity::reset::find(&self.context.identity, request).await.expect("the base");
                }
                identity::find_account::FIND => {
                    let search = job.payload::<identity::find_account::Find>().expect("a payload").search;
                    identity::find_account::find(&self.context.identity, search).await.expect("the base");
                }
                invitations::LETTER => {
                    let asked: invitations::SendLetter = job.payload().expect("a payload");
                    if let Some(letter) = invitations::letter(&self.context, &asked, "http://exemple-mail.fr").await.expect("the base") {
                        self.letters.lock().expect("the letters").push(letter);
                        invitations::carried(&self.context, &asked, Carried::Left).await.expect("the base");
                    }
                }
                other => left.push(other.to_owned()),
            }
            let mut tx = kernel.db.write().await.expect("a transaction");
            jobs::done(&mut tx, &job, kernel.now()).await.expect("the base");
            tx.commit().await.expect("a commit");
        }
    }

    /// The code of the last message that had one.
    ///
    /// # Panics
    /// When none arrived.
    pub async fn received_code(&self) -> Secret<String> {
        self.jobs_run().await;
        let received = self.phone.lock().expect("the phone");
        let body = received.iter().rev().find_map(|(_, body)| body.split("votre code est ").nth(1)).expect("a code arrived");
        Secret::new(body.chars().take(6).collect())
    }

    /// The address, on the site, of the link of the last letter.
    ///
    /// # Panics
    /// When no letter with a link arrived.
    pub async fn received_link(&self) -> String {
        self.jobs_run().await;
        let letters = self.letters.lock().expect("the letters");
        let text = letters.last().expect("a letter arrived").text.reveal();
        let link = text.split_whitespace().find_map(|word| word.strip_prefix("http://exemple-mail.fr")).expect("a link");
        link.to_owned()
    }

    /// The fields of "La personne" for Josette Lambert.
    pub fn josette() -> PersonFields {
        PersonFields {
            given_names: "Josette".into(),
            family_name: "Lambert".into(),
            birth_date: "05/03/1942".into(),
            birthplace: "Mont-de-Marsan".into(),
            phone: "06 39 98 12 34".into(),
            no_phone: String::new(),
            identity_check: "paper_seen".into(),
            protection: "none".into(),
        }
    }

    /// A mandate presented: everything is written, the document can be read.
    ///
    /// # Panics
    /// When a step refuses.
    pub async fn presents(&self, worker: &Worker, fields: &PersonFields, powers: &[&str]) -> MandateId {
        let aidant = self.at_work(worker).await;
        let id = prepare::begin(&self.context, &aidant, fields).await.expect("the base").expect("a person");
        let in_hand = prepare::load(&self.context, &aidant, id).await.expect("the base").expect("in hand");
        let address = prepare::proposals(&self.context, &in_hand).await.expect("the base").remove(0);
        assert!(matches!(prepare::save_address(&self.context, &aidant, id, &address).await.expect("the base"), Save::Saved));
        let terms = TermsFields {
            powers: powers.iter().map(|&power| power.to_owned()).collect(),
            duration: "six_months".into(),
            until: String::new(),
        };
        assert!(matches!(prepare::save_terms(&self.context, &aidant, id, &terms).await.expect("the base"), Save::Saved));
        assert!(matches!(prepare::present(&self.context, &aidant, id).await.expect("the base"), Presentation::Presented));
        id
    }

    /// A new mandate presented for someone who has an account with this structure, or had one with it.
    ///
    /// # Panics
    /// When a step refuses.
    pub async fn presents_again(&self, worker: &Worker, usager: UsagerId, powers: &[&str]) -> MandateId {
        let aidant = self.at_work(worker).await;
        let id = MandateId::new(&self.kernel().chance, self.kernel().now());
        let begun = renewal::begin_as(&self.context, &aidant, usager, id, &Self::known()).await.expect("the base");
        let renewal::Begin::Begun(id) = begun else { panic!("begun") };
        self.presents_terms(worker, id, powers).await;
        id
    }

    /// What is allowed is chosen, for six months, and the document presented.
    ///
    /// # Panics
    /// When a step refuses.
    pub async fn presents_terms(&self, worker: &Worker, id: MandateId, powers: &[&str]) {
        let aidant = self.at_work(worker).await;
        assert!(matches!(prepare::save_known(&self.context, &aidant, id, &Self::known()).await.expect("the base"), Save::Saved));
        let terms = TermsFields {
            powers: powers.iter().map(|&power| power.to_owned()).collect(),
            duration: "six_months".into(),
            until: String::new(),
        };
        assert!(matches!(prepare::save_terms(&self.context, &aidant, id, &terms).await.expect("the base"), Save::Saved));
        assert!(matches!(prepare::present(&self.context, &aidant, id).await.expect("the base"), Presentation::Presented));
    }

    /// A new mandate signed by drawing and countersigned, for someone who has an account.
    ///
    /// # Panics
    /// When a step refuses.
    pub async fn renews(&self, worker: &Worker, usager: UsagerId, powers: &[&str]) -> MandateId {
        let id = self.presents_again(worker, usager, powers).await;
        self.signs(worker, id, Gesture::Drawn(DRAWING.into())).await;
        assert_eq!(self.countersigns(worker, id).await, usager, "no other account");
        id
    }

    /// Someone who has an account says so on the screen that the worker lends, with the code that their phone receives. Gives the mandate
    /// in preparation.
    ///
    /// # Panics
    /// When a step refuses.
    pub async fn says_which(&self, worker: &Worker, login: &str) -> MandateId {
        let aidant = self.at_work(worker).await;
        let id = MandateId::new(&self.kernel().chance, self.kernel().now());
        let find_account::Lending::Lent(_, lent) = find_account::lend(&self.context, &aidant, id).await.expect("the base") else {
            panic!("lent")
        };
        let screen = self.screen(&lent).await;
        find_account::ask(&self.context, &screen, login).await.expect("the base").expect("an open screen");
        let code = self.received_code().await;
        let answer = find_account::prove(&self.context, &screen, &code, Proof::Phone).await.expect("the base");
        assert!(matches!(answer, find_account::Answer::Right { .. }), "the code is right");
        self.takes_back(worker).await;
        id
    }

    /// The fields of "La personne" for who has an account.
    pub fn known() -> KnownFields {
        KnownFields { identity_check: "known_person".into(), protection: "none".into() }
    }

    /// The screen is lent and the person signs; the aidant takes it back.
    ///
    /// # Panics
    /// When a step refuses.
    pub async fn signs(&self, worker: &Worker, id: MandateId, gesture: Gesture) {
        let aidant = self.at_work(worker).await;
        let Lending::Lent(lent) = prepare::lend_to_sign(&self.context, &aidant, id).await.expect("the base") else { panic!("lent") };
        let screen = self.screen(&lent).await;
        let code = if matches!(gesture, Gesture::Witnessed(_)) {
            Secret::default()
        } else {
            signature::send_code(&self.context, &screen).await.expect("the base").expect("a code is sent");
            self.received_code().await
        };
        assert!(matches!(signature::sign(&self.context, &screen, &code, gesture).await.expect("the base"), Sign::Signed { .. }));
        self.takes_back(worker).await;
    }

    /// The aidant countersigns: the account is open.
    ///
    /// # Panics
    /// When it is not.
    pub async fn countersigns(&self, worker: &Worker, id: MandateId) -> UsagerId {
        let code = self.code(worker);
        let aidant = self.at_work(worker).await;
        match countersign(&self.context, &aidant, id, &code, None).await.expect("the base") {
            Countersignature::Active(usager) => usager,
            _ => panic!("the mandate is active"),
        }
    }

    /// Josette's account, opened under a mandate signed by drawing, with her first secret chosen.
    ///
    /// # Panics
    /// When a step refuses.
    pub async fn opens_account(&self, worker: &Worker, fields: &PersonFields) -> UsagerId {
        let id = self.presents(worker, fields, &["create_account", "give_access_back"]).await;
        self.signs(worker, id, Gesture::Drawn(DRAWING.into())).await;
        let usager = self.countersigns(worker, id).await;
        let aidant = self.at_work(worker).await;
        let access_back::Lending::Lent(lent) = first_secret::lend(&self.context, &aidant, usager).await.expect("the base") else {
            panic!("lent")
        };
        self.chooses(&lent, people::PASSWORD).await;
        self.takes_back(worker).await;
        usager
    }

    /// On a lent screen, the person proves their phone and chooses a secret.
    ///
    /// # Panics
    /// When a step refuses.
    pub async fn chooses(&self, lent: &Lent, secret: &str) -> Secret<String> {
        let screen = self.screen(lent).await;
        secret_screen::send_code(&self.context, &screen).await.expect("the base").expect("a code is sent");
        let code = self.received_code().await;
        let proved = secret_screen::prove(&self.context, &screen, &code, Proof::Phone).await.expect("the base").expect("an open screen");
        let CodeAnswer::Right { token } = proved else { panic!("the code is right") };
        let screen = resume_hand_over(self.kernel(), &token).await.expect("the base").expect("a lent screen");
        let chosen = secret_screen::choose(&self.context, &screen, &Secret::new(secret.into())).await.expect("the base");
        assert!(matches!(chosen, Choose::Chosen { .. }), "chosen");
        token
    }

    /// The person chooses `secret` on a screen lent by the worker, then makes a recovery sheet there; gives its codes.
    ///
    /// # Panics
    /// When a step refuses.
    pub async fn makes_sheet(&self, worker: &Worker, usager: UsagerId, secret: &str) -> Vec<String> {
        let aidant = self.at_work(worker).await;
        let access_back::Lending::Lent(lent) = access_back::lend(&self.context, &aidant, usager).await.expect("the base") else {
            panic!("lent")
        };
        let token = self.chooses(&lent, secret).await;
        let screen = resume_hand_over(self.kernel(), &token).await.expect("the base").expect("a lent screen");
        let once = self.kernel().chance.uuid(self.kernel().now());
        let made = secret_screen::make_sheet(&self.context, &screen, &token, once).await.expect("the base").expect("a sheet");
        self.takes_back(worker).await;
        made.codes.iter().map(|code| code.reveal().clone()).collect()
    }

    /// The worker adds one page to the print that the person signed by hand, and says that it is whole.
    ///
    /// # Panics
    /// When a step refuses.
    pub async fn photographs(&self, worker: &Worker, usager: UsagerId, page: &[u8]) {
        let aidant = self.at_work(worker).await;
        let once = self.kernel().chance.uuid(self.kernel().now());
        let prints::Begin::Ready(mut coming) = prints::begin(&self.context, &aidant, usager, once).await.expect("the base") else {
            panic!("it may come")
        };
        coming.push(&self.context, page).await.expect("the base").expect("a page");
        assert_eq!(coming.finish(&self.context).await.expect("the base"), prints::Finish::Added);
        let (code, aidant) = (self.code(worker), self.at_work(worker).await);
        let whole = prints::close(&self.context, &aidant, usager, &code).await.expect("the base");
        assert!(matches!(whole, prints::Whole::Confirmed), "whole");
    }

    /// The structure's log, the newest first.
    ///
    /// # Panics
    /// When the base refuses.
    pub async fn journal(&self) -> Vec<Record> {
        let mut tx = self.kernel().db.read().await.expect("a transaction");
        let viewer = Viewer::Structure(self.structure.uuid());
        journal::read(&mut tx, self.kernel(), viewer, &Filter::default(), 200).await.expect("the base").records
    }

    /// A requester on this machine.
    pub fn requester() -> Requester {
        people::requester()
    }
}

/// `many` people of the structure, written at once rather than lived: three named Marie Martin, the others Personne and a number, each with a mandate.
///
/// # Panics
/// When the base refuses.
pub async fn crowd(world: &World, worker: &Worker, many: usize) -> Vec<UsagerId> {
    let kernel = world.kernel();
    let aidant = world.at_work(worker).await.id();
    let mut tx = kernel.db.write().await.expect("a transaction");
    let mut all = Vec::new();
    for number in 1..=many {
        let (given, family) =
            if number <= 3 { ("Marie".to_owned(), "Martin".to_owned()) } else { ("Personne".into(), format!("Numéro{number}")) };
        let id = UsagerId::new(&kernel.chance, kernel.now());
        let address = format!("{}.{}{number}@exemple-mail.fr", given.to_lowercase(), family.to_lowercase().replace('é', "e"));
        let new = identity::NewUsager {
            id,
            address: address.parse().expect("an address"),
            given_names: given,
            family_name: family,
            birth_date: maincourante_kernel::calendar::Date::new(1950, 1, 1).expect("a day"),
        };
        assert!(identity::create_usager(&mut tx, kernel, &new).await.expect("the base"), "a new address");
        let mandate = MandateId::new(&kernel.chance, kernel.now());
        let now = kernel.now();
        assert!(mandates::insert(&mut tx, mandate, world.structure, aidant, b"", now).await.expect("the base"));
        let ends = now.plus(maincourante_kernel::clock::days(180));
        mandates::mark_presented(&mut tx, mandate, &format!("2026-{number:04}"), b"", ends, now).await.expect("the base");
        let activation =
            mandates::Activation { id: mandate, usager: id, countersigned_by: aidant, provisional_until: None, document_sha256: b"", now };
        mandates::mark_active(&mut tx, activation).await.expect("the base");
        mandates::grant(&mut tx, mandate, crate::Power::CreateAccount.as_str()).await.expect("the base");
        assert!(mandates::move_to(&mut tx, mandate, "draft", "active", now).await.expect("the base"));
        all.push(id);
    }
    tx.commit().await.expect("a commit");
    all
}
