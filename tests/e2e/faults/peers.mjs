// Each peer stopped, refused, stalled for ten seconds, and cut in the middle: what the pages say and how soon, what still works, what is kept,
// and how soon everything is as before once the peer is back. Three seconds and ten are what the service promises.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { holds, seconds } from '../lib/cases.mjs';
import { withoutDovecot, withoutPostfix, withoutPostgres } from '../lib/faults.mjs';
import { until } from '../lib/program.mjs';
import { service } from '../lib/service.mjs';
import { bring, departed } from '../lib/stack.mjs';
import { Town } from '../lib/town.mjs';

const TRUTH = 3000;
const HEALED = 10_000;
const STALL = 10_000;
/** What the page of the letters that wait says under one that nobody takes. */
const WAITS = /^Pas encore parti\. Il partira dès que possible/;
/** The same, or that it is being tried: neither says that it left, nor why it would not. */
const IN_SIGHT = /^(En train de partir\.$|Pas encore parti\. Il partira dès que possible)/;
const STOPS = { dovecot: withoutDovecot, postfix: withoutPostfix, postgres: withoutPostgres };
/** The server itself is stopped, or the line to it is broken. */
const MODES = { stop: 'stopped', refuse: 'refused, its lines cut', stall: 'stalled for 10 s', vanish: 'lost for 10 s, its lines for ever', cut: 'cut in the middle of its answers' };

/** What breaks a line by itself, once: set by a case, forgotten when it has. */
const once = {};
const taps = {
  postgres: (line) => {
    let dying = false;
    return {
      up(bytes) {
        if (!once.commit || !bytes.includes('COMMIT')) return true;
        once.commit = false;
        dying = true;
        return true;
      },
      down() {
        // The base has kept everything, and nobody is told.
        if (dying) line.reset();
        return !dying;
      },
    };
  },
  postfix: (line) => {
    let data = false;
    return {
      up(bytes) {
        if (data && once.data) {
          once.data = false;
          line.server.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => line.reset());
          return false;
        }
        data ||= /^DATA\r\n/m.test(bytes.toString('latin1'));
        return true;
      },
    };
  },
};

/** What brings back a peer that a case left away: whatever it found, the next one finds everyone there. */
let away;

const house = await service({ broken: true, taps });
try {
  const town = new Town(house.base, ['--config', house.config]);
  await town.opens();
  const account = await town.opensAccount({ given_names: 'Josette', family_name: 'Lambert', birth_date: '05/03/1942', phone: '06 39 98 12 34' });
  const aidant = await town.enrols('Hélène Vasseur');
  const people = { town, account, home: await town.atHome(account), desk: await town.atWork(aidant) };
  await arrives('Coucou', account);
  await until('the first letter', async () => /Coucou/.test((await people.home.get('/messages')).words));
  for (const mode of Object.keys(MODES)) await tries(`Dovecot ${MODES[mode]}`, () => dovecot(people, mode));
  for (const mode of Object.keys(MODES)) await tries(`Postfix ${MODES[mode]}`, () => postfix(people, mode));
  await tries('Postfix cut in the middle of a letter', () => cutLetter(people));
  for (const mode of Object.keys(MODES)) await tries(`PostgreSQL ${MODES[mode]}`, () => postgres(people, mode));
  await tries('PostgreSQL cut after a commit, before its answer', () => cutCommit(people));
} finally {
  await house.stop();
}

async function tries(fault, act) {
  await holds(fault, 'PostgreSQL + Dovecot', act);
  await away?.();
}

/** A letter from elsewhere. */
async function arrives(subject, account) {
  const said = await brought(subject, account);
  assert.match(said, /^250/, said);
}

/** What our door says to another server that brings a letter. */
function brought(subject, { address }) {
  return bring(house.peers, { from: 'sophie@ailleurs.test', to: address, letter: `From: sophie@ailleurs.test\nTo: ${address}\nSubject: ${subject}\nMessage-ID: <${subject}@ailleurs.test>\n\nBonjour.\n` });
}

/** A page, and how long it took. */
async function timed(visitor, path) {
  const began = performance.now();
  const answer = await visitor.get(path);
  return { ...answer, took: performance.now() - began };
}

/** How long until this is so again. */
async function heals(what, ready) {
  const began = performance.now();
  await until(what, ready, 60_000);
  const took = performance.now() - began;
  assert.ok(took < HEALED, `${what}: after ${seconds(took)}`);
  return took;
}

function prompt(answer, what) {
  assert.ok(answer.took < TRUTH, `${what}: after ${seconds(answer.took)}`);
}

/** Stops a peer, or breaks the line to it; gives what ends that: a stall lasts its ten seconds. */
async function breaks(peer, mode) {
  const back = await broken(peer, mode);
  away = async () => {
    away = undefined;
    await back();
  };
  return away;
}

async function broken(peer, mode) {
  if (mode === 'stop') return STOPS[peer](house.peers);
  const began = performance.now();
  house.proxies[peer].mode(mode);
  return async () => {
    if (mode === 'stall' || mode === 'vanish') await pause(Math.max(0, STALL - (performance.now() - began)));
    house.proxies[peer].mode('pass');
  };
}

function leaves(to) {
  return until(`the letter to ${to}`, async () => (await count(to)) > 0, 60_000);
}

/** How many letters left for this address. */
async function count(to) {
  return (await departed(house.peers)).filter((letter) => letter.includes(to)).length;
}

async function dovecot({ town, account, home, desk }, mode) {
  await home.get('/messages');
  const back = await breaks('dovecot', mode);
  const shown = [];
  for (const path of ['/messages', '/messages/envoyes', '/messages/corbeille', '/messages/recu-1-1']) {
    const answer = await timed(home, path);
    prompt(answer, path);
    assert.match(answer.words, /ne marche pas|ne répond pas/, `${path} ${answer.status}: ${answer.words.slice(0, 200)}`);
    shown.push(answer.took);
  }
  for (const [who, path] of [[home, '/aide/qui-m-a-aide'], [home, '/compte'], [home, '/messages/ecrire'], [desk, '/aidant']]) {
    const answer = await timed(who, path);
    assert.equal(answer.status, 200, `${path}: the rest works`);
    prompt(answer, path);
  }
  const to = `pendant-dovecot-${mode}@ailleurs.test`;
  await town.writes(home, { to, subject: `Pendant ${mode}` });
  // Postfix asks Dovecot who writes, and whether there is room: without it nothing comes or goes, and nothing is lost.
  const stopped = mode === 'stop';
  assert.match(await brought(`Entre-temps-${mode}`, account), stopped ? /^451/ : /^250/);
  if (stopped) {
    await until('what is true', async () => WAITS.test((await state(home, `Pendant ${mode}`)).words), 5000);
    await pause(5000);
    // It is tried again and again: one may look while it is.
    assert.match((await state(home, `Pendant ${mode}`)).words, IN_SIGHT);
  } else await leaves(to);
  await back();
  if (stopped) {
    await heals('the door', async () => /^250/.test(await brought(`Entre-temps-${mode}`, account)));
    await heals('the letter', async () => (await count(to)) > 0);
  }
  const healed = await heals('the inbox', async () => new RegExp(`Entre-temps-${mode}`).test((await home.get('/messages')).words));
  await heals('the copy', async () => new RegExp(`Pendant ${mode}`).test((await home.get('/messages/envoyes')).words));
  assert.equal(await count(to), 1);
  return `said in ${seconds(Math.max(...shown))} at most, the rest works, letters ${stopped ? 'wait in sight, and those that come are told to come again' : 'come and go'}; inbox back ${seconds(healed)} after`;
}

/** What the page of the letters that wait says under this one. */
async function state(home, subject) {
  const answer = await timed(home, '/messages/pas-encore-envoyes');
  const row = answer.html.split('<li').find((one) => one.includes(subject)) ?? '';
  return { ...answer, words: row.match(/<p class="state"><strong>(.*?)<\/strong>/s)?.[1] ?? '' };
}

async function postfix({ town, home, desk }, mode) {
  const back = await breaks('postfix', mode);
  const to = `pendant-postfix-${mode}@ailleurs.test`;
  const began = performance.now();
  const given = await town.writes(home, { to, subject: `Attend ${mode}` });
  const shown = [await timed(home, given.to)];
  assert.match(shown[0].words, new RegExp(`Votre message pour ${to} part dans`), 'its hour has not come');
  // From its hour on, the page says that it has not left, or that it is leaving: one that tells why ("Pas parti :") would be wrong, and one that says it left too.
  await until('its hour', async () => !/^Part dans/.test((await state(home, `Attend ${mode}`)).words));
  const hour = performance.now();
  const truth = mode === 'stall' || mode === 'vanish' ? /^En train de partir\.$/ : WAITS;
  const said = await until('what is true', async () => {
    const answer = await state(home, `Attend ${mode}`);
    assert.match(answer.words, IN_SIGHT, 'it waits in sight');
    shown.push(answer);
    return truth.test(answer.words) && performance.now();
  });
  assert.ok(said - hour < TRUTH, `the truth: after ${seconds(said - hour)}`);
  // Long after, the program has tried, several times when it is told no.
  await pause(Math.max(0, 7000 - (performance.now() - began)));
  assert.match((await state(home, `Attend ${mode}`)).words, IN_SIGHT, 'it still waits in sight');
  assert.match((await home.get(given.to)).words, new RegExp(`Votre message pour ${to} (est en train de partir|partira dès que possible)`));
  for (const [who, path] of [[home, '/messages'], [desk, '/aidant']]) {
    const answer = await timed(who, path);
    assert.equal(answer.status, 200, path);
    shown.push(answer);
  }
  for (const answer of shown) prompt(answer, 'a page');
  assert.equal(await count(to), 0);
  await back();
  const healed = await heals('the letter', async () => (await count(to)) > 0);
  await heals('the end of the waiting', async () => !(await state(home, `Attend ${mode}`)).words);
  assert.match((await home.get(given.to)).words, new RegExp(`Votre message pour ${to} est parti`));
  await heals('the copy', async () => new RegExp(`Attend ${mode}`).test((await home.get('/messages/envoyes')).words));
  assert.equal(await count(to), 1, 'once');
  return `pages in ${seconds(Math.max(...shown.map(({ took }) => took)))} at most; ${seconds(said - hour)} after its hour the page says “${truth.source.includes('train') ? 'En train de partir' : 'Pas encore parti'}”; it left ${seconds(healed)} after, once, and the page says so`;
}

async function cutLetter({ town, home }) {
  once.data = true;
  const to = 'coupe@ailleurs.test';
  await town.writes(home, { to, subject: 'Coupé', text: 'Une longue phrase. '.repeat(3000) });
  await until('the cut', () => !once.data);
  const healed = await heals('the letter', async () => (await count(to)) > 0);
  assert.equal(await count(to), 1, 'once');
  const [letter] = (await departed(house.peers)).filter((one) => one.includes(to));
  assert.equal(letter.replaceAll(/=\r?\n/g, '').match(/Une longue phrase\./g).length, 3000, 'whole');
  return `it left ${seconds(healed)} after, whole, once`;
}

async function postgres({ town, account, home, desk }, mode) {
  await home.get('/messages/ecrire');
  const form = { once: home.html.match(/name="once" value="([^"]+)"/)[1], to: `pendant-postgres-${mode}@ailleurs.test`, subject: `Panne ${mode}`, text: 'Tout ce que j’ai écrit.' };
  const token = home.token;
  // A letter on its way, that the breakdown meets.
  await town.writes(home.copy(), { to: `avant-postgres-${mode}@ailleurs.test`, subject: `Avant ${mode}` });
  const back = await breaks('postgres', mode);
  const pages = await Promise.all(Array.from({ length: 20 }, (_, at) => timed(at % 2 ? home.copy() : desk.copy(), at % 2 ? '/messages' : '/aidant')));
  const next = await timed(home.copy(), '/compte');
  for (const answer of [...pages, next]) {
    assert.ok(answer.status >= 500, `${answer.status} ${answer.words.slice(0, 100)}`);
    assert.match(answer.words, /ne marche pas|problème|indisponible|ne répond pas|panne/i, answer.words);
    prompt(answer, 'the page of the breakdown');
  }
  const posted = await home.copy().post('/messages/ecrire', form, { token });
  assert.ok(posted.status >= 500, `${posted.status}`);
  assert.equal((await timed(town.visitor(), '/sante')).status, 200);
  await back();
  const healed = await heals('the pages', async () => {
    const [mine, theirs] = await Promise.all([home.get('/messages'), desk.get('/aidant')]);
    return mine.status === 200 && theirs.status === 200;
  });
  process.kill(house.pid(), 0);
  // What was typed is sent again, as a browser offers: one letter, whatever the first had time to do.
  for (let times = 0; times < 2; times += 1) assert.equal((await home.copy().post('/messages/ecrire', form, { token })).status, 303);
  await heals('the jobs', async () => (await count(form.to)) > 0 && (await count(`avant-postgres-${mode}`)) > 0);
  assert.equal(await count(form.to), 1, 'one letter');
  assert.equal(await count(`avant-postgres-${mode}`), 1, 'one letter');
  // A phone receives four codes an hour.
  if (mode === 'refuse' || mode === 'vanish') await town.codeOf(account.phone, () => town.submit(town.visitor(), '/mot-de-passe-oublie', '/mot-de-passe-oublie', { login: account.address }));
  return `21 pages said so in ${seconds(Math.max(next.took, ...pages.map(({ took }) => took)))} at most; back ${seconds(healed)} after: same sessions, jobs go on, the form sent again is one letter`;
}

/** The commit that is cut may be that of something else, behind the pages: it is tried until it was the form's. */
async function cutCommit({ town, home }) {
  for (let times = 1; times <= 5; times += 1) {
    await home.get('/messages/ecrire');
    const form = { once: home.html.match(/name="once" value="([^"]+)"/)[1], to: `valide-${times}@ailleurs.test`, subject: 'Validé', text: 'Gardé, et personne ne le sait.' };
    once.commit = true;
    const first = await home.post('/messages/ecrire', form);
    const again = await home.post('/messages/ecrire', form);
    assert.equal(again.status, 303, again.words);
    await leaves(form.to);
    assert.equal(await count(form.to), 1);
    assert.ok(!once.commit, 'the line was cut');
    if (first.status < 500) continue;
    await town.writes(home, { to: 'suite@ailleurs.test', subject: 'Suite' });
    await leaves('suite@ailleurs.test');
    return `the page answered ${first.status}; the same form again was found done: one letter`;
  }
  return assert.fail('the commit of the form was never the one that was cut');
}
