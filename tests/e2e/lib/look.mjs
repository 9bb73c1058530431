// What every page owes: nothing for axe to find, no sideways scroll, no small text, targets a thumb can hit.
//
// `look(page)` gives the list of what is wrong; `examine(page, name)` also keeps a picture and fails on any;
// `examineAll(page, name)` does so in every way the page can be shown, at one visit: what was typed stays.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import axe from 'axe-core';
import { awake } from './browser.mjs';

/** The pictures of a run, to be looked at by a person. */
export const OUT = process.env.MAINCOURANTE_E2E_OUT ?? join(import.meta.dirname, '../../../target/e2e');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const RULES = { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } };

/**
 * The ways a page is shown. A width in CSS pixels, and what a person chose of the text and of the colours: the words that the
 * server writes on `<html>` from their cookie. `letters` is a size that the browser imposes; `device` what the device prefers.
 */
export const WAYS = {
  phone: { width: 390 },
  desk: { width: 1280 },
  dark: { width: 1280, colours: 'dark' },
  contrast: { width: 1280, colours: 'contrast' },
  'device-dark': { width: 390, device: 'dark' },
  'narrow-largest': { width: 320, size: '3' },
  'narrow-200': { width: 320, letters: 36 },
};

/** What axe finds, one line each, with every `details` open. */
export async function violations(page) {
  await open(page);
  // Evaluated by the browser's own tools: the site's policy forbids any script but its own.
  await page.evaluate(`window.axe || (() => { ${axe.source} })();0`);
  const options = { runOnly: { type: 'tag', values: TAGS }, rules: RULES, resultTypes: ['violations'] };
  const found = await awake(page, () => page.evaluate((options) => window.axe.run(document, options), options));
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

/** Targets under 48 px, either way, unless the row or the label that carries them is large enough. Links within a sentence are text. */
export function smallTargets(page, least = 48) {
  return page.evaluate((least) => {
    const side = (element, which) => (element ? element.getBoundingClientRect()[which] : 0);
    const large = (element) => side(element, 'height') >= least - 0.5 && side(element, 'width') >= least - 0.5;
    const words = (element) => (element.innerText || element.getAttribute('aria-label') || element.name || element.tagName).trim().slice(0, 40);
    const inWords = (element) => element.matches('a') && getComputedStyle(element).display === 'inline' && element.closest('p, li, dd, td, span');
    // The link of a row is drawn over the whole of it.
    const row = (element) => (element.matches('a.title') ? element.closest('.rows > li') : undefined);
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
      .filter((element) => element.checkVisibility() && !element.closest('.skip, .heard') && !inWords(element))
      .filter((element) => ![element, element.closest('label'), row(element), element.closest('.choice')].some(large))
      .map((element) => `${words(element)}: ${Math.round(side(element, 'width'))} × ${Math.round(side(element, 'height'))} px`);
  }, least);
}

/** Shows the page in this way; gives what puts it back. */
export async function shown(page, { width, size, colours, letters, device }) {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: width < 600 ? 740 : 900 });
  await page.emulateMedia({ colorScheme: device ?? null });
  const were = await page.evaluate(({ size, colours, letters }) => {
    const { dataset, style } = document.documentElement;
    const were = { size: dataset.size, colours: dataset.colours };
    if (size) dataset.size = size;
    if (colours) dataset.colours = colours;
    if (letters) style.fontSize = `${letters}px`;
    return were;
  }, { size, colours, letters });
  return async () => {
    await page.evaluate((were) => {
      const { dataset, style } = document.documentElement;
      for (const [name, was] of [['size', were.size], ['colours', were.colours]]) was ? (dataset[name] = was) : delete dataset[name];
      style.fontSize = '';
    }, were);
    await page.emulateMedia({ colorScheme: null });
    await page.setViewportSize(before);
  };
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

/** Keeps a PDF under this name, and a picture of each of its pages. */
export async function pages(pdf, name) {
  const file = join(OUT, name);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(`${file}.pdf`, pdf);
  await promisify(execFile)('pdftoppm', ['-r', '90', '-png', `${file}.pdf`, file]);
}

/** Keeps what a printer would get of the page. */
export async function printed(page, name) {
  await pages(await page.pdf({ format: 'A4', preferCSSPageSize: true }), `${name}-imprime`);
}

/** A picture, then nothing wrong. */
export async function examine(page, name) {
  await picture(page, name);
  assert.deepEqual(await look(page), [], `${name} (${page.url()})`);
}

/** Everything that is wrong with the page in any of `WAYS`, one line each. It is left as it was found. */
export async function lookAll(page) {
  const folded = await page.evaluate(() => [...document.querySelectorAll('details')].map((details) => details.open));
  const wrong = [];
  for (const [way, how] of Object.entries(WAYS)) {
    const back = await shown(page, how);
    wrong.push(...(await look(page)).map((fault) => `${way}: ${fault}`));
    await back();
  }
  await page.evaluate((folded) => document.querySelectorAll('details').forEach((details, at) => (details.open = folded[at])), folded);
  return wrong;
}

/** A picture; then nothing wrong in this way nor in any of `WAYS`. Every fault of every way is said at once. */
export async function examineAll(page, name) {
  await picture(page, name);
  assert.deepEqual(await lookAll(page), [], `${name} (${page.url()})`);
}
