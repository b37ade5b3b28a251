/** Offers the diagnostics bundle: shown first, saved where the person says, sent nowhere. */
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir, hostname, release } from 'node:os';
import { basename, join } from 'node:path';
import { clipboard, dialog } from 'electron';
import type { AppPort, CallerContext } from '../../contract/index.ts';
import { createMask, diagnosticsText } from '../../diagnostics/index.ts';

const context: CallerContext = {
  door: 'control',
  connectionId: 'desktop-diagnostics',
  signal: new AbortController().signal,
};
/** So much of the text stands in the dialog at once; *Show more* goes on, and begins again after the end. */
const PAGE_LINES = 40;
const FILE_NAME = 'peerage-diagnostics.txt';

/** Where the bundle is collected from. `redact` takes secrets out of a text. */
export interface DiagnosticsOptions {
  readonly port: AppPort;
  readonly home: string;
  readonly redact: (text: string) => string;
  readonly log: (line: string) => void;
}

/** Shows the bundle, and saves or copies it if the person wants that. Tells where that failed. */
export async function offerDiagnostics(options: DiagnosticsOptions): Promise<void> {
  try {
    const text = await collect(options);
    const response = await preview(text);
    if (response === 1) await clipboard.writeText(text);
    if (response !== 0) return;
    const { canceled, filePath } = await dialog.showSaveDialog({
      defaultPath: join(homedir(), FILE_NAME),
    });
    if (!canceled && filePath !== '') await save(filePath, text, options);
  } catch (error) {
    options.log(`diagnostics: ${String(error)}`);
  }
}

async function save(
  file: string,
  text: string,
  { redact, log }: DiagnosticsOptions,
): Promise<void> {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    log(`diagnostics: ${String(error)}`);
    await dialog.showMessageBox({
      type: 'error',
      message: 'The diagnostics could not be saved',
      detail: `${redact(String(error))}\nTry another folder.`,
    });
  }
}

/** Shows all that would be saved, page by page. @returns the button: 0 save, 1 copy, 3 cancel */
async function preview(text: string): Promise<number> {
  const lines = text.split('\n');
  for (let from = 0; ; from = from + PAGE_LINES < lines.length ? from + PAGE_LINES : 0) {
    const page = lines.slice(from, from + PAGE_LINES);
    const { response } = await dialog.showMessageBox({
      type: 'info',
      message: 'Diagnostics',
      detail: `${page.join('\n')}\n\nLines ${from + 1} to ${from + page.length} of ${lines.length}`,
      buttons: ['Save…', 'Copy all', 'Show more', 'Cancel'],
      defaultId: 0,
      cancelId: 3,
    });
    if (response !== 2) return response;
  }
}

async function collect({ port, home, redact }: DiagnosticsOptions): Promise<string> {
  const { peers, relays, settings, warnings } = port.snapshot();
  const about = await port.handlers['app.about']({}, context);
  const reports: string[] = [];
  const names: string[] = [basename(homedir())];
  const hosts: string[] = [hostname()];
  for (const { name, agentName, url } of relays.relays) {
    names.push(name, agentName);
    hosts.push(...hostsOf(url));
  }
  for (const peer of peers) {
    names.push(peer.name, peer.nickname ?? '', peer.group ?? '');
    const opened = await port.handlers['peer.open']({ peerId: peer.id }, context);
    if (!opened.ok) continue;
    for (const link of opened.value.detail.links) {
      hosts.push(...hostsOf(link.url));
      const report = await port.handlers['health.report']({ linkId: link.id }, context);
      if (report.ok) reports.push(report.value.text);
    }
  }
  const { versions, platform, arch } = process;
  return diagnosticsText(
    {
      about: about.ok ? about.value.text : 'not known',
      reports,
      settings,
      warnings,
      machine: {
        system: `${platform} ${arch} ${release()}`,
        electron: versions.electron ?? 'none',
        chromium: versions.chrome ?? 'none',
        node: versions.node,
        switches: switches(process.argv),
      },
      log: logOf(home),
      at: new Date(),
    },
    createMask({ names, hosts, folders: [home, homedir()], redact }),
  );
}

/** What the start was given, without any value: an AppImage may switch Chromium's sandbox off that way. */
const switches = (args: readonly string[]): string =>
  args
    .filter((arg) => arg.startsWith('--'))
    .map((arg) => arg.split('=', 1)[0])
    .join(' ') || 'none';

/** The host as the address names it, and the machine's own name at its front. */
function hostsOf(url: string): string[] {
  const host = URL.parse(url)?.hostname ?? '';
  const [machine = ''] = host.split('.');
  return /[a-z]/i.test(machine) && !host.startsWith('[') ? [host, machine] : [host];
}

function logOf(home: string): string {
  try {
    return readFileSync(join(home, 'logs', 'peerage.log'), 'utf8');
  } catch {
    return '';
  }
}
