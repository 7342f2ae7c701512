import { decodeBytes32String, type Interface, type Log, type LogDescription } from 'ethers';
import type { HolderContext } from './context.ts';
import { Names, operatorName, roleName } from './names.ts';
import { unitOf } from './parameters.ts';
import { showMiel, showValue } from './units.ts';

/** What happened, as a person reads it; every log is in it, those that nothing here can read as they are. */
export interface Happened {
  /** MIEL and other tokens that moved. */
  moved: string[];
  /** Roles of the timelock that were given or taken. */
  roles: string[];
  judges: string[];
  /** All other events. */
  events: string[];
}

/** Events that say no more than that the proposal was carried out. */
const COURSE = ['ProposalExecuted', 'CallExecuted', 'DelegateVotesChanged'];

/** Reads the logs of a transaction. */
export async function readLogs({ contracts }: HolderContext, logs: readonly Log[]): Promise<Happened> {
  const names = await Names.of(contracts);
  const happened: Happened = { moved: [], roles: [], judges: [], events: [] };
  for (const log of logs) {
    const contract = names.contract(log.address);
    const known = parsed(names.interface(log.address) ?? contracts.MielToken.interface, log);
    if (!known) happened.events.push(`${names.show(log.address)} ${log.topics.join(' ')} ${log.data}`);
    else if (known.name === 'Transfer') happened.moved.push(movement(names, log.address, known));
    else if (known.name === 'RoleGranted' || known.name === 'RoleRevoked') happened.roles.push(role(names, log, known));
    else if (contract === 'JudgeRegistry') happened.judges.push(judge(names, known));
    else if (!COURSE.includes(known.name) || !contract) happened.events.push(other(names, log, known));
  }
  return happened;
}

function parsed(known: Interface, log: Log): LogDescription | null {
  try {
    return known.parseLog(log);
  } catch {
    return null;
  }
}

function movement(names: Names, token: string, { args: [from, to, amount] }: LogDescription): string {
  const what = names.contract(token) === 'MielToken' ? showMiel(amount) : `${amount} of the smallest unit of ${token}`;
  return `${what} from ${names.show(from)} to ${names.show(to)}`;
}

const role = (names: Names, { address }: Log, { name, args }: LogDescription): string =>
  `${names.show(args[1])} ${name === 'RoleGranted' ? 'gets' : 'loses'} ${roleName(args[0])} of ${names.show(address)}`;

const judge = (names: Names, { args: [opcode, hash, address] }: LogDescription): string =>
  `${operatorName(opcode)} is judged by ${names.show(address)}, code ${hash}`;

function other(names: Names, { address }: Log, { name, args, fragment }: LogDescription): string {
  const from = names.contract(address) ?? address;
  if (from === 'ProtocolParameters' && name === 'Changed') {
    const key = decodeBytes32String(args.key);
    const [before, after] = [args.before, args.value].map((value) => showValue(value, unitOf(key)));
    return `epoch ${args.epoch} begins with ${key} ${after} (was ${before})`;
  }
  const said = fragment.inputs.map((input, i) => `${input.name}: ${text(names, args[i])}`);
  return `${from}.${name}(${said.join(', ')})`;
}

const text = (names: Names, value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map((it) => text(names, it)).join(', ')}]`;
  return typeof value === 'string' && value.length === 42 ? names.show(value) : String(value);
};
