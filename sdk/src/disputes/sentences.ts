import { formatUnits } from 'ethers';
import { showFloat } from './element.ts';
import type { Conviction, ElementFault, Penalty } from './types.ts';

const miel = (wei: bigint): string => `${formatUnits(wei, 18).replace(/\.0$/, '')} MIEL`;
const short = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`;
const many = (count: bigint | number): string => count.toLocaleString('en');

/** How far a claimed element lies from what is permitted, in words; empty where that cannot be said as a number. */
export function describeDistance({ range, dtype, claimed }: Pick<ElementFault, 'range' | 'dtype' | 'claimed'>): string {
  if (!range) return '';
  if (range.distance === null) return `${claimed} is no finite number, and nothing but finite numbers is permitted`;
  const [low, high] = range.contract;
  const value = Number(claimed);
  const edge = value < low ? low : high;
  const by = showFloat(Math.abs(value - edge));
  const side = value < low ? 'below' : 'above';
  if (dtype !== 'float32') return `${by} ${side} it`;
  const units = range.distance === 1n ? 'one unit' : `${many(range.distance)} units`;
  return `${by} ${side} it: ${units} in the last place`;
}

function ofElement(fault: ElementFault): string[] {
  const { operator, operators, name, at, dims, claimed, permitted, inner, segment } = fault;
  const place = dims.length === 0 ? 'its only element' : `element [${at.join(', ')}] of ${dims.join(' × ')}`;
  const inside = inner ? ` It lies inside segment ${segment}, which the executor had to show on demand.` : '';
  const distance = describeDistance(fault);
  return [
    `Operator ${operator + 1} of ${operators}${name ? `, ${name},` : ''} gave a wrong number: ${place}.${inside}`,
    `Claimed was ${claimed}; permitted is ${permitted}.${distance ? ` The claim lies ${distance}.` : ''}`.replace(
      'The claim lies NaN',
      'NaN',
    ),
  ];
}

function ofPenalty({ lock, bounty, bountyTo, compensation, compensationTo, burned, returned }: Penalty): string {
  const parts = [`${miel(bounty)} to the challenger ${short(bountyTo)}`];
  if (compensation > 0n) parts.push(`${miel(compensation)} to ${short(compensationTo)}, who was wronged`);
  parts.push(`${miel(burned)} burned`);
  if (returned > 0n) parts.push(`${miel(returned)} back to the executor`);
  return `Of the ${miel(lock)} that the executor had locked: ${parts.join(', ')}.`;
}

function ofKind(it: Omit<Conviction, 'sentences'>): string[] {
  switch (it.kind) {
    case 'element':
      return it.element ? ofElement(it.element) : ['One number of the result was wrong.'];
    case 'missing':
    case 'type':
    case 'encoding':
      return [`Value ${it.form?.value} is not in form: ${it.form?.what}. No arithmetic is needed to see that.`];
    case 'context':
      return ['The claim is not of this job: another program, another input, or another place than the job’s.'];
    case 'silence':
      return [
        `Asked for ${it.silence?.what}, nobody answered in time. Who commits to something must be able to show it.`,
      ];
    case 'audit':
      return ['An auditor’s claim was not what was drawn for it.'];
    case 'run':
      return ['A batch of a training run was not what the run fixed: its rows, its schedule, or what it continues.'];
    default:
      return ['The batch was rejected by a contract that this software does not know.'];
  }
}

/** A conviction in sentences. */
export function sentencesOf(it: Omit<Conviction, 'sentences'>): string[] {
  const which = it.claims === 1 ? 'The claim' : `Claim ${it.leaf + 1} of ${it.claims}`;
  const by = /^0x0{40}$/.test(it.challenger) ? '' : ` on the word of ${short(it.challenger)}`;
  const end = it.penalty
    ? ofPenalty(it.penalty)
    : `The ${miel(it.lock)} that the executor had locked wait for somebody to collect the penalty.`;
  return [`${which} of ${short(it.executor)} was convicted by ${it.adjudicator}${by}.`, ...ofKind(it), end];
}
