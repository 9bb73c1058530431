// Kills the program at each point that the acts pass. A life is killed once in each of its acts, taken up each time by the people themselves,
// and judged. The other ways through an act (`others.mjs`) are killed where nobody before them passed, and where they do it otherwise.
//
// What is cut behind the pages (a text message, a letter) comes back when its lease ends. People who wait for it are set aside, and nothing is
// killed behind the pages while it may come back: it would be killed in the place of another.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Life, NotYet } from './life.mjs';
import { Again, OnPaper, Spoken } from './others.mjs';
import { aidants } from './people.mjs';
import { stops } from './places.mjs';
import { passages, unpassed } from './points.mjs';

/** A lease, and what it takes to be tried again after it. */
const LEASE = 125_000;
/** A letter whose job comes back before its own lease ends is tried again so long after. */
const TRIED_AGAIN = 25_000;
/** So long after something was cut, it surely has not come back. */
const QUIET = 112_000;
const RECOVERED = 'the new secret opens, the old one does not; journal whole';
const OPENED = 'one account, one mandate, what was confirmed is true; journal whole';
const CHOSEN = 'one secret, chosen once, and it opens; journal whole';
const RESULTS = {
  'account creation': OPENED,
  'hand-over': CHOSEN,
  recovery: RECOVERED,
  sending: 'one letter there, one copy among the sent, no draft left; journal whole',
  'account creation on paper': OPENED,
  'hand-over with a sheet': `one sheet, its codes read; ${CHOSEN}`,
  'a print photographed': 'two pages, in their order, said whole once; journal whole',
  'recovery by the sheet': `one code used up; ${RECOVERED}`,
  'account creation by a spoken yes': OPENED,
  renewal: 'one mandate, which takes the place of the one before; journal whole',
  'recovery, the code sent again': RECOVERED,
};
/** Who lives. */
const KINDS = [Life, OnPaper, Spoken, Again];
const ACTS = KINDS.flatMap(({ acts }) => Object.keys(acts));
/** What the other ways do otherwise, at places where someone passed already. */
const OTHERWISE = /^mandates\/src\/(signature|activate)\.rs/;

export class Run {
  #lives = 0;
  #aside = [];
  #cut = { first: 0, last: 0 };

  /**
   * `say` takes each case; `tell` each word for whoever waits; `choose` leaves of the points of an act those to try. `helpers`: how many aidants, enough
   * that each has rested when their turn comes: a code serves once, and three are good at a time.
   */
  constructor(place, { say, tell = () => {}, choose = (list) => list, helpers = 20 }) {
    Object.assign(this, { place, say, tell, choose, helpers });
  }

  /** Everything, on this place. */
  async all() {
    const { place } = this;
    await place.starts();
    this.staff = await aidants(place, this.helpers);
    await place.program.stop();
    this.plan = await this.records();
    await place.starts();
    while (ACTS.some((act) => this.plan[act].length)) {
      if (!ACTS.some((act) => this.at(act) >= 0)) await this.comesBack();
      await this.oneLife();
      await this.takesUp(({ since }) => performance.now() > since + LEASE + TRIED_AGAIN);
    }
    await this.takesUp();
  }

  /** A life of each kind without a kill, which says the points it passes. A place that writes and that none passed is a fault. */
  async records() {
    const { place } = this;
    await place.starts('--tell-points');
    const plan = {};
    const seen = new Set();
    for (const kind of KINDS) {
      const life = this.begins(kind);
      const before = new Set(seen);
      for (const act of Object.keys(kind.acts)) {
        // What looking at the act before passed may be said late: it is none of this one's.
        await this.isQuiet();
        const from = place.told().length;
        await life.lives(act, 20_000);
        await this.isQuiet();
        const all = passages(place.told().slice(from));
        plan[act] = this.choose(all.filter(({ point }) => !before.has(point) || (kind !== Life && RESULTS[act] && OTHERWISE.test(point))), act);
        for (const { point } of all) seen.add(point);
        await life.check(act);
      }
    }
    const passed = place.told();
    const wrong = unpassed(passed, place.engine);
    await place.program.stop();
    this.said('every place that writes has its points, and one of the acts passes them', wrong.length ? wrong.join('; ') : '', `${new Set(passed).size} points`);
    this.tell(`${place.engine}: ${ACTS.map((act) => `${act} ${plan[act].length}`).join(', ')}`);
    return plan;
  }

  /** No more points are passed. */
  async isQuiet() {
    for (let before = -1; before !== this.place.told().length; ) {
      before = this.place.told().length;
      await pause(600);
    }
  }

  begins(kind) {
    const number = this.#lives++;
    const [opener, helper] = [number, number + this.helpers / 2].map((at) => this.staff[at % this.helpers]);
    return new kind(this.place, number, [opener, helper]);
  }

  said(fault, wrong, result) {
    this.say({ fault, engine: this.place.engine, ok: !wrong, result: wrong ? wrong.replaceAll(/\s+/g, ' ').slice(0, 400) : result });
  }

  /** A person's acts, each with its kill as long as there are points to try. */
  async oneLife() {
    const life = this.begins(KINDS.find(({ acts }) => Object.keys(acts).some((act) => this.at(act) >= 0)) ?? Life);
    const laps = [];
    life.tried = [];
    for (const act of Object.keys(life.constructor.acts)) {
      const point = this.next(act, life);
      laps.push(performance.now());
      try {
        if (point) await this.kills(life, act, point);
        // What was cut is not waited for now.
        await life.lives(act, point?.kind === 'cut' ? 1500 : 8000);
        await this.judges(life, act);
      } catch (error) {
        if (error instanceof NotYet) this.#aside.push({ life, act, since: performance.now() });
        else {
          this.tell(`${error.stack}`);
          this.fails(life, act, error);
          break;
        }
      }
    }
    laps.push(performance.now());
    this.tell(`${this.place.engine}: ${life.name}, ${laps.slice(1).map((lap, at) => ((lap - laps[at]) / 1000).toFixed(1)).join(' + ')} s; ${ACTS.reduce((left, act) => left + this.plan[act].length, 0)} left, ${this.#aside.length} wait`);
  }

  /** Where the next point to try is in the list of this act; nothing is killed behind the pages while what was cut there may come back. */
  at(act) {
    const cut = this.#cut;
    const kinds = ['page'];
    if (cut.first && performance.now() > cut.last + LEASE) this.#cut = { first: 0, last: 0 };
    else if (cut.first && performance.now() > cut.first + QUIET) return this.plan[act].findIndex(({ kind }) => kind === 'page');
    // What cuts nothing is tried first: from the first cut on, there is not much time.
    kinds.unshift(ACTS.some((each) => this.plan[each].some(({ kind }) => kind === 'between')) ? 'between' : 'cut');
    for (const wanted of kinds) {
      const at = this.plan[act].findIndex(({ kind }) => kind === wanted);
      if (at >= 0) return at;
    }
    return -1;
  }

  /** The next point to try in this act of this life. */
  next(act, life) {
    const at = this.at(act);
    // A phone receives four codes in a quarter of an hour, and no more: one of them may be lost.
    return at < 0 || (life.askedAgain && act !== 'sending') ? undefined : this.plan[act].splice(at, 1)[0];
  }

  /** Waits until what was cut has come back. */
  async comesBack() {
    this.tell(`${this.place.engine}: what was cut comes back`);
    await Promise.all([this.takesUp(), pause(Math.max(0, this.#cut.last + LEASE - performance.now()) + 100)]);
  }

  /** Lives an act until the program stops at this point, and kills it there. */
  async kills(life, act, point) {
    const { place } = this;
    await place.program.stop();
    await place.starts('--stop-at', `${point.point} ${point.passage}`);
    let over;
    const living = life.lives(act, 8000).then(() => (over = true), (error) => (over = error));
    const patience = async () => {
      while (over === undefined && !place.hasStopped()) await pause(15);
      return place.hasStopped() || stops(place, 4000);
    };
    const stopped = await patience();
    await place.program.kill();
    await living;
    if (stopped) {
      const now = performance.now();
      if (point.kind === 'cut') this.#cut = { first: this.#cut.first || now, last: now };
      life.tried.push({ ...point, act });
      const wrong = await place.wrongAtOnce();
      await place.starts();
      assert.equal(wrong, '', 'the journal, right after');
      return;
    }
    await place.starts();
    if (over !== true) throw over;
    point.tries += 1;
    if (point.tries < 3) this.plan[act].push(point);
    else this.said(this.named({ ...point, act }), 'the program did not pass there any more', '');
  }

  named({ point, passage, act }) {
    return `killed at ${point}${passage > 1 ? `, passage ${passage}` : ''} (${act})`;
  }

  /** Judges what an act left. A mail server that took a letter cannot be asked whether it did. */
  async judges(life, act) {
    const tried = life.tried.find((one) => one.act === act);
    const blind = Boolean(tried) && this.place.blind(tried.point);
    await life.check(act, { leftTwice: blind });
    const wrong = tried ? await this.place.wrongLater() : '';
    if (tried) this.said(this.named(tried), wrong, blind ? `${RESULTS[act]}; ${life.leftTwice ? 'the letter left twice, under one Message-ID' : 'the letter left once'}` : RESULTS[act]);
  }

  fails(life, act, error) {
    const tried = life.tried.find((one) => one.act === act);
    this.said(tried ? this.named(tried) : `${act}, ${life.name}`, error.message || String(error), '');
  }

  /** Those who were set aside go on, all at once, until what they wait for is there; or those of them of whom it is time. */
  async takesUp(isTime = () => true) {
    const all = this.#aside.filter(isTime);
    this.#aside = this.#aside.filter((one) => !all.includes(one));
    await Promise.all(
      all.map(async ({ life, act }) => {
        try {
          await life.lives(act, 2 * LEASE);
          await this.judges(life, act);
        } catch (error) {
          this.tell(`${error.stack}`);
          this.fails(life, act, error);
        }
      }),
    );
  }
}
