// Pages that say one thing or another by the kind of what they tell: alerts, why a screen is not lent, why one acts for no structure. Each kind
// is a state of its own, opened by what it says; lib/show/kinds.mjs reads in the sources which kinds there are, and finds them by these names.

import assert from 'node:assert/strict';
import { answered, fills, posts, presses } from '../acts.mjs';
import { colleague } from '../cast.mjs';
import { ALERT, HOME, LEND } from '../kinds.mjs';
import {
  aidantOfPaused, aidantOfWatched, closesAsOperator, goesOn, grantsNothingMore, leavesElsewhere, leavesPaused, LONG, opensPausedStructure, opensWatchedStructure, pauses,
  referentOfWatched, signsWithoutSheet, worksElsewhereToo,
} from '../made.mjs';
import { SIGNED } from './helping.mjs';

const plain = (text) => text.replaceAll(/\s+/g, ' ');
const mine = async ({ authenticator }) => ({ code: await authenticator.next() });

/** The alert whose title this is, and whose page says these words. */
const opensAlert = (title, ...words) => async (page) => {
  await page.goto('/structure/journal');
  const rows = await page.locator('main :is(section.notice, details li):has(a[href^="/structure/alertes/"])').evaluateAll((all) => all.map((row) => [row.textContent, row.querySelector('a[href^="/structure/alertes/"]').getAttribute('href')]));
  for (const [text, href] of rows.filter(([text]) => plain(text).includes(title))) {
    await page.goto(href);
    const said = plain(await page.locator('main').textContent());
    if (words.every((one) => said.includes(one))) return;
  }
  assert.fail(`no alert “${title}” says ${words.join(', ')}: ${rows.map(([text]) => plain(text)).join(' | ').slice(0, 600)}`);
};

/** Closes the alert that is open. */
const closes = (verdict, note) => [(page) => fills(page, 'main form', { verdict, note }), presses('main form button.main')];

const alert = (name, way, says) => ({ door: ALERT, state: name, way, says });
const [PERSON, OTHER] = [LONG.person.join(' '), LONG.byHand.join(' ')];
const RECORDS = 'beaucoup de fiches ouvertes';

/** What acts of this hour raise, read by who answers for the structure. */
const watched = {
  who: referentOfWatched,
  needs: [opensWatchedStructure],
  states: [
    alert('alert, Reported, long name', opensAlert('une personne dit', PERSON, 'Je ne connais pas'), /L’aidant ne le sait pas/),
    alert('alert without words, Reported, long name', opensAlert('une personne dit', PERSON, 'n’a pas écrit de message'), /Votre réponse à la personne/),
    alert('alert closed, Normal, long name', closes('normal', 'Nous avons regardé ensemble : c’était le jour de l’ouverture de votre compte.'), /a vérifié, .* : tout est normal/),
    alert('alert, PhoneThenAccess, long name', opensAlert('un téléphone nouveau', LONG.colleague), /moins de 3 jours après un téléphone/),
    alert('alert, SharedNumber, long name', opensAlert('un même téléphone', LONG.colleague), /reçoivent leurs codes sur le même téléphone/),
    alert('alert, ManyRecords, long name', opensAlert(RECORDS, `${LONG.colleague} a ouvert`), /a ouvert les fiches de nombreuses personnes/),
    alert('many, long name', [], /Voir les (29[5-9]|[3-9]\d\d) autres lignes/),
    alert('alert closed, Handled, long name', closes('handled', 'Parlé avec elle : une liste de courriers. Elle préviendra la prochaine fois.'), /a fait le nécessaire/),
    alert('alert about whoever reads, ManyRecords, long name', opensAlert(RECORDS, `${LONG.aidant} a ouvert`), /parle de ce que vous avez fait/),
    alert('alert closed by the operator, Handled, long name', [(page, stage) => closesAsOperator(stage, new URL(page.url()).pathname.split('/').at(-1)), (page) => page.reload()], /[Ll]’équipe du service a fait le nécessaire/),
  ],
};

/** What only days make, in the territory. */
const unusual = {
  who: 'Hélène Vasseur',
  states: [
    alert('alert, ManyAccesses', opensAlert('plusieurs mots de passe', 'Karim Belkacem'), /à plusieurs personnes en une heure/),
    alert('alert, OddHours', opensAlert('en dehors des heures', 'Karim Belkacem'), /avant 7 h, après 20 h ou un dimanche/),
  ],
};

/**
 * Asks for the screen to be lent from a record that was opened before: the page had its button, and meanwhile the person, a colleague or the
 * hour changed what the mandate allows.
 */
const lends = (page) =>
  answered(page, () =>
    page.evaluate(() => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action: `${location.pathname}/mot-de-passe` });
      form.append(document.querySelector('[name=form_token]').cloneNode());
      document.body.append(form);
      form.submit();
    }),
  );
const refused = (name, person, says, before = []) => ({ door: LEND, state: name, way: [...before, `/aidant/personnes/{${person}}`, lends], says });

const atTheCcas = {
  who: colleague('Corinne Lartigue'),
  states: [
    refused('refusal, Expired', 'Fernand Cazaux', /Ce mandat a pris fin.*Terminé le/s),
    refused('refusal, Stopped', 'Yvette Marchand', /Arrêté par la personne le/),
    refused('refusal, Revoked', 'Aïcha Ben Youssef', /La personne a retiré cette aide/),
    refused('refusal, Suspended, no paper', 'Odette Lassalle', /Ce mandat est suspendu/),
  ],
};
const atTheHome = {
  who: colleague('Sandrine Darmaillac', { siret: '78400012500012' }),
  states: [
    refused('over, EndedDeath', 'Henri Ducasse', /parce que la personne est décédée/),
    refused('over, EndedProtection', 'Paulette Mora', /parce que la personne est sous tutelle/),
  ],
};
const atFranceServices = {
  who: colleague('Gilles Dartiguelongue', { siret: '26400012400018' }),
  states: [
    refused('over, RenouncedByStructure', 'Bernard Tastet', /La structure y a mis fin/),
    refused('refusal, Suspended, disputed', 'Ginette Sarrail', /Ce mandat est suspendu/),
  ],
};

/** Signed on paper: nothing but the first password, until the photo comes; then nothing to prove who they are with. */
const byHand = {
  who: aidantOfWatched('Bernadette Lesquerré'),
  needs: [opensWatchedStructure, signsWithoutSheet, grantsNothingMore],
  states: [
    refused('refusal, Provisional, long name', OTHER, /Le mandat est provisoire/),
    refused('lending, NoPhone, long name', OTHER, /Il n’y a ni téléphone, ni feuille de secours/, [`/aidant/personnes/{${OTHER}}/copie`, posts('/copie', { page: SIGNED }), posts('/terminee', mine)]),
    refused('refusal, NotGranted', 'Rose Duplantier', /Ce n’est pas prévu dans le mandat/),
  ],
};

const none = (name, way, says) => ({ door: HOME, state: name, way: [way, HOME].flat(), says });
const elsewhere = {
  who: aidantOfPaused,
  needs: [opensPausedStructure],
  states: [
    none('no structure, Suspended, long name', pauses, /Votre structure est en pause.*appelez-nous/s),
    none('another structure, Suspended, long name', worksElsewhereToo, /Votre structure est en pause.*Agir pour : Maison France services/s),
    none('no structure, Left, long name', [goesOn, HOME, leavesPaused], /Vous n’êtes plus dans cette équipe.*Agir pour : Maison France services/s),
    none('no structure, NoTeam', leavesElsewhere, /Vous n’êtes dans aucune structure/),
  ],
};

export default [watched, unusual, atTheCcas, atTheHome, atFranceServices, byHand, elsewhere];
