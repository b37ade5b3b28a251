/** Puts `process.parentPort` in front of Node's own channel, as a utility process has it. */
import { EventEmitter } from 'node:events';

const events = new EventEmitter();
process.on('message', (data) => events.emit('message', { data }));
Object.defineProperty(process, 'parentPort', {
  value: {
    on: events.on.bind(events),
    postMessage: (message: unknown) => process.send?.(message),
  },
});
