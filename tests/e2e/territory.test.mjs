// The demo's territory, whole, made once: every state that docs/demo.fr.md lists is really there; its journal verifies; nothing leaves it;
// it is begun anew only when it may be. Plain requests: what is drawn is looked at elsewhere.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Authenticator } from './lib/acts.mjs';
import { demo, freePort, run, until } from './lib/program.mjs';
import { Visitor } from './lib/visitor.mjs';

const execute = promisify(execFile);
const DAYS = `
import json, sqlite3, sys
print(json.dumps(sqlite3.connect(sys.argv[1]).execute("select min(at), max(at), count(distinct at / 86400000000) from journal_entry").fetchone()))
`;
const NOBODY = '*personne*';
const PAGE = join(import.meta.dirname, '../../docs/demo.fr.md');

let dir;
let world;
let waiting;
const signedIn = new Map();

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'maincourante-territory-'));
  world = await demo({ dir, whole: true, meanwhile: async (base) => (waiting ??= await shown(base)) });
});

after(async () => {
  await world?.stop();
  if (dir) await rm(dir, { recursive: true, force: true });
});

/** What answers while the world is made. */
async function shown(base) {
  const answer = await fetch(base).catch(() => undefined);
  return answer && { status: answer.status, words: await answer.text() };
}

/** Whoever this is, signed in once; the aidant whose access is closed stays at the door. */
async function someone(name) {
  if (!signedIn.has(name)) {
    const visitor = new Visitor(world.base);
    const person = world.table.people.find((one) => one.name === name);
    const aidant = world.table.aidants.find((one) => one.name === name);
    if (person) {
      await visitor.submit('/connexion', '/connexion', { login: person.address, password: person.password, computer: 'own' });
    } else if (aidant) {
      const code = await new Authenticator(aidant.totp).next();
      visitor.door = await visitor.submit('/aidant/connexion', '/aidant/connexion', { login: aidant.login, password: aidant.password, code });
    } else {
      assert.equal(name, NOBODY, `${name} is not in the table of the demo`);
    }
    signedIn.set(name, visitor);
  }
  return signedIn.get(name);
}

const plain = (text) => text.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll('‑', '-');

/** The address behind the first link that says so, what only a reader of screens hears included. */
function link(html, words) {
  for (const [, href, inner] of html.matchAll(/<a [^>]*href="([^"#][^"]*)"[^>]*>(.*?)<\/a>/gs)) {
    if (plain(inner.replaceAll(/<[^>]*>/g, ' ').replaceAll('&nbsp;', ' ').replaceAll('&#39;', "'")).replaceAll(/\s+/g, ' ').includes(words)) return href;
  }
  return undefined;
}

/** The record of a person, by the list of who signed in. */
async function record(visitor, name) {
  for (let page = '/aidant', turn = 0; page && turn < 9; turn += 1) {
    const { html } = await visitor.get(page);
    const found = link(html, name);
    if (found) return found;
    page = link(html, 'suivant');
  }
  throw new Error(`${name} is not in the list`);
}

/** Opens the page of a row, and follows its links. */
async function opens(visitor, place) {
  const [first, ...links] = place.split(' › ');
  const address = first.replaceAll('`', '');
  const named = address.match(/^\/aidant\/personnes\/\{(.+)\}$/);
  let seen = await visitor.get(named ? await record(visitor, named[1]) : address);
  for (const words of links) {
    const next = link(seen.html, words);
    assert.ok(next, `no link says “${words}”: ${seen.words.slice(0, 400)}`);
    seen = await visitor.get(next);
  }
  for (let turn = 0; seen.to && turn < 3; turn += 1) seen = await visitor.get(seen.to);
  return seen;
}

describe('the territory', () => {
  test('while it is made, a page says so and how far it is', () => {
    assert.equal(waiting.status, 503);
    assert.match(waiting.words, /Le territoire se prépare/);
    assert.match(waiting.words, /Comptes ouverts&nbsp;: \d+ sur 24/);
  });

  test('every state of the table is there', async () => {
    const page = await readFile(PAGE, 'utf8');
    const rows = [...page.matchAll(/^\| (.+?) \| (`\/.+?) \| (.+?) \|$/gm)].map(([, who, place, words]) => ({ who, place, words }));
    assert.ok(rows.length > 60, `${rows.length} rows were read`);
    const missing = [];
    for (const { who, place, words } of rows) {
      try {
        const visitor = await someone(who);
        if (words === 'refusée') {
          assert.equal(visitor.door.status, 422, `${who} came in`);
          continue;
        }
        const seen = await opens(visitor, place);
        assert.ok([200, 403].includes(seen.status), `${seen.status}`);
        if (!plain(seen.words).includes(plain(words))) missing.push(`${who}, ${place}: “${words}” is not in “${plain(seen.words).slice(0, 700)}”`);
      } catch (error) {
        missing.push(`${who}, ${place}: ${error.message}`);
      }
    }
    assert.equal(missing.length, 0, `${missing.length} of ${rows.length}:\n${missing.join('\n')}`);
  });

  test('every page bears the banner of training', async () => {
    for (const [who, place] of [[NOBODY, '/connexion'], [NOBODY, '/bac-a-sable'], ['Mamadou Sow', '/messages'], ['Nadia Roussel', '/aidant'], ['Hélène Vasseur', '/structure/journal'], [NOBODY, '/nulle-part']]) {
      const { html } = await (await someone(who)).get(place);
      assert.match(html, /class="training"/, place);
      assert.match(html, /rien ne sort d’ici/, place);
    }
  });

  test('the buttons of its first page sign in', async () => {
    const visitor = new Visitor(world.base);
    const { html } = await visitor.get('/bac-a-sable');
    const [form] = html.match(/<form method="post" action="\/connexion">.*?<\/form>/s);
    const fields = Object.fromEntries([...form.matchAll(/name="(login|password|computer)" value="([^"]+)"/g)].map(([, name, value]) => [name, value]));
    assert.equal((await visitor.post('/connexion', fields)).to, '/messages');
    const desk = new Visitor(world.base);
    const enters = async () => {
      const { html: card } = await desk.get('/bac-a-sable/aidant?qui=5');
      const typed = Object.fromEntries([...card.matchAll(/name="(login|password|code)" value="([^"]+)"/g)].map(([, name, value]) => [name, value]));
      return desk.post('/aidant/connexion', typed);
    };
    let answer = await enters();
    // A code serves once: whoever came in by this one a moment ago, or by the one after it, waits for another, as its page says.
    for (let times = 0; times < 2 && answer.status === 422; times += 1) {
      await pause(30_000 - (Date.now() % 30_000) + 500);
      answer = await enters();
    }
    assert.equal(answer.to, '/aidant', answer.words);
  });

  test('a year of its journal verifies', async () => {
    const verified = await run(['journal', 'verify', '--data', dir, '--json']);
    assert.equal(verified.code, 0, verified.out + verified.err);
    const { good, logs, entries, checkpoints } = JSON.parse(verified.out);
    assert.equal(good, true);
    assert.ok(logs > 10 && entries > 400 && checkpoints > 40, verified.out);
    // Lived day after day: entries of more than forty days, over more than eleven months.
    const { stdout } = await execute('python3', ['-c', DAYS, join(dir, 'maincourante.db')]);
    const [first, last, days] = JSON.parse(stdout);
    assert.ok((last - first) / 86_400_000_000 > 335 && days > 40, stdout);
  });

  test('nothing leaves it: a letter to the outside world and a text stay here, and no connection goes out', async () => {
    const aicha = await someone('Aïcha Ben Youssef');
    await aicha.get('/messages/ecrire');
    const once = aicha.html.match(/name="once" value="([^"]+)"/)?.[1];
    const sent = await aicha.post('/messages/ecrire', { once, to: 'dehors@exemple-dehors.example', subject: 'Rien ne sort', text: 'Cette lettre reste ici.' });
    assert.equal(sent.status, 303, sent.words);
    const alone = new Visitor(world.base);
    await alone.submit('/mot-de-passe-oublie', '/mot-de-passe-oublie', { login: world.table.people[1].address });
    const outside = new Set();
    const phone = async () => (await (await someone(NOBODY)).get('/bac-a-sable/telephone')).words.includes('Il sert à choisir un nouveau mot de passe');
    await until('the text', async () => {
      for (const one of await goingOut(world.pid, new URL(world.base).port)) outside.add(one);
      return phone();
    });
    await until('the letter', async () => {
      for (const one of await goingOut(world.pid, new URL(world.base).port)) outside.add(one);
      return (await (await someone(NOBODY)).get('/bac-a-sable/courrier-parti')).words.includes('Rien ne sort');
    }, 120_000);
    assert.deepEqual([...outside], []);
  });

  test('it is not begun anew while it runs, nor over what no demo made', async () => {
    const port = await freePort();
    const busy = await run(['demo', '--fresh', '--data', dir, '--listen', `127.0.0.1:${port}`]);
    assert.equal(busy.code, 2);
    assert.match(busy.err, /Another demo runs/);
    const other = await mkdtemp(join(tmpdir(), 'maincourante-other-'));
    await run(['migrate', '--data', other]);
    const before = await readdir(other);
    const somebodys = await run(['demo', '--fresh', '--data', other, '--listen', `127.0.0.1:${port}`]);
    assert.equal(somebodys.code, 2);
    assert.match(somebodys.err, /no demo made/);
    assert.deepEqual(await readdir(other), before);
    await rm(other, { recursive: true, force: true });
  });
});

describe('beginning anew', () => {
  test('removes the world and nothing else, and a world cut short is made again', async () => {
    const place = await mkdtemp(join(tmpdir(), 'maincourante-anew-'));
    await writeFile(join(place, 'mes-notes.txt'), 'à moi');
    const first = await demo({ dir: place, fresh: false });
    await first.stop();
    const again = await demo({ dir: place });
    await again.stop();
    assert.match(again.logs(), /thrown away/);
    assert.notEqual(again.table.aidants[0].totp, first.table.aidants[0].totp, 'a new world');
    assert.equal(await readFile(join(place, 'mes-notes.txt'), 'utf8'), 'à moi');
    await writeFile(join(place, 'demo.unfinished'), '');
    const third = await demo({ dir: place, fresh: false });
    await third.stop();
    assert.match(third.logs(), /was not finished/);
    await rm(place, { recursive: true, force: true });
  });
});

/** The sockets of a process that are connected and are not someone who came to its door. */
async function goingOut(pid, port) {
  const held = new Set();
  for (const name of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${name}`).catch(() => '');
    if (target.startsWith('socket:[')) held.add(target.slice(8, -1));
  }
  const found = [];
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6']) {
    const lines = (await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')).split('\n').slice(1);
    for (const line of lines) {
      const [, local, remote, , , , , , , inode] = line.trim().split(/\s+/);
      if (inode && held.has(inode) && Number.parseInt(local.split(':').at(-1), 16) !== Number(port)) found.push(`${table} ${local} → ${remote}`);
    }
  }
  return found;
}
