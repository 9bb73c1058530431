// Letters put by LMTP (RFC 2033), as a mail server does.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

/** Puts letters of several parts, whose boundary is x: `subject`, `kind` of the whole, `parts` as written. */
export async function put({ dovecot }, address, letters) {
  const socket = createConnection(dovecot.lmtp_port, '127.0.0.1');
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const answer = async () => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done || value[3] !== '-') return value ?? '';
    }
  };
  const say = async (words, expected) => {
    if (!socket.write(`${words}\r\n`)) await once(socket, 'drain');
    const said = await answer();
    assert.ok(said.startsWith(expected), `${words.slice(0, 60)} → ${said}`);
  };
  await answer();
  await say('LHLO bench.example', '2');
  for (const { subject, kind, parts } of letters) {
    await say('MAIL FROM:<mairie@vaudorme.example>', '2');
    await say(`RCPT TO:<${address}>`, '2');
    await say('DATA', '3');
    const head = `From: Mairie <mairie@vaudorme.example>\r\nTo: <${address}>\r\nSubject: ${subject}\r\nMessage-ID: <${randomUUID()}@vaudorme.example>\r\nDate: ${new Date().toUTCString()}\r\nMIME-Version: 1.0\r\n`;
    await say(`${head}Content-Type: ${kind}; boundary=x\r\n\r\n${parts}--x--\r\n.`, '2');
  }
  socket.destroy();
}
