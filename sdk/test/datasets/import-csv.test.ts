import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { ChunkTree, columnsRoot, commitTensor, listRoot } from '@essaim/protocol';
import { type DatasetSchema, FolderDataset, importDataset, parseColumn } from '@essaim/sdk/node';
import { expect } from 'chai';
import { workshop } from './workshop.ts';

const schema = (...columns: string[]): DatasetSchema => ({ columns: columns.map(parseColumn) });
const floats = (bytes: Uint8Array) => [...new Float32Array(bytes.slice().buffer)];
const longs = (bytes: Uint8Array) => [...new BigInt64Array(bytes.slice().buffer)].map(Number);

describe('importing CSV', () => {
  const shop = workshop();

  it('makes typed columns and labels, and commits to them as to tensors', async () => {
    const set = await shop.import('a.csv', 'p0,p1,kind\n1,2.5,cat\n-3,4e1,dog\n5,6,cat\n', {
      schema: schema('x: float32[2] from p0..p1', 'y: int64[] from kind as labels'),
    });
    expect(set.rows).to.equal(3);
    expect(set.columns[1].labels).to.deep.equal(['cat', 'dog']);
    const x = await set.read(0, 0, 1000);
    const y = await set.read(1, 0, 1000);
    expect(floats(x)).to.deep.equal([1, 2.5, -3, 40, 5, 6]);
    expect(longs(y)).to.deep.equal([0, 1, 0]);
    const tensors = [
      commitTensor({ dtype: 'float32', layout: 0, dims: [3, 2] }, x),
      commitTensor({ dtype: 'int64', layout: 0, dims: [3] }, y),
    ];
    expect(await set.columnsRoot()).to.equal(listRoot(tensors.map(({ root }) => root)));
    await set.close();
  });

  it('infers a schema and shows it before the first row', async () => {
    let shown: DatasetSchema | undefined;
    const set = await shop.import('a.csv', 'p0,p1,p2,age,height,name\n0,1,2,30,1.5,ann\n3,4,5,31,1.25,bob\n', {
      onSchema: (found) => {
        shown = found;
      },
    });
    await set.close();
    expect(shown!.columns.map(({ name, dtype, shape, labels }) => [name, dtype, shape, labels])).to.deep.equal([
      ['p', 'float32', [3], undefined],
      ['age', 'int64', [], undefined],
      ['height', 'float32', [], undefined],
      ['name', 'int64', [], true],
    ]);
  });

  it('takes a byte order mark, quotes with commas, quotes and lines in them, and Windows line ends', async () => {
    const set = await shop.import('a.csv', '\uFEFF"a",label\r\n1,"x, ""y""\r\nz"\r\n\r\n2,plain\r\n');
    expect(set.columns.map(({ name }) => name)).to.deep.equal(['a', 'label']);
    expect(set.columns[1].labels).to.deep.equal(['x, "y"\r\nz', 'plain']);
    await set.close();
  });

  it('finds the delimiter, or takes the one that is named, and can do without a header', async () => {
    const set = await shop.import('a.csv', '1;2;5\n3;4;5\n', { header: false, schema: schema('x: int32[] from c0') });
    expect([...new Int32Array((await set.read(0, 0, 8)).slice().buffer)]).to.deep.equal([1, 3]);
    await set.close();
  });

  const cases: [string, string, string, string, (string | number | null)[]][] = [
    [
      'a row that is too short',
      'a,b\n1,2\n3\n',
      'DATASET_ROW_RAGGED',
      'a.csv:3: 1 cells where the first line has 2',
      [3, null],
    ],
    ['a row that is too long', 'a,b\n1,2,9\n', 'DATASET_ROW_RAGGED', 'a.csv:2: 3 cells', [2, null]],
    [
      'a text where a number belongs',
      'a,b\n1,2\n\n3,x4\n',
      'DATASET_ROW_NOT_NUMBER',
      'a.csv:4, column "b": "x4" is no number',
      [4, 'b'],
    ],
    ['NaN', 'a,b\n1,NaN\n', 'DATASET_ROW_NAN', 'a.csv:2, column "b": "NaN" is not finite', [2, 'b']],
    ['infinity', 'a,b\n1,-inf\n', 'DATASET_ROW_NAN', 'column "b"', [2, 'b']],
    ['an empty cell', 'a,b\n,1\n', 'DATASET_ROW_EMPTY', 'a.csv:2, column "a"', [2, 'a']],
    ['a number beyond the element type', 'a,b\n300,1\n', 'DATASET_ROW_OVERFLOW', '300 does not fit in uint8', [2, 'a']],
    ['a number beyond float32', 'a,b\n1,1e39\n', 'DATASET_ROW_OVERFLOW', '"1e39" does not fit in float32', [2, 'b']],
    [
      'a fraction where an integer belongs',
      'a,b\n1.5,1\n',
      'DATASET_ROW_NOT_INTEGER',
      '"1.5" is no exact integer',
      [2, 'a'],
    ],
    ['a quote that is not closed', 'a,b\n1,"2\n', 'DATASET_ROW_QUOTES', 'a.csv:', []],
    ['a quote within a cell', 'a,b\n1,2"3"\n', 'DATASET_ROW_QUOTES', 'a.csv:2', []],
    ['a row after quoted lines', 'a,b\n1,"2\n"\n3,z\n', 'DATASET_ROW_NOT_NUMBER', 'a.csv:4, column "b"', [4, 'b']],
  ];
  for (const [what, content, code, message, [line, column]] of cases) {
    it(`refuses ${what} by its line and column`, async () => {
      const error = await shop.refused('a.csv', content, { schema: schema('a: uint8[]', 'b: float32[]') });
      expect(error.code).to.equal(code);
      expect(error.message).to.contain(message);
      expect(error.help).not.to.equal('');
      if (line !== undefined) expect([error.details.line, error.details.column]).to.deep.equal([line, column]);
      expect(readdirSync(shop.folder)).to.deep.equal(['a.csv']);
    });
  }

  it('refuses an empty file, a file with a header only, and bytes that are not UTF-8', async () => {
    expect((await shop.refused('a.csv', '')).code).to.equal('DATASET_EMPTY');
    expect((await shop.refused('a.csv', 'a,b\n')).code).to.equal('DATASET_EMPTY');
    const latin = Uint8Array.of(0x61, 0x0a, 0xe9, 0x0a);
    expect((await shop.refused('a.csv', latin)).code).to.equal('DATASET_ENCODING');
  });

  it('refuses a header that names a column twice, or lacks one that the schema wants', async () => {
    const twice = await shop.refused('a.csv', 'a,b,a\n1,2,3\n');
    expect([twice.code, twice.details.line, twice.details.columnIndex]).to.deep.equal(['DATASET_HEADER', 1, 3]);
    const lacks = await shop.refused('a.csv', 'a,b\n1,2\n', { schema: schema('x: float32[3] from p0..p2') });
    expect(lacks.code).to.equal('DATASET_HEADER');
    expect(lacks.message).to.contain('"p0"');
  });

  it('refuses labels that a closed list does not have', async () => {
    const column = { ...parseColumn('y: uint8[] from kind as labels'), labels: ['cat', 'dog'] };
    const error = await shop.refused('a.csv', 'kind\ncat\nbird\n', { schema: { columns: [column] } });
    expect([error.code, error.details.line]).to.deep.equal(['DATASET_ROW_LABEL', 3]);
  });

  it('refuses more labels than a manifest holds', async () => {
    const rows = Array.from({ length: 65_537 }, (_, i) => `a${i}`).join('\n');
    const error = await shop.refused('a.csv', `name\n${rows}\n`);
    expect([error.code, error.details.line]).to.deep.equal(['DATASET_ROW_LABEL', 65_538]);
  });

  it('refuses schemas that make no sense', async () => {
    for (const text of [
      'x',
      'x: float16[2]',
      '1x: int8[]',
      'x: float32[] as labels',
      'x: int8[] scale 2',
      'x: int8[0]',
    ])
      expect(() => parseColumn(text), text)
        .to.throw()
        .with.property('code', 'DATASET_SCHEMA');
  });

  it('adds rows to what is there, keeping labels, and has then the root of all rows', async () => {
    const first = await shop.import('a.csv', 'v,kind\n1,cat\n2,dog\n');
    const rootOfTwo = await first.columnsRoot();
    await first.close();
    const path = await shop.write('b.csv', 'kind,v\nemu,3\ncat,4\n');
    const set = await importDataset(path, shop.path('dataset'), { append: true });
    expect([set.rows, set.columns[1].labels]).to.deep.equal([4, ['cat', 'dog', 'emu']]);
    expect(longs(await set.read(1, 0, 100))).to.deep.equal([0, 1, 2, 0]);
    expect(await set.columnsRoot(2)).to.equal(rootOfTwo);
    const chunks = await Promise.all(set.columns.map(async (_, c) => new ChunkTree(await set.read(c, 0, 1000)).root));
    expect(await set.columnsRoot()).to.equal(columnsRoot(set.columns, 4, chunks));
    await set.close();
  });

  it('leaves the data set as it was when rows to be added are malformed', async () => {
    const first = await shop.import('a.csv', 'v\n1\n2\n');
    const root = await first.columnsRoot();
    await first.close();
    const many = `v\n${'7\n'.repeat(300_000)}x\n`;
    const path = await shop.write('b.csv', many);
    const error = await importDataset(path, shop.path('dataset'), { append: true }).catch((e: unknown) => e);
    expect(error).to.have.property('message').that.contains('b.csv:300002');
    const again = await FolderDataset.open(shop.path('dataset'));
    expect([again.rows, await again.columnsRoot()]).to.deep.equal([2, root]);
    await again.check();
    await again.close();
    const added = await importDataset(await shop.write('c.csv', 'v\n3\n'), shop.path('dataset'), { append: true });
    expect(longs(await added.read(0, 0, 100))).to.deep.equal([1, 2, 3]);
    await added.check();
    await added.close();
  });

  it('reports progress, stops when it is told to, and leaves nothing then', async () => {
    const content = `v,w\n${'123456,7.5\n'.repeat(200_000)}`;
    const stop = new AbortController();
    const seen: number[] = [];
    const error = await shop
      .import('a.csv', content, {
        signal: stop.signal,
        onProgress: ({ rows, done, total }) => {
          seen.push(rows);
          expect(done).to.be.at.most(total);
          if (seen.length === 2) stop.abort(new DOMException('enough', 'AbortError'));
        },
      })
      .catch((e: unknown) => e);
    expect(error).to.have.property('name', 'AbortError');
    expect(seen.length).to.equal(2);
    expect(existsSync(shop.path('dataset'))).to.equal(false);
    expect(readdirSync(shop.folder)).to.deep.equal(['a.csv']);
  });

  it('starts anew over what an import that was killed has left', async () => {
    await mkdir(shop.path('dataset.partial'));
    await writeFile(shop.path('dataset.partial/0.bin'), Uint8Array.of(1, 2, 3));
    const set = await shop.import('a.csv', 'v\n1\n');
    expect(longs(await set.read(0, 0, 99))).to.deep.equal([1]);
    await set.close();
    expect(readdirSync(shop.folder).sort()).to.deep.equal(['a.csv', 'dataset']);
  });

  it('does not write over a data set', async () => {
    await (await shop.import('a.csv', 'v\n1\n')).close();
    expect((await shop.refused('a.csv', 'v\n1\n')).code).to.equal('DATASET_FOLDER_EXISTS');
  });

  it('holds files larger than what it keeps in memory', async () => {
    const rows = 400_000;
    const content = `a0,a1,a2,y\n${Array.from({ length: rows }, (_, i) => `${i},${i / 2},-${i},${i % 10}`).join('\n')}\n`;
    const set = await shop.import('a.csv', content);
    expect(set.rows).to.equal(rows);
    const [batch] = await set.gatherBatch([399_999, 0, 77]);
    expect(batch.type).to.deep.equal({ dtype: 'float32', layout: 0, dims: [3, 3] });
    expect(floats(batch.bytes)).to.deep.equal([399_999, 199_999.5, -399_999, 0, 0, -0, 77, 38.5, -77]);
    await set.check();
    await set.close();
  });
});
