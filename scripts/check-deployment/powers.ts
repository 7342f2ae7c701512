import { ZeroAddress } from 'ethers';
import { eventsOf, type Live, whoIs } from './live.ts';

/** Who has which role of the timelock, from every grant and revocation since it was made. */
async function holders(live: Live, role: string): Promise<string[]> {
  const { TimelockController } = live.contracts;
  const held = new Set<string>();
  const granted = await eventsOf(live, TimelockController, 'RoleGranted');
  const revoked = await eventsOf(live, TimelockController, 'RoleRevoked');
  const changes = [...granted, ...revoked].sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  for (const { args, eventName } of changes.filter(({ args }) => args.role === role))
    eventName === 'RoleGranted' ? held.add(args.account) : held.delete(args.account);
  return [...held];
}

/** Powers that somebody has and should not, or should have and has not. */
export async function powerProblems(live: Live): Promise<string[]> {
  const { TimelockController: timelock, EssaimGovernor: governor, ProtocolParameters: parameters } = live.contracts;
  const { addresses } = live.deployment;
  const problems: string[] = [];
  const roles = {
    'may propose to': [await timelock.PROPOSER_ROLE(), addresses.EssaimGovernor],
    'may cancel in': [await timelock.CANCELLER_ROLE(), addresses.EssaimGovernor],
    'may execute in': [await timelock.EXECUTOR_ROLE(), ZeroAddress],
    administers: [await timelock.DEFAULT_ADMIN_ROLE(), addresses.TimelockController],
  };
  for (const [does, [role, who]] of Object.entries(roles)) {
    const found = await holders(live, role);
    for (const account of found.filter((account) => account !== who))
      problems.push(`TimelockController: ${whoIs(live, account)} ${does} it, which is a leftover power`);
    if (!(await timelock.hasRole(role, who)))
      problems.push(
        `TimelockController: ${who === ZeroAddress ? 'not everybody' : `no ${whoIs(live, who)}`} ${does} it`,
      );
  }
  const delay = await timelock.getMinDelay();
  const wanted = await live.twin.contracts.TimelockController.getMinDelay();
  if (delay !== wanted) problems.push(`TimelockController: decisions wait ${delay} s instead of ${wanted} s`);
  const listens = await governor.timelock();
  if (listens !== addresses.TimelockController)
    problems.push(`EssaimGovernor: decides for the timelock ${whoIs(live, listens)}`);
  const guardian = await parameters.guardian();
  if (guardian.toLowerCase() !== live.hands.guardian.toLowerCase())
    problems.push(`ProtocolParameters: the guardian is ${whoIs(live, guardian)} instead of ${live.hands.guardian}`);
  return problems;
}
