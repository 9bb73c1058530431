//! The little world of the scenes: Josette Lambert, whose account Nadia of the CCAS opened; the site that serves her pages.

use axum::Router;
use maincourante_identity::UsagerId;
use maincourante_identity::testing::PASSWORD;
use maincourante_kernel::testing;
use maincourante_mandates::testing::{Worker, World as Ccas};
use maincourante_mandates::{MemberRole, PersonFields};
use maincourante_shell::{Help, Settings, Site, around};
use maincourante_usager::{App, doors};

use crate::browser::{Browser, ORIGIN};

pub const JOSETTE: &str = "josette.lambert@exemple-mail.fr";
pub const PHONE: &str = "06 39 98 12 34";

pub struct World {
    pub ccas: Ccas,
    pub nadia: Worker,
    pub site: Router,
}

impl World {
    pub async fn new() -> Self {
        let ccas = Ccas::new(testing::sqlite().await).await;
        let nadia = ccas.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let settings = Settings {
            service: "Monespace".into(),
            origin: ORIGIN.into(),
            help: Help {
                who: "CCAS de Vaudorme".into(),
                phone: "01 99 00 12 34".parse().expect("a number"),
                hours: "du lundi au vendredi".into(),
            },
            proxies: Vec::new(),
            training: false,
        };
        let site = Site::new(settings, ccas.kernel());
        let app = App { identity: ccas.context.identity.clone(), mandates: ccas.context.clone() };
        let site = around(doors().0.with_state(app), &site).expect("a site");
        Self { ccas, nadia, site }
    }

    /// A world where Josette has her account, under a mandate of the CCAS.
    pub async fn with_josette() -> Self {
        let world = Self::new().await;
        world.opens(&Ccas::josette()).await;
        world
    }

    pub async fn opens(&self, fields: &PersonFields) -> UsagerId {
        self.ccas.opens_account(&self.nadia, fields).await
    }

    /// René, who lives next door: the address of his account is `rene.petit@exemple-mail.fr`.
    pub async fn with_rene(&self) -> Browser {
        let rene =
            PersonFields { given_names: "René".into(), family_name: "Petit".into(), phone: "06 39 98 56 78".into(), ..Ccas::josette() };
        self.opens(&rene).await;
        self.signed_in("rene.petit@exemple-mail.fr").await
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.site)
    }

    /// A browser whose owner has signed in, on a shared computer.
    pub async fn signed_in(&self, address: &str) -> Browser {
        let mut browser = self.browser();
        browser.get("/connexion").await.ok();
        browser.submit("/connexion", &[("login", address), ("password", PASSWORD)]).await.goes("/messages");
        browser
    }

    pub async fn josette(&self) -> Browser {
        self.signed_in(JOSETTE).await
    }
}
