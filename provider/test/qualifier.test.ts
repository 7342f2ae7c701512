import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '@essaim/protocol';
import { openTracer, probeInputs } from '@essaim/runtime';
import { expect } from 'chai';
import { modelPath } from '../../models/digits/digits.ts';
import { Speeds } from '../src/capacity/speeds.ts';
import type { ProviderEvent } from '../src/events.ts';
import { Qualifier, type QualifierOptions } from '../src/qualified/qualifier.ts';
import { tryModel } from '../src/qualified/trial.ts';

describe('whether a device may sell a model', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-qualified-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const digits = async () => {
    const onnx = new Uint8Array(await readFile(modelPath('mlp-b1')));
    return { id: 7n, onnx, program: compile(onnx) };
  };
  const qualifier = (more: Partial<QualifierOptions> = {}) => {
    const speeds = new Speeds();
    const opened = { engines: ['cpu'] as const, trace: openTracer(), speeds, folder, patience: 60_000, ...more };
    return { speeds, qualifier: new Qualifier(opened) };
  };

  it('is refused by naming the check where that is asked for, found out once, and known after a restart', async () => {
    const model = await digits();
    const strict = qualifier({ unqualified: 'refuse' });
    const refusal = await strict.qualifier.refusal(model);
    expect(refusal).to.include({ code: 'MODEL_UNQUALIFIED', mayPass: true });
    expect(refusal?.help).to.contain('check --model 7');

    const events: ProviderEvent[] = [];
    const eager = qualifier({ say: (event) => events.push(event) });
    // another job of the model does not wait
    const [first, second] = await Promise.all([eager.qualifier.refusal(model), eager.qualifier.refusal(model)]);
    expect(first).to.equal(null);
    expect(second).to.include({ code: 'MODEL_QUALIFYING', mayPass: true });
    expect(events).to.have.length(1);
    expect(events[0]).to.include({ event: 'qualified', model: '7', isQualified: true, engine: 'cpu' });
    expect(eager.speeds.expected(model.program.id, 1)).to.be.greaterThan(2);

    const restarted = qualifier({ unqualified: 'refuse' });
    expect(await restarted.qualifier.refusal(model)).to.equal(null);
    expect(restarted.speeds.expected(model.program.id, 1)).to.be.greaterThan(2);
  });

  it('holds for the versions that it was found out with, and a failure is told with its advice', async () => {
    const model = await digits();
    const file = join(folder, 'qualified.json');
    await qualifier().qualifier.qualify(model);
    const [record] = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify([{ ...record, versions: 'others' }]));
    expect(await qualifier({ unqualified: 'refuse' }).qualifier.refusal(model)).to.include({ mayPass: true });
    writeFileSync(file, JSON.stringify([{ ...record, isQualified: false, advice: ['turn it off'] }]));
    const refusal = await qualifier().qualifier.refusal(model);
    expect(refusal).to.include({ code: 'MODEL_UNQUALIFIED', mayPass: false });
    expect(refusal?.help).to.match(/^turn it off; essaim-provider check --model 7/);
  });

  it('is not asked where it sells without; how fast it is still is', async () => {
    const model = await digits();
    const { qualifier: careless, speeds } = qualifier({ unqualified: 'take', folder: join(folder, 'other') });
    expect(await careless.refusal(model)).to.equal(null);
    expect(speeds.perInput(model.program.id)).to.be.greaterThan(0);
  });

  it('is found out elsewhere: what cannot be opened, or takes too long, harms nobody', async () => {
    const broken = await tryModel({ onnx: new Uint8Array(10), engines: ['cpu'] }).catch((error) => error);
    expect(broken).to.have.property('code').that.is.a('string');
    const { onnx } = await digits();
    const slow = await tryModel({ onnx, engines: ['cpu'] }, 1).catch((error) => error);
    expect(slow).to.include({ code: 'TRIAL_FAILED' });
  });

  it('is measured on numbers that a model takes', async () => {
    const { program } = await digits();
    const [{ range }] = program.inputs;
    const numbers = new Float32Array(probeInputs(program)[0].buffer);
    for (const x of numbers) expect(x).to.be.within(range.low, range.high);
    expect(new Set(numbers).size).to.be.greaterThan(5);
  });
});
