// The whole path in the demo, on embedded engines: an account opened under a signed mandate, a secret chosen on the lent
// screen, sign-in, recovery alone and with the aidant, who helped, stopping. With script at a desk, where every page that is
// reached is looked at in every way it can be shown; without, on a phone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Authenticator, aidantSignsIn, answers, choosesSecret, comesBackAlone, countersigns, endsHelp, opensLetter, path, personSignsIn, prepares, press, signs, takesBack, writes } from './lib/acts.mjs';
import { device, launch } from './lib/browser.mjs';
import { examine, examineAll, pages, printed } from './lib/look.mjs';
import { demo, run } from './lib/program.mjs';

let browser;
let world;
let nadia;
let helene;

before(async () => {
  [browser, world] = await Promise.all([launch(), demo()]);
  // One for each journey: nobody waits for a code that the other used.
  [nadia, helene] = world.table.aidants.map(({ login, password, totp, name }) => ({ login, password, name, authenticator: new Authenticator(totp) }));
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

/** One journey, from the counter to the end of the mandate. */
async function journey({ aidant, person, secret, drawn, seat, home, visit, album }) {
  const counter = await device(browser, { base: world.base, ...seat });
  const desk = await counter.page();
  await aidantSignsIn(desk, aidant, visit);
  const { draft, address } = await prepares(desk, person, visit);
  await signs(desk, world.base, person.phone, { drawn }, visit);
  await takesBack(desk, aidant.authenticator, visit);
  await countersigns(desk, draft, aidant.authenticator, visit);
  await press(desk, `/aidant/nouveau-compte/${draft}/mot-de-passe`);
  await choosesSecret(desk, world.base, person.phone, secret, visit);
  await takesBack(desk, aidant.authenticator, visit);
  await visit(desk, 'compte-6-termine');
  const sheet = await desk.request.get(await desk.locator('a[href$="/feuille"]').first().getAttribute('href'));
  assert.equal(sheet.headers()['content-type'], 'application/pdf');
  assert.ok((await sheet.body()).subarray(0, 5).equals(Buffer.from('%PDF-')));
  await pages(await sheet.body(), `${album}/feuille-de-bienvenue`);
  // The page leads to what remains to be done for the person, and it is not always their record that comes first.
  const [record] = (await desk.locator('a[href^="/aidant/personnes/"]').first().getAttribute('href')).match(/^\/aidant\/personnes\/[^/]+/);
  await desk.goto(record);
  await visit(desk, 'fiche');
  // Help with the secret; or, where the mandate waits for its paper, that paper.
  const possible = desk.locator(`form[action="${record}/mot-de-passe"], a[href="${record}/copie"]`);
  assert.equal(await possible.count(), 1, 'something is possible');
  if (!drawn) {
    await desk.goto(`${record}/copie`);
    await visit(desk, 'copie');
  }

  const room = await device(browser, { base: world.base, ...home });
  const page = await room.page();
  await personSignsIn(page, address, 'ce n’est pas le bon', visit);
  assert.equal(path(page), '/connexion');
  await visit(page, 'connexion-refusee');
  await personSignsIn(page, address, secret);
  assert.notEqual(path(page), '/connexion', await page.locator('main').innerText());
  await comesBackAlone(page, world.base, address, person.phone, `${secret} neuf`, visit);
  await page.fill('[name=password]', `${secret} neuf`);
  await press(page, '/connexion');
  await page.goto('/aide/qui-m-a-aide');
  assert.match(await page.locator('main').innerText(), new RegExp(aidant.name));
  const mandate = await page.request.get(await page.locator('a[href^="/aide/mandat/"]').first().getAttribute('href'));
  assert.ok((await mandate.body()).subarray(0, 5).equals(Buffer.from('%PDF-')), 'the mandate is read');
  await pages(await mandate.body(), `${album}/mandat`);
  await printed(page, `${album}/qui-m-a-aide`);
  await endsHelp(page, visit);

  await desk.goto(record);
  await visit(desk, 'fiche-arretee');
  assert.match(await desk.locator('main').innerText(), /Arrêté par la personne/);
  assert.equal(await possible.count(), 0, 'nothing is possible any more');
  await counter.close();
  await room.close();
}

describe('the path in the demo', () => {
  test('at a desk, with script, signed by hand', async () => {
    const visit = (page, name) => examineAll(page, `demo/1280/${name}`);
    const person = { given_names: 'Marguerite', family_name: 'Duval-Lefèvre', birth_date: '02/02/1939', birthplace: 'Pau', phone: '06 39 98 71 01' };
    await journey({ aidant: nadia, person, secret: 'tilleul marée brouette', drawn: true, seat: { width: 1280 }, home: { width: 1280 }, visit, album: 'demo/1280' });
  });

  test('on a phone, without script, signed by the code alone', async () => {
    const visit = (page, name) => examine(page, `demo/360/${name}`);
    const person = { given_names: 'Abdel', family_name: 'Benali', birth_date: '11/11/1950', phone: '06 39 98 71 02' };
    await journey({ aidant: helene, person, secret: 'figue soleil tambour', drawn: false, seat: { width: 360, js: 'off' }, home: { width: 360, js: 'off' }, visit, album: 'demo/360' });
  });

  for (const [name, seat, visit] of [
    ['at a desk', { width: 1280 }, (page, name) => examineAll(page, `demo/1280/courrier-${name}`)],
    ['on a phone, without script', { width: 360, js: 'off' }, (page, name) => examine(page, `demo/360/courrier-${name}`)],
  ]) {
    test(`letters, ${name}`, async () => {
      const [josette] = world.table.people;
      const room = await device(browser, { base: world.base, ...seat });
      const page = await room.page();
      await personSignsIn(page, josette.address, josette.password);
      await page.goto('/messages');
      await visit(page, 'messages');
      for (const [subject, words, picture] of [
        ['Photo de dimanche', /Lina a soufflé sa bougie/, 'lire-photo'],
        ['347 €', /remboursement de 347 €/, 'lire-arnaque'],
        ['attestation de droits', /valable jusqu’au 31 décembre/, 'lire-officiel'],
      ]) {
        assert.match(await opensLetter(page, subject), words);
        await visit(page, picture);
      }
      const file = await page.locator('a[href*="/fichier/"]').first().getAttribute('href');
      const kept = await page.request.get(file);
      assert.match(kept.headers()['content-disposition'], /^attachment;/);
      assert.equal(kept.headers()['x-content-type-options'], 'nosniff');
      assert.ok((await kept.body()).subarray(0, 5).equals(Buffer.from('%PDF-')));

      await opensLetter(page, 'Photo de dimanche');
      await answers(page, 'Merci ma chérie, la photo est très belle.', visit);
      await page.goto('/messages/envoyes');
      await visit(page, 'envoyes');
      await page.goto('/messages/pas-encore-envoyes');
      await visit(page, 'pas-encore-envoyes');
      assert.match(await page.locator('main').innerText(), /Photo de dimanche/);
      await writes(page, { to: world.table.people[1].address, subject: 'Le marché de mardi', text: 'Bonjour,\n\nVenez-vous mardi ?' }, visit);
      await room.close();
    });
  }

  for (const [name, seat, visit] of [
    ['at a desk', { width: 1280 }, (page, name) => examineAll(page, `demo/1280/${name}`)],
    ['on a phone, without script', { width: 360, js: 'off' }, (page, name) => examine(page, `demo/360/${name}`)],
  ]) {
    test(`pages off the path, ${name}`, async () => {
      const room = await device(browser, { base: world.base, ...seat });
      const page = await room.page();
      const visits = async (places) => {
        for (const place of places) {
          await page.goto(place);
          await visit(page, place.slice(1).replaceAll('/', '-'));
        }
      };
      const follows = async (page, link, name) => {
        await page.locator(link).first().click();
        await page.waitForLoadState('load');
        await visit(page, name);
      };
      await visits(['/aide', '/accessibilite', '/donnees', '/cette-page-n-existe-pas', '/mot-de-passe-oublie/feuille', '/bac-a-sable/telephone', '/bac-a-sable/courrier-parti']);
      const [josette] = world.table.people;
      await personSignsIn(page, josette.address, josette.password);
      await visits(['/compte', '/messages/cette-lettre-non-plus', '/messages/pas-encore-envoyes']);
      // A letter is not finished, then thrown away; another goes to the bin, and comes back.
      await page.goto('/messages/ecrire');
      await page.fill('[name=to]', 'sophie@ailleurs.example');
      await page.fill('[name=text]', 'Coucou Sophie, je viens dimanche.');
      await follows(page, 'button[formaction="/messages/ecrire/garder"]:visible', 'a-finir');
      await follows(page, 'form[action$="/jeter"] button', 'a-finir-jete');
      await page.goto('/messages');
      await page.locator('a.title').first().click();
      await follows(page, 'form[action$="/corbeille"] button', 'messages-jete');
      await page.goto('/messages/corbeille');
      await visit(page, 'corbeille');
      await follows(page, 'form[action$="/remettre"] button', 'messages-remis');
      await page.goto('/aide/qui-m-a-aide');
      await follows(page, 'a[href^="/aide/signaler/"]', 'signaler');
      await page.locator('section.shared button').click();
      await page.waitForLoadState('load');
      assert.equal(path(page), '/deconnexion');
      await visit(page, 'deconnexion');
      await room.close();

      const seatOfAidant = await device(browser, { base: world.base, ...seat });
      const desk = await seatOfAidant.page();
      await aidantSignsIn(desk, helene);
      for (const place of ['/aidant/journal', '/aidant/charte', '/aidant/codes-de-secours', '/structure/aidants', '/structure/aidants/inviter', '/structure/journal']) {
        await desk.goto(place);
        await visit(desk, place.slice(1).replaceAll('/', '-'));
      }
      await follows(desk, 'a[href^="/structure/alertes/"]', 'structure-alerte');
      await desk.goto('/structure/journal?personne=Personne+inconnue&du=31/02/2026');
      await visit(desk, 'structure-journal-choisi');
      await follows(desk, 'a[href^="/structure/journal/raison/"]', 'structure-raison');
      await seatOfAidant.close();
    });
  }

  test('its journal verifies', async () => {
    const verified = await run(['journal', 'verify', '--data', world.dir, '--json']);
    assert.equal(verified.code, 0, verified.out + verified.err);
    assert.equal(JSON.parse(verified.out).good, true);
  });
});
