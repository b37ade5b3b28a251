/**
 * The bridge: frames out, frames in, where a file lies that the person picked or dropped, and nothing
 * else of Electron or Node. What a frame may ask is decided by the contract on the other side.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

const CHANNEL = 'peerage:frame';

contextBridge.exposeInMainWorld('peerage', {
  pathOf: (file: File): string => webUtils.getPathForFile(file),
  send: (frame: unknown): void => ipcRenderer.send(CHANNEL, JSON.stringify(frame)),
  onFrame: (listener: (frame: unknown) => void): (() => void) => {
    const hear = (_event: unknown, text: string): void => listener(JSON.parse(text));
    ipcRenderer.on(CHANNEL, hear);
    return () => ipcRenderer.off(CHANNEL, hear);
  },
});
