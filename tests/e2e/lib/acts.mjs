// What people do: each act is the clicks of a person, found by the names of the fields and the addresses of the forms.
//
// `visit(page, name)` is called on every page that is reached, so that one journey also examines every page it crosses.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { totp } from './totp.mjs';

/** An aidant's authenticator: never the same code twice, and the clock is waited for when two acts come too fast. */
export class Authenticator {
  #secret;
  #last = 0;

  constructor(secret) {
    this.#secret = secret;
  }

  /** For who wants codes of another hour. */
  get secret() {
    return this.#secret;
  }

  /** A code that the program has never seen from us. */
  async next() {
    for (;;) {
      const now = Math.floor(Date.now() / 30_000);
      // Read some seconds later, on a busy machine: the oldest that is still good then.
      const oldest = Math.floor((Date.now() + 5000) / 30_000) - 1;
      const step = Math.max(oldest, this.#last + 1);
      if (step <= now + 1) {
        this.#last = step;
        return totp(this.#secret, { now: step * 30_000 });
      }
      await pause((this.#last * 30_000) - Date.now() + 50);
    }
  }
}

/** Ticks a radio or a box, which our own drawing covers. */
export async function choose(page, name, value) {
  await page.locator(`input[name="${name}"][value="${value}"]`).setChecked(true, { force: true });
}

/** Presses the button of the form that posts there. */
export async function press(page, action, button = 'button.main') {
  await Promise.all([page.waitForLoadState('load'), page.locator(`form[action="${action}"] ${button}`).first().click()]);
  await page.waitForLoadState('load');
}

/** The path of the page. */
export function path(page) {
  return new URL(page.url()).pathname;
}

/** Whatever the fictitious phone of this number received, the newest first. */
export async function received(base, number) {
  const html = await (await fetch(`${base}/bac-a-sable/telephone`)).text();
  const digits = number.replaceAll(/\D/g, '');
  return [...html.matchAll(/<li>(.*?)<\/li>/gs)]
    .map(([, item]) => item.replaceAll(/<[^>]*>/g, ' ').replaceAll('&nbsp;', ' '))
    .filter((item) => item.replaceAll(/\D/g, '').startsWith(digits));
}

/** The code that this phone receives once `act` is done. The page shows the last messages of all phones: older ones of this one leave it. */
export async function codeOf(base, number, act) {
  const before = await received(base, number);
  await act();
  const deadline = Date.now() + 15_000;
  for (;;) {
    const all = await received(base, number);
    const isNew = all.length > before.length || all[0] !== before[0];
    const code = isNew && all[0]?.match(/votre code est (\d{6})/)?.[1];
    if (code) return code;
    assert.ok(Date.now() < deadline, `no code reached ${number}`);
    await pause(50);
  }
}

export async function aidantSignsIn(page, { login, password, authenticator }, visit = async () => {}) {
  await page.goto('/aidant/connexion');
  await visit(page, 'aidant-connexion');
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', password);
  await page.fill('[name=code]', await authenticator.next());
  await press(page, '/aidant/connexion');
  if (path(page) === '/aidant/charte') {
    await visit(page, 'aidant-charte');
    await press(page, '/aidant/charte');
  }
  assert.equal(path(page), '/aidant', await page.locator('main').innerText());
  await visit(page, 'aidant-accueil');
}

/** The wizard up to the screen being lent; gives the draft's address. */
export async function prepares(page, person, visit = async () => {}) {
  await page.goto('/aidant/nouveau-compte/personne');
  await visit(page, 'compte-1-personne');
  await press(page, '/aidant/nouveau-compte/personne');
  await visit(page, 'compte-1-personne-erreurs');
  for (const name of ['given_names', 'family_name', 'birth_date', 'birthplace', 'phone']) {
    await page.fill(`[name=${name}]`, person[name] ?? '');
  }
  await choose(page, 'identity_check', 'paper_seen');
  await choose(page, 'protection', 'none');
  await press(page, '/aidant/nouveau-compte/personne');
  assert.match(path(page), /\/adresse$/, await page.locator('main').innerText());
  await visit(page, 'compte-2-adresse');
  const draft = path(page).split('/').at(-2);
  const radio = page.locator('input[name=address]').first();
  const address = await radio.inputValue();
  await radio.setChecked(true, { force: true });
  await press(page, `/aidant/nouveau-compte/${draft}/adresse`);
  assert.match(path(page), /\/mandat$/);
  await visit(page, 'compte-3-mandat');
  await choose(page, 'duration', 'six_months');
  await press(page, `/aidant/nouveau-compte/${draft}/mandat`);
  assert.match(path(page), /\/lecture$/, await page.locator('main').innerText());
  await visit(page, 'compte-4-lecture');
  await press(page, `/aidant/nouveau-compte/${draft}/lecture`);
  assert.match(path(page), /^\/signer/);
  return { draft, address };
}

/** A finger draws on the lent screen. */
export async function draws(page) {
  const box = await page.locator('canvas').boundingBox();
  await page.mouse.move(box.x + 30, box.y + box.height / 2);
  await page.mouse.down();
  for (let i = 1; i <= 40; i += 1) {
    await page.mouse.move(box.x + 30 + i * ((box.width - 60) / 40), box.y + box.height * (0.5 + 0.3 * Math.sin(i / 2)));
  }
  await page.mouse.up();
}

/** The person reads and signs on the lent screen: with a drawing and the code, or with a spoken yes and the code. */
export async function signs(page, base, phone, { drawn = true } = {}, visit = async () => {}) {
  await visit(page, 'ecran-1-mandat');
  const code = await codeOf(base, phone, () => press(page, '/signer/code'));
  await visit(page, 'ecran-2-signature');
  if (drawn) {
    await draws(page);
    await page.fill('[name=code]', code);
    await press(page, '/signer/signature');
  } else {
    await page.locator('a[href="/signer/oui"]').click();
    await visit(page, 'ecran-2-oui');
    await page.fill('[name=code]', code);
    await press(page, '/signer/oui', 'button[name=said][value=oui]');
  }
  assert.equal(path(page), '/signer/termine', await page.locator('main').innerText());
  await visit(page, 'ecran-3-signe');
}

/** The aidant takes the lent screen back. */
export async function takesBack(page, authenticator, visit = async () => {}) {
  await page.goto('/aidant');
  assert.equal(path(page), '/aidant/ecran-prete', 'from the aidant’s side there is only the lock page');
  await visit(page, 'ecran-prete');
  await page.fill('[name=code]', await authenticator.next());
  await press(page, '/aidant/ecran-prete');
  assert.notEqual(path(page), '/aidant/ecran-prete', await page.locator('main').innerText());
}

/** The aidant countersigns: the account is open. */
export async function countersigns(page, draft, authenticator, visit = async () => {}) {
  await page.goto(`/aidant/nouveau-compte/${draft}/signature`);
  await visit(page, 'compte-4-signature');
  await page.fill('[name=code]', await authenticator.next());
  await press(page, `/aidant/nouveau-compte/${draft}/signature`);
  assert.match(path(page), /\/mot-de-passe$/, await page.locator('main').innerText());
  await visit(page, 'compte-5-mot-de-passe');
}

/** On the lent screen the person proves their phone and chooses a secret. */
export async function choosesSecret(page, base, phone, secret, visit = async () => {}) {
  await visit(page, 'ecran-4-bonjour');
  const code = await codeOf(base, phone, () => press(page, '/signer/code'));
  await visit(page, 'ecran-5-telephone');
  await page.fill('[name=code]', code);
  await press(page, '/signer/telephone');
  await visit(page, 'ecran-6-mot-de-passe');
  await page.fill('[name=password]', 'azerty');
  await press(page, '/signer/mot-de-passe');
  assert.equal(path(page), '/signer/mot-de-passe', 'a weak secret is refused');
  await visit(page, 'ecran-6-mot-de-passe-faible');
  await page.fill('[name=password]', secret);
  await press(page, '/signer/mot-de-passe');
  assert.equal(path(page), '/signer/termine', await page.locator('main').innerText());
  await visit(page, 'ecran-7-choisi');
}

export async function personSignsIn(page, login, password, visit = async () => {}) {
  await page.goto('/connexion');
  await visit(page, 'connexion');
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', password);
  await press(page, '/connexion');
}

/** A person who lost their secret comes back alone. */
export async function comesBackAlone(page, base, login, phone, secret, visit = async () => {}) {
  await page.goto('/mot-de-passe-oublie');
  await visit(page, 'oublie-1');
  await page.fill('[name=login]', login);
  const code = await codeOf(base, phone, () => press(page, '/mot-de-passe-oublie'));
  assert.equal(path(page), '/mot-de-passe-oublie/code', await page.locator('main').innerText());
  await visit(page, 'oublie-2-code');
  await page.fill('[name=code]', code);
  await press(page, '/mot-de-passe-oublie/code');
  assert.equal(path(page), '/mot-de-passe-oublie/nouveau', await page.locator('main').innerText());
  await visit(page, 'oublie-3-nouveau');
  await page.fill('[name=password]', secret);
  await press(page, '/mot-de-passe-oublie/nouveau');
  assert.equal(path(page), '/connexion', await page.locator('main').innerText());
  assert.equal(await page.inputValue('[name=login]'), login.includes('@') ? login : await page.inputValue('[name=login]'), 'the address is filled in');
  await visit(page, 'connexion-apres-oubli');
}

/** The person reads who helped them, and ends the mandate: all of it, not one power. */
export async function endsHelp(page, visit = async () => {}) {
  await page.goto('/aide/qui-m-a-aide');
  await visit(page, 'qui-m-a-aide');
  await page.goto(await page.locator('a.button.grave[href^="/aide/arreter/"]').first().getAttribute('href'));
  await visit(page, 'arreter');
  await press(page, path(page), 'button.grave');
  await visit(page, 'arrete');
}

/** Opens the inbox, then the letter of this subject; gives its words. */
export async function opensLetter(page, subject, visit = async () => {}) {
  await page.goto('/messages');
  await visit(page, 'messages');
  await page.locator('a.title', { hasText: subject }).first().click();
  await page.waitForLoadState('load');
  await visit(page, 'lire');
  return page.locator('#letter').innerText();
}

/** Answers the letter that is open. */
export async function answers(page, text, visit = async () => {}) {
  await page.locator('a.button.main').click();
  await page.waitForLoadState('load');
  await visit(page, 'repondre');
  await page.fill('[name=text]', text);
  await press(page, '/messages/ecrire');
  assert.notEqual(path(page), '/messages/ecrire', await page.locator('main').innerText());
  await visit(page, 'repondu');
}

/** Writes a new letter. */
export async function writes(page, { to, subject, text }, visit = async () => {}) {
  await page.goto('/messages/ecrire');
  await visit(page, 'ecrire');
  await press(page, '/messages/ecrire');
  assert.equal(path(page), '/messages/ecrire', 'nobody is written to');
  await visit(page, 'ecrire-erreurs');
  await page.fill('[name=to]', to);
  await page.fill('[name=subject]', subject);
  await page.fill('[name=text]', text);
  await press(page, '/messages/ecrire');
  assert.notEqual(path(page), '/messages/ecrire', await page.locator('main').innerText());
}
