import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { type Import, importsOf } from './imports.ts';
import { type Package, read } from './sources.ts';

/** What a bundle for browsers begins from, in packages that otherwise need Node. */
const ENTRIES = ['runtime/src/browser/index.ts', 'runtime/src/browser/worker.ts', 'provider/src/browser/index.ts'];

/** Packages of others that run in Node only. */
const NODE_ONLY: ReadonlySet<string> = new Set([
  'onnxruntime-node',
  '@chainsafe/hashtree',
  'commander',
  'pino',
  'prom-client',
]);

/** Tables that the build writes and that import nothing; lint runs before it. */
const GENERATED = 'sdk/src/generated/';

/** Imports for more than types that a browser cannot follow, in words: everything that the entries lead to is looked at. */
export function browserProblems(all: readonly Package[]): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file) || file.startsWith(GENERATED)) return;
    seen.add(file);
    for (const it of importsOf(file)) {
      if (it.typeOnly) continue;
      const next = targetOf(it, all);
      if (next === 'node')
        problems.push(`${it.file}:${it.line}: '${it.specifier}': a browser comes here and has it not`);
      else if (next) visit(next);
    }
  };
  for (const entry of ENTRIES) visit(entry);
  return problems;
}

/** The file of ours that an import leads to in a browser; 'node' if that is none, undefined if it is others'. */
function targetOf({ file, specifier }: Import, all: readonly Package[]): string | 'node' | undefined {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier) || NODE_ONLY.has(specifier)) return 'node';
  if (specifier.startsWith('.'))
    return specifier.endsWith('.ts') ? posix.join(posix.dirname(file), specifier) : undefined;
  const home = all.find(({ folder }) => file.startsWith(`${folder}/`));
  if (specifier.startsWith('#')) return home && entryOf(home.folder, 'imports', specifier);
  const target = all.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  return target && entryOf(target.folder, 'exports', `.${specifier.slice(target.name.length)}`);
}

/** What a package's manifest names for browsers under a key of `imports` or `exports`. */
function entryOf(folder: string, field: 'imports' | 'exports', key: string): string | undefined {
  const entry = JSON.parse(read(`${folder}/package.json`))[field]?.[key];
  const path = typeof entry === 'string' ? entry : (entry?.browser ?? entry?.import ?? entry?.default);
  return typeof path === 'string' ? posix.join(folder, path) : undefined;
}
