import type { Provider } from 'ethers';

/** Where ERC-8004's own registries stand: the same addresses on every main network, and on every test network. */
const MAIN = {
  IdentityRegistry: '0x8004A169FB4a3325136EB29fA0ceB6D2e539a432',
  ReputationRegistry: '0x8004BAa17C55a88189AE136b182e5fdA19dE9b63',
};
const TEST = {
  IdentityRegistry: '0x8004A818BFB912233c491871b3d84c89A494BD9e',
  ReputationRegistry: '0x8004B663056A597Dffe9eCcC1965A193B7388713',
};

/** Ethereum, Optimism, BNB, Gnosis, Polygon, Monad, Abstract, Base, Arbitrum, Celo, Avalanche, Linea, Taiko, Scroll. */
const MAIN_CHAINS = [1, 10, 56, 100, 137, 143, 2741, 8453, 42161, 42220, 43114, 59144, 167000, 534352];
/** BNB, Monad, Abstract, Avalanche, Linea, Polygon, Base, Arbitrum, Scroll, Ethereum (Sepolia), Optimism. */
const TEST_CHAINS = [97, 10143, 11124, 43113, 59141, 80002, 84532, 421614, 534351, 11155111, 11155420];

export type CanonicalRegistries = Partial<typeof MAIN>;

/**
 * The canonical registries of agents on a chain, none where it has none: there the protocol deploys its own. A registry of
 * validations has no canonical address yet.
 */
export async function canonicalRegistries(provider: Provider): Promise<CanonicalRegistries> {
  const chainId = Number((await provider.getNetwork()).chainId);
  const known = MAIN_CHAINS.includes(chainId) ? MAIN : TEST_CHAINS.includes(chainId) ? TEST : undefined;
  if (!known) return {};
  const codes = await Promise.all(Object.values(known).map((address) => provider.getCode(address)));
  return codes.includes('0x') ? {} : known;
}
