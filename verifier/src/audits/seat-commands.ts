import type { Essaim } from '@essaim/sdk';

/** Takes a seat, and stakes `provide` wei of MIEL for it first if told to; prints it. */
export const enroll = (essaim: Essaim, provide?: bigint) =>
  andTell(essaim, async () => {
    if (provide) await essaim.staking.provide(provide, undefined, 'audits');
    await essaim.audits.enroll();
  });

/** Weighs the account's stake anew; prints its seat. */
export const refresh = (essaim: Essaim) => andTell(essaim, (account) => essaim.audits.refresh(account));

/** Leaves the seat; prints from when on it can be closed. */
export const resign = (essaim: Essaim) => andTell(essaim, () => essaim.audits.resign());

/** Gives the bond of a seat that was left back. */
export const close = (essaim: Essaim) => andTell(essaim, (account) => essaim.audits.close(account));

/** Prints the seat: one line of JSON. */
export const seat = (essaim: Essaim) => andTell(essaim, async () => undefined);

/** Does one thing as the account, and prints the seat that it has then. */
async function andTell(essaim: Essaim, work: (account: string) => Promise<void>): Promise<void> {
  const address = await essaim.signer!.getAddress();
  await work(address);
  const [taken, stake] = await Promise.all([essaim.audits.seat(address), essaim.staking.provision(address, 'audits')]);
  const line = { event: 'seat', address, ...(taken ?? { seat: null }), stake: stake.tokens, locked: stake.locked };
  console.log(JSON.stringify(line, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
}
