import { expect } from 'chai';
import { divideFee, emissionOf, share } from '../../../scripts/economy/money.ts';
import { LINES, type RuleName, type Rules, withRules } from '../../../scripts/economy/rules.ts';
import { random } from '../../random.ts';
import { connection } from '../market/fixture.ts';
import { emissionsFixture, gains, paid, recorded } from './fixture.ts';

const { ethers, networkHelpers } = connection;

const NAMES = {
  protocolFee: 'feeRules.protocolFee',
  verificationFee: 'feeRules.verificationFee',
  burned: 'feeRules.burned',
  rho: 'emissionRules.rho',
  toDelegators: 'emissionRules.delegators',
  toData: 'emissionRules.data',
} as const;

/** Rules that one decision reaches: at most doubled or halved. */
function next(rules: Rules, draw: () => number): Rules {
  const changed = (Object.keys(NAMES) as (keyof typeof NAMES & RuleName)[]).map((name) => {
    const { least, most } = LINES[name];
    const [low, high] = [Math.max(Number(least), Math.floor(rules[name] / 2)), Math.min(Number(most), rules[name] * 2)];
    return [name, low + Math.floor(draw() * (high - low + 1))];
  });
  return { ...rules, ...Object.fromEntries(changed) };
}

describe('Emissions and the simulator', () => {
  it('divide fees, burn and emit alike, to the unit', async () => {
    const s = await networkHelpers.loadFixture(emissionsFixture);
    const { market, miel, treasury, auditPool, provider } = s;
    const draw = random(91);
    let rules = withRules({});
    let burned = 0n;
    for (let run = 0; run < 6; run++) {
      rules = next(rules, draw);
      const keys = Object.values(NAMES).map((name) => ethers.encodeBytes32String(name));
      const values = (Object.keys(NAMES) as (keyof typeof NAMES)[]).map((name) => rules[name]);
      await s.parameters.connect(treasury).change(keys, values);
      const fee = 1_000_000 + Math.floor(draw() * 1e12);
      const fees = divideFee(rules, fee);
      let terms: Awaited<ReturnType<typeof paid>> | undefined;
      const [toProvider] = await gains(s, [provider], async () => {
        terms = await paid(s, { fee: BigInt(fee) });
      });
      expect(toProvider).to.equal(BigInt(fees.provider));
      expect((await market.feesToBurn()) - burned).to.equal(BigInt(fees.burned));
      burned += BigInt(fees.burned);
      for (const [account, amount] of [
        [treasury, fees.treasury],
        [auditPool, fees.auditPool],
      ] as const)
        expect((await gains(s, [account], () => market.collect(miel, account)))[0]).to.equal(BigInt(amount));
      const [id] = await recorded(s, terms!);
      const asks = emissionOf(rules, fees.burned);
      expect(await s.emissions.drawOf(id)).to.equal(BigInt(asks));
      const [toOperator] = await gains(s, [provider], () => s.emissions.claim(id));
      expect(toOperator).to.equal(BigInt(asks - share(asks, rules.toDelegators) - share(asks, rules.toData)));
    }
  });
});
