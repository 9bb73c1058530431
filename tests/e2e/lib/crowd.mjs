// Many people at once, on the real peers. No test: it gives figures, each beside what it is compared with.
//
// The people are put into the base from beside, with their sessions: opening two thousand accounts at the counter is not what is measured here.
// Their pages are asked for by plain requests, straight from one of two programs and then from the other: nothing stands between that would
// be timed with them.

import assert from 'node:assert/strict';
import { createHash, createPrivateKey, randomBytes, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { heavy } from './heavy.mjs';
import { put } from './lmtp.mjs';
import { children, settled } from './memory.mjs';
import { until } from './program.mjs';
import { service } from './service.mjs';
import { reader } from './sql.mjs';
import { bring } from './stack.mjs';
import { Town } from './town.mjs';
import { Visitor } from './visitor.mjs';

const CROWDS = [1, 8, 32];
/** In how many equal waves everyone comes, where memory is measured: the middle one says what a person weighs. */
const WAVES = 4;
/** How often a page is asked for, where what it writes is counted. */
const TIMES = 100;
/** How many letters a list shows, and how many people find as many, each from another stranger. */
const [LISTED, FINDERS] = [25, 4];
/** A backend of PostgreSQL that is idle tells what it counted after ten seconds (PGSTAT_IDLE_INTERVAL). */
const TOLD = 11_000;
/** Twice what the programs take to ask after every session whose box is open (`ASK` in `imap/boxes.rs`). */
const QUIET = 60_000;
/** How many pages each measure asks for, all people together. */
const PAGES = 320;
/** The cookie of a person's session, where the service is not on https. */
const SESSION = 'session';

/** Two programs; `people` signed in, of whom 32 have `letters` letters each. Gives rows: what, unit, measured, beside, other. */
export async function crowd(people = 2000, letters = 200) {
  const running = await service({ programs: 2 });
  const tell = (words) => console.error(words);
  try {
    const house = { ...running, doors: await doors(running) };
    tell('the people');
    const ask = reader({ peers: house.peers });
    const all = await signedIn(ask, house.peers.domain, Math.max(people, CROWDS.at(-1) + FINDERS));
    const busy = all.slice(0, CROWDS.at(-1));
    tell('their letters');
    for (const someone of busy) await fill(house.peers, someone.address, letters);
    // First: a program whose boxes are open asks the base after each of them.
    tell('what is written');
    const rows = await written(ask, await pages(house, ask, busy[0], all.slice(-FINDERS)), tell);
    for (const many of CROWDS) {
      tell(`${many} at once`);
      rows.push(...(await atOnce(house, busy.slice(0, many), letters)));
    }
    tell('everyone');
    rows.push(...(await idle(house, all, busy)));
    tell('heavy files');
    rows.push(...(await heavy(house, ask, busy.slice(0, 8), SESSION)));
    return rows;
  } finally {
    await running.stop();
  }
}

/** Where each program listens itself, in the order of `pids()`. */
function doors({ config, pids }) {
  const listen = async (_, at) => (await readFile(config.replace(/-1\.toml$/, `-${at + 1}.toml`), 'utf8')).match(/^listen = "(.+)"$/m)[1];
  return Promise.all(pids().map(async (...program) => `http://${await listen(...program)}`));
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

/** Someone at their computer, who begins with the first program or with the other. */
function visitor(house, jar, first = 0) {
  return new Visitor([...house.doors.slice(first), ...house.doors.slice(0, first)], jar);
}

const cookie = (person) => ({ [SESSION]: person.token });

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

/** The middle of a few figures: between the two that are there, when they are even in number. */
function middle(figures) {
  const sorted = figures.toSorted((one, other) => one - other);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** The address of the newest letter of a list. */
function newest(page) {
  const [letter] = page.html.match(/\/messages\/[a-z]+-\d+-\d+/) ?? [];
  assert.ok(letter, `${page.status} ${page.to ?? ''} ${page.words.slice(0, 300)}`);
  return letter;
}

/**
 * Lists and letters for so many people at once, through the pages, then by hand. All are in before any begins, of both: those
 * who began alone would be faster.
 */
async function atOnce(house, people, letters) {
  const rounds = Math.ceil(PAGES / people.length);
  const [list, open, rawList, rawOpen] = [[], [], [], []];
  const homes = await Promise.all(
    people.map(async (person, at) => {
      const home = visitor(house, cookie(person), at % house.doors.length);
      const letter = newest(await home.get('/messages'));
      // Each program has opened their box once, and the letter of it.
      for (const path of [letter, '/messages', letter]) assert.equal((await home.get(path)).status, 200);
      return { home, letter };
    }),
  );
  const worked = await working(rounds * people.length * 2, homes, async ({ home, letter }) => {
    for (let round = 0; round < rounds; round += 1) {
      assert.equal((await timed(list, () => home.get('/messages'))).status, 200);
      assert.equal((await timed(open, () => home.get(letter))).status, 200);
    }
  });
  for (const { home } of homes) home.leaves();
  const rows = `FETCH ${Math.max(1, letters - 24)}:${letters} (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])`;
  const clients = await Promise.all(people.map((person) => Raw.enter(house.peers, person.address)));
  const rawWorked = await working(rounds * people.length * 2, clients, async (raw) => {
    for (let round = 0; round < rounds; round += 1) {
      await timed(rawList, async () => [await raw.say('SELECT INBOX'), await raw.say(rows)]);
      await timed(rawOpen, async () => [await raw.say('SELECT INBOX'), await raw.say(`FETCH ${letters} (BODY.PEEK[])`)]);
    }
  });
  for (const raw of clients) raw.leaves();
  const many = people.length === 1 ? '1 person' : `${people.length} at once`;
  const times = [
    ['list', list, rawList],
    ['letter', open, rawOpen],
  ].flatMap(([what, ours, raw]) => [
    row(`${what}, ${many}: page, median`, 'ms', share(ours, 0.5), 'raw IMAP', share(raw, 0.5)),
    row(`${what}, ${many}: page, 95th percentile`, 'ms', share(ours, 0.95), 'raw IMAP', share(raw, 0.95)),
  ]);
  // The clients share the cores, and all of them one thread.
  return [...times, row(`of a page, ${many}: work of who asks`, 'ms', worked, 'raw IMAP', rawWorked)];
}

/** Lets all begin together; gives how long this process itself worked for each of `pages`, in milliseconds. */
async function working(pages, all, act) {
  const began = process.cpuUsage();
  await Promise.all(all.map(act));
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000 / pages;
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
        return this.#heard;
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

/** Pages that are looked at for what they write: for each, what it is, how often it is asked for, what asks, and what is done before one counts. */
async function pages(house, ask, someone, finders) {
  const again = (home, path) => async () => {
    for (let at = 0; at < TIMES; at += 1) assert.equal((await home.get(path)).status, 200, path);
  };
  const home = visitor(house, cookie(someone));
  const letter = newest(await home.get('/messages'));
  // An account that someone opened at the counter: it has a mandate, and a record.
  const town = new Town(house.base, ['--config', house.config]);
  await town.opens();
  const account = await town.opensAccount({ given_names: 'Josette', family_name: 'Lambert', birth_date: '05/03/1942', phone: '06 39 98 30 10' });
  await town.takesBack(account.desk, account.who);
  const [record] = (await account.desk.get('/aidant')).html.match(/\/aidant\/personnes\/[0-9a-f-]{36}/);
  const referent = await town.atWork(await town.enrols('Hélène Vasseur', 'referent'));
  const josette = await town.atHome(account);
  await town.writes(josette, { to: `personne.introuvable@${house.peers.domain}`, subject: 'Pour personne' });
  await until('a letter refused', async () => /cette adresse n’existe pas/i.test((await josette.get('/messages/pas-encore-envoyes')).words));
  // Each letter from someone else, of whom nobody here ever heard, and brought by a foreign server.
  for (const [at, { address }] of finders.entries()) {
    for (let one = 0; one < LISTED; one += 1) {
      const from = `inconnu.${at}.${one}@ailleurs.test`;
      assert.match(await bring(house.peers, { from, to: address, letter: `From: ${from}\nTo: ${address}\nSubject: Bonjour ${one}\nMessage-ID: <${at}.${one}@ailleurs.test>\n\nBonjour.\n` }), /^250/);
    }
    const raw = await Raw.enter(house.peers, address);
    await until('the letters of strangers', async () => (await raw.say('STATUS INBOX (MESSAGES)')).includes(`MESSAGES ${LISTED})`));
    raw.leaves();
  }
  const found = finders.map((person) => visitor(house, cookie(person)));
  // Each minute the programs look at what the journal of a structure has that is new: at the account that was opened, before one counts.
  const behind = "select count(*) from alert_scan s where s.next_seq < (select count(*) from journal_entry e where e.log = 'structure/' || s.structure)";
  await until('the programs have looked at the journal', async () => (await ask(behind))[0][0] === '0' && (await ask('select count(*) from alert_scan'))[0][0] !== '0', 150_000);
  // That a session was used is written once a minute: of those who look once, not with it.
  const alive = () => Promise.all(found.map((one) => one.get('/compte')));
  const strange = [];
  return [
    ['list', TIMES, again(home, '/messages')],
    ['letter', TIMES, again(home, letter)],
    [`first list with ${LISTED} letters of ${LISTED} strangers`, found.length, async () => {
      for (const one of found) {
        const { html } = await one.get('/messages');
        strange.push(...[...new Set(html.match(/\/messages\/[a-z]+-\d+-\d+/g))].map((letter) => [one, letter]));
      }
      assert.equal(strange.length, found.length * LISTED);
    }, alive],
    ['letter of a stranger, opened for the first time', found.length * LISTED, async () => {
      for (const [one, letter] of strange) assert.equal((await one.get(letter)).status, 200);
    }, alive],
    ['aidant’s record page', TIMES, again(visitor(house, account.desk.jar), record)],
    ['journal of the référent', TIMES, again(visitor(house, referent.jar), '/structure/journal')],
    ['“Qui m’a aidé ?”', TIMES, again(visitor(house, josette.jar), '/aide/qui-m-a-aide')],
    ['letters that did not leave yet', TIMES, again(visitor(house, josette.jar), '/messages/pas-encore-envoyes')],
  ];
}

/**
 * Rows that the base wrote meanwhile, as it counts them itself: those of our tables, not what it notes of them in its own. Nothing is
 * taken off: what the programs write while nobody asks is said at the end. What they only ask then is taken off the transactions.
 */
async function written(ask, looked, tell) {
  const count = async () => {
    await pause(TOLD);
    const tables = await ask('select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_user_tables');
    const [[commits]] = await ask('select xact_commit from pg_stat_database where datname = current_database()');
    return { at: performance.now(), commits: Number(commits), tables: new Map(tables.map(([name, rows]) => [name, Number(rows)])) };
  };
  const between = (before, after) => {
    const tables = [...after.tables].map(([name, rows]) => [name, rows - (before.tables.get(name) ?? 0)]).filter(([, rows]) => rows);
    return { seconds: (after.at - before.at) / 1000, commits: after.commits - before.commits, rows: tables.reduce((sum, [, rows]) => sum + rows, 0), tables };
  };
  const seen = [];
  for (const [what, times, act, first] of [...looked, ['nobody asks', 0, () => pause(QUIET)]]) {
    await first?.();
    const before = await count();
    await act();
    seen.push({ what, times, ...between(before, await count()) });
    tell(`   ${what}: ${seen.at(-1).tables.map(([name, rows]) => `${name} ${rows}`).join(', ') || 'nothing'}`);
  }
  const quiet = seen.pop();
  const own = ({ commits, seconds }) => commits - (quiet.commits / quiet.seconds) * seconds;
  return [
    ...seen.map((each) => row(`${each.what}, ${each.times} times: rows written to the base`, '', each.rows, 'transactions', own(each))),
    row(`nobody asks for ${Math.round(quiet.seconds)} s: rows written to the base`, '', quiet.rows, 'transactions', quiet.commits),
  ];
}

/** Everyone looks at their messages once, and stays: a wave after another, and what both programs hold after each. */
async function idle(house, all, busy) {
  const first = [];
  const come = async (some) => {
    let turn = 0;
    const hand = async () => {
      while (turn < some.length) {
        const at = turn;
        turn += 1;
        const home = visitor(house, cookie(some[at]), at % house.doors.length);
        const page = await timed(first, () => home.get('/messages'));
        assert.equal(page.status, 200, page.words.slice(0, 200));
        assert.match(page.words, /Vous n’avez pas encore de message|Lettre|Bonjour/, 'the mail server is there for everyone');
        home.leaves();
      }
    };
    await Promise.all(Array.from({ length: 8 }, hand));
  };
  const master = Number(await readFile(join(house.peers.dir, 'dovecot/run/master.pid'), 'utf8'));
  const rows = [];
  const steps = [];
  let [before, open] = [undefined, undefined];
  // New programs: what a password once took is kept by the allocator, and people would then weigh nothing. Their pages are
  // warm before one counts.
  await house.restart();
  await come([...busy, ...busy, ...busy]);
  first.length = 0;
  const rest = all.slice(busy.length);
  for (let wave = 0; wave <= WAVES; wave += 1) {
    const upTo = (part) => Math.round((rest.length * part) / WAVES);
    const came = rest.slice(upTo(Math.max(0, wave - 1)), upTo(wave));
    await come(came);
    const now = await settled(house.pids());
    // Dovecot has a process for each mailbox that is open, and each program keeps some open, not all.
    open = await children(master, 'imap');
    rows.push(row(`${busy.length + upTo(wave)} signed in, ${open.count} mailboxes open: both programs, RSS`, 'MB', now.rss, 'PSS', now.pss));
    if (before) steps.push(((now.rss - before.rss) * 1000) / came.length);
    before = now;
  }
  const warm = [];
  await Promise.all(
    busy.slice(0, 8).map(async (person, at) => {
      const home = visitor(house, cookie(person), at % house.doors.length);
      for (let times = 0; times < 4; times += 1) await home.get('/messages');
      for (let round = 0; round < 40; round += 1) await timed(warm, () => home.get('/messages'));
      home.leaves();
    }),
  );
  const many = `${all.length} signed in`;
  return [
    ...rows,
    row(`each person more: both programs, RSS, median of ${WAVES} waves`, 'KB', middle(steps), 'the heaviest wave', Math.max(...steps)),
    row(`each mailbox open (${open.count}): Dovecot, PSS`, 'KB', (open.pss * 1000) / open.count, `each of ${all.length} signed in`, (open.pss * 1000) / all.length),
    row(`${many}: their first page, 8 at once, median`, 'ms', share(first, 0.5), '95th percentile', share(first, 0.95)),
    row(`${many}: list, 8 at once, median`, 'ms', share(warm, 0.5), '95th percentile', share(warm, 0.95)),
  ];
}
