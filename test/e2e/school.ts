import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepProgram } from '@essaim/protocol';
import type { Essaim, PreparedRun } from '@essaim/sdk';
import { importDataset, parseColumn } from '@essaim/sdk/node';
import { parseEther } from 'ethers';
import { digitsCsv } from '../../models/digits/write-csv.ts';
import { loadExample } from '../../models/training/examples.ts';
import { accounts } from '../../scripts/demo/accounts.ts';
import type { Town } from './town.ts';

export const example = loadExample('digits');
export const step = stepProgram(example.onnx, example.options);
export const FEE_PER_STEP = parseEther('0.1');

const COLUMNS = ['x: uint8[8, 8] from p0..p63', 'target: uint8[] from digit'];

/** A folder with every `of`th row of the digits that are not held out, from `first` on: what one trainer has of its own. */
export async function shardOfDigits(
  town: Pick<Town, 'folder'>,
  first: number,
  of: number,
  columns = COLUMNS,
): Promise<string> {
  const [header, ...rows] = digitsCsv('train').trimEnd().split('\n');
  const name = join(town.folder, `shard-${first}-${of}`);
  writeFileSync(`${name}.csv`, `${[header, ...rows.filter((_, i) => i % of === first)].join('\n')}\n`);
  const schema = { columns: columns.map(parseColumn) };
  await (await importDataset(`${name}.csv`, name, { schema })).close();
  return name;
}

/** Registers the digits as rows of the step program's columns, with alice as a contributor. */
export async function registerDigits(
  town: Town,
  owner: Essaim,
  which: 'train' | 'held-out' = 'train',
): Promise<bigint> {
  const csv = join(town.folder, `${which}.csv`);
  writeFileSync(csv, digitsCsv(which));
  const local = await importDataset(csv, join(town.folder, `${which}-digits`), {
    schema: { columns: COLUMNS.map(parseColumn) },
  });
  const { id } = await owner.datasets.register(local, {
    ...{ name: 'digits', description: 'scans', licence: 'CC-BY-4.0' },
    ...{ price: parseEther('3'), token: town.deployment.addresses.MielToken },
    contributors: [{ account: accounts(town.chain).founder.address, shares: parseEther('10'), note: 'scanned them' }],
  });
  await local.close();
  return id;
}

/** Creates a run of the digits CNN. */
export function createRun(
  town: Town,
  initiator: Essaim,
  dataset: bigint,
  changes: Partial<Parameters<Essaim['training']['create']>[0]> = {},
): Promise<PreparedRun> {
  return initiator.training.create({
    ...{ step, model: example.onnx, name: 'digits', description: 'reads digits', licence: 'CC-BY-4.0' },
    ...{ dataset, rounds: 3, steps: 4, depth: 4, schedule: example.schedule },
    ...{ token: town.deployment.addresses.MielToken, feePerStep: FEE_PER_STEP },
    ...{ fundingSeconds: 86_400, deadlineSeconds: 30 * 86_400, roundSeconds: 3_600 },
    ...{ collateral: parseEther('200'), dependantPay: parseEther('1') },
    ...{ shares: { backers: 5_000, trainers: 3_000, initiator: 2_000 }, dataRoyalty: 1_000 },
    ...changes,
  });
}

/** Mines past the block of the draw, one by one: blocks that a local chain mines at once have no randomness. */
export async function passDraw({ chain }: Pick<Town, 'chain'>): Promise<void> {
  for (let i = 0; i < 34; i++) await chain.send('evm_mine', []);
}

/** Lets the window of everything submitted so far pass, in seconds and in blocks. */
export async function passWindow(town: Town): Promise<void> {
  await town.chain.send('hardhat_mine', ['0xe11']);
  await town.pass(86_401);
}
