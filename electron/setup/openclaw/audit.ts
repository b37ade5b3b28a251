/** `openclaw security audit --json` in plain words. Catalogue: OpenClaw's docs/gateway/security/audit-checks.md. */
import * as z from 'zod';
import { type AuditFinding, appError, fail, ok, type Result } from '../../contract/index.ts';
import { lastObject } from './program.ts';
import type { RunProgram } from './run.ts';

const LIMIT_MS = 55_000;
const MOST_FINDINGS = 200;

const Finding = z.object({
  checkId: z.string().max(200),
  severity: z.enum(['critical', 'warn', 'info']).catch('warn'),
  title: z.string().max(1_000).catch(''),
  detail: z.string().max(20_000).catch(''),
  remediation: z.string().max(5_000).optional().catch(undefined),
});
const Report = z.object({ findings: z.array(z.unknown()).max(2_000) });

/** What a check means for a person. `%` in none of them: the details stay OpenClaw's own. */
const WORDS: Readonly<Record<string, { title: string; remedy?: string }>> = {
  'gateway.bind_no_auth': {
    title: 'The gateway can be reached from outside and asks for no token',
    remedy: 'Give it a token, or let it listen on this machine only.',
  },
  'gateway.loopback_no_auth': {
    title: 'The gateway asks for no token: a forwarder would open it to everyone behind it',
    remedy: 'Give it a token.',
  },
  'gateway.http.no_auth': {
    title: 'Whoever reaches the gateway’s HTTP port can use its tools without a token',
    remedy: 'Give it a token.',
  },
  'gateway.trusted_proxies_missing': {
    title: 'No reverse proxy is trusted',
    remedy: 'Nothing to do, unless you put a reverse proxy in front of the gateway.',
  },
  'gateway.tailscale_funnel': {
    title: 'Funnel shows the gateway to the whole internet',
    remedy: 'Choose another way to be reached, on this page.',
  },
  'gateway.tailscale_serve': { title: 'The gateway is published inside your tailnet' },
  'gateway.token_placeholder_value': {
    title: 'The token is empty or a placeholder',
    remedy: 'Give it a new token, on this page.',
  },
  'gateway.token_too_short': {
    title: 'The token is short enough to be guessed',
    remedy: 'Give it a new token, on this page.',
  },
  'gateway.password_too_short': {
    title: 'The password is short enough to be guessed',
    remedy: 'Choose one of at least 24 characters.',
  },
  'gateway.password_placeholder_value': {
    title: 'The password is empty or a placeholder',
    remedy: 'Choose a real one.',
  },
  'gateway.control_ui.allowed_origins_required': {
    title: 'Its web page can be opened from outside without a list of allowed addresses',
  },
  'gateway.control_ui.allowed_origins_wildcard': {
    title: 'Any web page may talk to the gateway from a browser that is signed in',
  },
  'fs.state_dir.perms_world_writable': {
    title: 'Every user of this machine can change OpenClaw’s data',
  },
  'fs.state_dir.perms_group_writable': {
    title: 'Other users in your group can change OpenClaw’s data',
  },
  'fs.state_dir.perms_readable': { title: 'Other users of this machine can read OpenClaw’s data' },
  'fs.config.perms_writable': { title: 'Other users of this machine can change its settings' },
  'fs.config.perms_group_readable': { title: 'Other users in your group can read the token' },
  'fs.config.perms_world_readable': { title: 'Every user of this machine can read the token' },
  'fs.credentials_dir.perms_readable': {
    title: 'Other users of this machine can read its credentials',
  },
  'fs.credentials_dir.perms_writable': {
    title: 'Other users of this machine can change its credentials',
  },
  'fs.synced_dir': { title: 'OpenClaw’s data lies in a folder that is copied to a cloud' },
  'summary.attack_surface': { title: 'What agents may do here, in short' },
};

const ORDER = { critical: 0, warn: 1, info: 2 } as const;

/** Reads a report; null where it is none. */
export function readAudit(json: unknown): AuditFinding[] | null {
  const report = Report.safeParse(json);
  if (!report.success) return null;
  return report.data.findings
    .slice(0, MOST_FINDINGS)
    .flatMap((one): AuditFinding[] => {
      const parsed = Finding.safeParse(one);
      if (!parsed.success) return [];
      const { checkId, severity, title, detail, remediation } = parsed.data;
      const words = Object.hasOwn(WORDS, checkId) ? WORDS[checkId] : undefined;
      return [
        {
          checkId,
          severity,
          title: words?.title ?? title,
          detail,
          remedy: words?.remedy ?? remediation ?? null,
        },
      ];
    })
    .sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

/** Runs the audit. Fails with own_gateway.program_failed. */
export async function runAudit(run: RunProgram, program: string): Promise<Result<AuditFinding[]>> {
  const ran = await run(program, ['security', 'audit', '--json'], LIMIT_MS);
  // It ends with a code of its own where it found something critical, so the output decides.
  const findings = readAudit(lastObject(ran.stdout));
  if (findings) return ok(findings);
  return fail(
    appError(
      'own_gateway.program_failed',
      ran.timedOut
        ? 'The audit did not end within a minute.'
        : ran.stderr.trim().split('\n')[0]?.slice(0, 300) || 'It printed no report.',
    ),
  );
}
