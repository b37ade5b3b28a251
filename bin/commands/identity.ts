/** Who the person is, in the order of the mesh skill: a variable, a USER.md, the sign-on file. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A name, and `from`: the variable or the path of the file that says it. */
export interface Identity {
  readonly name: string;
  readonly from: string;
}

const ADDRESS = /[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+/;

/** The part before the @; the first place that says one wins. Null where none does. */
export function identityOf(env: NodeJS.ProcessEnv, folder: string): Identity | null {
  for (const variable of ['PEERAGE_ME', 'MESH_MY_EMAIL']) {
    const given = env[variable]?.trim();
    if (given) return { name: given.split('@')[0] ?? given, from: variable };
  }
  const home = env.HOME || homedir();
  const files = [
    join(home, '.openclaw', 'workspace', 'USER.md'),
    join(home, '.config', 'agent-team-mesh', 'USER.md'),
    join(folder, 'USER.md'),
  ];
  for (const path of files) {
    const text = read(path);
    if (text === null) continue;
    // As there: the first file that exists decides, and only its lines that speak of e-mail count.
    const line = text.split('\n').find((one) => /email/i.test(one) && ADDRESS.test(one));
    const found = line && ADDRESS.exec(line)?.[0].split('@')[0];
    return found ? { name: found.toLowerCase(), from: path } : fromSignOn(home);
  }
  return fromSignOn(home);
}

function fromSignOn(home: string): Identity | null {
  const path = join(home, 'sso.json');
  try {
    const file = JSON.parse(read(path) ?? 'null') as { user?: { email?: unknown } } | null;
    const email = file?.user?.email;
    if (typeof email === 'string' && email !== '') {
      return { name: email.split('@')[0] ?? email, from: path };
    }
  } catch {
    // No JSON: it says nothing.
  }
  return null;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').slice(0, 100_000);
  } catch {
    return null;
  }
}
