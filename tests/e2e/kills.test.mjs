// The program killed at some of its points, chosen evenly, on the embedded engines: the short form of `faults/kills.mjs`, which tries them all on both.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embedded } from './lib/kills/places.mjs';
import { unpassed } from './lib/kills/points.mjs';
import { Run } from './lib/kills/run.mjs';

/** Tried in each act. A letter cut behind the pages comes back after two minutes: the long form waits for it. */
const TRIED = 3;

function evenly(list, act) {
  const quick = list.filter(({ kind }) => kind !== 'cut' || act !== 'sending');
  return Array.from({ length: TRIED }, (_, at) => quick[Math.floor(((at + 0.5) * quick.length) / TRIED)]);
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
  assert.equal(cases.length, 1 + 4 * TRIED);
});

test('a place that writes and that no act passes is a fault, and so is a program that was not built from these sources', () => {
  const wrong = unpassed(new Set(['mandates/src/nowhere.rs:1 after']), 'sqlite+maildir');
  for (const told of [/^mandates\/src\/nowhere\.rs:1 was passed/, /^mandates\/src\/prepare\.rs:\d+ \(begin_as\)/, /^mailbox\/src\/departed\.rs:\d+/, /^mandates\/src\/aidants\.rs unlock has 2 places/]) {
    assert.ok(wrong.some((fault) => told.test(fault)), `${told}`);
  }
  assert.ok(!unpassed(new Set(), 'postgres+dovecot+postfix').some((fault) => fault.includes('departed')));
});
