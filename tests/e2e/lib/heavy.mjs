// A film received by eight people who fetch it at once, each over a slow line, and one that leaves. No test: it gives figures.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { put } from './lmtp.mjs';
import { together } from './memory.mjs';
import { until } from './program.mjs';
import { Visitor } from './visitor.mjs';

const FILM = 15_000_000;
/** What the line of a telephone brings in a second, in bytes. */
const LINE = 2_500_000;

/** The files go through both programs in turn, straight. Gives rows: what, unit, measured, beside, other. */
export async function heavy(house, ask, people, cookie) {
  const film = randomBytes(FILM);
  const parts = `--x\r\n\r\nVoici\r\n--x\r\nContent-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n${film.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`;
  for (const { address } of people) await put(house.peers, address, [{ subject: 'film', kind: 'multipart/mixed', parts }]);
  const files = await Promise.all(
    people.map(async ({ token }, at) => {
      const door = house.doors[at % house.doors.length];
      const home = new Visitor(door, { [cookie]: token });
      const [letter] = (await home.get('/messages')).html.match(/\/messages\/[a-z]+-\d+-\d+/);
      home.leaves();
      return { address: new URL(`${letter}/fichier/1`, door), headers: { cookie: `${cookie}=${token}` } };
    }),
  );
  const digest = createHash('sha256').update(film).digest('hex');
  const began = performance.now();
  assert.equal(await fetched(files[0], Infinity), digest);
  const alone = performance.now() - began;

  const [given, above] = await watched(house, () => Promise.all(files.map((file) => fetched(file, LINE))));
  assert.ok(given.every((one) => one === digest));
  const row = (what, unit, measured, beside, other) => ({ what, unit, measured, beside, other });
  const [left, grew] = await watched(house, () => leaves(house, ask, people[0], people[1], cookie));
  return [
    row('file of 15 MB, 1 person', 'ms', alone, 'a second', 1000),
    row(`file of 15 MB, ${files.length} slow lines at once: both programs, above before`, 'MB', above, 'the files together', (files.length * FILM) / 1e6),
    row('letter with a file of 15 MB: joined', 'ms', left.joined, 'a second', 1000),
    row('the same: leaves, from the end of the undo window to the yes of Postfix', 'ms', left.took, 'a second', 1000),
    row('the same: both programs, above before', 'MB', grew, 'the file', FILM / 1e6),
  ];
}

/** Does this, and gives by how much both programs grew meanwhile, in megabytes. */
async function watched(house, act) {
  const memory = async () => (await together(house.pids())).rss;
  const before = await memory();
  let [most, going] = [before, true];
  const watching = (async () => {
    while (going) {
      most = Math.max(most, await memory());
      await pause(50);
    }
  })();
  const given = await act();
  going = false;
  await watching;
  return [given, most - before];
}

/** Someone joins a film to a letter and sends it; gives how long joining took, and leaving. */
async function leaves(house, ask, { token, id }, to, cookie) {
  const home = new Visitor(house.doors, { [cookie]: token });
  const field = (html, name) => html.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1] ?? '';
  const letter = (html) => ({ once: field(html, 'once'), brouillon: field(html, 'brouillon'), version: field(html, 'version'), to: to.address, subject: 'Un film', text: 'Voici.' });
  const page = await home.get('/messages/ecrire');
  // Letters and figures: what a form carries as text stays what it is.
  const film = randomBytes(FILM / 2).toString('hex');
  const began = performance.now();
  const kept = await home.carry('/messages/ecrire/joindre', letter(page.html), { files: film });
  assert.equal(kept.status, 303, kept.words);
  const joined = performance.now() - began;
  const sent = await home.carry('/messages/ecrire', letter((await home.get(kept.to)).html), {});
  assert.equal(sent.status, 303, sent.words);
  const [[accepted, due]] = await until('the yes of Postfix', async () => {
    const rows = await ask(`select accepted_at, not_before from outbox where usager = '${id}' and accepted_at is not null`);
    return rows.length > 0 && rows;
  }, 120_000);
  home.leaves();
  return { joined, took: (accepted - due) / 1000 };
}

/** Fetches a file, at most so many bytes a second; gives what its bytes add up to. */
async function fetched({ address, headers }, line) {
  const answer = await new Promise((resolve, reject) => get(address, { headers }, resolve).on('error', reject));
  assert.equal(answer.statusCode, 200);
  assert.equal(Number(answer.headers['content-length']), FILM);
  const digest = createHash('sha256');
  for await (const piece of answer) {
    digest.update(piece);
    await pause((piece.length / line) * 1000);
  }
  return digest.digest('hex');
}
