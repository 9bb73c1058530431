// What a person does with their letters, from the first word to the bin.

import assert from 'node:assert/strict';
import { until } from '../program.mjs';
import { bring } from '../stack.mjs';
import { held } from './hands.mjs';

export async function letters(town, { mark, peers, phones }) {
  const account = await town.alone.opensAccount({ given_names: 'Odette', family_name: `Lettre ${mark}`, birth_date: '02/02/1940', phone: phones.next() });
  const home = await town.alone.atHome(account);
  await town.passes(home, '/messages/ecrire', '/messages/ecrire', { to: 'sophie@ailleurs.test', subject: `Une fois ${mark}`, text: 'Une seule fois.' });
  await unfinished(town, home, mark);
  // Taken back before it leaves.
  const given = await town.alone.submit(home, '/messages/ecrire', '/messages/ecrire', { to: 'marc@ailleurs.test', subject: `Reprise ${mark}`, text: 'Trop vite.' });
  await home.get('/messages');
  await town.post(home, `/messages/annuler/${given.to.match(/[0-9a-f]{8}-[0-9a-f-]{27}/)[0]}`, {});
  await binned(town, home, { account, mark, peers });
  await town.submit(home, '/messages', '/deconnexion');
}

/** A letter kept, with a file, thrown away, taken back. */
async function unfinished(town, home, mark) {
  const page = await home.get('/messages/ecrire');
  const draft = { once: held(page.html, 'once'), to: 'paul@ailleurs.test', subject: `À finir ${mark}`, text: 'Je commence.' };
  await town.post(home, '/messages/ecrire/tout-seul', draft);
  const kept = (await home.get('/messages/a-finir')).html.match(/\/messages\/a-finir\/([0-9a-f-]{36})\/jeter/)[1];
  const fields = (html, text) => ({ once: held(html, 'once'), brouillon: held(html, 'brouillon'), version: held(html, 'version'), to: draft.to, subject: draft.subject, text });
  await town.carry(home, '/messages/ecrire/garder', fields((await home.get(`/messages/ecrire?suite=${kept}`)).html, 'Je commence bien.'), {});
  const going = await home.get(`/messages/ecrire?suite=${kept}`);
  const joined = await town.carry(home, '/messages/ecrire/joindre', fields(going.html, 'Je continue.'), { files: 'Une seule feuille.' });
  assert.equal(joined.status, 303, joined.words);
  const again = await home.get(joined.to);
  const files = [...again.html.matchAll(/\/messages\/ecrire\/retirer\/([0-9a-f-]{36})/g)];
  assert.equal(files.length, 1, 'one file is joined');
  await town.carry(home, `/messages/ecrire/retirer/${files[0][1]}`, fields(again.html, 'Je continue.'), {});
  await town.submit(home, '/messages/a-finir', `/messages/a-finir/${kept}/jeter`);
  await home.get(`/messages/a-finir?jete=${kept}`);
  await town.post(home, `/messages/a-finir/${kept}/reprendre`, {});
  assert.equal([...(await home.get('/messages/a-finir')).html.matchAll(/\/jeter"/g)].length, 1, 'one draft');
}

/** To the bin, and back. The letter comes from outside where there is an outside, from oneself in the demo. */
async function binned(town, home, { account: { address }, mark, peers }) {
  if (peers) await bring(peers, { from: 'sophie@ailleurs.test', to: address, letter: `From: sophie@ailleurs.test\nTo: ${address}\nSubject: Corbeille\nMessage-ID: <c${mark}@ailleurs.test>\n\nBonjour.\n` });
  else await town.alone.writes(home, { to: address, subject: 'Corbeille' });
  const received = await until('the letter', async () => (await home.get('/messages')).html.match(/href="\/messages\/(recu-[\d-]+)"/)?.[1], 180_000);
  await home.get(`/messages/${received}`);
  await town.post(home, `/messages/${received}/corbeille`, {});
  const bin = await home.get('/messages/corbeille');
  const thrown = [...new Set([...bin.html.matchAll(/jete-[\d-]+/g)].map(([name]) => name))];
  assert.equal(thrown.length, 1, 'one letter in the bin');
  await home.get(`/messages/${thrown[0]}`);
  await town.post(home, `/messages/${thrown[0]}/remettre`, {});
  assert.equal(new Set([...(await home.get('/messages')).html.matchAll(/href="\/messages\/(recu-[\d-]+)"/g)].map(([, name]) => name)).size, 1, 'one letter in the inbox');
}
