import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { browserProblems } from './browser-entries.ts';
import { cycles } from './cycles.ts';
import { type Import, importsOf } from './imports.ts';
import { type Package, packages, sources } from './sources.ts';

/** Which of our packages each package's `src` may import. Tests and scripts may import any. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  protocol: [],
  storage: [],
  runtime: ['protocol'],
  sdk: ['protocol', 'storage'],
  daemon: ['protocol', 'sdk', 'storage'],
  provider: ['daemon', 'protocol', 'runtime', 'sdk', 'storage', 'verifier'],
  verifier: ['daemon', 'protocol', 'runtime', 'sdk', 'storage'],
  subgraph: [],
  app: ['provider', 'runtime', 'sdk'],
};

/** AssemblyScript: its own compiler finds what it imports, and nothing of ours can be. */
const COMPILED_ELSEWHERE = 'subgraph/src/';

/** Packages that run in a browser as they are. */
const BROWSER = ['protocol', 'sdk', 'app'];

/** Parts of them with an entry of their own that need Node. */
const NODE_ONLY = ['sdk/src/node/'];

/** Written by the build, with syntax that Node cannot strip: only their types may be used. */
const GENERATED_TYPES = 'sdk/src/generated/types/';

const all = packages();
const problems: string[] = [];

for (const { folder } of all) {
  if (!MAY_IMPORT[folder])
    problems.push(`package.json: no rule says what ${folder} may import (scripts/check/boundaries.ts)`);
}
for (const file of sources('**/*.{ts,tsx}')) {
  if (file.startsWith(COMPILED_ELSEWHERE)) continue;
  const home = all.find(({ folder }) => file.startsWith(`${folder}/`));
  for (const it of importsOf(file)) {
    const rule = brokenRule(it, home);
    if (rule) problems.push(`${it.file}:${it.line}: '${it.specifier}': ${rule}`);
  }
}
for (const { folder } of all) {
  for (const circle of cycles(valueImports(folder))) problems.push(`${circle[0]}: circle: ${circle.join(' -> ')}`);
}
problems.push(...browserProblems(all));

if (problems.length > 0) {
  console.error(problems.join('\n'));
  console.error(`\n${problems.length} imports cross a boundary`);
  process.exitCode = 1;
} else console.log('imports keep their boundaries');

/** The rule that an import breaks, in words, or undefined. */
function brokenRule(it: Import, home: Package | undefined): string | undefined {
  if (it.specifier.startsWith('.')) return brokenByRelative(it, home);
  // a package's own, by the conditions in its manifest
  if (it.specifier.startsWith('#')) return undefined;
  if (isBuiltin(it.specifier)) {
    const inBrowser =
      home &&
      isSource(it.file, home) &&
      BROWSER.includes(home.folder) &&
      !NODE_ONLY.some((folder) => it.file.startsWith(folder));
    return inBrowser && !it.typeOnly ? `${home.folder} runs in a browser and imports nothing of Node` : undefined;
  }
  const target = all.find(({ name }) => it.specifier === name || it.specifier.startsWith(`${name}/`));
  if (target && !target.entries.has(it.specifier)) {
    return `no deep import past the exports of ${target.name} (${[...target.entries].join(', ')})`;
  }
  if (!home || !isSource(it.file, home)) return undefined;
  if (target && !MAY_IMPORT[home.folder]?.includes(target.folder)) {
    return `${home.folder} may import ${MAY_IMPORT[home.folder]?.join(', ') || 'nothing'} of ours`;
  }
  const dependency = packageName(it.specifier);
  return home.dependencies.has(dependency)
    ? undefined
    : `${dependency} is not among the dependencies in ${home.folder}/package.json`;
}

/** Relative imports stay at home; from elsewhere only tests reach into a package. */
function brokenByRelative(it: Import, home: Package | undefined): string | undefined {
  const path = posix.join(posix.dirname(it.file), it.specifier);
  const target = all.find(({ folder }) => path.startsWith(`${folder}/`));
  const isTest = it.file.startsWith('test/') || it.file.includes('/test/');
  if (target && target !== home && !isTest) return `import ${target.name} instead of a path into it`;
  if (path.startsWith(GENERATED_TYPES) && !it.typeOnly) return 'generated contract types are for import type only';
  if (!home || target === home || !isSource(it.file, home)) return undefined;
  if (path.startsWith('deployments/') && path.endsWith('.json')) return undefined;
  return 'a package imports nothing outside its folder but JSON of deployments/';
}

/** A package's modules and what each imports of them for more than types. */
function valueImports(folder: string): Map<string, string[]> {
  const resolve = ({ file, specifier }: Import) => posix.join(posix.dirname(file), specifier);
  const inside = (it: Import) => !it.typeOnly && it.specifier.startsWith('.');
  return new Map(
    sources(`${folder}/src/**/*.{ts,tsx}`).map((file) => [file, importsOf(file).filter(inside).map(resolve)]),
  );
}

function isSource(file: string, { folder }: Package): boolean {
  return file.startsWith(`${folder}/src/`);
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
