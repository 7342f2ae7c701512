import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { compile } from '@essaim/protocol';
import { Answerer, Archive, closeRuns, RoundArchive, runSource, Trainer } from '@essaim/provider';
import { commitTrace, commitValues, Executor, openTracer, type Tracer } from '@essaim/runtime';
import { checkpointTypes, type Essaim } from '@essaim/sdk';
import { cidOfDigest, type Storage } from '@essaim/storage';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { type Lie, tamper } from '../../scripts/demo/tamper.ts';
import { altered } from './altered.ts';
import { createRun, passDraw, registerDigits, step } from './school.ts';
import { type Daemon, Town } from './town.ts';

/** What a cheat does otherwise. */
interface Cheat {
  essaim?: (honest: Essaim) => Essaim;
  trace?: (honest: Tracer) => Tracer;
  rounds?: (honest: RoundArchive) => RoundArchive;
  /** Its demands are not answered. */
  silent?: boolean;
  /** Whether it serves its traces; default yes. */
  publishTraces?: boolean;
}

const program = compile(step.onnx);

describe('a verifier of training', function () {
  this.timeout(120_000);
  let town: Town;
  let initiator: Essaim;
  let backer: Essaim;
  let bob: Essaim;
  let dataset: bigint;
  let verifier: Daemon;
  before(async () => {
    town = await Town.open();
    [initiator, backer, bob] = await Promise.all([
      town.connect('modeller'),
      town.connect('requester'),
      town.connect('bob'),
    ]);
    await bob.staking.provide(parseEther('4000'), undefined, 'training');
    dataset = await registerDigits(town, initiator);
    verifier = await town.verifier('verifier', '--all');
  });
  after(async () => {
    for (const essaim of [initiator, backer, bob]) essaim?.close();
    await town?.close();
  });

  /** Has bob train a run of two rounds with this cheat until it is convicted; what the verifier said. */
  async function convicted(
    name: string,
    { essaim, trace, rounds, silent, publishTraces = true }: Cheat,
    meanwhile?: () => Promise<void>,
  ) {
    const { runId, terms } = await createRun(town, initiator, dataset, { rounds: 2, steps: 3, depth: 2 });
    await backer.training.back(runId, (await backer.training.view(runId)).budget);
    await passDraw(town);
    const folder = join(town.folder, name);
    const tracer = openTracer();
    const archive = new RoundArchive(folder);
    const policy = { minimumFee: { [terms.token.toLowerCase()]: 1n }, maximumCollateral: parseEther('1000') };
    const shop = {
      essaim: essaim?.(bob) ?? bob,
      policy: { ...policy, models: [], selfCheck: false },
      trace: trace?.(tracer) ?? tracer,
      archive: new Archive(folder),
      rounds: rounds?.(archive) ?? archive,
      training: { ...policy, runs: [runId], checkpointEvery: 2, selfCheck: false, publishTraces },
      data: join(folder, 'datasets'),
      say: () => undefined,
    };
    const stop = new AbortController();
    const work = [new Trainer(shop).run(stop.signal)];
    if (!silent) work.push(new Answerer(shop, [runSource(shop)]).run(stop.signal));
    await meanwhile?.();
    for (;;) {
      const found = verifier.lines.find((line) => line.event === 'convicted' && line.runId === runId);
      const broken = verifier.lines.find(({ event }) => event === 'failed' || event === 'exit');
      if (broken) throw new Error(JSON.stringify(broken));
      if (found) {
        stop.abort();
        await Promise.all(work);
        await closeRuns(shop);
        return found;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('convicts rows in an order chosen after the fact', async () => {
    const seed = async () => `0x${'11'.repeat(32)}`;
    const contracts = (essaim: Essaim) => {
      const TrainingRegistry = new Proxy(essaim.contracts.TrainingRegistry, {
        get: (own, name) => (name === 'seed' ? seed : Reflect.get(own, name)),
      });
      return { ...essaim.contracts, TrainingRegistry };
    };
    const line = await convicted('order', { essaim: (own) => altered(own, { contracts: contracts(own) }) });
    expect(line).to.include({
      fault: 'batch',
      leaf: 0,
      column: 0,
      transactions: 2,
      slashed: String(parseEther('200')),
    });
  });

  it('convicts a learning rate that is not the run’s', async () => {
    const parts = async (...args: Parameters<Essaim['training']['parts']>) => {
      const own = await bob.training.parts(...args);
      const bytes = own.schedule.bytes.map((byte, i) => (i === 3 ? byte ^ 1 : byte));
      return { ...own, schedule: { ...own.schedule, bytes } };
    };
    const line = await convicted('rate', {
      essaim: (own) => altered(own, { training: altered(own.training, { parts }) }),
    });
    expect(line).to.include({ fault: 'schedule', leaf: 0, element: 0, step: 0 });
  });

  it('convicts a step that goes on from something else than the one before it ended in', async () => {
    let calls = 0;
    const skipping = (honest: Tracer): Tracer =>
      Object.assign(
        (...[program, onnx, inputs, known]: Parameters<Tracer>) => {
          if (++calls !== 2) return honest(program, onnx, inputs, known);
          const bent = inputs.map((bytes, i) =>
            i === 1 ? bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) : bytes,
          );
          return honest(program, onnx, bent);
        },
        { remake: honest.remake },
      );
    const line = await convicted('skip', { trace: skipping });
    expect(line).to.include({ fault: 'continuity', leaf: 1, tensor: 'first.bias' });
  });

  it('convicts a checkpoint that the last step did not end in', async () => {
    const swapping = (honest: RoundArchive) =>
      altered(honest, {
        waypoint: async (...[place, types, step]: Parameters<RoundArchive['waypoint']>) => {
          const found = await honest.waypoint(place, types, step);
          return found && step === 3 ? { ...found, tensors: found.tensors.toReversed() } : found;
        },
      });
    const line = await convicted('swap', { rounds: swapping });
    expect(line).to.include({ fault: 'checkpoint', leaf: 2 });
  });

  it('tries rounds from what was committed to where nobody serves the checkpoint before them', async () => {
    const nowhere = cidOfDigest(`0x${'33'.repeat(32)}`);
    // checkpoints' tensors are small and traces are not
    const put = async (...args: Parameters<Storage['put']>) =>
      args[0] instanceof Uint8Array && args[0].length < 100_000 ? nowhere : bob.storage.put(...args);
    let calls = 0;
    const lying = (honest: Tracer): Tracer =>
      Object.assign(
        async (...execution: Parameters<Tracer>) => {
          const own = await honest(...execution);
          if (++calls !== 5) return own;
          const bytes = own.values[71]!.bytes.slice();
          bytes[0] ^= 64;
          const values = own.values.map((tensor, i) => (i === 71 ? bytes : (tensor?.bytes ?? null)));
          return commitValues(own.program, execution[2], values, execution[3]);
        },
        { remake: honest.remake },
      );
    const archive = new RoundArchive(join(town.folder, 'hidden'));
    const tensors = async (...args: Parameters<Essaim['training']['tensors']>) => {
      const [runId, root] = args;
      const parts = await bob.training.parts(runId);
      if (root === parts.terms.checkpoint) return bob.training.tensors(...args);
      return (await archive.waypoint({ runId, round: 0, turn: 1, seat: 0 }, checkpointTypes(parts), 3))!.tensors;
    };
    const line = await convicted('hidden', {
      essaim: (own) =>
        altered(own, { storage: altered(own.storage, { put }), training: altered(own.training, { tensors }) }),
      trace: lying,
    });
    expect(line).to.include({ fault: 'element', round: 1, leaf: 1, operator: 'Transpose' });
    expect(verifier.lines.some(({ what }) => /checkpoint before it/.test(String(what)))).to.equal(true);
  });

  /** Changes one number inside a segment of the second step that it makes, goes on from it, and answers for it. */
  function lyingInside(lie: Lie): (honest: Tracer) => Tracer {
    const steps: string[] = [];
    let lied: string | undefined;
    const isSecond = (inputs: readonly Uint8Array[]) => {
      const digest = inputs.reduce((hash, bytes) => hash.update(bytes), createHash('sha256')).digest('hex');
      if (!steps.includes(digest)) steps.push(digest);
      return steps.indexOf(digest) === 1;
    };
    return (honest) =>
      Object.assign(
        async (...execution: Parameters<Tracer>) => {
          const [program, onnx, inputs] = execution;
          if (!isSecond(inputs)) return honest(...execution);
          const executor = await Executor.open(program, tamper(onnx, program, lie), { trace: true });
          const made = commitTrace(program, inputs, await executor.run(inputs));
          await executor.close();
          lied = made.traceRoot;
          return made;
        },
        {
          remake: (...[of, onnx, segment]: Parameters<Tracer['remake']>) =>
            honest.remake(of, of.traceRoot === lied ? tamper(onnx, of.program, lie) : onnx, segment),
        },
      );
  }

  for (const publishTraces of [true, false]) {
    const how = publishTraces
      ? 'convicts a lie inside a segment of a step'
      : 'convicts it just the same without traces';
    it(how, async () => {
      const { operators, values, boundary } = program;
      const inner = operators.find(({ name, firstValue }) => name === 'Softmax' && !boundary[firstValue])!.firstValue;
      const { source } = values[inner];
      const lie = { tensor: 'onnx' in source ? source.onnx : '', element: 7, delta: 0.5 };
      const { runId, ...line } = await convicted(how, { trace: lyingInside(lie), publishTraces });
      expect(line).to.include({
        fault: 'element',
        round: 0,
        leaf: 1,
        operator: 'Softmax',
        value: lie.tensor,
        element: 7,
      });
      const asked = verifier.lines.filter(({ event, runId: of }) => event === 'demanded' && of === runId);
      const kinds = asked.map(({ kind }) => kind as string);
      expect(kinds).to.include('segment');
      if (publishTraces) expect(kinds).to.deep.equal(['segment']);
    });
  }

  it('convicts a trainer that shows neither receipt nor answer, by its silence', async () => {
    const hiding = (own: Essaim): Essaim => {
      const putManifest = async () => ({ cid: '', digest: `0x${'22'.repeat(32)}` });
      return altered(own, { storage: altered(own.storage, { putManifest }) });
    };
    const said = verifier.lines.length;
    const demanded = async () => {
      while (!verifier.lines.slice(said).some(({ event, kind }) => event === 'demanded' && kind === 'values'))
        await new Promise((resolve) => setTimeout(resolve, 50));
      await town.pass(7 * 3_600);
    };
    const line = await convicted('silent', { essaim: hiding, silent: true }, demanded);
    expect(line).to.include({ fault: 'silence', demanded: 'values' });
    expect(accounts(town.chain).bob.address).to.equal(line.provider);
  });
});
