import { HDNodeWallet, Mnemonic, type Provider } from 'ethers';

/** The well-known accounts of local development chains. Never fund them anywhere else. */
const phrase = Mnemonic.fromPhrase('test test test test test test test test test test test junk');

const FIXED = ['founder', 'modeller', 'verifier', 'cheat', 'silent', 'requester'] as const;
type Fixed = (typeof FIXED)[number];

/** Everybody with an account: the local chain gives coin to twenty. */
export interface Hands extends Record<Fixed, HDNodeWallet> {
  readonly providers: readonly HDNodeWallet[];
}

/** @throws Error where the chain has no coin for so many providers */
export function handsOf(provider: Provider, providers: number): Hands {
  if (FIXED.length + providers > 20) throw new Error(`at most ${20 - FIXED.length} providers`);
  const wallet = (i: number) => HDNodeWallet.fromMnemonic(phrase, `m/44'/60'/0'/0/${i}`).connect(provider);
  const fixed = Object.fromEntries(FIXED.map((name, i) => [name, wallet(i)])) as Record<Fixed, HDNodeWallet>;
  return { ...fixed, providers: Array.from({ length: providers }, (_, i) => wallet(FIXED.length + i)) };
}
