// What processes hold.

import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** What a process sees (RSS), and its share of it (PSS), in megabytes of a million bytes. */
export async function held(pid) {
  const told = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name) => (Number(told.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))[1]) * 1024) / 1e6;
  return { rss: of('Rss'), pss: of('Pss') };
}

/** The same of several together. */
export async function together(pids) {
  return (await Promise.all(pids.map(held))).reduce((sum, each) => ({ rss: sum.rss + each.rss, pss: sum.pss + each.pss }), { rss: 0, pss: 0 });
}

/** The same once it keeps still: five looks, one a second, of which none differs by more than half a hundredth from the one before. */
export async function settled(pids) {
  let last = await together(pids);
  for (let [still, looks] = [0, 0]; still < 5 && looks < 60; looks += 1) {
    await pause(1000);
    const now = await together(pids);
    still = Math.abs(now.rss - last.rss) <= last.rss / 200 ? still + 1 : 0;
    last = now;
  }
  return last;
}

/** The processes of this name that this one started, and their share of what they hold. */
export async function children(parent, name) {
  const all = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const each = await Promise.all(
    all.map(async (pid) => {
      try {
        const [, called, above] = (await readFile(`/proc/${pid}/stat`, 'utf8')).match(/^\d+ \((.*)\) \S (\d+) /s);
        return called === name && Number(above) === parent ? (await held(pid)).pss : undefined;
      } catch {
        // It left meanwhile.
        return undefined;
      }
    }),
  );
  const found = each.filter((pss) => pss !== undefined);
  return { count: found.length, pss: found.reduce((sum, pss) => sum + pss, 0) };
}
