import { writeSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import type { Secrets } from './secrets.ts';

/** Fields that never hold anything but a secret. */
const REDACTED = ['key', 'privateKey', 'password', 'mnemonic', '*.key', '*.privateKey', '*.password', '*.mnemonic'];

/** Events that a person should look at. */
const LEVELS: Readonly<Record<string, 'error' | 'warn'>> = {
  alarm: 'error',
  asks: 'warn',
  failed: 'error',
  rejected: 'error',
  'answer-delayed': 'error',
  disk: 'error',
  'endpoint-lies': 'error',
  'endpoint-refused': 'error',
  'endpoint-rests': 'warn',
  'endpoint-behind': 'warn',
  'audit-lost': 'error',
  'over-budget': 'error',
  unreached: 'error',
  chain: 'warn',
  retrying: 'warn',
  late: 'warn',
  unable: 'warn',
  waiting: 'warn',
  silent: 'warn',
  'transaction-stuck': 'warn',
  'transaction-stolen': 'warn',
  'transaction-reorganised': 'warn',
  'transaction-moot': 'warn',
};

export interface LogOptions {
  /** Program that speaks. */
  name: string;
  level: string;
  secrets: Secrets;
  /** Takes whole lines; standard output by default. */
  write?: (line: string) => void;
  /** Is told of each line that could not be written. */
  lost?: () => void;
}

/** How often, and after how many milliseconds, a line is written again that nobody had room for. */
const TRIES = 20;
const PAUSE = 5;

/** A log of lines of JSON, with an event's name and fields at their top; whatever `secrets` knows is taken out. */
export function openLog({ name, level, secrets, write = writeLine, lost = () => {} }: LogOptions): Logger {
  const options = {
    level,
    base: { daemon: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED, censor: '[hidden]' },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => plain(fields) as Record<string, unknown>,
    },
  };
  return pino(options, {
    write(line: string) {
      try {
        write(secrets.hide(line));
      } catch {
        // work goes on without its log
        lost();
      }
    },
  });
}

/** Writes to standard output; a pipe that is full is waited for, but not for long. */
function writeLine(line: string): void {
  let rest = Buffer.from(line);
  for (let tries = 0; rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || ++tries > TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}

/** Logs an event at the level that it deserves. */
export function logEvent(log: Logger, event: object): void {
  const name = 'event' in event ? String(event.event) : '';
  log[LEVELS[name] ?? 'info'](event);
}

/** Big numbers as text: JSON has none. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
