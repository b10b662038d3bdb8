using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>
/// Which folder of the binary knows which: <c>Api</c> and <c>Reconciling</c> at the bottom, then records, what was seen
/// of the cluster, keys, stores and moves, and on top the host and the commands. What is a circle still is named with
/// its reason.
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
        ["Entitlements"] = "Api Reconciling Records",
        ["Hosting"] = "Api Cluster Entitlements Keys Migrations NextBuckets Notifications Reconciling Records "
            + "Returning Stores Tenants",
        ["Keygen"] = "",
        ["Keys"] = "Api Cluster Entitlements Notifications Reconciling Records",
        ["Migrations"] = "Api Cluster Keys NextBuckets Reconciling Records Reencrypting Returning Stores",
        ["NextBuckets"] = "Api Cluster Keys Migrations Reconciling Records Stores",
        ["Notifications"] = "Api Cluster Reports",
        ["Overview"] = "Api Migrations Reconciling",
        ["Reconciling"] = "",
        ["Records"] = "Api Reconciling",
        ["Reencrypting"] = "Api Cluster Keys Migrations Reconciling Records Stores",
        ["Reports"] = "Api Reconciling Records",
        ["Returning"] = "Api Cluster Keys Migrations Reconciling Records Reencrypting Stores",
        ["Stores"] = "Api Cluster Entitlements Keys Migrations NextBuckets Notifications Reconciling Records "
            + "Reencrypting Reports Returning",
        ["Tenants"] = "Api Cluster Entitlements Reconciling",
    };

    /// <summary>Arrows that point upwards: folders that know each other, and why they still do.</summary>
    private static readonly Dictionary<string, string> Upwards = new()
    {
        ["Migrations -> Stores"] =
            "a store's ladder goes on into the move's, which looks at that store's world: one ladder in four folders",
        ["Reencrypting -> Stores"] =
            "the same ladder",
        ["Returning -> Stores"] =
            "the same ladder",
        ["Migrations -> Reencrypting"] =
            "a plan of a move tells what re-encryption will need",
        ["NextBuckets -> Stores"] =
            "the same ladder",
        ["Migrations -> NextBuckets"] =
            "a move to the next bucket is the move on another route",
        ["Migrations -> Returning"] =
            "a move back is the move on another route, with gates of its own",
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
    public void No_arrow_closes_a_circle_but_those_that_say_why()
    {
        var left = Folders.ToDictionary(folder => folder,
            folder => From(folder).Where(known => !Upwards.ContainsKey($"{folder} -> {known}")).ToHashSet());
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

    [Fact]
    public void An_arrow_that_is_excused_is_there() =>
        Upwards.Keys.Where(arrow => arrow.Split(" -> ").All(Folders.Contains))
            .Except(Folders.SelectMany(folder => From(folder).Select(known => $"{folder} -> {known}")))
            .ShouldBeEmpty();

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
