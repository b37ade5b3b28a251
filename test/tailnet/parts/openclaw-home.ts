/** OpenClaw at somebody's computer, as it is usually installed: with nothing of ours beside it. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ensureOpenClaw,
  type Json,
  type RealGateway,
  type StubModel,
  startGateway,
  startStubModel,
} from '../../real/parts/openclaw.ts';
import type { OwnedHost } from './lan.ts';

/** What somebody has whose agents are worked with. */
export interface OpenClawHome {
  readonly computer: OwnedHost;
  readonly gateway: RealGateway;
  /** What their agents think with. */
  readonly model: StubModel;
  stop(): Promise<void>;
}

/** What is special about one. */
export interface OpenClawOptions {
  /** Merged into the gateway's configuration. */
  readonly config?: Json;
}

/** Installs it under its name, and starts its gateway in its usual place. */
export async function startOpenClaw(
  computer: OwnedHost,
  options: OpenClawOptions = {},
): Promise<OpenClawHome> {
  const { node, entry } = await ensureOpenClaw();
  const program = join(computer.node.folder, 'openclaw');
  await writeFile(program, `#!/bin/sh\nexec ${node} ${entry} "$@"\n`);
  await chmod(program, 0o755);
  await computer.install('openclaw', program);
  const model = await startStubModel();
  try {
    const port = await computer.bring(Number(new URL(model.baseUrl).port));
    const gateway = await startGateway({
      name: computer.name,
      model: { ...model, baseUrl: `http://127.0.0.1:${port}/v1` },
      computer,
      ...(options.config ? { config: options.config } : {}),
    });
    return {
      computer,
      gateway,
      model,
      stop: async () => {
        await gateway.stop();
        await model.close();
      },
    };
  } catch (error) {
    await model.close();
    throw error;
  }
}
