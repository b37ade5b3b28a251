import { CodedError, type Settings } from '../contract/index.ts';
import type { PeerBook } from '../peers/index.ts';
import { readProvisionFile } from '../setup/index.ts';
import type { SettingsService } from './settings.ts';

/**
 * Makes peers, links and settings match the configuration file, before any connection begins.
 * @throws CodedError setup.config_invalid, and what the peer book refuses
 */
export async function provisionFrom(
  file: string,
  peers: PeerBook,
  settings: SettingsService,
  log: (line: string) => void,
): Promise<void> {
  const read = await readProvisionFile(file);
  if (!read.ok) throw new CodedError(read.error);
  const outcome = await peers.provision(read.value.peers);
  if (!outcome.ok) throw new CodedError(outcome.error);
  const policy: Partial<Settings> = {};
  for (const [name, value] of Object.entries(read.value.policy))
    if (value !== undefined) Object.assign(policy, { [name]: value });
  if (Object.keys(policy).length > 0) await settings.update(policy);
  const { added, updated, removed } = outcome.value;
  log(`the configuration file added ${added}, changed ${updated}, hid ${removed} peers`);
}
