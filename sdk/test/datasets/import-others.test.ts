import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { type DatasetSchema, importDataset, parseColumn } from '@essaim/sdk/node';
import { expect } from 'chai';
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { workshop } from './workshop.ts';

const floats = (bytes: Uint8Array) => [...new Float32Array(bytes.slice().buffer)];
const longs = (bytes: Uint8Array) => [...new BigInt64Array(bytes.slice().buffer)].map(Number);
const shapes = ({ columns }: { columns: readonly { name: string; dtype: string; shape: readonly number[] }[] }) =>
  columns.map(({ name, dtype, shape }) => `${name}: ${dtype}[${shape}]`);

describe('importing JSON lines', () => {
  const shop = workshop();

  it('takes nested lists, numbers, texts and truths', async () => {
    const lines = [
      {
        x: [
          [1, 2],
          [3.5, 4],
        ],
        n: 7,
        word: 'yes',
        ok: true,
      },
      {
        x: [
          [5, 6],
          [7, 8],
        ],
        n: -9,
        word: 'no',
        ok: false,
      },
    ];
    const set = await shop.import('a.jsonl', `\uFEFF${lines.map((line) => JSON.stringify(line)).join('\r\n')}\n\n`);
    expect(shapes(set)).to.deep.equal(['x: float32[2,2]', 'n: int64[]', 'word: int64[]', 'ok: bool[]']);
    expect(floats(await set.read(0, 0, 99))).to.deep.equal([1, 2, 3.5, 4, 5, 6, 7, 8]);
    expect(longs(await set.read(1, 0, 99))).to.deep.equal([7, -9]);
    expect(set.columns[2].labels).to.deep.equal(['yes', 'no']);
    expect([...(await set.read(3, 0, 9))]).to.deep.equal([1, 0]);
    await set.close();
  });

  const cases: [string, string, string, string][] = [
    ['what is not JSON', '{"v": 1}\n{"v": \n', 'DATASET_ROW_JSON', 'a.jsonl:2'],
    ['what is no object', '{"v": 1}\n\n[1]\n', 'DATASET_ROW_JSON', 'a.jsonl:3'],
    ['a field that is missing', '{"v": 1}\n{"w": 1}\n', 'DATASET_ROW_EMPTY', 'a.jsonl:2, column "v"'],
    [
      'a list where a number belongs',
      '{"v": 1}\n{"v": [1, 2]}\n',
      'DATASET_ROW_SHAPE',
      'a.jsonl:2, column "v": 2 elements',
    ],
    [
      'lists of other lengths',
      '{"v": [[1, 2], [3, 4]]}\n{"v": [[1, 2, 3], [4]]}\n',
      'DATASET_ROW_SHAPE',
      'a.jsonl:2, column "v": lists of other lengths',
    ],
    ['an object as a label', '{"v": "a"}\n{"v": {}}\n', 'DATASET_ROW_LABEL', 'a.jsonl:2, column "v"'],
    ['null', '{"v": 1}\n{"v": null}\n', 'DATASET_ROW_EMPTY', 'a.jsonl:2, column "v"'],
    ['an integer that JSON has rounded', '{"v": 1}\n{"v": 9007199254740993}\n', 'DATASET_ROW_NOT_INTEGER', 'a.jsonl:2'],
  ];
  for (const [what, content, code, message] of cases) {
    it(`refuses ${what} by its line`, async () => {
      const error = await shop.refused('a.jsonl', content);
      expect(error.code).to.equal(code);
      expect(error.message).to.contain(message);
    });
  }
});

/** A grey picture of one bit a pixel. */
function oneBit(width: number, lines: readonly number[]): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8 + body.length);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), 4 + body.length);
    return frame;
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(lines.length, 4);
  size[8] = 1;
  const data = deflateSync(Uint8Array.from(lines.flatMap((line) => [0, line])));
  const head = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([head, chunk('IHDR', size), chunk('IDAT', data), chunk('IEND', new Uint8Array(0))]);
}

/** What numpy.save writes. */
function npy(
  descr: string,
  shape: readonly number[],
  elements: ArrayBufferView,
  { version = 1, fortran = false } = {},
) {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const start = version === 1 ? 10 : 12;
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${dims}), }`;
  const padded = `${text}${' '.repeat(64 - ((start + text.length + 1) % 64))}\n`;
  const head = Buffer.alloc(start);
  head.write('\x93NUMPY', 'latin1');
  head[6] = version;
  if (version === 1) head.writeUInt16LE(padded.length, 8);
  else head.writeUInt32LE(padded.length, 8);
  const bytes = Buffer.from(elements.buffer, elements.byteOffset, elements.byteLength);
  return Buffer.concat([head, Buffer.from(padded, 'latin1'), bytes]);
}

describe('importing array files', () => {
  const shop = workshop();

  it('makes a column of each, of the type that it has; float64 becomes float32', async () => {
    const x = await shop.write('x.npy', npy('<f8', [2, 3], Float64Array.of(1, 2, 3, 4, 0.1, 6)));
    const y = await shop.write('y.npy', npy('<i8', [2], BigInt64Array.of(-5n, 6n), { version: 2 }));
    const z = await shop.write('z.npy', npy('|u1', [2, 2], Uint8Array.of(1, 2, 3, 255), { version: 3 }));
    const set = await importDataset([x, y, z], shop.path('dataset'));
    expect(shapes(set)).to.deep.equal(['x: float32[3]', 'y: int64[]', 'z: uint8[2]']);
    expect(floats(await set.read(0, 0, 99))).to.deep.equal([1, 2, 3, 4, Math.fround(0.1), 6]);
    expect(longs(await set.read(1, 0, 99))).to.deep.equal([-5, 6]);
    expect([...(await set.read(2, 0, 99))]).to.deep.equal([1, 2, 3, 255]);
    await set.close();
  });

  const two = Float32Array.of(1, 2, 3, 4);
  const cases: [string, Uint8Array, string][] = [
    ['Fortran order', npy('<f4', [2, 2], two, { fortran: true }), 'DATASET_NPY_ORDER'],
    ['objects', npy('|O', [4], two), 'DATASET_NPY_TYPE'],
    ['big-endian numbers', npy('>f4', [4], two), 'DATASET_NPY_TYPE'],
    ['texts', npy('<U4', [1], two), 'DATASET_NPY_TYPE'],
    ['a file that was cut off', npy('<f4', [2, 2], two).subarray(0, -3), 'DATASET_NPY'],
    ['another file', Uint8Array.of(1, 2, 3), 'DATASET_NPY'],
    ['a header that lies about its length', npy('<f4', [2, 2], two, { version: 9 }), 'DATASET_NPY'],
    ['an array without rows', npy('<f4', [0, 2], new Float32Array(0)), 'DATASET_EMPTY'],
    ['NaN', npy('<f4', [2], Float32Array.of(1, Number.NaN)), 'DATASET_ROW_NAN'],
    ['float64 beyond float32', npy('<f8', [2], Float64Array.of(1, 1e300)), 'DATASET_ROW_OVERFLOW'],
  ];
  for (const [what, content, code] of cases) {
    it(`refuses ${what}`, async () => {
      expect((await shop.refused('x.npy', content)).code).to.equal(code);
    });
  }

  it('refuses arrays of different numbers of rows', async () => {
    const y = await shop.write('y.npy', npy('<i2', [3], Int16Array.of(1, 2, 3)));
    const x = await shop.write('x.npy', npy('<i2', [2], Int16Array.of(1, 2)));
    const error = await importDataset([x, y], shop.path('dataset')).catch((e: unknown) => e);
    expect(error).to.have.property('code', 'DATASET_NPY');
  });
});

describe('importing a text', () => {
  const shop = workshop();

  it('makes rows of bytes, and of those that follow each', async () => {
    const set = await shop.import('a.txt', 'In the beginning', { window: 5 });
    expect(shapes(set)).to.deep.equal(['text: uint8[5]', 'next: uint8[5]']);
    const [text, next] = await set.gatherBatch([0, 2]);
    expect(Buffer.from(text.bytes).toString()).to.equal('In thinnin');
    expect(Buffer.from(next.bytes).toString()).to.equal('n the' + 'nning');
    await set.close();
  });

  it('crosses the pieces in which a file is read', async () => {
    const bytes = Uint8Array.from({ length: 700_000 }, (_, i) => (i * 31) % 251);
    const set = await shop.import('a.txt', bytes, { window: 999 });
    expect(set.rows).to.equal(700);
    expect(await set.read(0, 0, 1e6)).to.deep.equal(bytes.slice(0, 699_300));
    expect(await set.read(1, 0, 1e6)).to.deep.equal(bytes.slice(1, 699_301));
    await set.close();
  });

  it('refuses a text that is no longer than a row', async () => {
    expect((await shop.refused('a.txt', 'In th', { window: 5 })).code).to.equal('DATASET_EMPTY');
    expect((await shop.refused('a.txt', 'In the', { window: 0 })).code).to.equal('DATASET_FORMAT');
  });
});

describe('importing a folder of images', () => {
  const shop = workshop();

  const picture = async (path: string, bytes: Uint8Array) => {
    await mkdir(dirname(shop.path(path)), { recursive: true });
    await writeFile(shop.path(path), bytes);
  };
  const grey = (...data: number[]) =>
    encode({ width: 2, height: data.length / 2, channels: 1, data: Uint8Array.from(data) });
  const rgb = (...data: number[]) => encode({ width: 2, height: 1, channels: 3, data: Uint8Array.from(data) });
  const importPictures = (schema?: DatasetSchema) => importDataset(shop.path('in'), shop.path('dataset'), { schema });
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'taken',
      (error: { code: string }) => error.code,
    );

  it('labels pictures by their folders, in the order of their paths, scaled to 0…1', async () => {
    await picture('in/dog/b.png', grey(0, 255, 51, 102));
    await picture('in/cat/a.png', grey(255, 0, 0, 0));
    await picture('in/cat/notes.txt', Uint8Array.of(1));
    const set = await importPictures();
    expect(shapes(set)).to.deep.equal(['image: float32[1,2,2]', 'label: int64[]']);
    expect(set.columns[1].labels).to.deep.equal(['cat', 'dog']);
    expect(floats(await set.read(0, 0, 99))).to.deep.equal([1, 0, 0, 0, 0, 1, 0.2, 0.4].map(Math.fround));
    await set.close();
  });

  it('puts channels first or last, and normalises each by its own mean and deviation', async () => {
    await picture('in/a.png', rgb(10, 20, 30, 40, 50, 60));
    const first = { ...parseColumn('image: uint8[3, 1, 2]') };
    const set = await importPictures({ columns: [first], images: { channels: 3, layout: 'chw' } });
    expect([...(await set.read(0, 0, 9))]).to.deep.equal([10, 40, 20, 50, 30, 60]);
    await set.close();
    const last = { ...parseColumn('image: float32[1, 2, 3]'), mean: [10, 20, 30], std: [1, 2, 3] };
    const other = await importDataset(shop.path('in'), shop.path('other'), {
      schema: { columns: [last], images: { channels: 3, layout: 'hwc' } },
    });
    expect(floats(await other.read(0, 0, 99))).to.deep.equal([0, 0, 0, 30, 15, 10]);
    await other.close();
  });

  it('refuses means and deviations that are not one for each channel', async () => {
    await picture('in/a.png', rgb(10, 20, 30, 40, 50, 60));
    const column = { ...parseColumn('image: float32[3, 1, 2]'), mean: [1, 2] };
    expect(await codeOf(importPictures({ columns: [column] }))).to.equal('DATASET_SCHEMA');
  });

  it('makes colours grey, reads palettes, 16-bit and JPEG pictures', async () => {
    await picture('in/a.png', rgb(255, 0, 0, 0, 255, 0));
    const palette: [number, number, number][] = [
      [255, 255, 255],
      [10, 10, 10],
    ];
    await picture(
      'in/b.png',
      encode({ width: 2, height: 1, depth: 8, channels: 1, palette, data: Uint8Array.of(1, 0) }),
    );
    await picture(
      'in/c.png',
      encode({ width: 2, height: 1, depth: 16, channels: 1, data: Uint16Array.of(65535, 257) }),
    );
    const flat = Uint8Array.from({ length: 2 * 1 * 4 }, (_, i) => (i % 4 === 3 ? 255 : 128));
    await picture('in/d.jpg', jpeg.encode({ width: 2, height: 1, data: flat }, 100).data);
    const schema = {
      columns: [parseColumn('image: float32[1, 1, 2]')],
      images: { channels: 1, layout: 'chw' } as const,
    };
    const set = await importPictures(schema);
    const seen = floats(await set.read(0, 0, 99));
    expect(seen.slice(0, 6)).to.deep.equal([76, 150, 10, 255, 255, 1]);
    for (const sample of seen.slice(6)) expect(sample).to.be.closeTo(128, 1);
    await set.close();
  });

  it('refuses a picture of another size, one that is damaged, and one that is transparent', async () => {
    await picture('in/a.png', grey(1, 2));
    await picture('in/b.png', grey(1, 2, 3, 4));
    const error = await importPictures().catch((e: unknown) => e as { code: string; message: string });
    expect(error).to.have.property('code', 'DATASET_ROW_IMAGE_SIZE');
    expect(error).to.have.property('message').that.contains('b.png: 2x2 pixels');
    await picture('in/b.png', grey(1, 2).subarray(0, 50));
    expect(await codeOf(importPictures())).to.equal('DATASET_ROW_IMAGE');
    await picture(
      'in/b.png',
      grey(1, 2).map((byte, i) => (i === 44 ? byte ^ 1 : byte)),
    );
    expect(await codeOf(importPictures())).to.equal('DATASET_ROW_IMAGE');
    await picture('in/b.jpg', Uint8Array.of(0xff, 0xd8, 0xff, 0));
    await picture('in/b.png', grey(3, 4));
    expect(await codeOf(importPictures())).to.equal('DATASET_ROW_IMAGE');
  });

  it('reads pictures of one bit a pixel', async () => {
    await picture('in/a.png', oneBit(3, [0b10100000, 0b01000000]));
    const schema = { columns: [parseColumn('image: uint8[1, 2, 3]')], images: { channels: 1, layout: 'chw' } as const };
    const set = await importPictures(schema);
    expect([...(await set.read(0, 0, 9))]).to.deep.equal([255, 0, 255, 0, 255, 0]);
    await set.close();
  });

  it('refuses transparent pixels', async () => {
    const data = Uint8Array.of(1, 2, 3, 255, 1, 2, 3, 100);
    await picture('in/a.png', encode({ width: 2, height: 1, channels: 4, data }));
    expect(await codeOf(importPictures())).to.equal('DATASET_ROW_IMAGE');
  });

  it('refuses a folder without pictures, and a format that it cannot tell', async () => {
    await mkdir(shop.path('in'));
    expect(await codeOf(importPictures())).to.equal('DATASET_EMPTY');
    expect((await shop.refused('a.parquet', 'x')).code).to.equal('DATASET_FORMAT');
    expect(await codeOf(importDataset(shop.path('nowhere.csv'), shop.path('dataset')))).to.equal('DATASET_UNREADABLE');
  });
});
