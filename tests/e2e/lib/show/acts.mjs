// How a state is reached. A step is an address (`/messages`), the words of a link (`› Répondre`), or an act on the page; a way is one
// step or several. An address may name the record of a person: `/aidant/personnes/{Mamadou Sow}`.

import assert from 'node:assert/strict';

const plain = (text) => text.replaceAll(/[\u00a0\u202f\s]+/g, ' ').replaceAll('‑', '-').trim();

/** Goes that way. */
export async function goes(page, way, stage) {
  for (const step of [way].flat()) {
    if (typeof step === 'function') await step(page, stage);
    else if (step.startsWith('› ')) await follows(page, step.slice(2));
    else await opens(page, step);
  }
}

/** A way that begins by an address needs nothing of what came before. */
export const isAlone = (way) => String([way].flat()[0]).startsWith('/');

async function opens(page, address) {
  const named = address.match(/^\/aidant\/personnes\/\{(.+?)\}(.*)$/);
  await page.goto(named ? (await record(page, named[1])) + named[2] : address);
}

/** The record of a person, by the list of those who are helped. */
async function record(page, name) {
  for (let list = '/aidant', turn = 0; list && turn < 30; turn += 1) {
    await page.goto(list);
    const found = await link(page, name, 'a[href^="/aidant/personnes/"]');
    if (found) return found;
    list = await link(page, 'suivant');
  }
  throw new Error(`${name} is not in the list`);
}

/** The address behind the first link that says so, what only a reader of screens hears included. */
async function link(page, words, which = 'a[href]') {
  const all = await page.locator(which).evaluateAll((links) => links.map((one) => [one.getAttribute('href'), one.textContent]));
  return all.find(([href, text]) => !href.startsWith('#') && plain(text).includes(plain(words)))?.[0];
}

async function follows(page, words) {
  const next = await link(page, words);
  assert.ok(next, `no link says “${words}” on ${page.url()}`);
  await page.goto(next);
}

/** Fills fields by their names: a text, what is ticked (a list for boxes), `{ files: [...] }` for what is joined. */
export async function fills(page, form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`${form} [name="${name}"]`);
    const kind = await field.first().evaluate((element) => element.type);
    if (kind === 'radio' || kind === 'checkbox') {
      for (const one of [value].flat()) await page.locator(`${form} [name="${name}"][value="${one}"]`).setChecked(true, { force: true });
    } else if (kind === 'file') await field.setInputFiles(value);
    else if (kind === 'select-one') await field.selectOption(value);
    else await field.fill(value);
  }
}

/** Does this, and waits for the page to which it leads. */
export const answered = (page, act) => Promise.all([page.waitForNavigation(), act()]);

/** Fills the form that posts to what ends so, and presses its button. */
export const posts = (end, fields = {}, button = 'button.main') => async (page, stage) => {
  const form = `main form[action$="${end}"]`;
  const given = typeof fields === 'function' ? await fields(stage, page) : fields;
  await fills(page, form, given);
  await answered(page, () => page.locator(`${form} ${button}`).first().click());
};

/** Presses the button that posts there by itself, wherever it stands. */
export const presses = (selector) => (page) => answered(page, () => page.locator(selector).first().click());

/** Posts the form that goes there by its button, even where the button waits for a script that never came. */
export const sends = (action) => (page) => answered(page, () => page.evaluate((action) => document.querySelector(`main form[action="${action}"]`).submit(), action));
