import { defineConfig } from 'tsdown';

/**
 * The package as others install it: each module a file, so that bundlers leave out what is not used and load the rest
 * when it is asked for. Our own packages are in it, those of others stay outside.
 */
export default defineConfig({
  entry: { index: 'src/index.ts', node: 'src/node/index.ts' },
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2023',
  unbundle: true,
  tsconfig: 'tsconfig.build.json',
  dts: true,
  logLevel: 'warn',
  deps: { neverBundle: (id) => /^[^./\\]/.test(id) && !/^(@essaim\/|src\/)/.test(id), alwaysBundle: [/^@essaim\//] },
});
