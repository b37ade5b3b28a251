/** The part of the room that knows the OpenClaw of this user. */
export { isLoopback, ownAddresses } from './addresses.ts';
export { runAudit } from './audit.ts';
export { createBackups, replaceFile } from './backups.ts';
export { type BindWish, draftBind, START_COMMAND } from './bind-plan.ts';
export { changeBind, changeSecret, type HeldPlan, restoreFile } from './changes.ts';
export { type ConfigPlace, configPlace, type Environment } from './config-path.ts';
export { hashOf } from './config-write.ts';
export { NO_DEVICES, type OurDevices, type OwnerOf, readDevices, tokenRoles } from './devices.ts';
export { type ExecVerdict, execVerdict } from './exec-policy.ts';
export { measureExposure, tryAddress } from './exposure.ts';
export { checkFirewall, thisFirewall } from './firewall/firewall.ts';
export { readListeners } from './listeners.ts';
export {
  detectOwnGateway,
  type OwnGateway,
  type OwnGatewayOptions,
  readOwnCredential,
} from './own-gateway.ts';
export { askProgram, askVersion, findOpenClaw, lastObject, type ProgramFacts } from './program.ts';
export { type RunProgram, runProgram } from './run.ts';
export { type ReadSettings, readSettings } from './settings.ts';
export { GatewayTasks, type TaskWorld } from './tasks.ts';
