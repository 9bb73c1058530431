// An account opened at the counter, whole; a mandate given up; the way in, the way out.

import assert from 'node:assert/strict';
import { SECRET } from '../town.mjs';

export async function account(town, { mark, phones }) {
  const phone = phones.next();
  const who = await town.enrols(`Agnès ${mark}`);
  const desk = await town.atWork(who);
  const person = { given_names: 'Solange', family_name: `Pinaud ${mark}`, birth_date: '02/02/1939', phone };
  const { draft, address } = await town.prepares(desk, person);
  // Corrected, then presented again.
  await town.passes(desk, `${draft}/personne`, `${draft}/personne`, { ...person, birthplace: 'Dax', identity_check: 'paper_seen', protection: 'none' });
  await town.post(desk, `${draft}/adresse`, { address });
  await town.passes(desk, `${draft}/mandat`, `${draft}/mandat`, { powers: ['create_account', 'give_access_back'], duration: 'year' });
  await town.signs(desk, draft, phone);
  await town.takesBack(desk, who);
  await town.passes(desk, `${draft}/signature`, `${draft}/signature`, { code: () => who.authenticator.next() });
  await town.passes(desk, `${draft}/mot-de-passe`, `${draft}/mot-de-passe`);
  await town.choosesSecret(desk, phone, SECRET);
  await town.submit(desk, '/signer/feuille-de-secours', '/signer/feuille-de-secours');
  await town.takesBack(desk, who);
  const other = { ...person, family_name: `Renonce ${mark}`, phone: phones.next(), birthplace: 'Dax', identity_check: 'paper_seen', protection: 'none' };
  const begun = await town.alone.submit(desk, '/aidant/nouveau-compte/personne', '/aidant/nouveau-compte/personne', other);
  const given = begun.to.replace(/\/adresse$/, '');
  await town.passes(desk, `${given}/abandonner`, `${given}/abandonner`);
  await town.submit(desk, '/aidant', '/affichage', { size: 'large' });
  await town.submit(desk, '/aidant', '/aidant/deconnexion');
  const home = await town.atHome({ address, secret: SECRET });
  assert.equal((await home.get('/compte')).status, 200);
}
