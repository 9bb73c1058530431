// The same path on the real peers, started from `deploy/`: PostgreSQL, Dovecot, Postfix. Nothing embedded, nothing played,
// but the phone, which is the sandbox's; and nothing kept in a process: there are two, and each request goes to the other one.
// At a desk, with script and signed by hand; on a phone, without script and signed by the code alone. Each journey goes from the
// counter to the end of the mandate, and every page that it reaches is examined at its width.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Authenticator, aidantSignsIn, answers, choosesSecret, comesBackAlone, countersigns, endsHelp, opensLetter, path, personSignsIn, prepares, press, signs, takesBack, writes } from './lib/acts.mjs';
import { device, launch } from './lib/browser.mjs';
import { examine } from './lib/look.mjs';
import { run, until } from './lib/program.mjs';
import { service } from './lib/service.mjs';
import { bring, departed } from './lib/stack.mjs';
import { Town } from './lib/town.mjs';

const SIRET = '26400012300010';
const PASSWORD = 'panier cerise lundi';

let browser;
let house;
// One aidant for each journey: nobody waits for a code that the other used.
let nadia;
let paul;
let helene;

before(async () => {
  [browser, house] = await Promise.all([launch(), service({ programs: 2 })]);
  const opened = await house.command('structure', 'open', '--name', 'CCAS de Vaudorme', '--siret', SIRET, '--address', '2 place de la Mairie', '--phone', '01 99 00 12 34', '--hours', 'du lundi au vendredi');
  assert.equal(opened.code, 0, opened.err);
  nadia = await enrols('Nadia Roussel', 'nadia@ccas-vaudorme.fr', 'aidant');
  paul = await enrols('Paul Mercier', 'paul@ccas-vaudorme.fr', 'aidant');
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
  return { name, login, password: PASSWORD, authenticator: new Authenticator(JSON.parse(added.out).totp) };
}

/** From the counter to a chosen secret; gives the address and the record. */
async function opensAccount({ aidant, person, secret, drawn, seat, visit }) {
  const counter = await device(browser, { base: house.base, ...seat });
  const desk = await counter.page();
  await aidantSignsIn(desk, aidant, visit);
  const { draft, address } = await prepares(desk, person, visit);
  await signs(desk, house.base, person.phone, { drawn }, visit);
  await takesBack(desk, aidant.authenticator, visit);
  await countersigns(desk, draft, aidant.authenticator, visit);
  await press(desk, `/aidant/nouveau-compte/${draft}/mot-de-passe`);
  await choosesSecret(desk, house.base, person.phone, secret, visit);
  await takesBack(desk, aidant.authenticator, visit);
  await visit(desk, 'compte-6-termine');
  // The page leads to what remains to be done for the person, and it is not always their record that comes first.
  const [record] = (await desk.locator('a[href^="/aidant/personnes/"]').first().getAttribute('href')).match(/^\/aidant\/personnes\/[^/]+/);
  await desk.goto(record);
  await visit(desk, 'fiche');
  return { address, desk, record, counter };
}

/** A foreign server brings a letter; it is read, and the answer leaves, and is kept among the sent. */
async function corresponds(page, address, { id, subject, words, answer }, visit) {
  const header = `=?utf-8?Q?${Buffer.from(subject).toString('hex').toUpperCase().replaceAll(/../g, '=$&')}?=`;
  const brought = await bring(house.peers, {
    from: 'sophie@ailleurs.test',
    to: address,
    letter: `From: Sophie Lambert <sophie@ailleurs.test>\nTo: <${address}>\nSubject: ${header}\nMessage-ID: <${id}>\nDate: Sun, 22 Nov 2026 10:00:00 +0100\nContent-Type: text/plain; charset=utf-8\n\n${words}\n`,
  });
  assert.match(brought, /^250/, brought);
  await arrives(page, subject);
  assert.ok((await opensLetter(page, subject, visit)).includes(words));
  await answers(page, answer, visit);
  // The other journey's answers left by the same door.
  const gone = await until('the answer', async () => (await departed(house.peers)).find((letter) => new RegExp(`^In-Reply-To: <${id}>`, 'im').test(letter)));
  assert.match(gone, new RegExp(`^From: .*<${address}>`, 'm'));
  await keptAmongSent(page, subject);
  await visit(page, 'envoyes');
}

/** Waits for the letter in the inbox. */
async function arrives(page, subject) {
  await until(`«${subject}»`, async () => {
    await page.goto('/messages');
    return page.locator('a.title', { hasText: subject }).count();
  });
}

/** Waits for the copy among the sent, with nothing left to leave. */
async function keptAmongSent(page, subject) {
  await until(`the copy of «${subject}» among the sent`, async () => {
    await page.goto('/messages/envoyes');
    return (await page.locator('main').innerText()).includes(subject) && !(await page.locator('p.state').count());
  });
}

/** The person reads who helped and the mandate, then ends it; from the aidant's side nothing is possible any more. */
async function stops(page, { desk, record, aidant }, visit) {
  await page.goto('/aide/qui-m-a-aide');
  assert.match(await page.locator('main').innerText(), new RegExp(aidant.name));
  const mandate = await page.request.get(await page.locator('a[href^="/aide/mandat/"]').first().getAttribute('href'));
  assert.ok((await mandate.body()).subarray(0, 5).equals(Buffer.from('%PDF-')), 'the mandate is read');
  // Help with the secret; or, where the mandate waits for its paper, that paper.
  const possible = desk.locator(`form[action="${record}/mot-de-passe"], a[href="${record}/copie"]`);
  await desk.goto(record);
  assert.equal(await possible.count(), 1, 'something is possible');
  await endsHelp(page, visit);
  await desk.goto(record);
  await visit(desk, 'fiche-arretee');
  assert.match(await desk.locator('main').innerText(), /Arrêté par la personne/);
  assert.equal(await possible.count(), 0, 'nothing is possible any more');
}

describe('the path on the real peers', () => {
  test('an account, help with the secret, and the end of the mandate', async () => {
    const visit = (page, name) => examine(page, `reel/1280/${name}`);
    const person = { given_names: 'Josette', family_name: 'Lambert', birth_date: '05/03/1942', birthplace: 'Dax', phone: '06 39 98 12 34' };
    const { address, desk, record, counter } = await opensAccount({ aidant: nadia, person, secret: 'tasse jardin vélo', drawn: true, seat: { width: 1280 }, visit });

    const room = await device(browser, { base: house.base, width: 1280 });
    const page = await room.page();
    await personSignsIn(page, address, 'tasse jardin vélo', visit);
    assert.notEqual(path(page), '/connexion', await page.locator('main').innerText());

    await corresponds(page, address, { id: 'dejeuner@ailleurs.test', subject: 'Déjeuner', words: 'Coucou Maman, viens-tu dimanche ?', answer: 'Oui, avec plaisir.' }, visit);

    // A photograph in the page of a letter, as a telephone sends it, is seen; what is elsewhere is not asked for.
    const photograph = (await readFile(join(import.meta.dirname, '../../crates/server/src/demo/joined/dimanche.png'))).toString('base64').replaceAll(/.{76}/g, '$&\n');
    const sent = await bring(house.peers, {
      from: 'sophie@ailleurs.test',
      to: address,
      letter: `From: Sophie Lambert <sophie@ailleurs.test>\nTo: <${address}>\nSubject: Bougies\nMessage-ID: <bougies@ailleurs.test>\nDate: Sun, 22 Nov 2026 11:00:00 +0100\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=photo\n\n--photo\nContent-Type: text/html; charset=utf-8\n\n<p>Lina a tout souffle.</p><img src="cid:lina@ailleurs.test" alt="Lina et son gateau"><img src="https://espion.test/x.png" alt="Offre">\n--photo\nContent-Type: image/png; name=lina.png\nContent-ID: <lina@ailleurs.test>\nContent-Disposition: inline; filename=lina.png\nContent-Transfer-Encoding: base64\n\n${photograph}\n--photo--\n`,
    });
    assert.match(sent, /^250/, sent);
    await arrives(page, 'Bougies');
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

    await stops(page, { desk, record, aidant: nadia }, visit);
    await counter.close();
    await room.close();
  });

  test('on a phone, without script, signed by the code alone', async () => {
    const visit = (page, name) => examine(page, `reel/360/${name}`);
    const phone = { width: 360, js: 'off' };
    const person = { given_names: 'René', family_name: 'Carpentier', birth_date: '11/11/1938', phone: '06 39 98 55 55' };
    const { address, desk, record, counter } = await opensAccount({ aidant: paul, person, secret: 'rabot chêne dimanche', drawn: false, seat: phone, visit });

    const room = await device(browser, { base: house.base, ...phone });
    const page = await room.page();
    await personSignsIn(page, address, 'ce n’est pas le bon', visit);
    assert.equal(path(page), '/connexion');
    await visit(page, 'connexion-refusee');
    await personSignsIn(page, address, 'rabot chêne dimanche');
    assert.notEqual(path(page), '/connexion', await page.locator('main').innerText());
    await corresponds(page, address, { id: 'petanque@ailleurs.test', subject: 'Pétanque à Noël', words: 'Bonjour Papi, tu joues encore ?', answer: 'Tous les mardis.' }, visit);

    // A letter to a neighbour goes through Postfix to Dovecot, and is read in her mailbox.
    const town = new Town(house.base, ['--config', house.config], SIRET);
    const lea = await town.opensAccount({ given_names: 'Léa', family_name: 'Garnier', birth_date: '07/04/1947', phone: '06 39 98 55 56' }, { aidant: await town.enrols('Awa Diallo') });
    await writes(page, { to: lea.address, subject: 'Le marché de mardi', text: 'Bonjour,\n\nVenez-vous mardi ?' }, visit);
    await visit(page, 'ecrit');
    const hers = await device(browser, { base: house.base, ...phone });
    const letters = await hers.page();
    await personSignsIn(letters, lea.address, lea.secret);
    await arrives(letters, 'Le marché de mardi');
    assert.match(await opensLetter(letters, 'Le marché de mardi'), /Venez-vous mardi/);
    assert.match(await letters.locator('main').innerText(), /René Carpentier/);
    await hers.close();
    await keptAmongSent(page, 'Le marché de mardi');

    await comesBackAlone(page, house.base, address, person.phone, 'rabot chêne dimanche neuf', visit);
    await page.fill('[name=password]', 'rabot chêne dimanche neuf');
    await press(page, '/connexion');
    assert.match(await opensLetter(page, 'Pétanque à Noël'), /tu joues encore/);
    await stops(page, { desk, record, aidant: paul }, visit);
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
