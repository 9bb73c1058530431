// The program killed (SIGKILL) at each point of an account's creation, of a hand-over, of a recovery and of a sending, and of the other ways through
// them, on both engines at once. Each time it is started again, and people take up what they were doing where the pages say they are.
//
// `node faults/kills.mjs [sqlite|postgres] [words]`: one of the engines alone; the points that these words match, with their act: `recovery`. Development build: the released program has no points.

import { embedded, peered } from '../lib/kills/places.mjs';
import { Run } from '../lib/kills/run.mjs';

const ENGINES = { sqlite: embedded, postgres: peered };
const [only, words = ''] = process.argv.slice(2);
const choose = (list, act) => list.filter(({ point }) => new RegExp(words).test(`${point} (${act})`));
const began = performance.now();

const say = (said) => {
  if (!said.ok) process.exitCode = 1;
  process.stdout.write(`${JSON.stringify(said)}\n`);
};
const tell = (words) => process.stderr.write(`   ${words}\n`);

await Promise.all(
  Object.entries(ENGINES)
    .filter(([name]) => !only || only === name)
    .map(async ([, makes]) => {
      const place = await makes();
      try {
        await new Run(place, { say, tell, choose }).all();
      } catch (error) {
        tell(error.stack);
        say({ fault: 'the run itself', engine: place.engine, ok: false, result: error.message });
      } finally {
        await place.ends();
      }
    }),
);
tell(`${Math.round((performance.now() - began) / 1000)} s`);
