// The states of the territory, as docs/demo.fr.md lists them: who signs in, which page opens, and the words that tell one from another.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../../../../../docs/demo.fr.md');

/** Whose access is closed stays at the door: it is shown with what is refused there. */
const AT_THE_DOOR = 'refusée';

/** One journey for each person; a page is looked at once, by the first words that it is read for. */
export async function territory() {
  const journeys = new Map();
  const places = new Set();
  for (const [, who, way, words] of (await readFile(PAGE, 'utf8')).matchAll(/^\| (.+?) \| (`\/.+?) \| (.+?) \|$/gm)) {
    if (words === AT_THE_DOOR || places.has(who + way)) continue;
    places.add(who + way);
    if (!journeys.has(who)) journeys.set(who, { who, states: [] });
    const steps = way.replaceAll('`', '').split(' › ');
    journeys.get(who).states.push({ state: `territory, ${words}`, way: steps.map((step, at) => (at === 0 ? step : `› ${step}`)), says: plainly(words) });
  }
  return [...journeys.values()];
}

/** These words, whatever hyphen and space they are written with, in what an eye or a screen reader finds. */
function plainly(words) {
  return new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/[-‑]/g, '[-‑]').replaceAll(' ', '\\s+'));
}
