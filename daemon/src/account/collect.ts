import { type Essaim, send } from '@essaim/sdk';
import { type ContractTransaction, formatEther } from 'ethers';
import { tell } from '../status/tell.ts';

interface Waiting {
  readonly what: string;
  readonly amount: bigint;
  readonly shown: string;
  call(): Promise<ContractTransaction>;
}

/** Has everything paid out that waits for the signer at contracts: bounties, bonds, and fees in these tokens. */
export async function collectWaiting(essaim: Essaim, tokens: readonly string[]): Promise<void> {
  const account = await essaim.signer!.getAddress();
  const all = (await Promise.all([credits(essaim, account), fees(essaim, account, tokens)])).flat();
  const waiting = all.filter(({ amount }) => amount > 0n);
  if (waiting.length === 0) tell('collected', 'nothing: nothing waits');
  for (const { what, shown, call } of waiting) {
    await send(essaim.signer!, await call(), `collecting ${what}`);
    tell('collected', `${shown} of ${what}`);
  }
}

async function credits({ contracts }: Essaim, account: string): Promise<Waiting[]> {
  const { StakeManager, Availability } = contracts;
  const [bounties, bonds] = await Promise.all([StakeManager.credit(account), Availability.credit(account)]);
  const coin = (amount: bigint, unit: string) => ({ amount, shown: `${formatEther(amount)} ${unit}` });
  return [
    {
      what: 'bounties',
      ...coin(bounties, 'MIEL'),
      call: () => StakeManager.withdrawCredit.populateTransaction(),
    },
    { what: 'bonds', ...coin(bonds, 'coin'), call: () => Availability.withdraw.populateTransaction() },
  ];
}

const fees = ({ contracts: { JobMarket } }: Essaim, account: string, tokens: readonly string[]): Promise<Waiting[]> =>
  Promise.all(
    tokens.map(async (token) => {
      const amount = await JobMarket.owed(token, account);
      const call = () => JobMarket.collect.populateTransaction(token, account);
      return { what: 'fees', amount, shown: `${amount} of ${token}`, call };
    }),
  );
