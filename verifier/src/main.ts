#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { EssaimError } from '@essaim/protocol';
import { ENGINES, type Engine, openTracer } from '@essaim/runtime';
import { Essaim } from '@essaim/sdk';
import { Command, InvalidArgumentError } from 'commander';
import { Wallet } from 'ethers';
import { Verifier } from './verifier.ts';

interface RunOptions {
  rpc: string;
  deployment: string;
  storage: string;
  keyFile: string;
  engine?: Engine[];
  polling: number;
}

const engineNamed = (text: string, engines: Engine[] | undefined): Engine[] => {
  const engine = ENGINES.find((name) => name === text);
  if (!engine) throw new InvalidArgumentError(`one of ${ENGINES.join(', ')}`);
  return [...(engines ?? []), engine];
};

/** Checks everything that is submitted until it is told to stop; speaks in lines of JSON. */
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
  say({ event: 'ready', address: await essaim.signer?.getAddress() });
  await new Verifier(essaim, openTracer({ engines: options.engine ?? ['cpu'] }), say).run(stop.signal);
  essaim.close();
}

const program = new Command('essaim-verifier').description(
  'Re-executes what providers submit and convicts wrong numbers',
);
program
  .command('run')
  .requiredOption('--rpc <url>', 'RPC endpoint of the chain')
  .requiredOption('--deployment <file>', 'deployments/<chainId>.json')
  .requiredOption('--storage <url>', 'IPFS node: Kubo’s RPC or the embedded one')
  .requiredOption('--key-file <file>', 'file with the private key of the account')
  .option('--engine <name>', `${ENGINES.join(', ')}; repeatable, tried in order`, engineNamed)
  .option('--polling <ms>', 'how often the chain is looked at', Number, 4_000)
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof EssaimError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.help}`);
  process.exit(1);
}
