import {
  buildFaultProof,
  byteFault,
  claimTrees,
  concat,
  contextFault,
  type Execution,
  elementCount,
  elementValue,
  encodeType,
  type Fault,
  fromHex,
  type Hash,
  headerFault,
  ListTree,
  leafFault,
  missingFault,
  type StepFault,
  segmentRoots,
  segmentTree,
  strayFault,
  TAGS,
  type TensorType,
  type ValuePlace,
  valueFault,
} from '@essaim/protocol';
import { jobContext } from '@essaim/sdk';
import type { Case, Desk } from './case.ts';
import { batchTree, type ClaimView } from './claims.ts';
import type { Docket } from './docket.ts';
import { paddedList } from './padding.ts';

/** A fault of a claim with the proof that shows it. */
export interface Charge {
  readonly kind: 'element' | 'context' | 'missing' | 'type' | 'encoding' | StepFault;
  readonly leaf: number;
  readonly proof: Uint8Array;
  readonly verdict: 'convicted' | 'void';
  /** For logs: which operator, value and element, what was claimed and what is permitted. */
  readonly told: Readonly<Record<string, string | number>>;
}

/** Where a fault stands and what its proof is built from. */
export interface Scene {
  readonly submission: Docket;
  readonly views: readonly ClaimView[];
  readonly view: ClaimView;
  /** What the executor committed to, as far as it is known; the rest has its roots. */
  readonly execution: Execution;
}

/** Charges of every kind. */
export const charges = { context, missing, beyond, stray, type: wrongType, byte, leaf: strayLeaf, element };

/** The claim is of another program, context or input than the job's; null if it is the job's, as far as its inputs are known. */
export function context(
  { essaim }: Desk,
  { client, jobId, terms, batch }: Case,
  views: readonly ClaimView[],
  view: ClaimView,
  honestInputs: readonly Hash[] | null,
): Charge | null {
  const { leaf, programId, shown } = view;
  const expected = jobContext(essaim.deployment.chainId, client, jobId, leaf);
  const isOtherInput = honestInputs !== null && shown.inputsRoot !== honestInputs[leaf];
  const isOther = programId !== terms.programId || shown.context !== expected;
  if (!isOther && !isOtherInput) return null;
  const claim = { ...shown, programId };
  const expectedInputs = honestInputs && { inputsRoot: honestInputs[leaf], inputs: new ListTree(honestInputs) };
  const proof = contextFault(claim, leaf, batchTree(views), isOther ? undefined : expectedInputs!);
  const what = programId !== terms.programId ? 'program' : shown.context !== expected ? 'context' : 'input';
  return { kind: 'context', leaf, proof, verdict: 'convicted', told: { foreign: what, claims: batch.count } };
}

const placeOf = ({ views, view }: Scene) => ({
  context: view.shown.context,
  leaf: view.leaf,
  batch: batchTree(views),
  trace: view.padding ? paddedList(view.roots, view.padding) : new ListTree(view.roots),
});
const treesOf = (scene: Scene) => claimTrees(scene.execution, placeOf(scene));

/** The operator and output that make a value. */
function makerOf({ submission }: Scene, value: number): ValuePlace {
  const { operators } = submission.model.program;
  const operator = operators.findLastIndex(({ firstValue }) => firstValue <= value);
  return { operator, output: value - operators[operator].firstValue, value };
}

/** The same, with the list that commits to an inner value. */
function valuePlace(scene: Scene, value: number): ValuePlace {
  const { operators, boundary, segments } = scene.submission.model.program;
  const place = makerOf(scene, value);
  if (boundary[value]) return place;
  const { segment } = operators[place.operator];
  return { ...place, segment: segmentTree(segments[segment], segmentRoots(scene.execution, segment)) };
}

function tellValue(scene: Scene, value: number): Record<string, string | number> {
  const { operators, values } = scene.submission.model.program;
  const { source } = values[value];
  const { name, node } = operators[makerOf(scene, value).operator];
  return { operator: name, node, value: 'onnx' in source ? source.onnx : 'relayout' };
}

function missing(scene: Scene, value: number): Charge {
  const proof = missingFault(treesOf(scene), valuePlace(scene, value));
  return formFault('missing', scene, proof, tellValue(scene, value));
}

/** A root that is not zero beyond the last value. */
function beyond(scene: Scene, index: number, root: Hash): Charge {
  const trees = treesOf(scene);
  const proof = valueFault(trees, index, root, trees.trace.siblings(index));
  return formFault('encoding', scene, proof, { position: index });
}

/** A root that is not zero where no value stands: `list` is of the segment if it was answered there, else the trace's. */
function stray(scene: Scene, value: number, root: Hash, list?: ListTree): Charge {
  const proof = strayFault(treesOf(scene), { ...makerOf(scene, value), segment: list }, root);
  return formFault('encoding', scene, proof, { ...tellValue(scene, value), position: value });
}

function wrongType(scene: Scene, value: number, type: TensorType, chunkRoot: Hash): Charge {
  const preimage = concat([fromHex(TAGS.tensor), encodeType(type), fromHex(chunkRoot)]);
  const proof = headerFault(treesOf(scene), valuePlace(scene, value), preimage);
  const told = { ...tellValue(scene, value), claimed: `${type.dtype}[${type.dims}] in layout ${type.layout}` };
  return formFault('type', scene, proof, told);
}

function byte(scene: Scene, value: number, at: number): Charge {
  const { tree } = scene.execution.values[value]!;
  const chunk = Math.floor(at / 1024);
  const place = valuePlace(scene, value);
  const proof = byteFault(treesOf(scene), place, at, tree.chunk(chunk), tree.openings([chunk]));
  return formFault('encoding', scene, proof, { ...tellValue(scene, value), byte: at });
}

function strayLeaf(scene: Scene, value: number, index: number, leaf: Hash): Charge {
  const { tree } = scene.execution.values[value]!;
  const proof = leafFault(treesOf(scene), valuePlace(scene, value), index, leaf, tree.openings([index]));
  return formFault('encoding', scene, proof, { ...tellValue(scene, value), leaf: index });
}

function element(scene: Scene, fault: Fault): Charge {
  const { proof, verdict, permitted } = buildFaultProof(scene.execution, placeOf(scene), fault);
  const { operators } = scene.submission.model.program;
  const operator = operators[fault.op];
  const type = operator.outputTypes[fault.output];
  return {
    kind: 'element',
    leaf: scene.view.leaf,
    proof,
    verdict: verdict as Charge['verdict'],
    told: {
      ...tellValue(scene, operator.firstValue + fault.output),
      element: fault.element,
      elements: elementCount(type),
      claimed: String(elementValue(type.dtype, fault.claimed)),
      permitted,
    },
  };
}

const formFault = (
  kind: Charge['kind'],
  { view }: Scene,
  proof: Uint8Array,
  told: Record<string, string | number>,
): Charge => ({ kind, leaf: view.leaf, proof, verdict: 'convicted', told });
