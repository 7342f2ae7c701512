import { account, type Case, event, NOBODY, START, tell } from '../case.ts';

const [taker, idler, waiter] = [1, 2, 3].map(account);
const told = (name: string, params: Record<string, unknown>) => event('BootstrapGrants', name, params);
const until = START + 7_776_000;

export const grants: Case[] = [
  tell(
    'grants: offered, taken, returned',
    [
      [taker, idler, waiter].map((grantee, i) => told('Offered', { grantee, amount: String(i + 5), until })),
      [
        told('Taken', { grantee: taker, amount: '5' }),
        told('Returned', { grantee: idler, amount: '6' }),
        told('Returned', { grantee: NOBODY, amount: '100' }),
      ],
    ],
    {
      'grants(orderBy: amount) { id grantee { id grant { state } } amount until state offeredAt endedAt }': {
        grants: [
          [taker, '5', 'Taken', String(START + 60)],
          [idler, '6', 'Returned', String(START + 60)],
          [waiter, '7', 'Offered', null],
        ].map(([id, amount, state, endedAt]) => ({
          ...{ id, grantee: { id, grant: { state } }, amount, until: String(until), state },
          ...{ offeredAt: String(START), endedAt },
        })),
      },
      'protocol(id: "0x00") { grantsReturned }': { protocol: { grantsReturned: '106' } },
    },
  ),
];
