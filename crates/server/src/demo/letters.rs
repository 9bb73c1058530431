//! Twenty letters, as people of this age receive them. Senders are invented or reserved names; no real body is imitated
//! beyond its kind: what looks official is of the fictitious "Caisse de Santé" and of the town.

use data_encoding::BASE64_MIME;
use maincourante_kernel::Timestamp;

use super::territory::hour_of;
use maincourante_kernel::calendar::{self, Date};
use maincourante_kernel::clock::{Span, days, hours, minutes};

mod more;

pub(super) use more::{aicha, few, lucien, three_hundred};

/// A letter of the demo.
pub(super) struct Letter {
    from: (&'static str, &'static str),
    subject: &'static str,
    body: Body,
    joined: Option<Joined>,
    ago: Span,
}

enum Body {
    Plain(&'static str),
    Html(&'static str),
}

/// A file that comes with a letter.
struct Joined {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

const PHOTO: Joined = Joined { name: "repas de dimanche.png", kind: "image/png", bytes: include_bytes!("joined/dimanche.png") };
const ENTITLEMENT: Joined = Joined { name: "attestation.pdf", kind: "application/pdf", bytes: include_bytes!("joined/attestation.pdf") };
const RENT: Joined = Joined { name: "quittance novembre.pdf", kind: "application/pdf", bytes: include_bytes!("joined/quittance.pdf") };

const HEALTH: (&str, &str) = ("Caisse de Santé", "ne-pas-repondre@caisse-sante.example");
const TOWN: (&str, &str) = ("Mairie de Vaudorme", "accueil@mairie-vaudorme.example");
const HOUSING: (&str, &str) = ("Habitat du Val d’Orme", "locataires@habitat-orme.example");
const SOPHIE: (&str, &str) = ("Sophie Lambert", "sophie.lambert@famille.example");

fn plain(from: (&'static str, &'static str), subject: &'static str, text: &'static str, ago: Span) -> Letter {
    Letter { from, subject, body: Body::Plain(text), joined: None, ago }
}

fn html(from: (&'static str, &'static str), subject: &'static str, text: &'static str, ago: Span) -> Letter {
    Letter { from, subject, body: Body::Html(text), joined: None, ago }
}

fn with(letter: Letter, joined: Joined) -> Letter {
    Letter { joined: Some(joined), ..letter }
}

impl Letter {
    /// When it arrived.
    pub fn at(&self, now: Timestamp) -> Timestamp {
        let at = now.minus(self.ago);
        // Of the days before, letters of the night come in the morning: lives are lifelike whenever the demo is started.
        let morning = hour_of(Date::at(at), 8).plus(minutes(i64::try_from(self.subject.len()).unwrap_or(0)));
        if self.ago >= days(1) { at.min(hour_of(Date::at(at), 19)).max(morning) } else { at }
    }

    /// The letter as it travels (RFC 5322, MIME).
    pub fn bytes(&self, name: &str, address: &str, now: Timestamp) -> Vec<u8> {
        let at = self.at(now);
        let headers = format!(
            "From: {} <{}>\r\nTo: {} <{address}>\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}.{}@demo.vaudorme.example>\r\nMIME-Version: 1.0\r\n",
            word(self.from.0),
            self.from.1,
            word(name),
            word(self.subject),
            calendar::mail_date(at),
            at.micros(),
            self.subject.len(),
        );
        let (kind, text) = match self.body {
            Body::Plain(text) => ("plain", text),
            Body::Html(text) => ("html", text),
        };
        let text = format!(
            "Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            BASE64_MIME.encode(text.as_bytes())
        );
        let whole = match &self.joined {
            None => format!("{headers}{text}"),
            Some(file) => {
                let boundary = "=_vaudorme";
                format!(
                    "{headers}Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n{text}\r\n--{boundary}\r\nContent-Type: {}\r\nContent-Disposition: attachment; filename=\"{}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--{boundary}--\r\n",
                    file.kind,
                    file.name,
                    BASE64_MIME.encode(file.bytes),
                )
            }
        };
        whole.into_bytes()
    }
}

/// An encoded word (RFC 2047) for each piece short enough to be one.
fn word(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let piece = |piece: &[char]| format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(piece.iter().collect::<String>().as_bytes()));
    chars.chunks(14).map(piece).collect::<Vec<_>>().join("\r\n ")
}

pub(super) fn josette() -> Vec<Letter> {
    vec![
        plain(
            TOWN,
            "Bienvenue à Vaudorme",
            "Bonjour,\n\nVotre adresse est enregistrée à la mairie.\nVous recevrez ici les nouvelles du quartier.\n\nL’accueil",
            days(140),
        ),
        plain(
            SOPHIE,
            "Ça marche !",
            "Coucou Maman,\n\nBravo pour ton adresse, tu vois que ce n’était pas si difficile.\nJe t’écrirai ici pour les photos des petits.\n\nJe t’embrasse\nSophie",
            days(120),
        ),
        with(
            plain(
                HOUSING,
                "Votre quittance de loyer de novembre",
                "Bonjour,\n\nVous trouverez votre quittance de loyer dans le document joint.\n\nHabitat du Val d’Orme",
                days(5),
            ),
            RENT,
        ),
        with(
            plain(
                SOPHIE,
                "Photo de dimanche",
                "Coucou Maman,\n\nVoici la photo de dimanche. Lina a soufflé sa bougie toute seule.\nTu nous as manqué, on revient le 14.\n\nBisous\nSophie",
                hours(26),
            ),
            PHOTO,
        ),
        html(
            ("CAF - Service des remboursements", "remboursement@caf-gouv-info.example"),
            "Vous avez droit à 347 €",
            "<html><body><h1>Caisse d’allocations</h1><p>Cher client, suite à un <b>trop-perçu</b> vous avez droit à un remboursement de 347 €.</p><p><a href=\"http://caf-gouv-info.example/remboursement\">Cliquez ici dans les 24 heures</a> et donnez votre numéro de carte.</p><img src=\"http://caf-gouv-info.example/logo.png\" alt=\"\"></body></html>",
            hours(6),
        ),
        with(
            plain(
                HEALTH,
                "Votre attestation de droits",
                "Bonjour,\n\nVotre attestation de droits est dans le document joint.\nElle est valable jusqu’au 31 décembre.\n\nNe répondez pas à ce message.",
                hours(3),
            ),
            ENTITLEMENT,
        ),
    ]
}

pub(super) fn mamadou() -> Vec<Letter> {
    vec![
        html(
            ("La Gazette de Vaudorme", "gazette@vaudorme-infos.example"),
            "Le programme de la semaine",
            "<html><head><style>p{color:#333}</style></head><body><table><tr><td><h2>Cette semaine à Vaudorme</h2><ul><li>Mardi : marché, place de la Mairie</li><li>Jeudi : atelier jardinage à la médiathèque</li><li>Samedi : bal des anciens, salle des fêtes</li></ul><p><a href=\"https://vaudorme-infos.example/agenda\">Tout l’agenda</a></p><img src=\"https://vaudorme-infos.example/pixel.gif\" width=\"1\" height=\"1\"></td></tr></table></body></html>",
            days(2),
        ),
        plain(
            HEALTH,
            "Votre rendez-vous de jeudi",
            "Bonjour,\n\nVous avez rendez-vous jeudi à 10 h 30, au guichet 4.\nApportez votre carte et votre dernier avis d’impôt.\n\nSi vous ne pouvez pas venir, appelez le 01 99 00 40 40.",
            days(1),
        ),
        plain(
            ("Awa Sow", "awa.sow@famille.example"),
            "Papa, appelle-moi",
            "Papa,\n\nJ’ai essayé de te joindre hier soir. Rappelle-moi quand tu peux.\nTout va bien, c’est pour les billets.\n\nAwa",
            hours(20),
        ),
        plain(
            TOWN,
            "Travaux rue des Tilleuls",
            "Bonjour,\n\nL’eau sera coupée mardi de 9 h à 12 h, rue des Tilleuls.\n\nLa mairie",
            days(9),
        ),
    ]
}

pub(super) fn oleksandra() -> Vec<Letter> {
    vec![
        plain(
            ("Преса Полтави", "novyny@poltava-presa.example"),
            "Новини з дому",
            "Доброго дня!\n\nОсь новини цього тижня з Полтави.\nСьогодні випав перший сніг.\n\nДо зустрічі!",
            days(3),
        ),
        with(
            plain(
                HOUSING,
                "Votre dossier de logement",
                "Madame,\n\nVotre dossier est complet. Gardez le document joint.\nNous vous écrirons quand un logement sera libre.\n\nHabitat du Val d’Orme",
                days(6),
            ),
            RENT,
        ),
        plain(
            TOWN,
            "Cours de français",
            "Bonjour,\n\nLe cours de français du mercredi commence à 18 h, à la médiathèque.\nC’est gratuit. Venez avec un cahier.\n\nLa mairie",
            days(12),
        ),
        plain(
            ("École Jules-Verne", "ecole@ecole-vaudorme.example"),
            "Réunion de la classe de CE1",
            "Bonjour,\n\nLa réunion de la classe a lieu lundi à 17 h 30.\nUn interprète sera là.\n\nLa maîtresse",
            days(4),
        ),
    ]
}

pub(super) fn yvette() -> Vec<Letter> {
    vec![
        plain(
            ("Paul Marchand", "paul.marchand@famille.example"),
            "Pour Noël",
            "Chère tante,\n\nNous serons six pour Noël. Peux-tu faire ta bûche ?\n\nPaul",
            days(7),
        ),
        plain(
            TOWN,
            "Votre carte de bibliothèque",
            "Bonjour,\n\nVotre carte est prête à l’accueil de la médiathèque.\n\nLa mairie",
            days(20),
        ),
        plain(
            ("Support Messagerie", "support@messagerie-securite.example"),
            "URGENT : votre boîte sera fermée",
            "Votre boîte est pleine. Donnez votre mot de passe sur http://messagerie-securite.example pour la garder.",
            days(1),
        ),
    ]
}

pub(super) fn rene() -> Vec<Letter> {
    vec![
        plain(
            ("Club de pétanque", "bureau@petanque-vaudorme.example"),
            "Concours de samedi",
            "Salut René,\n\nRendez-vous samedi à 14 h au boulodrome. Prends tes boules, le café est offert.\n\nGérard",
            days(2),
        ),
        plain(
            HEALTH,
            "Vos remboursements du mois",
            "Bonjour,\n\n12,50 € vous ont été versés pour la consultation du 4.\n\nNe répondez pas à ce message.",
            days(3),
        ),
        plain(
            ("Gérard Petit", "gerard.petit@amis.example"),
            "Photos du concours",
            "René,\n\nJe n’arrive pas à envoyer les photos, je te les montrerai samedi.\n\nGérard",
            minutes(95),
        ),
    ]
}
