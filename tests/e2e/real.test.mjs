// The same path on the real peers, started from `deploy/`: PostgreSQL, Dovecot, Postfix. Nothing embedded, nothing played,
// but the phone, which is the sandbox's; and nothing kept in a process: there are two, and each request goes to the other one.
// With script and signed by hand; without script and signed by the code alone.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Authenticator, aidantSignsIn, answers, choosesSecret, comesBackAlone, countersigns, opensLetter, path, personSignsIn, prepares, press, signs, takesBack, writes } from './lib/acts.mjs';
import { device, launch } from './lib/browser.mjs';
import { examine, picture } from './lib/look.mjs';
import { run, until } from './lib/program.mjs';
import { service } from './lib/service.mjs';
import { bring, departed } from './lib/stack.mjs';

const SIRET = '26400012300010';
const PASSWORD = 'panier cerise lundi';

let browser;
let house;
let nadia;
let helene;

before(async () => {
  [browser, house] = await Promise.all([launch(), service({ programs: 2 })]);
  const opened = await house.command('structure', 'open', '--name', 'CCAS de Vaudorme', '--siret', SIRET, '--address', '2 place de la Mairie', '--phone', '01 99 00 12 34', '--hours', 'du lundi au vendredi');
  assert.equal(opened.code, 0, opened.err);
  nadia = await enrols('Nadia Roussel', 'nadia@ccas-vaudorme.fr', 'aidant');
  helene = await enrols('Hélène Vasseur', 'helene@ccas-vaudorme.fr', 'referent');
});

after(async () => {
  await browser?.close();
  await house?.stop();
});

/** Someone who works for the structure, enrolled by the command line. */
async function enrols(name, login, role) {
  const added = await run(['structure', 'add', '--siret', SIRET, '--name', name, '--login', login, '--role', role, '--json', '--config', house.config], { input: `${PASSWORD}\n` });
  assert.equal(added.code, 0, added.err);
  return { login, password: PASSWORD, authenticator: new Authenticator(JSON.parse(added.out).totp) };
}

/** From the counter to a chosen secret; gives the address and the record. */
async function opensAccount({ person, secret, drawn, seat, visit }) {
  const counter = await device(browser, { base: house.base, ...seat });
  const desk = await counter.page();
  await aidantSignsIn(desk, nadia, visit);
  const { draft, address } = await prepares(desk, person, visit);
  await signs(desk, house.base, person.phone, { drawn }, visit);
  await takesBack(desk, nadia.authenticator, visit);
  await countersigns(desk, draft, nadia.authenticator, visit);
  await press(desk, `/aidant/nouveau-compte/${draft}/mot-de-passe`);
  await choosesSecret(desk, house.base, person.phone, secret, visit);
  await takesBack(desk, nadia.authenticator, visit);
  await visit(desk, 'compte-6-termine');
  await desk.goto(await desk.locator('a[href^="/aidant/personnes/"]:not([href$="/feuille"]):not([href$="/mandat"])').first().getAttribute('href'));
  return { address, desk, record: path(desk), counter };
}

describe('the path on the real peers', () => {
  test('an account, help with the secret, and the end of the mandate', async () => {
    const visit = (page, name) => examine(page, `reel/1280/${name}`);
    const person = { given_names: 'Josette', family_name: 'Lambert', birth_date: '05/03/1942', birthplace: 'Dax', phone: '06 39 98 12 34' };
    const { address, desk, record, counter } = await opensAccount({ person, secret: 'tasse jardin vélo', drawn: true, seat: { width: 1280 }, visit });

    const room = await device(browser, { base: house.base, width: 1280 });
    const page = await room.page();
    await personSignsIn(page, address, 'tasse jardin vélo', visit);
    assert.notEqual(path(page), '/connexion', await page.locator('main').innerText());

    // A foreign server brings a letter; it is read, and the answer leaves; another letter reaches another mailbox.
    const brought = await bring(house.peers, {
      from: 'sophie@ailleurs.test',
      to: address,
      letter: `From: Sophie Lambert <sophie@ailleurs.test>\nTo: <${address}>\nSubject: =?utf-8?Q?D=C3=A9jeuner?=\nMessage-ID: <dejeuner@ailleurs.test>\nDate: Sun, 22 Nov 2026 10:00:00 +0100\nContent-Type: text/plain; charset=utf-8\n\nCoucou Maman, viens-tu dimanche ?\n`,
    });
    assert.match(brought, /^250/, brought);
    await until('the letter', async () => {
      await page.goto('/messages');
      return page.locator('a.title', { hasText: 'Déjeuner' }).count();
    });
    assert.match(await opensLetter(page, 'Déjeuner', visit), /viens-tu dimanche/);
    await answers(page, 'Oui, avec plaisir.', visit);
    const [gone] = await until('the answer', async () => {
      const all = await departed(house.peers);
      return all.length > 0 && all;
    });
    assert.match(gone, /In-Reply-To: <dejeuner@ailleurs.test>/i);
    assert.match(gone, new RegExp(`From: .*<${address}>`));
    await until('the copy among the sent', async () => {
      await page.goto('/messages/envoyes');
      return /Déjeuner/.test(await page.locator('main').innerText()) && !(await page.locator('p.state').count());
    });
    await visit(page, 'envoyes');

    // A photograph in the page of a letter, as a telephone sends it, is seen; what is elsewhere is not asked for.
    const photograph = (await readFile(join(import.meta.dirname, '../../crates/server/src/demo/joined/dimanche.png'))).toString('base64').replaceAll(/.{76}/g, '$&\n');
    const sent = await bring(house.peers, {
      from: 'sophie@ailleurs.test',
      to: address,
      letter: `From: Sophie Lambert <sophie@ailleurs.test>\nTo: <${address}>\nSubject: Bougies\nMessage-ID: <bougies@ailleurs.test>\nDate: Sun, 22 Nov 2026 11:00:00 +0100\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=photo\n\n--photo\nContent-Type: text/html; charset=utf-8\n\n<p>Lina a tout souffle.</p><img src="cid:lina@ailleurs.test" alt="Lina et son gateau"><img src="https://espion.test/x.png" alt="Offre">\n--photo\nContent-Type: image/png; name=lina.png\nContent-ID: <lina@ailleurs.test>\nContent-Disposition: inline; filename=lina.png\nContent-Transfer-Encoding: base64\n\n${photograph}\n--photo--\n`,
    });
    assert.match(sent, /^250/, sent);
    await until('the photograph', async () => {
      await page.goto('/messages');
      return page.locator('a.title', { hasText: 'Bougies' }).count();
    });
    await opensLetter(page, 'Bougies');
    const seen = page.locator('#letter img');
    assert.equal(await seen.count(), 1);
    assert.equal(await seen.getAttribute('alt'), 'Lina et son gateau');
    await until('the photograph drawn', () => seen.evaluate((image) => image.complete && image.naturalWidth > 0));
    assert.equal(await seen.evaluate((image) => image.naturalWidth), Number(await seen.getAttribute('width')));
    await visit(page, 'lire-photo');

    // The aidant helps with a new secret: the person's open session ends.
    await press(desk, `${record}/mot-de-passe`);
    await choosesSecret(desk, house.base, person.phone, 'nuage marin doré');
    await takesBack(desk, nadia.authenticator);
    await page.goto('/compte');
    assert.equal(path(page), '/connexion', 'every session ended');
    await comesBackAlone(page, house.base, address, person.phone, 'citron plume galet', visit);
    await page.fill('[name=password]', 'citron plume galet');
    await press(page, '/connexion');

    await page.goto('/aide/qui-m-a-aide');
    await visit(page, 'qui-m-a-aide');
    await page.goto(await page.locator('a[href^="/aide/arreter/"]').first().getAttribute('href'));
    await press(page, path(page), 'button.grave');
    await desk.goto(record);
    await visit(desk, 'fiche-arretee');
    assert.equal(await desk.locator(`form[action="${record}/mot-de-passe"]`).count(), 0, 'nothing is possible any more');
    await counter.close();
    await room.close();
  });

  test('on a phone, without script, signed by the code alone', async () => {
    const visit = (page, name) => picture(page, `reel/360/${name}`);
    const person = { given_names: 'René', family_name: 'Carpentier', birth_date: '11/11/1938', phone: '06 39 98 55 55' };
    const { address, counter } = await opensAccount({ person, secret: 'rabot chêne dimanche', drawn: false, seat: { width: 360, js: 'off' }, visit });
    const room = await device(browser, { base: house.base, width: 360, js: 'off' });
    const page = await room.page();
    await personSignsIn(page, address, 'rabot chêne dimanche', visit);
    assert.notEqual(path(page), '/connexion', await page.locator('main').innerText());
    await counter.close();
    await room.close();
  });

  test('the référent reads the journal, and a stranger verifies it', async () => {
    const seat = await device(browser, { base: house.base, width: 1280 });
    const page = await seat.page();
    await aidantSignsIn(page, helene);
    await page.goto('/structure/journal');
    await examine(page, 'reel/1280/structure-journal');
    assert.match(await page.locator('main').innerText(), /Nadia Roussel/);
    await seat.close();

    const signed = await house.command('journal', 'checkpoint');
    assert.equal(signed.code, 0, signed.err);
    const verified = await house.command('journal', 'verify', '--json');
    assert.equal(verified.code, 0, verified.out + verified.err);
    assert.equal(JSON.parse(verified.out).good, true);
  });
});
