import { decodeBytes32String, type Interface, type Result, type TransactionDescription } from 'ethers';
import type { Action } from './actions.ts';
import { type HolderContext, reading } from './context.ts';
import { Names, operatorName, roleName } from './names.ts';
import { type ParameterView, readParameters, unitOf } from './parameters.ts';
import { readSettings, SETTING_NAMES, SETTINGS, type SettingName } from './settings.ts';
import { showMiel, showSpan, showValue } from './units.ts';

/** One thing that an action changes, in names and units. */
export interface Change {
  what: string;
  before?: string;
  after?: string;
}

/** What one call of a proposal does. */
export interface DecodedAction extends Action {
  /** Name of the deployment's contract that is called; none: it stands outside the protocol. */
  contract?: string;
  /** The function with its arguments; none: nothing here can read it, look at `data`. */
  call?: string;
  changes: Change[];
}

/** What holds now, against which changes are shown. */
interface Now {
  names: Names;
  parameters: readonly ParameterView[];
  settings: Record<SettingName, bigint>;
  guardian: string;
  delay: bigint;
}

type Reader = (now: Now, args: Result) => Change[];

/** Reads what an action does, with what holds now as before. What cannot be read is shown as it is, never left out. */
export async function decodeActions(context: HolderContext, actions: readonly Action[]): Promise<DecodedAction[]> {
  const { contracts } = context;
  const now = await reading('reading what holds now', async (): Promise<Now> => {
    const [names, parameters, settings, guardian, delay] = await Promise.all([
      Names.of(contracts),
      readParameters(contracts),
      readSettings(contracts),
      contracts.ProtocolParameters.guardian(),
      contracts.TimelockController.getMinDelay(),
    ]);
    return { names, parameters, settings, guardian, delay };
  });
  return actions.map((action) => decodeAction(context, now, action));
}

function decodeAction({ contracts }: HolderContext, now: Now, action: Action): DecodedAction {
  const { target, value, data } = action;
  const coin = value > 0n ? [{ what: `pays ${value} wei of the chain’s coin to ${now.names.show(target)}` }] : [];
  if (data === '0x') return { ...action, call: 'receive()', changes: coin };
  const contract = now.names.contract(target);
  const known = now.names.interface(target);
  const parsed = known && parse(known, data);
  if (contract && parsed) {
    const call = `${contract}.${signatureOf(parsed)}`;
    const read = READERS[`${contract}.${parsed.name}`];
    const changes = read ? read(now, parsed.args) : [{ what: `calls ${call}` }];
    return { ...action, contract, call, changes: [...coin, ...changes] };
  }
  const token = contract ? null : parse(contracts.MielToken.interface, data);
  if (token?.name === 'transfer')
    return { ...action, call: signatureOf(token), changes: [...coin, ...paid(action, token, now)] };
  const where = now.names.show(target);
  return { ...action, contract, changes: [...coin, { what: `calls ${where} with data that nothing here can read` }] };
}

/** A call that is nothing but this function's: what other bytes hide behind it cannot be read. */
function parse(known: Interface, data: string): TransactionDescription | null {
  try {
    const parsed = known.parseTransaction({ data });
    const whole = parsed && known.encodeFunctionData(parsed.fragment, parsed.args);
    return whole === data.toLowerCase() ? parsed : null;
  } catch {
    return null;
  }
}

const text = (value: unknown): string => (Array.isArray(value) ? `[${value.map(text).join(', ')}]` : String(value));

const signatureOf = ({ name, args, fragment }: TransactionDescription): string =>
  `${name}(${fragment.inputs.map((input, i) => `${input.name || i}: ${text(args[i])}`).join(', ')})`;

const paid = ({ target }: Action, { args }: TransactionDescription, { names }: Now): Change[] => [
  {
    what: `pays ${args[1]} of the smallest unit of the token at ${target} from the treasury to ${names.show(args[0])}`,
  },
];

const nameOf = (key: string): string => {
  try {
    return decodeBytes32String(key);
  } catch {
    return key;
  }
};

const setting = (name: SettingName): Reader => {
  const { unit } = SETTINGS[name];
  return ({ settings }, [value]) => [
    { what: `the governor’s ${name}`, before: showValue(settings[name], unit), after: showValue(value, unit) },
  ];
};

const READERS: Readonly<Record<string, Reader>> = {
  'ProtocolParameters.change': ({ parameters }, [keys, values]) =>
    keys.map((key: string, i: number) => {
      const name = nameOf(key);
      const row = parameters.find((it) => it.name === name);
      const unit = unitOf(name);
      return { what: name, before: row && showValue(row.value, unit), after: showValue(values[i] ?? 0n, unit) };
    }),
  'ProtocolParameters.setGuardian': ({ guardian, names }, [to]) => [
    { what: 'the guardian, who may pause new jobs and runs', before: names.show(guardian), after: names.show(to) },
  ],
  'ProtocolParameters.unpause': () => [{ what: 'lets new jobs and runs begin again' }],
  'JudgeRegistry.add': ({ names }, [opcode, judge]) => [
    { what: `adds a judge for ${operatorName(opcode)}`, after: names.show(judge) },
  ],
  'MielToken.transfer': ({ names }, [to, amount]) => [
    { what: `pays ${showMiel(amount)} from the treasury to ${names.show(to)}` },
  ],
  'MielToken.delegate': ({ names }, [to]) => [{ what: `lets ${names.show(to)} vote with all MIEL of the treasury` }],
  'MielToken.approve': ({ names }, [spender, amount]) => [
    { what: `lets ${names.show(spender)} take up to ${showMiel(amount)} from the treasury, at any time` },
  ],
  'TimelockController.updateDelay': ({ delay }, [value]) => [
    { what: 'how long decisions wait in the timelock', before: showSpan(delay), after: showSpan(value) },
  ],
  'TimelockController.grantRole': ({ names }, [role, account]) => [
    { what: `gives ${roleName(role)} of the timelock to ${names.show(account)}` },
  ],
  'TimelockController.revokeRole': ({ names }, [role, account]) => [
    { what: `takes ${roleName(role)} of the timelock from ${names.show(account)}` },
  ],
  ...Object.fromEntries(SETTING_NAMES.map((name) => [`EssaimGovernor.${SETTINGS[name].setter}`, setting(name)])),
};
