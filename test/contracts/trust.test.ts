import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { assetLines } from './assets/trust-lines.ts';
import { auditLines } from './audits/trust-lines.ts';
import { claimsLines } from './claims/trust-lines.ts';
import { emissionLines } from './emissions/trust-lines.ts';
import { governanceLines } from './governance/trust-lines.ts';
import { identityLines } from './identity/trust-lines.ts';
import { connection, type Market, marketFixture } from './market/fixture.ts';
import { lendingLines } from './market/lending-trust-lines.ts';
import { marketLines } from './market/trust-lines.ts';
import { randomnessLines } from './randomness/trust-lines.ts';
import { readingLines } from './reading/trust-lines.ts';
import { stakingLines } from './staking/trust-lines.ts';
import { trainingLines } from './training/trust-lines.ts';

/** What each line of docs/trust.md's table says, tested where its subject is: what it can, and what it can never do. */
const lines: Record<string, (system: () => Market) => void> = {
  ...marketLines,
  ...lendingLines,
  ...stakingLines,
  ...claimsLines,
  ...governanceLines,
  ...emissionLines,
  ...assetLines,
  ...trainingLines,
  ...identityLines,
  ...randomnessLines,
  ...auditLines,
  ...readingLines,
};

describe('Trust', () => {
  let market: Market;
  beforeEach(async () => {
    market = await connection.networkHelpers.loadFixture(marketFixture);
  });

  const [powers] = readFileSync('docs/trust.md', 'utf8').split('\n## ');
  const rows = powers
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.split('|')[1].trim())
    .slice(1);

  it('every line of docs/trust.md is tested here, and no other', () => {
    expect(Object.keys(lines)).to.have.members(rows);
  });

  for (const who of rows) describe(who, () => lines[who]?.(() => market));
});
