// What a person does about who helps them; and how they come back alone when their password is lost.

import assert from 'node:assert/strict';
import { codeOf } from '../acts.mjs';
import { founds, held } from './hands.mjs';

/** What was done in one's name is reported, a reason is asked, help is stopped by half, then whole; the référent reads all that again. */
export async function watched(town, { mark, phones, place }) {
  const own = await founds(town, place());
  const account = await own.opensAccount({ given_names: 'Berthe', family_name: `Regarde ${mark}`, birth_date: '02/02/1941', phone: phones.next() });
  const home = await own.atHome(account);
  const line = (await home.get('/aide/qui-m-a-aide')).html.match(/\/aide\/signaler\/([^"?]+)"/)?.[1];
  assert.ok(line, 'a line can be reported');
  await town.passes(home, `/aide/signaler/${line}`, `/aide/signaler/${line}`, { words: 'Je ne me souviens pas.' });
  await home.get(`/aide/signaler/${line}`);
  const revoke = (await home.get('/aide/qui-m-a-aide')).html.match(/\/aide\/arreter\/[0-9a-f-]{36}\/[a-z_]+/)[0];
  await town.passes(home, revoke, revoke);
  const stop = (await home.get('/aide/qui-m-a-aide')).html.match(/\/aide\/arreter\/[0-9a-f-]{36}/)[0];
  await town.passes(home, stop, stop);

  const who = await own.enrols('Hélène Vasseur', 'referent');
  const desk = await own.atWork(who);
  await reasons(town, desk, own, account);
  const log = await desk.get('/structure/journal');
  const alert = log.html.match(/\/structure\/alertes\/[0-9a-f-]{36}/)?.[0];
  assert.ok(alert, 'what is reported is told to the référent');
  await town.passes(desk, alert, alert, { verdict: 'normal', note: 'J’ai appelé Mme Regarde.' });
  await readAgain(town, desk);
  for (const path of ['/structure/journal/tableau', '/structure/journal/fichier']) {
    const file = await town.submit(desk, '/structure/journal', path);
    assert.equal(file.status, 200, file.words.slice(0, 300));
  }
}

async function reasons(town, desk, own, { desk: theirs, who }) {
  const ask = (await desk.get('/structure/journal')).html.match(/\/structure\/journal\/raison\/[0-9a-f-]{36}/)[0];
  await town.passes(desk, ask, ask);
  await own.takesBack(theirs, who);
  const question = (await theirs.get('/aidant')).html.match(/\/aidant\/raisons\/[0-9a-f-]{36}/)[0];
  await town.passes(theirs, question, question, { words: 'Une visite à domicile.' });
}

/** Lines are signed on the page that shows their oldest. */
async function readAgain(town, desk) {
  let page = '/structure/journal';
  let seen = await desk.get(page);
  for (let older; held(seen.html, 'first') === undefined && (older = seen.html.match(/href="(\/structure\/journal\?[^"]*avant=[^"]*)"/)?.[1]); ) {
    page = older.replaceAll('&amp;', '&').replaceAll('&#38;', '&');
    seen = await desk.get(page);
  }
  assert.ok(held(seen.html, 'first'), `there are lines to sign: ${seen.words.slice(-600)}`);
  const signed = await town.passes(desk, page, '/structure/journal/relecture', (html) => ({ first: held(html, 'first'), last: held(html, 'last'), remark: 'Rien à dire.' }));
  const undo = (await desk.get(signed.to)).html.match(/\/structure\/journal\/relecture\/[0-9a-f-]{36}\/annuler/)[0];
  await town.post(desk, undo, {});
}

export async function recovery(town, { mark, phones }) {
  const account = await town.alone.opensAccount({ given_names: 'Lucien', family_name: `Oublie ${mark}`, birth_date: '02/02/1942', phone: phones.next() });
  const lost = town.visitor();
  const asks = (page, path, fields) => codeOf(town.base, account.phone, () => town.passes(lost, page, path, fields));
  await asks('/mot-de-passe-oublie', '/mot-de-passe-oublie', { login: account.address });
  const code = await asks('/mot-de-passe-oublie/code', '/mot-de-passe-oublie/code/renvoyer');
  await town.passes(lost, '/mot-de-passe-oublie/code', '/mot-de-passe-oublie/code', { code });
  await town.passes(lost, '/mot-de-passe-oublie/nouveau', '/mot-de-passe-oublie/nouveau', { password: 'citron plume galet' });
  await town.alone.atHome({ address: account.address, secret: 'citron plume galet' });
}
