// The other ways through an account's creation, its hand-over and its recovery: on paper, by a spoken yes, renewed, a code sent again.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Life, NEW_SECRET, PRESSED, TOLD } from './life.mjs';

const SCAN = '%PDF-1.7\nUne page.\n%%EOF\n';

/** The record of this person, as the list has it: looked up once. */
async function record(life, desk) {
  life.record ??= (await desk.get(`/aidant?q=${life.name}`)).html.match(/href="(\/aidant\/personnes\/[0-9a-f-]{36})"/)[1];
  return life.record;
}

const held = (html, name) => html.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1];

/** Who has no phone: they sign a print, which is photographed, and go home with a sheet of codes. */
export class OnPaper extends Life {
  static acts = { 'account creation on paper': 'opensAccount', 'hand-over with a sheet': 'choosesSecret', 'a print photographed': 'photographs', 'recovery by the sheet': 'recoversBySheet' };

  reached() {
    return { phone: '', no_phone: 'yes' };
  }

  /** The document is read on paper, and signed there. */
  async reads(desk) {
    assert.equal((await desk.bytes(`${this.draft}/a-signer`)).subarray(0, 5).toString(), '%PDF-');
    await this.posts(desk, 'papier', {});
    this.confirmed.step = Math.max(this.confirmed.step, 4);
  }

  /** The sheet is made on the lent screen; who did not see its codes presses again. */
  async hasTheirSheet(desk) {
    if (!this.secret || this.codes) return true;
    const page = await desk.get('/signer/feuille-de-secours');
    this.once ??= held(page.html, 'once');
    const { html, words } = await desk.post('/signer/feuille-de-secours', { once: this.once });
    this.codes = [...html.matchAll(/<li>(\w{5} \w{5})<\/li>/g)].map(([, code]) => code);
    assert.equal(this.codes.length, 10, words);
    return true;
  }

  async choosesSecret() {
    await super.choosesSecret();
    assert.ok(this.codes, 'they have their sheet');
    this.printed = (this.printed ?? 0) + 1;
    assert.equal((await this.helper.desk.bytes(`${await record(this, this.helper.desk)}/feuille`)).subarray(0, 5).toString(), '%PDF-');
  }

  /** Two pages, one moved before the other, then said to be whole. */
  async photographs() {
    await this.atDesk(this.helper, async (desk) => {
      const path = await record(this, desk);
      const page = await desk.get(`${path}/copie`);
      const once = held(page.html, 'once');
      if (!once) return true;
      const pages = [...new Set([...page.html.matchAll(/name="page" value="([0-9a-f-]{36})"/g)].map(([, id]) => id))];
      assert.ok(pages.length <= 2 && pages.length >= (this.pages ?? 0), `${pages.length} pages`);
      if (pages.length < 2) {
        const { status, words } = await desk.carry(`${path}/copie`, { once }, { page: `${SCAN}%${pages.length}` });
        assert.equal(status, 303, words);
        this.pages = pages.length + 1;
      } else if (!this.order) {
        // Put back where it was: asked for again, nothing moves.
        this.moved ??= pages;
        const { status, words } = await desk.post(`${path}/copie/ordre`, { page: this.moved[1], before: this.moved[0], how: 'monter' });
        assert.equal(status, 303, words);
        this.order = [this.moved[1], this.moved[0]];
      } else {
        assert.deepEqual(pages, this.order, 'in the order that was asked for, once');
        const { status, words } = await desk.submit(`${path}/copie`, `${path}/copie/terminee`, { code: await this.helper.authenticator.next() });
        assert.equal(status, 303, words);
        this.isWhole = true;
      }
      return false;
    });
    this.isWhole = true;
  }

  async recoversBySheet() {
    const { lost } = this;
    for (let turns = 0; turns < 8 && !this.recovered; turns += 1) {
      const { status, html } = await lost.get('/mot-de-passe-oublie/nouveau');
      if (status === 200 && html.includes('action="/mot-de-passe-oublie/nouveau"')) {
        const { to, words } = await lost.submit('/mot-de-passe-oublie/nouveau', '/mot-de-passe-oublie/nouveau', { password: NEW_SECRET });
        assert.equal(to, '/connexion', words);
        this.recovered = true;
      } else if (this.begun && (await this.opens(NEW_SECRET))) this.recovered = true;
      else {
        // One whose answer was not heard may be used up: the next one is typed then, and no other is lost.
        this.begun = true;
        const code = this.codes[this.typed ?? 0];
        const { status: answered, words } = await lost.submit('/mot-de-passe-oublie/feuille', '/mot-de-passe-oublie/feuille', { login: this.address, code });
        if (answered === 422) this.typed = (this.typed ?? 0) + 1;
        else assert.equal(answered, 303, words);
        assert.ok((this.typed ?? 0) < 2, 'one code is used up');
      }
    }
    assert.ok(this.recovered, 'the recovery ends');
    this.secret = NEW_SECRET;
  }

  async check(act) {
    await super.check(act);
    if (!this.secret) return;
    // Who did not see their welcome sheet prints it again, and is read of again.
    const read = this.visitor();
    await read.submit('/connexion', '/connexion', { login: this.address, password: this.secret });
    const lines = (await read.get('/aide/qui-m-a-aide')).html.match(/<p>[^<]*imprimé votre feuille de bienvenue[^<]*<\/p>/g)?.length ?? 0;
    assert.ok(lines >= 1 && lines <= this.printed, `a welcome sheet printed ${this.printed} times is read of ${lines} times`);
    if (!this.isWhole) return;
    const { desk } = this.helper;
    assert.equal(held((await desk.get(`${await record(this, desk)}/copie`)).html, 'once'), undefined, 'the print is whole: no page is awaited');
  }

  told() {
    return [...TOLD, ...(this.codes ? [/imprimé une feuille de codes de secours/] : []), ...(this.isWhole ? [/ajouté la copie signée de votre mandat/] : []), ...(this.recovered ? [/avec la feuille de secours|avec un code de secours/] : [])];
  }
}

/** Who says yes aloud, before the aidant and a colleague; then renews what they said yes to. */
export class Spoken extends Life {
  static acts = { 'account creation by a spoken yes': 'opensAccount', 'renewal': 'renews' };

  async signs(typed, send) {
    if (this.renewing) await super.signs(typed, send);
    else await typed('/signer/oui', { code: await this.code('sign', send), said: 'oui' });
  }

  powers() {
    return this.renewing ? ['give_access_back'] : super.powers();
  }

  openAt() {
    return this.renewing ? 'termine' : super.openAt();
  }

  /** The colleague mistypes their code first: it is looked at before the other one. */
  async countersigns(desk) {
    if (this.renewing) {
      await super.countersigns(desk);
      return;
    }
    if (!this.mistyped) {
      const { status, words } = await desk.submit(`${this.draft}/signature`, `${this.draft}/signature`, { colleague: this.helper.login, colleague_code: '000000', code: '000000' });
      assert.equal(status, 422, words);
      this.mistyped = true;
    }
    // Theirs is read last: it lives half a minute, and the other one may be waited for.
    const code = await this.opener.authenticator.next();
    await this.posts(desk, 'signature', { code, colleague: this.helper.login, colleague_code: await this.helper.authenticator.next() });
  }

  async check(act) {
    await super.check(act);
    if (!this.renewing) return;
    const { desk } = this.helper;
    const path = await record(this, desk);
    const older = new Set((await desk.get(path)).html.match(new RegExp(`href="${path}/mandat/[0-9a-f-]{36}"`, 'g')));
    assert.equal(older.size, 1, 'one mandate before this one');
  }

  async renews() {
    // By the colleague: the codes of the first one are used up.
    if (!this.renewing) Object.assign(this, { renewing: true, opener: this.helper, helper: this.opener, draft: undefined, form: undefined, confirmed: { step: 0 } });
    await this.opensAccount();
  }

  async begins(desk, path, fields) {
    if (!this.renewing) {
      await super.begins(desk, path, fields);
      return;
    }
    await super.begins(desk, `${await record(this, desk)}/renouveler`, { identity_check: 'known_person', protection: 'none' });
  }
}

/** Whose code does not seem to come: they ask for it again. */
export class Again extends Life {
  static acts = { 'account creation before': 'opensAccount', 'hand-over before': 'choosesSecret', 'recovery, the code sent again': 'recovers' };

  async isTyped(again) {
    if (this.wasSentAgain) return true;
    // Before that, it is on its way, and no other leaves.
    await pause(PRESSED);
    await again();
    this.wasSentAgain = true;
    return false;
  }
}
