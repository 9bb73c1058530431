//! People and papers to try the press on. Everyone is fictitious; phone numbers are of the ranges kept for fiction.
//!
//! Shared by the tests and by the example that writes specimens.

use maincourante_kernel::calendar::Date;
use maincourante_kernel::{Failure, Timestamp};
use maincourante_paper::{
    Agreement, Choice, Countersignature, DataProtection, HelpDesk, IdentityCheck, MandateDocument, Method, PersonCard, PhoneEnd, Powers,
    Press, Sheet, Signature, Standing, Strokes, StructureCard, WelcomeSheet,
};

/// A sheet to print.
pub enum Specimen {
    /// A mandate.
    Mandate(Box<MandateDocument>),
    /// A welcome sheet.
    Welcome(WelcomeSheet),
}

impl Specimen {
    /// Prints it.
    pub fn print(&self, press: &Press) -> Result<Sheet, Failure> {
        match self {
            Self::Mandate(document) => press.mandate(document),
            Self::Welcome(sheet) => press.welcome_sheet(sheet),
        }
    }
}

/// One of each kind, and the hard ones.
pub fn specimens() -> Vec<(&'static str, Specimen)> {
    let mandate = |document| Specimen::Mandate(Box::new(document));
    vec![
        ("mandate-draft", mandate(draft())),
        ("mandate-signed", mandate(signed())),
        ("mandate-provisional", mandate(provisional())),
        ("mandate-to-sign", mandate(to_sign())),
        ("mandate-to-sign-long", mandate(MandateDocument { standing: to_sign().standing, ..endless() })),
        ("mandate-print", mandate(by_hand())),
        ("mandate-attested", mandate(attested())),
        ("mandate-refused", mandate(all_refused())),
        ("mandate-renewed", mandate(renewed(signed()))),
        ("mandate-renewed-long", mandate(renewed(endless()))),
        ("mandate-long", mandate(endless())),
        ("mandate-abroad", mandate(from_abroad())),
        ("welcome", Specimen::Welcome(welcome())),
        ("welcome-long", Specimen::Welcome(endless_welcome())),
    ]
}

/// 20 November 2026, 14 h 32 in Paris.
pub fn signing_time() -> Timestamp {
    Timestamp::from_micros(1_795_181_520_000_000)
}

fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).expect("a day of the calendar")
}

/// What Mamadou Sow is shown before he signs.
pub fn draft() -> MandateDocument {
    MandateDocument {
        number: "2026-00041".to_owned(),
        service: "Courrier de Vaudorme".to_owned(),
        made_at: signing_time(),
        standing: Standing::Draft,
        structure: StructureCard {
            name: "CCAS de Vaudorme".to_owned(),
            siret: "26400001200015".to_owned(),
            address: "2 place de la Fontaine, 40990 Vaudorme".to_owned(),
            phone: "0199001250".to_owned(),
            hours: "du lundi au vendredi, de 9 h à 17 h".to_owned(),
        },
        aidant: "Nadia Roussel".to_owned(),
        person: PersonCard {
            given_names: "Mamadou".to_owned(),
            family_name: "Sow".to_owned(),
            birth_date: day(1948, 6, 10),
            birthplace: Some("Dakar (Sénégal)".to_owned()),
            mail: "mamadou.sow@courrier-vaudorme.example".to_owned(),
        },
        opens_account: true,
        follows: None,
        identity: IdentityCheck::IdentityPaper,
        powers: Powers {
            create_account: Choice::Granted,
            give_access_back: Choice::Granted,
            change_phone: Choice::Granted,
            link_franceconnect: Choice::Refused,
            help_in_presence: Choice::Granted,
            deposit_document: Choice::Refused,
        },
        start: day(2026, 11, 20),
        end: day(2027, 5, 20),
        data_protection: DataProtection {
            controller: "le syndicat mixte Vaudorme Numérique".to_owned(),
            contact: "donnees@vaudorme-numerique.example".to_owned(),
        },
    }
}

/// The end of a fictitious mobile number.
pub fn phone_end() -> PhoneEnd {
    PhoneEnd::of(&"06 39 98 12 34".parse().expect("a number of the fictitious range"))
}

fn agreement(method: Method) -> Agreement {
    Agreement {
        signature: Signature { method, phone_end: Some(phone_end()), signed_at: signing_time() },
        countersignature: Countersignature {
            aidant: "Nadia Roussel".to_owned(),
            at: Timestamp::from_micros(signing_time().micros() + 4 * 60 * 1_000_000),
            attestant: None,
        },
        place: Some("Vaudorme".to_owned()),
        presented_sha256: std::array::from_fn(|at| u8::try_from(at * 7 + 3).unwrap_or(0)),
        evidence_sha256: std::array::from_fn(|at| u8::try_from(255 - at * 5).unwrap_or(0)),
    }
}

/// Signed with a finger.
pub fn signed() -> MandateDocument {
    let strokes = Strokes::new(
        640,
        220,
        vec![
            vec![
                (60, 150),
                (66, 118),
                (78, 80),
                (92, 52),
                (104, 44),
                (110, 62),
                (112, 96),
                (118, 128),
                (130, 136),
                (144, 108),
                (156, 72),
                (168, 50),
                (176, 60),
                (178, 96),
                (184, 132),
                (196, 146),
                (210, 138),
                (222, 118),
                (236, 110),
                (244, 122),
                (238, 138),
                (226, 140),
                (226, 126),
                (240, 114),
                (254, 118),
                (262, 132),
                (276, 130),
                (290, 114),
                (304, 112),
                (310, 124),
                (318, 134),
                (332, 122),
                (344, 110),
                (352, 120),
                (360, 132),
                (378, 124),
                (396, 112),
                (420, 116),
                (452, 122),
                (500, 112),
                (560, 96),
            ],
            vec![(206, 176), (280, 166), (380, 160), (470, 164), (520, 158)],
            vec![(300, 86)],
        ],
    )
    .expect("a signature");
    MandateDocument { standing: Standing::Signed(agreement(Method::DrawnAndSms(strokes))), ..draft() }
}

/// Signed without drawing; to be confirmed within 72 hours. Everything was accepted.
pub fn provisional() -> MandateDocument {
    MandateDocument {
        standing: Standing::Provisional {
            until: Timestamp::from_micros(signing_time().micros() + 72 * 3600 * 1_000_000),
            agreement: agreement(Method::SmsOnly),
        },
        identity: IdentityCheck::FaceToFace,
        powers: Powers {
            create_account: Choice::Granted,
            give_access_back: Choice::Granted,
            change_phone: Choice::Granted,
            link_franceconnect: Choice::Granted,
            help_in_presence: Choice::Granted,
            deposit_document: Choice::Granted,
        },
        ..draft()
    }
}

/// The print that Mamadou Sow signs with a pen.
pub fn to_sign() -> MandateDocument {
    let Standing::Signed(agreement) = signed().standing else { unreachable!("signed") };
    MandateDocument { standing: Standing::ToSign { presented_sha256: agreement.presented_sha256 }, ..draft() }
}

/// Signed with a pen: provisional until the print is photographed.
pub fn by_hand() -> MandateDocument {
    let mut agreement = agreement(Method::Print);
    agreement.signature.phone_end = None;
    let until = Timestamp::from_micros(signing_time().micros() + 72 * 3600 * 1_000_000);
    MandateDocument { standing: Standing::Provisional { until, agreement }, ..draft() }
}

/// The same, for someone who has an account, after another mandate.
pub fn renewed(base: MandateDocument) -> MandateDocument {
    let powers = Powers { create_account: Choice::NotOffered, ..base.powers };
    MandateDocument { opens_account: false, follows: Some("2026-K7QF-3M9X".to_owned()), powers, ..base }
}

/// A spoken yes that a second helper heard.
pub fn attested() -> MandateDocument {
    let mut agreement = agreement(Method::SmsOnly);
    agreement.countersignature.attestant = Some("Karim Benali".to_owned());
    MandateDocument { standing: Standing::Signed(agreement), ..draft() }
}

/// Everything was refused: odd, and still to be said well.
pub fn all_refused() -> MandateDocument {
    MandateDocument {
        powers: Powers {
            create_account: Choice::Refused,
            give_access_back: Choice::Refused,
            change_phone: Choice::Refused,
            link_franceconnect: Choice::Refused,
            help_in_presence: Choice::Refused,
            deposit_document: Choice::Refused,
        },
        person: PersonCard { birthplace: None, ..draft().person },
        identity: IdentityCheck::FranceConnect,
        ..draft()
    }
}

/// Eighty characters without a space where there can be, overlong everything, and no power refused.
pub fn endless() -> MandateDocument {
    let base = provisional();
    MandateDocument {
        number: "2026-4000000041".to_owned(),
        service: "La messagerie solidaire des communes du Haut-Vaudorme et de la vallée de l’Orgeval".to_owned(),
        structure: StructureCard {
            name: "Centre communal d’action sociale et maison France services intercommunale de Saint-Barthélemy-de-Vaudorme-sur-Orgeval".to_owned(),
            address: "Espace Marie-Madeleine-de-la-Rochefoucauld, bâtiment C, 1248 bis avenue du Maréchal-de-Lattre-de-Tassigny, 40990 Saint-Barthélemy-de-Vaudorme-sur-Orgeval".to_owned(),
            hours: "du lundi au jeudi, de 9 h à 12 h 30 et de 13 h 45 à 17 h 30 ; le vendredi, de 9 h à 12 h".to_owned(),
            ..base.structure
        },
        aidant: "Marie-Antoinette Vandenbroucke-Charpentier de Saint-Exupéry d’Artagnan-Montesquiou".to_owned(),
        person: PersonCard {
            given_names: "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessen".to_owned(),
            family_name: "d’Haussonville-Ramírez-Łukaszewicz-Nguyễn-Öztürk-O’Connor-de-la-Très-Sainte-Trinité".to_owned(),
            birthplace: Some("Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson (Marne)".to_owned()),
            mail: "w.dhaussonville-ramirez-lukaszewicz-nguyen-ozturk-oconnor@courrier-du-haut-vaudorme-et-de-la-vallee.example".to_owned(),
            ..base.person
        },
        data_protection: DataProtection {
            controller: "le syndicat mixte pour le développement des usages numériques du Haut-Vaudorme et de la vallée de l’Orgeval".to_owned(),
            contact: "la déléguée à la protection des données, 1248 bis avenue du Maréchal-de-Lattre-de-Tassigny, 40990 Saint-Barthélemy-de-Vaudorme-sur-Orgeval, donnees@vaudorme-numerique.example".to_owned(),
        },
        ..base
    }
}

/// Letters of other alphabets, marks that turn the line around, and a name that tries to be template text.
pub fn from_abroad() -> MandateDocument {
    let base = signed();
    MandateDocument {
        person: PersonCard {
            given_names: "\u{202e}Đặng\u{202c} Thị Ngọc-Ánh, İbrahim".to_owned(),
            family_name: "#panic(\"x\") *Ștefănescu* $x$ @dos <b> \\u{0041} Ελένη\u{200f} Ёлкина 王".to_owned(),
            birthplace: Some("Hà Nội\u{2067} (Việt Nam)".to_owned()),
            ..base.person
        },
        ..base
    }
}

/// What Josette Lambert takes home.
pub fn welcome() -> WelcomeSheet {
    WelcomeSheet {
        service: "Courrier de Vaudorme".to_owned(),
        service_url: "https://courrier.vaudorme.example/".to_owned(),
        person: "Josette Lambert".to_owned(),
        mail: "josette.lambert@courrier-vaudorme.example".to_owned(),
        recovery_phone: Some(phone_end()),
        help: HelpDesk {
            name: "CCAS de Vaudorme".to_owned(),
            phone: "0199001250".to_owned(),
            hours: "du lundi au vendredi, de 9 h à 17 h".to_owned(),
        },
        made_at: signing_time(),
    }
}

/// The same, for someone whose names never end and who has no phone.
pub fn endless_welcome() -> WelcomeSheet {
    let long = endless();
    WelcomeSheet {
        service: long.service,
        service_url: "https://messagerie-solidaire.communes-du-haut-vaudorme-et-de-la-vallee-de-l-orgeval.example".to_owned(),
        person: long.person.family_name,
        mail: long.person.mail,
        recovery_phone: None,
        help: HelpDesk { name: long.structure.name, phone: long.structure.phone, hours: long.structure.hours },
        made_at: signing_time(),
    }
}
