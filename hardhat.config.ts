import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import toolbox from '@nomicfoundation/hardhat-toolbox-mocha-ethers';
import { defineConfig } from 'hardhat/config';

const soljson = createRequire(import.meta.url).resolve('solc/soljson.js');

/** One compiler everywhere, given by path so that nothing is ever downloaded; no metadata hash, so code hashes are reproducible. */
const compiler = (runs: number) => ({
  version: '0.8.37',
  path: soljson,
  settings: {
    optimizer: { enabled: true, runs },
    viaIR: true,
    evmVersion: 'osaka',
    metadata: { bytecodeHash: 'none', appendCBOR: false },
  },
});

/** Judges are called rarely and compute a lot: they are optimised for execution, the rest for size and execution alike. */
const judges = globSync('contracts/referee/judges/*.sol', { cwd: import.meta.dirname }).map(
  (file) => [file, compiler(1_000_000)] as const,
);

const solidity = { compilers: [compiler(200)], overrides: Object.fromEntries(judges) };

/** Warnings of dependencies are theirs to fix; ours still print. */
const quietDependencies = {
  id: 'quiet-dependencies',
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        // biome-ignore lint/suspicious/noExplicitAny: the hook's types are not exported
        async getCompilationJobErrors(context: any, job: any, output: any, next: any) {
          const errors = await next(context, job, output);
          return errors.filter(
            // biome-ignore lint/suspicious/noExplicitAny: solc's own JSON
            (e: any) => e.severity === 'error' || !String(e.sourceLocation?.file ?? '').startsWith('npm/'),
          );
        },
      }),
    }),
  },
  // biome-ignore lint/suspicious/noExplicitAny: a plugin without a package
} as any;

export default defineConfig({
  plugins: [quietDependencies, toolbox],
  paths: { tests: { mocha: 'test/contracts' } },
  typechain: { outDir: 'types/contracts' },
  test: {
    mocha: {
      timeout: 120_000,
      forbidOnly: Boolean(process.env.CI),
      reporter: process.env.TEST_COUNTS ? './scripts/test/reporter.ts' : 'spec',
    },
    solidity: {
      fuzz: { runs: 256, seed: '0x1234' },
      invariant: { runs: 32, depth: 50, failOnRevert: true },
    },
  },
  solidity: {
    npmFilesToBuild: ['@openzeppelin/contracts/governance/TimelockController.sol'],
    profiles: { default: solidity, production: solidity },
  },
});
