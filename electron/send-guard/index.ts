/** What is about to be sent, looked at once more: pure, and known to everyone who sends. */
export {
  describeFindings,
  findSecrets,
  findSecretsInFile,
  type SecretFinding,
} from './send-guard.ts';
