import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorRegistry } from '../../../electron/contract/index.ts';
import { missingPackages } from '../../../scripts/complete-lockfile.ts';
import { ERRORS_DOC, errorsDocument } from '../../../scripts/errors-doc.ts';

const root = join(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);
const config: Record<string, unknown> = require('js-yaml').load(
  readFileSync(join(root, 'electron-builder.yml'), 'utf8'),
);

test('docs/errors.md is what the registry says', () => {
  expect(readFileSync(ERRORS_DOC, 'utf8')).toBe(errorsDocument(errorRegistry));
});

describe('packaging', () => {
  test('fits the schema of electron-builder', () => {
    const Ajv = require('ajv').default;
    const schema = JSON.parse(readFileSync(require.resolve('app-builder-lib/scheme.json'), 'utf8'));
    const validate = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);
    expect({ fits: validate(config), errors: validate.errors }).toEqual({
      fits: true,
      errors: null,
    });
  });

  test('decides every fuse that there is', () => {
    const { definitions } = JSON.parse(
      readFileSync(require.resolve('app-builder-lib/scheme.json'), 'utf8'),
    );
    const fuses = Object.keys(definitions.FuseOptionsV1.properties).sort();
    expect(Object.keys(config.electronFuses as object).sort()).toEqual(fuses);
    expect(config.electronFuses).toMatchObject({ runAsNode: false, onlyLoadAppFromAsar: true });
  });
});

test('package-lock.json has the packages of every platform', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  expect(missingPackages(packages)).toEqual({});
  const biome = {
    version: '1.0.0',
    dev: true,
    optionalDependencies: { '@b/cli-linux-x64-musl': '1.0.0' },
  };
  expect(missingPackages({ '': {}, 'node_modules/biome': biome })).toEqual({
    'node_modules/@b/cli-linux-x64-musl': {
      version: '1.0.0',
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
      dev: true,
      optional: true,
    },
  });
});
