// The program killed at some of its points, chosen evenly, on the embedded engines: the short form of `faults/kills.mjs`, which tries them all on both.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embedded } from './lib/kills/places.mjs';
import { places, unpassed } from './lib/kills/points.mjs';
import { Run } from './lib/kills/run.mjs';

/** Tried in each act; in the other ways through it, one. A letter cut behind the pages comes back after two minutes: the long form waits for it. */
const TRIED = 3;
const ACTS = ['account creation', 'hand-over', 'recovery', 'sending'];
const chosen = {};

function evenly(list, act) {
  const quick = list.filter(({ kind }) => kind !== 'cut' || act !== 'sending');
  const tried = ACTS.includes(act) ? TRIED : Math.min(1, quick.length);
  chosen[act] = Array.from({ length: tried }, (_, at) => quick[Math.floor(((at + 0.5) * quick.length) / tried)]);
  return [...chosen[act]];
}

test('killed at some of its points, the program is found again by those who were using it', async () => {
  const place = await embedded();
  const cases = [];
  try {
    await new Run(place, { say: (said) => cases.push(said), choose: evenly, helpers: 10 }).all();
  } finally {
    await place.ends();
  }
  assert.deepEqual(cases.filter(({ ok }) => !ok), []);
  // The places that write, then each point that was tried.
  const tried = Object.values(chosen).flat().length;
  assert.equal(cases.length, 1 + tried);
  // Four acts, and seven ways through them where nobody passed before.
  assert.equal(tried, 4 * TRIED + 7);
});

test('a place that writes and that no act passes is a fault, and so is a program that was not built from these sources', () => {
  const wrong = unpassed(new Set(['mandates/src/nowhere.rs:1 after']), 'sqlite+maildir');
  for (const told of [/^mandates\/src\/nowhere\.rs:1 was passed/, /^mandates\/src\/prepare\.rs:\d+ \(begin_as\)/, /^mailbox\/src\/departed\.rs:\d+/, /^mandates\/src\/aidants\.rs unlock writes in 2 places/]) {
    assert.ok(wrong.some((fault) => told.test(fault)), `${told}`);
  }
  assert.ok(!unpassed(new Set(), 'postgres+dovecot+postfix').some((fault) => fault.includes('departed')));
});

test('what is said to be elsewhere must be there, be alone in its function, and be passed by no act', () => {
  const all = places();
  const [charter] = [...all].find(([place, inside]) => place.startsWith('mandates/src/charter.rs') && inside === 'accept');
  const told = (passed, change) => {
    const changed = new Map(all);
    change?.(changed);
    return unpassed(new Set(passed), 'sqlite+maildir', changed).filter((fault) => fault.includes('mandates/src/charter.rs'));
  };
  assert.deepEqual(told([]), []);
  assert.deepEqual(told([`${charter} after`]), ['mandates/src/charter.rs accept is said to be elsewhere, and an act passed there']);
  assert.deepEqual(told([], (there) => there.delete(charter)), ['mandates/src/charter.rs accept is said to be elsewhere, and writes nothing']);
  assert.deepEqual(told([], (there) => there.set('mandates/src/charter.rs:9999', 'accept')), ['mandates/src/charter.rs accept writes in 2 places that no act passed, and one of them is elsewhere']);
  assert.deepEqual(told([], (there) => there.set('mandates/src/charter.rs:9999', 'burn')), ['mandates/src/charter.rs:9999 (burn) writes, and no act passed there']);
});
