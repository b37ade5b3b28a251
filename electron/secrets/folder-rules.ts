/**
 * Who may be able to read a mounted secret. Pure rules over `stat` results.
 *
 * Two mounts do not look private though they are, and are let through for a stated reason:
 * - Kubernetes mounts a secret volume as a world-writable, sticky folder (mode 1777, owner root) whose
 *   `..data` link leads to the folder of the current version; whoever lists it learns names only. The files count:
 *   `defaultMode: 0400` makes them private. With `fsGroup` the kubelet adds group reading (0440,
 *   owner root), which is how a process that is not root gets in at all.
 *   Source: Kubernetes, "Configure a Security Context" and pkg/volume/volume_linux.go (SetVolumeOwnership).
 * - systemd gives the service user an ACL, whose mask shows up as group bits (0550 and 0440, owner
 *   root). Source: systemd.exec(5), "Credentials".
 * So: owned by us, no bit for anyone else; owned by root while we are not, group reading is allowed.
 */

/** The parts of `fs.Stats` that count. */
export interface Modes {
  readonly mode: number;
  readonly uid: number;
  isDirectory(): boolean;
  isFile(): boolean;
}

/** Who reads. `checksModes` is false on Windows, where modes mean nothing. */
export interface Reader {
  readonly uid: number;
  readonly checksModes: boolean;
}

const STICKY = 0o1000;

/** Why the folder is refused, as the end of a sentence, or undefined when it is private. `versioned`: it holds a `..data` link of root's or ours. */
export function folderFault(folder: Modes, versioned: boolean, reader: Reader): string | undefined {
  if (!folder.isDirectory()) return 'is not a folder.';
  if (!reader.checksModes) return undefined;
  if (versioned) {
    const writable = (folder.mode & 0o022) !== 0;
    return writable && (folder.mode & STICKY) === 0
      ? 'can be changed by other users of this machine.'
      : ownerFault(folder, reader);
  }
  return ownerFault(folder, reader) ?? modeFault(folder, reader, 'chmod 700');
}

/** Why the file is refused, as the end of a sentence, or undefined when it is private. */
export function fileFault(file: Modes, reader: Reader): string | undefined {
  if (!file.isFile()) return 'is not a plain file.';
  if (!reader.checksModes) return undefined;
  return (
    ownerFault(file, reader) ??
    modeFault(file, reader, 'chmod 600, or in Kubernetes defaultMode: 0400')
  );
}

function ownerFault({ uid }: Modes, reader: Reader): string | undefined {
  return uid === 0 || uid === reader.uid ? undefined : 'belongs to another user.';
}

function modeFault({ mode, uid }: Modes, reader: Reader, remedy: string): string | undefined {
  const groupMayRead = uid === 0 && reader.uid !== 0;
  const forbidden = groupMayRead ? 0o027 : 0o077;
  return (mode & forbidden) === 0
    ? undefined
    : `can be reached by other users of this machine (mode ${(mode & 0o777).toString(8)}; use ${remedy}).`;
}
