// What is rare and true: an address of 64 signs, names with apostrophes, accents, marks that change direction, of eighty signs,
// homonyms born the same day; and a server whose clock is two hours off. Each goes the whole way: mandate, welcome sheet, letters, lists, journal.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ENGINES, holds } from '../lib/cases.mjs';
import { demo, freePort, run, until } from '../lib/program.mjs';
import { service } from '../lib/service.mjs';
import { bring, departed } from '../lib/stack.mjs';
import { totp } from '../lib/totp.mjs';
import { Town } from '../lib/town.mjs';
import { Visitor, words } from '../lib/visitor.mjs';

const BORN = { birth_date: '02/02/1939', identity_check: 'paper_seen', protection: 'none', birthplace: 'Pau' };
const NAMES = [
  ['apostrophes', 'Jean-François d’Arc', "L'Hôpital N’Diaye", 'Jean-François d’Arc', "L'Hôpital N’Diaye"],
  ['accents of elsewhere', 'Đặng Thị Ngọc-Ánh', 'Şahin-Łukaszewicz', 'Đặng Thị Ngọc-Ánh', 'Şahin-Łukaszewicz'],
  ['marks that change direction', '\u061c\u202eYasmina\u202c', '\u200fEl Amrani\u2069', 'Yasmina', 'El Amrani'],
  ['80 signs each', `${'Marie-Élise '.repeat(6)}Éléonore`, `${'de Saint-Aubin '.repeat(5)}d’Ars`],
];
/** Characters that nobody sees and that turn a line around, or part a name in two. */
const UNSEEN = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
let phones = 6000;
const newPhone = () => `06 39 98 ${String((phones += 1)).replace(/(..)(..)/, '$1 $2')}`;

for (const engine of ENGINES) {
  const onFiles = engine.startsWith('SQLite');
  const dir = await mkdtemp(join(tmpdir(), 'maincourante-odd-'));
  const world = onFiles ? await demo({ dir }) : await service();
  try {
    const town = new Town(world.base, onFiles ? ['--data', dir] : ['--config', world.config]);
    if (!onFiles) await town.opens();
    for (const [what, given, family, ...shown] of NAMES) {
      await holds(`a name with ${what}`, engine, () => named(town, world, { ...BORN, given_names: given, family_name: family, phone: newPhone() }, shown));
    }
    await holds('names that are none, or too long', engine, () => refused(town));
    await holds('homonyms born the same day', engine, () => homonyms(town));
    await holds('an address of 64 signs before the @', engine, () => long(town, world));
    await holds('an authenticator two hours fast, two hours slow', engine, () => skewed(town));
  } finally {
    await world.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
for (const engine of ENGINES) {
  const starts = engine.startsWith('SQLite') ? onFiles : onPeers;
  await holds('the clock of the service two hours fast, then right', engine, () => offClock('+2h', starts));
  await holds('the clock of the service two hours slow, then right', engine, () => offClock('-2h', starts));
}

/** What a PDF says, as another program reads it: the letters and signs, for its lines break where they must. */
async function printed(visitor, path) {
  const page = await visitor.bytes(path);
  assert.equal(page.subarray(0, 5).toString(), '%PDF-', path);
  const folder = await mkdtemp(join(tmpdir(), 'maincourante-pdf-'));
  await writeFile(join(folder, 'it.pdf'), page);
  const { stdout } = await promisify(execFile)('pdftotext', ['-raw', join(folder, 'it.pdf'), '-']);
  await rm(folder, { recursive: true });
  return packed(stdout);
}

/** Without what lies between words: a paper has no room for a long name on one line. */
function packed(text) {
  return text.normalize('NFC').replaceAll(/\s+/g, '');
}

/** Whom a letter says it is from: the name, decoded (RFC 2047, in UTF-8, and quotes of RFC 5322), and the address. */
function from(head) {
  const [, field] = head.replaceAll(/\r?\n(?=[ \t])/g, '').match(/^From: *(.*?)\r?$/m);
  const [, name, address] = field.match(/^(.*?) *<([^>]+)>$/);
  // What stands between two encoded words is nothing, and a sign may be in both.
  const bytes = [];
  for (const part of name.replaceAll(/(\?=)\s+(?==\?)/g, '$1').split(/(=\?utf-8\?[bq]\?[^?]*\?=)/i)) {
    const [, how, said] = part.match(/^=\?utf-8\?([bq])\?([^?]*)\?=$/i) ?? [];
    if (!how) bytes.push(Buffer.from(part.replaceAll(/^"|"$/g, '').replaceAll(/\\(.)/g, '$1')));
    else if (/b/i.test(how)) bytes.push(Buffer.from(said, 'base64'));
    else bytes.push(Buffer.from(said.replaceAll('_', ' ').replaceAll(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1'));
  }
  return { name: Buffer.concat(bytes).toString('utf8'), address };
}

async function named(town, world, person, [given = person.given_names, family = person.family_name]) {
  const name = `${given} ${family}`;
  const account = await town.opensAccount(person);
  assert.doesNotMatch(account.address, /[^a-z0-9.@-]/, 'an address that anyone can type');
  await town.takesBack(account.desk, account.who);
  const list = await account.desk.get('/aidant');
  const row = list.html.split('<li').find((one) => one.includes(account.address));
  assert.equal(words(row.match(/<a class="title"[^>]*>(.*?)<\/a>/s)[1]), name, 'the list');
  const record = row.match(/\/aidant\/personnes\/[0-9a-f-]{36}/)[0];
  const papers = [
    ['the mandate', `${record}/mandat`, [`Nom de famille : ${family} Prénoms : ${given} Naissance :`, `Moi, ${name}`]],
    ['the welcome sheet', `${record}/feuille`, [`Bonjour ${name}`]],
  ];
  for (const [paper, path, sentences] of papers) {
    const said = await printed(account.desk, path);
    for (const sentence of sentences) assert.ok(said.includes(packed(sentence)), `${paper} says: ${sentence}`);
    assert.doesNotMatch(said, UNSEEN, `${paper} says nothing that is not seen`);
  }
  const home = await town.atHome(account);
  await town.writes(home, { to: 'sophie@ailleurs.test', subject: `De ${given}` });
  const helped = await home.get('/aide/qui-m-a-aide');
  assert.match(helped.words, /Nadia Roussel/);
  const referent = await town.atWork(await town.enrols('Hélène Vasseur', 'referent'));
  const log = await referent.get('/structure/journal');
  assert.ok(log.words.includes(name), 'the journal');
  assert.doesNotMatch(list.html + log.html, UNSEEN, 'no page changes direction');
  if (world.peers) {
    const [gone] = await until('the letter', async () => {
      const all = (await departed(world.peers)).filter((letter) => letter.includes(account.address));
      return all.length > 0 && all;
    });
    const head = gone.split(/\r?\n\r?\n/)[0];
    assert.deepEqual(from(head), { name, address: account.address }, 'whom the letter is from');
    // RFC 5322, 2.1.1, and RFC 2047: a line is short and of ASCII, however the name is written.
    assert.ok(head.split(/\r?\n/).every((line) => line.length <= 998), 'short lines');
    assert.doesNotMatch(head, /[^\x00-\x7f]/, 'ASCII headers');
  }
  const said = world.peers ? 'mandate, sheet, list, journal and the letter that left' : 'mandate, sheet, list and journal';
  return `${account.address}; ${said} say ${name.length > 60 ? `it whole, ${name.length} signs` : name}`;
}

async function refused(town) {
  const desk = await town.atWork(await town.enrols('Nadia Roussel'));
  const value = (html, name) => unescaped(html.match(new RegExp(`<input[^>]* name="${name}"[^>]*? value="([^"]*)"`))?.[1]);
  for (const [name, beside] of [['given_names', 'family_name'], ['family_name', 'given_names']]) {
    for (const [typed, sentence] of [['محمد', /avec des lettres/], ['\u202e\u200f', /avec des lettres/], ['x'.repeat(81), /80 signes/], ['🙂', /avec des lettres/]]) {
      const fields = { ...BORN, [beside]: "L'Hôpital", [name]: typed, phone: newPhone() };
      const page = await town.submit(desk, '/aidant/nouveau-compte/personne', '/aidant/nouveau-compte/personne', fields);
      assert.equal(page.status, 422, typed);
      assert.match(words(page.html.match(new RegExp(`id="${name}-wrong"[^>]*>(.*?)</p>`, 's'))?.[1] ?? ''), sentence, `beside ${name}`);
      assert.ok(!page.html.includes(`id="${beside}-wrong"`), `nothing is said of ${beside}`);
      for (const each of ['given_names', 'family_name', 'birth_date', 'birthplace', 'phone']) assert.equal(value(page.html, each), fields[each], `${each}, as it was typed`);
    }
  }
  return '422 beside the field, every field as it was typed: letters that are not Latin (civil status is), marks alone, 81 signs, a drawing';
}

/** A value, as an attribute says it. */
function unescaped(said) {
  return said?.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))).replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

async function homonyms(town) {
  const twins = [];
  for (let at = 0; at < 2; at += 1) twins.push(await town.opensAccount({ ...BORN, given_names: 'Solange', family_name: 'Pinaud', phone: newPhone() }));
  assert.notEqual(twins[0].address, twins[1].address);
  const [, { desk, who }] = twins;
  await town.takesBack(desk, who);
  const list = await desk.get('/aidant');
  const rows = list.html.split('<li').filter((row) => row.includes('Solange Pinaud'));
  assert.ok(rows.length >= 2, 'both are listed');
  assert.ok(twins.every(({ address }) => rows.filter((row) => row.includes(address)).length === 1), 'each with their own address');
  const [one, other] = await Promise.all(twins.map((twin) => town.atHome(twin)));
  const [first, second] = [await one.get('/compte'), await other.get('/compte')];
  assert.ok(first.words.includes(twins[0].address) && second.words.includes(twins[1].address));
  return `two accounts, ${twins.map(({ address }) => address.split('@')[0]).join(' and ')}; each row of the aidant’s list has its own address`;
}

async function long(town, world) {
  const other = `${'solange.pinaud-'.repeat(4)}dela`;
  assert.equal(other.length, 64);
  const account = await town.opensAccount({ ...BORN, given_names: 'Solange', family_name: 'Longue', phone: newPhone() }, { other });
  const home = await town.atHome(account);
  if (world.peers) {
    const brought = await bring(world.peers, { from: 'sophie@ailleurs.test', to: account.address, letter: `From: sophie@ailleurs.test\nTo: ${account.address}\nSubject: Longue\nMessage-ID: <longue@ailleurs.test>\n\nBonjour.\n` });
    assert.match(brought, /^250/);
  } else {
    await town.writes(home, { to: account.address, subject: 'Longue' });
  }
  await until('the letter', async () => /Longue/.test((await home.get('/messages')).words));
  await town.writes(home, { to: 'sophie@ailleurs.test', subject: 'Réponse' });
  if (world.peers) await until('the answer', async () => (await departed(world.peers)).some((letter) => letter.includes(account.address)));
  return 'opened, signed in, receives and writes';
}

async function skewed(town) {
  const who = await town.enrols('Nadia Roussel');
  const secret = who.authenticator.secret;
  for (const hours of [2, -2]) {
    const page = await town.submit(town.visitor(), '/aidant/connexion', '/aidant/connexion', { login: who.login, password: who.password, code: totp(secret, { now: Date.now() + hours * 3_600_000 }) });
    assert.equal(page.status, 422, `${hours} h`);
    assert.match(page.words, /vérifiez aussi l’heure de votre téléphone/);
  }
  await town.atWork(who);
  return 'refused, and the page says to look at the hour of the telephone; the right hour signs in';
}

/** The demo of this folder: `restart(env)` in other surroundings, `left(to)` whether a letter left for them, `tokens` whether its mailboxes ask for some. */
async function onFiles() {
  const dir = await mkdtemp(join(tmpdir(), 'maincourante-clock-'));
  const at = await freePort();
  let world = await demo({ dir, at });
  const place = ['--data', dir];
  return {
    base: world.base,
    place,
    tokens: false,
    async restart(env) {
      await world.stop();
      world = await demo({ dir, at, fresh: false, env });
    },
    left: async (to) => (await new Visitor(world.base).get('/bac-a-sable/courrier-parti')).words.includes(to),
    async stop() {
      await world.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The same of a service on its peers. */
async function onPeers() {
  const house = await service();
  const place = ['--config', house.config];
  await new Town(house.base, place).opens();
  return { base: house.base, place, tokens: true, restart: house.restart, left: async (to) => (await departed(house.peers)).some((letter) => letter.includes(to)), stop: house.stop };
}

/** The service is started with a clock that is wrong, used, then started again with the right one. */
async function offClock(off, starts) {
  const library = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1'].find(existsSync);
  assert.ok(library, 'the Debian package libfaketime is needed');
  const world = await starts();
  try {
    const town = new Town(world.base, world.place);
    const account = await town.opensAccount({ ...BORN, given_names: 'Josette', family_name: 'Lambert', phone: newPhone() });
    const home = await town.atHome(account);
    await world.restart({ LD_PRELOAD: library, FAKETIME: off, FAKETIME_DONT_FAKE_MONOTONIC: '1' });
    const late = await town.atHome(account);
    const inbox = await late.get('/messages');
    assert.equal(inbox.status, 200);
    const hours = (Date.parse(inbox.headers.date) - Date.now()) / 3_600_000;
    assert.ok(Math.abs(hours - parseInt(off, 10)) < 0.1, `the clock is ${hours} h off`);
    if (world.tokens) assert.match(inbox.words, /ne marche pas|ne répond pas/, 'Dovecot does not believe the tokens of another hour');
    else assert.match(inbox.words, /pas encore de message/, 'the inbox is there');
    assert.equal((await late.get('/aide/qui-m-a-aide')).status, 200);
    await town.writes(late, { to: 'heure@ailleurs.test', subject: 'À une autre heure' });
    await world.restart();
    assert.equal((await home.get('/compte')).status, 200, 'a session of before still lives');
    await until('the inbox', async () => /pas encore de message/.test((await home.get('/messages')).words));
    await town.writes(home, { to: 'apres@ailleurs.test', subject: 'À la bonne heure' });
    await until('the letter', () => world.left('apres@ailleurs.test'), 180_000);
    if (off.startsWith('-')) await until('the letter of the other hour', () => world.left('heure@ailleurs.test'));
    else assert.match((await home.get('/messages/pas-encore-envoyes')).words, /À une autre heure/, 'it waits for its hour, in sight');
    const verified = await run(['journal', 'verify', '--json', ...world.place]);
    assert.equal(JSON.parse(verified.out).good, true, verified.out);
    const seen = world.tokens ? 'the inbox says it is not there (tokens of another hour)' : 'the inbox too';
    return `pages live, ${seen}; with the right clock all is ${world.tokens ? 'back' : 'as before'}, the journal verifies, ${off.startsWith('-') ? 'the letter left' : 'the letter given meanwhile waits in sight for its hour'}`;
  } finally {
    await world.stop();
  }
}
