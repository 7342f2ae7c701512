#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { EssaimError, showColumn } from '@essaim/protocol';
import { Command, Option } from 'commander';
import type { Contributor } from '../../datasets/datasets.ts';
import type { RegisteredDataset } from '../../datasets/registered.ts';
import type { Essaim } from '../../essaim.ts';
import { main } from '../command-line.ts';
import { type ConnectionOptions, connectFromFiles, connectionOptions, milliseconds } from '../connection.ts';
import {
  type DatasetSchema,
  downloadDataset,
  FORMATS,
  FolderDataset,
  type Format,
  importDataset,
  parseColumn,
  readSchema,
} from '../datasets/index.ts';
import { address, big, contributors, interruptible, rowNumbers, texts, whole } from './options.ts';
import { progress } from './progress.ts';
import { columnsOf, limitsOf, print, printRows } from './tell.ts';

interface ImportFlags {
  to: string;
  schema?: string;
  column?: string[];
  format?: Format;
  delimiter?: string;
  window?: number;
  header: boolean;
  append?: boolean;
}

interface PublishFlags extends ConnectionOptions {
  name: string;
  description: string;
  licence: string;
  price: bigint;
  token: string;
  contributor?: Contributor[];
}

function schemaOf({ schema, column }: ImportFlags): DatasetSchema | undefined {
  if (column) return readSchema({ columns: column.map(parseColumn) });
  if (!schema) return undefined;
  try {
    return readSchema(JSON.parse(readFileSync(schema, 'utf8')));
  } catch (cause) {
    if (cause instanceof EssaimError) throw cause;
    throw new EssaimError('DATASET_SCHEMA', `${schema} is no JSON file that can be read`, {
      help: 'write {"columns": ["x: float32[64] from p0..p63", "y: int64[] from label"]}',
      cause,
    });
  }
}

async function importFiles(sources: string[], flags: ImportFlags): Promise<void> {
  const { to, append, format, delimiter, header, window } = flags;
  const dataset = await importDataset(sources, to, {
    schema: schemaOf(flags),
    append,
    format,
    delimiter,
    header,
    window,
    signal: interruptible(),
    onProgress: progress('importing'),
    onSchema: ({ columns }) => {
      for (const { name, from, labels, ...type } of columns) {
        const many = from.length > 1 ? `${from[0]} … ${from.at(-1)}` : from[0];
        process.stderr.write(`  ${name}: ${showColumn(type)} from ${many}${labels ? ' as labels' : ''}\n`);
      }
    },
  });
  print({ folder: to, rows: dataset.rows, columns: columnsOf(dataset), columnsRoot: await dataset.columnsRoot() });
  await dataset.close();
}

/** Runs `work` with a connection that is closed after it. */
async function connected(flags: ConnectionOptions, toRead: boolean, work: (essaim: Essaim) => Promise<void>) {
  const essaim = await connectFromFiles(flags, toRead);
  try {
    await work(essaim);
  } finally {
    essaim.close();
  }
}

const published = ({ id, version, rows, columnsRoot, digest }: RegisteredDataset) =>
  print({ dataset: String(id), version, rows, columnsRoot, manifest: digest });

async function register(folder: string, flags: PublishFlags): Promise<void> {
  const { name, description, licence, price, token, contributor } = flags;
  const local = await FolderDataset.open(folder);
  await connected(flags, false, async ({ datasets }) => {
    const about = { name, description, licence, price, token, contributors: contributor };
    const work = { onProgress: progress('publishing'), signal: interruptible() };
    published(await datasets.register(local, { ...about, ...work }));
  });
  await local.close();
}

async function add(id: bigint, folder: string, flags: PublishFlags): Promise<void> {
  const local = await FolderDataset.open(folder);
  await connected(flags, false, async ({ datasets }) => {
    const work = { onProgress: progress('publishing'), signal: interruptible() };
    published(await datasets.addVersion(id, local, { contributors: flags.contributor, ...work }));
  });
  await local.close();
}

type ShowFlags = ConnectionOptions & { at?: number; check?: boolean };

/** Runs `work` on a folder's data set, or on a registered one of this number. */
async function either(
  name: string,
  flags: ShowFlags,
  onFolder: (dataset: FolderDataset) => Promise<void>,
  onRegistered: (dataset: RegisteredDataset, essaim: Essaim) => Promise<void>,
): Promise<void> {
  if (existsSync(name)) {
    const dataset = await FolderDataset.open(name);
    await onFolder(dataset);
    return dataset.close();
  }
  if (!/^(\d+|0x[0-9a-fA-F]+)$/.test(name) || !flags.rpc || !flags.deployment || !flags.storage) {
    throw new EssaimError('DATASET_FOLDER', `${name} holds no data set`, {
      help: 'name a folder that an import made, or a registered data set with --rpc, --deployment and --storage',
    });
  }
  await connected(flags, true, async (essaim) =>
    onRegistered(await essaim.datasets.get(BigInt(name), flags.at), essaim),
  );
}

const show = (name: string, flags: ShowFlags) =>
  either(
    name,
    flags,
    async (dataset) => {
      const limits = flags.check ? { limits: limitsOf(dataset, await dataset.check()) } : {};
      print(
        { rows: dataset.rows, columns: columnsOf(dataset), ...limits, columnsRoot: await dataset.columnsRoot() },
        1,
      );
    },
    async (dataset, { datasets }) => {
      const { id, version, rows, columnsRoot, digest, manifest } = dataset;
      if (flags.check) await datasets.checkHistory(id, version);
      const { name, description, licence, contributors } = manifest;
      const { price, token } = await datasets.priceOf(id);
      const held = { dataset: String(id), version, versions: await datasets.versions(id), price: String(price), token };
      const said = { name, description, licence, contributors, rows, columns: columnsOf(dataset) };
      print({ ...held, ...said, columnsRoot, manifest: digest }, 1);
    },
  );

const rows = (name: string, indices: number[], flags: ShowFlags) =>
  either(
    name,
    flags,
    (dataset) => printRows(dataset, indices),
    (dataset) => printRows(dataset, indices),
  );

const get = (id: bigint, folder: string, flags: ShowFlags) =>
  connected(flags, true, async ({ datasets }) => {
    const dataset = await datasets.get(id, flags.at);
    const work = { onProgress: progress('downloading'), signal: interruptible() };
    const local = await downloadDataset(dataset, folder, work);
    print({ folder, rows: local.rows, columns: columnsOf(local), columnsRoot: await local.columnsRoot() });
    await local.close();
  });

const program = new Command('essaim-data').description('Makes, registers and reads data sets');
program
  .command('import <source...>')
  .description('turn a CSV file, JSON lines, a folder of images, .npy files or a text into a data set')
  .requiredOption('--to <folder>', 'where the data set is made')
  .option(
    '--column <text>',
    'how a column is made: "x: float32[64] from p0..p63"; repeatable (default: inferred)',
    texts,
  )
  .option('--schema <file>', 'the same in a JSON file, with labels, scale, mean, std and images')
  .addOption(new Option('--format <name>', 'default: by the name’s ending').choices(FORMATS))
  .option('--delimiter <mark>', 'between the cells of a CSV file (default: found in its first line)')
  .option('--no-header', 'the first line of a CSV file is a row; its fields are c0, c1, …')
  .option('--window <bytes>', 'in a row of a text file (default: 64)', whole)
  .option('--append', 'add the rows to the data set in the folder')
  .action(importFiles);
contributors(connectionOptions(program.command('register <folder>').description('publish a data set and register it')))
  .requiredOption('--name <text>', 'its name')
  .option('--description <text>', 'what its rows are', '')
  .requiredOption('--licence <text>', 'SPDX expression, or the licence’s text')
  .option('--price <amount>', 'for each run that trains on it, in the token’s smallest unit', big, 0n)
  .requiredOption('--token <address>', 'ERC-20 that the price is in', address)
  .action(register);
contributors(
  connectionOptions(program.command('add').argument('<id>', 'of the data set', big).argument('<folder>', 'grown rows')),
)
  .description('publish what a data set has more than its newest version, and add it as the next')
  .action(add);
const reading = (command: Command) =>
  command
    .option('--rpc <url>', 'RPC endpoint of the chain')
    .option('--deployment <file>', 'where the contracts are: a deployments/<chainId>.json')
    .option('--storage <url>', 'IPFS node: Kubo’s RPC or the embedded one')
    .option('--polling <ms>', 'how often the chain is looked at', milliseconds, 4_000)
    .option('--at <version>', 'which version (default: the newest)', whole);
reading(program.command('show <folder-or-id>').description('say what a data set is'))
  .option(
    '--check',
    'hash every byte of a folder again and say its limits; of a registered one, that versions only added rows',
  )
  .action(show);
reading(program.command('rows').argument('<folder-or-id>').argument('<row...>', 'row numbers, from 0', rowNumbers))
  .description('print rows, a line of JSON each; those of a registered data set are checked against the chain')
  .action(rows);
connectionOptions(
  program.command('get').argument('<id>', 'of the data set', big).argument('<folder>', 'where it is put'),
)
  .description('download a version, checked against the chain; goes on where it was interrupted')
  .option('--at <version>', 'which version (default: the newest)', whole)
  .action(get);

await main(program);
