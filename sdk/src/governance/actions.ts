import { EssaimError, opcodeOf } from '@essaim/protocol';
import { isAddress, isHexString, keccak256, ZeroAddress } from 'ethers';
import { chainTime, type HolderContext, reading } from './context.ts';
import { changeArguments, type ParameterName, readParameters } from './parameters.ts';
import { readSettings, requireSetting, SETTINGS, type SettingName } from './settings.ts';
import { showMiel, showTime } from './units.ts';

/** One call that the timelock makes. */
export interface Action {
  target: string;
  /** Of the chain's own coin, in wei. */
  value: bigint;
  data: string;
}

/** A judge for one version of an operator. */
export interface NewJudge {
  /** ONNX name of the operator, `Conv`. */
  operator: string;
  /** The version of the operator set since which it is so. */
  since: number;
  judge: string;
}

/** What leaves the treasury. */
export interface Payment {
  to: string;
  /** In the token's smallest unit. */
  amount: bigint;
  /** An ERC-20, or `coin` for the chain's own. Default: MIEL. */
  token?: string;
}

/** What a proposal would do, in typed parts. */
export interface Wanted {
  /** New values in whole units of each parameter, all from one new epoch on. */
  parameters?: Partial<Record<ParameterName, bigint>>;
  /** The governor's own numbers. */
  settings?: Partial<Record<SettingName, bigint>>;
  judges?: readonly NewJudge[];
  /** Who may pause new jobs and runs from then on; the zero address: nobody. */
  guardian?: string;
  /** Ends a pause early. */
  unpause?: boolean;
  spend?: readonly Payment[];
  /** Any other calls, as they are. */
  calls?: readonly Action[];
}

/**
 * The calls of a proposal, each checked against the chain as it is now. PROPOSAL_EMPTY, PROPOSAL_ADDRESS, PROPOSAL_CALL,
 * PARAMETER_…, SETTING_…, JUDGE_CODE, JUDGE_TAKEN, PAUSE_LAPSES, TREASURY_AMOUNT, TREASURY_BALANCE
 */
export async function actionsFor(context: HolderContext, wanted: Wanted): Promise<Action[]> {
  const { parameters = {}, settings = {}, judges = [], guardian, unpause, spend = [], calls = [] } = wanted;
  const actions: Action[] = [];
  if (Object.keys(parameters).length > 0) actions.push(await changing(context, parameters as Record<string, bigint>));
  if (Object.keys(settings).length > 0) actions.push(...(await setting(context, settings as Record<string, bigint>)));
  for (const judge of judges) actions.push(await adding(context, judge));
  const { ProtocolParameters } = context.contracts;
  if (guardian !== undefined) {
    requireAddress(guardian, 'the guardian');
    actions.push(callTo(await ProtocolParameters.setGuardian.populateTransaction(guardian)));
  }
  if (unpause) actions.push(await unpausing(context));
  actions.push(...(await spending(context, spend)));
  for (const call of calls) actions.push(requireCall(call));
  if (actions.length > 0) return actions;
  throw new EssaimError('PROPOSAL_EMPTY', 'this proposal would do nothing', {
    help: 'name a parameter, a setting, a judge, a payment, a guardian or a call',
  });
}

const callTo = ({ to, data }: { to: string; data: string }): Action => ({ target: to, value: 0n, data });

async function changing({ contracts }: HolderContext, values: Readonly<Record<string, bigint>>): Promise<Action> {
  const call = changeArguments(await readParameters(contracts), values);
  return callTo(await contracts.ProtocolParameters.change.populateTransaction(...call));
}

async function setting({ contracts }: HolderContext, values: Readonly<Record<string, bigint>>): Promise<Action[]> {
  const now = await readSettings(contracts);
  const target = await contracts.EssaimGovernor.getAddress();
  return Object.entries(values).map(([name, value]) => {
    requireSetting(now, name, value);
    const { setter } = SETTINGS[name as SettingName];
    return { target, value: 0n, data: contracts.EssaimGovernor.interface.encodeFunctionData(setter as never, [value]) };
  });
}

async function adding({ contracts, provider }: HolderContext, { operator, since, judge }: NewJudge): Promise<Action> {
  requireAddress(judge, `the judge of ${operator}`);
  const details = { operator, since, judge };
  const code = await reading('reading the judge', () => provider.getCode(judge));
  if (code === '0x') {
    const help = 'deploy the judge first: the registry takes its address and the hash of its code';
    throw new EssaimError('JUDGE_CODE', `there is no contract at ${judge}`, { help, details });
  }
  const opcode = opcodeOf(operator, since);
  const hash = keccak256(code);
  const taken = await reading('asking for the judge', () => contracts.JudgeRegistry.judge(opcode, hash));
  if (taken !== ZeroAddress) {
    const help = 'nothing needs to be added: programs that name this code find this judge';
    const message = `${operator} since ${since} has a judge with this code already, at ${taken}`;
    throw new EssaimError('JUDGE_TAKEN', message, { help, details: { ...details, taken } });
  }
  return callTo(await contracts.JudgeRegistry.add.populateTransaction(opcode, judge));
}

async function unpausing(context: HolderContext): Promise<Action> {
  const { ProtocolParameters, EssaimGovernor, TimelockController } = context.contracts;
  const [until, now, ...waits] = await reading('asking for the pause', () =>
    Promise.all([
      ProtocolParameters.pausedUntil(),
      chainTime(context),
      EssaimGovernor.votingDelay(),
      EssaimGovernor.votingPeriod(),
      TimelockController.getMinDelay(),
    ]),
  );
  const soonest = waits.reduce((sum, wait) => sum + wait, now);
  if (until > soonest) return callTo(await ProtocolParameters.unpause.populateTransaction());
  const message =
    until > now
      ? `the pause ends by itself at ${showTime(until)}, before this could be executed at ${showTime(soonest)}`
      : 'nothing is paused';
  const help = 'to keep the guardian from pausing again, propose another guardian or none';
  throw new EssaimError('PAUSE_LAPSES', message, { help, details: { until, soonest } });
}

async function spending(context: HolderContext, spend: readonly Payment[]): Promise<Action[]> {
  const { contracts, provider } = context;
  const treasury = await contracts.TimelockController.getAddress();
  const miel = await contracts.MielToken.getAddress();
  const left = new Map<string, bigint>();
  const actions: Action[] = [];
  for (const { to, amount, token = miel } of spend) {
    requireAddress(to, 'who is paid');
    if (token !== 'coin') requireAddress(token, 'the token');
    const erc20 = contracts.MielToken.attach(token === 'coin' ? miel : token) as typeof contracts.MielToken;
    const held = () => (token === 'coin' ? provider.getBalance(treasury) : erc20.balanceOf(treasury));
    const before = left.get(token.toLowerCase()) ?? (await reading('asking what the treasury holds', held));
    requirePayable(before, amount, token, token === miel);
    left.set(token.toLowerCase(), before - amount);
    if (token === 'coin') actions.push({ target: to, value: amount, data: '0x' });
    else actions.push(callTo(await erc20.transfer.populateTransaction(to, amount)));
  }
  return actions;
}

function requirePayable(held: bigint, amount: bigint, token: string, isMiel: boolean): void {
  const details = { held, amount, token };
  if (amount <= 0n) {
    const help = 'give a number above zero, in the token’s smallest unit';
    throw new EssaimError('TREASURY_AMOUNT', 'a payment of nothing', { help, details });
  }
  if (amount <= held) return;
  const show = (value: bigint) => (isMiel ? showMiel(value) : `${value} of ${token}`);
  throw new EssaimError('TREASURY_BALANCE', `the treasury holds ${show(held)}, not ${show(amount)}`, {
    help: 'pay less, or wait for fees to come in',
    details,
  });
}

function requireCall(call: Action): Action {
  requireAddress(call.target, 'the target of a call');
  if (isHexString(call.data) && call.data.length % 2 === 0 && call.value >= 0n) return call;
  throw new EssaimError('PROPOSAL_CALL', 'a call has data that is no hex, or a negative value', {
    help: 'give the call’s data as 0x and two digits a byte, and its value in wei',
    details: { ...call },
  });
}

function requireAddress(value: string, whose: string): void {
  if (isAddress(value)) return;
  throw new EssaimError('PROPOSAL_ADDRESS', `${whose} has no address: "${value}"`, {
    help: 'give 0x and 40 hex digits',
    details: { value },
  });
}
