import { useEffect, useRef } from 'react';
import type { GatewayTask } from '../../../electron/contract/index.ts';
import { isUnderWay } from './parts/gateway-task.tsx';

/** Looks again at what a change of the gateway may have changed, as soon as it ends, however it ends. */
export function useTaskEnd(task: GatewayTask | null, ended: () => void): void {
  const latest = useRef(ended);
  latest.current = ended;
  const end = task && !isUnderWay(task) ? task.startedAt : null;
  const known = useRef(end);
  useEffect(() => {
    if (end !== null && end !== known.current) latest.current();
    known.current = end;
  }, [end]);
}
