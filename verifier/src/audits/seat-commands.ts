import type { Essaim } from '@essaim/sdk';
import { type ConnectionOptions, connectFromFiles } from '@essaim/sdk/node';

interface EnrollOptions extends ConnectionOptions {
  /** MIEL to stake and provision first, in wei. */
  provide?: bigint;
}

/** Takes a seat, and stakes for it first if told to; prints it. */
export const enroll = ({ provide, ...options }: EnrollOptions) =>
  connected(options, async (essaim) => {
    if (provide) await essaim.staking.provide(provide, undefined, 'audits');
    await essaim.audits.enroll();
  });

/** Weighs the account's stake anew; prints its seat. */
export const refresh = (options: ConnectionOptions) =>
  connected(options, (essaim, account) => essaim.audits.refresh(account));

/** Leaves the seat; prints from when on it can be closed. */
export const resign = (options: ConnectionOptions) => connected(options, (essaim) => essaim.audits.resign());

/** Gives the bond of a seat that was left back. */
export const close = (options: ConnectionOptions) =>
  connected(options, (essaim, account) => essaim.audits.close(account));

/** Prints the seat: one line of JSON. */
export const seat = (options: ConnectionOptions) => connected(options, async () => undefined);

/** Does one thing as the account, and prints the seat that it has then. */
async function connected(
  options: ConnectionOptions,
  work: (essaim: Essaim, account: string) => Promise<void>,
): Promise<void> {
  const essaim = await connectFromFiles(options);
  try {
    const address = await essaim.signer!.getAddress();
    await work(essaim, address);
    const [taken, stake] = await Promise.all([
      essaim.audits.seat(address),
      essaim.staking.provision(address, 'audits'),
    ]);
    const line = { event: 'seat', address, ...(taken ?? { seat: null }), stake: stake.tokens, locked: stake.locked };
    console.log(JSON.stringify(line, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
  } finally {
    essaim.close();
  }
}
