import { OPCODES, opcodeOf } from '@essaim/protocol';
import { Interface, id, ZeroHash } from 'ethers';
import { abis, type ContractName } from '../contracts/abis.ts';
import type { Contracts } from '../contracts/contracts.ts';

/** Names for the addresses, operators and roles of one deployment. */
export class Names {
  readonly #byAddress: ReadonlyMap<string, ContractName>;

  private constructor(byAddress: ReadonlyMap<string, ContractName>) {
    this.#byAddress = byAddress;
  }

  static async of(contracts: Contracts): Promise<Names> {
    const all = Object.entries(contracts) as [ContractName, Contracts[keyof Contracts]][];
    const addresses = await Promise.all(all.map(([, contract]) => contract.getAddress()));
    return new Names(new Map(all.map(([name], i) => [addresses[i].toLowerCase(), name])));
  }

  contract(address: string): ContractName | undefined {
    return this.#byAddress.get(address.toLowerCase());
  }

  /** An address with the name of what stands there. */
  show(address: string): string {
    const name = this.contract(address);
    if (name === undefined) return address;
    return `${name === 'TimelockController' ? 'the treasury (TimelockController)' : name} ${address}`;
  }

  interface(address: string): Interface | undefined {
    const name = this.contract(address);
    return name && new Interface(abis[name]);
  }
}

const operators = new Map(
  OPCODES.flatMap(({ name, since }) => since.map((version) => [opcodeOf(name, version), `${name} since ${version}`])),
);

/** The operator of an opcode, `Conv since 11`; of one that this version does not know, the opcode. */
export const operatorName = (opcode: string): string => operators.get(opcode) ?? `an unknown operator ${opcode}`;

const roles = new Map([
  [ZeroHash, 'DEFAULT_ADMIN_ROLE'],
  ...['PROPOSER_ROLE', 'CANCELLER_ROLE', 'EXECUTOR_ROLE'].map((role) => [id(role), role] as const),
]);

export const roleName = (role: string): string => roles.get(role) ?? role;
