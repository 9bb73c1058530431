// A peer that goes away: the page says so within three seconds, the rest works, nothing is lost, it heals alone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Authenticator, aidantSignsIn, choosesSecret, countersigns, path, personSignsIn, prepares, press, signs, takesBack } from './lib/acts.mjs';
import { device, launch } from './lib/browser.mjs';
import { withoutDovecot, withoutPostfix, withoutPostgres } from './lib/faults.mjs';
import { examineAll } from './lib/look.mjs';
import { run, until } from './lib/program.mjs';
import { service } from './lib/service.mjs';
import { departed } from './lib/stack.mjs';

const SIRET = '26400012300010';
const SECRET = 'tasse jardin vélo';

let browser;
let house;
let room;
let page;
let address;

before(async () => {
  [browser, house] = await Promise.all([launch(), service({ broken: true })]);
  await house.command('structure', 'open', '--name', 'CCAS de Vaudorme', '--siret', SIRET, '--address', '2 place de la Mairie', '--phone', '01 99 00 12 34', '--hours', 'du lundi au vendredi');
  const added = await run(['structure', 'add', '--siret', SIRET, '--name', 'Nadia Roussel', '--login', 'nadia@ccas-vaudorme.fr', '--json', '--config', house.config], { input: 'panier cerise lundi\n' });
  const authenticator = new Authenticator(JSON.parse(added.out).totp);
  const counter = await device(browser, { base: house.base });
  const desk = await counter.page();
  await aidantSignsIn(desk, { login: 'nadia@ccas-vaudorme.fr', password: 'panier cerise lundi', authenticator });
  const person = { given_names: 'Josette', family_name: 'Lambert', birth_date: '05/03/1942', phone: '06 39 98 12 34' };
  const prepared = await prepares(desk, person);
  address = prepared.address;
  await signs(desk, house.base, person.phone);
  await takesBack(desk, authenticator);
  await countersigns(desk, prepared.draft, authenticator);
  await press(desk, `/aidant/nouveau-compte/${prepared.draft}/mot-de-passe`);
  await choosesSecret(desk, house.base, person.phone, SECRET);
  await counter.close();
  room = await device(browser, { base: house.base });
  page = await room.page();
  await personSignsIn(page, address, SECRET);
});

after(async () => {
  await room?.close();
  await browser?.close();
  await house?.stop();
});

const TRUTH = 3000;
const HEALED = 10_000;
const BREAKDOWN = /ne marche pas|problème|indisponible|ne répond pas|panne/i;

const words = () => page.locator('main').innerText();

/** Opens a page, which says this soon enough. */
async function says(where, what) {
  const began = performance.now();
  await page.goto(where);
  const took = performance.now() - began;
  assert.match(await words(), what, where);
  assert.ok(took < TRUTH, `${where}: ${took} ms`);
}

/** From now on, it is so soon enough. */
async function heals(what, ready) {
  const began = performance.now();
  const value = await until(what, ready);
  const took = performance.now() - began;
  assert.ok(took < HEALED, `${what}: ${took} ms`);
  return value;
}

const inbox = () => heals('the inbox', async () => {
  await page.goto('/messages');
  return /Vous n’avez pas encore de message/.test(await words());
});

/** Gives a letter; the page that it leads to. */
async function gives(to, subject) {
  await page.goto('/messages/ecrire');
  await page.fill('[name=to]', to);
  await page.fill('[name=subject]', subject);
  await page.fill('[name=text]', 'À dimanche !');
  await press(page, '/messages/ecrire');
  assert.notEqual(path(page), '/messages/ecrire', await words());
}

const left = async (to) => (await departed(house.peers)).filter((letter) => letter.includes(to)).length;

/** Breaks the line to a peer while this is done. */
async function broken(peer, mode, act) {
  house.proxies[peer].mode(mode);
  try {
    return await act();
  } finally {
    house.proxies[peer].mode('pass');
  }
}

describe('peers that go away', () => {
  test('Dovecot: the page says so within 3 s, the rest works, it heals alone', async () => {
    await says('/messages', /Vous n’avez pas encore de message/);
    const back = await withoutDovecot(house.peers);
    await says('/messages', /ne marche pas|ne répond pas/);
    await examineAll(page, 'pannes/messages-sans-serveur');
    await page.goto('/messages/recu-1-1');
    await examineAll(page, 'pannes/message-sans-serveur');
    await page.goto('/aide/qui-m-a-aide');
    assert.match(await page.locator('main').innerText(), /Nadia Roussel/, 'the rest works');
    await back();
    await inbox();
  });

  test('Postfix: the letter waits, the person reads it, it leaves later, once', async () => {
    const back = await withoutPostfix(house.peers);
    await gives('sophie@ailleurs.test', 'Dimanche');
    await page.goto('/messages/pas-encore-envoyes');
    await page.locator('a.title', { hasText: 'Dimanche' }).first().click();
    await page.waitForLoadState('load');
    assert.match(await page.locator('#letter').innerText(), /À dimanche !/, 'it can be read while it waits');
    await examineAll(page, 'pannes/message-qui-attend');
    await back();
    await heals('the letter', async () => (await left('sophie@ailleurs.test')) > 0);
    assert.equal(await left('sophie@ailleurs.test'), 1, 'once');
  });

  for (const mode of ['stall', 'cut']) {
    test(`Dovecot, ${mode}: the page says so within 3 s, the rest works, it heals within 10 s`, async () => {
      await broken('dovecot', mode, async () => {
        await says('/messages', /ne marche pas|ne répond pas/);
        await says('/aide/qui-m-a-aide', /Nadia Roussel/);
      });
      await inbox();
    });

    test(`Postfix, ${mode}: the page says that the letter has not left, which it does within 10 s, once`, async () => {
      const to = `${mode}@ailleurs.test`;
      await broken('postfix', mode, async () => {
        await gives(to, `Attend ${mode}`);
        const row = page.locator('li', { has: page.locator('a.title', { hasText: `Attend ${mode}` }) }).locator('.state');
        const truth = mode === 'stall' ? /^En train de partir\.$/ : /^Pas encore parti\. Il partira dès que possible/;
        const state = async () => {
          await says('/messages/pas-encore-envoyes', new RegExp(`Attend ${mode}`));
          return row.innerText();
        };
        await until('its hour', async () => !/^Part dans/.test(await state()));
        const hour = performance.now();
        await until('what is true', async () => {
          const said = await state();
          assert.match(said, /^(En train de partir\.$|Pas encore parti\. Il partira dès que possible)/);
          return truth.test(said);
        });
        assert.ok(performance.now() - hour < TRUTH, 'said late');
        assert.equal(await left(to), 0);
      });
      await heals('the letter', async () => (await left(to)) > 0);
      assert.equal(await left(to), 1, 'once');
    });

    test(`PostgreSQL, ${mode}: the page says so within 3 s, it heals within 10 s`, async () => {
      await broken('postgres', mode, () => says('/messages', BREAKDOWN));
      await inbox();
    });
  }

  test('a letter posted twice leaves once', async () => {
    await page.goto('/messages/ecrire');
    const fields = await page.locator('form[action="/messages/ecrire"]').evaluate((form) => Object.fromEntries(new FormData(form)));
    const form = { ...fields, to: 'paul@ailleurs.test', subject: 'Une fois', text: 'Une seule fois.' };
    const posts = await Promise.all([1, 2, 3].map(() => page.request.post('/messages/ecrire', { form, maxRedirects: 0, headers: { origin: house.base, 'sec-fetch-site': 'same-origin' } })));
    assert.deepEqual(posts.map((answer) => answer.status()), [303, 303, 303]);
    await until('the letter', async () => (await left('paul@ailleurs.test')) > 0);
    await page.goto('/messages/envoyes');
    assert.equal(await page.locator('a.title', { hasText: 'Une fois' }).count(), 1);
    assert.equal(await left('paul@ailleurs.test'), 1);
  });

  test('PostgreSQL: stopped, the page says so within 3 s, and it is back within 10 s of its return, with the same session', async () => {
    const back = await withoutPostgres(house.peers);
    await says('/messages', BREAKDOWN);
    await back();
    await inbox();
  });
});
