import { type Hash, listRoot } from '@essaim/protocol';
import { commitInputs } from '@essaim/runtime';
import type { Case } from './case.ts';
import type { ClaimView } from './claims.ts';

/** The roots of the job's inputs by claim: those claimed if they are the job's, else from the inputs; null without them. */
export function honestInputsOf({ inputs, model, terms }: Case, views: readonly ClaimView[]): Hash[] | null {
  const claimed = views.map(({ shown }) => shown.inputsRoot);
  if (listRoot(claimed) === terms.inputsRoot) return claimed;
  return inputs?.map((tensors) => commitInputs(model.program, tensors).root) ?? null;
}
