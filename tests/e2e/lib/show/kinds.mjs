// Pages that say one thing or another by the kind of what they tell: each kind that the sources know, and each branch of their templates, is
// shown by a state that bears its name. A kind is added in one line of Rust; here, it is a fault until it has its state.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');

/** The doors of these pages. */
export const ALERT = '/structure/alertes/{id}';
export const LEND = '/aidant/personnes/{id}/mot-de-passe';
export const HOME = '/aidant';

const NEVER_LAST = 'another mandate follows it, and one is told of the last';

/**
 * The kinds: the file that knows them, where in it they are read, the door of the page, and those that have no state, with why. A state of
 * theirs is `family, Kind`, or begins so before another comma.
 */
export const FAMILIES = {
  alert: { file: 'crates/mandates/src/alerts/mod.rs', kinds: variants('Rule'), door: ALERT },
  'alert closed': { file: 'crates/mandates/src/alerts/mod.rs', kinds: variants('Verdict'), door: ALERT },
  lending: {
    file: 'crates/mandates/src/access_back.rs',
    kinds: variants('Lending'),
    door: LEND,
    never: {
      Lent: 'leads to the lent screen, which has its own states',
      Refused: 'says why: each reason has its state',
      Unknown: 'the page that does not exist, the same everywhere',
      AlreadyLent: 'leads to the page of a screen that is lent, which has its own states',
    },
  },
  refusal: { file: 'crates/mandates/src/access.rs', kinds: variants('Refusal'), door: LEND, never: { Over: 'says how it ended: each way has its state' } },
  over: {
    file: 'crates/mandates/src/access.rs',
    kinds: (text) => [...(text.match(/((?:\|?\s*State::\w+\s*)+)=> Some\(Refusal::Over/)?.[1] ?? '').matchAll(/State::(\w+)/g)].map(([, name]) => name),
    door: LEND,
    never: {
      Renewed: NEVER_LAST,
      Superseded: NEVER_LAST,
      EndedStructureClosed: 'nothing closes a structure for good in this version',
      Archived: 'nothing archives a mandate in this version',
      Purged: 'nothing purges a mandate in this version',
    },
  },
  'no structure': { file: 'crates/mandates/src/acting.rs', kinds: variants('Reason'), door: HOME },
};

/** What is always so, in a template. */
const ALWAYS = 'always';

/** The branches of these templates: the states that show each condition as it holds, and as it does not. */
export const BRANCHES = {
  'templates/console/structure/alert.html': {
    door: ALERT,
    branches: {
      'let Some(words) = words': ['alert, Reported', 'alert, ManyRecords'],
      is_report: ['alert without words, Reported', 'alert, ManyRecords'],
      'closed.is_none()': ['alert, ManyRecords', 'alert closed, Normal'],
      'let Some(closed) = closed': ['alert closed, Normal', 'alert, ManyRecords'],
      is_about_reader: ['alert about whoever reads, ManyRecords', 'alert, ManyRecords'],
      'closed.is_none() && !is_about_reader': ['alert, ManyRecords', 'alert about whoever reads, ManyRecords'],
      '!others.is_empty()': ['many', 'alert, OddHours'],
      'day in days': ALWAYS,
      'line in day.lines': ALWAYS,
    },
  },
  'templates/console/aidant/access.html': { door: LEND, branches: { 'sentence in sentences': ALWAYS, 'loop.first': ALWAYS } },
  'templates/console/no_structure.html': { door: HOME, branches: { 'place in others': ['another structure, Suspended', 'no structure, NoTeam'] } },
};

/** Reads the variants of this enumeration. */
function variants(name) {
  return (text) => [...(text.match(new RegExp(`enum ${name} \\{\\n(.*?)\\n\\}`, 's'))?.[1] ?? '').matchAll(/^ {4}([A-Z]\w*)/gm)].map(([, kind]) => kind);
}

const source = (file) => readFile(join(ROOT, file), 'utf8');

/** What is not shown of these kinds and of these branches, one line each; `read` gives the text of a file of the sources. */
export async function unshownKinds(seen, read = source) {
  const looked = seen.filter((one) => one.pictures.desk);
  const isShown = (door, name) => looked.some((one) => one.door === door && (one.state === name || one.state.startsWith(`${name},`)));
  const kinds = await Promise.all(Object.entries(FAMILIES).map(async ([family, { file, kinds, door, never = {} }]) => {
    const known = kinds(await read(file));
    const named = looked.filter((one) => one.door === door && one.state.startsWith(`${family}, `)).map(({ state }) => state.slice(family.length + 2).split(',')[0]);
    const of = (kind) => {
      if (never[kind]) return named.includes(kind) ? [`${family}, ${kind}: it is excused (${never[kind]}), and is shown`] : [];
      return named.includes(kind) ? [] : [`${family}, ${kind}: ${file} has it, and no state of ${door} shows it`];
    };
    return [
      ...(known.length === 0 ? [`${family}: no kind was read in ${file}`] : []),
      ...known.flatMap(of),
      ...[...new Set([...named, ...Object.keys(never)])].filter((kind) => !known.includes(kind)).map((kind) => `${family}, ${kind}: it is shown or excused, and ${file} has no such kind`),
    ];
  }));
  const branches = await Promise.all(Object.entries(BRANCHES).map(async ([file, { door, branches }]) => {
    const conditions = [...new Set([...(await read(file)).matchAll(/\{%-? *(?:else )?(?:if|for) (.+?) *-?%\}/g)].map(([, condition]) => condition))];
    const shows = (condition) => {
      if (!branches[condition]) return [`${file}: “${condition}” has no state that shows it so, and none that shows it otherwise`];
      return branches[condition] === ALWAYS ? [] : branches[condition].filter((name) => !isShown(door, name)).map((name) => `${file}: “${condition}” is to be seen in “${name}” of ${door}, which is not shown`);
    };
    return [...conditions.flatMap(shows), ...Object.keys(branches).filter((condition) => !conditions.includes(condition)).map((condition) => `${file}: a rule speaks of “${condition}”, and it is not there`)];
  }));
  return [...kinds, ...branches].flat();
}
