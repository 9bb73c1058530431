// A film received by eight people who fetch it at once, each over a slow line. No test: it gives figures.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { put } from './lmtp.mjs';
import { held } from './memory.mjs';
import { Visitor } from './visitor.mjs';

const FILM = 15_000_000;
/** What the line of a telephone brings in a second, in bytes. */
const LINE = 2_500_000;

/** Gives rows: what, unit, measured, beside, other. */
export async function heavy(house, people, cookie) {
  const film = randomBytes(FILM);
  const parts = `--x\r\n\r\nVoici\r\n--x\r\nContent-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n${film.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`;
  for (const { address } of people) await put(house.peers, address, [{ subject: 'film', kind: 'multipart/mixed', parts }]);
  const files = await Promise.all(
    people.map(async ({ token }) => {
      const home = new Visitor(house.base, { [cookie]: token });
      const [letter] = (await home.get('/messages')).html.match(/\/messages\/[a-z]+-\d+-\d+/);
      home.leaves();
      return { address: new URL(`${letter}/fichier/1`, house.base), headers: { cookie: `${cookie}=${token}` } };
    }),
  );
  const digest = createHash('sha256').update(film).digest('hex');
  const began = performance.now();
  assert.equal(await fetched(files[0], Infinity), digest);
  const alone = performance.now() - began;

  const memory = async () => (await Promise.all(house.pids().map(held))).reduce((sum, each) => sum + each.rss, 0);
  const before = await memory();
  let [most, fetching] = [before, true];
  const watching = (async () => {
    while (fetching) {
      most = Math.max(most, await memory());
      await pause(50);
    }
  })();
  const given = await Promise.all(files.map((file) => fetched(file, LINE)));
  fetching = false;
  await watching;
  assert.ok(given.every((one) => one === digest));
  const row = (what, unit, measured, beside, other) => ({ what, unit, measured, beside, other });
  return [
    row('file of 15 MB, 1 person', 'ms', alone, 'a second', 1000),
    row(`file of 15 MB, ${files.length} slow lines at once: both programs, above before`, 'MB', most - before, 'the files together', (files.length * FILM) / 1e6),
  ];
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
