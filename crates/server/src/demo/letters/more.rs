//! What arrives for the others of the territory.

use maincourante_kernel::clock::{days, hours, minutes};

use super::{ENTITLEMENT, HEALTH, HOUSING, Letter, RENT, SOPHIE, TOWN, html, plain, with};

const PENSION: (&str, &str) = ("Caisse de retraite du Val d’Orme", "courrier@retraite-orme.example");
const LIBRARY: (&str, &str) = ("Médiathèque de Vaudorme", "mediatheque@mairie-vaudorme.example");

/// A town's news, a bill, an appointment: one letter of each, of the last days.
pub(in crate::demo) fn few() -> Vec<Letter> {
    vec![
        plain(
            TOWN,
            "Collecte des encombrants",
            "Bonjour,\n\nLes encombrants sont collectés jeudi.\nSortez-les mercredi soir.\n\nLa mairie",
            days(8),
        ),
        with(
            plain(
                HOUSING,
                "Votre quittance de loyer",
                "Bonjour,\n\nVotre quittance est dans le document joint.\n\nHabitat du Val d’Orme",
                days(5),
            ),
            RENT,
        ),
        plain(HEALTH, "Vos remboursements du mois", "Bonjour,\n\n23,40 € vous ont été versés.\n\nNe répondez pas à ce message.", days(2)),
    ]
}

pub(in crate::demo) fn lucien() -> Vec<Letter> {
    vec![
        plain(PENSION, "Votre pension de novembre", "Monsieur,\n\nVotre pension a été versée le 9.\n\nLa caisse de retraite", days(14)),
        plain(
            ("Impôts - Remboursement", "remboursement@impots-gouv-fr.example"),
            "Dernier rappel avant annulation",
            "Cher contribuable,\n\nVous avez un remboursement de 512 €. Il sera annulé ce soir.\nDonnez votre numéro de carte : http://impots-gouv-fr.example",
            days(3),
        ),
        with(
            plain(HEALTH, "Votre attestation de droits", "Bonjour,\n\nVotre attestation est dans le document joint.", hours(30)),
            ENTITLEMENT,
        ),
    ]
}

pub(in crate::demo) fn aicha() -> Vec<Letter> {
    vec![
        plain(
            ("Samia Ben Youssef", "samia@famille.example"),
            "Les photos du mariage",
            "Maman,\n\nLes photos arrivent bientôt, il y en a trop pour une seule lettre.\n\nSamia",
            days(30),
        ),
        plain(LIBRARY, "Atelier du mercredi", "Bonjour,\n\nL’atelier « envoyer un courriel » est à 14 h.\n\nLa médiathèque", days(16)),
        plain(
            PENSION,
            "Il nous manque un papier",
            "Madame,\n\nPour calculer votre retraite, il nous manque votre relevé de carrière.\nEnvoyez-le avant le 15.\n\nLa caisse de retraite",
            days(9),
        ),
        html(
            ("Gagnez gros", "info@loterie-du-jour.example"),
            "Vous avez été tirée au sort !!!",
            "<html><body><h1>BRAVO</h1><p>Vous gagnez un téléphone. <a href=\"http://loterie-du-jour.example/gain\">Payez 2 € de port</a>.</p></body></html>",
            days(7),
        ),
        plain(TOWN, "Carte de transport", "Bonjour,\n\nVotre carte de transport peut être renouvelée.\n\nLa mairie", days(5)),
    ]
}

/// A box that nobody empties: newsletters, notices, and here and there a letter that matters.
pub(in crate::demo) fn three_hundred() -> Vec<Letter> {
    const USUAL: [((&str, &str), &str, &str); 7] = [
        (
            ("Catalogue Beau Jardin", "infos@beau-jardin.example"),
            "Les promotions de la semaine",
            "Cette semaine, les bulbes sont à moitié prix.",
        ),
        (TOWN, "La lettre de la mairie", "Bonjour,\n\nVoici les nouvelles de la commune.\n\nLa mairie"),
        (("Météo du Val d’Orme", "bulletin@meteo-orme.example"), "Le temps de demain", "Demain : brume le matin, éclaircies l’après-midi."),
        (LIBRARY, "Un livre à rendre", "Bonjour,\n\nUn livre est à rendre avant samedi.\n\nLa médiathèque"),
        (
            ("Grande Pharmacie", "fidelite@pharmacie-orme.example"),
            "Vos points de fidélité, et tout ce qu’ils vous permettent d’obtenir ce mois-ci en magasin",
            "Vous avez 40 points.",
        ),
        (HEALTH, "Vos remboursements", "Bonjour,\n\nUn remboursement vous a été versé.\n\nNe répondez pas à ce message."),
        (("Paul", "paul@famille.example"), "", "Maman, appelle-moi quand tu peux."),
    ];
    let usual = (0_i64..).zip(USUAL.iter().cycle().take(298));
    let mut letters: Vec<Letter> = usual.map(|(at, &(from, subject, text))| plain(from, subject, text, hours(20 + at * 25))).collect();
    letters.push(plain(SOPHIE, "Recette de la garbure", "Bonjour Colette,\n\nVoici la recette que tu voulais.\n\nSophie", days(33)));
    letters.push(with(plain(HOUSING, "Votre quittance de loyer", "Bonjour,\n\nVotre quittance est jointe.", minutes(190)), RENT));
    letters
}
