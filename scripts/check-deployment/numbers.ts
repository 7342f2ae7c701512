import { decodeBytes32String } from 'ethers';
import { parameterTable } from '../lib/parameter-table.ts';
import { eventsOf, type Live } from './live.ts';

/** Governor settings: getter, and the event and argument by which a decision changes it. */
const SETTINGS = [
  ['votingDelay', 'VotingDelaySet', 'newVotingDelay'],
  ['votingPeriod', 'VotingPeriodSet', 'newVotingPeriod'],
  ['proposalThreshold', 'ProposalThresholdSet', 'newProposalThreshold'],
  ['quorumNumerator()', 'QuorumNumeratorUpdated', 'newQuorumNumerator'],
  ['lateQuorumVoteExtension', 'LateQuorumVoteExtensionSet', 'newVoteExtension'],
] as const;

/** Parameters that are not those of docs/parameters.md, or of the last decision about them. */
export async function parameterProblems(live: Live): Promise<string[]> {
  const { ProtocolParameters: parameters } = live.contracts;
  const table = parameterTable();
  const problems: string[] = [];
  const count = Number(await parameters.count());
  if (count !== table.length) problems.push(`ProtocolParameters: ${count} parameters instead of ${table.length}`);
  const decided = new Map<string, bigint>();
  for (const { args } of await eventsOf(live, parameters, 'Changed'))
    decided.set(decodeBytes32String(args.key), args.value);
  for (let i = 0; i < Math.min(count, table.length); i++) {
    const { key, value, least, most, initial } = await parameters.parameter(i);
    const name = decodeBytes32String(key);
    const line = table[i];
    const first = [line.name, line.value, line.least, line.most].join(' ');
    if ([name, initial, least, most].join(' ') !== first)
      problems.push(`ProtocolParameters: line ${i} is "${name} ${initial} ${least} ${most}", documented "${first}"`);
    const wanted = decided.get(name) ?? line.value;
    if (value !== wanted || value < line.least || value > line.most)
      problems.push(`ProtocolParameters: ${name} is ${value} instead of ${wanted} (${line.least} to ${line.most})`);
  }
  return problems;
}

/** Settings of the governor that are not the first ones, or those of the last decision about them. */
export async function settingProblems(live: Live): Promise<string[]> {
  const governor = live.contracts.EssaimGovernor;
  const twin = live.twin.contracts.EssaimGovernor;
  const problems: string[] = [];
  for (const [getter, event, argument] of SETTINGS) {
    const [first, ...later] = (await eventsOf(live, governor, event)).map(({ args }) => BigInt(args[argument]));
    const wanted = await twin.getFunction(getter)();
    const value = await governor.getFunction(getter)();
    if (first !== BigInt(wanted) || BigInt(value) !== (later.at(-1) ?? first))
      problems.push(`EssaimGovernor: ${getter.replace('()', '')} is ${value} instead of ${wanted}`);
  }
  return problems;
}
