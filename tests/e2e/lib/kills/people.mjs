// Who works at the counter: enough of them that nobody's authenticator is waited for.

import assert from 'node:assert/strict';
import { Authenticator } from '../acts.mjs';
import { Visitor } from '../visitor.mjs';
import { SIRET } from './places.mjs';

const PASSWORD = 'panier cerise lundi';
/** A signature by hand, as the script of the page writes it. */
export const STROKES = '{"h":357,"s":[[90,210,120,150,150,110,168,120,160,170,140,230,150,250,190,220,230,180,250,176,300,190,392,186,500,180,548,172]]}';

class Aidant {
  constructor(place, login, secret) {
    Object.assign(this, { login, authenticator: new Authenticator(secret), desk: new Visitor(place.base) });
  }

  async signsIn() {
    let answer;
    // A machine busy with something else may take longer to send a code than a code lasts.
    for (let time = 0; time < 3 && answer?.to !== '/aidant'; time += 1) {
      answer = await this.desk.submit('/aidant/connexion', '/aidant/connexion', { login: this.login, password: PASSWORD, code: await this.authenticator.next() });
    }
    assert.equal(answer.to, '/aidant', answer.words);
    if ((await this.desk.get('/aidant')).to === '/aidant/charte') await this.desk.submit('/aidant/charte', '/aidant/charte');
  }
}

/** So many aidants, signed in. */
export async function aidants(place, count) {
  const all = [];
  for (let number = 0; number < count; number += 1) {
    const login = `agnes.${number}@vaudorme.example`;
    const added = await place.command(['structure', 'add', '--siret', SIRET, '--name', `Agnès Morel ${'abcdefghijklmnopqrstuvwxyz'[number]}`, '--login', login, '--role', 'aidant', '--json'], { input: `${PASSWORD}\n` });
    assert.equal(added.code, 0, added.err);
    all.push(new Aidant(place, login, JSON.parse(added.out).totp));
  }
  for (const aidant of all) await aidant.signsIn();
  return all;
}
