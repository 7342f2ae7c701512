#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { EssaimError } from '@essaim/protocol';
import { ENGINES, type Engine, openTracer } from '@essaim/runtime';
import { Essaim } from '@essaim/sdk';
import { Command, InvalidArgumentError } from 'commander';
import { getAddress, Wallet } from 'ethers';
import { Provider } from './provider.ts';

interface RunOptions {
  rpc: string;
  deployment: string;
  storage: string;
  keyFile: string;
  fee: Record<string, bigint>;
  collateral: bigint;
  model: bigint[];
  engine: Engine[];
  polling: number;
  selfCheck: boolean;
}

const amount = (text: string): bigint => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number of the smallest unit');
  return BigInt(text);
};

const feeFor = (text: string, fees: Record<string, bigint>) => {
  const [token, least] = text.split('=');
  return { ...fees, [getAddress(token).toLowerCase()]: amount(least ?? '') };
};

const engineNamed = (text: string, engines: Engine[] | undefined): Engine[] => {
  const engine = ENGINES.find((name) => name === text);
  if (!engine) throw new InvalidArgumentError(`one of ${ENGINES.join(', ')}`);
  return [...(engines ?? []), engine];
};

/** Sells inference until it is told to stop; speaks in lines of JSON. */
async function run(options: RunOptions): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const essaim = await Essaim.connect({
    rpc: options.rpc,
    deployment: JSON.parse(readFileSync(options.deployment, 'utf8')),
    storage: options.storage,
    pollingInterval: options.polling,
    signer: (provider) => new Wallet(readFileSync(options.keyFile, 'utf8').trim(), provider),
  });
  const say = (line: object) => console.log(JSON.stringify(line));
  const policy = {
    models: options.model,
    minimumFee: options.fee,
    maximumCollateral: options.collateral,
    selfCheck: options.selfCheck,
  };
  say({ event: 'ready', address: await essaim.signer?.getAddress() });
  await new Provider(essaim, policy, openTracer({ engines: options.engine }), say).run(stop.signal);
  essaim.close();
}

const program = new Command('essaim-provider').description('Earns by running models for others');
program
  .command('run')
  .requiredOption('--rpc <url>', 'RPC endpoint of the chain')
  .requiredOption('--deployment <file>', 'deployments/<chainId>.json')
  .requiredOption('--storage <url>', 'IPFS node: Kubo’s RPC or the embedded one')
  .requiredOption('--key-file <file>', 'file with the private key of the account')
  .requiredOption('--fee <token=least>', 'least fee for one input in a token’s smallest unit; repeatable', feeFor, {})
  .option('--collateral <wei>', 'most MIEL at stake for one job', amount, 10n ** 21n)
  .option('--model <id>', 'serve this model only; repeatable', (id, ids: bigint[]) => [...ids, amount(id)], [])
  .option('--engine <name>', `${ENGINES.join(', ')}; repeatable, tried in order`, engineNamed)
  .option('--polling <ms>', 'how often the chain is looked at', Number, 4_000)
  .option('--no-self-check', 'do not judge a sample of each trace before committing')
  .action((options: RunOptions) => run({ ...options, engine: options.engine ?? ['cpu'] }));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof EssaimError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.help}`);
  process.exit(1);
}
