using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>
/// Which folder of the binary knows which, without a circle: <c>Api</c> and <c>Reconciling</c> at the bottom, then
/// records and what the platform gave whom, what was seen of the cluster, keys, the places of stores and the Jobs that
/// copy, the moves, the stores that climb all of their ladders, and on top the host and the commands.
/// </summary>
public sealed class FolderTests(ITestOutputHelper output)
{
    /// <summary>All that each folder may know.</summary>
    private static readonly Dictionary<string, string> Known = new()
    {
        ["Api"] = "",
        ["Cluster"] = "Api Entitlements Reconciling Records Reports",
        ["Commands"] = "Api Cluster Entitlements Hosting Keygen Migrations Notifications Overview Reencrypting "
            + "Reports Stores",
        ["Copies"] = "Api Cluster Reconciling",
        ["Entitlements"] = "Api Reconciling Records",
        ["Hosting"] = "Api Cluster Copies Entitlements Keys Migrations Notifications Places Reconciling Records "
            + "Stores Tenants",
        ["Keygen"] = "",
        ["Keys"] = "Api Cluster Entitlements Notifications Reconciling Records",
        ["Migrations"] = "Api Cluster Copies Keys Places Reconciling Records",
        ["NextBuckets"] = "Api Cluster Keys Migrations Places Reconciling Records",
        ["Notifications"] = "Api Cluster Reports",
        ["Overview"] = "Api Migrations Reconciling",
        ["Places"] = "Api Cluster Copies Entitlements Keys Reconciling Records",
        ["Reconciling"] = "",
        ["Records"] = "Api Reconciling",
        ["Reencrypting"] = "Api Cluster Copies Keys Places Reconciling Records",
        ["Reports"] = "Api Reconciling Records",
        ["Returning"] = "Api Cluster Keys Migrations Places Reconciling Records",
        ["Stores"] = "Api Cluster Copies Entitlements Keys Migrations NextBuckets Notifications Places Reconciling "
            + "Records Reencrypting Reports Returning",
        ["Tenants"] = "Api Cluster Entitlements Reconciling",
    };

    [Fact]
    public void Every_folder_knows_what_is_written_here_at_most()
    {
        foreach (var folder in Folders)
        {
            output.WriteLine($"{folder} -> {string.Join(' ', From(folder))}");
        }

        Folders.Except(Known.Keys).ShouldBeEmpty();
        Folders.SelectMany(folder => From(folder).Except(Known[folder].Split(' '))
            .Select(more => $"{folder} -> {more}")).ShouldBeEmpty();
    }

    [Fact]
    public void No_arrow_closes_a_circle()
    {
        var left = Folders.ToDictionary(folder => folder, folder => From(folder).ToHashSet());
        while (left.Keys.FirstOrDefault(folder => left[folder].Count == 0) is { } lowest)
        {
            left.Remove(lowest);
            foreach (var known in left.Values)
            {
                known.Remove(lowest);
            }
        }

        left.Select(one => $"{one.Key} -> {string.Join(' ', one.Value)}").ShouldBeEmpty();
    }

    /// <summary>The using is not needed for it: a name that begins with the namespace is seen too.</summary>
    [Theory]
    [InlineData("_ = Cloud.Keys.KeyRef.AnyRegion;", "Cloud.Keys")]
    [InlineData("_ = Records.RecordCodec.Label;", "ByokOperator.Records")]
    [InlineData("ByokOperator.Records.RecordView view;", "ByokOperator.Records")]
    [InlineData("_ = around.Records.Maps;", "")]
    public void A_name_with_its_namespace_is_an_arrow(string line, string expected) =>
        string.Join(' ', Arrows.NamespacesIn(new SourceFile("operator/ByokOperator/Api/X.cs",
            $"namespace ByokOperator.Api; class X {{ void Y() {{ {line} }} }}"))).ShouldBe(expected);

    private static IReadOnlyList<string> Folders { get; } =
        [.. SourceTree.In("ByokOperator").Select(file => file.Path.Split('/')).Where(parts => parts.Length > 3)
            .Select(parts => parts[2]).Distinct().Order(StringComparer.Ordinal)];

    private static readonly Dictionary<string, IReadOnlyList<string>> Found = Folders.ToDictionary(
        folder => folder, folder => (IReadOnlyList<string>)[.. SourceTree.In($"ByokOperator/{folder}")
            .SelectMany(Arrows.FoldersOf).Distinct().Order(StringComparer.Ordinal)]);

    private static IReadOnlyList<string> From(string folder) => Found[folder];
}
