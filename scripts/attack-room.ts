/** How often a classifier's answer can be turned within what judges permit: npm run attack-room -- [decisions]. */
import { compile, driftOf } from '@essaim/protocol';
import { random } from '../test/random.ts';
import { type Attack, attack, type Decision } from './attack-room/attack.ts';
import { trainClassifier } from './attack-room/classifier.ts';
import { Room } from './attack-room/room.ts';
import { gaussian } from './bench/models.ts';
import { CNN, type Network, TRANSFORMER } from './downgrade/networks.ts';
import { recordFigure } from './figures.ts';

/** Of the digits; half as many of the convolutional network, a quarter of the transformer, which take longer. */
const decisions = Number(process.argv[2] ?? 32);
const next = random(41);
const bytesOf = (x: Float32Array): Uint8Array => new Uint8Array(x.buffer);

interface Scene {
  readonly name: string;
  readonly onnx: Uint8Array;
  readonly inputs: readonly Uint8Array[];
  decision(place: number): Decision;
}

function digits(): Scene {
  const { onnx, unseen } = trainClassifier(next);
  const inputs = unseen.slice(0, decisions).map(({ x }) => bytesOf(x));
  return { name: 'digits, trained', onnx, inputs, decision: () => ({ first: 0, count: 10 }) };
}

/** An untrained network on random inputs, its decisions being between `count` numbers in one of `rows` rows. */
function untrained(network: Network, share: number, rows: number, count: number): Scene {
  const size = network.input.reduce((a, b) => a * b, 1);
  const inputs = Array.from({ length: Math.ceil(decisions * share) }, () => bytesOf(gaussian(size, 1, next)));
  const decision = (place: number): Decision => ({ first: count * (place % rows), count });
  return { name: `${network.name}, untrained`, onnx: network.build(random(1)), inputs, decision };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];
const rows: string[] = [];
for (const { name, onnx, inputs, decision } of [
  digits(),
  untrained(CNN, 1 / 2, 1, 10),
  untrained(TRANSFORMER, 1 / 4, 16, 32),
]) {
  const program = compile(onnx);
  const room = await Room.open(program, onnx);
  const references = await Promise.all(inputs.slice(0, 2).map((x) => room.execute([x])));
  const drift = driftOf(references).outputs[program.outputs[0].name];
  const found: Attack[] = [];
  console.log(`${name}: ${inputs.length} decisions`);
  for (const [place, x] of inputs.entries()) found.push(await attack(room, program, [x], decision(place), next));
  const turned = (key: 'random' | 'sharp' | 'contract'): string =>
    `${found.filter((it) => it[key] >= it.margin).length} of ${found.length}`;
  const most = (key: 'random' | 'sharp' | 'contract'): number => Math.max(...found.map((it) => it[key]));
  const undecided = (tier: 'sharp' | 'contract'): number => found.filter((it) => it.margin < 2 * drift[tier]).length;
  for (const tier of ['sharp', 'contract'] as const) {
    const covered = found.every((it) => it[tier] <= it.foretold[tier]) && most(tier) <= 2 * drift[tier];
    if (!covered) process.exitCode = 1;
    rows.push(
      [
        name,
        tier,
        median(found.map(({ margin }) => margin)).toPrecision(3),
        turned('random'),
        turned(tier),
        most('random').toExponential(1),
        most(tier).toExponential(1),
        Math.max(...found.map(({ foretold }) => foretold[tier])).toExponential(1),
        (2 * drift[tier]).toExponential(1),
        `${undecided(tier)} of ${found.length}`,
        covered ? 'yes' : 'NO',
      ].join(' | '),
    );
    const key = name.split(',')[0];
    const turnedShare = found.filter((it) => it[tier] >= it.margin).length / found.length;
    recordFigure(`rate.turned.${key}.${tier}`, {
      value: turnedShare,
      unit: 'ratio',
      aim: null,
      command: 'npm run attack-room',
    });
  }
}
const head =
  'network | tier | median margin | turned at random | turned by attack | moved at random | moved by attack | foretold | 2 × drift | undecided | covered';
console.log([head, head.replace(/[^|]+/g, '---'), ...rows].map((row) => `| ${row} |`).join('\n'));
