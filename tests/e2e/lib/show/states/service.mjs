// What may befall any page: one was signed out meanwhile, one signs out, a form cannot be read, the base does not answer.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { posts, presses } from '../acts.mjs';
import { NOBODY } from '../cast.mjs';

const state = (door, name, way = door, more = {}) => ({ door, state: name, way, ...more });
const LINE = ['/aide/qui-m-a-aide', '› Ce n’est pas normal'];
const writes = async (page) => page.fill('main [name=words]', 'Je n’étais pas là mardi.');
const sends = presses('main form button.main');
/** As when a session is over: the browser still brings its cookie, which opens nothing. */
const isSignedOut = async (page, { world }) => page.context().addCookies([{ name: 'session', value: 'ended', url: world.base }]);
const signsIn = (page, stage) => {
  const { address, password } = stage.world.table.people.find(({ name }) => name === 'Gisèle Lafargue');
  return posts('/connexion', { login: address, password })(page, stage);
};

/** The base holds its breath for everyone while this is done. */
const whileTheBaseIsHeld = (act) => async (page, stage) => {
  const said = "import sqlite3,sys\nbase = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)\nbase.execute('begin immediate')\nprint('held', flush=True)\nsys.stdin.read()";
  const holder = spawn('python3', ['-c', said, join(stage.world.dir, 'maincourante.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  try {
    await act(page, stage);
  } finally {
    holder.stdin.end();
    await once(holder, 'exit');
  }
};

/** Signs in by the page: the session ends here. */
const signedOut = {
  who: NOBODY,
  states: [
    state('/aide/signaler/{line}', 'signed in', ['/connexion', signsIn, ...LINE], { door: undefined, needed: true }),
    state('/connexion', 'signed out, words kept', [writes, isSignedOut, sends], { says: /gardé/ }),
    state('/aide/signaler/{line}', 'words found again', signsIn, { door: undefined }),
    state('/connexion', 'signed out', [isSignedOut, '/messages'], { says: /déconnect/ }),
    state('/deconnexion', 'after signing out', [signsIn, '/compte', presses('main form[action="/deconnexion"] button')]),
  ],
};

const refused = {
  who: 'João Conceição dos Santos Gonçalves',
  states: [
    state('/aide/signaler/{line}', 'refused, waited too long', [...LINE, (page) => page.evaluate(() => document.querySelectorAll('main [name^=form_]').forEach((field) => (field.value = 'x'))), sends], { says: /trop longtemps/ }),
    state('/aide/signaler/{line}', 'refused, too long', [...LINE, (page) => page.evaluate(() => (document.querySelector('main textarea').value = 'mardi '.repeat(100_000))), sends], { says: /trop long/ }),
    state('/messages/ecrire/garder', 'not opened that way', '/messages/ecrire/garder', { door: undefined, says: /ne s’ouvre pas/ }),
  ],
};

const outage = {
  who: 'Samira Ben Youssef',
  isAlone: true,
  states: [state('/aide/signaler/{line}', 'outage, words kept', [...LINE, writes, whileTheBaseIsHeld(sends)], { says: /ne marche pas/ })],
};

const lost = {
  who: NOBODY,
  states: [
    state('/nulle-part', 'on a lent screen', [async (page, { world }) => page.context().addCookies([{ name: 'lent', value: 'whatever', url: world.base }]), '/signer/nulle-part'], { door: undefined, says: /n’existe pas/ }),
  ],
};

export default [signedOut, refused, lost, outage];
