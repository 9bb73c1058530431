// Each peer stopped, stalled for ten seconds, and cut in the middle: what the pages say and how soon, what still works, what is kept,
// and how soon everything is as before once the peer is back. Three seconds and ten are what the service promises.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { holds, seconds } from '../lib/cases.mjs';
import { until } from '../lib/program.mjs';
import { service } from '../lib/service.mjs';
import { bring, departed } from '../lib/stack.mjs';
import { Town } from '../lib/town.mjs';

const TRUTH = 3000;
const HEALED = 10_000;
const STALL = 10_000;
const MODES = { refuse: 'stopped', stall: 'stalled for 10 s', vanish: 'lost for 10 s, its lines for ever', cut: 'cut in the middle of its answers' };

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

const house = await service({ broken: true, taps });
try {
  const town = new Town(house.base, ['--config', house.config]);
  await town.opens();
  const account = await town.opensAccount({ given_names: 'Josette', family_name: 'Lambert', birth_date: '05/03/1942', phone: '06 39 98 12 34' });
  const aidant = await town.enrols('Hélène Vasseur');
  const people = { town, account, home: await town.atHome(account), desk: await town.atWork(aidant) };
  await arrives('Coucou', account);
  await until('the first letter', async () => /Coucou/.test((await people.home.get('/messages')).words));
  for (const mode of Object.keys(MODES)) await holds(`Dovecot ${MODES[mode]}`, 'PostgreSQL + Dovecot', () => dovecot(people, mode));
  for (const mode of Object.keys(MODES)) await holds(`Postfix ${MODES[mode]}`, 'PostgreSQL + Dovecot', () => postfix(people, mode));
  await holds('Postfix cut in the middle of a letter', 'PostgreSQL + Dovecot', () => cutLetter(people));
  for (const mode of Object.keys(MODES)) await holds(`PostgreSQL ${MODES[mode]}`, 'PostgreSQL + Dovecot', () => postgres(people, mode));
  await holds('PostgreSQL cut after a commit, before its answer', 'PostgreSQL + Dovecot', () => cutCommit(people));
} finally {
  await house.stop();
}

/** A letter from elsewhere. */
async function arrives(subject, { address }) {
  const said = await bring(house.peers, { from: 'sophie@ailleurs.test', to: address, letter: `From: sophie@ailleurs.test\nTo: ${address}\nSubject: ${subject}\nMessage-ID: <${subject}@ailleurs.test>\n\nBonjour.\n` });
  assert.match(said, /^250/, said);
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

/** Ends what broke the line: a stall lasts its ten seconds. */
async function over(proxy, mode, began) {
  if (mode === 'stall' || mode === 'vanish') await pause(Math.max(0, STALL - (performance.now() - began)));
  proxy.mode('pass');
}

function leaves(to) {
  return until(`the letter to ${to}`, async () => (await count(to)) > 0, 60_000);
}

/** How many letters left for this address. */
async function count(to) {
  return (await departed(house.peers)).filter((letter) => letter.includes(to)).length;
}

async function dovecot({ town, account, home, desk }, mode) {
  const proxy = house.proxies.dovecot;
  await home.get('/messages');
  const began = performance.now();
  proxy.mode(mode);
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
  await arrives(`Entre-temps-${mode}`, account);
  await leaves(to);
  await over(proxy, mode, began);
  const healed = await heals('the inbox', async () => new RegExp(`Entre-temps-${mode}`).test((await home.get('/messages')).words));
  await heals('the copy', async () => new RegExp(`Pendant ${mode}`).test((await home.get('/messages/envoyes')).words));
  assert.equal(await count(to), 1);
  return `said in ${seconds(Math.max(...shown))} at most, the rest works, letters come and go; inbox back ${seconds(healed)} after`;
}

async function postfix({ town, home, desk }, mode) {
  const proxy = house.proxies.postfix;
  const began = performance.now();
  proxy.mode(mode);
  const to = `pendant-postfix-${mode}@ailleurs.test`;
  await town.writes(home, { to, subject: `Attend ${mode}` });
  let longest = 0;
  // Looked at long after its hour: the program has tried, several times when it is told no.
  await pause(7000);
  for (const [who, path] of [[home, '/messages/pas-encore-envoyes'], [home, '/messages'], [desk, '/aidant']]) {
    const answer = await timed(who, path);
    assert.equal(answer.status, 200, path);
    prompt(answer, path);
    longest = Math.max(longest, answer.took);
  }
  const waiting = await home.get('/messages/pas-encore-envoyes');
  assert.match(waiting.words, new RegExp(`Attend ${mode}`), 'it waits in sight');
  assert.equal(await count(to), 0);
  await over(proxy, mode, began);
  const healed = await heals('the letter', async () => (await count(to)) > 0);
  await heals('the end of the waiting', async () => !new RegExp(`Attend ${mode}`).test((await home.get('/messages/pas-encore-envoyes')).words));
  assert.equal(await count(to), 1, 'once');
  return `pages in ${seconds(longest)} at most, the letter waits in sight; it left ${seconds(healed)} after, once`;
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
  const proxy = house.proxies.postgres;
  await home.get('/messages/ecrire');
  const form = { once: home.html.match(/name="once" value="([^"]+)"/)[1], to: `pendant-postgres-${mode}@ailleurs.test`, subject: `Panne ${mode}`, text: 'Tout ce que j’ai écrit.' };
  const token = home.token;
  // A letter on its way, that the breakdown meets.
  await town.writes(home.copy(), { to: `avant-postgres-${mode}@ailleurs.test`, subject: `Avant ${mode}` });
  const began = performance.now();
  proxy.mode(mode);
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
  await over(proxy, mode, began);
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

async function cutCommit({ town, home }) {
  await home.get('/messages/ecrire');
  const form = { once: home.html.match(/name="once" value="([^"]+)"/)[1], to: 'valide@ailleurs.test', subject: 'Validé', text: 'Gardé, et personne ne le sait.' };
  once.commit = true;
  const first = await home.post('/messages/ecrire', form);
  const again = await home.post('/messages/ecrire', form);
  assert.equal(again.status, 303, again.words);
  await leaves(form.to);
  assert.equal(await count(form.to), 1);
  assert.ok(!once.commit, 'the line was cut');
  await town.writes(home, { to: 'suite@ailleurs.test', subject: 'Suite' });
  return `the page answered ${first.status}; the same form again was found done: one letter`;
}
