// Pages that say why there is no other: each is looked at in every way it can be shown, and the log knows the reference it bears.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { path, personSignsIn, press } from './lib/acts.mjs';
import { device, launch } from './lib/browser.mjs';
import { examine, examineAll } from './lib/look.mjs';
import { demo, until } from './lib/program.mjs';

let browser;
let world;

before(async () => {
  [browser, world] = await Promise.all([launch(), demo()]);
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

/** Says this to the base of the demo; gives the process, which has said it once it wrote a line. */
async function base(statements) {
  const said = `import sqlite3,sys
base = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
${statements}
print('said', flush=True)
sys.stdin.read()`;
  const process_ = spawn('python3', ['-c', said, join(world.dir, 'maincourante.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(process_.stdout, 'data');
  return async () => {
    process_.stdin.end();
    await once(process_, 'exit');
  };
}

/** What the page bears is in the log, on lines that name nobody. */
async function known(page) {
  const reference = await page.locator('.reference strong').innerText();
  assert.match(reference, /^MC-[2-9A-Z]{4}-[2-9A-Z]{2}$/);
  const lines = await until(`${reference} in the log`, async () => {
    const found = world.logs().split('\n').filter((line) => line.includes(reference));
    return found.length > 0 && found;
  });
  const { people, aidants } = world.table;
  for (const personal of [...people.flatMap(({ address, name }) => [address, name]), ...aidants.map(({ name }) => name), '127.0.0.1', 'mardi']) {
    for (const line of lines) assert.ok(!personal || !line.includes(personal), `${personal} in ${line}`);
  }
}

for (const [name, seat, look] of [
  ['at a desk', { width: 1280 }, (page, name) => examineAll(page, `refus/1280/${name}`)],
  ['on a phone, without script', { width: 360, js: 'off' }, (page, name) => examine(page, `refus/360/${name}`)],
]) {
  describe(`what cannot be shown, ${name}`, () => {
    let room;
    let page;
    let line;
    const josette = () => world.table.people[0];
    const says = async (status, title, name) => {
      assert.match(await page.locator('h1').innerText(), title);
      await look(page, `${status}-${name}`);
      await known(page);
    };
    /** Does this, and gives the status of the page to which it leads. */
    const answered = async (act) => {
      const [answer] = await Promise.all([page.waitForNavigation(), act()]);
      return answer.status();
    };
    const sends = () => answered(() => page.locator(`form[action="${line}"] button.main`).click());

    before(async () => {
      room = await device(browser, { base: world.base, ...seat });
      page = await room.page();
      await personSignsIn(page, josette().address, josette().password);
      await page.goto('/aide/qui-m-a-aide');
      line = await page.locator('a[href^="/aide/signaler/"]').last().getAttribute('href');
    });
    after(() => room?.close());

    test('not there, not asked that way', async () => {
      assert.equal((await page.goto('/messages/nulle/part')).status(), 404);
      await says(404, /n’existe pas/, 'chez-soi');
      assert.equal((await page.goto('/messages/ecrire/garder')).status(), 405);
      await says(405, /ne s’ouvre pas ainsi/, 'chez-soi');
    });

    test('refused: a form that is not ours, that cannot be read, that is too long', async () => {
      await page.goto(line);
      await page.evaluate(() => document.querySelectorAll('main [name^=form_]').forEach((field) => (field.value = 'x')));
      assert.equal(await sends(), 403);
      await says(403, /a attendu trop longtemps/, 'formulaire');
      await page.goto(line);
      await page.evaluate(() => document.querySelector('main form').append(document.querySelector('main textarea').cloneNode()));
      assert.equal(await sends(), 400);
      await says(400, /pas pu lire/, 'formulaire');
      await page.goto(line);
      await page.evaluate(() => (document.querySelector('main textarea').value = 'mardi '.repeat(100000)));
      assert.equal(await sends(), 413);
      await says(413, /trop long/, 'formulaire');
    });

    test('the base does not answer: what was typed is sent again with one button', async () => {
      await page.goto(line);
      await page.fill('[name=words]', 'Je n’étais pas là mardi.');
      const back = await base("base.execute('begin immediate')");
      try {
        assert.equal(await sends(), 503);
        await says(503, /ne marche pas/, 'base');
      } finally {
        await back();
      }
      assert.equal(await page.locator('main').innerText().then((text) => /n’est pas perdu/.test(text)), true);
    });

    test('a fault of ours', async () => {
      await page.goto('/messages/ecrire');
      await page.fill('[name=text]', 'Coucou, à mardi.');
      await answered(() => page.locator('button[formaction="/messages/ecrire/garder"]:visible').click());
      await (await base("base.execute(\"update letter_draft set body = x'00'\")"))();
      assert.equal((await page.goto('/messages/a-finir')).status(), 500);
      await says(500, /ne marche pas/, 'faute');
      await (await base("base.execute('delete from letter_draft')"))();
    });

    test('signed out while one writes: the words come back, to the same person alone', async () => {
      await page.goto(line);
      await page.fill('[name=words]', 'Je n’étais pas là mardi.');
      await page.context().clearCookies({ name: 'session' });
      await sends();
      assert.equal(path(page), '/connexion');
      assert.match(await page.locator('main').innerText(), /Ce que vous avez écrit est gardé/);
      assert.ok(!(await page.content()).includes('mardi'));
      await look(page, 'deconnecte-garde');
      await known(page);
      await page.fill('[name=login]', josette().address);
      await page.fill('[name=password]', josette().password);
      await press(page, '/connexion');
      assert.equal(path(page), line);
      assert.equal(await page.locator('[name=words]').inputValue(), 'Je n’étais pas là mardi.');
      await look(page, 'retrouve');
      await page.context().addCookies([{ name: 'session', value: 'ended', url: world.base }]);
      await page.goto('/messages');
      await look(page, 'deconnecte');
      await known(page);
    });

    test('too many tries', async () => {
      let status = 200;
      for (let tries = 0; tries < 6 && status !== 429; tries += 1) {
        await page.goto('/mot-de-passe-oublie');
        await page.fill('[name=login]', `personne-${seat.width}@exemple-mail.fr`);
        status = await answered(() => page.locator('form[action="/mot-de-passe-oublie"] button.main').click());
      }
      assert.equal(status, 429);
      await says(429, /Trop d’essais/, 'essais');
    });

    test('told no, and nowhere on a lent screen', async () => {
      assert.equal((await page.goto('/invitation')).status(), 403);
      await says(403, /./, 'invitation');
      await page.context().addCookies([{ name: 'lent', value: 'whatever', url: world.base }]);
      assert.equal((await page.goto('/signer/nulle-part')).status(), 404);
      await says(404, /n’existe pas/, 'ecran-prete');
      assert.equal(await page.locator('main a[href="/signer"]').count(), 1);
      assert.equal((await page.goto('/nulle-part')).status(), 404);
      await says(404, /n’existe pas/, 'egare');
      assert.equal(await page.locator('a[href^="/"]').count(), 0, 'no way out');
    });
  });
}

describe('what a page does by itself', () => {
  let room;
  const josette = () => world.table.people[0];
  const still = (page) => page.locator('[data-still]');
  /** A page of hers. */
  const opens = async (where) => {
    const page = await room.page();
    await page.goto(where);
    return page;
  };
  /** So long, for all her pages at once. */
  const passes = (time) => room.context.clock.fastForward(time);

  before(async () => {
    room = await device(browser, { base: world.base, width: 360 });
    const page = await room.page();
    await personSignsIn(page, josette().address, josette().password);
    await page.close();
  });
  after(() => room?.close());

  test('keeps what one writes, as one goes and when one goes', async () => {
    const page = await room.page();
    await page.goto('/messages/ecrire');
    await page.fill('[name=subject]', 'Le bal de samedi');
    await page.locator('[data-kept]').getByText(/gardé/).waitFor();
    const draft = await page.locator('[name=brouillon]').inputValue();
    await page.fill('[name=text]', 'Je viendrai avec Lina');
    // Nobody waits for the next two seconds.
    await page.goto('/messages/a-finir');
    await page.locator(`main a[href*="${draft}"]`).first().click();
    assert.equal(await page.locator('[name=subject]').inputValue(), 'Le bal de samedi');
    assert.equal(await page.locator('[name=text]').inputValue(), 'Je viendrai avec Lina');
    await page.goto('/messages/a-finir');
    assert.equal(await page.locator('main a[href*="suite="]').count(), 1, 'one draft, however often it was kept');
    await page.close();
  });

  test('says that one is soon signed out, to all its pages', async () => {
    await room.context.clock.install();
    const [page, other] = [await opens('/messages/ecrire'), await opens('/compte')];
    await passes('12:30');
    assert.equal(await still(page).isVisible(), false);
    await passes('00:45');
    await still(page).waitFor();
    await still(other).waitFor();
    assert.match(await still(page).innerText(), /Toujours là\s\?\s+Dans 2 minutes, nous vous déconnecterons\. Votre message est gardé\./);
    assert.doesNotMatch(await still(other).innerText(), /gardé/);
    await examineAll(page, 'refus/360/toujours-la');
    await still(page).getByRole('button').click();
    await still(page).waitFor({ state: 'hidden' });
    await still(other).waitFor({ state: 'hidden' });
    await passes('12:30');
    assert.equal(await still(page).isVisible(), false, 'time begins anew');
    await Promise.all([page.close(), other.close()]);
  });

  test('shows nothing more once one is signed out, but what was typed and is kept nowhere', async () => {
    const [left, typed] = [await opens('/compte'), await opens('/aide/qui-m-a-aide')];
    await typed.goto(await typed.locator('a[href^="/aide/signaler/"]').last().getAttribute('href'));
    const line = path(typed);
    await typed.fill('[name=words]', 'Je n’étais pas là.');
    await room.context.addCookies([{ name: 'session', value: 'ended', url: world.base }]);
    await passes('15:05');
    await left.waitForURL(/\/connexion/);
    assert.match(await left.locator('main').innerText(), /Vous avez été déconnecté/);
    assert.equal(path(typed), line);
    assert.equal(await typed.locator('[name=words]').inputValue(), 'Je n’étais pas là.');
    assert.equal(await still(typed).isVisible(), false, 'it is too late to say so');
    await Promise.all([left.close(), typed.close()]);
  });
});
