// The doors of docs/doors.md, read as anyone reads them. Everything that is opened by an address is a page, and is shown, unless it is listed
// here with what it gives instead.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../../../../docs/doors.md');

/** What a door that is no page gives: what it may answer, and what it must answer to someone. */
const GIVES = {
  file: { never: ['page'], once: ['file'] },
  elsewhere: { never: ['page', 'file'], once: [] },
};

/** The doors that are no page: what each gives, and why. */
const NOT_PAGES = {
  '/': ['elsewhere', 'leads everyone to where they are at home'],
  '/aidant/nouveau-compte/{id}/a-signer': ['file', 'the mandate to print and sign by hand'],
  '/aidant/nouveau-compte/{id}/projet': ['file', 'the mandate as it is prepared, to read on paper'],
  '/aidant/personnes/{id}/a-signer': ['file', 'the mandate to print and sign by hand, once more'],
  '/aidant/personnes/{id}/copie/page/{page}': ['file', 'the photo of one page'],
  '/aidant/personnes/{id}/feuille': ['file', 'the welcome sheet'],
  '/aidant/personnes/{id}/mandat': ['file', 'the mandate that was signed'],
  '/aidant/personnes/{id}/mandat/{mandate}': ['file', 'an older mandate that was signed'],
  '/aide/mandat/{id}': ['file', 'the mandate that was signed'],
  '/aide/mandat/{id}/copie/{page}': ['file', 'the photo of one page'],
  '/assets/{name}': ['file', 'what pages are drawn with'],
  '/invitation/lien/{token}': ['elsewhere', 'the link of a letter, which goes into a cookie'],
  '/messages/{reference}/fichier/{index}': ['file', 'what is joined to a letter'],
  '/messages/{reference}/image/{index}': ['file', 'a picture of a letter'],
  '/sante': ['file', 'words for a machine that watches'],
  '/signer': ['elsewhere', 'leads to the page of the moment of a lent screen'],
};

/** What a cell says: one answer, or that of each who is in a state ("Invited page, Finder 404"). */
const given = (cell) => cell.trim().split(', ').map((one) => one.replace(/^[A-Z]\w+ (?=\S)/, ''));

/** Every door that is opened by an address, `{ door, isPage }`. */
export async function doors() {
  const rows = [...(await readFile(PAGE, 'utf8')).matchAll(/^\| `GET (\S+)` \|[^|]*\|(.*)\|$/gm)];
  if (rows.length < 50) throw new Error(`${rows.length} doors were read in docs/doors.md`);
  return rows.map(([, door, answers]) => ({ door, isPage: !NOT_PAGES[door], answers: answers.split('|').flatMap(given) }));
}

/** What is wrong with the doors, `shown` being those of which a state was looked at: a page forgotten, and a listed door that is not what is said. */
export function amiss(all, shown) {
  const forgotten = all.filter(({ door, isPage }) => isPage && !shown.has(door)).map(({ door }) => `${door}: no state of it is declared in tests/e2e/lib/show/states, nor is it listed as no page`);
  const listed = Object.entries(NOT_PAGES).flatMap(([door, [gives]]) => {
    const { answers } = all.find((one) => one.door === door) ?? {};
    if (!answers) return [`${door}: it is listed as no page, and no such door exists`];
    const { never, once } = GIVES[gives];
    return [
      ...(shown.has(door) ? [`${door}: it is listed as no page, and a page of it was shown`] : []),
      ...never.filter((answer) => answers.includes(answer)).map((answer) => `${door}: it is listed as giving “${gives}”, and answers “${answer}”`),
      ...once.filter((answer) => !answers.includes(answer)).map((answer) => `${door}: it is listed as giving “${gives}”, and answers “${answer}” to nobody`),
    ];
  });
  return [...forgotten, ...listed];
}

/** The door behind this path: the one that names most of it. */
export function doorOf(path, all) {
  const fits = ({ door }) => new RegExp(`^${door.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
  return all.filter(fits).sort((one, other) => (one.door.match(/\{/g) ?? []).length - (other.door.match(/\{/g) ?? []).length)[0]?.door;
}
