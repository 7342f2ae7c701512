/**
 * Writes the networks that `Essaim.connect({ network })` knows to sdk/src/networks/known.ts: those of
 * deployments/<chainId>.json but for the local chain's. Beside what the deploy script wrote such a file may hold `name`,
 * `rpc`, `indexer` and `storage`, for those who name none.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEPLOYMENTS } from './lib/deployment-file.ts';

const LOCAL = 31337;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The module's text for the deployments in a folder. */
export function networksModule(folder: string): string {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /^\d+\.json$/.test(file)) : [];
  const known = files
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
    .filter(({ chainId }) => chainId !== LOCAL)
    .sort((a, b) => a.chainId - b.chainId)
    .map(({ name, chainId, rpc, indexer, storage, startBlock, addresses }) => ({
      ...{ name: name ?? String(chainId), chainId, rpc, indexer, storage },
      deployment: { chainId, startBlock, addresses },
    }));
  return [
    '// Made by scripts/networks.ts from deployments/. Do not edit.',
    "import type { Network } from './networks.ts';",
    '',
    `export const networks: readonly Network[] = ${JSON.stringify(known, null, 2)};`,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(ROOT, 'sdk/src/networks/known.ts'), networksModule(join(ROOT, DEPLOYMENTS)));
