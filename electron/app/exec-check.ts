/** Asks the own gateway whether an agent may run commands unasked, anew each time. */
import { type AppError, appError, CodedError } from '../contract/index.ts';
import { execVerdict } from '../setup/index.ts';
import type { AdminDoor } from './own-gateway-admin.ts';

/** Why nothing may reach this agent without the person; null = it asks first. Never rejects. */
export type ExecCheck = (
  agentId: string,
  sessionKey: string | null,
  signal: AbortSignal,
) => Promise<AppError | null>;

/** `exec.approvals.get` needs it (OpenClaw 2026.9.6); what is wished for alone is not the whole. */
const SCOPES = ['operator.admin'];

/** Builds the check over the door to the gateway of this machine. */
export function createExecCheck(
  door: Pick<AdminDoor, 'open'>,
  log: (line: string) => void,
): ExecCheck {
  return async (agentId, sessionKey, signal) => {
    try {
      const admin = await door.open(SCOPES, { signal });
      try {
        const [config, approvals, described] = await Promise.all([
          admin.request('config.get', {}),
          admin.request('exec.approvals.get', {}),
          sessionKey === null ? null : admin.request('sessions.describe', { key: sessionKey }),
        ]);
        const verdict = execVerdict(agentId, config, approvals, described);
        if (verdict.kind === 'asks') return null;
        const code = verdict.kind === 'unasked' ? 'policy.unasked' : 'policy.unproven';
        return appError(code, `“${agentId}”: ${verdict.why}`);
      } finally {
        await admin.close();
      }
    } catch (error) {
      if (!(error instanceof CodedError)) log(`exec check: ${String(error)}`);
      const why = error instanceof CodedError ? error.error.title : 'It did not answer.';
      return appError('policy.unproven', `The own gateway could not be asked: ${why}`);
    }
  };
}
