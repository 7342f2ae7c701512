import { buildModule } from '@nomicfoundation/hardhat-ignition/modules';
import type { Launch } from '../lib/deploy.ts';

/** The contract that creates all others: its address gives theirs. */
export const launchpadModule = buildModule('Launchpad', (m) => ({ launchpad: m.contract('Launchpad') }));

/** The protocol: one launch after the other, so that each has the index that its address comes from. */
export function protocolModule(launches: Launch[]) {
  return buildModule('Essaim', (m) => {
    const { launchpad } = m.useModule(launchpadModule);
    let before: ReturnType<typeof m.call>[] = [];
    for (const { name, index, code } of launches)
      before = [m.call(launchpad, 'launch', [index, code], { id: name, after: before })];
    return { launchpad };
  });
}
