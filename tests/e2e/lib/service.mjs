// A whole service on the real peers: base migrated, mail servers let in, program serving; nothing embedded, nothing played.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { freePort, run, serve } from './program.mjs';
import { proxy } from './proxy.mjs';
import { stack } from './stack.mjs';

/**
 * Starts a service. Gives `{ base, config, peers, proxies, command(…args), restart(), stop() }`;
 * `command('structure', 'create', …)` runs the program with this service's configuration.
 *
 * `programs`: how many processes serve it, each request going to the next one. `broken`: between the program and its peers stand
 * proxies, `proxies.postgres`, `.dovecot` and `.postfix`, whose `mode` breaks the line. `taps`: what these look at.
 */
export async function service({ programs = 1, broken = false, taps = {}, undo = 2 } = {}) {
  const ports = await Promise.all(Array.from({ length: programs }, freePort));
  const front = programs === 1 ? undefined : await balance(ports);
  const base = `http://127.0.0.1:${front?.port ?? ports[0]}`;
  const peers = await stack({ issuer: base });
  try {
    const proxies = broken ? await between(peers, taps) : {};
    const configs = await configure(peers, { base, ports, proxies, undo });
    const [config] = configs;
    const command = (...args) => run([...args, '--config', config]);
    const migrated = await command('migrate');
    assert.equal(migrated.code, 0, migrated.err);
    await peers.grant();
    const starts = (env) => Promise.all(configs.map((each, at) => serve(each, `http://127.0.0.1:${ports[at]}`, env)));
    const stops = (all) => Promise.all(all.map((program) => program.stop()));
    let all = await starts();
    return {
      base,
      config,
      peers,
      proxies,
      command,
      logs: () => all.map((program) => program.logs()).join(''),
      pid: () => all[0].pid,
      pids: () => all.map((program) => program.pid),
      /** Stops the program and starts it again, perhaps in other surroundings; the peers stay. */
      async restart(env) {
        await stops(all);
        all = await starts(env);
      },
      async stop() {
        await stops(all);
        await front?.close();
        await Promise.all(Object.values(proxies).map((each) => each.close()));
        await peers.stop();
      },
    };
  } catch (error) {
    await peers.stop();
    throw error;
  }
}

/** A line that can be broken before each peer. */
async function between(peers, taps) {
  const postgres = Number(new URL(peers.postgres).port);
  return {
    postgres: await proxy(postgres, taps.postgres),
    dovecot: await proxy(peers.dovecot.imap_port, taps.dovecot),
    postfix: await proxy(peers.postfix.submission_port, taps.postfix),
  };
}

/** Sends each request to the next of these ports. */
async function balance(ports) {
  let turn = 0;
  const front = createServer((asked, answer) => {
    const port = ports[(turn += 1) % ports.length];
    const passed = request({ host: '127.0.0.1', port, method: asked.method, path: asked.url, headers: asked.headers }, (given) => {
      answer.writeHead(given.statusCode, given.rawHeaders);
      given.pipe(answer);
    });
    passed.on('error', () => answer.writeHead(502).end());
    asked.pipe(passed);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    port: front.address().port,
    async close() {
      front.closeAllConnections();
      front.close();
      await once(front, 'close');
    },
  };
}

/** The configuration of a real service, as `docs/first-mailbox.fr.md` has one write it: a file for each process. */
async function configure(peers, { base, ports, proxies, undo }) {
  const home = join(peers.dir, 'service');
  await mkdir(home, { mode: 0o700 });
  const secret = (name, text) => writeFile(join(home, name), `${text}\n`, { mode: 0o600 });
  await secret('vault.key', randomBytes(32).toString('hex'));
  const postgres = new URL(peers.postgres);
  if (proxies.postgres) postgres.port = proxies.postgres.port;
  await secret('postgres.url', postgres.href);
  await secret('submission.password', peers.postfix.submission_password);
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', join(home, 'journal.pem')], { stdio: 'ignore' });
  const configs = ports.map((_, at) => join(home, `maincourante-${at + 1}.toml`));
  const text = (port) =>
    `[service]
name = "Courrier"
domain = "${peers.domain}"
origin = "${base}"
help_who = "le Département"
help_phone = "05 58 00 00 00"
help_hours = "du lundi au vendredi, de 9 h à 17 h"
controller = "le Département"
data_contact = "donnees@${peers.domain}"
training = true

[web]
listen = "127.0.0.1:${port}"

[database]
postgres_url_file = "${home}/postgres.url"

[keys]
vault = "${home}/vault.key"
journal = "${home}/journal.pem"
token = "${peers.dovecot.key_file}"
token_kid = "${peers.dovecot.kid}"

[journal]
checkpoints = "${home}/checkpoints.txt"

[mail]
undo_seconds = ${undo}

[mail.imap]
host = "127.0.0.1"
port = ${proxies.dovecot?.port ?? peers.dovecot.imap_port}
tls = false

[mail.submission]
host = "127.0.0.1"
port = ${proxies.postfix?.port ?? peers.postfix.submission_port}
tls = false
user = "${peers.postfix.submission_user}"
password_file = "${home}/submission.password"

[sms]
gateway = "training"
`;
  await Promise.all(configs.map((config, at) => writeFile(config, text(ports[at]))));
  return configs;
}
