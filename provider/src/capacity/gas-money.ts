import type { Essaim } from '@essaim/sdk';
import { formatEther } from 'ethers';
import type { Refusal } from '../refusal.ts';

/** Gas of a submission and of the withdrawal that ends a job, with something to spare. */
const JOB = 400_000n;
/** Gas of an answer of the most bytes that one demand may name. */
const ANSWER = 2_000_000n;
/** Jobs of which one is expected to be asked about. */
const ASKED_OF = 20n;

/** Wei that finishing jobs takes at a fee for a unit of gas: those to be submitted, and answers about all that are held. */
export function gasMoney(toSubmit: number, held: number, fee: bigint): bigint {
  const answers = BigInt(toSubmit + held) / ASKED_OF + 1n;
  return (BigInt(toSubmit + held) * JOB + answers * ANSWER) * fee;
}

/** Why an account cannot pay for the gas of a job more; null if it can. `toSubmit` counts that job too. */
export async function gasRefusal(
  { provider }: Essaim,
  account: string,
  toSubmit: number,
  held: number,
): Promise<Refusal | null> {
  const [balance, { gasPrice }] = await Promise.all([provider.getBalance(account), provider.getFeeData()]);
  const needed = gasMoney(toSubmit, held, gasPrice ?? 0n);
  if (balance >= needed) return null;
  return {
    code: 'CAPACITY_GAS',
    message: `submitting and answering take up to ${formatEther(needed)} coin, the account has ${formatEther(balance)}`,
    help: 'send it more of the chain’s own coin: what cannot be submitted costs the stake',
    mayPass: true,
  };
}
