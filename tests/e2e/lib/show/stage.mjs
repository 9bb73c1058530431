// Plays the journeys: signs in who they are of, goes from state to state, keeps a picture on a phone and at a desk, and looks at each in
// every way it can be shown.

import assert from 'node:assert/strict';
import { path } from '../acts.mjs';
import { device } from '../browser.mjs';
import { lookAll, picture, shown, WAYS } from '../look.mjs';
import { goes, isAlone } from './acts.mjs';
import { doorOf } from './doors.mjs';

/** What a name of a state promises, by its first word; `[what must be there, at least how many]`. */
const PROMISES = {
  error: ['main :is(.notice.danger, .wrong)', 1],
  done: ['main .done', 1],
  many: ['main :is(.rows, .journal) > li', 20],
  one: ['main :is(.rows, .journal) > li', 1],
};

/**
 * Plays one journey; gives what was seen of each state, `{ door, state, who, place, faults, pictures }`.
 *
 * @param journey `{ who, states }` of lib/show/states
 * @param {object} stage `{ browser, world, cast, all, wanted, js }`: `cast` signs people in, `all` are the doors, `wanted` says which states are
 *   looked at: the others are only gone through
 */
export async function play(journey, stage) {
  const { browser, world, cast, wanted, js } = stage;
  const last = journey.states.findLastIndex((state) => wanted(journey, state));
  if (last < 0) return [];
  const seen = [];
  const room = await device(browser, { base: world.base, js });
  // A development build that composes a paper beside another journey is slow.
  room.context.setDefaultTimeout(60_000);
  try {
    for (const need of journey.needs ?? []) assert.equal(await stage.made.get(need), undefined);
    const who = await cast.enter(room, journey.who);
    const page = await room.page();
    for (const state of journey.states.slice(0, last + 1)) {
      const isWanted = wanted(journey, state);
      if (!isWanted && isAlone(state.way) && !state.needed) continue;
      const one = await visits(page, { journey, state, stage: { ...stage, ...who, room }, isWanted });
      if (isWanted || one.faults.length > 0) seen.push(one);
    }
  } catch (error) {
    seen.push({ door: journey.states[0].door ?? '?', state: journey.states[0].state, who: journey.who.name ?? journey.who, faults: [`it could not begin: ${error.message}`], pictures: {} });
  } finally {
    await room.close().catch((error) => seen.at(-1)?.faults.push(error.message));
  }
  return seen;
}

async function visits(page, { journey, state, stage, isWanted }) {
  const who = journey.who.name ?? journey.who;
  const one = { door: state.door, state: state.state, who, place: '', faults: [], pictures: {}, ends: {} };
  try {
    await goes(page, state.way, stage);
    one.place = path(page);
    one.door = state.door ?? doorOf(one.place, stage.all) ?? one.place;
    // What is refused is said where it was posted, which may be no door that one opens.
    if (state.door) assert.equal(doorOf(one.place, stage.all) ?? state.door, state.door, `this is another page: ${await begins(page)}`);
    await holds(page, state);
    if (!isWanted) return one;
    const name = `${one.door}-${one.state}-${who}`.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '').replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 120).toLowerCase();
    for (const way of ['phone', 'desk']) {
      const back = await shown(page, WAYS[way]);
      one.pictures[way] = await picture(page, `${way}/${name}`);
      one.ends[way] = await page.evaluate(() => document.querySelector('.foot')?.offsetTop ?? document.body.scrollHeight);
      await back();
    }
    one.faults.push(...(await lookAll(page)));
  } catch (error) {
    one.door ??= doorOf(path(page), stage.all) ?? path(page);
    one.faults.push(String(error.message).replaceAll(/\s+/g, ' ').slice(0, 500));
  }
  return one;
}

/** The state is the one that is said. */
async function holds(page, { state, says }) {
  const [selector, least] = PROMISES[state.split(/[^a-z]/)[0]] ?? [];
  if (selector) {
    const count = await page.locator(selector).count();
    assert.ok(count >= least, `${count} × ${selector} instead of ${least}: ${await begins(page)}`);
  }
  // What is folded is there too.
  if (says) assert.match((await page.locator('main').textContent()).replaceAll(/[\u00a0\u202f]/g, ' '), says);
}

async function begins(page) {
  return (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ').slice(0, 300);
}
