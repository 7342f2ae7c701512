import { type AuditRules, auditOdds, auditPay, MILLI_MIEL } from '@essaim/protocol';
import { formatEther, parseEther } from 'ethers';
import { readFigures } from '../figures.ts';
import { parameterTable } from './parameter-table.ts';

/** Jobs of one input whose audits are reckoned: fee and lock in MIEL. */
const JOBS = [
  [2, 250],
  [2, 100],
  [10, 500],
  [50, 2_500],
] as const;

/** Basis points of one. */
const BASIS = 10_000n;
/** Gwei for a unit of gas. */
const COIN_PRICES = [0.1, 5, 20] as const;

/** The part of docs/verifier.md that says what a verifier earns when nobody cheats, from the table of parameters. */
export function verifierEarnings(): string {
  const values = new Map(parameterTable().map(({ name, value }) => [name, value]));
  const at = (name: string): bigint => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`docs/parameters.md has no ${name}`);
    return value;
  };
  const names = ['saving', 'lazy', 'margin', 'least', 'leaves', 'pay', 'planted', 'lock', 'missed', 'cost'] as const;
  const rules = Object.fromEntries(names.map((name) => [name, at(`auditRules.${name}`)])) as unknown as AuditRules;
  const [slash, bounty, compensation] = (['slash', 'bounty', 'compensation'] as const).map((name) =>
    at(`slashRules.${name}`),
  );
  const verification = at('feeRules.verificationFee');
  const lost = Number(rules.lock) / 1e3;
  const planted = Number(rules.planted) / (Number(BASIS) + Number(rules.planted));

  const rows = JOBS.map(([fee, lock]) => {
    const fees = parseEther(String(fee));
    const milli = parseEther(String(lock)) / MILLI_MIEL;
    const own = { own: BASIS, slash, bounty, compensation };
    const odds = auditOdds(rules, { fees, inMiel: true, leaves: 1n, lock: milli, ...own });
    const pay = miel(auditPay(rules, (fees * verification) / BASIS, odds, 1n));
    const cost = (fee * Number(rules.saving)) / Number(BASIS);
    const won = (lock * Number(slash) * Number(bounty)) / Number(BASIS) ** 2;
    const shown = [String(fee), String(lock), share(Number(odds) / 1e4), pay.toFixed(2), cost.toFixed(2)];
    return `| ${[...shown, (pay - cost).toFixed(2), won.toFixed(1), share(cost / won)].join(' | ')} |`;
  });

  const paid =
    (1_000 * Number(verification) * Number(rules.pay)) / Number(BASIS) / (Number(BASIS) + Number(rules.planted));
  const gas = readFigures();
  const gasOf = (name: string): number => gas[name].value;
  const audit = gasOf('gas.audit.submit') + gasOf('gas.audit.settle-8');
  const convictions = Object.entries(gas)
    .filter(([name]) => name.startsWith('gas.conviction.'))
    .map(([, { value }]) => value);
  const prices = COIN_PRICES.map((gwei) => `${((audit * gwei) / 1e9).toPrecision(2)} at ${gwei} gwei`).join(', ');

  return [
    `*Reckoned by \`node scripts/earnings.ts\` from [parameters.md](parameters.md) and [figures.json](figures.json).*`,
    '',
    `**Whoever is assigned has a steady fee.** Of every fee ${percent(verification)} goes to the audit pool, and ${percent(rules.pay)} of that to who`,
    `audits: of 1,000 MIEL that jobs pay, ${paid.toFixed(1)} MIEL reach auditors for true audits, whether or not anybody cheated. A seat draws`,
    'its share by stake: with 5 % of all auditors’ weight that is 5 % of it. What one audit of a job of one input pays, if re-executing',
    `it costs ${percent(rules.saving)} of its fee (the protocol’s assumption; measure your own machine), before gas:`,
    '',
    '| fee, MIEL | lock, MIEL | is audited | an audit pays | running it costs | left | a conviction would bring | cheats among its like at which looking unasked pays |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    'A job with little collateral for its fee is audited often and pays less for each audit than it costs: what the pool has for it is',
    'fixed. Not coming then costs the leaf’s fee.',
    '',
    `**Faults are planted.** For 100 audits that are true ${(Number(rules.planted) / 100).toFixed(0)} are of results that are wrong on purpose. Who passes one loses its lock,`,
    `${lost} MIEL, burned. So not looking costs ${(planted * lost).toFixed(1)} MIEL an audit on average, to save what running it costs. An auditor that looks`,
    'is paid for planted ones as for others, and convicts them: the planter’s lock pays the bounty.',
    '',
    `**Gas.** Submitting an audit and settling it (eight at a time) takes ${audit.toLocaleString('en')} gas: ${prices}, in the chain’s coin.`,
    'Add the recording of a draw that nobody recorded, once a batch. A conviction takes ' +
      `${Math.min(...convictions).toLocaleString('en')} to ${Math.max(...convictions).toLocaleString('en')} gas and has its coin`,
    'back only by the bounty’s MIEL.',
    '',
    '**Whoever is not assigned earns nothing while nobody cheats**, and pays for every look. The last column of the table says from which',
    'share of wrong results on it pays: below that, look at what you have an interest in (your own jobs and models), or within a budget.',
    '[economics.md](economics.md) simulates all of them together for 3,000 days.',
  ].join('\n');
}

const miel = (wei: bigint): number => Number(formatEther(wei));
const share = (part: number): string => `${(100 * part).toFixed(2)} %`;
const percent = (points: bigint): string => `${Number(points) / 100} %`;
