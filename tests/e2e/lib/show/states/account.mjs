// From the counter to an open account, on the aidant's side and on the screen they lend: with an ordinary name and what is wrong with each form,
// then with the longest names; and what is done otherwise.

import { codeOf } from '../../acts.mjs';
import { STROKES } from '../../town.mjs';
import { answered, posts, presses, sends } from '../acts.mjs';
import { colleague } from '../cast.mjs';
import { colleagueOfLong, helperOfLong, LONG, opensLongStructure, referentOfLong, signsLongByHand, tellsOfLong } from '../made.mjs';

const NEW = '/aidant/nouveau-compte';
const RECORD = '/aidant/personnes/{id}';
const state = (door, name, way, more = {}) => ({ door, state: name, way, ...more });

/** Does this, and notes the code that this phone receives for it. */
const texted = (phone, act) => async (page, stage) => {
  stage.notes.code = await codeOf(stage.world.base, phone, () => act(page, stage));
};
const theirCode = ({ notes }) => ({ code: notes.code });
const mine = async ({ authenticator }) => ({ code: await authenticator.next() });

/** The draft that is open is the one to come back to. */
const remembers = (page, { notes }) => (notes.draft = new URL(page.url()).pathname.match(/^\/aidant\/nouveau-compte\/[^/]+/)[0]);
const inDraft = (end) => (page, { notes }) => page.goto(notes.draft + end);
const firstAddress = async (_, page) => ({ address: await page.locator('input[name=address]').first().inputValue() });

/** Nothing of what the form proposes. */
const unticks = async (page) => {
  for (const box of await page.locator('main input[type=checkbox]').all()) await box.setChecked(false, { force: true });
};

/** What the script of the page writes when a finger draws; without script the form is posted all the same. */
const signs = (page, { notes }) =>
  answered(page, () =>
    page.evaluate(({ strokes, code }) => {
      const form = document.querySelector('form[action="/signer/signature"]');
      form.querySelector('[name=strokes]').value = strokes;
      form.querySelector('[name=code]').value = code;
      form.submit();
    }, { strokes: STROKES, code: notes.code }),
  );

const person = (given_names, family_name, birth_date, phone) => ({ given_names, family_name, birth_date, birthplace: 'Pau', phone, identity_check: 'paper_seen', protection: 'none' });
const ROSE = person('Rose', 'Duval-Lefèvre', '02/02/1939', '06 39 98 72 11');
const NOT_ONE = { given_names: 'X (rien)', family_name: '', birth_date: '31/02/1939', birthplace: '75012', phone: '06 12', identity_check: 'paper_seen', protection: 'none' };

/** Each screen of theirs is sent a code and once more the same: the four that one phone may have in a quarter of an hour. */
const ON_ITS_WAY = /Le SMS est en route/;

/** The whole path; `name` is that of the states, `wrong` gives those of a form to correct; `more` follows. */
function opening({ who, person, name, wrong, needs, more = [] }) {
  const bad = (...states) => (wrong ? states : []);
  const { phone } = person;
  return {
    who,
    needs,
    states: [
      ...bad(state(`${NEW}/personne`, name, `${NEW}/personne`), state(`${NEW}/personne`, 'error, nothing typed', [`${NEW}/personne`, posts('/personne')]), state(`${NEW}/personne`, 'error, wrong answers', [`${NEW}/personne`, posts('/personne', NOT_ONE)])),
      state(`${NEW}/{id}/adresse`, name, [`${NEW}/personne`, posts('/personne', person), remembers], { needed: true }),
      ...bad(state(`${NEW}/{id}/adresse`, 'error, no address', posts('/adresse', { address: 'other', other: 'rose duval@' }))),
      state(`${NEW}/{id}/mandat`, name, [inDraft('/adresse'), posts('/adresse', firstAddress)]),
      ...bad(state(`${NEW}/{id}/mandat`, 'error, nothing ticked', [unticks, posts('/mandat', { duration: 'until', until: '31/02/2027' })])),
      state(`${NEW}/{id}/lecture`, name, [inDraft('/mandat'), posts('/mandat', { powers: ['create_account', 'give_access_back'], duration: 'six_months' })]),
      state(`${NEW}/{id}/personne`, `${name}, filled`, inDraft('/personne')),
      ...bad(state(`${NEW}/{id}/personne`, 'error, wrong answers', posts('/personne', NOT_ONE))),
      state(`${NEW}/{id}/abandonner`, name, inDraft('/abandonner')),
      state(`${NEW}/{id}/papier`, name, inDraft('/papier')),
      ...bad(state(`${NEW}/{id}/papier`, 'error, not printed', posts('/papier'))),
      state('/signer/mandat', name, [inDraft('/lecture'), posts('/lecture')]),
      state('/aidant/ecran-prete', name, '/aidant'),
      ...bad(state('/aidant/ecran-prete', 'error, wrong code', posts('/ecran-prete', { code: '000000' }))),
      state('/signer/refus', name, '/signer/refus'),
      state('/signer/sans-telephone', name, '/signer/sans-telephone'),
      ...bad(state('/signer/sans-telephone', 'error, nothing drawn', presses('form[action="/signer/sans-telephone"] button.main'))),
      state('/signer/signature', name, ['/signer/mandat', texted(phone, posts('/signer/code'))], { needed: true }),
      ...bad(state('/signer/signature', 'error, nothing typed', posts('/signer/signature'))),
      ...bad(state('/signer/signature', 'done, sent again', ['/signer/signature', sends('/signer/code')], { says: ON_ITS_WAY })),
      state('/signer/oui', name, '/signer/oui'),
      ...bad(state('/signer/oui', 'error, wrong code', posts('/signer/oui', { code: '000000' }, 'button[value=oui]'))),
      state('/signer/termine', `${name}, signed`, ['/signer/signature', signs], { needed: true }),
      state(`${NEW}/{id}/signature`, name, ['/aidant', posts('/ecran-prete', mine)], { needed: true }),
      ...bad(state(`${NEW}/{id}/signature`, 'error, wrong code', posts('/signature', { code: '000000' }))),
      state(`${NEW}/{id}/mot-de-passe`, name, posts('/signature', mine)),
      state('/signer/bonjour', name, posts('/mot-de-passe')),
      state('/signer/telephone', name, texted(phone, posts('/signer/code'))),
      ...bad(state('/signer/telephone', 'error, wrong code', posts('/signer/telephone', { code: '000000' }))),
      ...bad(state('/signer/telephone', 'done, sent again', sends('/signer/code'), { says: ON_ITS_WAY })),
      state('/signer/mot-de-passe', name, posts('/signer/telephone', theirCode)),
      ...bad(state('/signer/mot-de-passe', 'error, easy to guess', posts('/signer/mot-de-passe', { password: 'azerty' }))),
      state('/signer/termine', `${name}, chosen`, posts('/signer/mot-de-passe', { password: 'tilleul marée brouette' })),
      state('/signer/feuille-de-secours', 'offered', '/signer/feuille-de-secours'),
      state('/signer/feuille-de-secours', `${name}, made`, posts('/signer/feuille-de-secours')),
      state(`${NEW}/{id}/termine`, name, ['/aidant', posts('/ecran-prete', mine)], { needed: true }),
      state('/aidant/personnes/{id}', `${name}, just opened`, `/aidant/personnes/{${person.given_names} ${person.family_name}}`),
      state(`${RECORD}/suppression`, name, '› Supprimer'),
      ...more,
    ],
  };
}

const ordinary = opening({ who: colleague('Claire Larrouy'), person: ROSE, name: 'first', wrong: true });
const OTHER = LONG.other.join(' ');
const longest = opening({
  who: referentOfLong,
  person: person(LONG.other[0], LONG.other[1], '14/07/1931', '06 39 98 72 12'),
  name: 'long name',
  needs: [opensLongStructure],
  more: [
    state(`${NEW}/personne`, 'long name, an answer missing', [`${NEW}/personne`, posts('/personne', { given_names: LONG.other[0], family_name: LONG.other[1] })]),
    state(RECORD, 'long name, paused', [`/aidant/personnes/{${OTHER}}/pause`, async (page) => page.fill('main [name=note]', 'La personne est à l’hôpital.'), presses('main form button:is(.main, .grave)')]),
    state(`${RECORD}/reprise`, 'long name', `/aidant/personnes/{${OTHER}}/reprise`),
  ],
});

const PERSON = LONG.person.join(' ');
const longStructure = {
  who: referentOfLong,
  needs: [opensLongStructure, tellsOfLong],
  states: [
    state('/aidant', 'long name, whose mandate ends soon', '/aidant'),
    state(RECORD, 'long name', `/aidant/personnes/{${PERSON}}`),
    state('/structure/journal', 'long name', '/structure/journal'),
    state('/structure/journal/raison/{id}', 'long name', '› Demander'),
    state('/structure/journal', 'reason asked, long name', presses('main form button.main'), { says: /Raison demandée/ }),
    state('/structure/alertes/{id}', 'one, long name', ['/structure/journal', '› Voir']),
    state('/structure/aidants', 'long name', '/structure/aidants'),
    state('/structure/aidants/inviter', 'long name', '/structure/aidants/inviter'),
    state('/structure/aidants/inviter', 'error, long name', posts('/inviter', { name: OTHER, login: 'jean-barthelemy.de-puysegur@' })),
    state('/structure/aidants', 'long name, invitation sent', posts('/inviter', { name: OTHER, login: 'jean-barthelemy.de-puysegur-daubeterre-villefranche@val-orme.example' }), { says: /Lettre envoyée/ }),
    state('/aidant/journal', 'long name', '/aidant/journal'),
    state('/aidant/structure', 'one, long name', '/aidant/structure'),
    ...['deces', 'pause', 'renoncer', 'tutelle', 'renouveler'].map((end) => state(`${RECORD}/${end}`, 'long name', `/aidant/personnes/{${PERSON}}/${end}`)),
  ],
};

/** Who works beside her is asked why they opened a record. */
const asked = {
  who: colleagueOfLong,
  needs: [opensLongStructure, tellsOfLong],
  states: [
    state('/aidant', 'long name, a reason asked', '/aidant', { says: /On vous demande la raison/ }),
    state('/aidant/raisons/{id}', 'long name', '› Répondre à'),
  ],
};

/** The same browser, in the hands of someone else. */
const becomes = (name) => async (page, { cast, world }) => {
  const { jar } = await cast.visitor(name);
  await page.context().clearCookies();
  await page.context().addCookies(Object.entries(jar).map(([cookie, value]) => ({ name: cookie, value, url: world.base })));
};

const SIGNED = new URL('../../../../../crates/server/src/demo/joined/feuille-signee.jpg', import.meta.url).pathname;
const HAND = LONG.byHand.join(' ');
const byHand = {
  who: helperOfLong('Ghislaine Poydenot'),
  needs: [opensLongStructure, signsLongByHand],
  states: [
    state(RECORD, 'long name, print awaited', `/aidant/personnes/{${HAND}}`),
    state(`${RECORD}/copie`, 'long name', '› Ajouter'),
    state(`${RECORD}/copie`, 'done, one page, long name', posts('/copie', { page: SIGNED })),
    state(RECORD, 'long name, print closed', posts('/terminee', mine)),
    state(`${RECORD}/copie`, 'long name, to read', '› Voir la copie'),
    state('/signer/code-de-secours', 'long name', [`/aidant/personnes/{${HAND}}`, posts('/mot-de-passe')], { needed: true }),
    state('/signer/mot-de-passe', 'by a code of the sheet', posts('/code-de-secours', ({ cast }) => ({ code: cast.people.get(HAND).codes.pop() }))),
    state('/aide/mandat/{id}/copie', 'just closed', [becomes(HAND), '/aide/qui-m-a-aide', '› que j’ai signé sur papier']),
  ],
};

/** A mandate is prepared by plain requests, then shown. */
const prepared = (someone) => async (page, stage) => {
  const { draft } = await stage.town.prepares(stage.visitor, someone);
  stage.notes.draft = draft;
};

const refusing = {
  who: colleague('Hugo Lataste'),
  states: [
    state('/signer/termine', 'refused', [prepared(person('Andrée', 'Laborde', '03/03/1940', '06 39 98 72 13')), inDraft('/lecture'), posts('/lecture'), '/signer/refus', posts('/signer/refus', {}, 'button')], { needed: true }),
    state(`${NEW}/{id}`, 'refused', ['/aidant', posts('/ecran-prete', mine), inDraft('')], { needed: true }),
    state(`${NEW}/{id}`, 'given up', [prepared(person('Andrée', 'Laborde', '03/03/1940', '06 39 98 72 13')), inDraft('/abandonner'), posts('/abandonner', {}, 'button')]),
  ],
};

const renewing = {
  who: colleague('Sabine Pouey'),
  states: [
    state('/aidant/personnes/{id}/renouveler', 'first', '/aidant/personnes/{René Carpentier}/renouveler'),
    state('/aidant/personnes/{id}/renouveler', 'error, nothing answered', posts('/renouveler')),
    state(`${NEW}/{id}/mandat`, 'renewal', posts('/renouveler', { identity_check: 'known_person', protection: 'none' })),
    state(`${NEW}/{id}/lecture`, 'renewal', posts('/mandat', { powers: ['give_access_back'], duration: 'year' })),
    state('/aidant/personnes/{id}/renouveler', 'not now', '/aidant/personnes/{Odette Lassalle}/renouveler'),
  ],
};

const YVETTE = 'Yvette Marchand';
const phoneOf = (stage, name) => stage.world.table.people.find((one) => one.name === name).phone;
const knownAddress = {
  who: colleague('Émilie Sarthou'),
  states: [
    state(`${NEW}/adresse-connue`, 'first', `${NEW}/adresse-connue`),
    state('/signer/adresse', 'first', [`${NEW}/adresse-connue`, posts('/adresse-connue')], { needed: true }),
    state('/signer/adresse', 'error, nothing typed', posts('/signer/adresse')),
    state('/signer/adresse/code', 'first', (page, stage) => texted(phoneOf(stage, YVETTE), posts('/signer/adresse', { login: phoneOf(stage, YVETTE) }))(page, stage)),
    state('/signer/adresse/code', 'error, wrong code', posts('/signer/adresse/code', { code: '000000' })),
    state('/signer/adresse/feuille', 'first', '/signer/adresse/feuille'),
    state('/signer/adresse/feuille', 'error, wrong code', posts('/signer/adresse/feuille', { code: 'ABCD EFGH' })),
    state(`${NEW}/{id}/retrouver`, 'nobody yet', ['/aidant', posts('/ecran-prete', mine)], { needed: true }),
  ],
};

/** An account is recognised: by the code of its phone, and for whom the longest names are written. */
const recognised = (who, phone, name, needs) => ({
  who,
  needs,
  states: [
    state('/signer/adresse', name, [`${NEW}/adresse-connue`, posts('/adresse-connue')], { needed: true }),
    state('/signer/adresse/code', 'sent', (page, stage) => texted(phone(stage), posts('/signer/adresse', { login: phone(stage) }))(page, stage), { needed: true }),
    state('/signer/termine', `${name}, account recognised`, posts('/signer/adresse/code', theirCode), { says: /C’est bien vous/ }),
    state(`${NEW}/{id}/personne`, `${name}, account recognised`, ['/aidant', posts('/ecran-prete', mine)]),
    state(`${NEW}/{id}/personne`, `error, ${name}, nothing answered`, posts('/personne')),
  ],
});
const elsewhere = recognised(colleague('Denise Larroque', { siret: '26400012400018' }), (stage) => phoneOf(stage, YVETTE), 'first');
const longRecognised = recognised(helperOfLong(LONG.colleague), (stage) => stage.cast.people.get(PERSON).phone, 'long name', [opensLongStructure]);

const withSheet = {
  who: colleague('Paul Dartigues'),
  states: [
    state('/signer/code-de-secours', 'first', ['/aidant/personnes/{Lucien Dubourdieu}', posts('/mot-de-passe')], { needed: true }),
    state('/signer/code-de-secours', 'error, wrong code', posts('/code-de-secours', { code: 'ABCD EFGH' })),
  ],
};

export default [longStructure, asked, byHand, ordinary, longest, refusing, renewing, knownAddress, elsewhere, longRecognised, withSheet];
