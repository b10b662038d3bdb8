using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>The house rules of CONTRIBUTING that a reader of sources can check.</summary>
public sealed partial class HouseTests
{
    private static readonly string[] LogCalls =
        ["LogTrace", "LogDebug", "LogInformation", "LogWarning", "LogError", "LogCritical"];

    [Fact]
    public void Namespaces_are_file_scoped_and_named_after_folders() =>
        SourceTree.Operator
            .Where(file => file.All<BaseNamespaceDeclarationSyntax>().Any())
            .Where(file =>
                file.All<BaseNamespaceDeclarationSyntax>().Single() is not FileScopedNamespaceDeclarationSyntax space
                    || space.Name.ToString() != file.Folder["operator/".Length..].Replace('/', '.'))
            .Select(file => file.Path).ShouldBeEmpty();

    /// <summary>One concept: a closed set with its cases, a record with its parts,
    /// a small port with its only implementation.</summary>
    [Fact]
    public void A_file_holds_one_concept_and_is_named_after_it() =>
        SourceTree.Operator.Where(file => file.Name != "Program.cs")
            .Select(file =>
                (File: file,
                    Types: file.All<BaseTypeDeclarationSyntax>()
                        .Where(type => type.Parent is BaseNamespaceDeclarationSyntax).ToList()))
            .Where(one => one.Types.Count > 0 && !one.Types.Exists(type => IsNamedAfter(type, NameOf(one.File))))
            .Select(one => $"{one.File.Path}: {string.Join(", ", one.Types.Select(type => type.Identifier.ValueText))}")
            .ShouldBeEmpty();

    [Fact]
    public void Classes_are_sealed_static_or_abstract() =>
        SourceTree.Operator.SelectMany(file =>
            file.Types.Where(type =>
                type is ClassDeclarationSyntax
                    or RecordDeclarationSyntax { ClassOrStructKeyword.ValueText: not "struct" })
                    .Where(type =>
                        !type.Modifiers.Any(word =>
                            word.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.StaticKeyword
                                or SyntaxKind.AbstractKeyword))
                    .Where(type =>
                        !type.Modifiers.Any(SyntaxKind.PartialKeyword)
                            || !SourceTree.Operator.SelectMany(other => other.Types).Any(other =>
                                other.Identifier.ValueText == type.Identifier.ValueText
                                    && other.Modifiers.Any(word =>
                                        word.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.StaticKeyword
                                            or SyntaxKind.AbstractKeyword)))
                    .Select(type => $"{file.At(type)} {type.Identifier}"))
            .ShouldBeEmpty();

    [Fact]
    public void No_type_has_a_name_that_says_nothing() =>
        SourceTree.Operator.SelectMany(file => file.All<BaseTypeDeclarationSyntax>()
                .Where(type => EmptyWord().IsMatch(type.Identifier.ValueText) && !IsAllowed(type))
                .Select(type => $"{file.At(type)} {type.Identifier}"))
            .ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_for_later() =>
        SourceTree.Operator.Concat(SourceTree.Tests).Where(file => file.Name != "HouseTests.cs")
            .SelectMany(file => Later().Matches(file.Text).Select(found => $"{file.Path} says {found.Value}"))
            .ShouldBeEmpty();

    [Fact]
    public void Suppressions_carry_a_reason_on_their_line() =>
        SourceTree.Operator.Concat(SourceTree.Tests)
            .SelectMany(file =>
                file.Text.Split('\n').Select((line, index) => (file.Path, Line: line.Trim(), Number: index + 1)))
            .Where(one =>
                (one.Line.StartsWith("#pragma warning disable", StringComparison.Ordinal)
                    && !one.Line.Contains("//", StringComparison.Ordinal))
                    || (Suppression().IsMatch(one.Line)
                        && !one.Line.Contains("Justification = \"", StringComparison.Ordinal)))
            .Select(one => $"{one.Path}:{one.Number}").ShouldBeEmpty();

    /// <summary>
    /// Optional parameters may follow it; it has no default itself, so that nobody forgets it. <c>stop</c> is another
    /// thing: finish what is begun, then end. A private method that is handed several tokens names each.
    /// </summary>
    [Fact]
    public void A_cancellation_token_comes_last_and_is_called_cancellation() =>
        SourceTree.Operator.SelectMany(file => file.All<MethodDeclarationSyntax>()
                .Where(method =>
                    !method.Modifiers.Any(SyntaxKind.OverrideKeyword) && Promise().IsMatch(method.ReturnType.ToString())
                        && !IsOfTheHost(method))
                .Select(method =>
                    (Method: method,
                        Token: method.ParameterList.Parameters
                            .LastOrDefault(parameter => parameter.Type?.ToString() == "CancellationToken")))
                .Where(one =>
                    one.Token is not null
                        && ((one.Token.Identifier.ValueText is not ("cancellation" or "stop")
                            && !one.Method.Modifiers.Any(SyntaxKind.PrivateKeyword)) || one.Token.Default is not null
                            || one.Method.ParameterList.Parameters.SkipWhile(parameter => parameter != one.Token)
                                .Skip(1).Any(parameter => parameter.Default is null)))
                .Select(one => $"{file.At(one.Method)} {one.Method.Identifier}"))
            .ShouldBeEmpty();

    [Fact]
    public void Log_templates_stand_in_Log_files() =>
        SourceTree.Operator.SelectMany(file =>
                file.All<AttributeSyntax>()
                    .Where(attribute =>
                        attribute.Name.ToString() == "LoggerMessage"
                            && !file.Name.EndsWith(".Log.cs", StringComparison.Ordinal))
                                .Select(attribute => file.At(attribute))
                    .Concat(file.All<MemberAccessExpressionSyntax>()
                        .Where(access => LogCalls.Contains(access.Name.Identifier.ValueText))
                        .Select(access => file.At(access))))
            .ShouldBeEmpty();

    [Fact]
    public void Reflection_is_not_used_to_read_or_write_JSON() =>
        SourceTree.Operator.SelectMany(file => file.All<InvocationExpressionSyntax>()
                .Where(call =>
                    call.Expression.ToString() is "JsonSerializer.Serialize" or "JsonSerializer.Deserialize"
                        or "JsonSerializer.SerializeToUtf8Bytes"
                        && call.ArgumentList.Arguments.Count < 2)
                .Select(call => file.At(call)))
            .ShouldBeEmpty();

    [Fact]
    public void No_test_sleeps() =>
        SourceTree.Tests.Where(file => !file.Path.StartsWith("tests/Architecture/", StringComparison.Ordinal))
            .SelectMany(file =>
                file.All<MemberAccessExpressionSyntax>().Where(access => access.ToString() == "Thread.Sleep")
                    .Select(access => file.At(access))).ShouldBeEmpty();

    private static string NameOf(SourceFile file) => file.Name.Split('.')[0];

    /// <summary>The type itself, or the first words of what stands together:
    /// <c>Denial.cs</c> holds <c>DenialOrder</c> and <c>DenialLook</c>.</summary>
    private static bool IsNamedAfter(BaseTypeDeclarationSyntax type, string name) =>
        type.Identifier.ValueText.StartsWith(name, StringComparison.Ordinal);

    /// <summary>What the framework's host calls has the framework's parameter names.</summary>
    private static bool IsOfTheHost(MethodDeclarationSyntax method) =>
        method.Parent is ClassDeclarationSyntax { BaseList.Types: var bases }
            && bases.Any(one =>
                one.ToString().StartsWith("IHost", StringComparison.Ordinal)
                    || one.ToString() is "ITokenProvider" or "IHealthCheck");

    /// <summary>The one Manager, and what the framework itself calls a handler.</summary>
    private static bool IsAllowed(BaseTypeDeclarationSyntax type) =>
        type.Identifier.ValueText == "Manager"
            || type.BaseList?.Types.Any(one =>
                one.Type.ToString().Split('<')[0].EndsWith("Handler", StringComparison.Ordinal)) == true;

    [GeneratedRegex(
        "(Helpers?|Utils?|Utility|Utilities|Service|Handler|Base|Common|Manager|Impl|Misc)$|^(Helper|Util|Common|Base)[A-Z]")]
    private static partial Regex EmptyWord();

    [GeneratedRegex("^(Task|ValueTask|IAsyncEnumerable)\\b")]
    private static partial Regex Promise();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Later();

    [GeneratedRegex(@"\[(assembly: )?(Unconditional)?SuppressMessage\(")]
    private static partial Regex Suppression();
}
