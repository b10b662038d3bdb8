using System.Text.RegularExpressions;
using Byok.Material;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

/// <summary>No refusal without a test of its own and without a mend that tenants can read.</summary>
public sealed class RefusalCodesTests
{
    private static readonly Dictionary<string, string> Codes = typeof(RefusalCodes).GetFields()
        .ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);

    private static readonly string[] folders = ["Material", "Keys"];

    [Fact]
    public void Every_code_is_expected_by_a_test()
    {
        var tests = string.Concat(folders
            .SelectMany(folder =>
                Directory.EnumerateFiles(Repository.PathTo("tests", "ByokOperator.Tests", folder), "*Tests.cs"))
                    .Select(File.ReadAllText));
        Codes.Keys.Where(name => !Regex.IsMatch(tests, $@"RefusalCodes\.{name}\b")).ShouldBeEmpty();
    }

    [Fact]
    public void Every_code_is_explained_to_tenants()
    {
        var table = File.ReadAllLines(Repository.PathTo("docs", "bring-your-own-key.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]).ToList();
        Codes.Values.Except(table).ShouldBeEmpty();
        table.Where(word =>
            word.StartsWith("Upload", StringComparison.Ordinal) || word.StartsWith("Secret", StringComparison.Ordinal)
                || word.StartsWith("KeyHash", StringComparison.Ordinal))
            .Except(Codes.Values).ShouldBeEmpty();
    }

    [Fact]
    public void Codes_are_distinct_and_fit_a_condition() =>
        Codes.Values.Distinct().Count(code => Regex.IsMatch(code, "^[A-Za-z][A-Za-z0-9]{0,62}$")).ShouldBe(Codes.Count);
}
