// A person's letters: lists with nothing, one, three hundred rows; a letter read, written, kept, sent, taken back, thrown away.

import { until } from '../../program.mjs';
import { answered, posts, presses } from '../acts.mjs';
import { onShared } from '../cast.mjs';
import { draftsLettersThreeHundredTimes, laysThreeHundred, LONG, MANY, opensLongStructure, SENT_AN_HOUR, sendsManyLetters } from '../made.mjs';

const state = (door, name, way = door, more = {}) => ({ door, state: name, way, ...more });
const READ = '/messages/{reference}';
const SEARCH = '/messages/recherche';
/** Its button is not the one that matters most on the page. */
const BUTTON = 'button.button';
const ENTITLEMENT = new URL('../../../../../crates/server/src/demo/joined/attestation.pdf', import.meta.url).pathname;
const LONG_NAME = LONG.person.join(' ');

/** A button of the page, by the address it posts to. */
const button = (end) => presses(`main form[action$="${end}"] button:visible, main button[formaction$="${end}"]:visible`);
const types = (fields) => async (page) => {
  for (const [name, value] of Object.entries(fields)) await page.fill(`main form[action="/messages/ecrire"] [name=${name}]`, value);
};
/** To the last page of a list, by its own button. */
const toTheEnd = async (page) => {
  for (let older = page.locator('main a[href*="?avant="]'); (await older.count()) > 0; older = page.locator('main a[href*="?avant="]')) await answered(page, () => older.first().click());
};

const empty = {
  who: 'Thị Bích Ngọc Nguyễn',
  states: [
    ...['/messages', '/messages/a-finir', '/messages/corbeille', '/messages/envoyes', '/messages/pas-encore-envoyes'].map((door) => state(door, 'empty')),
    state('/messages/ecrire', 'first'),
    state('/messages/ecrire', 'error, nothing typed', ['/messages/ecrire', posts('/messages/ecrire')]),
    state('/messages/ecrire', 'done, a document joined', ['/messages/ecrire', types({ to: 'sophie@famille.example', subject: 'Mon attestation', text: 'Bonjour,\n\nVoici mon attestation.' }), async (page) => page.setInputFiles('main [name=files]', ENTITLEMENT), button('/joindre')]),
    state('/messages/ecrire', 'done, a document taken off', presses('main button[formaction*="/messages/ecrire/retirer/"]')),
    state('/messages/a-finir', 'one', [types({ text: 'Bonjour,\n\nVoici.' }), button('/garder')]),
    state('/messages/a-finir', 'done, thrown away', presses('main form[action$="/jeter"] button')),
    state('/messages', 'done, on its way', ['/messages/ecrire', posts('/messages/ecrire', { to: 'sophie@famille.example', subject: 'Dimanche', text: 'Bonjour Sophie,\n\nÀ dimanche.' })], { needed: true }),
    state('/messages/pas-encore-envoyes', 'one'),
    state(SEARCH, 'first'),
    state(SEARCH, 'error, nothing typed', [SEARCH, posts(SEARCH, {}, BUTTON)]),
    state(SEARCH, 'empty', [SEARCH, posts(SEARCH, { words: 'quitance' }, BUTTON)], { says: /Aucun message ne contient/ }),
    state(READ, 'on its way', ['/messages/pas-encore-envoyes', '› Dimanche'], { says: /part|envoy/ }),
    state('/messages/ecrire', 'done, taken back', ['/messages/pas-encore-envoyes', presses('main form[action^="/messages/annuler/"] button')]),
    // Last: what is typed there is kept by itself while one looks at it, and would be one more in the lists above.
    state('/messages/ecrire', 'error, an address cut short', ['/messages/ecrire', posts('/messages/ecrire', { to: 'sophie.lambert@', subject: 'Dimanche', text: 'Coucou' })]),
  ],
};

/** Nothing waits any more: whom one wrote to is known from then on. */
const hasLeft = (page) =>
  until('the letter leaves', async () => {
    await page.goto('/messages/pas-encore-envoyes');
    return (await page.locator('main .rows > li:not(.beside)').count()) === 0;
  }, 120_000);

const one = {
  who: LONG_NAME,
  needs: [opensLongStructure],
  states: [
    state('/messages', 'one, long name'),
    state(SEARCH, 'one, long name', ['/messages', posts(SEARCH, { words: 'réservation' }, BUTTON)]),
    state(READ, 'from someone unknown, long name', ['/messages', '› Réservation'], { says: /Inconnu : .*C’est son premier message/ }),
    state('/messages/ecrire', 'long name', '› Répondre'),
    state('/messages/a-finir', 'one, long name', [types({ text: 'Bonjour,\n\nVoici.' }), button('/garder')]),
    state('/messages/pas-encore-envoyes', 'one, long name', ['/messages', '› Réservation', '› Répondre', posts('/messages/ecrire', { text: 'Bonjour,\n\nC’est bien noté.' }), '/messages/pas-encore-envoyes'], { needed: true }),
    state('/messages/envoyes', 'one, long name'),
    state('/messages', 'done, thrown away', ['/messages', '› Réservation', presses('main form[action$="/corbeille"] button')], { needed: true }),
    state('/messages/corbeille', 'one, long name'),
    state('/messages', 'done, put back', presses('main form[action$="/remettre"] button')),
    state(READ, 'from a contact, long name', [hasLeft, '/messages', '› Réservation'], { says: /dans vos contacts/ }),
    state('/compte', 'long name'),
    state('/aide/qui-m-a-aide', 'long name'),
    state('/aide/arreter/{id}', 'long name', '› Arrêter l’aide'),
    state('/aide/arreter/{id}/{power}', 'long name', ['/aide/qui-m-a-aide', '› Arrêter cela seulement']),
    state('/aide/signaler/{line}', 'long name', ['/aide/qui-m-a-aide', '› Ce n’est pas normal']),
  ],
};

/** Three hundred letters of each kind, page after page. */
const lists = [
  ['/messages', [laysThreeHundred]],
  ['/messages/envoyes', [laysThreeHundred]],
  ['/messages/corbeille', [laysThreeHundred]],
  ['/messages/a-finir', [draftsLettersThreeHundredTimes]],
].map(([door, needs]) => ({
  who: MANY,
  needs,
  states: [state(door, 'many'), state(door, 'second page', [door, '› plus anciens']), state(door, 'last page', [door, toTheEnd])],
}));

/** The same letters, found by a word of theirs. */
const found = {
  who: MANY,
  needs: [laysThreeHundred],
  states: [
    state(SEARCH, 'many', ['/messages', posts(SEARCH, { words: 'jardin' }, BUTTON)]),
    state(SEARCH, 'second page', '› plus anciens'),
  ],
};

/** They leave after a minute: they are sent as late as can be. */
const waiting = {
  who: MANY,
  states: [
    state('/messages/pas-encore-envoyes', 'many', [sendsManyLetters, '/messages/pas-encore-envoyes'], { limit: [SENT_AN_HOUR, 'as many letters as one may send within an hour; each leaves after a minute'] }),
    state('/messages', 'many, some not yet sent'),
    state('/messages/ecrire', 'too many letters', ['/messages/ecrire', posts('/messages/ecrire', { to: 'sophie@famille.example', subject: 'Encore une', text: 'Bonjour' })], { says: /Attendez un peu/ }),
  ],
};

/** On the computer of a library: the strip is on every page. */
const shared = {
  who: onShared('Josette Lambert'),
  states: [
    state('/messages', 'shared computer'),
    state(READ, 'shared computer, from someone who wrote before', ['/messages', '› Photo de dimanche'], { says: /Pas dans vos contacts : / }),
    state(READ, 'shared computer, suspect', ['/messages', '› 347 €'], { says: /n’est pas/ }),
    state(READ, 'shared computer, a document', ['/messages', '› attestation de droits']),
    state('/messages/ecrire', 'shared computer, an answer', ['/messages', '› Photo de dimanche', '› Répondre']),
    state('/messages/ecrire', 'shared computer, an answer to who takes a name', ['/messages', '› 347 €', '› Répondre quand même'], { says: /n’est pas/ }),
    state('/compte', 'shared computer'),
    state('/messages/{reference}', 'not found', '/messages/cette-lettre-non-plus', { door: undefined, says: /n’existe pas/ }),
    state('/messages', 'done, suspect thrown away', ['/messages', '› 347 €', button('/corbeille')], { needed: true, says: /Le message suspect est dans la corbeille/ }),
    state('/messages', 'done, suspect put back', presses('main .done form button')),
  ],
};

/** Nothing is done for so long that the session of a quarter of an hour ends in less than two minutes. A browser that runs no script says nothing of it. */
const SOON = 13 * 60_000 + 2_000;
const soonOver = {
  who: onShared('Fernand Cazaux'),
  states: [
    state('/messages/ecrire', 'soon signed out', ['/messages/ecrire', async (page, { room, js }) => {
      // It stays that hour while one looks.
      await room.context.clock.setFixedTime(Date.now() + SOON);
      if (js === 'on') await page.locator('[data-still]').waitFor();
    }]),
  ],
};

export default [empty, one, waiting, ...lists, found, shared, soonOver];
