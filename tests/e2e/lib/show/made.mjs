// What the territory does not hold and the states need, made by the product's own means: its pages, its commands, letters laid in a mailbox.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, until } from '../program.mjs';
import { SECRET } from '../town.mjs';
import { signsOnPaper } from '../hands/hands.mjs';
import { agesInvitation, listsPeople, listsTeam } from './beside.mjs';
import { colleague } from './cast.mjs';

/** Names of eighty signs, as some are; an address that is as long stands where pages show nothing else. */
export const LONG = {
  person: ['Marie-Élisabeth Françoise', 'd’Astarac de Montréjeau-Lacaze-Castelbajac de Lannemes'],
  other: ['Jean-Barthélemy Théodore', 'de Puységur d’Aubeterre-Villefranche de Castelnau-Rivau'],
  byHand: ['Marguerite-Adélaïde Eugénie', 'de Cazenave-Lacroze d’Arribehaude-Montesquiou de Pau'],
  aidant: 'Anne-Charlotte Hélène de Rochechouart d’Estissac-Châteauneuf de La Rivière-Verna',
  colleague: 'Jean-Baptiste Emmanuel de Montaut-Bénac d’Arblade-Comminges de Castillon-Laborde',
  address: 'jean-barthelemy-theodore.de-puysegur-daubeterre@famille-de-castelnau-riviere.example',
  structure: 'Centre intercommunal d’action sociale de la communauté de communes du Val d’Orme et des Landes de Lesgranges',
};
/** Those of them that are someone's. */
export const LONG_NAMES = [LONG.person.join(' '), LONG.other.join(' '), LONG.byHand.join(' '), LONG.aidant, LONG.colleague];
for (const name of LONG_NAMES) assert.equal([...name].length, 80, name);
assert.ok(LONG.address.length >= 80);

const SIRET = '20009876500015';
/** Answers for a structure that is new. */
export const referentOfLong = { ...colleague(LONG.aidant, { role: 'referent', siret: SIRET }), isKept: true };
/** Works beside her, under a name as long. */
export const colleagueOfLong = { ...colleague(LONG.colleague, { siret: SIRET }), isKept: true };
/** Another, enrolled for one journey. */
export const helperOfLong = (name) => colleague(name, { siret: SIRET });

/**
 * Begins to make what these journeys ask for, one thing after the other, while others are played. Gives, for each, what a journey waits for:
 * why it could not be made, or nothing.
 */
export function makes(stage, journeys) {
  const made = new Map();
  let before = Promise.resolve();
  for (const need of new Set(journeys.flatMap((journey) => journey.needs ?? []))) {
    before = before.then(() => need(stage)).then(() => undefined, (error) => `${need.name}: ${error.message}`);
    made.set(need, before);
  }
  return made;
}

/** The structure of the longest name, with one person, who received one letter and sent one. */
export async function opensLongStructure({ cast, world }) {
  const opened = await run(['structure', 'open', '--name', LONG.structure, '--siret', SIRET, '--address', '12 avenue de la Grande-Lande, 40997 Lesgranges-en-Orme', '--phone', '01 99 00 48 48', '--hours', 'du lundi au vendredi, de 9 h à 12 h 30 et de 13 h 30 à 17 h', '--data', world.dir]);
  assert.equal(opened.code, 0, opened.err);
  const { aidant } = await cast.visitor(referentOfLong);
  const phone = '06 39 98 72 01';
  const [given_names, family_name] = LONG.person;
  const { address } = await cast.town.opensAccount({ given_names, family_name, birth_date: '15/08/1936', phone }, { aidant });
  cast.people.set(LONG.person.join(' '), { name: LONG.person.join(' '), address, password: SECRET, phone });
  const other = `${LONG.other.join(' ')} <${LONG.address}>`;
  await lays(world, address, '.Sent/new', [{ from: `${LONG.person.join(' ')} <${address}>`, to: other, subject: 'Merci', text: 'Bonjour,\n\nMerci.', at: Date.now() - 7_200_000 }]);
  await lays(world, address, 'new', [{ from: other, subject: 'Réservationconfirmée'.repeat(6), text: 'Bonjour,\n\nVoici la réponse.', at: Date.now() - 3_600_000 }]);
}

/** Her record is opened by someone whom she does not expect, which she tells; the référent asks them why. */
export async function tellsOfLong({ cast }) {
  const [{ visitor: aidant }, { visitor: referent }, { visitor: person }] = await Promise.all([cast.visitor(colleagueOfLong), cast.visitor(referentOfLong), cast.visitor(LONG.person.join(' '))]);
  const first = async (visitor, page, wanted) => {
    const found = (await visitor.get(page)).html.match(wanted)?.[0];
    assert.ok(found, `${wanted} is on ${page}: ${visitor.html.length} signs`);
    return found;
  };
  const record = await first(aidant, '/aidant?q=Astarac', /\/aidant\/personnes\/[0-9a-f-]{36}/);
  for (let times = 0; times < 2; times += 1) assert.equal((await aidant.get(record)).status, 200);
  const line = await first(person, '/aide/qui-m-a-aide', /\/aide\/signaler\/[0-9a-f-]{36}/);
  const told = await cast.town.submit(person, line, line, { words: 'Je ne connais pas cette personne. Je n’étais pas là mardi.' });
  assert.ok(told.status === 303 || told.status === 200, told.words);
  const why = await first(referent, '/structure/journal', /\/structure\/journal\/raison\/[0-9a-f-]{36}/);
  assert.equal((await cast.town.submit(referent, why, why)).status, 303);
}

/** Someone without a phone, who signs by hand and chooses a password on the screen that is still theirs. */
async function signsByHand(town, siret) {
  const who = await town.enrols('Solange Pébarthe', 'aidant', { siret });
  const desk = await town.atWork(who);
  const [given_names, family_name] = LONG.byHand;
  const { draft, address } = await signsOnPaper({ alone: town, submit: (...all) => town.submit(...all) }, desk, who, { given_names, family_name, birth_date: '24/06/1929' });
  assert.equal((await town.submit(desk, `${draft}/mot-de-passe`, `${draft}/mot-de-passe`)).to, '/signer');
  assert.equal((await town.submit(desk, '/signer/mot-de-passe', '/signer/mot-de-passe', { password: SECRET })).status, 303);
  return { desk, address };
}

/** They have a sheet of codes too. */
export async function signsLongByHand({ cast }) {
  const { desk, address } = await signsByHand(cast.town, SIRET);
  const sheet = await cast.town.submit(desk, '/signer/feuille-de-secours', '/signer/feuille-de-secours');
  assert.equal(sheet.status, 200);
  const codes = [...sheet.html.split('class="codes"')[1].split('</ol>')[0].matchAll(/<li>(.*?)<\/li>/gs)].map(([, code]) => code.replaceAll(/<[^>]*>|\s/g, ''));
  assert.equal(codes.length, 10, 'ten codes');
  cast.people.set(LONG.byHand.join(' '), { name: LONG.byHand.join(' '), address, password: SECRET, codes });
}

/** Lays letters in a mailbox of the demo, as a mail server would. */
export async function lays(world, address, folder, letters) {
  const [local, domain] = address.split('@');
  const place = join(world.dir, 'mail', domain, local, folder);
  await mkdir(place, { recursive: true });
  const encoded = (text) => text.replaceAll(/[^\x20-\x7e]+/g, (part) => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`);
  for (const [at, letter] of letters.entries()) {
    const head = `From: ${encoded(letter.from)}\r\nTo: ${encoded(letter.to ?? address)}\r\nSubject: =?utf-8?B?${Buffer.from(letter.subject).toString('base64')}?=\r\nDate: ${new Date(letter.at).toUTCString()}\r\nMessage-ID: <${letter.at}.${at}@show.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n`;
    await writeFile(join(place, `${Math.floor(letter.at / 1000)}.${at}.show`), `${head}${letter.text}\r\n`);
  }
}

/** Whose lists are long: three hundred letters came to her already. */
export const MANY = 'Colette Barrère';
const HUNDREDS = 300;

/** As many letters sent, and in the bin. */
export async function laysThreeHundred({ world }) {
  const { address, name } = world.table.people.find((one) => one.name === MANY);
  const letters = (from, to) => Array.from({ length: HUNDREDS }, (_, at) => ({ from, to, subject: `Le jardin, ${at + 1}e lettre`, text: 'Bonjour,\n\nTout pousse.', at: Date.now() - (at + 1) * 7_200_000 }));
  await lays(world, address, '.Sent/new', letters(`${name} <${address}>`, 'Sophie Lambert <sophie.lambert@famille.example>'));
  await lays(world, address, '.Trash/new', letters('Catalogue Beau Jardin <infos@beau-jardin.example>', address));
}

/** As many letters begun and kept. */
export async function draftsLettersThreeHundredTimes({ cast }) {
  const { visitor } = await cast.visitor(MANY);
  for (let at = 0; at < HUNDREDS; at += 1) {
    await writes(visitor, '/messages/ecrire/garder', { to: 'sophie.lambert@famille.example', subject: `Le potager, ${at + 1}`, text: 'À continuer' });
  }
}

/** As many letters as one may send within an hour: none has left when the page opens, if the machine is not too slow. */
export const SENT_AN_HOUR = 60;
export async function sendsManyLetters(page, { cast }) {
  const { visitor } = await cast.visitor(MANY);
  for (let at = 0; at < SENT_AN_HOUR; at += 1) await writes(visitor, '/messages/ecrire', { to: 'sophie.lambert@famille.example', subject: `Les tomates, ${at + 1}`, text: 'Elles mûrissent.' });
}

async function writes(visitor, path, fields) {
  const { html } = await visitor.get('/messages/ecrire');
  const once = html.match(/name="once" value="([^"]+)"/)?.[1];
  const answer = await visitor.carry(path, { once, brouillon: '', version: '', reponse: '', thread: '', reprise: '', ...fields });
  assert.equal(answer.status, 303, `${path} → ${answer.status} ${answer.words.slice(0, 300)}`);
}

/** Opens three hundred times the record of one person: as many lines for her, for the aidant and for the structure. */
export const BUSY = { ...colleague('Adèle Soubiran'), isKept: true };

export async function opensManyRecords({ cast }) {
  const { visitor } = await cast.visitor(BUSY);
  const { html } = await visitor.get('/aidant?q=Josette');
  const record = html.match(/href="(\/aidant\/personnes\/[^"/]+)"/)?.[1];
  assert.ok(record, 'no record was found');
  for (let at = 0; at < HUNDREDS; at += 1) assert.equal((await visitor.get(record)).status, 200);
}

/** An account opened for good, by someone whose codes are all good at once; nobody used it. */
export async function opensByError({ cast: { town } }) {
  const aidant = await town.enrols('Odile Barbaste');
  const desk = await town.atWork(aidant);
  const phone = '06 39 98 73 10';
  const { draft } = await town.prepares(desk, { given_names: 'Marcelle', family_name: 'Labarrère', birth_date: '01/04/1938', phone });
  await town.signs(desk, draft, phone);
  await town.takesBack(desk, aidant);
  const open = await town.submit(desk, `${draft}/signature`, `${draft}/signature`, { code: await aidant.authenticator.next() });
  assert.equal(open.status, 303, open.words);
}

const NEW_SIRET = '26400012500015';
/** Answers alone for a structure where nothing was done yet. */
export const referentOfNew = { ...colleague('Lucette Darrigrand', { role: 'referent', siret: NEW_SIRET }), isKept: true };
/** Works there too. */
export const aidantOfNew = colleague('Maurice Laborie', { siret: NEW_SIRET });

export async function opensNewStructure({ world }) {
  const opened = await run(['structure', 'open', '--name', 'Maison des services de Lesgranges', '--siret', NEW_SIRET, '--address', '4 rue du Lavoir, 40997 Lesgranges-en-Orme', '--phone', '01 99 00 48 49', '--hours', 'du lundi au vendredi', '--data', world.dir]);
  assert.equal(opened.code, 0, opened.err);
}

const GIVEN = ['Marcelle', 'Thérèse', 'Jean-Pierre', 'Fatima', 'Lucien', 'Maria da Conceição', 'Yvonne', 'Abdelkader', 'Ginette', 'Paul'];
const FAMILY = ['Labarrère', 'Dupouy', 'Nguyễn', 'Ben Saïd', 'Casteran', 'Lafitte-Dubos', 'Etcheverry', 'Pereira', 'Sow', 'Marquestau'];
/** One in ten has a name of eighty signs. */
const called = (at, long) => (at % 10 === 4 ? long : [GIVEN[at % 10], `${FAMILY[Math.floor(at / 10) % 10]}${at >= 100 ? `-${FAMILY[Math.floor(at / 100) + 5]}` : ''}`]);

/** Whom three hundred people are helped by. */
export const listsThreeHundredPeople = (page, { world }) => listsPeople(world, NEW_SIRET, Array.from({ length: HUNDREDS }, (_, at) => called(at, LONG.other)));
export const listsThreeHundredColleagues = (page, { world }) => listsTeam(world, NEW_SIRET, Array.from({ length: HUNDREDS }, (_, at) => called(at, [LONG.colleague]).join(' ')));

/** As many people begun and not finished, none of whom was shown a mandate. */
export async function beginsManyPeople({ cast: { town } }) {
  const desk = await town.atWork(await town.enrols('Odile Barbaste', 'aidant', { siret: '26400012400018' }));
  for (let at = 0; at < HUNDREDS; at += 1) {
    const name = `Lab${'abcdefghijklmnopqrstuvwxyz'[at % 26]}rr${'aeiouy'[at % 6]}re`;
    const begun = await town.submit(desk, '/aidant/nouveau-compte/personne', '/aidant/nouveau-compte/personne', { given_names: 'Marcelle', family_name: name, birth_date: '01/04/1938', birthplace: 'Pau', no_phone: 'yes', identity_check: 'paper_seen', protection: 'none' });
    assert.equal(begun.status, 303, begun.words);
  }
}

/** As many colleagues as a structure may invite in one day. */
export const INVITED = 40;
export async function invitesManyColleagues({ cast }) {
  const { visitor } = await cast.visitor({ ...colleague('Jeanne Pédeboscq', { role: 'referent' }), isKept: true });
  for (let at = 0; at < INVITED; at += 1) {
    await invitesOne(visitor, `Collègue ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[at % 26]}${'abcdefghijklmnopqrstuvwxyz'[at % 26]}`, `collegue.${at}@vaudorme.example`);
  }
}

async function invitesOne(visitor, name, login) {
  const { html } = await visitor.get('/structure/aidants/inviter');
  const answer = await visitor.post('/structure/aidants/inviter', { once: html.match(/name="once" value="([^"]+)"/)?.[1], name, login, role: 'aidant' });
  assert.equal(answer.status, 303, answer.words);
}

const ELSEWHERE = '26400012400018';
const referentElsewhere = { ...colleague('Solange Dubroca', { role: 'referent', siret: ELSEWHERE }), isKept: true };

/** An invitation, whose letter is read where letters end in a sandbox: its link is kept under this login. */
async function inviting({ cast, world }, { by = referentElsewhere, name, login }) {
  const { visitor } = await cast.visitor(by);
  await invitesOne(visitor, name, login);
  const link = await until(`the letter of the invitation to ${login}`, async () => {
    const page = await (await fetch(`${world.base}/bac-a-sable/courrier-parti`)).text();
    return page.replaceAll('<wbr>', '').split('<li>').find((letter) => letter.includes(login))?.match(/\/invitation\/lien\/[A-Za-z0-9_-]+/)?.[0];
  });
  cast.links.set(login, link);
  return visitor;
}

/** The logins of who is invited, to ask for the links by. */
export const INVITES = { first: 'lucette@val-orme.example', long: 'jean-barthelemy.de-puysegur-daubeterre@communaute-du-val-d-orme-et-des-landes.example', late: 'lucien@val-orme.example', withdrawn: 'gaston@val-orme.example', known: '' };

export const invites = (stage) => inviting(stage, { name: 'Lucette Pébéreau', login: INVITES.first });
export const invitesLong = (stage) => inviting(stage, { by: referentOfLong, name: LONG.other.join(' '), login: INVITES.long });

/** Someone who signs in already, in another structure. */
export async function invitesKnown(stage) {
  const { login, name } = await stage.cast.town.enrols('Marthe Lacrouts', 'aidant', { domain: 'ailleurs.example' });
  INVITES.known = login;
  await inviting(stage, { name, login });
}

/** A link whose days have passed. */
export async function invitesLate(stage) {
  await inviting(stage, { name: 'Lucien Hourcade', login: INVITES.late });
  await agesInvitation(stage.world, ELSEWHERE);
}

/** A link taken back. */
export async function invitesThenWithdraws(stage) {
  const visitor = await inviting(stage, { name: 'Gaston Mesplède', login: INVITES.withdrawn });
  const row = (await visitor.get('/structure/aidants')).html.split('<li').find((part) => part.includes(INVITES.withdrawn));
  const withdrawal = row?.match(/\/structure\/invitations\/[0-9a-f-]{36}\/retrait/)?.[0];
  assert.ok(withdrawal, 'the invitation is in the list');
  assert.equal((await visitor.post(withdrawal)).status, 303);
}

const WATCHED = '26400037000017';
/** Answers alone for a structure where everything that is to be looked at was done within the hour. */
export const referentOfWatched = { ...colleague(LONG.aidant, { role: 'referent', siret: WATCHED }), isKept: true };
/** Works there. */
export const aidantOfWatched = (name) => colleague(name, { siret: WATCHED });
/** As many records opened by one aidant within an hour are an alert. */
const MANY_RECORDS = 30;
/** One phone, in a structure where three people receive their codes on it. */
const SHARED_PHONE = '06 39 98 73 31';

/**
 * Two open thirty records, the référent among them; three accounts are on one phone, on the last of which a password is given back at once;
 * its person tells of two lines, of one in their words.
 */
export async function opensWatchedStructure({ cast, world }) {
  const { town } = cast;
  const opened = await run(['structure', 'open', '--name', 'Maison des solidarités de Castelnère', '--siret', WATCHED, '--address', '8 rue des Ormes, 40996 Castelnère', '--phone', '01 99 00 48 50', '--hours', 'du lundi au vendredi', '--data', world.dir]);
  assert.equal(opened.code, 0, opened.err);
  const { visitor: referent } = await cast.visitor(referentOfWatched);
  await listsPeople(world, WATCHED, Array.from({ length: MANY_RECORDS }, (_, at) => called(at, LONG.other)));
  await opensRecords(referent);
  const copies = await town.atWork(await town.enrols(LONG.colleague, 'aidant', { siret: WATCHED }));
  for (let times = 0; times < HUNDREDS / MANY_RECORDS; times += 1) await opensRecords(copies);

  const onSharedPhone = { birth_date: '15/08/1936', phone: SHARED_PHONE };
  for (const family_name of ['Dupouy', 'Casteran']) {
    const who = await town.enrols('Solange Pébarthe', 'aidant', { siret: WATCHED });
    await countersigns(town, await town.atWork(who), who, { given_names: 'Paul', family_name, ...onSharedPhone });
  }
  const who = await town.enrols(LONG.colleague, 'aidant', { siret: WATCHED });
  const [given_names, family_name] = LONG.person;
  const { address, desk } = await town.opensAccount({ given_names, family_name, ...onSharedPhone }, { aidant: who });
  await town.takesBack(desk, who);
  const record = (await desk.get('/aidant?q=Astarac')).html.match(/\/aidant\/personnes\/[0-9a-f-]{36}/)?.[0];
  assert.ok(record, 'the record of who has the phone last');
  assert.equal((await town.submit(desk, record, `${record}/mot-de-passe`)).to, '/signer');

  const home = await town.atHome({ address, secret: SECRET });
  const lines = [...new Set((await home.get('/aide/qui-m-a-aide')).html.match(/\/aide\/signaler\/[0-9a-f-]{36}/g))];
  assert.ok(lines.length >= 2, `${lines.length} lines can be told of`);
  for (const [at, words] of ['Je ne connais pas cette personne. Je n’étais pas là mardi.', ''].entries()) {
    const told = await town.submit(home, lines[at], lines[at], { words });
    assert.ok(told.status === 303 || told.status === 200, told.words);
  }
  await until('what is unusual in the lines', async () => {
    const { html } = await referent.get('/structure/journal');
    return html.split('beaucoup de fiches ouvertes').length > 2 && /un même téléphone/.test(html) && /un téléphone nouveau/.test(html);
  }, 120_000);
}

/** As many records as are an alert. */
async function opensRecords(visitor) {
  const records = new Set();
  for (let list = '/aidant', turn = 0; list && records.size < MANY_RECORDS && turn < 9; turn += 1) {
    const { html } = await visitor.get(list);
    for (const [record] of html.matchAll(/\/aidant\/personnes\/[0-9a-f-]{36}/g)) records.add(record);
    list = html.match(/href="(\/aidant\?[^"]*)"[^>]*>(?:<[^>]*>|\s)*[^<]*suivant/)?.[1]?.replaceAll('&amp;', '&');
  }
  assert.ok(records.size >= MANY_RECORDS, `${records.size} records are in the list`);
  for (const record of [...records].slice(0, MANY_RECORDS)) assert.equal((await visitor.get(record)).status, 200);
}

/** An account opened for good, whose phone was proved; `terms` are those of the mandate. Three codes of the aidant's. */
async function countersigns(town, desk, who, person, terms) {
  const { draft, address } = await town.prepares(desk, person);
  if (terms) assert.equal((await town.submit(desk, `${draft}/mandat`, `${draft}/mandat`, { duration: 'month', ...terms })).status, 303);
  await town.signs(desk, draft, person.phone);
  await town.takesBack(desk, who);
  const open = await town.submit(desk, `${draft}/signature`, `${draft}/signature`, { code: () => who.authenticator.next() });
  assert.equal(open.status, 303, open.words);
  return { draft, address };
}

/** Someone let the account be opened, and nothing else; they have their password. */
export async function grantsNothingMore({ cast: { town } }) {
  const who = await town.enrols('Solange Pébarthe', 'aidant', { siret: WATCHED });
  const desk = await town.atWork(who);
  const phone = '06 39 98 73 32';
  const { draft } = await countersigns(town, desk, who, { given_names: 'Rose', family_name: 'Duplantier', birth_date: '03/03/1933', phone }, { powers: ['create_account'] });
  assert.equal((await town.submit(desk, `${draft}/mot-de-passe`, `${draft}/mot-de-passe`)).to, '/signer');
  await town.choosesSecret(desk, phone, SECRET);
}

/** Someone without a phone has a password, and no sheet of codes; the paper that they signed is still to come. */
export const signsWithoutSheet = ({ cast: { town } }) => signsByHand(town, WATCHED);

/** Closes the alert of this number, as who runs the service does when nobody of the structure may. */
export async function closesAsOperator({ world }, id) {
  const closed = await run(['journal', 'close-alert', '--id', id, '--handled', '--note', 'Vu au téléphone avec la structure : les fiches ont été ouvertes pour un envoi de courriers.', '--data', world.dir]);
  assert.equal(closed.code, 0, closed.err);
}

/** What the operator does of a structure and of who works there. */
const orders = async (world, order, siret, ...more) => {
  const done = await run(['structure', order, '--siret', siret, ...more, '--data', world.dir]);
  assert.equal(done.code, 0, done.err);
};

const PAUSED = '26400037000025';
/** Works in a structure that is paused, then leaves it. */
export const aidantOfPaused = colleague('Annick Cazenave', { siret: PAUSED });

export async function opensPausedStructure({ world }) {
  await orders(world, 'open', PAUSED, '--name', LONG.structure, '--address', '5 place du Foirail, 40997 Lesgranges-en-Orme', '--phone', '01 99 00 48 51', '--hours', 'du lundi au vendredi');
}

export const pauses = (page, { world }) => orders(world, 'suspend', PAUSED);
export const goesOn = (page, { world }) => orders(world, 'resume', PAUSED);
export const worksElsewhereToo = (page, { world, aidant: { login, name } }) => orders(world, 'add', ELSEWHERE, '--login', login, '--name', name, '--role', 'aidant');
export const leavesPaused = (page, { world, aidant: { login } }) => orders(world, 'remove', PAUSED, '--login', login);
export const leavesElsewhere = (page, { world, aidant: { login } }) => orders(world, 'remove', ELSEWHERE, '--login', login);
