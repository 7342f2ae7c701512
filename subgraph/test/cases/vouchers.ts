import { account, addressOf, type Case, event, START, tell } from '../case.ts';

const [payer, payee, other] = [1, 2, 3].map(account);
const token = addressOf('MielToken');
const until = String(START + 86_400);
const told = (name: string, params: Record<string, unknown>, to = payee) =>
  event('Vouchers', name, { payer, payee: to, token, ...params });
const row = (to: string, rest: Record<string, unknown>) => ({
  payer: { id: payer },
  payee: { id: to },
  token,
  ...rest,
});

export const vouchers: Case[] = [
  tell(
    'vouchers: funded, claimed, closed, taken back, funded again',
    [
      [told('Funded', { amount: '100', until }), told('Funded', { amount: '7', until }, other)],
      [told('Claimed', { amount: '30', cumulative: '30' }), told('Claimed', { amount: '20', cumulative: '50' })],
      [
        told('Closing', { closes: String(START + 200_000) }),
        told('Closing', { closes: String(START + 300_000) }, other),
      ],
      [told('Refunded', { amount: '50' })],
      [told('Funded', { amount: '5', until: String(START + 172_800) })],
    ],
    {
      'voucherEscrows(orderBy: funded) { payer { id } payee { id } token funded claimed until closes claims(orderBy: amount) { amount cumulative time } }':
        {
          voucherEscrows: [
            row(other, { funded: '7', claimed: '0', until, closes: String(START + 300_000), claims: [] }),
            row(payee, {
              ...{ funded: '55', claimed: '50', until: String(START + 172_800), closes: null },
              claims: [
                { amount: '20', cumulative: '50', time: String(START + 60) },
                { amount: '30', cumulative: '30', time: String(START + 60) },
              ],
            }),
          ],
        },
    },
  ),
];
