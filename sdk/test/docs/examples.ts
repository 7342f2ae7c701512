import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** An `@example` of a TSDoc comment. */
export interface Example {
  /** File and what it stands above, `models.ts: Models`. */
  title: string;
  imports: string[];
  body: string[];
  /** What it says that it logs, in order. */
  logs: string[];
}

const COMMENT = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export )?(?:async )?(?:function|class|const|interface)?\s*(\w+)/g;
const FENCED = /```ts\n([\s\S]*?)```/g;

/** Every example below a folder. `console.log(…); // a, b` says that it logs `a`, then `b`. */
export function examples(folder: string): Example[] {
  return globSync(`${folder}/**/*.ts`, { exclude: (path) => path.includes('generated') })
    .sort()
    .flatMap((file) => {
      const comments = [...readFileSync(file, 'utf8').matchAll(COMMENT)];
      return comments.flatMap(([, comment, name]) => {
        const [, ...parts] = comment.replace(/^ *\* ?/gm, '').split('@example');
        const blocks = parts.flatMap((part) => [...part.matchAll(FENCED)].map(([, code]) => code));
        return blocks.map((code) => read(`${basename(file)}: ${name}`, code));
      });
    });
}

function read(title: string, code: string): Example {
  const lines = code.split('\n');
  const isImport = (line: string): boolean => line.startsWith('import ');
  const said = lines.flatMap((line) => /console\.log\(.*\); \/\/ (.*)$/.exec(line)?.[1].split(', ') ?? []);
  return { title, imports: lines.filter(isImport), body: lines.filter((line) => !isImport(line)), logs: said };
}
