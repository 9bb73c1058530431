// The pages that anyone can open.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../acts.mjs';
import { posts, presses } from '../acts.mjs';
import { NOBODY } from '../cast.mjs';
import { invitesLong, opensLongStructure } from '../made.mjs';

const state = (door, name, way = door, more = {}) => ({ door, state: name, way, ...more });

/** The code of the text message that this act sends to Mamadou Sow's phone. */
let code;
const asksForCode = async (page, stage) => {
  const { phone, address } = stage.world.table.people.find(({ name }) => name === 'Mamadou Sow');
  code = await codeOf(stage.world.base, phone, () => posts('/mot-de-passe-oublie', { login: address })(page, stage));
};

const first = {
  who: NOBODY,
  states: [
    ...['/accessibilite', '/aide', '/donnees', '/bac-a-sable', '/bac-a-sable/courrier-parti', '/bac-a-sable/telephone', '/signer/plus-prete', '/deconnexion', '/aidant/connexion', '/connexion', '/mot-de-passe-oublie', '/mot-de-passe-oublie/feuille'].map((door) => state(door, 'first')),
    state('/bac-a-sable/aidant', 'first', '/bac-a-sable/aidant?qui=0'),
    state('/invitation', 'no link', '/invitation'),
    state('/nulle-part', 'not found', '/nulle-part', { says: /n’existe pas/ }),
  ],
};

const refused = {
  who: NOBODY,
  states: [
    state('/connexion', 'error, nothing typed', ['/connexion', posts('/connexion')]),
    state('/connexion', 'error, an address cut short', ['/connexion', posts('/connexion', { login: 'josette.lambert@', password: 'x' })]),
    state('/connexion', 'error, wrong password', ['/connexion', posts('/connexion', { login: 'josette.lambert', password: 'ce n’est pas lui' })]),
    state('/aidant/connexion', 'error, nothing typed', ['/aidant/connexion', posts('/aidant/connexion')]),
    state('/aidant/connexion', 'error, wrong code', ['/aidant/connexion', posts('/aidant/connexion', { login: 'nadia@vaudorme.example', password: 'panier cerise lundi', code: '000000' })]),
    state('/mot-de-passe-oublie', 'error, nothing typed', ['/mot-de-passe-oublie', posts('/mot-de-passe-oublie')]),
    state('/mot-de-passe-oublie/feuille', 'error, nothing typed', ['/mot-de-passe-oublie/feuille', posts('/feuille')]),
    state('/mot-de-passe-oublie/feuille', 'error, wrong code', ['/mot-de-passe-oublie/feuille', posts('/feuille', { login: 'lucien.dubourdieu', code: 'ABCD-EFGH' })]),
  ],
};

const forgotten = {
  who: NOBODY,
  states: [
    state('/mot-de-passe-oublie/code', 'first', ['/mot-de-passe-oublie', asksForCode], { needed: true }),
    state('/mot-de-passe-oublie/code', 'error, nothing typed', posts('/code')),
    state('/mot-de-passe-oublie/code', 'error, wrong code', posts('/code', { code: '000000' })),
    state('/mot-de-passe-oublie/code', 'done, sent again', presses('form[action$="/renvoyer"] button')),
    state('/mot-de-passe-oublie/nouveau', 'first', posts('/code', () => ({ code }))),
    state('/mot-de-passe-oublie/nouveau', 'error, nothing typed', posts('/nouveau')),
    state('/mot-de-passe-oublie/nouveau', 'error, easy to guess', posts('/nouveau', { password: 'azerty' })),
    state('/connexion', 'done, a new password', posts('/nouveau', { password: 'tasse jardin vélo' })),
  ],
};

/** A press that comes within ten seconds of another sends nothing, and counts for nothing. */
const PRESSED = 10_500;
/** Asks for the same message until no more are sent. An address that nobody has is answered as any other, and no phone is spent on it. */
const asksAgainTooOften = async (page, stage) => {
  await posts('/mot-de-passe-oublie', { login: 'personne.du-tout@exemple-mail.fr' })(page, stage);
  for (let times = 0; ; times += 1) {
    await presses('form[action$="/renvoyer"] button')(page);
    if ((await page.locator('main .notice.danger').count()) > 0) return;
    assert.ok(times < 5, 'messages are sent for ever');
    await pause(PRESSED);
  }
};
const sentTooOften = {
  who: NOBODY,
  states: [state('/mot-de-passe-oublie/code', 'error, sent too often', ['/mot-de-passe-oublie', asksAgainTooOften])],
};

const tooMany = {
  who: NOBODY,
  states: [
    state('/mot-de-passe-oublie', 'too many tries', async (page, stage) => {
      for (let tries = 0; tries < 7 && !/Trop d’essais/.test(await page.title()); tries += 1) {
        await page.goto('/mot-de-passe-oublie');
        await posts('/mot-de-passe-oublie', { login: 'personne-d-ici@exemple-mail.fr' })(page, stage);
      }
    }, { says: /Trop d’essais/ }),
  ],
};

/** What left for who has a long name, or from them. */
const sandbox = {
  who: NOBODY,
  needs: [opensLongStructure, invitesLong],
  states: [state('/bac-a-sable/courrier-parti', 'long name'), state('/bac-a-sable/telephone', 'many', '/bac-a-sable/telephone', { limit: [40, 'it keeps the last forty'] })],
};

export default [first, sandbox, refused, forgotten, sentTooOften, tooMany];
