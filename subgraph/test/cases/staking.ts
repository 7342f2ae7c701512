import { account, addressOf, type Case, event, NOBODY, START, tell, word } from '../case.ts';

const [operator, client, slasher, other, fees, token] = [1, 2, 3, 4, 5, 9].map(account);
const at = { operator, client, slasher };
const stake = (name: string, params: Record<string, unknown>) => event('StakeManager', name, params);

export const staking: Case[] = [
  tell(
    'MIEL: balances, supply, allowances and votes',
    [
      [event('MielToken', 'Transfer', { from: NOBODY, to: operator, value: '100' })],
      [
        event('MielToken', 'Transfer', { from: operator, to: other, value: '30' }),
        event('MielToken', 'Transfer', { from: other, to: NOBODY, value: '1' }),
        event('MielToken', 'Approval', { owner: operator, spender: client, value: '8' }),
        event('MielToken', 'DelegateChanged', { delegator: operator, fromDelegate: NOBODY, toDelegate: other }),
        event('MielToken', 'DelegateVotesChanged', { delegate: other, previousVotes: '0', newVotes: '70' }),
      ],
    ],
    {
      'agents(orderBy: id) { id balance votes delegate }': {
        agents: [
          { id: operator, balance: '70', votes: '0', delegate: other },
          { id: other, balance: '29', votes: '70', delegate: null },
        ],
      },
      'protocol(id: "0x00") { supply miel }': { protocol: { supply: '99', miel: addressOf('MielToken') } },
      'approvals { contract owner spender amount }': {
        approvals: [{ contract: addressOf('MielToken'), owner: operator, spender: client, amount: '8' }],
      },
      'transfers(orderBy: amount) { from to amount token }': {
        transfers: [
          { from: other, to: NOBODY, amount: '1', token: addressOf('MielToken') },
          { from: operator, to: other, amount: '30', token: addressOf('MielToken') },
          { from: NOBODY, to: operator, amount: '100', token: addressOf('MielToken') },
        ],
      },
    },
  ),
  tell(
    'stake, provisions and slashes',
    [
      [
        stake('Staked', { account: operator, amount: '1000' }),
        stake('Unbonding', { account: operator, amount: '200', until: START + 500 }),
        stake('Withdrawn', { account: operator, amount: '200' }),
        stake('Provisioned', { ...at, amount: '600' }),
        stake('Thawing', { ...at, amount: '50', until: START + 600 }),
        stake('Deprovisioned', { ...at, amount: '50' }),
        stake('LockBurned', { ...at, amount: '20' }),
        stake('Slashed', {
          ...at,
          amount: '100',
          bountyTo: other,
          bounty: '25',
          compensationTo: client,
          compensation: '10',
        }),
        stake('CreditWithdrawn', { account: other, amount: '25' }),
        stake('Burned', { amount: '85' }),
        stake('DelegateChanged', { delegator: operator, fromDelegate: operator, toDelegate: other }),
        stake('DelegateVotesChanged', { delegate: other, previousVotes: '0', newVotes: '690' }),
      ],
    ],
    {
      [`agent(id: "${operator}") { free unbonding unbondingUntil slashed stakeDelegate
        provisions { client slasher amount thawing thawingUntil slashed lockBurned slashes { amount bounty bountyTo } } }`]:
        {
          agent: {
            free: '250',
            unbonding: '0',
            unbondingUntil: String(START + 500),
            slashed: '100',
            stakeDelegate: other,
            provisions: [
              {
                client,
                slasher,
                amount: '430',
                thawing: '0',
                thawingUntil: String(START + 600),
                slashed: '100',
                lockBurned: '20',
                slashes: [{ amount: '100', bounty: '25', bountyTo: other }],
              },
            ],
          },
        },
      'agents(orderBy: id, where: { id_not: "0x01" }) { id credit stakeVotes }': {
        agents: [
          { id: operator, credit: '0', stakeVotes: '0' },
          { id: client, credit: '10', stakeVotes: '0' },
          { id: other, credit: '0', stakeVotes: '690' },
        ],
      },
      'protocol(id: "0x00") { staked slashed burned }': { protocol: { staked: '690', slashed: '100', burned: '85' } },
      'stakeChanges(orderBy: amount, where: { kind_in: ["Staked", "Provisioned"] }) { kind amount client }': {
        stakeChanges: [
          { kind: 'Provisioned', amount: '600', client },
          { kind: 'Staked', amount: '1000', client: null },
        ],
      },
    },
  ),
  tell(
    'a pool: its delegators, its losses and its fees',
    [
      [
        stake('Provisioned', { ...at, amount: '600' }),
        stake('PoolOpened', { pool: '7', ...at, fees, cut: '1500' }),
        stake('Delegated', { pool: '7', delegator: other, amount: '400', shares: '400' }),
        stake('Undelegating', { pool: '7', delegator: other, shares: '100', until: START + 700 }),
        stake('DelegationWithdrawn', { pool: '7', delegator: other, amount: '100', shares: '100' }),
        stake('PoolSlashed', { pool: '7', amount: '30', rate: '900000000000000000' }),
        stake('Slashed', {
          ...at,
          amount: '630',
          bountyTo: NOBODY,
          bounty: '0',
          compensationTo: NOBODY,
          compensation: '0',
        }),
      ],
      [
        event('PoolFees', 'Admitted', { token }, fees),
        event('PoolFees', 'CutAnnounced', { cut: '2000', from: START + 800 }, fees),
        event('PoolFees', 'Divided', { token, amount: '50', cut: '8' }, fees),
        event('PoolFees', 'Claimed', { token, account: other, amount: '42' }, fees),
      ],
    ],
    {
      [`pool(id: "${word(7)}") { operator { id } provision { amount slashed } fees cut nextCut nextCutFrom amount shares
        thawing rate tokens divisions { amount cut token }
        delegations { delegator { id } shares thawing thawingUntil given taken } }`]: {
        pool: {
          operator: { id: operator },
          provision: { amount: '0', slashed: '630' },
          fees,
          cut: 1500,
          nextCut: 2000,
          nextCutFrom: String(START + 800),
          amount: '270',
          shares: '300',
          thawing: '0',
          rate: '900000000000000000',
          tokens: [token],
          divisions: [{ amount: '50', cut: '8', token }],
          delegations: [
            {
              delegator: { id: other },
              shares: '300',
              thawing: '0',
              thawingUntil: String(START + 700),
              given: '400',
              taken: '100',
            },
          ],
        },
      },
      'earnings { agent { id } amount }': { earnings: [{ agent: { id: other }, amount: '42' }] },
    },
  ),
];
