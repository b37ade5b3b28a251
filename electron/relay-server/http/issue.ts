import { randomBytes, randomUUID } from 'node:crypto';

/** The id of an agent that named none: eight hexadecimal characters. */
export const newAgentId = (): string => randomUUID().slice(0, 8);

/** An agent's own secret, told once. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
