import { EssaimError, type ExternalData, wasmHasher } from '@essaim/protocol';

/** What the machine gives, in a browser: the same names as in ../platform.ts. */
export { OrtTensor, openSession } from './engine.ts';
export const hasher = wasmHasher;

/** A browser has no folders: a model's data is in its file. ONNX_EXTERNAL_MISSING */
export function externalFolder(folder: string): ExternalData {
  throw new EssaimError('ONNX_EXTERNAL_MISSING', `there is no folder ${folder} in a browser`, {
    help: 'run models that hold their weights themselves',
  });
}
