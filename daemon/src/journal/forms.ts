import { type ContractTransaction, keccak256, type Provider, solidityPacked, toBeHex, type Wallet } from 'ethers';
import type { Fees } from './fees.ts';
import type { Attempt, Intent } from './journal.ts';

/** What of an intent is signed. */
type Signed = Pick<Intent, 'to' | 'data' | 'value' | 'gas' | 'nonce'>;

/** Whether a form of an intent was signed that takes its nonce for nothing. */
export const isCancelled = ({ attempts }: Pick<Intent, 'attempts'>): boolean => attempts.some(({ cancels }) => cancels);

/** Names a call: whom, what and how much. */
export const keyOf = ({ to, data, value }: ContractTransaction): string =>
  keccak256(solidityPacked(['address', 'bytes32', 'uint256'], [to, keccak256(data ?? '0x'), toBeHex(value ?? 0n)]));

/** Signs an intent as it is asked for. */
export async function signForm(wallet: Wallet, { gas, ...wanted }: Signed, { maxFee, tip }: Fees): Promise<Attempt> {
  const { to, data, value, nonce } = wanted;
  const { chainId } = await (wallet.provider as Provider).getNetwork();
  const fees = { maxFeePerGas: maxFee, maxPriorityFeePerGas: tip };
  const raw = await wallet.signTransaction({ to, data, value, nonce, gasLimit: gas, chainId, type: 2, ...fees });
  return { hash: keccak256(raw), raw, maxFee, tip };
}

/** Signs a transfer of nothing to oneself, which takes an intent's nonce. */
export async function signNothing(wallet: Wallet, { nonce }: Pick<Intent, 'nonce'>, fees: Fees): Promise<Attempt> {
  const to = wallet.address;
  // some chains count more for it than others
  const gas = ((await (wallet.provider as Provider).estimateGas({ from: to, to })) * 5n) / 4n;
  return { ...(await signForm(wallet, { to, data: '0x', value: 0n, gas, nonce }, fees)), cancels: true };
}
