import { type AddressInfo, createServer } from 'node:net';
import { Metrics, Pulse, serveHealth } from '@essaim/daemon';
import { expect } from 'chai';
import { verdictsOf } from '../src/monitor/looks.ts';
import { Tally } from '../src/tally.ts';
