/**
 * Who listens at a pipe of Windows. A pipe has no owner that Node could show, and its name can be guessed:
 * another user may listen at it before the app does, or after it crashed. So the app writes a new key into
 * its home at each start, and shows that it knows it before anything is said to it. On other systems the
 * owner and the mode of the socket and of its folder say the same.
 *
 * Node leaves the pipe's rights to Windows (libuv, src/win/pipe.c: no security attributes): others may open
 * it to read, and so say nothing to the app (learn.microsoft.com, named-pipe-security-and-access-rights).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new key, or a new challenge: 32 bytes as hex. */
export const newDoorKey = (): string => randomBytes(32).toString('hex');

/** What only who knows the key answers to a challenge. */
export const proofOf = (key: string, challenge: string): string =>
  createHmac('sha256', key).update(`peerage door ${challenge}`).digest('hex');

/** Whether an answer to a challenge shows that its sender knows the key. */
export function isProof(key: string, challenge: string, answer: unknown): boolean {
  const right = Buffer.from(proofOf(key, challenge));
  const given = Buffer.from(typeof answer === 'string' ? answer : '');
  return given.length === right.length && timingSafeEqual(given, right);
}
