import { auditPay, auditProbability } from '../audit-rules.ts';
import { affordable, locksPerFee } from '../deterrence.ts';
import { BASIS, divideFee, MIEL } from '../money.ts';
import { DEMAND, PEOPLE, runPopulation } from '../population.ts';
import { FIRST } from '../rules.ts';
import { number, percent, type Section, table } from './format.ts';

/** What verifiers earn when nobody cheats. */
export function verifierSection(epochs: number): Section {
  const people = PEOPLE.filter(({ kind }) => !/cheat|convictor|farmer/.test(kind));
  const { gains, agents } = runPopulation({ epochs, every: epochs, people });
  const last = gains.at(-1)!.byKind;
  const rows = ['auditor', 'late auditor', 'lazy auditor', 'copier', 'sampler'].map((kind) => {
    const stake = people.find((each) => each.kind === kind)!.stake;
    const yearly = (last.get(kind)! * 365) / epochs;
    const count = agents.filter((agent) => agent.kind === kind).length;
    return [kind, count, number(last.get(kind)!, 1), stake > 0 ? percent(yearly / stake, 2) : '–'];
  });
  const most = affordable(FIRST);
  const fee = DEMAND.fee / MIEL;
  const saved = (fee * FIRST.saving) / BASIS;
  const planted = FIRST.planted / BASIS;
  const probability = auditProbability(FIRST, DEMAND.fee, DEMAND.asked);
  const pay = auditPay(FIRST, divideFee(FIRST, DEMAND.fee).auditPool, probability, 1) / MIEL;
  return {
    plots: {},
    text: `## What a verifier earns when nobody cheats

The same people without cheats and self-dealers, for ${number(epochs)} days; gain after the cost of computing:

${table(['kind', 'how many', 'gain of one, MIEL', 'a year, of its stake'], rows)}

Assigned auditors earn their steady fee. Samplers, who live on bounties alone, pay for every look and find nothing: this is the
verifier's dilemma. They remain as those who guard their own jobs, and come back when cheating does.

**Looking pays, passing does not.** Not looking saves the cost *c* of an audit; a planted fault, a share π of the assignments,
takes the auditor's lock. Looking pays if π × (pay + lock × slash) / (1 + π) > c: here ${percent(planted, 0)} planted and a lock of ${number(FIRST.auditLock / 1000)} MIEL,
so not looking costs ${number((planted / (1 + planted)) * ((FIRST.auditLock / 1000) * (FIRST.slash / BASIS) + pay), 1)} MIEL a time to save ${number(saved, 1)}. Nothing of it can be had back: planted faults pay no bounty. A copier
escapes only the check of its own values, not the planted faults.

**What the fee can pay for.** Audits are paid from the verification fee (${percent(FIRST.verificationFee / BASIS, 0)} of the fee, of which ${percent(FIRST.auditPay / BASIS, 0)} goes out). Re-executing costs
${percent(FIRST.saving / BASIS, 0)} of the fee, so at most ${percent(most, 2)} of batches can be audited in full before an auditor works at a loss. The bound of the first
section asks for no more than that if the lock is at least **${number(locksPerFee(FIRST, most), 1)} times the fee**; with the margin of ${number(FIRST.margin / BASIS, 2)}, ${number(locksPerFee(FIRST, most / (FIRST.margin / BASIS)), 1)} times. Jobs with less
collateral are audited at p as they must be, but their auditors are paid less than their cost, unless they re-execute one segment only. Delegated stake counts for nothing in that
ratio: it is of the operator's own part of the lock.`,
  };
}
