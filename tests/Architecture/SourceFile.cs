using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Architecture;

/// <summary>One C# file of the repository, by its path from the root.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    private CompilationUnitSyntax? syntax;

    public CompilationUnitSyntax Syntax =>
        syntax ??= CSharpSyntaxTree.ParseText(Text, new CSharpParseOptions(LanguageVersion.Preview), Path)
            .GetCompilationUnitRoot();

    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    public int LineCount => Text.AsSpan().Count('\n') + (Text.EndsWith('\n') ? 0 : 1);

    /// <summary>Every name the code mentions: identifiers and the parts of usings; no comments, no strings.</summary>
    public IReadOnlySet<string> Identifiers =>
        Syntax.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText).ToHashSet();

    /// <summary>Namespaces by using, alias or full name.</summary>
    public IEnumerable<string> Usings => Syntax.Usings.Select(line => line.NamespaceOrType.ToString());

    public IEnumerable<TypeDeclarationSyntax> Types => Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>();

    public IEnumerable<T> All<T>()
        where T : SyntaxNode => Syntax.DescendantNodes().OfType<T>();

    public string At(SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
}
