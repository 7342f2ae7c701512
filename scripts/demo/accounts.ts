import { HDNodeWallet, Mnemonic, type Provider } from 'ethers';

/** The well-known accounts of local development chains. Never fund them anywhere else. */
const phrase = Mnemonic.fromPhrase('test test test test test test test test test test test junk');

const ROLES = [
  ...(['founder', 'modeller', 'requester', 'alice', 'bob', 'verifier'] as const),
  ...(['carol', 'dave', 'dora'] as const),
] as const;
export type Role = (typeof ROLES)[number];

const wallets = ROLES.map((_, i) => HDNodeWallet.fromMnemonic(phrase, `m/44'/60'/0'/0/${i}`));

/** One wallet per role of the demo. Bob cheats with a job, dave with a step of training; dora has data. */
export const accounts = (provider: Provider): Record<Role, HDNodeWallet> =>
  Object.fromEntries(ROLES.map((role, i) => [role, wallets[i].connect(provider)])) as Record<Role, HDNodeWallet>;
