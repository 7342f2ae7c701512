import { existsSync } from 'node:fs';
import { freePorts } from '../scripts/stack/ports.ts';
import { type Service, startService } from '../scripts/stack/service.ts';

const SERVER = process.env.REDIS_BIN ?? '/usr/bin/redis-server';

/** A Redis of a test's own, in memory. Throws with what to install where there is none. */
export async function startRedis(): Promise<{ address: string; service: Service }> {
  if (!existsSync(SERVER)) {
    throw new Error(
      `there is no ${SERVER}: install redis-server (apt-get install redis-server), or name one by REDIS_BIN`,
    );
  }
  const [port] = await freePorts(1);
  const service = await startService({
    ...{ name: 'redis', command: SERVER, signal: 'SIGTERM' },
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    isReady: (log) => log.includes('Ready to accept connections'),
  });
  return { address: `redis://127.0.0.1:${port}`, service };
}
