import type { NodeView } from '../node-view.ts';
import type { Pieces } from './pieces.ts';
import type { Rewriting } from './rewrite.ts';

/** Terms of a float32 product whose fault still fits one transaction, and of its parts where it is longer. */
const TERMS = 12_000;
const PART = 8192;

/** Where an axis of `size` places is cut into parts of equal size. */
function cuts(size: number, most = PART): [start: number, end: number][] {
  const parts = Math.ceil(size / most);
  const each = Math.ceil(size / parts);
  return Array.from({ length: parts }, (_, i) => [i * each, Math.min(size, (i + 1) * each)]);
}

function sumOf(pieces: Pieces, parts: readonly string[]): void {
  parts.reduce((sum, part, i) =>
    pieces.make('Add', [sum, part], { as: i === parts.length - 1 ? pieces.output() : undefined }),
  );
}

const matMul: Rewriting = (node, pieces) => {
  const [a, b] = [node.shape(0), node.shape(1)];
  const depth = a.dims.at(-1) ?? 0;
  if (a.dtype !== 'float32' || depth <= TERMS) return undefined;
  const parts = cuts(depth).map(([start, end]) =>
    pieces.make('MatMul', [
      pieces.slice(pieces.input(0), a.dims.length - 1, start, end),
      pieces.slice(pieces.input(1), Math.max(0, b.dims.length - 2), start, end),
    ]),
  );
  sumOf(pieces, parts);
  return `it adds up ${depth} products`;
};

const gemm: Rewriting = (node, pieces) => {
  const [transA, transB] = [node.int('transA', 0) !== 0, node.int('transB', 0) !== 0];
  const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
  const { dims, dtype } = node.shape(0);
  const depth = dims[transA ? 0 : 1];
  const long = depth > TERMS;
  if (dtype !== 'float32' || dims.length !== 2 || (!long && alpha === 1 && (beta === 1 || !node.has(2))))
    return undefined;
  const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0 };
  const parts = (long ? cuts(depth) : [[0, depth]]).map(([start, end]) => {
    const operands = long
      ? [
          pieces.slice(pieces.input(0), transA ? 0 : 1, start, end),
          pieces.slice(pieces.input(1), transB ? 1 : 0, start, end),
        ]
      : [pieces.input(0), pieces.input(1)];
    return pieces.make('Gemm', operands, { attributes });
  });
  const terms = parts.map((part) => (alpha === 1 ? part : pieces.make('Mul', [part, pieces.scalar(alpha)])));
  if (node.has(2) && beta !== 0) {
    terms.push(beta === 1 ? pieces.input(2) : pieces.make('Mul', [pieces.input(2), pieces.scalar(beta)]));
  }
  if (terms.length > 1) sumOf(pieces, terms);
  else pieces.make('Identity', terms, { as: pieces.output() });
  return long ? `it adds up ${depth} products` : `its alpha is ${alpha}, its beta ${beta}`;
};

/** A convolution over too many channels, in parts of them. */
export const convolutionInParts: Rewriting = (node, pieces) => {
  const [, channels, kh, kw] = node.shape(1).dims;
  const terms = channels * kh * kw;
  const most = Math.floor(PART / (kh * kw));
  if (node.shape(0).dtype !== 'float32' || terms <= TERMS || node.int('group', 1) !== 1 || most === 0) return undefined;
  const parts = cuts(channels, most).map(([start, end], i) => {
    const bias = i === 0 ? pieces.inputs.slice(2) : [];
    const part = `${pieces.output()}~part${i}`;
    const operands = [0, 1].map((slot) => pieces.slice(pieces.input(slot), 1, start, end));
    pieces.again({ inputs: [...operands, ...bias], outputs: [part] });
    return part;
  });
  sumOf(pieces, parts);
  return `it adds up ${terms} products`;
};

/** A transposed convolution of too many channels, in parts of them. */
export const transposedInParts: Rewriting = (node, pieces) => {
  const [channels, , kh, kw] = node.shape(1).dims;
  const [sy, sx] = node.ints('strides') ?? [1, 1];
  const taps = Math.ceil(kh / sy) * Math.ceil(kw / sx);
  const most = Math.floor(PART / taps);
  if (channels * taps <= TERMS || node.int('group', 1) !== 1 || most === 0) return undefined;
  const parts = cuts(channels, most).map(([start, end], i) => {
    const bias = i === 0 ? pieces.inputs.slice(2) : [];
    const part = `${pieces.output()}~part${i}`;
    const operands = [pieces.slice(pieces.input(0), 1, start, end), pieces.slice(pieces.input(1), 0, start, end)];
    pieces.again({ inputs: [...operands, ...bias], outputs: [part] });
    return part;
  });
  sumOf(pieces, parts);
  return `it adds up ${channels * taps} products`;
};

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The equation with letters in the place of each ellipsis, and the result written out. */
function lettered(node: NodeView, pieces: Pieces): { terms: string[]; result: string } | undefined {
  const equation = node.text('equation', '').replaceAll(' ', '');
  const [left, right] = equation.split('->');
  const terms = left.split(',');
  if (terms.length !== pieces.inputs.length) return undefined;
  const free = [...LETTERS].filter((letter) => !equation.includes(letter));
  const ranks = terms.map((term, i) => node.shape(i).dims.length - term.replace('...', '').length);
  const most = Math.max(0, ...ranks.filter((_, i) => terms[i].includes('...')));
  const ellipsis = free.slice(0, most).join('');
  const spelt = terms.map((term, i) => term.replace('...', ellipsis.slice(most - ranks[i])));
  const once = [...new Set(left.replace(/[^a-zA-Z]/g, ''))].sort().filter((l) => left.split(l).length === 2);
  return { terms: spelt, result: right === undefined ? ellipsis + once.join('') : right.replace('...', ellipsis) };
}

/** An Einsum of two operands with too many terms, in parts of the longest axis that is summed over. */
function longEinsum(node: NodeView, pieces: Pieces, terms: readonly string[], result: string): string | undefined {
  const [a, b] = terms;
  const summed = b === undefined ? [] : [...a].filter((letter) => b.includes(letter) && !result.includes(letter));
  const sizeOf = (letter: string): number => node.shape(0).dims[a.indexOf(letter)];
  const count = summed.reduce((n, letter) => n * sizeOf(letter), 1);
  if (node.shape(0).dtype !== 'float32' || count <= TERMS) return undefined;
  const longest = summed.reduce((x, y) => (sizeOf(x) >= sizeOf(y) ? x : y));
  const most = Math.floor(PART / (count / sizeOf(longest)));
  if (most === 0) return undefined;
  const attributes = { equation: `${a},${b}->${result}` };
  const parts = cuts(sizeOf(longest), most).map(([start, end]) => {
    const operands = terms.map((term, i) => pieces.slice(pieces.input(i), term.indexOf(longest), start, end));
    return pieces.make('Einsum', operands, { attributes });
  });
  sumOf(pieces, parts);
  return `it adds up ${count} products`;
}

/** Ellipses spelt out, letters of one operand summed first, and more than two operands multiplied pair by pair. */
const einsum: Rewriting = (node, pieces) => {
  const equation = node.text('equation', '').replaceAll(' ', '');
  const found = lettered(node, pieces);
  if (!found || found.terms.some((term) => new Set(term).size !== term.length)) return undefined;
  let { terms, result } = found;
  const names = [...pieces.inputs];
  const elsewhere = (letter: string, own: number): boolean =>
    result.includes(letter) || terms.some((term, i) => i !== own && term.includes(letter));
  const alone = terms.map((term, i) => [...term].filter((letter) => !elsewhere(letter, i)));
  const plain = !equation.includes('...') && terms.length <= 2 && alone.every(({ length }) => length === 0);
  if (plain) return longEinsum(node, pieces, terms, result);
  for (const [i, letters] of alone.entries()) {
    if (letters.length === 0) continue;
    const axes = letters.map((letter) => terms[i].indexOf(letter));
    names[i] = pieces.reduce('ReduceSum', names[i], axes, false);
    terms = terms.with(i, [...terms[i]].filter((letter) => !letters.includes(letter)).join(''));
  }
  while (terms.length > 2) {
    const [a, b, ...more] = terms;
    const kept = [...new Set(a + b)].filter((letter) => (result + more.join('')).includes(letter)).join('');
    const product = pieces.make('Einsum', names.slice(0, 2), { attributes: { equation: `${a},${b}->${kept}` } });
    names.splice(0, 2, product);
    terms = [kept, ...more];
  }
  pieces.make('Einsum', names, { attributes: { equation: `${terms}->${result}` }, as: pieces.output() });
  return `its equation is ${equation}`;
};

/** Products that are too long, scaled, or written for many operands at once. */
export const PRODUCTS: Readonly<Record<string, Rewriting>> = { MatMul: matMul, Gemm: gemm, Einsum: einsum };
