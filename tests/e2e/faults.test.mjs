// A peer that goes away: the page says so within three seconds, the rest works, nothing is lost, it heals alone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Authenticator, aidantSignsIn, choosesSecret, countersigns, path, personSignsIn, prepares, press, signs, takesBack } from './lib/acts.mjs';
import { device, launch } from './lib/browser.mjs';
import { withoutDovecot, withoutPostfix } from './lib/faults.mjs';
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
  [browser, house] = await Promise.all([launch(), service()]);
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

/** Opens a page and says how long it took. */
async function timed(where) {
  const began = performance.now();
  await page.goto(where);
  return performance.now() - began;
}

describe('peers that go away', () => {
  test('Dovecot: the page says so within 3 s, the rest works, it heals alone', async () => {
    await page.goto('/messages');
    assert.match(await page.locator('main').innerText(), /Vous n’avez pas encore de message/);
    const back = await withoutDovecot(house.peers);
    const took = await timed('/messages');
    assert.ok(took < 3000, `${took} ms`);
    assert.match(await page.locator('main').innerText(), /ne marche pas|ne répond pas/);
    await examineAll(page, 'pannes/messages-sans-serveur');
    await page.goto('/messages/recu-1-1');
    await examineAll(page, 'pannes/message-sans-serveur');
    await page.goto('/aide/qui-m-a-aide');
    assert.match(await page.locator('main').innerText(), /Nadia Roussel/, 'the rest works');
    await back();
    await until('the inbox', async () => {
      await page.goto('/messages');
      return /Vous n’avez pas encore de message/.test(await page.locator('main').innerText());
    });
  });

  test('Postfix: the letter waits, the person reads it, it leaves later, once', async () => {
    const back = await withoutPostfix(house.peers);
    await page.goto('/messages/ecrire');
    await page.fill('[name=to]', 'sophie@ailleurs.test');
    await page.fill('[name=subject]', 'Dimanche');
    await page.fill('[name=text]', 'À dimanche !');
    await press(page, '/messages/ecrire');
    assert.notEqual(path(page), '/messages/ecrire', await page.locator('main').innerText());
    await page.goto('/messages/pas-encore-envoyes');
    await page.locator('a.title', { hasText: 'Dimanche' }).first().click();
    await page.waitForLoadState('load');
    assert.match(await page.locator('#letter').innerText(), /À dimanche !/, 'it can be read while it waits');
    await examineAll(page, 'pannes/message-qui-attend');
    await back();
    const gone = await until('the letter', async () => {
      const all = await departed(house.peers);
      return all.some((letter) => letter.includes('sophie@ailleurs.test')) && all;
    });
    assert.equal(gone.filter((letter) => letter.includes('sophie@ailleurs.test')).length, 1, 'once');
  });

  test('a letter posted twice leaves once', async () => {
    await page.goto('/messages/ecrire');
    const fields = await page.locator('form[action="/messages/ecrire"]').evaluate((form) => Object.fromEntries(new FormData(form)));
    const form = { ...fields, to: 'paul@ailleurs.test', subject: 'Une fois', text: 'Une seule fois.' };
    const posts = await Promise.all([1, 2, 3].map(() => page.request.post('/messages/ecrire', { form, maxRedirects: 0, headers: { origin: house.base, 'sec-fetch-site': 'same-origin' } })));
    assert.deepEqual(posts.map((answer) => answer.status()), [303, 303, 303]);
    await until('the letter', async () => (await departed(house.peers)).some((letter) => letter.includes('paul@ailleurs.test')));
    await page.goto('/messages/envoyes');
    assert.equal(await page.locator('a.title', { hasText: 'Une fois' }).count(), 1);
    assert.equal((await departed(house.peers)).filter((letter) => letter.includes('paul@ailleurs.test')).length, 1);
  });
});
