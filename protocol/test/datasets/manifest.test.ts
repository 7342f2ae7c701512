import { expect } from 'chai';
import { type DatasetManifest, PART_BYTES, readDatasetManifest, ZERO_HASH } from '../../src/index.ts';

const part = { bytes: 'bafkreia', leaves: 'bafkreib', root: `0x${'12'.repeat(32)}` };
const good = (): DatasetManifest => ({
  kind: 'essaim/dataset/1',
  name: 'digits',
  description: '',
  licence: 'CC-BY-4.0',
  rows: 10,
  columns: [
    { name: 'x', dtype: 'float32', shape: [64], labels: null, parts: [part] },
    { name: 'y', dtype: 'int64', shape: [], labels: ['a', 'b'], parts: [part] },
  ],
  previous: null,
  contributors: [{ account: `0x${'ab'.repeat(20)}`, note: 'drew them' }],
});

describe('a data set’s manifest', () => {
  it('is read as it was written', () => {
    expect(readDatasetManifest(good())).to.deep.equal(good());
    expect(readDatasetManifest({ ...good(), previous: ZERO_HASH }).previous).to.equal(ZERO_HASH);
  });

  const x = () => good().columns[0];
  const hostile: [string, unknown][] = [
    ['no map', null],
    ['a text', 'manifest'],
    ['another kind', { ...good(), kind: 'essaim/model/1' }],
    ['a field too many', { ...good(), extra: 1 }],
    ['a field too few', { ...good(), previous: undefined }],
    ['a name without end', { ...good(), name: 'x'.repeat(257) }],
    ['no rows', { ...good(), rows: 0 }],
    ['more rows than 32 bits count', { ...good(), rows: 2 ** 32 }],
    ['half a row', { ...good(), rows: 1.5 }],
    ['no columns', { ...good(), columns: [] }],
    ['too many columns', { ...good(), columns: Array.from({ length: 65 }, (_, i) => ({ ...x(), name: `x${i}` })) }],
    ['one name twice', { ...good(), columns: [x(), x()] }],
    ['a name that is no name', { ...good(), columns: [{ ...x(), name: '../x' }] }],
    ['a name that objects inherit as type', { ...good(), columns: [{ ...x(), dtype: 'constructor' }] }],
    ['an unknown type', { ...good(), columns: [{ ...x(), dtype: 'float64' }] }],
    ['a dimension of 0', { ...good(), columns: [{ ...x(), shape: [0] }] }],
    ['a rank beyond 8 with the rows', { ...good(), columns: [{ ...x(), shape: [1, 1, 1, 1, 1, 1, 1, 1] }] }],
    ['a column beyond 4 GiB', { ...good(), columns: [{ ...x(), shape: [2 ** 30] }] }],
    ['fewer parts than its bytes need', { ...good(), columns: [{ ...x(), shape: [PART_BYTES / 4] }] }],
    ['more parts than its bytes need', { ...good(), columns: [{ ...x(), parts: [part, part] }] }],
    ['a part with a field too many', { ...good(), columns: [{ ...x(), parts: [{ ...part, size: 1 }] }] }],
    ['a part whose root is none', { ...good(), columns: [{ ...x(), parts: [{ ...part, root: '0x12' }] }] }],
    ['a part whose CID is a path', { ...good(), columns: [{ ...x(), parts: [{ ...part, bytes: 'a/../b' }] }] }],
    ['a label twice', { ...good(), columns: [{ ...x(), labels: ['a', 'a'] }] }],
    ['labels without end', { ...good(), columns: [{ ...x(), labels: Array.from({ length: 65_537 }, String) }] }],
    ['a contributor who is none', { ...good(), contributors: [{ account: 'me', note: '' }] }],
  ];
  for (const [what, value] of hostile) {
    it(`is refused with ${what}`, () => {
      expect(() => readDatasetManifest(value))
        .to.throw()
        .with.property('code', 'MANIFEST_INVALID');
    });
  }
});
