import type { NodeView } from '../node-view.ts';
import type { Pieces } from './pieces.ts';
import type { Rewriting } from './rewrite.ts';

/** Heads as an axis of their own: [batch, heads, places, width]. */
function headed(node: NodeView, pieces: Pieces, slot: number, heads: number): string {
  const { dims } = node.shape(slot);
  if (dims.length === 4) return pieces.input(slot);
  if (dims.length !== 3 || !(heads > 0) || dims[2] % heads !== 0) throw node.malformed(`operand ${slot} is [${dims}]`);
  const split = pieces.reshape(pieces.input(slot), [dims[0], dims[1], heads, dims[2] / heads]);
  return pieces.transpose(split, [0, 2, 1, 3]);
}

/** Keys or values after those of the past, each head as often as there are query heads for it. */
function remembered(pieces: Pieces, now: string, past: string, present: string, repeat: number): string {
  let all = now;
  if (past) all = pieces.concat([past, now], 2, present);
  else if (present) all = pieces.make('Identity', [now], { as: present });
  if (repeat === 1) return all;
  const [n, heads, places, width] = pieces.dims(all);
  const apart = pieces.reshape(all, [n, heads, 1, places, width]);
  const many = pieces.make('Expand', [apart, pieces.ints([n, heads, repeat, places, width])]);
  return pieces.reshape(many, [n, heads * repeat, places, width]);
}

/**
 * Which keys a query may look at by its place, which is that of its row after `offset` earlier ones; undefined: all.
 * With lengths (operand 6) the last row of each of the batch has the last of its keys.
 */
function allowedBy(node: NodeView, pieces: Pieces, rows: number, columns: number, offset: number): string | undefined {
  const causal = node.int('is_causal', 0) !== 0;
  const [left, behind] = [node.int('left_window_size', -1), node.int('right_window_size', -1)];
  const right = causal ? 0 : behind;
  const grid = <T>(of: (row: number, column: number) => T): T[] =>
    Array.from({ length: rows * columns }, (_, at) => of(Math.floor(at / columns), at % columns));
  if (node.has(6)) {
    const length = pieces.reshape(pieces.input(6), [node.shape(6).dims[0], 1, 1, 1]);
    const least = grid((i, j) => (right < 0 ? j + 1 : Math.max(j - i + rows - right, j + 1)));
    const enough = pieces.make('LessOrEqual', [pieces.ints(least, [rows, columns]), length]);
    if (left < 0) return enough;
    const most = grid((i, j) => j - i + rows + left);
    return pieces.make('And', [enough, pieces.make('GreaterOrEqual', [pieces.ints(most, [rows, columns]), length])]);
  }
  if (left < 0 && right < 0) return undefined;
  const seen = grid((i, j) => (right < 0 || j <= i + offset + right) && (left < 0 || j >= i + offset - left));
  return pieces.bools(seen, [rows, columns]);
}

/** A mask as wide as there are keys; what it says nothing of is not looked at. */
function widened(pieces: Pieces, mask: string, columns: number): string {
  const dims = pieces.dims(mask);
  const missing = columns - dims[dims.length - 1];
  if (missing <= 0 || dims[dims.length - 1] === 1) return mask;
  const none = pieces.dtype(mask) === 'bool' ? pieces.bools([false], []) : pieces.scalar(Number.NEGATIVE_INFINITY);
  const pads = [...dims.map(() => 0), ...dims.map((_, i) => (i === dims.length - 1 ? missing : 0))];
  return pieces.make('Pad', [mask, pieces.ints(pads), none]);
}

const LOWEST = -3.4028234663852886e38;

/** Attention as the products, sums and the Softmax that it stands for. */
const attention: Rewriting = (node, pieces) => {
  node.int('softmax_precision', 1);
  const mode = node.int('qk_matmul_output_mode', 0);
  const q = headed(node, pieces, 0, node.int('q_num_heads', 0));
  const newKeys = headed(node, pieces, 1, node.int('kv_num_heads', 0));
  const newValues = headed(node, pieces, 2, node.int('kv_num_heads', 0));
  const [batch, heads, rows, width] = pieces.dims(q);
  const repeat = heads / pieces.dims(newKeys)[1];
  if (!Number.isInteger(repeat)) throw node.malformed(`${heads} heads for ${pieces.dims(newKeys)[1]}`);
  const k = remembered(pieces, newKeys, pieces.input(4), pieces.output(1), repeat);
  const v = remembered(pieces, newValues, pieces.input(5), pieces.output(2), repeat);
  const columns = pieces.dims(k)[2];
  const offset = node.has(4) ? node.shape(4).dims[2] : 0;
  const root = pieces.scalar(Math.sqrt(node.float('scale', 1 / Math.sqrt(width))));
  const keys = pieces.transpose(pieces.make('Mul', [k, root]), [0, 1, 3, 2]);
  const product = pieces.make('MatMul', [pieces.make('Mul', [q, root]), keys]);

  const softcap = node.float('softcap', 0);
  const cap = pieces.scalar(softcap);
  const soft = (x: string): string =>
    softcap === 0 ? x : pieces.make('Mul', [pieces.make('Tanh', [pieces.make('Div', [x, cap])]), cap]);
  const capped = soft(product);
  let [scores, allowed] = [capped, allowedBy(node, pieces, rows, columns, offset)];
  if (node.has(3)) {
    const mask = widened(pieces, pieces.input(3), columns);
    if (pieces.dtype(mask) !== 'bool') scores = pieces.make('Add', [scores, mask]);
    else allowed = allowed === undefined ? mask : pieces.make('And', [allowed, mask]);
  }
  const masked = (value: number): string =>
    allowed === undefined ? scores : pieces.make('Where', [allowed, scores, pieces.scalar(value)]);
  // a finite number, so that a query that may look at nothing is no NaN
  let weights = pieces.make('Softmax', [masked(LOWEST)], { attributes: { axis: -1 } });
  // and gives zeros
  if (allowed !== undefined) weights = pieces.make('Where', [allowed, weights, pieces.scalar(0)]);
  const y = pieces.make('MatMul', [weights, v], { as: node.shape(0).dims.length === 4 ? pieces.output() : undefined });
  if (node.shape(0).dims.length === 3) {
    const [, , , out] = pieces.dims(y);
    pieces.reshape(pieces.transpose(y, [0, 2, 1, 3]), [batch, rows, heads * out], pieces.output());
  }
  if (pieces.output(3)) {
    const stage = [product, capped, mode === 2 ? masked(Number.NEGATIVE_INFINITY) : '', weights][mode];
    if (!stage) throw node.unsupported('qk_matmul_output_mode', 'is unknown');
    pieces.make('Identity', [stage], { as: pieces.output(3) });
  }
  return 'it is made of products, sums and a Softmax';
};

/** Pairs of elements turned by an angle that their place gives. */
const rotary: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  const heads = dims.length === 4 ? dims[1] : node.int('num_heads', 0);
  const x = headed(node, pieces, 0, heads);
  const [n, , places, width] = pieces.dims(x);
  const turned = node.int('rotary_embedding_dim', 0) || width;
  const half = turned / 2;
  if (!Number.isInteger(half) || turned > width) throw node.malformed(`turns ${turned} of ${width}`);
  const angle = (slot: number): string => {
    const table = pieces.input(slot);
    const own = node.has(3) ? pieces.make('Gather', [table, pieces.input(3)], { attributes: { axis: 0 } }) : table;
    const wide = pieces.dims(own).at(-1)!;
    const part = wide === half ? own : pieces.slice(own, pieces.dims(own).length - 1, 0, half);
    return pieces.reshape(part, [pieces.dims(own)[0], 1, places, half]);
  };
  const [cos, sin] = [angle(1), angle(2)];
  const woven = node.int('interleaved', 0) !== 0;
  const [a, b] = woven
    ? [pieces.slice(x, 3, 0, turned, 2), pieces.slice(x, 3, 1, turned, 2)]
    : [pieces.slice(x, 3, 0, half), pieces.slice(x, 3, half, turned)];
  const times = (u: string, w: string): string => pieces.make('Mul', [u, w]);
  const left = pieces.make('Sub', [times(cos, a), times(sin, b)]);
  const right = pieces.make('Add', [times(sin, a), times(cos, b)]);
  const pairs = (part: string): string => pieces.reshape(part, [n, heads, places, half, 1]);
  const both = woven
    ? pieces.reshape(pieces.concat([pairs(left), pairs(right)], 4), [n, heads, places, turned])
    : pieces.concat([left, right], 3);
  const all = turned === width ? both : pieces.concat([both, pieces.slice(x, 3, turned, width)], 3);
  if (dims.length === 4) pieces.make('Identity', [all], { as: pieces.output() });
  else pieces.reshape(pieces.transpose(all, [0, 2, 1, 3]), dims, pieces.output());
  return 'it is made of products and sums';
};

/** What transformers have of their own in operator set 23 and later. */
export const ATTENTION: Readonly<Record<string, Rewriting>> = { Attention: attention, RotaryEmbedding: rotary };
