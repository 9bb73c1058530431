// Every place of the program where something is written, read from its sources, and whether the acts go through it.
//
// A transaction that writes is begun by `kernel.db.write()` and by nothing else: a transaction that reads is read-only for both engines. Each
// has two points (`kernel::points`), named by where it is begun.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CRATES = join(import.meta.dirname, '../../../../crates');

/**
 * Places that the acts do not pass, one in each of these functions, and of what they are. A function that writes in one more place, or that an
 * act passes, or that is not there, is wrong.
 */
const ELSEWHERE = {
  'identity/src/find_account.rs find': 'someone says that they have an account',
  'identity/src/sessions.rs end_by_token': 'sign-out',
  'identity/src/set_aside.rs put': 'a form sent after the session ended',
  'identity/src/set_aside.rs find': 'the same, found again',
  'identity/src/sign_in.rs sign_out': 'sign-out',
  'identity/src/staff.rs staff_sign_in': 'sign-in of who works there',
  'identity/src/staff.rs too_many': 'the same',
  'mailbox/src/draft.rs discard': 'a draft is thrown away',
  'mailbox/src/draft.rs take_out': 'a draft is taken out of the bin',
  'mailbox/src/joined.rs finish': 'two presses at once',
  'mailbox/src/joined.rs remove': 'a file is taken away from a draft',
  'mailbox/src/known.rs standings': 'a letter of a stranger is read',
  'mailbox/src/notice.rs hand_over': 'an invitation',
  'mandates/src/acting.rs switch': 'an aidant of two structures',
  'mandates/src/aidants.rs change_access': 'an aidant leaves or comes back',
  'mandates/src/aidants.rs sign_out': 'sign-out',
  'mandates/src/aidants.rs leave': 'sign-out',
  'mandates/src/aidants.rs unlock': 'a wrong code on the lock page',
  'mandates/src/alerts/close.rs close': 'an alert is closed',
  'mandates/src/alerts/close.rs close_as_operator': 'the same, by the operator',
  'mandates/src/alerts/mod.rs find': 'an alert is read',
  'mandates/src/alerts/report.rs report': 'a line is reported',
  'mandates/src/charter.rs accept': 'the charter',
  'mandates/src/confirmed.rs confirm_about': 'a wrong code',
  'mandates/src/deletion.rs delete': 'an account opened by error',
  'mandates/src/dispute.rs turn': 'a dispute',
  'mandates/src/ending.rs end': 'an end that a référent writes',
  'mandates/src/find_account.rs lend': 'someone says that they have an account',
  'mandates/src/find_account.rs ask': 'the same',
  'mandates/src/find_account.rs ask_again': 'the same',
  'mandates/src/find_account.rs prove': 'the same',
  'mandates/src/holds.rs happen': 'what the operator holds back',
  'mandates/src/invitations.rs send': 'an invitation',
  'mandates/src/invitations.rs send_again': 'an invitation',
  'mandates/src/invitations.rs withdraw': 'an invitation',
  'mandates/src/invitations.rs reset': 'an invitation',
  'mandates/src/invitations.rs carried': 'an invitation',
  'mandates/src/joining.rs choose': 'an invitation',
  'mandates/src/joining.rs join': 'an invitation',
  'mandates/src/joining.rs accept': 'an invitation',
  'mandates/src/mine.rs stop': 'a mandate is stopped',
  'mandates/src/mine.rs revoke': 'a power is taken back',
  'mandates/src/papers.rs signed_for_aidant': 'papers are read again',
  'mandates/src/papers.rs older_for_aidant': 'papers are read again',
  'mandates/src/papers.rs to_sign_again': 'a print is printed again',
  'mandates/src/prepare.rs abandon': 'a draft is abandoned',
  'mandates/src/prints/receiving.rs forget': 'a file that is no page',
  'mandates/src/review/export.rs told': 'the journal leaves as a file',
  'mandates/src/review/mod.rs for_structure': 'the journal is read',
  'mandates/src/review/reason.rs ask': 'a reason is asked for',
  'mandates/src/review/reason.rs answer': 'a reason is given',
  'mandates/src/review/sign.rs sign': 'the journal was read again',
  'mandates/src/review/sign.rs withdraw': 'the same, taken back',
  'mandates/src/signature.rs refuse': 'the person says no',
  'mandates/src/structures.rs open': 'a structure opens',
  'mandates/src/structures.rs change': 'a structure changes',
  'mandates/src/team.rs set_role': 'the team of a structure',
  'mandates/src/team.rs remove': 'the team of a structure',
  'mandates/src/team.rs put_back': 'the team of a structure',
  'mandates/src/team.rs attach': 'the team of a structure',
  'mandates/src/team.rs new_sheet': 'the team of a structure',
  'server/src/commands/structure.rs remove': 'a command',
  'server/src/commands/structure.rs enrol_with': 'a command',
  'server/src/demo/home.rs writes': 'the past of the demo',
  'usager/src/messages/cancel.rs submit': 'a letter is called back',
  'usager/src/messages/write.rs submit': 'two presses at once',
};

/** Where the clock goes, whether an act is on or not: nothing is killed there, since nobody could say when. */
const TIMED = {
  'identity/src/sessions.rs touch': 'any page, once in a while: the session lives on',
  'identity/src/set_aside.rs tend': 'what was set aside is forgotten',
  'journal/src/checkpoint.rs checkpoint': 'a checkpoint',
  'mailbox/src/draft.rs wipe_old': 'old drafts',
  'mailbox/src/outbox.rs wipe_old': 'old letters',
  'mailbox/src/outbox/sending.rs prolong': 'a letter that takes longer than half a minute to leave',
  'mandates/src/alerts/watch.rs look': 'what is unusual is looked for',
  'mandates/src/lifecycle.rs happen': 'mandates end',
  'mandates/src/prints.rs tidy': 'pages that broke on their way',
};

/** Where only one of the engines goes. */
const NOT_ON = { 'mailbox/src/departed.rs keep': 'postgres+dovecot+postfix' };

/** What is carried out behind the pages: cut there, it comes back when its lease ends, after two minutes. */
const BEHIND = /^(server\/src\/queue|sms\/src\/|mailbox\/src\/(outbox\/sending\.rs.* send|departed)|identity\/src\/reset\.rs.* find)/;

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

/** What is wrong when the acts passed these points on this engine: a place that no act passed and that is of nothing else, or that has no name. */
export function unpassed(passed, engine, all = places()) {
  const reached = new Set([...passed].map((point) => point.split(' ')[0]));
  const wrong = [...reached].filter((place) => !all.has(place)).map((place) => `${place} was passed and is not in the sources: the program is not built from them`);
  const left = new Map();
  for (const [place, inside] of all) {
    const name = nameOf(place, inside);
    if (reached.has(place) || TIMED[name] || NOT_ON[name] === engine) continue;
    left.set(name, [...(left.get(name) ?? []), place]);
  }
  for (const [name, there] of left) {
    if (!ELSEWHERE[name]) wrong.push(...there.map((place) => `${place} (${name.split(' ')[1]}) writes, and no act passed there`));
    else if (there.length > 1) wrong.push(`${name} writes in ${there.length} places that no act passed, and one of them is elsewhere`);
  }
  const names = new Set([...all].map(([place, inside]) => nameOf(place, inside)));
  for (const name of Object.keys(ELSEWHERE)) {
    if (!names.has(name)) wrong.push(`${name} is said to be elsewhere, and writes nothing`);
    else if (!left.has(name)) wrong.push(`${name} is said to be elsewhere, and an act passed there`);
  }
  return [...wrong, ...[...Object.keys(TIMED), ...Object.keys(NOT_ON)].filter((name) => !names.has(name)).map((name) => `${name} is said to come with time, or to be of one engine, and writes nothing`)];
}

/** A place as [`ELSEWHERE`] and its like name it: file and function. */
function nameOf(place, inside) {
  return `${place.split(':')[0]} ${inside}`;
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
    return TIMED[nameOf(place, all.get(place))] ? [] : [{ point, passage: counts.get(point), kind: kind(point, place), tries: 0 }];
  });
}

/** The point where a letter has left and nobody has noted it yet. */
export function unnoted() {
  const sends = [...places()].filter(([place, inside]) => place.startsWith('mailbox/src/outbox/sending.rs') && inside === 'send');
  return `${sends.at(-1)[0]} before`;
}
