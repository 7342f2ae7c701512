import { type Check, ok, wrong } from '@essaim/daemon';
import type { Essaim, StakedFor } from '@essaim/sdk';
import { formatEther } from 'ethers';

const MILLI = 10n ** 15n;

/** Whether an account's provision is enough to take a job, or a seat, now. */
export const stakeCheck = ({ contracts, staking }: Essaim, account: string, what: StakedFor): Check => ({
  name: `stake: ${what}`,
  async run() {
    const { ProtocolParameters } = contracts;
    const rules = await ProtocolParameters.jobRules(await ProtocolParameters.epoch());
    const { tokens, locked, thawing } = await staking.provision(account, what);
    const [minimum, floor] = [rules.minimumStake * MILLI, rules.collateralFloor * MILLI];
    const granted = tokens - thawing;
    const told = `${formatEther(granted)} MIEL are provisioned, ${formatEther(granted - locked)} of them free`;
    if (granted < minimum) {
      return wrong(
        told,
        `at least ${formatEther(minimum)} are needed: essaim-provider stake ${formatEther(minimum - granted)}${what === 'jobs' ? '' : ` ${what}`}`,
      );
    }
    return granted - locked < floor
      ? wrong(told, `nothing is taken until ${formatEther(floor)} are free: wait for what is pending, or stake more`)
      : ok(told);
  },
});
