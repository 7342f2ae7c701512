import { type OnnxModel, readOnnx } from '@essaim/protocol';
import { externalFolder } from '#platform';

/** Reads a model whose external data, if it has some, lies in a folder. Throws as `readOnnx` and `externalFolder` do. */
export const readModel = (onnx: Uint8Array, folder?: string): OnnxModel =>
  readOnnx(onnx, folder === undefined ? undefined : externalFolder(folder));
