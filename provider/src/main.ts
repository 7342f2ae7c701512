#!/usr/bin/env node
import { homedir } from 'node:os';
import { join } from 'node:path';
import { addEngine, ENGINES, type Engine, openTracer } from '@essaim/runtime';
import { type ConnectionOptions, connectionOptions, daemon, main } from '@essaim/sdk/node';
import { Command, InvalidArgumentError } from 'commander';
import { isAddress } from 'ethers';
import { Answerer } from './answerer.ts';
import { Archive } from './archive.ts';
import { checkModel } from './check.ts';
import { Provider } from './provider.ts';

interface RunOptions extends ConnectionOptions {
  fee: Record<string, bigint>;
  collateral?: bigint;
  model?: bigint[];
  engine?: Engine[];
  data: string;
  selfCheck: boolean;
  publishTraces: boolean;
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

/** Sells inference and answers for it until it is told to stop; speaks in lines of JSON. */
const run = (options: RunOptions) =>
  daemon(options, async (essaim, say, signal) => {
    const account = (await essaim.signer!.getAddress()).toLowerCase();
    const shop = {
      essaim,
      say,
      policy: {
        models: options.model ?? [],
        minimumFee: options.fee,
        maximumCollateral: options.collateral ?? 10n ** 21n,
        selfCheck: options.selfCheck,
        publishTraces: options.publishTraces,
      },
      trace: openTracer({ engines: options.engine ?? ['cpu'] }),
      archive: new Archive(join(options.data, String(essaim.deployment.chainId), account)),
    };
    await Promise.all([new Provider(shop).run(signal), new Answerer(shop).run(signal)]);
  });

const program = new Command('essaim-provider').description('Earns by running models for others');
connectionOptions(program.command('run').description('take jobs, run them, answer for them and be paid'))
  .requiredOption('--fee <token=least>', 'least fee for one input in a token’s smallest unit; repeatable', feeFor)
  .option('--collateral <wei>', 'most MIEL at stake for one job (default: 1,000 MIEL)', amount)
  .option('--model <id>', 'serve this model only; repeatable', modelNamed)
  .option('--engine <name>', `${ENGINES.join(', ')}; repeatable, tried in order (default: cpu)`, addEngine)
  .option('--data <folder>', 'traces that may still be asked for', join(homedir(), '.essaim', 'provider'))
  .option('--no-publish-traces', 'show traces when they are demanded on chain only')
  .option('--no-self-check', 'do not judge a sample of each trace before committing')
  .action(run);
program
  .command('check <model>')
  .description('say whether this device computes an ONNX file as the protocol asks')
  .option('--engine <name>', `${ENGINES.join(', ')}; repeatable, tried in order (default: cpu)`, addEngine)
  .action((model: string, options: { engine?: Engine[] }) => checkModel(model, options.engine ?? ['cpu']));

await main(program);
