import { EssaimError, toHex } from '@essaim/protocol';
import { type ContractTransaction, getBytes, type Signer, type TransactionReceipt } from 'ethers';
import { chainFailure } from './chain/reverts.ts';
import { send } from './chain/send.ts';
import type { Contracts } from './contracts/contracts.ts';
import { type KeyPlace, SEALING_METADATA, signedKey, signKey } from './sealed/published-key.ts';

/** What came of an agent's work, counted by the protocol. */
export interface AgentRecord {
  /** Jobs whose result stood and was paid. */
  paid: number;
  /** Final batches of runs. */
  stood: number;
  /** Jobs without a result by their deadline. */
  late: number;
  /** Jobs and batches with a convicted claim. */
  rejected: number;
  /** Jobs and batches none of whose claims counts. */
  voided: number;
}

/** An agent of ERC-8004 as its registry has it. */
export interface Agent {
  id: bigint;
  owner: string;
  /** Where its registration file is; empty where it has none. */
  uri: string;
  /** Who signs for it; null where nobody does. */
  wallet: string | null;
}

export type Outcome = 'paid' | 'stood' | 'late' | 'rejected' | 'void';

const OUTCOMES: readonly Outcome[] = ['paid', 'stood', 'late', 'rejected', 'void'];

/**
 * Agents of ERC-8004: registering one, linking an operator's account to it, and the record that the protocol keeps.
 *
 * @example
 * ```ts
 * const agent = await essaim.agents.register('ipfs://what-it-is');
 * await essaim.agents.link(agent); // what this account does from now on goes to the agent's record
 * console.log((await essaim.agents.of(account)) === agent); // true
 * const { paid, rejected } = await essaim.agents.record(agent);
 * console.log(paid, rejected); // 0 0
 * ```
 */
export class Agents {
  readonly #contracts: Contracts;
  readonly #signer: Signer | undefined;
  readonly #chainId: number;

  constructor(contracts: Contracts, signer?: Signer, chainId = 0) {
    this.#contracts = contracts;
    this.#signer = signer;
    this.#chainId = chainId;
  }

  /** Registers an agent of the signer's; `uri` leads to its registration file. Returns its id. WALLET_MISSING. */
  async register(uri = '', signal?: AbortSignal): Promise<bigint> {
    const { IdentityRegistry } = this.#contracts;
    const call = IdentityRegistry['register(string)'].populateTransaction(uri);
    const { logs } = await this.#send(call, 'registering an agent', signal);
    const registered = logs.map((log) => IdentityRegistry.interface.parseLog(log));
    return registered.find((log) => log?.name === 'Registered')!.args.agentId;
  }

  /** Says where an agent's registration file is from now on; for its owner. WALLET_MISSING */
  async move(agent: bigint, uri: string, signal?: AbortSignal): Promise<void> {
    const call = this.#contracts.IdentityRegistry.setAgentURI.populateTransaction(agent, uri);
    await this.#send(call, 'naming an agent’s registration file', signal);
  }

  /**
   * Links the signer's account to an agent that it owns or is the wallet of: what it accepts or submits from now on goes to
   * that agent's record. Outcomes_NotTheAgents, WALLET_MISSING.
   */
  async link(agent: bigint, signal?: AbortSignal): Promise<void> {
    await this.#send(this.#contracts.Outcomes.link.populateTransaction(agent), 'linking to an agent', signal);
  }

  /** Ends an account's link, for what it begins from now on; by itself or its agent's owner. Outcomes_NotLinked. */
  async unlink(account: string, signal?: AbortSignal): Promise<void> {
    await this.#send(this.#contracts.Outcomes.unlink.populateTransaction(account), 'unlinking an agent', signal);
  }

  /** The agent that an account is linked to, or was at a time (seconds); null for none. */
  async of(account: string, time?: number): Promise<bigint | null> {
    const [linked, agent] = await this.#read('asking for an account’s agent', () =>
      this.#contracts.Outcomes.agentAt(account, time ?? 2 ** 48 - 1),
    );
    return linked ? agent : null;
  }

  /** An agent as its registry has it. ERC721NonexistentToken. */
  async get(id: bigint): Promise<Agent> {
    const { IdentityRegistry } = this.#contracts;
    const [owner, uri, wallet] = await this.#read(`asking for agent ${id}`, () =>
      Promise.all([IdentityRegistry.ownerOf(id), IdentityRegistry.tokenURI(id), IdentityRegistry.getAgentWallet(id)]),
    );
    return { id, owner, uri, wallet: BigInt(wallet) === 0n ? null : wallet };
  }

  /** What came of an agent's work. Entries say that it was paid for, not by whom: weigh them by what a job costs. */
  async record(agent: bigint): Promise<AgentRecord> {
    const row = await this.#read('asking for a record', () => this.#contracts.Outcomes.recordOf(agent));
    const [paid, stood, late, rejected, voided] = [...row].map(Number);
    return { paid, stood, late, rejected, voided };
  }

  /** What was recorded of a job; null before it was. */
  async outcome(jobId: string): Promise<Outcome | null> {
    const market = await this.#contracts.JobMarket.getAddress();
    const entry = await this.#read('asking for an outcome', () => this.#contracts.Outcomes.entryOf(market, jobId));
    return OUTCOMES[Number(entry.outcome) - 1] ?? null;
  }

  /**
   * Records what came of a job, once, for its provider's agent; for anyone. Outcomes_Open before there is an outcome,
   * Outcomes_Sealed for a sealed job that was paid, Outcomes_NoAgent, Outcomes_Recorded, WALLET_MISSING.
   */
  async recordJob(jobId: string, signal?: AbortSignal): Promise<Outcome> {
    return this.#recordOf(await this.#contracts.JobMarket.getAddress(), jobId, signal);
  }

  /** As {@link recordJob}, of a trainer's batch; `subject` is that of its claims (`runSubject`). */
  async recordBatch(subject: string, signal?: AbortSignal): Promise<Outcome> {
    return this.#recordOf(await this.#contracts.TrainingRegistry.getAddress(), subject, signal);
  }

  /**
   * The X25519 key that an account's agent publishes for it, signed by the account itself: what is for it is sealed to
   * that. SEALING_KEY_UNKNOWN, SEALING_KEY_FORGED.
   */
  async sealingKey(account: string): Promise<Uint8Array> {
    const { IdentityRegistry } = this.#contracts;
    const agent = await this.of(account);
    const entry =
      agent === null
        ? '0x'
        : await this.#read('asking for a sealing key', () => IdentityRegistry.getMetadata(agent, SEALING_METADATA));
    if (entry !== '0x') return signedKey(account, await this.#place(), getBytes(entry));
    throw new EssaimError('SEALING_KEY_UNKNOWN', `${account} publishes no key that anything could be sealed to`, {
      help: 'name a provider that takes sealed jobs: it publishes its key with `essaim-provider sealing-key`',
      details: { account },
    });
  }

  /**
   * Publishes the signer's X25519 key with the agent that it is linked to; registers one where it has none. For who may
   * manage the agent. WALLET_MISSING, IdentityRegistry_NotManager.
   */
  async publishSealingKey(publicKey: Uint8Array, signal?: AbortSignal): Promise<bigint> {
    const { IdentityRegistry } = this.#contracts;
    if (!this.#signer)
      throw new EssaimError('WALLET_MISSING', 'publishing a key needs a signer', { help: 'connect with one' });
    let agent = await this.of(await this.#signer.getAddress());
    if (agent === null) {
      agent = await this.register('', signal);
      await this.link(agent, signal);
    }
    const entry = toHex(await signKey(this.#signer, await this.#place(), publicKey));
    const call = IdentityRegistry.setMetadata.populateTransaction(agent, SEALING_METADATA, entry);
    await this.#send(call, 'publishing a sealing key', signal);
    return agent;
  }

  async #place(): Promise<KeyPlace> {
    return { chainId: this.#chainId, registry: await this.#contracts.IdentityRegistry.getAddress() };
  }

  async #recordOf(client: string, subject: string, signal?: AbortSignal): Promise<Outcome> {
    const { Outcomes } = this.#contracts;
    const call = Outcomes.record.populateTransaction(client, subject);
    const { logs } = await this.#send(call, 'recording an outcome', signal);
    const recorded = logs.map((log) => Outcomes.interface.parseLog(log)).find((log) => log?.name === 'Recorded')!;
    return OUTCOMES[Number(recorded.args.outcome) - 1];
  }

  async #read<T>(doing: string, ask: () => Promise<T>): Promise<T> {
    return ask().catch(async (cause: unknown) => {
      throw await chainFailure(cause, doing);
    });
  }

  async #send(call: Promise<ContractTransaction>, doing: string, signal?: AbortSignal): Promise<TransactionReceipt> {
    if (!this.#signer) throw new EssaimError('WALLET_MISSING', `${doing} needs a signer`, { help: 'connect with one' });
    return send(this.#signer, await call, doing, { signal });
  }
}
