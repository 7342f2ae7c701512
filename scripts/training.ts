/** Makes the step program of a forward graph: node scripts/training.ts model.onnx --out step.onnx. See docs/training.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compile, EssaimError, type Loss, type Optimiser, setDefaultHasher, stepProgram } from '@essaim/protocol';
import { nativeHasher } from '@essaim/runtime';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    loss: { type: 'string', default: 'cross-entropy' },
    'output-name': { type: 'string' },
    'ignore-index': { type: 'string' },
    'target-type': { type: 'string', default: 'int64' },
    optimiser: { type: 'string', default: 'sgd' },
    momentum: { type: 'string', default: '0.9' },
    'weight-decay': { type: 'string' },
    clip: { type: 'string' },
    frozen: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: 'step.onnx' },
  },
});

function usage(message: string): EssaimError {
  return new EssaimError('TRAINING_USAGE', message, {
    help:
      'node scripts/training.ts model.onnx [--loss cross-entropy|mean-squared-error|given] [--output-name y] ' +
      '[--ignore-index n] [--target-type uint8|int32|int64] [--optimiser sgd|adamw] [--momentum m] [--weight-decay d] ' +
      '[--clip length] [--frozen name]… [--out step.onnx]',
  });
}

const number = (name: string, text: string): number => {
  if (text.trim() === '' || !Number.isFinite(Number(text))) throw usage(`--${name} is "${text}"`);
  return Number(text);
};
function oneOf<const T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((word) => word === text);
  if (!found) throw usage(`--${name} is "${text}"`);
  return found;
}

function lossOf(): Loss {
  const kind = oneOf('loss', values.loss, ['cross-entropy', 'mean-squared-error', 'given']);
  const output = values['output-name'];
  if (kind !== 'cross-entropy') return { kind, output };
  const ignored = values['ignore-index'];
  return {
    kind,
    output,
    targetType: oneOf('target-type', values['target-type'], ['uint8', 'int32', 'int64']),
    ...(ignored !== undefined && { ignoreIndex: number('ignore-index', ignored) }),
  };
}

function optimiserOf(): Optimiser {
  const kind = oneOf('optimiser', values.optimiser, ['sgd', 'adamw']);
  const decay = values['weight-decay'];
  const weightDecay = decay === undefined ? {} : { weightDecay: number('weight-decay', decay) };
  return kind === 'adamw'
    ? { kind, ...weightDecay }
    : { kind, momentum: number('momentum', values.momentum), ...weightDecay };
}

try {
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw usage(file ? `${more.length} files too many` : 'no model is given');
  setDefaultHasher(nativeHasher);
  const frozen = new Set(values.frozen);
  const step = stepProgram(new Uint8Array(readFileSync(file)), {
    loss: lossOf(),
    optimiser: optimiserOf(),
    ...(values.clip !== undefined && { clip: number('clip', values.clip) }),
    ...(frozen.size > 0 && {
      trainable: ({ name, dtype, dims }) => dtype === 'float32' && dims.length > 0 && !frozen.has(name),
    }),
  });
  const program = compile(step.onnx);
  writeFileSync(values.out, step.onnx);
  const type = ({ dtype, dims }: { dtype: string; dims: readonly number[] }): string => `${dtype}[${dims}]`;
  console.log(`${values.out}: program ${program.id}, ${program.operators.length} operators`);
  for (const [i, tensor] of [...step.parameters, ...step.state, step.schedule, ...step.batch].entries()) {
    const next = 'next' in tensor ? ` → ${tensor.next}` : '';
    console.log(`${String(i).padStart(4)}  ${tensor.name} ${type(tensor)}${next}`);
  }
} catch (error) {
  if (!(error instanceof EssaimError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.help}`);
  process.exitCode = 1;
}
