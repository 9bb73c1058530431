// Many people at once, on the real peers. No test: it gives figures, each beside what it is compared with.
//
// The people are put into the base from beside, with their sessions: opening two thousand accounts at the counter is not what is measured here.
// Their pages are asked for by plain requests, each going to the other of two programs.

import assert from 'node:assert/strict';
import { createHash, createPrivateKey, randomBytes, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { heavy } from './heavy.mjs';
import { put } from './lmtp.mjs';
import { held } from './memory.mjs';
import { service } from './service.mjs';
import { reader } from './sql.mjs';
import { Visitor } from './visitor.mjs';

const CROWDS = [1, 8, 32];
/** How many pages each measure asks for, all people together. */
const PAGES = 320;
/** The cookie of a person's session, where the service is not on https. */
const SESSION = 'session';

/** Two programs; `people` signed in, of whom 32 have `letters` letters each. Gives rows: what, unit, measured, beside, other. */
export async function crowd(people = 2000, letters = 200) {
  const house = await service({ programs: 2 });
  const tell = (words) => console.error(words);
  try {
    tell('the people');
    const ask = reader({ peers: house.peers });
    const all = await signedIn(ask, house.peers.domain, Math.max(people, CROWDS.at(-1)));
    const busy = all.slice(0, CROWDS.at(-1));
    tell('their letters');
    for (const someone of busy) await fill(house.peers, someone.address, letters);
    const rows = [];
    for (const many of CROWDS) {
      tell(`${many} at once`);
      rows.push(...(await atOnce(house, busy.slice(0, many), letters)));
    }
    tell('what is written');
    rows.push(...(await written(house, ask, busy[0])));
    tell('everyone');
    rows.push(...(await idle(house, all, busy)));
    tell('heavy files');
    rows.push(...(await heavy(house, ask, busy.slice(0, 8), SESSION)));
    return rows;
  } finally {
    await house.stop();
  }
}

const row = (what, unit, measured, beside, other) => ({ what, unit, measured, beside, other });

/** Accounts, each with a session of its own that lasts. */
async function signedIn(ask, domain, many) {
  const now = Date.now() * 1000;
  const people = Array.from({ length: many }, (_, at) => ({ id: randomUUID(), session: randomUUID(), address: `personne.${at}@${domain}`, token: randomBytes(32).toString('base64url') }));
  for (let from = 0; from < many; from += 500) {
    const some = people.slice(from, from + 500);
    const values = (each) => some.map((person) => `(${each(person)})`).join(',');
    const hash = (token) => `'\\x${createHash('sha256').update(token).digest('hex')}'`;
    await ask(`insert into usager (id, address, given_names, family_name, created_at) values ${values((person) => `'${person.id}','${person.address}','Jeanne','Personne',${now}`)}`);
    await ask(`insert into taken_address (address, taken_at) values ${values((person) => `'${person.address}',${now}`)}`);
    await ask(
      `insert into session (id, token_hash, usager, method, computer, opened_at, seen_at, ends_at) values ${values((person) => `'${person.session}',${hash(person.token)},'${person.id}','password','own',${now},${now},${now + 86_400_000_000}`)}`,
    );
  }
  return people;
}

/** Letters of a few kilobytes, text and HTML. */
async function fill(peers, address, many) {
  const text = 'Bonjour, voici le compte rendu de la réunion de mardi. '.repeat(15);
  const parts = ['plain', 'html'].map((kind) => `--x\r\nContent-Type: text/${kind}; charset=utf-8\r\n\r\n${kind === 'html' ? `<p>${text}</p>` : text}\r\n`).join('');
  const letter = (_, at) => ({ subject: `Lettre ${at}`, kind: 'multipart/alternative', parts });
  await put(peers, address, Array.from({ length: many }, letter));
}

function visitor(house, person) {
  return new Visitor(house.base, { [SESSION]: person.token });
}

async function timed(times, act) {
  const began = performance.now();
  const given = await act();
  times.push(performance.now() - began);
  return given;
}

function share(times, part) {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** The address of the newest letter of a list. */
function newest(page) {
  const [letter] = page.html.match(/\/messages\/[a-z]+-\d+-\d+/) ?? [];
  assert.ok(letter, `${page.status} ${page.to ?? ''} ${page.words.slice(0, 300)}`);
  return letter;
}

/** Lists and letters for so many people at once, through the pages, then by hand. */
async function atOnce(house, people, letters) {
  const rounds = Math.ceil(PAGES / people.length);
  const [list, open, rawList, rawOpen] = [[], [], [], []];
  await Promise.all(
    people.map(async (person) => {
      const home = visitor(house, person);
      const letter = newest(await home.get('/messages'));
      await home.get('/messages');
      for (let round = 0; round < rounds; round += 1) {
        assert.equal((await timed(list, () => home.get('/messages'))).status, 200);
        assert.equal((await timed(open, () => home.get(letter))).status, 200);
      }
      home.leaves();
    }),
  );
  await Promise.all(
    people.map(async (person) => {
      const raw = await Raw.enter(house.peers, person.address);
      const rows = `FETCH ${Math.max(1, letters - 24)}:${letters} (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])`;
      for (let round = 0; round < rounds; round += 1) {
        await timed(rawList, async () => [await raw.say('SELECT INBOX'), await raw.say(rows)]);
        await timed(rawOpen, async () => [await raw.say('SELECT INBOX'), await raw.say(`FETCH ${letters} (BODY.PEEK[])`)]);
      }
      raw.leaves();
    }),
  );
  const many = people.length === 1 ? '1 person' : `${people.length} at once`;
  return [
    ['list', list, rawList],
    ['letter', open, rawOpen],
  ].flatMap(([what, ours, raw]) => [
    row(`${what}, ${many}: page, median`, 'ms', share(ours, 0.5), 'raw IMAP', share(raw, 0.5)),
    row(`${what}, ${many}: page, 95th percentile`, 'ms', share(ours, 0.95), 'raw IMAP', share(raw, 0.95)),
  ]);
}

/** A client that understands nothing: it reads until its tag comes back. */
class Raw {
  #heard = '';
  #wake;

  static async enter({ dovecot: { imap_port, key_file, kid }, issuer }, address) {
    const raw = new Raw();
    raw.socket = createConnection(imap_port, '127.0.0.1').setNoDelay(true);
    await once(raw.socket, 'connect');
    raw.socket.setEncoding('latin1').on('data', (text) => {
      raw.#heard += text;
      raw.#wake?.();
    });
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const signed = `${part({ alg: 'ES256', typ: 'JWT', kid })}.${part({ iss: issuer, sub: address, aud: 'mail', scope: 'mail', iat: now - 5, exp: now + 80, jti: randomUUID() })}`;
    const key = createPrivateKey(await readFile(key_file, 'utf8'));
    const token = `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    await raw.say(`AUTHENTICATE OAUTHBEARER ${Buffer.from(`n,a=${address},\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64')}`);
    return raw;
  }

  async say(words) {
    this.#heard = '';
    this.socket.write(`r ${words}\r\n`);
    for (;;) {
      const last = this.#heard.endsWith('\r\n') ? this.#heard.slice(this.#heard.lastIndexOf('\n', this.#heard.length - 3) + 1) : '';
      assert.ok(!last.startsWith('+'), 'the mail server asks for more: it refused the token');
      const end = last.match(/^r (\w+)/);
      if (end) {
        assert.equal(end[1], 'OK', last);
        return;
      }
      await new Promise((wake) => {
        this.#wake = wake;
      });
    }
  }

  leaves() {
    this.socket.destroy();
  }
}

/** Rows that the base wrote, as it counts them itself; what the programs write while nobody asks is taken off. */
async function written(house, ask, person) {
  const count = async () => {
    // A backend tells what it counted once it is idle, a second apart at most.
    await pause(2500);
    const [[rows, commits]] = await ask('select tup_inserted + tup_updated + tup_deleted, xact_commit from pg_stat_database where datname = current_database()');
    return { rows: Number(rows), commits: Number(commits) };
  };
  const home = visitor(house, person);
  const letter = newest(await home.get('/messages'));
  const rows = [];
  for (const [what, path] of [
    ['list', '/messages'],
    ['letter', letter],
  ]) {
    const before = await count();
    const began = performance.now();
    for (let at = 0; at < 100; at += 1) assert.equal((await home.get(path)).status, 200);
    const took = performance.now() - began;
    const after = await count();
    await pause(took);
    const later = await count();
    const per = (name) => Math.max(0, after[name] - before[name] - (later[name] - after[name])) / 100;
    rows.push(row(`${what}: rows written to the base, each page`, '', per('rows'), 'transactions', per('commits')));
  }
  home.leaves();
  return rows;
}

/** The share of every process of the mail server that has a mailbox open. */
async function heldByDovecot() {
  const each = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(async (pid) => {
    try {
      return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === 'imap' ? (await held(pid)).pss : 0;
    } catch {
      // It left meanwhile.
      return 0;
    }
  });
  return (await Promise.all(each)).reduce((sum, one) => sum + one, 0);
}

/** Everyone looks at their messages once, and stays. */
async function idle(house, all, busy) {
  const memory = async () => (await Promise.all(house.pids().map(held))).reduce((sum, each) => sum + each.rss, 0);
  const before = await memory();
  const first = [];
  let turn = 0;
  const hand = async () => {
    while (turn < all.length) {
      const person = all[turn];
      turn += 1;
      const home = visitor(house, person);
      const page = await timed(first, () => home.get('/messages'));
      assert.equal(page.status, 200, page.words.slice(0, 200));
      assert.match(page.words, /Vous n’avez pas encore de message|Lettre/, 'the mail server is there for everyone');
      home.leaves();
    }
  };
  await Promise.all(Array.from({ length: 8 }, hand));
  await pause(3000);
  const after = await memory();
  const dovecot = await heldByDovecot();
  const warm = [];
  await Promise.all(
    busy.slice(0, 8).map(async (person) => {
      const home = visitor(house, person);
      await home.get('/messages');
      await home.get('/messages');
      for (let round = 0; round < 40; round += 1) await timed(warm, () => home.get('/messages'));
      home.leaves();
    }),
  );
  const many = `${all.length} signed in`;
  return [
    row(`${many}: both programs, RSS`, 'MB', after, 'before them', before),
    row(`${many}: both programs, for each person`, 'KB', ((after - before) * 1000) / all.length, 'Dovecot, for each', (dovecot * 1000) / all.length),
    row(`${many}: their first page, 8 at once, median`, 'ms', share(first, 0.5), '95th percentile', share(first, 0.95)),
    row(`${many}: list, 8 at once, median`, 'ms', share(warm, 0.5), '95th percentile', share(warm, 0.95)),
  ];
}
