// Who works for a structure: invited, enrolled, named, taken out and back; and someone who joins from another one.

import assert from 'node:assert/strict';
import { Authenticator } from '../acts.mjs';
import { until } from '../program.mjs';
import { departed } from '../stack.mjs';
import { PASSWORD } from '../town.mjs';
import { founds, held } from './hands.mjs';

export async function team(town, { mark }) {
  const who = await town.enrols(`Hélène ${mark}`, 'referent');
  const other = await town.enrols(`Berthe ${mark}`);
  const desk = await town.alone.atWork(who);
  await town.passes(desk, '/structure/aidants/inviter', '/structure/aidants/inviter', { name: 'Lucie Martin', login: `lucie.${mark}@vaudorme.example`, role: 'aidant' });
  const page = await desk.get('/structure/aidants');
  const invitation = page.html.match(/\/structure\/invitations\/([0-9a-f-]{36})\/lettre/)[1];
  await town.post(desk, `/structure/invitations/${invitation}/lettre`, { after: held(page.html, 'after') });
  await town.submit(desk, '/structure/aidants', `/structure/invitations/${invitation}/retrait`);
  const rows = (await desk.get('/structure/aidants')).html.split('<li').filter((part) => part.includes(other.name));
  const member = rows.join('').match(/\/structure\/aidants\/([0-9a-f-]{36})\/role/)[1];
  await town.post(desk, `/structure/aidants/${member}/role`, { role: 'referent' });
  await town.passes(desk, '/structure/aidants', `/structure/aidants/${member}/place`, { place: 'out' });
  await town.passes(desk, '/structure/aidants', `/structure/aidants/${member}/place`, { place: 'in' });
  const sheet = await town.submit(desk, '/aidant/codes-de-secours', '/aidant/codes-de-secours', { code: () => who.authenticator.next() });
  assert.ok(sheet.status < 400, sheet.words);
}

/** The link of an invitation, as their letter has it. */
async function invited(town, desk, { login, name, peers }) {
  const asked = await town.alone.submit(desk, '/structure/aidants/inviter', '/structure/aidants/inviter', { name, login, role: 'aidant' });
  assert.equal(asked.status, 303, asked.words);
  return until(`the letter to ${login}`, async () => {
    const letters = peers ? await departed(peers) : (await town.visitor().get('/bac-a-sable/courrier-parti')).html.split('<li');
    const letter = letters.find((one) => one.includes(login))?.replaceAll(/=\r?\n/g, '').replaceAll(/<[^>]*>/g, '');
    return letter?.match(/\/invitation\/lien\/[\w-]+/)?.[0];
  });
}

async function opens(town, link) {
  const visitor = town.visitor();
  assert.equal((await visitor.get(link)).to, '/invitation');
  return visitor;
}

export async function joining(town, { mark, peers, place }) {
  const desk = await town.alone.atWork(await town.enrols(`Odile ${mark}`, 'referent'));
  const paul = await opens(town, await invited(town, desk, { login: `paul.${mark}@ailleurs.test`, name: 'Paul Ferrand', peers }));
  await town.passes(paul, '/invitation', '/invitation', { name: 'Paul Ferrand', password: PASSWORD });
  const page = await paul.get('/invitation/application');
  const letters = page.html.match(/class="secret">(.*?)<\/p>/s)[1].replaceAll(/<[^>]*>|\s/g, '');
  const authenticator = new Authenticator(letters);
  await town.passes(paul, '/invitation/application', '/invitation/application', { code: () => authenticator.next() });
  await town.passes(paul, '/aidant/charte', '/aidant/charte');
  assert.equal((await paul.get('/aidant')).status, 200);

  // Someone of another structure has codes already, and says yes.
  const elsewhere = await founds(town, place());
  const hugo = await elsewhere.enrols('Hugo Petit', 'aidant', { domain: 'ailleurs.test' });
  const theirs = await opens(town, await invited(town, desk, { login: hugo.login, name: hugo.name, peers }));
  const joined = await town.submit(theirs, '/invitation', '/invitation/accepter');
  assert.equal(joined.status, 200, joined.words);
  const at = await elsewhere.atWork(hugo);
  const places = await at.get('/aidant/structure');
  const other = held(places.html, 'structure');
  assert.ok(other, places.words);
  await town.passes(at, '/aidant/structure', '/aidant/structure', { structure: other });
}
