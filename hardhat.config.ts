import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import toolbox from '@nomicfoundation/hardhat-toolbox-mocha-ethers';
import { configVariable, defineConfig } from 'hardhat/config';
import type { HardhatPlugin } from 'hardhat/types/plugins';
import type { CompilerOutputError } from 'hardhat/types/solidity';
import { parallelSolc } from './scripts/build/parallel-solc.ts';

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

/** What every job passes through. */
const daily = ['market/JobMarket', 'staking/StakeManager', 'claims/Claims', 'governance/ProtocolParameters'];
const judges = globSync('contracts/referee/judges/*.sol', { cwd: import.meta.dirname });

/** Judges compute a lot, and what every job passes through often: both are optimised for execution, the rest for size too. */
const overrides = [...judges, ...daily.map((name) => `contracts/${name}.sol`)].map(
  (file) => [file, compiler(1_000_000)] as const,
);

const solidity = { compilers: [compiler(200)], overrides: Object.fromEntries(overrides) };

/** Warnings of dependencies are theirs to fix and stay silent; a warning of ours is an error, but for the size of tests. */
const strictWarnings: HardhatPlugin = {
  id: 'strict-warnings',
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        async invokeSolc(context, compiler, input, config, next) {
          const output = await next(context, compiler, input, config);
          const errors = (output.errors ?? []).filter((it) => it.severity !== 'warning' || concernsUs(it));
          return { ...output, errors: errors.map((it) => ({ ...it, severity: 'error', type: 'Error' })) };
        },
      }),
    }),
  },
};

const SIZE_CODES = ['5574', '3860'];

function concernsUs(message: CompilerOutputError & { sourceLocation?: { file: string } }): boolean {
  const { sourceLocation: { file } = { file: '' }, errorCode } = message;
  return !file.startsWith('npm/') && !(file.includes('/test/') && SIZE_CODES.includes(errorCode ?? ''));
}

/** A value that stands in the file that `<name>_FILE` names, or in Hardhat's keystore or environment; never in this repository. */
function secret(name: string) {
  const file = process.env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').trim() : configVariable(name);
}

export default defineConfig({
  plugins: [strictWarnings, parallelSolc, toolbox],
  networks: {
    local: { type: 'http', chainType: 'l1', url: process.env.ESSAIM_LOCAL_RPC ?? 'http://127.0.0.1:8545' },
    live: {
      type: 'http',
      chainType: 'generic',
      url: secret('ESSAIM_RPC_URL'),
      accounts: [secret('ESSAIM_DEPLOYER_KEY')],
    },
  },
  paths: { tests: { mocha: 'test/contracts' } },
  typechain: { outDir: 'sdk/src/generated/types', tsNocheck: true },
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
