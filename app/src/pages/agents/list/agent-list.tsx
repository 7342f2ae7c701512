import type { AgentQuery } from '@essaim/sdk';
import { useState } from 'react';
import { useEssaim } from '../../../connection/connection.ts';
import { SourceNote } from '../../../parts/certainty.tsx';
import { State } from '../../../parts/state.tsx';
import { useReading } from '../../../reading/use-reading.ts';
import { AgentTable } from './agent-table.tsx';
import { FindAgent } from './find-agent.tsx';
import { RoleChoice } from './role-choice.tsx';

const SIZE = 25;

/** Accounts, by role, as many as were asked for. */
export function AgentList() {
  const { chainId } = useEssaim();
  const [role, setRole] = useState<AgentQuery['role']>();
  const [count, setCount] = useState(SIZE);
  const read = useReading((reading) => reading.agents({ role }).page(count), [role, count, chainId]);
  return (
    <>
      <div className="columns">
        <RoleChoice role={role} choose={setRole} />
        <FindAgent />
      </div>
      <State of={read} what="agents" isEmpty={({ rows }) => rows.length === 0} empty="Nobody yet in this role.">
        {({ rows, next }) => (
          <>
            <AgentTable rows={rows} />
            {next !== undefined && (
              <button type="button" onClick={() => setCount(count + SIZE)}>
                Show more
              </button>
            )}
            <SourceNote of={read.answer} reorganised={read.reorganised} />
          </>
        )}
      </State>
    </>
  );
}
