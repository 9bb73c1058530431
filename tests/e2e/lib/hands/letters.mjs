// What a person does with their letters, from the first word to the bin.

import assert from 'node:assert/strict';
import { until } from '../program.mjs';
import { bring } from '../stack.mjs';
import { held } from './hands.mjs';

export async function letters(town, { mark, peers, phones }) {
  const account = await town.alone.opensAccount({ given_names: 'Odette', family_name: `Lettre ${mark}`, birth_date: '02/02/1940', phone: phones.next() });
  const home = await town.alone.atHome(account);
  await town.passes(home, '/messages/ecrire', '/messages/ecrire', { to: 'sophie@ailleurs.test', subject: `Une fois ${mark}`, text: 'Une seule fois.' });
  await home.get('/messages');
  await town.post(home, '/messages/recherche', { words: `Une fois ${mark}` });
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

/** So many letters are thrown away and put back where bringing one costs nothing: two hands meet in the mailbox now and then only. */
const THROWN = 5;

/** To the bin, and back. The letters come from outside where there is an outside, one from oneself in the demo. */
async function binned(town, home, { account: { address }, mark, peers }) {
  const listed = async (path, what) => [...new Set([...(await home.get(path)).html.matchAll(what)].map(([name]) => name))];
  for (let letter = 1; letter <= (peers ? THROWN : 1); letter += 1) {
    const subject = `Corbeille ${mark} ${letter}`;
    if (peers) await bring(peers, { from: 'sophie@ailleurs.test', to: address, letter: `From: sophie@ailleurs.test\nTo: ${address}\nSubject: ${subject}\nMessage-ID: <c${mark}${letter}@ailleurs.test>\n\nBonjour.\n` });
    else await town.alone.writes(home, { to: address, subject });
    // The newest is the first of the list.
    const received = await until('the letter', async () => (await listed('/messages', /recu-\d+-\d+/g)).length === letter && (await listed('/messages', /recu-\d+-\d+/g))[0], 180_000);
    await home.get(`/messages/${received}`);
    await town.post(home, `/messages/${received}/corbeille`, {});
    const thrown = await listed('/messages/corbeille', /jete-\d+-\d+/g);
    assert.equal(thrown.length, 1, 'one letter in the bin');
    await home.get(`/messages/${thrown[0]}`);
    await town.post(home, `/messages/${thrown[0]}/remettre`, {});
    assert.equal((await listed('/messages', /recu-\d+-\d+/g)).length, letter, 'each letter once in the inbox');
  }
}
