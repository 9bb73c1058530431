//! The last three months, up to yesterday: what is not settled yet is here.

use maincourante_journal::Event;
use maincourante_kernel::Failure;
use maincourante_mandates::Power;
use maincourante_mandates::alerts::{Rule, Verdict};
use maincourante_mandates::dispute::Turn;
use maincourante_mandates::ending::End;

use super::village;
use super::winter::one;
use crate::demo::home::comes_back_alone;
use crate::demo::people::VILLAGE;
use crate::demo::places;
use crate::demo::territory::Territory;

pub(super) async fn happens(world: &mut Territory<'_>) -> Result<(), Failure> {
    september(world).await?;
    october(world).await?;
    new_mandates(world).await?;
    reports(world).await?;
    the_last_fortnight(world).await?;
    letters_at_home(world).await?;
    questions(world).await
}

async fn september(world: &mut Territory<'_>) -> Result<(), Failure> {
    let [_, _, oleksandra, yvette, rene] = &VILLAGE;
    world.working_day(72, 9, 30).await?;
    world.opens(one("gisele")?, "nadia", None).await?;
    world.working_day(60, 10, 0).await?;
    world.opens(oleksandra, "nadia", None).await?;
    world.working_day(58, 15, 0).await?;
    let paulette = world.person("paulette")?.usager;
    world.staff("benedicte")?.ends(paulette, End::Protection, String::new(), "Jugement de tutelle reçu ce jour.").await?;
    world.day(51, 20).await?;
    let samira = world.person("samira")?;
    comes_back_alone(world.house, &samira.address, samira.life.phone, samira.life.secret).await?;
    world.working_day(45, 10, 0).await?;
    world.opens(yvette, "nadia", None).await?;
    world.working_day(36, 11, 30).await?;
    let ginette = world.person("ginette")?.usager;
    world.staff("sylvain")?.turns(ginette, Turn::Pause, "Sa fille conteste le mandat : rendez-vous pris.").await?;
    world.working_day(28, 9, 30).await?;
    world.opens(one("hyacinthe")?, "nadia", None).await?;
    access_back_the_next_day(world).await?;
    world.working_day(25, 10, 0).await?;
    world.opens(rene, "nadia", None).await?;
    world.signs_journal().await
}

/// Soon after a phone was verified, an access is given back: it is told to whoever answers for the structure.
async fn access_back_the_next_day(world: &Territory<'_>) -> Result<(), Failure> {
    world.working_day(27, 14, 0).await?;
    let hyacinthe = world.person("hyacinthe")?;
    world.staff("karim")?.gives_access_back(hyacinthe.usager, hyacinthe.life.phone, hyacinthe.life.secret).await?;
    world.evening().await
}

async fn october(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.working_day(23, 9, 0).await?;
    world.staff("helene")?.invites("Inès Da Costa", "ines@mairie-vaudorme.example").await?;
    let lucie = world.staff("lucie")?.id().await?;
    world.staff("helene")?.removes(lucie).await?;
    world.working_day(21, 16, 30).await?;
    world.staff("helene")?.reviews("Atelier de Karim du mois d’août : vu avec lui, l’alerte reste ouverte jusqu’à sa réponse.").await?;
    world.signs_journal().await
}

/// One that comes after another, one that changes it, and a second structure.
async fn new_mandates(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.day(20, 19).await?;
    world.at_home("jean-bis").await?.takes_back(Power::GiveAccessBack).await?;
    world.working_day(19, 10, 0).await?;
    for key in ["colette", "jean-bis"] {
        let person = world.person(key)?;
        world.staff("nadia")?.renews(person.usager, person.life.phone).await?;
    }
    world.working_day(18, 14, 30).await?;
    let samira = world.person("samira")?;
    world.staff("sylvain")?.joins(&samira.address, samira.life.phone).await?;
    world.evening().await
}

async fn reports(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.day(18, 17).await?;
    world.at_home("abd").await?.reports("Je n’ai pas demandé à changer mon mot de passe ce jour-là.").await?;
    world.working_day(15, 9, 30).await?;
    let note = "Nous avons regardé ensemble : c’était l’atelier à la médiathèque, vous étiez là avec Samira.";
    world.staff("helene")?.closes_alert(Rule::Reported, Verdict::Normal, note).await?;
    world.evening().await
}

async fn the_last_fortnight(world: &mut Territory<'_>) -> Result<(), Failure> {
    village::stops(world).await?;
    world.working_day(10, 10, 0).await?;
    world.opens(one("odette")?, "nadia", None).await?;
    an_evening_that_nobody_looked_at(world).await?;
    world.day(6, 19).await?;
    world.at_home("gisele").await?.reports("Je ne me souviens pas de ce jour-là.").await?;
    world.day(5, 18).await?;
    world.at_home("ngoc").await?.reports("Qui est Karim ? Je ne le connais pas.").await?;
    world.evening().await
}

/// Karim works late, and nobody has asked him why yet.
async fn an_evening_that_nobody_looked_at(world: &Territory<'_>) -> Result<(), Failure> {
    world.working_day(8, 20, 25).await?;
    world.staff("karim")?.looks_at(world.person("jean")?.usager).await?;
    world.evening().await
}

async fn letters_at_home(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.letters_arrived().await?;
    let aicha = world.at_home("aicha").await?;
    aicha.reads(3).await?;
    aicha.throws_away().await?;
    aicha.leaves_unfinished("mairie@vaudorme-ville.example", "Carte de transport", "Bonjour,\n\nJe voudrais savoir").await?;
    aicha.leaves_unfinished("", "", "Ne pas oublier : écrire à la caisse de retraite pour").await?;
    aicha.writes("samia@famille.example", "Dimanche", "Ma chérie,\n\nViens dimanche, il y aura le couscous.\n\nMaman").await?;
    aicha.writes("pierre.inconnu@vaudorme.example", "Le jardin", "Bonjour Pierre,\n\nLe portillon du jardin est réparé.").await?;
    world.at_home("colette").await?.reads(4).await
}

async fn questions(world: &mut Territory<'_>) -> Result<(), Failure> {
    world.working_day(4, 9, 0).await?;
    let helene = world.staff("helene")?;
    helene.asks(world.staff("nadia")?, Event::AccountCreated).await?;
    helene.looks_at_alert(Rule::ManyAccesses).await?;
    helene.looks_at_alert(Rule::Reported).await?;
    world.staff("nadia")?.answers("Odette a dit oui de vive voix ; la feuille signée doit venir avec son fils.").await?;
    helene.asks(world.staff("karim")?, Event::AccessHandoverCompleted).await?;
    world.working_day(2, 10, 0).await?;
    helene.invites("Thomas Etcheverry", "thomas@mairie-vaudorme.example").await?;
    // Nobody has this address: the letter does not arrive.
    helene.invites("Yanis Castets", "yanis.castet@vaudorme.example").await?;
    world.enrols("pauline", places::PAULINE, "msap").await?;
    village::comes_back(world).await?;
    world.signs_journal().await
}
