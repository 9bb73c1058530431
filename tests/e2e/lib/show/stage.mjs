// Plays the journeys: signs in who they are of, goes from state to state, keeps a picture on a phone and at a desk, and looks at each in
// every way it can be shown.

import assert from 'node:assert/strict';
import { path } from '../acts.mjs';
import { device } from '../browser.mjs';
import { lookAll, picture, shown, WAYS } from '../look.mjs';
import { goes, isAlone } from './acts.mjs';
import { fieldsOf, listens } from './answers.mjs';
import { doorOf } from './doors.mjs';
import { LONG, LONG_NAMES } from './made.mjs';
import { readsAgain } from './scriptless.mjs';

/** The rows of a list, not those that lead to another page. */
const ROWS = 'main :is(.rows, .journal) > li:not(.beside)';
/** How many rows a list of `many` has, over all its pages, unless the state says what the product allows and why. */
const MANY = 300;

/** What a name of a state promises, by its first word; `[what must be there, at least how many, at most]`. */
const PROMISES = {
  error: ['main :is(.notice.danger, .wrong)', 1],
  done: ['main .done', 1],
  empty: [ROWS, 0, 0],
  one: [ROWS, 1, 1],
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
    const withoutScript = readsAgain(page);
    const answers = listens(page);
    const played = journey.states.slice(0, last + 1);
    // What follows from another page needs it.
    const isGone = (at) => wanted(journey, played[at]) || played[at].needed || !isAlone(played[at].way) || (at < last && !isAlone(played[at + 1].way));
    for (const [at, state] of played.entries()) {
      const isWanted = wanted(journey, state);
      if (!isGone(at)) continue;
      const one = await visits(page, { journey, state, stage: { ...stage, ...who, room }, isWanted, withoutScript, answers });
      if (isWanted || one.faults.length > 0) seen.push(one);
    }
  } catch (error) {
    seen.push({ door: journey.states[0].door ?? '?', state: journey.states[0].state, who: journey.who.name ?? journey.who, faults: [`it could not begin: ${error.message}`], pictures: {} });
  } finally {
    await room.close().catch((error) => seen.at(-1)?.faults.push(error.message));
  }
  return seen;
}

async function visits(page, { journey, state, stage, isWanted, withoutScript, answers }) {
  const who = journey.who.name ?? journey.who;
  const one = { door: state.door, state: state.state, who, place: '', faults: [], pictures: {}, ends: {}, rows: 0, names: [], posted: [], asking: [], limit: state.limit?.[1] };
  try {
    await goes(page, state.way, stage);
    one.posted = answers();
    one.asking = await fieldsOf(page);
    one.place = path(page);
    one.door = state.door ?? doorOf(one.place, stage.all) ?? one.place;
    // What is refused is said where it was posted, which may be no door that one opens.
    if (state.door) assert.equal(doorOf(one.place, stage.all) ?? state.door, state.door, `this is another page: ${await begins(page)}`);
    one.rows = await holds(page, state);
    one.names = await named(page, stage.world.table);
    if (/long name/.test(state.state)) assert.ok(one.names.some((name) => [LONG.address, LONG.structure, ...LONG_NAMES].includes(name)), `no long name is here: ${await begins(page)}`);
    if (!isWanted) return one;
    const name = `${one.door}-${one.state}-${who}`.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '').replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 120).toLowerCase();
    for (const way of ['phone', 'desk']) {
      const back = await shown(page, WAYS[way]);
      one.pictures[way] = await picture(page, `${way}/${name}`);
      one.ends[way] = await page.evaluate(() => document.querySelector('.foot')?.offsetTop ?? document.body.scrollHeight);
      await back();
    }
    one.faults.push(...(await lookAll(page)));
    const again = await withoutScript(`without-script/${name}`);
    one.pictures['without-script'] = again.picture;
    one.faults.push(...again.faults);
  } catch (error) {
    one.door ??= doorOf(path(page), stage.all) ?? path(page);
    one.faults.push(String(error.message).replaceAll(/\s+/g, ' ').slice(0, 500));
  }
  return one;
}

/** The state is the one that is said; gives how many rows its list has. */
export async function holds(page, { state, says, limit: [least] = [MANY] }) {
  const first = state.split(/[^a-z]/)[0];
  const [selector, fewest, most = Infinity] = PROMISES[first] ?? [];
  if (selector) {
    const count = await page.locator(selector).count();
    assert.ok(count >= fewest && count <= most, `${count} × ${selector} instead of ${fewest}${most === fewest ? '' : ' or more'}: ${await begins(page)}`);
  }
  const rows = first === 'many' ? await rowsOfAllPages(page) : await page.locator(ROWS).count();
  if (first === 'many') assert.ok(rows >= least, `${rows} rows on all pages instead of ${least}: ${await begins(page)}`);
  // What is folded is there too.
  if (says) assert.match((await page.locator('main').textContent()).replaceAll(/[\u00a0\u202f]/g, ' '), says);
  return rows;
}

/** The rows of this page of a list and of those that follow it, read beside. */
async function rowsOfAllPages(page) {
  let count = 0;
  const read = async (address) => page.evaluate(({ html, rows }) => {
    const parsed = new DOMParser().parseFromString(html, 'text/html');
    const more = [...parsed.querySelectorAll('main a[href]')].filter((link) => /plus anciens|plus anciennes|suivant/.test(link.textContent));
    return { rows: parsed.querySelectorAll(rows).length, more: more.map((link) => link.getAttribute('href')) };
  }, { html: await (await page.context().request.get(address)).text(), rows: ROWS });
  const addresses = new Set([page.url()]);
  for (const address of addresses) {
    const { rows, more } = await read(address);
    count += rows;
    // A page may have several lists, each with what follows it; a set goes on with what it is given meanwhile.
    for (const next of more) if (addresses.size < 200) addresses.add(new URL(next, page.url()).href);
  }
  return count;
}

/** Whom the page names, of those who live or work in the territory, in what is read or typed; the longest name of a structure, but at the foot, and the longest address. */
async function named(page, { people, aidants }) {
  const plain = (words) => words.replaceAll(/\s+/g, ' ');
  const [main, all] = await page.evaluate(() => {
    const typed = [...document.querySelectorAll('input, textarea')].map((field) => field.value);
    return [document.querySelector('main').textContent, [document.body.textContent, ...typed].join(' ')];
  });
  const known = new Set([...LONG_NAMES, ...[...people, ...aidants].map(({ name }) => name)]);
  return [...[...known].filter((name) => plain(all).includes(plain(name))), ...[LONG.structure, LONG.address].filter((name) => plain(main).includes(plain(name)))];
}

async function begins(page) {
  return (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ').slice(0, 300);
}
