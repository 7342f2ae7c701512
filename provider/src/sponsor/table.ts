import { amount, hostAndPort, many, maybe, one, text, tokenAmount, url, type ValuesOf, whole } from '@essaim/daemon';

const TABS = 'Tabs that work for it';

/** Options of a provider that has browser tabs of others run its exact jobs (docs/lending.md). */
export const sponsorTable = {
  sponsor: maybe(hostAndPort, {
    ...{ value: '<host:port>', group: TABS, example: '127.0.0.1:8443' },
    text: 'have lent tabs run exact jobs, and serve them here; nowhere unless given',
  }),
  sponsorPay: maybe(tokenAmount, {
    ...{ value: '<token=amount>', group: TABS, example: '0x…=10000000000000000' },
    text: 'what a tab is paid for one execution, in smallest units of this token',
  }),
  sponsorOrigin: many(url, {
    ...{ value: '<origin>', group: TABS, example: 'https://page.example' },
    text: 'a page that may speak to it',
  }),
  sponsorCert: maybe(text, { value: '<file>', group: TABS, text: 'a certificate (PEM): with it, it speaks HTTPS' }),
  sponsorCertKey: maybe(text, { value: '<file>', group: TABS, text: 'the file of the certificate’s key (PEM)' }),
  sponsorChecked: one(amount, '0.1', {
    ...{ value: '<share>', group: TABS },
    text: 'the share that is run again of who proved itself, from 0 to 1; of new ones all is',
  }),
  sponsorClaims: one(whole(), '12', {
    ...{ value: '<count>', group: TABS },
    text: 'claims of anybody that tabs check in an hour where they have nothing else to do',
  }),
};

export type SponsorOptions = ValuesOf<typeof sponsorTable>;
