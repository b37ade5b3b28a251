/** Serves our pages by a scheme of our own, and keeps the page from everything else. */
import { app, protocol, type Session } from 'electron';
import { SECURITY_HEADERS, type StaticFiles } from '../static-files.ts';
import { isOwnPage, mayHavePermission, mayLoad, SCHEME } from './rules.ts';

/** Must run before Electron is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Answers requests for our pages from the files that were read at start. */
export function servePages(files: StaticFiles, session: Session): void {
  session.protocol.handle(SCHEME, (request) => {
    const file = isOwnPage(request.url) ? files.find(new URL(request.url).pathname) : undefined;
    if (!file || request.method !== 'GET') {
      return new Response('Not here.', { status: 404, headers: SECURITY_HEADERS });
    }
    const headers = { ...SECURITY_HEADERS, 'content-type': file.type };
    return new Response(new Uint8Array(file.body), { headers });
  });
}

/** Every permission, download and foreign request is refused unless a rule allows it. */
export function restrictSession(session: Session): void {
  const developing = !app.isPackaged;
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(mayHavePermission(permission, contents.getURL()));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    mayHavePermission(permission, origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !mayLoad(details.url, developing) });
  });
  session.on('will-download', (event) => event.preventDefault());
}
