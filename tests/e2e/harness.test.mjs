// The harness is tried on pages made to be wrong: a check that cannot fail proves nothing.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { device, launch, WIDTHS } from './lib/browser.mjs';
import { POSTS } from './lib/hands/doors.mjs';
import { examineAll, look, lookAll, overflow, picture } from './lib/look.mjs';
import { doors } from './lib/show/doors.mjs';
import { DESIGN, owed } from './lib/show/rules.mjs';
import { readsAgain } from './lib/show/scriptless.mjs';
import { holds } from './lib/show/stage.mjs';
import { bring, departed, stack } from './lib/stack.mjs';
import { totp, secretOf } from './lib/totp.mjs';
import { until } from './lib/program.mjs';

const frame = (body, head = '') =>
  `<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Essai</title>
   <link rel="icon" href="data:,"><style>html{font-size:18px}body{background:#fff;color:#000}</style>${head}</head>
   <body><main><h1>Essai</h1>${body}</main></body></html>`;

const PAGES = {
  '/good': frame('<p>Rien à redire.</p>'),
  '/hidden': frame('<details><summary style="min-height:48px">Plus</summary><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></details>'),
  '/wide': frame('<div style="width:2000px">Trop large</div>'),
  '/small': frame('<p style="font-size:12px">Trop petit</p><button style="height:30px">Petit</button>'),
  '/pale': frame('<p style="color:#666">Trop pâle pour AAA</p>'),
  '/narrow': frame('<a href="/good" style="display:block;width:40px;height:60px">Fin</a>'),
  // Each is wrong in one way of being shown, and in that one only.
  '/pale-when-dark': frame('<p>Pâle</p>', '<style>[data-colours=dark] p{color:#999}</style>'),
  '/pale-when-contrasted': frame('<p>Pâle</p>', '<style>[data-colours=contrast] p{color:#999}</style>'),
  '/pale-on-a-dark-device': frame('<p>Pâle</p>', '<style>@media (prefers-color-scheme: dark){p{color:#999}}</style>'),
  '/wide-at-390': frame('<p style="white-space:nowrap">Sur une ligne</p>', '<style>@media (width: 390px){p{width:500px}}</style>'),
  '/wide-at-1280': frame('<p>Large</p>', '<style>@media (width: 1280px){p{width:2000px}}</style>'),
  '/wide-when-largest': frame('<p>Large</p>', '<style>[data-size="3"] p{width:500px}</style>'),
  '/wide-at-200': frame('<p style="width:12rem">Large</p>'),
  '/foreign': frame('<p>Curieux</p>', '<script src="http://elsewhere.test/spy.js"></script>'),
  '/pale-without-script': frame('<p id="said">Pâle</p>', '<style>html:not(.js) p{color:#999}</style><script src="/assets/app.1.js" defer></script>'),
  '/two-rows': frame('<ul class="rows"><li>Lundi</li><li>Mardi</li></ul>'),
  '/one-row': frame('<ul class="rows"><li>Lundi</li><li class="beside">Plus anciens</li></ul><p class="done">C’est\u00a0fait</p>'),
  '/script': frame('<p id="said">sans</p>', '<script src="/assets/app.1.js" defer></script>'),
};

/** What was asked of the server. */
const asked = [];
let server;
let base;
let browser;

before(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url.startsWith('/assets/')) {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end('document.documentElement.classList.add("js"); document.getElementById("said").textContent = "avec"');
      return;
    }
    const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'self' http://elsewhere.test";
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }).end(PAGES[request.url]);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
});

async function seen(path, options = {}) {
  const person = await device(browser, { base, js: 'blocked', ...options });
  const page = await person.page();
  await page.goto(path);
  const wrong = await look(page);
  await person.close();
  return wrong;
}

test('a good page has nothing wrong', async () => {
  assert.deepEqual(await seen('/good'), []);
  assert.deepEqual(await seen('/good', { width: WIDTHS.narrow, size: '3', colours: 'contrast' }), []);
});

test('what is wrong is seen, even inside what is folded', async () => {
  assert.match((await seen('/hidden')).join('\n'), /image-alt/);
  assert.match((await seen('/pale')).join('\n'), /color-contrast-enhanced/);
  const small = (await seen('/small')).join('\n');
  assert.match(small, /small text: «Trop petit» 12 px/);
  assert.match(small, /small target: Petit: \d+ × 30 px/);
  assert.match((await seen('/narrow')).join('\n'), /small target: Fin: 40 × 60 px/);
});

test('a page is looked at in every way it is shown, and is left as it was', async () => {
  const person = await device(browser, { base, width: WIDTHS.phone });
  const page = await person.page();
  for (const [path, way] of [
    ['/pale-when-dark', 'dark'],
    ['/pale-when-contrasted', 'contrast'],
    ['/pale-on-a-dark-device', 'device-dark'],
    ['/wide-at-390', 'phone'],
    ['/wide-at-1280', 'desk'],
    ['/wide-when-largest', 'narrow-largest'],
    ['/wide-at-200', 'narrow-200'],
  ]) {
    await page.goto(path);
    await assert.rejects(examineAll(page, 'harness/ways'), ({ message }) => {
      assert.match(message, new RegExp(`'${way}: `), path);
      return true;
    });
  }
  await page.goto('/good');
  const was = await page.evaluate(() => document.documentElement.outerHTML);
  await examineAll(page, 'harness/ways');
  assert.equal(page.viewportSize().width, WIDTHS.phone);
  assert.equal((await page.evaluate(() => document.documentElement.outerHTML)).replace(' style=""', ''), was);
  await person.close();
});

test('a browser that runs no script is looked at too', async () => {
  assert.deepEqual(await seen('/good', { js: 'off' }), []);
  assert.match((await seen('/pale', { js: 'off' })).join('\n'), /color-contrast-enhanced/);
});

test('what a form was answered is looked at where its script never arrives', async () => {
  const person = await device(browser, { base });
  const page = await person.page();
  const withoutScript = readsAgain(page);
  await page.goto('/good');
  await assert.rejects(withoutScript('harness/without-script'), /asked for no script/);
  await page.evaluate(() => {
    const form = document.body.appendChild(document.createElement('form'));
    Object.assign(form, { method: 'post', action: '/pale-without-script' });
  });
  await Promise.all([page.waitForNavigation(), page.evaluate(() => document.forms[0].submit())]);
  assert.deepEqual(await lookAll(page), []);
  asked.length = 0;
  assert.match((await withoutScript('harness/without-script')).faults.join('\n'), /^without-script: color-contrast/);
  assert.deepEqual(asked, [], 'nothing is posted twice');
  await person.close();
});

test('what was not shown of the pages is missed', async () => {
  const all = await doors();
  const pages = all.filter(({ isPage }) => isPage).map(({ door }) => door);
  const one = (door, state, more) => ({ door, state, names: [], rows: 0, posted: [], asking: [], pictures: { desk: 'x' }, ...more });
  const answered = (door, status, to = '') => one('/compte', `a form, ${status} ${to}`, { posted: [{ door, status, to }] });
  const shown = [
    ...pages.flatMap((door) => ['empty', 'one', 'many', 'long name'].map((state) => one(door, state))),
    ...POSTS.flatMap((door) => [answered(door, 303, '/'), answered(door, 422)]),
    // Their names are plain words, of which the rule says the beginning or the whole.
    ...Object.values(DESIGN).flatMap(([door, name, why]) => (why ? [] : [one(door, name.source.replaceAll(/[\^$]/g, ''))])),
  ];
  const misses = (seen, sentence) => assert.ok(owed(seen, all).some((said) => said.startsWith(sentence)), `${sentence}: ${owed(seen, all).join('\n')}`);
  const without = (door, state) => shown.filter((each) => each.door !== door || (state && each.state !== state));
  const clean = owed(shown, all);
  assert.ok(clean.every((said) => /is excused/.test(said)), clean.join('\n'));
  misses(without('/signer/termine'), '/signer/termine: no state of it is declared');
  misses(without('/messages', 'long name'), '/messages: no state of it has a long name');
  for (const state of ['empty', 'one', 'many']) misses(without('/messages', state), `/messages: it is a list, and no state of it is “${state}”`);
  misses([...shown, one('/connexion', 'first', { names: ['Josette Lambert'] })], '/connexion: it is listed as naming nobody');
  misses([...shown, one('/compte', 'first', { rows: 30 })], '/compte: it has many rows, and is not listed');
  const unposted = shown.filter(({ posted }) => posted[0]?.door !== '/connexion');
  misses([...unposted, answered('/connexion', 303, '/messages'), answered('/connexion', 404)], 'POST /connexion: it was never shown refused');
  misses([...unposted, answered('/connexion', 422), answered('/connexion', 303, '/connexion?fin=MC-0000-00')], 'POST /connexion: it was never shown done');
  const unasked = shown.filter(({ posted }) => posted[0]?.door !== '/structure/journal/raison/{id}');
  misses([...unasked, answered('/structure/journal/raison/{id}', 303, '/structure/journal')], 'POST /structure/journal/raison/{id}: it was never shown refused');
  const saidNo = owed([...unasked, answered('/structure/journal/raison/{id}', 303, '/structure/journal'), answered('/structure/journal/raison/{id}', 403)], all).join('\n');
  assert.doesNotMatch(saidNo, /raison/, 'a page of its own says no');
  misses([...unposted, answered('/connexion', 303, '/messages'), answered('/connexion', 403)], 'POST /connexion: it was never shown refused');
  for (const [what, [door, name, why]] of Object.entries(DESIGN)) {
    if (why) misses([...shown, one(door, name.source.split('|')[0])], `${door}: “${what}” is excused`);
    else misses(shown.filter((each) => each.door !== door || !name.test(each.state)), `${door}: the design has “${what}”, and no state of it is`);
  }
  misses([...shown, one('/aidant/charte', 'first', { asking: ['/aidant/charte'] })], 'POST /aidant/charte: it is listed as only a button, and something');
  misses([...shown, one('/signer', 'first')], '/signer: it is listed as no page, and a page of it was shown');
  const other = (door, answers) => owed(shown, all.map((each) => (each.door === door ? { ...each, answers } : each))).join('\n');
  assert.match(other('/sante', ['page']), /\/sante: it is listed as giving “file”, and answers “page”\n.*to nobody/);
  assert.match(owed(shown, all.filter(({ door }) => door !== '/sante')).join('\n'), /\/sante: it is listed as no page, and no such door exists/);
  assert.match(owed(shown, all.filter(({ door }) => door !== '/aide')).join('\n'), /\/aide: a rule speaks of it, and no such page exists/);
});

test('a state is what its name promises', async () => {
  const person = await device(browser, { base });
  const page = await person.page();
  const is = async (path, state, more) => {
    await page.goto(path);
    return holds(page, { state, ...more });
  };
  assert.equal(await is('/one-row', 'one, long name'), 1, 'what leads to another page is no row');
  await assert.rejects(is('/two-rows', 'one'), /2 × .* instead of 1:/);
  await assert.rejects(is('/good', 'one'), /0 × .* instead of 1:/);
  await assert.rejects(is('/one-row', 'empty'), /1 × .* instead of 0:/);
  assert.equal(await is('/good', 'empty'), 0);
  await assert.rejects(is('/two-rows', 'many'), /2 rows on all pages instead of 300/);
  assert.equal(await is('/two-rows', 'many', { limit: [2, 'there are no more days'] }), 2);
  await is('/one-row', 'done, written', { says: /C’est fait/ });
  await assert.rejects(is('/two-rows', 'done, written'), /0 × .* instead of 1 or more/);
  await assert.rejects(is('/good', 'error, nothing typed'), /0 × .* instead of 1 or more/);
  await assert.rejects(is('/good', 'first', { says: /C’est fait/ }), /Rien à redire/);
  await person.close();
});

test('a page wider than its window is seen', async () => {
  const person = await device(browser, { base, width: WIDTHS.phone });
  const page = await person.page();
  await page.goto('/wide');
  assert.ok((await overflow(page)) > 1000);
  await person.close();
});

test('a request to another host fails whoever made it', async () => {
  const person = await device(browser, { base });
  await (await person.page()).goto('/foreign');
  await assert.rejects(person.close(), /another host/);
});

test('scripts run, are blocked, or are off', async () => {
  for (const [js, said] of [['on', 'avec'], ['blocked', 'sans'], ['off', 'sans']]) {
    const person = await device(browser, { base, js });
    const page = await person.page();
    await page.goto('/script');
    assert.equal(await page.textContent('#said'), said, js);
    await picture(page, `harness/script-${js}`);
    await person.close();
  }
});

test('what comes over the wire is counted', async () => {
  const person = await device(browser, { base });
  const { page, wire } = await person.weighed();
  await page.goto('/script', { waitUntil: 'networkidle' });
  assert.equal(wire.requests, 2);
  assert.ok(wire.bytes > 400 && wire.bytes < 2000, String(wire.bytes));
  await person.close();
});

test('codes are those of RFC 6238', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  assert.equal(totp(secret, { now: 59_000 }), '287082');
  assert.equal(totp(secret, { now: 1_111_111_109_000 }), '081804');
  assert.equal(secretOf(`otpauth://totp/x?secret=${secret}&issuer=y`), secret);
});

test('a stack takes a letter in and lets one out', async () => {
  const peers = await stack({ people: ['alice', 'bob'] });
  try {
    const letter = 'From: dehors@ailleurs.test\nTo: bob@courrier.test\nSubject: essai\n\n.Bonjour\n';
    assert.match(await bring(peers, { from: 'dehors@ailleurs.test', to: 'bob@courrier.test', letter }), /^250/);
    assert.match(await bring(peers, { from: 'dehors@ailleurs.test', to: 'personne@courrier.test', letter }), /^550/);
    // What postmaster receives goes to the person who runs the service: outside, in tests.
    assert.match(await bring(peers, { from: 'dehors@ailleurs.test', to: 'postmaster@courrier.test', letter }), /^250/);
    const [left] = await until('the letter outside', async () => {
      const letters = await departed(peers);
      return letters.length > 0 && letters;
    });
    assert.match(left, /Subject: essai/);
  } finally {
    await peers.stop();
  }
});

test('a kind without a state is seen', async () => {
  const [{ readFile }, { ALERT, BRANCHES, FAMILIES, HOME, LEND, unshownKinds }] = await Promise.all([import('node:fs/promises'), import('./lib/show/kinds.mjs')]);
  const read = (file) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');
  const shown = (door, ...states) => states.map((state) => ({ door, state, pictures: { desk: 'desk.png' } }));
  const all = [
    ...shown(ALERT, 'alert, Reported, long name', 'alert, PhoneThenAccess', 'alert, SharedNumber', 'alert, ManyAccesses', 'alert, ManyRecords', 'alert, OddHours', 'alert closed, Normal', 'alert closed, Handled'),
    ...shown(ALERT, 'alert without words, Reported', 'alert about whoever reads, ManyRecords', 'many, long name'),
    ...shown(LEND, 'lending, NoPhone', 'refusal, NotGranted', 'refusal, Revoked', 'refusal, Expired', 'refusal, Stopped', 'refusal, Suspended', 'refusal, Provisional', 'over, RenouncedByStructure', 'over, EndedDeath', 'over, EndedProtection'),
    ...shown(HOME, 'no structure, NoTeam', 'no structure, Suspended', 'another structure, Suspended', 'no structure, Left'),
  ];
  assert.deepEqual(await unshownKinds(all, read), []);

  // Whatever is not shown any more is told, and so is what was shown without a picture.
  for (const { state } of all) assert.ok((await unshownKinds(all.filter((one) => one.state !== state), read)).length > 0, state);
  assert.equal((await unshownKinds(all.map((one) => ({ ...one, pictures: {} })), read)).length > all.length - 2, true);
  // A name that begins as another is not the other; another page is not this one.
  assert.match((await unshownKinds([...all.filter(({ state }) => state !== 'alert, ManyRecords'), ...shown(ALERT, 'alert, ManyRecordsOnce'), ...shown(HOME, 'alert, ManyRecords')], read)).join('\n'), /alert, ManyRecords: .*no state[^]*ManyRecordsOnce: it is shown or excused, and/);

  // One more kind in each source, one more branch in each template, and nothing left of either.
  const told = async (file, change) => (await unshownKinds(all, async (one) => (one === file ? change(await read(one)) : read(one)))).join('\n');
  for (const [family, { file }] of Object.entries(FAMILIES)) {
    const more = await told(file, (text) => text.replaceAll(/(enum (?:Rule|Verdict|Lending|Refusal|Reason) \{)/g, '$1\n    /// One more.\n    OneMore,').replace('State::Renewed', 'State::OneMore\n        | State::Renewed'));
    assert.ok(more.includes(`${family}, OneMore: ${file} has it`), more);
    assert.ok((await told(file, () => '')).includes(`${family}: no kind was read`), family);
  }
  for (const file of Object.keys(BRANCHES)) {
    assert.match(await told(file, (text) => `${text}{% if one.more %}{% endif %}`), /“one\.more” has no state/);
    assert.match(await told(file, () => ''), /and it is not there/);
  }
  // What is excused holds no more once it is shown.
  assert.match((await unshownKinds([...all, ...shown(LEND, 'over, Renewed')], read)).join('\n'), /over, Renewed: it is excused .*, and is shown/);
});
