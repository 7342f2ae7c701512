import { readFileSync } from 'node:fs';
import { address, units } from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';

/** What one model is sold for in one token. Amounts in smallest units, of MIEL in wei. */
export interface Price {
  readonly model: bigint;
  /** In lower case. */
  readonly token: string;
  /** Least fee for one input. */
  readonly fee: bigint;
  /** Most MIEL at stake for one job; none: as for other models. */
  readonly collateral?: bigint;
  /** Most inputs of one job. */
  readonly inputs?: bigint;
}

const FIELDS = { model: units, token: address, fee: units, collateral: units.optional(), inputs: units.optional() };

/** Prices by model from a file: a list in JSON, each amount as text. OFFERS_INVALID, FILE_UNREADABLE */
export function readPrices(file: string): Price[] {
  const listed = parsed(file);
  if (!Array.isArray(listed)) throw invalid(file, 'it is no list');
  return listed.map((row, at) => {
    const unknown = Object.keys(row ?? {}).find((name) => !Object.hasOwn(FIELDS, name));
    if (unknown) throw invalid(file, `entry ${at} has a field ${unknown}`);
    const read = Object.entries(FIELDS).map(([name, schema]) => {
      const result = schema.safeParse(row?.[name]);
      if (result.success) return [name, result.data];
      throw invalid(file, `the ${name} of entry ${at} is ${result.error.issues[0].message}`);
    });
    return Object.fromEntries(read) as Price;
  });
}

function parsed(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new EssaimError('FILE_UNREADABLE', `${file} cannot be read`, {
      help: 'check the path and its rights',
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(file, 'it is no JSON');
  }
}

const invalid = (file: string, why: string): EssaimError =>
  new EssaimError('OFFERS_INVALID', `the offers in ${file} cannot be read: ${why}`, {
    help: 'a list of { "model": "ID", "token": "0x…", "fee": "LEAST", "collateral": "MOST", "inputs": "MOST" } (docs/provider.md)',
  });
