import { showMiel } from '@essaim/sdk';
import { parseUnits } from 'ethers';

/** What was typed as an amount of MIEL to delegate: nothing, an amount in wei, or what is wrong with it. */
export type BackingCheck = { amount: bigint; why?: undefined } | { amount?: undefined; why: string };

const MILLI = 10n ** 15n;

/** Checks an amount while it is typed, against the room of the pool and the balance of who delegates, in wei. */
export function checkBacking(text: string, room: bigint, balance: bigint): BackingCheck {
  if (text.trim() === '') return { why: 'Give an amount of MIEL.' };
  let amount: bigint;
  try {
    amount = parseUnits(text.trim().replace(/\s*MIEL$/i, ''), 18);
  } catch {
    return { why: 'This is no amount of MIEL.' };
  }
  if (amount <= 0n) return { why: 'Give more than zero.' };
  if (amount % MILLI !== 0n) return { why: 'Pools take at most three decimals.' };
  if (amount > room)
    return { why: `This pool takes ${showMiel(room)} more: at most four times what its operator has in it.` };
  if (amount > balance) return { why: `Your wallet holds ${showMiel(balance)}.` };
  return { amount };
}
