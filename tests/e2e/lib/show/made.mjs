// What the territory does not hold and the states need, made by the product's own means: its pages, its commands, letters laid in a mailbox.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, until } from '../program.mjs';
import { SECRET } from '../town.mjs';
import { colleague } from './cast.mjs';

/** Names of eighty signs, as some are. */
export const LONG = {
  person: ['Marie-Élisabeth Françoise', 'd’Astarac de Montréjeau-Lacaze-Castelbajac de Lannemes'],
  other: ['Jean-Barthélemy Théodore', 'de Puységur d’Aubeterre-Villefranche de Castelnau-Rivau'],
  aidant: 'Anne-Charlotte Hélène de Rochechouart d’Estissac-Châteauneuf de La Rivière-Verna',
  structure: 'Centre intercommunal d’action sociale de la communauté de communes du Val d’Orme et des Landes de Lesgranges',
};
for (const name of [LONG.person.join(' '), LONG.other.join(' '), LONG.aidant]) assert.equal([...name].length, 80, name);

const SIRET = '20009876500015';
/** Works alone in a structure that is new. */
export const referentOfLong = { ...colleague(LONG.aidant, { role: 'referent', siret: SIRET }), isKept: true };

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

/** The structure of the longest name, with one person, whose mailbox holds one letter. */
export async function opensLongStructure({ cast, world }) {
  const opened = await run(['structure', 'open', '--name', LONG.structure, '--siret', SIRET, '--address', '12 avenue de la Grande-Lande, 40997 Lesgranges-en-Orme', '--phone', '01 99 00 48 48', '--hours', 'du lundi au vendredi, de 9 h à 12 h 30 et de 13 h 30 à 17 h', '--data', world.dir]);
  assert.equal(opened.code, 0, opened.err);
  const { aidant } = await cast.visitor(referentOfLong);
  const phone = '06 39 98 72 01';
  const [given_names, family_name] = LONG.person;
  const { address } = await cast.town.opensAccount({ given_names, family_name, birth_date: '15/08/1936', phone }, { aidant });
  cast.people.set(LONG.person.join(' '), { name: LONG.person.join(' '), address, password: SECRET, phone });
  await lays(world, address, 'new', [{ from: `${LONG.other.join(' ')} <jean-barthelemy.de-puysegur-daubeterre@famille-de-castelnau-riviere.example>`, subject: 'Réservationconfirmée'.repeat(6), text: 'Bonjour,\n\nVoici la réponse.', at: Date.now() - 3_600_000 }]);
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
export async function sendsManyLetters(page, { cast }) {
  const { visitor } = await cast.visitor(MANY);
  for (let at = 0; at < 60; at += 1) await writes(visitor, '/messages/ecrire', { to: 'sophie.lambert@famille.example', subject: `Les tomates, ${at + 1}`, text: 'Elles mûrissent.' });
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

/** Enough people for their list to have a second page: each account is opened for good, by someone whose codes are all good at once. */
export async function opensManyAccounts({ cast: { town } }) {
  for (let at = 0; at < 14; at += 1) {
    const aidant = await town.enrols('Odile Barbaste');
    const desk = await town.atWork(aidant);
    const person = { given_names: 'Marcelle', family_name: `Lab${'abcdefghijklmn'[at]}rrère`, birth_date: '01/04/1938', phone: `06 39 98 73 ${10 + at}` };
    const { draft } = await town.prepares(desk, person);
    await town.signs(desk, draft, person.phone);
    await town.takesBack(desk, aidant);
    const open = await town.submit(desk, `${draft}/signature`, `${draft}/signature`, { code: await aidant.authenticator.next() });
    assert.equal(open.status, 303, open.words);
  }
}

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
export async function invitesManyColleagues({ cast }) {
  const { visitor } = await cast.visitor({ ...colleague('Jeanne Pédeboscq', { role: 'referent' }), isKept: true });
  for (let at = 0; at < 60; at += 1) {
    const answer = await invitesOne(visitor, `Collègue ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[at % 26]}${'abcdefghijklmnopqrstuvwxyz'[at % 26]}`, `collegue.${at}@vaudorme.example`);
    if (answer.status !== 303) break;
  }
}

async function invitesOne(visitor, name, login) {
  const { html } = await visitor.get('/structure/aidants/inviter');
  return visitor.post('/structure/aidants/inviter', { once: html.match(/name="once" value="([^"]+)"/)?.[1], name, login, role: 'aidant' });
}

/** One of another structure, whose letter is read where letters end in a sandbox. */
export async function invites({ cast, world }) {
  const { visitor } = await cast.visitor({ ...colleague('Solange Dubroca', { role: 'referent', siret: '26400012400018' }), isKept: true });
  assert.equal((await invitesOne(visitor, 'Lucette Pébéreau', 'lucette@val-orme.example')).status, 303);
  cast.link = await until('the letter of the invitation', async () => {
    const page = await (await fetch(`${world.base}/bac-a-sable/courrier-parti`)).text();
    return page.includes('lucette@val-orme.example') && page.match(/\/invitation\/lien\/[A-Za-z0-9_-]+/)?.[0];
  });
}
