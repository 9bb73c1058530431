// Plain requests with a jar of cookies: what is refused is refused by the server, never by a button that is not there.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';

/** Far longer than the service lets any page last: what does not end then is a fault with a name, not a script that waits for ever. Milliseconds. */
const PATIENCE = 300_000;

/** A browser without script, whose owner reads and writes its cookies: the developer tools. */
export class Visitor {
  #bases;
  #asked = 0;
  #agent;

  /** `bases`: where the service is, or the addresses of its processes: two pages are asked of one, the next two of another. */
  constructor(bases, jar = {}, agent = new Agent({ keepAlive: true })) {
    this.#bases = [bases].flat();
    this.#agent = agent;
    this.jar = { ...jar };
    this.token = '';
    this.html = '';
  }

  /** The same cookies, elsewhere. */
  copy() {
    const other = new this.constructor(this.#bases, this.jar, this.#agent);
    other.token = this.token;
    return other;
  }

  /** Everything that is under way is given up. */
  leaves() {
    this.#agent.destroy();
  }

  get(path, headers) {
    return this.#ask('GET', path, undefined, headers);
  }

  /** A file, as it is. */
  async bytes(path) {
    return (await this.#ask('GET', path)).bytes;
  }

  /** Posts fields with the token of the last form seen, or with another. */
  post(path, fields = {}, { token = this.token, headers } = {}) {
    const body = new URLSearchParams();
    for (const [name, value] of [['form_token', token], ...Object.entries(fields)]) {
      for (const one of [value].flat()) body.append(name, one);
    }
    return this.#ask('POST', path, body.toString(), headers);
  }

  /** The same, as a form that carries a file does: `files` are texts by the name of their field. */
  carry(path, fields = {}, files = {}) {
    const boundary = 'ce-qui-est-joint';
    const part = (name, more, value) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
    const said = Object.entries({ form_token: this.token, ...fields }).map(([name, value]) => part(name, '', value));
    const joined = Object.entries(files).map(([name, value]) => part(name, `; filename="${name}"\r\ncontent-type: application/octet-stream`, value));
    return this.#ask('POST', path, `${[...said, ...joined].join('')}--${boundary}--\r\n`, { 'content-type': `multipart/form-data; boundary=${boundary}` });
  }

  /** Opens a page, then posts its form. */
  async submit(page, path, fields) {
    const seen = await this.get(page);
    assert.equal(seen.status, 200, `${page} → ${seen.status} ${seen.to ?? ''}`);
    return this.post(path, fields);
  }

  async #ask(method, path, body, headers = {}) {
    const cookie = Object.entries(this.jar).map(([name, value]) => `${name}=${value}`).join('; ');
    const base = this.#bases[(this.#asked >> 1) % this.#bases.length];
    this.#asked += 1;
    const asked = request(base + path, { method, agent: this.#agent, signal: AbortSignal.timeout(PATIENCE), headers: { ...(cookie && { cookie }), ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }), ...headers } });
    asked.end(body);
    const [answer] = await once(asked, 'response');
    const parts = [];
    for await (const part of answer) parts.push(part);
    const bytes = Buffer.concat(parts);
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (value === '' || /max-age=0/i.test(line)) delete this.jar[name];
      else this.jar[name] = value;
    }
    // Where a long address may be cut on a narrow screen says nothing.
    const html = bytes.toString('utf8').replaceAll('<wbr>', '');
    if (/name="form_token" value="([^"]+)"/.test(html)) this.token = RegExp.$1;
    this.html = html;
    const to = answer.headers.location;
    // An entrance says under which reference a session ended: two answers never say the same.
    const place = to?.replace(/\?fin=MC-[0-9A-Z]{4}-[0-9A-Z]{2}$/, '');
    let read;
    return {
      status: answer.statusCode,
      to,
      place,
      headers: answer.headers,
      html,
      bytes,
      /** Read when one looks: who times a page does not time its reader. */
      get words() {
        return (read ??= words(html));
      },
    };
  }
}

/** What one reads. */
export function words(html) {
  const main = html.match(/<main[^>]*>(.*)<\/main>/s)?.[1] ?? html;
  return main.replaceAll(/<[^>]*>/g, ' ').replaceAll(/&nbsp;|\u00a0/g, ' ').replaceAll('&#39;', "'").replaceAll('&amp;', '&').replaceAll(/\s+/g, ' ').trim();
}
