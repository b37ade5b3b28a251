/** Which kind of package this copy is, and so who replaces it. */

/** `none`: run from sources, unpacked by hand, or a package that its own system keeps up to date. */
export type UpdateKind = 'none' | 'appimage' | 'deb' | 'mac' | 'nsis';

/** By what a copy tells which package it came in. */
export interface PackageSigns {
  readonly packaged: boolean;
  readonly platform: NodeJS.Platform;
  /** The file that this copy runs out of (`ownAppImage`); only then is there one to replace. */
  readonly appImage: string | undefined;
  /** What electron-builder writes into `resources/package-type` of a deb; null = no such file. */
  readonly packageType: string | null;
  /** `resources/app-update.yml` is there: the build was told where its releases are. */
  readonly knowsServer: boolean;
}

/**
 * Decides by signs that the packages themselves carry. The AppImage first: it is made of the same folder
 * as the deb, at the same time, so that the deb's sign can lie in it as well.
 */
export function updateKind(signs: PackageSigns): UpdateKind {
  if (!signs.packaged || !signs.knowsServer) return 'none';
  switch (signs.platform) {
    case 'darwin':
      return 'mac';
    case 'win32':
      return 'nsis';
    case 'linux':
      if (signs.appImage) return 'appimage';
      return signs.packageType?.trim() === 'deb' ? 'deb' : 'none';
    default:
      return 'none';
  }
}

/** True where installing asks for a password: dpkg needs root. */
export const asksPassword = (kind: UpdateKind): boolean => kind === 'deb';
