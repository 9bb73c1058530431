// Each form of the journeys, posted fifty times at once: the base must then hold exactly what one post leaves in it.
//
// The same journeys are lived twice, by other people: by one hand, then by fifty. After each form, the rows of every table and the
// lines of every event are counted; what fifty hands add must be what one hand added. What is refused may say so as often as it is
// refused: a wrong or used code, a limit reached. No answer may be a breakdown.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeAfter, received } from '../lib/acts.mjs';
import { ENGINES, holds } from '../lib/cases.mjs';
import { demo, until } from '../lib/program.mjs';
import { service } from '../lib/service.mjs';
import { difference, photograph, reader } from '../lib/sql.mjs';
import { bring } from '../lib/stack.mjs';
import { SECRET, Town } from '../lib/town.mjs';

const HANDS = 50;
/** Counts of tries are made to grow with tries; checkpoints, and looking for what is unusual, come with time. */
const UNCOUNTED = ['rate_limit', 'journal_entry', 'journal_subject', 'journal_checkpoint', 'journal_super', 'job', 'service_sender', 'alert', 'alert_line', 'alert_scan'];

/** A town where every form is posted by many hands at once. */
class Hands extends Town {
  constructor(base, place, ask, hands) {
    super(base, place);
    this.ask = ask;
    this.hands = hands;
    this.forms = [];
  }

  /** Waits until no job is due. */
  async quiet() {
    await until('the jobs', async () => (await this.ask(`select count(*) from job where done_at is null and run_at <= ${Date.now()}000`))[0][0] === '0');
  }

  /** Posts the same form with every hand; gives the answer of a hand that got through, whose cookies are kept. */
  async many(name, visitor, send) {
    await this.quiet();
    const before = await photograph(this.ask, UNCOUNTED);
    const hands = Array.from({ length: this.hands }, () => visitor.copy());
    const answers = await Promise.all(hands.map((hand) => send(hand)));
    await this.quiet();
    const added = difference(before, await photograph(this.ask, UNCOUNTED));
    const statuses = {};
    for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
    this.forms.push({ name, added, statuses });
    process.stderr.write(`      ${name}: ${JSON.stringify(statuses)} ${JSON.stringify(added)}\n`);
    let at = -1;
    for (const [number, { status, to }] of answers.entries()) {
      if (status !== 303 || to === '/aidant/ecran-prete') continue;
      at = number;
      const there = to.startsWith('/') ? await hands[number].get(to) : answers[number];
      if (there.status === 200 || (there.status === 303 && !/connexion|plus-prete|ecran-prete/.test(there.to))) break;
    }
    at = Math.max(at, 0);
    visitor.jar = hands[at].jar;
    visitor.html = hands[at].html;
    visitor.token = hands[at].token;
    return answers[at];
  }

  post(visitor, path, fields) {
    return this.many(nameless(path), visitor, (hand) => hand.post(path, fields));
  }

  carry(visitor, path, fields, files) {
    return this.many(nameless(path), visitor, (hand) => hand.carry(path, fields, files));
  }
}

/** The door, without whose thing it is. */
function nameless(path) {
  return path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}').replace(/(recu|envoye|jete)-[\d-]+/, '{letter}');
}

for (const engine of ENGINES) {
  await (engine.startsWith('SQLite') ? onFiles : onPeers)(engine);
}

async function onFiles(engine) {
  const dir = await mkdtemp(join(tmpdir(), 'maincourante-parallel-'));
  const world = await demo({ dir });
  try {
    await tries(engine, world.base, ['--data', dir], reader({ dir }), undefined);
  } finally {
    await world.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function onPeers(engine) {
  const house = await service();
  try {
    const place = ['--config', house.config];
    await new Town(house.base, place).opens();
    await tries(engine, house.base, place, reader(house), house.peers);
  } finally {
    await house.stop();
  }
}

async function tries(engine, base, place, ask, peers) {
  const lived = {};
  for (const hands of [1, HANDS]) {
    const town = new Hands(base, place, ask, hands);
    const number = hands === 1 ? 1 : 2;
    await town.quiet();
    for (const [name, journey] of Object.entries({ account, letters, recovery, team })) {
      const before = town.forms.length;
      let fell;
      await journey(town, { number, peers, lived: lived[number] ??= {} }).catch((error) => (fell = error));
      (lived[hands] ??= {})[name] = { forms: town.forms.slice(before), fell };
    }
  }
  for (const name of Object.keys(lived[1]).filter((key) => lived[1][key]?.forms)) {
    await holds(`forms posted ${HANDS} times at once: ${name}`, engine, async () => compare(lived[1][name], lived[HANDS][name]));
  }
}

function compare(one, many) {
  if (one.fell) throw new Error(`by one hand: ${one.fell.message}`);
  const wrong = [];
  for (const [at, { name, added, statuses }] of many.forms.entries()) {
    const alone = one.forms[at] ?? { name: 'nothing', added: {} };
    const differs = Object.keys({ ...added, ...alone.added }).filter((what) => !/, refused$|^alert\./.test(what) && added[what] !== alone.added[what]);
    if (alone.name !== name) wrong.push(`${name} came where ${alone.name} was`);
    if (differs.length) wrong.push(`${name}: ${differs.map((what) => `${what} +${added[what] ?? 0} instead of +${alone.added[what] ?? 0}`).join(', ')}`);
    const broken = Object.entries(statuses).filter(([status]) => status >= 500 || status === '403');
    if (broken.length) wrong.push(`${name}: ${broken.map(([status, count]) => `${count} × ${status}`).join(', ')}`);
  }
  if (many.fell) wrong.push(`it stopped: ${many.fell.message}`);
  assert.equal(wrong.length, 0, wrong.join('; '));
  return `${many.forms.length} forms, one effect each: ${[...new Set(many.forms.map(({ name }) => name))].join(', ')}`;
}

// --- The journeys ----------------------------------------------------------------------------------------------------

async function account(town, { number, lived }) {
  const phone = `06 39 98 81 0${number}`;
  const who = await town.enrols(`Agnès ${'abcd'[number]}`);
  const desk = await town.atWork(who);
  const person = { given_names: 'Solange', family_name: `Pinaud ${'abcd'[number]}`, birth_date: '02/02/1939', phone };
  const { draft, address } = await town.prepares(desk, person);
  const again = await town.submit(desk, `${draft}/personne`, `${draft}/personne`, { ...person, birthplace: 'Dax', identity_check: 'paper_seen', protection: 'none' });
  assert.equal(again.status, 303, again.words);
  await town.post(desk, `${draft}/adresse`, { address });
  await town.submit(desk, `${draft}/mandat`, `${draft}/mandat`, { powers: ['create_account', 'give_access_back'], duration: 'month' });
  await town.signs(desk, draft, phone);
  await town.takesBack(desk, who);
  const open = await town.submit(desk, `${draft}/signature`, `${draft}/signature`, { code: await who.authenticator.next() });
  assert.equal(open.status, 303, open.words);
  await town.submit(desk, `${draft}/mot-de-passe`, `${draft}/mot-de-passe`);
  await town.choosesSecret(desk, phone, SECRET);
  await town.submit(desk, '/signer/feuille-de-secours', '/signer/feuille-de-secours');
  await town.takesBack(desk, who);
  const other = await town.submit(desk, '/aidant/nouveau-compte/personne', '/aidant/nouveau-compte/personne', { ...person, family_name: `Renonce ${'abcd'[number]}`, phone: `06 39 98 82 0${number}`, birthplace: 'Dax', identity_check: 'paper_seen', protection: 'none' });
  const given = other.to.replace(/\/adresse$/, '');
  await town.submit(desk, `${given}/abandonner`, `${given}/abandonner`);
  await town.submit(desk, '/aidant', '/affichage', { size: 'large' });
  await town.submit(desk, '/aidant', '/aidant/deconnexion');
  Object.assign(lived, { who: { address, secret: SECRET, phone }, aidant: who });
}

async function letters(town, { number, peers, lived }) {
  const home = await town.atHome(lived.who);
  await town.submit(home, '/messages/ecrire', '/messages/ecrire', { to: 'sophie@ailleurs.test', subject: `Une fois ${number}`, text: 'Une seule fois.' });
  // A letter kept, thrown away, taken back, and a file joined to it.
  const page = await home.get('/messages/ecrire');
  const once = page.html.match(/name="once" value="([^"]+)"/)[1];
  const draft = { once, to: 'paul@ailleurs.test', subject: `À finir ${number}`, text: 'Je commence.' };
  await town.post(home, '/messages/ecrire/tout-seul', draft);
  await town.carry(home, '/messages/ecrire/garder', draft, {});
  const kept = (await home.get('/messages/a-finir')).html.match(/\/messages\/a-finir\/([0-9a-f-]{36})\/jeter/)[1];
  await town.submit(home, '/messages/a-finir', `/messages/a-finir/${kept}/jeter`);
  await home.get(`/messages/a-finir?jete=${kept}`);
  await town.post(home, `/messages/a-finir/${kept}/reprendre`, {});
  // A letter taken back.
  const given = await town.submit(home, '/messages/ecrire', '/messages/ecrire', { to: 'marc@ailleurs.test', subject: `Reprise ${number}`, text: 'Trop vite.' });
  const letter = given.to.match(/[0-9a-f]{8}-[0-9a-f-]{27}/)[0];
  await home.get('/messages');
  await town.post(home, `/messages/annuler/${letter}`, {});
  // To the bin, and back. The letter comes from outside where there is an outside, from oneself in the demo.
  if (peers) {
    await bring(peers, { from: 'sophie@ailleurs.test', to: lived.who.address, letter: `From: sophie@ailleurs.test\nTo: ${lived.who.address}\nSubject: Corbeille\nMessage-ID: <c${number}@ailleurs.test>\n\nBonjour.\n` });
  } else {
    await home.submit('/messages/ecrire', '/messages/ecrire', { to: lived.who.address, subject: 'Corbeille', text: 'Bonjour.', once: (await home.get('/messages/ecrire')).html.match(/name="once" value="([^"]+)"/)[1] });
  }
  const received = await until('the letter', async () => (await home.get('/messages')).html.match(/href="\/messages\/(recu-[\d-]+)"/)?.[1], 180_000);
  await home.get(`/messages/${received}`);
  await town.post(home, `/messages/${received}/corbeille`, {});
  const bin = await home.get('/messages/corbeille');
  const thrown = [...new Set([...bin.html.matchAll(/jete-[\d-]+/g)].map(([name]) => name))];
  assert.equal(thrown.length, 1, 'one letter in the bin');
  await home.get(`/messages/${thrown[0]}`);
  await town.post(home, `/messages/${thrown[0]}/remettre`, {});
  assert.equal(new Set([...(await home.get('/messages')).html.matchAll(/href="\/messages\/(recu-[\d-]+)"/g)].map(([, name]) => name)).size, 1, 'one letter in the inbox');
  // What was done in one's name is reported, and help is stopped.
  const helped = await home.get('/aide/qui-m-a-aide');
  const line = helped.html.match(/\/aide\/signaler\/([^"?]+)"/)?.[1];
  assert.ok(line, 'a line can be reported');
  await town.submit(home, `/aide/signaler/${line}`, `/aide/signaler/${line}`, { words: 'Je ne me souviens pas.' });
  const stop = (await home.get('/aide/qui-m-a-aide')).html.match(/\/aide\/arreter\/[0-9a-f-]{36}/)[0];
  await town.submit(home, stop, stop);
  await town.submit(home, '/messages', '/deconnexion');
}

async function recovery(town, { lived }) {
  const lost = town.visitor();
  const known = (await received(town.base, lived.who.phone)).length;
  await town.submit(lost, '/mot-de-passe-oublie', '/mot-de-passe-oublie', { login: lived.who.address });
  const code = await codeAfter(town.base, lived.who.phone, known);
  await town.submit(lost, '/mot-de-passe-oublie/code', '/mot-de-passe-oublie/code', { code });
  await town.submit(lost, '/mot-de-passe-oublie/nouveau', '/mot-de-passe-oublie/nouveau', { password: 'citron plume galet' });
}

async function team(town, { number }) {
  const who = await town.enrols(`Hélène ${'abcd'[number]}`, 'referent');
  const other = await town.enrols(`Berthe ${'abcd'[number]}`);
  const desk = await town.atWork(who);
  const invited = await town.submit(desk, '/structure/aidants/inviter', '/structure/aidants/inviter', { name: 'Lucie Martin', login: `lucie.${number}@vaudorme.example`, role: 'aidant' });
  assert.equal(invited.status, 303, invited.words);
  const page = await desk.get('/structure/aidants');
  const invitation = page.html.match(/\/structure\/invitations\/([0-9a-f-]{36})\/lettre/)[1];
  await town.post(desk, `/structure/invitations/${invitation}/lettre`, { after: page.html.match(/name="after" value="(\d+)"/)[1] });
  await town.submit(desk, '/structure/aidants', `/structure/invitations/${invitation}/retrait`);
  const members = (await desk.get('/structure/aidants')).html.split('<li').filter((part) => part.includes(other.name));
  const member = members.join('').match(/\/structure\/aidants\/([0-9a-f-]{36})\/role/)[1];
  await town.post(desk, `/structure/aidants/${member}/role`, { role: 'referent' });
  await town.submit(desk, '/structure/aidants', `/structure/aidants/${member}/place`, { place: 'out' });
  await town.submit(desk, '/structure/aidants', `/structure/aidants/${member}/place`, { place: 'in' });
  await town.submit(desk, '/aidant/codes-de-secours', '/aidant/codes-de-secours', { code: await who.authenticator.next() });
  const shown = (name, html) => html.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1];
  await town.submit(desk, '/structure/journal', '/structure/journal/relecture', (html) => ({ first: shown('first', html), last: shown('last', html), remark: 'Rien à dire.' }));
}
