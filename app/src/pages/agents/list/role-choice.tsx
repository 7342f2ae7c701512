import type { AgentQuery } from '@essaim/sdk';

type Role = NonNullable<AgentQuery['role']>;

const ROLES: readonly (readonly [Role | undefined, string])[] = [
  [undefined, 'With stake'],
  ['provider', 'Running jobs'],
  ['trainer', 'Training'],
  ['auditor', 'Auditing'],
  ['challenger', 'Challenging'],
  ['requester', 'Buying'],
  ['any', 'Everybody seen'],
];

/** Shows only accounts that did one thing at least once. */
export function RoleChoice({ role, choose }: { role?: Role; choose: (role: Role | undefined) => void }) {
  return (
    <fieldset className="segments">
      <legend>Show accounts</legend>
      {ROLES.map(([value, label]) => (
        <label key={label}>
          <input type="radio" name="role" checked={role === value} onChange={() => choose(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
