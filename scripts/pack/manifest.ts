import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

interface Manifest {
  name: string;
  version: string;
  license: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** What a package of ours shares with the application that installs it, so that there is one of it: version of ours or later. */
const SHARED = 'ethers';

/** Our packages whose code is in the SDK's. */
const INSIDE = ['protocol', 'storage', 'sdk'];

/**
 * The package.json that the SDK is installed with: entries for both module systems, and what the files below `folder`
 * import of others, in the versions that they were tested with.
 */
export function packedManifest(root: string, folder: string): object {
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest & { engines: object };
  const { name, version, license, peerDependencies, peerDependenciesMeta } = read('sdk/package.json');
  const { description, engines } = read('package.json') as ReturnType<typeof read> & { description: string };
  const known = Object.assign({}, ...INSIDE.map((inside) => read(`${inside}/package.json`).dependencies));
  const { [SHARED]: shared, ...used } = pick(known, importedBy(folder), Object.keys(peerDependencies ?? {}));
  return {
    ...{ name, version, description, license, engines },
    ...{ type: 'module', sideEffects: false, files: ['dist'] },
    exports: { '.': entry('index'), './node': entry('node'), './package.json': './package.json' },
    ...{ main: './dist/index.cjs', module: './dist/index.js', types: './dist/index.d.cts' },
    dependencies: used,
    peerDependencies: { [SHARED]: `^${shared}`, ...peerDependencies },
    peerDependenciesMeta,
  };
}

const entry = (name: string) => ({
  import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
  require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
});

/** Names of the packages that built modules import. */
function importedBy(folder: string): Set<string> {
  const names = new Set<string>();
  for (const file of globSync('**/*.js', { cwd: folder })) {
    const source = readFileSync(join(folder, file), 'utf8');
    for (const [, specifier] of source.matchAll(
      /^(?:import|export)\b[^;'"]*?["']([^"']+)["'];?$|\bimport\("([^"]+)"\)/gm,
    ))
      if (specifier && !specifier.startsWith('.') && !isBuiltin(specifier)) names.add(packageOf(specifier));
  }
  return names;
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** The versions of what is used. */
function pick(known: Record<string, string>, used: ReadonlySet<string>, peers: readonly string[]) {
  const missing = [...used].filter((name) => !known[name] && !peers.includes(name));
  if (missing.length > 0) throw new Error(`the SDK imports ${missing.join(', ')}, which no package.json of it names`);
  return Object.fromEntries(Object.entries(known).filter(([name]) => used.has(name)));
}
