import { CONVOLUTION_RULES } from './convolution.ts';
import { ELEMENTWISE_RULES } from './elementwise.ts';
import { MOVE_RULES } from './move.ts';
import { NORMALIZATION_RULES } from './normalization.ts';
import { POOL_RULES } from './pool.ts';
import { PRODUCT_RULES } from './product.ts';
import { REDUCE_RULES } from './reduce.ts';
import type { Rules } from './rule.ts';

/** How gradients go back through each operator that can be trained through. */
export const RULES: Rules = {
  ...ELEMENTWISE_RULES,
  ...PRODUCT_RULES,
  ...CONVOLUTION_RULES,
  ...POOL_RULES,
  ...NORMALIZATION_RULES,
  ...REDUCE_RULES,
  ...MOVE_RULES,
};

/** Names of the ONNX operators through which a step can be trained. */
export const TRAINABLE_OPERATORS: readonly string[] = Object.keys(RULES).sort();
