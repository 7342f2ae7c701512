/** What the machine gives, in Node. In a browser `browser/platform.ts` stands in its place (package.json, imports). */
export { Tensor as OrtTensor } from 'onnxruntime-node';
export { externalFolder } from './external-folder.ts';
export { nativeHasher as hasher } from './native-hasher.ts';
export { openSession } from './node-engine.ts';
