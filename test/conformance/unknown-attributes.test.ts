import { compile, EssaimError, OPERATOR_VERSIONS } from '@essaim/protocol';
import { expect } from 'chai';
import { exampleOf } from '../../scripts/operators/sizes.ts';

const UNHEARD = 'unheard_of';
/** These become constants, and are no node of a program. */
const FOLDED = ['Shape', 'Size', 'ConstantOfShape'];

describe('an attribute that no judge knows is refused by its name', () => {
  for (const type of Object.keys(OPERATOR_VERSIONS).filter((name) => !FOLDED.includes(name))) {
    it(type, () => {
      const model = exampleOf(type);
      compile(model);
      const nodes = model.nodes.map((node) => ({
        ...node,
        attributes: new Map(node.attributes).set(UNHEARD, { kind: 'int', value: 1n }),
      }));
      let refusal: unknown;
      try {
        compile({ ...model, nodes });
      } catch (error) {
        refusal = error;
      }
      expect(refusal).to.be.instanceOf(EssaimError);
      const { code, message, details } = refusal as EssaimError;
      expect(code).to.equal('ONNX_UNSUPPORTED_ATTRIBUTE');
      expect(message).to.contain(UNHEARD);
      expect(details).to.include({ operator: type });
    });
  }
});
