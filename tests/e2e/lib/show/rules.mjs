// What each page owes: a state with a name of eighty signs, and, where it is a list, one with nothing, one with a row, one with three hundred;
// each form is shown refused and done; and all that the design has is shown.
// What is excused is listed with its reason, and is a fault as soon as the reason no longer holds.

import { unanswered } from './answers.mjs';
import { amiss } from './doors.mjs';
import { LONG_NAMES } from './made.mjs';

/** Pages that name nobody, and why. */
const NAMELESS = {
  '/accessibilite': 'the same words for everyone',
  '/aidant/charte': 'the same words for everyone',
  '/aidant/codes-de-secours': 'codes, to whoever signed in',
  '/aidant/connexion': 'nobody is known before signing in',
  '/aidant/nouveau-compte/adresse-connue': 'whose account it is, nobody said yet',
  '/aidant/nouveau-compte/{id}': 'what was prepared is erased, the name too',
  '/aidant/nouveau-compte/{id}/retrouver': 'nobody was found',
  '/aide/mandat/{id}/copie': 'photos of one’s own paper, beside which no name is written',
  '/aide': 'the same words for everyone',
  '/connexion': 'nobody is known before signing in',
  '/deconnexion': 'nobody is signed in any more',
  '/donnees': 'the same words for everyone',
  '/invitation/application': 'a secret for a device, beside which no name is written',
  '/mot-de-passe-oublie': 'nobody is known before signing in',
  '/mot-de-passe-oublie/code': 'whether an account exists is told to nobody',
  '/mot-de-passe-oublie/feuille': 'whether an account exists is told to nobody',
  '/mot-de-passe-oublie/nouveau': 'a password, beside which no name is written',
  '/signer/adresse/code': 'whether an account exists is told to nobody',
  '/signer/adresse/feuille': 'whether an account exists is told to nobody',
  '/signer/plus-prete': 'nobody has the screen any more',
};

/** Pages that name people, and to which no long name comes: why. */
const NEVER_LONG = {
  '/bac-a-sable': 'those of the territory of the demo, and nobody else',
  '/bac-a-sable/aidant': 'those of the territory of the demo, and nobody else',
  '/bac-a-sable/telephone': 'a text message is of one segment, in which longer names are cut',
};

/** Lists: what is excused of `empty`, `one` and `many`, and why. */
const LISTS = {
  '/aidant': {},
  '/aidant/journal': { empty: 'signing in is its first line', one: 'whoever signs in accepts the charter, which is a second line' },
  '/aide/qui-m-a-aide': { empty: 'an account is opened by an aidant: its page begins with that', one: 'opening an account leaves several lines at once' },
  '/bac-a-sable': { empty: 'the demo has its people', one: 'the demo has its people', many: 'the demo has no others' },
  '/bac-a-sable/telephone': { empty: 'codes came while the territory was made', one: 'codes came while the territory was made' },
  '/messages': {},
  '/messages/a-finir': {},
  '/messages/corbeille': {},
  '/messages/envoyes': {},
  '/messages/pas-encore-envoyes': {},
  '/messages/recherche': {},
  '/structure/aidants': { empty: 'whoever reads it is in the team' },
  '/structure/alertes/{id}': { empty: 'an alert rests on lines' },
  '/structure/journal': { empty: 'whoever reads it signed in, which is a line', one: 'a structure was opened before, and whoever reads it accepted the charter' },
};

/**
 * What the design says that people may meet beside the ordinary pages: `[the page, the name of the state that shows it]`; or, where the product has it
 * not, where it would be and under which name, and why it is not there.
 */
export const DESIGN = {
  'several answers to correct, listed above the form': ['/connexion', /^error, nothing typed$/],
  'an address cut short, said beside its field': ['/connexion', /^error, an address cut short$/],
  'a wrong code, and how many tries are left': ['/mot-de-passe-oublie/code', /^error, wrong code$/],
  'a suspect letter in the bin, and the button that takes it out': ['/messages', /^done, suspect thrown away$/],
  'thanks for having told of a suspect letter': ['/messages', /thanked|told of/, 'nothing is told to anyone: the letter goes to the bin, and the page says that and no more'],
  'a letter that leaves in a minute, and the button that stops it': ['/messages', /^done, on its way$/],
  'lines of the log that were read and signed, and the button that takes it back': ['/structure/journal', /^done, signed$/],
  'no letter yet, and the address to give': ['/messages', /^empty$/],
  'no letter with these words': ['/messages/recherche', /^empty$/],
  'a letter from an organisation whose name was verified': ['/messages/{reference}', /verified/, 'no letter is said to be of someone until our own server checks who sent it: any sender can write any name'],
  'a letter from a contact': ['/messages/{reference}', /^from a contact/],
  'a first letter from someone unknown': ['/messages/{reference}', /^from someone unknown/],
  'a letter from who takes the name of an organisation': ['/messages/{reference}', /^shared computer, suspect$/],
  'signed out, and nothing kept': ['/deconnexion', /^after signing out$/],
  'asked whether one is still there, before being signed out': ['/messages/ecrire', /^soon signed out$/],
  'an outage': ['/aide/signaler/{line}', /^outage/],
};

/** A page with so many rows is a list. */
const A_LIST = 20;

/** What was not shown and should have been, one line each. `seen` is everything that was looked at. */
export function owed(seen, all) {
  const looked = seen.filter((one) => one.pictures.desk);
  const of = (door) => looked.filter((one) => one.door === door);
  const has = (door, words) => of(door).some(({ state }) => words.test(state));
  const pages = all.filter(({ isPage }) => isPage).map(({ door }) => door);

  const names = pages.flatMap((door) => {
    const named = [...new Set(of(door).flatMap((one) => one.names))];
    if (NEVER_LONG[door]) return named.some((name) => LONG_NAMES.includes(name)) ? [`${door}: no long name was to come there (${NEVER_LONG[door]}), and one did`] : [];
    if (!NAMELESS[door]) return has(door, /long name/) ? [] : [`${door}: no state of it has a long name`];
    return named.length > 0 ? [`${door}: it is listed as naming nobody (${NAMELESS[door]}), and names ${named.slice(0, 3).join(', ')}`] : [];
  });
  const lists = Object.entries(LISTS).flatMap(([door, excused]) =>
    ['empty', 'one', 'many'].flatMap((name) => {
      const isShown = has(door, new RegExp(`^${name}\\b`));
      if (excused[name]) return isShown ? [`${door}: “${name}” is excused (${excused[name]}), and is shown`] : [];
      return isShown ? [] : [`${door}: it is a list, and no state of it is “${name}”`];
    }),
  );
  const unlisted = pages.filter((door) => !LISTS[door] && of(door).some(({ rows }) => rows >= A_LIST)).map((door) => `${door}: it has many rows, and is not listed among the lists`);
  const designed = Object.entries(DESIGN).flatMap(([what, [door, name, why]]) => {
    const isShown = has(door, name);
    if (why) return isShown ? [`${door}: “${what}” is excused (${why}), and is shown`] : [];
    return isShown ? [] : [`${door}: the design has “${what}”, and no state of it is ${name}`];
  });
  const gone = [...Object.keys(NAMELESS), ...Object.keys(NEVER_LONG), ...Object.keys(LISTS), ...Object.values(DESIGN).map(([door]) => door)].filter((door) => !pages.includes(door)).map((door) => `${door}: a rule speaks of it, and no such page exists`);
  return [...amiss(all, new Set(looked.map(({ door }) => door))), ...names, ...lists, ...unlisted, ...designed, ...unanswered(looked), ...gone];
}
