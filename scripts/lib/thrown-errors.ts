import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** One place that throws an error with a code. */
export interface ThrownError {
  code: string;
  /** What it says, with `…` for what is filled in. */
  message: string;
  help: string;
  home: string;
}

type Call = ts.CallExpression | ts.NewExpression;
type Arguments = ReadonlyMap<string, ts.Expression>;

const CLASSES = ['EssaimError', 'StorageError'];
const CODE = /^[A-Z]+(_[A-Z0-9]+)*$/;
const root = new URL('../../', import.meta.url);

/** Every error with a code of its own that these packages make, in the order of their sources. */
export function thrownErrors(packages: readonly string[]): ThrownError[] {
  return packages.flatMap((home) => {
    const files = globSync(`${home}/src/**/*.ts`, { cwd: root }).filter((file) => !file.includes('/generated/'));
    const sources = files.sort().map((file) => {
      const text = readFileSync(new URL(file, root), 'utf8');
      return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    });
    const nodes = sources.flatMap((source) => [...descendants(source)]);
    const calls = nodes.filter((node): node is Call => ts.isCallExpression(node) || ts.isNewExpression(node));
    const made = calls.filter((call) => ts.isNewExpression(call) && CLASSES.includes(call.expression.getText()));
    return [
      ...made.flatMap((call) => resolve(call, new Map(), calls, home, 0)),
      ...nodes.filter(ts.isArrayLiteralExpression).flatMap((pair) => paired(pair, home)),
    ];
  });
}

function* descendants(node: ts.Node): Generator<ts.Node> {
  for (const child of node.getChildren()) {
    yield child;
    yield* descendants(child);
  }
}

/** An error's texts; where its code is a parameter of a function, one for each call of that function. */
function resolve(made: Call, given: Arguments, calls: readonly Call[], home: string, depth: number): ThrownError[] {
  const [code, message, options] = made.arguments ?? [];
  const codes = textsOf(code, given).filter((text) => CODE.test(text));
  const help = propertyOf(options, 'help');
  const maker = depth === 0 ? functionAround(made) : undefined;
  const isOpen = [code, message, help].some((node) => node && maker?.parameters.includes(node.getText()));
  if (maker && (codes.length === 0 || isOpen)) {
    const near = (call: Call) => codes.length === 0 || call.getSourceFile() === made.getSourceFile();
    return calls
      .filter((call) => nameOf(call.expression) === maker.name && near(call))
      .flatMap((call) => {
        const bound = new Map(maker.parameters.map((name, i) => [name, call.arguments?.[i]] as const));
        return resolve(made, bound as Arguments, calls, home, depth + 1);
      });
  }
  return codes.map((text) => ({ code: text, message: show(message, given), help: show(help, given), home }));
}

/** A code beside its help in a list of two. */
function paired({ elements }: ts.ArrayLiteralExpression, home: string): ThrownError[] {
  const [code, help] = elements;
  const isPair = elements.length === 2 && ts.isStringLiteral(code) && /^STORAGE_/.test(code.text);
  return isPair ? [{ code: code.text, message: 'the storage node answered …', help: show(help, new Map()), home }] : [];
}

function functionAround(node: ts.Node): { name: string; parameters: string[] } | undefined {
  for (let at = node.parent; at; at = at.parent) {
    if (!ts.isFunctionLike(at)) continue;
    const named = at.name ?? (ts.isVariableDeclaration(at.parent) ? at.parent.name : undefined);
    if (named) return { name: named.getText(), parameters: at.parameters.map(({ name }) => name.getText()) };
  }
  return undefined;
}

const nameOf = (node: ts.Expression): string =>
  ts.isPropertyAccessExpression(node) ? node.name.text : ts.isIdentifier(node) ? node.text : '';

function propertyOf(node: ts.Expression | undefined, name: string): ts.Expression | undefined {
  if (!node || !ts.isObjectLiteralExpression(node)) return undefined;
  const found = node.properties.find((property) => property.name?.getText() === name);
  if (found && ts.isPropertyAssignment(found)) return found.initializer;
  return found && ts.isShorthandPropertyAssignment(found) ? found.name : undefined;
}

/** All texts that an expression can be: of a choice, both. */
function textsOf(node: ts.Expression | undefined, given: Arguments): string[] {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression, given);
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue, given), ...textsOf(node.whenFalse, given)];
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.map(({ expression, literal }) => `${show(expression, given)}${literal.text}`);
    return [`${node.head.text}${spans.join('')}`];
  }
  if (!ts.isIdentifier(node)) return ['…'];
  const bound = given.get(node.text) ?? constantOf(node);
  return bound && bound !== node ? textsOf(bound, new Map()) : ['…'];
}

function constantOf(name: ts.Identifier): ts.Expression | undefined {
  for (let at: ts.Node = name; at; at = at.parent) {
    if (!ts.isBlock(at) && !ts.isSourceFile(at)) continue;
    for (const statement of at.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      const found = statement.declarationList.declarations.find((it) => it.name.getText() === name.text);
      if (found?.initializer) return found.initializer;
    }
  }
  return undefined;
}

const show = (node: ts.Expression | undefined, given: Arguments): string =>
  [...new Set(textsOf(node, given))].join(' / ') || '…';
