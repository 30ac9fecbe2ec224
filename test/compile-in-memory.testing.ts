import ts from 'typescript';

/** What the compiler has against a file. */
export interface Problem {
  /** The file as it was given; undefined when the problem lies elsewhere. */
  readonly file: string | undefined;
  /** Counted from 0. */
  readonly line: number;
  readonly message: string;
}

/** Compiles files that are not on disk, each a module by its path, under the strict settings of a user's project. */
export function compileInMemory(files: ReadonlyMap<string, string>): readonly Problem[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: ['node'],
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) => {
    const code = files.get(file);
    return code === undefined ? getSourceFile(file, language, ...rest) : ts.createSourceFile(file, code, language);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => ({
    file: file !== undefined && files.has(file.fileName) ? file.fileName : undefined,
    line: file?.getLineAndCharacterOfPosition(start).line ?? 0,
    message: ts.flattenDiagnosticMessageText(messageText, ' '),
  }));
}
