import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EssaimError } from '@essaim/protocol';
import { expect } from 'chai';
import { gndBinary, writeBuilt } from '../../scripts/stack/indexer.ts';
import { type Database, startPostgres } from '../../scripts/stack/postgres.ts';
import { buildSubgraph, PLACES } from '../../scripts/subgraph/build.ts';
import { CLONES, EMITTERS, eventsOf } from '../../scripts/subgraph/sources.ts';
import { type Case, toldOf } from './case.ts';
import { assets } from './cases/assets.ts';
import { audits } from './cases/audits.ts';
import { claims } from './cases/claims.ts';
import { governance } from './cases/governance.ts';
import { grants } from './cases/grants.ts';
import { identity } from './cases/identity.ts';
import { market } from './cases/market.ts';
import { staking } from './cases/staking.ts';
import { training } from './cases/training.ts';
import { vouchers } from './cases/vouchers.ts';

const CASES: Case[] = [
  ...market,
  ...claims,
  ...audits,
  ...identity,
  ...staking,
  ...assets,
  ...training,
  ...governance,
  ...grants,
  ...vouchers,
];

describe('The handlers of the subgraph', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'essaim-handlers-'));
  let gnd: string;
  let database: Database | undefined;

  before(async function () {
    try {
      gnd = gndBinary();
      database = await startPostgres();
    } catch (error) {
      const isMissing = error instanceof EssaimError && error.code.endsWith('_MISSING');
      if (!isMissing || process.env.CI) throw error;
      console.log(`      ${error.message}: ${error.help}`);
      this.skip();
    }
    buildSubgraph();
    writeBuilt(folder, PLACES);
  });

  after(async () => {
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [i, one] of CASES.entries()) {
    it(`keep ${one.name}`, async () => {
      const tests = join(folder, 'tests', String(i));
      mkdirSync(tests, { recursive: true });
      writeFileSync(join(tests, 'case.json'), JSON.stringify(one));
      await gndTest(gnd, folder, tests, database!.url);
    });
  }

  it('are tested with every event of every contract', () => {
    const all = [...EMITTERS, ...CLONES].flatMap((name) => eventsOf(name).map((event) => `${name}.${event.name}`));
    expect(all.filter((name) => !toldOf().has(name))).to.deep.equal([]);
  });
});

/** Runs one case through the real indexer; what it did not find is the error's message. */
async function gndTest(gnd: string, cwd: string, tests: string, postgres: string): Promise<void> {
  const args = ['test', '--skip-build', '--manifest', 'subgraph.yaml', '--postgres-url', postgres, tests];
  try {
    const { stdout } = await promisify(execFile)(gnd, args, { cwd, env: { ...process.env, NO_COLOR: '1' } });
    expect(stdout).to.match(/1 passed/);
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    if (stdout === undefined) throw error;
    throw new Error(`${stdout}\n${stderr}`.trim().slice(-6_000));
  }
}
