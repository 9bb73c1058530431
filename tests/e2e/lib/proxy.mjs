// A line between the program and a peer, which can be broken in the ways that lines break.
//
// Modes: `pass`; `refuse` (nobody listens, and who was there is cut: a server that stopped); `stall` (lines are accepted, and nothing
// comes through until the mode changes: a machine that froze); `vanish` (the same, but lines that were there never come back: a network that
// dropped everything); `cut` (an answer is broken in its middle, and so is the next).

import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';

/**
 * A proxy to this port of loopback: `{ port, mode(name), lines(), close() }`.
 *
 * `tap(line)`, if given, is called for each new line, `{ number, client, server, reset() }`, and may give
 * `{ up(bytes), down(bytes) }`: what comes from the program, and from the peer. One that gives false has broken the line itself.
 */
export async function proxy(target, tap = () => ({})) {
  let mode = 'pass';
  let number = 0;
  const lines = new Set();
  const server = createServer({ allowHalfOpen: true }, (client) => take(client));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();

  function take(client) {
    client.on('error', () => {});
    if (mode === 'refuse') return client.resetAndDestroy();
    const upstream = createConnection({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    const line = { number: (number += 1), client, server: upstream, held: [] };
    line.reset = () => {
      client.resetAndDestroy();
      upstream.destroy();
      lines.delete(line);
    };
    lines.add(line);
    const { up = () => true, down = () => true } = tap(line) ?? {};
    upstream.on('error', () => client.resetAndDestroy());
    client.on('error', () => upstream.destroy());
    const pass = (from, to, seen, cuts) => {
      from.on('data', (bytes) => {
        if (line.lost) return undefined;
        if (mode === 'stall' || mode === 'vanish') return line.held.push(() => to.write(bytes));
        if (mode === 'cut' && cuts) {
          client.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => line.reset());
          return undefined;
        }
        if (seen(bytes) !== false && !to.destroyed) to.write(bytes);
        return undefined;
      });
      from.on('end', () => (mode === 'stall' || mode === 'vanish' ? line.held.push(() => to.end()) : to.end()));
    };
    pass(client, upstream, up, false);
    pass(upstream, client, down, true);
    for (const end of [client, upstream]) end.on('close', () => (client.destroyed && upstream.destroyed ? lines.delete(line) : undefined));
  }

  return {
    port,
    lines: () => lines.size,
    /** From now on. A line that was stalled is given what it waited for, if it still waits. */
    mode(next) {
      const lost = mode === 'vanish';
      mode = next;
      for (const line of [...lines]) {
        if (next === 'refuse') line.reset();
        if (lost) line.lost = line.held.splice(0);
        if (next !== 'stall' && next !== 'vanish') line.held.splice(0).forEach((give) => give());
      }
    },
    async close() {
      for (const line of [...lines]) line.reset();
      server.close();
      await once(server, 'close');
    },
  };
}
