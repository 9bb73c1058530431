// The doors that take forms, as docs/doors.md lists them, and what fifty hands may leave there that one would not.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const TABLE = join(import.meta.dirname, '../../../../docs/doors.md');

/** Every `POST` of the table. */
export const POSTS = [...readFileSync(TABLE, 'utf8').matchAll(/^\| `POST ([^`]+)`/gm)].map(([, path]) => path);

const patterns = POSTS.map((door) => ({ door, blanks: door.split('{').length, shape: new RegExp(`^${door.replaceAll(/\{[a-z]+\}/g, '[^/]+')}$`) })).sort((one, other) => one.blanks - other.blanks);

/** The door of a path: the one that leaves the least open. */
export function door(path) {
  const found = patterns.find(({ shape }) => shape.test(path.split('?')[0]));
  if (!found) throw new Error(`no POST door of docs/doors.md is that of ${path}`);
  return found.door;
}

/** Where each hand has an effect of its own, and why that is right. */
export const EACH = {
  '/connexion': 'each browser that signs in has a session of its own; who signs in twice has two, and ends both',
  '/structure/journal/fichier': 'each file that leaves is one more copy in the world, and each is written',
  '/structure/journal/tableau': 'the same',
};

/** Where nothing is left in the base, and where it is looked for instead. */
export const OUTSIDE = {
  '/affichage': 'a cookie, on each browser',
  '/messages/{reference}/corbeille': 'in the mailbox: the journey finds one letter in the bin',
  '/messages/recherche': 'the words, sealed in the address to which each hand is led',
  '/messages/{reference}/remettre': 'in the mailbox: the journey finds one letter in the inbox',
};
