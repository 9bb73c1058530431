// The bad aidant: legitimate rights, patience and developer tools. What they try, and what it gives them.
// `docs/security/bad-aidant.md` has a line for each test, and for what nothing here can stop.
//
// Plain requests with a jar of cookies, on the demo: what is refused is refused by the server, never by a button that is not
// there; one scene needs a real one. Each has its own aidant, so that nobody waits for an authenticator. One file, long, because
// a world takes long to make.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Authenticator } from './lib/acts.mjs';
import { demo, run, until } from './lib/program.mjs';
import { Visitor } from './lib/visitor.mjs';

const SIRET = '26400012300010';
const ELSEWHERE = '73282932000074';
const PASSWORD = 'panier cerise lundi';
const THIEF = 'secret choisi par le voleur';
const DRAWING = '{"h":357,"s":[[90,210,120,150,150,110,168,120,160,170,140,230,150,250,190,220,230,180,250,176,300,190,392,186,500,180,548,172]]}';
const agent = new Agent({ keepAlive: true });

let world;
let base;
let dir;
let people;
let sql;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'maincourante-bad-'));
  world = await demo({ dir });
  base = world.base;
  sql = reader(join(dir, 'maincourante.db'));
  people = Object.fromEntries(world.table.people.map((person) => [person.name.split(' ')[0], person]));
  for (const person of Object.values(people)) {
    const [row] = await sql('select hex(id) as id from usager where address = ?', person.address);
    person.id = uuid(row.id);
    person.record = `/aidant/personnes/${person.id}`;
  }
});

after(async () => {
  agent.destroy();
  sql?.close();
  await world?.stop();
  if (dir) await rm(dir, { recursive: true, force: true });
});

// --- Means -----------------------------------------------------------------------------------------------------------

/** A browser on this world. */
class Browser extends Visitor {
  constructor(jar = {}) {
    super(base, jar, agent);
  }

  copy() {
    const other = new Browser(this.jar);
    other.token = this.token;
    return other;
  }
}

/** What a page says, whatever its reference. */
const unreferenced = (words) => words.replaceAll(/MC-[0-9A-Z]{4}-[0-9A-Z]{2}/g, '');

/** A mandate as the base has it. */
const mandate = async (id) => (await sql('select state, signed_at, hex(draft) as draft, hex(usager) as usager, (select name from staff f where f.id = countersigned_by) as countersigned_by from mandate where hex(id) = ?', hex(id)))[0];

const hex = (id) => id.replaceAll('-', '').toUpperCase();
const uuid = (hex) => hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Questions to the base, asked from beside: what only who holds the machine could read (or, with `write`, do). */
function reader(file) {
  const script = `
import json, sqlite3, sys
base = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
base.row_factory = sqlite3.Row
for line in sys.stdin:
    text, values = json.loads(line)
    try:
        print(json.dumps([dict(row) for row in base.execute(text, values).fetchall()]), flush=True)
    except sqlite3.Error as error:
        print(json.dumps({"error": str(error)}), flush=True)
`;
  const python = spawn('python3', ['-c', script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  let turn = Promise.resolve();
  const ask = (text, ...values) => {
    turn = turn.catch(() => {}).then(async () => {
      python.stdin.write(`${JSON.stringify([text, values])}\n`);
      const answer = JSON.parse((await lines.next()).value);
      assert.ok(!answer.error, `${answer.error}: ${text}`);
      return answer;
    });
    return turn;
  };
  ask.close = () => python.stdin.end();
  return ask;
}

const count = async (text, ...values) => Object.values((await sql(text, ...values))[0])[0];
const lines = (event, outcome = 'done') => count("select count(*) from journal_entry where event = ? and json_extract(cast(leaf as text), '$.outcome') = ?", event, outcome);

/** Whatever the fictitious phone of this number received, the newest first. */
async function texts(phone) {
  const number = `+33${phone.replaceAll(/\D/g, '').slice(1)}`;
  return (await sql('select body from training_sms where recipient = ? order by received_at desc, id desc', number)).map(({ body }) => body);
}

/** What this phone receives once `act` is done: the code in it. */
async function codeOf(phone, act) {
  const known = (await texts(phone)).length;
  await act();
  const all = await until(`a code on ${phone}`, async () => {
    const now = await texts(phone);
    return now.length > known && /code est \d{6}|\b\d{6}\b/.test(now[0]) && now;
  }, 20_000);
  return all[0].match(/\b(\d{6})\b/)[1];
}

/** Someone who works for a structure, enrolled now: three codes of theirs are good at once. */
async function enrols(name, { siret = SIRET, role = 'aidant' } = {}) {
  const login = `${name.toLowerCase().normalize('NFD').replaceAll(/[^a-z ]/g, '').replaceAll(' ', '.')}@vaudorme.example`;
  const added = await run(['structure', 'add', '--siret', siret, '--name', name, '--login', login, '--role', role, '--json', '--data', dir], { input: `${PASSWORD}\n` });
  assert.equal(added.code, 0, added.err);
  return { name, login, password: PASSWORD, authenticator: new Authenticator(JSON.parse(added.out).totp) };
}

async function atWork(who, browser = new Browser()) {
  const code = await who.authenticator.next();
  const answer = await browser.submit('/aidant/connexion', '/aidant/connexion', { login: who.login, password: who.password, code });
  assert.equal(answer.to, '/aidant', answer.words);
  await promises(browser);
  return browser;
}

/** Accepts the charter, which is asked before the first act. */
async function promises(browser) {
  if ((await browser.get('/aidant')).to === '/aidant/charte') assert.equal((await browser.submit('/aidant/charte', '/aidant/charte')).to, '/aidant');
}

async function atHome(person, password = person.password, browser = new Browser()) {
  const answer = await browser.submit('/connexion', '/connexion', { login: person.address, password });
  assert.equal(answer.to, '/messages', answer.words);
  return browser;
}

const opens = async (address, password) => (await new Browser().submit('/connexion', '/connexion', { login: address, password })).to === '/messages';

const PERSON = { given_names: 'Solange', family_name: 'Pinaud', birth_date: '02/02/1939', birthplace: 'Pau', identity_check: 'paper_seen', protection: 'none' };
let phones = 7100;
const newPhone = () => `06 39 98 ${String((phones += 1)).replace(/(..)(..)/, '$1 $2')}`;
/** A family name of its own for each: addresses in preparation are held. */
const newName = () => `Pinaud ${[...String(phones)].map((digit) => 'abcdefghij'[digit]).join('')}`;

/** The steps up to the document that is read; gives the address of the draft. */
async function prepares(browser, changes = {}) {
  const begun = await browser.submit('/aidant/nouveau-compte/personne', '/aidant/nouveau-compte/personne', { ...PERSON, phone: newPhone(), family_name: newName(), ...changes });
  assert.equal(begun.status, 303, begun.words);
  const draft = begun.to.replace(/\/adresse$/, '');
  const page = await browser.get(`${draft}/adresse`);
  const address = page.html.match(/name="address" value="([^"]+@[^"]+)"/)?.[1];
  assert.ok(address, `${page.status} ${page.to} ${page.words}`);
  await browser.post(`${draft}/adresse`, { address });
  await allows(browser, draft, { powers: ['create_account', 'give_access_back'], duration: 'month' });
  return { draft, address, id: draft.split('/').at(-1) };
}

async function allows(browser, draft, terms) {
  const answer = await browser.submit(`${draft}/mandat`, `${draft}/mandat`, terms);
  assert.equal(answer.to, `${draft}/lecture`, answer.words);
}

/** Lends the screen from a page; the browser then holds both cookies. */
async function lends(browser, page, act) {
  const answer = await browser.submit(page, act);
  assert.equal(answer.to, '/signer', `${answer.status} ${answer.to} ${answer.words}`);
}

const lendsFor = (browser, person) => lends(browser, person.record, `${person.record}/mot-de-passe`);

/** On the lent screen: the code is asked for, and read on the phone. */
const asksCode = (screen, page, phone) => codeOf(phone, async () => assert.match((await screen.submit(page, '/signer/code')).to, /^\/signer\/(signature|telephone)(\?renvoye=oui)?$/));

async function takesBack(browser, who) {
  const answer = await browser.submit('/aidant/ecran-prete', '/aidant/ecran-prete', { code: await who.authenticator.next() });
  assert.equal(answer.status, 303, answer.words);
  return answer.to;
}

/** Every door of the console that is an aidant's, as `routes.rs` declares them: no address is forgotten here. */
async function doors() {
  const source = await readFile(join(import.meta.dirname, '../../crates/console/src/routes.rs'), 'utf8');
  const paths = Object.fromEntries([...source.matchAll(/const (\w+): &str = "([^"]+)";/g)].map(([, name, path]) => [name, path]));
  const all = [...source.matchAll(/\.(get|post)\((\w+),/g)].map(([, verb, name]) => ({ verb, path: paths[name] }));
  const theirs = all.filter(({ path }) => /^\/(aidant|structure)/.test(path));
  assert.ok(theirs.length > 25, 'the doors were read');
  return theirs;
}

// --- What is stopped -------------------------------------------------------------------------------------------------

describe('on the lent screen', () => {
  test('from the lender’s browser every address and every replayed form leads to the lock', async () => {
    const who = await enrols('Agnès Un');
    const desk = await atWork(who);
    const { draft, id } = await prepares(desk);
    const tokens = {};
    for (const page of ['/aidant', people.Mamadou.record, `${draft}/abandonner`, `${draft}/lecture`]) {
      await desk.get(page);
      tokens[page] = desk.token;
    }
    await lends(desk, `${draft}/lecture`, `${draft}/lecture`);
    const before = await mandate(id);

    for (const { verb, path } of await doors()) {
      const other = path.startsWith('/aidant/personnes') ? people.Mamadou.id : id;
      const tab = desk.copy();
      const answer = verb === 'get' ? await tab.get(path.replace('{id}', other)) : await tab.post(path.replace('{id}', other), { ...PERSON, phone: newPhone(), powers: 'create_account', duration: 'year' }, { token: tokens['/aidant'] });
      if (path === '/aidant/ecran-prete') assert.ok([200, 422].includes(answer.status), `${verb} ${path} → ${answer.status}`);
      else assert.equal(answer.to, '/aidant/ecran-prete', `${verb} ${path} → ${answer.status} ${answer.to}`);
    }
    for (const [page, act] of [[`${draft}/abandonner`, `${draft}/abandonner`], [people.Mamadou.record, `${people.Mamadou.record}/mot-de-passe`], [`${draft}/lecture`, `${draft}/lecture`]]) {
      assert.equal((await desk.copy().post(act, {}, { token: tokens[page] })).to, '/aidant/ecran-prete', `replayed ${act}`);
    }
    assert.deepEqual(await mandate(id), before, 'nothing moved');
    assert.equal(await takesBack(desk, who), draft);
  });

  test('its token opens no page of a person, whatever name it is given, and is worth nothing once taken back', async () => {
    const who = await enrols('Agnès Deux');
    const desk = await atWork(who);
    await lendsFor(desk, people.Mamadou);
    const thief = new Browser({ lent: desk.jar.lent });
    for (const path of ['/messages', '/messages/envoyes', '/messages/ecrire', '/compte', '/aide/qui-m-a-aide']) {
      assert.equal((await thief.get(path)).place, '/connexion', path);
      assert.equal((await new Browser({ session: desk.jar.lent, staff: desk.jar.lent }).get(path)).place, '/connexion', path);
    }
    assert.equal((await new Browser({ staff: desk.jar.lent }).get('/aidant')).place, '/aidant/connexion');

    // Before the code: the thief's machine sees what the screen shows, and chooses nothing.
    const seen = await thief.get('/signer/bonjour');
    assert.match(seen.words, /Mamadou Sow.*finit par 02/);
    assert.ok(!seen.words.includes(people.Mamadou.address));
    assert.equal((await thief.get('/signer/mot-de-passe')).to, '/signer');
    await thief.get('/signer/bonjour');
    assert.equal((await thief.post('/signer/mot-de-passe', { password: THIEF })).to, '/signer');
    assert.equal((await thief.post('/signer/oui', { said: 'oui', code: '000000' })).to, '/signer');
    assert.ok(!(await opens(people.Mamadou.address, THIEF)));

    await takesBack(desk, who);
    assert.ok(!('lent' in desk.jar), 'the lender’s browser forgets it');
    for (const path of ['/signer', '/signer/bonjour', '/signer/telephone', '/signer/mot-de-passe', '/signer/termine']) {
      assert.equal((await new Browser({ lent: thief.jar.lent }).get(path)).to, '/signer/plus-prete', path);
    }
    assert.ok(!('session' in desk.jar), 'a lent screen leaves no session of the person');
  });

  test('its code is guessed five times and no more, is asked for four times and no more, and is of one screen', async () => {
    const who = await enrols('Agnès Trois');
    const { phone, address, password } = people.Oleksandra;
    const desk = await atWork(who);
    await lendsFor(desk, people.Oleksandra);
    const first = await asksCode(desk, '/signer/bonjour', phone);
    await takesBack(desk, who);
    await lendsFor(desk, people.Oleksandra);
    await desk.get('/signer/telephone');
    assert.match((await desk.post('/signer/telephone', { code: first })).words, /ne marche plus/, 'the code of one screen opens no other');

    const second = await asksCode(desk, '/signer/telephone', phone);
    const wrong = second === '000000' ? '111111' : '000000';
    for (let at = 1; at <= 5; at += 1) assert.equal((await desk.post('/signer/telephone', { code: wrong })).status, 422);
    assert.match((await desk.post('/signer/telephone', { code: second })).words, /ne marche plus/, 'the right one comes too late');
    // Guesses sent together are counted one by one.
    const third = await asksCode(desk, '/signer/telephone', phone);
    await Promise.all(Array.from({ length: 12 }, () => desk.copy().post('/signer/telephone', { code: wrong })));
    assert.match((await desk.post('/signer/telephone', { code: third })).words, /ne marche plus/);

    await asksCode(desk, '/signer/telephone', phone);
    const sent = (await texts(phone)).length;
    assert.equal((await desk.submit('/signer/telephone', '/signer/code', { from: 'typed' })).to, '/signer/telephone?renvoye=oui', 'pressed twice, it is on its way');
    assert.equal((await texts(phone)).length, sent);
    for (let at = 1; at <= 5; at += 1) await desk.post('/signer/telephone', { code: wrong });
    assert.match((await desk.submit('/signer/telephone', '/signer/code')).words, /Nous avons déjà envoyé plusieurs SMS/);
    const known = (await texts(phone)).length;
    await new Browser().submit('/mot-de-passe-oublie', '/mot-de-passe-oublie', { login: address });
    await until('the account to be looked for', async () => (await count("select count(*) from job where kind = 'identity.reset_find' and done_at is null")) === 0);
    assert.equal((await texts(phone)).length, known, 'recovery alone draws on the same count: it is the phone’s');
    assert.ok(await opens(address, password));
  });

  test('a code received for one document signs no other', async () => {
    const who = await enrols('Agnès Quatre');
    const desk = await atWork(who);
    const phone = newPhone();
    const { draft, id } = await prepares(desk, { phone });
    await lends(desk, `${draft}/lecture`, `${draft}/lecture`);
    const code = await asksCode(desk, '/signer/mandat', phone);
    await takesBack(desk, who);
    await allows(desk, draft, { powers: ['create_account', 'give_access_back'], duration: 'year' });
    await lends(desk, `${draft}/lecture`, `${draft}/lecture`);
    await desk.get('/signer/signature');
    for (const [act, fields] of [['/signer/signature', { strokes: DRAWING }], ['/signer/oui', { said: 'oui' }]]) {
      const late = await desk.post(act, { code, ...fields });
      assert.match(late.words, /ne marche plus/);
    }
    const { state, signed_at: signed } = await mandate(id);
    assert.deepEqual([state, signed], ['presented', null]);
  });
});

describe('codes and confirmations of the aidant', () => {
  test('a code serves once, for one act, of its owner', async () => {
    const [who, colleague] = [await enrols('Berthe Un'), await enrols('Berthe Deux')];
    const desk = new Browser();
    const code = await who.authenticator.next();
    await desk.submit('/aidant/connexion', '/aidant/connexion', { login: who.login, password: who.password, code });
    await promises(desk);
    const again = await new Browser().submit('/aidant/connexion', '/aidant/connexion', { login: who.login, password: who.password, code });
    assert.equal(again.status, 422, 'a code that signed in does not sign in again');
    const phone = newPhone();
    const { draft, id } = await prepares(desk, { phone });
    assert.equal((await desk.post(`${draft}/signature`, { code: await who.authenticator.next() })).to, draft, 'nothing is countersigned before the person signs');
    await lends(desk, `${draft}/lecture`, `${draft}/lecture`);
    assert.equal((await desk.submit('/aidant/ecran-prete', '/aidant/ecran-prete', { code })).status, 422, 'nor takes a screen back');
    const theirs = await colleague.authenticator.next();
    assert.equal((await desk.post('/aidant/ecran-prete', { code: theirs })).status, 422, 'nor does a colleague’s');
    const received = await asksCode(desk, '/signer/mandat', phone);
    await desk.get('/signer/signature');
    assert.equal((await desk.post('/signer/signature', { code: received, how: 'drawn', strokes: DRAWING })).to, '/signer');

    // Two browsers, one code, at the same moment.
    const back = await who.authenticator.next();
    await desk.get('/aidant/ecran-prete');
    const both = await Promise.all([desk.copy().post('/aidant/ecran-prete', { code: back }), desk.copy().post('/aidant/ecran-prete', { code: back })]);
    assert.ok(both.filter(({ to }) => to === draft).length <= 1, 'one of two at most');
    assert.equal((await desk.get(`${draft}/signature`)).status, 200);
    assert.equal((await desk.post(`${draft}/signature`, { code: back })).status, 422, 'a replay does not countersign');

    // What is signed is not changed any more.
    for (const [page, fields] of [['personne', { ...PERSON, given_names: 'Autre', phone: newPhone() }], ['adresse', { address: 'autre.adresse' }], ['mandat', { powers: ['create_account'], duration: 'year' }]]) {
      assert.equal((await desk.post(`${draft}/${page}`, fields)).to, draft, page);
    }
    // A colleague may countersign: with their own code, in their own name.
    const other = await atWork(colleague);
    assert.equal((await other.submit(`${draft}/signature`, `${draft}/signature`, { code: await colleague.authenticator.next() })).to, `${draft}/mot-de-passe`);
    const { state, countersigned_by: by, usager } = await mandate(id);
    assert.deepEqual([state, by], ['active', 'Berthe Deux']);

    // The first secret: without the phone, nobody chooses it.
    const [account] = await sql('select address from usager where hex(id) = ?', usager);
    await lends(other, `${draft}/mot-de-passe`, `${draft}/mot-de-passe`);
    await other.get('/signer/bonjour');
    assert.equal((await other.post('/signer/mot-de-passe', { password: THIEF })).to, '/signer');
    for (const secret of ['', THIEF, received]) assert.ok(!(await opens(account.address, secret)), `«${secret}»`);
    assert.equal((await sql('select password from usager where address = ?', account.address))[0].password, null);
  });
});

describe('what is not theirs', () => {
  test('for another structure nothing exists: records, papers, drafts, acts', async () => {
    const opened = await run(['structure', 'open', '--name', 'Maison France Services', '--siret', ELSEWHERE, '--address', '1 rue Basse', '--phone', '01 99 00 00 01', '--hours', 'le mardi', '--data', dir]);
    assert.equal(opened.code, 0, opened.err);
    const [here, stranger] = [await atWork(await enrols('Claire Un')), await atWork(await enrols('Hugo Ailleurs', { siret: ELSEWHERE, role: 'referent' }))];
    const { draft, id } = await prepares(here);
    const row = await mandate(id);
    await stranger.get('/aidant/nouveau-compte/personne');
    const nobody = '018f0000-0000-7000-8000-000000000000';
    for (const { verb, path } of await doors()) {
      if (!path.includes('{id}')) continue;
      const theirs = path.startsWith('/aidant/personnes') ? people.Josette.id : id;
      const carries = path === '/aidant/personnes/{id}/copie';
      const knock = (who) => (verb === 'get' ? stranger.get(path.replace('{id}', who)) : carries ? stranger.carry(path.replace('{id}', who), { once: id }, { page: 'une photo' }) : stranger.post(path.replace('{id}', who), { ...PERSON, phone: newPhone(), address: 'a.b.c', powers: 'create_account', duration: 'day', code: '000000' }));
      const [found, unknown] = [await knock(theirs), await knock(nobody)];
      assert.equal(found.status, unknown.status, `${verb} ${path}`);
      assert.equal(found.to?.replace(theirs, nobody), unknown.to, `${verb} ${path}`);
      assert.equal(unreferenced(found.words), unreferenced(unknown.words), `${verb} ${path}: what exists elsewhere reads as what does not`);
      assert.ok(found.status === 404 || found.to, `${verb} ${path} → ${found.status}`);
    }
    // The mark of a form chooses the identity of a draft: not that of someone else's.
    await stranger.post('/aidant/nouveau-compte/personne', { ...PERSON, phone: newPhone(), once: id });
    assert.deepEqual(await mandate(id), row);
    const list = await stranger.get('/aidant');
    for (const person of Object.values(people)) assert.ok(!list.html.includes(person.address), 'the list is of one structure');
    assert.ok(!(await stranger.get('/structure/journal')).words.includes('Josette'), 'so is its journal');
    assert.equal((await here.get('/structure/journal')).status, 404, 'which is not for a mere aidant');
    assert.equal((await here.get(`${draft}/projet`)).headers['content-type'], 'application/pdf');
  });

  test('a session of the console is none of a person’s, nor the reverse, under any name', async () => {
    const desk = await atWork(await enrols('Claire Deux'));
    const { staff } = desk.jar;
    const home = await atHome(people.Josette);
    const { session } = home.jar;
    const paper = (await home.get('/aide/qui-m-a-aide')).html.match(/\/aide\/mandat\/[0-9a-f-]+/)[0];
    const letter = (await home.get('/messages')).html.match(/href="(\/messages\/[^"?]+)"/g).map((href) => href.slice(6, -1)).find((path) => !/envoyes|ecrire/.test(path));
    assert.equal((await home.get(letter)).status, 200, 'she reads it');
    for (const path of ['/', '/messages', '/messages/envoyes', '/messages/ecrire', letter, `${letter}/fichier/0`, '/compte', '/aide/qui-m-a-aide', paper, paper.replace('mandat', 'arreter')]) {
      for (const jar of [{ staff }, { session: staff }, { session: staff, staff }, { lent: session }, { staff: session }, { reset: session }, { form: session }]) {
        const answer = await new Browser(jar).get(path);
        assert.equal(answer.place, '/connexion', `${path} with ${Object.keys(jar)} → ${answer.status} ${answer.to}`);
      }
    }
    for (const path of ['/aidant', '/aidant/journal', people.Josette.record, '/structure/journal']) {
      for (const jar of [{ session }, { staff: session }, { lent: staff }, { session, staff: session }]) assert.equal((await new Browser(jar).get(path)).place, '/aidant/connexion', path);
    }
    // The console's password opens no mailbox, and a person's opens no console.
    assert.ok(!(await opens((await sql("select login from staff where name = 'Claire Deux'"))[0].login, PASSWORD)));
    const intruder = await new Browser().submit('/aidant/connexion', '/aidant/connexion', { login: people.Josette.address, password: people.Josette.password, code: '000000' });
    assert.equal(intruder.status, 422);
    // Another person's letters and mandate.
    const rene = await atHome(people.René);
    assert.equal((await rene.get(paper)).status, 404);
    assert.equal((await rene.submit('/aide/qui-m-a-aide', paper.replace('mandat', 'arreter'))).status, 404);
    assert.equal((await rene.get(letter)).status, 404, 'a letter’s name opens nothing in another mailbox');
  });
});

describe('after the end', () => {
  test('stopped by the person: a page opened before and a screen lent before are worth nothing, and the try is a line', async () => {
    const who = await enrols('Denise Un');
    const [desk, counter] = [await atWork(who), await atWork(who)];
    await desk.get(people.René.record);
    assert.match(desk.html, /mot-de-passe"/);
    const token = desk.token;
    await lendsFor(counter, people.René);
    const code = await asksCode(counter, '/signer/bonjour', people.René.phone);
    await counter.get('/signer/telephone');
    assert.equal((await counter.post('/signer/telephone', { code })).to, '/signer');
    await counter.get('/signer/mot-de-passe');

    const rene = await atHome(people.René);
    const stop = (await rene.get('/aide/qui-m-a-aide')).html.match(/\/aide\/arreter\/[0-9a-f-]+/)[0];
    assert.equal((await rene.submit(stop, stop)).status, 303);

    const refusals = await lines('access.handover_started', 'refused');
    const started = await lines('access.handover_started');
    const late = await desk.post(`${people.René.record}/mot-de-passe`, {}, { token });
    assert.equal(late.status, 403, late.words);
    assert.match(late.words, /Ce mandat a pris fin/);
    assert.equal(await lines('access.handover_started', 'refused'), refusals + 1, 'the try is written');
    assert.equal(await lines('access.handover_started'), started);
    // The screen that was lent before, at its very last step.
    assert.equal((await counter.post('/signer/mot-de-passe', { password: THIEF })).to, '/signer');
    assert.match((await counter.get('/signer/termine')).words, /Cette page est fermée/);
    assert.ok(!(await opens(people.René.address, THIEF)));
    assert.match((await rene.get('/aide/qui-m-a-aide')).words, /Denise Un/, 'and he reads who tried');
  });

  test('expired while the screen is lent: the clock decides at the next request', async () => {
    const who = await enrols('Denise Deux');
    const desk = await atWork(who);
    await lendsFor(desk, people.Mamadou);
    const code = await asksCode(desk, '/signer/bonjour', people.Mamadou.phone);
    await desk.get('/signer/telephone');
    await desk.post('/signer/telephone', { code });
    await desk.get('/signer/mot-de-passe');
    // Time cannot be moved here: the mandate's last day is.
    const blob = hex(people.Mamadou.id);
    const [{ ends_at: end }] = await sql('select ends_at from mandate where hex(usager) = ?', blob);
    await sql('update mandate set ends_at = ? where hex(usager) = ?', Date.now() * 1000 - 1, blob);
    assert.equal((await desk.post('/signer/mot-de-passe', { password: THIEF })).to, '/signer');
    assert.equal((await desk.get('/signer')).to, '/signer/termine');
    assert.ok(!(await opens(people.Mamadou.address, THIEF)));
    await sql("update mandate set ends_at = ?, state = 'active' where hex(usager) = ?", end, blob);
  });

  test('an aidant whose access is closed is out at the next request, and so is the screen they lent', async () => {
    const who = await enrols('Denise Trois');
    const [desk, counter] = [await atWork(who), await atWork(who)];
    await lendsFor(counter, people.Josette);
    assert.equal((await counter.get('/signer/bonjour')).status, 200);
    await sql('update staff set disabled_at = ? where login = ?', Date.now() * 1000, who.login);
    assert.equal((await desk.get('/aidant')).place, '/aidant/connexion');
    assert.equal((await counter.get('/signer/bonjour')).to, '/signer/plus-prete');
    assert.equal((await new Browser().submit('/aidant/connexion', '/aidant/connexion', { login: who.login, password: who.password, code: await who.authenticator.next() })).status, 422);
  });
});

describe('forms, sessions, names', () => {
  test('a form from elsewhere, of another session or posted twice does nothing more', async () => {
    const who = await enrols('Emma Un');
    const desk = await atWork(who);
    const { draft } = await prepares(desk);
    await desk.get(`${draft}/lecture`);
    const act = `${draft}/lecture`;
    const refused = async (options, why, from = desk.copy()) => assert.equal((await from.post(act, {}, options)).status, 403, why);
    await refused({ headers: { origin: 'https://ailleurs.example' } }, 'another origin');
    await refused({ headers: { origin: 'null' } }, 'no origin of ours');
    await refused({ headers: { 'sec-fetch-site': 'cross-site' } }, 'another site');
    await refused({ headers: { 'sec-fetch-site': 'same-site' } }, 'a neighbour');
    await refused({ token: '' }, 'no token');
    const home = await atHome(people.Josette);
    await home.get('/aide/qui-m-a-aide');
    await refused({ token: home.token }, 'the token of another session');
    const other = await atWork(who);
    await other.get('/aidant');
    await refused({ token: other.token }, 'the token of another session of the same aidant');
    assert.equal((await desk.copy().get(act)).status, 200, 'nothing was lent by all this');
    assert.equal((await desk.copy().post(act, {}, { headers: { origin: base } })).to, '/signer', 'ours is good');

    // A session given beforehand is not adopted, and one that was closed stays closed.
    const fixed = new Browser({ staff: 'choisi-par-un-autre', session: 'choisi-par-un-autre', form: 'choisi-par-un-autre' });
    await atHome(people.Josette, people.Josette.password, fixed);
    assert.notEqual(fixed.jar.session, 'choisi-par-un-autre');
    assert.equal((await new Browser({ session: 'choisi-par-un-autre' }).get('/messages')).place, '/connexion');
    const kept = other.copy();
    assert.equal((await other.submit('/aidant', '/aidant/deconnexion')).place, '/aidant/connexion');
    assert.equal((await kept.get('/aidant')).place, '/aidant/connexion', 'a copy of the cookie dies with the session');
    const left = fixed.copy();
    await fixed.submit('/messages', '/deconnexion');
    assert.equal((await left.get('/messages')).place, '/connexion');
    // Two cookies of one name: neither is chosen.
    assert.equal((await new Browser({ staff: `${desk.jar.staff}; staff=x` }).get('/aidant')).place, '/aidant/connexion');
  });

  test('markup and marks of direction in a name run nowhere and turn nothing round', async () => {
    const desk = await atWork(await enrols('Emma Deux'));
    for (const name of ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>', '{{7*7}}', '#eval("1")', '%{who}', '$x$', '\u202e', '\u200b\u2066', 'a\u0000<b']) {
      const answer = await desk.submit('/aidant/nouveau-compte/personne', '/aidant/nouveau-compte/personne', { ...PERSON, given_names: name, phone: newPhone() });
      assert.equal(answer.status, 422, JSON.stringify(name));
      assert.ok(!/<script>alert|<img src=x|<svg onload/.test(answer.html), 'given back as text');
    }
    const { draft } = await prepares(desk, { given_names: '\u202eAwa\u200b', family_name: 'N’Diaye\u2069' });
    const page = await desk.get(`${draft}/lecture`);
    assert.match(page.words, /Awa N’Diaye/);
    assert.ok(!/[\u202a-\u202e\u2066-\u2069\u200b]/.test(page.html));
    const policy = page.headers['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.ok(!/unsafe/.test(policy));
    assert.equal(page.headers['cache-control'], 'no-store');
    assert.equal((await desk.get(`${draft}/projet`)).headers['cache-control'], 'no-store');
  });

  test('the number of the structure is not the person’s, however it is written', async () => {
    const desk = await atWork(await enrols('Emma Trois'));
    for (const phone of ['01 99 00 12 34', '+33 1 99 00 12 34', '0033199001234', '01.99.00.12.34']) {
      const answer = await desk.submit('/aidant/nouveau-compte/personne', '/aidant/nouveau-compte/personne', { ...PERSON, phone });
      assert.equal(answer.status, 422, phone);
    }
  });

  test('nobody learns who has an account by signing in or by recovering', async () => {
    const said = async (page, fields) => {
      const answer = await new Browser().submit(page, page, fields);
      return `${answer.status} ${answer.to ?? ''} ${answer.words}`;
    };
    const unknown = 'personne.inconnue@vaudorme.example';
    for (const [page, fields] of [['/connexion', { password: 'pas le bon mot' }], ['/mot-de-passe-oublie', {}], ['/aidant/connexion', { password: 'pas le bon mot', code: '123456' }]]) {
      const known = page === '/aidant/connexion' ? world.table.aidants[0].login : people.Yvette.address;
      assert.equal(await said(page, { login: known, ...fields }), await said(page, { login: unknown, ...fields }), page);
    }
  });
});

describe('without a trace', () => {
  test('every act of the console is a line, refused ones too', async () => {
    const who = await enrols('Flora Un');
    const delta = async (event, act, outcome) => {
      const known = await lines(event, outcome);
      await act();
      assert.equal(await lines(event, outcome), known + 1, `${event} ${outcome ?? ''}`);
    };
    const desk = new Browser();
    await delta('auth.login_failed', () => desk.submit('/aidant/connexion', '/aidant/connexion', { login: who.login, password: 'pas le bon', code: '000000' }), 'refused');
    await delta('auth.login', () => atWork(who, desk));
    const josette = people.Josette.record;
    await delta('record.viewed', () => desk.get(josette));
    await delta('mandate.document_viewed', () => desk.get(`${josette}/mandat`));
    await delta('mandate.printed', () => desk.get(`${josette}/feuille`));
    await delta('access.handover_started', () => desk.post(`${people.Yvette.record}/mot-de-passe`), 'refused');
    let prepared;
    await delta('mandate.drafted', async () => (prepared = await prepares(desk)));
    await delta('mandate.presented', () => allows(desk, prepared.draft, { powers: ['create_account'], duration: 'day' }));
    await delta('mandate.abandoned', () => desk.submit(`${prepared.draft}/abandonner`, `${prepared.draft}/abandonner`));
    await delta('access.handover_started', () => lendsFor(desk, people.Josette));
    await delta('access.handover_cancelled', () => takesBack(desk, who));
    await delta('auth.logout', () => desk.submit('/aidant', '/aidant/deconnexion'));
    const home = await atHome(people.Josette);
    const read = (await home.get('/aide/qui-m-a-aide')).words;
    assert.ok(read.split('Flora Un').length > 5, 'the person reads them');
  });

  test('acts that are raced or abandoned half-way leave their line or leave nothing', async () => {
    const who = await enrols('Flora Deux');
    const desk = await atWork(who);
    await desk.get(people.Josette.record);
    const act = `${people.Josette.record}/mot-de-passe`;
    const body = new URLSearchParams({ form_token: desk.token }).toString();
    const before = await count('select count(*) from lent_under');
    // Hung up after a moment: sooner than the answer, for most of them.
    for (const wait of [0, 1, 2, 4, 8, 16, 32, 64]) {
      const asked = request(base + act, { method: 'POST', headers: { cookie: `staff=${desk.jar.staff}`, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) } });
      asked.on('error', () => {});
      asked.on('response', (answer) => answer.resume());
      asked.end(body);
      await new Promise((done) => setTimeout(done, wait));
      asked.destroy();
    }
    const raced = await Promise.all([desk.copy().post(act), desk.copy().post(act), desk.copy().post(act)]);
    assert.ok(raced.filter(({ to }) => to === '/signer').length <= 1);
    assert.equal(await count('select count(*) from lent_under'), before + 1, 'the session was lent once');
    await everyRowHasItsLine();
  });
});

/** What lies in the base, beside what the journal says of it. */
async function everyRowHasItsLine() {
  for (const [what, rows, event] of [
    ['screens lent for a secret', 'select count(*) from lent_under', 'access.handover_started'],
    ['secrets chosen on a lent screen', "select count(*) from hand_over where purpose = 'choose_secret' and completed_at is not null", 'access.handover_completed'],
    ['mandates begun', 'select count(*) from mandate', 'mandate.drafted'],
    ['signatures', 'select count(*) from mandate where signed_at is not null', 'mandate.signed'],
    ['mandates that became active', 'select count(*) from mandate where activated_at is not null', 'mandate.activated'],
    ['accounts', 'select count(*) from usager', 'account.created'],
    ['phones', 'select count(*) from phone', 'phone.verified'],
    ['sessions', 'select count(*) from session', 'auth.login'],
    ['recoveries alone', 'select count(*) from reset_request where used_at is not null', 'access.recovered_alone'],
  ]) {
    assert.equal(await lines(event), await count(rows), `${what}: ${event}`);
  }
}

// --- What was not stopped once -------------------------------------------------------------------------------------------

describe('what gave something once', () => {
  /** A recovery alone, up to the page of the new secret; `meanwhile` is given a copy of the browser before the code is typed. */
  async function recovers(person, meanwhile = () => {}) {
    const home = new Browser();
    const code = await codeOf(person.phone, async () => assert.equal((await home.submit('/mot-de-passe-oublie', '/mot-de-passe-oublie', { login: person.address })).to, '/mot-de-passe-oublie/code'));
    meanwhile(home.copy());
    assert.equal((await home.submit('/mot-de-passe-oublie/code', '/mot-de-passe-oublie/code', { code })).to, '/mot-de-passe-oublie/nouveau');
    return home;
  }

  /** The last step, from a page that may be closed. */
  async function finishes(home, password) {
    await home.get('/mot-de-passe-oublie/nouveau');
    await home.post('/mot-de-passe-oublie/nouveau', { password });
  }

  test('“back”, in Chromium, finds no secret that was typed', async () => {
    // As people have it: Playwright switches off the cache of “back” unless told not to.
    const browser = await chromium.launch({ executablePath: process.env.MAINCOURANTE_CHROMIUM ?? '/usr/bin/chromium', ignoreDefaultArgs: ['--disable-back-forward-cache'], args: ['--headless', '--no-sandbox', '--disable-gpu'] });
    try {
      const left = async (page, action, secret) => {
        await page.fill('[name=password]', secret);
        await Promise.all([page.waitForURL(/termine|connexion/), page.click(`form[action="${action}"] button.main`)]);
        await page.evaluate('window.leaving = true; history.back()').catch(() => {});
        await until('another page', () => page.evaluate("!window.leaving && document.readyState === 'complete'").catch(() => false));
        return page.evaluate("document.querySelector('[name=password]')?.value ?? ''");
      };
      const desk = await atWork(await enrols('Gilda Zéro'));
      await lendsFor(desk, people.Josette);
      const code = await asksCode(desk, '/signer/bonjour', people.Josette.phone);
      await desk.get('/signer/telephone');
      await desk.post('/signer/telephone', { code });
      const context = await browser.newContext({ baseURL: base });
      const page = await context.newPage();
      await context.addCookies(Object.entries(desk.jar).map(([name, value]) => ({ name, value, url: base, httpOnly: true, sameSite: 'Lax' })));
      await page.goto('/signer/telephone');
      await page.goto('/signer/mot-de-passe');
      const lent = await left(page, '/signer/mot-de-passe', 'tulipe canal horloge');
      people.Josette.password = 'tulipe canal horloge';

      const home = await recovers(people.Yvette);
      const alone = await browser.newContext({ baseURL: base });
      await alone.addCookies(Object.entries(home.jar).map(([name, value]) => ({ name, value, url: base, httpOnly: true, sameSite: 'Lax' })));
      const room = await alone.newPage();
      await room.goto('/aide');
      await room.goto('/mot-de-passe-oublie/nouveau');
      const recovered = await left(room, '/mot-de-passe-oublie/nouveau', 'figue plage lundi');
      people.Yvette.password = 'figue plage lundi';
      assert.deepEqual({ lent, recovered }, { lent: '', recovered: '' });
    } finally {
      await browser.close();
    }
  });

  test('a lent cookie copied before the person typed the code chooses nothing', async () => {
    const desk = await atWork(await enrols('Gilda Un'));
    await lendsFor(desk, people.Josette);
    const thief = new Browser({ lent: desk.jar.lent });
    const code = await asksCode(desk, '/signer/bonjour', people.Josette.phone);
    await desk.get('/signer/telephone');
    await desk.post('/signer/telephone', { code });
    await thief.get('/signer/mot-de-passe');
    await thief.post('/signer/mot-de-passe', { password: THIEF });
    await desk.get('/signer/mot-de-passe');
    await desk.post('/signer/mot-de-passe', { password: 'canal horloge tulipe' });
    const shown = (await desk.get('/signer/termine')).words;
    const stolen = await opens(people.Josette.address, THIEF);
    people.Josette.password = stolen ? THIEF : 'canal horloge tulipe';
    assert.ok(!stolen, `the thief's secret opens the mailbox, and the person read: ${shown}`);
    assert.ok(await opens(people.Josette.address, people.Josette.password));
  });

  test('nor does the cookie of a recovery made alone on the structure’s computer', async () => {
    let thief;
    const home = await recovers(people.Yvette, (copy) => (thief = copy));
    await finishes(thief, THIEF);
    await finishes(home, 'palier sable agrume');
    const stolen = await opens(people.Yvette.address, THIEF);
    people.Yvette.password = stolen ? THIEF : 'palier sable agrume';
    assert.ok(!stolen, 'the thief’s secret opens the mailbox');
    assert.ok(await opens(people.Yvette.address, people.Yvette.password));
  });

  test('a document changed between its reading and its signature is not signed', async () => {
    const who = await enrols('Gilda Deux');
    const [desk, other] = [await atWork(who), await atWork(who)];
    const phone = newPhone();
    const { draft, id } = await prepares(desk, { phone });
    await allows(desk, draft, { powers: ['create_account'], duration: 'day' });
    await lends(desk, `${draft}/lecture`, `${draft}/lecture`);
    assert.match((await desk.get('/signer/mandat')).words, /Je dis non\. La structure ne peut pas : M’aider à changer mon mot de passe/);
    await other.get(`${draft}/mandat`);
    await other.post(`${draft}/mandat`, { powers: ['create_account', 'give_access_back'], duration: 'year' });
    // The person goes on from the page they read.
    if ((await desk.post('/signer/code')).to === '/signer/signature') {
      const [text] = await until('the code', async () => (await texts(phone)).length > 0 && texts(phone));
      await desk.get('/signer/signature');
      await desk.post('/signer/signature', { code: text.match(/\b(\d{6})\b/)[1], how: 'drawn', strokes: DRAWING });
    }
    assert.notEqual((await mandate(id)).state, 'signed', 'the person signed a year and a power, having read a day and a refusal');
  });

  test('of two screens lent for one person only the last one lives', async () => {
    const who = await enrols('Gilda Trois');
    const [counter, thief] = [await atWork(who), await atWork(who)];
    await lendsFor(counter, people.Mamadou);
    await thief.get(people.Mamadou.record);
    await thief.post(`${people.Mamadou.record}/mot-de-passe`);
    const living = [await counter.get('/signer/bonjour'), await thief.get('/signer/bonjour')].filter(({ status }) => status === 200);
    assert.ok(living.length <= 1, 'both live');
  });

  test('whoever signed in to their mailbox at the counter is signed out when the screen is taken back', async () => {
    const who = await enrols('Gilda Quatre');
    const desk = await atWork(who);
    await lendsFor(desk, people.Josette);
    await atHome(people.Josette, people.Josette.password, desk);
    await takesBack(desk, who);
    assert.equal((await desk.get('/messages')).place, '/connexion', 'the aidant reads the letters');
  });

  test('a recovery proved beforehand does not outlive the secret chosen since', async () => {
    const kept = await recovers(people.René);
    await finishes(await recovers(people.René), 'ruche sentier lundi');
    await finishes(kept, THIEF);
    const replaced = await opens(people.René.address, THIEF);
    people.René.password = replaced ? THIEF : 'ruche sentier lundi';
    assert.ok(!replaced, 'the older recovery replaced the newer secret');
  });

  test('a code says what it is for, and on whose screen', async () => {
    const codes = (await sql('select body from training_sms')).map(({ body }) => body).filter((body) => /\b\d{6}\b/.test(body));
    const says = [/Il sert à choisir un nouveau mot de passe\./, /Il sert à choisir votre mot de passe sur l'écran de [A-Z]/, /Il sert à signer un mandat avec /];
    for (const text of codes) assert.equal(says.filter((one) => one.test(text)).length, 1, text);
    for (const one of says) assert.ok(codes.some((text) => one.test(text)), String(one));
    for (const text of codes) assert.match(text, /Ne le dites à personne, aidant compris\./);
  });

  test('no address speaks for the service, nor for a colleague', async () => {
    const desk = await atWork(await enrols('Gilda Cinq'));
    const { draft } = await prepares(desk);
    for (const local of ['postmaster', 'abuse', 'root', 'admin', 'securite', 'assistance', 'support', 'helene']) {
      const answer = await desk.submit(`${draft}/adresse`, `${draft}/adresse`, { address: 'other', other: local });
      assert.equal(answer.status, 422, `${local}@ may be given, and written from`);
    }
  });

  const about = (person) => count('select count(*) from journal_subject where hex(id) = ?', hex(person.id));
  for (const [what, act] of [
    ['a code asked for in a person’s name', () => codeOf(people.Josette.phone, () => new Browser().submit('/mot-de-passe-oublie', '/mot-de-passe-oublie', { login: people.Josette.address }))],
    ['wrong passwords tried on a person', () => opens(people.Josette.address, 'ce n’est pas le bon')],
    ['wrong codes typed on a lent screen', async (since) => {
      const desk = await atWork(await enrols('Gilda Six'));
      await lendsFor(desk, people.Josette);
      await desk.submit('/signer/bonjour', '/signer/code');
      await desk.get('/signer/telephone');
      await since();
      for (let at = 0; at < 5; at += 1) await desk.post('/signer/telephone', { code: '000000' });
    }],
    ['a wrong code typed to take a screen back', async (since) => {
      const desk = await atWork(await enrols('Gilda Sept'));
      await lendsFor(desk, people.Josette);
      await since();
      await desk.submit('/aidant/ecran-prete', '/aidant/ecran-prete', { code: '000000' });
    }],
  ]) {
    test(`${what}: the person can read it`, async () => {
      let known = await about(people.Josette);
      await act(async () => (known = await about(people.Josette)));
      assert.ok(await until('a line', async () => (await about(people.Josette)) > known, 3000).catch(() => false), 'nothing was written');
    });
  }

  test('a name is made of letters that can be seen, and goes on with no sentence', async () => {
    const desk = await atWork(await enrols('Gilda Huit'));
    for (const name of ['\u3164', '\u115f\u1160', 'X. Paul Durand a ouvert la fiche de Y', 'X (rien à signaler)', 'Jоsette', 'אבג']) {
      const answer = await desk.submit('/aidant/nouveau-compte/personne', '/aidant/nouveau-compte/personne', { ...PERSON, given_names: name, phone: newPhone() });
      assert.equal(answer.status, 422, JSON.stringify(name));
    }
  });

  test('a screen lent before ends with the lender’s place in the structure', async () => {
    const who = await enrols('Gilda Neuf');
    const desk = await atWork(who);
    await lendsFor(desk, people.Josette);
    await sql('update membership set ended_at = ? where staff = (select id from staff where login = ?)', Date.now() * 1000, who.login);
    assert.notEqual((await desk.get('/signer/bonjour')).status, 200);
  });
});

// Last: all that was done above is in it.
describe('the journal, by who holds the base', () => {
  test('an entry altered, removed, slipped in, moved or cut from the end is found by `journal verify`', async () => {
    const signed = await run(['journal', 'checkpoint', '--data', dir]);
    assert.equal(signed.code, 0, signed.err);
    await assert.rejects(sql('delete from journal_entry'), /only grows/, 'the base refuses by itself');
    await sql('pragma wal_checkpoint(truncate)');
    const [{ log }] = await sql("select log from journal_entry where event = 'record.viewed' limit 1");
    // Who owns the base takes its refusals away, and puts them back.
    const refusals = await sql("select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'journal_entry'");
    for (const [what, ...acts] of [
      ['nothing'],
      ['a word changed', `update journal_entry set leaf = cast(replace(cast(leaf as text), '"record.viewed"', '"auth.logout"') as blob) where event = 'record.viewed'`],
      ['a line removed', `delete from journal_entry where log = '${log}' and seq = 3`],
      ['the end cut', `delete from journal_entry where log = '${log}' and seq >= (select size - 5 from journal_log where name = '${log}')`],
      ['a line slipped in', `insert into journal_entry select log, (select size from journal_log where name = '${log}'), randomblob(16), at, event, act, structure, leaf, leaf_hash from journal_entry where log = '${log}' and seq = 2`],
      ['a line moved', `update journal_entry set seq = 100000 where log = '${log}' and seq = 3`],
    ]) {
      const copy = await mkdtemp(join(tmpdir(), 'maincourante-altered-'));
      await cp(dir, copy, { recursive: true, filter: (path) => !path.endsWith('/mail') });
      if (acts.length > 0) {
        const altered = reader(join(copy, 'maincourante.db'));
        for (const statement of [...refusals.map(({ name }) => `drop trigger ${name}`), ...acts, ...refusals.map((trigger) => trigger.sql)]) await altered(statement);
        altered.close();
      }
      const verified = await run(['journal', 'verify', '--data', copy]);
      assert.equal(verified.code, acts.length > 0 ? 1 : 0, `${what}: ${verified.out}${verified.err}`);
      if (acts.length > 0) assert.ok(!/déclencheur|trigger|refus/i.test(verified.out), `${what} is found, not that the refusals were away: ${verified.out}`);
      await rm(copy, { recursive: true, force: true });
    }
  });
});

describe('the page', () => {
  test('names every scene of this file, and no test that does not exist', async () => {
    const root = join(import.meta.dirname, '../..');
    const [page, own] = await Promise.all([readFile(join(root, 'docs/security/bad-aidant.md'), 'utf8'), readFile(import.meta.filename, 'utf8')]);
    const scenes = [...own.matchAll(/^ +test\((['`])(.+?)\1, /gm)].map(([, , title]) => title).filter((title) => title !== 'names every scene of this file, and no test that does not exist');
    assert.ok(scenes.length > 25);
    for (const title of scenes.filter((title) => !title.includes('${'))) assert.ok(page.includes(`*${title}*`), `not in the page: ${title}`);
    const files = (await readdir(join(root, 'crates'), { recursive: true })).filter((name) => name.endsWith('.rs'));
    const crates = (await Promise.all(files.map((name) => readFile(join(root, 'crates', name), 'utf8')))).join('\n');
    for (const [, name] of page.matchAll(/`([a-z]+(?:_[a-z0-9]+){3,})`/g)) assert.ok(crates.includes(`fn ${name}(`), `no such test: ${name}`);
  });
});
