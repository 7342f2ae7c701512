/** What verifying costs beside plain ONNX Runtime, and how it grows with workers: npm run bench:verify. docs/benchmarks.md */
import { readFileSync } from 'node:fs';
import { compile } from '@essaim/protocol';
import { type Executor, openPool } from '@essaim/runtime';
import { modelPath } from '../models/digits/digits.ts';
import { random } from '../test/random.ts';
import { gaussian, perceptron } from './bench/models.ts';
