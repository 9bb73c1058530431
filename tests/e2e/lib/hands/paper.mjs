// The other ways to sign: a print, a spoken yes, a drawing before the aidant, a no. And who has no phone: their sheet of codes.

import assert from 'node:assert/strict';
import { SECRET, STROKES } from '../town.mjs';
import { held, record, signsOnPaper } from './hands.mjs';

const SCAN = '%PDF-1.7\nUne page.\n%%EOF\n';
const BORN = { given_names: 'Josette', birth_date: '05/03/1942' };

/** Someone without a phone: a print, photographed and said whole; then their sheet opens what a text message opens for others. */
export async function paper(town, { mark }) {
  const { alone } = town;
  const [who, other, third] = await Promise.all(['Nadia Roussel', 'Karim Benali', 'Claire Morel'].map((name) => town.enrols(name)));
  const desk = await alone.atWork(who);
  const person = await signsOnPaper(town, desk, who, { ...BORN, family_name: `Papier ${mark}` });
  const lent = await alone.submit(desk, `${person.draft}/mot-de-passe`, `${person.draft}/mot-de-passe`);
  assert.equal(lent.to, '/signer', lent.words);
  const chosen = await alone.submit(desk, '/signer/mot-de-passe', '/signer/mot-de-passe', { password: SECRET });
  assert.equal(chosen.status, 303, chosen.words);
  const sheet = await alone.submit(desk, '/signer/feuille-de-secours', '/signer/feuille-de-secours');
  const codes = [...sheet.html.matchAll(/<li>(\w{5} \w{5})<\/li>/g)].map(([, code]) => code);
  assert.equal(codes.length, 10, sheet.words);

  const second = await alone.atWork(other);
  await print(town, second, other, person.record);
  await town.passes(second, person.record, `${person.record}/mot-de-passe`);
  await town.passes(second, '/signer/code-de-secours', '/signer/code-de-secours', { code: codes[0] });

  const found = await alone.atWork(third);
  await alone.submit(found, '/aidant/nouveau-compte/adresse-connue', '/aidant/nouveau-compte/adresse-connue');
  await alone.submit(found, '/signer/adresse', '/signer/adresse', { login: person.address });
  await town.passes(found, '/signer/adresse/feuille', '/signer/adresse/feuille', { code: codes[1] });

  await town.passes(town.visitor(), '/mot-de-passe-oublie/feuille', '/mot-de-passe-oublie/feuille', { login: person.address, code: codes[2] });
}

/** Three pages, moved, taken away, put back, said whole. */
async function print(town, desk, who, path) {
  const pages = async () => [...(await desk.get(`${path}/copie`)).html.matchAll(/name="page" value="([0-9a-f-]{36})"/g)].map(([, page]) => page);
  const add = async (how) => {
    const once = held((await desk.get(`${path}/copie`)).html, 'once');
    const added = await how(once);
    assert.equal(added.status, 303, added.words);
  };
  await add((once) => town.carry(desk, `${path}/copie`, { once }, { page: SCAN }));
  for (const number of [2, 3]) await add((once) => desk.carry(`${path}/copie`, { once }, { page: `${SCAN}%${number}` }));
  const [one, two, three, ...more] = await pages();
  assert.deepEqual(more, [], 'three pages');
  await town.post(desk, `${path}/copie/ordre`, { page: three, before: two, how: 'monter' });
  assert.deepEqual(await pages(), [one, three, two], 'one place nearer the first, however often it was pressed');
  await town.post(desk, `${path}/copie/ordre`, { page: three, how: 'retirer' });
  assert.deepEqual(await pages(), [one, two]);
  await town.post(desk, `${path}/copie/ordre`, { page: three, how: 'remettre' });
  assert.deepEqual(await pages(), [one, three, two], 'back where it was');
  await town.passes(desk, `${path}/copie`, `${path}/copie/terminee`, { code: () => who.authenticator.next() });
}

/** A spoken yes, a no, a drawing before the aidant. */
export async function gestures(town, { mark, phones }) {
  const { alone } = town;
  const who = await town.enrols('Nadia Roussel');
  const desk = await alone.atWork(who);
  const lends = async (person) => {
    const { draft } = await alone.prepares(desk, { ...BORN, ...person });
    const lent = await alone.submit(desk, `${draft}/lecture`, `${draft}/lecture`);
    assert.equal(lent.to, '/signer', lent.words);
  };
  const phone = phones.next();
  await lends({ family_name: `Oui ${mark}`, phone });
  const code = await alone.codeOf(phone, () => alone.submit(desk, '/signer/mandat', '/signer/code'));
  await town.passes(desk, '/signer/oui', '/signer/oui', { code, said: 'oui' });
  await alone.takesBack(desk, who);
  await lends({ family_name: `Dessine ${mark}`, phone: '', no_phone: 'yes' });
  await town.passes(desk, '/signer/sans-telephone', '/signer/sans-telephone', { strokes: STROKES });
  await alone.takesBack(desk, who);
  await lends({ family_name: `Non ${mark}`, phone: phones.next() });
  await town.passes(desk, '/signer/refus', '/signer/refus');
}

/** A new mandate for who has an account: from their record, or by saying which account is theirs. */
export async function renewal(town, { mark, phones }) {
  const { alone } = town;
  const account = await alone.opensAccount({ given_names: 'René', family_name: `Encore ${mark}`, birth_date: '02/02/1943', phone: phones.next() });
  const who = await town.enrols('Karim Benali');
  const desk = await alone.atWork(who);
  const path = await record(desk, account.address);
  await town.passes(desk, `${path}/renouveler`, `${path}/renouveler`, { identity_check: 'known_person', protection: 'none' });
  await town.passes(desk, '/aidant/nouveau-compte/adresse-connue', '/aidant/nouveau-compte/adresse-connue');
  const back = await alone.submit(desk, '/aidant/ecran-prete', '/aidant/ecran-prete', { code: () => who.authenticator.next() });
  assert.match(back.to, /\/aidant\/nouveau-compte\//, back.words);
  await town.passes(desk, `${back.to}/retrouver`, `${back.to}/retrouver`);
  await alone.codeOf(account.phone, () => town.submit(desk, '/signer/adresse', '/signer/adresse', { login: account.address }));
  const code = await alone.codeOf(account.phone, () => town.submit(desk, '/signer/adresse/code', '/signer/adresse/renvoi'));
  await town.passes(desk, '/signer/adresse/code', '/signer/adresse/code', { code });
  assert.equal((await desk.get('/signer')).to, '/signer/termine');
}
