import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A transaction as the source names it where it is sent. */
export interface Doing {
  /** Its words up to the first that depends on what it is about, as the journal keeps them. */
  readonly words: string;
  readonly file: string;
  /** Function or method that sends it. */
  readonly sender: string;
}

/** What sends transactions, by the name that it is called by. */
const SENDERS = new Set(['act', 'send', 'sendFrom', '#send', '#settle', '#act', 'deliver']);

/** Every transaction that these sources send under a name of their own. */
export function doingsIn(...patterns: string[]): Doing[] {
  return globSync(patterns, { exclude: (path) => path.includes('node_modules') }).flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const found: Doing[] = [];
    const visit = (node: ts.Node, sender: string): void => {
      const own = nameOf(node) ?? sender;
      if (ts.isCallExpression(node) && SENDERS.has(calleeOf(node)))
        for (const words of node.arguments.flatMap(textOf)) found.push({ words, file, sender: own });
      ts.forEachChild(node, (child) => visit(child, own));
    };
    visit(source, '');
    return found;
  });
}

/** What each method or function of a file calls of the same file, by name. */
export function callsWithin(file: string): Map<string, Set<string>> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const calls = new Map<string, Set<string>>();
  const visit = (node: ts.Node, caller: string): void => {
    const own = nameOf(node) ?? caller;
    if (!calls.has(own)) calls.set(own, new Set());
    if (ts.isCallExpression(node) && isOwn(node)) calls.get(own)!.add(calleeOf(node));
    ts.forEachChild(node, (child) => visit(child, own));
  };
  visit(source, '');
  return calls;
}

const isOwn = ({ expression }: ts.CallExpression): boolean =>
  ts.isIdentifier(expression) ||
  (ts.isPropertyAccessExpression(expression) && expression.expression.kind === ts.SyntaxKind.ThisKeyword);

const calleeOf = ({ expression }: ts.CallExpression): string =>
  ts.isPropertyAccessExpression(expression) ? expression.name.text : ts.isIdentifier(expression) ? expression.text : '';

function nameOf(node: ts.Node): string | undefined {
  const isNamed = ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isVariableDeclaration(node);
  if (ts.isVariableDeclaration(node) && !(node.initializer && ts.isArrowFunction(node.initializer))) return undefined;
  return isNamed && node.name && 'text' in node.name ? String(node.name.text) : undefined;
}

/** A phrase that says what is being done: "accepting job …", "fetching coins from demands". */
function textOf(argument: ts.Expression): string[] {
  const text = ts.isTemplateExpression(argument)
    ? argument.head.text
    : ts.isStringLiteralLike(argument)
      ? argument.text
      : '';
  return /^[a-z]+ing( |$)/.test(text) ? [text.trim()] : [];
}
