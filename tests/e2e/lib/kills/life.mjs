// One person and who helps them, through four acts (other ways through them: `others.mjs`): an account is opened, its first secret chosen, lost and recovered, a letter sent.
//
// Each act looks where the pages say it stands before it goes on, so that the same words begin it and take it up after the program was
// killed. What a page confirmed is kept, and must still be true whatever happened since.

import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { STROKES } from './people.mjs';
import { Visitor } from '../visitor.mjs';

export const SECRET = 'tasse jardin vélo';
export const NEW_SECRET = 'nuage sucre lampe';
/** What a page of the wizard says is done. */
const STEPS = ['personne', 'adresse', 'mandat', 'lecture', 'signature', 'mot-de-passe', 'termine'];

/** A code that is asked for again sooner is on its way. */
export const PRESSED = 10_500;

/** What the person reads that was done, each once. */
export const TOLD = [/a préparé un mandat avec vous/, /^Vous avez signé le mandat/, /a activé votre mandat/, /a créé votre compte/, /^Vous avez choisi un nouveau mot de passe, avec l/];
export const TOLD_ALONE = /^Vous avez retrouvé sans aide l/;

/** Something that is awaited is not there yet, and may come later. */
export class NotYet extends Error {}

export class Life {
  /** What is done, in this order, and how. */
  static acts = { 'account creation': 'opensAccount', 'hand-over': 'choosesSecret', recovery: 'recovers', sending: 'sends' };
  /** What a page confirmed: the step of the wizard, and what was said to be done. */
  confirmed = { step: 0 };
  /** How often another text message had to be asked for. */
  askedAgain = 0;
  /** The codes of what is being done: those typed in vain or before, and how often one was asked for. */
  #codes = { of: '', spent: new Set(), asked: 0 };
  begun = false;

  constructor(place, number, helpers) {
    // As long for all: no name is the beginning of another.
    const letters = [...String(number).padStart(3, '0')].map((digit) => 'bcdfghjklm'[digit]).join('');
    [this.opener, this.helper] = helpers;
    Object.assign(this, { place, number, name: `Pinaud-${letters}`, subject: `Dimanche ${letters}`, friend: `sophie.${letters}@ailleurs.test` });
    this.phone = `06 39 98 ${String(2000 + number).replace(/(..)(..)/, '$1 $2')}`;
    this.home = this.visitor();
    this.lost = this.visitor();
  }

  /** A device of this person's: at home they have an address of their own. */
  visitor() {
    return new Visitor(this.place.base, {}, new Agent({ localAddress: `127.0.${1 + (this.number >> 7)}.${1 + (this.number & 127)}` }));
  }

  /** One act, from wherever it stands. `patience`: how long, in milliseconds, what is awaited may take. */
  async lives(act, patience) {
    this.patience = patience;
    await this[this.constructor.acts[act]]();
  }

  async opensAccount() {
    await this.atDesk(this.opener, async (desk) => {
      const step = await this.wizard(desk);
      if (step === 'adresse') await this.posts(desk, step, await this.proposed(desk));
      else if (step === 'mandat') await this.posts(desk, step, { powers: this.powers(), duration: 'month' });
      else if (step === 'lecture') await this.reads(desk);
      else if (step === 'signature') await this.countersigns(desk);
      else return step === this.openAt();
      return false;
    });
  }

  /** The document is read on the screen that is lent. */
  async reads(desk) {
    assert.equal((await desk.submit(`${this.draft}/lecture`, `${this.draft}/lecture`)).to, '/signer');
  }

  async countersigns(desk) {
    await this.posts(desk, 'signature', { code: await this.opener.authenticator.next() });
  }

  async choosesSecret() {
    await this.atDesk(this.helper, async (desk) => {
      const step = await this.wizard(desk);
      if (step === 'mot-de-passe') assert.equal((await desk.submit(`${this.draft}/mot-de-passe`, `${this.draft}/mot-de-passe`)).to, '/signer');
      return step === 'termine';
    });
  }

  /** An aidant at work, until what they do is done: signed in again where the page asks for it, giving the screen back where it is lent. */
  async atDesk(who, acts) {
    for (let turns = 0; turns < 24; turns += 1) {
      const { to, place } = await who.desk.get('/aidant');
      if (place === '/aidant/connexion') await who.signsIn();
      else if (to === '/aidant/ecran-prete') await this.onLentScreen(who);
      else if (await acts(who.desk)) return;
    }
    assert.fail(`${who.login} turns in circles: ${who.desk.html.match(/<h1>.*?<\/h1>/)?.[0]}`);
  }

  /** The step where the draft stands; the draft itself is found, or begun. What a page confirmed before is not undone. */
  async wizard(desk) {
    if (!this.draft) {
      const home = await desk.get('/aidant');
      this.draft = home.html.match(new RegExp(`href="(/aidant/nouveau-compte/[0-9a-f-]{36})">[^<]*${this.name}<`))?.[1];
      assert.ok(this.draft || !this.confirmed.step, 'the draft that a page confirmed is there');
    }
    if (!this.draft) await this.begins(desk, '/aidant/nouveau-compte/personne', { given_names: 'Solange', family_name: this.name, birth_date: '02/02/1939', birthplace: 'Pau', identity_check: 'paper_seen', protection: 'none', ...this.reached() });
    const { to, status, words } = await desk.get(this.draft);
    const step = STEPS.indexOf(to?.split('/').at(-1));
    assert.ok(step >= this.confirmed.step, `the wizard was at ${STEPS[this.confirmed.step]}, and is at ${to ?? `${status} ${words}`}`);
    this.confirmed.step = step;
    return STEPS[step];
  }

  /** The step that is next once the mandate is in force. */
  openAt() {
    return 'mot-de-passe';
  }

  /** What the mandate permits. */
  powers() {
    return ['create_account', 'give_access_back'];
  }

  /** How they are reached. */
  reached() {
    return { phone: this.phone };
  }

  async begins(desk, path, fields) {
    const page = await desk.get(path);
    // What was posted and not answered is posted again as it was: the page is still on the screen.
    this.form ??= { once: page.html.match(/name="once" value="([^"]+)"/)[1], ...fields };
    const begun = await desk.post(path, this.form);
    assert.equal(begun.status, 303, begun.words);
    this.draft = begun.to.match(/^\/aidant\/nouveau-compte\/[0-9a-f-]{36}/)[0];
  }

  /** Posts a step of the wizard. Its answer confirms it: at the next look it is behind. */
  async posts(desk, step, fields) {
    const { status, words } = await desk.submit(`${this.draft}/${step}`, `${this.draft}/${step}`, fields);
    assert.equal(status, 303, words);
    this.confirmed.step = STEPS.indexOf(step) + 1;
  }

  async proposed(desk) {
    const page = await desk.get(`${this.draft}/adresse`);
    this.address = page.html.match(/name="address" value="([^"]+@[^"]+)"/)[1];
    return { address: this.address };
  }

  /** The person on the lent screen, at the page of the moment; or the aidant takes it back. */
  async onLentScreen({ desk, authenticator }) {
    const { to } = await desk.get('/signer');
    const send = () => desk.submit(to, '/signer/code');
    const typed = async (path, fields) => {
      const { status, words } = await desk.submit(path, path, fields);
      if (status === 422 && /code/.test(words)) return this.wrong(fields.code);
      return assert.equal(status, 303, words);
    };
    if (to === '/signer/mandat') {
      await this.signs(typed, send);
      // The screen says so: the draft waits for the countersignature, whatever happens now.
      if ((await desk.get('/signer')).to === '/signer/termine') this.confirmed.step = Math.max(this.confirmed.step, STEPS.indexOf('signature'));
    } else if (to === '/signer/bonjour') await typed('/signer/telephone', { code: await this.code('choose', send) });
    else if (to === '/signer/mot-de-passe') {
      // It is theirs from when they typed it, whoever heard the answer.
      this.secret = SECRET;
      await typed(to, { password: SECRET });
      this.confirmed.step = STEPS.indexOf('termine');
    } else if (await this.hasTheirSheet(desk)) {
      const answer = await desk.submit('/aidant/ecran-prete', '/aidant/ecran-prete', { code: await authenticator.next() });
      assert.equal(answer.status, 303, answer.words);
    }
  }

  /** Drawn by hand, with a code. */
  async signs(typed, send) {
    await typed('/signer/signature', { code: await this.code('sign', send), strokes: STROKES });
  }

  /** Whether they leave the screen with all they need. */
  async hasTheirSheet() {
    return true;
  }

  /** Texts that the phone received, the newest first. */
  async texts() {
    const { html } = await this.visitor().get('/bac-a-sable/telephone');
    return [...html.matchAll(/<li><p><strong>(.*?)<\/strong><\/p><p>(.*?)<\/p>/gs)].filter(([, to]) => to.replaceAll(/\D/g, '') === this.phone.replaceAll(/\D/g, '')).map(([, , text]) => text.replaceAll('\u00a0', ' '));
  }

  /** A code that was not typed before: the one that is there, or that asking brings; when none comes one asks again. */
  async code(what, ask) {
    if (this.#codes.of !== what) this.#codes = { of: what, spent: new Set(await this.received()), asked: 0 };
    const fresh = async () => (await this.received()).find((code) => !this.#codes.spent.has(code));
    for (const patience of [1500, PRESSED, this.patience]) {
      // Asked for before the program was killed, it may be on its way: one who asks again at once is told so, and no other leaves.
      const code = this.#codes.asked ? await this.comes(fresh, patience) : await fresh();
      if (code) return code;
      this.askedAgain += Number(this.#codes.asked > 0);
      this.#codes.asked += 1;
      await ask();
    }
    throw new NotYet(`no code reached ${this.phone}`);
  }

  async received() {
    return (await this.texts()).map((text) => text.match(/code est (\d{6})/)?.[1]).filter(Boolean);
  }

  wrong(code) {
    this.#codes.spent.add(code);
  }

  /** What is awaited, or nothing once patience is over. */
  async comes(look, patience) {
    const end = performance.now() + patience;
    for (;;) {
      const found = await look();
      if (found || performance.now() > end) return found;
      // Whoever waits for a lease asks now and then.
      await pause(patience > 10_000 ? 500 : 40);
    }
  }

  async recovers() {
    const { lost } = this;
    for (let turns = 0; turns < 12 && !this.recovered; turns += 1) {
      const { to, status, html } = await lost.get('/mot-de-passe-oublie/nouveau');
      if (to === '/mot-de-passe-oublie/code') {
        // When too many were asked for, the page says to wait for the one that left.
        const again = () => lost.submit(to, `${to}/renvoyer`);
        const code = await this.code(this.#codes.of, again);
        if (!(await this.isTyped(again))) continue;
        const { status: answered, words } = await lost.submit(to, to, { code });
        if (answered === 422) this.wrong(code);
        else assert.equal(answered, 303, words);
      } else if (status === 200 && html.includes('action="/mot-de-passe-oublie/nouveau"')) {
        const { to: done, words } = await lost.submit('/mot-de-passe-oublie/nouveau', '/mot-de-passe-oublie/nouveau', { password: NEW_SECRET });
        assert.equal(done, '/connexion', words);
        this.recovered = true;
      } else if (this.begun && (await this.opens(NEW_SECRET))) this.recovered = true;
      else {
        this.askedAgain += Number(this.begun);
        this.begun = true;
        // The account is looked for behind the answer, and the code leaves.
        this.#codes = { of: 'recover', spent: new Set(await this.received()), asked: 1 };
        const begun = await lost.submit('/mot-de-passe-oublie', '/mot-de-passe-oublie', { login: this.address });
        assert.equal(begun.to, '/mot-de-passe-oublie/code', begun.words);
      }
    }
    assert.ok(this.recovered, 'the recovery ends');
    this.secret = NEW_SECRET;
  }

  /** Whether the code that came is typed, or another is asked for. */
  async isTyped() {
    return true;
  }

  /** Whether this secret opens the mailbox. */
  async opens(password) {
    return (await this.visitor().submit('/connexion', '/connexion', { login: this.address, password })).to === '/messages';
  }

  async sends() {
    const { home } = this;
    if ((await home.get('/messages')).place === '/connexion') {
      const { to, words } = await home.submit('/connexion', '/connexion', { login: this.address, password: this.secret });
      assert.equal(to, '/messages', words);
    }
    if (!this.given) {
      const page = await home.get('/messages/ecrire');
      this.letter ??= { once: page.html.match(/name="once" value="([^"]+)"/)[1], to: `${this.friend}, ${this.address}`, subject: this.subject, text: 'À dimanche !' };
      const { to, words } = await home.carry('/messages/ecrire', this.letter, { 'liste.txt': 'pain, lait, timbres' });
      assert.match(to ?? '', /^\/messages\?envoi=/, words);
      this.given = true;
    }
    // In this order: it may leave while one looks.
    const [waits, left] = [await this.listed('/messages/pas-encore-envoyes'), await this.listed('/messages/envoyes')];
    assert.ok(waits.length + left.length, 'the letter that was given is lost');
    const filed = await this.comes(async () => (await this.listed('/messages/envoyes')).some((href) => href.includes('/envoye-')), this.patience);
    if (!filed) throw new NotYet('the letter is not among the sent ones');
  }

  /** The addresses of the letters of this subject, in a list. */
  async listed(path) {
    const { html } = await this.home.get(path);
    return [...html.matchAll(/<a class="title" href="([^"]+)">([^<]*)<\/a>/g)].filter(([, , title]) => title === this.subject).map(([, href]) => href);
  }

  /** What is wrong once an act is over: nothing half done, nothing twice, what was confirmed is true. */
  async check(act, { leftTwice = false } = {}) {
    const desk = this.helper.desk;
    const found = await desk.get(`/aidant?q=${this.name}`);
    const count = (pattern) => [...found.html.matchAll(pattern)].length;
    assert.equal(count(/href="\/aidant\/personnes\/[0-9a-f-]{36}"/g), 1, 'one account');
    assert.equal(count(/href="\/aidant\/nouveau-compte\/[0-9a-f-]{36}"/g), 0, 'no draft is left');
    if (!this.secret) return;
    assert.ok(await this.opens(this.secret), 'the secret opens');
    if (this.recovered) assert.ok(!(await this.opens(SECRET)), 'the old one does not');
    await this.readsWhoHelped();
    const told = (await this.texts()).filter((text) => !/code est/.test(text));
    assert.equal(new Set(told).size, told.length, `a text message came twice: ${told}`);
    if (act !== 'sending') return;
    const copies = await this.listed('/messages/envoyes');
    assert.equal(copies.length, 1, 'one copy among the sent ones');
    const joined = new Set((await this.home.get(copies[0])).html.match(/\/fichier\/\d+/g));
    assert.equal(joined.size, 1, 'the joined file is there, once');
    assert.equal((await this.listed('/messages/pas-encore-envoyes')).length, 0, 'nothing waits');
    assert.equal((await this.listed('/messages/a-finir')).length, 0, 'no draft');
    const most = leftTwice ? 2 : 1;
    for (const [where, letters] of [['outside', await this.place.left(this.subject)], ['in their own mailbox', (await this.listed('/messages')).length]]) {
      assert.ok(letters >= 1 && letters <= most, `${letters} letters ${where}`);
      this.leftTwice ||= letters > 1;
    }
  }

  /** What they read that was done, each once. */
  told() {
    return this.recovered ? [...TOLD, TOLD_ALONE] : TOLD;
  }

  /** The person reads of one mandate, which can be stopped, and of each act once. */
  async readsWhoHelped() {
    const visitor = this.visitor();
    await visitor.submit('/connexion', '/connexion', { login: this.address, password: this.secret });
    const { html } = await visitor.get('/aide/qui-m-a-aide');
    assert.equal(html.match(/href="\/aide\/arreter\/[0-9a-f-]{36}"/g)?.length, 1, 'one mandate');
    const lines = [...html.matchAll(/<p>([^<]*)<\/p>/g)].map(([, line]) => line.replaceAll(/&nbsp;|\u00a0/g, ' '));
    for (const told of this.told()) {
      assert.equal(lines.filter((line) => told.test(line)).length, 1, `the person reads once of what ${told} says`);
    }
  }
}
