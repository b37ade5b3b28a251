/** Offers the diagnostics bundle: shown first, saved where the person says, sent nowhere. */
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir, release } from 'node:os';
import { join } from 'node:path';
import { clipboard, dialog } from 'electron';
import type { AppPort, CallerContext } from '../../contract/index.ts';
import { createMask, diagnosticsText } from '../../diagnostics/index.ts';

const context: CallerContext = {
  door: 'control',
  connectionId: 'desktop-diagnostics',
  signal: new AbortController().signal,
};
/** So much of the text is shown in the dialog; *Copy* gives all of it. */
const PREVIEW_LINES = 40;
const FILE_NAME = 'peerage-diagnostics.txt';

export interface DiagnosticsOptions {
  readonly port: AppPort;
  readonly home: string;
  readonly redact: (text: string) => string;
  readonly log: (line: string) => void;
}

/** Shows the bundle, and saves or copies it if the person wants that. */
export async function offerDiagnostics(options: DiagnosticsOptions): Promise<void> {
  try {
    const text = await collect(options);
    const shown = text.split('\n');
    const more = Math.max(0, shown.length - PREVIEW_LINES);
    const { response } = await dialog.showMessageBox({
      type: 'info',
      message: 'Diagnostics',
      detail: `${shown.slice(0, PREVIEW_LINES).join('\n')}${more > 0 ? `\n… and ${more} more lines` : ''}`,
      buttons: ['Save…', 'Copy all', 'Cancel'],
      defaultId: 0,
      cancelId: 2,
    });
    if (response === 1) await clipboard.writeText(text);
    if (response !== 0) return;
    const { canceled, filePath } = await dialog.showSaveDialog({
      defaultPath: join(homedir(), FILE_NAME),
    });
    if (!canceled && filePath !== '') writeFileSync(filePath, text, { mode: 0o600 });
  } catch (error) {
    options.log(`diagnostics: ${String(error)}`);
  }
}

async function collect({ port, home, redact }: DiagnosticsOptions): Promise<string> {
  const { peers, settings, warnings } = port.snapshot();
  const about = await port.handlers['app.about']({}, context);
  const reports: string[] = [];
  const names: string[] = [];
  for (const peer of peers) {
    names.push(peer.name, peer.nickname ?? '', peer.group ?? '');
    const opened = await port.handlers['peer.open']({ peerId: peer.id }, context);
    if (!opened.ok) continue;
    for (const link of opened.value.detail.links) {
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
      },
      log: logOf(home),
      at: new Date(),
    },
    createMask({ names, folders: [home, homedir()], redact }),
  );
}

function logOf(home: string): string {
  try {
    return readFileSync(join(home, 'logs', 'peerage.log'), 'utf8');
  } catch {
    return '';
  }
}
