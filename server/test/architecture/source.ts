/** A source file read with the compiler's own parser: what it imports, calls and says. */
import ts from 'typescript'

export interface Source {
  readonly path: string
  readonly text: string
}

export interface Facts {
  /** What `import`, `export … from` and `import()` name. */
  readonly imports: readonly string[]
  /** `Date.now`, `process.env`, `console.log`: every property asked of a plain name. */
  readonly properties: ReadonlySet<string>
  /** `parseFloat(…)`, `Number(…Amount)`, `new Date()`: calls worth a look, as they are written. */
  readonly calls: readonly string[]
  /** Plain names that are used. */
  readonly names: ReadonlySet<string>
  readonly strings: readonly string[]
  /** Lines on which a string, a template, a regular expression or text between tags stands. */
  readonly textLines: ReadonlySet<number>
  readonly hasDefaultExport: boolean
  readonly hasEnum: boolean
}

export function factsOf({ path, text }: Source): Facts {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, kind)
  const imports: string[] = []
  const properties = new Set<string>()
  const calls: string[] = []
  const names = new Set<string>()
  const strings: string[] = []
  const textLines = new Set<number>()
  let hasDefaultExport = false
  let hasEnum = false

  const lineAt = (position: number) => file.getLineAndCharacterOfPosition(position).line
  const markLines = (node: ts.Node) => {
    for (let line = lineAt(node.getStart()); line <= lineAt(node.end); line += 1)
      textLines.add(line)
  }
  const look = (node: ts.Node): void => {
    const named = moduleNameOf(node)
    if (named !== undefined) imports.push(named)
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression))
      properties.add(`${node.expression.text}.${node.name.text}`)
    if (ts.isCallExpression(node)) calls.push(node.getText())
    if (ts.isNewExpression(node)) calls.push(node.getText())
    if (ts.isIdentifier(node)) names.add(node.text)
    if (ts.isStringLiteralLike(node)) strings.push(node.text)
    // With its holes closed, so that a statement around a name is still one text.
    if (ts.isTemplateExpression(node))
      strings.push(
        [node.head, ...node.templateSpans.map((span) => span.literal)]
          .map((part) => part.text)
          .join('…'),
      )
    if (isTextual(node)) markLines(node)
    if (ts.isExportAssignment(node)) hasDefaultExport = true
    if (ts.canHaveModifiers(node))
      hasDefaultExport ||=
        ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false
    hasEnum ||= ts.isEnumDeclaration(node)
    ts.forEachChild(node, look)
  }
  look(file)
  return { imports, properties, calls, names, strings, textLines, hasDefaultExport, hasEnum }
}

const isTextual = (node: ts.Node) =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  ts.isRegularExpressionLiteral(node) ||
  ts.isJsxText(node)

function moduleNameOf(node: ts.Node): string | undefined {
  const named =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : undefined
  return named && ts.isStringLiteralLike(named) ? named.text : undefined
}
