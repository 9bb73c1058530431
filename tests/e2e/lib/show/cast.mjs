// Who signs in, once each, by plain requests: their cookies then serve every device of theirs.

import assert from 'node:assert/strict';
import { Authenticator } from '../acts.mjs';
import { Town } from '../town.mjs';
import { Visitor } from '../visitor.mjs';

/** Someone who is not signed in. */
export const NOBODY = '*personne*';

/** A colleague enrolled for this journey alone: their screen can be lent, their session ended. */
export const colleague = (name, { role = 'aidant', siret } = {}) => ({ name, role, siret });

/** Someone of the territory on a computer that others use. */
export const onShared = (name) => ({ name, isShared: true });

export class Cast {
  #world;
  #jars = new Map();

  constructor(world) {
    this.#world = world;
    this.town = new Town(world.base, ['--data', world.dir]);
    /** Accounts opened here, by name: `{ address, secret, phone }`. */
    this.people = new Map();
    /** Links of letters that invite, by login. */
    this.links = new Map();
  }

  /** Gives this device the session of whoever it is; gives what a way may need of them. */
  async enter(room, who) {
    const { jar, ...rest } = await (who.role && !who.isKept ? this.#enrolled(who) : this.visitor(who));
    const cookies = Object.entries(jar).map(([name, value]) => ({ name, value, url: this.#world.base }));
    if (cookies.length > 0) await room.context.addCookies(cookies);
    return { ...rest, town: this.town, notes: {} };
  }

  /** `{ jar, visitor, authenticator }` of who is signed in once for several journeys. */
  visitor(who) {
    const { name = who, isShared = false, role, siret = '' } = who;
    // The same name works in several structures.
    const key = `${name} ${isShared} ${siret}`;
    if (!this.#jars.has(key)) this.#jars.set(key, role ? this.#enrolled(who) : this.#signsIn(name, isShared));
    return this.#jars.get(key);
  }

  async #signsIn(name, isShared) {
    const visitor = new Visitor(this.#world.base);
    const { people, aidants } = this.#world.table;
    const person = this.people.get(name) ?? people.find((one) => one.name === name);
    const aidant = aidants.find((one) => one.name === name);
    const authenticator = aidant && new Authenticator(aidant.totp);
    if (person) {
      const answer = await visitor.submit('/connexion', '/connexion', { login: person.address, password: person.password, ...(!isShared && { computer: 'own' }) });
      assert.equal(answer.to, '/messages', `${name}: ${answer.words.slice(0, 300)}`);
    } else if (aidant) {
      const code = await authenticator.next();
      visitor.door = await visitor.submit('/aidant/connexion', '/aidant/connexion', { login: aidant.login, password: aidant.password, code });
    } else assert.equal(name, NOBODY, `${name} is nobody`);
    return { jar: visitor.jar, visitor, authenticator, aidant, person };
  }

  async #enrolled({ name, role, siret }) {
    const aidant = await this.town.enrols(name, role, { siret });
    const visitor = await this.town.atWork(aidant);
    return { jar: visitor.jar, visitor, authenticator: aidant.authenticator, aidant };
  }
}

/** The code of the application that is being tied, from the letters that the page shows. */
export async function codeOfPhone(_, page) {
  return { code: await new Authenticator((await page.locator('.secret').innerText()).replaceAll(/\s/g, '')).next() };
}
