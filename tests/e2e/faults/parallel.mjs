// Each form posted fifty times at once: the base must then hold exactly what one post leaves in it.
//
// The same journeys are lived twice, by other people: by one hand, then by fifty. After each form, the rows of every table, what changed in
// them column by column, the jobs of every kind and the lines of every event are counted; what fifty hands did must be what one hand did.
// What is refused may say so as often as it is refused: a wrong or used code, a limit reached. No answer may be a breakdown. Every POST door
// of docs/doors.md is one of them, and each leaves something there, or is said to leave it elsewhere.
//
// The real engines are served by two programs, each post going to the other one: nothing that one process keeps to itself may be what holds.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINES, holds, wanted } from '../lib/cases.mjs';
import { account } from '../lib/hands/account.mjs';
import { EACH, OUTSIDE, POSTS } from '../lib/hands/doors.mjs';
import { endings } from '../lib/hands/endings.mjs';
import { Hands, founds } from '../lib/hands/hands.mjs';
import { letters } from '../lib/hands/letters.mjs';
import { gestures, paper, renewal } from '../lib/hands/paper.mjs';
import { recovery, watched } from '../lib/hands/person.mjs';
import { joining, team } from '../lib/hands/team.mjs';
import { demo } from '../lib/program.mjs';
import { service } from '../lib/service.mjs';
import { reader } from '../lib/sql.mjs';

const HANDS = 50;
const JOURNEYS = { account, letters, watched, recovery, team, joining, paper, gestures, renewal, endings };
/** What a hand that was late leaves; and what is unusual, fifty refusals for one, is told when the clock looks. */
const REFUSED = /, refused( |$)|^alert\.raised, done \((?!reported)/;
const EVERY = 'each POST door was posted';
const named = (journey) => `forms posted ${HANDS} times at once: ${journey}`;

for (const engine of ENGINES) {
  await (engine.startsWith('SQLite') ? onFiles : onPeers)(engine);
}

async function onFiles(engine) {
  const dir = await mkdtemp(join(tmpdir(), 'maincourante-parallel-'));
  const world = await demo({ dir });
  try {
    await tries(engine, { base: world.base, place: ['--data', dir] }, reader({ dir }));
  } finally {
    await world.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function onPeers(engine) {
  const house = await service({ programs: 2 });
  try {
    await tries(engine, { base: house.base, place: ['--config', house.config] }, reader(house), house.peers);
  } finally {
    await house.stop();
  }
}

async function tries(engine, where, ask, peers) {
  let places = 0;
  const place = () => (places += 1);
  const phones = { last: 8100, next() { return `06 39 98 ${String((this.last += 1)).replace(/(..)(..)/, '$1 $2')}`; } };
  const alone = await founds(where, place());
  const posted = new Map();
  for (const [name, journey] of Object.entries(JOURNEYS).filter(([name]) => wanted(named(name), engine))) {
    const lived = [];
    for (const [hands, mark] of [[1, 'a'], [HANDS, 'b']]) {
      const town = new Hands(alone, ask, hands);
      await town.quiet();
      let fell;
      await journey(town, { mark, peers, phones, place }).catch((error) => (fell = error));
      lived.push({ forms: town.forms, fell });
    }
    for (const [at, { name }] of lived[1].forms.entries()) posted.set(name, { ...posted.get(name), ...lived[0].forms[at]?.added });
    await holds(named(name), engine, async () => compare(...lived));
  }
  if (Object.keys(JOURNEYS).every((name) => wanted(named(name), engine))) await holds(EVERY, engine, async () => covered(posted));
}

function compare(one, many) {
  if (one.fell) throw new Error(`by one hand: ${one.fell.stack}`);
  const wrong = [];
  for (const [at, { name, added, statuses }] of many.forms.entries()) {
    const alone = one.forms[at] ?? { name: 'nothing', added: {} };
    if (alone.name !== name) wrong.push(`${name} came where ${alone.name} was`);
    const differs = Object.keys({ ...added, ...alone.added }).filter((what) => !REFUSED.test(what) && !same(name, alone.added[what], added[what]));
    if (differs.length) wrong.push(`${name}: ${differs.map((what) => `${what} +${added[what] ?? 0} instead of +${alone.added[what] ?? 0}`).join(', ')}`);
    const broken = Object.entries(statuses).filter(([status]) => status >= 500 || status === '403');
    if (broken.length) wrong.push(`${name}: ${broken.map(([status, count]) => `${count} × ${status}`).join(', ')}`);
  }
  if (many.fell) wrong.push(`it stopped: ${many.fell.message}`);
  assert.equal(wrong.length, 0, wrong.join('; '));
  const doors = [...new Set(many.forms.map(({ name }) => name))];
  const each = doors.filter((name) => EACH[name]);
  return `${many.forms.length} forms at ${doors.length} doors, one effect each${each.length ? ` (${each.join(', ')}: one for each hand)` : ''}`;
}

/** What fifty hands left is what one left; where each hand has an effect of its own, no more than that each. */
function same(name, one = 0, many = 0) {
  return many === one || (name in EACH && one > 0 && many > 0 && many <= one * HANDS);
}

/** Every door was posted by a journey, and left something that is counted, or is said not to; every exception is a door. */
function covered(posted) {
  const missing = POSTS.filter((door) => !posted.has(door));
  assert.equal(missing.length, 0, `no journey posts ${missing.join(', ')}`);
  const strange = [...Object.keys(EACH), ...Object.keys(OUTSIDE)].filter((door) => !POSTS.includes(door));
  assert.equal(strange.length, 0, `no such door: ${strange.join(', ')}`);
  const idle = POSTS.filter((door) => !Object.keys(posted.get(door)).length !== door in OUTSIDE);
  assert.equal(idle.length, 0, `what is left there is not counted, or is and was said not to be: ${idle.join(', ')}`);
  const all = (table) => Object.keys(table).join(', ');
  return `${POSTS.length} doors of docs/doors.md; each hand has its own effect at ${all(EACH)}; what is left is not in the base at ${all(OUTSIDE)}`;
}
