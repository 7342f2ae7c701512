import type { ModelProgramRow } from '@essaim/sdk';
import { decodeBytes32String } from 'ethers';
import { useEssaim } from '../../connection/connection.ts';
import { Hash } from '../../parts/address.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Text } from '../../parts/text.tsx';
import { Time } from '../../parts/time.tsx';

/** The compiled forms that a model holds, newest first, and where the file of the chosen one is. */
export function Programs({
  of: programs,
  chosen,
  choose,
  onnx,
}: {
  of: readonly ModelProgramRow[];
  chosen: ModelProgramRow;
  choose: (index: number) => void;
  /** CID of the chosen one's file, as its manifest says. */
  onnx: string | undefined;
}) {
  const { config } = useEssaim();
  const cid = onnx && /^[a-zA-Z0-9]{20,120}$/.test(onnx) ? onnx : undefined;
  return (
    <section className="card">
      <h2>Programs</h2>
      <ul className="plain-list">
        {programs.map((program, i) => (
          <li key={program.id}>
            <label className="choice-line">
              <input type="radio" name="program" checked={program === chosen} onChange={() => choose(i)} />
              <Hash of={program.id} copy />
            </label>
            <span className="muted">
              <Time at={program.time} />
            </span>
            {program.barred && (
              <span className="badge bad">
                barred: <Text of={reason(program.barred)} limit={40} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {cid && (
        <p>
          Its ONNX file on IPFS: <code className="cid">{cid}</code>
          <CopyButton of={cid} what="CID" />{' '}
          {config && <small>This page fetches it from {hostOf(config.storage)} and compiles it itself.</small>}
        </p>
      )}
    </section>
  );
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'storage');

function reason(word: string): string {
  try {
    return decodeBytes32String(word);
  } catch {
    return word;
  }
}
