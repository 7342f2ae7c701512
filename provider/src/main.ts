#!/usr/bin/env node
<<<<<<< HEAD
import { Program } from '@essaim/daemon';
import { checkProvider } from './checks.ts';
import { PROVIDER } from './identity.ts';
import { runProvider } from './run.ts';
import { simulateJob } from './simulate.ts';
import { providerStatus } from './status.ts';

await new Program(PROVIDER)
  .addSetup()
  .add(
    'check [models...]',
    'say what is wrong: chain, contracts, storage, clock, disk, stake, device',
    async (...given) => {
      const [options, secrets, models] = given;
      if (!(await checkProvider(PROVIDER, options, secrets, (models ?? []) as string[]))) process.exitCode = 1;
    },
=======
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EssaimError } from '@essaim/protocol';
import { Archive, addEngine, ENGINES, type Engine, openTracer } from '@essaim/runtime';
import { type ConnectionOptions, connectionOptions, daemon, FolderDataset, main, milliseconds } from '@essaim/sdk/node';
import { Purse } from '@essaim/verifier';
import { Command, InvalidArgumentError } from 'commander';
import { isAddress } from 'ethers';
import { Answerer } from './answerer.ts';
import { checkModel } from './check.ts';
import { Provider } from './provider.ts';
import { type SponsorOptions, sponsoring, sponsorOptions } from './sponsor/options.ts';
import { runSource } from './training/recall.ts';
import { RoundArchive } from './training/round-archive.ts';
import { Trainer } from './training/trainer.ts';

interface RunOptions extends ConnectionOptions, SponsorOptions {
  fee?: Record<string, bigint>;
  collateral?: bigint;
  model?: bigint[];
  engine?: Engine[];
  data: string;
  selfCheck: boolean;
  publishTraces: boolean;
  train?: Record<string, bigint>;
  trainRun?: string[];
  shard?: string[];
  checkpointEvery: number;
  patience?: number;
  bondBudget: bigint;
}

const amount = (text: string): bigint => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number of the smallest unit');
  return BigInt(text);
};

const feeFor = (text: string, fees?: Record<string, bigint>) => {
  const [token, least] = text.split('=');
  if (!isAddress(token)) throw new InvalidArgumentError('a token’s address, =, and the least fee');
  return { ...fees, [token.toLowerCase()]: amount(least ?? '') };
};

const modelNamed = (text: string, models: bigint[] | undefined): bigint[] => [...(models ?? []), amount(text)];

/** Opens the trainer's own data sets; they are read here and nowhere else. */
const openAll = (folders: readonly string[]): Promise<FolderDataset[]> =>
  Promise.all(folders.map((folder) => FolderDataset.open(folder)));

/** Sells inference and answers for it until it is told to stop; speaks in lines of JSON. */
const run = (options: RunOptions) => {
  if (!options.fee && !options.train) {
    throw new EssaimError('OPTION_MISSING', 'nothing to do: neither jobs nor runs of training', {
      help: 'give --fee TOKEN=LEAST to sell inference, --train TOKEN=LEAST to train, or both',
    });
  }
  return daemon(options, async (essaim, say, signal) => {
    const account = (await essaim.signer!.getAddress()).toLowerCase();
    const folder = join(options.data, String(essaim.deployment.chainId), account);
    const maximumCollateral = options.collateral ?? 10n ** 21n;
    const { selfCheck, publishTraces } = options;
    const engines = options.engine ?? ['cpu'];
    const shards = await openAll(options.shard ?? []);
    const own = openTracer({ engines });
    const sponsor = await sponsoring(options, { essaim, own, folder, say });
    const shop = {
      essaim,
      say,
      policy: {
        models: options.model ?? [],
        minimumFee: options.fee ?? {},
        ...{ maximumCollateral, selfCheck, publishTraces },
      },
      trace: sponsor?.tracer ?? own,
      archive: new Archive(folder),
      training: {
        runs: options.trainRun ?? [],
        minimumFee: options.train ?? {},
        checkpointEvery: options.checkpointEvery,
        patience: options.patience,
        ...{ maximumCollateral, selfCheck, publishTraces },
      },
      purse: new Purse(essaim, account, options.bondBudget),
      rounds: new RoundArchive(folder),
      data: join(options.data, 'datasets'),
      ...{ shards, engines },
    };
    const work = [
      new Answerer(shop, [runSource(shop)]),
      ...(options.fee ? [new Provider(shop)] : []),
      ...(options.train ? [new Trainer(shop)] : []),
      ...(sponsor ? [sponsor] : []),
    ];
    await Promise.all(work.map((part) => part.run(signal)));
    await Promise.all(shards.map((shard) => shard.close()));
  });
};

const program = new Command('essaim-provider').description('Earns by running models for others');
sponsorOptions(
  connectionOptions(program.command('run').description('take jobs, run them, answer for them and be paid')),
)
  .option('--fee <token=least>', 'sell inference for at least this fee for one input; repeatable', feeFor)
  .option('--collateral <wei>', 'most MIEL at stake for one job (default: 1,000 MIEL)', amount)
  .option('--model <id>', 'serve this model only; repeatable', modelNamed)
  .option('--train <token=least>', 'train runs for at least this fee a step; repeatable', feeFor)
  .option('--train-run <id>', 'train this run only; repeatable', (id, ids: string[] = []) => [...ids, id])
  .option(
    '--shard <folder>',
    'train private runs on this data set of your own; repeatable',
    (name, names: string[] = []) => [...names, name],
>>>>>>> lend
  )
  .add('run', 'take jobs, run them, answer for them and be paid', (options, secrets) =>
    runProvider(PROVIDER, options, secrets),
  )
  .add('status', 'say what is at stake, pending and earned', (options, secrets) =>
    providerStatus(PROVIDER, options, secrets),
  )
  .add('simulate <job>', 'do all of a job but send nothing', (options, secrets, job) =>
    simulateJob(PROVIDER, options, secrets, String(job)),
  )
  .main();
