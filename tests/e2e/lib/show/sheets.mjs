// Contact sheets: every picture beside its neighbours, tall pages in columns, so that a person can look at all of them; and one page that
// leads to each.

import { open, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OUT, WAYS } from '../look.mjs';

/** How a sheet is laid out, in pixels: pictures of a phone are cut in columns of `tall`, at most `most` of them; so are those of a desk. */
const SHEETS = {
  phone: { width: 300, tall: 780, most: 5, places: 12, across: 6 },
  desk: { width: 600, tall: 640, most: 2, places: 6, across: 3 },
};

/** How much of the foot of a page is drawn, in its own pixels. */
const FOOT = 70;

const STYLE = `body{margin:12px;font:15px sans-serif;background:#999;color:#000}
main{display:flex;flex-wrap:wrap;gap:12px}figure{margin:0;background:#fff;padding:6px}
figcaption{font-weight:bold;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}.bad{background:#fcc}
.columns{display:flex;gap:6px}.columns div{background-repeat:no-repeat}table{background:#fff;border-collapse:collapse}td,th{border:1px solid #999;padding:4px;text-align:start;vertical-align:top}`;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Width and height of a PNG, from its head. */
async function size(file) {
  const handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(24), 0, 24, 0);
  await handle.close();
  return { width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20) };
}

async function figure(one, way) {
  const { width, tall, most } = SHEETS[way];
  const { width: real, height } = await size(one.pictures[way]);
  const drawn = Math.round((height * width) / real);
  // The foot is the same everywhere: enough of it is kept to see where the page ends.
  const kept = Math.min(height, one.ends[way] * (real / WAYS[way].width) + FOOT) * (width / real);
  const columns = Math.min(most, Math.ceil(kept / tall));
  const column = (at) => `<div style="width:${width}px;height:${columns > 1 ? tall : Math.round(Math.min(kept, tall))}px;background-image:url('${pathToFileURL(one.pictures[way])}');background-size:${width}px ${drawn}px;background-position:0 -${at * tall}px"></div>`;
  const caption = `${one.door} · ${one.state} · ${one.who}`;
  const html = `<figure${one.faults.length > 0 ? ' class="bad"' : ''}><figcaption style="width:${columns * (width + 6) - 6}px">${escaped(caption)}</figcaption><div class="columns">${[...Array(columns).keys()].map(column).join('')}</div></figure>`;
  return { html, columns };
}

/** Pictures put together until a sheet is full. */
async function together(seen, way) {
  const { places, across } = SHEETS[way];
  const sheets = [[]];
  let taken = 0;
  for (const one of seen) {
    const { html, columns } = await figure(one, way);
    // A figure that does not fit at the end of its line begins the next one.
    if ((taken % across) + columns > across) taken += across - (taken % across);
    if (taken + columns > places) {
      sheets.push([]);
      taken = 0;
    }
    sheets.at(-1).push(html);
    taken += columns;
  }
  return sheets.filter((sheet) => sheet.length > 0);
}

/** Draws the sheets, and the page that leads to every picture; gives the files. */
export async function draws(browser, seen) {
  const shown = seen.filter((one) => one.pictures.phone && one.pictures.desk);
  const files = [];
  for (const way of Object.keys(SHEETS)) {
    const { width, across } = SHEETS[way];
    const page = await browser.newPage({ viewport: { width: across * (width + 24) + 24, height: 900 } });
    for (const [at, figures] of (await together(shown, way)).entries()) {
      const html = join(OUT, `sheet-${way}-${String(at + 1).padStart(2, '0')}.html`);
      await writeFile(html, `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><main>${figures.join('')}</main>`);
      await page.goto(pathToFileURL(html).href);
      files.push(html.replace(/html$/, 'png'));
      await page.screenshot({ path: files.at(-1), fullPage: true });
    }
    await page.close();
  }
  await writeFile(join(OUT, 'index.html'), index(shown));
  return files;
}

function index(seen) {
  const image = (one, way, width) => one.pictures[way] && `<a href="${relative(OUT, one.pictures[way])}"><img src="${relative(OUT, one.pictures[way])}" width="${width}" loading="lazy" alt="${escaped(`${one.door}, ${one.state}, ${way}`)}"></a>`;
  const rows = seen.map((one) => `<tr><td><b>${escaped(one.door)}</b><br>${escaped(one.state)}<br>${escaped(one.who)}${one.faults.map((fault) => `<p>${escaped(fault)}</p>`).join('')}</td><td>${image(one, 'phone', 200)}</td><td>${image(one, 'desk', 400)}</td><td>${image(one, 'without-script', 200) ?? ''}</td></tr>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Every state of every page</title><style>${STYLE}</style><table><tr><th>page, state, who</th><th>phone</th><th>desk</th><th>without script</th></tr>${rows.join('\n')}</table></html>`;
}
