import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { expect } from 'chai';
import { accounts, type Role } from '../../../scripts/demo/accounts.ts';
import type { Daemon, Town } from '../town.ts';
import { DEEDS, type Scene, STATES } from './deeds.ts';

/** Starts a daemon; with `at` it dies at that state of that transaction. */
export type Begin = (at?: string) => Promise<Daemon>;

/** Kills daemons of a town at every state of every transaction of a scene. */
export class Killer {
  readonly #town: Town;
  #injected: string[] = [];

  constructor(town: Town) {
    this.#town = town;
  }

  /** Transactions of a role. */
  nonce = (role: Role): Promise<number> =>
    this.#town.chain.getTransactionCount(accounts(this.#town.chain)[role].address);

  provider =
    (role: Role, ...more: string[]): Begin =>
    (at) =>
      this.#start(role, 'provider/src/main.ts', ['--data', this.#town.data(role), ...more], at);

  /** A provider that sells inference. */
  seller = (role: Role, ...more: string[]): Begin =>
    this.provider(role, '--fee', `${this.#town.deployment.addresses.MielToken}=1`, ...more);

  verifier =
    (role: Role, ...more: string[]): Begin =>
    (at) =>
      this.#start(
        role,
        'verifier/src/main.ts',
        ['--data', this.#town.data(`${role}-verifier`), '--patience', '200', ...more],
        at,
      );

  /** Kills a daemon once at each state of a deed, of which each next finds what the one before left. */
  async dieAt(deed: string, begin: Begin): Promise<void> {
    for (const state of STATES) {
      const at = `${deed}: ${state}`;
      const { child, lines } = await begin(at);
      const { process: own } = child;
      const told = (): string =>
        lines
          .slice(-6)
          .map((line) => JSON.stringify(line))
          .join('\n');
      if (own.exitCode === null && own.signalCode === null) await Promise.race([once(own, 'exit'), tooLate(at, told)]);
      expect(own.signalCode, `${at}\n${told()}`).to.equal('SIGKILL');
      this.#injected.push(at);
    }
  }

  /** Plays a scene; it has to kill at every state of each of its deeds, and to end well. */
  async play(scene: Scene, act: () => Promise<void>): Promise<void> {
    this.#injected = [];
    try {
      await act();
      const all = DEEDS[scene].flatMap((deed) => STATES.map((state) => `${deed}: ${state}`));
      expect(this.#injected).to.have.members(all);
    } catch (error) {
      this.#note(scene, false);
      throw error;
    }
    this.#note(scene, true);
  }

  /** One line for each play, where a report is made of them. */
  #note(scene: Scene, survived: boolean): void {
    const file = process.env.FAULTS_LOG;
    if (file) appendFileSync(file, `${JSON.stringify({ scene, injected: this.#injected, survived })}\n`);
  }

  async #start(role: Role, script: string, args: string[], at?: string): Promise<Daemon> {
    process.env.KILL_AT = at ?? '';
    try {
      const own = ['--key-file', this.#town.keyFile(role), ...args];
      const all = ['--import', './test/e2e/kill/kill-at.ts', script, 'run', ...this.#town.common(), ...own];
      return await this.#town.daemon(role, all);
    } finally {
      delete process.env.KILL_AT;
    }
  }
}

/** Milliseconds after which a daemon that should have died is asked what it is doing. */
const LIMIT = 45_000;

async function tooLate(at: string, told: () => string): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, LIMIT).unref());
  throw new Error(`not killed at ${at}\n${told()}`);
}
