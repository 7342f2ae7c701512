import { EssaimError } from '../errors.ts';

const HELP: Readonly<Record<string, string>> = {
  Dropout: 'Export the model in evaluation mode; a step has no random numbers that a judge could follow.',
  BatchNormalization: 'Only its statistics from earlier training are supported; or use LayerNormalization.',
};

/** A node through which no gradient rule leads. */
export function noGradient(label: string, type: string, why = 'it has no gradient rule', help?: string): EssaimError {
  return new EssaimError('TRAINING_NO_GRADIENT', `node ${label} (${type}): ${why}`, {
    help:
      help ??
      HELP[type] ??
      'Rewrite the node with layers that docs/training.md lists, or freeze every parameter before it (trainable).',
    details: { node: label, operator: type },
  });
}

/** Options or a model from which no step can be made. */
export const badStep = (why: string, help: string, details?: Record<string, unknown>): EssaimError =>
  new EssaimError('TRAINING_BAD_STEP', why, { help, details });
