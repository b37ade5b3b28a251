/**
 * The shapes of well-known secrets, as their makers publish them: a fixed beginning, and how it goes
 * on. Each shape names a piece of text that must be there before its pattern is tried at all, so that
 * a long message costs one look per shape.
 */

/** How the secrets of one maker look. */
export interface SecretShape {
  /** What it is, for a person: *GitHub token*. Never holds anything of the text. */
  readonly label: string;
  /** Some text that every hit holds. */
  readonly hint: string;
  /** With the flag g. Bounded, so that no text makes it slow. */
  readonly pattern: RegExp;
}

const shape = (label: string, hint: string, pattern: RegExp): SecretShape => ({
  label,
  hint,
  pattern,
});

/** Keys, tokens and private keys that are known by how they look. */
export const SECRET_SHAPES: readonly SecretShape[] = [
  // A header that is only talked about has no key below it. Escaped line ends are those of JSON.
  shape(
    'Private key',
    'PRIVATE KEY',
    /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[rn]){1,4}(?:[A-Za-z-]{3,20}: [^\n]{0,200}\n){0,4}(?:\s|\\[rn]){0,4}[A-Za-z0-9+/]{32,}/g,
  ),
  shape(
    'JSON Web Token',
    'eyJ',
    /\beyJ[A-Za-z0-9_-]{10,8192}\.eyJ[A-Za-z0-9_-]{10,8192}\.[A-Za-z0-9_-]{20,}/g,
  ),
  shape('AWS access key', 'AKIA', /\bAKIA[A-Z2-7]{16}\b/g),
  shape('AWS session key', 'ASIA', /\bASIA[A-Z2-7]{16}\b/g),
  shape('GitHub token', 'gh', /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g),
  shape('GitHub token', 'github_pat_', /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/g),
  shape('GitLab token', 'glpat-', /\bglpat-[A-Za-z0-9_.-]{20,}/g),
  shape('Anthropic key', 'sk-ant-', /\bsk-ant-[a-z]{2,12}[0-9]{2}-[A-Za-z0-9_-]{20,}/g),
  shape('OpenAI key', 'sk-', /\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,}/g),
  shape('OpenAI key', 'sk-', /\bsk-[A-Za-z0-9]{48}\b/g),
  shape('OpenRouter key', 'sk-or-v1-', /\bsk-or-v1-[0-9a-f]{64}\b/g),
  shape('Groq key', 'gsk_', /\bgsk_[A-Za-z0-9]{48,60}\b/g),
  shape('xAI key', 'xai-', /\bxai-[A-Za-z0-9]{70,90}\b/g),
  shape('Hugging Face token', 'hf_', /\bhf_[A-Za-z0-9]{34,40}\b/g),
  shape('Google API key', 'AIza', /\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/g),
  shape('Google client secret', 'GOCSPX-', /\bGOCSPX-[0-9A-Za-z_-]{28}/g),
  shape('Google access token', 'ya29.', /\bya29\.[0-9A-Za-z_-]{40,}/g),
  shape('Slack token', 'xox', /\bxox[abeoprs]-[0-9A-Za-z-]{20,}/g),
  shape('Slack token', 'xapp-', /\bxapp-[0-9]-[A-Z0-9]{6,}-[0-9]{6,}-[0-9a-f]{20,}/g),
  shape(
    'Slack webhook',
    'hooks.slack.com',
    /hooks\.slack\.com\/(?:services|workflows)\/[A-Z0-9]{8,}\/[A-Z0-9]{8,}\/[A-Za-z0-9]{16,}/g,
  ),
  shape('Discord webhook', '/api/webhooks/', /\/api\/webhooks\/[0-9]{17,20}\/[A-Za-z0-9_-]{60,}/g),
  shape('Telegram bot token', ':AA', /\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g),
  shape('Stripe key', '_live_', /\b[rs]k_live_[0-9A-Za-z]{16,}/g),
  shape('Stripe key', '_test_', /\b[rs]k_test_[0-9A-Za-z]{16,}/g),
  shape('Stripe signing secret', 'whsec_', /\bwhsec_[0-9A-Za-z+/]{32,}/g),
  shape(
    'Tailscale key',
    'tskey-',
    /\btskey-(?:auth|api|client|webhook|scim)-[A-Za-z0-9]{8,}-[A-Za-z0-9]{16,}/g,
  ),
  shape('npm token', 'npm_', /\bnpm_[A-Za-z0-9]{36}\b/g),
  shape('PyPI token', 'pypi-', /\bpypi-AgE[A-Za-z0-9_-]{50,}/g),
  shape('SendGrid key', 'SG.', /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g),
  shape('DigitalOcean token', 'do', /\bdo[opr]_v1_[0-9a-f]{64}\b/g),
  shape('Shopify token', 'shp', /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b/g),
  shape('Vault token', 'hv', /\bhv[bs]\.[A-Za-z0-9_-]{24,}/g),
  shape('Linear key', 'lin_api_', /\blin_api_[A-Za-z0-9]{40}\b/g),
  shape('Databricks token', 'dapi', /\bdapi[0-9a-f]{32}\b/g),
  shape('age key', 'AGE-SECRET-KEY-1', /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/g),
  shape('Azure storage key', 'AccountKey=', /AccountKey=[A-Za-z0-9+/]{86}==/g),
];
