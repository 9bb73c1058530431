// What a process holds.

import { readFile } from 'node:fs/promises';

/** What a process sees (RSS), and its share of it (PSS), in megabytes of a million bytes. */
export async function held(pid) {
  const told = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name) => (Number(told.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))[1]) * 1024) / 1e6;
  return { rss: of('Rss'), pss: of('Pss') };
}
