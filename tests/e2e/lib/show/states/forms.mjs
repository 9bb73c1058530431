// What becomes of forms that no other chapter sends, or sends only wrong: each is done once, and refused once where it can be.

import assert from 'node:assert/strict';
import { codeOf, received } from '../../acts.mjs';
import { signsOnPaper } from '../../hands/hands.mjs';
import { run, until } from '../../program.mjs';
import { PASSWORD, STROKES } from '../../town.mjs';
import { answered, posts, presses, sends } from '../acts.mjs';
import { colleague, NOBODY } from '../cast.mjs';
import { LONG, opensLongStructure, signsLongByHand } from '../made.mjs';

const NEW = '/aidant/nouveau-compte';
const RECORD = '/aidant/personnes/{id}';
const state = (door, name, way = door, more = {}) => ({ door, state: name, way, ...more });
const mine = async ({ authenticator }) => ({ code: await authenticator.next() });
const inDraft = (end) => (page, { notes }) => page.goto(notes.draft + end);
const BUTTON = 'button';

/** A mandate is prepared by plain requests, then shown. */
const prepared = (someone) => async (page, { town, visitor, notes }) => {
  notes.draft = (await town.prepares(visitor, someone)).draft;
};
const ALONE = { given_names: 'Ernestine', family_name: 'Lassus', birth_date: '04/04/1933', phone: '', no_phone: 'yes' };
const someone = (family_name, phone) => ({ given_names: 'Andrée', family_name, birth_date: '03/03/1940', phone });

/** What the script of the page writes when a finger draws. */
const draws = (action) => (page) =>
  answered(page, () =>
    page.evaluate(({ strokes, action }) => {
      const form = document.querySelector(`form[action="${action}"]`);
      form.querySelector('[name=strokes]').value = strokes;
      form.submit();
    }, { strokes: STROKES, action }),
  );

/** Asks for a code by text message, and notes it. */
const texted = (phone, act) => async (page, stage) => {
  stage.notes.code = await codeOf(stage.world.base, phone, () => act(page, stage));
};

const LENT_AGAIN = someone('Capdeville', '06 39 98 74 01');
const BY_VOICE = someone('Dutournier', '06 39 98 74 02');

/** At the counter, on the ways that are less trodden. */
const counter = {
  who: colleague('Berthe Lamaison'),
  states: [
    state(`${NEW}/{id}/adresse`, 'corrected', [prepared(LENT_AGAIN), inDraft('/personne'), posts('/personne', { protection: 'none' })]),
  ],
};
const byHand = {
  who: colleague('Clotilde Dassié'),
  states: [
    state(`${NEW}/{id}/signature`, 'signed by hand', [prepared(ALONE), async (page, { visitor, notes }) => assert.ok((await visitor.bytes(`${notes.draft}/a-signer`)).length > 1000), inDraft('/papier'), posts('/papier')]),
  ],
};
const withoutPhone = {
  who: colleague('Denise Labat'),
  states: [
    state('/signer/mandat', 'without a phone', [prepared({ ...ALONE, family_name: 'Lestage' }), inDraft('/lecture'), posts('/lecture')], { needed: true }),
    state('/signer/termine', 'drawn without a phone', ['/signer/sans-telephone', draws('/signer/sans-telephone')]),
  ],
};
const byVoice = {
  who: colleague('Edmonde Labadie'),
  states: [
    state('/signer/mandat', 'to hear', [prepared(BY_VOICE), inDraft('/lecture'), posts('/lecture')], { needed: true }),
    state('/signer/oui', 'done, sent again', [texted(BY_VOICE.phone, posts('/signer/code')), '/signer/oui', sends('/signer/code')], { needed: true, says: /Le SMS est en route/ }),
    state('/signer/termine', 'by a spoken yes', [posts('/signer/oui', ({ notes }) => ({ code: notes.code }), 'button[value=oui]')], { needed: true }),
    state(`${NEW}/{id}/signature`, 'by a spoken yes', ['/aidant', posts('/ecran-prete', mine)], { says: /aidant/ }),
  ],
};

const GISELE = 'Gisèle Lafargue';
const phoneOf = ({ world }) => world.table.people.find(({ name }) => name === GISELE).phone;
/** An account that is looked for, and not found the first time. */
const lookedFor = {
  who: colleague('Fernande Cazeaux', { siret: '26400012400018' }),
  states: [
    state('/signer/adresse', 'looked for', [`${NEW}/adresse-connue`, posts('/adresse-connue')], { needed: true }),
    state(`${NEW}/{id}/retrouver`, 'given back before', ['/aidant', posts('/ecran-prete', mine)], { needed: true }),
    state('/signer/adresse', 'lent again', posts('/retrouver')),
    state('/signer/adresse/code', 'for a code again', (page, stage) => posts('/signer/adresse', { login: phoneOf(stage) })(page, stage), { needed: true }),
    state('/signer/adresse/code', 'done, sent again', sends('/signer/adresse/renvoi'), { says: /le SMS est en route/ }),
  ],
};

/** As many accounts as one screen may look for: nobody has these addresses, and no phone is spent on them. */
const SEARCHES = 8;
const looksForMany = async (page, stage) => {
  for (let at = 0; at < SEARCHES; at += 1) {
    await page.goto('/signer/adresse');
    await posts('/signer/adresse', { login: `personne.${at}@exemple-mail.fr` })(page, stage);
  }
};
const lookedForTooOften = {
  who: colleague('Isabelle Peyrat', { siret: '26400012400018' }),
  states: [
    state('/signer/adresse/code', 'error, sent too often', [`${NEW}/adresse-connue`, posts('/adresse-connue'), looksForMany, sends('/signer/adresse/renvoi')], { says: /Nous avons déjà envoyé plusieurs SMS/ }),
  ],
};

/** Someone whose phone had its four codes: two for their account, two for a password that they say is lost. */
const IMPATIENT = { given_names: 'Honorine', family_name: 'Lacaze', birth_date: '05/05/1935', phone: '06 39 98 74 03' };
async function spendsCodes(page, { cast: { town }, world }) {
  const { address } = await town.opensAccount(IMPATIENT, { aidant: await town.enrols('Odile Barbaste') });
  const codes = async () => (await received(world.base, IMPATIENT.phone)).filter((text) => /votre code est/.test(text)).length;
  const before = await codes();
  for (let times = 0; times < 2; times += 1) {
    const begun = await town.submit(town.visitor(), '/mot-de-passe-oublie', '/mot-de-passe-oublie', { login: address });
    assert.equal(begun.status, 303, begun.words);
  }
  await until(`the codes of ${IMPATIENT.phone}`, async () => (await codes()) === before + 2);
}
const impatient = {
  who: colleague('Juliette Dufau'),
  // Done on the way: a quarter of an hour later the phone may have codes again.
  states: [state('/signer/telephone', 'error, sent too often', ['/aidant', spendsCodes, '/aidant/personnes/{Honorine Lacaze}', posts('/mot-de-passe'), sends('/signer/code')], { says: /Nous avons déjà envoyé plusieurs SMS/ })],
};

/** An account is opened beside, by the aidant of the page; then its mandate is held by another, who answers for the structure, while the page is open. */
const HELD = someone('Mounicq', '06 39 98 74 04');
const opensThenHolds = async (page, { town, visitor, authenticator, notes, world }) => {
  const { draft } = await town.prepares(visitor, HELD);
  notes.draft = draft;
  await town.signs(visitor, draft, HELD.phone);
  await town.takesBack(visitor, { authenticator });
  const open = await town.submit(visitor, `${draft}/signature`, `${draft}/signature`, { code: () => authenticator.next() });
  assert.equal(open.status, 303, open.words);
  await page.context().addCookies(Object.entries(visitor.jar).map(([name, value]) => ({ name, value, url: world.base })));
  notes.other = await town.atWork(await town.enrols('Rosalie Larrieu', 'referent'));
};
const writes = (end) => async (page, { town, notes }) => {
  const answer = await town.submit(notes.other, `${notes.record}/${end}`, `${notes.record}/${end}`, { note: 'Un doute sur la signature.' });
  assert.equal(answer.status, 303, answer.words);
};
const noted = (page, { notes }) => (notes.record = new URL(page.url()).pathname);
const lends = presses('main form[action$="/mot-de-passe"] button');
const heldMeanwhile = {
  who: colleague('Lucile Cabannes'),
  states: [
    state(`${RECORD}/mot-de-passe`, 'refused, held meanwhile', [opensThenHolds, `/aidant/personnes/{${HELD.given_names} ${HELD.family_name}}`, noted, writes('pause'), lends], { needed: true }),
    state(`${NEW}/{id}/mot-de-passe`, 'refused, held meanwhile', [writes('reprise'), inDraft('/mot-de-passe'), writes('pause'), lends]),
  ],
};

const HAND = LONG.byHand.join(' ');
const theirs = ({ cast }) => cast.people.get(HAND);
/** A code of their sheet, each once. */
const ofSheet = (stage) => ({ code: theirs(stage).codes.pop() });
const sheetAtHome = {
  who: NOBODY,
  needs: [opensLongStructure, signsLongByHand],
  states: [state('/mot-de-passe-oublie/nouveau', 'by the sheet', ['/mot-de-passe-oublie/feuille', (page, stage) => posts('/feuille', { login: theirs(stage).address, ...ofSheet(stage) })(page, stage)])],
};
const sheetAtTheCounter = {
  who: colleague('Georgette Ducos', { siret: '26400012400018' }),
  needs: [opensLongStructure, signsLongByHand],
  states: [
    state('/signer/adresse', 'for a sheet', [`${NEW}/adresse-connue`, posts('/adresse-connue')], { needed: true }),
    state('/signer/termine', 'by the sheet, account recognised', [(page, stage) => posts('/signer/adresse', { login: theirs(stage).address })(page, stage), '/signer/adresse/feuille', posts('/signer/adresse/feuille', ofSheet)], { says: /C’est bien vous/ }),
  ],
};
/** What the buttons of the frame send where no script changes the page in place. */
const chooses = (form, name, value) => (page) =>
  answered(page, () =>
    page.evaluate(({ form, name, value }) => {
      const sent = document.querySelector(`form.${form}`);
      sent.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
      sent.submit();
    }, { form, name, value }),
  );

/** Signing in and out at a desk; another structure, other colours. */
const desk = {
  who: NOBODY,
  states: [
    state('/aide', 'other colours', ['/aide', chooses('palettes', 'colours', 'contrast')]),
    state('/aide', 'larger letters', chooses('sizes', 'size', '3')),
    state('/aidant/charte', 'just signed in', ['/aidant/connexion', async (page, stage) => {
      const who = await stage.town.enrols('Irène Labarthe');
      await posts('/aidant/connexion', { login: who.login, password: PASSWORD, code: await who.authenticator.next() })(page, stage);
    }], { needed: true }),
    state('/aidant/connexion', 'after signing out', [posts('/charte'), presses('form[action="/aidant/deconnexion"] button')]),
  ],
};
const twoStructures = {
  who: 'Karim Belkacem',
  states: [
    state('/aidant', 'for the other structure', ['/aidant/structure', presses('main form[action="/aidant/structure"] button')]),
    state('/aidant', 'for the first again', ['/aidant/structure', presses('main form[action="/aidant/structure"] button')], { needed: true }),
  ],
};

/** Three people whose mandate a référent ends, and why. */
const ENDED = { deces: 'Vignau-Décès', tutelle: 'Vignau-Tutelle', renoncer: 'Vignau-Fin' };
async function opensThreeToEnd({ cast: { town } }) {
  for (const [at, family_name] of Object.values(ENDED).entries()) {
    const who = await town.enrols('Odile Barbaste');
    await signsOnPaper({ alone: town, submit: (...all) => town.submit(...all) }, await town.atWork(who), who, { given_names: 'Armand', family_name, birth_date: `0${at + 1}/01/1931` });
  }
}
const today = () => new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris' }).format(new Date());
const ends = (end, more = {}) =>
  state(RECORD, `ended, ${end}`, [`/aidant/personnes/{Armand ${ENDED[end]}}/${end}`, async (page, stage) => posts(`/${end}`, { note: 'Appel de sa fille, confirmé par la mairie.', ...more, ...(await mine(stage)) }, 'button:is(.main, .grave)')(page, stage)]);
const endings = {
  who: colleague('Joséphine Barrieu', { role: 'referent' }),
  needs: [opensThreeToEnd],
  states: [
    ends('deces', { day: today() }),
    ends('tutelle'),
    state(RECORD, 'held for a doubt', [`/aidant/personnes/{Armand ${ENDED.renoncer}}/pause`, posts('/pause', { note: 'Un doute sur la signature.' }, 'button:is(.main, .grave)')], { needed: true }),
    state(RECORD, 'let go on', [`/aidant/personnes/{Armand ${ENDED.renoncer}}/reprise`, posts('/reprise', { note: 'Sa fille a confirmé.' }, 'button:is(.main, .grave)')]),
    ends('renoncer'),
  ],
};

/** The team changes; what cannot be says why. A code of the operator meets what the page offers. */
const rowOf = (name) => `main li:has(:is(h2, h3):text("${name}"))`;
const operator = (...words) => async (page, { world }) => {
  const done = await run([...words, '--data', world.dir]);
  assert.equal(done.code, 0, done.err);
};
const teams = {
  who: colleague('Léontine Darracq', { role: 'referent' }),
  states: [
    state('/structure/aidants', 'someone new', [async (page, { town, notes }) => { notes.other = await town.enrols('Marius Peyré'); }, '/structure/aidants'], { needed: true }),
    state('/structure/aidants', 'someone more who answers', presses(`${rowOf('Marius Peyré')} form[action$="/role"] button`), { says: /Marius Peyré/ }),
    state('/structure/aidants', 'someone who answers no more', presses(`${rowOf('Marius Peyré')} form[action$="/role"] button`), { needed: true }),
    state('/structure/aidants', 'done, taken out, access closed', [(page, stage) => operator('operator', 'disable', '--login', stage.notes.other.login)(page, stage), presses(`${rowOf('Marius Peyré')} form[action$="/place"] button`)], { needed: true }),
    state('/structure/aidants', 'error, access closed, not put back', presses(`${rowOf('Marius Peyré')} form[action$="/place"] button`)),
  ],
};
const SMALL = '26400012700011';
async function opensSmallStructure({ world }) {
  const opened = await run(['structure', 'open', '--name', 'Point d’accueil de Sorbets', '--siret', SMALL, '--address', '1 place du Foirail, 40997 Lesgranges-en-Orme', '--phone', '01 99 00 48 50', '--hours', 'le mardi', '--data', world.dir]);
  assert.equal(opened.code, 0, opened.err);
}
/** Two answer for a structure; while one looks at the page, the other is taken out by the operator. */
const lastOne = {
  who: colleague('Octavie Sarrade', { role: 'referent', siret: SMALL }),
  needs: [opensSmallStructure],
  states: [
    state('/structure/aidants', 'two who answer', [async (page, { town, notes }) => { notes.other = await town.enrols('Prosper Lahitte', 'referent', { siret: SMALL }); }, '/structure/aidants'], { needed: true }),
    state('/structure/aidants', 'error, the last one who answers', [(page, stage) => operator('structure', 'remove', '--siret', SMALL, '--login', stage.notes.other.login)(page, stage), presses(`${rowOf('Octavie Sarrade')} form[action$="/role"] button`)]),
  ],
};
/** Two answer for a structure: what one signed, asks for, is overtaken by what the other does. */
const RELAY = '26400012800019';
async function opensRelay({ world }) {
  const opened = await run(['structure', 'open', '--name', 'Relais de Castelnau', '--siret', RELAY, '--address', '2 place du Foirail, 40997 Lesgranges-en-Orme', '--phone', '01 99 00 48 51', '--hours', 'le jeudi', '--data', world.dir]);
  assert.equal(opened.code, 0, opened.err);
}
const signsFurther = async (page, { town, notes }) => {
  notes.other = await town.enrols('Ursule Labeyrie', 'referent', { siret: RELAY });
  const desk = await town.atWork(notes.other);
  const shown = (html) => Object.fromEntries(['first', 'last'].map((name) => [name, html.match(new RegExp(`name="${name}" value="([^"]+)"`))[1]]));
  const signed = await town.submit(desk, '/structure/journal', '/structure/journal/relecture', shown);
  assert.equal(signed.status, 303, signed.words);
};
const overtaken = {
  who: colleague('Rosemonde Tauzin', { role: 'referent', siret: RELAY }),
  needs: [opensRelay],
  states: [
    state('/structure/journal', 'done, signed first', ['/structure/journal', presses('form[action$="/relecture"] button.main')], { needed: true }),
    state('/structure/journal', 'error, signed further meanwhile', [signsFurther, presses('main .done form button')], { needed: true, says: /ne peut plus être annulée/ }),
    state('/structure/journal/raison/{id}', 'refused, has left meanwhile', ['/structure/journal', '› Demander la raison à', (page, stage) => operator('structure', 'remove', '--siret', RELAY, '--login', stage.notes.other.login)(page, stage), presses('main form button.main')], { says: /ne fait plus partie/ }),
  ],
};
const letters = {
  who: colleague('Marceline Dubos', { role: 'referent', siret: '26400012400018' }),
  states: [
    state('/structure/aidants', 'done, invited', ['/structure/aidants/inviter', posts('/inviter', { name: 'Noémie Castagnos', login: 'noemie.castagnos@val-orme.example' })]),
    state('/structure/aidants', 'letter sent again', presses(`${rowOf('Noémie Castagnos')} form[action$="/lettre"] button`)),
    state('/structure/aidants', 'invitation taken back', presses(`${rowOf('Noémie Castagnos')} form[action$="/retrait"] button`)),
  ],
};

const HEAVY = { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(21_000_000, 1) };
/** Someone's letters: what cannot be joined, what is taken back. */
const joining = {
  who: 'Lucien Dubourdieu',
  states: [
    state('/messages/ecrire', 'error, a file too heavy', ['/messages/ecrire', async (page) => page.setInputFiles('main [name=files]', HEAVY), presses('main button[formaction$="/joindre"]:visible')]),
    state('/messages/ecrire', 'error, kept but for a file too heavy', ['/messages/ecrire', async (page) => page.fill('main [name=text]', 'Bonjour,'), async (page) => page.setInputFiles('main [name=files]', HEAVY), presses('main button[formaction$="/garder"]:visible')]),
    state('/messages/a-finir', 'done, kept', ['/messages/ecrire', async (page) => page.fill('main [name=text]', 'Bonjour,'), presses('main button[formaction$="/garder"]:visible')]),
    state('/messages/a-finir', 'done, thrown away again', presses('main form[action$="/jeter"] button'), { needed: true }),
    state('/messages/a-finir', 'taken back', presses('main form[action$="/reprendre"] button')),
  ],
};

export default [
  counter, byHand, withoutPhone, byVoice, lookedFor, lookedForTooOften, impatient, heldMeanwhile, sheetAtHome, sheetAtTheCounter, desk, twoStructures, endings, teams, lastOne, overtaken,
  letters, joining,
];
