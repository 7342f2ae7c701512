/**
 * A provider like any other, but for one job: there it changes a single number inside one tensor as the model runs and
 * goes on from it. For the demo and the end-to-end tests, where somebody has to cheat.
 * Arguments: one JSON object, see `Settings`.
 */
import { readFileSync } from 'node:fs';
import { Provider } from '@essaim/provider';
import { commitTrace, Executor, openTracer, type Tracer } from '@essaim/runtime';
import { Essaim } from '@essaim/sdk';
import { Wallet } from 'ethers';
import { type Lie, tamper } from './tamper.ts';

export interface Settings {
  rpc: string;
  deployment: string;
  storage: string;
  key: string;
  token: string;
  polling: number;
  /** Which of its jobs of that program, counted from 0, gets the lie. */
  lies: { programId: string; job: number; lie: Lie }[];
}

const settings = JSON.parse(process.argv[2]) as Settings;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const honest = openTracer();
const seen = new Map<string, number>();

const trace: Tracer = async (program, onnx, inputs) => {
  const job = seen.get(program.id) ?? 0;
  seen.set(program.id, job + 1);
  const plan = settings.lies.find((entry) => entry.programId === program.id && entry.job === job);
  if (!plan) return honest(program, onnx, inputs);
  const executor = await Executor.open(program, tamper(onnx, program, plan.lie), { trace: true });
  const committed = commitTrace(program, inputs, await executor.run(inputs));
  await executor.close();
  return committed;
};

const essaim = await Essaim.connect({
  rpc: settings.rpc,
  deployment: JSON.parse(readFileSync(settings.deployment, 'utf8')),
  storage: settings.storage,
  pollingInterval: settings.polling,
  signer: (provider) => new Wallet(settings.key, provider),
});
const say = (line: object) => console.log(JSON.stringify(line));
say({ event: 'ready', address: await essaim.signer?.getAddress() });
const policy = {
  models: [],
  minimumFee: { [settings.token.toLowerCase()]: 1n },
  maximumCollateral: 10n ** 24n,
  selfCheck: false,
};
await new Provider(essaim, policy, trace, say).run(stop.signal);
essaim.close();
