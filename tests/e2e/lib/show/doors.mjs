// The doors of docs/doors.md, read as anyone reads them: what must be shown is what answers with words to someone.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../../../../docs/doors.md');

/** Every door that is opened by an address, `{ door, isPage }`: a page to someone, or a page that says no (403). */
export async function doors() {
  const rows = [...(await readFile(PAGE, 'utf8')).matchAll(/^\| `GET (\S+)` \|[^|]*\|(.*)\|$/gm)];
  if (rows.length < 50) throw new Error(`${rows.length} doors were read in docs/doors.md`);
  return rows.map(([, door, answers]) => {
    const each = answers.split('|').map((answer) => answer.trim());
    // Who runs the service and works nowhere is told so at every door of an aidant: it takes everyone to make a page of a "no".
    return { door, isPage: each.includes('page') || each.every((answer) => answer === '403') };
  });
}

/** The door behind this path: the one that names most of it. */
export function doorOf(path, all) {
  const fits = ({ door }) => new RegExp(`^${door.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
  return all.filter(fits).sort((one, other) => (one.door.match(/\{/g) ?? []).length - (other.door.match(/\{/g) ?? []).length)[0]?.door;
}
