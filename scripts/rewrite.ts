/** Writes a model whose every node can be judged, and says what was rewritten: node scripts/rewrite.ts <in> <out>. */
import { readFileSync, writeFileSync } from 'node:fs';
import { compile, readOnnx, rewriteModel, writeOnnx } from '@essaim/protocol';

const [from, to] = process.argv.slice(2);
if (!from || !to) throw new Error('give the model to read and the file to write');
const { model, rewrites } = rewriteModel(readOnnx(new Uint8Array(readFileSync(from))));
const onnx = writeOnnx(model);
const program = compile(onnx);
writeFileSync(to, onnx);
for (const { node, operator, why, into } of rewrites)
  console.log(`${node} (${operator}): ${why}; now ${into.join(', ')}`);
console.log(`${rewrites.length} nodes rewritten; program ${program.id} of ${program.operators.length} operators`);
