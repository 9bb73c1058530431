// Every state of every page: a picture on a phone, at a desk and without script, and what is wrong with it in the seven ways a page is shown
// and where its script never arrives. Run by `cargo xtask show`; it ends badly when anything is wrong, or when a page was not shown as it
// should be (lib/show/rules.mjs, lib/show/kinds.mjs).
//
// `show.mjs [--only WORD,WORD] [--without-script]`: the states of these chapters (files of lib/show/states), or whose door, name or
// person hold one of these words.

import { rm } from 'node:fs/promises';
import { launch } from './lib/browser.mjs';
import { OUT } from './lib/look.mjs';
import { demo } from './lib/program.mjs';
import { Cast } from './lib/show/cast.mjs';
import { doors } from './lib/show/doors.mjs';
import { unshownKinds } from './lib/show/kinds.mjs';
import { makes } from './lib/show/made.mjs';
import { owed } from './lib/show/rules.mjs';
import { draws } from './lib/show/sheets.mjs';
import { play } from './lib/show/stage.mjs';
import { journeys } from './lib/show/states/all.mjs';
import { table } from './lib/show/table.mjs';

/** How many journeys are played at once: the browser and the program share the machine. */
const AT_ONCE = 2;

const words = process.argv.slice(2);
const only = (words.includes('--only') ? words[words.indexOf('--only') + 1] : '').toLowerCase().split(',');
const js = words.includes('--without-script') ? 'off' : 'on';
const wanted = ({ who, chapter }, { door = '', state }) => [chapter, door, state, who.name ?? who].some((text) => only.some((word) => text.toLowerCase().includes(word)));

await rm(OUT, { recursive: true, force: true });
const [browser, world, all] = await Promise.all([launch(), demo({ whole: true }), doors()]);
const cast = new Cast(world);
const stage = { browser, world, cast, all, wanted, js };
const seen = [];

/** Plays what is left of these, one after the other. */
async function plays(left) {
  for (let journey = left.shift(); journey; journey = left.shift()) {
    const shown = await play(journey, stage);
    for (const { door, state, who, faults } of shown) process.stderr.write(`${faults.length > 0 ? 'NO ' : 'ok '} ${door} · ${state} · ${who}\n${faults.map((fault) => `     ${fault}\n`).join('')}`);
    seen.push(...shown);
  }
}

const asked = journeys.filter((journey) => journey.states.some((state) => wanted(journey, state)));
stage.made = makes(stage, asked);
// What stops the service for everyone is played last, alone.
const [together, alone] = [asked.filter((journey) => !journey.isAlone), asked.filter((journey) => journey.isAlone)];
await Promise.all(Array(AT_ONCE).fill(together).map(plays));
await plays(alone);

const order = (one) => `${one.door} ${one.state}`;
seen.sort((one, other) => order(one).localeCompare(order(other), 'fr'));
const forgotten = words.includes('--only') ? [] : [...owed(seen, all), ...(await unshownKinds(seen))];
const sheets = await draws(browser, seen);
await Promise.all([browser.close(), world.stop()]);
console.log(table(seen, forgotten));
console.log(`${sheets.length} contact sheets and index.html in ${OUT}`);
if (seen.length === 0) console.log('nothing was looked at');
process.exitCode = seen.length > 0 && forgotten.length === 0 && seen.every((one) => one.faults.length === 0) ? 0 : 1;
