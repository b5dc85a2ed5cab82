import { type ESTree, parseSync, Visitor } from 'vite';

/** What is read of a value that is given to a schema, and not of the schema. */
const READS = new Set(['parse', 'safeParse']);

/**
 * Code of schemas without what they check and say: `z.object({ … }).meta({ … })` becomes `z.unknown()`, which the page's zod
 * takes for the same. Sets of names stay, because they are read. What nobody uses then can be left out.
 */
export function withoutBodies(code: string): string {
  let kept = '';
  let at = 0;
  const visitor = new Visitor({
    CallExpression(call) {
      const made = call.start < at ? null : schemaMadeBy(call);
      if (made === null) return;
      const names = made.method === 'enum' ? made.args : [];
      const text = names.map(({ start, end }) => code.slice(start, end)).join();
      kept += `${code.slice(at, call.start)}/* @__PURE__ */ z.${names.length > 0 ? 'enum' : 'unknown'}(${text})`;
      at = call.end;
    },
  });
  visitor.visit(parseSync('schema.js', code).program);
  return kept + code.slice(at);
}

interface MadeSchema {
  readonly method: string;
  readonly args: readonly ESTree.Argument[];
}

/** The call with which a chain of calls begins, if that is one of zod. */
function schemaMadeBy(call: ESTree.CallExpression): MadeSchema | null {
  if (READS.has(nameOf(call.callee))) return null;
  let first = call;
  let node: ESTree.Expression = call;
  for (;;) {
    if (node.type === 'CallExpression') {
      first = node;
      node = node.callee;
    } else if (node.type === 'MemberExpression') node = node.object;
    else break;
  }
  const isZod = node.type === 'Identifier' && node.name === 'z';
  return isZod ? { method: nameOf(first.callee), args: first.arguments } : null;
}

function nameOf(callee: ESTree.Expression): string {
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : '';
}
