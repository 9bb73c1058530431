// What the forms answered on the way from state to state: each is to be shown done, and refused with words, on pages that were looked at.
// What is excused is listed with its reason, and is a fault as soon as the reason no longer holds.

import { door, POSTS } from '../hands/doors.mjs';

/** Forms in which nothing is typed nor chosen: a button, which is answered by what it does, or by the page that says that it was done already. */
const ONLY_A_BUTTON = [
  '/affichage', '/aidant/charte', '/aidant/deconnexion', '/aidant/nouveau-compte/adresse-connue', '/aidant/nouveau-compte/{id}/abandonner',
  '/aidant/nouveau-compte/{id}/lecture', '/aidant/nouveau-compte/{id}/retrouver', '/aidant/personnes/{id}/copie/ordre', '/aidant/structure', '/aide/arreter/{id}',
  '/aide/arreter/{id}/{power}', '/deconnexion', '/invitation/accepter', '/messages/a-finir/{draft}/jeter', '/messages/a-finir/{draft}/reprendre',
  '/messages/annuler/{letter}', '/messages/{reference}/corbeille', '/messages/{reference}/remettre', '/signer/feuille-de-secours', '/signer/refus',
  '/structure/invitations/{id}/retrait', '/structure/journal/tableau',
];

/** Other forms that are never shown refused, and why. */
const NEVER_REFUSED = {
  ...Object.fromEntries(ONLY_A_BUTTON.map((door) => [door, 'only a button'])),
  '/messages/ecrire/retirer/{file}': 'a button of the letter that is written, whose words go with it',
  '/messages/ecrire/tout-seul': 'asked by the script of the page, not by a person',
  '/structure/journal/fichier': 'refused only while the base is behind what was signed of it: a backup was put back, which nobody does by a page',
};

/** Forms that are never shown done, and why. */
const NEVER_DONE = {
  '/messages/ecrire/tout-seul': 'asked by the script of the page, which says so in it',
  '/structure/journal/fichier': 'gives a file',
  '/structure/journal/tableau': 'gives a file',
};

/** What was typed cannot be taken, is too heavy, or comes too often. */
const REFUSALS = [413, 422, 429];
/** Buttons pressed once they may do nothing any more, which a page of their own says. Elsewhere the same answer means that a form waited too long. */
const FORBIDDEN = 403;
const FORBIDS = ['/aidant/nouveau-compte/{id}/mot-de-passe', '/aidant/personnes/{id}/mot-de-passe', '/structure/journal/raison/{id}'];
const isRefused = ({ door, status }) => REFUSALS.includes(status) || (status === FORBIDDEN && FORBIDS.includes(door));
/** An entrance to which one is led because a session is over. */
const SIGNED_OUT = /[?&]fin=/;

/** Keeps what forms are answered on this page; gives what takes the last since it was last taken, `[{ door, status, to }]`: what led to the page that is looked at. */
export function listens(page) {
  const answers = [];
  page.on('response', (response) => {
    const request = response.request();
    if (request.method() === 'POST' && request.isNavigationRequest()) answers.push({ door: door(new URL(request.url()).pathname), status: response.status(), to: response.headers().location ?? '' });
  });
  return () => answers.splice(0).slice(-1);
}

/** The forms of this page in which something is typed or chosen, by their doors. */
export async function fieldsOf(page) {
  const asking = await page.locator(':is(input:not([type=hidden]), textarea, select)').evaluateAll((fields) =>
    fields.flatMap(({ form, name }) => {
      if (form?.method !== 'post' || !name) return [];
      const sent = [form.action, ...[...form.querySelectorAll('[formaction]')].map((button) => button.formAction)];
      return sent.map((address) => new URL(address).pathname);
    }),
  );
  return [...new Set(asking.map(door))];
}

/** What no form was answered before those who looked, one line each. */
export function unanswered(looked) {
  const answers = looked.flatMap(({ posted }) => posted);
  const amiss = (wanted, excused, isIt) => POSTS.flatMap((one) => {
    const isShown = answers.some((answer) => answer.door === one && isIt(answer));
    if (excused[one]) return isShown ? [`POST ${one}: “${wanted}” is excused (${excused[one]}), and is shown`] : [];
    return isShown ? [] : [`POST ${one}: it was never shown ${wanted}`];
  });
  const asking = new Set(looked.flatMap(({ asking }) => asking));
  const filled = ONLY_A_BUTTON.filter((one) => asking.has(one)).map((one) => `POST ${one}: it is listed as only a button, and something is typed or chosen in it`);
  const gone = [...Object.keys(NEVER_REFUSED), ...Object.keys(NEVER_DONE), ...FORBIDS].filter((one) => !POSTS.includes(one)).map((one) => `POST ${one}: a rule speaks of it, and no such door exists`);
  return [...amiss('refused', NEVER_REFUSED, isRefused), ...amiss('done', NEVER_DONE, ({ status, to }) => status < 400 && !SIGNED_OUT.test(to)), ...filled, ...gone];
}
