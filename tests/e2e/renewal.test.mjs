// A new mandate for who has an account, in the demo: René's, renewed from his record a few days before its end; Yvette, who stopped hers
// and comes back, says on the lent screen which account is hers.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Authenticator, aidantSignsIn, choose, codeOf, path, personSignsIn, press, signs, takesBack } from './lib/acts.mjs';
import { device, launch } from './lib/browser.mjs';
import { examine } from './lib/look.mjs';
import { demo } from './lib/program.mjs';

let browser;
let world;
let nadia;
let helene;

before(async () => {
  [browser, world] = await Promise.all([launch(), demo()]);
  [nadia, helene] = world.table.aidants.map(({ login, password, totp, name }) => ({ login, password, name, authenticator: new Authenticator(totp) }));
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

const called = (name) => world.table.people.find((person) => person.name.startsWith(name));

/** From the answers of the first step to the screen being lent; gives the draft's address. */
async function reads(desk, visit) {
  await choose(desk, 'identity_check', 'known_person');
  await choose(desk, 'protection', 'none');
  await press(desk, path(desk));
  assert.match(path(desk), /\/mandat$/, await desk.locator('main').innerText());
  const draft = path(desk).split('/').at(-2);
  await visit(desk, 'nouveau-mandat-2-mandat');
  await choose(desk, 'powers', 'give_access_back');
  await choose(desk, 'duration', 'year');
  await press(desk, path(desk));
  assert.match(path(desk), /\/lecture$/, await desk.locator('main').innerText());
  await visit(desk, 'nouveau-mandat-3-lecture');
  await press(desk, path(desk));
  assert.equal(path(desk), '/signer/mandat');
  return draft;
}

async function countersigns(desk, draft, authenticator, visit) {
  await desk.goto(`/aidant/nouveau-compte/${draft}/signature`);
  await visit(desk, 'nouveau-mandat-3-signature');
  await desk.fill('[name=code]', await authenticator.next());
  await press(desk, path(desk));
  assert.match(path(desk), /\/termine$/, await desk.locator('main').innerText());
  await visit(desk, 'nouveau-mandat-termine');
}

describe('a new mandate in the demo', () => {
  test('renewed from the record, at a desk, with script', async () => {
    const visit = (page, name) => examine(page, `renewal/1280/${name}`);
    const rene = called('René');
    const counter = await device(browser, { base: world.base, width: 1280 });
    const desk = await counter.page();
    await aidantSignsIn(desk, nadia);
    await desk.locator(`main a.title:text-is("${rene.name}")`).first().click();
    const record = path(desk);
    await visit(desk, 'fiche-bientot-finie');
    await desk.locator(`a[href="${record}/renouveler"]`).first().click();
    await visit(desk, 'nouveau-mandat-1-personne');
    const draft = await reads(desk, visit);
    await signs(desk, world.base, rene.phone, {}, visit);
    await takesBack(desk, nadia.authenticator);
    await countersigns(desk, draft, nadia.authenticator, visit);
    await desk.goto(record);
    await visit(desk, 'fiche-renouvelee');
    const older = await desk.request.get(await desk.locator(`a[href^="${record}/mandat/"]`).first().getAttribute('href'));
    assert.ok((await older.body()).subarray(0, 5).equals(Buffer.from('%PDF-')), 'the one before is read');

    const room = await device(browser, { base: world.base, width: 1280 });
    const page = await room.page();
    await personSignsIn(page, rene.address, rene.password);
    await page.goto('/aide/qui-m-a-aide');
    await visit(page, 'qui-m-a-aide');
    assert.match(await page.locator('main').innerText(), /a renouvelé votre mandat/);
    await counter.close();
    await room.close();
  });

  test('by who says which account is theirs, on a phone, without script', async () => {
    const visit = (page, name) => examine(page, `renewal/360/${name}`);
    const yvette = called('Yvette');
    const counter = await device(browser, { base: world.base, width: 360, js: 'off' });
    const desk = await counter.page();
    await aidantSignsIn(desk, helene);
    await desk.goto('/aidant/nouveau-compte/personne');
    await desk.locator('a[href="/aidant/nouveau-compte/adresse-connue"]').click();
    await visit(desk, 'deja-une-adresse');
    await press(desk, '/aidant/nouveau-compte/adresse-connue');
    await visit(desk, 'ecran-adresse');
    await desk.fill('[name=login]', 'personne@exemple.fr');
    await press(desk, '/signer/adresse');
    assert.equal(path(desk), '/signer/adresse/code', 'nobody is told that it is unknown');
    const unknown = await desk.locator('main').innerText();
    await desk.goto('/signer/adresse');
    await desk.fill('[name=login]', yvette.phone);
    const code = await codeOf(world.base, yvette.phone, () => press(desk, '/signer/adresse'));
    assert.equal(await desk.locator('main').innerText(), unknown);
    await visit(desk, 'ecran-adresse-code');
    await desk.goto('/signer/adresse/feuille');
    await visit(desk, 'ecran-adresse-feuille');
    await desk.goto('/signer/adresse/code');
    await desk.fill('[name=code]', code);
    await press(desk, '/signer/adresse/code');
    assert.equal(path(desk), '/signer/termine', await desk.locator('main').innerText());
    await visit(desk, 'ecran-c-est-vous');
    await takesBack(desk, helene.authenticator);
    assert.match(path(desk), /\/personne$/);
    await visit(desk, 'nouveau-mandat-1-personne');
    const draft = await reads(desk, visit);
    await signs(desk, world.base, yvette.phone, { drawn: false }, visit);
    await takesBack(desk, helene.authenticator);
    await countersigns(desk, draft, helene.authenticator, visit);
    assert.match(await desk.locator('main').innerText(), /72 heures/, 'a spoken yes waits for its print');
    await counter.close();
  });
});
