// The codes of an aidant's authenticator (RFC 6238: SHA-1, 30 s, 6 digits), made from the secret that the page shows.

import { createHmac } from 'node:crypto';

/** The code of this secret (base32) at this time; `step` asks for the next one or the one before. */
export function totp(secret, { now = Date.now(), step = 0 } = {}) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000) + step));
  const mac = createHmac('sha1', base32(secret)).update(counter).digest();
  const at = mac[mac.length - 1] & 15;
  const number = mac.readUInt32BE(at) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** The secret of an `otpauth://` address, or the text itself. */
export function secretOf(text) {
  return text.startsWith('otpauth:') ? new URL(text).searchParams.get('secret') : text;
}

function base32(text) {
  const bits = [...text.toUpperCase().replaceAll(/[^A-Z2-7]/g, '')].map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
}
