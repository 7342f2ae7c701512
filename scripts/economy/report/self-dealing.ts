import { BASIS, MIEL } from '../money.ts';
import { FIRST, LINES, type Rules, withRules } from '../rules.ts';
import { convictOneself, dealWithOneself } from '../self-dealing.ts';
import { number, percent, type Section, table } from './format.ts';

/** Why dealing with oneself loses money, whatever governance sets. */
export function selfDealingSection(): Section {
  const most = (...names: (keyof Rules)[]) => Object.fromEntries(names.map((name) => [name, Number(LINES[name].most)]));
  const settings: [string, Rules][] = [
    ['first values', FIRST],
    ['most bounty, compensation, emission and audit pay', withRules(most('bounty', 'compensation', 'rho', 'auditPay'))],
    [
      'the same, most fees',
      withRules(most('bounty', 'compensation', 'rho', 'auditPay', 'protocolFee', 'verificationFee', 'burned')),
    ],
    [
      'the same, least slash',
      withRules({ ...most('bounty', 'compensation', 'rho', 'auditPay'), slash: Number(LINES.slash.least) }),
    ],
    ['no protocol fee', withRules({ protocolFee: 0 })],
  ];
  const rows = settings.map(([name, rules]) => {
    const own = convictOneself(rules, 1000 * MIEL, 1000 * MIEL, 0).net / MIEL;
    const backed = convictOneself(rules, 1000 * MIEL, 200 * MIEL, 800 * MIEL).net / MIEL;
    const job = { fee: 100 * MIEL, lock: 1000 * MIEL, leaves: 1 };
    const alone = dealWithOneself(rules, { ...job, auditors: 0, keepsTreasury: false }).net / MIEL;
    const all = dealWithOneself(rules, { ...job, auditors: 1, keepsTreasury: true }).net / MIEL;
    return [name, number(own, 1), number(backed, 1), number(alone, 3), number(all, 3)];
  });
  const head = [
    'setting',
    'convict oneself, own stake',
    '… 4/5 delegated',
    'job for oneself',
    '… holding all auditors and the treasury',
  ];
  return {
    plots: {},
    text: `## Dealing with oneself loses money

The dealer may be everybody at once: requester, provider, challenger, delegators, contributors of data, auditors. Gains in MIEL from one
conviction with a lock of 1,000 MIEL, and from one job of 100 MIEL; gas and computing come on top:

${table(head, rows)}

**(a) Convicting oneself.** A slash of a lock *L* takes L·σ, of it *o* from the operator's own stake and *d* from its delegators'. Bounty and
compensation are shares β and κ of *o* only, and StakeManager itself refuses β > 1/4 or β + κ > 1/2. The escrow comes back, which is
no gain to who paid it. So the dealer's balance changes by

    (β + κ) o − o ≤ −o/2

and, if the delegators were its own too, by −o/2 − d. Since an operator's own stake goes first, *o* is zero only if it has nothing left
in the provision. The least that a conviction loses under any setting is ${percent(Number(LINES.slash.least) / BASIS / 2, 0)} of the lock (slash ${percent(Number(LINES.slash.least) / BASIS, 0)}, half of it
burned) where own stake covers it, and 10 % where delegators cover four fifths, the most they may. ∎

**(b) Farming emissions.** A job of fee *F* in MIEL that one pays oneself divides into the provider's part (comes back), the audit pool's
part *V*, and the protocol fee *T*, of which b·T is burned and (1 − b)·T goes to the treasury. Its emission, to provider, delegators and data
contributors **together**, is at most ρ·b·T, rounded down. Even if the treasury and all auditors were the dealer's own,

    F → F − b·T + ρ·b·T,   a change of −(1 − ρ)·b·T ≤ −${percent(1 - Number(LINES.rho.most) / BASIS, 0)} of what was burned

as ρ ≤ ${percent(Number(LINES.rho.most) / BASIS, 0)}. A fee in any other token burns no MIEL and draws nothing. Where governance sets the protocol fee to nothing, nothing is
burned and nothing emitted: the dealer loses its gas. Budgets that run short only scale emissions down. So MIEL in circulation
never grows by work: what is emitted is less than what was burned for it. ∎

**(c) Auditing oneself.** The audits of a batch, planted ones included, pay out on average φ·V, φ ≤ 1, with V *its own* verification fee. A
dealer with the share *s* of all auditors' stake gets s·φ·V back of the V it paid: a change of −(1 − s·φ)·V ≤ 0. Passing its own wrong
claims gains it nothing from itself, and leaves executor and auditor to whoever looks; what it gains by cheating others is the section on
51 %. ∎

**(d) Drawing lots.** An audit pays V/p, many times V where p is small, and who knows the draw may still decide how its job ends. So V has to be
paid whatever it decides: a job that submitted a result pays it, a rejected one out of its refund. Whoever lets the job become final where its own
auditors were drawn, and convicts itself where they were not, has −V in both cases, V/p·φ·s with probability p, an expired draw's
(1 − φ)·V with the rest at most, and what the conviction costs:

    p·s·φ·V/p + (1 − p)(1 − φ)·V − V ≤ 0

whatever V is worth, so in any token. (Were V refunded to who is convicted, a job of a fee of 5,500 MIEL with a lock of 100, half of the auditors
its own and settings that governance can reach, would win: p stays at ⅔ there however large the fee is.) ∎

**(e) What nobody can audit.** A miss burns the leaf's fee, at most ${percent(FIRST.missed / BASIS, 0)} of a lock, and nothing where the fee is not in MIEL. Two in league whose
job cannot be audited pay V and the burn, ${percent((FIRST.verificationFee + (FIRST.protocolFee * FIRST.burned) / BASIS) / BASIS, 0)} of its fees, and make its auditors lose p times the fees of the drawn leaves at most. They gain nothing.
Doing the work stays cheaper than missing it, since nobody works for a fee below its costs.

The tests draw settings from everything governance can reach, bounds included, and hold the money rules to these inequalities with exact
rounding: the simulator's in \`test/scripts/economy-self-dealing.test.ts\`; and the contracts themselves in
\`contracts/test/SelfDealing.t.sol\`, where one account is requester, provider, delegator, owner of model and data, treasury and audit pool,
brings home all there is, and has still lost what it burned less what rho gives back. Every share of an emission that has no recipient stays in
the reserve: nobody earns more for having no delegators, or for not saying whose data a model was made from.

### What the contracts have to keep for this to hold

1. An emission is the sum over **all** its recipients when it is held against ρ·burn, and only burns by the protocol fee of a **Final** batch count: not slashes,
   late locks, void halves, or a job that was released early and then rejected. \`Emissions\` computes it from the job's own terms and epoch, once,
   and only of jobs Paid or Unlocked, or of what a run's escrow paid its trainers; the burn lies where it has no other way out
   (\`FeeBurn\`). \`contracts/test/Emissions.t.sol\`, \`test/contracts/emissions/attacks.test.ts\`.
2. Auditors of a batch are paid only when its verification fee has come in, in the same token, and it comes in of every job that submitted a result,
   by an amount that no choice after the draw makes smaller than what it gives up. \`contracts/test/AuditLottery.t.sol\`.
3. What an audit pays follows from the fee of the batch itself, not from an average of its class: else tiny jobs are posted to be paid for auditing them.
4. Planted faults pay no bounty, and what their auditors lose is burned.
5. p and the auditors' pay are in basis points and floors; p rounds up, pay rounds down.
6. C, R and S need one unit. Fees in other tokens than MIEL have no price on chain: for them p counts the lock alone (R = 0) and the
   class states C in MIEL.
7. S counts the operator's own part of what backs its work, own / (own + delegated), not the whole lock.
8. A batch of a class that is audited is drawn whether its provider likes it or not: anybody may call for the draw, and a draw that expired audits everything.`,
  };
}
