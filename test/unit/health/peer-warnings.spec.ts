import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WarningView } from '../../../electron/contract/index.ts';
import { offline, online, openWard, type Ward } from './ward.ts';

let ward: Ward;
beforeEach(() => {
  ward = openWard();
});
afterEach(() => ward.health.stop());

const codes = () => ward.health.warnings().map((one) => WarningView.parse(one).code);

describe('warnings about a peer', () => {
  it('appear exactly at their time-to-visible: five seconds for the network', async () => {
    const one = ward.patient();
    ward.behaviourOf(one).tcp = { kind: 'failed', cause: 'refused', code: 'ECONNREFUSED' };
    await ward.clock.advance(4_999);
    expect(codes()).toEqual([]);
    await ward.clock.advance(1);
    expect(codes()).toEqual(['link.refused']);
  });

  it('ten seconds for the path, thirty for slow answers, none for what needs a person', async () => {
    ward.patient({ state: offline('closed') });
    ward.patient({
      state: {
        kind: 'degraded',
        since: 0,
        reason: 'slow',
        scopes: [],
        missingScopes: [],
        serverVersion: '1',
        latencyMs: 9_000,
      },
    });
    ward.patient({ state: { kind: 'revoked', at: 0 } });
    expect(codes()).toEqual(['link.revoked']);
    await ward.clock.advance(10_000);
    expect(codes()).toEqual(['link.closed', 'link.revoked']);
    await ward.clock.advance(19_999);
    expect(codes()).not.toContain('link.slow');
    await ward.clock.advance(1);
    expect(codes()).toContain('link.slow');
  });

  it('do not come and go with the retries of the link', async () => {
    const one = ward.patient();
    for (let attempt = 2; attempt < 8; attempt++) {
      await ward.clock.advance(1_000);
      ward.health.noteState(one.linkId, { kind: 'connecting', attempt });
      ward.health.noteState(one.linkId, offline());
    }
    expect(codes()).toEqual(['link.refused']);
    ward.health.noteState(one.linkId, online());
    expect(codes()).toEqual([]);
  });

  it('are silent about a second way that is closed, while the first is open', async () => {
    ward.patient({ peer: 1, state: online() });
    ward.patient({ peer: 1, state: offline() });
    await ward.clock.advance(60_000);
    expect(codes()).toEqual([]);
  });

  it('are one for a peer with two closed ways', async () => {
    ward.patient({ peer: 1, state: offline('refused') });
    ward.patient({ peer: 1, state: offline('timeout') });
    await ward.clock.advance(60_000);
    expect(codes()).toEqual(['link.refused']);
  });

  it('end with the link', async () => {
    const one = ward.patient();
    await ward.clock.advance(10_000);
    ward.health.forget(one.linkId);
    expect(codes()).toEqual([]);
  });

  it('of a single slow answer there are none', async () => {
    const one = ward.patient({ state: online() });
    ward.behaviourOf(one).pingMs = 8_000;
    await ward.clock.advance(30_000);
    ward.behaviourOf(one).pingMs = 10;
    await ward.clock.advance(600_000);
    expect(codes()).toEqual([]);
    expect(ward.changes.filter((key) => key.type === 'warning')).toEqual([]);
  });

  it('are explained by the keychain where that is the reason for all of them', async () => {
    for (let i = 0; i < 5; i++) ward.patient({ state: { kind: 'needs_secret', reason: 'locked' } });
    expect(codes()).toHaveLength(5);
    ward.health.setFact({
      id: 'secrets.locked' as never,
      code: 'secrets.locked',
      severity: 'warning',
      title: '',
      detail: '',
      remedy: null,
      peerId: null,
      dependsOn: [],
      timeToVisibleMs: 0,
      impactsConnectivity: true,
      needsYou: true,
    });
    expect(codes()).toEqual(['secrets.locked']);
    expect(ward.health.tray(['needs_you'])).toBe('action_needed');
  });
});
