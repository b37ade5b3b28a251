/** The certificate of a relay that runs alone: a file in its home, readable by its user only. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate, type RelayCertificate } from './certificate.ts';

const NAME = 'relay-tls.pem';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----';

/**
 * Reads the certificate of this home, or makes one. There is no keychain where a relay runs alone, so
 * its key lies in a file of mode 0600, as with other servers.
 * @throws the file system's error.
 */
export function certificateOf(home: string, now: number): RelayCertificate {
  const file = join(home, NAME);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (existsSync(file)) {
    chmodSync(file, 0o600);
    const text = readFileSync(file, 'utf8');
    const at = text.indexOf(CERTIFICATE);
    return { key: text.slice(0, at), certificate: text.slice(at) };
  }
  const made = makeCertificate(now);
  writeFileSync(`${file}.new`, made.key + made.certificate, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return made;
}
