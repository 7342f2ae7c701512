/**
 * Writes the manifest of one network and deploys it: node scripts/subgraph/publish.ts --deployment FILE --network NAME
 * [--name essaim/essaim] [--node http://127.0.0.1:8020] [--ipfs http://127.0.0.1:5001] [--label v1] [--write-only]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readDeployment } from '@essaim/sdk';
import { buildSubgraph } from './build.ts';
import { manifest } from './manifest.ts';

const SUBGRAPH = fileURLToPath(new URL('../../subgraph/', import.meta.url));
const { values } = parseArgs({
  options: {
    deployment: { type: 'string' },
    network: { type: 'string' },
    name: { type: 'string', default: 'essaim/essaim' },
    node: { type: 'string', default: 'http://127.0.0.1:8020' },
    ipfs: { type: 'string', default: 'http://127.0.0.1:5001' },
    label: { type: 'string', default: 'v1' },
    'write-only': { type: 'boolean', default: false },
  },
});
if (!values.deployment || !values.network) {
  console.error('usage: node scripts/subgraph/publish.ts --deployment FILE --network NAME [--write-only]');
  process.exit(2);
}

const deployment = readDeployment(JSON.parse(readFileSync(values.deployment, 'utf8')));
buildSubgraph();
const folder = join(SUBGRAPH, 'build', 'networks');
mkdirSync(folder, { recursive: true });
const file = join(folder, `${values.network}.yaml`);
const to = (path: string) => relative(folder, join(SUBGRAPH, path));
writeFileSync(
  file,
  manifest(values.network, deployment, {
    schema: to('schema.graphql'),
    mapping: to('src/index.ts'),
    abi: (name) => to(`generated/abis/${name}.json`),
  }),
);
console.log(relative(process.cwd(), file));
if (!values['write-only']) {
  const { name, node, ipfs, label } = values;
  graph('create', name, '--node', node);
  graph(
    'deploy',
    name,
    file,
    '--node',
    node,
    '--ipfs',
    ipfs,
    '--version-label',
    label,
    '--output-dir',
    'build/deployed',
  );
}

/** Runs graph-cli in the subgraph's folder, with its output shown. */
function graph(...args: string[]): void {
  const cli = createRequire(`${SUBGRAPH}package.json`).resolve('@graphprotocol/graph-cli/bin/run.js');
  execFileSync(process.execPath, [cli, ...args], { cwd: SUBGRAPH, stdio: 'inherit' });
}
