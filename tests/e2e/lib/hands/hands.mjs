// Many hands on the same button: a town where each form is posted by all of them at once, and what it leaves in the base is counted.

import assert from 'node:assert/strict';
import { run, until } from '../program.mjs';
import { difference, photograph } from '../sql.mjs';
import { Town, typed } from '../town.mjs';
import { door } from './doors.mjs';

/** What grows with tries, or comes with time, and is no effect of a form: counts of tries, leases, whom one wrote to once a letter has left. */
const UNCOUNTED = [
  'rate_limit', 'code.tries', 'reset_request.tries', 'account_search.tries', 'session.seen_at',
  'correspondent', 'service_sender', 'alert_scan', 'alert.seen_at',
  ...['letter', 'tries', 'lease_until', 'doubtful_at', 'accepted_at', 'refused_at', 'refusal', 'filing_until', 'filed_at'].map((column) => `outbox.${column}`),
];

/** What is unusual is looked for by the clock, and fifty refusals are unusual; what a person reports is an effect of theirs. */
const ONLY = { alert: "rule = 'reported'", alert_line: "alert in (select id from alert where rule = 'reported')" };

/** Where a hand that was late finds itself: not who goes on. */
const LATE = /connexion|plus-prete|ecran-prete|mot-de-passe-oublie$/;

/** A town where every form is posted by many hands at once; `alone` is the same place, by one hand, for what only leads there. */
export class Hands extends Town {
  constructor(alone, ask, hands) {
    super(alone.base, alone.place, alone.siret);
    this.alone = alone;
    this.ask = ask;
    this.hands = hands;
    this.forms = [];
  }

  enrols(name, role) {
    return this.alone.enrols(name, role);
  }

  /** Waits until no job is due, and none is being done. */
  async quiet() {
    await until('the jobs', async () => (await this.ask(`select count(*) from job where done_at is null and (run_at <= ${Date.now()}000 or tries > 0)`))[0][0] === '0');
  }

  #seen() {
    return photograph(this.ask, { without: UNCOUNTED, only: ONLY });
  }

  /** Posts the same form with every hand; gives the answer of a hand that got through, whose cookies are kept. */
  async many(path, visitor, fields, send) {
    const name = door(path);
    await this.quiet();
    const before = await this.#seen();
    const hands = Array.from({ length: this.hands }, () => visitor.copy());
    const form = await typed(fields);
    const began = performance.now();
    const answers = await Promise.all(hands.map((hand) => send(hand, form)));
    const took = performance.now() - began;
    await this.quiet();
    const added = difference(before, await this.#seen());
    const statuses = {};
    for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
    this.forms.push({ name, added, statuses });
    process.stderr.write(`      ${name}: ${JSON.stringify(statuses)} ${JSON.stringify(added)} ${(took / 1000).toFixed(1)} s\n`);
    const at = await this.#through(hands, answers);
    Object.assign(visitor, { jar: hands[at].jar, html: hands[at].html, token: hands[at].token });
    return answers[at];
  }

  /** The number of a hand that got through: sent on to a page that is there for it, first of all one that was given a cookie to go on with. */
  async #through(hands, answers) {
    let last = answers.findIndex(({ status }) => status === 200);
    const given = ({ headers }) => (headers['set-cookie'] ?? []).filter((line) => !/^[^=]+=;|max-age=0/i.test(line)).length;
    const order = [...answers.entries()].sort(([, one], [, other]) => given(other) - given(one));
    for (const [at, { status, to }] of order) {
      if (status !== 303 || to === '/aidant/ecran-prete') continue;
      last = at;
      const there = to.startsWith('/') ? await hands[at].get(to) : answers[at];
      if (there.status === 200 || (there.status === 303 && !LATE.test(there.to))) break;
    }
    return Math.max(last, 0);
  }

  post(visitor, path, fields) {
    return this.many(path, visitor, fields, (hand, form) => hand.post(path, form));
  }

  carry(visitor, path, fields, files) {
    return this.many(path, visitor, fields, (hand, form) => hand.carry(path, form, files));
  }

  /** The same, when it must get through. */
  async passes(visitor, page, path, fields) {
    const answer = await this.submit(visitor, page, path, fields);
    assert.equal(answer.status, 303, `${path} → ${answer.status} ${answer.words?.slice(0, 300)}`);
    return answer;
  }
}

/** A town of its own in this service: a structure that has no past. */
export async function founds({ base, place }, number) {
  const town = new Town(base, place, siret(number));
  await town.opens();
  return town;
}

/** A number of fourteen digits whose key is right (Luhn): the first digit and every other one after it count double. */
function siret(number) {
  const digits = `2640003${String(number).padStart(6, '0')}`;
  const sum = [...digits].reduce((total, digit, at) => total + (at % 2 ? Number(digit) : [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit]), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** A mandate signed on paper and countersigned, for someone without a phone; two codes with the sign-in. Gives the desk, the draft and the record. */
export async function signsOnPaper(town, desk, who, person) {
  const { alone } = town;
  const { draft, address } = await alone.prepares(desk, { ...person, phone: '', no_phone: 'yes' });
  assert.equal((await desk.bytes(`${draft}/a-signer`)).subarray(0, 5).toString(), '%PDF-');
  const declared = await town.submit(desk, `${draft}/papier`, `${draft}/papier`);
  assert.equal(declared.status, 303, declared.words);
  const open = await alone.submit(desk, `${draft}/signature`, `${draft}/signature`, { code: () => who.authenticator.next() });
  assert.equal(open.status, 303, open.words);
  return { draft, address, record: await record(desk, address) };
}

/** The record of the person who has this address. */
export async function record(desk, address) {
  const row = (await desk.get('/aidant')).html.split('<li').find((part) => part.includes(address));
  const found = row?.match(/\/aidant\/personnes\/[0-9a-f-]{36}/)?.[0];
  assert.ok(found, `${address} is in the list of ${desk.html.length} signs`);
  return found;
}

/** What a page's form holds under this name. */
export function held(html, name) {
  return html.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1];
}
