import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { connection, deployMarket } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;

/** The three registries of agents. */
export async function deployRegistries() {
  const identity = await ethers.deployContract('IdentityRegistry');
  const reputation = await ethers.deployContract('ReputationRegistry', [identity]);
  const validation = await ethers.deployContract('ValidationRegistry', [identity]);
  return { identity, reputation, validation };
}

/** A market with outcomes, a client whose batches count, an agent (0) of the provider and one (1) of another account. */
export async function agentsFixture() {
  const market = await deployMarket();
  const registries = await deployRegistries();
  const { identity, reputation, validation } = registries;
  const client = await ethers.deployContract('Client__Harness', [market.claims]);
  const outcomes = await ethers.deployContract('Outcomes', [
    ...[market.claims, market.market, [await client.getAddress()], identity],
    ...[reputation, validation],
  ]);
  await identity.connect(market.provider)['register()']();
  await identity.connect(market.other)['register()']();
  return { ...market, ...registries, client, outcomes };
}

export type Agents = Awaited<ReturnType<typeof agentsFixture>>;

/** A wallet's consent to be an agent's, as ERC-8004's registry takes it. */
export async function walletSignature(
  { identity }: Pick<Agents, 'identity'>,
  wallet: Pick<HardhatEthersSigner, 'signTypedData'>,
  values: { agentId: bigint; newWallet: string; owner: string; deadline: bigint },
): Promise<string> {
  const { chainId } = await ethers.provider.getNetwork();
  const verifyingContract = await identity.getAddress();
  return wallet.signTypedData(
    { name: 'ERC8004IdentityRegistry', version: '1', chainId, verifyingContract },
    {
      AgentWalletSet: [
        { name: 'agentId', type: 'uint256' },
        { name: 'newWallet', type: 'address' },
        { name: 'owner', type: 'address' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    values,
  );
}

/** Makes an account an agent's wallet, by the agent's owner. */
export async function setWallet(system: Agents, owner: HardhatEthersSigner, wallet: HardhatEthersSigner, agentId = 0n) {
  const deadline = BigInt(await networkHelpers.time.latest()) + 120n;
  const values = { agentId, newWallet: wallet.address, owner: owner.address, deadline };
  const signature = await walletSignature(system, wallet, values);
  await system.identity.connect(owner).setAgentWallet(agentId, wallet, deadline, signature);
}

export const Outcome = { None: 0n, Paid: 1n, Stood: 2n, Late: 3n, Rejected: 4n, Void: 5n } as const;
