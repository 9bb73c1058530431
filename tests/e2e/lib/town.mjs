// The path of an account by plain requests: who works at the counter, who comes to it, and what they post. The same acts as
// `acts.mjs`, for what needs many people, or no browser: faults, and forms posted by fifty hands.

import assert from 'node:assert/strict';
import { Authenticator, codeOf } from './acts.mjs';
import { run } from './program.mjs';
import { Visitor } from './visitor.mjs';

export const SIRET = '26400012300010';
export const PASSWORD = 'panier cerise lundi';
export const SECRET = 'tasse jardin vélo';
/** A signature by hand, as the script of the page writes it. */
export const STROKES = '{"h":357,"s":[[90,210,120,150,150,110,168,120,160,170,140,230,150,250,190,220,230,180,250,176,300,190,392,186,500,180,548,172]]}';

/** Everyone who was enrolled, in every town: each has a login of their own. */
let staff = 0;

/** The fields, those that are read at the last moment read. */
export async function typed(fields = {}) {
  const all = Object.entries(fields).map(async ([name, value]) => [name, typeof value === 'function' ? await value() : value]);
  return Object.fromEntries(await Promise.all(all));
}

export class Town {
  /** `place`: what tells a command where the service is, `['--config', file]` or `['--data', folder]`. */
  constructor(base, place, siret = SIRET) {
    this.base = base;
    this.place = place;
    this.siret = siret;
  }

  /** The structure, where the base is new. */
  async opens() {
    const opened = await run(['structure', 'open', '--name', 'CCAS de Vaudorme', '--siret', this.siret, '--address', '2 place de la Mairie', '--phone', '01 99 00 12 34', '--hours', 'du lundi au vendredi', ...this.place]);
    assert.equal(opened.code, 0, opened.err);
  }

  visitor() {
    return new Visitor(this.base);
  }

  /** Posts a form. One hand; those who want more redefine it. A code lives half a minute: `() => authenticator.next()` reads it at the last moment. */
  async post(visitor, path, fields) {
    return visitor.post(path, await typed(fields));
  }

  /** Opens a page, then posts its form; fields may be read from the page. */
  async submit(visitor, page, path, fields) {
    const seen = await visitor.get(page);
    assert.equal(seen.status, 200, `${page} → ${seen.status} ${seen.to ?? ''} ${seen.words.slice(0, 200)}`);
    const asked = typeof fields === 'function' ? fields(seen.html) : fields;
    const once = seen.html.match(/name="once" value="([^"]+)"/)?.[1];
    return this.post(visitor, path, { ...(once && { once }), ...asked });
  }

  /** Someone who works here, enrolled now: three codes of theirs are good at once. */
  async enrols(name, role = 'aidant', { siret = this.siret, domain = 'vaudorme.example' } = {}) {
    const login = `${name.toLowerCase().normalize('NFD').replaceAll(/[^a-z ]/g, '').replaceAll(' ', '.').slice(0, 40)}.${(staff += 1)}@${domain}`;
    const added = await run(['structure', 'add', '--siret', siret, '--name', name, '--login', login, '--role', role, '--json', ...this.place], { input: `${PASSWORD}\n` });
    assert.equal(added.code, 0, added.err);
    return { name, login, password: PASSWORD, authenticator: new Authenticator(JSON.parse(added.out).totp) };
  }

  async atWork(who) {
    const desk = this.visitor();
    let answer;
    // A machine that is busy takes more than the minute of a code: the next one is then good.
    for (let times = 0; times < 3 && answer?.to !== '/aidant'; times += 1) {
      answer = await this.submit(desk, '/aidant/connexion', '/aidant/connexion', { login: who.login, password: who.password, code: () => who.authenticator.next() });
    }
    assert.equal(answer.to, '/aidant', answer.words);
    if ((await desk.get('/aidant')).to === '/aidant/charte') await this.submit(desk, '/aidant/charte', '/aidant/charte');
    return desk;
  }

  /** The steps up to the document, with the first address proposed or another: gives the draft and the address. */
  async prepares(desk, person, other) {
    const begun = await this.submit(desk, '/aidant/nouveau-compte/personne', '/aidant/nouveau-compte/personne', { birthplace: 'Pau', identity_check: 'paper_seen', protection: 'none', ...person });
    assert.equal(begun.status, 303, begun.words);
    const draft = begun.to.replace(/\/adresse$/, '');
    const page = await desk.get(`${draft}/adresse`);
    const proposed = page.html.match(/name="address" value="([^"]+@[^"]+)"/)?.[1];
    assert.ok(proposed, `${page.status} ${page.to} ${page.words}`);
    const address = other ? `${other}@${proposed.split('@')[1]}` : proposed;
    const held = await this.post(desk, `${draft}/adresse`, other ? { address: 'other', other } : { address });
    assert.equal(held.status, 303, held.words);
    const terms = await this.submit(desk, `${draft}/mandat`, `${draft}/mandat`, { powers: ['create_account', 'give_access_back'], duration: 'month' });
    assert.equal(terms.status, 303, terms.words);
    assert.equal((await desk.get(draft)).to, `${draft}/lecture`);
    return { draft, address };
  }

  /** The code that this act sends to this phone. */
  codeOf(phone, act) {
    return codeOf(this.base, phone, async () => {
      const answer = await act();
      assert.equal(answer.status, 303, answer.words);
    });
  }

  async signs(desk, draft, phone) {
    const lent = await this.submit(desk, `${draft}/lecture`, `${draft}/lecture`);
    assert.equal(lent.to, '/signer', `${lent.status} ${lent.to} ${lent.words}`);
    const code = await this.codeOf(phone, () => this.submit(desk, '/signer/mandat', '/signer/code'));
    const signed = await this.submit(desk, '/signer/signature', '/signer/signature', { code, strokes: STROKES });
    assert.equal(signed.status, 303, signed.words);
    assert.equal((await desk.get('/signer')).to, '/signer/termine');
  }

  async takesBack(desk, who) {
    const answer = await this.submit(desk, '/aidant/ecran-prete', '/aidant/ecran-prete', { code: () => who.authenticator.next() });
    assert.equal(answer.status, 303, answer.words);
  }

  async choosesSecret(desk, phone, secret) {
    const code = await this.codeOf(phone, () => this.submit(desk, '/signer/bonjour', '/signer/code'));
    const proved = await this.submit(desk, '/signer/telephone', '/signer/telephone', { code });
    assert.equal(proved.status, 303, proved.words);
    const chosen = await this.submit(desk, '/signer/mot-de-passe', '/signer/mot-de-passe', { password: secret });
    assert.equal(chosen.status, 303, chosen.words);
    assert.equal((await desk.get('/signer')).to, '/signer/termine');
  }

  /** From the counter to a chosen secret; three codes of the aidant's. */
  async opensAccount(person, { aidant, secret = SECRET, other } = {}) {
    const who = aidant ?? (await this.enrols('Nadia Roussel'));
    const desk = await this.atWork(who);
    const { draft, address } = await this.prepares(desk, person, other);
    await this.signs(desk, draft, person.phone);
    await this.takesBack(desk, who);
    const open = await this.submit(desk, `${draft}/signature`, `${draft}/signature`, { code: () => who.authenticator.next() });
    assert.equal(open.status, 303, open.words);
    const lent = await this.submit(desk, `${draft}/mot-de-passe`, `${draft}/mot-de-passe`);
    assert.equal(lent.to, '/signer', lent.words);
    await this.choosesSecret(desk, person.phone, secret);
    return { address, secret, draft, desk, who, person, phone: person.phone };
  }

  async atHome({ address, secret }) {
    const home = this.visitor();
    const answer = await this.submit(home, '/connexion', '/connexion', { login: address, password: secret });
    assert.equal(answer.to, '/messages', answer.words);
    return home;
  }

  async writes(home, { to, subject, text = 'À dimanche !' }) {
    const given = await this.submit(home, '/messages/ecrire', '/messages/ecrire', { to, subject, text });
    assert.equal(given.status, 303, given.words);
    return given;
  }
}
