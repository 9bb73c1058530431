//! People, invented. Numbers are of the range that ARCEP keeps for fiction; domains are reserved or made up.

use maincourante_kernel::Timestamp;
use maincourante_kernel::calendar::Date;
use maincourante_mandates::{PersonFields, TermsFields};

use super::counter::Hand;
use super::letters::{self, Letter};

/// Until when a mandate holds.
#[derive(Clone, Copy)]
pub(super) enum Term {
    /// `month`, `six_months`, `year`, as the page offers them.
    Named(&'static str),
    /// Until so many days after the demo is started.
    DaysFromNow(i32),
}

/// A person of the demo.
#[derive(Clone)]
pub(super) struct Life {
    pub key: &'static str,
    pub given_names: &'static str,
    pub family_name: &'static str,
    pub birth_date: &'static str,
    pub birthplace: &'static str,
    /// Empty: none that receives text messages.
    pub phone: &'static str,
    pub secret: &'static str,
    pub protection: &'static str,
    pub hand: Hand,
    pub term: Term,
    pub letters: fn() -> Vec<Letter>,
    /// What there is to see.
    pub note: &'static str,
}

/// Whoever is like most: a phone, a drawing, a year.
const SOMEONE: Life = Life {
    key: "",
    given_names: "",
    family_name: "",
    birth_date: "",
    birthplace: "",
    phone: "",
    secret: "",
    protection: "none",
    hand: Hand::Drawn,
    term: Term::Named("year"),
    letters: Vec::new,
    note: "",
};

impl Life {
    pub fn name(&self) -> String {
        format!("{} {}", self.given_names, self.family_name)
    }

    pub fn has_phone(&self) -> Option<&'static str> {
        (!self.phone.is_empty()).then_some(self.phone)
    }

    pub fn fields(&self) -> PersonFields {
        PersonFields {
            given_names: self.given_names.into(),
            family_name: self.family_name.into(),
            birth_date: self.birth_date.into(),
            birthplace: self.birthplace.into(),
            phone: self.phone.into(),
            no_phone: if self.phone.is_empty() { "yes".into() } else { String::new() },
            identity_check: "paper_seen".into(),
            protection: self.protection.into(),
        }
    }

    pub fn terms(&self, now: Timestamp) -> TermsFields {
        let (duration, until) = match self.term {
            Term::Named(name) => (name, String::new()),
            Term::DaysFromNow(days) => ("until", Date::at(now).plus_days(days).iso()),
        };
        TermsFields { powers: vec!["create_account".into(), "give_access_back".into()], duration: duration.into(), until }
    }
}

/// The five whom the small demo has too.
pub(super) const VILLAGE: [Life; 5] = [
    Life {
        key: "josette",
        given_names: "Josette",
        family_name: "Lambert",
        birth_date: "05/03/1942",
        birthplace: "Mont-de-Marsan",
        phone: "06 39 98 70 01",
        secret: "tasse jardin vélo",
        term: Term::Named("six_months"),
        letters: letters::josette,
        note: "des nouvelles de sa fille, une attestation, une arnaque ; aidée hier à changer de mot de passe",
        ..SOMEONE
    },
    Life {
        key: "mamadou",
        given_names: "Mamadou",
        family_name: "Sow",
        birth_date: "14/07/1951",
        birthplace: "Thiès",
        phone: "06 39 98 70 02",
        secret: "mangue radio matin",
        letters: letters::mamadou,
        note: "une lettre d’information, un rendez-vous",
        ..SOMEONE
    },
    Life {
        key: "oleksandra",
        given_names: "Oleksandra",
        family_name: "Kovalenko",
        birth_date: "22/11/1988",
        birthplace: "Poltava",
        phone: "06 39 98 70 03",
        secret: "tournesol train neige",
        letters: letters::oleksandra,
        note: "un courrier en ukrainien, un document joint",
        ..SOMEONE
    },
    Life {
        key: "yvette",
        given_names: "Yvette",
        family_name: "Marchand",
        birth_date: "30/01/1947",
        birthplace: "Dax",
        phone: "06 39 98 70 05",
        secret: "puits tilleul violon",
        term: Term::Named("six_months"),
        letters: letters::yvette,
        note: "elle a arrêté l’aide elle-même",
        ..SOMEONE
    },
    Life {
        key: "rene",
        given_names: "René",
        family_name: "Carpentier",
        birth_date: "11/11/1938",
        birthplace: "",
        phone: "06 39 98 70 04",
        secret: "rabot chêne dimanche",
        term: Term::Named("month"),
        letters: letters::rene,
        note: "son mandat se termine dans quelques jours",
        ..SOMEONE
    },
];

/// One phone for three accounts.
const FAMILY_PHONE: &str = "06 39 98 70 15";

/// The others of the territory, in the order of their accounts.
pub(super) const TERRITORY: [Life; 19] = [
    Life {
        key: "lucien",
        given_names: "Lucien",
        family_name: "Dubourdieu",
        birth_date: "19/08/1936",
        birthplace: "Lesgranges-en-Orme",
        secret: "sabot pignon fougère",
        hand: Hand::Witnessed,
        letters: letters::lucien,
        note: "un téléphone fixe seulement : il revient avec sa feuille de secours ; il a signé devant l’aidante, puis sur papier",
        ..SOMEONE
    },
    Life {
        key: "fernand",
        given_names: "Fernand",
        family_name: "Cazaux",
        birth_date: "02/06/1944",
        birthplace: "Castelnère",
        phone: "06 39 98 70 11",
        secret: "barque étang héron",
        term: Term::Named("six_months"),
        letters: letters::few,
        note: "son mandat est arrivé à son terme ; son adresse marche toujours",
        ..SOMEONE
    },
    Life {
        key: "colette",
        given_names: "Colette",
        family_name: "Barrère",
        birth_date: "21/12/1949",
        birthplace: "Saint-Juzan",
        phone: "06 39 98 70 12",
        secret: "cerisier marteau lune",
        letters: letters::three_hundred,
        note: "300 lettres, presque toutes jamais ouvertes ; son mandat a été renouvelé",
        ..SOMEONE
    },
    Life {
        key: "henri",
        given_names: "Henri",
        family_name: "Ducasse",
        birth_date: "08/05/1931",
        birthplace: "Vaudorme",
        secret: "clairon vigne tambour",
        hand: Hand::OnPaper,
        letters: letters::few,
        note: "il est décédé ; son mandat est terminé",
        ..SOMEONE
    },
    Life {
        key: "paulette",
        given_names: "Paulette",
        family_name: "Mora",
        birth_date: "17/02/1935",
        birthplace: "Castelnère",
        phone: "06 39 98 70 13",
        secret: "ruban pommier cloche",
        protection: "assisted",
        hand: Hand::Spoken,
        letters: letters::few,
        note: "elle a dit oui devant deux aidantes ; un juge lui a donné un tuteur, son mandat est terminé",
        ..SOMEONE
    },
    Life {
        key: "ngoc",
        given_names: "Thị Bích Ngọc",
        family_name: "Nguyễn",
        birth_date: "03/09/1967",
        birthplace: "Huế",
        phone: "06 39 98 70 14",
        secret: "bambou rivière jade",
        note: "une boîte vide ; elle a signalé une ligne, personne n’a encore regardé",
        ..SOMEONE
    },
    Life {
        key: "bernard",
        given_names: "Bernard",
        family_name: "Tastet",
        birth_date: "27/10/1953",
        birthplace: "Lesgranges-en-Orme",
        phone: "06 39 98 70 16",
        secret: "moulin farine bouleau",
        letters: letters::few,
        note: "la structure a renoncé à son mandat",
        ..SOMEONE
    },
    Life {
        key: "abd",
        given_names: "Abd al-Rahman",
        family_name: "Ben Youssef",
        birth_date: "12/04/1948",
        birthplace: "Sidi Bel Abbès",
        phone: FAMILY_PHONE,
        secret: "olivier safran cour",
        letters: letters::few,
        note: "trois comptes sur un téléphone ; il a signalé une ligne, on lui a répondu",
        ..SOMEONE
    },
    Life {
        key: "aicha",
        given_names: "Aïcha",
        family_name: "Ben Youssef",
        birth_date: "25/05/1952",
        birthplace: "Sidi Bel Abbès",
        phone: FAMILY_PHONE,
        secret: "figuier henné source",
        letters: letters::aicha,
        note: "elle a repris un pouvoir ; des lettres commencées, une à la corbeille, une qui n’est pas partie",
        ..SOMEONE
    },
    Life {
        key: "samira",
        given_names: "Samira",
        family_name: "Ben Youssef",
        birth_date: "30/11/1990",
        birthplace: "Dax",
        phone: FAMILY_PHONE,
        secret: "grenade tapis étoile",
        letters: letters::few,
        note: "deux structures l’aident ; elle a retrouvé seule son mot de passe, par SMS",
        ..SOMEONE
    },
    Life {
        key: "ginette",
        given_names: "Ginette",
        family_name: "Sarrail",
        birth_date: "14/01/1946",
        birthplace: "Saint-Juzan",
        phone: "06 39 98 70 17",
        secret: "dentelle galet marée",
        letters: letters::few,
        note: "un désaccord : son mandat est suspendu",
        ..SOMEONE
    },
    Life {
        key: "joao",
        given_names: "João",
        family_name: "Conceição dos Santos Gonçalves",
        birth_date: "10/06/1957",
        birthplace: "Viana do Castelo",
        phone: "06 39 98 70 18",
        secret: "morue azulejo phare",
        term: Term::DaysFromNow(12),
        letters: letters::few,
        note: "son mandat se termine dans douze jours",
        ..SOMEONE
    },
    Life {
        key: "jean",
        given_names: "Jean",
        family_name: "Dupouy",
        birth_date: "01/02/1950",
        birthplace: "Vaudorme",
        phone: "06 39 98 70 19",
        secret: "échelle noisette quai",
        letters: letters::few,
        note: "un homonyme, né le même jour que l’autre",
        ..SOMEONE
    },
    Life {
        key: "jean-bis",
        given_names: "Jean",
        family_name: "Dupouy",
        birth_date: "01/02/1950",
        birthplace: "Castelnère",
        phone: "06 39 98 70 20",
        secret: "boussole genêt tuile",
        letters: letters::few,
        note: "un homonyme, né le même jour que l’autre ; un nouveau mandat a remplacé le sien",
        ..SOMEONE
    },
    Life {
        key: "gisele",
        given_names: "Gisèle",
        family_name: "Lafargue",
        birth_date: "06/07/1941",
        birthplace: "Vaudorme",
        phone: "06 39 98 70 21",
        secret: "théière lilas piano",
        protection: "assisted",
        term: Term::Named("six_months"),
        letters: letters::few,
        note: "sous curatelle, elle signe elle-même ; elle a signalé une ligne, quelqu’un regarde",
        ..SOMEONE
    },
    Life {
        key: "hyacinthe",
        given_names: "Marie-Bernadette Hyacinthe",
        family_name: "de La Rochefoucauld-Montbazon-Castelnau-Tursan de Saint-Pierre-lès-Orme-et-Lande",
        birth_date: "15/08/1933",
        birthplace: "Saint-Juzan-sur-l’Orme-et-Castelnère-le-Vieux",
        phone: "06 39 98 70 22",
        secret: "blason calèche myrte",
        letters: letters::few,
        note: "un nom de 80 caractères",
        ..SOMEONE
    },
    Life {
        key: "odette",
        given_names: "Odette",
        family_name: "Lassalle",
        birth_date: "29/03/1940",
        birthplace: "Lesgranges-en-Orme",
        phone: "06 39 98 70 23",
        secret: "bougie hiver panache",
        hand: Hand::Spoken,
        letters: letters::few,
        note: "la feuille signée n’est jamais venue : son mandat est suspendu",
        ..SOMEONE
    },
    Life {
        key: "simone",
        given_names: "Simone",
        family_name: "Duhart",
        birth_date: "11/09/1939",
        birthplace: "Vaudorme",
        secret: "pelote sentier grive",
        hand: Hand::OnPaper,
        note: "son mandat est provisoire, dans l’attente de la feuille signée ; elle n’a pas de téléphone",
        ..SOMEONE
    },
    Life {
        key: "manuel",
        given_names: "Manuel",
        family_name: "Etchegaray",
        birth_date: "20/04/1962",
        birthplace: "Irouléguy",
        phone: "06 39 98 70 25",
        note: "son adresse est créée, il n’a pas encore choisi son mot de passe",
        ..SOMEONE
    },
];

/// Those of whom nothing is open: a mandate in preparation, or one that never was.
pub(super) const BEFORE: [Life; 5] = [
    Life {
        key: "amina",
        given_names: "Amina",
        family_name: "Haddad",
        birth_date: "12/09/1959",
        birthplace: "Oran",
        phone: "06 39 98 70 06",
        note: "un mandat commencé ce matin, à reprendre",
        ..SOMEONE
    },
    Life {
        key: "robert",
        given_names: "Robert",
        family_name: "Lesca",
        birth_date: "07/12/1945",
        birthplace: "Castelnère",
        phone: "06 39 98 70 26",
        note: "le document est prêt à être lu et signé",
        ..SOMEONE
    },
    Life {
        key: "marcel",
        given_names: "Marcel",
        family_name: "Pouydebat",
        birth_date: "18/06/1943",
        birthplace: "Saint-Juzan",
        phone: "06 39 98 70 27",
        note: "il a signé, l’aidante n’a pas encore contresigné",
        ..SOMEONE
    },
    Life {
        key: "denise",
        given_names: "Denise",
        family_name: "Larroque",
        birth_date: "04/11/1947",
        birthplace: "Dax",
        phone: "06 39 98 70 28",
        note: "elle a lu le document et dit non",
        ..SOMEONE
    },
    Life {
        key: "roger",
        given_names: "Roger",
        family_name: "Pémartin",
        birth_date: "22/03/1951",
        birthplace: "Lesgranges-en-Orme",
        phone: "06 39 98 70 29",
        note: "son mandat fut laissé sans suite, puis effacé",
        ..SOMEONE
    },
];
