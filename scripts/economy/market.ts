import { type Agent, gainOf } from './agents.ts';
import { auditLock, auditPay, auditProbability } from './audit-rules.ts';
import { drawer } from './draw.ts';
import type { Ledger } from './ledger.ts';
import { divideFee, divideSlash, emissionOf, lateBurn, lockOf, MILLI, missBurn, share } from './money.ts';
import type { Rules } from './rules.ts';

/** The work that comes in an epoch (a day), and how the people in it behave. Money in millionths of a MIEL. */
export interface Demand {
  batches: number;
  fee: number;
  /** Collateral that requesters ask for. */
  asked: number;
  /** Leaves of a batch that a batch cheat fills; one of them is wrong. */
  leaves: number;
  /** What a wrong result brings besides the saving. */
  gain: number;
  /** Share of batches that unassigned samplers check, one leaf each. */
  sampled: number;
  /** Share of jobs and audits that a late provider or auditor misses. */
  missed: number;
  /** Cheats are in league with the requester and convict themselves before another does: they get back what they can. */
  recovers: boolean;
  /** An operator's cut of fees where it has delegators, in basis points. */
  cut: number;
}

export interface Market {
  rules: Rules;
  ledger: Ledger;
  demand: Demand;
  providers: readonly Agent[];
  auditors: readonly Agent[];
  samplers: readonly Agent[];
  next: () => number;
  convictions: Map<string, number>;
}

interface Work {
  requester: string;
  provider: Agent;
  fee: number;
  leaves: number;
  /** Whether one leaf is wrong. */
  wrong: boolean;
}

/** One epoch: work is taken, done or not, checked, paid or slashed; then what was burned draws its emission. */
export function epoch(market: Market, day: number): void {
  const { rules, ledger, demand, next } = market;
  for (const agent of [...market.providers, ...market.auditors]) agent.held = agent.locked = 0;
  const able = market.providers.filter((agent) => usable(ledger, agent) >= rules.minimumStake * MILLI);
  const working = able.filter(({ kind }) => kind !== 'farmer' && kind !== 'self-convictor');
  const provider = drawer(working, (agent) => usable(ledger, agent));
  const paid: { provider: Agent; burned: number }[] = [];
  const take = (work: Work): void => {
    const burned = job(market, work);
    if (burned !== undefined) paid.push({ provider: work.provider, burned });
  };
  for (let i = 0; i < demand.batches; i++) {
    const chosen = provider(next);
    if (chosen) take(workOf(market, chosen));
  }
  for (const agent of able) {
    const alone = { requester: agent.accomplice, provider: agent, fee: demand.fee, leaves: 1 };
    if (agent.kind === 'farmer') take({ ...alone, wrong: false });
    if (agent.kind === 'self-convictor' && day % 10 === 0) take({ ...alone, wrong: true });
  }
  emit(market, paid);
}

const usable = (ledger: Ledger, agent: Agent): number => {
  const own = ledger.of(agent.stake);
  return own + Math.min(ledger.of(agent.pool), 4 * own);
};

function workOf(market: Market, provider: Agent): Work {
  const work = { requester: 'requesters', provider, fee: market.demand.fee, leaves: 1, wrong: false };
  if (provider.kind === 'cheat') return { ...work, wrong: true };
  const { leaves } = market.demand;
  if (provider.kind === 'batch cheat') return { ...work, leaves, wrong: true };
  return work;
}

/** One batch from acceptance to its end. Answers what its fee burned, if it was paid. */
function job(market: Market, work: Work): number | undefined {
  const { rules, ledger, demand, next } = market;
  const { provider, requester, fee } = work;
  const lock = lockOf(rules, demand.asked, provider.held);
  if (provider.locked + lock > usable(ledger, provider)) return undefined;
  if (requester !== 'requesters' && ledger.of(requester) < fee) ledger.move(provider.id, requester, fee);
  provider.held++;
  provider.locked += lock;
  ledger.move(requester, 'escrow', fee);
  if (provider.kind === 'late provider' && next() < demand.missed) {
    ledger.move(provider.stake, 'burned', Math.min(lateBurn(rules, lock), ledger.of(provider.stake)));
    ledger.move('escrow', requester, fee);
    return undefined;
  }
  if (requester === 'requesters') compute(market, provider, fee, work.wrong ? (work.leaves - 1) / work.leaves : 1);
  if (work.wrong && requester === 'requesters') ledger.move('victims', provider.id, demand.gain);

  const { challenger, audits, passed, pay } = check(market, work, lock);
  const fees = divideFee(rules, fee);
  // What was submitted pays for its audits however it ends, and whatever becomes of it pays its auditors.
  ledger.move('escrow', 'audit pool', fees.auditPool);
  const earners = challenger === undefined ? audits : audits.filter((auditor) => !passed.includes(auditor));
  for (const auditor of earners) ledger.move('audit pool', auditor.id, Math.min(pay, ledger.of('audit pool')));
  if (challenger !== undefined) {
    const recovers = demand.recovers || provider.kind === 'self-convictor';
    convict(
      market,
      provider,
      lock,
      ...(recovers ? ([provider.accomplice, provider.accomplice] as const) : ([challenger, requester] as const)),
    );
    ledger.move('escrow', requester, fee - fees.auditPool);
    return undefined;
  }
  payOperator(market, provider, 'escrow', fees.provider);
  ledger.move('escrow', 'treasury', fees.treasury);
  ledger.move('escrow', 'burned', fees.burned);
  return fees.burned;
}

interface Checked {
  /** Who convicts the batch, if somebody does. */
  challenger: string | undefined;
  /** Those who are paid for its audits, planted ones too, and what each. */
  audits: Agent[];
  pay: number;
  /** Those of them that passed the wrong leaf. */
  passed: Agent[];
}

/** Audits and samples of a batch. */
function check(market: Market, work: Work, lock: number): Checked {
  const { rules, demand, next } = market;
  const passed: Agent[] = [];
  const audits: Agent[] = [];
  let pay = 0;
  let challenger = work.provider.kind === 'self-convictor' ? work.provider.accomplice : undefined;
  const own = market.ledger.of(work.provider.stake) / usable(market.ledger, work.provider);
  const probability = auditProbability(rules, work.fee, lock, own);
  if (next() < probability / 10_000) {
    const drawn = Math.min(rules.leaves, work.leaves);
    pay = auditPay(rules, divideFee(rules, work.fee).auditPool, probability, drawn);
    const auditor = drawer(market.auditors, (agent) => market.ledger.of(agent.stake));
    // The drawn leaves are all different: the wrong one is the n-th of them with chance 1 / leaves.
    const hit = work.wrong ? Math.floor(next() * work.leaves) : -1;
    for (let i = 0; i < drawn; i++) {
      const wrong = i === hit && challenger === undefined;
      const finder = assigned(market, auditor(next), work, wrong, audits, passed);
      challenger ??= finder;
      if (next() < rules.planted / 10_000) assigned(market, auditor(next), work, true, audits);
    }
  }
  if (next() < demand.sampled && market.samplers.length > 0) {
    const sampler = market.samplers[Math.floor(next() * market.samplers.length)];
    compute(market, sampler, work.fee / work.leaves, 1);
    if (work.wrong && next() * work.leaves < 1) challenger ??= sampler.id;
  }
  if (challenger !== undefined) {
    for (const auditor of passed) convict(market, auditor, auditLock(rules), challenger, 'burned');
  }
  return { challenger, audits, passed, pay };
}

/** One assigned audit; without `passed` it is a planted one. Answers its auditor where it finds the work's fault. */
function assigned(
  market: Market,
  auditor: Agent | undefined,
  work: Work,
  wrong: boolean,
  audits: Agent[],
  passed?: Agent[],
): string | undefined {
  const { ledger, rules } = market;
  if (!auditor || ledger.of(auditor.stake) < auditLock(rules)) return undefined;
  if (auditor.kind === 'late auditor' && market.next() < market.demand.missed) {
    ledger.move(auditor.stake, 'burned', missBurn(rules, work.fee / work.leaves));
    return undefined;
  }
  const looks = auditor.kind === 'auditor' || auditor.kind === 'late auditor';
  if (looks) compute(market, auditor, work.fee / work.leaves, 1);
  if (wrong && !looks) {
    if (passed) passed.push(auditor);
    else convict(market, auditor, auditLock(rules), 'burned', 'burned');
  }
  // Who does not look has inner values of no program in its own claim; a copier has those of the executor.
  if (auditor.kind === 'lazy auditor' && market.next() < market.demand.sampled) {
    convict(market, auditor, auditLock(rules), 'burned', 'burned');
  }
  if (!wrong || looks || passed) audits.push(auditor);
  return wrong && looks && passed ? auditor.id : undefined;
}

function convict(market: Market, agent: Agent, lock: number, challenger: string, injured: string): void {
  const { ledger, rules } = market;
  const slash = divideSlash(rules, lock, ledger.of(agent.stake), ledger.of(agent.pool));
  ledger.move(agent.stake, 'slashed', slash.own);
  ledger.move(agent.pool, 'slashed', slash.delegated);
  ledger.move('slashed', challenger, slash.bounty);
  ledger.move('slashed', injured, slash.compensation);
  ledger.move('slashed', 'burned', slash.burned);
  market.convictions.set(agent.kind, (market.convictions.get(agent.kind) ?? 0) + 1);
}

/** Computing costs what it saves not to: it is bought outside. Who cannot pay is lent to, so that loss shows. */
function compute(market: Market, agent: Agent, fee: number, part: number): void {
  const cost = Math.floor(share(Math.floor(fee), market.rules.saving) * part);
  const held = market.ledger.of(agent.id);
  if (held < cost) {
    agent.began += cost;
    market.ledger.move('outside', agent.id, cost);
  }
  market.ledger.move(agent.id, 'outside', cost);
}

function payOperator(market: Market, agent: Agent, from: string, amount: number): void {
  const cut = market.ledger.of(agent.pool) > 0 ? share(amount, market.demand.cut) : amount;
  market.ledger.move(from, agent.id, cut);
  market.ledger.move(from, agent.delegators, amount - cut);
}

/** Emissions of an epoch: by what each paid job burned, scaled down where the budget or the reserve is short. The share of delegators that an operator has not stays where it is. */
function emit(market: Market, paid: readonly { provider: Agent; burned: number }[]): void {
  const { ledger, rules } = market;
  const wanted = paid.reduce((sum, { burned }) => sum + emissionOf(rules, burned), 0);
  const budget = Math.min(rules.budget * MILLI, ledger.of('reserve'));
  for (const { provider, burned } of paid) {
    const amount =
      wanted <= budget ? emissionOf(rules, burned) : Math.floor((emissionOf(rules, burned) * budget) / wanted);
    const data = share(amount, rules.toData);
    const delegators = share(amount, rules.toDelegators);
    ledger.move('reserve', provider.kind === 'farmer' ? provider.accomplice : 'data contributors', data);
    if (ledger.of(provider.pool) > 0) ledger.move('reserve', provider.delegators, delegators);
    payOperator(market, provider, 'reserve', amount - data - delegators);
  }
}

/** Mean gain of a kind, in millionths of a MIEL. */
export function meanGain(ledger: Ledger, agents: readonly Agent[], kind: string): number {
  const members = agents.filter((agent) => agent.kind === kind);
  return members.reduce((sum, agent) => sum + gainOf(ledger, agent), 0) / Math.max(1, members.length);
}
