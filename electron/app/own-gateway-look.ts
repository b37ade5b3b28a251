/** Looking at the own gateway from outside: program, file, process, sockets. Needs no secret. */
import * as os from 'node:os';
import type { Clock } from '../clock/clock.ts';
import { within } from '../clock/deadline.ts';
import {
  CodedError,
  type FirewallView,
  type GatewayExposure,
  type GatewayKeeper,
  type GatewayStatus,
} from '../contract/index.ts';
import {
  askProgram,
  askVersion,
  checkFirewall,
  detectOwnGateway,
  findOpenClaw,
  measureExposure,
  ownAddresses,
  type ProgramFacts,
  type ReadSettings,
  readListeners,
  readSettings,
  runProgram,
  START_COMMAND,
  thisFirewall,
  tryAddress,
} from '../setup/index.ts';

/** Each looks afresh when it is called; nothing here is remembered. */
export interface GatewayLook {
  status(): Promise<GatewayStatus>;
  exposure(): Promise<GatewayExposure>;
  firewall(): Promise<FirewallView>;
  /** @throws CodedError setup.own_gateway_not_found, setup.own_gateway_unreadable */
  settings(): Promise<ReadSettings>;
  keeper(): Promise<GatewayKeeper>;
  ready(): Promise<boolean>;
  /** The process id that listens; null where this system does not tell. */
  pid(): Promise<number | null>;
  /** The `openclaw` command, or null. */
  program(): Promise<string | null>;
}

const READY_LIMIT_MS = 2_000;

/** Asks `/readyz` on loopback. Plain HTTP first; a gateway with TLS answers only the other. */
async function isReady(clock: Clock, port: number, tls: boolean): Promise<boolean> {
  if (tls) return (await tryAddress('127.0.0.1', port)).state === 'open';
  try {
    return await within(clock, READY_LIMIT_MS, null, async (signal) => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal });
      await answer.body?.cancel();
      return answer.ok;
    });
  } catch {
    return false;
  }
}

/** Builds the look at this machine. */
export function createGatewayLook(clock: Clock): GatewayLook {
  const program = (): Promise<string | null> => findOpenClaw(process.env, os.homedir());

  const settings = async (): Promise<ReadSettings> => {
    const read = await readSettings();
    if (!read.ok) throw new CodedError(read.error);
    return read.value;
  };

  const keeperOf = (running: boolean, facts: ProgramFacts | null): GatewayKeeper => {
    if (!running) return { kind: 'not_running' };
    if (facts === null) return { kind: 'unknown' };
    return facts.service !== null && facts.serviceRuns ? facts.service : { kind: 'foreground' };
  };

  const status = async (): Promise<GatewayStatus> => {
    const [path, read, detected] = await Promise.all([
      program(),
      readSettings(),
      detectOwnGateway(),
    ]);
    const port = read.ok ? read.value.settings.port : null;
    const [facts, version, answer, ready, sockets] = await Promise.all([
      path === null ? null : askProgram(runProgram, path),
      path === null ? null : askVersion(runProgram, path),
      port === null ? null : tryAddress('127.0.0.1', port),
      read.ok ? isReady(clock, read.value.settings.port, read.value.settings.tls) : false,
      port === null ? null : readListeners(port),
    ]);
    const running = answer?.state === 'open';
    const elsewhere = read.ok && read.value.elsewhere;
    return {
      installed: path === null ? null : { path, version: facts?.version ?? version },
      configPath: read.ok ? read.value.place.configPath : null,
      error: read.ok ? null : read.error,
      settings: read.ok ? read.value.settings : null,
      place: !read.ok ? 'unknown' : elsewhere ? 'elsewhere' : 'here',
      credential: detected.kind === 'found' ? detected.credential : 'not_in_file',
      running,
      ready: running && ready,
      keeper: keeperOf(running, facts),
      listeners: sockets ?? [...(facts?.listeners ?? [])],
      startCommand: facts?.service ? 'openclaw gateway start' : START_COMMAND,
      checkedAt: clock.now(),
    };
  };

  const exposure = async (): Promise<GatewayExposure> => {
    const { port } = (await settings()).settings;
    const listeners = (await readListeners(port)) ?? [];
    return measureExposure(ownAddresses(), port, listeners, clock.now());
  };

  return {
    status,
    exposure,
    settings,
    program,
    keeper: async () => {
      const { settings: found } = await settings();
      const path = await program();
      const running = (await tryAddress('127.0.0.1', found.port)).state === 'open';
      return keeperOf(running, path === null ? null : await askProgram(runProgram, path));
    },
    ready: async () => {
      const { settings: found } = await settings();
      return isReady(clock, found.port, found.tls);
    },
    pid: async () => {
      const { port } = (await settings()).settings;
      return (await readListeners(port))?.find((one) => one.pid !== null)?.pid ?? null;
    },
    firewall: async () => {
      const seen = await exposure();
      const outside = seen.addresses.find(
        (one) => one.kind !== 'loopback' && (one.state === 'open' || one.state === 'filtered'),
      );
      return checkFirewall(thisFirewall(runProgram), {
        port: seen.port,
        address: outside?.address ?? null,
        interfaceName: outside?.interfaceName ?? null,
      });
    },
  };
}
