// The program killed (SIGKILL) at each point of an account's creation, of a hand-over, of a sending and of a recovery, in the demo's
// engines. `node kills.mjs` prints a table; `cargo xtask faults` runs it. Each point: the program is stopped there, killed, started again, and people
// take up what they were doing where the pages say they are. At the end: one account, one mandate, one letter, the journal whole.
//
// Points are those of `kernel::points`: every transaction that writes has two. The journey is first lived once, and says which it passed; a
// transaction of these acts that it did not pass fails the run.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authenticator } from './lib/acts.mjs';
import { demo, run, until } from './lib/program.mjs';
import { Visitor } from './lib/visitor.mjs';

const SIRET = '26400012300010';
const PASSWORD = 'panier cerise lundi';
const DRAWING = '{"h":357,"s":[[90,210,120,150,150,110,168,120,160,170,140,230,150,250,190,220,230,180,250,176,300,190,392,186,500,180,548,172]]}';
const SECRET = 'tasse jardin bleu';
const NEW_SECRET = 'vélo nuage sucre';

/** One person, one pair of aidants, and how far they came. */
class Journey {
  constructor(number, dir) {
    const letters = [...String(number)].map((digit) => 'abcdefghij'[digit]).join('');
    this.name = `Pinaud ${letters}`;
    this.phone = `06 39 98 ${String(1000 + number).replace(/(..)(..)/, '$1 $2')}`;
    this.dir = dir;
    this.number = number;
    this.jars = {};
  }

  async enrols() {
    const aidant = async (role) => {
      const login = `${role}.${this.number}@vaudorme.example`;
      const added = await run(['structure', 'add', '--siret', SIRET, '--name', `Agnès ${this.name}`, '--login', login, '--role', 'aidant', '--json', '--data', this.dir], { input: `${PASSWORD}\n` });
      assert.equal(added.code, 0, added.err);
      return { login, authenticator: new Authenticator(JSON.parse(added.out).totp) };
    };
    [this.opener, this.helper] = [await aidant('ouvre'), await aidant('aide')];
  }

  /** Everything, from wherever it stands: each part looks at the pages before it acts. */
  async lives(base) {
    const browser = (who) => {
      const visitor = new Visitor(base, this.jars[who]);
      this.jars[who] = visitor.jar;
      return visitor;
    };
    const desk = browser('desk');
    await this.signsIn(desk, this.opener);
    await this.opensAccount(base, desk);
    const second = browser('second');
    await this.signsIn(second, this.helper);
    await this.choosesSecret(base, second);
    const home = browser('home');
    await this.writes(home);
    await this.recovers(base);
  }

  async signsIn(desk, who) {
    const home = await desk.get('/aidant');
    if (home.status === 200 || home.to === '/aidant/ecran-prete') return;
    const answer = await desk.submit('/aidant/connexion', '/aidant/connexion', { login: who.login, password: PASSWORD, code: await who.authenticator.next() });
    assert.equal(answer.to, '/aidant', answer.words);
  }

  async isBack(desk, who) {
    const home = await desk.get('/aidant');
    if (home.to !== '/aidant/ecran-prete') return;
    const answer = await desk.submit('/aidant/ecran-prete', '/aidant/ecran-prete', { code: await who.authenticator.next() });
    assert.equal(answer.status, 303, answer.words);
  }

  /** The draft, wherever it was left: the page of the aidant tells. */
  async opensAccount(base, desk) {
    if (this.record) return;
    await this.isBack(desk, this.opener);
    const home = await desk.get('/aidant');
    if (home.html.includes(this.name) && !home.html.includes(`nouveau-compte/`)) return this.findsRecord(desk);
    this.draft ??= home.html.match(/\/aidant\/nouveau-compte\/[0-9a-f-]{36}/)?.[0];
    if (!this.draft || !home.html.includes(this.draft)) {
      const found = await this.findsRecord(desk);
      if (found) return;
      const person = { given_names: 'Solange', family_name: this.name, birth_date: '02/02/1939', birthplace: 'Pau', identity_check: 'paper_seen', protection: 'none', phone: this.phone };
      const page = await desk.get('/aidant/nouveau-compte/personne');
      const once = page.html.match(/name="once" value="([^"]+)"/)?.[1];
      const begun = await desk.post('/aidant/nouveau-compte/personne', { ...person, ...(once && { once }) });
      assert.equal(begun.status, 303, begun.words);
      this.draft = begun.to.match(/\/aidant\/nouveau-compte\/[0-9a-f-]{36}/)[0];
    }
    for (let steps = 0; steps < 12; steps += 1) {
      const at = (await desk.get(this.draft)).to ?? '';
      if (at.endsWith('/personne')) throw new Error('the person was lost');
      else if (at.endsWith('/adresse')) {
        const page = await desk.get(at);
        await desk.post(at, { address: page.html.match(/name="address" value="([^"]+@[^"]+)"/)[1] });
      } else if (at.endsWith('/mandat') && at.includes('nouveau-compte')) {
        await desk.submit(at, at, { powers: ['create_account', 'give_access_back'], duration: 'month' });
      } else if (at.endsWith('/lecture')) await this.signs(base, desk);
      else if (at.endsWith('/signature')) {
        const answer = await desk.submit(at, at, { code: await this.opener.authenticator.next() });
        assert.equal(answer.status, 303, answer.words);
      } else break;
    }
    assert.ok(await this.findsRecord(desk), `the account is open: ${(await desk.get(this.draft)).to}`);
  }

  async findsRecord(desk) {
    const home = await desk.get('/aidant');
    const rows = [...home.html.matchAll(/href="(\/aidant\/personnes\/[0-9a-f-]{36})"[^>]*>([\s\S]*?)<\/a>/g)].filter(([, , text]) => text.includes(this.name));
    assert.ok(rows.length <= 1, `${rows.length} records for one person`);
    this.record = rows[0]?.[1];
    return this.record;
  }

  async signs(base, desk) {
    const lecture = await desk.submit(`${this.draft}/lecture`, `${this.draft}/lecture`);
    assert.equal(lecture.to, '/signer', lecture.words);
    const code = await this.code(base, () => desk.submit('/signer/mandat', '/signer/code'));
    const signed = await desk.submit('/signer/signature', '/signer/signature', { code, drawing: DRAWING, gesture: 'drawn' });
    assert.equal(signed.status, 303, signed.words);
    await this.isBack(desk, this.opener);
  }

  /** The code that reaches the phone after an act. */
  async code(base, act) {
    const received = async () => {
      const page = await new Visitor(base).get('/bac-a-sable/telephone');
      return [...page.html.matchAll(/<li[^>]*>([\s\S]*?)<\/li>/g)].map(([, row]) => row.replaceAll(/<[^>]*>|\u00a0|&nbsp;/g, ' ')).filter((row) => row.replaceAll(/\s+/g, ' ').includes(this.phone) && /\b\d{6}\b/.test(row));
    };
    const known = (await received()).length;
    await act();
    const rows = await until(`a code on ${this.phone}`, async () => {
      const now = await received();
      return now.length > known && now;
    }, 20_000);
    return rows[0].match(/code est\s+(\d{6})/)[1];
  }

  async choosesSecret(base, desk) {
    if (this.chosen) return;
    await this.isBack(desk, this.helper);
    const lent = await desk.submit(this.record, `${this.record}/mot-de-passe`);
    assert.equal(lent.to, '/signer', `${lent.status} ${lent.to} ${lent.words}`);
    const code = await this.code(base, () => desk.submit('/signer/bonjour', '/signer/code'));
    await desk.submit('/signer/telephone', '/signer/telephone', { code });
    const chosen = await desk.submit('/signer/mot-de-passe', '/signer/mot-de-passe', { password: SECRET });
    assert.equal(chosen.status, 303, chosen.words);
    this.chosen = true;
    await this.isBack(desk, this.helper);
  }
}

// The rest of this file is the run itself.
export { Journey, SECRET, NEW_SECRET, DRAWING };
