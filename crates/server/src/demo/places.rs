//! The three structures of the territory and who works there. Towns are invented; their numbers are of the range kept for fiction.

use maincourante_mandates::MemberRole;
use maincourante_mandates::structures::NewStructure;

use super::territory::Hire;

const WEEK: &str = "du lundi au vendredi, de 9\u{a0}h à 17\u{a0}h";

pub(super) fn ccas() -> NewStructure {
    NewStructure {
        name: "CCAS de Vaudorme".into(),
        siret: "26400012300010".into(),
        postal_address: "2 place de la Mairie, 40999 Vaudorme".into(),
        phone: "01 99 00 12 34".into(),
        opening_hours: WEEK.into(),
    }
}

pub(super) fn france_services() -> NewStructure {
    NewStructure {
        name: "Maison France services du Val d’Orme".into(),
        siret: "26400012400018".into(),
        postal_address: "14 rue du Foirail, 40997 Lesgranges-en-Orme".into(),
        phone: "01 99 00 24 24".into(),
        opening_hours: "du mardi au samedi, de 9\u{a0}h à 12\u{a0}h 30 et de 14\u{a0}h à 18\u{a0}h".into(),
    }
}

pub(super) fn ehpad() -> NewStructure {
    NewStructure {
        name: "EHPAD Les Tilleuls".into(),
        siret: "78400012500012".into(),
        postal_address: "3 allée des Tilleuls, 40996 Castelnère".into(),
        phone: "01 99 00 36 36".into(),
        opening_hours: WEEK.into(),
    }
}

const fn hire(name: &'static str, login: &'static str, password: &'static str, role: MemberRole) -> Hire {
    Hire { name, login, password, role }
}

pub(super) const NADIA: Hire = hire("Nadia Roussel", "nadia@vaudorme.example", "panier cerise lundi", MemberRole::Aidant);
pub(super) const HELENE: Hire = hire("Hélène Vasseur", "helene@vaudorme.example", "lampe rivière bleue", MemberRole::Referent);
pub(super) const KARIM: Hire = hire("Karim Belkacem", "karim@vaudorme.example", "camion violet octobre", MemberRole::Aidant);
pub(super) const LUCIE: Hire = hire("Lucie Fabre", "lucie@vaudorme.example", "coquille hiver trombone", MemberRole::Aidant);
pub(super) const SYLVAIN: Hire = hire("Sylvain Darrieux", "sylvain@val-orme.example", "tracteur mousse jeudi", MemberRole::Referent);
pub(super) const GAELLE: Hire = hire("Gaëlle Lamothe", "gaelle@val-orme.example", "parapluie girafe quai", MemberRole::Aidant);
pub(super) const PAULINE: Hire = hire("Pauline Lesbats", "pauline@val-orme.example", "bonnet framboise train", MemberRole::Aidant);
pub(super) const BENEDICTE: Hire = hire("Bénédicte Larrieu", "benedicte@tilleuls.example", "horloge brioche canard", MemberRole::Referent);
pub(super) const MAITE: Hire = hire("Maïté Lacoste", "maite@tilleuls.example", "sifflet tartine étang", MemberRole::Aidant);
