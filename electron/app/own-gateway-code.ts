/**
 * A code of the own gateway for one device of one's own: OpenClaw's setup code. Seen on 2026.9.6: an
 * operator that shows its bootstrap token still waits for an approval, it is good for the first device
 * that shows it and for ten minutes, and it opens nothing else; so the shared token stays here.
 */
import * as z from 'zod';
import { codedError } from '../contract/index.ts';
import { readSettings } from '../setup/index.ts';
import { type AdminDoor, loopbackUrl } from './own-gateway-admin.ts';

const Answer = z.object({ setupCode: z.string().max(4_000) });
const Code = z.object({ bootstrapToken: z.string().min(16).max(200) });

/** Asks for a code. @throws CodedError own_gateway.* */
export async function newGatewayCode(door: Pick<AdminDoor, 'within'>): Promise<string> {
  const settings = await readSettings();
  // The address in the code is not used: OpenClaw refuses to name one of a tailnet without TLS, since it
  // takes every code for a telephone's. Where the gateway is, the invite says.
  const publicUrl = settings.ok ? loopbackUrl(settings.value.settings) : 'ws://127.0.0.1:18789';
  const answer = await door.within(['operator.admin'], (admin) =>
    admin.request('device.pair.setupCode', {
      publicUrl,
      bootstrapProfile: 'limited',
      includeQr: false,
    }),
  );
  const made = Answer.safeParse(answer);
  const read = made.success ? readCode(made.data.setupCode) : null;
  if (read === null) throw codedError('own_gateway.failed', 'Its setup code makes no sense.');
  return read;
}

function readCode(text: string): string | null {
  try {
    const code = Code.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return code.success ? code.data.bootstrapToken : null;
  } catch {
    return null;
  }
}
