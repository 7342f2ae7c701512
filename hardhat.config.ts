import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import toolbox from '@nomicfoundation/hardhat-toolbox-mocha-ethers';
import { configVariable, defineConfig } from 'hardhat/config';
import { parallelSolc } from './scripts/build/parallel-solc.ts';
import { strictWarnings } from './scripts/build/strict-warnings.ts';

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
