import {
  compile,
  EssaimError,
  OnnxBuilder,
  readOnnx,
  type StepOptions,
  scheduleRow,
  stepProgram,
  withParameters,
} from '@essaim/protocol';
import { expect } from 'chai';
import { random } from '../../../test/random.ts';
import { floatsOf, runStep } from '../../../test/training/run-step.ts';

const MEAN: StepOptions = { loss: { kind: 'mean-squared-error' }, optimiser: { kind: 'sgd' } };

/** Two layers with a name of their own for everything. */
function perceptron(batch = 4, inputs = 3, hidden = 5, outputs = 2): OnnxBuilder {
  const next = random(7);
  const weights = (count: number) => Float32Array.from({ length: count }, () => next() - 0.5);
  const model = new OnnxBuilder();
  model.input('x', 'float32', [batch, inputs]);
  model.initializer('w1', 'float32', [inputs, hidden], weights(inputs * hidden));
  model.initializer('b1', 'float32', [hidden], weights(hidden));
  model.initializer('w2', 'float32', [hidden, outputs], weights(hidden * outputs));
  const middle = model.node('Tanh', [model.node('Gemm', ['x', 'w1', 'b1'])]);
  model.node('MatMul', [middle, 'w2'], { outputs: ['y'] });
  model.node('ArgMax', ['y'], { outputs: ['digit'], attributes: { axis: 1 } });
  model.output('y');
  model.output('digit');
  return model;
}

const thrown = (make: () => unknown): EssaimError => {
  try {
    make();
  } catch (error) {
    expect(error).to.be.instanceOf(EssaimError);
    return error as EssaimError;
  }
  throw new Error('nothing was thrown');
};

describe('a step program', () => {
  it('takes parameters, state, schedule and batch in this order and gives the first two and the loss', () => {
    const step = stepProgram(perceptron().bytes(), { loss: { kind: 'cross-entropy' }, optimiser: { kind: 'adamw' } });
    const program = compile(step.onnx);
    const parameters = ['w1', 'b1', 'w2'];
    const state = parameters.flatMap((name) => [`m/${name}`, `v/${name}`]);
    expect(program.inputs.map(({ name }) => name)).to.deep.equal([...parameters, ...state, 'schedule', 'x', 'target']);
    expect(program.outputs.map(({ name }) => name)).to.deep.equal(
      [...parameters, ...state].map((name) => `next/${name}`).concat('loss'),
    );
    for (const [i, { value }] of program.outputs.slice(0, -1).entries()) {
      expect(program.values[value].type, 'the same root as input and as output').to.deep.equal(program.inputs[i].type);
    }
    expect(step.batch.map(({ dtype }) => dtype)).to.deep.equal(['float32', 'int64']);
    expect(program.inputs.at(-1)!.range).to.deep.equal({ low: 0, high: 1, step: 1 });
  });

  it('is the same bytes each time it is made', () => {
    const make = () => stepProgram(perceptron().bytes(), MEAN).onnx;
    expect(make()).to.deep.equal(make());
    expect(stepProgram(perceptron().model(), MEAN).onnx).to.deep.equal(make());
  });

  it('leaves frozen parameters weights of the program', () => {
    const step = stepProgram(perceptron().bytes(), { ...MEAN, trainable: ['w2'] });
    expect(step.parameters.map(({ name }) => name)).to.deep.equal(['w2']);
    expect(compile(step.onnx).weights.map(({ name }) => name)).to.include.members(['w1', 'b1']);
    const chosen = stepProgram(perceptron().bytes(), { ...MEAN, trainable: ({ dims }) => dims.length === 2 });
    expect(chosen.parameters.map(({ name }) => name)).to.deep.equal(['w1', 'w2']);
  });

  it('has gradients that agree with differences of the loss', async () => {
    const step = stepProgram(perceptron().bytes(), { ...MEAN, optimiser: { kind: 'sgd', momentum: 0.5 } });
    const program = compile(step.onnx);
    const next = random(3);
    const noise = (count: number) => Float32Array.from({ length: count }, () => 2 * next() - 1);
    const batch = [noise(12), noise(8)].map((a) => new Uint8Array(a.buffer));
    const first = [...step.parameters, ...step.state].map(({ initial }) => initial);
    const lossAt = async (parameter: number, at: number, by: number) => {
      const moved = floatsOf(first[parameter]);
      moved[at] += by;
      const checkpoint = first.with(parameter, new Uint8Array(moved.buffer));
      return floatsOf((await runStep(program, step, Float32Array.of(1), batch, checkpoint)).loss)[0];
    };
    const results = await runStep(program, step, Float32Array.of(1), batch);
    for (const [i, { next: name }] of step.state.entries()) {
      const gradient = floatsOf(results[name]);
      for (const at of [0, gradient.length - 1]) {
        const h = 0.01;
        const slope = ((await lossAt(i, at, h)) - (await lossAt(i, at, -h))) / (2 * h);
        expect(gradient[at], `${name}[${at}]`).to.be.closeTo(slope, 1e-4);
      }
    }
  });

  it('sums long batches in parts whose faults fit a transaction', async () => {
    const [batch, inputs, hidden, outputs] = [5000, 3, 5, 2];
    const step = stepProgram(perceptron(batch, inputs, hidden, outputs).bytes(), MEAN);
    const program = compile(step.onnx);
    const ones = (count: number) => new Uint8Array(new Float32Array(count).fill(1).buffer);
    const { loss } = await runStep(program, step, Float32Array.of(0.1), [ones(batch * inputs), ones(batch * outputs)]);
    const small = stepProgram(perceptron(1, inputs, hidden, outputs).bytes(), MEAN);
    const same = await runStep(compile(small.onnx), small, Float32Array.of(0.1), [ones(inputs), ones(outputs)]);
    expect(floatsOf(loss)[0]).to.be.closeTo(floatsOf(same.loss)[0], 1e-5);
  });

  it('sums the filters of many images in parts', () => {
    const model = new OnnxBuilder();
    model.input('x', 'float32', [256, 2, 16, 16]);
    model.initializer('w', 'float32', [3, 2, 3, 3], new Float32Array(54).fill(0.1));
    model.node('Conv', ['x', 'w'], { outputs: ['y'] });
    model.output('y');
    const { operators } = compile(stepProgram(model.bytes(), MEAN).onnx);
    expect(operators.filter(({ name }) => name === 'Conv')).to.have.length(1 + Math.ceil((256 * 14 * 14) / 980));
  });

  it('gives back the forward model with trained parameters', async () => {
    const model = perceptron().model();
    const step = stepProgram(model, MEAN);
    const trained = step.parameters.map(({ initial }) => new Uint8Array(floatsOf(initial).map((x) => x + 1).buffer));
    const { initializers } = withParameters(model, step.parameters, trained);
    expect(initializers.map(({ bytes }) => bytes)).to.deep.equal(trained);
    const short = thrown(() => withParameters(model, step.parameters, [new Uint8Array(4)]));
    expect(short.code).to.equal('TRAINING_BAD_STEP');
  });

  it('moves parameters as the optimisers of PyTorch do', async () => {
    // one parameter of loss (2p - 1)², thrice: values by hand in double precision
    const model = new OnnxBuilder();
    model.input('x', 'float32', [1, 1]);
    model.initializer('p', 'float32', [1, 1], Float32Array.of(0.75));
    model.node('MatMul', ['x', 'p'], { outputs: ['y'] });
    model.output('y');
    const batch = [2, 1].map((n) => new Uint8Array(Float32Array.of(n).buffer));
    const trainedBy = async (optimiser: StepOptions['optimiser']) => {
      const step = stepProgram(model.bytes(), { loss: { kind: 'mean-squared-error' }, optimiser });
      const program = compile(step.onnx);
      let checkpoint = [...step.parameters, ...step.state].map(({ initial }) => initial);
      for (let t = 1; t <= 3; t++) {
        const results = await runStep(program, step, scheduleRow(optimiser, 0.1, t), batch, checkpoint);
        checkpoint = [...step.parameters, ...step.state].map(({ next }) => results[next]);
      }
      return floatsOf(checkpoint[0])[0];
    };
    const slope = (p: number) => 4 * (2 * p - 1);
    const [decay, momentum] = [0.1, 0.5];
    let [p, u] = [0.75, 0];
    let [q, w] = [0.75, 0];
    let [r, m, v] = [0.75, 0, 0];
    for (let t = 1; t <= 3; t++) {
      u = momentum * u + slope(p) + decay * p;
      p -= 0.1 * u;
      const g = slope(q) + decay * q;
      w = momentum * w + g;
      q -= 0.1 * (g + momentum * w);
      m = 0.8 * m + 0.2 * slope(r);
      v = 0.9 * v + 0.1 * slope(r) ** 2;
      r = r * (1 - 0.1 * decay) - ((0.1 / (1 - 0.8 ** t)) * m) / (Math.sqrt(v / (1 - 0.9 ** t)) + 1e-4);
    }
    const sgd = { kind: 'sgd', momentum, weightDecay: decay } as const;
    expect(await trainedBy(sgd)).to.be.closeTo(p, 1e-5);
    expect(await trainedBy({ ...sgd, nesterov: true })).to.be.closeTo(q, 1e-5);
    const adam = { kind: 'adamw', betas: [0.8, 0.9], epsilon: 1e-4, weightDecay: decay } as const;
    expect(await trainedBy(adam)).to.be.closeTo(r, 1e-5);
  });

  it('refuses by name a node through which no gradient leads', () => {
    const model = new OnnxBuilder();
    model.input('x', 'float32', [2, 3]);
    model.initializer('w', 'float32', [2, 3], new Float32Array(6));
    const sum = model.node('Add', ['x', 'w']);
    model.node('HardSwish', [model.node('Floor', [sum], { name: 'rounding' })], { outputs: ['y'] });
    model.output('y');
    const { code, message, help, details } = thrown(() => stepProgram(model.bytes(), MEAN));
    expect(code).to.equal('TRAINING_NO_GRADIENT');
    expect(message).to.equal('node HardSwish#2 (HardSwish): it has no gradient rule');
    expect(help).to.include('docs/training.md');
    expect(details).to.deep.equal({ node: 'HardSwish#2', operator: 'HardSwish' });
  });

  it('refuses options that do not fit the model', () => {
    const refused = (options: Partial<StepOptions>): string => {
      const { code, message } = thrown(() => stepProgram(perceptron().bytes(), { ...MEAN, ...options }));
      expect(code).to.equal('TRAINING_BAD_STEP');
      return message;
    };
    expect(refused({ trainable: ['w3'] })).to.include('w3');
    expect(refused({ trainable: [] })).to.equal('no initialiser is trained');
    expect(refused({ loss: { kind: 'given' } })).to.include('[4,2]');
    expect(refused({ loss: { kind: 'cross-entropy', output: 'digit' } })).to.include('int64');
    expect(refused({ loss: { kind: 'cross-entropy', output: 'z' } })).to.include('no output z');
    expect(refused({ optimiser: { kind: 'sgd', momentum: 1 } })).to.equal('momentum is 1');
    expect(refused({ optimiser: { kind: 'sgd', nesterov: true } })).to.include('nesterov');
    expect(refused({ optimiser: { kind: 'adamw', epsilon: 0 } })).to.equal('epsilon is 0');
  });

  it('keeps its names apart from those of the model', () => {
    const model = new OnnxBuilder();
    model.input('target', 'float32', [2, 2]);
    model.initializer('schedule', 'float32', [2, 2], new Float32Array(4).fill(1));
    model.node('MatMul', ['target', 'schedule'], { outputs: ['loss'] });
    model.output('loss');
    const step = stepProgram(model.bytes(), MEAN);
    expect(readOnnx(step.onnx).inputs.map(({ name }) => name)).to.deep.equal([
      'schedule',
      "schedule'",
      'target',
      "target'",
    ]);
    expect(step.loss).to.equal("loss'");
    compile(step.onnx);
  });
});
