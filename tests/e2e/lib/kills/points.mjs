// Every place of the program where something is written, read from its sources, and whether the four acts go through it.
//
// A transaction that writes is begun by `kernel.db.write()` and by nothing else: a transaction that reads is read-only for both engines. Each
// has two points (`kernel::points`), named by where it is begun.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CRATES = join(import.meta.dirname, '../../../../crates');

const CLOCK = 'what the clock demands';

/** Places of which no act of these is made, and of what they are. One that is not there, or that an act passes, is wrong. */
const ELSEWHERE = {
  'identity/src/find_account.rs': 'someone says that they have an account',
  'identity/src/reset.rs with_sheet': 'recovery by the sheet of codes',
  'identity/src/reset.rs send_again': 'a code that was not received is asked for again',
  'identity/src/sessions.rs touch': 'any page, once in a while: the session lives on',
  'identity/src/sessions.rs end_by_token': 'sign-out',
  'identity/src/set_aside.rs': 'a form sent after the session ended',
  'identity/src/sign_in.rs sign_out': 'sign-out',
  'identity/src/staff.rs': 'sign-in of who works there',
  'journal/src/checkpoint.rs': CLOCK,
  'mailbox/src/draft.rs discard': 'a draft is thrown away',
  'mailbox/src/draft.rs take_out': 'a draft is taken out of the bin',
  'mailbox/src/draft.rs wipe_old': CLOCK,
  'mailbox/src/joined.rs finish': 'two presses at once',
  'mailbox/src/joined.rs remove': 'a file is taken away from a draft',
  'mailbox/src/known.rs': 'a letter of a stranger is read',
  'mailbox/src/notice.rs': 'an invitation',
  'mailbox/src/outbox.rs wipe_old': CLOCK,
  'mandates/src/acting.rs': 'an aidant of two structures',
  'mandates/src/activate.rs attest': 'a yes that a second aidant heard',
  'mandates/src/aidants.rs change_access': 'an aidant leaves or comes back',
  'mandates/src/aidants.rs sign_out': 'sign-out',
  'mandates/src/aidants.rs leave': 'sign-out',
  'mandates/src/aidants.rs unlock': 'a wrong code on the lock page',
  'mandates/src/alerts': 'something unusual',
  'mandates/src/charter.rs': 'the charter',
  'mandates/src/confirmed.rs': 'a wrong code',
  'mandates/src/deletion.rs': 'an account opened by error',
  'mandates/src/dispute.rs': 'a dispute',
  'mandates/src/ending.rs': 'an end that a référent writes',
  'mandates/src/find_account.rs': 'someone says that they have an account',
  'mandates/src/holds.rs': 'what the operator holds back',
  'mandates/src/invitations.rs': 'an invitation',
  'mandates/src/joining.rs': 'an invitation',
  'mandates/src/lifecycle.rs': CLOCK,
  'mandates/src/mine.rs': 'a mandate is stopped',
  'mandates/src/papers.rs': 'papers are read again',
  'mandates/src/people.rs': 'an aidant looks someone up',
  'mandates/src/prepare.rs abandon': 'a draft is abandoned',
  'mandates/src/prints.rs': 'a mandate signed on paper',
  'mandates/src/prints': 'a mandate signed on paper',
  'mandates/src/renewal.rs': 'a renewal',
  'mandates/src/review': 'the journal is read, by a structure or by a person',
  'mandates/src/secret_screen.rs make_sheet': 'the sheet of codes',
  'mandates/src/signature.rs declare_print': 'a mandate signed on paper',
  'mandates/src/signature.rs refuse': 'the person says no',
  'mandates/src/structures.rs': 'a structure opens or changes',
  'mandates/src/team.rs': 'the team of a structure',
  'server/src/commands': 'a command',
  'server/src/demo': 'the past of the demo',
  'usager/src/messages/cancel.rs': 'a letter is called back',
  'usager/src/messages/write.rs submit': 'two presses at once',
};

/** How many places of a function are elsewhere, when the acts pass its others. */
const ONLY = { 'mailbox/src/joined.rs finish': 1, 'mandates/src/aidants.rs unlock': 1, 'usager/src/messages/write.rs submit': 1 };

/** Where only one of the engines goes. */
const NOT_ON = { 'mailbox/src/departed.rs': 'postgres+dovecot+postfix' };

/** What is carried out behind the pages: cut there, it comes back when its lease ends, after two minutes. */
const BEHIND = /^(server\/src\/queue|sms\/src\/|mailbox\/src\/(outbox\.rs.* send|departed)|identity\/src\/reset\.rs.* find)/;

/** Every place, `file:line`, with the function it is in. */
export function places() {
  const found = new Map();
  for (const file of readdirSync(CRATES, { recursive: true })) {
    if (!/^(?!xtask\/)[a-z]+\/src\/.*\.rs$/.test(file) || /(^|\/)(tests|testing|doors_doc|rights_doc)(\/|\.rs$)/.test(file)) continue;
    let inside = '';
    const [code] = readFileSync(join(CRATES, file), 'utf8').split(/^#\[cfg\(test\)\]\n(?:pub )?mod \w+ \{/m);
    for (const [index, line] of code.split('\n').entries()) {
      inside = line.match(/^\s*(?:pub(?:\([^)]*\))? )?(?:async |const )*fn (\w+)/)?.[1] ?? inside;
      if (/\.write\(\)/.test(line) && !/^\s*\/\//.test(line)) found.set(`${file}:${index + 1}`, inside);
    }
  }
  return found;
}

/** The line of [`ELSEWHERE`] that speaks of a place: its function, its file or its folder. */
function elsewhereOf(place, inside) {
  const [file] = place.split(':');
  return [`${file} ${inside}`, file, file.replace(/\/[^/]+$/, '')].find((key) => ELSEWHERE[key]);
}

/** What is wrong when the acts passed these points on this engine: a place that no act passed and that is of nothing else, or that has no name. */
export function unpassed(passed, engine) {
  const all = places();
  const reached = new Set([...passed].map((point) => point.split(' ')[0]));
  const wrong = [...reached].filter((place) => !all.has(place)).map((place) => `${place} was passed and is not in the sources: the program is not built from them`);
  const used = new Map();
  for (const [place, inside] of all) {
    const why = elsewhereOf(place, inside);
    const unreached = Number(!reached.has(place));
    if (why) used.set(why, (used.get(why) ?? 0) + unreached);
    if (unreached && !why && NOT_ON[place.split(':')[0]] !== engine) wrong.push(`${place} (${inside}) writes, and no act passed there`);
  }
  for (const [key, count] of Object.entries(ONLY)) if (used.get(key) > count) wrong.push(`${key} has ${used.get(key)} places that no act passed, and ${count} may be`);
  return [...wrong, ...Object.keys(ELSEWHERE).filter((key) => !used.has(key)).map((key) => `${key} is said to be elsewhere, and writes nothing`)];
}

/**
 * The points of an act, each passage of each, without what the clock did meanwhile. `kind` says where: on a `page`; behind the pages, where something is
 * `cut` and comes back when its lease ends, or `between` two things.
 */
export function passages(told) {
  const all = places();
  const counts = new Map();
  const [claim, finish] = [...all.keys()].filter((place) => place.startsWith('server/src/queue.rs'));
  const kind = (point, place) => {
    if (!BEHIND.test(`${place} ${all.get(place)}`)) return 'page';
    return [`${claim} before`, `${finish} after`].includes(point) ? 'between' : 'cut';
  };
  return told.flatMap((point) => {
    const [place] = point.split(' ');
    counts.set(point, (counts.get(point) ?? 0) + 1);
    return ELSEWHERE[elsewhereOf(place, all.get(place))] === CLOCK ? [] : [{ point, passage: counts.get(point), kind: kind(point, place), tries: 0 }];
  });
}

/** The point where a letter has left and nobody has noted it yet. */
export function unnoted() {
  const sends = [...places()].filter(([place, inside]) => place.startsWith('mailbox/src/outbox.rs') && inside === 'send');
  return `${sends.at(-1)[0]} before`;
}
