//! A little world in which every door leads somewhere: Josette, her letters and her mandate; Paul, whom another structure helps;
//! those who help them; a draft that waits for its signature. Each knock is in a copy of it: nothing that one does is there for the next.

mod states;

use std::path::Path;

use axum::Router;
use maincourante_identity::{StaffId, StaffKind, UsagerId, testing as people};
use maincourante_journal as journal;
use maincourante_kernel::{Chance, Secret, Timestamp};
use maincourante_mandates::alerts::watch;
use maincourante_mandates::signature::Gesture;
use maincourante_mandates::structures::{self, NewStructure, Opening};
use maincourante_mandates::testing::{Worker, World as Ccas};
use maincourante_mandates::{MandateId, MemberRole, PersonFields, StructureId, access_back, mine, prepare};
use maincourante_shell::testing::{Browser, Seen, form_token};
use maincourante_shell::{Audience, Door, Site, Verb, around};
use maincourante_usager::training::Guide;

use crate::testing::{self, mailbox};
use crate::web::pages;

/// Who knocks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Who {
    /// Signed in nowhere.
    Nobody,
    /// A person, at what is hers.
    Josette,
    /// Another person, at what is Josette's.
    Paul,
    /// The aidant who opened Josette's account and prepares a mandate.
    Nadia,
    /// Another aidant of the same structure.
    Claire,
    /// The référent of the same structure.
    Helene,
    /// An aidant of another structure.
    Bruno,
    /// The référent of that one.
    Odile,
    /// Who runs the service.
    Operator,
    /// Nadia's own browser, while her screen is lent.
    Lender,
    /// A person on the screen lent to sign.
    Signer,
    /// Josette on the screen lent to choose a secret.
    Chooser,

    /// Nobody, who asked for a new password and received a code.
    Recovering,
    /// The same, once the code was typed.
    Recovered,
    /// Nobody, who opened the link of a letter that invites them and chose a password.
    Invited,
    /// Nadia, whose mandate in preparation the person signed.
    Signatory,
    /// Nadia, who countersigned it: the account is open, its first password to be chosen.
    Opener,
    /// Nadia, once it is chosen.
    Finisher,
    /// Nadia, whose mandate in preparation the person refused.
    Refused,
    /// Nadia, who begins a mandate for someone who has an account, and does not know yet who it is.
    Finder,
    /// Claire, who works for the other structure as well.
    OfTwo,
    /// Helene, who paused Josette's mandate.
    Pauser,
    /// The Signer, once they signed.
    Signed,
    /// The Chooser, once the code was typed.
    Proved,
    /// The Chooser, once the secret is chosen.
    Chosen,
    /// Someone who has a sheet of codes and no phone, on the screen lent to choose a secret.
    WithSheet,
    /// Someone on a lent screen who wrote which account is theirs.
    Searched,
}

impl Who {
    /// Everyone, in the order of the columns.
    pub(super) const ALL: [Self; 12] = [
        Self::Nobody,
        Self::Josette,
        Self::Paul,
        Self::Nadia,
        Self::Claire,
        Self::Helene,
        Self::Bruno,
        Self::Odile,
        Self::Operator,
        Self::Lender,
        Self::Signer,
        Self::Chooser,
    ];

    /// Those who come to a state by acts of their own, in the order of their column.
    pub(super) const IN_A_STATE: [Self; 15] = [
        Self::Recovering,
        Self::Recovered,
        Self::Invited,
        Self::Signatory,
        Self::Opener,
        Self::Finisher,
        Self::Refused,
        Self::Finder,
        Self::OfTwo,
        Self::Pauser,
        Self::Signed,
        Self::Proved,
        Self::Chosen,
        Self::WithSheet,
        Self::Searched,
    ];

    /// Who they were before.
    pub(super) fn before(self) -> Self {
        match self {
            Self::Recovering | Self::Recovered | Self::Invited => Self::Nobody,
            Self::Signatory | Self::Opener | Self::Finisher | Self::Refused | Self::Finder => Self::Nadia,
            Self::OfTwo => Self::Claire,
            Self::Pauser => Self::Helene,
            Self::Signed => Self::Signer,
            Self::Proved | Self::Chosen | Self::WithSheet | Self::Searched => Self::Chooser,
            who => who,
        }
    }

    /// Whether their state may change what this door answers them.
    pub(super) fn is_concerned_by(self, door: &Door) -> bool {
        match self {
            Self::Recovering | Self::Recovered => door.path.starts_with("/mot-de-passe-oublie"),
            Self::Invited => door.path.starts_with("/invitation"),
            Self::Opener if door.path == "/aidant/personnes/{id}/suppression" => true,
            Self::Signatory | Self::Opener | Self::Finisher | Self::Refused | Self::Finder => {
                door.path.starts_with("/aidant/nouveau-compte/{id}")
            }
            Self::OfTwo => door.path == "/aidant/structure",
            Self::Pauser => door.path.ends_with("/pause") || door.path.ends_with("/reprise"),
            Self::Signed | Self::Proved | Self::Chosen | Self::WithSheet | Self::Searched => door.audience == Audience::Lent,
            _ => false,
        }
    }
}

/// What stands in the place of a variable part, by the beginning of the address.
type Things = Vec<(&'static str, Vec<(&'static str, String)>)>;

/// The world, and the names of what is in it.
pub(super) struct World {
    ccas: Ccas,
    mail: tempfile::TempDir,
    josette: UsagerId,
    paul: UsagerId,
    nadia: StaffId,
    staff: [(Who, StaffId); 6],
    /// The same two, with their authenticators.
    nadia_works: Worker,
    helene_works: Worker,
    elsewhere: StructureId,
    draft: MandateId,
    things: Things,
}

/// A copy of the world in which someone came to a state.
pub(super) struct Prepared {
    ccas: Ccas,
    cookie: (&'static str, Secret<String>),
    /// What addresses name there, when it is something else.
    things: Things,
}

/// One browser in one copy of the world.
pub(super) struct Visit {
    pub(super) browser: Browser,
    pub(super) doors: Vec<Door>,
    site: Site,
    cookie: Option<(&'static str, String)>,
    /// The letter that Josette has not finished.
    draft: Option<String>,
    /// The structure that a form names.
    structure: String,
    world: Ccas,
    _mail: tempfile::TempDir,
}

/// A photograph of a page: what is looked at of it, and nothing drawn.
const PAGE: &[u8] = b"\xff\xd8\xff\xe1\0\x06Exif\xff\xc4\0\x03\0\xff\xff\xc2\0\x11\x08\x0b\xb8\x0f\xa0\x03";

const PHOTOGRAPH: &str = "From: Sophie <sophie@famille.example>\r\nTo: josette.lambert@exemple-mail.fr\r\nSubject: Dimanche\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Lina</p><img src=\"cid:photo@x\" alt=\"Lina\">\r\n\
    --b\r\nContent-Type: image/png\r\nContent-ID: <photo@x>\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline; filename=lina.png\r\n\r\n\
    iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAYAAAChS3wf\r\n\
    --b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=liste.txt\r\n\r\npain\r\n--b--\r\n";

impl World {
    pub(super) async fn new() -> Self {
        let ccas = Ccas::new(maincourante_kernel::testing::sqlite().await).await;
        let elsewhere = NewStructure {
            name: "France services de Montreval".into(),
            siret: "26400040700017".into(),
            postal_address: "1 rue Haute, 40998 Montreval".into(),
            phone: "01 99 00 56 78".into(),
            opening_hours: "le mardi".into(),
        };
        let Opening::Opened(elsewhere) = structures::open(&ccas.context, &elsewhere).await.unwrap() else { panic!("a structure") };
        let nadia = ccas.worker("Nadia Roussel", "nadia@ccas.example", MemberRole::Aidant).await;
        let claire = ccas.worker("Claire Petit", "claire@ccas.example", MemberRole::Aidant).await;
        let helene = ccas.worker("Hélène Vasseur", "helene@ccas.example", MemberRole::Referent).await;
        let bruno = ccas.worker_of(elsewhere, "Bruno Salles", "bruno@fs.example", MemberRole::Aidant).await;
        let odile = ccas.worker_of(elsewhere, "Odile Marchand", "odile@fs.example", MemberRole::Referent).await;
        let (operator, _) = people::staff(&ccas.context.identity, StaffKind::Operator, "Omar", "omar@operateur.example").await;
        let paul = PersonFields { given_names: "Paul".into(), phone: "06 39 98 56 78".into(), ..Ccas::josette() };
        let signer = PersonFields { given_names: "Amina".into(), phone: "06 39 98 90 12".into(), ..Ccas::josette() };
        let paul = ccas.opens_account(&bruno, &paul).await;
        let josette = opens_with_a_print(&ccas, &nadia).await;
        let draft = ccas.presents(&nadia, &signer, &["create_account"]).await;
        let at = async |worker: &Worker| ccas.at_work(worker).await.id();
        let staff = [
            (Who::Nadia, at(&nadia).await),
            (Who::Claire, at(&claire).await),
            (Who::Helene, at(&helene).await),
            (Who::Bruno, at(&bruno).await),
            (Who::Odile, at(&odile).await),
            (Who::Operator, operator),
        ];
        let mut world = Self {
            nadia: staff[0].1,
            ccas,
            mail: tempfile::tempdir().unwrap(),
            josette,
            paul,
            staff,
            nadia_works: nadia,
            helene_works: helene,
            elsewhere,
            draft,
            things: Vec::new(),
        };
        world.things = world.named().await;
        world
    }

    /// Makes what is missing (letters), and names everything that an address can name.
    async fn named(&self) -> Things {
        let kernel = self.ccas.kernel();
        let mailbox = mailbox(kernel, self.mail.path());
        let address = "josette.lambert@exemple-mail.fr".parse().unwrap();
        let _ = mailbox.prepare(&address).await.unwrap();
        let _ = mailbox.deliver(&address, "photo", PHOTOGRAPH.as_bytes(), kernel.now()).await.unwrap();
        let own = people::own(kernel, self.josette).await;
        let mandate = mine::mandates(&self.ccas.context, &own).await.unwrap().remove(0).id;
        let mut browser = Browser::new(site(&self.ccas, self.mail.path()).0);
        browser.set_cookie("session", people::session_of(kernel, self.josette).await.reveal());
        browser.get("/messages/ecrire").await;
        let sent = browser.submit("/messages/ecrire", &[("to", "sophie@famille.example"), ("subject", "Merci"), ("text", "Oui")]).await;
        let letter = sent.location().and_then(|to| to.strip_prefix("/messages?envoi=")).expect("a letter given").to_owned();
        let inbox = browser.get("/messages").await;
        let opened = inbox.attribute("main .rows a[href^='/messages/']", "href").expect("a letter");
        let page = browser.get(&opened).await;
        let rank = |found: Option<String>| found.expect("it is carried").rsplit('/').next().unwrap_or_default().to_owned();
        let file = rank(page.attribute("main a[href*='/fichier/']", "href"));
        let picture = rank(page.attribute("main img[src*='/image/']", "src"));
        let reference = opened.trim_start_matches("/messages/").to_owned();
        let (draft, joined) = leaves_a_draft(&mut browser).await;
        let line = named_in(&browser.get("/aide/qui-m-a-aide").await, "/aide/signaler/", "");
        let scan = named_in(&browser.get(&format!("/aide/mandat/{mandate}/copie")).await, &format!("/aide/mandat/{mandate}/copie/"), "");
        let mut things = self.named_at_work().await;
        things.extend([
            ("/aidant/nouveau-compte/{id}", vec![("{id}", self.draft.to_string())]),
            (
                "/aidant/personnes/{id}",
                vec![("{id}", self.josette.to_string()), ("{page}", scan.clone()), ("{mandate}", mandate.to_string())],
            ),
            ("/aide/mandat/{id}", vec![("{id}", mandate.to_string()), ("{page}", scan)]),
            ("/aide/signaler/{line}", vec![("{line}", line)]),
            ("/messages/a-finir/{draft}", vec![("{draft}", draft)]),
            ("/messages/ecrire/retirer/{file}", vec![("{file}", joined)]),
            ("/aide/arreter/{id}/{power}", vec![("{id}", mandate.to_string()), ("{power}", "give_access_back".to_owned())]),
            ("/aide/arreter/{id}", vec![("{id}", mandate.to_string())]),
            ("/messages/annuler/{letter}", vec![("{letter}", letter)]),
            ("/messages/{reference}/image/{index}", vec![("{reference}", reference.clone()), ("{index}", picture)]),
            ("/messages/{reference}", vec![("{reference}", reference), ("{index}", file)]),
            ("/assets/{name}", vec![("/assets/{name}", maincourante_shell::asset("style.css").to_owned())]),
        ]);
        things
    }

    /// What those who work there do: a line read again, a reason asked of Nadia, an alert, an invitation.
    async fn named_at_work(&self) -> Things {
        let kernel = self.ccas.kernel();
        let router = site(&self.ccas, self.mail.path()).0;
        let desk = async |who: Who| {
            let mut browser = Browser::new(router.clone());
            browser.set_cookie("staff", people::signed_in_staff(kernel, self.staff(who)).await.1.reveal());
            browser
        };
        assert!(watch::run(&self.ccas.context).await.unwrap() > 0, "it is a Sunday");
        let mut helene = desk(Who::Helene).await;
        let log = helene.get("/structure/journal").await;
        let (asked, alert) = (named_in(&log, "/structure/journal/raison/", ""), named_in(&log, "/structure/alertes/", ""));
        helene.submit("/structure/journal/relecture", &[]).await;
        let review = named_in(&helene.get("/structure/journal").await, "/structure/journal/relecture/", "/annuler");
        let reason = format!("/structure/journal/raison/{asked}");
        helene.get(&reason).await;
        helene.submit(&reason, &[]).await;
        helene.get("/structure/aidants/inviter").await;
        let fields = [("name", "Inès Colin"), ("login", "ines@ccas.example")];
        helene.submit("/structure/aidants/inviter", &fields).await;
        let invitation = named_in(&helene.get("/structure/aidants").await, "/structure/invitations/", "/lettre");
        let answer = named_in(&desk(Who::Nadia).await.get("/aidant").await, "/aidant/raisons/", "");
        let id = |path, id: String| (path, vec![("{id}", id)]);
        vec![
            id("/aidant/raisons/{id}", answer),
            id("/structure/journal/relecture/{id}", review),
            id("/structure/journal/raison/{id}", asked),
            id("/structure/alertes/{id}", alert),
            id("/structure/invitations/{id}", invitation),
            id("/structure/aidants/{id}", self.staff[1].1.to_string()),
            ("/invitation/lien/{token}", vec![("{token}", "un-lien-que-personne-n-a".into())]),
        ]
    }

    /// The address of a door, with Josette's things in the place of its variable parts.
    pub(super) fn address(&self, door: &Door) -> String {
        self.address_among(&[], door)
    }

    /// The same, in a copy where addresses name other things.
    pub(super) fn address_in(&self, prepared: &Prepared, door: &Door) -> String {
        self.address_among(&prepared.things, door)
    }

    fn address_among(&self, first: &[(&'static str, Vec<(&'static str, String)>)], door: &Door) -> String {
        let known = first.iter().chain(&self.things).find(|(beginning, _)| door.path.starts_with(beginning));
        let parts = known.map(|(_, parts)| parts.as_slice()).unwrap_or_default();
        let address = parts.iter().fold(door.path.to_owned(), |address, (part, thing)| address.replace(part, thing));
        assert!(!address.contains('{'), "say in `named` what {} stands for: something of Josette's", door.path);
        address
    }

    /// The same address with what is named left out: what the table shows of where one is sent.
    pub(super) fn without_names(&self, address: &str) -> String {
        let parts = self.things.iter().flat_map(|(_, parts)| parts).filter(|(_, thing)| thing.len() > 3);
        let address = parts.fold(address.to_owned(), |address, (part, thing)| address.replace(thing, part));
        // What the visit itself made has a name that no other visit will give.
        let words = address.split(|letter: char| !letter.is_ascii_hexdigit() && letter != '-');
        let made: Vec<&str> = words.filter(|word| word.len() == 36 && word.parse::<uuid::Uuid>().is_ok()).collect();
        made.iter().fold(address.clone(), |address, made| address.replace(made, "{made}"))
    }

    /// Someone's browser, in a copy of the world.
    pub(super) async fn visit(&self, who: Who) -> Visit {
        let world = self.ccas.copied().await;
        let kernel = world.kernel();
        let cookie = match who {
            Who::Josette | Who::Paul => {
                let usager = if who == Who::Josette { self.josette } else { self.paul };
                Some(("session", people::session_of(kernel, usager).await))
            }
            Who::Nadia | Who::Claire | Who::Helene | Who::Bruno | Who::Odile | Who::Operator => {
                Some(("staff", people::signed_in_staff(kernel, self.staff(who)).await.1))
            }
            Who::Lender | Who::Signer | Who::Chooser => Some(self.lends(&world, who).await),
            _ => None,
        };
        self.arrives(world, cookie)
    }

    /// The browser of someone in a state, in a copy of the world where they came to it.
    pub(super) async fn visit_in(&self, prepared: &Prepared) -> Visit {
        self.arrives(prepared.ccas.copied().await, Some(prepared.cookie.clone()))
    }

    fn arrives(&self, world: Ccas, cookie: Option<(&'static str, Secret<String>)>) -> Visit {
        let mail = tempfile::tempdir().unwrap();
        copy(self.mail.path(), mail.path());
        let (router, site, doors) = site(&world, mail.path());
        let mut browser = Browser::new(router);
        let cookie = cookie.map(|(name, token)| (name, token.reveal().clone()));
        if let Some((name, token)) = &cookie {
            browser.set_cookie(name, token);
        }
        let draft = self.things.iter().flat_map(|(_, parts)| parts).find(|(part, _)| *part == "{draft}").map(|(_, thing)| thing.clone());
        Visit { browser, doors, site, cookie, draft, structure: self.elsewhere.to_string(), world, _mail: mail }
    }

    fn staff(&self, who: Who) -> StaffId {
        self.staff.iter().find(|(role, _)| *role == who).expect("everyone of the staff is there").1
    }

    async fn lends(&self, world: &Ccas, who: Who) -> (&'static str, Secret<String>) {
        let (_, token) = people::signed_in_staff(world.kernel(), self.nadia).await;
        let nadia = Worker { cookie: token.clone(), totp: maincourante_identity::TotpSecret::new(&Chance::System) };
        let aidant = world.at_work(&nadia).await;
        if who == Who::Signer {
            let prepare::Lending::Lent(lent) = prepare::lend_to_sign(&world.context, &aidant, self.draft).await.unwrap() else {
                panic!("lent")
            };
            return ("lent", lent.token);
        }
        let access_back::Lending::Lent(lent) = access_back::lend(&world.context, &aidant, self.josette).await.unwrap() else {
            panic!("lent")
        };
        if who == Who::Lender { ("staff", token) } else { ("lent", lent.token) }
    }
}

impl Visit {
    /// How many lines the logs of the structures hold.
    pub(super) async fn lines(&self) -> u64 {
        let mut tx = self.world.kernel().db.read().await.unwrap();
        let end = Timestamp::from_micros(i64::MAX);
        let mut lines = 0;
        for structure in [self.world.structure.to_string(), self.structure.clone()] {
            lines += journal::entries_before(&mut tx, structure.parse().unwrap(), end).await.unwrap();
        }
        lines
    }

    /// Knocks, with the token that a form of that page would carry.
    pub(super) async fn knocks(&self, door: &Door, address: &str) -> Seen {
        let (draft, mut browser) = (self.draft.clone(), self.browser.clone());
        if door.verb == Verb::Get {
            return browser.get(address).await;
        }
        let session = match door.audience {
            Audience::Public => None,
            Audience::Usager => Some("session"),
            Audience::Aidant | Audience::Structure => Some("staff"),
            Audience::Lent => Some("lent"),
        };
        let held = self.cookie.clone().filter(|(name, _)| Some(*name) == session).map(|(_, token)| token);
        let anchor = held.unwrap_or_else(|| {
            browser.set_cookie("form", "a browser that saw a form");
            "a browser that saw a form".to_owned()
        });
        let token = form_token(&self.site, &anchor);
        let once = uuid::Builder::from_random_bytes(Chance::System.bytes()).into_uuid();
        // What some forms hold without anything being typed.
        let held = [
            ("once", once.to_string()),
            ("place", "out".into()),
            ("role", "aidant".into()),
            ("after", "1".into()),
            ("structure", self.structure.clone()),
        ];
        let held = held.into_iter().chain(draft.map(|draft| ("brouillon", draft)));
        let fields: Vec<_> = [("form_token", token)].into_iter().chain(held).map(|(name, value)| (name.to_owned(), value)).collect();
        let seen = browser.post(address, &fields).await;
        // A form that takes files is sent in parts.
        if seen.status.as_u16() == 400 { browser.post_parts(address, &fields).await } else { seen }
    }
}

/// Josette's account, under a mandate said aloud and then signed by hand: its print was photographed.
async fn opens_with_a_print(ccas: &Ccas, nadia: &Worker) -> UsagerId {
    let id = ccas.presents(nadia, &Ccas::josette(), &["create_account", "give_access_back"]).await;
    ccas.signs(nadia, id, Gesture::CodeAlone).await;
    let josette = ccas.countersigns(nadia, id).await;
    ccas.photographs(nadia, josette, PAGE).await;
    josette
}

/// Josette joins a file to a letter and does not send it: the names of both.
async fn leaves_a_draft(browser: &mut Browser) -> (String, String) {
    browser.get("/messages/ecrire").await;
    let joined = browser.submit_file_to("/messages/ecrire", "/messages/ecrire/joindre", &[("text", "Bonjour")], ("photo.jpg", PAGE)).await;
    let page = if joined.location().is_some() { browser.follow().await } else { joined };
    let file = named_in(&page, "/messages/ecrire/retirer/", "");
    (named_in(&browser.get("/messages/a-finir").await, "/messages/a-finir/", "/jeter"), file)
}

/// What a page names between these two parts of an address.
fn named_in(page: &Seen, before: &str, after: &str) -> String {
    let named = page.html.split(before).skip(1).filter_map(|rest| rest.split(['"', '/', '?', '#']).next().map(|name| (name, rest)));
    let mut named = named.filter(|(name, rest)| !name.is_empty() && rest[name.len()..].starts_with(after));
    named.next().unwrap_or_else(|| panic!("{} names nothing after {before}: {}", page.path, page.text())).0.to_owned()
}

fn site(ccas: &Ccas, folder: &Path) -> (Router, Site, Vec<Door>) {
    let house = testing::house(ccas, mailbox(ccas.kernel(), folder), folder);
    let (router, doors) = pages(&house, Guide::default());
    let below = maincourante_usager::BELOW.into_iter().chain(maincourante_console::BELOW);
    let site = Site::new(house.site, ccas.kernel()).with_spaces(below);
    (around(router, &site).unwrap(), site, doors)
}

fn copy(from: &Path, to: &Path) {
    for entry in from.read_dir().unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
