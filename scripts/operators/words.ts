/** What a table row says of an operator beside what the registry and the compiler know. */
export interface Words {
  /** Its attribute words in order, or what it becomes. */
  readonly words: string;
  /** What is permitted, where it is not what its family has. */
  readonly interval?: string;
  /** What of it is not compiled. */
  readonly limits?: string;
}

const none: Words = { words: '–' };
const integers = 'none on integers; on floats one rounding';
const axes = 'mask of the axes, keepdims';
const window = 'kernel y x, strides y x, begin pads y x, dilations y x';
const convolution = 'strides y x, begin pads y x, dilations y x, group';
const flat = 'two dimensions';

/** What each family permits. */
export const FAMILIES: Readonly<Record<string, string>> = {
  MoveJudge: 'none',
  IntegerJudge: 'none',
  IeeeJudge: 'one rounding',
  OrderJudge: 'none',
  DotJudge: 'dot product',
  SumJudge: 'sum',
  QuantiseJudge: 'one quantum',
  ActivationJudge: 'function',
  NormalizationJudge: 'row',
};

/** Every operator that a model may have. */
export const WORDS: Readonly<Record<string, Words>> = {
  Identity: none,
  Dropout: { words: 'becomes Identity', limits: 'inference' },
  Reshape: none,
  Flatten: none,
  Squeeze: none,
  Unsqueeze: none,
  Transpose: { words: 'perm, one for each axis' },
  Expand: none,
  Concat: { words: 'axis' },
  Split: { words: 'each part becomes a Slice' },
  Slice: { words: 'start of each axis, then step of each axis', limits: 'constant starts, ends, axes, steps' },
  Gather: { words: 'axis' },
  GatherElements: { words: 'axis', limits: 'indices int32 or int64' },
  GatherND: { words: 'batch axes', limits: 'indices int32 or int64' },
  OneHot: { words: 'axis', limits: 'indices int32 or int64, constant depth' },
  Where: none,
  Pad: { words: 'mode (0 constant, 1 reflect, 2 edge, 3 wrap), begin of each axis', limits: 'constant pads' },
  Tile: { words: '–', limits: 'constant repeats' },
  Resize: {
    words: 'of each axis num, add, den: place o is ⌊(o·num + add) / den⌋',
    limits: 'nearest*; constant scales or sizes by which no rounding chooses the element',
  },
  DepthToSpace: { words: 'block size, 1 for CRD' },
  SpaceToDepth: { words: 'block size' },
  Trilu: { words: 'upper, diagonal', limits: 'constant diagonal' },
  Shape: { words: 'becomes a constant' },
  Size: { words: 'becomes a constant' },
  ConstantOfShape: { words: 'becomes a constant', limits: 'constant shape' },

  Add: { words: '–', interval: integers },
  Sub: { words: '–', interval: integers },
  Mul: { words: '–', interval: integers },
  Div: { words: '–', interval: integers, limits: 'integers by a constant without 0 and −1' },
  Mod: { words: '1 where fmod', limits: 'integers by a constant without 0 and −1' },
  BitShift: { words: '1 to the right', limits: 'by constants below the width' },
  Min: { words: '–', interval: 'none' },
  Max: { words: '–', interval: 'none' },
  Clip: { words: '–', interval: 'none', limits: 'scalar bounds' },
  Neg: { words: '–', interval: 'none' },
  Abs: { words: '–', interval: 'none' },
  Sign: { words: '–', interval: 'none' },
  Relu: { words: '–', interval: 'none' },
  LeakyRelu: { words: 'alpha bits' },
  PRelu: none,
  ThresholdedRelu: { words: 'alpha bits', interval: 'none' },
  Shrink: { words: 'lambd bits, bias bits' },
  Sqrt: none,
  Floor: { words: '–', interval: 'none' },
  Ceil: { words: '–', interval: 'none' },
  Round: { words: '–', interval: 'none' },
  Cast: { words: '–', interval: integers, limits: 'floats to integers only where they are proven to fit' },
  Equal: { words: '–', interval: 'none' },
  Greater: { words: '–', interval: 'none' },
  Less: { words: '–', interval: 'none' },
  GreaterOrEqual: { words: '–', interval: 'none' },
  LessOrEqual: { words: '–', interval: 'none' },
  And: none,
  Or: none,
  Xor: none,
  Not: none,

  ArgMax: { words: 'axis, keepdims, select_last_index' },
  ArgMin: { words: 'axis, keepdims, select_last_index' },
  MaxPool: { words: window, limits: `${flat}*, first output` },
  GlobalMaxPool: { words: 'becomes ReduceMax' },
  ReduceMax: { words: axes, limits: 'rows of about 10,800 elements*' },
  ReduceMin: { words: axes, limits: 'rows of about 10,800 elements*' },
  TopK: { words: 'axis, largest, part (0 values, 1 indices)', limits: 'sorted; constant k; rows of about 10,800*' },

  MatMul: { words: '–', limits: 'about 12,000 terms*' },
  Gemm: { words: 'transA, transB, alpha bits, beta bits', limits: 'alpha and beta 1*' },
  Conv: { words: convolution, limits: `${flat}*` },
  ConvTranspose: { words: convolution, limits: `${flat}*` },
  Einsum: {
    words: 'count of summed axes; output axis of each other stored axis of both operands',
    limits: 'two operands, or a transposition*; no letter twice in one term',
  },
  MatMulInteger: { words: '–', interval: 'none', limits: 'int8 by int8 or uint8 by uint8' },
  ConvInteger: { words: convolution, interval: 'none', limits: `${flat}; int8 by int8 or uint8 by uint8` },

  ReduceSum: { words: axes, limits: 'float32, int32, int64' },
  ReduceMean: { words: axes, limits: 'float32' },
  AveragePool: { words: `${window}, whether pads count`, limits: `${flat}*` },
  GlobalAveragePool: { words: 'becomes ReduceMean' },
  CumSum: { words: 'axis, exclusive, reverse', limits: 'constant axis; float32, int32, int64' },
  Sum: { words: '–; of two operands it becomes Add', limits: 'float32 beyond two operands' },
  Mean: { words: '–', limits: 'float32' },

  QuantizeLinear: { words: 'axis', limits: 'to int8, uint8, int16, uint16; no blocks' },
  DequantizeLinear: {
    words: 'axis',
    interval: 'one rounding',
    limits: 'from int8, uint8, int16, uint16, int32; no blocks',
  },
  DynamicQuantizeLinear: {
    words: 'part (1 scale, 2 zero point); the values become QuantizeLinear',
    limits: '24,000 elements*',
  },
  QLinearMatMul: { words: '–', limits: 'int8 by int8 or uint8 by uint8' },
  QLinearConv: { words: convolution, limits: `${flat}; int8 by int8 or uint8 by uint8` },

  Exp: none,
  Log: none,
  Erf: none,
  Tanh: none,
  Sigmoid: none,
  Softplus: none,
  Gelu: { words: '0, or 1 for tanh' },
  HardSigmoid: { words: 'alpha bits, beta bits' },
  HardSwish: none,
  Elu: { words: 'alpha bits' },
  Sin: none,
  Cos: none,
  Reciprocal: none,
  Pow: { words: '–', limits: 'float32 both' },
  Softmax: { words: 'axis', limits: 'rows of at most 16,384 elements*' },
  LogSoftmax: { words: 'axis', limits: 'rows of at most 16,384 elements*' },
  LayerNormalization: { words: 'axis, epsilon bits', limits: 'rows of at most 14,336 elements*' },
  InstanceNormalization: { words: 'epsilon bits', limits: 'rows of at most 14,336 elements*' },
  GroupNormalization: { words: 'epsilon bits, groups', limits: 'rows of at most 14,336 elements*' },
  RMSNormalization: { words: 'axis, epsilon bits', limits: 'rows of at most 14,336 elements*' },
  BatchNormalization: { words: 'epsilon bits', limits: 'inference' },
};
