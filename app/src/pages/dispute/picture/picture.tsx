import type { Conviction, ElementFault, Model } from '@essaim/sdk';
import { useMemo, useState } from 'react';
import { condense } from '../graph/condense.ts';
import { neighbourhood } from '../graph/neighbourhood.ts';
import { outlineOf } from '../graph/outline.ts';
import { Funnel } from './funnel.tsx';
import { Lock } from './lock.tsx';
import { NumberLine } from './number-line.tsx';
import { permittedWords } from './number-words.ts';
import { Panel } from './panel.tsx';
import { ProgramPicture, type Spot } from './program-picture.tsx';
import { Strips } from './strips.tsx';
import { ValuePicture, wordsOf } from './value-picture.tsx';

/** One wrong number, from the program down to the number and what came of it. `program` where its file is to be had. */
export function Picture({
  conviction,
  fault,
  program,
}: {
  conviction: Conviction;
  fault: ElementFault;
  program: Model['program'] | null;
}) {
  const outline = useMemo(() => program && outlineOf(program), [program]);
  const graphOf = (most: number) => (outline ? condense(outline, fault.operator, most) : neighbourhood(fault));
  const [spot, setSpot] = useState<Spot>([0.4, 0.6]);
  const name = fault.name || 'An operator that this page does not know';
  const ordinal = `operator ${fault.operator + 1} of ${fault.operators}`;
  const segment = `segment ${fault.segment + 1} of ${fault.segments}`;
  return (
    <section className="dispute-picture" aria-label="The dispute as a picture">
      <Panel step={1} title="The program" words={programWords(fault, program)}>
        <ProgramPicture
          graphOf={graphOf}
          segment={segment}
          what={`${name}, ${ordinal}, is at fault. It lies in ${segment}.`}
          onSpot={setSpot}
        />
      </Panel>
      <Funnel spot={spot} />
      <div className="panels">
        <Panel step={2} title={`What ${name} gave`} words={wordsOf(fault)}>
          <ValuePicture fault={fault} />
        </Panel>
        <Panel step={3} title="Claimed against permitted" words={numberWords(fault)}>
          {fault.range ? <NumberLine fault={fault} range={fault.range} /> : <InWords fault={fault} />}
          <Strips fault={fault} />
        </Panel>
      </div>
      <Panel step={4} title="What it cost" words={null}>
        <Lock conviction={conviction} />
      </Panel>
    </section>
  );
}

function programWords(
  { operator, operators, inner, segment, segments }: ElementFault,
  program: Model['program'] | null,
): string {
  const where = `Operator ${operator + 1} of ${operators}, in segment ${segment + 1} of ${segments}.`;
  const why = inner
    ? ' The claim does not commit to it: the executor had to say on demand what lies inside this segment.'
    : '';
  return program
    ? where + why
    : `${where}${why} The model’s file is not to be had: this is what the proof alone shows.`;
}

function numberWords(fault: ElementFault): string {
  const { name, operands } = fault;
  const count = operands.reduce((sum, operand) => sum + operand.count, 0);
  const from = `${count.toLocaleString('en')} ${count === 1 ? 'number' : 'numbers'} that the claim itself holds`;
  return `Computed from ${from}, ${name || 'the operator'} ${permittedWords(fault)}.`;
}

function InWords({ fault: { claimed, permitted } }: { fault: ElementFault }) {
  return (
    <dl className="in-words">
      <div className="claimed">
        <dt>claimed</dt>
        <dd>{claimed}</dd>
      </div>
      <div className="permitted">
        <dt>permitted</dt>
        <dd>{permitted}</dd>
      </div>
    </dl>
  );
}
