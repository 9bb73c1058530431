// What every page owes: nothing for axe to find, no sideways scroll, no small text, targets a thumb can hit.
//
// `look(page)` gives the list of what is wrong; `examine(page, name)` also keeps a picture and fails on any.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';

/** The pictures of a run, to be looked at by a person. */
export const OUT = process.env.MAINCOURANTE_E2E_OUT ?? join(import.meta.dirname, '../../../target/e2e');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const RULES = { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } };

/** What axe finds, one line each, with every `details` open. The page must be allowed to run scripts. */
export async function violations(page) {
  await open(page);
  // Evaluated by the browser's own tools: the site's policy forbids any script but its own.
  await page.evaluate(`${axe.source};0`);
  const found = await page.evaluate((options) => window.axe.run(document, options), {
    runOnly: { type: 'tag', values: TAGS },
    rules: RULES,
    resultTypes: ['violations'],
  });
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}

/** Opens every `details`, as a person would who reads everything. */
export async function open(page) {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
}

/** How far the page is wider than its window, in pixels. */
export function overflow(page) {
  return page.evaluate(() => {
    const root = document.scrollingElement;
    return Math.max(0, root.scrollWidth - root.clientWidth);
  });
}

/** Texts smaller than the size the person chose. */
export function smallTexts(page) {
  return page.evaluate(() => {
    const size = (element) => Number.parseFloat(getComputedStyle(element).fontSize);
    const least = size(document.documentElement);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const small = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const owner = node.parentElement;
      const seen = node.data.trim() && owner.checkVisibility() && !owner.closest('svg, script, style, noscript, template');
      if (seen && size(owner) < least - 0.01) small.push(`«${node.data.trim().slice(0, 40)}» ${size(owner)} px < ${least} px`);
    }
    return small;
  });
}

/** Targets under 48 px, unless the row or the label that carries them is large enough. Links within a sentence are text. */
export function smallTargets(page, least = 48) {
  return page.evaluate((least) => {
    const tall = (element) => element && element.getBoundingClientRect().height >= least - 0.5;
    const words = (element) => (element.innerText || element.getAttribute('aria-label') || element.name || element.tagName).trim().slice(0, 40);
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
      .filter((element) => element.checkVisibility() && !element.closest('.skip, .heard'))
      .filter((element) => !(element.matches('a') && getComputedStyle(element).display === 'inline' && element.closest('p, li, dd, td, span')))
      .filter((element) => !tall(element) && !tall(element.closest('label')) && !tall(element.closest('li')) && !tall(element.closest('.choice')))
      .map((element) => `${words(element)}: ${Math.round(element.getBoundingClientRect().height)} px`);
  }, least);
}

/** Writes at 36 px, as a person does who enlarges everything to 200 %. */
export async function enlarge(page, pixels = 36) {
  await page.evaluate((pixels) => {
    document.documentElement.style.fontSize = `${pixels}px`;
  }, pixels);
}

/** Everything that is wrong with the page, one line each. */
export async function look(page) {
  const wrong = await violations(page);
  const wide = await overflow(page);
  if (wide > 0) wrong.push(`the page is ${wide} px wider than its window`);
  return [...wrong, ...(await smallTexts(page)).map((text) => `small text: ${text}`), ...(await smallTargets(page)).map((target) => `small target: ${target}`)];
}

/** Keeps a picture of the whole page under this name. */
export async function picture(page, name) {
  const file = join(OUT, `${name}.png`);
  await mkdir(join(file, '..'), { recursive: true });
  await page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
  return file;
}

/** A picture, then nothing wrong. */
export async function examine(page, name) {
  await picture(page, name);
  assert.deepEqual(await look(page), [], `${name} (${page.url()})`);
}
