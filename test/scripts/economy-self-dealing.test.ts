import { expect } from 'chai';
import { auditPay, auditProbability } from '../../scripts/economy/audit-rules.ts';
import { divideFee, divideSlash, MILLI, missBurn } from '../../scripts/economy/money.ts';
import { LINES, RULE_NAMES, type Rules, reachable } from '../../scripts/economy/rules.ts';
import {
  certainBurn,
  certainLossOfOwn,
  convictOneself,
  dealWithOneself,
  lottery,
} from '../../scripts/economy/self-dealing.ts';
import { random } from '../random.ts';

const RUNS = 20_000;

/** Settings that governance can reach, with an amount generator: money from one millionth of a MIEL to 10⁸ MIEL. */
function everySetting(seed: number, check: (rules: Rules, amount: () => number, next: () => number) => void): void {
  const next = random(seed);
  const amount = () => Math.floor(10 ** (14 * next()));
  for (let run = 0; run < RUNS; run++) check(reachable(next), amount, next);
}

describe('for every setting that governance can reach', () => {
  it('draws settings within the bounds, and every bound', () => {
    const seen = new Set<string>();
    everySetting(1, (rules) => {
      for (const name of RULE_NAMES) {
        const { least, most } = LINES[name];
        if (rules[name] < least || rules[name] > most) throw new Error(`${name} is out of bounds`);
        if (BigInt(rules[name]) === least) seen.add(`${name} least`);
        if (BigInt(rules[name]) === most) seen.add(`${name} most`);
      }
    });
    expect(seen.size).to.equal(2 * RULE_NAMES.length);
  });

  it('a fee divides without remainder, and a slash burns half or more and takes own stake first', () => {
    everySetting(2, (rules, amount) => {
      const fee = amount();
      const fees = divideFee(rules, fee);
      if (fees.provider + fees.treasury + fees.burned + fees.auditPool !== fee) throw new Error('the fee');
      const [own, delegated, lock] = stakes(amount);
      const slash = divideSlash(rules, lock, own, delegated);
      if (slash.own + slash.delegated !== slash.bounty + slash.compensation + slash.burned)
        throw new Error('the slash');
      if (2 * (slash.bounty + slash.compensation) > slash.own) throw new Error('more than half of own stake is paid');
      if (slash.delegated > 0 && slash.own !== own) throw new Error('delegators pay before the operator');
    });
  });

  it('(a) convicting oneself loses half or more of the own stake that was slashed', () => {
    everySetting(3, (rules, amount) => {
      const [own, delegated, lock] = stakes(amount);
      const deal = convictOneself(rules, lock, own, delegated);
      if (deal.net > -certainLossOfOwn(deal.own)) throw new Error(`${deal.net} of ${deal.own}`);
      if (own > 0 && lock >= 2 * MILLI && deal.net >= 0) throw new Error('convicting oneself is free');
    });
  });

  it('(b) farming emissions loses what they do not give back, even to who holds auditors and treasury', () => {
    everySetting(4, (rules, amount, next) => {
      const job = { fee: amount(), lock: amount(), leaves: 1 + Math.floor(next() * 100) };
      const { net, burned } = dealWithOneself(rules, { ...job, auditors: 1, keepsTreasury: true });
      const loss = certainBurn(rules, burned);
      if (net > -loss + rounding(job.fee)) throw new Error(`${net} with ${burned} burned`);
      if (burned > 0 && loss <= 0) throw new Error('a burn comes back whole');
    });
  });

  it('(c) audits of a batch never pay out more than its verification fee, so auditing oneself gains nothing', () => {
    everySetting(5, (rules, amount, next) => {
      const [fee, lock] = [amount(), amount()];
      const leaves = Math.min(rules.leaves, 1 + Math.floor(next() * 100));
      const { auditPool, treasury, burned } = divideFee(rules, fee);
      const probability = auditProbability(rules, fee, lock, 0.2 + 0.8 * next());
      const pay = auditPay(rules, auditPool, probability, leaves);
      const paid = (probability / 10_000) * leaves * (1 + rules.planted / 10_000) * pay;
      if (paid > auditPool + rounding(fee)) throw new Error(`${paid} paid out of ${auditPool}`);
      const auditors = next();
      const { net } = dealWithOneself(rules, { fee, lock, leaves, auditors, keepsTreasury: false });
      const least = auditPool * (1 - auditors) + treasury + certainBurn(rules, burned);
      if (net > -least + rounding(fee)) throw new Error(`${net}, not −${least}`);
    });
  });

  it('(d) convicting oneself where one’s own auditors are not drawn wins nothing, in a token of any worth', () => {
    everySetting(7, (rules, amount, next) => {
      const [fee, lock] = [amount(), Math.ceil(amount() / MILLI) * MILLI];
      const probability = Math.max(rules.leastAudits, Math.ceil(10_000 * next()));
      const job = { fee, lock, probability, auditors: next(), worth: 10 ** (6 * next() - 3) };
      const won = lottery(rules, job);
      if (won > rounding(fee * job.worth)) throw new Error(`${won} won by ${JSON.stringify({ ...rules, ...job })}`);
    });
  });

  it('a miss burns the leaf’s fee, and never more than the share of a lock', () => {
    everySetting(8, (rules, amount) => {
      const fee = amount();
      const burned = missBurn(rules, fee);
      const most = Math.floor((rules.auditLock * rules.missed) / 10_000) * MILLI;
      if (burned !== Math.min(Math.ceil(fee / MILLI) * MILLI, most)) throw new Error(`${burned} for ${fee}`);
    });
  });

  it('no batch is audited less than the least that can be voted', () => {
    const least = Number(LINES.leastAudits.least);
    everySetting(6, (rules, amount) => {
      if (auditProbability(rules, amount(), amount()) < least) throw new Error('audits are off');
    });
  });
});

/** Averages are computed in doubles. */
const rounding = (amount: number): number => amount * 1e-12;

/** Own and delegated stake of a provision and a lock that they cover, in whole mMIEL. */
function stakes(amount: () => number): [own: number, delegated: number, lock: number] {
  const own = Math.ceil(amount() / MILLI) * MILLI;
  const delegated = Math.min(4 * own, Math.floor(amount() / MILLI) * MILLI);
  return [own, delegated, Math.min(own + delegated, Math.ceil(amount() / MILLI) * MILLI)];
}
