import { globSync } from 'node:fs';
import { describeNetwork } from '../others/network.ts';

describe("networks that PyTorch trained and PyTorch's exporters wrote", () => {
  for (const file of globSync('models/others/pytorch/*.onnx').sort()) describeNetwork(file);
});
