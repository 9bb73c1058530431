// A whole service on the real peers: base migrated, mail servers let in, program serving; nothing embedded, nothing played.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, run, serve } from './program.mjs';
import { stack } from './stack.mjs';

/**
 * Starts a service. Gives `{ base, config, peers, command(…args), restart(), stop() }`;
 * `command('structure', 'create', …)` runs the program with this service's configuration.
 */
export async function service() {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const peers = await stack({ issuer: base });
  try {
    const config = await configure(peers, base, port);
    const command = (...args) => run([...args, '--config', config]);
    const migrated = await command('migrate');
    assert.equal(migrated.code, 0, migrated.err);
    await peers.grant();
    let program = await serve(config, base);
    return {
      base,
      config,
      peers,
      command,
      logs: () => program.logs(),
      pid: () => program.pid,
      /** Stops the program and starts it again; the peers stay. */
      async restart() {
        await program.stop();
        program = await serve(config, base);
      },
      async stop() {
        await program.stop();
        await peers.stop();
      },
    };
  } catch (error) {
    await peers.stop();
    throw error;
  }
}

/** The configuration of a real service, as `docs/first-mailbox.fr.md` has one write it. */
async function configure(peers, base, port) {
  const home = join(peers.dir, 'service');
  await mkdir(home, { mode: 0o700 });
  const secret = (name, text) => writeFile(join(home, name), `${text}\n`, { mode: 0o600 });
  await secret('vault.key', randomBytes(32).toString('hex'));
  await secret('postgres.url', peers.postgres);
  await secret('submission.password', peers.postfix.submission_password);
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', join(home, 'journal.pem')], { stdio: 'ignore' });
  const config = join(home, 'maincourante.toml');
  await writeFile(
    config,
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
undo_seconds = 2

[mail.imap]
host = "127.0.0.1"
port = ${peers.dovecot.imap_port}
tls = false

[mail.submission]
host = "127.0.0.1"
port = ${peers.postfix.submission_port}
tls = false
user = "${peers.postfix.submission_user}"
password_file = "${home}/submission.password"

[sms]
gateway = "training"
`,
  );
  return config;
}
