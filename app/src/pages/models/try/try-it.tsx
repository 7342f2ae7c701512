import type { Model, ModelProgramRow, ModelRow } from '@essaim/sdk';
import { parseEther } from 'ethers';
import { useState } from 'react';
import './try.css';
import { useEssaim } from '../../../connection/connection.ts';
import { Action } from '../../../parts/action.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { State } from '../../../parts/state.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { to } from '../../../route/route.ts';
import { go } from '../../../route/use-route.ts';
import { Drawing } from './drawing.tsx';
import { FollowedJob } from './followed-job.tsx';

/** Drawing a digit, buying what the model reads in it, and holding the answer against the chain. */
export function TryIt({ row, program, job }: { row: ModelRow; program: ModelProgramRow; job?: string }) {
  const model = useAsk((essaim, signal) => essaim.models.load(row.id, program.id, signal), [row.id, program.id]);
  return (
    <section className="card try" aria-labelledby="try">
      <h2 id="try">Try it</h2>
      {job ? (
        <FollowedJob key={job} id={job} back={to('models', row.id)} />
      ) : (
        <State of={model} what="and compiling its file">
          {(loaded) => (takesDigit(loaded) ? <Order row={row} model={loaded} /> : <NotHere of={loaded} />)}
        </State>
      )}
    </section>
  );
}

/** Whether it has one input, of 64 grey levels from 0 to 16. */
function takesDigit({ program: { inputs } }: Model): boolean {
  if (inputs.length !== 1) return false;
  const [{ type, range }] = inputs;
  return type.dims.reduce((product, side) => product * side, 1) === 64 && range.low <= 0 && range.high >= 16;
}

/** What a provider gets and puts at stake, unless one says otherwise. MIEL. */
const FEE = '2';
const COLLATERAL = parseEther('100');

function Order({ row, model }: { row: ModelRow; model: Model }) {
  const { essaim } = useEssaim();
  const [pixels, setPixels] = useState<readonly number[]>();
  const [fee, setFee] = useState(FEE);
  const amount = amountOf(fee);
  const token = essaim?.deployment.addresses.MielToken ?? '';
  const isOtherToken = row.price > 0n && row.token.toLowerCase() !== token.toLowerCase();
  const why = isOtherToken
    ? 'This model is paid in another token than MIEL; an application can pay it by the SDK.'
    : amount === undefined
      ? 'Say what the provider gets: an amount of MIEL that is not negative.'
      : pixels === undefined
        ? 'Draw a digit first, or choose a scan.'
        : undefined;
  return (
    <div className="order">
      <Drawing onChange={setPixels} />
      <div className="stack">
        <p>
          Draw a digit. A provider runs the model on it, puts {COLLATERAL / 10n ** 18n} MIEL at stake on every number of
          the computation, and you get the answer with its proof.
        </p>
        <p className="field fee">
          <label htmlFor="fee">What the provider gets, in MIEL</label>
          <input id="fee" inputMode="decimal" value={fee} onChange={({ target }) => setFee(target.value)} />
          <small>
            {row.price > 0n ? (
              <>
                With the royalty of <Amount of={row.price} token={row.token} /> it costs{' '}
                <Amount of={(amount ?? 0n) + row.price} />.
              </>
            ) : (
              'The model takes no royalty.'
            )}{' '}
            It comes back if nobody answers within an hour, or if a number is proven wrong.
          </small>
        </p>
        <Action
          label="Buy this inference"
          why={why}
          run={async (signing, signal) => {
            const run = signing.jobs.run(
              { model, inputs: [pixels ?? []], token, fee: amount ?? 0n, collateral: COLLATERAL },
              { signal },
            );
            for await (const stage of run) if (stage.stage === 'posted') return stage.jobId;
            throw new Error('it was never posted');
          }}
          onDone={(jobId) => go(to('models', row.id, { job: jobId }))}
          done="Posted."
        />
      </div>
    </div>
  );
}

function NotHere({ of: { program } }: { of: Model }) {
  return (
    <>
      <p>
        This page can draw one digit of 8 × 8 grey levels. This model takes something else; an application buys it by
        the SDK:
      </p>
      <ul className="plain-list">
        {program.inputs.map(({ name, type }) => (
          <li key={name}>
            <code>
              {name.slice(0, 40)}: {type.dtype}[{type.dims.join(', ')}]
            </code>
          </li>
        ))}
      </ul>
    </>
  );
}

function amountOf(text: string): bigint | undefined {
  try {
    const amount = parseEther(text.trim());
    return amount >= 0n ? amount : undefined;
  } catch {
    return undefined;
  }
}
