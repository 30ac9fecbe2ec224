import { fileURLToPath } from 'node:url';
import { eventFields, type Shape } from '@smtpeter-webhooks/events';
import ts from 'typescript';

const index = fileURLToPath(new URL('../../packages/events/src/index.ts', import.meta.url));

/** A field of a kind, as the source has it. */
export interface DocumentedField {
  readonly name: string;
  /** The vendor's name. */
  readonly from: string;
  readonly as: Shape;
  /** The doc comment. */
  readonly meaning: string;
}

/** A kind of event, as the source has it. */
export interface DocumentedKind {
  readonly kind: string;
  /** The doc comment of its interface. */
  readonly meaning: string;
  readonly fields: readonly DocumentedField[];
  /** The doc comments of what every event has. */
  readonly common: Readonly<Record<string, string>>;
}

/** Every kind but `unknown`: the table that events are read by, with the doc comments of the types. */
export function documentedKinds(): readonly DocumentedKind[] {
  known ??= readKinds();
  return known;
}

let known: readonly DocumentedKind[] | undefined;

function readKinds(): readonly DocumentedKind[] {
  const program = ts.createProgram([index], {
    strict: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: ['node'],
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(index);
  const symbol = file && checker.getSymbolAtLocation(file);
  if (symbol === undefined) throw new Error('The index of the events was not found.');
  const textOf = (one: ts.Symbol | undefined) =>
    ts.displayPartsToString(one?.getDocumentationComment(checker)).replace(/\s+/g, ' ');
  const kinds = new Map<string, DocumentedKind>();
  for (const exported of checker.getExportsOfModule(symbol)) {
    const own = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if ((own.flags & ts.SymbolFlags.Interface) === 0) continue;
    const type = checker.getDeclaredTypeOfSymbol(own);
    const kindType = type.getProperty('kind');
    const literal = kindType && checker.getTypeOfSymbol(kindType);
    if (literal === undefined || !literal.isStringLiteral()) continue;
    const kind = literal.value;
    const fields = Object.entries(eventFields[kind as keyof typeof eventFields] ?? {}).map(([name, { from, as }]) => ({
      name,
      from,
      as,
      meaning: textOf(type.getProperty(name)),
    }));
    const common = Object.fromEntries(
      ['occurredAt', 'timestampText', 'problems', 'raw', 'identity', 'key'].map((name) => [
        name,
        textOf(type.getProperty(name)),
      ]),
    );
    kinds.set(kind, { kind, meaning: textOf(own), fields, common });
  }
  return Object.keys(eventFields).map((kind) => {
    const found = kinds.get(kind);
    if (found === undefined) throw new Error(`No interface is of the kind ${kind}.`);
    return found;
  });
}
