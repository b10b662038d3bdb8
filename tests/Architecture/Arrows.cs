using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Architecture;

/// <summary>Which namespaces of ours and of the clouds' SDKs a file knows: by a using, and by a name in the code that
/// begins with a namespace, as <c>Cloud.Keys.KeyRef.AnyRegion</c> does.</summary>
internal static class Arrows
{
    private static readonly HashSet<string> Foreign =
        [.. SourceTree.Operator.SelectMany(file => file.Usings).Select(used => used.Split('.'))
            .Where(parts => parts[0] is "Amazon" or "Azure" or "k8s" or "Microsoft" or "System" && parts.Length > 1)
            .Select(parts => $"{parts[0]}.{parts[1]}")];

    private static readonly ILookup<string, string> TypesOf = SourceTree.Operator
        .SelectMany(file => file.All<BaseTypeDeclarationSyntax>()
            .Where(type => type.Parent is BaseNamespaceDeclarationSyntax)
            .Select(type => (Namespace: ((BaseNamespaceDeclarationSyntax)type.Parent!).Name.ToString(),
                Type: type.Identifier.ValueText)))
        .Distinct().ToLookup(one => one.Namespace, one => one.Type);

    public static IEnumerable<string> NamespacesIn(SourceFile file) =>
        file.Usings.Concat(DottedNamesIn(file).SelectMany(name => NamespaceOf(name, file))).Distinct();

    /// <summary>Of the binary: the folders whose types, or those beneath, a file knows. Its own is not among
    /// them.</summary>
    public static IEnumerable<string> FoldersOf(SourceFile file) =>
        NamespacesIn(file).Where(used => used.StartsWith("ByokOperator.", StringComparison.Ordinal))
            .Select(used => used.Split('.')[1]).Distinct()
            .Where(folder => !file.Path.StartsWith($"operator/ByokOperator/{folder}/", StringComparison.Ordinal));

    private static IEnumerable<string> DottedNamesIn(SourceFile file) =>
        file.All<QualifiedNameSyntax>()
            .Where(name => name.Parent is not (QualifiedNameSyntax or UsingDirectiveSyntax
                or BaseNamespaceDeclarationSyntax))
            .Select(name => name.ToString())
            .Concat(file.All<MemberAccessExpressionSyntax>()
                .Where(access => access.Parent is not MemberAccessExpressionSyntax && IsDotted(access))
                .Select(access => access.ToString()));

    private static bool IsDotted(MemberAccessExpressionSyntax access) =>
        access.Expression is IdentifierNameSyntax
            || (access.Expression is MemberAccessExpressionSyntax inner && IsDotted(inner));

    /// <summary>A type of ours behind it makes the beginning of a name a namespace, the folder alone too where it is
    /// next to the file's own: properties have such names as well.</summary>
    private static IEnumerable<string> NamespaceOf(string name, SourceFile file)
    {
        var parts = name.Split('.');
        if (Foreign.Contains($"{parts[0]}.{parts[1]}"))
        {
            yield return name;
        }

        var own = file.Folder["operator/".Length..].Split('/');
        var outer = Enumerable.Range(0, own.Length).Select(length => string.Join('.', own.Take(length)));
        for (var length = 1; length < parts.Length; length++)
        {
            var beginning = string.Join('.', parts.Take(length));
            foreach (var found in outer.Select(within => within.Length == 0 ? beginning : $"{within}.{beginning}")
                .Where(space => TypesOf[space].Contains(parts[length].Split('<')[0])))
            {
                yield return found;
            }
        }
    }
}
